"""A digest as a mail: HTML and text of equal care, within the size that mail allows."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.channels.email import clean_header, size_as_sent
from alerts.digest import Digest, RenderedMail
from alerts.errors import AlertError
from alerts.render.plain import WIDTH, bulleted, reasoned, wrapped
from alerts.render.view import DigestView, Layout, view_of
from alerts.render.words import FRAME_LANGUAGES

__all__ = ["MAX_HTML_BYTES", "render"]

#: of the HTML part, transfer encoding included. Gmail cuts a mail off at about 102 KB
MAX_HTML_BYTES = 90_000

_MOST_BRIEFS = 60
_MOST_FULL = 120  # a full entry takes more than 1 KB: no more can fit
#: stories found late that are shown before news gets all the room it needs, and after
_SOME_LATE, _MOST_LATE = 5, 40


def render(digest: Digest, *, language: str = "en", max_html_bytes: int = MAX_HTML_BYTES) -> RenderedMail:
    """The digest as subject, text and HTML; what does not fit becomes a line with a link, then a count.

    Args:
        digest: what to say; its texts may come from anywhere and are trusted with nothing.
        language: of everything that we say ourselves; one of `FRAME_LANGUAGES`.
        max_html_bytes: limit for the HTML as sent.

    Raises:
        AlertError: no frame in that language, a zone that is not known, or not even the frame fits.
    """
    if language not in FRAME_LANGUAGES:
        msg = f"digests are not written in {language!r}; choose one of {', '.join(sorted(FRAME_LANGUAGES))}"
        raise AlertError(msg)
    layouts = _layouts(len(digest.entries), digest.late)
    smallest, largest = 0, len(layouts) - 1
    html = _html(view_of(digest, layouts[largest], language))
    if size_as_sent(html) > max_html_bytes:
        while smallest < largest:
            middle = (smallest + largest + 1) // 2
            if size_as_sent(_html(view_of(digest, layouts[middle], language))) <= max_html_bytes:
                smallest = middle
            else:
                largest = middle - 1
        html = _html(view_of(digest, layouts[smallest], language))
        if size_as_sent(html) > max_html_bytes:
            msg = f"the frame of digest {digest.id} alone is larger than {max_html_bytes} bytes"
            raise AlertError(msg)
    else:
        smallest = largest
    view = view_of(digest, layouts[smallest], language)
    return RenderedMail(
        subject=clean_header(_environment().get_template("subject.txt").render(d=view)),
        text=_tidy(_environment().get_template("body.txt").render(d=view)),
        html=html,
    )


def _layouts(stories: int, late: int) -> list[Layout]:
    """Ways to show that many stories, smallest first: only briefs, then ever more in full, then more of those found late."""
    most_briefs = min(stories, _MOST_BRIEFS)
    some_late = min(late, _SOME_LATE)
    most_full = min(stories, _MOST_FULL)
    briefs_only = [Layout(0, briefs, some_late) for briefs in range(most_briefs)]
    growing = [Layout(full, min(stories - full, most_briefs), some_late) for full in range(most_full + 1)]
    more_late = range(some_late + 1, min(late, _MOST_LATE) + 1)
    return [Layout(0, 0, 0), *briefs_only, *growing, *(replace(growing[-1], late=some) for some in more_late)]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts", "templates/digest"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"wrapped": wrapped, "bulleted": bulleted}
    environment.globals |= {"rule": "-" * WIDTH, "reasoned": reasoned}
    return environment


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    # mail clients drop style sheets, but keep the media queries for phones and dark mode
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)


def _html(view: DigestView) -> str:
    page = _environment().get_template("body.html").render(d=view)
    return _inliner().inline("\n".join(line for raw in page.splitlines() if (line := raw.strip())))


def _tidy(text: str) -> str:
    """Without spaces at line ends, never more than one empty line in a row."""
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    return "\n".join(kept).strip("\n") + "\n"
