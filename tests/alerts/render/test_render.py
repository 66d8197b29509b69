"""What a digest says: the golden text, nothing hostile in the HTML (M11), never too large (M08), right in every script."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from alerts.channels.email import size_as_sent
from alerts.digest import Copy, Reason, Segment
from alerts.errors import AlertError
from alerts.render import MAX_HTML_BYTES, render

#: what pages could say in the hope that somebody renders it
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=https://spy.example/pixel.gif onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>@import 'https://spy.example/x.css'</style>",
    "</title><meta http-equiv=refresh content='0;url=https://spy.example'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=https://spy.example><input name=password></form>",
    "<a href=javascript:alert(1)>read</a>",
    "<link rel=stylesheet href=https://spy.example/x.css>",
    "<base href=https://spy.example/>",
    "<!--<mark>--><b style=background:url(https://spy.example/x)>",
    "{{ 7 * 7 }} {% include '/etc/passwd' %}",
    "<<script>script>alert(1)<</script>/script>",
    "\u202e<txet desrever\u202c \ud800 \0 \x1b[31m",
]
HOSTILE_LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//spy.example/x",
    "/relative",
    "ftp://files.example/x",
    "https://un.org@spy.example/",
    "https://",
    "https://[::1",
    "https://exa mple.org/",
    "https://example.org:99999/",
    "https://example.org/\u2028x",
    "https://\ud800.example/",
    "https://example.org/" + "x" * 3000,
    "file:///etc/passwd",
    "mailto:a@example.org",
]
ALLOWED_TAGS = {"html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td"}
ALLOWED_TAGS |= {"h1", "h2", "h3", "p", "span", "a", "mark", "br", "bdi"}


def hostile_digest(day_digest, text: str, url: str = "https://example.org/a"):
    marked = (Segment(text), Segment(text, marked=True))
    entry = replace(
        day_digest.entries[0],
        headline=marked,
        url=url,
        outlet=text,
        country=text,
        language=text,
        lead=marked,
        why=(Reason(text, marked),),
        topics=(text,),
        credits=(text,),
        copies=(Copy(text, url, text, text, text, "report", None),),
    )
    return replace(day_digest, title=text, entries=(entry,), silent_sources=(text,))


def assert_harmless(html: str) -> None:
    page = lxml_html.document_fromstring(html)
    for element in page.iter():
        assert element.tag in ALLOWED_TAGS, f"{element.tag} in a mail"
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in {"src", "srcset", "action", "background", "http-equiv"}
            if name == "href":
                assert value.startswith(("https://", "http://"))
            if name == "style":
                assert "url(" not in value
    styles = "".join(style.text or "" for style in page.iter("style"))
    assert "url(" not in styles
    assert "@import" not in styles


def test_the_subject_names_the_digest_the_count_and_the_first_story(day_digest):
    assert render(day_digest).subject == (
        "Trafficking resolutions, daily · 7 stories: "
        "UN committee backs Belarus text on coordinating action against trafficking in persons"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_m11_hostile_text_stays_text_in_every_field(day_digest, text):
    mail = render(hostile_digest(day_digest, text))
    assert_harmless(mail.html)
    assert "\0" not in mail.text + mail.html
    assert "\u202e" not in mail.text + mail.html
    assert "49" not in mail.subject


@pytest.mark.parametrize("url", HOSTILE_LINKS)
def test_m11_an_address_that_is_no_web_page_is_never_linked(day_digest, url):
    mail = render(hostile_digest(day_digest, "title", url))
    assert_harmless(mail.html)
    assert "href" not in mail.html
    assert "://" not in mail.text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=()), max_size=80), url=st.text(max_size=80))
@example(text="<mark>", url="https://bücher.example/ä?q=ü#é")
def test_m11_any_text_and_any_address_give_a_harmless_mail(day_digest, text, url):
    assert_harmless(render(hostile_digest(day_digest, text, url)).html)


def test_nothing_is_loaded_from_anywhere(day_digest):
    html = render(day_digest).html
    assert_harmless(html)
    assert "<img" not in html


def test_marked_words_are_marked_in_both_parts(day_digest):
    mail = render(day_digest)
    page = lxml_html.document_fromstring(mail.html)
    assert "trafficking in persons" in {mark.text_content() for mark in page.iter("mark")}
    assert "*trafficking in persons*" in mail.text


def test_an_arabic_entry_reads_from_right_to_left_and_names_its_language(day_digest):
    page = lxml_html.document_fromstring(render(day_digest).html)
    (headline,) = [h for h in page.iter("h2") if "الاتجار" in h.text_content()]
    assert (headline.get("dir"), headline.get("lang")) == ("rtl", "ar")
    (russian,) = [h for h in page.iter("h2") if "Минске" in h.text_content()]
    assert (russian.get("dir"), russian.get("lang")) == ("ltr", "ru")


def test_what_is_not_known_is_left_out(day_digest):
    bare = replace(
        day_digest.entries[0], country=None, language=None, why=(), credits=(), copies=(), topics=(), lead=()
    )
    mail = render(replace(day_digest, entries=(bare,), left_out=0, silent_sources=(), sources_read=0))
    for part in (mail.text, mail.html):
        assert "Why it is here" not in part
        assert "Also in" not in part
        assert "Citing" not in part
        assert "silent" not in part
        assert "None" not in part
        assert " ·  · " not in part


def test_a_window_without_stories_says_so_and_how_much_was_read(day_digest):
    mail = render(replace(day_digest, entries=(), left_out=0))
    assert mail.subject == "Trafficking resolutions, daily · quiet: nothing yet"
    assert "Nothing new in this window. Nothing has matched yet." in mail.text
    assert "412 articles read from 37 sources; 2 silent: Ruh News, Harbour Post." in mail.text


def test_m08_ten_thousand_stories_fit_and_the_rest_is_counted(day_digest):
    entries = tuple(
        replace(day_digest.entries[n % 5], story_id=f"s{n}", url=f"https://example.org/{n}")
        for n in range(10_000)
    )
    mail = render(replace(day_digest, entries=entries, left_out=5))
    assert size_as_sent(mail.html) <= MAX_HTML_BYTES
    assert size_as_sent(mail.html) > 0.8 * MAX_HTML_BYTES
    page = lxml_html.document_fromstring(mail.html)
    full = len([h for h in page.iter("h2") if "head" in h.get("class").split()])
    briefs = len([p for p in page.iter("p") if p.get("class") == "brief"])
    assert full > 3
    assert briefs > 20
    assert f"and {len(mail.listed)} more stories in this window: in the attached list" in mail.text
    assert (
        f"and {10_005 - full - briefs - len(mail.listed)} more stories in this window, not shown" in mail.text
    )
    assert len(mail.text.encode()) < 300_000


def test_m08_stories_that_do_not_fit_in_full_keep_their_links(day_digest):
    entries = tuple(
        replace(day_digest.entries[n % 5], story_id=f"s{n}", url=f"https://example.org/{n}")
        for n in range(40)
    )
    mail = render(replace(day_digest, entries=entries, left_out=0))
    assert size_as_sent(mail.html) <= MAX_HTML_BYTES
    for n in range(40):
        assert f'href="https://example.org/{n}"' in mail.html
        assert f"https://example.org/{n}\n" in mail.text


def test_one_endless_text_does_not_fill_the_mail(day_digest):
    endless = replace(
        day_digest.entries[0], lead=(Segment("слово " * 100_000),), headline=(Segment("я" * 100_000),)
    )
    mail = render(replace(day_digest, entries=(endless,)))
    assert size_as_sent(mail.html) < 20_000
    assert "…" in mail.text


def test_a_frame_that_nobody_wrote_is_an_error(day_digest):
    with pytest.raises(AlertError, match="en"):
        render(day_digest, language="tlh")
    with pytest.raises(AlertError, match="larger"):
        render(day_digest, max_html_bytes=1000)


def test_no_lag_is_claimed_for_a_report_dated_to_the_day(day_digest):
    first = day_digest.entries[0]
    copies = tuple(replace(copy, precision="day") for copy in first.copies)
    mail = render(replace(day_digest, entries=(replace(first, copies=copies),)))
    assert "later" not in mail.text


def test_a_window_within_one_day_names_the_day_once(day_digest):
    mail = render(replace(day_digest, window_start=datetime(2026, 11, 23, 1, 30, tzinfo=UTC)))
    assert "23 Nov 2026, 04:30 – 07:30, Minsk time" in mail.text


def test_a_window_within_one_minute_names_one_time(day_digest):
    at = day_digest.window_end
    shown = render(replace(day_digest, window_start=at.replace(second=0), window_end=at.replace(second=30)))
    quiet = render(day_digest)
    assert " – " not in next(line for line in shown.text.splitlines() if line.endswith(" time"))
    assert " – " in next(line for line in quiet.text.splitlines() if line.endswith(" time"))
