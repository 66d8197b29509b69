"""``tipwatch rules misses``: the missed-coverage log, asked again by the rules of today."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.classify import chosen_pack
from tipwatch.cli.context import Context, counted, out, printable, say, tell_problems
from tipwatch.errors import PARTLY_FAILED

if TYPE_CHECKING:
    from pipeline.rules import RulePack
    from tipwatch.lab.misses import Retrial


def misses_command(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """List the missed-coverage log: what was filed, by whom, and what the rules say of it now."""
    problems: list[str] = []
    retrials = retried(ctx, chosen_pack(ctx, None), problems)
    tell_problems(problems)
    for each in retrials:
        out(json.dumps(retrial_object(each), ensure_ascii=False) if as_json else retrial_line(each))
    if not retrials:
        say("no miss is filed: `tipwatch explain URL --file-miss` files one")
    raise typer.Exit(PARTLY_FAILED if problems else 0)


def retrial_object(each: Retrial) -> dict[str, object]:
    """A filed miss as JSON."""
    from dataclasses import asdict

    return {**asdict(each.miss), "passes": each.passes, "why": each.why}


def tell_retrials(retrials: list[Retrial], *, only_misses: bool) -> None:
    """Say which filed misses are still missed."""
    if not retrials:
        if only_misses:
            out("no miss is filed: `tipwatch explain URL --file-miss` files one")
        return
    still = [each for each in retrials if each.passes is False]
    for each in still:
        out(retrial_line(each))
    untried = sum(each.passes is None for each in retrials)
    never = f", {untried} never read" if untried else ""
    out(f"{counted(len(retrials), 'filed miss', 'filed misses')}: {len(still)} still wrong{never}")


def retrial_line(each: Retrial) -> str:
    """One filed miss, for people."""
    miss = each.miss
    state = {True: "right now", False: "still wrong", None: "not tried"}[each.passes]
    wanted = "missed by" if miss.wanted else "false alarm of"
    note = f" | {miss.note}" if miss.note else ""
    why = f" ({each.why})" if each.why else ""
    head = f"{miss.filed_at[:10]} {miss.filed_by}: {wanted} {miss.topic}, {state}{why}"
    return printable(f"{head}: {miss.title or miss.url}{note}")


def retried(ctx: typer.Context, rules: RulePack, problems: list[str]) -> list[Retrial]:
    """Every filed miss, asked again; what was never read when it was filed is looked for in the archive."""
    from tipwatch.lab.misses import filed_text, log_path, read_misses, try_again
    from tipwatch.lab.reading import rule_text

    context = ctx.obj if isinstance(ctx.obj, Context) else Context()
    config = context.config()
    misses = list(read_misses(log_path(config), problems))
    unread = {miss.url for miss in misses if miss.url and filed_text(miss) is None}
    texts = {}
    if unread:
        with context.store(config) as store:
            records = {url: store.articles.find(url) for url in unread}
        texts = {url: rule_text(config, record.article) for url, record in records.items() if record}
    return [try_again(rules, miss, texts.get(miss.url)) for miss in misses]
