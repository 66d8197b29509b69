"""The digest in a real browser: as wide as the screen and no wider, readable by day and by night."""

from __future__ import annotations

import pytest

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
