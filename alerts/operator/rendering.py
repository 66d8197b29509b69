"""The report as a mail: a subject that says whether to open it, HTML and text that say the same."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.channels.email import clean_header
from alerts.digest import RenderedMail
from alerts.operator.report import OperatorReport, SourceNote, SubscriptionCount
from alerts.operator.words import need_line, phrase
from alerts.windows import zone_named

_KILO = 1000.0
_COUNTED = ("delivered", "folded", "suppressed", "pending", "failed", "unknown")
#: control characters, and marks that turn the reading direction over
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def render_report(report: OperatorReport, *, language: str | None = None) -> RenderedMail:
    """The report in one of the frame's languages (None: its own) as subject, text and HTML.

    Raises:
        AlertError: its zone is not known.
    """
    spoken = language or report.language
    view = _View(report, spoken)
    html = _environment().get_template("body.html").render(r=report, v=view)
    lines = "\n".join(line for raw in html.splitlines() if (line := raw.strip()))
    text = _environment().get_template("body.txt").render(r=report, v=view)
    return RenderedMail(
        subject=clean_header(view.subject), text=text.strip("\n") + "\n", html=_inliner().inline(lines)
    )


class _View:
    """How the report's values are said."""

    def __init__(self, report: OperatorReport, language: str) -> None:
        self.report, self.language = report, language
        self.zone = zone_named(report.timezone)
        self.needs = [need_line(language, need) for need in report.needs]

    @property
    def subject(self) -> str:
        count, day = len(self.needs), f"{self.report.window_end.astimezone(self.zone):%Y-%m-%d}"
        name = "many_need" if count > 1 else "one_needs" if count else "all_well"
        return self.say(name, count=count, day=day)

    def say(self, name: str, **parts: object) -> str:
        """A phrase."""
        return phrase(self.language, name, **parts)

    def at(self, when: datetime | None) -> str:
        """A time in the reader's zone; of None: never."""
        return f"{when.astimezone(self.zone):%Y-%m-%d %H:%M}" if when else self.say("never_read")

    def counts(self, one: SubscriptionCount) -> str:
        """What became of the articles of a subscription; nothing is said of what did not occur."""
        named = {name: getattr(one, name) for name in _COUNTED}
        parts = (f"{self.say(name)} {count}" for name, count in named.items() if count)
        return ", ".join([f"{self.say('articles')} {one.articles}", *parts])

    def standing(self, source: SourceNote) -> str:
        """What is the matter with a source."""
        if source.partly:
            return self.say("partly")
        return (
            self.say("silent", at=self.at(source.last_success_at))
            if source.last_success_at
            else self.at(None)
        )

    def size(self, count: int) -> str:
        """Bytes as people say them."""
        size = float(count)
        for unit in ("B", "kB", "MB"):
            if size < _KILO:
                return f"{size:.0f} {unit}"
            size /= _KILO
        return f"{size:.1f} GB"

    @property
    def machine(self) -> list[str]:
        """Lines on the machine itself."""
        report = self.report
        lines = [
            self.say("last_read", at=self.at(report.last_success_at))
            if report.last_success_at
            else self.say("none_read"),
            self.say("database", size=self.size(report.database_bytes)),
        ]
        if report.disk_free_bytes is not None:
            lines.append(self.say("disk", size=self.size(report.disk_free_bytes)))
        return [*lines, self.say("version", version=report.version, rules=report.rules_version)]


def _one_line(value: object) -> object:
    """Words from outside, such as a server's answer, on one line and without what a reader's screen would obey."""
    return _UNSHOWN.sub(" ", value) if isinstance(value, str) else value


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("alerts.operator", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_one_line,
    )


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    # mail clients drop style sheets, but keep the media queries for phones and dark mode
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)
