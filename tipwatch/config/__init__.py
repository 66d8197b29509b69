"""config.yaml -> frozen `Config`: `load_config` is the door; every problem names its line and column."""

from __future__ import annotations

from tipwatch.config.addresses import without_password
from tipwatch.config.load import load_config
from tipwatch.config.problems import ConfigError, Position, Problem
from tipwatch.config.values import Config, Crawl, Mail

__all__ = ["Config", "ConfigError", "Crawl", "Mail", "Position", "Problem", "load_config", "without_password"]
