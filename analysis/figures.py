"""Published figures of a unit, exact, from the released counts, products, weights and given inputs alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from analysis.composite import Linear, grade, linear, node_scores
from analysis.engine import MISSING_NAMES
from analysis.rounding import CONTEXT, decimal, half_up, significant, square_root
from analysis.scheme import Node, Scheme
from analysis.variance import ClassSums, composite_variance

SHARE_DIGITS = 2
EFFECT_DIGITS = 4

Figure = tuple[str, str, str]
"""(subject, statistic, value)"""


@dataclass(frozen=True)
class ReleasedClass:
    """One weighting class as it is released.

    Attributes
    ----------
    population : int or None
        Known in post-stratified waves only.
    answers : sequence (items) of Mapping of code to respondents
    """

    unit: str
    label: str
    cells: tuple[str, ...]
    n: int
    population: int | None
    weight: int
    answers: Sequence[Mapping[int, int]]
    products: Mapping[tuple[int, int], Sequence[int]]

    def sums(self) -> ClassSums:
        """The integer sums that a composite needs."""
        own = [self.products[j, j] for j in range(len(self.answers))]
        return ClassSums(self.weight, self.n, [p[0] for p in own], [p[1] for p in own], self.products)


@dataclass(frozen=True)
class Pool:
    """All released classes of a unit, with weighted sums of its items.

    Attributes
    ----------
    items : tuple of str
    classes : tuple of ReleasedClass
    """

    items: tuple[str, ...]
    classes: tuple[ReleasedClass, ...]

    @cached_property
    def sums(self) -> tuple[ClassSums, ...]:
        """Integer sums of each class."""
        return tuple(c.sums() for c in self.classes)

    @property
    def n(self) -> int:
        """Respondents."""
        return sum(c.n for c in self.classes)

    @cached_property
    def bases(self) -> tuple[int, ...]:
        """N_j = sum_c w_c n_jc for each item."""
        return tuple(sum(c.weight * c.valid[j] for c in self.sums) for j in range(len(self.items)))

    @cached_property
    def means(self) -> dict[str, Fraction]:
        """M_j = sum_c w_c S_jc / N_j for each item with a valid answer."""
        tops = (sum(c.weight * c.sums[j] for c in self.sums) for j in range(len(self.items)))
        rows = zip(self.items, tops, self.bases, strict=True)
        return {item: Fraction(top, base) for item, top, base in rows if base}

    def answered(self, j: int, codes: Sequence[int], *, weighted: bool = True) -> int:
        """Weighted (or plain) number of respondents whose answer to item j is one of the codes."""
        return sum(
            (c.weight if weighted else 1) * n for c in self.classes for code, n in c.answers[j].items() if code in codes
        )


def unit_figures(pool: Pool) -> list[Figure]:
    """Number of respondents, population, response share and weighting effect."""
    figures = [("", "n", str(pool.n))]
    populations = [c.population for c in pool.classes if c.population is not None]
    if populations:
        population = sum(populations)
        share = Fraction(100 * pool.n, population)
        figures += [("", "population", str(population)), ("", "response_share", half_up(share, SHARE_DIGITS))]
    squares = sum(c.weight * c.weight * c.n for c in pool.classes)
    effect = Fraction(pool.n * squares, sum(c.weight * c.n for c in pool.classes) ** 2)
    figures.append(("", "kish_effect", half_up(effect, EFFECT_DIGITS)))
    return figures


def item_figures(pool: Pool, *, scheme: Scheme) -> list[Figure]:
    """Mean, valid answers, satisfied and missing shares of each item; a share of nobody is left out."""
    figures: list[Figure] = []
    points = scheme.point_map
    missing = [code for code, name in MISSING_NAMES.items() if name != "not_asked"]
    for j, item in enumerate(pool.items):
        valid = list(points.points)
        if item in pool.means:
            figures.append((item, "mean", half_up(pool.means[item], scheme.digits)))
        figures.append((item, "valid_n", str(pool.answered(j, valid, weighted=False))))
        if pool.bases[j]:
            satisfied = Fraction(100 * pool.answered(j, points.satisfied), pool.bases[j])
            figures.append((item, "satisfied_share", half_up(satisfied, SHARE_DIGITS)))
        asked = pool.answered(j, [*valid, *missing])
        if asked:
            share = Fraction(100 * pool.answered(j, missing), asked)
            figures.append((item, "missing_share", half_up(share, SHARE_DIGITS)))
    return figures


@dataclass(frozen=True)
class Given:
    """Sealed inputs of one unit, as printed."""

    clustering_effect: str
    df: int
    critical: str


@dataclass(frozen=True)
class Score:
    """Exact score of a unit, its variance with clustering, and the figures made from them."""

    score: Fraction
    variance: Fraction
    figures: tuple[Figure, ...]

    def interval(self, critical: str | Decimal) -> tuple[Decimal, Decimal]:
        """score -/+ critical x sqrt(variance), with 50 digits and not clipped."""
        half = CONTEXT.multiply(Decimal(critical), square_root(self.variance))
        centre = decimal(self.score)
        return CONTEXT.subtract(centre, half), CONTEXT.add(centre, half)


def coefficients_of(recipe: Linear, items: Sequence[str]) -> list[Fraction]:
    """a_j in the order of the items."""
    return [recipe.coefficients.get(item, Fraction(0)) for item in items]


def score_figures(
    pool: Pool, *, tree: Node, entries: Mapping[str, Fraction], scheme: Scheme, given: Given
) -> Score | None:
    """Score with its variance, interval and grades; None when an item has no valid answer."""
    recipe = linear(tree, entries=entries)
    exact = recipe.value(pool.means)
    if exact is None:
        return None
    means = [pool.means.get(item, Fraction(0)) for item in pool.items]
    without = composite_variance(
        pool.sums, coefficients=coefficients_of(recipe, pool.items), means=means, bases=pool.bases
    )
    variance = without * Fraction(given.clustering_effect)
    bare = Score(exact, variance, ())
    low, high = (min(max(end, Decimal(0)), Decimal(100)) for end in bare.interval(given.critical))
    digits = scheme.digits
    rounded = {"score": half_up(exact, digits), "low": half_up(low, digits), "high": half_up(high, digits)}
    figures: list[Figure] = [("", "score", rounded["score"])]
    figures.append(("", "se", half_up(square_root(variance), digits + 2)))
    figures += [("", "low", rounded["low"]), ("", "high", rounded["high"]), ("", "variance", significant(variance))]
    if scheme.cuts:
        for statistic, of in (("grade", "score"), ("grade_low", "low"), ("grade_high", "high")):
            figures.append(("", statistic, grade(rounded[of], cuts=scheme.cuts)))
    return Score(exact, variance, tuple(figures))


def node_figures(pool: Pool, *, tree: Node, entries: Mapping[str, Fraction], scheme: Scheme) -> list[Figure]:
    """Score and points of every node whose items have means and whose entered figures are there."""
    figures: list[Figure] = []
    for node in node_scores(tree, means=pool.means, entries=entries):
        figures.append((f"node:{node.id}", "score", half_up(node.score, scheme.digits)))
        if node.points is not None:
            figures.append((f"node:{node.id}", "points", half_up(node.points, scheme.digits)))
    return figures
