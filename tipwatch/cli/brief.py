"""`tipwatch brief`: a week as one document, for forwarding."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from tipwatch.cli.context import Context, counted, out, printable, say
from tipwatch.clock import utc_now
from tipwatch.errors import UsageError

if TYPE_CHECKING:
    from alerts.brief.blocks import Document
    from alerts.brief.values import Brief
    from alerts.subscription import Subscription
    from pipeline.rules import RulePack
    from tipwatch.briefing import BriefOrder
    from tipwatch.config import Config

FORMATS = ("html", "docx", "pdf")
DAY = ["%Y-%m-%d"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line; None where nothing was."""

    subscription: str | None
    topic: str | None
    since: datetime | None
    until: datetime | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a brief by format, the signs that its PDF cannot show, and what else is not right with it."""

    files: dict[str, Path]
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def brief_command(
    ctx: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DATE", help="First day; default: the last full week's Monday."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=DAY, metavar="DATE", help="Last day, inclusive; with --since the default is today."
        ),
    ] = None,
    subscription: Annotated[
        str | None, typer.Option("--subscription", "-s", help="A subscription's id; default: all of them.")
    ] = None,
    topic: Annotated[str | None, typer.Option(help="A topic's id, instead of a subscription.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Of our own words: en, ru or az; default: the subscription's.")
    ] = None,
    formats: Annotated[str, typer.Option("--format", help="Which files, with commas.")] = ",".join(FORMATS),
    folder: Annotated[Path, typer.Option("--out", help="Where the files go.")] = Path("briefs"),
    show: Annotated[bool, typer.Option("--open", help="Open the first file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per brief.")] = False,
) -> None:
    """Write the week as one document: stages, spread, day by day, quotes, sources. Sends nothing, changes nothing."""
    from alerts.brief.compose import document_of
    from tipwatch.briefing import make_brief
    from tipwatch.rounds.desk import Desk

    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    wanted = formats_of(formats)
    now = utc_now()
    orders = orders_of(config, pack, Wish(subscription, topic, since, until, language), now)
    with context.store(config) as store:
        briefs = [(order, make_brief(Desk(config, store, pack, now), order)) for order in orders]
    for number, (order, brief) in enumerate(briefs):
        written = write(document_of(brief), folder, name_of(order), wanted)
        report(order, brief, written, as_json=as_json)
        if show and not number:
            webbrowser.open(written.files[wanted[0]].resolve().as_uri())


def formats_of(said: str) -> tuple[str, ...]:
    """The formats named, each once. Raises UsageError."""
    wanted = tuple(dict.fromkeys(one.strip().lower() for one in said.split(",") if one.strip()))
    unknown = [one for one in wanted if one not in FORMATS]
    if unknown or not wanted:
        raise UsageError(f"--format {said}: choose from {', '.join(FORMATS)}")
    return wanted


def orders_of(config: Config, pack: RulePack, wish: Wish, now: datetime) -> list[BriefOrder]:
    """One order for the topic or subscription named; for every subscription when none is. Raises UsageError."""
    from alerts.brief.words import BRIEF_LANGUAGES

    if wish.language is not None and wish.language not in BRIEF_LANGUAGES:
        raise UsageError(f"--language {wish.language}: choose from {', '.join(BRIEF_LANGUAGES)}")
    if wish.topic is not None:
        if wish.subscription is not None:
            raise UsageError("give either --subscription or --topic")
        return [topic_order(config, pack, wish, now)]
    chosen = [one for one in config.subscriptions if wish.subscription in {None, one.id}]
    if not chosen and wish.subscription is not None:
        known = ", ".join(one.id for one in config.subscriptions) or "none is configured"
        raise UsageError(f"no subscription has the id {wish.subscription} (there are: {known})")
    if not chosen:
        raise UsageError("no subscription is configured: say which --topic the brief is about")
    return [subscription_order(one, wish, now) for one in chosen]


def subscription_order(one: Subscription, wish: Wish, now: datetime) -> BriefOrder:
    """What a subscription asks for."""
    from tipwatch.brief_period import period_of
    from tipwatch.briefing import BriefOrder

    return BriefOrder(
        id=one.id,
        title=one.title,
        period=period_of(*days_of(wish), now, ZoneInfo(one.timezone)),
        topics=one.topics,
        languages=one.languages,
        countries=one.countries,
        outlets=one.outlets,
        min_score=one.min_score,
        language=wish.language or one.language,
    )


def topic_order(config: Config, pack: RulePack, wish: Wish, now: datetime) -> BriefOrder:
    """A topic of all outlets and languages, in the zone of the first subscription. Raises UsageError."""
    from tipwatch.brief_period import period_of
    from tipwatch.briefing import BriefOrder

    topic = pack.topics.get(wish.topic or "")
    if topic is None:
        raise UsageError(
            f"no rule pack has the topic {wish.topic}: there are {', '.join(sorted(pack.topics))}"
        )
    zone = ZoneInfo(next((one.timezone for one in config.subscriptions), "UTC"))
    period = period_of(*days_of(wish), now, zone)
    return BriefOrder(topic.id, topic.title, period, (topic.id,), language=wish.language or "en")


def days_of(wish: Wish) -> tuple[date | None, date | None]:
    """The days asked for."""
    return wish.since.date() if wish.since else None, wish.until.date() if wish.until else None


def name_of(order: BriefOrder) -> str:
    """The files' name, without suffix."""
    return f"brief-{order.id}-{order.period.first}-{order.period.last}"


