"""robots.txt as RFC 9309 has it: read once a day, obeyed on every hop, and its Crawl-delay kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego
from scrapy.http import Response

from crawler.middlewares.failures import Trouble
from crawler.page import FailureKind, RobotsCopy
from crawler.urls import host_of

#: the product token that rules may name us by (RFC 9309, 2.2.1)
PRODUCT = "tipwatch"
#: RFC 9309, 2.5: at least this much must be read
MAX_ROBOTS_BYTES = 500 * 1024
ROBOTS_TIMEOUT_S = 10.0
#: RFC 9309, 2.4: a copy should not be used for longer
FRESH_FOR = timedelta(hours=24)
#: how long a host whose rules could not be read is left alone
UNREACHABLE_FOR = timedelta(hours=1)
#: RFC 9309, 2.3.1.4: after that, rules that cannot be read count as rules that are not there
ABSENT_AFTER = timedelta(days=30)
#: a longer wish would take a day for a feed: the host is left alone instead
MAX_CRAWL_DELAY_S = 30.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt means: `trouble` forbids everything; `parsed` None allows everything."""

    parsed: Protego | None = None
    trouble: Trouble | None = None
    delay_s: float = 0.0

    def refusal(self, url: str) -> Trouble | None:
        """Why this URL may not be asked for; None when it may."""
        if self.trouble is not None:
            return self.trouble
        if self.parsed is None or self.parsed.can_fetch(url, PRODUCT):
            return None
        return Trouble(FailureKind.ROBOTS, "robots.txt forbids it")


def rules_of(copy: RobotsCopy) -> Rules:
    """What a copy means (RFC 9309, 2.3.1): 2xx its text, 4xx everything is allowed, else nothing is.

    Of a host that does not answer, what it said last holds for a day; after 30 days without an answer it counts as one
    without rules (RFC 9309, 2.3.1.4).
    """
    if 400 <= copy.status < 500 and copy.status != 429:  # 429 is no answer about rules
        return Rules()
    if not 200 <= copy.status < 300:
        failing = copy.fetched_at - (copy.failing_since or copy.fetched_at)
        if failing >= ABSENT_AFTER:
            return Rules()
        if copy.last_good is not None and failing < FRESH_FOR:
            return _parsed(copy.last_good)
        said = f"HTTP {copy.status}" if copy.status else "nothing"
        trouble = Trouble(FailureKind.ROBOTS, f"robots.txt answered {said}", copy.status or None)
        return Rules(trouble=trouble if copy.status else Trouble(FailureKind.CONNECT, trouble.detail))
    return _parsed(copy.text)


def _parsed(text: str) -> Rules:
    parsed = Protego.parse(text)
    delay_s = float(parsed.crawl_delay(PRODUCT) or 0.0)
    if delay_s > MAX_CRAWL_DELAY_S:
        detail = f"robots.txt asks for {delay_s:g} s between requests: more than {MAX_CRAWL_DELAY_S:g} s"
        return Rules(trouble=Trouble(FailureKind.ROBOTS, detail))
    return Rules(parsed, delay_s=delay_s)


def was_read(copy: RobotsCopy) -> bool:
    """Whether the host said what its rules are, if only that it has none (RFC 9309, 2.3.1.3)."""
    return 200 <= copy.status < 300 or (400 <= copy.status < 500 and copy.status != 429)


def copy_of(origin: str, answer: Response | Trouble, before: RobotsCopy | None, now: datetime) -> RobotsCopy:
    """What is kept of an answer; where there was none worth keeping, what was known before is kept with it."""
    if isinstance(answer, Trouble) and answer.why is FailureKind.REDIRECT:
        return RobotsCopy(
            origin, 404, "", now
        )  # RFC 9309, 2.3.1.2: rules behind too many redirects are no rules
    status = (answer.status or 0) if isinstance(answer, Trouble) else answer.status
    copy = RobotsCopy(origin, status, "" if isinstance(answer, Trouble) else _text_of(answer.body), now)
    if was_read(copy):
        return copy
    if before is None:
        return replace(copy, text="", failing_since=now)
    if was_read(before):
        good = before.text if before.status < 300 else ""
        return replace(copy, text="", failing_since=now, last_good=good)
    since = before.failing_since or before.fetched_at
    return replace(copy, text="", failing_since=since, last_good=before.last_good)


def _text_of(body: bytes) -> str:
    """As much as is read, cut at a line, without a byte order mark."""
    cut = body[:MAX_ROBOTS_BYTES]
    if len(body) > MAX_ROBOTS_BYTES:
        cut = cut[: max(cut.rfind(b"\n"), cut.rfind(b"\r")) + 1]
    return cut.decode("utf-8", "replace").removeprefix("\ufeff")


def origin_of(url: str) -> str:
    """``scheme://host[:port]``, without a default port."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in {None, default} else ""
    host = host_of(url)
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
