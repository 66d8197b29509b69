"""An outlet's feed in RSS, Atom or JSON Feed, and RSS that breaks off in the middle."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from tipwatch.demo.coverage import FeedStyle, Outlet, Piece

#: path and media type of each kind of feed
FEED_PATH = {
    FeedStyle.RSS: ("/rss.xml", "application/rss+xml; charset=utf-8"),
    FeedStyle.RSS_CUT: ("/rss.xml", "application/rss+xml; charset=utf-8"),
    FeedStyle.ATOM: ("/atom.xml", "application/atom+xml; charset=utf-8"),
    FeedStyle.JSON: ("/feed.json", "application/feed+json; charset=utf-8"),
}

_XML = "<?xml version='1.0' encoding='UTF-8'?>\n"


def render_feed(outlet: Outlet, base_url: str) -> bytes:
    """Return the feed of all the outlet's articles, newest first, as UTF-8."""
    newest_first = sorted(outlet.pieces, key=lambda p: p.published, reverse=True)
    if outlet.feed_style is FeedStyle.ATOM:
        return _atom(outlet, newest_first, base_url).encode()
    if outlet.feed_style is FeedStyle.JSON:
        return _json_feed(outlet, newest_first, base_url).encode()
    rss = _rss(outlet, newest_first, base_url)
    if outlet.feed_style is FeedStyle.RSS_CUT:
        rss = rss.removesuffix("</channel></rss>\n") + "<item><title>This item breaks off in the mid"
    return rss.encode()


def _lead(piece: Piece) -> str:
    return piece.paragraphs[0] if piece.paragraphs else piece.title


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _rss(outlet: Outlet, pieces: list[Piece], base_url: str) -> str:
    items = "".join(
        f"<item><title>{escape(p.title)}</title><link>{escape(base_url + p.path)}</link>"
        f"<guid isPermaLink='true'>{escape(base_url + p.path)}</guid>"
        f"<pubDate>{format_datetime(p.published)}</pubDate><description>{escape(_lead(p))}</description></item>\n"
        for p in pieces
    )
    return (
        f"{_XML}<rss version='2.0'><channel><title>{escape(outlet.name)}</title>"
        f"<link>{escape(base_url)}/</link><description>{escape(outlet.name)}</description>"
        f"<language>{outlet.language}</language>\n{items}</channel></rss>\n"
    )


def _atom(outlet: Outlet, pieces: list[Piece], base_url: str) -> str:
    entries = "".join(
        f"<entry><title>{escape(p.title)}</title><link href={quoteattr(base_url + p.path)}/>"
        f"<id>{escape(base_url + p.path)}</id><published>{p.published.isoformat()}</published>"
        f"<updated>{p.published.isoformat()}</updated><summary>{escape(_lead(p))}</summary></entry>\n"
        for p in pieces
    )
    newest = _utc(pieces[0].published).isoformat() if pieces else "2000-01-01T00:00:00+00:00"
    return (
        f"{_XML}<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='{outlet.language}'>"
        f"<title>{escape(outlet.name)}</title><id>{escape(base_url)}/</id><updated>{newest}</updated>"
        f"<author><name>{escape(outlet.name)}</name></author>\n{entries}</feed>\n"
    )


def _json_feed(outlet: Outlet, pieces: list[Piece], base_url: str) -> str:
    items = [
        {
            "id": base_url + p.path,
            "url": base_url + p.path,
            "title": p.title,
            "summary": _lead(p),
            "date_published": p.published.isoformat(),
        }
        for p in pieces
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{base_url}/",
        "language": outlet.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False)
