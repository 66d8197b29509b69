"""Which articles tell the same story: fingerprints of texts, and where an article belongs. All pure."""

from __future__ import annotations

from pipeline.stories.fingerprint import Fingerprint, fingerprint, likeness
from pipeline.stories.place import Known, Newcomer, closest, roles, story_id

__all__ = ["Fingerprint", "Known", "Newcomer", "closest", "fingerprint", "likeness", "roles", "story_id"]
