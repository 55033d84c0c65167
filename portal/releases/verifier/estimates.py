"""The figures of one unit from its pooled classes: size, items, nodes, score and its linearised variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from portal.releases.verifier.rounding import (
    as_decimal,
    fifty_digits,
    plain_digits,
    rounded,
    rounded_decimal,
    square_root,
)
from portal.releases.verifier.scheme import Linear, Node, Recipe, linear, tree_items, walk
from portal.releases.verifier.sums import ClassSums
from portal.releases.verifier.tables import TableError

# (subject, statistic) -> printed value
UnitFigures = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Estimate:
    """The exact score of a unit and its variance, design effect of clustering included."""

    score: Fraction
    variance: Fraction

    def bounds(self, critical: Decimal) -> tuple[Decimal, Decimal]:
        """Return score -/+ critical * sqrt(variance) in the digits of the present context, not clipped."""
        centre, reach = as_decimal(self.score), critical * square_root(self.variance)
        return centre - reach, centre + reach


def size_figures(classes: Sequence[ClassSums]) -> UnitFigures:
    """Return n, the population it stands for, and the Kish effect n * sum(w^2 n) / (sum w n)^2."""
    n = sum(one.n for one in classes)
    weighted = sum(one.weight * one.n for one in classes)
    if not weighted:
        raise TableError(f"unit {classes[0].unit!r}: all weights are 0")
    found = {("", "n"): str(n)}
    if all(one.population is not None for one in classes):
        population = sum(one.population or 0 for one in classes)
        found["", "population"] = str(population)
        if population:
            found["", "response_share"] = rounded(Fraction(100 * n, population), 2)
    squares = sum(one.weight**2 * one.n for one in classes)
    found["", "kish_effect"] = rounded(Fraction(n * squares, weighted**2), 4)
    return found


def item_means(classes: Sequence[ClassSums], recipe: Recipe, items: Sequence[str]) -> dict[str, Fraction]:
    """Return the weighted mean in points of each item with a valid answer: sum(w S) / sum(w n) over the classes."""
    means = {}
    for item in items:
        size = sum(one.weight * one.valid_n(item) for one in classes)
        if size:
            means[item] = Fraction(sum(one.weight * one.points_sum(item, recipe.points) for one in classes), size)
    return means


def item_figures(
    classes: Sequence[ClassSums], recipe: Recipe, items: Sequence[str], means: Mapping[str, Fraction]
) -> UnitFigures:
    """Return mean, valid n, satisfied share of the valid, and missing share of the asked, for each item.

    A share of nobody is left out, and so is the mean of nobody.
    """
    found = {}
    for item in items:
        valid = sum(one.weight * one.valid_n(item) for one in classes)
        missing = sum(one.weight * one.missing_n(item) for one in classes)
        satisfied = sum(one.weight * one.chosen_n(item, recipe.satisfied) for one in classes)
        found[item, "valid_n"] = str(sum(one.valid_n(item) for one in classes))
        if item in means:
            found[item, "mean"] = rounded(means[item], recipe.digits)
            found[item, "satisfied_share"] = rounded(Fraction(100 * satisfied, valid), 2)
        if valid + missing:
            found[item, "missing_share"] = rounded(Fraction(100 * missing, valid + missing), 2)
    return found


def node_figures(
    tree: Node, recipe: Recipe, means: Mapping[str, Fraction], entered: Mapping[str, Fraction]
) -> UnitFigures:
    """Return the score of every node that can be computed, with its points below a sum of maxima."""
    found = {}
    for node in walk(tree):
        rule = linear(node)
        if rule.is_known(means, entered):
            score = rule.value(means, entered)
            found[f"node:{node['id']}", "score"] = rounded(score, recipe.digits)
            if "max" in node:
                found[f"node:{node['id']}", "points"] = rounded(node["max"] * score / 100, recipe.digits)
    return found


def score_figures(estimate: Estimate, recipe: Recipe, critical: str) -> UnitFigures:
    """Return score, variance, standard error, interval (clipped to 0..100) and the grades of all three."""
    found = {("", "score"): rounded(estimate.score, recipe.digits), ("", "variance"): plain_digits(estimate.variance)}
    with fifty_digits():
        low, high = estimate.bounds(Decimal(critical))
        found["", "se"] = rounded_decimal(square_root(estimate.variance), recipe.digits + 2)
        found["", "low"] = rounded_decimal(min(max(low, Decimal(0)), Decimal(100)), recipe.digits)
        found["", "high"] = rounded_decimal(min(max(high, Decimal(0)), Decimal(100)), recipe.digits)
    if recipe.cuts:
        found["", "grade"] = recipe.grade(found["", "score"])
        found["", "grade_low"] = recipe.grade(found["", "low"])
        found["", "grade_high"] = recipe.grade(found["", "high"])
    return found


def linearised_variance(classes: Sequence[ClassSums], recipe: Recipe, rule: Linear) -> Fraction:
    """Return the variance of the score, the classes being strata, before the effect of clustering.

    With M_j = P_j / N_j and a_j the item's coefficient, respondent i of class c adds
    z_i = w_c * sum_j a_j (y_ij - M_j) / N_j over valid answers, and
    V = sum_c n_c / (n_c - 1) * (sum_i z_i^2 - (sum_i z_i)^2 / n_c).
    Whole numbers throughout: b_j = a_j * A * L / N_j^2 with A and L common denominators, so that
    z_i * A * L = w_c * sum_j b_j (N_j y_ij - P_j).
    """
    items = list(rule.items)
    size = {item: sum(one.weight * one.valid_n(item) for one in classes) for item in items}
    total = {item: sum(one.weight * one.points_sum(item, recipe.points) for one in classes) for item in items}
    common = lcm(*(share.denominator for share in rule.items.values()))
    square = lcm(*(size[item] ** 2 for item in items))
    factor = {item: int(rule.items[item] * common) * (square // size[item] ** 2) for item in items}
    variance = Fraction(0)
    for one in classes:
        if one.n < 2:
            continue
        squares = 0
        for place, j in enumerate(items):
            for k in items[place:]:
                n, sum_j, sum_k, sum_jk = one.product(j, k)
                both = size[j] * size[k] * sum_jk - total[k] * size[j] * sum_j - total[j] * size[k] * sum_k
                both += total[j] * total[k] * n
                squares += (1 if j == k else 2) * factor[j] * factor[k] * both
        linear_sum = sum(
            factor[j] * (size[j] * one.points_sum(j, recipe.points) - total[j] * one.valid_n(j)) for j in items
        )
        variance += Fraction(one.weight**2 * (one.n * squares - linear_sum**2), one.n - 1)
    return variance / (common * square) ** 2


def unit_figures(
    classes: Sequence[ClassSums],
    tree: Node,
    recipe: Recipe,
    entered: Mapping[str, Fraction],
    given: Mapping[str, str],
) -> tuple[UnitFigures, Estimate | None]:
    """Return all figures of one unit but its rank, and the estimate from which the rank is made.

    Without a valid answer to each item and a value for each entered figure there is no score and no estimate.
    """
    items = tree_items(tree)
    means, rule = item_means(classes, recipe, items), linear(tree)
    found = {
        **size_figures(classes),
        **item_figures(classes, recipe, items, means),
        **node_figures(tree, recipe, means, entered),
    }
    if not rule.is_known(means, entered):
        return found, None
    variance = linearised_variance(classes, recipe, rule) * Fraction(given["clustering_effect"])
    estimate = Estimate(rule.value(means, entered), variance)
    return {**found, **score_figures(estimate, recipe, given["critical"])}, estimate
