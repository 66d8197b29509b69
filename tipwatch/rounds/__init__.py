"""What a round of work is. The commands and the daemon both call these; nothing here knows a terminal."""

from __future__ import annotations
