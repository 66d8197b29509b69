"""Redirects as Scrapy follows them, without its Referer, and with a name for those that lead nowhere."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from crawler.page import FailureKind
from crawler.spiders.failures import RefusedError, Trouble


class PlainRedirectMiddleware(RedirectMiddleware):
    """Every hop goes through the guard, robots.txt and the pace again."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it, but not asking for the Referer component, which we have switched off."""
        made = cls(crawler.settings)
        made.crawler = crawler
        return made

    def process_response(  # type: ignore[override]  # its third argument is deprecated
        self, request: Request, response: Response
    ) -> Request | Response:
        """The response, or the request for where it points to.

        Raises:
            RefusedError: of kind REDIRECT, when it points to what cannot be asked for.
        """
        try:
            followed = super().process_response(request, response)
        except ValueError as error:
            raise RefusedError(
                Trouble(FailureKind.REDIRECT, "redirects to no URL", response.status)
            ) from error
        if followed is response and 300 <= response.status < 400 and response.headers.get("Location"):
            raise RefusedError(Trouble(FailureKind.REDIRECT, "redirects to no http(s) URL", response.status))
        return followed
