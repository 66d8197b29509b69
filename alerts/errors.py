"""Errors of the alerts room."""

from __future__ import annotations


class AlertError(Exception):
    """A digest cannot be rendered or sent as asked; the message says what to do."""


class UnsafeMailError(AlertError):
    """A rendered mail, parsed again, does not have exactly the headers it should have: it is not sent."""
