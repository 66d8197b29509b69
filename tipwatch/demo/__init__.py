"""A bundled newsroom of invented outlets, served on loopback: the whole way from feed to inbox, offline."""

from __future__ import annotations
