"""config.yaml -> frozen `Config`: `load_config` is the door; every problem names its line and column."""

from __future__ import annotations

from tipwatch.config.addresses import without_password
from tipwatch.config.load import load_config
from tipwatch.config.problems import ConfigError, Position, Problem
from tipwatch.config.remarks import Remark, remarks
from tipwatch.config.values import ChannelSettings, Config, Crawl, Mail, Operator, Publish

__all__ = [
    "ChannelSettings",
    "Config",
    "ConfigError",
    "Crawl",
    "Mail",
    "Operator",
    "Position",
    "Problem",
    "Publish",
    "Remark",
    "load_config",
    "remarks",
    "without_password",
]
