"""All patterns of all topics found in one pass over a document; ahocorasick-rs lives here only."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import AhoCorasick, Implementation

from pipeline.rules.patterns import PROCLITICS, Pattern, ends_after, starts_before
from pipeline.rules.text import Document

#: a place: from the first character of its first word in `Document.joined` to the end of its last word
Place = tuple[int, int]
#: a pattern with the number of the term it belongs to
Owned = tuple[Pattern, int]

#: places looked at in one document, and kept of one term: a text with more is no article, and would cost time
MAX_LOOKS, MAX_PLACES = 12_000, 300
#: characters scanned at once, so that a text with too many places is given up in time
_STRETCH = 8_000
#: letters that the star may stand for that begins a word: more are no word, and looking for its beginning costs time
_LONGEST_HEAD = 60
_LONGEST_PROCLITIC = max(map(len, PROCLITICS))


class Needle:
    """What belongs to one needle.

    Attributes:
        closed: whether its last word ends with it.
        terms: those it is all of.
        next_words: by the word that must follow, patterns that ask for nothing before the needle.
        others: patterns that ask for more.
        plain: for a needle that is all of one term, and of nothing else: twice its number, and one more when closed; else -1.
    """

    __slots__ = ("closed", "next_words", "others", "plain", "terms")

    def __init__(self, needle: str, owned: Iterable[Owned]) -> None:
        self.closed = needle.endswith(" ")
        terms: list[int] = []
        others: list[Owned] = []
        next_words: dict[str, list[Owned]] = {}
        for pattern, term in owned:
            if pattern.is_plain:
                terms.append(term)
            elif pattern.next_word:
                next_words.setdefault(pattern.next_word, []).append((pattern, term))
            else:
                others.append((pattern, term))
        self.terms, self.others = tuple(terms), tuple(others)
        self.next_words = {word: tuple(each) for word, each in next_words.items()}
        self.plain = -1 if len(terms) != 1 or others or next_words else 2 * terms[0] + self.closed

    def more(self, joined: str, end: int) -> tuple[Owned, ...]:
        """The patterns to look at where the needle ends at `end`."""
        if not self.next_words:
            return self.others
        start = joined.find(" ", end - 1) + 1
        following = self.next_words.get(joined[start : joined.find(" ", start)])
        return self.others + following if following else self.others


class Scanner:
    """Finds many patterns at once; `places` is linear in the text."""

    def __init__(self, patterns: Iterable[Owned]) -> None:
        """`patterns`: each with the number of the term it belongs to."""
        owners: dict[str, dict[Owned, None]] = {}
        for pattern, term in patterns:
            owners.setdefault(pattern.needle, {})[pattern, term] = None
        self._needles = [Needle(needle, owned) for needle, owned in owners.items()]
        self._longest = max(map(len, owners), default=0)
        self._plain = array("i", [needle.plain for needle in self._needles])
        self._automaton = (
            AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA) if owners else None
        )

    def places(self, document: Document) -> dict[int, list[Place]]:
        """Where each term stands, in order of the text, without places inside longer ones; terms not found are left out.

        What was given up for the sake of time is told in `document.cut`.
        """
        found: dict[int, list[Place]] = {}
        plain, joined = self._plain, document.joined
        left = MAX_LOOKS
        for index, start, end in self._looks(document):
            left -= 1
            code = plain[index]
            if code < 0:
                left -= self._look(document, found, (index, start, end))
            else:  # nearly all: nothing is asked of the needle itself
                place = (start + 1, end - 1 if code & 1 else joined.find(" ", end))
                term = code >> 1
                if term in found:
                    found[term].append(place)
                else:
                    found[term] = [place]
            if left < 0:
                words = joined.count(" ", 0, end)
                document.cut.append(
                    f"more than {MAX_LOOKS:,} places to look at: the first {words:,} words or so were compared"
                )
                break
        for term, places in found.items():
            if len(places) > 1:
                found[term] = self._kept(places, document)
        return found

    def _look(self, document: Document, found: dict[int, list[Place]], at: tuple[int, int, int]) -> int:
        """Note the places of a needle's terms and patterns; returned is what that cost, in plain looks."""
        index, start, end = at
        needle, joined = self._needles[index], document.joined
        if needle.terms:
            place = (start + 1, end - 1 if needle.closed else joined.find(" ", end))
            for term in needle.terms:
                found.setdefault(term, []).append(place)
        cost = 0
        for pattern, term in needle.more(joined, end):
            cost += pattern.cost
            places = _places(document, pattern, start, end)
            if places:
                found.setdefault(term, []).extend(places)
        return cost

    def _looks(self, document: Document) -> Iterable[tuple[int, int, int]]:
        """What the automaton finds: number of the needle, start and end; a long text is read stretch by stretch, on demand."""
        if self._automaton is None:
            return ()
        joined = document.joined
        if len(joined) <= _STRETCH + self._longest:
            return self._automaton.find_matches_as_indexes(joined, overlapping=True)
        return _stretch_by_stretch(joined, self._automaton, self._longest)

    def _kept(self, places: list[Place], document: Document) -> list[Place]:
        kept = outermost(places)
        if len(kept) > MAX_PLACES:
            document.cut.append(f"a term stands in {len(kept):,} places: the first {MAX_PLACES} count")
            del kept[MAX_PLACES:]
        return kept


