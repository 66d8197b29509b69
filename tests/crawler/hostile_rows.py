"""The groups of faults by name: which hosts there are, how each behaves, and what is asked of them."""

from __future__ import annotations

from pathlib import Path

import hostile_documents
from hostile_answers import a2
from hostile_inward import a1
from hostile_server import Group, answer, gzip_bomb

__all__ = ["a1", "a2", "a3"]


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
