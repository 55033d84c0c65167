"""Checks that say no more than a bound does: 0 to 120, at most three choices, not after today."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from survey.formats.spelling import spell
from survey.logic import Ast, parse
from survey.parts import LARGEST_NUMBER

from .parsing import Tree

_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
_DIGIT = re.compile(r"(?:\[0-9\]|\\d)(?:\{(\d{1,3})(?:(,)(\d{1,3})?)?\}|([+*?]))?")
FORMATS = {"digits": r"^[0-9]+$", "email": r"^[^@ ]+@[^@ .]+(\.[^@ .]+)+$", "phone": r"^\+?[0-9 ()-]{5,24}$"}


def bounds_of(rule: str, question: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The fields of a question that say the same as parts of a rule, and the rule that remains, if any does."""
    own = question["variable"]
    ast = parse(rule, own)
    parts = ast[1:] if ast[0] == "and" else [ast]
    found: dict[str, Any] = {}
    rest: list[Ast] = []
    for part in parts:
        one = _exclusive(part, question) or _spared(part, question) or _bound(part, question)
        if one is None or one.keys() & found.keys():
            rest.append(part)
        else:
            found |= one
    if _contradicts(found, question):
        return {}, rule
    return found, (spell(["and", *rest] if len(rest) > 1 else rest[0], own) if rest else None)


def _bound(part: Ast, question: Mapping[str, Any]) -> dict[str, Any] | None:
    if part[0] not in _MIRRORED:
        return None
    operator, left, right = part
    if left[0] in ("value", "today"):
        operator, left, right = _MIRRORED[operator], right, left
    kind = question["type"]
    if kind == "number" and left[0] == "var" and _is_whole(right):
        return _of_number(operator, right[1], question)
    if kind == "date" and left[0] == "var" and operator in ("<=", ">="):
        day = "today" if right[0] == "today" else right[1]
        return {"latest" if operator == "<=" else "earliest": day}
    if kind in ("multiple", "ranking") and left[0] == "count" and _is_whole(right):
        return _of_count(operator, right[1])
    if kind == "text" and left[0] == "length" and _is_whole(right) and operator in ("<", "<="):
        longest = right[1] - (operator == "<")
        return {"max_length": longest} if 1 <= longest <= 4000 else None
    return None


def _is_whole(value: Ast) -> bool:
    return value[0] == "value" and isinstance(value[1], int) and abs(value[1]) < LARGEST_NUMBER


def _of_number(operator: str, limit: int, question: Mapping[str, Any]) -> dict[str, Any] | None:
    step = 0 if question.get("decimals") else 1
    if operator in ("<", ">") and not step:
        return None  # below 5 is not at most 4 where there are decimals
    return {
        ">=": {"minimum": limit},
        ">": {"minimum": limit + step},
        "<=": {"maximum": limit},
        "<": {"maximum": limit - step},
    }.get(operator)


def _of_count(operator: str, limit: int) -> dict[str, Any] | None:
    return {
        ">=": {"at_least": limit},
        ">": {"at_least": limit + 1},
        "<=": {"at_most": limit},
        "<": {"at_most": limit - 1},
        "=": {"at_least": limit, "at_most": limit},
    }.get(operator)


def _exclusive(part: Ast, question: Mapping[str, Any]) -> dict[str, Any] | None:
    """`not selected(., 9) or count-selected(.) <= 1`: the choice stands alone."""
    if question["type"] != "multiple" or part[0] != "or" or len(part) != 3:
        return None
    denied, alone = part[1:]
    own = ["var", question["variable"]]
    one = ["value", 1]
    if (
        denied[0] == "not"
        and denied[1][0] == "selected"
        and alone in (["<=", ["count", own], one], ["=", ["count", own], one])
    ):
        code = denied[1][2][1]
        return {f"exclusive {code}": code}
    return None