def write(document: Document, folder: Path, name: str, wanted: Sequence[str]) -> Written:
    """Write the files. Raises UsageError."""
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    contents: dict[str, bytes] = {}
    for kind in wanted:
        if kind == "html":
            from alerts.brief.html import html_of

            contents[kind] = html_of(document).encode()
        elif kind == "docx":
            from alerts.brief.docx import docx_of

            contents[kind] = docx_of(document)
        else:
            from alerts.brief.pdf import pdf_of

            made = pdf_of(document)
            contents[kind], missing, warnings = made.content, made.missing, made.warnings
    files = {kind: folder / f"{name}.{kind}" for kind in wanted}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, content in contents.items():
            files[kind].write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror}): name another folder with --out"
        ) from error
    return Written(files, missing, warnings)


def report(order: BriefOrder, brief: Brief, written: Written, *, as_json: bool) -> None:
    """Say what a brief holds, where it is, and what its PDF cannot show."""
    if written.missing:
        from alerts.brief.pdf import INSTALL

        signs = " ".join(written.missing)
        say(f"{written.files['pdf']}: no font on this machine has {signs}: {INSTALL}")
    for warning in written.warnings:
        say(printable(f"{written.files['pdf']}: {warning}"))
    if as_json:
        out(json.dumps(brief_object(order, brief, written), ensure_ascii=False))
        return
    stories = counted(brief.counts.stories, "story", "stories")
    what = (
        f"{stories} in {counted(brief.counts.articles, 'article')}"
        if brief.counts.stories
        else "nothing found"
    )
    out(f"{order.id}: {brief.first_day} to {brief.last_day} ({brief.timezone}): {what}")
    for path in written.files.values():
        out(f"  {path}")


def brief_object(order: BriefOrder, brief: Brief, written: Written) -> dict[str, object]:
    """A brief as JSON."""
    return {
        "brief": order.id,
        "title": brief.title,
        "topics": list(order.topics),
        "since": brief.first_day.isoformat(),
        "until": brief.last_day.isoformat(),
        "timezone": brief.timezone,
        "language": brief.language,
        "stories": brief.counts.stories,
        "articles": brief.counts.articles,
        "outlets": brief.counts.outlets,
        "new_bodies": list(brief.bodies.new),
        "files": {kind: str(path) for kind, path in written.files.items()},
        "signs_without_font": list(written.missing),
    }
