"""What a crawl's workers need, imported once by the server they are forked from: a new worker is ready at once."""

from __future__ import annotations

import crawler.feeds
import crawler.listings
import crawler.sitemaps  # noqa: F401 - as above
import pipeline.understand  # noqa: F401 - imported to be there when workers are forked
from pipeline.extract.language import load_model

load_model()
