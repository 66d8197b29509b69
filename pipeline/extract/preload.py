"""Imported by the server that workers are forked from: what extraction needs is loaded once, and shared by all of them."""

from __future__ import annotations

import pipeline.extract.record  # noqa: F401 - imported to be there when workers are forked
from pipeline.extract.language import load_model

load_model()
