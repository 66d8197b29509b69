"""What extraction makes of a source's articles and titles, in few words. Pure; runs in a worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.page import FetchedPage
from pipeline.extract import PageInput, Unreadable, extract
from pipeline.extract.language import detect, language_by_letters, main_script, normalise


@dataclass(frozen=True, slots=True)
class Gist:
    """What extraction makes of an article: in few words. `problem`: why there is none, empty when there is one."""

    title: str = ""
    published: datetime | None = None
    published_origin: str = ""
    language: str | None = None
    chars: int = 0
    problem: str = ""


def read_gist(page: FetchedPage) -> Gist:
    """What extraction makes of an article."""
    found = extract(PageInput.from_page(page))
    if isinstance(found, Unreadable):
        return Gist(problem=found.detail or str(found.kind))
    when = found.published
    return Gist(
        title=found.title,
        published=when.at if when else None,
        published_origin=when.origin if when else "",
        language=found.language,
        chars=len(found.text),
    )


def language_of(titles: str, declared: str | None) -> str | None:
    """The language of a list's titles (ISO 639); what is declared counts where they are too short or too alike to tell."""
    said = normalise(declared) if declared else None
    script = main_script(titles) if titles else None
    if script is None:
        return said
    return language_by_letters(titles, script) or detect(titles, (said,) if said else (), script) or said


def languages_of(lists: tuple[tuple[str, str | None], ...]) -> tuple[str | None, ...]:
    """The same for several lists."""
    return tuple(language_of(titles, declared) for titles, declared in lists)
