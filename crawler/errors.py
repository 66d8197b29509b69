"""Errors of the crawler room. Failures of the outside world are values (`FetchFailure`), never these."""

from __future__ import annotations


class CrawlError(Exception):
    """A crawl could not be run as asked; the message says what to do."""


class WorkerError(CrawlError):
    """A worker process could not be started at all."""
