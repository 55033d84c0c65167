"""Where comparisons of several answers turn: the values of one answer at which it starts or stops to hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from survey.logic import TODAY, Value

from .sums import COMPARISONS, Sum
from .truth import Atom, Known, Range


def turning_values(atom: Atom, name: str, known: Known, ranges: Mapping[str, Range]) -> Iterator[Value]:
    """The values of one answer at which a comparison with others turns; open ones count with each of their values."""
    sides = [part[1] if part[0] == "var" else TODAY if part[0] == "today" else None for part in atom.ast[1:]]
    if None not in sides and name in sides and atom.ast[0] in COMPARISONS:
        other = str(sides[1] if sides[0] == name else sides[0])
        yield from [known[other]] if other in known else ranges[other].values
    elif atom.difference is not None and atom.difference.terms.get(("var", name)):
        n = atom.difference.terms["var", name]
        yield from (-rest / n for rest in _rests(atom.difference, name, known, ranges))


def _rests(found: Sum, name: str, known: Known, ranges: Mapping[str, Range]) -> list[Decimal]:
    """What the other terms can come to: all there is where one is open, the ends where several are."""
    rest = found.constant
    opened: list[tuple[int, str, str]] = []
    for (kind, other), n in found.terms.items():
        if other != name and other not in known:
            opened.append((n, kind, other))
        elif (kind, other) != ("var", name):
            size = _size(kind, known.get(other))
            if size is None:
                return []
            rest += n * size
    if len(opened) == 1:
        n, kind, other = opened[0]
        sizes = (_size(kind, value) for value in ranges[other].values)
        return [rest + n * size for size in sizes if size is not None]
    ends = [ranges[other].bounds if kind == "var" else ranges[other].sizes for _, kind, other in opened]
    if any(end is None or isinstance(end[0], str) for end in ends):
        return []
    products = [sorted((n * end[0], n * end[1])) for (n, _, _), end in zip(opened, ends, strict=True) if end]
    return [rest + sum(least for least, _ in products), rest + sum(greatest for _, greatest in products)]


def _size(kind: str, value: Value) -> Decimal | None:
    if kind == "var":
        return Decimal(value) if isinstance(value, (int, Decimal)) else None
    if kind == "count":
        return None if value is None else Decimal(len(value) if isinstance(value, tuple) else 1)
    return Decimal(len(value)) if isinstance(value, str) else None
