"""The values in XLSForm expressions: answers, constants, sums, counts and days."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from survey.logic import MOST_TERMS

from .parsing import ExpressionError, Tree

if TYPE_CHECKING:
    from .asked import Asked

OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Value:
    """A value as our language writes it.

    Attributes
    ----------
    kind : str
        "number", "text", "date", or the kind of the question that it is the answer to.
    reads : tuple of Asked
        The questions whose answers it needs.
    counted : bool
        Whether it is a count or length, which is 0 where there is no answer.
    """

    text: str
    kind: str
    reads: tuple[Asked, ...] = ()
    counted: bool = False
    terms: int = 1

    @property
    def asked(self) -> Asked | None:
        """The question whose answer it is, as it is."""
        is_answer = len(self.reads) == 1 and self.text == f"${{{self.reads[0].variable}}}"
        return self.reads[0] if is_answer else None


TODAY = Value("today()", "date")


def constant(value: Value) -> str | None:
    """The words of a constant, None for anything that depends on answers or days."""
    if value.reads or value is TODAY:
        return None
    return value.text if value.kind == "number" else value.text[1:-1]


def as_number(words: str) -> float | None:
    """The number that words are, None for other words."""
    return float(words) if _NUMBER.fullmatch(words) else None


def alike(value: Value, other: Value) -> Value:
    """A constant text as what it is compared with: a number or a day."""
    words = constant(value)
    if value.kind == "text" and words is not None:
        if other.kind == "number" and as_number(words) is not None:
            return Value(words, "number")
        if other.kind == "date" and _DAY.fullmatch(words):
            return Value(value.text, "date")
    return value


def check_kinds(operator: str, left: Value, right: Value) -> None:
    """Raise ExpressionError where two values cannot be compared."""
    orders = operator not in ("=", "!=")
    kinds = {_numbered(value).kind if orders or not value.asked else value.kind for value in (left, right)}
    if "several" in kinds or len(kinds) > 1 or (orders and not kinds <= {"number", "date"}):
        raise ExpressionError("it compares things of different kinds, or puts in order what has none")


def _numbered(value: Value) -> Value:
    """The answer to a question of choices as a number, where the names of all its choices are their codes."""
    if value.asked is None or value.kind != "single":
        return value
    if value.asked.missing or any((name,) != tuple(map(str, codes)) for name, codes in value.asked.codes.items()):
        raise ExpressionError(f"it counts with the choices of {value.asked.variable}, whose names are no numbers here")
    return replace(value, kind="number")


def holds_for_blank(operator: str, left: Value, right: Value) -> bool:
    """Whether a comparison holds where an answer that it needs was not given: a count is then 0, a number is none."""
    if not (left.counted or right.counted):
        return operator == "!="
    numbers = [0.0 if value.counted else as_number(constant(value) or "") for value in (left, right)]
    if numbers[1] is None:
        raise ExpressionError("a count is compared with something else than a number")
    return compares(numbers[0], operator, numbers[1])


def compares(left: float | None, operator: str, right: float) -> bool:
    """Whether two numbers compare so; what is no number compares with nothing."""
    if left is None:
        return operator == "!="
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]


def value_of(tree: Tree, inner: Callable[[Tree], Value]) -> Value:
    """The value that a tree stands for; raises ExpressionError for what our language has no word for."""
    kind = tree[0]
    if kind == "number":
        return _number(tree[1])
    if kind == "text":
        return _text(tree[1])
    if kind == "sum":
        return _sum(tree, inner)
    if kind == "call":
        return _function(tree[1], tree[2:], inner)
    if kind == "product":
        raise ExpressionError("it multiplies or divides")
    if kind == "path":
        raise ExpressionError(f"it follows the path {tree[1]}")
    raise ExpressionError("a comparison stands where a value is needed")


def _number(text: str) -> Value:
    shown = f"{Decimal(text).normalize():f}"
    if not _NUMBER.fullmatch(shown):
        raise ExpressionError(f"the number {text} is too long")
    return Value(shown, "number")


def _text(words: str) -> Value:
    if "${" in words or ("'" in words and '"' in words):
        raise ExpressionError("a text in it cannot be written")
    return Value(f'"{words}"' if "'" in words else f"'{words}'", "text")


def _sum(tree: Tree, inner: Callable[[Tree], Value]) -> Value:
    first = _numbered(inner(tree[1]))
    text, reads, terms, kinds = first.text, first.reads, first.terms, {first.kind}
    for sign, part in zip(tree[2::2], tree[3::2], strict=True):
        value = _numbered(inner(part))
        text += f" {sign} " + (f"({value.text})" if value.terms > 1 else value.text)
        reads, terms, kinds = reads + value.reads, terms + value.terms, kinds | {value.kind}
        if value.counted:
            raise ExpressionError("it adds a count")
    if kinds != {"number"} or first.counted:
        raise ExpressionError("it adds what is no number")
    if terms >= MOST_TERMS:
        raise ExpressionError("it adds too many numbers")
    return Value(text, "number", reads, terms=terms)


def _function(name: str, arguments: list[Tree], inner: Callable[[Tree], Value]) -> Value:
    if name == "today" and not arguments:
        return TODAY
    if name == "date" and len(arguments) == 1 and arguments[0][0] == "text" and _DAY.fullmatch(arguments[0][1]):
        return Value(f"'{arguments[0][1]}'", "date")
    if name in ("count-selected", "string-length") and len(arguments) == 1:
        return _counted(name, inner(arguments[0]))
    if name in ("number", "string", "date", "once") and len(arguments) == 1:
        return _unchanged(name, inner(arguments[0]))
    raise ExpressionError(f"the function {name}() has no counterpart")


def _counted(name: str, value: Value) -> Value:
    kinds = ("single", "several") if name == "count-selected" else ("text",)
    if value.asked is None or value.kind not in kinds or (value.asked.missing and not value.asked.is_own):
        raise ExpressionError(f"{name}() is asked about something else than an answer of its kind")
    return Value(f"{name}({value.text})", "number", value.reads, counted=True)


def _unchanged(name: str, value: Value) -> Value:
    """Functions that leave an answer of their kind as it is."""
    kind = {"string": "text", "date": "date", "once": value.kind}.get(name, "number")
    if value.kind != kind:
        raise ExpressionError(f"the function {name}() has no counterpart")
    return value
