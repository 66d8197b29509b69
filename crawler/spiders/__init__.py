"""What a visit does: its feeds, then the pages they lead to."""

from __future__ import annotations
