"""`tipwatch ledger`: prove that everything was told once, and say who was told what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from tipwatch.cli.context import Context, counted, out, printable, say, table_console
from tipwatch.cli.ledger_mail import mail_command
from tipwatch.cli.ledger_shown import shown_lines, shown_object
from tipwatch.clock import utc_now
from tipwatch.errors import FAILED, OK

if TYPE_CHECKING:
    from pipeline.store import ArticleRecord, Store
    from tipwatch.ledger.checking import Checked, Totals
    from tipwatch.ledger.fates import Finding

ledger_app = typer.Typer(help="Proof of delivery: who was told what, and that nothing was lost.")

K = TypeVar("K", bound=str)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
#: exceptions written out; the rest are counted (all are in the JSON)
SHOWN = 200


@ledger_app.command("check")
def check_command(
    ctx: typer.Context,
    subscription: Annotated[
        list[str] | None,
        typer.Option(
            "--subscription", "-s", help="Subscription id; may be repeated; default: all that ever were."
        ),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(help="Only what was found, and built, since then (UTC).")
    ] = None,
    mails: Annotated[
        bool, typer.Option("--bytes", help="Compare the bytes of every mail with its row as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Prove that every match was told once, is on its way, or is held back by a named rule. Exits 1 where it was not."""
    from tipwatch.errors import UsageError
    from tipwatch.ledger.checking import CheckOrder, check

    context: Context = ctx.obj
    config = context.config()
    start = since.replace(tzinfo=UTC) if since is not None and since.tzinfo is None else since
    with context.store(config) as store:
        known = store.ledger.subscriptions()
        for wanted in subscription or ():
            if wanted not in known:
                raise UsageError(f"no subscription has the id {wanted} (there are: {', '.join(known)})")
        checked = check(config, store, CheckOrder(tuple(subscription or ()), start, mails), utc_now())
        concerned = articles_of(store, checked.findings)
    if as_json:
        out(json.dumps(check_object(checked, concerned), ensure_ascii=False))
    else:
        print_check(checked, concerned)
    raise typer.Exit(FAILED if checked.findings else OK)


def articles_of(store: Store, findings: list[Finding]) -> dict[int, ArticleRecord]:
    """The articles that exceptions are about, as many as are shown."""
    wanted = dict.fromkeys(one.article_id for one in findings if one.article_id is not None)
    found = (store.articles.find(article_id) for article_id in list(wanted)[:SHOWN])
    return {record.id: record for record in found if record is not None}


def check_object(checked: Checked, concerned: dict[int, ArticleRecord]) -> dict[str, object]:
    """A check as JSON."""
    return {
        "clean": not checked.findings,
        "checked_at": checked.at.isoformat(),
        "mails_compared": checked.mails,
        "subscriptions": [totals_object(one) for one in checked.totals],
        "exceptions": [finding_object(one, concerned) for one in checked.findings],
    }


def totals_object(one: Totals) -> dict[str, object]:
    """A subscription's totals as JSON."""
    return {
        "subscription": one.subscription_id,
        "configured": one.configured,
        "articles": one.articles,
        "matches": one.matches,
        **{str(fate): count for fate, count in sorted_counts(one.fates)},
        "suppressed_by": {str(rule): count for rule, count in sorted_counts(one.rules)},
        "told_as": dict(sorted_counts(one.ways)),
        "digests": one.digests,
        "rows": dict(sorted_counts(one.rows)),
        "overdue_since": one.overdue_since.isoformat() if one.overdue_since else None,
    }


def sorted_counts(counts: Mapping[K, int]) -> list[tuple[K, int]]:
    """Counts by name, so that two checks can be compared line by line."""
    return sorted(counts.items())


def finding_object(finding: Finding, concerned: dict[int, ArticleRecord]) -> dict[str, object]:
    """An exception as JSON."""
    from tipwatch.ledger.fates import MEANING

    record = concerned.get(finding.article_id or 0)
    return {
        "exception": str(finding.fault),
        "subscription": finding.subscription_id or None,
        "digest": finding.digest_id or None,
        "article": finding.article_id,
        "title": record.article.title if record else None,
        "url": record.article.url if record else None,
        "story": record.story_id if record else None,
        "detail": finding.detail,
        "why": MEANING[finding.fault].why,
        "to_do": to_do(finding, record),
    }


