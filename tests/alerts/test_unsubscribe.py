"""Signed links to leave a subscription (M12): nobody makes one up, nothing of them runs out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels.email import Envelope, build_message
from alerts.digest import RenderedMail
from alerts.errors import AlertError
from alerts.subscription import Recipient
from alerts.unsubscribe import Unsubscribe, read_token, unsubscribe_token, unsubscribe_url

SECRET = "a secret of enough characters"
READER = Recipient("Reader@Bücher.example", "A. Reader")
MADE_AT = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
LOCAL = st.from_regex(r"[a-z0-9]([a-z0-9._+-]{0,20}[a-z0-9])?", fullmatch=True)


def test_m12_a_link_says_who_leaves_what_and_stays_the_same() -> None:
    url = unsubscribe_url("https://watch.example.org/tipwatch/", SECRET, "desk", READER)
    base, _, token = url.rpartition("/")
    assert base == "https://watch.example.org/tipwatch/unsubscribe"
    assert read_token(SECRET, token) == Unsubscribe("desk", "reader@xn--bcher-kva.example")
    assert unsubscribe_url("https://watch.example.org/tipwatch", SECRET, "desk", READER) == url
    assert unsubscribe_token(SECRET, "desk", Recipient("reader@bücher.example")) == token


def test_m12_a_link_fits_into_its_header() -> None:
    long = Recipient("x" * 60 + "@" + "y" * 60 + "." + "z" * 60 + "." + "v" * 60 + ".example")
    link = unsubscribe_url("https://watch.example.org", SECRET, "desk-" + "n" * 60, long)
    raw = build_message(
        RenderedMail("s", "t", "h"),
        Envelope(Recipient("t@example.org"), long, "<a@b>", MADE_AT, "desk.example", unsubscribe=link),
    )
    assert (
        f"List-Unsubscribe: <{link}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode() in raw
    )


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40), LOCAL)
def test_m12_what_was_signed_is_read_back(subscription: str, local: str) -> None:
    token = unsubscribe_token(SECRET, subscription, Recipient(f"{local}@example.org"))
    assert re.fullmatch(r"1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}", token)
    found = read_token(SECRET, token)
    assert found is not None
    assert found.subscription_id == subscription
    assert found.address.lower() == found.address


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_m12_a_token_changed_in_any_character_means_nothing(data: st.DataObject) -> None:
    token = unsubscribe_token(SECRET, "desk", READER)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("abcXYZ019-_.=é"))
    changed = token[:place] + other + token[place + 1 :]
    assert (read_token(SECRET, changed) is None) == (changed != token)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_m12_no_made_up_text_is_a_token(text: str) -> None:
    assert read_token(SECRET, text) is None
    assert read_token(SECRET, f"1.{text}") is None
    assert read_token(SECRET, f"1.ZGVzawBh.{text}") is None


def test_m12_a_token_of_another_secret_or_of_a_subscription_exchanged_means_nothing() -> None:
    mine, other = (unsubscribe_token(SECRET, name, READER) for name in ("desk", "night"))
    assert read_token(SECRET + "!", mine) is None
    assert read_token("", mine) is None
    _, meant, _ = mine.split(".")
    _, _, signature = other.split(".")
    assert read_token(SECRET, f"1.{meant}.{signature}") is None
    assert read_token(SECRET, mine.replace("1.", "2.", 1)) is None
    assert read_token(SECRET, mine + "=" * 1000) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://watch.example.org",
        "watch.example.org",
        "https://",
        "https://a.example/?q=1",
        "https://пример.example",
    ],
)
def test_m12_a_base_that_is_no_plain_https_url_is_refused(url: str) -> None:
    with pytest.raises(AlertError, match="https"):
        unsubscribe_url(url, SECRET, "desk", READER)


def test_m12_a_short_secret_is_refused_without_being_shown() -> None:
    with pytest.raises(AlertError, match="16 characters") as refused:
        unsubscribe_url("https://watch.example.org", "hunter2", "desk", READER)
    assert "hunter2" not in str(refused.value)


def test_m12_a_link_too_long_for_its_header_is_refused() -> None:
    with pytest.raises(AlertError, match="too long"):
        unsubscribe_token(SECRET, "d" * 900, READER)
