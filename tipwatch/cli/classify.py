"""``tipwatch classify``: what the rules say of texts, one JSON line each, or one file readably."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from tipwatch.cli.context import Context, out, printable, say
from tipwatch.errors import PARTLY_FAILED, USAGE, UsageError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from pipeline.article import Classification, Evidence
    from pipeline.rules import RulePack, RuleText

#: longest line read (bytes); a longer one is reported and passed over
MAX_LINE = 16 * 1024 * 1024


class LineError(ValueError):
    """A line that holds no text to classify; the message says why."""


def classify_command(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A text (title on the first line), or JSON lines; default: JSON lines from stdin."
        ),
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read JSON lines, write one JSON object per line.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a plain text: write JSON.")] = False,
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="'builtin' or a rule file; may be repeated.")
    ] = None,
) -> None:
    """Say which topics a text is on, and why."""
    from rich.console import Console

    from pipeline.rules import classify

    if file is not None and str(file) == "-":
        file = None
    if file is not None and not file.is_file():
        say(f"tipwatch: {file}: {'a folder, no file' if file.is_dir() else 'no such file'}")
        raise typer.Exit(USAGE)
    if file is None and not jsonl and sys.stdin.isatty():
        raise UsageError("name a file, or give --jsonl to read JSON lines from stdin")
    rules = chosen_pack(ctx, pack)
    if jsonl or file is None or file.suffix in {".jsonl", ".ndjson"}:
        with file.open("rb") if file else sys.stdin.buffer as lines:
            raise typer.Exit(_stream(rules, lines))
    assert file is not None
    text = _plain(file)
    found = classify(rules, text, near_misses=not as_json)
    if as_json:
        out(json.dumps({"id": file.name, **as_plain_values(found, text)}, ensure_ascii=False))
    else:
        show(Console(highlight=False), rules, text, found)


def chosen_pack(ctx: typer.Context, names: list[str] | None) -> RulePack:
    """The packs named on the command line, else those of the configuration."""
    from pipeline.rules import load_packs

    if names:
        return load_packs(names)
    context = ctx.obj if isinstance(ctx.obj, Context) else Context()
    return context.config_and_pack()[1]


def _stream(rules: RulePack, lines: IO[bytes]) -> int:
    """Answer every line in order; 3 when some could not be read."""
    from pipeline.rules import classify

    bad = 0
    for number, line in long_lines(lines):
        try:
            given = read_object(line)
            text = text_of(given)
        except LineError as error:
            bad += 1
            out(json.dumps({"id": None, "line": number, "error": str(error)}, ensure_ascii=False))
            continue
        answer = {"id": given.get("id"), **as_plain_values(classify(rules, text), text)}
        out(json.dumps(answer, ensure_ascii=False))
    return PARTLY_FAILED if bad else 0


def long_lines(lines: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, each with its number from 1; of one longer than `MAX_LINE`, so much that it shows."""
    number = 0
    while line := lines.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = lines.readline(MAX_LINE)
        if line.strip():
            yield number, line


def read_object(line: bytes) -> dict[str, Any]:
    """The JSON object of a line.

    Raises:
        LineError: it is too long, not UTF-8, not JSON, or not an object.
    """
    if len(line) > MAX_LINE:
        raise LineError(f"the line is longer than {MAX_LINE:,} bytes")
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8: {error.reason} at byte {error.start}") from None
    except RecursionError:
        raise LineError("not JSON that we read: nested too deeply") from None
    except ValueError as error:
        raise LineError(f"not JSON: {error}") from None
    if not isinstance(given, dict):
        raise LineError("a JSON object is expected on each line")
    identity = given.get("id")
    if isinstance(identity, str):
        given["id"] = whole(identity)
    elif isinstance(identity, float | list | dict):
        raise LineError("'id' is a text or a whole number")
    return given


def text_of(given: dict[str, Any]) -> RuleText:
    """What the rules read of a line's object.

    Raises:
        LineError: the text is missing, or a value has the wrong type.
    """
    from pipeline.rules import RuleText

    values: dict[str, str] = {}
    for name in ("title", "text", "url", "source", "language", "country"):
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise LineError(f"{name!r} is a text, not {json.dumps(value, default=str)[:40]}")
        values[name] = whole(value or "")
    if "text" not in given and not values["title"]:
        raise LineError("'text' is missing")
    return RuleText(
        title=values["title"],
        text=values["text"],
        url=values["url"],
        source=values["source"],
        language=values["language"] or None,
        country=values["country"] or None,
        published=_day(given.get("published_at")),
    )


