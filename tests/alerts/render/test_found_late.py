"""What is found late stands apart from the news: in the HTML, in the text and in the subject."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.channels.email import size_as_sent
from alerts.digest import Digest, DigestEntry, FoundLate, Reason, Segment
from alerts.render import MAX_HTML_BYTES, render

CHANGED = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


def entry(number: int, language: str = "en") -> DigestEntry:
    return DigestEntry(
        story_id=f"s{number}",
        headline=(
            Segment("Ministers agree on "),
            Segment("human traffic", marked=True),
            Segment(f" ({number})"),
        ),
        url=f"https://paper.example/{number}",
        outlet="Paper",
        country="BY",
        language=language,
        published_at=datetime(2026, 10, 3, 8, 0, tzinfo=UTC),
        precision="minute",
        lead=(Segment("They agreed. " * 20),),
        why=(
            Reason(
                "trafficking in persons", (Segment("They spoke of "), Segment("human traffic", marked=True))
            ),
        ),
        score=0.9,
        topics=("Resolutions",),
        credits=(),
        copies=(),
        first_seen_at=datetime(2026, 10, 3, 9, 0, tzinfo=UTC),
    )


@pytest.fixture
def late_digest() -> Digest:
    return Digest(
        id="20261113T0430-abc",
        subscription_id="desk",
        title="The desk",
        window_start=CHANGED - timedelta(days=1),
        window_end=CHANGED + timedelta(hours=20),
        timezone="Europe/Minsk",
        entries=(entry(1),),
        found_late=(FoundLate(CHANGED, (entry(2), entry(3))),),
    )


def test_the_section_says_when_the_rules_changed_and_that_it_is_no_news(late_digest: Digest) -> None:
    mail = render(late_digest)
    for part in (mail.html, mail.text):
        assert "Found late (rules changed 12 Nov)" in part
        assert "Not news: these articles came in earlier" in " ".join(part.split())
        assert "first seen 3 Oct 2026" in " ".join(part.split())
    assert mail.subject.startswith("The desk · 1 story: Ministers agree")
    assert "1 story, 1 outlet, 1 language; 2 stories found late" in mail.text


def test_the_section_comes_after_the_news_with_its_words_marked(late_digest: Digest) -> None:
    mail = render(late_digest)
    assert (
        mail.text.index("(1)")
        < mail.text.index("Found late")
        < mail.text.index("(2)")
        < mail.text.index("(3)")
    )
    assert "*human traffic* (2)" in mail.text
    assert mail.html.count("<mark") == 6, "headline and reason of each of three stories"


def test_a_digest_of_nothing_but_late_finds_does_not_claim_news(late_digest: Digest) -> None:
    mail = render(replace(late_digest, entries=()))
    assert mail.subject == "The desk · nothing new, 2 stories found late, 13 Nov 2026"
    assert "Nothing new in this window; 2 stories found late." in mail.text


def test_a_change_of_another_year_is_named_with_its_year(late_digest: Digest) -> None:
    long_ago = replace(late_digest, found_late=(FoundLate(CHANGED - timedelta(days=365), (entry(2),)),))
    assert "Found late (rules changed 12 Nov 2025)" in render(long_ago).text


def test_without_late_finds_nothing_is_said_of_them(late_digest: Digest) -> None:
    mail = render(replace(late_digest, found_late=()))
    assert "late" not in mail.text.lower()


def test_each_change_has_a_heading_of_its_own(late_digest: Digest) -> None:
    twice = (FoundLate(CHANGED, (entry(2),)), FoundLate(CHANGED - timedelta(days=2), (entry(3),), left_out=4))
    text = render(replace(late_digest, found_late=twice)).text
    assert text.index("12 Nov)") < text.index("(2)") < text.index("10 Nov)") < text.index("(3)")
    assert "and 4 more stories found late, not shown" in text
    assert "6 stories found late" in text


def test_news_has_the_room_it_needs_before_many_late_finds(late_digest: Digest) -> None:
    many = replace(
        late_digest,
        entries=tuple(entry(number) for number in range(25)),
        found_late=(FoundLate(CHANGED, tuple(entry(number) for number in range(100, 300))),),
    )
    mail = render(many)
    assert size_as_sent(mail.html) <= MAX_HTML_BYTES
    assert all(f"({number})" in mail.text for number in range(25))
    assert f"and {len(mail.listed)} more stories found late: in the attached list" in mail.text


def test_right_to_left_articles_keep_their_direction(late_digest: Digest) -> None:
    arabic = replace(late_digest, entries=(), found_late=(FoundLate(CHANGED, (entry(2, "ar"),)),))
    assert 'dir="rtl" lang="ar"' in render(arabic).html
