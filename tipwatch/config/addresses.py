"""Addresses of the configuration: URLs, mailboxes, hosts, networks, databases.

Each reader raises ValueError saying what to write.
Values that may hold a password (proxy, database) are never quoted in a message.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from alerts.subscription import Recipient
from tipwatch.config.units import named

MAX_URL_CHARS = 2_000
UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"\u2028\u2029]")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
LOCAL_PART = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}"
)  # RFC 5321 dot-string, ASCII: SMTPUTF8 cannot be relied on
MAILBOX = re.compile(r"(?:(?P<name>[^<>]{0,200})<)?(?P<address>[^<>\s]{3,320})>?")

APPRISE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,31}://[^\x00-\x20\x7f-\xa0\u2028\u2029]+")

DATABASE_SHAPES = '"sqlite:///tipwatch.db" or "postgresql://user:password@host/name"'
POSTGRESQL = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
PROXY_FORM = 'write "http://host:port" (with "user:password@" before the host if it asks for them), or off'


def split(value: object) -> SplitResult | None:
    """The parts of a URL with a usable host (and port); None for anything else."""
    if not isinstance(value, str) or len(value) > MAX_URL_CHARS or UNSAFE.search(value):
        return None
    try:
        parts = urlsplit(value)
        usable = parts.hostname is not None and is_host(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an IPv6 address that cannot be
        return None
    return parts if usable else None


def web_url(value: object) -> str:
    """An absolute http(s) URL without user name or password."""
    parts = split(value)
    if not isinstance(value, str) or parts is None or parts.scheme not in ("http", "https"):
        raise ValueError(
            f"{named(value)} is not a web address: write it whole, beginning with https:// or http://"
        )
    if parts.username is not None or parts.password is not None:
        raise ValueError("a user name or password in a web address would end up in logs: remove it")
    return value


def proxy_url(value: object) -> str:
    """An HTTP proxy's URL, or ``off``: none, whatever the environment says."""
    if value == "off":
        return "off"
    parts = split(value)
    if not isinstance(value, str) or parts is None or parts.scheme not in ("http", "https"):
        raise ValueError(f"this is not a proxy: {PROXY_FORM}")
    return value


def public_url(value: object) -> str:
    """The https address of this installation, without a slash at its end; RFC 8058 (3.1) allows no other scheme."""
    given = web_url(value)
    parts = urlsplit(given)
    if parts.scheme != "https":
        raise ValueError(f"{named(value)} is not https: links in mail must be; write it with https://")
    if parts.query or parts.fragment:
        raise ValueError(f"{named(value)} has a ? or #: write the address that all links begin with")
    return given.rstrip("/")


def folder_url(value: object) -> str:
    """The web address of a folder, without a slash at its end."""
    given = web_url(value)
    if urlsplit(given).query or urlsplit(given).fragment:
        raise ValueError(f"{named(value)} has a ? or #: write the folder's address only")
    return given.rstrip("/")


def webhook_url(value: object) -> str:
    """Where a webhook is sent: https, or http to this machine. Its path may be a secret: never quoted."""
    parts = split(value)
    if not isinstance(value, str) or parts is None or parts.scheme not in ("http", "https"):
        raise ValueError("this is not a web address: write it whole, beginning with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a user name or password in a web address would end up in logs: remove it")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("without TLS only this machine (localhost) is spoken to: write it with https://")
    return value


def apprise_url(value: object) -> str:
    """An address of apprise, e.g. ``tgram://TOKEN/CHAT``; mostly it holds a token: never quoted."""
    if isinstance(value, str) and len(value) <= MAX_URL_CHARS and APPRISE.fullmatch(value):
        return value
    raise ValueError('this is not an address of apprise: write one such as "tgram://TOKEN/CHAT"')


def contact(value: object) -> str:
    """A web or mail address by which a site's owner reaches the operator; it goes into the User-Agent."""
    for read in (web_url, address) if isinstance(value, str) and value.isascii() else ():  # a header is ASCII
        try:
            return read(value)
        except ValueError:
            continue
    raise ValueError(
        f'{named(value)} is no contact: write a web address ("https://...") or a mail address of yours'
    )


def is_host(value: str) -> bool:
    """Whether `value` is a host name (also international) or an IP address."""
    try:
        ip_address(value)
    except ValueError:
        return is_domain(value)
    return True


def is_domain(value: str) -> bool:
    """Whether `value` is a domain name of RFC 1035, labels in ASCII or encodable as IDN."""
    try:
        ascii_name = value if value.isascii() else value.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return 0 < len(ascii_name) <= 253 and all(
        LABEL.fullmatch(label) for label in ascii_name.removesuffix(".").split(".")
    )


