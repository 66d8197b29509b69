"""Every page of the golden folder, of our own writing, reads exactly as its head says: title, byline, time, credits, text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import yaml

from pipeline.article import Article
from pipeline.extract import PageInput, Unreadable, extract

FOLDER = Path(__file__).parent / "golden"
PAGES = sorted(FOLDER.glob("*.html"))
_HEAD = re.compile(r"\A<!--golden\n(.*?)\n-->\n", re.DOTALL)
_MARK = re.compile(r" data-text(?=[\s>])")
_SPACE = re.compile(r"[ \t\r\n\u00a0\u3000]+")


def opened(path: Path) -> tuple[dict[str, Any], str]:
    """What a reader would say of the page, and the page as it would be sent."""
    text = path.read_text("utf-8")
    head = _HEAD.match(text)
    assert head is not None, f"{path.name} begins with <!--golden ... -->"
    truth = yaml.load(head[1], Loader=yaml.BaseLoader)
    page = text[head.end() :]
    if "text" not in truth and "refused" not in truth:
        marked: Any = lxml.html.fromstring(page).xpath("//*[@data-text]")
        truth["text"] = "\n".join(map(_printed, marked))
    return truth, _MARK.sub("", page)


def _printed(element: Any) -> str:
    """What an element says, on one line; the cells of a table's row stand between bars."""
    if element.tag == "tr":
        return "".join(f"| {_SPACE.sub(' ', cell.text_content()).strip()} " for cell in element) + "|"
    return _SPACE.sub(" ", element.text_content()).strip()


def read(truth: dict[str, Any], page: str) -> Article | Unreadable:
    given = truth.get("given") or {}
    return extract(
        PageInput(
            body=page.encode(given.get("charset", "utf-8")),
            url=given.get("url", "https://www.courier.example/world/4711"),
            content_type=None,
            source_id="golden",
            outlet="",
            country=given.get("country"),
            languages=(),
            timezone=given.get("timezone"),
            entry=None,
            fetched_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        )
    )


def as_read(article: Article, truth: dict[str, Any]) -> dict[str, Any]:
    """The article in the shape of the page's head, only what the head speaks of."""
    when = article.published
    found: dict[str, Any] = {
        "title": article.title,
        "authors": list(article.authors),
        "published": when and f"{when.at:%Y-%m-%dT%H:%M:%SZ}",
        "precision": when and when.precision.value,
        "offset_minutes": when and str(when.offset_minutes),
        "zone_origin": when and when.zone_origin,
        "modified_at": article.modified_at and f"{article.modified_at:%Y-%m-%dT%H:%M:%SZ}",
        "language": article.language,
        "credits": [credit.name for credit in article.credits],
        "outlet": article.outlet,
        "partial": str(article.partial).lower(),
        "text": article.text,
    }
    return {key: found[key] for key in truth if key in found}


def expected(truth: dict[str, Any]) -> dict[str, Any]:
    """The head itself; a day is told by its date, in whatever zone the reader sits."""
    told = {key: value for key, value in truth.items() if key not in {"given", "known"}}
    if told.get("modified_at") == "null":
        told["modified_at"] = None
    return {"partial": "false", **told}


def _cases() -> Iterator[Any]:
    """The pages; one whose head says `known`, and why, is read wrong: the mark has to go once it is not."""
    for path in PAGES:
        known = opened(path)[0].get("known")
        marks = [pytest.mark.xfail(reason=known, strict=True)] if known else []
        yield pytest.param(path, id=path.stem, marks=marks)


@pytest.mark.parametrize("path", list(_cases()))
def test_a_golden_page_reads_as_its_head_says(path: Path) -> None:
    truth, page = opened(path)
    found = read(truth, page)
    if "refused" in truth:
        assert not isinstance(found, Article), f"read as an article: {found.title!r}"
        assert found.kind.value == truth["refused"]
        assert truth["reason"] in found.detail
        return
    assert isinstance(found, Article), found
    want = expected(truth)
    got = as_read(found, want)
    if truth.get("precision") == "day":
        local = found.published and found.published.at.timestamp() + 60 * (
            found.published.offset_minutes or 0
        )
        want["published"] = want["published"][:10]
        got["published"] = local and datetime.fromtimestamp(local, UTC).date().isoformat()
    assert got == want
    assert all(found.text[one.start : one.end] == one.printed for one in found.credits if one.start >= 0)


def test_the_golden_pages_cover_all_nine_languages() -> None:
    assert {path.stem.partition("-")[0] for path in PAGES} == {
        "en",
        "ru",
        "be",
        "az",
        "fr",
        "es",
        "ar",
        "zh",
        "de",
    }
