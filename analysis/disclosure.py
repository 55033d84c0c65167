"""Disclosure control, first version: units below the minimum number of answers are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Suppression:
    """Which scored units may be shown and which stay hidden, in the order given."""

    shown: tuple[str, ...]
    hidden: tuple[str, ...]


def suppress(n_by_unit: Mapping[str, int], *, minimum_n: int) -> Suppression:
    """Hide every unit with fewer than `minimum_n` respondents.

    Notes
    -----
    Hidden units are left out of their parents' figures as well, so no subtraction of shown figures gives them
    back. It does not yet protect a small number of valid answers to one item, nor differences between releases.
    """
    shown = tuple(unit for unit, n in n_by_unit.items() if n >= minimum_n)
    return Suppression(shown, tuple(unit for unit in n_by_unit if unit not in shown))
