"""The demo's desk: a folder with a configuration of its own, which any other command can use afterwards."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from crawler.source import Source
from tipwatch.errors import UsageError

CONFIG_NAME = "config.yaml"
MAIL_NAME = "mail"
DATABASE_NAME = "demo.db"
SUBSCRIPTION = "demo-desk"

_FIRST_LINE = "# Written by `tipwatch demo`: its invented newsroom is on loopback only while the demo runs."


def clear_desk(folder: Path) -> None:
    """Make `folder` ready: created, or emptied of what an earlier demo left there. Nothing else is ever deleted.

    Raises:
        UsageError: the folder holds something, and no earlier demo wrote it; or it cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not _is_ours(folder):
            raise UsageError(f"{folder} holds files that no demo wrote: name an empty folder with --folder")
        for path in (*folder.glob(f"{DATABASE_NAME}*"), folder / CONFIG_NAME):
            path.unlink(missing_ok=True)
        if (folder / MAIL_NAME).exists():
            shutil.rmtree(folder / MAIL_NAME)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be used: {error.strerror or error}; name another with --folder"
        ) from error


def write_config(folder: Path, sources: Iterable[Source]) -> Path:
    """Write the demo's configuration into `folder` and return its path."""
    path = folder / CONFIG_NAME
    path.write_text(config_text(sources), encoding="utf-8")
    return path


def config_text(sources: Iterable[Source]) -> str:
    """Return a whole config.yaml: the newsroom's sources, one subscription to both topics, mail into a folder."""
    listed = "\n".join(_source_text(source) for source in sources)
    return f"""{_FIRST_LINE}
database: sqlite:///{DATABASE_NAME}
crawl:
  per_host_delay: 0s               # our own loopback; for the world keep the default of 2s
  page_timeout: 10s
  allow_networks: [127.0.0.0/8]    # loopback is otherwise refused
packs: [builtin]
mail: {{transport: folder, folder: {MAIL_NAME}/}}
subscriptions:
  - id: {SUBSCRIPTION}
    title: Action against trafficking in persons
    to: ["Demo Desk <desk@example.org>"]
    topics: [trafficking-resolutions, trafficking-news]
    timezone: Europe/Minsk
sources:
{listed}
"""


def _is_ours(folder: Path) -> bool:
    path = folder / CONFIG_NAME
    if path.is_symlink() or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline().rstrip("\n") == _FIRST_LINE


def _source_text(source: Source) -> str:
    """One entry of `sources`; values are quoted as JSON strings, which YAML 1.2 reads alike."""
    quoted = {
        "name": source.name,
        "country": source.country,
        "languages": list(source.languages),
        "timezone": source.timezone,
        "feeds": list(source.feeds),
    }
    lines = [f"    {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in quoted.items()]
    per_host = f"    manners: {{per_host: {source.manners.per_host}}}"
    return "\n".join([f"  - id: {source.id}", *lines, per_host])