def _spared(part: Ast, question: Mapping[str, Any]) -> dict[str, Any] | None:
    """`count-selected(.) >= 2 or selected(., 9)`: at least two, but the last one alone will do."""
    if question["type"] != "multiple" or part[0] != "or":
        return None
    codes = {one[2][1] for one in part[1:] if one[0] == "selected" and one[1] == ["var", question["variable"]]}
    bounds = [found for one in part[1:] if one[0] != "selected" and (found := _bound(one, question))]
    if len(codes) + len(bounds) != len(part) - 1 or len(bounds) != 1 or set(bounds[0]) != {"at_least"}:
        return None
    return bounds[0] | {"spared": codes}


def _contradicts(found: Mapping[str, Any], question: Mapping[str, Any]) -> bool:
    """Whether the document would refuse the bounds, or takes them otherwise: who chose "none" need not choose two."""
    alone = {code for name, code in found.items() if name.startswith("exclusive")}
    if alone != found.get("spared", alone) or (found.get("at_least", 1) > 1 and alone and "spared" not in found):
        return True
    if "at_least" in found or "at_most" in found:
        largest = 60 if question["type"] == "ranking" else 1000
        n = sum("missing" not in choice for choice in question["choices"])
        bounds = [found[name] for name in ("at_least", "at_most") if name in found]
        return not all(1 <= bound <= min(n, largest) for bound in bounds) or bounds != sorted(bounds)
    return "minimum" in found and "maximum" in found and bool(found["minimum"] > found["maximum"])


def apply(found: Mapping[str, Any], question: dict[str, Any]) -> None:
    """Put bounds into a question; a stricter one that is there stays."""
    for name, value in found.items():
        if name.startswith("exclusive"):
            for choice in question["choices"]:
                if choice["code"] == value:
                    choice["exclusive"] = True
        elif name != "spared":
            question[name] = value


def without_patterns(tree: Tree) -> tuple[dict[str, Any], list[Tree]]:
    """The format and length that regular expressions among the parts of a constraint say, and the other parts.

    Known are patterns of nothing but digits, and those that we write ourselves.
    """
    found: dict[str, Any] = {}
    rest: list[Tree] = []
    for part in tree[1:] if tree[0] == "and" else [tree]:
        is_pattern = part[:3] == ["call", "regex", ["own"]] and len(part) == 4 and part[3][0] == "text" and not found
        said = _said_by(part[3][1]) if is_pattern else None
        found |= said[0] if said else {}
        rest += said[1] if said else [part]
    return found, rest


def _said_by(pattern: str) -> tuple[dict[str, Any], list[Tree]] | None:
    for name, known in FORMATS.items():
        if pattern == known:
            return {"format": name}, []
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return None
    lengths = _lengths(pattern[1:-1])
    if lengths is None:
        return None
    least, most = lengths
    length = ["call", "string-length", ["own"]]
    if least == most:
        return {"format": "digits"}, [["compare", "=", length, ["number", str(least)]]]
    parts = [["compare", ">=", length, ["number", str(least)]]] if least > 1 else []
    parts += [["compare", "<=", length, ["number", str(most)]]] if most is not None else []
    return {"format": "digits"}, parts


def _lengths(pattern: str) -> tuple[int, int | None] | None:
    """How many digits a pattern of nothing but digits takes; None for any other pattern."""
    least, most, place = 0, 0, 0
    is_open = False
    while place < len(pattern):
        one = _DIGIT.match(pattern, place)
        if one is None:
            return None
        low, high = _times(one)
        least, most, is_open = least + low, most + (high or 0), is_open or high is None
        place = one.end()
    return (least, None if is_open else most) if place and least else None


def _times(found: re.Match[str]) -> tuple[int, int | None]:
    count, comma, end, sign = found.groups()
    if sign:
        return {"+": (1, None), "*": (0, None), "?": (0, 1)}[sign]
    if count is None:
        return 1, 1
    return int(count), int(end) if end else None if comma else int(count)
