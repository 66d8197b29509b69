"""The bytes of a mail: nothing from the outside becomes a header or a recipient (M01-M03, M07, M10, M13)."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.channels.email import (
    Envelope,
    build_message,
    clean_header,
    message_id,
    size_as_sent,
    wire_address,
)
from alerts.channels.email.message import _check
from alerts.digest import RenderedMail
from alerts.errors import AlertError, UnsafeMailError
from alerts.subscription import Recipient

READER = Recipient("reader@example.org", "A. Reader")
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "Auto-Submitted",
    "Precedence",
    "MIME-Version",
    "Content-Type",
]

#: RFC 2047 words that Python 3.11.7 decodes into lines of their own
INJECTIONS = [
    "=?utf-8?q?x=0d=0aBcc:_v?=",
    "=?utf-8?b?DQpCY2M6IHZpY3RpbUBleGFtcGxlLm9yZw==?=",
    "a =?utf-8?q?x=0d=0a?= =?utf-8?q?Bcc:_v@example.org?=",
    "==?utf-8?q?x=0aBcc:_v?==",
    "=\0?utf-8?q?x=0aBcc:_v?=",
    "=\u202e?utf-8?q?x=0d=0aBcc:_v?=",
]


def envelope(recipient: Recipient = READER, **more) -> Envelope:
    return Envelope(
        sender=Recipient("tipwatch@example.org", "tipwatch"),
        recipient=recipient,
        message_id=message_id("desk-1", recipient, "example.org"),
        date=datetime(2026, 11, 23, 4, 30, tzinfo=UTC),
        list_id="desk.example.org",
        **more,
    )


def built(subject: str = "s", text: str = "t\n", html: str = "<p>h</p>\n", **more):
    raw = build_message(RenderedMail(subject, text, html), envelope(**more))
    return raw, message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize(
    "separator", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\u0085", "\v", "\f", "\x1c", "\0"]
)
def test_m01_line_breaks_of_any_kind_in_a_title_become_spaces(separator):
    _, mail = built(f"Title{separator}Bcc: victim@example.org")
    assert mail["Subject"] == "Title Bcc: victim@example.org"
    assert mail.keys() == HEADERS


@pytest.mark.parametrize("title", INJECTIONS)
def test_m02_an_encoded_word_in_a_title_injects_no_header(title):
    raw, mail = built(title)
    assert mail.keys() == HEADERS
    assert b"\nBcc:" not in raw
    assert "Bcc" in mail["Subject"] or "?b?" in mail["Subject"]


@pytest.mark.parametrize("title", INJECTIONS)
def test_m02_an_encoded_word_in_a_name_adds_no_recipient(title):
    _, mail = built(recipient=Recipient("reader@example.org", title), list_name=title)
    assert mail.keys() == HEADERS
    assert [a.addr_spec for a in mail["To"].addresses] == ["reader@example.org"]


def test_m02_a_mail_that_says_more_than_it_should_is_refused():
    raw, _ = built()
    with pytest.raises(UnsafeMailError, match="headers are"):
        _check(b"Bcc: victim@example.org\r\n" + raw, tuple(HEADERS), READER.address)
    with pytest.raises(UnsafeMailError, match="recipient"):
        _check(raw, tuple(HEADERS), "somebody.else@example.org")
    with pytest.raises(UnsafeMailError, match="lines"):
        _check(raw.replace(b"Precedence: bulk\r\n", b"Precedence: bulk\n"), tuple(HEADERS), READER.address)


def test_m03_lone_surrogates_and_nul_neither_stop_the_mail_nor_reach_it():
    raw, mail = built("a\ud800b\0c", "text \ud800 and \0\n", "<p>\udfff\0</p>")
    assert mail["Subject"] == "a b c"
    assert b"\0" not in raw
    assert raw.isascii()


def test_marks_that_turn_the_reading_direction_do_not_reach_the_subject():
    assert clean_header("invoice\u202efdp.exe") == "invoicefdp.exe"


def test_a_long_subject_is_cut_at_150_characters():
    assert len(clean_header("слово " * 100)) == 150
    assert clean_header("слово " * 100).endswith("…")


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=200), st.text(max_size=60))
@example(INJECTIONS[0], INJECTIONS[1])
@example("Торговля людьми: резолюция принята " * 5, "Ü" * 50)
@example("a " * 75, "?= =?")
def test_any_title_and_name_give_exactly_the_expected_headers(title, name):
    raw, mail = built(title, recipient=Recipient("reader@example.org", name))
    assert mail.keys() == HEADERS
    assert [a.addr_spec for a in mail["To"].addresses] == ["reader@example.org"]
    assert "".join(str(mail["Subject"]).split()) == "".join(clean_header(title).split())
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert not [part.defects for part in mail.walk() if part.defects]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=3000), st.text(max_size=3000))
@example("." + "x" * 5000 + "\n.\n", "--=_\n--=_x--\n")
def test_any_text_and_html_arrive_as_they_were(text, html):
    _, mail = built(text=text, html=html)
    clean = [part.replace("\0", "") for part in (text, html)]
    for subtype, content in zip(("plain", "html"), clean, strict=True):
        arrived = mail.get_body(preferencelist=(subtype,)).get_content()
        assert "".join(arrived.split()) == "".join(content.split())


def test_m07_a_mail_is_addressed_to_one_recipient_only():
    raw, mail = built(recipient=Recipient("reader@example.org", "x <y@example.org>, z@example.org"))
    assert len(mail["To"].addresses) == 1
    assert b"Cc:" not in raw


def test_m10_an_international_domain_is_sent_in_a_labels():
    assert wire_address("info@bücher.example") == "info@xn--bcher-kva.example"
    _, mail = built(recipient=Recipient("info@bücher.example"))
    assert mail["To"].addresses[0].addr_spec == "info@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "address",
    [
        "почта@example.org",
        "a@b@example.org",
        "a\r\nBcc: x@example.org",
        "a b@example.org",
        "nobody",
        "a@",
        "@b",
        "a@-.org",
    ],
)
def test_m10_an_address_that_cannot_be_sent_to_is_refused_in_words(address):
    with pytest.raises(AlertError, match="is not a mail address"):
        wire_address(address)


def test_m13_answering_machines_are_told_not_to_answer():
    _, mail = built(list_name="Desk")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["List-Id"] == "Desk <desk.example.org>"


def test_m12_a_one_click_link_is_offered_only_when_there_is_one():
    _, mail = built(unsubscribe="https://example.org/u/abc")
    assert mail["List-Unsubscribe"] == "<https://example.org/u/abc>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in built()[1]
    with pytest.raises(AlertError, match="https"):
        built(unsubscribe="javascript:alert(1)")


def test_the_same_delivery_has_the_same_bytes_and_message_id():
    assert built()[0] == built()[0]
    other = message_id("desk-1", Recipient("other@example.org"), "example.org")
    assert message_id("desk-1", READER, "example.org") != other
    assert "reader" not in message_id("desk-1", READER, "example.org")
    assert message_id("d>\r\nx", READER, "example.org").count("\n") == 0


def test_the_size_as_sent_is_the_size_in_the_mail():
    for html in ("<p>plain</p>\n" * 500, "<p>Торговля людьми</p>\n" * 500):
        raw, _ = built(html=html)
        part = raw.split(b"--=_")[2].split(b"\r\n\r\n", 1)[1]
        assert abs(size_as_sent(html) - len(part)) <= 0.01 * len(part)
