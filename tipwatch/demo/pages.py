"""An outlet's article page in four styles of markup, with what real pages carry around the text."""

from __future__ import annotations

import json
from html import escape

from tipwatch.demo.coverage import Outlet, PageStyle, Piece
from tipwatch.demo.wording import day_in_words, stamp_in_words

#: attributes on the one tag of the hostile page, about 1.4 MB; 200,000 were measured to keep lxml busy > 40 s
HANG_ATTRIBUTES = 100_000

_RIGHT_TO_LEFT = frozenset({"ar"})


def render_page(outlet: Outlet, piece: Piece, base_url: str) -> bytes:
    """Return the article's page as UTF-8 HTML."""
    url = base_url + piece.path
    head, stamp = _DATED[outlet.page_style](outlet, piece, url)
    direction = ' dir="rtl"' if outlet.language in _RIGHT_TO_LEFT else ""
    body = _article(outlet, piece, stamp)
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}"{direction}>\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(piece.title)} | {escape(outlet.name)}</title>\n"
        f'<link rel="canonical" href="{escape(url)}">\n{head}\n</head>\n<body>\n'
        f"{_masthead(outlet)}\n<main>\n{body}\n{_read_also(outlet)}\n</main>\n{_footer(outlet)}\n</body>\n</html>\n"
    ).encode()


def render_front_page(outlet: Outlet) -> bytes:
    """Return the outlet's front page: headlines that link to the articles."""
    items = "\n".join(f'<li><a href="{escape(p.path)}">{escape(p.title)}</a></li>' for p in outlet.pieces)
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(outlet.name)}</title></head>\n<body>\n{_masthead(outlet)}\n"
        f"<main><ul>\n{items}\n</ul></main>\n{_footer(outlet)}\n</body>\n</html>\n"
    ).encode()


def render_hanging_page(outlet: Outlet, piece: Piece) -> bytes:
    """Return a page whose one tag has so many attributes that parsers hang; made here, no file holds it."""
    attributes = " ".join(f"data-a{n}=1" for n in range(HANG_ATTRIBUTES))
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}"><head><title>{escape(piece.title)}</title></head>\n'
        f"<body><article {attributes}><h1>{escape(piece.title)}</h1><p>1/24</p></article></body></html>\n"
    ).encode()


def _article(outlet: Outlet, piece: Piece, stamp: str) -> str:
    microdata = outlet.page_style is PageStyle.MICRODATA
    scope = ' itemscope itemtype="https://schema.org/NewsArticle"' if microdata else ""
    headline = ' itemprop="headline"' if microdata else ""
    wrapped = ' itemprop="articleBody"' if microdata else ""
    byline = f'<p class="byline" rel="author">{escape(piece.byline)}</p>\n' if piece.byline else ""
    text = "\n".join(f"<p>{escape(p, quote=False)}</p>" for p in piece.paragraphs)
    return (
        f"<article{scope}>\n<h1{headline}>{escape(piece.title)}</h1>\n{stamp}{byline}"
        f'<div class="article-body"{wrapped}>\n{text}\n</div>\n</article>'
    )


def _json_ld(outlet: Outlet, piece: Piece, url: str) -> tuple[str, str]:
    item: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "datePublished": piece.published.isoformat(),
        "mainEntityOfPage": url,
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    if piece.byline:
        item["author"] = {"@type": "Person", "name": piece.byline}
    script = json.dumps({"@graph": [item]}, ensure_ascii=False).replace("</", "<\\/")
    day = day_in_words(piece.published, outlet.language)
    return f'<script type="application/ld+json">{script}</script>', f'<p class="date">{escape(day)}</p>\n'


def _opengraph(outlet: Outlet, piece: Piece, url: str) -> tuple[str, str]:
    properties = {
        "og:type": "article",
        "og:site_name": outlet.name,
        "og:title": piece.title,
        "og:url": url,
        "article:published_time": piece.published.isoformat(),
    }
    return "\n".join(f'<meta property="{k}" content="{escape(v)}">' for k, v in properties.items()), ""


def _visible(outlet: Outlet, piece: Piece, _url: str) -> tuple[str, str]:
    return "", f'<div class="date">{escape(stamp_in_words(piece.published, outlet.language))}</div>\n'


def _microdata(outlet: Outlet, piece: Piece, _url: str) -> tuple[str, str]:
    words = escape(day_in_words(piece.published, outlet.language))
    return "", f'<time itemprop="datePublished" datetime="{piece.published.isoformat()}">{words}</time>\n'


_DATED = {
    PageStyle.JSON_LD: _json_ld,
    PageStyle.OPENGRAPH: _opengraph,
    PageStyle.VISIBLE: _visible,
    PageStyle.MICRODATA: _microdata,
}


def _masthead(outlet: Outlet) -> str:
    links = "".join(
        f'<li><a href="/section/{n}">{escape(s)}</a></li>' for n, s in enumerate(outlet.sections, 1)
    )
    home = f'<a href="/">{escape(outlet.name)}</a>'
    return (
        f'<header class="masthead">{home}<nav><ul>{links}</ul></nav></header>\n'
        '<div id="cookie-consent" class="cookie-banner" role="dialog"><p>Cookies</p><button>OK</button></div>'
    )


def _read_also(outlet: Outlet) -> str:
    first = outlet.pieces[0].path if outlet.pieces else "/"
    return (
        '<aside class="related read-also"><ul>'
        f'<li><a href="{escape(first)}">{escape(outlet.read_also)}</a></li></ul></aside>'
    )


def _footer(outlet: Outlet) -> str:
    return (
        f'<footer class="site-footer"><p>© {escape(outlet.name)}</p>'
        "<p>An invented outlet with invented reports, served by the tipwatch demo.</p></footer>"
    )
