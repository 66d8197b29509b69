"""Which addresses a mail may link to, and how they are shown so that nobody is misled."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

import idna
import tldextract

_LONGEST_URL = 2000
#: what may stand in a URL besides letters and digits (RFC 3986); `%` as well: what is escaped stays so
_URL_MARKS = "%/:=&?~#+!$,;'@()*[]-._"


def safe_link(url: str) -> str | None:
    """The address in ASCII, when a mail may link to it: absolute, http or https, with a host; None otherwise."""
    if len(url) > _LONGEST_URL or any(unicodedata.category(c) in {"Cc", "Zs", "Zl", "Zp", "Cs"} for c in url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if parts.scheme.lower() not in {"http", "https"} or not host:
            return None
        if parts.username is not None:  # https://un.org@elsewhere.example/ is not the United Nations
            return None
        netloc = _ascii_host(host) + (f":{port}" if port is not None else "")
    except ValueError:  # IDNAError is one as well
        return None
    path, query, fragment = (
        quote(part, safe=_URL_MARKS) for part in (parts.path, parts.query, parts.fragment)
    )
    return urlunsplit((parts.scheme.lower(), netloc, path, query, fragment))


def shown_domain(url: str) -> str:
    """The registrable domain in ASCII, so that look-alike letters show; the host when it has none."""
    host = urlsplit(url).hostname or ""
    return _suffixes()(host).top_domain_under_public_suffix or host


def _ascii_host(host: str) -> str:
    if host.isascii():
        return f"[{host}]" if ":" in host else host
    return idna.encode(host, uts46=True).decode("ascii")


@lru_cache(maxsize=1)
def _suffixes() -> tldextract.TLDExtract:
    # the list in the package: no look at the network, nothing written to disk
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
