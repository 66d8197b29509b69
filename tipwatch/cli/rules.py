"""``tipwatch rules``: check a pack, and measure it on labelled texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipwatch.cli.classify import LineError, chosen_pack, long_lines, read_object, text_of
from tipwatch.cli.context import say, table_console, tell_problems
from tipwatch.errors import FAILED, PARTLY_FAILED, USAGE

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.rules import lab

rules_app = typer.Typer(help="Check and measure rule packs.", no_args_is_help=True)


@rules_app.command("check")
def check(
    ctx: typer.Context,
    packs: Annotated[
        list[str] | None, typer.Argument(help="'builtin' or rule files; default: the configured ones.")
    ] = None,
) -> None:
    """Load packs, look for what cannot be meant, and run their must and must_not examples."""
    from pipeline.rules import RuleError, lab

    try:
        pack = chosen_pack(ctx, packs)
    except RuleError as error:
        say(str(error))  # with the line of the rule and a mark below it, for who is writing it
        raise typer.Exit(USAGE) from None
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
    from rich.text import Text

    from pipeline.rules import lab

    if not file.is_file():
        say(f"{file}: no such file")
        raise typer.Exit(USAGE)
    rules = chosen_pack(ctx, pack)
    problems: list[str] = []
    measures = lab.measure(rules, _labelled(file, problems))
    tell_problems(problems)
    if problems and not measures.texts:
        raise typer.Exit(FAILED)
    console = table_console()
    console.print(_table(measures))
    for each in measures.confusions:
        given = each.given or "no topic"
        console.print(
            Text(f"{each.id} [{each.language}] {each.wanted}, but came out as {given}: {each.title}")
        )
    console.print(Text(f"{measures.texts} texts, {len(measures.confusions)} confused, rules {rules.version}"))
    raise typer.Exit(PARTLY_FAILED if problems else 0)


def _labelled(file: Path, problems: list[str]) -> Iterator[lab.LabelledText]:
    """The file's labelled texts; lines that hold none are noted in `problems`."""
    with file.open("rb") as lines:
        for number, line in long_lines(lines):
            try:
                yield _labelled_text(read_object(line), number)
            except LineError as error:
                problems.append(f"{file}: line {number}: {error}")


def _labelled_text(given: dict[str, Any], number: int) -> lab.LabelledText:
    from pipeline.rules import lab

    given.setdefault("language", given.get("lang"))
    labels = [each for each in (given.get("label"), given.get("alt_label")) if each is not None]
    if not labels or not all(isinstance(each, str) and each in lab.LABELS for each in labels):
        raise LineError(f"'label' is one of {', '.join(lab.LABELS)}")
    return lab.LabelledText(str(given.get("id", number)), text_of(given), tuple(labels))


def _table(measures: lab.Measures) -> Table:
    from rich.table import Table

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
