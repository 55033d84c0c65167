"""Weighting cells and how they are collapsed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.classes import Grid, cell_codes, collapse
from analysis.dataset import Labels
from analysis.errors import MarginError, WeightError
from analysis.plan import Dimension

GRID = Grid((Dimension("channel", ("window", "online")), Dimension("period", ("07", "08", "09"))))


def labels(values):
    """A column of labels."""
    categories = tuple(sorted({value for value in values if value is not None}))
    return Labels(np.array([-1 if v is None else categories.index(v) for v in values], dtype=np.int32), categories)


def test_cells_are_numbered_in_declared_order():
    """The last dimension runs fastest, whatever order the data come in."""
    columns = {"channel": labels(["online", "window"]), "period": labels(["07", "09"])}
    assert cell_codes(columns, grid=GRID, n_rows=2).tolist() == [3, 2]
    assert GRID.names()[3] == "online|07" and Grid(()).names() == ("",)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["post", "post", "window"], "column channel: category 'post' of 2 respondents.*hint"),
        (["window", None, "window"], "column channel: 1 respondents have no category.*unknown_class"),
    ],
)
def test_a_category_outside_the_margin_is_named(values, message):
    """The error names column, category, count and what to do."""
    with pytest.raises(MarginError, match=message):
        cell_codes({"channel": labels(values), "period": labels(["07"] * 3)}, grid=GRID, n_rows=3)


def test_a_missing_weighting_column_is_named():
    """A dimension of the plan must be a column of the dataset."""
    with pytest.raises(MarginError, match="column period"):
        cell_codes({"channel": labels(["window"])}, grid=GRID, n_rows=1)


def test_collapse_by_hand():
    """window|09 (2) joins window|08, its neighbour; online|07 (5) is then the smallest and joins window|07."""
    made = collapse({0: 30, 1: 20, 2: 2, 3: 5}, grid=GRID, minimum=10)
    assert made.classes == ((0, 3), (1, 2))
    assert [(merge.cells, merge.n, merge.into, merge.into_n) for merge in made.merges] == [
        ((2,), 2, (1,), 20),
        ((3,), 5, (0,), 30),
    ]


def test_ties_fall_to_declared_order():
    """Two classes equally small: the first is merged first; two equally near: the first takes it."""
    made = collapse({0: 4, 1: 50, 2: 4}, grid=GRID, minimum=5)
    assert [merge.cells for merge in made.merges] == [(0,), (2,)]
    assert collapse({0: 50, 1: 3, 2: 50}, grid=GRID, minimum=5).classes == ((0, 1), (2,))


def test_the_last_class_stays():
    """When everything is one class and still too small, collapsing stops."""
    assert collapse({0: 1, 5: 2}, grid=GRID, minimum=10).classes == ((0, 5),)


def test_a_minimum_of_nobody_is_refused():
    """A class must hold somebody."""
    with pytest.raises(WeightError):
        collapse({0: 1}, grid=GRID, minimum=0)


@given(st.dictionaries(st.integers(0, 5), st.integers(0, 25), min_size=1), st.integers(1, 15))
def test_classes_hold_at_least_the_minimum(counts, minimum):
    """Every class has >= k respondents or is the only one; every cell stands in one class; merges add up."""
    made = collapse(counts, grid=GRID, minimum=minimum)
    sizes = [sum(counts[cell] for cell in members) for members in made.classes]
    assert len(sizes) == 1 or min(sizes) >= minimum
    assert sorted(cell for members in made.classes for cell in members) == sorted(counts)
    assert len(made.merges) == len(counts) - len(made.classes)
    assert [members[0] for members in made.classes] == sorted(members[0] for members in made.classes)
