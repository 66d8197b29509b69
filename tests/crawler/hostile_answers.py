"""The second group of faults: answers that are too large, too slow, broken, or never end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hostile_server import (
    ARTICLE,
    Behaviour,
    Group,
    answer,
    brotli_bomb,
    endless,
    feed,
    gzip_bomb,
    hang,
    in_turn,
    packed,
    raw,
    redirect,
    reset,
    zstd_bomb,
)

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
