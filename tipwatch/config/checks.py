"""What no single value shows: ids given twice, secrets that are not there, packs that are no files."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from tipwatch.config.credentials import mail_password, secret_problems
from tipwatch.config.document import Document, Plain
from tipwatch.config.listed import list_problems
from tipwatch.config.problems import KeyPath, Problem, shown
from tipwatch.config.ways_out import way_out_problems


def cross_checks(document: Document, env: Mapping[str, str], base: Path) -> list[Problem]:
    """All such problems of the document, whether or not its single values are right."""
    root = document.value if isinstance(document.value, dict) else {}
    return [
        *twice(document, "sources", root.get("sources")),
        *twice(document, "subscriptions", root.get("subscriptions")),
        *list_problems(document, root.get("sources")),
        *packs_missing(document, root.get("packs"), base),
        *login_problems(document, root.get("mail"), env, base),
        *twice(document, "channels", root.get("channels")),
        *way_out_problems(document, root, env, base),
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
    password = mail_password(mail)
    keys = password.keys
    if mail.get("username") is not None and not keys:
        message = (
            "a user name needs a password: name a variable with password_env, or a file with password_file"
        )
        yield document.problem(("mail", "username"), message)
    elif len(keys) == 1 and mail.get("username") is None:
        yield document.problem(("mail", keys[0]), "a password needs a user name: add username", key=True)
    else:
        yield from secret_problems(document, password, ("mail",), env, base)
    cafile = mail.get("cafile")
    if isinstance(cafile, str) and not is_file(base, cafile):
        yield document.problem(
            ("mail", "cafile"),
            f'"{shown(cafile)}" is not a file: write the path of a PEM file, relative to this file',
        )


def is_file(base: Path, path: str) -> bool:
    """Whether `path` names a file that exists."""
    try:
        return stat.S_ISREG((base / path).stat().st_mode)
    except (OSError, ValueError):  # not there, not allowed, or no path at all
        return False
