"""What extraction made of a page, as people read it on a terminal: a card for an article, another for why there is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from babel import Locale
from babel.dates import format_date
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pipeline.article import Article, Credit, OutcomeKind, Precision, Published
from pipeline.extract import Unreadable
from tipwatch.cli.context import printable
from tipwatch.extracting import Answer, Problem
from tipwatch.origins import DATE_ORIGINS

#: longer lines tire the eye
_MAX_WIDTH = 100
_ENGLISH = Locale("en")

_LANGUAGE_ORIGINS = {"declared": "as declared", "detected": "detected in the text"}

_SAVE = "open it in a browser, save the page once it shows the text, and give the saved file to `tipwatch extract`."
#: a site's own word that there is nothing: no browser gets more
_NOT_THERE = ("HTTP 404", "HTTP 410")
_GONE = (
    "The site says that no page is there (any more): check the address, or look for the article on the site."
)
_LATER = "Try again later; `tipwatch crawl` does so by itself."
#: what to do, by the outcome or by why a fetch failed
_ADVICE = {
    OutcomeKind.NOT_ARTICLE.value: f"Give the address of a single article. If this is one, {_SAVE}",
    OutcomeKind.EXTRACTION_EMPTY.value: f"Its text may be brought by scripts, or be a picture: {_SAVE}",
    OutcomeKind.TOO_DEEP.value: f"Its elements are nested beyond what a parser follows. If it is a real page, {_SAVE}",
    OutcomeKind.TOO_LARGE.value: f"News pages are far smaller: it may be an archive, or hostile. If it is a real page, {_SAVE}",
    OutcomeKind.EXTRACTION_KILLED.value: "It cost more time or memory than a page may, and its process was ended; no other page"
    " is affected. If an outlet you need does this, save a page and report it.",
    OutcomeKind.FAILED.value: "This is an error of tipwatch, not of the page: please report it, with the page.",
    "input": "Check the name of the file, and that it can be read.",
    "robots": f"The site asks programs not to read this page, and tipwatch obeys; you may {_SAVE}",
    "http": f"The site did not give the page. If a browser gets it, {_SAVE}",
    "tls": f"The site's certificate cannot be trusted, so what it sends may be anybody's. If you trust it, {_SAVE}",
    "redirect": "Give the address at which a browser ends.",
    "url": "Give an http or https address.",
    "address": f"tipwatch connects to public addresses only; if you may see it, {_SAVE}",
    "not_text": "Only web pages are read: no PDF, film or picture.",
    "internal": "This is an error of tipwatch, not of the page: please report it.",
}


def card(subject: str, found: Answer) -> RenderableType:
    """The card of an answer; `subject` is what was asked for."""
    return _Narrow(_article(found) if isinstance(found, Article) else _reason(subject, found))


class _Narrow:
    """A renderable in lines of readable length, whatever the terminal's width."""

    def __init__(self, inside: RenderableType) -> None:
        self._inside = inside

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Rich asks for this."""
        yield from console.render(self._inside, options.update_width(min(options.max_width, _MAX_WIDTH)))


def _article(found: Article) -> RenderableType:
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in _facts(found):
        facts.add_row(name, value)
    # no frame at the sides: text of other scripts would break it, and it would be copied along
    parts: list[RenderableType] = [Rule(style="dim"), _plain(found.title, "bold"), Text(), facts, Text()]
    for paragraph in found.text.split("\n"):
        parts += [_plain(paragraph), Text()]
    if found.partial:
        parts += [_plain("[…] The page shows only the beginning.", "yellow"), Text()]
    return Group(*parts)


def _facts(found: Article) -> list[tuple[str, Text]]:
    offset = found.published.offset_minutes if found.published else None
    facts = [
        ("By", _plain(", ".join(found.authors)) if found.authors else _plain("no byline", "dim")),
        ("Outlet", _plain(found.outlet) if found.outlet else _plain("not named", "dim")),
        ("Published", _published(found)),
    ]
    if found.modified_at:
        facts.append(("Modified", _plain(f"{clock(found.modified_at, offset)} ({zone(offset)})")))
    facts.append(("Language", _language(found)))
    if found.credits:
        facts.append(("Credits", _chain(found.credits)))
    if found.partial:
        facts.append(("Partial", _plain("only a teaser: the page keeps the rest back", "yellow")))
    if found.canonical_url:
        facts.append(("Address", _plain(found.canonical_url)))
    return facts


def _published(found: Article) -> Text:
    when = found.published
    if when is None:
        return _plain(f"not known: {found.published_problem or 'no date was found'}", "yellow")
    return _plain(time_in_words(when))


def time_in_words(when: Published) -> str:
    """E.g. ``11 November 2023, 20:45 (UTC+04:00) · minute · from the page's JSON-LD``."""
    printed = f": “{when.printed[:60]}”" if when.origin == "visible" else ""
    origin = f"from {DATE_ORIGINS.get(when.origin, when.origin)}{printed}"
    if when.precision is Precision.DAY:
        return f"{day(when.at, when.offset_minutes)} · day · {origin}"
    said = {"source": ", the source's zone", "page": ""}.get(when.zone_origin, "")
    with_seconds = when.precision is Precision.SECOND
    return (
        f"{clock(when.at, when.offset_minutes, with_seconds=with_seconds)} ({zone(when.offset_minutes)}{said})"
        f" · {when.precision.value} · {origin}"
    )


