from __future__ import annotations

from crawler.source import Source
from tipwatch.sites import source_on_site

ENGLISH = Source(id="en", name="English desk", feeds=("https://eng.agency.example.by/rss",))
RUSSIAN = Source(id="ru", name="Russian desk", feeds=("https://www.agency.example.by/rss",))


def test_the_desk_on_the_very_host_goes_before_its_sister_on_the_same_site() -> None:
    assert source_on_site((ENGLISH, RUSSIAN), "https://www.agency.example.by/story/1") is RUSSIAN
    assert source_on_site((RUSSIAN, ENGLISH), "https://eng.agency.example.by/story/1") is ENGLISH


def test_a_page_on_another_host_of_the_site_belongs_to_the_site() -> None:
    assert source_on_site((ENGLISH,), "https://media.agency.example.by/story/1") is ENGLISH


def test_a_page_elsewhere_belongs_to_no_source() -> None:
    assert source_on_site((ENGLISH, RUSSIAN), "https://other.example.org/story/1") is None
