"""Where a redirect leads: each hop is a request of its own, which waits in the line of its own host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from scrapy.http import Response
from w3lib.url import safe_url_string

from crawler.middlewares.failures import Trouble
from crawler.page import FailureKind
from crawler.urls import is_fetchable

#: RFC 9110, 15.4
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_HOPS = 5


@dataclass(frozen=True, slots=True)
class Way:
    """A URL to be asked for now, with the redirects that led to it."""

    url: str
    passed: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()

    @property
    def meta(self) -> dict[str, Any]:
        """As Scrapy's own middleware would note it."""
        return {"redirect_urls": list(self.passed), "redirect_reasons": list(self.statuses)}

    def after(self, response: Response) -> Way | Trouble | None:
        """The way on; None when the response is no redirect."""
        location = response.headers.get("Location")
        if response.status not in REDIRECTS or not location:
            return None
        if len(self.passed) >= MAX_HOPS:
            return Trouble(FailureKind.REDIRECT, "too many redirects")
        try:
            target = urljoin(self.url, safe_url_string(location))
        except ValueError:
            return Trouble(FailureKind.REDIRECT, "redirects to no URL", response.status)
        if not is_fetchable(target):
            return Trouble(FailureKind.REDIRECT, "redirects to no http(s) URL", response.status)
        return Way(target, (*self.passed, self.url), (*self.statuses, response.status))
