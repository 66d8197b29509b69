"""How a crawl behaves: our settings, and the Scrapy settings they become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

from crawler.page import HostMemory, RobotsCopy
from crawler.source import Manners
from crawler.urls import host_of

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """What the operator decides about crawling.

    Attributes:
        contact: URL or mail address by which the operator of a host reaches us; goes into the User-Agent.
        proxy: URL of the HTTP proxy all requests go through; None: straight. The environment is not read.
        page_timeout_s: for one request, from connecting to the last byte.
        max_body_bytes, feed_max_bytes: largest page and feed, decompressed.
        parse_timeout_s: for reading one feed in a worker.
        concurrency: requests in flight, over all hosts.
        allow_networks: CIDRs that may be connected to although they are not public.
        robots: robots.txt as read before, by origin; those younger than 24 h are not asked for again.
        hosts: what earlier crawls left of hosts, by name: delays and wishes to be left alone hold across crawls.
        wall_limit_s: after that the crawl stops as if asked to; None: no limit.
        stop_grace_s: how long requests in flight may go on once the crawl is to stop.
    """

    contact: str
    proxy: str | None = None
    page_timeout_s: float = 30.0
    max_body_bytes: int = 10 * MIB
    feed_max_bytes: int = 15 * MIB
    parse_timeout_s: float = 10.0
    concurrency: int = 32
    allow_networks: tuple[str, ...] = ()
    robots: Mapping[str, RobotsCopy] = field(default_factory=lambda: MappingProxyType({}))
    hosts: Mapping[str, HostMemory] = field(default_factory=lambda: MappingProxyType({}))
    wall_limit_s: float | None = None
    stop_grace_s: float = 8.0

    @property
    def user_agent(self) -> str:
        """Our name, version and contact, as sent with every request."""
        return f"tipwatch/{version('tipwatch')} (+{self.contact})"


def scrapy_settings(settings: CrawlSettings) -> dict[str, Any]:
    """The Scrapy settings of a crawl: nothing listens, nothing is remembered, everything has a bound."""
    return {
        **_identity_and_bounds(settings),
        **_NOTHING_LISTENS,
        **_ONLY_HTTP,
        **_components(settings),
    }


def _identity_and_bounds(settings: CrawlSettings) -> dict[str, Any]:
    return {
        "USER_AGENT": settings.user_agent,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
        "DOWNLOAD_TIMEOUT": settings.page_timeout_s,
        "DOWNLOAD_MAXSIZE": settings.max_body_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DNS_TIMEOUT": 5,
        "REACTOR_THREADPOOL_MAXSIZE": 30,  # the default 10 are all taken by 10 dead names (measured)
        "CONCURRENT_REQUESTS": settings.concurrency,
        # hosts we were not told about (redirects lead there) get the manners of a source that says nothing
        "CONCURRENT_REQUESTS_PER_DOMAIN": Manners().per_host,
        "DOWNLOAD_DELAY": Manners().delay_s,
        "DOWNLOAD_DELAY_JITTER": 0,  # it would also go below the delay
        "REDIRECT_ENABLED": False,  # we follow them ourselves (at most 5), each in the line of its host
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "DEPTH_LIMIT": 3,
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [500, 502, 504, 408, 522, 524],  # 429 and 503 ask us to stay away
        "RETRY_EXCEPTIONS": ["scrapy.exceptions.ResponseDataLossError"],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
    }


_NOTHING_LISTENS: Mapping[str, Any] = MappingProxyType(
    {
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,  # on by default since 2.19: a server on loopback that runs code
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "HTTPCACHE_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "AUTOTHROTTLE_ENABLED": False,
        "STATS_DUMP": False,
        "DOWNLOADER_STATS": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_LEVEL": "WARNING",
        "LOG_VERSIONS": [],
        "EXTENSIONS": {
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.corestats.CoreStats": None,
        },
    }
)
_ONLY_HTTP: Mapping[str, Any] = MappingProxyType(
    {
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.middlewares.limits.BoundedHeadersHandler",
            "https": "crawler.middlewares.limits.BoundedHeadersHandler",
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.2",
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "TWISTED_REACTOR_ENABLED": True,
    }
)


def _components(settings: CrawlSettings) -> dict[str, Any]:
    return {
        "TWISTED_DNS_RESOLVER": "crawler.middlewares.guard.GuardedResolver",
        "GUARD_ALLOW_NETWORKS": settings.allow_networks,
        "GUARD_PROXY_HOST": host_of(settings.proxy) if settings.proxy else "",
        "ROBOTSTXT_OBEY": True,
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # ours follows RFC 9309
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            # redirects, robots.txt and hosts that are busy: `crawler.spiders.fetch`, where each hop waits for its turn
            "crawler.middlewares.guard.GuardMiddleware": 60,
            "crawler.middlewares.limits.FlowMiddleware": 600,
            # behind the one that answers with another request: what is retried was an answer for its slot too
            "crawler.middlewares.pace.PaceMiddleware": 620,
        },
        # it takes the proxy of `request.meta` only: we set that on every request, also to None
        "HTTPPROXY_ENABLED": True,
    }
