"""Comparisons as sums: what is added how often, and which value of one answer turns the comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from survey.logic import TODAY, Ast, Value

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
Term = tuple[str, str]  # "var", "count" or "length", and the variable


@dataclass(frozen=True)
class Sum:
    """How often each term is added, and the constant beside them."""

    terms: dict[Term, int]
    constant: Decimal

    def plus(self, other: Sum, sign: int) -> Sum:
        terms = dict(self.terms)
        for term, n in other.terms.items():
            terms[term] = terms.get(term, 0) + sign * n
        return Sum({term: n for term, n in terms.items() if n}, self.constant + sign * other.constant)


def difference(ast: Ast) -> Sum | None:
    """The left side of a comparison less its right side; None where a side is no sum of numbers."""
    if ast[0] not in COMPARISONS:
        return None
    left, right = _sum(ast[1]), _sum(ast[2])
    return None if left is None or right is None else left.plus(right, -1)


def _sum(ast: Ast) -> Sum | None:
    kind = ast[0]
    if kind in ("value", "decimal"):
        return None if kind == "value" and isinstance(ast[1], str) else Sum({}, Decimal(ast[1]))
    if kind == "var":
        return Sum({("var", ast[1]): 1}, Decimal(0))
    if kind in ("count", "length"):
        return Sum({(kind, ast[1][1]): 1}, Decimal(0))
    if kind not in ("+", "-"):
        return None
    left, right = _sum(ast[1]), _sum(ast[2])
    return None if left is None or right is None else left.plus(right, 1 if kind == "+" else -1)


def names_of(ast: Ast) -> Iterator[str]:
    """Every variable that is read; the day under `logic.TODAY`."""
    if ast[0] == "var":
        yield ast[1]
    elif ast[0] == "today":
        yield TODAY
    else:
        for part in ast[1:]:
            if isinstance(part, list):
                yield from names_of(part)


def turning_points(ast: Ast, name: str, kind: str = "var") -> list[Value]:
    """The constants at which a comparison that reads only this variable changes its truth."""
    if ast[0] == "answered":
        return []
    if ast[0] == "selected":
        return [constant] if kind == "var" and (constant := constant_of(ast[2])) is not None else []
    sides = [constant_of(part) for part in ast[1:]]
    texts: list[Value] = [side for side in sides if isinstance(side, str)]
    found = difference(ast)
    if found is None:
        return texts if kind == "var" else []
    n = found.terms.get((kind, name), 0)
    return [-found.constant / n] if n and len(found.terms) == 1 else []


def constant_of(ast: Ast) -> Value:
    """The constant that stands there, or None."""
    if ast[0] == "decimal":
        return Decimal(ast[1])
    if ast[0] == "value":
        constant: int | str = ast[1]
        return constant
    found = _sum(ast)
    return found.constant if found is not None and not found.terms else None
