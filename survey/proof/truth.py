"""What a condition can become while some of the answers that it reads are still open.

A mask says which of Kleene's three values are possible: TRUE, FALSE, UNKNOWN or several of them. It may name one too
many where several answers are open at once, never one too few, so that what a mask excludes is excluded for certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from survey.logic import TODAY, Ast, Value, evaluate, operand, parse

from .sums import COMPARISONS, Sum, difference, names_of

TRUE, FALSE, UNKNOWN = 1, 2, 4
ANY = TRUE | FALSE | UNKNOWN
Bounds = tuple[Any, Any]  # two numbers, or two days as texts
IS_DAY = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_ORDER = {FALSE: 0, UNKNOWN: 1, TRUE: 2}
_BITS = (TRUE, FALSE, UNKNOWN)


@dataclass
class Range:
    """What one variable can be where some conditions read it.

    `values` holds at least one value of each kind that conditions on this variable alone tell apart (all kinds where
    `is_whole`); with `is_exact` also of each kind that conditions on several variables tell apart. `bounds` are the
    least and the greatest value where values are numbers or days, `sizes` those of how many codes or letters.
    """

    values: tuple[Value, ...]
    may_be_missing: bool
    is_whole: bool = True
    is_exact: bool = True
    bounds: Bounds | None = None
    sizes: Bounds | None = None
    masks: dict[Atom, int] = member(default_factory=dict)

    def mask(self, name: str, atom: Atom) -> int:
        """What a comparison that reads only this variable can become."""
        if not self.is_whole:
            return ANY
        if atom not in self.masks:
            found = bit(evaluate(atom.ast, {})) if self.may_be_missing else 0
            for value in self.values:
                found |= bit(evaluate(atom.ast, {name: value}))
            self.masks[atom] = found
        return self.masks[atom]


Known = Mapping[str, Value]
Ranges = Mapping[str, Range]


class Formula:
    """A condition prepared for masks; `names` are the variables it reads."""

    names: frozenset[str]

    def mask(self, known: Known, ranges: Ranges) -> int:
        """The values it can become; a variable in `known` is decided (None: missing), any other one is open."""
        raise NotImplementedError

    def atoms(self) -> Iterator[Atom]:
        """Its comparisons."""
        raise NotImplementedError

    def is_true(self, known: Known) -> bool:
        """Whether it is true where everything it reads is decided."""
        return self.mask(known, {}) == TRUE


@dataclass(frozen=True)
class Atom(Formula):
    """One comparison, or one question about an answer."""

    key: str
    ast: Ast = member(compare=False)
    names: frozenset[str] = member(compare=False)

    def mask(self, known: Known, ranges: Ranges) -> int:
        opened = [name for name in self.names if name not in known]
        if not opened:
            return bit(evaluate(self.ast, known))
        if len(self.names) == 1:
            return ranges[opened[0]].mask(opened[0], self)
        if any(name in known and known[name] is None for name in self.names):
            return UNKNOWN
        unknown = UNKNOWN if any(ranges[name].may_be_missing for name in opened) else 0
        left, right = (_bounds(part, known, ranges) for part in self.ast[1:])
        if self.ast[0] not in COMPARISONS or left is None or right is None or _kind(left) != _kind(right):
            return ANY
        return _compared(self.ast[0], left, right) | unknown

    def atoms(self) -> Iterator[Atom]:
        yield self

    @cached_property
    def difference(self) -> Sum | None:
        """Its left side less its right side; None where it compares no sums."""
        return difference(self.ast)


@dataclass(frozen=True)
class Both(Formula):
    """All parts hold."""

    parts: tuple[Formula, ...]
    names: frozenset[str] = member(compare=False)

    def mask(self, known: Known, ranges: Ranges) -> int:
        found = TRUE
        for part in self.parts:
            found = _AND[found][part.mask(known, ranges)]
            if found == FALSE:
                break
        return found

    def atoms(self) -> Iterator[Atom]:
        for part in self.parts:
            yield from part.atoms()


@dataclass(frozen=True)
class Negation(Formula):
    """The part does not hold."""

    part: Formula
    names: frozenset[str] = member(compare=False)

    def mask(self, known: Known, ranges: Ranges) -> int:
        return _SWAPPED[self.part.mask(known, ranges)]

    def atoms(self) -> Iterator[Atom]:
        return self.part.atoms()


@dataclass(frozen=True)
class Has(Formula):
    """The part has this very value; true or false, never unknown."""

    part: Formula
    value: int
    names: frozenset[str] = member(compare=False)

    def mask(self, known: Known, ranges: Ranges) -> int:
        found = self.part.mask(known, ranges)
        return (TRUE if found & self.value else 0) | (FALSE if found & ~self.value else 0)

    def atoms(self) -> Iterator[Atom]:
        return self.part.atoms()


def both(*parts: Formula) -> Formula:
    """All of them; true where there are none."""
    flat = tuple(one for part in parts for one in (part.parts if isinstance(part, Both) else (part,)))
    return flat[0] if len(flat) == 1 else Both(flat, frozenset().union(*(part.names for part in flat)))


def either(*parts: Formula) -> Formula:
    """One of them at least; false where there are none."""
    return negation(both(*(negation(part) for part in parts)))


def negation(part: Formula) -> Formula:
    """Kleene's `not`: unknown stays unknown."""
    return part.part if isinstance(part, Negation) else Negation(part, part.names)


