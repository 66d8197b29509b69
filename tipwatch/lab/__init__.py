"""The rule lab: stored articles read by other rules than those that read them first, and what that would change."""

from __future__ import annotations
