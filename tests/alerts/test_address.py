"""Addresses: what SMTP can carry, and one key per mailbox (M10)."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.address import mailbox_key, wire_address
from alerts.errors import AlertError

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("desk@газета.example", "desk@xn--80aahjj1e.example"),
        ("desk@EXAMPLE.org.", "desk@example.org"),
        ("desk@ｅｘａｍｐｌｅ。org", "desk@example.org"),
        ("First.Last+tag@example.org", "First.Last+tag@example.org"),
        ("desk@localhost", "desk@localhost"),
    ],
)
def test_m10_an_international_domain_travels_in_a_labels(address: str, sent: str) -> None:
    assert wire_address(address) == sent


@pytest.mark.parametrize(
    "address",
    [
        "почта@example.org",
        '"a b"@example.org',
        "a..b@example.org",
        ".a@example.org",
        "a@",
        "@b",
        "a@.",
        "a@b..c",
        "a@-.org",
        "a@[127.0.0.1]",
        "a@b_c.example",
        "a@b\ud800.example",
        "x" * 65 + "@example.org",
        "x" * 60 + "@" + ".".join(["y" * 60] * 4) + ".org",
        "a\0b@example.org",
        "a\n@example.org",
        "a@example.org\n",
    ],
)
def test_m10_what_smtp_cannot_carry_is_refused_in_words(address: str) -> None:
    with pytest.raises(AlertError, match="is not a mail address we can send to"):
        wire_address(address)


@settings(max_examples=300, deadline=None)
@given(st.one_of(ANY_TEXT, st.tuples(ANY_TEXT, ANY_TEXT).map("@".join)))
@example("a@" + "b." * 200)
def test_m10_any_text_is_a_plain_address_or_refused(text: str) -> None:
    try:
        sent = wire_address(text)
    except AlertError:
        return
    local, domain = sent.split("@")
    assert sent.isascii()
    assert sent.isprintable()
    assert local
    assert domain
    assert not set(sent) & set(' <>,;:"()[]\\')
    assert len(sent) <= 254
    assert wire_address(sent) == sent


def test_one_mailbox_has_one_key_however_it_is_spelt() -> None:
    spellings = ("Desk@Bücher.example", " desk@xn--bcher-kva.EXAMPLE", "DESK@bücher.example.")
    assert {mailbox_key(one) for one in spellings} == {"desk@xn--bcher-kva.example"}
    assert mailbox_key("Team-Chat ") == "team-chat"


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_a_key_is_the_key_of_itself(text: str) -> None:
    assert mailbox_key(mailbox_key(text)) == mailbox_key(text)
