"""Imported by the fork server after everything else: does the setup of the workers that it will fork."""

from __future__ import annotations

from crawler.warm import do_what_is_asked

do_what_is_asked()
