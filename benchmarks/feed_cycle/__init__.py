"""A full cycle over thousands of feeds on loopback: how long, how much memory, and whether every healthy feed was read."""

from __future__ import annotations
