"""Hosts that ask to be left alone (429, 503), and for how long."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime

from scrapy.http import Response

from crawler.middlewares.failures import Trouble
from crawler.pace import RestingError
from crawler.page import FailureKind

#: statuses by which a host asks us to come back later (RFC 6585, 4; RFC 9110, 15.6.4)
BUSY_STATUSES = frozenset({429, 503})
#: a longer wish is taken as a mistake (one host said 99,999,999,999 s)
MAX_RETRY_AFTER_S = 86_400


def retry_after_s(value: str | None, now: datetime) -> int | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3), 0 to a day; None when it says nothing usable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:12]), MAX_RETRY_AFTER_S)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, min(round((moment - now).total_seconds()), MAX_RETRY_AFTER_S))


def asked_rest_s(response: Response, now: datetime) -> int | None:
    """The same, of a response; None when it says nothing usable."""
    printed = response.headers.get("Retry-After")
    return retry_after_s(printed.decode("latin-1") if printed else None, now)


def trouble_of_rest(status: int | None, seconds: float | None) -> Trouble:
    """How it is told that a host is left alone: `seconds` None when it did not say for how long."""
    when = f"in {seconds:.0f} s" if seconds is not None else "later"
    said = f"HTTP {status}, asked" if status else "asked"
    return Trouble(FailureKind.BUSY, f"{said} to come back {when}", status)


def trouble_of_resting(error: RestingError) -> Trouble:
    """The same, of a host that asked for it before."""
    number = error.why.removeprefix("HTTP ")
    return trouble_of_rest(int(number) if number.isdigit() else None, error.seconds)
