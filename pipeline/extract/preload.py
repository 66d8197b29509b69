"""Imported by the server that workers are forked from: the language model is read once, and shared by all of them."""

from __future__ import annotations

from pipeline.extract.language import load_model

load_model()