def clock(at: datetime, offset_minutes: int | None, *, with_seconds: bool = False) -> str:
    """Day and time on a clock that far from UTC, e.g. ``11 November 2023, 20:45``."""
    local = _local(at, offset_minutes)
    return (
        f"{day(at, offset_minutes)}, {local:%H:%M:%S}"
        if with_seconds
        else f"{day(at, offset_minutes)}, {local:%H:%M}"
    )


def day(at: datetime, offset_minutes: int | None) -> str:
    """The day there, e.g. ``11 November 2023``."""
    return format_date(_local(at, offset_minutes).date(), "d MMMM yyyy", locale=_ENGLISH)


def zone(offset_minutes: int | None) -> str:
    """E.g. ``UTC+04:00``, ``UTC``; said so when no zone is known."""
    if offset_minutes is None:
        return "zone not known"
    hours, minutes = divmod(abs(offset_minutes), 60)
    return f"UTC{'+' if offset_minutes > 0 else '-'}{hours:02}:{minutes:02}" if offset_minutes else "UTC"


def _local(at: datetime, offset_minutes: int | None) -> datetime:
    try:
        return at.astimezone(timezone(timedelta(minutes=offset_minutes or 0)))
    except (ValueError, OverflowError):  # an offset of a day or more, or the last hours of all time
        return at.astimezone(UTC)


def _language(found: Article) -> Text:
    if not found.language:
        return _plain("not recognised", "dim")
    name = _ENGLISH.languages.get(found.language, found.language)
    return _plain(f"{name} ({_LANGUAGE_ORIGINS.get(found.language_origin, found.language_origin)})")


def _chain(credited: tuple[Credit, ...]) -> Text:
    """Nearest first, each with whom it has it from after it; as printed where that is not its usual name."""
    chain = Text()
    for credit in credited:
        if chain:
            chain.append(" <- ", "dim")
        chain.append(printable(credit.name))
        if credit.printed.casefold() != credit.name.casefold():
            chain.append(f" (“{printable(credit.printed)}”)", "dim")
    return chain


def _reason(subject: str, found: Unreadable | Problem) -> RenderableType:
    kind = found.kind if isinstance(found, Problem) else found.kind.value
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("Asked for", _plain(subject))
    facts.add_row("Outcome", _plain(kind.replace("_", " "), "bold"))
    facts.add_row("Why", _plain(found.detail or kind.replace("_", " ")))
    facts.add_row("What to do", _plain(_GONE if found.detail in _NOT_THERE else _ADVICE.get(kind, _LATER)))
    title = "No page" if isinstance(found, Problem) else "No article"
    return Group(Rule(style="red"), _plain(title, "bold red"), Text(), Padding(facts, (0, 0, 1, 0)))


def _plain(text: str, style: str = "") -> Text:
    """Text that is shown as it is: nothing in it is markup, and nothing reaches the terminal but signs."""
    return Text(printable(text), style=style, overflow="fold")
