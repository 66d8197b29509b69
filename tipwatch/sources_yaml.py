"""Sources as entries of the configuration: written as YAML, and added to a file that stays as it is otherwise."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from crawler.source import Listing, Manners, Source
from tipwatch.config import Config, ConfigError, load_config
from tipwatch.config.document import resolve
from tipwatch.config.load import shipped_config
from tipwatch.errors import UsageError

#: words that YAML reads as they stand, wherever they are
_PLAIN = re.compile(r"[\w(](?:[\w ./+()'&,%~=?;@$*!-]|:(?=[^\s])|#(?<=\S#))*", re.UNICODE)
_FLOW_SIGNS = re.compile(r"[,\[\]{}]")
_TOP_KEY = re.compile(r"[^\s#-]")
NO_COMMENTS: Mapping[str, str] = MappingProxyType({})


def entry_of(
    source: Source, default: Manners, comments: Mapping[str, str] = NO_COMMENTS, more: Sequence[str] = ()
) -> str:
    """The source as an item of `sources`, lines beginning with ``- id:``, without what is default.

    Args:
        source: what is written.
        default: manners that need not be written.
        comments: put behind the values of these keys (``country``) or URLs.
        more: lines to be written below as comments.
    """
    lines = [f"- id: {scalar(source.id)}", f"  name: {scalar(source.name)}"]
    lines += _facts(source, comments)
    lines += _manners(source.manners, default)
    lines += _rhythm(source)
    for key, urls in (("feeds", source.feeds), ("sitemaps", source.sitemaps)):
        if urls:
            lines += [f"  {key}:", *(_noted(f"    - {scalar(url)}", comments.get(url)) for url in urls)]
    if source.listings:
        lines += [
            "  listings:",
            *(_noted(f"    - {listing(one)}", comments.get(one.url)) for one in source.listings),
        ]
    return "\n".join([*lines, *(f"  # {one_line(line)}" for line in more)]) + "\n"


def _facts(source: Source, comments: Mapping[str, str]) -> list[str]:
    facts: list[tuple[str, str]] = []
    if source.country or "country" in comments:
        facts.append(("country", source.country or "null"))
    if source.languages or "languages" in comments:
        facts.append(("languages", f"[{', '.join(source.languages)}]"))
    if source.timezone or "timezone" in comments:
        facts.append(("timezone", source.timezone or "null"))
    if source.tier:
        facts.append(("tier", str(source.tier)))
    return [_noted(f"  {key}: {value}", comments.get(key)) for key, value in facts]


def _manners(manners: Manners, default: Manners) -> list[str]:
    said = []
    if manners.delay_s != default.delay_s:
        said.append(f"delay: {duration(manners.delay_s)}")
    if manners.per_host != 1:
        said.append(f"per_host: {manners.per_host}")
    if not manners.obey_robots:
        said.append("obey_robots: false")
    if not manners.verify_tls:
        said.append("verify_tls: false")
    return [f"  manners: {{{', '.join(said)}}}"] if said else []


def _rhythm(source: Source) -> list[str]:
    low, high = source.poll_min_s, source.poll_max_s
    said = [f"min: {duration(low)}"] if low is not None else []
    said += [f"max: {duration(high)}"] if high is not None else []
    if low is not None and low == high:
        said = [f"every: {duration(low)}"]
    lines = [f"  poll: {{{', '.join(said)}}}"] if said else []
    return [*lines, "  render: true"] if source.render else lines


def listing(one: Listing) -> str:
    """A section page: its address alone when nothing else is known of it."""
    keys = [("url", one.url), ("links", one.links), ("css", one.css), ("more", one.more)]
    said = [f"{key}: {scalar(value, in_flow=True)}" for key, value in keys if value]
    said += [f"pages: {one.pages}"] if one.pages != 1 else []
    return scalar(one.url) if len(said) == 1 else f"{{{', '.join(said)}}}"


def scalar(text: str, *, in_flow: bool = False) -> str:
    """The text as YAML reads it back: plain where that is sure, else in double quotes."""
    cleaned = one_line(text)
    is_plain = (
        _PLAIN.fullmatch(cleaned) is not None
        and cleaned == cleaned.strip()
        and isinstance(resolve(cleaned), str)
        and not (in_flow and _FLOW_SIGNS.search(cleaned))
        and not cleaned.endswith(":")
    )
    return cleaned if is_plain else json.dumps(cleaned, ensure_ascii=False).replace("\x7f", "")


def one_line(text: str) -> str:
    """Without line breaks, control characters and lone surrogates, which YAML does not allow."""
    kept = "".join(" " if ord(char) < 32 or 0x7F <= ord(char) < 0xA0 else char for char in text)
    plain = kept.encode("utf-8", "ignore").decode("utf-8").replace("\u2028", " ").replace("\u2029", " ")
    return re.sub("[\ufeff\ufffe\uffff]", "", plain)


def duration(seconds: float) -> str:
    """With the largest unit that divides it."""
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds * 1000:.0f}ms" if seconds else "0s"


def _noted(line: str, comment: str | None) -> str:
    return f"{line}  # {one_line(comment)}" if comment else line


def append(config: Config, entries: Sequence[str], sources: Sequence[Source]) -> Path:
    """Write the entries behind the last source of the configuration's file; its path.

    The new file is read back before it replaces the old one: all that stood there stands there still, and the sources
    are what they should be.

    Raises:
        UsageError: it cannot be done without a person; the file is as it was.
    """
    path = config.path.resolve()
    if path == shipped_config().resolve():
        raise UsageError("the shipped configuration is not changed: copy it to ./config.yaml first")
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    ending = "\r\n" if "\r\n" in text else "\n"
    _replace(path, with_entries(text, entries, config, ending), config, sources)
    return path


def with_entries(text: str, entries: Sequence[str], config: Config, ending: str = "\n") -> str:
    """The file's text with the entries behind its last source. Raises UsageError when `sources` is written in brackets."""
    lines = text.split(ending)
    position = config.document.keys.get(("sources",))
    if position is None:
        kept = text if text.endswith(ending) or not text else text + ending
        return kept + ending + "sources:" + ending + _indented(entries, "  ", ending)
    start = position.line - 1
    head = lines[start]
    written = head.partition(":")[2].partition("#")[0].strip()
    if written not in ("", "[]", "null", "~"):
        raise UsageError(
            f"{config.locate(('sources',))}: sources are written in brackets: paste the entry there by hand"
        )
    lines[start] = head if not written else head.replace(written, "", 1).rstrip()
    end = next(
        (number for number in range(start + 1, len(lines)) if _TOP_KEY.match(lines[number])), len(lines)
    )
    inside = [
        number
        for number in range(start, end)
        if lines[number].strip() and not lines[number].lstrip().startswith("#")
    ]
    last = inside[-1]
    first_item = next(
        (lines[number] for number in inside[1:] if lines[number].lstrip().startswith("-")), "  -"
    )
    indent = first_item[: len(first_item) - len(first_item.lstrip())]
    added = _indented(entries, indent, ending).rstrip("\r\n").split(ending)
    return ending.join([*lines[: last + 1], *added, *(lines[last + 1 :] or [""])])


def _indented(entries: Sequence[str], indent: str, ending: str) -> str:
    lines = "".join(entries).splitlines()
    return "".join(f"{indent}{line}{ending}" for line in lines)


def _replace(path: Path, text: str, config: Config, sources: Sequence[Source]) -> None:
    """Put the text in the file's place, once it is known to be right."""
    try:
        handle, name = tempfile.mkstemp(prefix=".config-", suffix=".yaml", dir=path.parent)
    except OSError as error:
        raise UsageError(f"{path.parent}: {error.strerror or error}") from error
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        _check(new, config, sources)
        new.chmod(path.stat().st_mode & 0o777)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _check(new: Path, config: Config, sources: Sequence[Source]) -> None:
    """Raise UsageError unless the new file holds what the old one held, and these sources."""
    try:
        loaded = load_config(new)
    except ConfigError as error:
        raise UsageError(
            f"{config.path}: the entry does not fit, paste it by hand: {error.problems[0].message}"
        ) from error
    ids = [source.id for source in (*config.sources, *sources)]
    if [source.id for source in loaded.sources] != ids or loaded.subscriptions != config.subscriptions:
        raise UsageError(f"{config.path}: the entry could not be put in its place: paste it by hand")
