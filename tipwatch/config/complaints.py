"""pydantic's findings -> problems in our words: what is wrong, and what to do."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tipwatch.config.document import Document
from tipwatch.config.problems import KeyPath, Problem
from tipwatch.config.units import named

#: keys people look for here, and what stands in their place
SECRET_KEYS = frozenset({"password", "passwd", "secret", "link_secret", "token", "api_key"})
OTHER_NAMES = {
    "cron": "digest: {at, days}",
    "schedule": "digest: {at, days}",
    "recipients": "to",
    "rss": "feeds",
    "feed": "feeds",
    "url": "feeds",
    "from": "sender",
    "lang": "languages",
    "tz": "timezone",
}
TYPE_WORDS = {
    "string_type": 'must be text, not {given}: put it in quotes, e.g. "24"',
    "int_type": "must be a whole number, not {given}: write it without quotes or unit",
    "float_type": "must be a number, not {given}: write it without quotes or unit",
    "bool_type": "must be true or false, not {given}",
    "list_type": "must be a list, not {given}: write [a, b], or one line with `- ` for each",
    "model_type": "must be a mapping, not {given}: write `key: value` lines, indented below it",
}


def complaints(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """One problem for each finding, at its place in the file."""
    found = []
    for detail in error.errors(include_url=False):
        path: KeyPath = tuple(detail["loc"])
        unknown = detail["type"] == "extra_forbidden"
        found.append(document.problem(path, words(detail, model, path), key=unknown))
    return found


def words(detail: ErrorDetails, model: type[BaseModel], path: KeyPath) -> str:
    """What is wrong and what to do, one line."""
    kind, context = detail["type"], detail.get("ctx") or {}
    if kind == "extra_forbidden":
        return unknown_key(str(path[-1]), model_at(model, path[:-1]))
    if kind == "missing":
        return f"is missing: add `{path[-1]}: ...` here"
    if kind == "value_error":
        return str(context["error"])
    if kind in TYPE_WORDS:
        given = "nothing" if detail["input"] is None else given_as(detail["input"])
        return TYPE_WORDS[kind].format(given=given)
    if kind == "literal_error":
        return f"{named(detail['input'])} is not known here: write {context['expected'].replace(chr(39), '')}"
    return bounds(kind, context, detail)


def bounds(kind: str, context: Mapping[str, Any], detail: ErrorDetails) -> str:
    """What to write instead of a value that is too small, too large or of the wrong form."""
    if kind in ("too_short", "string_too_short"):
        return (
            "must not be empty: write at least one"
            if kind == "too_short"
            else "must not be empty: write something, or remove the key"
        )
    if kind == "string_too_long":
        return f"is too long: write at most {context['max_length']} characters"
    if kind == "greater_than_equal":
        return f"{named(detail['input'])} is too small: write at least {context['ge']:g}"
    if kind == "less_than_equal":
        return f"{named(detail['input'])} is too large: write at most {context['le']:g}"
    if kind == "string_pattern_mismatch":
        return "is not of the right form: write one line of text (for a variable: letters, digits and _)"
    return f"is not right: {detail['msg'][:1].lower()}{detail['msg'][1:]}; see the shipped config.yaml"


def given_as(value: object) -> str:
    """The kind and form of a value of the wrong type."""
    if isinstance(value, bool):
        return named(value)
    if isinstance(value, int | float):
        return f"the number {named(value)}"
    return f"the text {named(value)}" if isinstance(value, str) else named(value)


def unknown_key(key: str, model: type[BaseModel] | None) -> str:
    """What to do about a key that nobody reads."""
    known = sorted(model.model_fields) if model else []
    if key.lower() in SECRET_KEYS:
        return f"unknown key: no secret belongs in this file{secret_keys(key.lower(), known)}"
    if key.lower() in OTHER_NAMES and OTHER_NAMES[key.lower()].split(":")[0] in known:
        return f'unknown key (did you mean "{OTHER_NAMES[key.lower()]}"?)'
    near = get_close_matches(key.lower()[:100], known, n=1, cutoff=0.6)
    if near:
        return f'unknown key (did you mean "{near[0]}"?)'
    return f"unknown key: remove it; known here: {', '.join(known)}"


def secret_keys(key: str, known: list[str]) -> str:
    """Where to put a secret instead, if the section knows of any."""
    names = [name for name in known if name.endswith("_env")]
    if not names:
        return ": remove it"
    variable = f"{key}_env" if f"{key}_env" in names else names[0]
    return f"; use {variable} or {variable.removesuffix('_env')}_file"


def model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel] | None:
    """The model that reads the mapping at `path`; None when there is none."""
    current: Any = model
    for step in path:
        if isinstance(step, int):
            current = bare(next(iter(typing.get_args(current)), None))
        elif isinstance(current, type) and issubclass(current, BaseModel) and step in current.model_fields:
            current = bare(current.model_fields[step].annotation)
        else:
            return None
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def bare(annotation: Any) -> Any:
    """A type without its readers, and without the None that it may be instead."""
    if typing.get_origin(annotation) is typing.Annotated:
        return bare(typing.get_args(annotation)[0])
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        kept = [one for one in typing.get_args(annotation) if one is not types.NoneType]
        return bare(kept[0]) if len(kept) == 1 else annotation
    return annotation
