"""A brief as one HTML page that stands alone: nothing is loaded, and it prints well."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from alerts.brief.blocks import Document


def html_of(document: Document) -> str:
    """The whole page. Every text is escaped; links lead only where the document's do."""
    page = _environment().get_template("brief.html").render(d=document)
    return "\n".join(line for raw in page.splitlines() if (line := raw.strip())) + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts", "templates/brief"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment
