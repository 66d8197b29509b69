"""What a digest says of itself: its subject, the day in one line, a flood, and what was read for it."""

from __future__ import annotations

from alerts.digest import Digest, DigestEntry
from alerts.render.cut import one_line
from alerts.render.layouts import Layout
from alerts.render.page import FloodView
from alerts.render.stories import LONGEST_HEADLINE, names_of
from alerts.render.words import Words, opened


def is_quiet(digest: Digest) -> bool:
    """Whether there is nothing at all to tell."""
    return not (_stories(digest) or _updates(digest) or digest.late)


def subject_of(digest: Digest, title: str, words: Words) -> str:
    """The subject: how much there is and the first headline, or for how long there was nothing."""
    if is_quiet(digest):
        return words.say("subject_quiet", title=title, since=_since(digest, words))
    first = _first_told(digest)
    if first is None:
        day = words.short_day(digest.window_end.astimezone(words.zone).date())
        if not (_stories(digest) or _updates(digest)):
            return words.say("subject_late", title=title, day=day, late=words.say("late", digest.late))
        headline = day
    else:
        headline = one_line("".join(segment.text for segment in first.headline), LONGEST_HEADLINE)
    return words.say("subject", title=title, counts=", ".join(_counts(digest, words)), headline=headline)


def summary_of(digest: Digest, words: Words) -> str:
    """The day in one line."""
    if is_quiet(digest):
        return f"{words.say('quiet')} {_last_match(digest, words)}".strip()
    late = words.say("late", digest.late) if digest.late else ""
    counts = _counts(digest, words)
    if not counts:
        return words.say("quiet_late", late=late)
    entries = [*digest.entries, *(update.entry for update in digest.updates), *digest.unlisted]
    outlets = {entry.outlet for entry in entries} | {c.outlet for e in entries for c in e.copies}
    tongues = {entry.language for entry in entries} | {c.language for e in entries for c in e.copies}
    if outlets:
        counts.append(words.say("outlets", len(outlets)))
    if tongues - {None}:
        counts.append(words.say("languages", len(tongues - {None})))
    summary = ", ".join(counts)
    return words.say("summary_late", summary=summary, late=late) if late else summary


def span_of(digest: Digest, words: Words) -> str:
    """The window; one time when it began and ended in the same minute."""
    start, end = words.moment(digest.window_start, None), words.moment(digest.window_end, None)
    if start == end:
        return f"{end}, {words.zone_time()}"
    after = words.moment_after(digest.window_start, digest.window_end)
    return f"{start} – {after}, {words.zone_time()}"


def foot_of(digest: Digest, words: Words) -> str:
    """Quiet but alive: what was read in the window, who is silent, and when reading last went well."""
    parts = []
    if digest.sources_read:
        articles = words.say("articles", digest.articles_read)
        sources = words.say("sources", digest.sources_read)
        parts.append(words.say("read", articles=articles, sources=sources))
    if digest.silent_sources:
        names = names_of(digest.silent_sources, words)
        parts.append(words.say("silent", len(digest.silent_sources), names=names))
    if digest.last_success_at is not None:
        at = words.moment_near(digest.last_success_at, digest.window_end)
        parts.append(words.say("last_success", at=at))
    return f"{opened('; '.join(parts))}." if parts else ""


def flood_of(digest: Digest, layout: Layout, listed: int, words: Words) -> FloodView | None:
    """That far more came than usual and how it is folded in this layout, with so many in the list."""
    flood = digest.flood
    if flood is None:
        return None
    stories = words.say("stories", flood.came)
    if flood.expected is None:
        came = words.say("flood_new", stories=stories)
    elif flood.expected < 1:
        came = words.say("flood_rare", stories=stories)
    else:
        came = words.say("flood_usual", round(flood.expected), stories=stories)
    counts = {
        "folded_full": layout.full,
        "folded_briefs": layout.briefs,
        "folded_listed": listed,
        "folded_counted": _stories(digest) - layout.full - layout.briefs - listed,
    }
    parts = ", ".join(words.say(name, count) for name, count in counts.items() if count)
    return FloodView(
        heading=words.say("flood_heading"),
        came=came,
        folded=words.say("folded", parts=parts) if parts else "",
    )


def _stories(digest: Digest) -> int:
    return len(digest.entries) + len(digest.unlisted) + digest.left_out


def _updates(digest: Digest) -> int:
    return len(digest.updates) + digest.updates_left_out


def _counts(digest: Digest, words: Words) -> list[str]:
    stories, updates = _stories(digest), _updates(digest)
    counted = [words.say("stories", stories)] if stories else []
    return [*counted, words.say("updates", updates)] if updates else counted


def _first_told(digest: Digest) -> DigestEntry | None:
    """The story that the subject names."""
    told = (*digest.entries[:1], *digest.unlisted[:1], *(update.entry for update in digest.updates[:1]))
    return told[0] if told else None


def _since(digest: Digest, words: Words) -> str:
    """For how long there was no match: in days from one day on."""
    if digest.last_match_at is None:
        return words.say("nothing_yet")
    hours = int((digest.window_end - digest.last_match_at).total_seconds() // 3600)
    return words.say("since_days", hours // 24) if hours >= 24 else words.say("since_hours", max(0, hours))


def _last_match(digest: Digest, words: Words) -> str:
    if digest.last_match_at is None:
        return words.say("no_match_yet")
    return words.say("last_match", at=words.moment(digest.last_match_at, None))
