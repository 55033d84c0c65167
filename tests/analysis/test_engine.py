"""Sufficient statistics."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.engine import Tally, answer_positions, tally, tally_clusters
from analysis.errors import DatasetError
from analysis.scheme import PointMap

POINTS = PointMap({1: 0, 2: 25, 3: 50, 4: 75, 5: 100}, (4, 5))
ITEMS = ("a", "b")
KEYS = (("u", "c01"), ("u", "c02"))
CODES = st.sampled_from([1, 2, 3, 4, 5, -1, -2, -3, -4, -5])
RESPONDENTS = st.lists(st.tuples(st.integers(0, 1), CODES, CODES), min_size=1, max_size=40)


def count(respondents):
    """The statistics of some (class, answer a, answer b)."""
    table = np.array(respondents, dtype=np.int64).reshape(-1, 3)
    answers = {"a": table[:, 1].astype(np.int8), "b": table[:, 2].astype(np.int8)}
    positions = answer_positions(answers, names=ITEMS, point_map=POINTS)
    return tally(positions, items=ITEMS, rows=table[:, 0], keys=KEYS, point_map=POINTS)


@given(RESPONDENTS)
def test_counts_and_products_are_those_of_a_loop(respondents):
    """Every count and every sum of points equals what one respondent at a time gives."""
    made = count(respondents)
    for row in range(2):
        mine = [r[1:] for r in respondents if r[0] == row]
        assert made.n[row] == len(mine)
        for item in range(2):
            for place, code in enumerate(made.codes):
                assert made.counts[row, item, place] == sum(r[item] == code for r in mine)
        for place, (a, b) in enumerate(made.pairs):
            both = [(POINTS.points[r[a]], POINTS.points[r[b]]) for r in mine if r[a] > 0 and r[b] > 0]
            expected = [len(both), sum(x for x, _ in both), sum(y for _, y in both), sum(x * y for x, y in both)]
            assert made.products[row, place].tolist() == expected


@settings(max_examples=50)
@given(RESPONDENTS, RESPONDENTS, st.randoms(use_true_random=False))
def test_statistics_add_up_in_any_order(first, second, random):
    """Two parts added equal the whole, shuffled or not, and survive JSON."""
    whole = first + second
    random.shuffle(whole)
    made, added = count(whole), count(first) + count(second)
    read = Tally.from_json(json.loads(json.dumps(added.to_json())))
    for other in (added, read):
        assert (other.keys, other.items, other.points) == (made.keys, made.items, made.points)
        for name in ("n", "counts", "products"):
            assert np.array_equal(getattr(other, name), getattr(made, name))


def test_different_statistics_do_not_add():
    """Statistics of other classes are refused."""
    made = count([(0, 1, 1)])
    with pytest.raises(DatasetError, match="cannot be added"):
        made + replace(made, keys=(("u", "c01"), ("v", "c01")))


def test_a_code_without_points_is_named():
    """Item, code and count of an answer the scheme does not know."""
    with pytest.raises(DatasetError, match="item a: code 9 of 2 respondents"):
        answer_positions({"a": np.array([1, 9, 9], dtype=np.int8)}, names=["a"], point_map=POINTS)


def test_unknown_psus_stand_alone():
    """Two respondents of unknown PSU are two PSUs; sums go to the right pair."""
    answers = {"a": np.array([5, 3, -2, 1], dtype=np.int8)}
    positions = answer_positions(answers, names=["a"], point_map=POINTS)
    rows, psu = np.array([0, 1, 0, 0]), np.array([2, 2, -1, -1])
    made = tally_clusters(positions, items=["a"], rows=rows, psu=psu, point_map=POINTS)
    assert made.n_psu == 3
    found = list(zip(made.psu.tolist(), made.row.tolist(), made.n.tolist(), made.sums[:, 0].tolist(), strict=True))
    assert found == [(0, 0, 1, 100), (0, 1, 1, 50), (1, 0, 1, 0), (2, 0, 1, 0)]
    assert made.valid[:, 0].tolist() == [1, 1, 0, 1]
