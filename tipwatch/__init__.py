"""tipwatch: a newsroom watch. This package is the roof: commands, daemon, rounds and configuration."""

from __future__ import annotations
