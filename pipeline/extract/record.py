"""One page in, one article or the reason why not: the order of the steps, and nothing else. Pure; runs in a killable worker."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.page import Entry
from pipeline.article import Article, OutcomeKind
from pipeline.extract.above import cut_above
from pipeline.extract.between import with_between
from pipeline.extract.body import read_body, read_broadly
from pipeline.extract.boxes import cut_boxes
from pipeline.extract.byline import read_byline, signed
from pipeline.extract.canonical import canonical_url
from pipeline.extract.cleaning import clean_body, without_signature
from pipeline.extract.credits import read_credits
from pipeline.extract.dates import declares_instant, read_modified, read_published
from pipeline.extract.decode import clean_line, decode
from pipeline.extract.embedded import embedded_text
from pipeline.extract.jsonld import string
from pipeline.extract.kind import PageFacts, declares_article, is_stated, not_article
from pipeline.extract.language import declared_language, read_language
from pipeline.extract.layout import unframe
from pipeline.extract.listing import NO_LISTING, read_listing
from pipeline.extract.metadata import Metadata, read_metadata
from pipeline.extract.page import PageInput, Unreadable
from pipeline.extract.prescan import Depth, foreign, prescan
from pipeline.extract.sites import read_outlet
from pipeline.extract.source_lines import read_source_lines
from pipeline.extract.standfirst import read_standfirst, with_standfirst
from pipeline.extract.teaser import ends_elsewhere, is_teaser
from pipeline.extract.title import read_title, site_names, strip_site
from pipeline.extract.tree import Parsed, lighten, parse
from pipeline.extract.visible import date_texts

#: a first line that is a date line may run on into text no further than this
_HEAD_CHARS = 300
_MAX_HEADLINE = 120
_SENTENCE_END = re.compile(r"(?<=[.!?。！？؟])\s|(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A page that could be parsed."""

    page: PageInput
    parsed: Parsed
    depth: Depth
    found: Metadata


def extract(page: PageInput) -> Article | Unreadable:
    """The article on a page, or why there is none. Never raises for what a page holds. May take long: run it in a worker."""
    opened = _open(page)
    return opened if isinstance(opened, Unreadable) else _read(opened)


def _open(page: PageInput) -> _Opened | Unreadable:
    if kind := foreign(page.body):
        return Unreadable(OutcomeKind.NOT_ARTICLE, f"{kind}, no page")
    depth = prescan(page.body)
    if isinstance(depth, str):
        return Unreadable(OutcomeKind.TOO_LARGE, depth)
    parsed = parse(decode(page.body, page.content_type, page.languages))
    if isinstance(parsed, str):
        return Unreadable(OutcomeKind.TOO_DEEP, parsed)
    if parsed is None:
        return Unreadable(OutcomeKind.EXTRACTION_EMPTY, "the page is empty")
    return _Opened(page, parsed, depth, read_metadata(parsed.root, page.url))


def _read(opened: _Opened) -> Article | Unreadable:
    page, found, root = opened.page, opened.found, opened.parsed.root
    sites = site_names(found, page.outlet)
    title = read_title(found, page.outlet, _feed_title(page.entry, sites))
    # some templates keep the byline in a button
    byline = read_byline(found, root, sites, page.entry.author if page.entry else None)
    cut_off = lighten(root)
    sources = read_source_lines(root, found)
    unframe(root)
    # the date is read before boxes are cut: some templates keep it in one
    visible = [] if declares_instant(found) else date_texts(root, title)
    listed = NO_LISTING if is_stated(found) else read_listing(root)
    continued = ends_elsewhere(root)
    cut_boxes(root)
    cut_above(root, title)
    standfirst = read_standfirst(root, title, found)
    stated = string(found.article.get("articleBody"))
    body = with_between(read_body(opened.parsed, page.url, opened.depth, stated), root, title)
    raw = with_standfirst(body, standfirst, root)
    text = clean_body(raw, title, sites, byline.authors)
    if not text and declares_article(found):
        raw = _last_resort(opened)
        text = clean_body(raw, title, sites, byline.authors)
    facts = PageFacts(root, found, page.url, title, text, listed)
    if problem := not_article(facts):
        return Unreadable(OutcomeKind.NOT_ARTICLE, problem)
    if not text:
        return _empty(opened)
    title = title or _first_words(text)
    visible += [line[:_HEAD_CHARS] for line in raw.split("\n")[:3] if line not in visible]
    language, language_origin = read_language(page, found, title, text)
    published, problem = read_published(page, found, visible, language or declared_language(page, found))
    byline = signed(byline, text, visible, sites)
    text = without_signature(text, byline.authors)
    return Article(
        url=page.url,
        canonical_url=canonical_url(page.url, found),
        source_id=page.source_id,
        outlet=page.outlet or read_outlet(found, title),
        country=page.country,
        title=title,
        text=text,
        authors=byline.authors,
        published=published,
        published_problem=problem,
        modified_at=read_modified(page, found, visible, language),
        language=language,
        language_origin=language_origin,
        credits=read_credits(text, byline.authors, sites, byline.agencies, sources),
        partial=cut_off or is_teaser(root, found, text, continued=continued),
    )


def _last_resort(opened: _Opened) -> str:
    """The text of a page that calls itself an article and shows hardly anything: a broad reading, else what its scripts hold."""
    if text := read_broadly(opened.parsed, opened.page.url):
        return text
    again = _open(opened.page)  # the scripts are gone from the first tree
    return "" if isinstance(again, Unreadable) else embedded_text(again.parsed.root, again.page.url)


def _feed_title(entry: Entry | None, sites: list[str]) -> str:
    return strip_site(clean_line(entry.title or ""), sites) if entry is not None else ""


def _first_words(text: str) -> str:
    """The headline of a flash that has none: its first sentence, cut at a word."""
    sentence = _SENTENCE_END.split(text.partition("\n")[0], maxsplit=1)[0].strip()
    return (
        sentence if len(sentence) <= _MAX_HEADLINE else sentence[:_MAX_HEADLINE].rpartition(" ")[0] + "\u2026"
    )


def _empty(opened: _Opened) -> Unreadable:
    deep = ", although its elements are nested deeper than 255" if opened.parsed.deep else ""
    return Unreadable(
        OutcomeKind.EXTRACTION_EMPTY, f"no text could be told from {len(opened.page.body):,} bytes{deep}"
    )
