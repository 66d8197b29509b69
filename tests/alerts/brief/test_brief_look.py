"""The brief in a real browser: no wider than the screen, nothing asked for, no word broken in a head."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from alerts.brief.compose import document_of
from alerts.brief.html import html_of
from alerts.brief.values import Brief


@pytest.fixture(scope="module")
def screen():
    """A page of the system's Chromium; without one, CI fails and a person is told what is missing."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("no Chromium to look at the brief with: apt-get install chromium")
    if found is None:
        pytest.skip("no Chromium to look at the brief with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize("width", [900, 600, 375])
@pytest.mark.parametrize("kind", ["week_brief", "hostile_brief"])
def test_the_brief_fits_the_screen_and_asks_for_nothing(
    screen, request: pytest.FixtureRequest, kind: str, width: int
) -> None:
    brief: Brief = request.getfixturevalue(kind)
    asked: list[str] = []
    screen.on("request", lambda asking: asked.append(asking.url))
    screen.set_viewport_size({"width": width, "height": 900})
    screen.set_content(html_of(document_of(brief)))
    assert screen.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == []


def test_on_a_phone_each_story_stands_below_the_other_with_what_its_cells_hold(
    screen, week_brief: Brief
) -> None:
    screen.set_viewport_size({"width": 375, "height": 900})
    screen.set_content(html_of(document_of(week_brief)))
    story = screen.locator("table.wide tr:has(a)").first
    assert story.locator("td").first.bounding_box()["width"] > 300
    told = "e => getComputedStyle(e, '::before').content"
    assert story.locator("td").nth(1).evaluate(told) == '"Body named"'
    assert screen.get_by_role("table").count() == 6


def test_arabic_stands_at_the_right_edge(screen, week_brief: Brief) -> None:
    screen.set_viewport_size({"width": 900, "height": 900})
    screen.set_content(html_of(document_of(week_brief)))
    right, left = screen.locator("figure.rtl blockquote").evaluate(
        """quote => { const range = document.createRange(); range.selectNodeContents(quote)
        const text = range.getBoundingClientRect(), box = quote.getBoundingClientRect()
        return [box.right - text.right, text.left - box.left] }"""
    )
    assert right < 2 < left
