"""One source tried out: what its lists give now, what their first articles come to, and which rules of robots.txt apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.middlewares.robots import rules_of
from crawler.novelty import moment_of
from crawler.page import Entry, FailureKind, FeedReport, FeedResult, FetchFailure, ListKind, RobotsCopy
from crawler.source import Listing, Source
from crawler.urls import same_site
from crawler.worker import Broken
from tipwatch.config import Config
from tipwatch.rounds.crawling import default_manners
from tipwatch.sources_gist import Gist, read_gist
from tipwatch.sources_identity import free_id
from tipwatch.sources_trial import Came, PageRead, Trial, Wish, try_out

#: articles fetched for one list, and for all lists of a source together
PER_LIST = 3
ARTICLES = 12
#: shorter texts of several articles mean that their pages are not read as they should be
SHORT_CHARS = 300
OLD = timedelta(days=30)

#: what to do about a list that cannot be read (docs/how-to/add-a-source.md)
ADVICE: Mapping[FailureKind, str] = {
    FailureKind.ROBOTS: "robots.txt keeps us out: ask the outlet, or leave it",
    FailureKind.ADDRESS: "the name leads into a private network: if it is yours, name it in crawl.allow_networks",
    FailureKind.URL: "write a whole http or https URL",
    FailureKind.DNS: "is the name spelled right? If so, try again tomorrow",
    FailureKind.CONNECT: "nothing answers: try again tomorrow, then look for its new address",
    FailureKind.TLS: "its certificate is bad: tell the outlet; verify_tls: false only if you know why",
    FailureKind.TIMEOUT: "too slow: try again later, or raise crawl.page_timeout",
    FailureKind.BUSY: "it asks us to come later: raise the source's delay",
    FailureKind.REDIRECT: "open it in a browser and write down where it ends",
    FailureKind.TOO_LARGE: "larger than we read: is there a shorter list?",
    FailureKind.TRUNCATED: "the answer broke off: try again",
    FailureKind.EMPTY: "nothing in it: is it still in use?",
    FailureKind.NOT_TEXT: "this is no list: find another address with `tipwatch sources discover`",
    FailureKind.PARSE: "this is not what it is configured as: `tipwatch sources discover` its site",
    FailureKind.PARSE_KILLED: "reading it took too long: is there a shorter list?",
}
_STATUS_ADVICE = {
    401: "it asks for a login: ask the outlet",
    403: "it turns robots away: ask the outlet, or look for another list of theirs",
    404: "it has moved: `tipwatch sources discover` its site",
    406: "it turns robots away: ask the outlet, or look for another list of theirs",
    410: "it is gone for good: remove it",
    451: "closed for legal reasons where you are",
}


@dataclass(frozen=True, slots=True)
class ArticleTried:
    """An article of a list: what became of its page. `problem` is empty when it was read."""

    url: str
    gist: Gist
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ListTried:
    """A list as it is now.

    Attributes:
        report: None when the crawl ended before it was asked for.
        newest: when its newest entry was published, as far as it says.
        own: share of its entries that are on its own site, 0 to 1.
        problems: in words, each with what to do.
    """

    url: str
    kind: ListKind
    report: FeedReport | None
    newest: datetime | None = None
    own: float = 1.0
    articles: tuple[ArticleTried, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RobotsTried:
    """What a robots.txt means for us. `refused`: addresses of the source that it forbids."""

    origin: str
    status: int
    delay_s: float
    refused: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A source tried out."""

    source: Source
    is_configured: bool
    lists: tuple[ListTried, ...]
    robots: tuple[RobotsTried, ...]

    @property
    def problems(self) -> int:
        """How many there are."""
        return sum(len(one.problems) for one in self.lists) + sum(bool(one.problem) for one in self.robots)


def source_at(url: str, config: Config) -> Source:
    """A source for a lone address: a feed or, by its name, a sitemap; others are told to be discovered."""
    kind = "sitemaps" if "sitemap" in urlsplit(url).path.lower() else "feeds"
    host = urlsplit(url).hostname or "source"
    made = Source(id=free_id((host,), ()), name=host, manners=default_manners(config))
    return replace(made, **{kind: (url,)})  # type: ignore[arg-type]  # one of two fields of the same type


