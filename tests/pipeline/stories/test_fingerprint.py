from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stories import fingerprint, likeness

CHINESE = (
    "联合国大会第三委员会星期六未经表决通过了一项关于打击贩运人口的决议草案,九十七个国家联署。"
    "文件要求各国政府首先帮助受害者,并注意网络招募。代表团说,决议将于十二月提交全体会议审议。"
)


def words(seed: int, count: int = 300) -> list[str]:
    chosen = random.Random(seed)
    return [f"word{chosen.randrange(5000)}" for _ in range(count)]


def test_case_punctuation_spacing_and_soft_hyphens_do_not_change_a_text() -> None:
    plain = fingerprint("The Committee's draft, adopted on Saturday, goes to the plenary in December.")
    dressed = fingerprint(
        "THE  COMMITTEE’S draft — adopted\non Satur\u00adday — goes to the plenary in December"
    )
    assert plain.text_hash == dressed.text_hash


def test_one_other_word_makes_another_text() -> None:
    assert fingerprint("It was adopted by vote").text_hash != fingerprint("It was rejected by vote").text_hash


def test_short_texts_are_told_apart_by_their_titles_and_never_called_alike() -> None:
    one = fingerprint("Subscribe to read on.", "Talks begin")
    other = fingerprint("Subscribe to read on.", "Talks end")
    assert one.text_hash != other.text_hash
    assert one.bands() == ()
    assert likeness(one.signature, other.signature) == 0.0


def test_a_reprint_with_a_new_first_paragraph_is_alike_and_shares_a_band() -> None:
    text = words(1)
    original = fingerprint(" ".join(text))
    reprint = fingerprint(" ".join(words(2, 40) + text))
    assert likeness(original.signature, reprint.signature) > 0.7
    assert set(original.bands()) & set(reprint.bands())


def test_two_different_texts_are_not_alike() -> None:
    one, other = fingerprint(" ".join(words(3))), fingerprint(" ".join(words(4)))
    assert likeness(one.signature, other.signature) < 0.1
    assert not set(one.bands()) & set(other.bands())


def test_chinese_without_spaces_is_compared_by_characters() -> None:
    reprint = "据新华社报道," + CHINESE
    assert likeness(fingerprint(CHINESE).signature, fingerprint(reprint).signature) > 0.8
    assert likeness(fingerprint(CHINESE).signature, fingerprint(CHINESE[::-1]).signature) < 0.1


def test_the_signature_is_the_same_tomorrow_and_on_another_machine() -> None:
    """Stored signatures must stay comparable: a change here needs a migration."""
    signature = fingerprint(" ".join(f"w{number}" for number in range(50))).signature
    assert len(signature) == 512
    assert signature[:8].hex() == "e08f372c0069b744"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_has_a_fingerprint_and_is_wholly_like_itself(text: str, title: str) -> None:
    one = fingerprint(text, title)
    assert one == fingerprint(text, title)
    assert len(one.text_hash) == 16
    assert likeness(one.signature, one.signature) == (1.0 if one.signature else 0.0)
    assert all(-(2**63) <= band < 2**63 for band in one.bands())
