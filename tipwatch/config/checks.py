"""What no single value shows: ids given twice, secrets that are not there, packs that are no files."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from tipwatch.config.document import Document, Plain
from tipwatch.config.problems import KeyPath, Problem, shown

MAX_SECRET_BYTES = 4096


class SecretMissingError(ValueError):
    """A secret is not where `key` of the configuration says; the message says what to do."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


def cross_checks(document: Document, env: Mapping[str, str], base: Path) -> list[Problem]:
    """All such problems of the document, whether or not its single values are right."""
    root = document.value if isinstance(document.value, dict) else {}
    return [
        *twice(document, "sources", root.get("sources")),
        *twice(document, "subscriptions", root.get("subscriptions")),
        *feeds_twice(document, root.get("sources")),
        *packs_missing(document, root.get("packs"), base),
        *login_problems(document, root.get("mail"), env, base),
    ]


def twice(document: Document, section: str, entries: Plain) -> Iterator[Problem]:
    """Entries of a section whose id another entry before them has."""
    first: dict[str, int] = {}
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        given = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(given, str):
            continue
        path: KeyPath = (section, index, "id")
        if given in first:
            yield document.problem(
                path, f'"{shown(given)}" is already the id on line {first[given]}: give each its own'
            )
        elif (position := document.position(path)) is not None:
            first[given] = position.line


def feeds_twice(document: Document, sources: Plain) -> Iterator[Problem]:
    """Feeds that are listed a second time, by the same source or another."""
    first: dict[str, int] = {}
    for index, entry in enumerate(sources if isinstance(sources, list) else []):
        feeds = entry.get("feeds") if isinstance(entry, dict) else None
        for number, feed in enumerate(feeds if isinstance(feeds, list) else []):
            path: KeyPath = ("sources", index, "feeds", number)
            if not isinstance(feed, str):
                continue
            if feed in first:
                yield document.problem(
                    path, f"this feed is already listed on line {first[feed]}: remove one of the two"
                )
            elif (position := document.position(path)) is not None:
                first[feed] = position.line


def packs_missing(document: Document, packs: Plain, base: Path) -> Iterator[Problem]:
    """Packs that are neither ``builtin`` nor a file."""
    for index, pack in enumerate(packs if isinstance(packs, list) else []):
        if isinstance(pack, str) and pack != "builtin" and not is_file(base, pack):
            message = f'"{shown(pack)}" is not a file: write builtin, or a path relative to this file'
            yield document.problem(("packs", index), message)


def login_problems(document: Document, mail: Plain, env: Mapping[str, str], base: Path) -> Iterator[Problem]:
    """A login by SMTP that lacks its user name or its secret, and certificates that are not there."""
    if not isinstance(mail, dict) or mail.get("transport") != "smtp":
        return
    keys = [key for key in ("password_env", "password_file") if mail.get(key) is not None]
    if len(keys) == 2:
        yield document.problem(
            ("mail", keys[1]), "the password is already named by password_env: keep one of the two", key=True
        )
    elif mail.get("username") is not None and not keys:
        message = (
            "a user name needs a password: name a variable with password_env, or a file with password_file"
        )
        yield document.problem(("mail", "username"), message)
    elif keys and mail.get("username") is None:
        yield document.problem(("mail", keys[0]), "a password needs a user name: add username", key=True)
    else:
        try:
            read_secret(mail.get("password_env"), mail.get("password_file"), env, base)
        except SecretMissingError as error:
            yield document.problem(("mail", error.key), str(error))
    cafile = mail.get("cafile")
    if isinstance(cafile, str) and not is_file(base, cafile):
        yield document.problem(
            ("mail", "cafile"),
            f'"{shown(cafile)}" is not a file: write the path of a PEM file, relative to this file',
        )


def read_secret(variable: Plain, path: Plain, env: Mapping[str, str], base: Path) -> str | None:
    """The secret from an environment variable or a file (a line end after it is not part of it).

    None when neither is named. Raises SecretMissingError.
    """
    if isinstance(variable, str):
        if not env.get(variable):
            raise SecretMissingError(
                "password_env",
                f"the environment variable {shown(variable)} is not set: set it to the password",
            )
        return one_line(env[variable], "password_env")
    if isinstance(path, str):
        try:
            return one_line(secret_text(base, path), "password_file")
        except (OSError, ValueError) as error:
            if isinstance(error, SecretMissingError):
                raise
            reason = (
                error.strerror if isinstance(error, OSError) and error.strerror else "not readable as text"
            )
            raise SecretMissingError(
                "password_file",
                f'"{shown(path)}" cannot be read ({reason}): name a file that holds the password',
            ) from None
    return None


def secret_text(base: Path, path: str) -> str:
    """What stands in a secret's file."""
    with (base / path).open("rb") as file:
        content = file.read(MAX_SECRET_BYTES + 1)
    if len(content) > MAX_SECRET_BYTES:
        raise SecretMissingError(
            "password_file",
            f"this file is larger than {MAX_SECRET_BYTES} bytes: name one that holds only the password",
        )
    return content.decode("utf-8").removesuffix("\n").removesuffix("\r")


def one_line(secret: str, key: str) -> str:
    """The secret, if it can be one. Never quoted in the error."""
    if not secret or not secret.isprintable():
        raise SecretMissingError(
            key,
            "what stands there is empty or not one line of text: put the password there, and nothing else",
        )
    return secret


def is_file(base: Path, path: str) -> bool:
    """Whether `path` names a file that exists."""
    try:
        return stat.S_ISREG((base / path).stat().st_mode)
    except (OSError, ValueError):  # not there, not allowed, or no path at all
        return False
