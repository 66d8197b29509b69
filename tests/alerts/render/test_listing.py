"""The attached list: whole, readable by any spreadsheet, run by none, and never more than a mail may weigh."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.channels.email import size_as_sent
from alerts.digest import Digest, DigestEntry, FoundLate, RenderedMail, Segment, StoryUpdate
from alerts.render import MAX_HTML_BYTES, render

#: what is added to a part by its headers and boundaries, generously
MIME_BYTES = 10_000


def rows_of(mail: RenderedMail) -> list[dict[str, str]]:
    (attachment,) = mail.attachments
    assert attachment.media_type == "text/csv"
    assert attachment.content.startswith(b"\xef\xbb\xbf")
    text = attachment.content.decode("utf-8-sig")
    assert "\n" not in text.replace("\r\n", "")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def weight(mail: RenderedMail) -> int:
    attached = sum(len(attachment.content) for attachment in mail.attachments)
    return size_as_sent(mail.html) + size_as_sent(mail.text) + attached * 78 // 57 + MIME_BYTES


def many(entry: DigestEntry, count: int, prefix: str = "m") -> tuple[DigestEntry, ...]:
    return tuple(
        replace(entry, story_id=f"{prefix}{n}", url=f"https://example.org/{prefix}{n}") for n in range(count)
    )


def test_what_is_not_in_the_mail_is_in_the_list_with_all_its_facts(flood_day: Digest) -> None:
    mail = render(flood_day)
    rows = rows_of(mail)
    assert mail.attachments[0].name == "desk-20261123-stories.csv"
    assert "Attached: desk-20261123-stories.csv, with 177 stories that have no room here" in " ".join(
        mail.text.split()
    )
    assert len(rows) == 177
    assert rows[0] == {
        "Headline": "UN adopts Belarus text on coordinating action against trafficking in persons",
        "Outlet": "Azernews",
        "Country": "Azerbaijan",
        "Language": "English",
        "Published": "2026-11-22T19:45+03:00",
        "URL": "https://example.org/10",
        "Topics": "Trafficking resolutions",
        "Score": "0.94",
        "Note": "",
    }
    assert rows[2]["Published"] == "2026-11-22", "known to the day"
    assert rows[3]["Published"] == "", "not known"
    assert mail.listed == tuple(f"f{n}" for n in range(10, 187))


def test_a_headline_that_claims_too_much_is_warned_of_in_brief_and_in_the_list_too(full_day: Digest) -> None:
    warned = many(full_day.entries[0], 90)
    mail = render(replace(full_day, entries=warned))
    warning = "the text speaks of a committee: the plenary has not voted yet."
    assert " ".join(mail.text.split()).count(warning) == 90 - len(mail.listed) > 20
    assert mail.html.count(warning) == 90 - len(mail.listed)
    assert all(row["Note"].endswith(warning) for row in rows_of(mail))


def test_nothing_is_attached_when_everything_is_shown(full_day: Digest) -> None:
    mail = render(full_day)
    assert (mail.attachments, mail.listed, mail.counted) == ((), (), ())
    assert "ttached" not in mail.text


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(flood_day: Digest, sign: str) -> None:
    attack = f'{sign}HYPERLINK("https://spy.example","read")'
    entry = replace(
        flood_day.unlisted[0],
        headline=(Segment(f"\t{attack}\r\n"),),
        outlet=attack,
        country=attack,
        language=attack,
        topics=(attack,),
    )
    (row,) = rows_of(render(replace(flood_day, unlisted=(entry,))))
    for column in ("Headline", "Outlet", "Country", "Language", "Topics"):
        assert row[column] == f"'{attack}"


def test_an_address_that_may_not_be_linked_is_not_listed_either(flood_day: Digest) -> None:
    entry = replace(flood_day.unlisted[0], url="javascript:alert(1)")
    assert rows_of(render(replace(flood_day, unlisted=(entry,))))[0]["URL"] == ""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_gives_a_list_that_reads_back(flood_day: Digest, text: str) -> None:
    entry = replace(
        flood_day.unlisted[0], headline=(Segment(text),), outlet=text, country=text, topics=(text, text)
    )
    rows = rows_of(render(replace(flood_day, entries=(), unlisted=(entry, entry))))
    assert len(rows) == 2
    assert all(len(row) == 9 for row in rows)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "desk\r\nX: y", "бюро", "a" * 300])
def test_the_files_name_is_plain_whatever_the_subscription_is_called(flood_day: Digest, name: str) -> None:
    (attachment,) = render(replace(flood_day, subscription_id=name)).attachments
    assert attachment.name.isascii()
    assert attachment.name.endswith("-20261123-stories.csv")
    assert not set(attachment.name) & set("/\\\r\n \"'")
    assert len(attachment.name) < 80


def test_late_finds_and_updates_are_told_apart_in_the_list(full_day: Digest) -> None:
    update, late = full_day.updates[0], full_day.found_late[0]
    digest = replace(
        full_day,
        updates=tuple(
            StoryUpdate(update.earlier_headline, update.told_at, entry)
            for entry in many(update.entry, 90, "u")
        ),
        found_late=(FoundLate(late.rules_changed_at, many(late.entries[0], 90, "l"), left_out=4),),
    )
    mail = render(digest)
    notes = {row["URL"]: row["Note"] for row in rows_of(mail)}
    assert notes["https://example.org/u89"] == "more about a story told before"
    assert notes["https://example.org/l89"] == "found late, not news"
    assert "more updates: in the attached list" in mail.text
    assert "more stories found late: in the attached list" in mail.text
    assert "and 4 more stories found late, not shown" in mail.text


def test_m08_a_mail_of_ten_thousand_long_stories_stays_below_a_megabyte(full_day: Digest) -> None:
    long = replace(
        full_day.entries[1],
        headline=(Segment("Очень длинный заголовок " * 20),),
        url="https://example.org/" + "x" * 1900,
    )
    mail = render(
        replace(full_day, entries=many(long, 5_000), unlisted=many(full_day.entries[4], 5_000, "z"))
    )
    assert size_as_sent(mail.html) <= MAX_HTML_BYTES
    assert weight(mail) <= 1_000_000
    assert len(mail.counted) > 5_000
    assert f"and {len(mail.counted)} more stories in this window, not shown" in mail.text
