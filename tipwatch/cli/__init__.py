"""The command line: one small file per family of commands. It only wires; `run` turns errors into exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tipwatch import logs
from tipwatch.cli.brief import brief_command
from tipwatch.cli.channels import channels_app
from tipwatch.cli.check_config import check_config_command
from tipwatch.cli.classify import classify_command
from tipwatch.cli.context import Context, say
from tipwatch.cli.crawl import crawl_command
from tipwatch.cli.data import export_command, import_command
from tipwatch.cli.demo import demo_command
from tipwatch.cli.digest import digest_app
from tipwatch.cli.explain import explain_command
from tipwatch.cli.extract import extract_command
from tipwatch.cli.failures import explain_error
from tipwatch.cli.ledger import ledger_app
from tipwatch.cli.mailboxes import mailboxes_app
from tipwatch.cli.publish import publish_command
from tipwatch.cli.rules import rules_app
from tipwatch.cli.service import run_command
from tipwatch.cli.sources import sources_app
from tipwatch.cli.stories import stories_command, story_command
from tipwatch.errors import FAILED

INTERRUPTED = 130  # 128 + SIGINT, as shells count

app = typer.Typer(
    name="tipwatch",
    help="A newsroom watch: finds, understands and delivers coverage of action against trafficking in persons.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def version_and_leave(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from importlib.metadata import version

        print(f"tipwatch {version('tipwatch')}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", "-c", help="Configuration file; default: ./config.yaml.", envvar="TIPWATCH_CONFIG"
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr.")] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=version_and_leave, is_eager=True, help="Show the version and leave."
        ),
    ] = False,
) -> None:
    """Options that stand before (or after) a command."""
    del version
    logs.set_up(verbose=verbose)
    ctx.obj = Context(config_path=config, verbose=verbose)


app.command("crawl")(crawl_command)
app.command("extract")(extract_command)
app.command("classify")(classify_command)
app.command("explain")(explain_command)
app.command("import")(import_command)
app.command("export")(export_command)
app.command("stories")(stories_command)
app.command("story")(story_command)
app.add_typer(digest_app, name="digest")
app.add_typer(ledger_app, name="ledger")
app.add_typer(mailboxes_app, name="mailboxes")
app.command("brief")(brief_command)
app.command("publish")(publish_command)
app.add_typer(channels_app, name="channels")
app.add_typer(sources_app, name="sources")
app.add_typer(rules_app, name="rules")
app.command("run")(run_command)
app.command("demo")(demo_command)
app.command("check-config")(check_config_command)


def hoist(arguments: Sequence[str]) -> list[str]:
    """The arguments with --config (or -c) and its value moved to the front: it may be typed anywhere."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in ("--config", "-c"):
            front += [argument, *[value for value in [next(waiting, None)] if value is not None]]
        elif argument.startswith("--config="):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (0 ok, 1 failed, 2 usage, 3 partly failed); no traceback for the expected."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        app(args=hoist(given), prog_name="tipwatch")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else (0 if leaving.code is None else FAILED)
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except Exception as error:
        told = explain_error(error)
        if told is None:
            raise
        say(told.text)
        return told.code
    return 0
