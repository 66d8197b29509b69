"""One article page: fetched, looked at from outside, and handed to the intake."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scrapy.http import Response

from crawler.middlewares.failures import Trouble
from crawler.page import Entry, FailureKind, FetchedPage, FetchFailure, UnchangedPage, Validators
from crawler.source import Source
from crawler.spiders.fetch import Ask, Fetcher
from crawler.spiders.tour import Tour

#: how files begin that are no text, whatever their label says
_MAGIC = re.compile(
    rb"%PDF-|\x89PNG|GIF8[79]a|\xff\xd8\xff|RIFF....(?:WEBP|AVI |WAVE)|PK\x03\x04|\x1f\x8b|BZh|7z\xbc\xaf|Rar!"
    rb"|ID3|OggS|fLaC|\x1aE\xdf\xa3|\x00\x00\x01\xba|....ftyp|\xd0\xcf\x11\xe0|\x7fELF|MZ|wOF[F2]|II\*\x00|MM\x00\*",
    re.DOTALL,
)
_TEXT_TYPE = re.compile(r"text/|application/(?:[\w.+-]*xml|xhtml|[\w.+-]*json|javascript)", re.IGNORECASE)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|!--|\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to be fetched; `entry` is None when it was asked for by hand."""

    url: str
    entry: Entry | None = None


async def take_page(
    tour: Tour, fetcher: Fetcher, source: Source, wanted: Wanted
) -> FetchedPage | UnchangedPage | FetchFailure:
    """What became of the page, after the intake has taken it in.

    Raises:
        StoppedError: the crawl is to stop; the page was not taken in.
    """
    seen = wanted.entry.seen if wanted.entry is not None else None
    ask = Ask(wanted.url, source.manners, tour.settings.max_body_bytes, conditions_of(seen))
    async with fetcher.fetched(ask) as answer:
        now = tour.clock()
        if isinstance(answer, Response) and answer.status == 304 and ask.headers:
            unchanged = UnchangedPage(source, wanted.url, now, wanted.entry, validators_of(answer))
            await tour.intake.take_in(unchanged)
            return unchanged
        trouble = answer if isinstance(answer, Trouble) else trouble_with(answer)
        taken: FetchedPage | FetchFailure
        if trouble is not None:
            why, detail, status = trouble.why, trouble.detail, trouble.status
            taken = FetchFailure(source, wanted.url, why, detail, now, status, wanted.entry)
        else:
            assert isinstance(answer, Response)
            label = content_type_of(answer)
            own = validators_of(answer)
            taken = FetchedPage(source, wanted.url, answer.url, answer.body, label, now, wanted.entry, own)
        if not (source.render and isinstance(taken, FetchedPage)):
            await tour.intake.take_in(taken)
            return taken
    # not while it counts as held in memory: what the page asks for needs a place there, too
    taken = await fetcher.rendered(taken)
    await tour.intake.take_in(taken)
    return taken


def trouble_with(response: Response) -> Trouble | None:
    """Why a response is no page to be read; None when it is one."""
    if response.status != 200:
        return Trouble(FailureKind.HTTP, f"HTTP {response.status}", response.status)
    if not response.body.strip():
        return Trouble(FailureKind.EMPTY, "an empty body", response.status)
    label = content_type_of(response)
    if not is_text(label, response.body):
        return Trouble(FailureKind.NOT_TEXT, f"{label or 'unlabelled'}, no text", response.status)
    return None


def is_text(content_type: str | None, body: bytes) -> bool:
    """Whether a body is worth reading as text: by how it begins, and where that says nothing by its label."""
    if _MAGIC.match(body):
        return False
    label = (content_type or "").strip()
    is_unlabelled = not label or label.lower().startswith(("application/octet-stream", "unknown"))
    return is_unlabelled or bool(_TEXT_TYPE.match(label)) or bool(_MARKUP.match(body))


def conditions_of(known: Validators | None) -> dict[str, str]:
    """The headers that make a request conditional (RFC 9110, 13.1); empty when nothing is known."""
    headers: dict[str, str] = {}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def validators_of(response: Response) -> Validators | None:
    """The response's own validators; None when it has none."""
    etag, last_modified = header_of(response, "ETag"), header_of(response, "Last-Modified")
    return Validators(etag, last_modified) if etag or last_modified else None


def content_type_of(response: Response) -> str | None:
    """The Content-Type header as sent; None when missing."""
    return header_of(response, "Content-Type")


def header_of(response: Response, name: str) -> str | None:
    """A header as sent; None when missing."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value is not None else None
