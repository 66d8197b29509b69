"""`tipwatch explain`: why an article is in the digest, or why not."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out
from tipwatch.errors import UsageError

if TYPE_CHECKING:
    from tipwatch.explaining import Desk, Explanation

MARKS = {True: "+", False: "-", None: "·"}


def explain_command(
    ctx: typer.Context,
    subject: Annotated[
        str, typer.Argument(metavar="URL|FILE|ID", help="An article's URL or number, or a saved page.")
    ],
    url: Annotated[str | None, typer.Option(help="For a file: where the page came from.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say why an article is in the digest, or where its way ended and what came closest."""
    from tipwatch.clock import utc_now
    from tipwatch.explaining import Desk

    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    with context.store(config) as store:
        found = explained(Desk(config, store, pack, utc_now()), subject, url)
    if as_json:
        out(json.dumps(as_object(found), ensure_ascii=False))
    else:
        print_walk(found)


def explained(desk: Desk, subject: str, url: str | None) -> Explanation:
    """The explanation of a URL, a file or an article's number. Raises UsageError for anything else."""
    from crawler.urls import is_fetchable
    from tipwatch.explaining import explain_file, explain_record, explain_url

    path = Path(subject)
    if subject.isdecimal():
        record = desk.store.articles.find(int(subject)) if len(subject) < 19 else None
        if record is None:
            raise UsageError(
                f"no article has the number {subject}: `tipwatch stories` and `tipwatch digest show` name them"
            )
        return explain_record(desk, subject, record)
    if path.is_file():
        return explain_file(desk, path, url)
    if is_fetchable(subject):
        return explain_url(desk, subject)
    raise UsageError(f"{subject}: neither a file, nor an http or https URL, nor an article's number")


def as_object(found: Explanation) -> dict[str, object]:
    """The explanation as JSON."""
    said = found.classification
    return {
        "subject": found.subject,
        "found": found.found,
        "verdict": found.verdict,
        "steps": [
            {"station": step.station, "passed": step.passed, "text": step.text} for step in found.steps
        ],
        "topics": [
            {
                "topic": match.topic,
                "score": match.score,
                "evidence": [
                    {"clause": e.clause, "field": e.field, "start": e.start, "end": e.end, "quote": e.quote}
                    for e in match.evidence
                ],
            }
            for match in said.matches
        ],
        "vetoes": [{"name": veto.name, "topic": veto.topic} for veto in said.vetoes],
        "near_misses": [
            {
                "topic": miss.topic,
                "score": miss.score,
                "satisfied": list(miss.satisfied),
                "missing": list(miss.missing),
            }
            for miss in said.near_misses
        ],
        "advice": found.advice,
    }


def print_walk(found: Explanation) -> None:
    """The walk for people: the verdict first, then each station, its text in a column of its own."""
    out(found.verdict)
    if found.article is not None:
        out(f"  {found.article.outlet}: {found.article.title}")
    room = max((len(step.station) for step in found.steps), default=0)
    for step in found.steps:
        tell(f"  {MARKS[step.passed]} {step.station:<{room}}  ", step.text)
    if found.advice:
        tell("  What would change it: ", found.advice)


def tell(head: str, text: str) -> None:
    """Write a text after its head: in lines of the terminal's width below each other, or on one line elsewhere."""
    if not sys.stdout.isatty():
        out(head + text)
        return
    margin = " " * min(len(head), 40)
    width = max(40, shutil.get_terminal_size().columns)
    lines = textwrap.wrap(
        head + text,
        width,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    for line in lines:
        out(line)
