"""A bundled newsroom of invented outlets, served on loopback, so that anyone can watch the whole way from feed to inbox."""

from __future__ import annotations
