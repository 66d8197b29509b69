"""A mail made small after a server found it too large (M08): the same mail, as text alone."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.channels.email import Envelope, build_message, message_id, shrunk
from alerts.channels.email.shrinking import LARGEST_SHRUNK
from alerts.digest import Attachment, RenderedMail
from alerts.subscription import Recipient

READER = Recipient("reader@example.org", "Юлия, A. “Reader” " + "x" * 40)
NOTE = "Your mail server found this mail too large: here is its text, without the attached list."
IDS = tuple(f"<d.20261124T0430-{n:010}.0123456789abcdef@watch.example.org>" for n in range(5))
LINK = "https://example.org/unsubscribe/1." + "a-_Z9" * 60


def large(text: str, subject: str = "Резолюция: " + "слово " * 30) -> bytes:
    envelope = Envelope(
        sender=Recipient("tipwatch@example.org", "tipwatch"),
        recipient=READER,
        message_id=message_id("desk-1", READER, "example.org"),
        date=datetime(2026, 11, 23, 4, 30, tzinfo=UTC),
        list_id="desk.example.org",
        list_name="Дежурный",
        unsubscribe=LINK,
        unsubscribe_to="leave@example.org",
        references=IDS,
        language="ru",
    )
    files = (Attachment("stories.csv", "text/csv", b"a,b\r\n" * 500),)
    return build_message(RenderedMail(subject, text, "<p>html</p>\n" * 900, files), envelope)


def text_of(raw: bytes) -> str:
    return read(raw).get_content().replace("\r\n", "\n")


def read(raw: bytes):
    return message_from_bytes(raw, policy=policy.default)


def head_of(raw: bytes) -> list[bytes]:
    fields = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b"\0").split(b"\r\n")
    return [one for one in fields if not one.startswith((b"Content-T", b"MIME-Version"))]


@pytest.mark.parametrize(
    "line", ["A resolution against trafficking.\n", "Резолюция против торговли людьми.\n"]
)
def test_m08_a_mail_too_large_becomes_its_text_cut_at_a_line(line: str) -> None:
    small = shrunk(large(line * 5000), NOTE)
    assert small is not None
    mail = read(small)
    assert not mail.is_multipart()
    assert mail.get_content_type() == "text/plain"
    assert LARGEST_SHRUNK * 0.95 < len(small.partition(b"\r\n\r\n")[2]) <= LARGEST_SHRUNK
    said, _, text = text_of(small).partition("\n\n")
    assert said == NOTE
    lines = text.splitlines()
    assert lines[-1] == "[…]"
    assert {*lines[:-1]} == {line.rstrip("\n")}


def test_m08_all_headers_stay_byte_by_byte_the_message_id_among_them() -> None:
    raw = large("text\n" * 20_000)
    small = shrunk(raw, NOTE)
    assert small is not None
    assert head_of(small) == head_of(raw)
    assert read(small)["Message-ID"] == read(raw)["Message-ID"]
    assert read(small)["Subject"] == read(raw)["Subject"]


def test_m08_a_short_text_is_kept_whole_without_html_and_files() -> None:
    small = shrunk(large("One line.\n\nTwo lines.\n"), NOTE)
    assert small is not None
    assert text_of(small) == f"{NOTE}\n\nOne line.\n\nTwo lines.\n"
    assert b"html" not in small
    assert b"csv" not in small


def test_m08_what_is_small_already_is_not_made_smaller() -> None:
    small = shrunk(large("line\n" * 50_000), NOTE)
    assert small is not None
    assert shrunk(small, NOTE) is None


def test_m08_one_endless_line_is_cut_all_the_same() -> None:
    small = shrunk(large("x" * 300_000), "")
    assert small is not None
    assert len(small) < LARGEST_SHRUNK + 4_000


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b'{"digest": "d"}\r\n\r\n', b"Subject: x\r\n\r\nno recipient", b"\xff\0\r\n\r\n"]
)
def test_m08_what_is_no_mail_of_ours_is_left_alone(raw: bytes) -> None:
    assert shrunk(raw, NOTE) is None


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200), st.integers(1, 4000), st.text(st.characters(exclude_categories=()), max_size=200)
)
@example("\r\n.\r\n", 9000, "\r\nBcc: x@example.org")
@example("-", 1, "")
def test_m08_any_text_and_note_give_a_small_mail_with_the_same_headers(
    piece: str, times: int, note: str
) -> None:
    raw = large((piece + "\n") * min(times, 60_000 // (len(piece) + 1)), subject=piece)
    small = shrunk(raw, note)
    assert small is not None
    assert head_of(small) == head_of(raw)
    assert len(small.partition(b"\r\n\r\n")[2]) <= LARGEST_SHRUNK + 2
    assert small.isascii()
    assert shrunk(small, note) is None


def test_m08_files_alone_are_reason_enough_to_make_a_mail_smaller() -> None:
    raw = large("t\n")
    assert len(shrunk(raw, NOTE) or raw) < len(raw)
