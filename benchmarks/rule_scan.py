"""How fast the rules read texts, whether they find everything, and what the worst text costs.

    python benchmarks/rule_scan.py FOLDER_OR_JSONL... [--patterns 300 3000 30000] [--rounds 3] [--pack builtin]

A JSONL line is an article: `text` or `body`, perhaps `title`; of a folder, the ``*.txt`` and ``*.jsonl`` files are read.
Patterns are made from the texts themselves (one to three words that stand side by side; every fourth ends in a star) and, as
many again in every third place, from words that do not stand side by side. Truth is brute force: every run of one to three
words of every text, written down. MB are of UTF-8, seconds of CPU; the best of the rounds counts.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.rules import RulePack, RuleText, classify, load_packs
from pipeline.rules.fold import fold, gapped
from pipeline.rules.patterns import compile_pattern
from pipeline.rules.phrases import pattern_problem
from pipeline.rules.scan import Scanner
from pipeline.rules.text import Document

Text = tuple[str, str]
# the middle dot of kana, U+30FB, is a sign
_PIECE = re.compile("[\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff]|[^\\W_\u3040-\u30ff\u3400-\u9fff]+")
_REACHED_OVER = re.compile(r"[ \-'\"«»„“”‹›\u00a0\u2010\u2011《》「」『』]*")


def texts_of(paths: Sequence[str]) -> Iterator[Text]:
    for path in map(Path, paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix == ".txt":
                yield "", file.read_text("utf-8", "replace")
            elif file.suffix == ".jsonl":
                for line in file.read_text("utf-8").splitlines():
                    row = json.loads(line)
                    yield row.get("title") or "", row.get("text") or row.get("body") or ""


def runs_of(text: str) -> Iterator[list[str]]:
    """The words of a text, folded, in runs that a phrase may reach over."""
    folded = fold(text)
    run: list[str] = []
    end = 0
    for found in _PIECE.finditer(folded):
        if run and not _REACHED_OVER.fullmatch(folded, end, found.start()):
            yield run
            run = []
        run.append(found.group())
        end = found.end()
    yield run


def phrases_of(text: Text) -> set[str]:
    """Every one to three words that stand side by side."""
    return {
        " ".join(run[start : start + size])
        for part in text
        for run in runs_of(part)
        for start in range(len(run))
        for size in (1, 2, 3)
        if start + size <= len(run)
    }


def plain(phrase: str) -> bool:
    """Whether a phrase is searched as it stands: Arabic begins words with others, and a Han character is no stem."""
    return not ("\u0600" <= phrase[0] <= "\u06ff") and unicodedata.category(phrase[-1]) != "Lo"


def made_patterns(phrases: Sequence[set[str]], count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    known = sorted(set().union(*phrases))
    words = sorted({word for phrase in known for word in phrase.split()})
    made: dict[str, None] = {}
    while len(made) < count:
        scattered = " ".join(chance.sample(words, chance.choice((2, 3))))
        phrase = scattered if len(made) % 3 == 2 else chance.choice(known)
        if len(made) % 4 == 3 and len(phrase.split()[-1]) > 4:
            phrase = phrase[: -chance.choice((1, 2))] + "*"
        if plain(phrase.rstrip("*")) and pattern_problem(phrase) is None:
            made[phrase] = None
    return list(made)


def truth_of(phrases: set[str], patterns: Sequence[str]) -> set[str]:
    ordered = sorted(phrases)
    found = set()
    for pattern in patterns:
        if not pattern.endswith("*"):
            if pattern in phrases:
                found.add(pattern)
            continue
        stem = pattern[:-1]
        # a phrase that begins so and has as many words
        index = bisect_left(ordered, stem)
        while index < len(ordered) and ordered[index].startswith(stem):
            if ordered[index].count(" ") == stem.count(" "):
                found.add(pattern)
                break
            index += 1
    return found


def seconds(do: Callable[[Text], object], texts: Sequence[Text], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        for text in texts:
            do(text)
        best = min(best, time.process_time() - began)
    return best


def pack_of(patterns: Sequence[str]) -> RulePack:
    """Topics as people write them: concepts of ten patterns, three to a topic, one of them in a sentence with another."""
    lines = ["concepts:"]
    concepts = [patterns[start : start + 10] for start in range(0, len(patterns), 10)]
    for number, concept in enumerate(concepts):
        lines.append(
            f"  c{number}: {{label: c, patterns: {{en: {json.dumps(concept, ensure_ascii=False)}}}}}"
        )
    lines.append("topics:")
    for number in range(0, len(concepts) - 2, 3):
        query = f"@c{number} AND (@c{number + 1} SENT @c{number + 2} OR @c{number + 1} NEAR/10 @c{number})"
        lines.append(f"  t{number}: {{title: T, query: '{query}'}}")
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write("\n".join(lines))
        file.flush()
        return load_packs([file.name])


def measured(
    texts: Sequence[Text], patterns: Sequence[str], phrases: Sequence[set[str]], rounds: int
) -> None:
    megabytes = sum(len((title + text).encode()) for title, text in texts) / 1e6
    began = time.process_time()
    scanner = Scanner([(compile_pattern(pattern), number) for number, pattern in enumerate(patterns)])
    built = time.process_time() - began
    right = wrong = missed = 0
    for text, there in zip(texts, phrases, strict=True):
        found = {patterns[term] for term in scanner.places(Document(*text))}
        wanted = truth_of(there, patterns)
        right += len(found & wanted)
        wrong += len(found - wanted)
        missed += len(wanted - found)
    pack = pack_of(patterns)
    steps: dict[str, Callable[[Text], object]] = {
        "fold": lambda text: (gapped(text[0]), gapped(text[1])),
        "+ words": lambda text: Document(*text),
        "+ scan": lambda text: scanner.places(Document(*text)),
        "end to end": lambda text: classify(pack, RuleText(*text)),
    }
    print(f"\n{len(patterns):,} patterns, {len(pack.topics):,} topics; built in {built:.2f} s")
    print(
        f"  precision {right / max(right + wrong, 1):.4f}  recall {right / max(right + missed, 1):.4f}  ({right:,} found)"
    )
    for name, do in steps.items():
        taken = seconds(do, texts, rounds)
        print(f"  {name:12} {megabytes / taken:7.1f} MB/s  {taken / len(texts) * 1e6:7.0f} us a text")
    for name, do in peers(patterns).items():
        part = texts[: max(1, len(texts) // 40)]
        size = sum(len((title + text).encode()) for title, text in part) / 1e6
        print(f"  {name:12} {size / seconds(do, part, 1):7.2f} MB/s  (on {len(part)} texts)")


def peers(patterns: Sequence[str]) -> dict[str, Callable[[Text], object]]:
    """What one would write without a scanner; both miss nested phrases or cut words, so only their speed is told."""
    bodies = [re.escape(each.rstrip("*")) + (r"\w*" if each.endswith("*") else "") for each in patterns]
    alternation = re.compile(rf"\b(?:{'|'.join(sorted(bodies, key=len, reverse=True))})\b")
    stems = [each.rstrip("*") for each in patterns]

    def by_looking(text: Text) -> list[str]:
        folded = fold("\n".join(text))
        return [stem for stem in stems if stem in folded]

    return {
        "re": lambda text: alternation.findall(fold("\n".join(text))),
        "in": by_looking,
    }


HOSTILE = {
    "one term without end": "trafficking " * 30_000,
    "an act without end": "trafficking in persons resolution adopted " * 5_000,
    "sentences of acts": "The Assembly adopted a resolution against trafficking in persons. " * 3_000,
    "signs on every letter": "İ\u0301" * 100_000,
    "Han": "贩运人口决议通过" * 20_000,
    "one Arabic word": "الاتجار" * 50_000,
    "initials": "a.B " * 80_000,
    "initials that end": "A. The " * 40_000,
    "blanks": "a" + " " * 99_998 + "b",
    "blanks between": ("trafficking" + " " * 50) * 5_000,
    "newlines": "\n" * 50_000 + "adopted\n" * 10_000,
    "commas": "resolution, " * 20_000,
    "ß": "ß" * 100_000,
    "soft hyphens": "tr\u00adaf\u00adfi\u00adck\u00ading in per\u00adsons " * 4_000,
    "emoji": "\U0001f600 adopted " * 10_000,
    "half surrogates": "\ud800 trafficking " * 8_000,
    "every letter": "".join(map(chr, range(0x20, 0x12020))),
    "one word": "a" * 2_000_000,
}
LONG = "aaa " * 25_000


def concept(patterns: Sequence[str]) -> str:
    """A pack of one concept."""
    return (
        "topics: {t: {title: T, query: '@c'}}\nconcepts: {c: {label: c, patterns: {en: ["
        + ", ".join(patterns)
        + "]}}}"
    )


def topic(query: str, rest: str = "") -> str:
    """A pack of one topic."""
    return "topics: {t: {title: T, query: " + query + rest + "}}"


WEIGHTS = [f"{{query: 'a{number}aa NEAR/{number} aaa', points: 0.1}}" for number in range(200)]
VETOES = [f"v{number}: a{number}aa SENT aaa" for number in range(3000)]
HOSTILE_RULES = {
    "stars before, one word": (
        concept(["'*aaaa*'", *(f"'*{'a' * size}'" for size in range(4, 40))]),
        "a" * 99_000,
    ),
    "stars before, words": (
        concept(["'*handel*'", "'*handel'", "'*handel* ~9 *handel'"]),
        "menschenhandel " * 6_000,
    ),
    "stars before, long words": (concept(["'*aaaa*'"]), ("b" * 58 + "aaaa" + " ") * 1_500),
    "nested phrases": (concept([" ".join(["aaa"] * size) for size in range(1, 30)]), LONG),
    "gaps in gaps": (concept([" ~1 ".join(["aaa"] * 10)]), LONG),
    "a chain of NEAR": (
        topic(" NEAR/200 ".join(f"a{number}aa" for number in range(20))),
        " ".join(f"a{number}aa" for number in range(20)) * 1_250,
    ),
    "NEAR of itself": (topic(" NEAR/200 ".join(["aaa"] * 12)), LONG),
    "many weights": (
        topic("aaa", f", weights: [{', '.join(WEIGHTS)}]"),
        ("aaa " + " ".join(f"a{number}aa" for number in range(200)) + " ") * 100,
    ),
    "3,000 vetoes": (
        topic("aaa", f", veto: {{{', '.join(VETOES)}}}"),
        "aaa " + " ".join(f"a{number}aa" for number in range(3000)),
    ),
}


def worst(pack_name: str, rounds: int) -> None:
    pack = load_packs([pack_name])
    cases = [(name, pack, text) for name, text in HOSTILE.items()]
    for name, (rules, text) in HOSTILE_RULES.items():
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            file.write(rules)
            file.flush()
            cases.append((name, load_packs([file.name]), text))
    print("\nhostile texts and rules: CPU ms, best of the rounds, and what was left out")
    for name, rules_of, text in cases:
        rule_text = RuleText(title=text[:5000], text=text)
        taken = seconds(
            lambda _, rules_of=rules_of, rule_text=rule_text: classify(rules_of, rule_text),
            [("", "")],
            rounds,
        )  # type: ignore[misc]
        cut = "; ".join(each for each in classify(rules_of, rule_text).cut if "characters" not in each)
        print(f"  {taken * 1e3:6.1f}  {name:24} {cut[:110]}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--patterns", type=int, nargs="*", default=[300, 3_000, 30_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pack", default="builtin")
    arguments = parser.parse_args()
    texts = [text for text in texts_of(arguments.paths) if text[1]]
    megabytes = sum(len((title + text).encode()) for title, text in texts) / 1e6
    print(f"{len(texts)} texts, {megabytes:.2f} MB")
    phrases = [phrases_of(text) for text in texts]
    for count in arguments.patterns:
        measured(texts, made_patterns(phrases, count, seed=count), phrases, arguments.rounds)
    pack = load_packs([arguments.pack])
    taken = seconds(lambda text: classify(pack, RuleText(*text)), texts, arguments.rounds)
    print(f"\n{arguments.pack}: {megabytes / taken:.1f} MB/s, {taken / len(texts) * 1e6:.0f} us a text")
    worst(arguments.pack, arguments.rounds)


if __name__ == "__main__":
    main()
