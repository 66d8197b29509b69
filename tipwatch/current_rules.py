"""The rules as they stand in their files: read again when somebody edited them, the last good ones while they are wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.rules import RuleError, RulePack
from pipeline.rules.pack import BUILTIN
from tipwatch.config import ConfigError

log = logging.getLogger(__name__)

#: a file's path, time of change (ns) and size
Print = tuple[str, int, int]


class CurrentRules:
    """Rules that a long-running process asks for each time it needs them.

    Args:
        pack: the rules as loaded at start.
        files: every file whose edit may change them, configuration included; a folder stands for the ``*.yaml`` in it.
        load: reads them again, and says which files they now stand in; raises RuleError or ConfigError when they are wrong.
    """

    def __init__(
        self,
        pack: RulePack,
        files: Sequence[str | Path],
        load: Callable[[], tuple[RulePack, Sequence[str | Path]]],
    ) -> None:
        self._pack, self._files, self._load = pack, tuple(files), load
        self._seen = prints(self._files)

    def now(self) -> RulePack:
        """The rules as they are now; as they last were right, when an edit left them wrong (said once, in the log)."""
        found = prints(self._files)
        if found == self._seen:
            return self._pack
        self._seen = found
        try:
            pack, files = self._load()
        except (RuleError, ConfigError) as error:
            log.error("the rules were edited and are wrong; those of before stay in force: %s", error)  # noqa: TRY400 - the message says where, a traceback would not
            return self._pack
        if pack.version != self._pack.version:
            log.info("the rules changed: version %s follows %s", pack.version, self._pack.version)
        self._pack, self._files = pack, tuple(files)
        self._seen = prints(self._files)
        return pack


def prints(files: Sequence[str | Path]) -> tuple[Print, ...]:
    """What shows that a file was edited; a file that is not there shows that too."""
    return tuple(print_of(path) for name in files for path in paths_of(name))


def paths_of(name: str | Path) -> Iterator[Path]:
    """The files that a name stands for."""
    path = BUILTIN if name == "builtin" else Path(name)
    yield path
    if path.is_dir():
        yield from sorted(path.glob("*.yaml"))


def print_of(path: Path) -> Print:
    """What shows that this file was edited."""
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, -1
    return str(path), found.st_mtime_ns, found.st_size
