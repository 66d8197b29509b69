"""Errors of the pipeline room. What a page does to us is an `Outcome`, never one of these."""

from __future__ import annotations


class PipelineError(Exception):
    """Something of ours is wrong; the message says what, where, and what to do."""


class StoreError(PipelineError):
    """The database cannot be used as configured."""
