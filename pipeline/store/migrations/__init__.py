"""The schema's history, run by Alembic when a store is opened."""

from __future__ import annotations
