"""Pages -> knowledge: extraction, rules, stories, store. Knows no clock and no terminal."""

from __future__ import annotations
