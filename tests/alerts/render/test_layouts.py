"""Nothing told is lost: whatever a digest holds and however small the mail, each story is shown, listed or counted once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from alerts.channels.email import size_as_sent
from alerts.digest import Digest, DigestEntry, FoundLate, RenderedMail, StoryUpdate
from alerts.errors import AlertError
from alerts.render import MAX_HTML_BYTES, render
from alerts.render.layouts import beyond, layouts

SOME = st.integers(0, 12)


def numbered(entry: DigestEntry, prefix: str, count: int) -> tuple[DigestEntry, ...]:
    return tuple(
        replace(entry, story_id=f"{prefix}{n}", url=f"https://example.org/{prefix}/{n}") for n in range(count)
    )


def digest_of(full_day: Digest, stories: int, updates: int, late: int, unlisted: int) -> Digest:
    update, change = full_day.updates[0], full_day.found_late[0]
    half = late // 2
    finds = numbered(change.entries[0], "late", late)
    return replace(
        full_day,
        entries=numbered(full_day.entries[0], "news", stories),
        updates=tuple(
            StoryUpdate(update.earlier_headline, update.told_at, entry)
            for entry in numbered(update.entry, "update", updates)
        ),
        found_late=(
            FoundLate(change.rules_changed_at, finds[:half]),
            FoundLate(change.rules_changed_at - timedelta(days=1), finds[half:]),
        ),
        unlisted=numbered(full_day.entries[1], "list", unlisted),
    )


def told_in(mail: RenderedMail) -> Counter[str]:
    """How often each story's address stands in a headline of the mail, in the list, or among the counted."""
    page = lxml_html.document_fromstring(mail.html)
    headlines = page.xpath("//*[self::h2 or self::h3 or contains(@class, 'brief')]//a/@href")
    listed = [
        address
        for attachment in mail.attachments
        for address in re.findall(r"https://example\.org/\w+/\d+", attachment.content.decode())
    ]
    return Counter(re.sub(r"^https://example\.org/(\w+)/", r"\1", link) for link in [*headlines, *listed])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stories=st.integers(0, 40),
    updates=SOME,
    late=SOME,
    unlisted=SOME,
    limit=st.integers(14_000, MAX_HTML_BYTES),
)
def test_every_story_is_shown_or_listed_exactly_once_in_any_room(
    full_day: Digest, stories: int, updates: int, late: int, unlisted: int, limit: int
) -> None:
    digest = digest_of(full_day, stories, updates, late, unlisted)
    mail = render(digest, max_html_bytes=limit)
    assert size_as_sent(mail.html) <= limit
    told = [*digest.entries, *(update.entry for update in digest.updates), *digest.unlisted]
    told += [entry for change in digest.found_late for entry in change.entries]
    assert told_in(mail) == Counter(entry.story_id for entry in told)
    assert mail.counted == ()
    assert "not shown" not in mail.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=st.integers(0, 200), updates=st.integers(0, 80), late=st.integers(0, 60))
def test_each_layout_shows_all_that_the_one_before_it_shows(
    full_day: Digest, stories: int, updates: int, late: int
) -> None:
    digest = digest_of(full_day, stories, updates, late, 0)
    ways = layouts(digest)
    for smaller, larger in pairwise(ways):
        assert smaller.full <= larger.full
        assert smaller.full + smaller.briefs <= larger.full + larger.briefs
        assert smaller.updates <= larger.updates
        assert smaller.late <= larger.late
        assert smaller != larger
    all_told = stories + updates + late
    assert len(beyond(digest, ways[0])) == all_told
    if stories <= 100 and updates <= 60 and late <= 40:
        assert len(beyond(digest, ways[-1])) == 0


def test_a_larger_limit_never_shows_less(full_day: Digest) -> None:
    digest = digest_of(full_day, 40, 12, 12, 0)
    shown = []
    for limit in range(12_000, 90_001, 9_000):
        try:
            shown.append(76 - 12 - len(render(digest, max_html_bytes=limit).listed))
        except AlertError:
            assert not shown, "the frame fitted into less"
    assert shown == sorted(shown)
    assert len(shown) > 6
