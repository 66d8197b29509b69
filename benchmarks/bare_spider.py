"""The yardstick: feeds -> pages with plain Scrapy, trafilatura in a process pool, nothing kept. Run by crawl_throughput.py.

Usage: python benchmarks/bare_spider.py PROXY FEEDS_FILE WORKERS  (one feed URL a line); prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import feedparser
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from trafilatura import bare_extraction

os.environ["http_proxy"] = sys.argv[1]  # robots.txt goes through it as well
FEEDS, WORKERS = pathlib.Path(sys.argv[2]).read_text().split(), int(sys.argv[3])


def extract(body: bytes, url: str) -> int:
    document = bare_extraction(body, url=url, with_metadata=True, include_comments=False)
    return len(document.text or "") if document else 0


class Bare(scrapy.Spider):
    name = "bare"
    pages = empty = 0

    async def start(self):
        for url in FEEDS:
            yield scrapy.Request(url, self.feed)

    def feed(self, response):
        for entry in feedparser.parse(response.body).entries:
            yield scrapy.Request(entry.link, self.page)

    async def page(self, response):
        chars = await asyncio.get_running_loop().run_in_executor(pool, extract, response.body, response.url)
        self.pages += 1
        self.empty += not chars

    def closed(self, reason):
        Bare.result = {"articles": self.pages, "empty": self.empty, "reason": reason}


if __name__ == "__main__":
    pool = ProcessPoolExecutor(WORKERS, mp_context=get_context("forkserver"))
    list(pool.map(extract, [b"<p>warm</p>"] * WORKERS, ["http://warm.example/"] * WORKERS))
    began = time.monotonic()
    process = AsyncCrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
            "COOKIES_ENABLED": False,
        }
    )
    process.crawl(Bare)
    process.start()
    seconds = time.monotonic() - began
    pool.shutdown()
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        json.dumps(
            {
                **Bare.result,
                "seconds": round(seconds, 2),
                "cpu_s": round(sum(u.ru_utime + u.ru_stime for u in usage), 2),
                "peak_mb": [u.ru_maxrss // 1024 for u in usage],
            }
        )
    )
