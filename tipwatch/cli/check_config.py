"""`tipwatch check-config`: what is wrong with the configuration, or what it comes to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out
from tipwatch.config import Config, ConfigError, Problem, without_password
from tipwatch.errors import USAGE

if TYPE_CHECKING:
    from alerts.subscription import Schedule, Subscription
    from pipeline.rules import RulePack

REDACTED = "<redacted>"
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check_config_command(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Read the configuration and its rule packs; report every problem with line and column, or a summary."""
    context: Context = ctx.obj
    try:
        config, pack = context.config_and_pack()
    except ConfigError as error:
        if not as_json:
            raise  # the lines go to stderr, as for every command
        out(
            json.dumps(
                {"ok": False, "problems": [problem_object(one) for one in error.problems]}, ensure_ascii=False
            )
        )
        raise typer.Exit(USAGE) from None
    if as_json:
        out(json.dumps({"ok": True, "problems": [], **summary(config, pack)}, ensure_ascii=False))
        return
    for name, value in summary(config, pack).items():
        shown = value if isinstance(value, list) else [value]
        for position, line in enumerate(shown or ["none"]):
            out(f"{name if position == 0 else '':<14}{line}")


def problem_object(problem: Problem) -> dict[str, object]:
    """A problem as JSON; `text` is the line a person would be shown."""
    place = problem.position
    return {
        "file": problem.origin,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "path": ".".join(str(key) for key in problem.path),
        "message": problem.message,
        "text": str(problem),
    }


def summary(config: Config, pack: RulePack) -> dict[str, str | list[str]]:
    """What the configuration comes to, in lines for people; secrets redacted."""
    feeds = sum(len(source.feeds) for source in config.sources)
    crawl = config.crawl
    polled = f"visited every {round(crawl.poll_every_s / 60)} min"
    return {
        "configuration": str(config.path),
        "database": without_password(config.database_url.get_secret_value()),
        "contact": config.contact,
        "rules": f"{', '.join(config.packs)}: {', '.join(sorted(pack.topics))}",
        "sources": f"{len(config.sources)} with {feeds} feeds, {polled}",
        "proxy": without_password(crawl.proxy) if crawl.proxy else "none",
        "subscriptions": [subscription_line(one) for one in config.subscriptions],
        "mail": mail_line(config),
    }


def subscription_line(subscription: Subscription) -> str:
    """One subscription on one line."""
    readers = ", ".join(recipient.address for recipient in subscription.recipients)
    when = f"{schedule_words(subscription.schedule)} {subscription.timezone}"
    return f"{subscription.id}: {', '.join(subscription.topics)} to {readers}, {when}"


def schedule_words(schedule: Schedule) -> str:
    """Times and days, e.g. ``07:30 mon tue``."""
    days = (
        "daily" if len(schedule.days) == 7 else " ".join(DAY_NAMES[day - 1] for day in sorted(schedule.days))
    )
    return f"{' '.join(f'{at:%H:%M}' for at in schedule.at)} {days}"


def mail_line(config: Config) -> str:
    """How mail leaves, on one line."""
    mail = config.mail
    if mail.transport == "folder" or mail.host is None:
        return f"from {mail.sender.address} as files in {mail.folder}"
    login = f", as {mail.username} with password {REDACTED}" if mail.username else ", without login"
    return f"from {mail.sender.address} by {mail.host}:{mail.port} ({mail.tls}){login}"
