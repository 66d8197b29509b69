"""What a site has to offer, asked for round by round: its front page, what that and robots.txt name, and what those name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from crawler.page import FetchFailure, ListKind
from crawler.sitemaps import by_promise
from crawler.source import Manners, Source
from crawler.urls import identity, is_fetchable
from crawler.worker import Broken
from tipwatch.config import Config
from tipwatch.sources_reading import Document, Kind, Link, Site, of_entries, read_document
from tipwatch.sources_trial import Came, PageRead, Trial, Wish, try_out

#: where feeds and sitemaps are that nobody links to, most usual first: eight requests at most
USUAL_FEEDS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap.xml")
#: what is asked for at most, of each kind, beside the address itself and its robots.txt
MAX_FEEDS, MAX_HINTS, MAX_SITEMAPS, MAX_CHILDREN, MAX_SECTIONS = 12, 4, 4, 3, 4
#: an index is looked into for sitemaps that changed since
FRESH = timedelta(days=2)

_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
USUAL = "a usual place"
UNREAD = Document(Kind.PAGE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list that was asked for, and what it holds; `where` says in words how it was found."""

    url: str
    where: str
    kind: ListKind
    document: Document = UNREAD


@dataclass(slots=True)
class Search:
    """A search under way.

    Attributes:
        found: lists that could be read.
        tried: what was asked for and gave nothing, in words.
        home: where the address led in the end; empty until it was read; `declared`: the language it says it is in.
        leads: what the documents of the last round name.
    """

    config: Config
    manners: Manners
    now: datetime
    found: list[Candidate] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    home: str = ""
    site: Site = field(default_factory=Site)
    declared: str | None = None
    trial: Trial | None = None
    leads: list[Candidate] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def run(self, url: str) -> None:
        """Ask for all there is. Raises CrawlError when the crawl itself could not be run."""
        self._round([Candidate(url, "the address given", ListKind.LISTING)])
        if not self.home:
            return
        self._round(self._first_leads())
        self._round(self._next_leads())

    def sitemaps_named(self) -> list[str]:
        """The sitemaps that the robots.txt of the site's hosts name."""
        copies = self.trial.robots.values() if self.trial else ()
        return [url for copy in copies if copy.status == 200 for url in _SITEMAP_LINE.findall(copy.text)]

    def _first_leads(self) -> list[Candidate]:
        """What front page and robots.txt name; without any of it, the usual places."""
        feeds = self.leads[:MAX_FEEDS]
        hints = [Candidate(link.url, "linked as a feed", ListKind.FEED) for link in self.site.hints]
        if not feeds and not hints and not self.found_feeds:
            hints = [Candidate(urljoin(self.home, path), USUAL, ListKind.FEED) for path in USUAL_FEEDS]
        else:
            hints = hints[:MAX_HINTS]
        named = [Candidate(url, "named in robots.txt", ListKind.SITEMAP) for url in self.sitemaps_named()]
        usual = [Candidate(urljoin(self.home, path), USUAL, ListKind.SITEMAP) for path in USUAL_SITEMAPS]
        sitemaps = sorted(named, key=lambda one: "news" not in one.url.lower())[:MAX_SITEMAPS] or usual
        sections = [] if feeds else self.site.sections[:MAX_SECTIONS]
        return [
            *feeds,
            *hints,
            *sitemaps,
            *(Candidate(link.url, "a section of its front page", ListKind.LISTING) for link in sections),
        ]

    def _next_leads(self) -> list[Candidate]:
        """What those name in turn; sections when there is no feed after all."""
        feeds = [one for one in self.leads if one.kind is ListKind.FEED][:MAX_FEEDS]
        sitemaps = [one for one in self.leads if one.kind is ListKind.SITEMAP][:MAX_CHILDREN]
        sections: list[Candidate] = []
        if not self.found_feeds and not feeds:
            named = self.site.sections[:MAX_SECTIONS]
            sections = [Candidate(one.url, "a section of its front page", ListKind.LISTING) for one in named]
        return [*feeds, *sitemaps, *sections]

    @property
    def found_feeds(self) -> bool:
        """Whether there is a feed that lists something."""
        return any(one.kind is ListKind.FEED and one.document.count for one in self.found)

    def _round(self, wanted: Iterable[Candidate]) -> None:
        """Ask for each once, all in one crawl."""
        fresh: dict[str, Candidate] = {}
        for one in wanted:
            key = identity(one.url)
            if key not in self.asked and is_fetchable(one.url):
                fresh.setdefault(key, one)
        self.asked |= fresh.keys()
        self.leads = []
        if not fresh:
            return
        wishes = {str(place): self._wish(str(place), one) for place, one in enumerate(fresh.values())}
        self.trial = try_out(tuple(wishes.values()), self.config, read_document, self.trial)
        for one, (key, wish) in zip(fresh.values(), wishes.items(), strict=True):
            self._take(one, wish, self.trial.came[key])

    def _wish(self, key: str, one: Candidate) -> Wish:
        source = Source(id=key, name=one.url, manners=self.manners)
        if one.kind is ListKind.SITEMAP and urlsplit(one.url).path.endswith(".gz"):
            return Wish(
                replace(source, sitemaps=(one.url,))
            )  # a page must be text: the sitemaps' reader unpacks
        return Wish(source, pages=(one.url,))

    def _take(self, one: Candidate, wish: Wish, came: Came) -> None:
        if wish.source.sitemaps:
            entries = tuple(came.entries.values())
            detail = next((report.detail for report in came.lists if report.url == one.url), "")
            if entries:
                document = of_entries(Kind.SITEMAP, entries, len(entries), one.url)
                self.found.append(replace(one, document=document))
            else:
                self._in_vain(one, detail or "nothing in it")
            return
        page = came.pages[0] if came.pages else None
        if isinstance(page, PageRead) and isinstance(page.read, Document):
            self._sort_in(replace(one, url=page.final_url, document=page.read))
        else:
            self._in_vain(one, trouble_with(page))

    def _sort_in(self, one: Candidate) -> None:
        """A document by what it is, whatever it was asked for as."""
        document = one.document
        if not self.home:
            self.home, self.site = one.url, document.site or Site()
            self.declared = document.declared
        self.asked.add(identity(one.url))
        if document.kind is Kind.INDEX:
            self._take_index(one)
        elif document.kind is Kind.PAGE:
            self._take_page(one)
        else:
            kind = ListKind.FEED if document.kind is Kind.FEED else ListKind.SITEMAP
            self.found.append(replace(one, kind=kind))

    def _take_page(self, one: Candidate) -> None:
        feeds = one.document.site.feeds if one.document.site else ()
        self.leads += [candidate_of(link, one.url) for link in feeds]
        if one.kind is ListKind.LISTING:
            self.found.append(one)
            return
        hints = one.document.site.hints if one.document.site and one.kind is ListKind.FEED else ()
        self.leads += [candidate_of(link, one.url) for link in hints]
        self._in_vain(one, "a web page")

    def _take_index(self, one: Candidate) -> None:
        """Of an index its news sitemaps; the index itself when none is named as such."""
        promising, others = by_promise(one.document.children, self.now - FRESH, self.now)
        children = (*promising, *others)
        news = [child for child in children if "news" in urlsplit(child.url).path.rpartition("/")[2].lower()]
        chosen = news or list(children[:1])
        self.leads += [Candidate(child.url, f"named in {one.url}", ListKind.SITEMAP) for child in chosen]
        if not news:
            self.found.append(replace(one, kind=ListKind.SITEMAP))

    def _in_vain(self, one: Candidate, why: str) -> None:
        self.tried.append(f"{one.url} ({one.where}): {why}")


def candidate_of(link: Link, page_url: str) -> Candidate:
    """A feed that a page links to."""
    return Candidate(link.url, f"linked on {page_url}", ListKind.FEED)


def trouble_with(page: PageRead | FetchFailure | None) -> str:
    """Why a page gave nothing, in words."""
    if isinstance(page, FetchFailure):
        return page.detail or str(page.why)
    if isinstance(page, PageRead) and isinstance(page.read, Broken):
        return f"it could not be read: {page.read.detail}"
    return "no answer"
