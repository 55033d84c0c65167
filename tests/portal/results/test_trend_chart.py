"""The drawing of a trend: what stands where, what is joined, and which texts there is room for."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from portal.results.comparing import Break, Comparison, Note
from portal.results.fieldings import Fielding, Score
from portal.results.gate import Published
from portal.results.recipe import Recipe
from portal.results.trend import TrendPoint
from portal.results.trend_chart import TrendChart, trend_chart


def drawn(*ends: str, segments: tuple[int, ...], own: str = "") -> TrendChart:
    """Points that ended on these days, all 50 to 60 with a score of 55."""
    points: list[TrendPoint] = []
    for day, segment in zip(ends, segments, strict=True):
        release = Published(day, 1, {}, "", datetime(2026, 1, 1, tzinfo=UTC), "", None, True)
        fielding = Fielding("w", day, day, ("", "", ""), "", "", "", "", Recipe({}, {}, frozenset(), (), {}, (), "95"))
        breaks = (Note(Break.SCHEME),) if points and segment != points[-1].segment else ()
        score = Score("55.00", "50.00", "60.00", "40")
        points.append(TrendPoint(release, fielding, score, segment, Comparison(breaks, ()), None))
    return trend_chart(points, [day[:7] for day in ends], own)


def test_dots_stand_by_day_and_scores_by_height() -> None:
    """A quarter of the time is a quarter of the way; 55 is a quarter of the scale from 50 to 70."""
    chart = drawn("2026-01-01", "2026-01-31", "2026-05-01", segments=(1, 1, 1))
    assert [dot.x for dot in chart.dots] == ["14.00", "32.50", "88.00"]
    whole = chart.foot - chart.top
    assert [float(getattr(chart.dots[0], end)) - chart.top for end in ("y", "top", "bottom")] == [
        0.75 * whole,
        0.5 * whole,
        whole,
    ]
    assert [(join.x1, join.x2) for join in chart.joins] == [("14.00", "32.50"), ("32.50", "88.00")]
    assert chart.breaks == ()


def test_no_line_crosses_a_break() -> None:
    """Two segments of two points: two lines, and the sign of the break in the middle between them."""
    chart = drawn("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", segments=(1, 1, 2, 2))
    assert [(join.x1, join.x2) for join in chart.joins] == [
        (chart.dots[0].x, chart.dots[1].x),
        (chart.dots[2].x, chart.dots[3].x),
    ]
    (sign,) = chart.breaks
    assert sign.number == 1
    assert float(sign.x) == pytest.approx((float(chart.dots[1].x) + float(chart.dots[2].x)) / 2, abs=0.01)


def test_texts_of_a_crowded_drawing_do_not_cover_each_other() -> None:
    """Days keep their room, scores are told where they fit and of the release that is read, signs step aside."""
    ends = [f"{2016 + n // 4}-{3 * (n % 4) + 1:02d}-01" for n in range(40)]
    chart = drawn(*ends, segments=tuple(n // 2 for n in range(40)), own=ends[17])
    labelled = [float(dot.x) for dot in chart.dots if dot.label]
    assert labelled[-1] == 88
    assert all(b - a >= 100 * 57 / 284 for a, b in pairwise(labelled))
    assert len(labelled) >= 3
    assert [dot.is_own for dot in chart.dots if dot.score] == [True]
    rows = [one.y for one in chart.breaks]
    assert all(a != b for a, b in pairwise(rows))


def test_waves_that_end_on_one_day_stand_side_by_side() -> None:
    """No point hides another."""
    chart = drawn("2026-01-01", "2026-01-01", segments=(1, 2))
    assert [dot.x for dot in chart.dots] == ["14.00", "88.00"]
