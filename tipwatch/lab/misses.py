"""The missed-coverage log: articles that came out wrong, filed with what was known then; each is a rule test since."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.rules import RulePack, RuleText, classify
from pipeline.rules.lacking import lacking
from tipwatch.config import Config
from tipwatch.errors import PlacedError

#: beside the configuration, to be kept with the rules
FILE_NAME = "missed-coverage.jsonl"
#: characters of a text that are kept: what the rules read of one (see `pipeline.rules.text`)
MAX_TEXT_CHARS = 100_000
_MOST_QUOTED = 6


@dataclass(frozen=True, slots=True)
class Miss:
    """An article that came out wrong.

    Attributes:
        topic: it should have been on; with `wanted` False: it should not have been on.
        url: empty when it has none; `title`, `text`: empty when it was never read.
        filed_at: ISO 8601, UTC; `filed_by`: who said so.
        pack_version: of the rules of then; `verdict`, `way`: what `explain` said then.
    """

    topic: str
    wanted: bool
    url: str
    title: str
    text: str
    language: str | None
    outlet: str
    source: str
    country: str | None
    note: str
    filed_at: str
    filed_by: str
    pack_version: str
    verdict: str
    way: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retrial:
    """A miss asked again: `passes` is None when there is no text to ask about. `why` says what still is wrong."""

    miss: Miss
    passes: bool | None
    why: str = ""


def log_path(config: Config) -> Path:
    """Where the log of a configuration is."""
    return config.base / FILE_NAME


def file_miss(path: Path, miss: Miss) -> None:
    """Add a miss to the log, on disk before this returns; lines of two that write at once do not mix.

    Raises:
        PlacedError: it cannot be written.
    """
    line = json.dumps(asdict(miss), ensure_ascii=False) + "\n"
    try:
        with path.open("ab+") as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            size = log.seek(0, os.SEEK_END)
            if size:
                log.seek(size - 1)
                if log.read(1) != b"\n":  # a line cut off by a kill: ours must not be lost to it
                    log.write(b"\n")
            log.write(line.encode("utf-8", "replace"))
            log.flush()
            os.fsync(log.fileno())
    except OSError as error:
        raise PlacedError(f"{path}: cannot be written ({error.strerror or error})") from error


def read_misses(path: Path, problems: list[str]) -> Iterator[Miss]:
    """The misses of a log, oldest first; lines that hold none are noted in `problems`. Nothing when there is no log.

    Raises:
        PlacedError: it cannot be read.
    """
    try:
        with path.open("rb") as log:
            for number, line in enumerate(log, 1):
                if line.strip():
                    try:
                        yield _miss(json.loads(line))
                    except (ValueError, TypeError, KeyError, RecursionError) as error:
                        problems.append(
                            f"{path}:{number}: not a miss as `explain --file-miss` writes it ({error})"
                        )
    except FileNotFoundError:
        return
    except OSError as error:
        raise PlacedError(f"{path}: cannot be read ({error.strerror or error})") from error


def _miss(given: Any) -> Miss:
    """A miss from its line. Raises ValueError, TypeError or KeyError."""
    if not isinstance(given, dict):
        raise TypeError("a JSON object is expected")
    optional = {"language", "country"}
    values: dict[str, Any] = {}
    for name in Miss.__dataclass_fields__:
        value = given.get(name) if name in optional else given[name]
        kind: type = {"wanted": bool, "way": list}.get(name, str)
        if not isinstance(value, kind) and not (value is None and name in optional):
            raise TypeError(f"'{name}' is wrong")
        values[name] = tuple(str(each) for each in value) if isinstance(value, list) else value
    return Miss(**values)


def try_again(pack: RulePack, miss: Miss, text: RuleText | None) -> Retrial:
    """What the rules of today say of a miss. `text`: its article as it is read today; None: as filed."""
    if miss.topic not in pack.topics:
        return Retrial(miss, passes=False, why=f"no rule pack has the topic {miss.topic}")
    text = text or filed_text(miss)
    if text is None:
        return Retrial(miss, passes=None, why="never read: take it in with `tipwatch crawl --url`")
    found = classify(pack, text)
    match = next((match for match in found.matches if match.topic == miss.topic), None)
    if (match is not None) == miss.wanted:
        return Retrial(miss, passes=True)
    if match is None:
        return Retrial(miss, passes=False, why=_in_the_way(pack, text, miss.topic))
    words = ", ".join(list(dict.fromkeys(f"“{hit.quote}”" for hit in match.evidence))[:_MOST_QUOTED])
    return Retrial(miss, passes=False, why=f"it is on the topic, with {match.score:g}: {words}")


def _in_the_way(pack: RulePack, text: RuleText, topic: str) -> str:
    """Why a text is not on a topic, as `explain` says it."""
    lack = next(lack for lack in lacking(pack, text) if lack.topic == topic)
    wants = [f"missing {want.clause}: {want.why}" for want in lack.wants]
    vetoes = [f"veto “{name}”" for name in lack.vetoes]
    short = [f"score {lack.score:.2f}, {lack.threshold:.2f} needed"] if not (wants or vetoes) else []
    return "; ".join([*vetoes, *wants, *short])


def filed_text(miss: Miss) -> RuleText | None:
    """The article as it was filed; None when it never was read."""
    if not miss.title and not miss.text:
        return None
    return RuleText(
        title=miss.title,
        text=miss.text,
        url=miss.url,
        source=miss.source,
        language=miss.language,
        country=miss.country,
    )


def now_text(moment: datetime) -> str:
    """A moment as the log writes it."""
    return moment.isoformat(timespec="seconds")
