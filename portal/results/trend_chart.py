"""Where the marks of a trend stand: time runs across in percent, scores upwards in pixels, so text keeps its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise

from .charts import Scale, text_width
from .trend import TrendPoint

SIGN, TOP, DEPTH, FOOT = 13, 46, 150, 30
"""Pixels from the top to the signs of breaks, to the scale, of the scale itself, and below it for the days."""
LEFT, RIGHT = 14, 88
"""Percent across of the first and the last point; the numbers of the scale stand left of them."""
NARROWEST = 284
"""Pixels that a chart has on a screen of 320."""
ROOM = 11
"""Percent across that a score or the sign of a break takes there."""


@dataclass(frozen=True)
class TrendDot:
    """One score; `label` and `score` are empty where there is no room for them."""

    x: str
    y: str
    top: str
    bottom: str
    text_y: str
    label: str
    score: str
    is_marked: bool
    is_own: bool


@dataclass(frozen=True)
class Join:
    """From one dot to the next."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class TrendBreak:
    """Between two dots that no line joins; `number` is that of its reasons, `y` where the sign stands."""

    x: str
    y: int
    number: int


@dataclass(frozen=True)
class TrendChart:
    """A chart of scores over time."""

    scale: Scale
    ticks: tuple[tuple[int, str], ...]
    dots: tuple[TrendDot, ...]
    joins: tuple[Join, ...]
    breaks: tuple[TrendBreak, ...]
    top: int = TOP
    foot: int = TOP + DEPTH
    height: int = TOP + DEPTH + FOOT


def trend_chart(points: Sequence[TrendPoint], labels: Sequence[str], own: str) -> TrendChart:
    """Lay out two or more points; `labels` say when each was, `own` is the release that is being read."""
    scale = Scale.around(Decimal(end) for one in points for end in (one.score.low, one.score.high))
    across = _across([date.fromisoformat(one.fielding.closes_on) for one in points])
    shown = _labelled(across, labels)
    dots = tuple(
        _dot(scale, point, x, label, point.release.name == own, _is_free(x, across))
        for point, x, label in zip(points, across, shown, strict=True)
    )
    joined = [(a, b) for (a, p), (b, q) in pairwise(zip(dots, points, strict=True)) if p.segment == q.segment]
    middles = [(a + b) / 2 for (a, _), (b, q) in pairwise(zip(across, points, strict=True)) if q.breaks]
    return TrendChart(
        scale,
        tuple((value, _height(scale, Decimal(value))) for value in scale.ticks()),
        dots,
        tuple(Join(a.x, a.y, b.x, b.y) for a, b in joined),
        _breaks(middles),
    )


def _across(days: Sequence[date]) -> list[float]:
    """Percent across by day; neighbours keep a little room between them."""
    whole = (days[-1] - days[0]).days
    gaps = [max((b - a).days, whole // 20, 1) for a, b in pairwise(days)]
    return [LEFT + (RIGHT - LEFT) * passed / sum(gaps) for passed in accumulate(gaps, initial=0)]


def _labelled(across: Sequence[float], labels: Sequence[str]) -> list[str]:
    """The labels that fit side by side on the narrowest screen: the last one, and what has room before it."""
    room = 100 * (max(map(text_width, labels)) + 8) / NARROWEST
    shown = [""] * len(labels)
    free_below = float("inf")
    for place in reversed(range(len(labels))):
        if across[place] <= free_below:
            shown[place], free_below = labels[place], across[place] - room
    return shown


def _is_free(x: float, across: Sequence[float]) -> bool:
    """Whether a score can stand above its dot without covering a neighbour."""
    return sum(abs(x - other) < ROOM for other in across) == 1


def _breaks(middles: Sequence[float]) -> tuple[TrendBreak, ...]:
    """The signs of the breaks, every other one lower where they are close together."""
    found: list[TrendBreak] = []
    for number, x in enumerate(middles, 1):
        is_close = bool(found) and x - middles[number - 2] < ROOM and found[-1].y == SIGN
        found.append(TrendBreak(f"{x:.2f}", SIGN + 14 if is_close else SIGN, number))
    return tuple(found)


def _dot(scale: Scale, point: TrendPoint, x: float, label: str, is_own: bool, is_free: bool) -> TrendDot:
    y, top, bottom = (_height(scale, Decimal(one)) for one in (point.score.score, point.score.high, point.score.low))
    text_y = f"{float(top) - 7:.1f}"
    score = point.score.score if is_own or (is_free and label) else ""
    return TrendDot(f"{x:.2f}", y, top, bottom, text_y, label, score, bool(point.marks), is_own)


def _height(scale: Scale, value: Decimal) -> str:
    """Pixels from the top of the drawing."""
    return format(TOP + DEPTH * (1 - Decimal(scale.at(value)) / 100), ".1f")
