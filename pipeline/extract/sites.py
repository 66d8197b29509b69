"""Names of the site beside a headline, told and taken off; and the outlet's name where no source gives one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.extract.decode import clean_line
from pipeline.extract.jsonld import names as names_of
from pipeline.extract.jsonld import string, types_of
from pipeline.extract.metadata import Metadata

#: between a headline and a name; a hyphen, colon or slash only with spaces about it, as words hold them too
_SEPARATOR = re.compile(
    r"\s+[|\u2022\u00b7\u2013\u2014\u2015\u00bb\u00ab\u2039\u203a:/>~\u3163\u2503-]+\s+"
    r"|\s*[|\u00bb\u2502\uff5c_\u3163\u2503]\s*|(?<=[\u3040-\u9fff\uac00-\ud7af])\s*-\s*"
)
#: what only ever parts a headline from names
_STRONG = re.compile(r"\s*[|\u2502\uff5c_\u3163\u2503]\s*|\s+[\u00bb\u203a\u00ab\u2039]\s+|\s+::\s+")
_BRACKETED = re.compile(r"\s+[\[(]([^\[\]()]{2,60})[\])]$")
_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?")
_NOT_A_WORD = re.compile(r"\W+")
_ORGANISATIONS = frozenset({"website", "newsmediaorganization", "organization", "corporation"})
#: first labels of hosts that say how a page is served, not whose it is
_SERVED_AS = frozenset(
    {"www", "m", "amp", "mobile", "en", "eng", "ru", "fr", "es", "ar", "zh", "de", "az", "be", "by"}
)
_MAX_CUTS, _MAX_NAME, _MAX_GUESSED, _MIN_HEADLINE = 12, 60, 40, 15
#: letters that may follow a site's name in its longer form: "Daily Mail Online", "BBC News"
_LONGER = 8
_LINE_CHARS = 300


def plain(text: str) -> str:
    """Letters and digits only, case folded: for comparing titles and names."""
    return _plain_line(text) if len(text) <= _LINE_CHARS else _NOT_A_WORD.sub("", text).casefold()


@lru_cache(maxsize=1024)  # of one page, the same lines are compared with many others
def _plain_line(text: str) -> str:
    return _NOT_A_WORD.sub("", text).casefold()


def site_names(page: Metadata, outlet: str) -> list[str]:
    """Names under which the site may stand beside a headline, longest first."""
    declared = page.every(
        "og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "publisher"
    )
    found = [
        outlet,
        *declared,
        *_organisations(page),
        *names_of(page.article.get("publisher")),
        *_hosts(page.url),
    ]
    headlines = _headlines(page)
    cleaned = {name for name in (clean_line(one).lstrip("@") for one in found) if len(name) > 1}
    # some templates give the headline as the name of the site
    kept = (name for name in cleaned if name == outlet or not plain(name).startswith(headlines))
    return sorted(kept, key=len, reverse=True)


def _headlines(page: Metadata) -> tuple[str, ...]:
    """What cannot be a name, compared by `plain`: long, and given as the headline."""
    found = [string(page.article.get("headline")), page.first("og:title") or ""]
    found += [text for text in page.main_headings if text == page.page_title]
    return tuple(bare for bare in map(plain, found) if len(bare) > _MIN_HEADLINE)


def strip_site(title: str, sites: list[str], sections: Iterable[str] = ()) -> str:
    """The title without leading or trailing parts that name the site, nor the section that stood between the two."""
    known = [name for name in map(plain, sites) if len(name) > 1]
    named = {plain(name) for name in sections} - {""}
    whole = title
    for _ in range(3):
        shorter = _without_tail(title, known, named if title != whole else set()) or _without_lead(
            title, known
        )
        if not shorter:
            break
        title = shorter
    return title


def strip_guessed(title: str) -> str:
    """The title without a short last part behind a bar or its like: a name, whoever's, when nothing else tells the headline."""
    cuts = list(_STRONG.finditer(title))
    if cuts and cuts[-1].start() >= _MIN_HEADLINE and 1 < len(title) - cuts[-1].end() <= _MAX_GUESSED:
        return title[: cuts[-1].start()].strip()
    return title


