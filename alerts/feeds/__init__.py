"""What was found as feeds of our own: RSS 2.0, Atom 1.0 and JSON Feed 1.1."""

from __future__ import annotations
