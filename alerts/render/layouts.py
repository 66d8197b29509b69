"""How much of a digest is shown and how: the ways from nothing to everything, and what each leaves out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from alerts.digest import Digest, DigestEntry

_MOST_BRIEFS = 60
_MOST_FULL = 120  # a full entry takes more than 1 KB: no more can fit
#: updates and stories found late that are shown before news gets all the room it needs, and after
_SOME_UPDATES, _MOST_UPDATES = 5, 60
_SOME_LATE, _MOST_LATE = 5, 40


@dataclass(frozen=True, slots=True)
class Layout:
    """How many stories are shown in full, and how many after them as one line each; the rest is listed or counted.

    `updates`, `late`: how many of the updates and of those found late are shown.
    """

    full: int
    briefs: int
    updates: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Beyond:
    """The stories that a layout has no room for, by section; `late` change by change."""

    news: tuple[DigestEntry, ...]
    updates: tuple[DigestEntry, ...]
    late: tuple[tuple[DigestEntry, ...], ...]

    def __len__(self) -> int:
        return len(self.news) + len(self.updates) + sum(map(len, self.late))


def layouts(digest: Digest) -> list[Layout]:
    """Ways to show the digest, smallest first; each shows all that the one before it shows, and more of it.

    News in brief, some updates, some late finds, then news in full, then the other updates and late finds.
    """
    stories, updates = len(digest.entries), len(digest.updates)
    late = sum(len(change.entries) for change in digest.found_late)
    most_briefs = min(stories, _MOST_BRIEFS)
    ways = [Layout(0, briefs) for briefs in range(most_briefs + 1)]
    ways += [replace(ways[-1], updates=some) for some in range(1, min(updates, _SOME_UPDATES) + 1)]
    ways += [replace(ways[-1], late=some) for some in range(1, min(late, _SOME_LATE) + 1)]
    ways += [
        replace(ways[-1], full=full, briefs=min(stories - full, most_briefs))
        for full in range(1, min(stories, _MOST_FULL) + 1)
    ]
    shown = ways[-1].updates
    ways += [replace(ways[-1], updates=some) for some in range(shown + 1, min(updates, _MOST_UPDATES) + 1)]
    shown = ways[-1].late
    ways += [replace(ways[-1], late=some) for some in range(shown + 1, min(late, _MOST_LATE) + 1)]
    return ways


def beyond(digest: Digest, layout: Layout) -> Beyond:
    """What the digest tells and this layout does not show."""
    room, late = layout.late, []
    for change in digest.found_late:
        late.append(change.entries[room:])
        room = max(0, room - len(change.entries))
    return Beyond(
        news=(*digest.entries[layout.full + layout.briefs :], *digest.unlisted),
        updates=tuple(update.entry for update in digest.updates[layout.updates :]),
        late=tuple(late),
    )
