"""The groups of faults: which hosts there are, how each behaves, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hostile_documents
from hostile_server import (
    ARTICLE,
    CERTIFICATES,
    Behaviour,
    answer,
    brotli_bomb,
    endless,
    feed,
    gzip_bomb,
    hang,
    in_turn,
    index,
    packed,
    raw,
    redirect,
    reset,
    sitemap,
    zstd_bomb,
)


@dataclass
class Group:
    """Routes of the server, and the crawls to be made."""

    routes: dict[str, Behaviour] = field(default_factory=dict)
    crawls: dict[str, dict[str, Any]] = field(default_factory=dict)


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


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_CHUNK = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
_PAGE = ARTICLE.encode()


def _coded(body: bytes, *codings: str) -> Behaviour:
    return answer(body, headers={"Content-Encoding": ", ".join(codings)})


def _pages_of_a2() -> dict[str, Behaviour]:
    """One page for each way to answer badly, by host."""
    return {
        "good": answer(),
        "f20-gzip": _coded(gzip_bomb(512), "gzip"),
        "f20-br": _coded(brotli_bomb(512), "br"),
        "f20-zstd": _coded(zstd_bomb(512), "zstd"),
        "f21-gzip": _coded(gzip_bomb(2048), "gzip"),
        "f21-br": _coded(brotli_bomb(1100), "br"),
        "f22-three": _coded(packed(gzip_bomb(900), 2), "gzip", "gzip", "gzip"),
        "f22-two": _coded(packed(_PAGE, 2), "gzip", "gzip"),
        "f22-many": _coded(packed(_PAGE, 100), *(["gzip"] * 100)),
        "f22-not-packed": _coded(_PAGE, "gzip"),
        "f22-not-br": _coded(_PAGE, "br"),
        "f22-not-zstd": _coded(_PAGE, "zstd"),
        "f22-not-deflate": _coded(b"\x78\x9c" + _PAGE, "deflate"),
        "f22-odd": _coded(_PAGE, "x-odd"),
        "f23-length": raw(_HEAD + b"Content-Length: 5000000000\r\n\r\n", _PAGE, hold_s=60),
        "f24-chunks": endless(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", _CHUNK),
        "f24-no-length": endless(_HEAD + b"\r\n", b" " * 50_000),
        "f25-drip": endless(_HEAD + b"Content-Length: 90000\r\n\r\n", b" ", pause_s=0.3),
        "f25-head": endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", pause_s=0.5),
        "f25-silence": hang,
        "f25-half": raw(_HEAD + b"Content-Length: 90000\r\n\r\n", _PAGE, hold_s=60),
        "f26-many": endless(b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 4000 + b"\r\n"),
        "f26-one": endless(b"HTTP/1.1 200 OK\r\nX-Filler: ", b"x" * 16_000),
        "f26-status": endless(b"HTTP/1.1 200 ", b"x" * 16_000),
        "f27-continue": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50, pause_s=0.05),
        "f27-chunk": raw(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", _PAGE, hold_s=60),
        "f27-letters": raw(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nnot a number\r\n", _PAGE, hold_s=60),
        "f30-close": raw(b""),
        "f30-reset": reset,
        "f30-http-0-9": raw(_PAGE),
        "f30-status": raw(b"HTTP/1.1 twohundred OK\r\n\r\n", _PAGE),
        "f30-two-lengths": raw(_HEAD + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\n", _PAGE),
        "f30-negative": raw(_HEAD + b"Content-Length: -5\r\n\r\n", _PAGE),
        "f30-short": raw(_HEAD + b"Content-Length: 90000\r\n\r\n", _PAGE),
        "f30-noise": raw(bytes(range(256)) * 20),
        "f30-coding": raw(_HEAD + b"Transfer-Encoding: nonsense\r\n\r\n", _PAGE),
        "f30-upgrade": raw(b"HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", hold_s=60),
        "f30-trailers": endless(
            _HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", b"X-T: " + b"y" * 4000 + b"\r\n"
        ),
        "f30-unasked-304": answer("", 304),
        "f30-tls": raw(b"\x15\x03\x01\x00\x02\x02\x28"),
        "f39-picture": answer(b"\x89PNG\r\n\x1a\n" + bytes(500)),
        "f39-paper": answer(b"%PDF-1.7 ...", headers={"Content-Type": "text/html"}),
        "f39-mislabelled": answer(headers={"Content-Type": "image/png"}),
        "f39-film": answer(b"\x00\x00\x00\x18ftypmp42" * 9, headers={"Content-Type": "video/mp4"}),
    }  # fmt: skip


def a2(folder: Path, port: int) -> Group:
    """How much is read, and how long."""
    del folder, port
    group = Group()
    pages = _pages_of_a2()
    group.routes |= {f"{name}.test/page": behaviour for name, behaviour in pages.items()}
    visits = [
        {"id": "bodies", "pages": [f"http://{name}.test/page" for name in pages]},
        {"id": "feeds", "feeds": [f"http://{name}.test/page" for name in _AS_FEEDS]},
        *_hops_and_rests(group.routes),
        *_traps(group.routes),
        *_rules(group.routes),
        *_names(group.routes),
    ]
    names = {
        **{f"f40-slow-{n}.test": 20.0 for n in range(10)},
        "f40-dead.test": "dead",
    }
    settings = {"page_timeout_s": 12, "parse_timeout_s": 5}
    order = {"visits": visits, "settings": settings, "names": names}
    group.crawls["straight"] = order
    group.crawls["farm"] = _farm(group.routes)
    return group


#: hosts of the pages above that are asked for as if they were feeds, too
_AS_FEEDS = ("f20-gzip", "f24-chunks", "f26-many", "f30-short", "f30-reset", "f39-picture")


#: where no redirect may lead
_LOCATIONS = {
    "relative": "//127.0.0.1/x",
    "backslash": "http:\\\\127.0.0.1\\",
    "spaces": " http://127.0.0.1/ ",
    "tab": "http://127.0.0.1\t/",
    "user": "http://good.test@127.0.0.1/",
    "bracket": "http://[",
    "port-0": "http://good.test:0/",
    "long": "/" + "a" * 5000,
    "letters": "http://ⓛocalhost/",
    "percent": "http://%31%32%37.0.0.1/",
    "slash": "http://good.test／@127.0.0.1/",
    "itself": "/page#x",
}


def _hops_and_rests(routes: dict[str, Behaviour]) -> list[dict[str, Any]]:
    routes["f28-loop.test/page"] = redirect("/page?again")
    routes["f28-loop.test/page?again"] = redirect("/page")
    for number in range(8):
        routes[f"f28-chain.test/{number}"] = redirect(f"/{number - 1}") if number else answer()
    wishes = {
        "day": (429, "3600"),
        "date": (503, "Fri, 01 Jan 2099 00:00:00 GMT"),
        "absurd": (503, "99999999999"),
        "unsaid": (429, None),
        "nonsense": (503, "in a while"),
    }
    for name, (status, wish) in wishes.items():
        routes[f"f29-{name}.test/*"] = answer("", status, {"Retry-After": wish} if wish else {})
    routes["f29-short.test/*"] = in_turn(answer("", 429, {"Retry-After": "3"}), answer())
    pages = [f"http://f29-{name}.test/{n}" for name in (*wishes, "short") for n in range(3)]
    routes["f37.test/*"] = answer(headers={"Set-Cookie": "a=" + "b" * 3000 + "; Domain=test"})
    for name, target in _LOCATIONS.items():
        routes[f"f28-{name}.test/page"] = redirect(target)
    return [
        {"id": "f28-odd", "pages": [f"http://f28-{name}.test/page" for name in _LOCATIONS]},
        {"id": "f28", "pages": ["http://f28-loop.test/page", "http://f28-chain.test/5", "http://f28-chain.test/7"]},
        {"id": "f29", "pages": pages},
        {"id": "f37", "pages": [f"http://f37.test/{n}" for n in range(5)]},
    ]  # fmt: skip


def _traps(routes: dict[str, Behaviour]) -> list[dict[str, Any]]:
    """Lists that never end."""

    def calendar(host: str, form: str) -> None:
        for number in range(60):
            link = f"/news/2026/11/23/a-long-headline-of-number-{number}"
            more = form.format(number + 1, "/again" * number)
            body = f"<a href='{link}'>A long headline of this number {number}</a><a rel=next href='{more}'>next</a>"
            routes[host + form.format(number, "/again" * (number - 1))] = answer(body)
        routes[f"{host}/*"] = answer()

    calendar("f31-calendar.test", "/calendar?n={0}")
    calendar("f31-growing.test", "/calendar{1}")
    many = b"".join(b"<a href='/news/2026/11/23/long-headline-%d'>x</a> " % n for n in range(250_000))
    routes["f32-section.test/links"] = answer(many)
    routes["f32-more.test/links"] = answer(many * 2)
    return [
        {"id": "f31", "listings": [{"url": "http://f31-calendar.test/calendar?n=0", "pages": 999}]},
        {"id": "f31-since", "listings": [{"url": "http://f31-growing.test/calendar"}], "since_days": 3000},
    ]


def _rules(routes: dict[str, Behaviour]) -> list[dict[str, Any]]:
    text = {"Content-Type": "text/plain"}
    rows = "".join(f"Disallow: /private/{n}/some/folder\n" for n in range(300_000))
    slow = "".join(f"Disallow: /{'*a' * 60}{n}$\n" for n in range(20))
    rules = {
        "f33-huge": answer(f"User-agent: *\nDisallow: /page-not\n{rows}", headers=text),
        "f33-endless": endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", b"Disallow: /b\n" * 5000),
        "f33-bomb": _coded(gzip_bomb(512), "gzip"),
        "f34-404": answer("User-agent: *\nDisallow: /", 404),
        "f34-403": answer("User-agent: *\nDisallow: /", 403),
        "f34-500": answer("User-agent: *\nAllow: /", 500),
        "f34-503": answer("User-agent: *\nAllow: /", 503),
        "f34-hang": hang,
        "f34-closed": raw(b""),
        "f34-loop": redirect("/robots.txt"),
        "f35-delay": answer("User-agent: *\nCrawl-delay: 86400", headers=text),
        "f35-short-delay": answer("User-agent: *\nCrawl-delay: 1", headers=text),
        "f35-html": answer(),
        "f35-noise": answer(bytes(range(256)) * 50, headers=text),
        "f35-mark": answer(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /page", headers=text),
        "f36-slow": answer(f"User-agent: *\n{slow}", headers=text),
    }  # fmt: skip
    for name, behaviour in rules.items():
        routes[f"{name}.test/robots.txt"] = behaviour
        routes[f"{name}.test/*"] = answer()
    pages = [f"http://{name}.test/page" for name in rules]
    long = [f"http://f36-slow.test/{'a' * 1500}b", "http://f35-short-delay.test/second"]
    return [{"id": "rules", "pages": [*pages, *long]}]


def _names(routes: dict[str, Behaviour]) -> list[dict[str, Any]]:
    for number in range(10):
        routes[f"f40-{number}.test/*"] = answer()
    slow = [f"http://f40-slow-{number}.test/{page}" for number in range(10) for page in range(2)]
    dead = [f"http://f40-dead.test/{page}" for page in range(5)]
    return [
        {"id": "f40-slow", "pages": [*slow, *dead]},
        {"id": "f40", "pages": [f"http://f40-{number}.test/page" for number in range(10)]},
    ]


#: how one in ten hosts of the farm fails
FAILING: dict[str, Behaviour] = {
    "404": answer("", 404),
    "500": answer("", 500),
    "close": raw(b""),
    "reset": reset,
    "short": raw(_HEAD + b"Content-Length: 900\r\n\r\n<rss>"),
    "page": answer(),
    "empty": answer(""),
    "hang": hang,
}


def _farm(routes: dict[str, Behaviour], count: int = 240) -> dict[str, Any]:
    """Many feeds of which some fail in every way there is."""
    feeds = []
    for number in range(count):
        host = f"f41-{number}.test"
        ways = list(FAILING.values())
        links = (f"http://{host}/{n}" for n in range(3))
        routes[f"{host}/feed"] = ways[number // 10 % len(ways)] if number % 10 == 0 else feed(*links)
        routes[f"{host}/*"] = answer()
        feeds.append({"id": host, "feeds": [f"http://{host}/feed"]})
    links = [{"url": f"http://f32-{name}.test/links"} for name in ("section", "more")]
    visits = [*feeds, {"id": "f32", "listings": links}]
    return {"visits": visits, "settings": {"page_timeout_s": 5}}


def a3(folder: Path, port: int) -> Group:
    """What parsers are given: through the real intake, into a database."""
    canary = folder / "canary.txt"
    canary.write_text("canary-in-a-file")
    group, routes = Group(), {}
    articles = hostile_documents.pages()
    for name, body in articles.items():
        routes[f"page-{name}.test/page"] = answer(body)
    for name, body in hostile_documents.feeds("http://entries.test", str(canary), port).items():
        routes[f"feeds.test/{name}"] = answer(body, headers={"Content-Type": "application/rss+xml"})
    for name, body in hostile_documents.sitemaps("http://mapped.test", str(canary)).items():
        routes[f"mapped.test/maps/{name}"] = answer(body, headers={"Content-Type": "application/xml"})
    routes["mapped.test/maps/bomb.xml.gz"] = answer(
        gzip_bomb(512), headers={"Content-Type": "application/gzip"}
    )
    for name, body in hostile_documents.sections().items():
        routes[f"listed-{name}.test/section"] = answer(body)
        routes[f"listed-{name}.test/*"] = answer()
    for host in ("entries", "mapped"):
        routes[f"{host}.test/*"] = answer("", 404)
    for name in (
        "p09-laughs",
        "p10-surrogate",
        "p14-a",
        "p14-b",
        "p17-future",
        "p17-now",
        "p18-links",
        "cut",
    ):
        routes[f"entries.test/{name}"] = answer(hostile_documents.page(title=f"The committee adopts {name}"))
    group.routes = routes
    paths = [where.partition("/")[2] for where in routes if where.startswith("feeds.test/")]
    maps = [where for where in routes if where.startswith("mapped.test/maps/")]
    order = {
        "settings": {"page_timeout_s": 30, "parse_timeout_s": 3, "concurrency": 4},
        "store": f"sqlite:///{folder / 'kept.db'}",
        "page_limit_s": 4.0,
    }
    pages = {"id": "pages", "pages": [f"http://page-{name}.test/page" for name in articles]}
    sections = [{"url": f"http://listed-{name}.test/section"} for name in hostile_documents.sections()]
    group.crawls["pages"] = {**order, "visits": [pages]}
    lists = [
        {"id": "feeds", "feeds": [f"http://feeds.test/{path}" for path in paths], "per_host": 8},
        {"id": "maps", "sitemaps": [f"http://{where}" for where in maps], "per_host": 8},
        {"id": "sections", "listings": sections},
    ]
    group.crawls["lists"] = {**order, "store": f"sqlite:///{folder / 'lists.db'}", "visits": lists}
    return group
