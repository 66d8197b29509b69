"""Mails as files: whole or absent, written once, under names that stay inside the folder."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.email import Envelope, build_message
from alerts.channels.folder import FolderChannel, file_name
from alerts.digest import RenderedMail
from alerts.outbox import SendOutcome
from alerts.subscription import Recipient

READER = Recipient("reader@example.org")


@pytest.fixture
def letter() -> bytes:
    envelope = Envelope(
        sender=Recipient("tipwatch@example.org"),
        recipient=READER,
        message_id="<d.1.1@example.org>",
        date=datetime(2026, 11, 23, 4, 30, tzinfo=UTC),
        list_id="desk.example.org",
    )
    return build_message(RenderedMail("s", "Торговля людьми\n", "<p>Торговля людьми</p>\n"), envelope)


def test_a_mail_lies_under_its_day_with_html_and_text_beside_it(tmp_path, letter):
    result = FolderChannel(tmp_path / "outbox").send(letter, READER, "desk-1-reader@example.org")
    day = tmp_path / "outbox" / "2026-11-23"
    assert result.outcome is SendOutcome.ACCEPTED
    assert result.text == str(day / "desk-1-reader@example.org.eml")
    assert sorted(path.name for path in day.iterdir()) == [
        "desk-1-reader@example.org.eml",
        "desk-1-reader@example.org.html",
        "desk-1-reader@example.org.txt",
    ]
    assert (day / "desk-1-reader@example.org.eml").read_bytes() == letter
    assert (day / "desk-1-reader@example.org.txt").read_text("utf-8") == "Торговля людьми\n"
    assert "<p>Торговля людьми</p>" in (day / "desk-1-reader@example.org.html").read_text("utf-8")


def test_a_mail_sent_twice_is_written_once(tmp_path, letter):
    channel = FolderChannel(tmp_path)
    first = channel.send(letter, READER, "one")
    written = (tmp_path / "2026-11-23" / "one.eml").stat().st_mtime_ns
    assert channel.send(letter, READER, "one") == first
    assert (tmp_path / "2026-11-23" / "one.eml").stat().st_mtime_ns == written


def test_a_folder_that_cannot_be_written_is_told_and_tried_again_later(tmp_path, letter):
    (tmp_path / "file").write_text("not a folder")
    result = FolderChannel(tmp_path / "file").send(letter, READER, "one")
    assert result.outcome is SendOutcome.UNREACHABLE
    assert "cannot write to" in result.text


def test_the_mail_reads_back_with_its_headers(tmp_path, letter):
    FolderChannel(tmp_path).send(letter, READER, "one")
    mail = message_from_bytes((tmp_path / "2026-11-23" / "one.eml").read_bytes(), policy=policy.default)
    assert mail["To"] == "reader@example.org"


def test_names_are_readable_and_different_where_characters_had_to_give_way():
    assert file_name("desk", "20261123-ab", READER) == "desk-20261123-ab-reader@example.org"
    assert file_name("a/b", "1", READER) != file_name("a_b", "1", READER)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_no_name_leaves_the_folder(subscription, digest, address):
    name = file_name(subscription, digest, Recipient(address))
    assert "/" not in name
    assert "\0" not in name
    assert name not in {"", ".", ".."}
    assert not name.startswith(".")
    assert len(name.encode()) <= 200
