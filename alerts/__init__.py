"""Knowledge -> people: digests, rendering, delivery. Knows no database and no articles."""

from __future__ import annotations
