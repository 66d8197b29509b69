"""A fetched page -> an article: text, byline, publication time with zone, language, credits. The door to trafilatura."""

from __future__ import annotations

from pipeline.extract.page import PageInput, Unreadable
from pipeline.extract.record import extract

__all__ = ["PageInput", "Unreadable", "extract"]