def check(source: Source, config: Config, now: datetime, *, is_configured: bool = True) -> Checked:
    """Ask for each list once, and for the first articles of each; nothing is kept.

    Raises:
        CrawlError: the crawl itself could not be run.
    """
    alone = list(one_by_one(source))
    share = max(1, min(PER_LIST, ARTICLES // max(1, len(alone))))
    wishes = [Wish(replace(one, id=str(place)), follow=share) for place, (_, _, one) in enumerate(alone)]
    trial = try_out(wishes, config, read_gist)
    lists = tuple(tried(url, kind, trial.came[str(place)], now) for place, (url, kind, _) in enumerate(alone))
    return Checked(source, is_configured, lists, tuple(robots_of(source, lists, trial)))


def one_by_one(source: Source) -> Iterator[tuple[str, ListKind, Source]]:
    """The source with each of its lists alone, so that it is known which of them gave what."""
    bare = replace(source, feeds=(), sitemaps=(), listings=())
    for url in dict.fromkeys(source.feeds):
        yield url, ListKind.FEED, replace(bare, feeds=(url,))
    for url in dict.fromkeys(source.sitemaps):
        yield url, ListKind.SITEMAP, replace(bare, sitemaps=(url,))
    listings: dict[str, Listing] = {one.url: replace(one, pages=1) for one in source.listings}
    for url, listing in listings.items():
        yield url, ListKind.LISTING, replace(bare, listings=(listing,))


def tried(url: str, kind: ListKind, came: Came, now: datetime) -> ListTried:
    """What came of one list, with what is wrong about it."""
    report = next((one for one in came.lists if one.url == url), None)
    entries = tuple(came.entries.values())
    newest = max((moment for entry in entries if (moment := moment_of(entry))), default=None)
    articles = tuple(article(page) for page in came.pages)
    own = sum(same_site(entry.url, url) for entry in entries) / len(entries) if entries else 1.0
    made = ListTried(url, kind, report, newest, own, articles)
    return replace(made, problems=tuple(problems_of(made, entries, now)))


def article(page: PageRead | FetchFailure) -> ArticleTried:
    """What became of an article's page."""
    if isinstance(page, FetchFailure):
        return ArticleTried(page.url, Gist(), f"{page.why}: {page.detail}")
    if isinstance(page.read, Gist):
        return ArticleTried(page.url, page.read, page.read.problem)
    broken = page.read.detail if isinstance(page.read, Broken) else "it could not be read"
    return ArticleTried(page.url, Gist(), broken)


def problems_of(one: ListTried, entries: tuple[Entry, ...], now: datetime) -> Iterator[str]:
    """What is wrong, and what to do."""
    report = one.report
    if report is None:
        yield "not asked for: the crawl was stopped"
        return
    if report.result is FeedResult.FAILED:
        yield f"{report.detail or report.why}: {advice_on(report)}"
        return
    if report.moved_to:
        yield f"has moved for good to {report.moved_to}: write that address"
    if not entries:
        yield "no entries: is it still in use?"
    if one.newest is not None and now - one.newest > OLD:
        yield f"nothing new since {one.newest:%Y-%m-%d}: is it still in use?"
    if one.own < 0.5:
        yield "most of its links lead to other sites: is it the outlet's own list?"
    yield from problems_of_articles(one.articles)


def problems_of_articles(articles: tuple[ArticleTried, ...]) -> Iterator[str]:
    """What the articles have in common that should not be."""
    if not articles:
        return
    unread = [one for one in articles if one.problem]
    if len(unread) * 2 > len(articles):
        yield f"{len(unread)} of {len(articles)} articles could not be read, e.g. {unread[0].problem}"
        return
    read = [one.gist for one in articles if not one.problem]
    if all(gist.chars < SHORT_CHARS for gist in read):
        yield "texts are very short: do its pages need a browser (render: true), or a subscription?"
    if all(gist.published is None for gist in read):
        yield "no article has a date: set timezone, or look at one with `tipwatch extract`"


def advice_on(report: FeedReport) -> str:
    """What to do about a list that cannot be read."""
    if report.why is FailureKind.HTTP and report.status is not None:
        general = "its server fails: try again later" if report.status >= 500 else "find its new address"
        return _STATUS_ADVICE.get(report.status, general)
    return ADVICE.get(report.why, "try again later") if report.why else "try again later"


def robots_of(source: Source, lists: tuple[ListTried, ...], trial: Trial) -> Iterator[RobotsTried]:
    """What each robots.txt that was read means for the source's own addresses."""
    asked = [one.url for one in lists] + [article.url for one in lists for article in one.articles]
    for origin, copy in sorted(trial.robots.items()):
        rules = rules_of(copy)
        own = [url for url in asked if url.startswith(f"{origin}/")]
        refused = tuple(url for url in dict.fromkeys(own) if rules.refusal(url) is not None)
        problem = said_of(copy, refused, obeyed=source.manners.obey_robots)
        yield RobotsTried(origin, copy.status, rules.delay_s, refused, problem)


def said_of(copy: RobotsCopy, refused: tuple[str, ...], *, obeyed: bool) -> str:
    """What is the matter with a robots.txt; empty when nothing is."""
    if not refused or not obeyed:
        return ""
    if not 200 <= copy.status < 500:
        return f"cannot be read (HTTP {copy.status})" if copy.status else "cannot be read"
    return f"forbids {len(refused)} of the addresses asked for"