def _stretch_by_stretch(joined: str, automaton: AhoCorasick, longest: int) -> Iterator[tuple[int, int, int]]:
    """What the automaton finds, whose needles have at most `longest` characters, on demand."""
    for offset in range(0, len(joined), _STRETCH):
        stretch = joined[offset : offset + _STRETCH + longest]
        for index, start, end in automaton.find_matches_as_indexes(stretch, overlapping=True):
            if start < _STRETCH:
                yield index, start + offset, end + offset


def _places(document: Document, pattern: Pattern, start: int, end: int) -> Sequence[Place]:
    """The places of a pattern that asks for more than its needle, which stands from `start` to `end`."""
    joined = document.joined
    first, last = start + 1, end - 1
    if pattern.opens:
        first = joined.rfind(" ", max(start - _LONGEST_HEAD - 1, 0), start) + 1
        if not first:
            return ()
    elif pattern.inside:
        first = joined.rfind(" ", max(start - _LONGEST_PROCLITIC - 1, 0), start) + 1
        if not first or joined[first:start] not in PROCLITICS:
            return ()
    if joined[last] != " ":
        last = joined.find(" ", end)
    starts = starts_before(joined, first, pattern.before) if pattern.before else [first]
    ends = ends_after(joined, last, pattern.after) if starts and pattern.after else [last]
    found = [(begin, stop) for begin in starts for stop in ends]
    if pattern.exact is None:
        return found
    return [place for place in found if _is_exact(document, place, pattern)]


def _is_exact(document: Document, place: Place, pattern: Pattern) -> bool:
    """Whether the original is written as the pattern is, case and accents included."""
    field = document.field_of(place[0])
    exact = pattern.exact or ""
    if exact.isascii() and exact.partition(" ")[0] not in field.original:
        return False  # the quick way out: most words of a text that fold alike are no abbreviations
    _, start, end = document.quote(*place)
    written = unicodedata.normalize("NFC", " ".join(field.original[start:end].split()))
    return written.startswith(exact) if pattern.prefix else written == exact


def outermost(places: Sequence[Place]) -> list[Place]:
    """The places in order, without those that lie inside another."""
    kept: list[Place] = []
    end = 0
    for place in places:  # side by side, as they nearly always are, they are what is asked for
        if place[0] < end:
            break
        end = place[1]
    else:
        return list(places)
    for place in sorted(set(places), key=_first_longest):
        if not kept or place[1] > kept[-1][1]:
            kept.append(place)
    return kept


def how_many(places: Iterable[Place]) -> int:
    """How many places there are, those that overlap counted once: the most of which no two share a word."""
    count = end = 0
    for first, last in sorted(places, key=_last):
        if first >= end:
            count, end = count + 1, last
    return count


def _last(place: Place) -> int:
    return place[1]


def _first_longest(place: Place) -> tuple[int, int]:
    return place[0], -place[1]


def without_overlaps(places: Sequence[Place], others: Sequence[Place]) -> list[Place]:
    """The `places` that share no word with any of `others` (both in order, outermost)."""
    kept: list[Place] = []
    index = 0
    for first, last in places:
        while index < len(others) and others[index][1] <= first:
            index += 1
        if index == len(others) or others[index][0] >= last:
            kept.append((first, last))
    return kept
