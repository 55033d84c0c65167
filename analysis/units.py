"""Counting shown units and scoring a unit from the classes below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.clustering import LeafClusters, clustering_effect
from analysis.composite import linear
from analysis.dataset import Dataset
from analysis.engine import ClusterTally, Tally, answer_positions, tally, tally_clusters
from analysis.errors import SchemeError
from analysis.figures import (
    Figure,
    Given,
    Pool,
    ReleasedClass,
    Score,
    coefficients_of,
    item_figures,
    node_figures,
    score_figures,
    unit_figures,
)
from analysis.official import WeightedLeaf
from analysis.rounding import half_up
from analysis.scheme import Node, PointMap, Scheme

Entries = Mapping[str, Mapping[str, Fraction]]


@dataclass(frozen=True)
class CountedLeaf:
    """A shown scored unit with the counts that are released."""

    unit: str
    tree: Node
    classes: tuple[ReleasedClass, ...]
    clusters: ClusterTally | None


@dataclass(frozen=True)
class UnitResult:
    """A unit's pooled classes, the nodes that can be computed, its score if it has one, and its sealed inputs."""

    unit: str
    pool: Pool
    nodes: Sequence[Figure]
    score: Score | None = None
    given: Given | None = None

    def figures(self, *, scheme: Scheme, ranks: Sequence[Figure]) -> list[tuple[Figure, str]]:
        """All figures with their status: the unit's own, then its nodes, then its items."""
        own = [*unit_figures(self.pool), *(self.score.figures if self.score else ()), *ranks]
        rest = [*self.nodes, *item_figures(self.pool, scheme=scheme)]
        sealed = [("", name, value) for name, value in self.sealed()]
        return [
            *((figure, "public") for figure in own),
            *((figure, "sealed") for figure in sealed),
            *((figure, "public") for figure in rest),
        ]

    def sealed(self) -> list[tuple[str, str]]:
        """Names and values of the given inputs."""
        if self.given is None:
            return []
        given = self.given
        return [("clustering_effect", given.clustering_effect), ("df", str(given.df)), ("critical", given.critical)]


def count_leaf(dataset: Dataset, *, leaf: WeightedLeaf, names: Sequence[str], point_map: PointMap) -> CountedLeaf:
    """Count one shown unit: answers and pairs of answers by class, and sums by PSU.

    Parameters
    ----------
    names : sequence of str
        Names of the weighting cells.
    """
    rows, items = leaf.leaf.rows, leaf.leaf.items
    answers = {item: dataset.items[item][rows] for item in items}
    positions = answer_positions(answers, names=items, point_map=point_map)
    keys = [(leaf.leaf.unit, label) for label in leaf.labels]
    counted = tally(positions, items=items, rows=leaf.class_of_row, keys=keys, point_map=point_map)
    clusters = None
    if dataset.psu_column is not None:
        psu = dataset.labels[dataset.psu_column].codes[rows].astype("int64")
        clusters = tally_clusters(positions, items=items, rows=leaf.class_of_row, psu=psu, point_map=point_map)
    return CountedLeaf(leaf.leaf.unit, leaf.leaf.tree, _released(leaf, counted, names), clusters)


def _released(leaf: WeightedLeaf, counted: Tally, names: Sequence[str]) -> tuple[ReleasedClass, ...]:
    counts, products = counted.counts.tolist(), counted.products.tolist()
    return tuple(
        ReleasedClass(
            leaf.leaf.unit,
            label,
            tuple(names[cell] for cell in leaf.collapsed.classes[row]),
            leaf.n[row],
            leaf.populations[row],
            leaf.weights[row],
            [dict(zip(counted.codes, answers, strict=True)) for answers in counts[row]],
            dict(zip(counted.pairs, products[row], strict=True)),
        )
        for row, label in enumerate(leaf.labels)
    )


def critical_value(df: int, *, confidence: Fraction) -> str:
    """Two-sided t quantile, four decimals."""
    from scipy.special import stdtrit

    return half_up(float(stdtrit(df, (1.0 + float(confidence)) / 2.0)), 4)


def score_unit(
    unit: str, *, leaves: Sequence[CountedLeaf], tree: Node, entries: Mapping[str, Fraction], scheme: Scheme
) -> UnitResult:
    """Pool the classes of a unit's shown leaves and score them.

    Parameters
    ----------
    entries : Mapping
        Entered figures of the unit. Where its tree needs one that is absent, or an item without a valid answer, the
        unit has no score.
    """
    pool = Pool(tree.items(), tuple(c for leaf in leaves for c in leaf.classes))
    nodes = node_figures(pool, tree=tree, entries=entries, scheme=scheme)
    if any(name not in entries for name in tree.entries()) or any(item not in pool.means for item in pool.items):
        return UnitResult(unit, pool, nodes)
    given = _given(pool, leaves=leaves, tree=tree, entries=entries, scheme=scheme)
    score = score_figures(pool, tree=tree, entries=entries, scheme=scheme, given=given)
    return UnitResult(unit, pool, nodes, score, given)


def _given(
    pool: Pool, *, leaves: Sequence[CountedLeaf], tree: Node, entries: Mapping[str, Fraction], scheme: Scheme
) -> Given:
    clustering = clustering_effect(
        [LeafClusters([c.sums() for c in leaf.classes], leaf.clusters) for leaf in leaves],
        coefficients=coefficients_of(linear(tree, entries=entries), pool.items),
        means=[pool.means[item] for item in pool.items],
        bases=pool.bases,
    )
    critical = critical_value(clustering.df, confidence=scheme.confidence)
    return Given(half_up(clustering.effect, 3), clustering.df, critical)


def entries_of(unit: str, *, tree: Node, entries: Entries, leaf: bool) -> Mapping[str, Fraction]:
    """The unit's entered figures that its tree uses; a parent may lack some and then has no score.

    Raises
    ------
    SchemeError
        A scored unit lacks a figure that its tree needs.
    """
    own = entries.get(unit, {})
    lacking = [name for name in tree.entries() if name not in own]
    if leaf and lacking:
        raise SchemeError(
            f"entries: unit {unit} lacks a figure its tree needs",
            got=", ".join(own) or "no entries",
            expected=", ".join(lacking),
            hint="enter it, or take the branch out of the scheme",
        )
    return {name: own[name] for name in tree.entries() if name in own}
