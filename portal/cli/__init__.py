"""The `minyi` command: one file per group of commands."""

from __future__ import annotations

from .main import main

__all__ = ["main"]
