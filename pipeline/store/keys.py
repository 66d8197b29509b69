"""Keys under which URLs and hosts' files are found."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from crawler.urls import identity
from pipeline.store.columns import KEY_BYTES, clean_text


def key_of(text: str) -> bytes:
    """A 16-byte key of `text`: URLs are longer than an index row of PostgreSQL may be (2,704 bytes)."""
    return blake2b(clean_text(text).encode(), digest_size=KEY_BYTES).digest()


@lru_cache(maxsize=8192)
def page_key(url: str) -> bytes:
    """The key under which a URL is known, in whatever spelling it comes."""
    return key_of(identity(clean_text(url)))
