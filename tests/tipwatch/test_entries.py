from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from alerts.digest import Segment
from pipeline.article import Article, Credit, Evidence, Match, Precision, Published, Role
from pipeline.store import ArticleRecord, StoryRecord
from tipwatch.entries import LEAD_CHARS, Wording, entry_of
from tipwatch.quoting import MAX_LABELS, QUOTE_CHARS, Sentence, marked, quoted, sentence_ends, telling

SEEN = datetime(2023, 11, 12, 6, 0, tzinfo=UTC)
TEXT = (
    "On 10 November the Third Committee adopted by consensus a resolution on trafficking in persons. "
    "More than forty states are co-sponsors.\nIt goes to the plenary in December."
)


def evidence(text: str, quote: str, clause: str, field: str = "text") -> Evidence:
    start = text.index(quote)
    return Evidence(clause=clause, field=field, start=start, end=start + len(quote), quote=quote)


def record(number: int, outlet: str, role: Role, hour: int, **changes: object) -> ArticleRecord:
    article = Article(
        url=f"https://{outlet.lower()}.example/{number}",
        canonical_url=f"https://{outlet.lower()}.example/{number}",
        source_id=outlet.lower(),
        outlet=outlet,
        country="BY",
        title="UN adopts resolution on trafficking in persons",
        text=TEXT,
        published=Published(
            datetime(2023, 11, 11, hour, 41, tzinfo=UTC), Precision.MINUTE, 180, "json-ld", "page", "printed"
        ),
        language="en",
        credits=(Credit("BelTA", "BelTA", -1, -1),),
    )
    match = Match(
        topic="trafficking-resolutions",
        score=0.9,
        evidence=(
            evidence(TEXT, "trafficking in persons", "@trafficking"),
            evidence(TEXT, "adopted by consensus", "@adopt"),
            evidence(article.title, "resolution", "@instrument", "title"),
        ),
        pack_version="1",
    )
    return replace(ArticleRecord(number, article, (match,), "s1", role, SEEN), **changes)


def label(clause: str) -> str:
    return {"@trafficking": "trafficking in persons", "@adopt": "adoption"}.get(clause, clause)


def shown(segments: tuple[Segment, ...]) -> str:
    return "".join(f"[{s.text}]" if s.marked else s.text for s in segments)


def entry(*members: ArticleRecord):
    wording = Wording(label, lambda topic: topic.replace("-", " "), lambda _topic: ("@trafficking", "@adopt"))
    return entry_of(StoryRecord("s1", SEEN, members), wording)


def test_the_first_report_is_on_top_and_the_reprint_among_the_copies() -> None:
    made = entry(record(1, "Azernews", Role.REPRINT, 16), record(2, "BelTA", Role.FIRST, 10))
    assert made.outlet == "BelTA"
    assert [(copy.outlet, copy.relation) for copy in made.copies] == [("Azernews", "reprint")]


def test_the_headline_and_the_lead_show_the_words_that_matched() -> None:
    made = entry(record(1, "BelTA", Role.FIRST, 10))
    assert shown(made.headline) == "UN adopts [resolution] on trafficking in persons"
    assert "[adopted by consensus] a resolution on [trafficking in persons]." in shown(made.lead)


def test_reasons_are_the_fewest_sentences_that_show_everything_that_was_found() -> None:
    made = entry(record(1, "BelTA", Role.FIRST, 10))
    assert [reason.label for reason in made.why] == ["adoption · trafficking in persons", "@instrument"]
    assert shown(made.why[0].quote).endswith(
        "[adopted by consensus] a resolution on [trafficking in persons]."
    )
    assert shown(made.why[1].quote) == "UN adopts [resolution] on trafficking in persons"


def test_a_long_sentence_is_cut_around_the_words_that_matched() -> None:
    text = "word " * 100 + "trafficking in persons " + "tail " * 100
    hit = evidence(text, "trafficking in persons", "@trafficking")
    quote = shown(quoted(text, Sentence("text", 0, len(text), (hit,))))
    assert quote.startswith("… ")
    assert quote.endswith(" …")
    assert "[trafficking in persons]" in quote
    assert len(quote) < QUOTE_CHARS + 20


def test_a_lead_without_any_sentence_end_is_cut_between_words() -> None:
    long = record(1, "BelTA", Role.FIRST, 10)
    article = replace(long.article, text="слово " * 400)
    made = entry(replace(long, article=article, matches=(replace(long.matches[0], evidence=()),)))
    assert len(shown(made.lead)) <= LEAD_CHARS + 2
    assert shown(made.lead).endswith("слово …")


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6),
)
def test_marking_never_changes_the_text_whatever_the_spans(text: str, spans: list[tuple[int, int]]) -> None:
    hits = [Evidence("@c", "text", min(span), max(span), "") for span in spans]
    assert "".join(segment.text for segment in marked(text, hits)) == text


@given(st.text(alphabet="ab .\n!»", max_size=60), st.integers(0, 59), st.integers(1, 20))
def test_a_quote_always_shows_its_first_hit_whole(text: str, start: int, length: int) -> None:
    hit = Evidence("@c", "text", start, min(start + length, len(text)), text[start : start + length])
    if start >= hit.end or sentence_ends(text)[-1] < hit.end:
        return
    segments = quoted(text, Sentence("text", 0, len(text), (hit,)))
    assert "".join(s.text for s in segments if s.marked) == hit.quote.replace("\n", " ")


def test_of_a_word_within_a_marked_phrase_only_the_phrase_is_shown() -> None:
    phrase = evidence(TEXT, "trafficking in persons", "@trafficking")
    word = evidence(TEXT, "trafficking", "@bare")
    assert telling([word, phrase], label) == (phrase,)


def test_the_kinds_of_evidence_shown_are_the_most_frequent() -> None:
    text = " ".join(f"w{n}" for n in range(40))
    rare = [evidence(text, f"w{20 + n}", f"@rare{n}") for n in range(MAX_LABELS + 2)]
    frequent = [evidence(text, "w1 ", "@often"), evidence(text, "w2 ", "@often")]
    shown = telling([*rare, *frequent], str)
    assert {hit.clause for hit in frequent} <= {hit.clause for hit in shown}
    assert len({hit.clause for hit in shown}) == MAX_LABELS


def test_news_at_the_head_of_the_text_is_quoted_rather_than_background_that_has_all_the_words() -> None:
    text = (
        "The committee adopted a resolution on trafficking on Friday.\nPeople talked.\nThey went home.\n"
        "The initiative against trafficking dates from 2005, the resolution was adopted first in 2006."
    )
    first = [evidence(text, word, f"@{word}") for word in ("adopted", "resolution", "trafficking")]
    later = text.index("The initiative")
    again = [
        Evidence(f"@{word}", "text", text.index(word, later), text.index(word, later) + len(word), word)
        for word in ("initiative", "trafficking", "resolution", "adopted")
    ]
    base = record(1, "BelTA", Role.FIRST, 10)
    match = replace(base.matches[0], evidence=(*first, *again))
    made = entry(replace(base, article=replace(base.article, text=text), matches=(match,)))
    assert shown(made.why[0].quote).startswith("The committee [adopted]")


def test_what_decides_is_shown_however_often_the_rest_was_found() -> None:
    text = " ".join(f"w{n}" for n in range(60))
    once = evidence(text, "w50", "@trafficking")
    often = [evidence(text, f"w{10 + n} ", f"@support{n % MAX_LABELS}") for n in range(3 * MAX_LABELS)]
    shown = telling([*often, once], str, ["@trafficking"])
    assert once in shown
    assert len({hit.clause for hit in shown}) == MAX_LABELS
