"""The bytes of a mail: nothing from the outside becomes a header or a recipient (M01-M03, M07, M10, M13)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.channels.email import (
    LARGEST_MAIL,
    Envelope,
    attachment_size_as_sent,
    build_message,
    clean_header,
    message_id,
    size_as_sent,
    wire_address,
)
from alerts.channels.email.message import _check, file_name
from alerts.digest import Attachment, RenderedMail
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
FIELDS = dict.fromkeys(HEADERS[:-2], "")

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


def header_names(raw: bytes) -> list[str]:
    """The names as they stand, read without the library."""
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    return [line.partition(":")[0] for line in head.split("\r\n") if line[0] not in " \t"]


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
        _check(b"Bcc: victim@example.org\r\n" + raw, FIELDS, [], READER.address)
    with pytest.raises(UnsafeMailError, match="recipient"):
        _check(raw, FIELDS, [], "somebody.else@example.org")
    with pytest.raises(UnsafeMailError, match="lines"):
        _check(raw.replace(b"Precedence: bulk\r\n", b"Precedence: bulk\n"), FIELDS, [], READER.address)
    with pytest.raises(UnsafeMailError, match="parts"):
        _check(raw, FIELDS, [("a.csv", Attachment("a.csv", "text/csv", b"a"))], READER.address)


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


SUBJECT_WORDS = [
    "Торговля",
    "UN",
    "3",
    "İnsan",
    "alverinə:",
    "“q”",
    "the",
    "打击人口贩运",
    "a,",
    "b;",
    "(c)",
    "x@y",
]
ANY_TEXT = st.text(
    st.characters(exclude_categories=())
)  # with controls, lone surrogates, unassigned code points


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
@example(*INJECTIONS[:5])
@example("Торговля людьми: резолюция принята " * 5, "Ü" * 50, "x" * 66 + ", victim@example.org", "a\\", '"')
@example("a " * 75, "?= =?", 'ü, "victim@example.org", ' * 4, "<b@example.org>", "x.y <z>")
@example("\u0130\u0130 3 \u0130", "a,b;c:d", "(comment", "@", "a..b")
def test_m01_m02_m03_any_title_and_name_give_exactly_the_expected_headers(
    title, reader, sender, of_list, of_id
):
    raw = build_message(
        RenderedMail(title, title, reader),
        replace(
            envelope(recipient=Recipient("reader@example.org", reader), list_name=of_list),
            sender=Recipient("tipwatch@example.org", sender),
            list_id=of_id,
        ),
    )
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail.keys() == HEADERS
    assert header_names(raw) == HEADERS
    for header, address, name in (("To", "reader@", reader), ("From", "tipwatch@", sender)):
        assert [a.addr_spec for a in mail[header].addresses] == [f"{address}example.org"]
        assert "".join(mail[header].addresses[0].display_name.split()) == "".join(
            clean_header(name, 80).split()
        )
    assert mail["Subject"] == clean_header(title)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert not [part.defects for part in mail.walk() if part.defects]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(SUBJECT_WORDS),
        max_size=30,
    )
)
def test_the_words_of_a_subject_keep_their_spaces_however_it_is_folded(words):
    assert built(" ".join(words))[1]["Subject"] == clean_header(" ".join(words))


def test_m07_a_name_with_commas_never_parts_into_recipients():
    name = "x" * 50 + ", victim@example.org"
    _, mail = built(recipient=Recipient("reader@example.org", name))
    (reader,) = mail["To"].addresses
    assert (reader.display_name, reader.addr_spec) == (name, "reader@example.org")


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


def test_an_address_without_a_name_stands_bare():
    raw, _ = built(recipient=Recipient("reader@example.org"))
    assert b"\r\nTo: reader@example.org\r\n" in raw


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
    raw, mail = built(list_name="Desk")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["List-Id"] == "Desk <desk.example.org>"
    assert b"Return-Receipt-To" not in raw
    assert b"Disposition-Notification-To" not in raw


def test_m13_the_identity_of_a_list_is_stable_and_a_plain_name():
    def list_id(given: str) -> str:
        raw = build_message(RenderedMail("s", "t", "h"), replace(envelope(), list_id=given))
        return message_from_bytes(raw, policy=policy.default)["List-Id"]

    assert list_id("desk.bücher.example") == "<desk.xn--bcher-kva.example>"
    assert list_id("дежурный.example.org") == "<xn--d1acdmtru0e.example.org>"
    assert list_id("a b>, <c") == list_id("a b>, <c") != list_id("a b>, <d")
    assert "," not in list_id("a b>, <c")


def test_the_language_of_the_frame_is_told():
    assert built(language="az")[1]["Content-Language"] == "az"
    with pytest.raises(AlertError, match="language"):
        built(language="az\r\nBcc: x")


def test_a_date_without_a_zone_is_refused():
    with pytest.raises(AlertError, match="zone"):
        build_message(RenderedMail("s", "t", "h"), replace(envelope(), date=datetime(2026, 11, 23)))  # noqa: DTZ001


LINK = "https://example.org/unsubscribe/1." + "a-_Z9" * 60


def test_m12_a_one_click_link_is_offered_only_when_there_is_one():
    raw, mail = built(unsubscribe=LINK)
    assert (
        f"List-Unsubscribe: <{LINK}>\r\n".encode() in raw
    )  # as it stands: programs do not decode this header
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in built()[1]
    assert "List-Unsubscribe-Post" not in built()[1]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://example.org/u",
        "https://example.org/a b",
        "https://example.org/>, <https://evil.example/",
        "https://example.org/=?utf-8?q?x?=",
        "https://пример.example/u",
        "https://example.org/\r\nBcc: x@example.org",
        "https://example.org/" + "a" * 1000,
    ],
)
def test_m12_anything_but_a_plain_https_link_is_refused(link):
    with pytest.raises(AlertError, match="https"):
        built(unsubscribe=link)


def test_m12_a_mailbox_for_leaving_stands_after_the_link_and_takes_no_click():
    _, both = built(unsubscribe=LINK, unsubscribe_to="leave@bücher.example")
    assert both["List-Unsubscribe"] == (
        f"<{LINK}>, <mailto:leave@xn--bcher-kva.example?subject=unsubscribe%20desk.example.org>"
    )
    _, alone = built(unsubscribe_to="leave+x&y@example.org")
    assert alone["List-Unsubscribe"].startswith("<mailto:leave+x%26y@example.org?subject=")
    assert "List-Unsubscribe-Post" not in alone
    with pytest.raises(AlertError, match="mail address"):
        built(unsubscribe_to="leave>@example.org")


def ids(count: int) -> tuple[str, ...]:
    return tuple(
        f"<d.20261124T0430-{n:010}.0123456789abcdef@watch.newsroom.example.org>" for n in range(count)
    )


def test_an_instant_mail_continues_the_thread_of_its_story():
    raw, mail = built(in_reply_to=ids(2)[1], references=ids(2))
    assert mail["In-Reply-To"] == ids(2)[1]
    assert mail["References"].split() == list(ids(2))
    assert b"=?" not in raw  # encoded, an identifier would be found by no mail program


def test_a_parent_that_is_not_among_the_references_is_added_and_a_thread_without_parent_takes_the_latest():
    _, mail = built(in_reply_to=ids(3)[2], references=ids(2))
    assert mail["References"].split() == list(ids(3))
    _, mail = built(references=ids(2))
    assert mail["In-Reply-To"] == ids(2)[1]
    assert "In-Reply-To" not in built()[1]


def test_of_a_long_thread_the_first_and_the_latest_twenty_in_all_are_named():
    _, mail = built(references=ids(50))
    assert mail["References"].split() == [ids(50)[0], *ids(50)[-19:]]


def test_a_mail_never_continues_itself():
    own = message_id("desk-1", READER, "example.org")
    _, mail = built(references=(own,), in_reply_to=own)
    assert mail.keys() == HEADERS


@pytest.mark.parametrize(
    "bad", ["", "x", "<a b@c>", "<a@b>\r\nBcc: x@example.org", "<a@b> <c@d>", "<=?utf-8?q?x?=@b>"]
)
def test_what_is_no_message_id_of_ours_is_refused(bad):
    with pytest.raises(AlertError, match="Message-ID"):
        built(references=(bad,))
    with pytest.raises(AlertError, match="Message-ID"):
        build_message(RenderedMail("s", "t", "h"), replace(envelope(), message_id=bad))


def attached(*files: Attachment):
    raw = build_message(RenderedMail("s", "text\n", "<p>h</p>\n", files), envelope())
    return raw, message_from_bytes(raw, policy=policy.default)


CSV = Attachment("desk-20261124-stories.csv", "text/csv", "\ufeffheadline,outlet\r\n“q”,БЕЛТА\r\n".encode())


def test_files_go_beside_text_and_html_and_arrive_byte_by_byte():
    pdf = Attachment("brief.pdf", "application/pdf", bytes(range(256)) * 40)
    raw, mail = attached(CSV, pdf)
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/csv",
        "application/pdf",
    ]
    assert [part.get_filename() for part in mail.iter_attachments()] == [CSV.name, "brief.pdf"]
    assert [part.get_payload(decode=True) for part in mail.iter_attachments()] == [CSV.content, pdf.content]
    assert {part.get_content_disposition() for part in mail.iter_attachments()} == {"attachment"}
    assert {part["Content-Transfer-Encoding"] for part in mail.iter_attachments()} == {"base64"}
    assert header_names(raw) == HEADERS
    assert raw == attached(CSV, pdf)[0]


@settings(max_examples=100, deadline=None)
@given(st.lists(ANY_TEXT, min_size=1, max_size=4), st.binary(max_size=200))
@example(["../../etc/passwd", "con.csv", "a" * 300 + ".csv", "=?utf-8?q?x=0aBcc:_v?="], b"--=_x--\r\n")
def test_files_of_any_name_have_plain_names_of_their_own(names, content):
    raw, mail = attached(*(Attachment(name, "text/csv", content) for name in names))
    found = [part.get_filename() for part in mail.iter_attachments()]
    assert len({name.lower() for name in found}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,90}", name) for name in found)
    assert header_names(raw) == HEADERS


def test_a_file_keeps_its_suffix_however_long_its_name():
    assert file_name("история " * 40 + "x" * 200 + ".csv").endswith(".csv")
    assert file_name(CSV.name) == CSV.name
    assert file_name(".htaccess") == "htaccess"
    assert file_name("...") == "attached"


@pytest.mark.parametrize(
    "kind", ["message/rfc822", "multipart/mixed", "text", "text/csv\r\nBcc: x", "text/csv; a=b"]
)
def test_no_mail_within_a_mail_and_no_made_up_type_is_attached(kind):
    with pytest.raises(AlertError, match="media type"):
        attached(Attachment("a", kind, b""))


def test_a_mail_of_more_than_a_megabyte_is_refused_with_its_size():
    with pytest.raises(AlertError, match=r"the mail is 1,\d{3},\d{3} bytes large"):
        attached(Attachment("a.csv", "text/csv", b"x" * 800_000))
    assert len(attached(Attachment("a.csv", "text/csv", b"x" * 700_000))[0]) <= LARGEST_MAIL


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 5_000, 300_000])
def test_what_an_attachment_takes_is_known_beforehand(size):
    bare = len(attached(Attachment("a.csv", "text/csv", b""))[0])
    grown = len(attached(Attachment("a.csv", "text/csv", b"x" * size))[0]) - bare
    assert 0 <= attachment_size_as_sent(b"x" * size) - grown <= 410


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
