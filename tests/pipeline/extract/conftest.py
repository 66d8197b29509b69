"""Pages of our own writing, and a short way to read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.page import Entry
from pipeline.article import Article
from pipeline.extract import PageInput, Unreadable, extract

FETCHED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def make_page() -> Callable[..., PageInput]:
    """A page input with everything but the body given."""

    def make(body: str | bytes, **known: object) -> PageInput:
        fields: dict[str, object] = {
            "url": "https://www.courier.example/world/4711",
            "content_type": None,
            "source_id": "courier",
            "outlet": "Evening Courier",
            "country": None,
            "languages": (),
            "timezone": None,
            "entry": None,
            "fetched_at": FETCHED_AT,
        }
        fields["body"] = body.encode() if isinstance(body, str) else body
        return PageInput(**{**fields, **known})  # type: ignore[arg-type]  # a test's shorthand

    return make


@pytest.fixture
def read(make_page: Callable[..., PageInput]) -> Callable[..., Article]:
    """The article of a page that must have one."""

    def read_it(body: str | bytes, **known: object) -> Article:
        found = extract(make_page(body, **known))
        assert isinstance(found, Article), found
        return found

    return read_it


@pytest.fixture
def refuse(make_page: Callable[..., PageInput]) -> Callable[..., Unreadable]:
    """Why a page that must not give an article gives none."""

    def refuse_it(body: str | bytes, **known: object) -> Unreadable:
        found = extract(make_page(body, **known))
        assert isinstance(found, Unreadable), found
        return found

    return refuse_it


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """What a feed said."""

    def make(**known: object) -> Entry:
        return Entry(**{"url": "https://www.courier.example/world/4711", **known})  # type: ignore[arg-type]  # a test's shorthand

    return make
