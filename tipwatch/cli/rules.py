"""``tipwatch rules``: check a pack, measure it, and try it on the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipwatch.cli.classify import LineError, chosen_pack, long_lines, read_object, text_of
from tipwatch.cli.context import counted, out, printable, say, table_console, tell_problems
from tipwatch.cli.rules_archive import backtest_command, rescore_command, try_command
from tipwatch.cli.rules_misses import misses_command, retrial_object, retried, tell_retrials
from tipwatch.errors import FAILED, PARTLY_FAILED, USAGE, UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.rules import RulePack, lab
    from tipwatch.lab.misses import Retrial

rules_app = typer.Typer(help="Check and measure rule packs; try them on the archive.", no_args_is_help=True)
rules_app.command("try")(try_command)
rules_app.command("backtest")(backtest_command)
rules_app.command("rescore")(rescore_command)
rules_app.command("misses")(misses_command)


@rules_app.command("check")
def check(
    ctx: typer.Context,
    packs: Annotated[
        list[str] | None, typer.Argument(help="'builtin' or rule files; default: the configured ones.")
    ] = None,
    hints: Annotated[
        bool, typer.Option("--hints", help="Name patterns that a shorter one finds already, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Load packs, look for what cannot be meant, and run their must and must_not examples."""
    from pipeline.rules import RuleError, lab

    try:
        pack = chosen_pack(ctx, packs)
    except RuleError as error:
        say(str(error))  # with the line of the rule and a mark below it, for who is writing it
        raise typer.Exit(USAGE) from None
    complaints = [*lab.lint(pack, hints=hints), *lab.check_examples(pack)]
    if not hints and any(not is_shipped(str(file)) for file in pack.files):
        # whoever extends the shipped rules can, and need, do nothing about remarks on them
        complaints = [each for each in complaints if each.serious or not is_shipped(each.spot.file)]
    serious = sum(complaint.serious for complaint in complaints)
    if as_json:
        found = [complaint_object(each) for each in complaints]
        out(json.dumps({"rules": pack.version, "wrong": serious, "complaints": found}, ensure_ascii=False))
        raise typer.Exit(FAILED if serious else 0)
    for complaint in complaints:
        say(f"{complaint}" if complaint.serious else f"{complaint} (harmless)")
    for topic, examples in lab.topics_in_words(pack):
        say(f"{topic.id}: {topic.title} ({examples} examples)")
    say(f"rules {pack.version}: {serious} wrong, {len(complaints) - serious} harmless")
    raise typer.Exit(FAILED if serious else 0)


def is_shipped(file: str) -> bool:
    """Whether a rule file, or the place of a rule, is one of the packs that come with the program."""
    return Path(file).parent.name == "builtin"


def complaint_object(complaint: lab.Complaint) -> dict[str, object]:
    """A complaint as JSON."""
    spot = complaint.spot
    place = {"file": spot.file, "line": spot.line, "column": spot.column}
    return {**place, "what": complaint.what, "serious": complaint.serious}


@rules_app.command("test")
def measure(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="JSON lines with text, label (a topic, or none) and, where known, title and language."
        ),
    ] = None,
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="'builtin' or a rule file; may be repeated.")
    ] = None,
    only_misses: Annotated[
        bool, typer.Option("--misses", help="Only the missed-coverage log (`explain --file-miss`).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Run the packs' own examples, the missed-coverage log, and labelled texts if a file is named.

    Exits 1 when an example comes out wrong or a filed miss is still missed.
    """
    from pipeline.rules import lab

    if file is not None and (only_misses or not file.is_file()):
        raise UsageError("name a file or give --misses, not both" if only_misses else f"{file}: no such file")
    rules = chosen_pack(ctx, pack)
    problems: list[str] = []
    complaints = [] if only_misses else list(lab.check_examples(rules))
    retrials = retried(ctx, rules, problems)
    measures = lab.measure(rules, _labelled(file, rules, problems) if file else ())
    tell_problems(problems)
    if file and problems and not measures.texts:
        raise typer.Exit(FAILED)
    if as_json:
        out(json.dumps(tested_object(rules, complaints, measures, retrials), ensure_ascii=False))
    else:
        if not only_misses:
            tell_examples(rules, complaints)
        if file:
            tell_measures(rules, measures)
        tell_retrials(retrials, only_misses=only_misses)
    if complaints or any(each.passes is False for each in retrials):
        raise typer.Exit(FAILED)
    raise typer.Exit(PARTLY_FAILED if problems else 0)


def tell_examples(rules: RulePack, complaints: list[lab.Complaint]) -> None:
    """Say how the pack's own examples came out."""
    from pipeline.rules import lab

    for complaint in complaints:
        out(str(complaint))
    number = sum(examples for _, examples in lab.topics_in_words(rules))
    out(f"{counted(number, 'example')} of the packs, {len(complaints)} wrong")


def tell_measures(rules: RulePack, measures: lab.Measures) -> None:
    """Print the figures on labelled texts, and every confusion."""
    from rich.text import Text

    console = table_console()
    if measures.texts:
        console.print(_table(measures))
    for each in measures.confusions:
        given = each.given or "no topic"
        console.print(
            Text(
                f"{each.id} [{each.language}] {each.wanted}, but came out as {given}: {printable(each.title)}"
            )
        )
    console.print(
        Text(f"{counted(measures.texts, 'text')}, {len(measures.confusions)} confused, rules {rules.version}")
    )


def tested_object(
    rules: RulePack, complaints: list[lab.Complaint], measures: lab.Measures, retrials: list[Retrial]
) -> dict[str, object]:
    """A test run as JSON."""
    from dataclasses import asdict

    return {
        "rules": rules.version,
        "examples_wrong": [complaint_object(each) for each in complaints],
        "texts": measures.texts,
        "measures": [
            {
                "topic": topic,
                "language": "all" if language == "*" else language,
                "precision": round(tally.precision, 4),
                "recall": round(tally.recall, 4),
                **asdict(tally),
            }
            for (topic, language), tally in sorted(measures.tallies.items())
        ],
        "confusions": [asdict(each) for each in measures.confusions],
        "misses": [retrial_object(each) for each in retrials],
    }


def _labelled(file: Path, rules: RulePack, problems: list[str]) -> Iterator[lab.LabelledText]:
    """The file's labelled texts; lines that hold none are noted in `problems`."""
    with file.open("rb") as lines:
        for number, line in long_lines(lines):
            try:
                yield _labelled_text(read_object(line), rules, number)
            except LineError as error:
                problems.append(f"{file}: line {number}: {error}")


def _labelled_text(given: dict[str, Any], rules: RulePack, number: int) -> lab.LabelledText:
    from pipeline.rules import lab

    given.setdefault("language", given.get("lang"))
    labels = [each for each in (given.get("label"), given.get("alt_label")) if each is not None]
    known = (*lab.LABELS, *rules.topics, lab.NO_TOPIC)
    if not labels or not all(isinstance(each, str) and each in known for each in labels):
        raise LineError(f"'label' must be one of {', '.join((*rules.topics, lab.NO_TOPIC))}")
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
