"""URLs: which may be asked for, and under which key one is known. Pure; the network is never asked."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import tldextract
from w3lib.url import canonicalize_url

#: longest URL we ask for; longer ones are traps (Scrapy's own limit, from Internet Explorer's)
MAX_URL_LENGTH = 2083

_WEB = frozenset({"http", "https"})
_DEFAULT_PORTS = {80, 443}
#: hosts' prefixes under which outlets serve the same articles again
_SAME_SITE_PREFIXES = ("www.", "m.", "mobile.", "amp.")
#: parameters that say how a reader came or who is reading, never what is read
_TRACKER = re.compile(
    r"(utm_|at_|pk_|mtm_|matomo_|hsa_|stm_|ns_|wt_|aspsessionid).*"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh"
    r"|mc_cid|mc_eid|mkt_tok|_ga|_gl|_hsenc|_hsmi|_openstat|__twitter_impression|vero_id|oly_enc_id|oly_anon_id"
    r"|wickedid|rb_clickid|s_cid|s_kwcid|xtor|spm|ito|cmp|cmpid|ncid|ftag|soc_src|soc_trk|smid|sref|trk"
    r"|guccounter|guce_referrer|guce_referrer_sig|phpsessid|jsessionid",
    re.IGNORECASE,
)
_AMP_VALUES = {"amp": {"", "1", "true", "amp"}, "outputtype": {"amp"}}
#: parameters that say where a reader came from, if their value says so; else they may name the article
_REFERRALS = frozenset({"ref", "referrer", "source", "src", "from", "via", "feature", "partner", "rss"})
_REFERRAL_VALUE = re.compile(
    r"(rss|feed|atom|twitter|tw|x|fb|facebook|telegram|tg|vk|whatsapp|linkedin|newsletter|email|mail|google|yandex"
    r"|news|home|homepage|main|share|social|app|top|yes|1)([_.\-].*)?",
    re.IGNORECASE,
)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_AMP_PATH = re.compile(r"(?<=[^/])(?:/amp/?|\.amp)$|(?<=[^/])\.amp(?=\.html?$)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
#: ports of other services than the web, by number (Fetch standard, "bad port"): a link must not make us talk to them
_OTHER_SERVICES = frozenset(
    {
        *(
            0,
            1,
            7,
            9,
            11,
            13,
            15,
            17,
            19,
            20,
            21,
            22,
            23,
            25,
            37,
            42,
            43,
            53,
            69,
            77,
            79,
            87,
            95,
            101,
            102,
            103,
            104,
        ),
        *(
            109,
            110,
            111,
            113,
            115,
            117,
            119,
            123,
            135,
            137,
            139,
            143,
            161,
            179,
            389,
            427,
            465,
            512,
            513,
            514,
            515,
        ),
        *(
            526,
            530,
            531,
            532,
            540,
            548,
            554,
            556,
            563,
            587,
            601,
            636,
            989,
            990,
            993,
            995,
            1719,
            1720,
            1723,
            2049,
        ),
        *(3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    }
)
#: in which nothing is to be folded but scheme, host and a slash at the end
_PLAIN = re.compile(
    r"https?://([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)((?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?", re.ASCII
)

_registered = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def is_fetchable(url: str) -> bool:
    """Whether it is an http(s) URL that all parsers read alike: no userinfo, controls, odd authority or other service's port."""
    if len(url) > MAX_URL_LENGTH or _CONTROL.search(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    authority_is_plain = not re.search(r"[@\\\s%]", parts.netloc)
    return (
        parts.scheme in _WEB and bool(parts.hostname) and authority_is_plain and port not in _OTHER_SERVICES
    )


@lru_cache(maxsize=16384)
def identity(url: str) -> str:
    """The key under which a URL is known: equal for all ways to link one article, never for two articles.

    Folds scheme, case and spelling of the host, default ports, ``www.``, ``m.`` and AMP variants, trackers,
    sessions, fragments, dot segments and a trailing slash; keeps every other parameter. Idempotent.
    Not meant to be fetched. A URL that is not http(s) is its own key.
    """
    plain = _PLAIN.fullmatch(url)
    if plain is not None and "amp" not in plain[2].lower():  # most of them, at a twentieth of the cost
        return f"https://{_known_host(plain[1])}{plain[2]}"
    return _folded(url)


def _folded(url: str) -> str:
    """See `identity`: whatever the URL looks like."""
    stripped = _CONTROL.sub("", url).strip()
    try:
        parts = urlsplit(stripped)
        port = parts.port
        if parts.scheme not in _WEB or not parts.hostname:
            return stripped
    except ValueError:
        return stripped
    host = _known_host(parts.hostname)
    if not host or re.search(r"\s", host):
        return stripped
    netloc = host if port is None or port in _DEFAULT_PORTS else f"{host}:{port}"
    fragment = (
        parts.fragment if parts.fragment.startswith("!") else ""
    )  # `#!` names a page of a script-driven site
    plain = _canonical(
        SplitResult("https", netloc, _known_path(parts.path), _known_query(parts.query), fragment)
    )
    # percent-signs decoded on the way may bring forth another variant of the same kinds
    again = urlsplit(plain)
    settled = again._replace(path=_known_path(again.path).rstrip("/"), query=_known_query(again.query))
    return urlunsplit(settled)


def host_of(url: str) -> str:
    """The host a URL leads to, in lower case and as A-label; empty when it names none."""
    try:
        return _as_a_label((urlsplit(url).hostname or "").rstrip("."))
    except ValueError:
        return ""


def same_site(one: str, other: str) -> bool:
    """Whether two URLs belong to one registered domain (or to one host, where there is no such domain)."""
    first, second = host_of(one), host_of(other)
    return bool(first) and (first == second or _domain(first) == _domain(second) != "")


@lru_cache(maxsize=16384)
def _known_host(host: str) -> str:
    """Without the prefixes that only say how the page is shown."""
    name = _as_a_label(host.rstrip("."))
    domain = _domain(name)
    while True:
        rest = next((name.removeprefix(p) for p in _SAME_SITE_PREFIXES if name.startswith(p)), None)
        if rest is None or not domain or _domain(rest) != domain:
            return f"[{name}]" if ":" in name else name
        name = rest


def _as_a_label(host: str) -> str:
    folded = unicodedata.normalize("NFKC", host).lower()
    if folded.isascii():
        return folded
    try:
        return folded.encode("idna").decode("ascii")
    except UnicodeError:
        return folded


@lru_cache(maxsize=16384)
def _domain(host: str) -> str:
    return _registered(host).top_domain_under_public_suffix


def _known_path(path: str) -> str:
    without_session = _SESSION.sub("", path)
    plain = urlsplit(urljoin("https://host/", re.sub("^/+", "/", without_session))).path
    previous = None
    while previous != plain:
        previous, plain = plain, _AMP_PATH.sub("", plain.rstrip("/"))
    return plain or "/"


def _known_query(query: str) -> str:
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if _names_article(name, value)
    ]
    return urlencode(sorted(kept))


def _names_article(name: str, value: str) -> bool:
    folded = name.lower()
    if _TRACKER.fullmatch(folded):
        return False
    if folded in _REFERRALS and _REFERRAL_VALUE.fullmatch(value):
        return False
    return value.lower() not in _AMP_VALUES.get(folded, ())


def _canonical(parts: SplitResult) -> str:
    url = urlunsplit(parts)
    try:
        return canonicalize_url(url, keep_fragments=bool(parts.fragment))
    except (ValueError, UnicodeError):  # a host or an escape that it cannot read: the rest is folded already
        return url
