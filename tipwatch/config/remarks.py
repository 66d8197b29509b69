"""What is not wrong but probably not meant; `tipwatch check-config` says it, nothing else stops at it."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from alerts.subscription import MAIL, Subscription
from tipwatch.config.document import Plain
from tipwatch.config.problems import KeyPath, Problem
from tipwatch.config.values import ChannelSettings, Config

#: places of secrets that are files
SECRET_FILES = (
    (("mail", "password_file"), "the password"),
    (("link_secret_file",), "the secret"),
)


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark with its place.

    Attributes:
        level: ``warning``: something will not be as expected; ``note``: something has no effect.
        problem: what and where.
    """

    level: Literal["warning", "note"]
    problem: Problem

    def __str__(self) -> str:
        """One line, as `Problem` has it, with the level in front of the words."""
        told = Problem(
            self.problem.origin,
            f"{self.level}: {self.problem.message}",
            self.problem.path,
            self.problem.position,
        )
        return str(told)


def remarks(
    config: Config, installed: Callable[[str], bool] = lambda name: find_spec(name) is not None
) -> list[Remark]:
    """All remarks on a configuration, in the order of the file; `installed` says whether a module is there."""
    found = [
        *(
            remark
            for index, one in enumerate(config.subscriptions)
            for remark in of_subscription(config, index, one)
        ),
        *(
            remark
            for index, one in enumerate(config.channels)
            for remark in of_channel(config, index, one, installed)
        ),
        *open_secrets(config),
    ]
    return sorted(found, key=lambda remark: remark.problem.order)


def of_subscription(config: Config, index: int, one: Subscription) -> Iterator[Remark]:
    """Quiet hours and readers that are not what they seem."""
    path: KeyPath = ("subscriptions", index)
    quiet = one.quiet
    if quiet is not None and one.instant is None:
        yield note(
            config, (*path, "quiet_hours"), "has no effect without instant: digests go out at any hour"
        )
    elif quiet is not None:
        inside = [f"{at:%H:%M}" for at in one.schedule.at if quiet.hold(at)]
        if inside:
            message = (
                f"the digest of {' and '.join(inside)} goes out in these hours all the same, "
                "with what they held back"
            )
            yield warning(config, (*path, "quiet_hours"), message)
    if one.recipients and MAIL not in one.channels:
        message = "nobody of these is written to: add mail to channels, or remove this"
        yield warning(config, (*path, "to"), message)
    written = at_path(config, (*path, "to"))
    if isinstance(written, list) and len(written) > len(one.recipients):
        yield note(config, (*path, "to"), "names a mailbox twice: it is written to once")


def of_channel(
    config: Config, index: int, one: ChannelSettings, installed: Callable[[str], bool]
) -> Iterator[Remark]:
    """A channel that nobody uses, cannot work here, or gives its secret away."""
    path: KeyPath = ("channels", index)
    if not any(one.id in subscription.channels for subscription in config.subscriptions):
        yield note(config, (*path, "id"), "no subscription goes out by this channel")
    if one.kind == "apprise" and not installed("apprise"):
        message = 'apprise is not installed, nothing can be sent: pip install "tipwatch[apprise]"'
        yield warning(config, (*path, "kind"), message)
    if one.kind == "apprise" and at_path(config, (*path, "url")) is not None:
        message = "if there is a token in this address, name a variable with url_env instead"
        yield warning(config, (*path, "url"), message)
    if one.kind == "webhook" and one.secret is None:
        message = "is not signed, so its receiver cannot tell who sent it: name a secret with secret_env"
        yield warning(config, path, message)


def open_secrets(config: Config) -> Iterator[Remark]:
    """Files of secrets that other users of the machine may read."""
    channels = [
        (("channels", index, key), what)
        for index in range(len(config.channels))
        for key, what in (("url_file", "the address"), ("secret_file", "the secret"))
    ]
    for path, what in (*SECRET_FILES, *channels):
        name = at_path(config, path)
        if isinstance(name, str) and readable_by_others(config.base / name):
            message = f"other users of this machine can read {what}: chmod 600 the file"
            yield warning(config, path, message)


def readable_by_others(path: Path) -> bool:
    """Whether group or others may read the file; False when it is not there."""
    try:
        return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except (OSError, ValueError):
        return False


def at_path(config: Config, path: KeyPath) -> Plain:
    """What is written at `path`; None when nothing is."""
    value: Plain = config.document.value
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def warning(config: Config, path: KeyPath, message: str) -> Remark:
    """Something will not be as expected."""
    return Remark("warning", config.problem(path, message))


def note(config: Config, path: KeyPath, message: str) -> Remark:
    """Something has no effect."""
    return Remark("note", config.problem(path, message))
