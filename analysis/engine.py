"""Sufficient statistics: integer counts and products per weighting class, which simply add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.errors import DatasetError
from analysis.scheme import PointMap

IntArray = npt.NDArray[np.int64]
Key = tuple[str, str]

MISSING_NAMES = {-1: "not_asked", -2: "skipped", -3: "refused", -4: "dont_know", -5: "not_applicable"}


@dataclass(frozen=True)
class Tally:
    """Counts of answers and of pairs of answers for some weighting classes.

    Attributes
    ----------
    keys : tuple of (unit, class label)
        What each row stands for.
    items : tuple of str
        Items in scheme order.
    points : Mapping of answer code to points
    n : ndarray, shape (rows,)
        Respondents.
    counts : ndarray, shape (rows, items, codes)
        Respondents by answer, codes as in `codes`.
    products : ndarray, shape (rows, pairs, 4)
        n, sum_a, sum_b, sum_ab in points over respondents with both answers valid, pairs as in `pairs`.
    """

    keys: tuple[Key, ...]
    items: tuple[str, ...]
    points: Mapping[int, int]
    n: IntArray
    counts: IntArray
    products: IntArray

    @property
    def codes(self) -> tuple[int, ...]:
        """Valid codes upwards, then the missing codes from -1 down."""
        return (*sorted(self.points), *MISSING_NAMES)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Positions (a, b) of the item pairs, a <= b, in scheme order."""
        return tuple(combinations_with_replacement(range(len(self.items)), 2))

    def __add__(self, other: Tally) -> Tally:
        """The statistics of both sets of respondents together."""
        same = (self.keys, self.items, dict(self.points)) == (other.keys, other.items, dict(other.points))
        if not same:
            raise DatasetError(
                "statistics of different classes, items or points cannot be added",
                got=f"{len(other.keys)} classes of {', '.join(other.items)}",
                expected=f"{len(self.keys)} classes of {', '.join(self.items)}",
            )
        return Tally(
            self.keys,
            self.items,
            self.points,
            self.n + other.n,
            self.counts + other.counts,
            self.products + other.products,
        )

    def to_json(self) -> dict[str, Any]:
        """A JSON document of integers and strings that `Tally.from_json` reads back."""
        return {
            "keys": [list(key) for key in self.keys],
            "items": list(self.items),
            "points": {str(code): value for code, value in self.points.items()},
            "n": self.n.tolist(),
            "counts": self.counts.tolist(),
            "products": self.products.tolist(),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Tally:
        """Read what `to_json` wrote."""
        rows, items = len(document["keys"]), len(document["items"])
        n_codes = len(document["points"]) + len(MISSING_NAMES)
        return cls(
            tuple((str(unit), str(label)) for unit, label in document["keys"]),
            tuple(document["items"]),
            {int(code): int(value) for code, value in document["points"].items()},
            np.array(document["n"], dtype=np.int64),
            np.array(document["counts"], dtype=np.int64).reshape(rows, items, n_codes),
            np.array(document["products"], dtype=np.int64).reshape(rows, items * (items + 1) // 2, 4),
        )


def answer_positions(
    items: Mapping[str, npt.NDArray[np.int8]], *, names: Sequence[str], point_map: PointMap
) -> dict[str, IntArray]:
    """Position of each answer among the codes of a `Tally`.

    Raises
    ------
    DatasetError
        An item holds an answer code to which the scheme gives no points; names item, code and count.
    """
    codes = (*sorted(point_map.points), *MISSING_NAMES)
    lookup = np.full(256, -1, dtype=np.int64)
    for position, code in enumerate(codes):
        lookup[code + 128] = position
    found: dict[str, IntArray] = {}
    for name in names:
        positions: IntArray = lookup[items[name].astype(np.int64) + 128]
        if (positions < 0).any():
            wrong = items[name][positions < 0]
            raise DatasetError(
                f"item {name}: code {int(wrong[0])} of {len(wrong)} respondents has no points in the scheme",
                got=str(sorted({int(code) for code in wrong})),
                expected=str(sorted(point_map.points)),
                hint="give the code points in the map step, or declare it a missing code",
            )
        found[name] = positions
    return found


def tally(
    positions: Mapping[str, IntArray],
    *,
    items: Sequence[str],
    rows: IntArray,
    keys: Sequence[Key],
    point_map: PointMap,
) -> Tally:
    """Count answers and pairs of answers by class.

    Parameters
    ----------
    positions : Mapping of item to ndarray, shape (n,)
        From `answer_positions`, for the respondents counted.
    items : sequence of str
    rows : ndarray of int, shape (n,)
        Each respondent's class, a position in `keys`.
    keys : sequence of (unit, class label)
    point_map : PointMap

    Notes
    -----
    Everything is a count, so sums are exact and do not depend on the order of respondents.
    """
    n_rows, n_valid = len(keys), len(point_map.points)
    n_codes = n_valid + len(MISSING_NAMES)
    values = np.array([point_map.points[code] for code in sorted(point_map.points)], dtype=np.int64)
    counts = np.zeros((n_rows, len(items), n_codes), dtype=np.int64)
    for place, name in enumerate(items):
        counts[:, place] = _count(rows, positions[name], n_rows, n_codes)
    # Every missing code shares one position in the tables of pairs.
    clipped = {name: np.minimum(positions[name], n_valid) for name in items}
    pairs = list(combinations_with_replacement(range(len(items)), 2))
    products = np.zeros((n_rows, len(pairs), 4), dtype=np.int64)
    for place, (a, b) in enumerate(pairs):
        joint = clipped[items[a]] * (n_valid + 1) + clipped[items[b]]
        table = _count(rows, joint, n_rows, (n_valid + 1) ** 2).reshape(n_rows, n_valid + 1, n_valid + 1)
        valid = table[:, :n_valid, :n_valid]
        products[:, place, 0] = valid.sum(axis=(1, 2))
        products[:, place, 1] = valid.sum(axis=2) @ values
        products[:, place, 2] = valid.sum(axis=1) @ values
        products[:, place, 3] = (valid @ values) @ values
    n = np.bincount(rows, minlength=n_rows).astype(np.int64)
    return Tally(tuple(keys), tuple(items), dict(point_map.points), n, counts, products)


def _count(rows: IntArray, codes: IntArray, n_rows: int, n_codes: int) -> IntArray:
    table = np.bincount(rows * n_codes + codes, minlength=n_rows * n_codes)
    return table.astype(np.int64).reshape(n_rows, n_codes)


@dataclass(frozen=True)
class ClusterTally:
    """Sums per occupied (PSU, class) pair of one scored unit.

    Attributes
    ----------
    n_psu : int
    psu, row : ndarray of int, shape (m,)
        PSU and class position of each pair.
    n : ndarray, shape (m,)
    valid, sums : ndarray, shape (m, items)
        Valid answers and their sum in points.
    """

    n_psu: int
    psu: IntArray
    row: IntArray
    n: IntArray
    valid: IntArray
    sums: IntArray


def tally_clusters(
    positions: Mapping[str, IntArray],
    *,
    items: Sequence[str],
    rows: IntArray,
    psu: IntArray,
    point_map: PointMap,
) -> ClusterTally:
    """Sum valid answers by PSU and class; a respondent of unknown PSU (-1) is a PSU of its own."""
    values = np.array([point_map.points[code] for code in sorted(point_map.points)] + [0], dtype=np.int64)
    alone = psu < 0
    own = np.where(alone, int(psu.max(initial=-1)) + np.cumsum(alone), psu)
    labels, cluster = np.unique(own, return_inverse=True)
    width = int(rows.max(initial=0)) + 1
    pairs, place = np.unique(cluster * width + rows, return_inverse=True)
    valid = np.zeros((len(pairs), len(items)), dtype=np.int64)
    sums = np.zeros_like(valid)
    for column, name in enumerate(items):
        table = _count(place, np.minimum(positions[name], len(values) - 1), len(pairs), len(values))
        valid[:, column] = table[:, :-1].sum(axis=1)
        sums[:, column] = table @ values
    n = np.bincount(place, minlength=len(pairs)).astype(np.int64)
    return ClusterTally(len(labels), pairs // width, pairs % width, n, valid, sums)
