"""The first group of faults: where links, hops, rules and lists of others may lead."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hostile_server import CERTIFICATES, Behaviour, Group, answer, feed, index, redirect, sitemap

#: this machine and its networks, as somebody may write them
SPELLINGS = [
    "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0", "127.0.1", "0x7f.1", "１２７.0.0.1",
    "①②⑦.0.0.1", "127.0.0.1.", "017700000001", "0x7F.0x0.0x0.0x1", "127。0。0。1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "localhost", "LOCALHOST.", "ⓛocalhost",
    "x.localhost", "localhost.localdomain", "169.254.169.254", "0xa9fea9fe", "0251.0376.0251.0376", "10.0.0.1", "10.1",
    "172.16.0.1", "192.168.1.1", "192.168.257", "100.64.0.1", "198.18.0.1", "192.0.2.1", "192.0.0.192", "168.63.129.16",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "[fe80::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]",
    "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001::1]", "[3fff::1]", "[100::1]",
    "metadata.google.internal", "inward-4.test", "inward-6.test", "inward-mapped.test", "inward-10.test", "alternating.test",
]  # fmt: skip
#: what parsers of URLs read differently
RIDDLES = [
    "http://a@127.0.0.1/", "http://a:b@127.0.0.1:80/", "http://a\\@127.0.0.1/", "http://127.0.0.1\\@a.test/",
    "http://127.0.0.1%2f@a.test/", "http://127.0.0.1:80%23@a.test/", "http://a.test:80@127.0.0.1/", "http://127.0.0.1%00.test/",
    "http:///127.0.0.1/", "http:127.0.0.1/", "//127.0.0.1/", "http://[::1/", "http://127.0.0.1:99999/", "http://:80/",
]  # fmt: skip
NAMES = {
    "inward-4.test": "127.0.0.1",
    "inward-6.test": "::1",
    "inward-mapped.test": "::ffff:127.0.0.1",
    "inward-10.test": "10.0.0.7",
    "alternating.test": ["127.0.0.1", "93.184.216.34", "10.0.0.1"],
    "f05-rebinding.test": ["93.184.216.34", "127.0.0.1", "10.0.0.1"],
}
#: links that are no web pages
OTHER_SCHEMES = [
    "file://{CANARY}", "data:text/html,canary-in-a-link", "ftp://a.test/", "javascript:alert(1)", "gopher://a.test/", "s3://a/b",
    "FILE://{CANARY}", "view-source:http://a.test/", "jar:http://a.test!/x",
]  # fmt: skip


def _forbidden(way: str) -> list[str]:
    """Each spelling with a path that says which way led there."""
    return [f"http://{host}/{way}-{number}" for number, host in enumerate(SPELLINGS)]


def a1(folder: Path, port: int) -> Group:
    """Where we may connect to."""
    canary = folder / "canary.txt"
    canary.write_text("canary-in-a-file")
    group = Group()
    schemes = [link.replace("{CANARY}", str(canary)) for link in OTHER_SCHEMES]
    routes = group.routes
    routes["f01.test/feed"] = feed(*schemes, "http://f01.test/good")
    routes["f01.test/sitemap.xml"] = sitemap(*schemes, "http://f01.test/mapped")
    anchors = "".join(f"<a href='{link}'>A headline of seven words about this</a>" for link in schemes)
    routes["f01.test/section"] = answer(
        anchors + "<a href='/news/a-listed-good-article-2026'>A listed one</a>"
    )
    routes["f01.test/*"] = answer()
    for number, link in enumerate(schemes):
        routes[f"f02.test/{number}"] = redirect(link)
        routes[f"f02.test/refresh-{number}"] = answer(f"<meta http-equiv=refresh content='0;url={link}'>" * 2)
    routes["f08.test/feed"] = feed(*RIDDLES)
    visits = [
        {
            "id": "f01",
            "feeds": ["http://f01.test/feed"],
            "sitemaps": ["http://f01.test/sitemap.xml"],
            "listings": [{"url": "http://f01.test/section", "links": "**"}],
        },
        {
            "id": "f02",
            "pages": _numbered("f02.test", "", schemes) + _numbered("f02.test", "refresh-", schemes),
        },
        {"id": "f08", "feeds": ["http://f08.test/feed"]},
        *_ways_in(routes),
        *_certificates(routes),
    ]
    settings = {"page_timeout_s": 10}
    trusting = {"SSL_CERT_FILE": str(folder / "ca.pem")}
    order = {"visits": visits, "names": NAMES, "settings": settings, "environment": trusting}
    group.crawls["straight"] = {**order, "watches_listening": True}
    group.crawls["proxy"] = _through_proxy(routes, port)
    routes["f05-rebinding.test/*"] = answer()
    group.crawls["rebinding"] = {
        "visits": [{"id": "f05", "pages": [f"http://f05-rebinding.test/{n}" for n in range(3)]}],
        "names": NAMES,
        "forgets_names": True,
    }
    group.crawls["unguarded"] = {
        "visits": [{"id": "f06", "pages": ["http://f06.test/a"]}],
        "without_guard": True,
        "opens_loopback": True,
    }
    routes["f04-intranet.test/*"] = answer()
    group.crawls["listed"] = {
        "visits": [{"id": "f04", "pages": [f"http://127.0.0.1:{port}/in", "http://10.0.0.1/out"]}],
        "settings": {"allow_networks": ["127.0.0.0/8"]},
        "opens_loopback": True,
    }
    routes["127.0.0.1/in"] = answer()
    return group


def _numbered(host: str, way: str, links: Iterable[str]) -> list[str]:
    return [f"http://{host}/{way}{number}" for number, _ in enumerate(links)]


def _ways_in(routes: dict[str, Behaviour]) -> list[dict[str, Any]]:
    """Visits by which every spelling is asked for, each in all ways there are."""
    routes["f03.test/feed"] = feed(*_forbidden("item"))
    for number, target in enumerate(_forbidden("redirect")):
        routes[f"f03.test/redirect-{number}"] = redirect(target, (301, 302, 303, 307, 308)[number % 5])
        routes[f"f03.test/twice-{number}"] = redirect(f"/redirect-{number}")
    for number, target in enumerate(_forbidden("refresh")):
        routes[f"f03.test/refresh-{number}"] = answer(f"<meta http-equiv=refresh content='0;url={target}'>")
    for number, target in enumerate(_forbidden("robots")):
        routes[f"f03-{number}.test/robots.txt"] = redirect(target)
        routes[f"f03-{number}.test/page"] = answer()
    routes["f03-map.test/urls.xml"] = sitemap(*_forbidden("mapped"))
    children = _forbidden("child")
    for part in range(0, len(children), 25):
        routes[f"f03-map.test/index-{part}.xml"] = index(*children[part : part + 25])
    listed = "".join(
        f"<a href='{url}'>A headline of seven words about it</a>" for url in _forbidden("listed")
    )
    routes["f03-list.test/section"] = answer(listed)
    for number, target in enumerate(_forbidden("more")):
        links = "<a href='/news/2026/11/23/a-first-long-headline'>A first headline of many words</a>"
        routes[f"f03-list.test/more-{number}"] = answer(f"{links}<a rel=next href='{target}'>older</a>")
    both = {"links": "**", "pages": 3}
    return [
        {"id": "f03-item", "feeds": ["http://f03.test/feed"]},
        {"id": "f03-hop", "pages": _numbered("f03.test", "redirect-", SPELLINGS) + _numbered("f03.test", "twice-", SPELLINGS)},
        {"id": "f03-refresh", "pages": _numbered("f03.test", "refresh-", SPELLINGS)},
        {"id": "f03-robots", "pages": [f"http://f03-{n}.test/page" for n, _ in enumerate(SPELLINGS)]},
        {
            "id": "f03-map",
            "sitemaps": [
                "http://f03-map.test/urls.xml",
                *(f"http://f03-map.test/index-{part}.xml" for part in range(0, len(children), 25)),
                *_forbidden("sitemap"),
            ],
        },
        {
            "id": "f03-list",
            "listings": [
                {"url": "http://f03-list.test/section", **both},
                *({"url": url, **both} for url in _numbered("f03-list.test", "more-", SPELLINGS)),
                *({"url": url, **both} for url in _forbidden("listing")),
            ],
        },
        {"id": "f03-feed", "feeds": _forbidden("feed")},
        {"id": "f03-one-off", "pages": _forbidden("one-off")},
    ]  # fmt: skip


def _certificates(routes: dict[str, Behaviour]) -> list[dict[str, Any]]:
    for name in CERTIFICATES:
        routes[f"f10-{name}.test/*"] = answer()
        routes[f"f10-trusted-{name}.test/*"] = answer()
    trusted = [f"https://f10-trusted-{name}.test/page" for name in CERTIFICATES]
    return [
        {
            "id": "f10",
            "pages": [f"https://f10-{name}.test/page" for name in CERTIFICATES],
            "obey_robots": False,
        },
        {"id": "f10-trusted", "pages": trusted, "verify_tls": False},
    ]


def _through_proxy(routes: dict[str, Behaviour], port: int) -> dict[str, Any]:
    """Our server as the proxy: what it is asked for is what got past us."""
    routes["f07.test/*"] = answer()
    routes["f07.test/inward"] = redirect("http://127.0.0.1/through-the-proxy")
    routes["f07.test/feed"] = feed("http://f07.test/good", *_forbidden("proxied"))
    return {
        "visits": [{"id": "f07", "feeds": ["http://f07.test/feed"], "pages": ["http://f07.test/inward"]}],
        "settings": {"proxy": f"http://127.0.0.1:{port}"},
        "names": NAMES,
        "environment": {"http_proxy": "http://127.0.0.1:9/", "HTTPS_PROXY": "http://127.0.0.1:9/"},
        "opens_loopback": True,
    }
