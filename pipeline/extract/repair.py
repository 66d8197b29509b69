"""JSON as templates write it into pages: read as it stands where it holds together, else repaired, else its plain strings."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

_COMMENT = re.compile(r"<!--|-->|/{0,2}\*?<!\[CDATA\[\*?/{0,2}|/{0,2}\*?\]\]>\*?/{0,2}")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
#: a backslash before what JSON knows no escape for
_LONE_BACKSLASH = re.compile(r"\\(?![\"\\/bfnrtu])")
#: one value on a line of its own: quotation marks inside it were not escaped
_LINE_VALUE = re.compile(
    r"^([^\S\n]*\"[\w@:]{1,40}\"[^\S\n]*:[^\S\n]*\")(.*)(\"[^\S\n]*,?[^\S\n]*)$", re.MULTILINE
)
_BARE_QUOTE = re.compile(r'(?<!\\)"')
#: strings worth having from a script that cannot be read
_STRINGS = re.compile(
    r'"(@type|headline|datePublished|dateModified|articleSection|inLanguage)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){1,2000})"'
)
_AUTHOR = re.compile(
    r'"author"\s{0,9}:[\s\[]{0,9}\{[^{}\[\]]{0,400}?"name"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){1,200})"'
)
_DECODER = json.JSONDecoder(strict=False)
#: more values after each other in one script are no JSON-LD
_MAX_VALUES = 20


def load_all(script: str) -> list[object]:
    """The values in a script, one after the other; what can be saved of it when it is no JSON; empty when nothing can."""
    text = script.strip()
    if "<!" in text or "]]>" in text or "-->" in text:
        text = _COMMENT.sub("", text).strip()
    for attempt in _attempts(text.rstrip(";")):
        try:
            # strict=False: line breaks inside strings are the commonest fault
            return [_DECODER.decode(attempt)]
        except (ValueError, RecursionError):
            continue
    return _one_by_one(text) or _saved(text)


def _attempts(text: str) -> Iterator[str]:
    """The text, then with one fault after the other put right."""
    yield text
    repaired = _LONE_BACKSLASH.sub(r"\\\\", _TRAILING_COMMA.sub(r"\1", text))
    if repaired != text:
        yield repaired
    if "&quot;" in text or "&#34;" in text:
        yield html.unescape(text)
    quoted = _LINE_VALUE.sub(lambda line: line[1] + _BARE_QUOTE.sub('\\\\"', line[2]) + line[3], repaired)
    if quoted != repaired:
        yield quoted


def _one_by_one(text: str) -> list[object]:
    """Values written after each other without a comma; what follows the last readable one is left."""
    found: list[object] = []
    at = 0
    while len(found) < _MAX_VALUES:
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found


def _saved(text: str) -> list[object]:
    """The strings of an article in a script that is broken elsewhere; empty when it does not tell of one."""
    found: dict[str, object] = {}
    for one in _STRINGS.finditer(text):
        if one[1] != "@type" or "rticle" in one[2] or "Posting" in one[2]:
            found.setdefault(one[1], _unescaped(one[2]))
    if not {"@type", "headline"} <= found.keys():
        return []
    if author := _AUTHOR.search(text):
        found["author"] = {"name": _unescaped(author[1])}
    return [found]


def _unescaped(printed: str) -> str:
    try:
        return str(_DECODER.decode(f'"{printed}"'))
    except ValueError:
        return printed
