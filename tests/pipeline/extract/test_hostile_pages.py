"""Pages that mean harm, or do it without meaning to: refused early, cut short, or named, never silent and never an exception."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

import json
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article, OutcomeKind
from pipeline.extract import Unreadable, extract
from pipeline.extract.decode import clean_line, clean_text, decode
from pipeline.extract.prescan import Depth, prescan

PARAGRAPHS = "<p>The text was adopted by consensus on Friday evening in the large hall.</p>" * 3


@pytest.mark.parametrize(
    "tag",
    ["<p " + " ".join(f'a{n}="1"' for n in range(3000)) + ">", "<p " + " ".join(f"a{n}=1" for n in range(3000)), "<p " + "x" * 70_000 + ">"],
    ids=["quoted attributes", "a tag that never ends", "a tag of 70 KB"],
)  # fmt: skip
def test_p03_an_overgrown_tag_is_refused_before_any_parser(refuse: Any, tag: str) -> None:
    started = time.monotonic()
    assert refuse(f"<html><body>{tag}</body></html>").kind is OutcomeKind.TOO_LARGE
    assert time.monotonic() - started < 5


def test_an_inline_image_is_no_overgrown_tag() -> None:
    assert prescan(b'<p><img src="data:image/png;base64,' + b"QUJD" * 40_000 + b'"></p>') is Depth.FULL


def test_p04_a_page_of_links_is_refused(refuse: Any) -> None:
    assert "links" in refuse("<a href=/x>x</a>" * 30_000).detail


def test_p05_large_pages_are_read_fast_and_huge_ones_not_at_all() -> None:
    assert prescan(b"<p>" + b"word " * 500_000) is Depth.FAST
    assert "more than 5 MiB" in str(prescan(b" " * 6_000_000))


@given(st.binary(max_size=3000))
@settings(max_examples=60)
def test_the_prescan_takes_any_bytes(body: bytes) -> None:
    prescan(body)


def test_p07_json_ld_nested_without_end_is_passed_over(read: Any) -> None:
    bomb = '<script type="application/ld+json">' + "[" * 100_000 + "</script>"
    article = read(
        f"<html><head>{bomb}<title>Text adopted</title></head><body><h1>Text adopted</h1>{PARAGRAPHS}</body></html>"
    )
    assert article.title == "Text adopted"


@pytest.mark.parametrize(
    "value", [None, 7, [], {}, [[]], {"name": None}, [{"name": ["A B"]}], True, "\ud800x"]
)
def test_json_ld_of_any_shape_never_fails(make_page: Any, value: object) -> None:
    node = {"@type": ["NewsArticle", 5], **dict.fromkeys(("headline", "author", "datePublished", "dateModified", "publisher", "inLanguage", "mainEntityOfPage", "@id", "url", "isAccessibleForFree"), value)}  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps([node, {"@graph": [node, value]}])}</script>'
    found = extract(
        make_page(
            f"<html><head>{script}<title>Text adopted</title></head><body><h1>Text adopted</h1>{PARAGRAPHS}</body></html>"
        )
    )
    assert isinstance(found, Article)


def test_p08_no_field_carries_control_or_override_characters(read: Any) -> None:
    dirt = "\x00\x0b\u202e\u2066\ufffe\ud800&#x202E;&#11;&#xFFFE;"
    page = f'<html><head><title>Text{dirt} adopted</title><meta name="author" content="Ana{dirt} Sole"></head><body><h1>Text{dirt} adopted</h1><p>The te{dirt}xt was adopted by consensus on Friday evening.</p>{PARAGRAPHS}</body></html>'
    article = read(page.encode("utf-8", "surrogatepass"))
    for field in (article.title, article.text, *article.authors):
        assert field == clean_text(field)
    assert article.title == "Text adopted" or "\ufffd" in article.title


@given(st.text(max_size=300))
@settings(max_examples=200)
def test_clean_text_is_idempotent_and_leaves_nothing_invisible(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(char in cleaned for char in "\x00\x0b\x1b\u202e\u2066\ufffe\ufeff")
    assert "\n" not in clean_line(text)


@given(
    st.binary(max_size=400),
    st.sampled_from(
        [
            None,
            "text/html; charset=hex",
            "text/html; charset=nonsense",
            "text/html; charset=utf-16",
            "text/html; charset=gb2312",
        ]
    ),
)
@settings(max_examples=100)
def test_any_bytes_decode_to_something(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type, ("ru",)), str)


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("windows-1251", "cp1251", "Комитет одобрил текст"),
        ("koi8-r", "koi8-r", "Комитет одобрил текст"),
        ("iso-8859-1", "cp1252", "Text “adopted” — déjà"),
        ("windows-1254", "cp1254", "Komitə deyil, şəhər"[:6].replace("ə", "e") + " şğı"),
        ("windows-1256", "cp1256", "اعتمدت اللجنة النص"),
        ("gb2312", "gb18030", "委员会通过文本"),
        ("big5", "big5", "委員會通過文本"),
        ("shift_jis", "cp932", "委員会は採択した"),
        ("euc-kr", "cp949", "위원회가 채택했다"),
        ("utf-16", "utf-16", "Комитет одобрил"),
        ("iso-8859-2", "iso-8859-2", "Výbor přijal návrh"),
        ("iso-8859-15", "iso-8859-15", "Le comité, 5 €"),
    ],
)
def test_twelve_encodings_are_read_by_their_label(label: str, codec: str, text: str) -> None:
    body = f'<html><head><meta charset="{label}"></head><body>{text}'.encode(codec)
    assert decode(body, None).endswith(text)
    assert decode(f"<html><body>{text}".encode(codec), f"text/html; charset={label}").endswith(text)


@given(
    st.lists(
        st.sampled_from(
            [
                *"<>/ab \"'=",
                "<div>",
                "</p>",
                "<p>",
                "<script>",
                "<time datetime='2023",
                "<h1>",
                "<a href=x>",
                "Read also:",
                "11.11.2023 ",
            ]
        ),
        max_size=80,
    ).map("".join)
)
@settings(max_examples=80, deadline=None)
def test_no_markup_makes_extraction_fail(text: str) -> None:
    from datetime import UTC, datetime

    from pipeline.extract import PageInput

    page = PageInput(
        text.encode(),
        "https://courier.example/a",
        None,
        "c",
        "C",
        None,
        (),
        None,
        None,
        datetime(2026, 3, 1, tzinfo=UTC),
    )
    assert isinstance(extract(page), (Article, Unreadable))