def _day(printed: object) -> date | None:
    """The day of ``published_at`` as printed; None when it is not given."""
    if printed is None or not printed:
        return None
    try:
        return datetime.fromisoformat(str(printed)).date()
    except ValueError:
        raise LineError(
            f"'published_at' is a time in ISO 8601, not {json.dumps(printed, default=str)[:40]}"
        ) from None


def whole(text: str) -> str:
    """`text` with halves of surrogate pairs replaced, character by character: they cannot be written."""
    return (
        "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in text)
        if not text.isascii()
        else text
    )


def as_plain_values(found: Classification, text: RuleText) -> dict[str, Any]:
    """A classification as JSON values: ``topics``, ``vetoes``, ``facts``, and ``cut`` where not all could be read."""
    return {
        "topics": [
            {"topic": match.topic, "score": match.score, "evidence": _evidence(match.evidence)}
            for match in found.matches
        ],
        "vetoes": [
            {"name": veto.name, "topic": veto.topic, "evidence": _evidence(veto.evidence)}
            for veto in found.vetoes
        ],
        "facts": _facts(found, text),
        **({"cut": list(found.cut)} if found.cut else {}),
    }


def _facts(found: Classification, text: RuleText) -> dict[str, Any]:
    """How far an act has come, and why; ``warning`` where the headline claims more; empty where no stage is told."""
    from pipeline.dossier import ACT_TOPIC, headline_warning, read_act

    if all(match.topic != ACT_TOPIC for match in found.matches):
        return {}
    act = read_act(text)
    if act is None or act.stage is None:
        return {}
    warning = headline_warning(act)
    return {
        "stage": act.stage.value,
        "organ": act.organ,
        "manner": act.manner,
        "votes": list(act.votes) if act.votes else None,
        "evidence": _evidence(act.evidence),
        **({"warning": warning.value} if warning else {}),
    }


def _evidence(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [
        {
            "clause": each.clause,
            "field": each.field,
            "start": each.start,
            "end": each.end,
            "quote": each.quote,
        }
        for each in evidence
    ]


def _plain(file: Path) -> RuleText:
    """A plain text file as title (first line) and text. Raises UsageError where it is a page, or no text at all."""
    from pipeline.rules import RuleText

    with file.open("rb") as opened:
        raw = opened.read(MAX_LINE)
    if b"\0" in raw[:4096] or raw.startswith(b"%PDF-"):
        raise UsageError(f"{file}: no text: `tipwatch classify` reads plain text in UTF-8, or JSON lines")
    content = raw.decode("utf-8", errors="replace").removeprefix("\ufeff").lstrip()
    if content[:15].lower().startswith(("<!doctype html", "<html")):
        raise UsageError(
            f"{file}: a web page: `tipwatch explain {file}` reads it and says which topics it is on"
        )
    title, _, text = content.partition("\n")
    return RuleText(title=title.strip(), text=text.strip())


def show(console: Console, rules: RulePack, text: RuleText, found: Classification) -> None:
    """Write a classification for people: topics with reasons, vetoes, what was missing, the text with marked words."""
    from rich.text import Text

    for match in found.matches:
        console.print(
            Text(
                f"on {match.topic} ({match.score:.2f}): {rules.topics[match.topic].title}", style="bold green"
            )
        )
        for clause in dict.fromkeys(each.clause for each in match.evidence):
            quotes = dict.fromkeys(each.quote for each in match.evidence if each.clause == clause)
            console.print(Text(printable(f"  {rules.label(clause)}: {', '.join(quotes)}")))
    if not found.matches:
        console.print(Text("on no topic", style="bold"))
    for veto in found.vetoes:
        quotes = dict.fromkeys(each.quote for each in veto.evidence)
        console.print(Text(f"not on {veto.topic}: {veto.name} ({', '.join(quotes)})", style="yellow"))
    for miss in found.near_misses:
        console.print(
            Text(
                f"close to {miss.topic}: missing {'; '.join(miss.missing) or 'nothing but a veto'}",
                style="dim",
            )
        )
    marks = [each for match in found.matches for each in match.evidence]
    console.print()
    console.print(marked(text.title, "title", marks, "bold"))
    console.print(marked(text.text, "text", marks, ""))


def marked(text: str, field: str, evidence: Iterable[Evidence], style: str) -> Text:
    """A field's text with the words of the evidence marked."""
    from rich.text import Text

    shown = Text(printable(text), style=style)
    for each in evidence:
        if each.field == field:
            shown.stylize("reverse", each.start, each.end)
    return shown
