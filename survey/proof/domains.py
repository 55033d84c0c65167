"""Which answers a question takes, and the few of them that conditions tell apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property, partial

from survey.logic import Value, evaluate
from survey.parts import LARGEST_NUMBER
from survey.questions import DateQuestion, NumberQuestion

from .sums import turning_points
from .truth import Atom, Range

MOST_LISTED = 300  # values of which all are tried where conditions compare answers with each other
SMALL_GRID = 64
USUAL_DAY = "2000-01-01"
_DIGITS = {"day": 10, "month": 7, "year": 4}


class Domain:
    """The answers that a question takes."""

    def range(self, name: str, alone: Sequence[Atom], linked: Sequence[Atom]) -> Range:
        """Values of every kind that these comparisons tell apart: `alone` read no other variable, `linked` do."""
        raise NotImplementedError

    def near(self, points: Iterable[Value]) -> list[Value]:
        """Answers at and beside these values, as far as the question takes them."""
        raise NotImplementedError

    def at(self, day: Value) -> Domain:
        """The answers it takes on one day."""
        return self


@dataclass(frozen=True)
class Listed(Domain):
    """A code out of a list."""

    values: tuple[Value, ...]

    def range(self, name: str, alone: Sequence[Atom], linked: Sequence[Atom]) -> Range:
        points = [point for atom in alone for point in turning_points(atom.ast, name)]
        numbers = [value for value in self.values if isinstance(value, int)]
        bounds = (min(numbers), max(numbers)) if numbers else None
        if linked:
            chosen = (*self.near(points), *self.values)
            is_exact = len(self.values) <= MOST_LISTED
            return Range(tuple(dict.fromkeys(chosen))[:MOST_LISTED], False, is_exact, is_exact, bounds, (1, 1))
        others = [value for value in self.values if value not in points][:2]
        ends = (self.values[0], self.values[-1]) if self.values else ()
        return Range(unlike(name, [*self.near(points), *others, *ends], alone), False, bounds=bounds, sizes=(1, 1))

    def near(self, points: Iterable[Value]) -> list[Value]:
        """The points themselves, and the next codes below and above them."""
        found: list[Value] = []
        codes = sorted(value for value in self.values if isinstance(value, int))
        for point in points:
            if isinstance(point, str):
                found += [point] if point in self.values else []
            elif isinstance(point, (int, Decimal)) and codes:
                place = bisect_left(codes, point)
                beside = [*codes[place : place + 2], *codes[max(place - 1, 0) : place]]
                found += sorted(beside, key=lambda code: code != point)
        return found


@dataclass(frozen=True)
class Grid(Domain):
    """Evenly spaced values from the first to the last: numbers or days."""

    first: int
    last: int
    usual: Value

    def value(self, place: int) -> Value:
        """The value at one place of the grid."""
        raise NotImplementedError

    def place(self, point: Value) -> int | None:
        """The last place at or below a point; None where the point has no place in this order."""
        raise NotImplementedError

    def takes(self, value: Value) -> bool:
        """Whether the value stands on the grid."""
        place = self.place(value)
        return place is not None and self.first <= place <= self.last and self.value(place) == value

    def near(self, points: Iterable[Value]) -> list[Value]:
        found: list[Value] = []
        for point in points:
            place = self.place(point)
            if place is not None:
                around = (place, place + 1, place - 1)
                found += [self.value(one) for one in around if self.first <= one <= self.last]
        return found

    def range(self, name: str, alone: Sequence[Atom], linked: Sequence[Atom]) -> Range:
        if self.first > self.last:
            return Range((), False)
        ends = [self.value(self.first), self.value(self.last)]
        points = [point for atom in (*alone, *linked) for point in turning_points(atom.ast, name)]
        chosen = [*self.near(points), *([self.usual] if self.takes(self.usual) else []), *ends]
        bounds = (ends[0], ends[1])
        if not linked:
            return Range(unlike(name, chosen, alone), False, bounds=bounds)
        if self.last - self.first < SMALL_GRID:
            chosen += [self.value(place) for place in range(self.first, self.last + 1)]
            return Range(tuple(dict.fromkeys(chosen)), False, bounds=bounds)
        is_exact = len({atom.names for atom in linked}) == 1 and all(map(_is_between_two, linked))
        return Range(tuple(dict.fromkeys(chosen)), False, is_exact=is_exact, bounds=bounds)


def _is_between_two(atom: Atom) -> bool:
    """Whether it compares two answers with each other, so that each of them turns it at the other or a step beside."""
    return len(atom.names) == 2 and (
        atom.difference is None or all(abs(n) == 1 for n in atom.difference.terms.values())
    )


@dataclass(frozen=True)
class Numbers(Grid):
    """Decimals with so many places behind the point."""

    decimals: int = 0

    def value(self, place: int) -> Value:
        number = Decimal(place).scaleb(-self.decimals)
        return int(number) if number == number.to_integral_value() else number.normalize()

    def place(self, point: Value) -> int | None:
        if not isinstance(point, (int, Decimal)):
            return None
        return int(Decimal(point).scaleb(self.decimals).to_integral_value(ROUND_FLOOR))


@dataclass(frozen=True)
class Days(Grid):
    """Days, months or years, as ISO texts; a bound may be the day of the answer."""

    precision: str = "day"
    question: DateQuestion | None = None

    def value(self, place: int) -> Value:
        if self.precision == "day":
            return date.fromordinal(place).isoformat()
        return f"{place // 12:04d}-{place % 12 + 1:02d}" if self.precision == "month" else f"{place:04d}"

    def place(self, point: Value) -> int | None:
        if not isinstance(point, str):
            return None
        low, high = _all_days(self.precision)
        if len(point) == len("2000-01-01"):
            with suppress(ValueError):
                return _place_of(date.fromisoformat(point), self.precision)
        found = bisect_left(range(low, high + 1), point, key=lambda one: str(self.value(one))) + low
        return found if found <= high and self.value(found) == point else found - 1

    @cached_property
    def on_days(self) -> dict[str, Days]:
        """What was made for each day so far."""
        return {}

    def at(self, day: Value) -> Domain:
        if self.question is None:
            return self
        if str(day) not in self.on_days:
            self.on_days[str(day)] = days_of(self.question, str(day))
        return self.on_days[str(day)]


def _place_of(day: date, precision: str) -> int:
    if precision == "day":
        return day.toordinal()
    return day.year * 12 + day.month - 1 if precision == "month" else day.year


def _all_days(precision: str) -> tuple[int, int]:
    return _place_of(date.min, precision), _place_of(date.max, precision)


def days_of(question: DateQuestion, day: str | None = None) -> Days:
    """What a date question takes on one day; without a day, what it takes on any."""
    low, high = _all_days(question.precision)
    size = _DIGITS[question.precision]
    make = partial(Days, precision=question.precision, usual=USUAL_DAY[:size])
    whole = make(low, high)
    earliest, latest = (day if bound == "today" else bound for bound in (question.earliest, question.latest))
    first = low if earliest is None else _up_from(whole, earliest[:size])
    last = high if latest is None else whole.place(latest[:size])
    is_moving = "today" in (question.earliest, question.latest)
    return make(first, high if last is None else last, question=question if is_moving else None)


def _up_from(whole: Days, text: str) -> int:
    place = whole.place(text)
    low, _ = _all_days(whole.precision)
    return low if place is None or place < low else place if whole.value(place) == text else place + 1


def numbers_of(question: NumberQuestion) -> Numbers:
    """What a number question takes."""
    scale = 10**question.decimals
    low = (-LARGEST_NUMBER if question.minimum is None else question.minimum) * scale
    high = (LARGEST_NUMBER if question.maximum is None else question.maximum) * scale
    usual = min(max(scale, low), high)
    return Numbers(low, high, Numbers(low, high, 0, question.decimals).value(usual), question.decimals)


def unlike(name: str, values: Iterable[Value], atoms: Sequence[Atom]) -> tuple[Value, ...]:
    """The first of those values that no comparison tells apart."""
    found: dict[tuple[bool | None, ...], Value] = {}
    for value in dict.fromkeys(values):
        found.setdefault(tuple(evaluate(atom.ast, {name: value}) for atom in atoms), value)
    return tuple(found.values())
