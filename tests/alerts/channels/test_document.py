"""The document of a webhook: bounded however much there is to tell, and honest about what it leaves out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from alerts.channels.document import MAX_BYTES, document
from alerts.digest import Digest, FoundLate, RenderedMail, Segment, StoryUpdate


def told(digest: Digest, mail: RenderedMail) -> dict:
    raw = document(digest, mail)
    assert len(raw) <= MAX_BYTES
    assert raw == document(digest, mail)
    return json.loads(raw)["data"]


@pytest.mark.parametrize("stories", [200, 3_000])
def test_a_flood_is_told_in_short_then_counted_most_important_first(
    day_digest, day_mail, stories: int
) -> None:
    one = day_digest.entries[0]
    entries = [replace(one, story_id=f"s{n}", lead=one.lead * 10) for n in range(stories)]
    said = told(replace(day_digest, entries=tuple(entries[:40]), unlisted=tuple(entries[40:])), day_mail)
    both = said["entries"] + said["unlisted"]
    assert [entry["story_id"] for entry in both] == [f"s{n}" for n in range(len(both))]
    assert len(both) + said["shortened"]["left_out"] == stories
    assert sum(not entry["why"] for entry in both) == said["shortened"]["briefs"]
    assert (said["shortened"]["left_out"] > 0) is (stories == 3_000)
    if stories == 200:
        assert both[0]["why"]


def test_updates_and_late_finds_are_bounded_and_counted_as_well(day_digest, day_mail) -> None:
    one = replace(day_digest.entries[0], lead=(Segment("long " * 200),))
    digest = replace(
        day_digest,
        updates=(StoryUpdate("E", day_digest.window_start, one),) * 500,
        found_late=(FoundLate(day_digest.window_start, (one,) * 500, left_out=3),),
    )
    said = told(digest, day_mail)
    assert len(said["updates"]) + said["updates_left_out"] == 500
    [change] = said["found_late"]
    assert len(change["entries"]) + change["left_out"] == 503
    assert said["shortened"] is not None


def test_half_a_character_of_a_mislabelled_page_is_no_error(day_digest, day_mail) -> None:
    entry = replace(day_digest.entries[0], headline=(Segment("half \ud800 a pair"),))
    said = told(replace(day_digest, entries=(entry,)), day_mail)
    assert said["entries"][0]["headline"][0]["text"] == "half ? a pair"
