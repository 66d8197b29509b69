"""`tipwatch check-config`: what is wrong with the configuration, or what it comes to."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, counted, out, say
from tipwatch.errors import USAGE

if TYPE_CHECKING:
    from alerts.subscription import Recipient, Schedule, Subscription
    from pipeline.rules import RuleError, RulePack
    from tipwatch.config import Config, ConfigError, Problem

REDACTED = "<redacted>"
SQLITE = "sqlite:///"
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check_config_command(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Read the configuration and its rule packs and ask the database; report every problem with its place, or a summary.

    What is not wrong but probably not meant is said on stderr, and changes nothing.
    """
    from pipeline.rules import RuleError
    from tipwatch.config import ConfigError, remarks

    context: Context = ctx.obj
    try:
        config, pack = context.config_and_pack()
        check_database(config)
        check_folders(config)
    except (ConfigError, RuleError) as error:
        if not as_json:
            raise  # the lines go to stderr, as for every command
        out(json.dumps({"ok": False, "problems": problem_objects(error)}, ensure_ascii=False))
        raise typer.Exit(USAGE) from None
    found = remarks(config)
    if as_json:
        told = [{"level": one.level, **problem_object(one.problem)} for one in found]
        out(
            json.dumps(
                {"ok": True, "problems": [], "remarks": told, **summary(config, pack)}, ensure_ascii=False
            )
        )
        return
    for remark in found:
        say(str(remark))
    for name, value in summary(config, pack).items():
        shown = value if isinstance(value, list) else [value]
        for position, line in enumerate(shown or ["none"]):
            out(f"{name if position == 0 else '':<14}{line}")


def check_database(config: Config) -> None:
    """Raise ConfigError, with the place, when the database cannot be used.

    A SQLite file that is not there yet is not made: whoever checks need not be the user who will run.
    """
    from pipeline.errors import StoreError
    from pipeline.store import open_store
    from tipwatch.clock import utc_now
    from tipwatch.config import ConfigError

    url = config.database_url.get_secret_value()
    file = Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None
    if file is None or file.exists():
        try:
            open_store(url, now=utc_now).close()
        except StoreError as error:
            raise ConfigError(
                [config.problem(("database",), str(error).removeprefix("database "))]
            ) from error
    elif not os.access(file.parent, os.W_OK):
        advice = "we may not write in its folder" if file.parent.is_dir() else "its folder does not exist"
        raise ConfigError(
            [config.problem(("database",), f"{file}: {advice}: make that right, or name another file")]
        )


def check_folders(config: Config) -> None:
    """Raise ConfigError, with the place, when a folder that we are to write to cannot be written. None is made."""
    from tipwatch.config import ConfigError

    wanted = []
    if config.mail.transport == "folder":
        wanted.append((("mail", "folder"), config.mail.folder))
    if config.publish is not None:
        wanted.append((("publish", "folder"), config.publish.folder))
    problems = []
    for path, folder in wanted:
        standing = next(place for place in (folder, *folder.parents) if stands(place))
        if not standing.is_dir():
            problems.append(config.problem(path, f"{standing} is no folder: remove it, or name another"))
        elif not os.access(standing, os.W_OK | os.X_OK):
            advice = f"we may not write in {standing}: make that right, or name another folder"
            problems.append(config.problem(path, advice))
    if problems:
        raise ConfigError(problems)


def stands(path: Path) -> bool:
    """Whether something is at `path`, as far as we may see."""
    try:
        return path.exists()
    except OSError:  # not ours to look at: its folder will say so
        return False


def problem_objects(error: ConfigError | RuleError) -> list[dict[str, object]]:
    """All that is wrong, as JSON."""
    from tipwatch.cli.failures import one_line
    from tipwatch.config import ConfigError

    if isinstance(error, ConfigError):
        return [problem_object(problem) for problem in error.problems]
    place = {"file": error.file, "line": error.line, "column": error.column}
    return [{**place, "path": "", "message": error.what, "text": one_line(error)}]


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


def sources_line(config: Config) -> str:
    """What the sources list their articles in, and how often they are visited."""
    lists = (
        counted(number, kind)
        for kind, number in (
            ("feed", sum(len(source.feeds) for source in config.sources)),
            ("sitemap", sum(len(source.sitemaps) for source in config.sources)),
            ("listing", sum(len(source.listings) for source in config.sources)),
        )
        if number or kind == "feed"
    )
    every = f"at first every {round(config.crawl.poll_every_s / 60)} min, then by their own rhythm"
    return f"{len(config.sources)} with {', '.join(lists)}; visited {every}"


def summary(config: Config, pack: RulePack) -> dict[str, str | list[str]]:
    """What the configuration comes to, in lines for people; secrets redacted."""
    from tipwatch.config import without_password

    crawl = config.crawl
    return {
        "configuration": str(config.path),
        "database": without_password(config.database_url.get_secret_value()),
        "contact": config.contact,
        "rules": f"{', '.join(config.packs)}: {', '.join(sorted(pack.topics))}",
        "sources": sources_line(config),
        "proxy": without_password(crawl.proxy) if crawl.proxy else "none",
        "subscriptions": [subscription_line(one) for one in config.subscriptions],
        "mail": mail_line(config),
        "channels": [f"{one.id}: {one.kind}, {REDACTED}" for one in config.channels],
        "publish": publish_line(config),
        "operator": operator_line(config),
        "reached at": f"{config.public_url}, links signed with {REDACTED}" if config.public_url else "none",
    }


def subscription_line(subscription: Subscription) -> str:
    """One subscription on one line."""
    readers = ", ".join(reader_words(one, subscription.language) for one in subscription.recipients)
    others = ", ".join(name for name in subscription.channels if name != "mail")
    to = ", ".join(part for part in (readers, others) if part)
    parts = [f"{', '.join(subscription.topics)} to {to}"]
    parts.append(f"{schedule_words(subscription.schedule)} {subscription.timezone}")
    if subscription.instant:
        parts.append(f"at once from {subscription.instant.min_score:g}")
    if subscription.quiet and subscription.instant:
        parts.append(f"but not {subscription.quiet.start:%H:%M}-{subscription.quiet.end:%H:%M}")
    if subscription.outlets:
        parts.append(f"only {counted(len(subscription.outlets), 'outlet')}")
    return f"{subscription.id}: {', '.join(parts)}"


def reader_words(reader: Recipient, language: str) -> str:
    """A mailbox, with the language in which it is written to if that is not English."""
    spoken = reader.language or language
    return reader.address if spoken == "en" else f"{reader.address} ({spoken})"


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


def publish_line(config: Config) -> str:
    """Which feeds are written where, on one line."""
    publish = config.publish
    if publish is None:
        return "none"
    reached = f", reached at {publish.base_url}" if publish.base_url else ""
    return f"{counted(publish.entries, 'story', 'stories')} a feed in {publish.folder}{reached}"


def operator_line(config: Config) -> str:
    """Who is told how the machine fares, on one line."""
    operator = config.operator
    if operator is None:
        return "nobody"
    readers = ", ".join(reader_words(one, operator.language) for one in operator.recipients)
    return f"{readers}, {schedule_words(operator.schedule)} {operator.timezone}"