def is_site(part: str, sites: list[str]) -> bool:
    """Whether a text is nothing but a name of the site."""
    return _names_site(plain(part), [plain(site) for site in sites])


def read_outlet(page: Metadata, headline: str) -> str:
    """The outlet's name as the page gives it: og:site_name, publisher, application name, the title's tail, else the host.

    A name that the host bears out goes before one that it does not: sections and platforms stand in the same places.
    """
    hosts = [plain(host) for host in _hosts(page.url)]
    tail = page.page_title.removeprefix(headline) if headline else ""
    cut = _SEPARATOR.match(tail)
    declared = (
        *page.every("og:site_name"),
        *names_of(page.article.get("publisher"))[:1],
        *page.every("application-name", "apple-mobile-web-app-title"),
        *_organisations(page),
        tail[cut.end() :] if cut else "",
    )
    called = plain(headline)
    found = [
        name
        for name in (_bare_name(clean_line(one), hosts) for one in declared)
        if name and plain(name) != called
    ]
    borne_out = (name for name in found if any(_shows(name, host) for host in hosts))
    return next(borne_out, None) or next(iter(found), None) or _host(page.url)


def _shows(name: str, host: str) -> bool:
    """Whether a host's label and a name hold one another."""
    bare = plain(name)
    return (len(host) > 3 and host in bare) or (len(bare) > 3 and bare in host)


def _bare_name(name: str, hosts: list[str]) -> str:
    """A name without slogan and address; empty when nothing remains that is one."""
    parts = [part.strip() for part in _SEPARATOR.split(name) if part and part.strip()]
    if any(part.count("«") != part.count("»") for part in parts):
        parts = [name]  # the sign closes a quotation: Журнал «Причал»
    of_host = [part for part in parts if any(plain(part) == host for host in hosts)]
    found = next(iter([*of_host, *parts]), "")
    found = _ADDRESS.sub("", found.lstrip("@")).rstrip("/")
    return found if 1 < len(found) <= _MAX_NAME and any(letter.isalpha() for letter in found) else ""


def _organisations(page: Metadata) -> list[str]:
    return [
        name
        for node in page.nodes
        if types_of(node) & _ORGANISATIONS
        for name in (string(node.get("name")), string(node.get("alternateName")))
        if name
    ]


def _host(url: str) -> str:
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _hosts(url: str) -> Iterator[str]:
    """The host, and those of its labels that may be a name."""
    host = _host(url)
    labels = host.split(".")
    if host:
        yield host
        yield from (label for label in labels[:-1] if label not in _SERVED_AS and len(label) > 2)
        if len(labels) == 2:
            yield labels[0]
        elif len(labels) > 2 and labels[0] in _SERVED_AS:
            yield host.partition(".")[2]


def _without_tail(title: str, known: list[str], sections: set[str]) -> str:
    """The title up to the separator before a name; empty when it ends in none."""
    if (bracketed := _BRACKETED.search(title)) and _names_site(plain(bracketed[1]), known):
        return title[: bracketed.start()].strip()
    for cut in reversed(list(_SEPARATOR.finditer(title))[-_MAX_CUTS:]):
        part = plain(title[cut.end() :])
        if title[: cut.start()].strip() and (part in sections or _names_site(part, known)):
            return title[: cut.start()].strip()
    return ""


def _without_lead(title: str, known: list[str]) -> str:
    for cut in list(_SEPARATOR.finditer(title))[:_MAX_CUTS]:
        if title[cut.end() :].strip() and _names_site(plain(title[: cut.start()]), known):
            return title[cut.end() :].strip()
    return ""


def _names_site(bare: str, known: list[str]) -> bool:
    if len(bare) < 2:
        return False
    return any(
        bare == name
        or (len(bare) > 3 and name.startswith(bare))
        or (len(name) > 3 and bare.startswith(name) and len(bare) - len(name) <= _LONGER)
        for name in known
    )
