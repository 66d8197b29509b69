"""Files that are no page are told by how they begin, before any parser sees them."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

from typing import Any

import pytest

from pipeline.article import OutcomeKind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF file"),
        (b"\xef\xbb\xbf%PDF-1.4", "a PDF file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture (JPEG)"),
        (b"GIF89a" + bytes(20), "a picture (GIF)"),
        (b"PK\x03\x04" + bytes(20), "an archive or an office document"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a picture, sound or video file"),
        (b"\x00\x00\x00\x18ftypmp42", "a picture, sound or video file"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel>', "a feed or sitemap"),
        (
            b'<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            "a feed or sitemap",
        ),
    ],
)
def test_what_is_no_page_is_named_by_its_first_bytes(refuse: Any, body: bytes, kind: str) -> None:
    found = refuse(body)
    assert found.kind is OutcomeKind.NOT_ARTICLE
    assert found.detail == f"{kind}, no page"


def test_a_page_that_speaks_of_feeds_is_a_page(read: Any) -> None:
    prose = "<p>The committee adopted the text without a vote on Friday evening, after a long day of talks in the hall.</p>"
    page = f'<?xml version="1.0"?><!DOCTYPE html><html><head><title>Feeds adopted</title></head><body><rss >{prose}{prose}</body></html>'
    assert read(page).title == "Feeds adopted"
