"""Which bodies an article names near its top: organs, committees, parliaments and organisations that the rule packs know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from alerts.brief.values import Bodies
from pipeline.article import Article
from pipeline.rules import RulePack, RuleText, classify, lab

#: kinds of entities that are bodies
KINDS = frozenset({"organ", "committee", "parliament", "organisation", "mandate"})
#: of a text; what it is about stands there, background further down
TOP_CHARS = 1200


class BodyReader:
    """Reads the names of bodies out of articles, in all languages that the packs know them in."""

    def __init__(self, pack: RulePack) -> None:
        """`pack`: whose entities are looked for."""
        self._label = pack.label
        clauses = [name for name, one in pack.concepts.items() if one.kind in KINDS]
        entities = [name for name in clauses if name.startswith("#") and not name.startswith("#kind:")]
        self._pack = lab.query_pack(pack, " OR ".join(entities)) if entities else None

    def named(self, article: Article) -> tuple[str, ...]:
        """The bodies that the title and the first sentences name, the title's first, in the order of the text."""
        if self._pack is None:
            return ()
        text = RuleText(article.title, article.text[:TOP_CHARS], language=article.language)
        hits = [hit for match in classify(self._pack, text).matches for hit in match.evidence]
        hits.sort(key=lambda hit: (hit.field != "title", hit.start, -hit.end))
        return tuple(dict.fromkeys(self._label(hit.clause) for hit in hits))


def compared(
    named: Iterable[tuple[str, tuple[str, ...]]], before: Iterable[tuple[str, ...]], weeks: int
) -> Bodies:
    """What bodies the stories name, most stories first, and which of them were not named before.

    Args:
        named: the story's id and the bodies, article by article.
        before: the bodies of each article of the weeks before.
        weeks: how many weeks that were; 0: there is nothing to compare with.
    """
    pairs = {(story_id, body) for story_id, bodies in named for body in bodies}
    counted = Counter(body for _, body in pairs)
    known = {body for bodies in before for body in bodies}
    ordered = tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
    new = tuple(body for body, _ in ordered if body not in known) if weeks else ()
    return Bodies(ordered, new, weeks)
