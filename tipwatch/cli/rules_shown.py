"""What the rule lab prints: samples with marked words, forecasts and diffs, for people and as JSON."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tipwatch.cli.context import counted, printable
from tipwatch.errors import UsageError

if TYPE_CHECKING:
    from rich.text import Text

    from alerts.digest import Segment
    from pipeline.article import Evidence
    from pipeline.rules import RulePack
    from tipwatch.lab.backtest import Backtest, Shift, TopicDiff
    from tipwatch.lab.forecast import Noise
    from tipwatch.lab.trial import Sample, Trial

#: weeks shown of a forecast, the last ones
MOST_WEEKS = 8
EMPTY = "the archive is empty: `tipwatch crawl` fills it, or `tipwatch import FILE.jsonl` takes in articles from elsewhere"
NONE_SINCE = "no article came in since then: name an earlier time with --since"


def since_when(text: str | None, now: datetime) -> datetime | None:
    """The moment of ``30d``, ``12h``, ``8w`` (before now) or of a date; None for None. Raises UsageError."""
    if text is None:
        return None
    number, unit = text[:-1], text[-1:]
    units = {"h": "hours", "d": "days", "w": "weeks"}
    if unit in units and number.isdecimal() and len(number) <= 5:
        return now - timedelta(**{units[unit]: int(number)})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--since {text}: write 30d, 8w, 12h, or a date such as 2026-11-12") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@contextlib.contextmanager
def reading_bar(total: int, what: str = "articles") -> Iterator[Callable[[int], None]]:
    """A function to be called with how many were read; draws on stderr if that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _read: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task(what, total=total)
        yield lambda read: progress.update(task, completed=read)


def in_words(segments: Sequence[Segment], *, terminal: bool) -> Text:
    """A quote with its words marked: in reverse on a terminal, in asterisks elsewhere."""
    from rich.text import Text

    shown = Text()
    for segment in segments:
        text = printable(segment.text)
        if segment.marked and not terminal:
            shown.append(f"*{text}*")
        else:
            shown.append(text, style="reverse" if segment.marked else "")
    return shown


def sample_lines(pack: RulePack, sample: Sample, *, terminal: bool) -> Iterator[Text]:
    """An article found: its head, and the sentences that made it so."""
    from rich.text import Text

    from tipwatch.quoting import reasons

    article, match = sample.record.article, sample.match
    when = article.published.at if article.published else sample.record.first_seen_at
    head = f"{when:%Y-%m-%d}  {article.outlet} [{article.language or '?'}]  {printable(article.title)}"
    yield Text(f"{head}  (number {sample.record.id})", style="bold" if terminal else "")
    for reason in reasons(article, match, pack.label, pack.decisive(match.topic)):
        yield Text(f"    {reason.label}: ").append(in_words(reason.quote, terminal=terminal))


def noise_lines(noise: Noise) -> Iterator[str]:
    """A forecast for people."""
    if noise.articles and not noise.counted and noise.days:
        basis = "came in during" if noise.by_arrival else "is dated within"
        yield f"noise forecast: next to nothing; none of what was found {basis} the {counted(noise.days, 'day')} that are counted"
        return
    if noise.articles_a_week is None or noise.entries_a_week is None:
        yield "noise forecast: none, no article has a date to count by"
        return
    basis = (
        f"by when articles came in, over {counted(noise.days, 'day')} (without the first day, which brings the feeds' backlog)"
        if noise.by_arrival
        else f"by the articles' own dates, over {counted(noise.days, 'day')}: the archive is young, take it as a hint"
    )
    yield f"noise forecast, {basis}:"
    yield f"  {noise.articles_a_week:.1f} articles a week, {noise.entries_a_week:.1f} entries a week in a daily digest"
    if noise.weeks:
        weeks = ", ".join(f"{day_words(week)} {number}" for week, number in noise.weeks[-MOST_WEEKS:])
        yield f"  by week (from Monday): {weeks}"
    for name, shares in (("outlet", noise.outlets), ("language", noise.languages)):
        if shares:
            yield f"  by {name}: {', '.join(f'{each} {number}' for each, number in shares)}"