def print_check(checked: Checked, concerned: dict[int, ArticleRecord]) -> None:
    """A check for people: totals, why things are held back, and each exception with what to do."""
    from rich.table import Table

    from alerts.operator.report import OPERATOR
    from tipwatch.ledger.fates import Fate

    fates = list(Fate)
    table = Table("subscription", "articles", *map(str, fates), box=None, header_style="bold", pad_edge=False)
    for one in checked.totals:
        if (
            not one.articles and one.subscription_id == OPERATOR
        ):  # its windows are checked; it is told of no article
            continue
        name = one.subscription_id + ("" if one.configured else " (no longer configured)")
        table.add_row(name, str(one.articles), *(str(one.fates[fate]) for fate in fates))
    table_console().print(table)
    for line in notes(checked):
        out(line)
    for finding in checked.findings[:SHOWN]:
        for line in finding_lines(finding, concerned):
            out(printable(line))
    if len(checked.findings) > SHOWN:
        say(
            f"and {counted(len(checked.findings) - SHOWN, 'more exception')} (all are in the output of --json)"
        )
    compared = f"; {counted(checked.mails, 'mail')} compared with {'its row' if checked.mails == 1 else 'their rows'}"
    end = f"{counted(len(checked.findings), 'exception')}" if checked.findings else "no exceptions"
    out(f"{end}{compared if checked.mails else ''}")


def notes(checked: Checked) -> list[str]:
    """By which rules articles are held back, and windows that should have been closed."""
    from tipwatch.ledger.fates import RULES

    lines = [
        f"  {one.subscription_id}: {count} suppressed by {rule}: {RULES[rule]}"
        for one in checked.totals
        for rule, count in sorted(one.rules.items())
    ]
    late = (one for one in checked.totals if one.overdue_since is not None)
    return lines + [
        f"  {one.subscription_id}: its window has been over since {one.overdue_since:%Y-%m-%d %H:%M} UTC and waits "
        "for a digest round (`tipwatch run`, or `tipwatch digest send`)"
        for one in late
    ]


def finding_lines(finding: Finding, concerned: dict[int, ArticleRecord]) -> list[str]:
    """An exception for people."""
    from tipwatch.ledger.fates import MEANING

    meaning = MEANING[finding.fault]
    where = [
        finding.subscription_id,
        f"digest {finding.digest_id}" if finding.digest_id else "",
        f"article {finding.article_id}" if finding.article_id is not None else "",
        finding.detail,
    ]
    lines = [f"EXCEPTION {finding.fault}: {', '.join(filter(None, where))}"]
    record = concerned.get(finding.article_id or 0)
    if record is not None:
        lines.append(f"    {record.article.outlet}: {record.article.title}, story {record.story_id}")
        lines.append(f"    {record.article.url}")
    return [*lines, f"    why it is wrong: {meaning.why}", f"    what to do: {to_do(finding, record)}"]


@ledger_app.command("show")
def show_command(
    ctx: typer.Context,
    subject: Annotated[
        str, typer.Argument(metavar="URL|STORY|ID", help="An article's URL or number, or a story's id.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say who was told an article, or each article of a story, when and as what; and who was not and why."""
    from tipwatch.ledger.showing import articles_meant, shown

    context: Context = ctx.obj
    config = context.config()
    now = utc_now()
    with context.store(config) as store:
        found = [shown(config, store, record, now) for record in articles_meant(store, subject)]
    if as_json:
        articles = [shown_object(one) for one in found]
        out(
            json.dumps(
                {"subject": subject, "story": found[0].record.story_id, "articles": articles},
                ensure_ascii=False,
            )
        )
        return
    out(f"story {found[0].record.story_id}")
    for one in found:
        for line in shown_lines(one):
            out(printable(line))


def to_do(finding: Finding, record: ArticleRecord | None) -> str:
    """What to do about an exception, with the day of its article."""
    return finding.to_do(record.first_seen_at.date() if record else None)


ledger_app.command("mail")(mail_command)
