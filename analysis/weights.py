"""Weights: raking on the table of cells, post-stratification, and integer class weights."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from analysis.classes import Collapse, Merge, collapse
from analysis.errors import MarginError, WeightError
from analysis.raking import MarginShare, Raked, WeightReport, kish_effect, rake, rake_cells
from analysis.rounding import half_up_integer

__all__ = [
    "Collapse",
    "MarginShare",
    "Merge",
    "Raked",
    "WeightReport",
    "collapse",
    "kish_effect",
    "poststratify",
    "rake",
    "rake_cells",
    "thousandths",
]


def thousandths(weight: Fraction | float) -> int:
    """The official weight: 1000 x weight, rounded half up from the exact value.

    Raises
    ------
    WeightError
        When the official weight would be zero: somebody who answered would not count.
    """
    official = half_up_integer(Fraction(weight) * 1000)
    if official <= 0:
        raise WeightError(
            "an official weight rounds to zero",
            got=str(float(weight)),
            expected=">= 0.0005",
            hint="the population of the class is zero or far too small for its respondents: check the margins",
        )
    return official


def poststratify(
    n: Mapping[Any, int], *, population: Mapping[Any, int], scale: Fraction | None = None
) -> dict[Any, Fraction]:
    """Post-stratified weight of each class, exact.

    Parameters
    ----------
    n : Mapping of class to respondents, all > 0
    population : Mapping of class to population
    scale : Fraction, optional
        Respondents per head of the population; by default sum(n) / sum(N), which makes the mean weight 1.

    Notes
    -----
    w_c = N_c / n_c x scale. Agrees with R's ``postStratify`` up to the scale.
    """
    for key, count in n.items():
        if count <= 0:
            raise WeightError("a class has no respondents", got=str(key), hint="collapse it with a neighbour")
        if population[key] <= 0:
            raise MarginError(
                f"class {key} holds {count} respondents but its population is zero",
                got="0",
                expected="> 0",
                hint="correct the margin, or find out who answered",
            )
    if scale is None and n:
        scale = Fraction(sum(n.values()), sum(population[key] for key in n))
    return {key: Fraction(population[key], count) * (scale or 0) for key, count in n.items()}
