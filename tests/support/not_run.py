"""What cannot run here is skipped for a named reason, and the run ends with one line that counts it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NoReturn

import pytest

CATEGORIES = ("browser", "postgres", "redis", "given data")


def not_run(category: str, reason: str) -> NoReturn:
    """Skip the running test; `category` is one of CATEGORIES, `reason` says what is missing and its cure."""
    if category not in CATEGORIES:
        raise ValueError(f"got category {category!r}, expected one of {CATEGORIES}")
    pytest.skip(f"{category}: {reason}")


def closing_line(reports: Iterable[Any]) -> str:
    """One line for all skipped reports: `not run: 12 (browser 10: no Chromium; given data 2: ...)`."""
    counts = Counter(_category_and_reason(report) for report in reports)
    if not counts:
        return "not run: 0"
    parts = (f"{category} {n}: {reason}" for (category, reason), n in sorted(counts.items()))
    return f"not run: {counts.total()} ({'; '.join(parts)})"


def _category_and_reason(report: Any) -> tuple[str, str]:
    told = report.longrepr[2] if isinstance(report.longrepr, (tuple, list)) else str(report.longrepr)
    text = " ".join(told.removeprefix("Skipped: ").removeprefix("Skipped").split())
    category, _, reason = text.partition(": ")
    return (category, reason) if category in CATEGORIES else ("other", text or "no reason given")
