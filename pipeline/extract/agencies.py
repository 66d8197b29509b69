"""The gazetteer of agencies: from a printed form to the usual name."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

_QUOTES = re.compile("[\"'«»„“”‘’]")
_SPACES = re.compile(r"\s+")


def usual_name(printed: str) -> str | None:
    """The usual name of an agency or wire outlet; None when it is not in the gazetteer."""
    return _forms().get(folded(printed))


def folded(printed: str) -> str:
    """A name as it is compared: case folded, without quotation marks."""
    return _SPACES.sub(" ", _QUOTES.sub("", printed)).strip().casefold()


@cache
def agency_pattern() -> str:
    """A regular expression (no groups) for any printed form, longest first, whole words where the script has words."""
    printed = sorted({form for forms in _gazetteer().values() for form in forms}, key=len, reverse=True)
    return "(?:" + "|".join(_bounded(form) for form in printed) + ")"


def _bounded(form: str) -> str:
    if any("\u4e00" <= char <= "\u9fff" for char in form):
        return re.escape(form)
    # inside, not at the start: Arabic joins "and", "from" and the article to the word
    return rf"(?<![^\W_]){re.escape(form)}(?![^\W_])"


@cache
def _forms() -> dict[str, str]:
    return {folded(form): name for name, forms in _gazetteer().items() for form in (name, *forms)}


@cache
def _gazetteer() -> dict[str, list[str]]:
    text = files("pipeline.extract").joinpath("agencies.yaml").read_text(encoding="utf-8")
    return {str(name): [str(form) for form in forms] for name, forms in yaml.safe_load(text).items()}
