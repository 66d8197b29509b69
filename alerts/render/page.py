"""The mail as values ready to be set: what the templates see, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.digest import Segment


@dataclass(frozen=True, slots=True)
class Link:
    """Where a headline leads: an address that may be linked, and whose it is."""

    url: str
    domain: str


@dataclass(frozen=True, slots=True)
class CopyView:
    """One line under "Also in"; `title` only where the outlet used its own words."""

    outlet: str
    link: Link | None
    facts: str
    title: str
    language: str | None
    direction: str


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One line under "Why it is here"."""

    label: str
    quote: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class SpreadView:
    """Who had it first and how far it went; `before` and `behind` stand around the outlet's name."""

    before: str
    outlet: str
    link: Link | None
    behind: str
    counts: str


@dataclass(frozen=True, slots=True)
class StageView:
    """How far the act has come: the words, and `tone` (``early``, ``near``, ``done`` or ``ended``) for their colour."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class DiscrepancyView:
    """One line under "Where reports differ": the point, and each version with who says so."""

    what: str
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One story; `earlier` is the headline under which it was told before, for an update."""

    number: int
    topics: str
    relevance: str
    headline: tuple[Segment, ...]
    link: Link | None
    outlet: str
    facts: str
    stage: StageView | None
    warning: str
    spread: SpreadView | None
    lead: tuple[Segment, ...]
    why: tuple[ReasonView, ...]
    citing: str
    discrepancies: tuple[DiscrepancyView, ...]
    copies: tuple[CopyView, ...]
    more_copies: str
    language: str | None
    direction: str
    told: str = ""
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """Stories under a heading of their own; `more` says what of them is not shown, `note` what they are."""

    heading: str
    note: str
    entries: tuple[EntryView, ...]
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the chart: its height in pixels, 0 for a day without articles, and as a block character."""

    height: int
    block: str


@dataclass(frozen=True, slots=True)
class ChartView:
    """Coverage by day: bars, the last of them today's; the caption says in words what they show."""

    bars: tuple[Bar, ...]
    caption: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class FloodView:
    """That far more came than usual, and how it is folded."""

    heading: str
    came: str
    folded: str


@dataclass(frozen=True, slots=True)
class DigestView:
    """The whole mail."""

    language: str
    title: str
    subject: str
    day: str
    span: str
    summary: str
    chart: ChartView | None
    attached: str
    flood: FloodView | None
    entries: tuple[EntryView, ...]
    briefs: tuple[EntryView, ...]
    more: tuple[str, ...]
    updates: SectionView | None
    late: tuple[SectionView, ...]
    labels: dict[str, str]
    foot: str
    why_you: str
    machine: str
