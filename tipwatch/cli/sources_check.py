"""`tipwatch sources check`: one source tried out, list by list, with its first articles; nothing is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, counted, out, printable
from tipwatch.cli.sources_shown import ago, source_object
from tipwatch.errors import FAILED, PARTLY_FAILED, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.source import Source
    from tipwatch.config import Config
    from tipwatch.sources_check import ArticleTried, Checked, ListTried, RobotsTried


def check_command(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME|URL", help="A source's id, or a feed or sitemap.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Fetch a source's lists and their first articles once, and say what is wrong; nothing is kept."""
    from tipwatch.clock import utc_now
    from tipwatch.sources_check import check

    context: Context = ctx.obj
    config = context.config()
    source, is_configured = wanted(name, config)
    now = utc_now()
    checked = check(source, config, now, is_configured=is_configured)
    if as_json:
        out(json.dumps(as_object(checked), ensure_ascii=False))
    else:
        tell(checked, now)
    raise typer.Exit(exit_code(checked))


def wanted(name: str, config: Config) -> tuple[Source, bool]:
    """The source, and whether it is configured. Raises UsageError."""
    from crawler.urls import is_fetchable
    from tipwatch.rounds.crawling import by_id
    from tipwatch.sources_check import source_at

    if "://" not in name:
        return by_id(config, name), True
    if not is_fetchable(name):
        raise UsageError(f"{name}: not an http or https URL that can be fetched")
    return source_at(name, config), False


def exit_code(checked: Checked) -> int:
    """0: all is well; 1: no list could be read; 3: there are problems."""
    if not checked.problems:
        return 0
    from crawler.page import FeedResult

    read = [one for one in checked.lists if one.report and one.report.result is not FeedResult.FAILED]
    return PARTLY_FAILED if read else FAILED


def tell(checked: Checked, now: datetime) -> None:
    """All of it, for people."""
    source = checked.source
    manners = source.manners
    asked = "robots.txt obeyed" if manners.obey_robots else "robots.txt IGNORED by order"
    verified = "" if manners.verify_tls else "; certificates NOT verified, by order"
    out(f"{source.id}  {printable(source.name)}")
    out(f"  {manners.delay_s:g} s between requests, {manners.per_host} at a time; {asked}{verified}")
    for rules in checked.robots:
        out(f"  {said_of_robots(rules)}")
    for one in checked.lists:
        tell_list(one, now)
    out("all is well" if not checked.problems else counted(checked.problems, "problem"))


def said_of_robots(rules: RobotsTried) -> str:
    """What a robots.txt says, on one line."""
    status = f"HTTP {rules.status}" if rules.status else "no answer"
    delay = f", asks for {rules.delay_s:g} s between requests" if rules.delay_s else ""
    refused = f", PROBLEM: {rules.problem}: {rules.refused[0]}" if rules.problem else ""
    return printable(f"{rules.origin}/robots.txt: {status}{delay}{refused}")


def tell_list(one: ListTried, now: datetime) -> None:
    """A list, its articles and its problems."""
    report = one.report
    status = "not asked"
    if report is not None:
        answered = f"HTTP {report.status}, " if report.status else ""
        status = f"{answered}{counted(report.entries, 'entry', 'entries')}, {ago(one.newest, now)}"
    out(f"  {one.kind} {printable(one.url)}: {status}")
    for article in one.articles:
        out(f"    {said_of(article)}")
    for problem in one.problems:
        out(f"    PROBLEM: {printable(problem)}")


def said_of(article: ArticleTried) -> str:
    """An article on one line."""
    gist = article.gist
    if article.problem:
        return printable(f"{article.url}: {article.problem}")
    when = f"{gist.published:%Y-%m-%d %H:%M}Z ({gist.published_origin})" if gist.published else "no date"
    return printable(f"{gist.title[:70]!r}  {when}, {gist.language or 'language?'}, {gist.chars} characters")


def as_object(checked: Checked) -> dict[str, object]:
    """The contract of --json."""
    return {
        "source": source_object(checked.source),
        "configured": checked.is_configured,
        "problems": checked.problems,
        "lists": [list_object(one) for one in checked.lists],
        "robots": [
            {
                "origin": one.origin,
                "status": one.status or None,
                "delay_s": one.delay_s,
                "refused": list(one.refused),
                "problem": one.problem or None,
            }
            for one in checked.robots
        ],
    }


def list_object(one: ListTried) -> dict[str, object]:
    """A list as JSON."""
    from tipwatch.jsonl import stamp

    report = one.report
    return {
        "url": one.url,
        "kind": one.kind.value,
        "result": report.result.value if report else None,
        "status": report.status if report else None,
        "detail": (report.detail or None) if report else None,
        "moved_to": report.moved_to if report else None,
        "entries": report.entries if report else 0,
        "newest": stamp(one.newest) if one.newest else None,
        "own_share": round(one.own, 2),
        "articles": [
            {
                "url": article.url,
                "title": article.gist.title or None,
                "published_at": stamp(article.gist.published) if article.gist.published else None,
                "published_origin": article.gist.published_origin or None,
                "language": article.gist.language,
                "chars": article.gist.chars,
                "problem": article.problem or None,
            }
            for article in one.articles
        ],
        "problems": list(one.problems),
    }