def host(value: object) -> str:
    """A host name or IP address, without scheme or port."""
    if isinstance(value, str) and is_host(value):
        return value
    raise ValueError(
        f'{named(value)} is not a host: write a name such as "mail.example.org", without scheme or port'
    )


def domain(value: object) -> str:
    """A domain name with at least one dot."""
    if isinstance(value, str) and is_domain(value) and "." in value.strip("."):
        return value
    raise ValueError(f'{named(value)} is not a domain: write one of yours, e.g. "example.org"')


def is_loopback(name: str) -> bool:
    """Whether a host is this machine by its very name."""
    if name.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def address(value: object) -> str:
    """A bare mail address (RFC 5321), e.g. ``desk@example.org``."""
    mailbox = recipient(value)
    if mailbox.name:
        raise ValueError(f'{named(value)} has a name: write the address only, e.g. "desk@example.org"')
    return mailbox.address


def recipient(value: object) -> Recipient:
    """A mailbox: ``Desk <desk@example.org>`` or ``desk@example.org``."""
    text = value.strip() if isinstance(value, str) and len(value) <= 560 else ""
    found = MAILBOX.fullmatch(text) if text.isprintable() and ("<" in text) == text.endswith(">") else None
    local, _, name = found["address"].rpartition("@") if found else ("", "", "")
    dots_right = not (local.startswith(".") or local.endswith(".") or ".." in local)
    local_known = name.lower() == "localhost" or ("." in name and is_domain(name))
    if found is None or not LOCAL_PART.fullmatch(local) or not dots_right or not local_known:
        raise ValueError(
            f'{named(value)} is not a mailbox: write "Name <name@example.org>" or "name@example.org"'
        )
    return Recipient(address=found["address"], name=(found["name"] or "").strip().strip('"').strip())


def network(value: object) -> str:
    """A CIDR network that may be connected to although it is not public; never everything."""
    try:
        given = ip_network(value) if isinstance(value, str) else None
    except ValueError as error:
        whole = (
            str(ip_network(value, strict=False))
            if isinstance(value, str) and "host bits" in str(error)
            else ""
        )
        near = f' (did you mean "{whole}"?)' if whole else ""
        raise ValueError(f'{named(value)} is not a network{near}: write CIDR, e.g. "10.1.0.0/16"') from None
    if given is None:
        raise ValueError(f'{named(value)} is not a network: write CIDR, e.g. "10.1.0.0/16"')
    if given.prefixlen == 0:
        raise ValueError(
            f"{named(value)} is every address, and switches the address guard off: name the network you mean"
        )
    return str(given)


def database_url(value: object, base: Path) -> str:
    """A database URL; the file of a relative SQLite URL is taken relative to `base`."""
    if not isinstance(value, str) or re.search(r"[\x00-\x1f\x7f]", value) or len(value) > MAX_URL_CHARS:
        raise ValueError(f"this is not a database URL: write {DATABASE_SHAPES}")
    scheme, separator, rest = value.partition("://")
    if scheme == "sqlite" and separator:
        return sqlite_url(rest, base)
    if scheme in POSTGRESQL and separator:
        return postgresql_url(value, rest)
    raise ValueError(f"this is not a database we know: write {DATABASE_SHAPES}")


def sqlite_url(rest: str, base: Path) -> str:
    """``sqlite:///`` and the absolute path of the file."""
    path, mark, query = rest.partition("?")
    if not path.startswith("/") or path == "/" or path.endswith(("/", ":memory:")):
        raise ValueError(
            'an SQLite URL names a file: write three slashes and its path, e.g. "sqlite:///tipwatch.db"'
        )
    return f"sqlite:///{(base / path[1:]).absolute()}{mark}{query}"


def postgresql_url(value: str, rest: str) -> str:
    """The URL, if host, port and database name are usable (no host: the local socket)."""
    try:
        parts = urlsplit(f"postgresql://{rest}")
        usable = (
            (parts.hostname is None or is_host(parts.hostname)) and parts.port != 0 and len(parts.path) > 1
        )
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(
            "this PostgreSQL URL does not read as postgresql://user:password@host:port/name: "
            "check it, and write @ : / in the password as %40 %3A %2F"
        )
    return value


def without_password(url: str) -> str:
    """A database or proxy URL as it may be shown: password and query replaced by ``<redacted>``."""
    head, mark, _ = url.partition("?")
    scheme, separator, rest = head.partition("://")
    account, at, place = rest.rpartition("@")
    user = account.partition(":")[0] + ":<redacted>" if ":" in account else account
    return f"{scheme}{separator}{user}{at}{place}{mark + '<redacted>' if mark else ''}"