def is_true(part: Formula) -> Formula:
    """Whether a condition holds; unknown is not true."""
    return Has(part, TRUE, part.names)


def is_false(part: Formula) -> Formula:
    """Whether a check fails; unknown passes."""
    return Has(part, FALSE, part.names)


def answered(name: str) -> Formula:
    """Whether there is an answer to one question."""
    return formula(["answered", ["var", name]])


def formula(ast: Ast) -> Formula:
    """A parsed condition, prepared."""
    if ast[0] == "and":
        return both(*map(formula, ast[1:]))
    if ast[0] == "or":
        return either(*map(formula, ast[1:]))
    if ast[0] == "not":
        return negation(formula(ast[1]))
    return Atom(repr(ast), ast, frozenset(names_of(ast)))


@lru_cache(maxsize=4096)
def read_formula(text: str, own: str | None = None) -> Formula:
    """The text of a condition, prepared; `own` is what "." stands for."""
    return formula(parse(text, own))


def bit(value: bool | None) -> int:
    """The mask of one value."""
    return UNKNOWN if value is None else TRUE if value else FALSE


def _bounds(ast: Ast, known: Known, ranges: Ranges) -> Bounds | None:
    """The least and the greatest value of one side of a comparison; None where it has no order."""
    kind = ast[0]
    if kind in ("value", "decimal"):
        return _both_ends(ast[1] if kind == "value" else Decimal(ast[1]))
    if kind in ("var", "today"):
        name = ast[1] if kind == "var" else TODAY
        return _both_ends(known[name]) if name in known else ranges[name].bounds
    if kind in ("count", "length"):
        name = ast[1][1]
        return _both_ends(operand(ast, known)) if name in known else ranges[name].sizes
    left, right = _bounds(ast[1], known, ranges), _bounds(ast[2], known, ranges)
    if left is None or right is None or isinstance(left[0], str) or isinstance(right[0], str):
        return None
    return (left[0] + right[0], left[1] + right[1]) if kind == "+" else (left[0] - right[1], left[1] - right[0])


def _both_ends(value: Value) -> Bounds | None:
    has_order = isinstance(value, (int, Decimal)) or (isinstance(value, str) and IS_DAY.fullmatch(value) is not None)
    return (value, value) if has_order else None


def _kind(bounds: Bounds) -> bool:
    return isinstance(bounds[0], str)


_POSSIBLE: dict[str, Callable[[Bounds, Bounds], tuple[bool, bool]]] = {  # can be true, can be false
    "=": lambda a, b: (a[0] <= b[1] and b[0] <= a[1], not a[0] == a[1] == b[0] == b[1]),
    "<": lambda a, b: (a[0] < b[1], a[1] >= b[0]),
    "<=": lambda a, b: (a[0] <= b[1], a[1] > b[0]),
}


def _compared(operator: str, left: Bounds, right: Bounds) -> int:
    if operator in (">", ">="):
        return _compared({">": "<", ">=": "<="}[operator], right, left)
    can, cannot = _POSSIBLE["=" if operator == "!=" else operator](left, right)
    found = (TRUE if can else 0) | (FALSE if cannot else 0)
    return _SWAPPED[found] if operator == "!=" else found


def _table() -> list[list[int]]:
    table = [[0] * 8 for _ in range(8)]
    for left in range(8):
        for right in range(8):
            for a in (one for one in _BITS if left & one):
                for b in (one for one in _BITS if right & one):
                    table[left][right] |= min(a, b, key=_ORDER.__getitem__)
    return table


_AND = _table()
_SWAPPED = [mask & UNKNOWN | (mask & TRUE) << 1 | (mask & FALSE) >> 1 for mask in range(8)]
