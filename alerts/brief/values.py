"""What a brief says, as values ready to be set; nothing here knows an article or a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from alerts.digest import DayCount, DigestEntry, Segment


@dataclass(frozen=True, slots=True)
class Counts:
    """How much coverage there was; countries and languages count only where they are known."""

    stories: int = 0
    articles: int = 0
    outlets: int = 0
    countries: int = 0
    languages: int = 0


@dataclass(frozen=True, slots=True)
class BriefStory:
    """A story told in full.

    Attributes:
        entry: as a digest would show it, with the period's articles only.
        day: on which the timeline has it, in the brief's zone; within the period.
        bodies: names of bodies that its first report names, the first first.
        quote: the sentence that tells most, with the words marked; empty when there is none.
        continued: it began before the period.
    """

    entry: DigestEntry
    day: date
    bodies: tuple[str, ...] = ()
    quote: tuple[Segment, ...] = ()
    continued: bool = False


@dataclass(frozen=True, slots=True)
class ListedStory:
    """A story told in one line of the annex. `day` as for `BriefStory`; `outlets`: how many carry it."""

    day: date
    headline: str
    url: str
    outlet: str
    language: str | None
    outlets: int


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a spread. `key`: an ISO code or a name; None: not known."""

    key: str | None
    articles: int
    stories: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Where coverage came from, most articles first. `outlets` may be cut: `Counts.outlets` has them all."""

    countries: tuple[Share, ...] = ()
    languages: tuple[Share, ...] = ()
    outlets: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Bodies:
    """Bodies that the period's stories name.

    Attributes:
        named: the name and in how many stories, most stories first.
        new: those of them that no report of the `weeks` before named.
        weeks: how far back that was looked up; 0 when there is nothing to compare with.
    """

    named: tuple[tuple[str, int], ...] = ()
    new: tuple[str, ...] = ()
    weeks: int = 0


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source that needs a look. `failures`: visits in a row in which no feed answered."""

    name: str
    last_success_at: datetime | None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class SourcesHealth:
    """How the sources do when the brief is made.

    Attributes:
        known: sources of the configuration.
        read: those of them that brought an article in the period, on a topic or not.
        failing: whose feeds did not answer at the last visit, or that were never visited.
        silent: that answer, and brought no article in the period.
        last_success_at: when a source was last read without a failure, aware UTC; None: never.
    """

    known: int = 0
    read: int = 0
    failing: tuple[SourceState, ...] = ()
    silent: tuple[SourceState, ...] = ()
    last_success_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """How the stories were chosen.

    Attributes:
        topics: their titles.
        rules_version: of the rules in force when the brief is made.
        articles_read: all that came in in the period, on a topic or not.
        languages, countries: to which the choice is limited (ISO codes); empty: all.
        outlets: names of those to which it is limited; empty: all.
        min_score: 0 to 1.
    """

    topics: tuple[str, ...]
    rules_version: str
    articles_read: int = 0
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    min_score: float = 0.0


@dataclass(frozen=True, slots=True)
class Brief:
    """What a brief says of a period.

    Attributes:
        title: whose brief it is: a subscription's or a topic's title.
        start, end: aware UTC; start inclusive, end exclusive. Both are midnights in `timezone`.
        first_day, last_day: the period in `timezone`, both inclusive.
        made_at: when it was made, aware UTC; before `end` the period is not over.
        language: of everything we say ourselves.
        stories: told in full, most important first; `further`: in the annex, oldest first; `uncounted`: in neither.
        before: as much time before; None when nothing or not all of it was read, so that there is nothing to compare with.
        read_since: when the first article of all was read, aware UTC; None: never.
        days: every day of the period, oldest first.
    """

    title: str
    start: datetime
    end: datetime
    first_day: date
    last_day: date
    timezone: str
    made_at: datetime
    method: Method
    language: str = "en"
    counts: Counts = Counts()
    before: Counts | None = None
    read_since: datetime | None = None
    bodies: Bodies = Bodies()
    stories: tuple[BriefStory, ...] = ()
    further: tuple[ListedStory, ...] = ()
    uncounted: int = 0
    spread: Spread = Spread()
    days: tuple[DayCount, ...] = ()
    health: SourcesHealth = SourcesHealth()

    @property
    def weekly(self) -> bool:
        """Whether the period is seven days long."""
        return (self.last_day - self.first_day).days == 6
