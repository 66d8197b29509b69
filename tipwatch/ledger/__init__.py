"""The proof: every match of every subscription told once, on its way, or held back by a rule that has a name."""

from __future__ import annotations
