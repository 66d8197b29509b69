"""`tipwatch sources health`: how each source fares by its own history, the worst off first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, counted, out, printable, say, table_console
from tipwatch.errors import FAILED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tipwatch.sources_health import SourceState

REASONS_SHOWN = 2


def health_command(
    ctx: typer.Context,
    problems: Annotated[
        bool, typer.Option("--problems", help="Only sources somebody should look at.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    fail_on_problems: Annotated[
        bool, typer.Option("--fail-on-problems", help="Exit 1 when there is any problem.")
    ] = False,
) -> None:
    """Silent, failing, suddenly short, blocked, moved: each source judged by its own history."""
    from tipwatch.clock import utc_now
    from tipwatch.sources_health import health_of

    context: Context = ctx.obj
    config = context.config()
    now = utc_now()
    with context.store(config) as store:
        states = health_of(store, config, now)
    troubled = [one for one in states if one.has_problem]
    shown = troubled if problems else list(states)
    if as_json:
        out(json.dumps(as_object(shown, now), ensure_ascii=False))
    else:
        tell(shown, now)
        say(f"{counted(len(states), 'source')}, {len(troubled)} with a problem")
    if fail_on_problems and troubled:
        raise typer.Exit(FAILED)


def tell(states: Sequence[SourceState], now: datetime) -> None:
    """The table, sorted by trouble."""
    from rich.table import Table
    from rich.text import Text

    if not states:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("source", "state"):
        table.add_column(heading, overflow="fold")
    for heading in ("new", "usual", "read", "due"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("what, and what to do", overflow="fold")
    for one in states:
        cells = (
            one.id,
            str(one.state),
            f"{one.new_yesterday}+{one.new_today}",
            "-" if one.usual_per_day is None else f"{one.usual_per_day:g}",
            since(one.last_success_at, now),
            until(one.next_due_at, now),
            what(one, now),
        )
        style = "red" if one.has_problem else None
        table.add_row(*(Text(printable(cell)) for cell in cells), style=style)
    table_console().print(table)
    say(
        "new: yesterday + today (UTC); usual: median a day of 28 days; read: since the last success; due: next visit in"
    )


def what(one: SourceState, now: datetime) -> str:
    """All findings and the most frequent failures of pages, each on its line."""
    lines = []
    for finding in one.findings:
        when = f", for {since(finding.since, now)}" if finding.since else ""
        advice = f" -> {finding.advice}" if finding.advice else ""
        lines.append(f"{finding.what}{when}{advice}")
    reasons = list(one.page_failures.items())
    lines += [f"pages: {reason} ({count})" for reason, count in reasons[:REASONS_SHOWN]]
    return "\n".join(lines)


def since(moment: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit."""
    return "never" if moment is None else stretch((now - moment).total_seconds())


def until(moment: datetime | None, now: datetime) -> str:
    """How long from now; ``now`` when it is over."""
    if moment is None or moment <= now:
        return "now"
    return stretch((moment - now).total_seconds())


def stretch(seconds: float) -> str:
    """``12 min``, ``5 h``, ``3 d``."""
    minutes = max(0.0, seconds / 60)
    if minutes < 120:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 48 * 60 else f"{minutes / 1440:.0f} d"


def as_object(states: Sequence[SourceState], now: datetime) -> dict[str, object]:
    """The contract of --json."""
    from tipwatch.jsonl import stamp

    counts: dict[str, int] = {}
    for one in states:
        counts[one.state] = counts.get(one.state, 0) + 1
    return {"at": stamp(now), "states": counts, "sources": [source_object(one) for one in states]}


def source_object(one: SourceState) -> dict[str, object]:
    """A source's health as JSON; times are UTC or null."""
    return {
        "id": one.id,
        "name": one.name,
        "tier": one.tier,
        "state": one.state.value,
        "problem": one.has_problem,
        "findings": [
            {
                "state": finding.state.value,
                "what": finding.what,
                "since": at(finding.since),
                "advice": finding.advice or None,
            }
            for finding in one.findings
        ],
        "last_success_at": at(one.last_success_at),
        "last_failure_at": at(one.last_failure_at),
        "failures_in_a_row": one.failures,
        "last_problem": one.last_problem or None,
        "last_new_at": at(one.last_new_at),
        "next_due_at": at(one.next_due_at),
        "every_s": one.every_s,
        "new_today": one.new_today,
        "new_yesterday": one.new_yesterday,
        "usual_per_day": one.usual_per_day,
        "last_gap_at": at(one.last_gap_at),
        "gaps": one.gaps,
        "page_failures": dict(one.page_failures),
        "lists": [
            {
                "url": listed.url,
                "kind": listed.kind,
                "result": listed.result,
                "at": at(listed.at),
                "entries": listed.entries,
                "problem": listed.problem or None,
                "failures_in_a_row": listed.failures,
                "moved_to": listed.moved_to,
                "moved_since": at(listed.moved_since),
                "gone_at": at(listed.gone_at),
            }
            for listed in one.lists
        ],
        "days": [{**day._asdict(), "day": day.day.isoformat()} for day in one.days],
    }


def at(moment: datetime | None) -> str | None:
    """A time as all JSON of ours has it."""
    from tipwatch.jsonl import stamp

    return None if moment is None else stamp(moment)
