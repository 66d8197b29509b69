"""What no single value shows of subscriptions and their ways out: channels, outlets, addresses, signed links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from alerts.subscription import MAIL
from tipwatch.config import addresses
from tipwatch.config.credentials import (
    SecretMissingError,
    channel_url,
    link_secret,
    secret_problems,
    signing_secret,
)
from tipwatch.config.document import Document, Plain
from tipwatch.config.names import did_you_mean
from tipwatch.config.problems import KeyPath, Problem, shown

#: the subscription id under which the operator's mail is filed
OPERATOR = "operator"
#: words with a meaning of their own in rows of the outbox
RESERVED = frozenset({MAIL, "folder", "smtp", OPERATOR})
#: a secret that signs must not be guessed: 16 random characters are about 96 bits
LEAST_SECRET_CHARS = 16

Section = Mapping[str, Plain]


def way_out_problems(
    document: Document, root: Section, env: Mapping[str, str], base: Path
) -> Iterator[Problem]:
    """All such problems of subscriptions, channels and links."""
    channels = dict(sections(root, "channels"))
    names = [MAIL, *(one["id"] for one in channels.values() if isinstance(one.get("id"), str))]
    outlets = [one.get("id") for _, one in sections(root, "sources")]
    for path, one in sections(root, "subscriptions"):
        yield from subscription_problems(document, path, one)
        yield from unknown(document, path, one, ("channels", names))
        yield from unknown(document, path, one, ("outlets", outlets))
    for path, one in channels.items():
        yield from channel_problems(document, path, one, env, base)
    yield from link_problems(document, root, env, base)


def sections(root: Section, name: str) -> Iterator[tuple[KeyPath, Section]]:
    """The mappings in the list `name`, each with its path."""
    entries = root.get(name)
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield (name, index), entry


def subscription_problems(document: Document, path: KeyPath, one: Section) -> Iterator[Problem]:
    """An id that is ours, and mail that goes to nobody."""
    if one.get("id") == OPERATOR:
        message = f'"{OPERATOR}" is the name of the mail about the machine itself: choose another'
        yield document.problem((*path, "id"), message)
    channels = one.get("channels", [MAIL])
    if "to" not in one and isinstance(channels, list) and MAIL in channels:
        yield document.problem((*path, "to"), "is missing: add `to: ...` here")


def unknown(
    document: Document, path: KeyPath, one: Section, known: tuple[str, list[Plain]]
) -> Iterator[Problem]:
    """Words of a list of a subscription that name nothing."""
    key, names = known
    given = one.get(key)
    words = [name for name in names if isinstance(name, str)]
    what = "channel" if key == "channels" else "source"
    for index, word in enumerate(given if isinstance(given, list) else []):
        if isinstance(word, str) and word not in words:
            there = f"; there are: {', '.join(words[:8])}" if key == "channels" else ""
            yield document.problem(
                (*path, key, index),
                f'no {what} has the id "{shown(word)}"{did_you_mean(word, words)}{there}',
            )


def channel_problems(
    document: Document, path: KeyPath, one: Section, env: Mapping[str, str], base: Path
) -> Iterator[Problem]:
    """A name that is taken, an address or secret that is not there, not right, or has no use."""
    name = one.get("id")
    if isinstance(name, str) and name in RESERVED:
        message = f'"{name}" is a name with a meaning of its own here: choose another'
        yield document.problem((*path, "id"), message)
    yield from secret_problems(document, signing_secret(one), path, env, base)
    if one.get("kind") == "apprise" and signing_secret(one).keys:
        message = "only a webhook is signed: remove this; tokens of apprise are part of its address"
        yield document.problem((*path, signing_secret(one).keys[0]), message, key=True)
    address = channel_url(one)
    ways = [*(["url"] if one.get("url") is not None else []), *address.keys]
    if not ways:
        message = "needs an address: name a variable with url_env, or a file with url_file"
        yield document.problem(path, message)
    elif len(ways) > 1:
        message = f"the address is already given by {ways[0]}: keep one of the two"
        yield document.problem((*path, ways[1]), message, key=True)
    else:
        yield from secret_problems(document, address, path, env, base)
        yield from address_problems(document, (*path, ways[0]), one, env, base)


def address_problems(
    document: Document, path: KeyPath, one: Section, env: Mapping[str, str], base: Path
) -> Iterator[Problem]:
    """An address of the wrong form; it may be a secret and is not quoted."""
    try:
        address = address_of(one, env, base)
        if address is not None and one.get("kind") == "webhook":
            addresses.webhook_url(address)
        elif address is not None and one.get("kind") == "apprise":
            addresses.apprise_url(address)
    except SecretMissingError:  # told already
        return
    except ValueError as error:
        yield document.problem(path, str(error))


def address_of(one: Section, env: Mapping[str, str], base: Path) -> str | None:
    """A channel's address, wherever it is given; None when nowhere. Raises SecretMissingError."""
    written = one.get("url")
    return written if isinstance(written, str) else channel_url(one).read(env, base)


def link_problems(document: Document, root: Section, env: Mapping[str, str], base: Path) -> Iterator[Problem]:
    """Links that nothing signs, and a secret that signs nothing."""
    secret = link_secret(root)
    if root.get("public_url") is not None and not secret.keys:
        message = (
            "links in mail are signed: name a variable with link_secret_env, or a file with link_secret_file"
        )
        yield document.problem(("public_url",), message)
    elif root.get("public_url") is None and len(secret.keys) == 1:
        message = "signs nothing without public_url: add that, or remove this"
        yield document.problem((secret.keys[0],), message, key=True)
    else:
        yield from secret_problems(document, secret, (), env, base)
        yield from short_secret(document, root, env, base)


def short_secret(document: Document, root: Section, env: Mapping[str, str], base: Path) -> Iterator[Problem]:
    """A secret that could be guessed."""
    try:
        secret = link_secret(root).read(env, base)
    except SecretMissingError:  # told already
        return
    if secret is not None and len(secret) < LEAST_SECRET_CHARS:
        message = f"this secret could be guessed: take at least {LEAST_SECRET_CHARS} random characters"
        yield document.problem((link_secret(root).keys[0],), message)
