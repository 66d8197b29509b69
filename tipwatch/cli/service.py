"""`tipwatch run`: the daemon."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch import logs
from tipwatch.cli.context import Context, counted, say

if TYPE_CHECKING:
    from pipeline.rules import RulePack
    from pipeline.store import Store
    from tipwatch.config import Config


def run_command(
    ctx: typer.Context,
    crawl_tick: Annotated[
        float, typer.Option(hidden=True, help="Seconds between looks for due sources.")
    ] = 15.0,
    digest_tick: Annotated[
        float, typer.Option(hidden=True, help="Seconds between looks for due digests.")
    ] = 20.0,
) -> None:
    """Run the daemon: crawl what is due, send digests when their window is over, until SIGTERM or Ctrl-C."""
    from tipwatch.current_rules import CurrentRules
    from tipwatch.daemon import Daemon, Duties, crawl_command
    from tipwatch.instance import sole_instance

    context: Context = ctx.obj
    logs.set_up(verbose=context.verbose, level=logging.INFO)
    config, pack = context.config_and_pack()
    with context.store(config) as store, sole_instance(store):
        what = (
            f"{counted(len(config.sources), 'source')}, {counted(len(config.subscriptions), 'subscription')}"
        )
        say(f"tipwatch is running: {what}; stop with Ctrl-C or SIGTERM")
        rules = CurrentRules(
            pack, [config.path, *config.packs, *pack.files], lambda: edited_rules(context, config)
        )
        duties = Duties(
            crawl_due=lambda: crawl_due(config, store),
            crawl_command=crawl_command(str(context.config_path) if context.config_path else None),
            digest=lambda stopping: digest(config, store, rules.now(), stopping),
        )
        Daemon(duties, crawl_tick_s=crawl_tick, digest_tick_s=digest_tick).run()
        say("tipwatch has stopped")


def edited_rules(context: Context, config: Config) -> tuple[RulePack, list[str | Path]]:
    """The rules of the packs that the configuration file names now, as crawls use them, and their files.

    Raises ConfigError, RuleError.
    """
    from tipwatch.opening import check_topics

    edited, pack = context.config_and_pack()
    check_topics(config, pack)  # what we serve still names what it named at our start
    return pack, [edited.path, *edited.packs, *pack.files]


def crawl_due(config: Config, store: Store) -> bool:
    """Whether any source is due."""
    from tipwatch.clock import utc_now

    return bool(store.sources.due(config.sources, utc_now(), config.crawl.poll_every_s))


def digest(config: Config, store: Store, pack: RulePack, stopping: Callable[[], bool]) -> None:
    """One digest round, with a line in the log for what was sent or went wrong."""
    from tipwatch.rounds.digesting import DigestOrder, digest_round

    result = digest_round(config, store, pack, DigestOrder(), stop=stopping)
    log = logging.getLogger("tipwatch.digest")
    for line in result.lines():
        log.info(line)
    tell_operator(config, store, pack, stopping)
    publish(config, store, pack)


def tell_operator(config: Config, store: Store, pack: RulePack, stopping: Callable[[], bool]) -> None:
    """The operator's mail, when it is due; whatever goes wrong with it holds up no digest."""
    from tipwatch.rounds.operating import operator_round

    log = logging.getLogger("tipwatch.operator")
    try:
        told = operator_round(config, store, pack, stop=stopping)
    except Exception:  # the border of another kind of work: digests go on, and so does the daemon
        log.exception("the operator's mail could not be built; it is tried again in the next round")
        return
    if told.report is not None:
        needs = ", ".join(f"{need.kind}={need.count}" for need in told.report.needs) or "all well"
        log.info("operator's mail: %s", needs)


def publish(config: Config, store: Store, pack: RulePack) -> None:
    """Bring the published feeds up to date; whatever goes wrong with them holds up no digest."""
    from tipwatch.rounds.publishing import publish_round

    log = logging.getLogger("tipwatch.publish")
    try:
        result = publish_round(config, store, pack)
    except Exception:  # the border of another kind of work: digests go on, and so does the daemon
        log.exception("the feeds could not be written; it is tried again in the next round")
        return
    if result.written:
        log.info("feeds: %d files say something new", len(result.written))
    if result.problem:
        log.warning(result.problem)
