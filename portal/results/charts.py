"""Where the marks of a chart stand. Positions across are percentages, so that text keeps its size on any screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from unicodedata import east_asian_width

LINE = 18
"""Height of one line of text, in the units of the drawing."""
NAME_WIDTH = 200
"""What a name may take of the narrowest screen, beside its score."""


@dataclass(frozen=True)
class Scale:
    """A piece of 0..100 that holds every interval, ending at full tens."""

    low: int
    high: int

    @classmethod
    def around(cls, values: Iterable[Decimal]) -> Scale:
        found = list(values)
        low = int((min(found) / 10).to_integral_value(ROUND_FLOOR)) * 10
        high = int((max(found) / 10).to_integral_value(ROUND_CEILING)) * 10
        low = min(low, 80)
        return cls(low, max(high, low + 20))

    def at(self, value: Decimal | int) -> str:
        """How far along the scale, in percent."""
        return format(100 * (Decimal(value) - self.low) / (self.high - self.low), ".2f")

    def ticks(self) -> list[int]:
        step = 10 if self.high - self.low <= 50 else 20 if self.high - self.low <= 80 else 25
        return [*range(self.low, self.high, step), self.high]


@dataclass(frozen=True)
class Dot:
    """One unit: its name in lines, its score, and where its mark and interval stand."""

    lines: tuple[str, ...]
    score: str
    top: int
    y: int
    x: str
    start: str
    end: str


@dataclass(frozen=True)
class Tick:
    value: int
    x: str
    anchor: str


@dataclass(frozen=True)
class DotChart:
    """A chart of scores with their intervals."""

    scale: Scale
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    top: int
    height: int


def dot_chart(rows: Sequence[tuple[str, str, str, str]]) -> DotChart:
    """Lay out (name, score, low, high), one below the other."""
    scale = Scale.around(Decimal(end) for row in rows for end in row[2:])
    dots: list[Dot] = []
    top = LINE
    for name, score, low, high in rows:
        lines = wrap(name, NAME_WIDTH)
        y = top + LINE * len(lines) + 12
        at = [scale.at(Decimal(value)) for value in (score, low, high)]
        dots.append(Dot(lines, score, top, y, *at))
        top = y + 12
    ticks = [Tick(value, scale.at(value), "middle") for value in scale.ticks()]
    ends = (Tick(ticks[0].value, "0", "start"), *ticks[1:-1], Tick(ticks[-1].value, "100", "end"))
    return DotChart(scale, tuple(dots), ends, LINE, top)


def wrap(text: str, width: int, *, lines: int = 3) -> tuple[str, ...]:
    """Break a name into at most so many lines of about this width; the rest of a longer one is left out."""
    found = [""]
    for part in _parts(text):
        if found[-1] and text_width(found[-1] + part.rstrip()) > width:
            found.append("")
        found[-1] += part
    kept = [line.strip() for line in found]
    return tuple(kept[:lines]) if len(kept) <= lines else (*kept[: lines - 1], kept[lines - 1] + "…")


def _parts(text: str) -> list[str]:
    """Where a line may break: after a space and around every wide character."""
    parts = [""]
    for mark in text:
        if _is_wide(mark) or (parts[-1] and (_is_wide(parts[-1][-1]) or parts[-1].endswith(" "))):
            parts.append("")
        parts[-1] += mark
    return [part for part in parts if part]


def _is_wide(mark: str) -> bool:
    return east_asian_width(mark) in "WF"


def text_width(text: str) -> int:
    return sum(14 if _is_wide(mark) else 7 for mark in text)


@dataclass(frozen=True)
class Segment:
    """One answer in a bar; `tone` is 0 (worst) to 4 (best), `label` its share where there is room for it."""

    x: str
    width: str
    middle: str
    tone: int
    label: str


def tone_of(points: int) -> int:
    """0 for the worst answer to 4 for the best, in equal steps, so that five answers get five tones."""
    return min(4, (points + 12) // 25)


def stacked_bar(parts: Sequence[tuple[str, int]]) -> tuple[Segment, ...]:
    """Lay out (percent, points) of one question, end to end."""
    total = sum((Decimal(share) for share, _ in parts), Decimal(0)) or Decimal(1)
    segments: list[Segment] = []
    start = Decimal(0)
    for share, points in parts:
        width = 100 * Decimal(share) / total
        if width:
            label = share if width >= 15 else ""
            middle = start + width / 2
            at = [format(place, ".2f") for place in (start, width, middle)]
            segments.append(Segment(at[0], at[1], at[2], tone_of(points), label))
        start += width
    return tuple(segments)
