"""The world -> pages: Scrapy, feeds, politeness. Knows no database and no rules."""

from __future__ import annotations
