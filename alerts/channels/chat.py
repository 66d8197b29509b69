"""A digest as a chat message: a title and lines, most important first, folded with counts to what a service takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.channels.email import clean_header
from alerts.digest import Digest, DigestEntry, Segment

#: words with numbers after them: no plural to get wrong
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "updates": "More about what was told before",
        "late": "Found late, since the rules changed",
        "not_shown": "Not shown here: {n}",
        "quiet": "Nothing new.",
        "also": "also: {outlets}",
        "committee_only": "By a committee only, not yet by the body itself",
        "not_yet_adopted": "Not adopted yet, as the text has it",
    },
    "ru": {
        "updates": "Продолжение того, о чём уже сообщалось",
        "late": "Найдено позже, после изменения правил",
        "not_shown": "Здесь не показано: {n}",
        "quiet": "Нового нет.",
        "also": "также: {outlets}",
        "committee_only": "Пока только комитет, ещё не сам орган",
        "not_yet_adopted": "Судя по тексту, ещё не принято",
    },
    "az": {
        "updates": "Əvvəl xəbər verilənlərin davamı",
        "late": "Qaydalar dəyişəndən sonra tapılıb",
        "not_shown": "Burada göstərilməyib: {n}",
        "quiet": "Yeni heç nə yoxdur.",
        "also": "həmçinin: {outlets}",
        "committee_only": "Hələ yalnız komitə, orqanın özü yox",
        "not_yet_adopted": "Mətnə görə hələ qəbul edilməyib",
    },
}

_LONGEST_HEADLINE = 300
_OUTLETS_NAMED = 4
#: what chat services read as a call to people: @everyone, <!channel>, <@U1>. A word joiner after it takes that away
_CALL = re.compile(r"@(?=\S)|<(?=[!@#&])")
_WORD_JOINER = "\u2060"


def length(text: str) -> int:
    """UTF-16 units of a text."""
    return len(text.encode("utf-16-le", "replace")) // 2


def harmless(text: str) -> str:
    """One line that calls nobody: without controls, turning marks, or anything a service takes for a mention."""
    line = clean_header(text, _LONGEST_HEADLINE)
    return _CALL.sub(lambda found: found[0] + _WORD_JOINER, line)


def cut(text: str, room: int) -> str:
    """The text, cut at an empty line (else anywhere) with an ellipsis to take at most `room` UTF-16 units."""
    if length(text) <= room:
        return text
    kept = text[: max(0, room - 3)]
    while kept and length(kept) > room - 3:
        kept = kept[:-1]
    whole, gap, _ = kept.rpartition("\n\n")
    return f"{whole}\n\n…" if gap else f"{kept.rstrip()}…"[: max(0, room)]


def chat_text(digest: Digest, room: int) -> str:
    """The digest in lines that take at most `room` UTF-16 units; what has no room is counted.

    Found late and updates stand under the news; a story that does not fit lets none after it in.
    """
    words = _WORDS.get(digest.language, _WORDS["en"])
    blocks = list(_blocks(digest, words))
    beyond = _told_elsewhere(digest)
    if not blocks and not beyond:
        return words["quiet"]
    total = sum(block.stories for block in blocks) + beyond
    shown, counted = "", 0
    for block in blocks:
        longer = "\n\n".join(filter(None, (shown, block.text)))
        rest = total - counted - block.stories
        if length(_with_rest(longer, rest, words)) > room:
            break
        shown, counted = longer, counted + block.stories
    return cut(_with_rest(shown, total - counted, words), room)


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that stay together, and the stories they tell (a heading comes with its first story)."""

    text: str
    stories: int = 1


def _blocks(digest: Digest, words: Mapping[str, str]) -> Iterator[_Block]:
    zone = ZoneInfo(digest.timezone)
    yield from (_Block(_story(entry, zone, words)) for entry in digest.entries)
    yield from _under(words["updates"], [update.entry for update in digest.updates], zone, words)
    late = [entry for change in digest.found_late for entry in change.entries]
    yield from _under(words["late"], late, zone, words)


def _under(
    heading: str, entries: Sequence[DigestEntry], zone: ZoneInfo, words: Mapping[str, str]
) -> Iterator[_Block]:
    for at, entry in enumerate(entries):
        story = _story(entry, zone, words)
        yield _Block(story if at else f"{heading}:\n{story}")


def _told_elsewhere(digest: Digest) -> int:
    late = sum(change.left_out for change in digest.found_late)
    return digest.left_out + digest.updates_left_out + late + len(digest.unlisted)


def _with_rest(text: str, rest: int, words: Mapping[str, str]) -> str:
    return "\n\n".join(filter(None, (text, words["not_shown"].format(n=rest) if rest else "")))


def _story(entry: DigestEntry, zone: ZoneInfo, words: Mapping[str, str]) -> str:
    outlet = harmless(entry.outlet) + (f" ({entry.country})" if entry.country else "")
    lines = [
        f"• {harmless(_plain(entry.headline))}",
        f"! {words[entry.warning]}" if entry.warning else "",
        ", ".join(filter(None, (outlet, _moment(entry.published_at, entry.precision, zone)))),
    ]
    if entry.copies:
        named = list(dict.fromkeys(harmless(copy.outlet) for copy in entry.copies))
        more = f" +{len(named) - _OUTLETS_NAMED}" if len(named) > _OUTLETS_NAMED else ""
        lines.append(words["also"].format(outlets=", ".join(named[:_OUTLETS_NAMED])) + more)
    return "\n".join(filter(None, (*lines, _link(entry.url))))


def _moment(at: datetime | None, precision: str | None, zone: ZoneInfo) -> str:
    """Numbers only, which every language reads; empty when not known."""
    if at is None:
        return ""
    if precision == "day":
        # `at` is the midnight of a zone we are not told: 14 hours later it is that day in UTC as well
        return f"{at.astimezone(UTC) + timedelta(hours=14):%Y-%m-%d}"
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _link(url: str) -> str:
    """The address, unless it could be read as something else; @ is written so that it calls nobody."""
    odd = any(c in "<>\"'`|\\" or c.isspace() or unicodedata.category(c)[0] == "C" for c in url)
    return "" if odd or not url.startswith(("https://", "http://")) else url.replace("@", "%40")


def _plain(segments: Sequence[Segment]) -> str:
    return "".join(segment.text for segment in segments)
