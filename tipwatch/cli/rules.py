"""``tipwatch rules``: check a pack, and measure it on labelled texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.rules import lab, load_packs
from tipwatch.cli.classify import LineError, chosen_pack, long_lines, read_object, text_of
from tipwatch.cli.context import say
from tipwatch.errors import FAILED, PARTLY_FAILED, USAGE

rules_app = typer.Typer(help="Check and measure rule packs.", no_args_is_help=True)


@rules_app.command("check")
def check(
    ctx: typer.Context,
    packs: Annotated[
        list[str] | None, typer.Argument(help="'builtin' or rule files; default: the configured ones.")
    ] = None,
) -> None:
    """Load packs, look for what cannot be meant, and run their must and must_not examples."""
    pack = load_packs(packs) if packs else chosen_pack(ctx, None)
    complaints = [*lab.lint(pack), *lab.check_examples(pack)]
    for complaint in complaints:
        say(f"{complaint}" if complaint.serious else f"{complaint} (harmless)")
    for topic, examples in lab.topics_in_words(pack):
        say(f"{topic.id}: {topic.title} ({examples} examples)")
    serious = sum(complaint.serious for complaint in complaints)
    say(f"rules {pack.version}: {serious} wrong, {len(complaints) - serious} harmless")
    raise typer.Exit(FAILED if serious else 0)


@rules_app.command("test")
def measure(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="JSON lines with text, label and, where known, title and language.")
    ],
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="'builtin' or a rule file; may be repeated.")
    ] = None,
) -> None:
    """Measure packs on labelled texts: precision and recall by topic and language, and every confusion."""
    rules = chosen_pack(ctx, pack)
    if not file.is_file():
        say(f"{file}: no such file")
        raise typer.Exit(USAGE)
    problems: list[str] = []
    measures = lab.measure(rules, _labelled(file, problems))
    console = Console(highlight=False)
    console.print(_table(measures))
    for each in measures.confusions:
        given = each.given or "no topic"
        console.print(
            Text(f"{each.id} [{each.language}] {each.wanted}, but came out as {given}: {each.title}")
        )
    console.print(Text(f"{measures.texts} texts, {len(measures.confusions)} confused, rules {rules.version}"))
    for problem in problems:
        say(problem)
    raise typer.Exit(PARTLY_FAILED if problems else 0)


def _labelled(file: Path, problems: list[str]) -> Iterator[lab.LabelledText]:
    """The file's labelled texts; lines that hold none are noted in `problems`."""
    with file.open("rb") as lines:
        for number, line in enumerate(long_lines(lines), start=1):
            try:
                yield _labelled_text(read_object(line), number)
            except LineError as error:
                problems.append(f"{file}: line {number}: {error}")


def _labelled_text(given: dict[str, Any], number: int) -> lab.LabelledText:
    given.setdefault("language", given.get("lang"))
    labels = [each for each in (given.get("label"), given.get("alt_label")) if each is not None]
    if not labels or not all(isinstance(each, str) and each in lab.LABELS for each in labels):
        raise LineError(f"'label' is one of {', '.join(lab.LABELS)}")
    return lab.LabelledText(str(given.get("id", number)), text_of(given), tuple(labels))


def _table(measures: lab.Measures) -> Table:
    table = Table("topic", "language", "precision", "recall", "right", "wrong", "missed")
    for (topic, language), tally in sorted(measures.tallies.items()):
        table.add_row(
            topic,
            "all" if language == "*" else language,
            f"{tally.precision:.3f}",
            f"{tally.recall:.3f}",
            *(str(count) for count in (tally.right, tally.wrong, tally.missed)),
        )
    return table
