"""Documents that are meant to hang, fill or fool a parser, each as small as it can be and still be that."""

from __future__ import annotations

import json

#: what articles are made of: no two sentences alike
PLACES = (
    "the hall",
    "the capital",
    "the port",
    "the district",
    "the school",
    "the court",
    "the market",
    "the ministry",
)
DEEDS = (
    "adopted the text",
    "heard the witnesses",
    "opened the session",
    "put off the vote",
    "thanked the envoys",
)


def prose(seed: str, count: int) -> str:
    """So many paragraphs, other ones for each seed."""
    number = sum(map(ord, seed))
    return "".join(
        f"<p>On day {n + number} the members of committee {number} {DEEDS[n % 5]} in {PLACES[(n + number) % 8]}, said "
        f"delegate number {n * 7 + number} of {seed}, after talks of {n + 2} hours.</p>"
        for n in range(count)
    )


def page(head: str = "", body: str = "", title: str = "The committee adopts a text") -> str:
    """An article with something odd in its head, or in the middle of it."""
    seed = f"{title} {len(head)} {len(body)}"
    whole = f"<h1>{title}</h1>{prose(seed, 4)}{body}{prose(seed + ' again', 4)}"
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body>{whole}</body></html>"
    )


def pages() -> dict[str, bytes]:
    """By the fault each stands for."""
    attributes = " ".join(f"a{n}=1" for n in range(200_000))
    quoted = " ".join(f"a{n}='{n}'" for n in range(1_900))
    links = "".join(f"<a href='/x/{n}'>link {n}</a> " for n in range(100_000))
    script = '<script type="application/ld+json">{}</script>'
    long_body = json.dumps(
        {"@type": "NewsArticle", "headline": "The committee adopts a text", "articleBody": "word " * 900_000}
    )
    dirt = "a\x00b\x0bc\ufffed\u202ee\u2066f&#xD800;g&#0;h&#xFFFF;i"
    found: dict[str, str | bytes] = {
        "good": page(),
        "p01-nested": page(body="<div>" * 100_000),
        "p01-formatting": page(body="<b><i><u>" * 20_000),
        "p01-tables": page(body="<table><tr><td>" * 5_000),
        "p02-deep": f"<html><body>{'<div>' * 300}{page()}",
        "p03-attributes": page(body=f"<div {attributes}>x</div>"),
        "p03-many-tags": page(body=f"<div {quoted}>x</div>" * 30),
        "p04-links": page(body=links),
        "p04-million": page(body=links * 10),
        "p05-five": "<html><body><h1>Long</h1>" + prose("five", 32_000),
        "p05-nine": "<html><body><h1>Long</h1>" + prose("nine", 60_000),
        "p05-two": "<html><body><h1>A very long text</h1>" + prose("two", 12_000),
        "p05-one-line": page(body="<p>" + "word " * 390_000),
        "p06-comments": page(body="<!---->" * 600_000),
        "p06-few-comments": page(body="<!-- c -->" * 100_000),
        "p07-nested": page(head=script.format("[" * 100_000)),
        "p07-long": page(head=script.format(long_body)),
        "p07-many": page(head=script.format('{"@type":"NewsArticle"}') * 20_000),
        "p08-dirt": page(title=f"The committee {dirt} text", body=f"<p>{dirt * 9}</p>"),
        "p08-surrogates": page(body="<p>\ud800\udfff and more</p>").encode("utf-8", "surrogatepass"),
        "p21-override": page(title="The \u202ecommittee\u2069 adopts a text"),
        "p38-latin": page(body="<p>déjà décidé à la séance, naïve</p>").encode("latin-1"),
        "entities": page(body="&lt;" * 300_000),
        "dashes": page(body=f"<p>{'-' * 400_000}</p><p>{'a@' * 100_000}</p>"),
        "spaces": page(head=f"<meta name=author content='{' ' * 300_000}x'>", body=f"<p>{' by ' * 90_000}</p>"),
        "dates": page(head="<meta name=date content='" + "1" * 100_000 + "'>", body="<time>99/99/9999</time>" * 9_000),
        "titles": page(body="<h1>another</h1>" * 30_000),
        "frames": page(body="<svg><foreignObject><math>" * 4_000 + "<select><option>" * 4_000),
        "plaintext": page(body="<plaintext>" + "<p>x" * 100_000),
        "not-closed": page(body="<script>" + "x" * 500_000),
        "utf-16": page().encode("utf-16"),
        "utf-7": page(head="<meta charset=utf-7>"),
        "empty-head": b"\x00" * 200_000,
    }  # fmt: skip
    return {name: body.encode() if isinstance(body, str) else body for name, body in found.items()}


