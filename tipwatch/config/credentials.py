"""Secrets, from a variable or a file and never from config.yaml itself; what they are is never quoted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tipwatch.config.document import Document, Plain
from tipwatch.config.problems import KeyPath, Problem, shown

MAX_SECRET_BYTES = 4096


class SecretMissingError(ValueError):
    """A secret is not where `key` of the configuration says; the message says what to do."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is kept: the keys `NAME_env` and `NAME_file` of a section.

    Attributes:
        name: as in the keys, e.g. ``password``.
        noun: as in messages, e.g. ``the password``.
        section: the mapping in which the keys stand.
    """

    name: str
    noun: str
    section: Mapping[str, Plain]

    @property
    def keys(self) -> list[str]:
        """The keys that are given: none, one, or (wrongly) both."""
        return [key for key in (f"{self.name}_env", f"{self.name}_file") if self.section.get(key) is not None]

    def read(self, env: Mapping[str, str], base: Path) -> str | None:
        """The secret (a line end after it is not part of it); None when no key names one.

        Raises:
            SecretMissingError: it is not there, or cannot be one.
        """
        keys = self.keys
        if len(keys) == 2:
            raise SecretMissingError(
                keys[1], f"{self.noun} is already named by {keys[0]}: keep one of the two"
            )
        named = self.section[keys[0]] if keys else None
        if not isinstance(named, str):  # none, or of a type that the schema refuses
            return None
        if keys[0].endswith("_file"):
            return self.one_line(self.file_text(base, named, keys[0]), keys[0])
        if not env.get(named):
            raise SecretMissingError(
                keys[0], f"the environment variable {shown(named)} is not set: set it to {self.noun}"
            )
        return self.one_line(env[named], keys[0])

    def file_text(self, base: Path, path: str, key: str) -> str:
        """What stands in the secret's file. Raises SecretMissingError."""
        try:
            with (base / path).open("rb") as file:
                content = file.read(MAX_SECRET_BYTES + 1)
            text = content.decode("utf-8", "ignore" if len(content) > MAX_SECRET_BYTES else "strict")
        except (OSError, ValueError) as error:
            reason = (
                error.strerror if isinstance(error, OSError) and error.strerror else "not readable as text"
            )
            raise SecretMissingError(
                key, f'"{shown(path)}" cannot be read ({reason}): name a file that holds {self.noun}'
            ) from None
        if len(content) > MAX_SECRET_BYTES:
            message = (
                f"this file is larger than {MAX_SECRET_BYTES} bytes: name one that holds only {self.noun}"
            )
            raise SecretMissingError(key, message)
        return text.removesuffix("\n").removesuffix("\r")

    def one_line(self, secret: str, key: str) -> str:
        """The secret, if it can be one. Never quoted in the error."""
        if not secret or not secret.isprintable():
            message = (
                f"what stands there is empty or not one line of text: put {self.noun} there, and nothing else"
            )
            raise SecretMissingError(key, message)
        return secret


def secret_problems(
    document: Document, secret: Secret, path: KeyPath, env: Mapping[str, str], base: Path
) -> Iterator[Problem]:
    """Why the secret of the section at `path` cannot be had, if so."""
    try:
        secret.read(env, base)
    except SecretMissingError as error:
        yield document.problem((*path, error.key), str(error), key=len(secret.keys) == 2)


def mail_password(mail: Mapping[str, Plain]) -> Secret:
    """Where the password of the mail server is kept."""
    return Secret("password", "the password", mail)


def channel_url(channel: Mapping[str, Plain]) -> Secret:
    """Where the address of a channel is kept, when not in the file itself."""
    return Secret("url", "the address", channel)


def signing_secret(channel: Mapping[str, Plain]) -> Secret:
    """Where the secret is kept that a webhook is signed with."""
    return Secret("secret", "the secret", channel)


def link_secret(root: Mapping[str, Plain]) -> Secret:
    """Where the secret is kept that links are signed with."""
    return Secret("link_secret", "the secret", root)
