"""A digest as a mail: HTML and text of equal care, within the size that mail allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.channels.email import clean_header, size_as_sent
from alerts.digest import Digest, RenderedMail
from alerts.errors import AlertError
from alerts.render.chart import HIGHEST_PX
from alerts.render.layouts import Layout, beyond, layouts
from alerts.render.listing import StoryList
from alerts.render.page import DigestView
from alerts.render.plain import WIDTH, bulleted, reasoned, width_of, wrapped
from alerts.render.view import view_of
from alerts.render.words import FRAME_LANGUAGES, Words
from alerts.windows import zone_named

__all__ = ["FRAME_LANGUAGES", "MAX_HTML_BYTES", "render"]

#: of the HTML part, transfer encoding included. Gmail cuts a mail off at about 102 KB
MAX_HTML_BYTES = 90_000


def render(
    digest: Digest, *, language: str | None = None, name: str = "", max_html_bytes: int = MAX_HTML_BYTES
) -> RenderedMail:
    """The digest as subject, text and HTML; what does not fit becomes a line with a link, then one of an attached list.

    Args:
        digest: what to say; its texts may come from anywhere and are trusted with nothing.
        language: of everything that we say ourselves, one of `FRAME_LANGUAGES`; None: the digest's.
        name: which of the list's mails this is, said behind the title, such as ``back issue``; empty: the digest.
        max_html_bytes: limit for the HTML as sent.

    Raises:
        AlertError: no frame in that language, a zone that is not known, or not even the frame fits.
    """
    language = language or digest.language
    if language not in FRAME_LANGUAGES:
        msg = f"digests are not written in {language!r}; choose one of {', '.join(sorted(FRAME_LANGUAGES))}"
        raise AlertError(msg)
    words = Words(language, zone_named(digest.timezone))
    story_list = StoryList(digest, words)

    def view(layout: Layout) -> DigestView:
        return view_of(digest, layout, words, story_list, name)

    chosen = _largest(layouts(digest), lambda layout: size_as_sent(_html(view(layout))) <= max_html_bytes)
    if chosen is None:
        msg = f"the frame of digest {digest.id} alone is larger than {max_html_bytes} bytes"
        raise AlertError(msg)
    shown, hidden = view(chosen), beyond(digest, chosen)
    attached, counted = story_list.parted(hidden)
    attachment = story_list.attachment(hidden)
    return RenderedMail(
        subject=clean_header(_environment().get_template("subject.txt").render(d=shown)),
        text=_tidy(_environment().get_template("body.txt").render(d=shown)),
        html=_html(shown),
        attachments=(attachment,) if attachment else (),
        listed=tuple(entry.story_id for entry in attached),
        counted=tuple(entry.story_id for entry in counted),
    )


def _largest(ways: Sequence[Layout], fits: Callable[[Layout], bool]) -> Layout | None:
    """The last of the ways that fits, found by halving: each is larger than the one before it; None when none fits."""
    if fits(ways[-1]):
        return ways[-1]
    smallest, largest = -1, len(ways) - 2
    while smallest < largest:
        middle = (smallest + largest + 1) // 2
        if fits(ways[middle]):
            smallest = middle
        else:
            largest = middle - 1
    return ways[smallest] if smallest >= 0 else None


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
    environment.filters |= {"wrapped": wrapped, "bulleted": bulleted, "columns": width_of}
    environment.globals |= {"rule": "-" * WIDTH, "reasoned": reasoned, "highest_px": HIGHEST_PX}
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
