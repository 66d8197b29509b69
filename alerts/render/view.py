"""A digest in one layout as the templates show it, in the words of one language."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.digest import Digest
from alerts.render.chart import chart_of
from alerts.render.cut import one_line
from alerts.render.layouts import Beyond, Layout, beyond
from alerts.render.lines import flood_of, foot_of, is_quiet, span_of, subject_of, summary_of
from alerts.render.listing import Listed, StoryList
from alerts.render.page import DigestView, SectionView
from alerts.render.stories import LONGEST_NAME, entry_view, late_view, update_view
from alerts.render.words import Words

_LABELS = ("why_here", "also", "in_brief", "warning", "differ")


def view_of(
    digest: Digest, layout: Layout, words: Words, story_list: StoryList, name: str = ""
) -> DigestView:
    """The digest in that layout; what the layout does not show is in the list, or counted where that is full.

    `name` says which of the list's mails it is, behind the title; the list itself is called by the title alone.
    """
    list_title = one_line(digest.title, LONGEST_NAME)
    title = f"{list_title}: {name}" if name else list_title
    shown = digest.entries[: layout.full + layout.briefs]
    entries = [entry_view(number, entry, words) for number, entry in enumerate(shown, start=1)]
    hidden = beyond(digest, layout)
    listed = story_list.room_for(hidden)
    return DigestView(
        language=words.language,
        title=title,
        subject=subject_of(digest, title, words),
        day=words.long_day(digest.window_end),
        span=span_of(digest, words),
        summary=summary_of(digest, words),
        chart=chart_of(digest.days, words),
        attached=words.say("attached", listed.total, name=story_list.name) if listed.total else "",
        flood=flood_of(digest, layout, listed.news, words),
        entries=tuple(entries[: layout.full]),
        briefs=tuple(entries[layout.full :]),
        more=_more("news", len(hidden.news), listed.news, digest.left_out, words),
        updates=_updates(digest, layout, hidden, listed, words),
        late=tuple(_late(digest, hidden, listed, words)),
        labels={name: words.say(name) for name in _LABELS},
        foot=foot_of(digest, words),
        why_you=f"{words.say('why_you', title=list_title)} {words.times_are(digest.window_end)}",
        machine="" if is_quiet(digest) else words.say("machine"),
    )


def _updates(
    digest: Digest, layout: Layout, hidden: Beyond, listed: Listed, words: Words
) -> SectionView | None:
    more = _more("updates", len(hidden.updates), listed.updates, digest.updates_left_out, words)
    shown = digest.updates[: layout.updates]
    if not shown and not more:
        return None
    views = (
        update_view(number, update, words.day_near(update.told_at, digest.window_end), words)
        for number, update in enumerate(shown, start=1)
    )
    return SectionView(words.say("updates_heading"), "", tuple(views), more)


def _late(digest: Digest, hidden: Beyond, listed: Listed, words: Words) -> Iterator[SectionView]:
    """What was found late, change by change."""
    for change, rest, in_list in zip(digest.found_late, hidden.late, listed.late, strict=True):
        shown = change.entries[: len(change.entries) - len(rest)]
        yield SectionView(
            heading=words.say("late_heading", day=words.day_near(change.rules_changed_at, digest.window_end)),
            note=words.say("late_note"),
            entries=tuple(late_view(number, entry, words) for number, entry in enumerate(shown, start=1)),
            more=_more("late", len(rest), in_list, change.left_out, words),
        )


def _more(section: str, hidden: int, listed: int, left_out: int, words: Words) -> tuple[str, ...]:
    """How many of a section are in the list only, and how many nowhere."""
    counted = hidden - listed + left_out
    lines = [words.say(f"{section}_listed", listed)] if listed else []
    return (*lines, words.say(f"{section}_counted", counted)) if counted else tuple(lines)
