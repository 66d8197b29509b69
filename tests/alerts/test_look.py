"""The digest in a real browser: as wide as the screen and no wider, readable by day and by night."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from alerts.render import render

#: WCAG 2.2, 1.4.3: contrast of text to its background
LEAST_CONTRAST = 4.5

CONTRASTS = """() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b }
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor
      if (c !== 'rgba(0, 0, 0, 0)') return c } return 'rgb(255, 255, 255)' }
  const texts = [...document.querySelectorAll('p, h1, h2, a, span, mark, .small')].filter(e =>
      e.getClientRects().length && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  return texts.map(e => { const a = light(getComputedStyle(e).color), b = light(ground(e))
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.className + ': ' + e.textContent.slice(0, 40)] })
}"""


@pytest.fixture(scope="module")
def browser():
    chromium = installed_chromium()
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield running
        running.close()


def installed_chromium() -> str:
    """The system's Chromium, or one that playwright has installed.

    On a machine without any, CI fails (.ci/run installs it); a person runs all other tests and is told what is missing.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    fetched = (
        str(path) for name in ("chrome", "headless_shell") for path in folder.glob(f"chromium*/*/{name}")
    )
    found = next(filter(None, map(shutil.which, names)), None) or next(fetched, None)
    if found is not None:
        return found
    missing = "no Chromium to look at the digest with: apt-get install chromium, or .venv/bin/playwright install chromium"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture
def open_mail(browser: Browser):
    pages = []

    def opened(html: str, width: int, scheme: str):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        page.asked_for = []
        page.on("request", lambda request: page.asked_for.append(request.url))
        page.set_content(html)
        return page

    yield opened
    for page in pages:
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 375])
def test_the_digest_fits_the_screen_loads_nothing_and_is_readable(open_mail, day_digest, width, scheme):
    page = open_mail(render(day_digest).html, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.asked_for == []
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 50
    assert [text for contrast, text in contrasts if contrast < LEAST_CONTRAST] == []


def test_dark_mode_is_dark(open_mail, day_digest):
    page = open_mail(render(day_digest).html, 600, "dark")
    paper = page.evaluate("getComputedStyle(document.querySelector('.paper')).backgroundColor")
    assert paper == "rgb(27, 26, 24)"


def test_words_without_end_do_not_widen_the_mail(open_mail, day_digest):
    from dataclasses import replace

    from alerts.digest import Segment

    word = "Donaudampfschifffahrt" * 30
    entry = replace(
        day_digest.entries[0], headline=(Segment(word),), lead=(Segment(word),), outlet=word, topics=(word,)
    )
    digest = replace(day_digest, title=word, entries=(entry,), silent_sources=(word,))
    page = open_mail(render(digest).html, 375, "light")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_arabic_stands_at_the_right_edge(open_mail, day_digest):
    page = open_mail(render(day_digest).html, 600, "light")
    edges = page.evaluate(
        """() => { const h = document.querySelector('h2[lang=ar]'), range = document.createRange()
        range.selectNodeContents(h)
        const text = range.getBoundingClientRect(), box = h.getBoundingClientRect()
        return [box.right - text.right, text.left - box.left] }"""
    )
    assert edges[0] < 2 < edges[1]