def day_words(day: date) -> str:
    """Such as ``9 Nov``."""
    return f"{day.day} {day:%b}"


def noise_object(noise: Noise) -> dict[str, Any]:
    """A forecast as JSON."""
    return {
        "articles": noise.articles,
        "days": noise.days,
        "counted_by": "arrival" if noise.by_arrival else "publication",
        "articles_a_week": rounded(noise.articles_a_week),
        "entries_a_week": rounded(noise.entries_a_week),
        "weeks": {week.isoformat(): number for week, number in noise.weeks},
        "outlets": dict(noise.outlets),
        "languages": dict(noise.languages),
    }


def rounded(number: float | None) -> float | None:
    """To two places."""
    return None if number is None else round(number, 2)


def evidence_object(evidence: Evidence) -> dict[str, Any]:
    """A piece of evidence as JSON."""
    return {
        "clause": evidence.clause,
        "field": evidence.field,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
    }


def trial_object(trial: Trial) -> dict[str, Any]:
    """A trial as JSON."""
    return {
        "read": trial.read,
        "found": trial.noise.articles,
        "newest": [
            {
                "id": sample.record.id,
                "title": sample.record.article.title,
                "outlet": sample.record.article.outlet,
                "language": sample.record.article.language,
                "url": sample.record.article.url,
                "first_seen_at": sample.record.first_seen_at.isoformat(),
                "evidence": [evidence_object(each) for each in sample.match.evidence],
            }
            for sample in trial.newest
        ],
        "forecast": noise_object(trial.noise),
    }


def diff_lines(found: Backtest, topic: str, most: int) -> Iterator[str]:
    """What an edit does to one topic, for people."""
    diff = found.topics[topic]
    before, after = found.noise(topic)
    yield f"{topic}: adds {diff.adds}, drops {diff.drops}, {diff.stays} stay{week_words(before, after)}"
    for sign, shifts, number in (("+", diff.added, diff.adds), ("-", diff.dropped, diff.drops)):
        for shift in shifts[:most]:
            yield from shift_lines(sign, shift)
        if number > most:
            yield f"  {sign} and {number - min(most, len(shifts))} more (--limit shows them)"


def week_words(before: Noise, after: Noise) -> str:
    """How an edit changes what a topic sends in a week."""
    if before.entries_a_week is None or after.entries_a_week is None:
        return ""
    return f"; entries a week: {before.entries_a_week:.1f} before, {after.entries_a_week:.1f} after"


def shift_lines(sign: str, shift: Shift) -> Iterator[str]:
    """One article that an edit adds (+) or drops (-): what decided on either side."""
    yield f"  {sign} {printable(shift.title)}  ({shift.outlet} [{shift.language or '?'}], number {shift.id})"
    is_on, is_not = ("now", "before") if sign == "+" else ("before", "now")
    yield f"      {is_on} {shift.score:.2f}: {', '.join(shift.found) or 'no words kept'}"
    if shift.lacking:
        yield f"      {is_not} not: {shift.lacking}"


def backtest_object(found: Backtest) -> dict[str, Any]:
    """A diff as JSON."""
    return {
        "old": found.old or None,
        "new": found.new,
        "read": found.period.articles,
        "topics": {topic: diff_object(found, topic, diff) for topic, diff in found.topics.items()},
    }


def diff_object(found: Backtest, topic: str, diff: TopicDiff) -> dict[str, Any]:
    """One topic's diff as JSON."""
    before, after = found.noise(topic)
    return {
        "stays": diff.stays,
        "adds": diff.adds,
        "drops": diff.drops,
        "added": [asdict(shift) for shift in diff.added],
        "dropped": [asdict(shift) for shift in diff.dropped],
        "forecast": {"before": noise_object(before), "after": noise_object(after)},
    }
