"""`tipwatch demo`: a newsroom of our own on loopback, a real crawl of it, a real digest, and the mail as files."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import out, say
from tipwatch.errors import FAILED, OK

if TYPE_CHECKING:
    from alerts.digest import DigestEntry
    from tipwatch.demo.check import Comparison
    from tipwatch.demo.site import Newsroom
    from tipwatch.rounds.digesting import DigestResult
    from tipwatch.rounds.tally import Tally

STORIES_SHOWN = 8
MISSES_SHOWN = 5
MAIL_SUFFIXES = (".html", ".txt", ".eml")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo did.

    Attributes:
        first, second: two digest rounds in a row; the second must have nothing to send.
        files: of the mails, absolute.
    """

    tally: Tally
    first: DigestResult
    second: DigestResult
    comparison: Comparison
    files: tuple[Path, ...]
    config_path: Path


def demo_command(
    folder: Annotated[
        Path, typer.Option(help="Where database and mail go; emptied if an earlier demo wrote it.")
    ] = Path("demo-mail"),
    stay: Annotated[
        bool,
        typer.Option("--stay", help="Keep the newsroom open until Ctrl-C, so that links in the mail work."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Watch it work: an invented newsroom on loopback, a real crawl and digest, the mail as files. No internet."""
    from tipwatch.clock import utc_now
    from tipwatch.demo.desk import clear_desk
    from tipwatch.demo.site import serve

    clear_desk(folder)
    with serve(now=utc_now()) as newsroom:
        if not as_json:
            welcome(newsroom)
        shown = work(newsroom, folder)
        if as_json:
            out(json.dumps(as_object(shown), ensure_ascii=False))
        else:
            report(shown)
        if stay:
            stay_open()
    raise typer.Exit(exit_code(shown))


def stay_open() -> None:
    """Return when the reader presses Ctrl-C."""
    # the crawl that ran before has put handlers of its own in place of Python's
    signal.signal(signal.SIGINT, signal.default_int_handler)
    say("the newsroom stays open, so that the links work; Ctrl-C closes it")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        say("closed")


def work(newsroom: Newsroom, folder: Path) -> Shown:
    """Crawl the newsroom and send its digest, twice, through the same rounds as `crawl` and `digest send`."""
    from pipeline.rules import load_packs
    from tipwatch.cli.crawl import progress_bar
    from tipwatch.clock import utc_now
    from tipwatch.config import load_config
    from tipwatch.demo.check import compare
    from tipwatch.demo.desk import write_config
    from tipwatch.opening import open_configured_store
    from tipwatch.rounds.crawling import CrawlOrder, crawl_round
    from tipwatch.rounds.digesting import DigestOrder, digest_round

    config_path = write_config(folder, newsroom.sources)
    # an empty environment: neither the operator's database nor a proxy has a part in the demo
    config = load_config(config_path, env={})
    pack = load_packs(config.packs)
    at_once = DigestOrder(now=True)
    with open_configured_store(config, now=utc_now()) as store:
        with progress_bar() as show:
            tally = crawl_round(config, store, CrawlOrder(), show)
        first = digest_round(config, store, pack, at_once)
        second = digest_round(config, store, pack, at_once)
        found = {url: store.pages.find(url) for url in newsroom.truth}
    comparison = compare(
        newsroom.truth, lambda url: page.outcome if (page := found[url]) is not None else None
    )
    return Shown(tally, first, second, comparison, tuple(mail_files(first)), config_path)


def mail_files(result: DigestResult) -> Iterator[Path]:
    """The files of every mail that was written: HTML, text and the mail itself."""
    for delivery in result.delivered.deliveries:
        if delivery.where:
            eml = Path(delivery.where)
            yield from (path for suffix in MAIL_SUFFIXES if (path := eml.with_suffix(suffix)).exists())


def exit_code(shown: Shown) -> int:
    """0: a digest was written, a second round sent nothing, and every URL of the newsroom has its outcome; else 1."""
    good = shown.files and not shown.first.undelivered and not shown.second.delivered.deliveries
    return OK if good and not shown.comparison.open else FAILED


def welcome(newsroom: Newsroom) -> None:
    """Say what is about to be read."""
    languages = {expected.language for expected in newsroom.truth.values()}
    out(
        f"The newsroom: {len(newsroom.sources)} invented outlets, {len(newsroom.truth)} articles "
        f"in {len(languages)} languages, on 127.0.0.1."
    )
    out(
        "One outlet is down, one feed breaks off, one page is closed to robots, one answers an error, one hangs parsers.\n"
    )


def report(shown: Shown) -> None:
    """Say what was found, what the digest holds, how right it is, and where the mail lies."""
    from tipwatch.cli.crawl import print_table

    print_table(shown.tally)
    for built in shown.first.built:
        if built.digest is not None:
            for line in story_lines(built.digest.entries):
                out(line)
    out("\nHeld against what the newsroom knows:")
    for line in check_lines(shown.comparison):
        out(f"  {line}")
    again = len(shown.second.delivered.deliveries)
    out(
        "\nA second digest round had nothing to send."
        if not again
        else f"\nA second digest round sent {again} mails!"
    )
    out("The mail:" if shown.files else "No mail was written.")
    for path in shown.files:
        out(f"  {path}")
    out(f"Look further:  {typed()} --config {shown.config_path} stories")


def typed() -> str:
    """What the reader types for tipwatch: the ``tw`` next to the environment that runs, or ``tipwatch``."""
    wrapper = Path(sys.prefix).parent / "tw"
    if not wrapper.is_file():
        return "tipwatch"
    return "./tw" if wrapper.parent == Path.cwd() else str(wrapper)


def story_lines(entries: Sequence[DigestEntry]) -> Iterator[str]:
    """The digest's stories, those told by most outlets first."""
    yield f"\nThe digest holds {len(entries)} stories; told most often:"
    widest = sorted(entries, key=lambda entry: len(entry.copies), reverse=True)
    yield from (story_line(entry) for entry in widest[:STORIES_SHOWN])
    if len(entries) > STORIES_SHOWN:
        yield f"  and {len(entries) - STORIES_SHOWN} more"


def story_line(entry: DigestEntry) -> str:
    """A story of the digest: its headline, who had it first, and how many others have it."""
    headline = "".join(segment.text for segment in entry.headline)
    others = len(entry.copies)
    also = f", and {others} more {'article' if others == 1 else 'articles'}" if others else ""
    return f"  {headline}\n      {entry.outlet}{also}"


def check_lines(comparison: Comparison) -> Iterator[str]:
    """How right the watch was, in lines for people, the misses named."""
    for topic, expected in comparison.expected.items():
        yield f"{topic}: {comparison.found[topic]} of {expected} articles found"
    yield f"near misses and other news: {len(comparison.false)} of {comparison.near + comparison.other} taken for coverage"
    for what, urls in (("missed", comparison.missed), ("wrong", comparison.false), ("lost", comparison.open)):
        yield from (f"{what}: {url}" for url in urls[:MISSES_SHOWN])


def as_object(shown: Shown) -> dict[str, object]:
    """The demo as one JSON object."""
    from tipwatch.cli.crawl import as_object as crawl_object
    from tipwatch.cli.digest import result_object

    comparison = shown.comparison
    return {
        "crawl": crawl_object(shown.tally),
        "digest": result_object(shown.first),
        "second_digest": result_object(shown.second),
        "expected": dict(comparison.expected),
        "found": dict(comparison.found),
        "missed": list(comparison.missed),
        "false": list(comparison.false),
        "lost": list(comparison.open),
        "files": [str(path) for path in shown.files],
        "config": str(shown.config_path),
    }
