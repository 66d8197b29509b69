"""What Scrapy goes by once our settings and its own defaults are put together: nothing listens, nothing is remembered."""

from __future__ import annotations

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list

from crawler.settings import CrawlSettings, scrapy_settings
from crawler.spiders.visit import VisitSpider

BASELINE = {
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,
    "REFERRER_POLICY": "no-referrer",
    "HTTPCACHE_ENABLED": False,
    "AUTOTHROTTLE_ENABLED": False,
    "MEMUSAGE_ENABLED": False,  # it mails; the worker's limit and the wall limit are ours
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.2",
    "DOWNLOAD_MAXSIZE": 10 * 1024 * 1024,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_TIMEOUT": 30.0,
    "DNS_TIMEOUT": 5,
    "REACTOR_THREADPOOL_MAXSIZE": 30,
    "REDIRECT_ENABLED": False,  # followed by us, each hop in the line of its host
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_ENABLED": False,
    "DEPTH_LIMIT": 3,
    "RETRY_TIMES": 1,
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_DELAY": 2.0,
    "DOWNLOAD_DELAY_JITTER": 0,
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "LOG_INSTALL_ROOT_HANDLER": False,
    "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    "TWISTED_DNS_RESOLVER": "crawler.middlewares.guard.GuardedResolver",
}


@pytest.fixture(scope="module")
def effective() -> Settings:
    return Crawler(VisitSpider, Settings(scrapy_settings(CrawlSettings("https://example.org/bot")))).settings


@pytest.mark.parametrize(("name", "value"), BASELINE.items())
def test_the_baseline_is_what_scrapy_goes_by(effective: Settings, name: str, value: object) -> None:
    assert effective.get(name) == value


def test_f01_only_http_has_a_way_out(effective: Settings) -> None:
    handlers = effective.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_f29_busy_hosts_are_not_retried(effective: Settings) -> None:
    assert not {"429", "503"} & set(map(str, effective.getlist("RETRY_HTTP_CODES")))


def test_we_are_named_with_a_contact(effective: Settings) -> None:
    assert effective["USER_AGENT"].startswith("tipwatch/")
    assert "+https://example.org/bot" in effective["USER_AGENT"]


def _on(effective: Settings, setting: str) -> set[str]:
    """Names of the classes that a crawl is built of."""
    parts = build_component_list(effective.getwithbase(setting))
    return {(part if isinstance(part, str) else part.__name__).rpartition(".")[2] for part in parts}


def test_what_passes_a_request_is_named_here_and_nothing_else_does(effective: Settings) -> None:
    assert _on(effective, "DOWNLOADER_MIDDLEWARES") == {
        "DefaultHeadersMiddleware",
        "DownloadTimeoutMiddleware",
        "DownloaderStats",  # switched off by its own setting, as the next two
        "CookiesMiddleware",
        "HttpCacheMiddleware",
        "FlowMiddleware",
        "GuardMiddleware",
        "HttpCompressionMiddleware",
        "HttpProxyMiddleware",
        "PaceMiddleware",
        "RetryMiddleware",
        "UserAgentMiddleware",
    }
    assert not effective.getbool("DOWNLOADER_STATS")
    assert not effective.getbool("COOKIES_ENABLED")


def test_f11_no_extension_that_listens_is_on(effective: Settings) -> None:
    assert not {"CoreStats", "LogStats"} & _on(effective, "EXTENSIONS")
    assert not effective.getbool("TELNETCONSOLE_ENABLED")
    assert not effective.getbool("REMOTE_CONTROL_ENABLED")


def test_the_proxy_of_the_environment_is_never_asked(effective: Settings) -> None:
    assert effective.getbool("HTTPPROXY_ENABLED"), (
        "it carries out `request.meta`, which is set on every request"
    )