def feeds(base: str, canary: str, port: int) -> dict[str, bytes]:
    """By the fault each stands for; links lead to `base`."""

    def item(name: str, more: str = "") -> str:
        return f"<item><title>A title</title><link>{base}/{name}</link>{more}</item>"

    def rss(items: str, head: str = "") -> str:
        return (
            f"<?xml version='1.0'?>{head}<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
        )

    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'ha'}'>" for n in range(12))
    outside = f"http://127.0.0.1:{port}/xxe"
    same = "<guid>same</guid>"
    future = "<pubDate>Mon, 01 Jan 2091 00:00:00 GMT</pubDate>"
    alert = "&lt;script&gt;alert(1)&lt;/script&gt;"
    block = "<!ENTITY a '" + "a" * 50_000 + "'>"
    blowup = f"<description>{'&a;' * 5000}</description>"
    entity = "<description>&f;</description>"
    script = "<item><title>x</title><link>javascript:alert(1)</link></item>"
    words = "<description>" + "word " * 20 + "</description>"
    found = {
        "p09-laughs": rss(item("p09-laughs", "<description>&l11;</description>"), f"<!DOCTYPE x [{laughs}]>"),
        "p09-blowup": rss(item("p09-blowup", blowup), f"<!DOCTYPE x [{block}]>"),
        "p09-file": rss(item("p09-file", entity), f"<!DOCTYPE x [<!ENTITY f SYSTEM 'file://{canary}'>]>"),
        "p09-outside": rss(item("p09-outside", entity), f"<!DOCTYPE x [<!ENTITY f SYSTEM '{outside}'>]>"),
        "p09-parameter": rss(item("p09-parameter"), f"<!DOCTYPE x [<!ENTITY % p SYSTEM '{outside}'> %p;]>"),
        "p10-surrogate": rss(item("p10-surrogate", "<description>&#xD800;</description>"))[:-9],
        "p10-far": rss(item("p10-far", "<description>&#99999999999999999999;&#x110000;</description>"))[:-9],
        "p10-date": rss(item("p10-date", "<pubDate>99999999999999999999 Foo -0099 99:99:99 +9999</pubDate>")),
        "p10-link": rss("<item><title>x</title><link>http://[::1</link></item>" + item("p10-link")),
        "p11-comments": rss(item("p11-comments", "<description>" + "&lt;!--" * 160_000 + "</description>")),
        "p11-author": rss(item("p11-author", "<author>" + "a" * 60_000 + "@" * 20_000 + "(</author>")),
        "p11-tags": rss(item("p11-tags", "<description>" + "&lt;" * 400_000 + "</description>")),
        "p12-dump": rss("".join(item(f"p12/{n}") for n in range(5_000))),
        "p12-huge": rss("".join(item(f"p12/{n}", words) for n in range(50_000))),
        "p14-guids": rss(item("p14-a", same) + item("p14-b", same) + item("p14-a?utm_source=x", "<guid>other</guid>")),
        "p17-future": rss(item("p17-future", future) + item("p17-now")),
        "p18-links": rss(script + item("p18-links", f"<description>{alert}</description>")),
        "nested": "<rss version='2.0'><channel>" + "<a>" * 100_000,
        "attributes": "<rss version='2.0' " + " ".join(f"a{n}='1'" for n in range(100_000)) + "><channel>" + item("attributes"),
        "json-nested": '{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 200_000,
        "json-number": '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":' + "9" * 100_000 + "}]}",
        "cut": rss(item("cut") * 3)[:-60],
    }  # fmt: skip
    return {name: body.encode("utf-8", "surrogatepass") for name, body in found.items()}


def sitemaps(base: str, canary: str) -> dict[str, bytes]:
    """By the fault each stands for."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'ha'}'>" for n in range(12))
    children = "".join(f"<sitemap><loc>{base}/maps/none-{n}</loc></sitemap>" for n in range(2_000))
    found = {
        "p09-laughs": f"<!DOCTYPE x [{laughs}]><urlset><url><loc>{base}/&l11;</loc></url></urlset>",
        "p09-file": f"<!DOCTYPE x [<!ENTITY f SYSTEM 'file://{canary}'>]><urlset><url><loc>{base}/&f;</loc></url></urlset>",
        "p12-huge": "<urlset>" + "".join(f"<url><loc>{base}/map/{n}</loc></url>" for n in range(60_000)) + "</urlset>",
        "nested": "<urlset>" + "<url>" * 200_000,
        "attributes": "<urlset " + " ".join(f"a{n}='1'" for n in range(100_000)) + "><url/></urlset>",
        "itself": f"<sitemapindex><sitemap><loc>{base}/maps/itself</loc></sitemap></sitemapindex>",
        "many": f"<sitemapindex>{children}</sitemapindex>",
    }  # fmt: skip
    return {name: body.encode() for name, body in found.items()}


def sections() -> dict[str, bytes]:
    """By the fault each stands for: pages that list articles."""
    link = (
        "<a href='/news/2026/11/23/a-long-headline-of-an-article'>A long headline of an article, at last</a>"
    )
    found = {
        "nested": link + "<div>" * 100_000 + link,
        "attributes": link + "<div " + " ".join(f"a{n}=1" for n in range(200_000)) + ">",
        "in-one-card": "<div>" + "".join(link.replace("article'", f"article-{n}'") for n in range(150)) + "</div>",
        "words": f"<a href='/news/2026/11/23/words-of-a-long-headline'>{'word ' * 300_000}</a>",
        "dirt": link.replace("A long", "A\x00 \u202e\ufffe long"),
    }  # fmt: skip
    return {name: body.encode() for name, body in found.items()}
