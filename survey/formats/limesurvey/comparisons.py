"""One of LimeSurvey's variables compared with a constant or with another, in our condition language."""

from __future__ import annotations

import operator as operators
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from survey.logic import LONGEST_CONDITION

from .expressions import ExpressionError
from .names import Field, Kind
from .nodes import Node, all_of, any_of

INVERSE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_OUR_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def mirrored(operator: str) -> str:
    """The operator when both sides change places."""
    return _MIRRORED[operator]


def holds(operator: str, left: str, right: str) -> bool:
    """How LimeSurvey compares two values: as numbers where both are, else as texts; an order needs two of a kind."""
    if _NUMBER.fullmatch(left) and _NUMBER.fullmatch(right):
        return _COMPARE[operator](Decimal(left), Decimal(right))
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    if left == "" and _NUMBER.fullmatch(right) and Decimal(right) == 0:
        return operator in ("<", "<=")
    if not left or not right or _NUMBER.fullmatch(left) or _NUMBER.fullmatch(right):
        return False
    return _COMPARE[operator](left, right)


def ours(operator: str) -> str:
    """The operator as our language writes it."""
    return "=" if operator == "==" else operator


def number(text: str) -> str:
    """A constant as our language takes it; raises ExpressionError when it is too long."""
    if not _OUR_NUMBER.fullmatch(text):
        raise ExpressionError(f"{text} is no number that a condition can hold")
    return text


def is_numeric(one: Field) -> bool:
    """Whether its value here is the number that it is there."""
    return one.kind is Kind.NUMBER or (
        one.kind is Kind.CHOICE and all(str(code) == written for written, code in one.codes.items())
    )


def with_empty(variable: str, operator: str, right: str, *, empty: bool, wanted: bool, left: str = "") -> Node:
    """A comparison of what is answered, which is `empty` where nothing is; all of it denied unless `wanted`."""
    compared = f"{left or f'${{{variable}}}'} {ours(operator if wanted else INVERSE[operator])} {right}"
    return any_of([f"not answered(${{{variable}}})", compared]) if empty is wanted else compared


def answered(one: Field, wanted: bool, notes: list[str]) -> Node:
    """Whether there is an answer."""
    if one.kind is Kind.CHOSEN:
        return chosen(one, wanted)
    if one.missing:
        notes.append("who chooses one of the reasons for no answer counts as not having answered")
    return f"answered(${{{one.variable}}})" if wanted else f"not answered(${{{one.variable}}})"


def chosen(one: Field, wanted: bool) -> Node:
    """Whether an option of a multiple choice was chosen."""
    if one.missing:
        raise ExpressionError("it asks for an option that says why there is no answer, which no condition can read")
    selected = f"selected(${{{one.variable}}}, {one.code})"
    return selected if wanted else any_of([f"not answered(${{{one.variable}}})", f"not {selected}"])


def with_constant(one: Field, operator: str, value: str, wanted: bool, notes: list[str]) -> Node:
    """A variable compared with a constant."""
    if value == "" and operator in ("==", "!="):
        return answered(one, wanted is (operator == "!="), notes)
    empty = holds(operator, "", value)
    if one.kind is Kind.CHOSEN:
        if holds(operator, "Y", value) is empty:
            return empty is wanted
        return chosen(one, wanted is not empty)
    if one.kind is Kind.CHOICE:
        return _choice(one, operator, value, empty, wanted, notes)
    return with_empty(one.variable, operator, _constant(one, operator, value), empty=empty, wanted=wanted)


def _constant(one: Field, operator: str, value: str) -> str:
    if one.kind is Kind.NUMBER:
        return number(value)
    if one.kind is Kind.DATE and _DAY.fullmatch(value):
        return f"'{value}'"
    if one.kind is Kind.TEXT and operator in ("==", "!="):
        if ("'" in value and '"' in value) or len(value) > LONGEST_CONDITION:
            raise ExpressionError("it compares with a text that our conditions cannot hold")
        return f'"{value}"' if "'" in value else f"'{value}'"
    raise ExpressionError("it reads a free text, a date or an order as something else")


def _choice(one: Field, operator: str, value: str, empty: bool, wanted: bool, notes: list[str]) -> Node:
    for code in one.missing:
        if holds(operator, code, value) is not empty:
            if code == value:
                raise ExpressionError(f"{code} says why there is no answer, which no condition can read")
            notes.append(f"who chooses {code} counts as not having answered")
    inside = {code for written, code in one.codes.items() if holds(operator, written, value) is wanted}
    outside = set(one.codes.values()) - inside
    if len(inside) > 1 and len(outside) > 1 and is_numeric(one) and _OUR_NUMBER.fullmatch(value):
        return with_empty(one.variable, operator, value, empty=empty, wanted=wanted)
    unanswered = f"not answered(${{{one.variable}}})"
    if not outside:
        return True if empty is wanted else f"answered(${{{one.variable}}})"
    if not inside:
        return unanswered if empty is wanted else False
    if len(outside) < len(inside):
        among = all_of(f"${{{one.variable}}} != {code}" for code in sorted(outside))
    else:
        among = any_of(f"${{{one.variable}}} = {code}" for code in sorted(inside))
    return any_of([unanswered, among]) if empty is wanted else among


def with_other(left: Field, operator: str, right: Field, wanted: bool) -> Node:
    """Two variables compared; two that are both unanswered are equal."""
    is_alike = left.kind is right.kind and left.kind in (Kind.TEXT, Kind.DATE)
    is_coded = left.kind is right.kind is Kind.CHOICE and left.codes == right.codes
    if not (is_numeric(left) and is_numeric(right)) and not (is_alike or is_coded):
        raise ExpressionError("it compares answers of different kinds")
    if operator not in ("==", "!=") and not (is_numeric(left) or left.kind is Kind.DATE):
        raise ExpressionError("it puts texts in order")
    names = [f"${{{left.variable}}}", f"${{{right.variable}}}"]
    none = [f"not answered({name})" for name in names]
    if operator not in ("==", "!="):
        compared = f"{names[0]} {ours(operator if wanted else INVERSE[operator])} {names[1]}"
        return compared if wanted else any_of([*none, compared])
    if (operator == "==") is wanted:
        return any_of([all_of(none), f"{names[0]} = {names[1]}"])
    return all_of([any_of([f"answered({name})" for name in names]), any_of([*none, f"{names[0]} != {names[1]}"])])
