"""Rank sets: which places in its group a unit may truly hold."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from analysis.errors import WeightError


def rank_critical(*, group_size: int, confidence: Fraction) -> float:
    """Normal quantile that makes `group_size` independent intervals hold together.

    Parameters
    ----------
    group_size : int
        Size of the largest peer group, >= 1.
    confidence : Fraction
        Joint confidence, between 0 and 1.

    Notes
    -----
    Sidak: each two-sided interval leaves out beta = 1 - (1 - alpha)^(1/K), so the quantile is that of 1 - beta/2.

    References
    ----------
    Klein, Wright, Wieczorek (2020), A joint confidence region for an overall ranking of populations, JRSS C 69(3).
    """
    from scipy.special import ndtri

    if group_size < 1:
        raise WeightError("a group to rank is empty", got=str(group_size), expected=">= 1")
    beta = 1.0 - float(confidence) ** (1.0 / group_size)
    return float(-ndtri(beta / 2.0))


def rank_sets(intervals: Mapping[str, tuple[Decimal, Decimal]]) -> dict[str, tuple[int, int]]:
    """Best and worst place each unit can hold, 1 being the highest score.

    Parameters
    ----------
    intervals : Mapping of unit to (low, high)
        Simultaneous intervals of the scores; with joint confidence 1 - alpha all sets cover together.

    Returns
    -------
    dict of unit to (rank_low, rank_high)

    Notes
    -----
    rank_low = 1 + #{j: low_j > high_i}; rank_high = K - #{j: high_j < low_i}. Touching intervals are tied.
    """
    size = len(intervals)
    return {
        unit: (
            1 + sum(other_low > high for other_low, _ in intervals.values()),
            size - sum(other_high < low for _, other_high in intervals.values()),
        )
        for unit, (low, high) in intervals.items()
    }
