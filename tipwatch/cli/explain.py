"""`tipwatch explain`: why an article is in the digest, or why not."""

from __future__ import annotations

import getpass
import json
import shutil
import sys
import textwrap
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out, printable
from tipwatch.errors import UsageError

if TYPE_CHECKING:
    from pipeline.store import MatchRecord
    from tipwatch.explaining import Desk, Explanation

MARKS = {True: "+", False: "-", None: "·"}


def explain_command(
    ctx: typer.Context,
    subject: Annotated[
        str, typer.Argument(metavar="URL|FILE|ID", help="An article's URL or number, or a saved page.")
    ],
    url: Annotated[str | None, typer.Option(help="For a file: where the page came from.")] = None,
    file_miss: Annotated[
        bool,
        typer.Option("--file-miss", help="Put it into the missed-coverage log, which `rules test` runs."),
    ] = False,
    false_alarm: Annotated[
        bool, typer.Option("--not", help="With --file-miss: it is on a topic and should not be.")
    ] = False,
    topic: Annotated[
        str | None,
        typer.Option(help="With --file-miss: which topic; default: the one subscribed to, or matched."),
    ] = None,
    note: Annotated[str, typer.Option(help="With --file-miss: a remark for whoever edits the rules.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say why an article is in the digest, or where its way ended, what came closest, and what would change it."""
    from tipwatch.clock import utc_now
    from tipwatch.explaining import Desk

    if not file_miss and (false_alarm or topic or note):
        raise UsageError("--not, --topic and --note go with --file-miss")
    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    with context.store(config) as store:
        desk = Desk(config, store, pack, utc_now())
        found = explained(desk, subject, url)
    filed = file_it(desk, found, Filing(topic, note, false_alarm)) if file_miss else None
    if as_json:
        out(json.dumps(as_object(found) | ({"filed": filed} if filed else {}), ensure_ascii=False))
        return
    print_walk(found)
    if filed:
        out(f"Filed in {filed}; `tipwatch rules test` asks again from now on.")


@dataclass(frozen=True, slots=True)
class Filing:
    """What somebody says of an article that came out wrong; `topic` None: the only one it can be."""

    topic: str | None
    note: str
    false_alarm: bool


def file_it(desk: Desk, found: Explanation, filing: Filing) -> str:
    """Put the article into the missed-coverage log; return the log's path. Raises UsageError when that makes no sense."""
    from tipwatch.lab.misses import MAX_TEXT_CHARS, Miss, file_miss, log_path, now_text

    article = found.article
    topic = topic_meant(desk, found, filing)
    path = log_path(desk.config)
    file_miss(
        path,
        Miss(
            topic=topic,
            wanted=not filing.false_alarm,
            url=article.url if article else found.subject,
            title=article.title if article else "",
            text=article.text[:MAX_TEXT_CHARS] if article else "",
            language=article.language if article else None,
            outlet=article.outlet if article else "",
            source=article.source_id if article else "",
            country=article.country if article else None,
            note=filing.note,
            filed_at=now_text(desk.now),
            filed_by=somebody(),
            pack_version=desk.pack.version,
            verdict=found.verdict,
            way=tuple(f"{step.station}: {step.text}".removeprefix(": ") for step in found.steps),
        ),
    )
    return str(path)


def topic_meant(desk: Desk, found: Explanation, filing: Filing) -> str:
    """The topic a miss is about. Raises UsageError when it cannot be told, or the rules already say so."""
    matched = [match.topic for match in found.classification.matches]
    subscribed = list(dict.fromkeys(topic for one in desk.config.subscriptions for topic in one.topics))
    if filing.topic is None:
        choice = matched if filing.false_alarm else [topic for topic in subscribed if topic not in matched]
        if len(choice) != 1:
            if filing.false_alarm and not matched:
                raise UsageError("it is on no topic: there is no false alarm to file")
            raise UsageError(f"say which topic with --topic: {', '.join(choice or sorted(desk.pack.topics))}")
        return choice[0]
    if filing.topic not in desk.pack.topics:
        raise UsageError(
            f"no rule pack has the topic {filing.topic}: use one of {', '.join(sorted(desk.pack.topics))}"
        )
    if (filing.topic in matched) != filing.false_alarm:
        is_on = "is not" if filing.false_alarm else "is"
        raise UsageError(f"it {is_on} on {filing.topic} by the rules of today: there is nothing to file")
    return filing.topic


def somebody() -> str:
    """Who files a miss, as this machine knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        return "somebody"


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
    raise UsageError(
        f"{subject or 'nothing named'}: neither a file, nor an http or https URL, nor an article's number"
    )


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
                "pack_version": match.pack_version,
                "evidence": [asdict(e) for e in match.evidence],
            }
            for match in said.matches
        ],
        "kept": [kept_object(one) for one in found.kept],
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
        "lacking": [asdict(lack) for lack in found.lacks],
        "advice": found.advice,
    }


def kept_object(one: MatchRecord) -> dict[str, object]:
    """A match as it is kept, as JSON."""
    late, gone = one.match.rules_changed_at, one.withdrawn_at
    return {
        "topic": one.match.topic,
        "score": one.match.score,
        "pack_version": one.match.pack_version,
        "found_at": one.found_at.isoformat(),
        "found_late": late is not None,
        "rules_changed_at": late.isoformat() if late else None,
        "withdrawn_at": gone.isoformat() if gone else None,
        "withdrawn_by": one.withdrawn_by or None,
    }


def print_walk(found: Explanation) -> None:
    """The walk for people: the verdict first, then each station, its text in a column of its own."""
    out(found.verdict)
    if found.article is not None:
        out(printable(f"  {found.article.outlet}: {found.article.title}"))
    room = max((len(step.station) for step in found.steps), default=0)
    for step in found.steps:  # a step without a station goes on with the one before
        tell(f"  {MARKS[step.passed] if step.station else ' '} {step.station:<{room}}  ", step.text)
    if found.advice:
        tell("  What would change it: ", found.advice)


def tell(head: str, text: str) -> None:
    """Write a text after its head: in lines of the terminal's width below each other, or on one line elsewhere."""
    text = printable(text)
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
