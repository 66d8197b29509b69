"""The digest in a real browser: as wide as the screen and no wider, readable by day, by night and by ear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alerts.digest import Segment
from alerts.render import render

#: WCAG 2.2, 1.4.3: contrast of text to its background
LEAST_CONTRAST = 4.5
KINDS = ["full_day", "quiet_day", "flood_day", "updates_day", "arabic_day", "long_day"]

#: every element that shows text of its own, with the contrast to the ground it stands on
CONTRASTS = """() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b }
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor
      if (c !== 'rgba(0, 0, 0, 0)') return c } return 'rgb(255, 255, 255)' }
  const texts = [...document.querySelectorAll('body *')].filter(e =>
      e.getClientRects().length && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  return texts.map(e => { const a = light(getComputedStyle(e).color), b = light(ground(e))
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.className + ': ' + e.textContent.slice(0, 40)] })
}"""

#: elements that stand out of the paper at either side
OUTSIDE = """() => { const paper = document.querySelector('.paper').getBoundingClientRect()
  return [...document.querySelectorAll('.paper *')].filter(e => { const box = e.getBoundingClientRect()
      return box.width && (box.left < paper.left - 0.5 || box.right > paper.right + 0.5) })
      .map(e => e.tagName + '.' + e.className) }"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 375])
def test_the_digest_fits_the_screen_loads_nothing_and_is_readable(request, open_mail, kind, width, scheme):
    language = {"light": "ru", "dark": "az"}[scheme] if kind == "full_day" else "en"
    page = open_mail(render(request.getfixturevalue(kind), language=language).html, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    assert page.asked_for == []
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) >= (9 if kind == "quiet_day" else 25)
    assert [text for contrast, text in contrasts if contrast < LEAST_CONTRAST] == []


def test_dark_mode_is_dark(open_mail, full_day):
    page = open_mail(render(full_day).html, 600, "dark")
    paper = page.evaluate("getComputedStyle(document.querySelector('.paper')).backgroundColor")
    assert paper == "rgb(27, 26, 24)"
    grounds = page.evaluate(
        "[...document.querySelectorAll('.chip, .warn, .why, .lates, .hit')]"
        ".map(e => getComputedStyle(e).backgroundColor).filter(c => c !== 'rgba(0, 0, 0, 0)')"
    )
    assert len(grounds) > 8
    assert all(sum(map(int, ground[4:-1].split(","))) < 3 * 110 for ground in grounds)


def test_words_without_end_do_not_widen_the_mail(open_mail, full_day):
    word = "Donaudampfschifffahrt" * 30
    entry = replace(
        full_day.entries[0],
        headline=(Segment(word),),
        lead=(Segment(word),),
        outlet=word,
        topics=(word,),
        first=replace(full_day.entries[0].first, outlet=word),
        credits=(word,),
    )
    update = replace(full_day.updates[0], earlier_headline=word, entry=entry)
    digest = replace(full_day, title=word, entries=(entry,), updates=(update,), silent_sources=(word,))
    page = open_mail(render(digest).html, 375, "light")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.evaluate(OUTSIDE) == []


def test_arabic_stands_at_the_right_edge(open_mail, full_day):
    page = open_mail(render(full_day).html, 600, "light")
    edges = page.evaluate(
        """() => { const h = document.querySelector('h2[lang=ar]'), range = document.createRange()
        range.selectNodeContents(h)
        const text = range.getBoundingClientRect(), box = h.getBoundingClientRect()
        return [box.right - text.right, text.left - box.left] }"""
    )
    assert edges[0] < 2 < edges[1]


def test_the_bars_are_as_high_as_the_days_were_full_and_stand_on_one_line(open_mail, full_day):
    page = open_mail(render(full_day).html, 375, "light")
    bars = page.evaluate(
        "[...document.querySelectorAll('.bars table')].map(e => { const b = e.getBoundingClientRect()"
        "; return [Math.round(b.height), Math.round(b.bottom), Math.round(b.width)] })"
    )
    heights = [height for height, _, _ in bars]
    assert max(heights) == 40
    assert sorted(set(heights)) == [4, 9, 13, 18, 40]
    assert len({bottom for _, bottom, _ in bars}) == 1
    assert min(width for _, _, width in bars) >= 6


def test_a_screen_reader_is_told_headings_in_order_lists_and_no_bars(open_mail, full_day):
    page = open_mail(render(full_day).html, 600, "light")
    heard = page.locator("body").aria_snapshot()
    headings = [line.strip() for line in heard.splitlines() if line.strip().startswith("- heading")]
    levels = [int(line.partition("[level=")[2].partition("]")[0]) for line in headings]
    assert levels == [1, 2, 2, 2, 2, 2, 2, 3, 3, 2, 3]
    assert "Moldova's president signs law" in headings[7]
    assert heard.count("- list") > 6
    assert "30 days: 41 articles; most on 12 November: 9" in heard
    assert "25 Oct" not in heard, "the axis belongs to the bars"
    assert "Stage: adopted in committee" in heard
    assert "- table" not in heard, "tables only lay out"


def test_every_text_in_another_language_says_which(open_mail, full_day):
    page = open_mail(render(full_day, language="ru").html, 600, "light")
    spoken = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('h2, h3, .lead, .own, .reason bdi')]
        .map(e => [e.textContent.slice(0, 12), e.closest('[lang]').lang]))"""
    )
    assert spoken["UN adopts Be"] == "en"
    assert spoken["Legea a fost"] == "ro"
    assert spoken["多国代表在纽约呼吁落实打"] == "zh"
    assert spoken["Новое в сюже"] == "ru"
