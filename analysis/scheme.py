"""The scheme: a published scoring recipe, parsed once into frozen objects or refused with its path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from analysis.tree import (
    Node,
    Operator,
    check_known,
    is_integer,
    parse_tree,
    read_list,
    read_object,
    read_text,
    scheme_error,
)

FORMAT = "minyi-scheme/1"

__all__ = ["Cut", "Node", "Operator", "PointMap", "Scheme", "parse_scheme"]


@dataclass(frozen=True)
class PointMap:
    """Answer code to points on 0..100, and the codes that count as satisfied."""

    points: Mapping[int, int]
    satisfied: tuple[int, ...]


@dataclass(frozen=True)
class Cut:
    """A grade from `start` up to the next higher cut; the lowest has no start."""

    name: str
    start: Decimal | None


@dataclass(frozen=True)
class Scheme:
    """A parsed scheme.json."""

    id_name: str
    point_map: PointMap
    tree: Node | None
    trees: Mapping[str, Node]
    cuts: tuple[Cut, ...]
    digits: int
    confidence: Fraction
    rank_open: bool
    warnings: tuple[str, ...] = field(default=())

    def tree_of(self, unit_id: str) -> Node | None:
        """The unit's own tree, or the default one."""
        return self.trees.get(unit_id, self.tree)


def _decimal(value: Any, path: str) -> Decimal:
    try:
        number = Decimal(read_text(value, path))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise scheme_error(path, "is not a decimal written as text", got=repr(value), expected='such as "90"')
    return number


def _parse_map(step: Mapping[str, Any], path: str) -> PointMap:
    check_known(step, "op points satisfied", path)
    points: dict[int, int] = {}
    for code, value in read_object(step.get("points"), f"{path}.points").items():
        if not re.fullmatch("0|[1-9][0-9]{0,2}", str(code)) or int(code) > 127:
            raise scheme_error(f"{path}.points.{code}", "is no answer code", got=code, expected="0..127")
        if not is_integer(value) or not 0 <= value <= 100:
            raise scheme_error(
                f"{path}.points.{code}", "points out of range", got=repr(value), expected="an integer 0..100"
            )
        points[int(code)] = value
    if not points:
        raise scheme_error(f"{path}.points", "is empty", expected="one entry for each answer code")
    satisfied = read_list(step.get("satisfied"), f"{path}.satisfied")
    for code in satisfied:
        if code not in points:
            raise scheme_error(
                f"{path}.satisfied", "names a code without points", got=repr(code), expected=str(sorted(points))
            )
    return PointMap(dict(sorted(points.items())), tuple(sorted(set(satisfied))))


def _parse_combine(step: Mapping[str, Any], path: str) -> tuple[Node | None, dict[str, Node]]:
    check_known(step, "op tree trees", path)
    if "tree" not in step and "trees" not in step:
        raise scheme_error(path, "has neither tree nor trees", expected="tree or trees")
    tree = parse_tree(step["tree"], f"{path}.tree") if "tree" in step else None
    rows = read_object(step.get("trees", {}), f"{path}.trees")
    return tree, {unit: parse_tree(row, f"{path}.trees.{unit}") for unit, row in rows.items()}


def _parse_grade(step: Mapping[str, Any], path: str) -> tuple[Cut, ...]:
    check_known(step, "op cuts", path)
    cuts: list[Cut] = []
    rows = read_list(step.get("cuts"), f"{path}.cuts")
    for position, row in enumerate(rows):
        here = f"{path}.cuts[{position}]"
        source = read_object(row, here)
        name = read_text(source.get("name"), f"{here}.name")
        last = position == len(rows) - 1
        if (source.get("from") is None) != last:
            raise scheme_error(
                f"{here}.from", "only the lowest grade, written last, has no start", got=repr(source.get("from"))
            )
        start = None if last else _decimal(source["from"], f"{here}.from")
        if cuts and start is not None and cuts[-1].start is not None and start >= cuts[-1].start:
            raise scheme_error(f"{here}.from", "grades are not written from high to low", got=start)
        if name in {cut.name for cut in cuts}:
            raise scheme_error(f"{here}.name", "is used twice", got=name)
        cuts.append(Cut(name, start))
    return tuple(cuts)


PARSERS: Mapping[str, Callable[[Mapping[str, Any], str], Any]] = {
    "map": _parse_map,
    "combine": _parse_combine,
    "grade": _parse_grade,
}


def _parse_steps(rows: Sequence[Any]) -> dict[str, Any]:
    done: dict[str, Any] = {}
    for position, row in enumerate(rows):
        path = f"steps[{position}]"
        step = read_object(row, path)
        name = read_text(step.get("op"), f"{path}.op")
        if name not in PARSERS:
            raise scheme_error(f"{path}.op", "unknown operator", got=name, expected=", ".join(PARSERS))
        if name in done:
            raise scheme_error(f"{path}.op", "operator repeated", got=name, expected="each operator once")
        order = list(PARSERS)
        if any(later in done for later in order[order.index(name) :]):
            raise scheme_error(
                f"{path}.op", "operator out of order", got=", ".join([*done, name]), expected=", ".join(PARSERS)
            )
        done[name] = PARSERS[name](step, path)
    for name in ("map", "combine"):
        if name not in done:
            raise scheme_error("steps", f"the operator {name} is missing", got=", ".join(done), expected=name)
    return done


def _repeated_items(trees: Sequence[Node]) -> tuple[str, ...]:
    found: list[str] = []
    for tree in trees:
        names = [node.item for node in tree.walk() if node.item is not None]
        found += [
            f"item {name} is used twice under {tree.id}" for name in dict.fromkeys(names) if names.count(name) > 1
        ]
    return tuple(found)


def parse_scheme(document: Mapping[str, Any] | Scheme) -> Scheme:
    """Read scheme.json's content into a frozen `Scheme`.

    Raises
    ------
    SchemeError
        Naming the path inside the document: an unknown, repeated, misplaced or missing operator, shares that do
        not sum to their maximum without a declared policy, grades with gaps, ids used twice.
    """
    if isinstance(document, Scheme):
        return document
    source = read_object(document, "document")
    if source.get("format") != FORMAT:
        raise scheme_error("format", "not a scheme of this version", got=repr(source.get("format")), expected=FORMAT)
    steps = _parse_steps(read_list(source.get("steps"), "steps"))
    rounding = read_object(source.get("rounding"), "rounding")
    digits = rounding.get("digits")
    if not isinstance(digits, int) or isinstance(digits, bool) or not 0 <= digits <= 6:
        raise scheme_error("rounding.digits", "out of range", got=repr(digits), expected="an integer 0..6")
    if rounding.get("mode") != "half_up":
        raise scheme_error("rounding.mode", "is unknown", got=repr(rounding.get("mode")), expected="half_up")
    confidence = _decimal(source.get("confidence"), "confidence")
    if not 50 <= confidence < 100:
        raise scheme_error("confidence", "out of range", got=confidence, expected="50..100 percent, 100 excluded")
    rank_open = source.get("rank_open", False)
    if not isinstance(rank_open, bool):
        raise scheme_error("rank_open", "is neither true nor false", got=repr(rank_open))
    tree, trees = steps["combine"]
    return Scheme(
        read_text(source.get("id_name"), "id_name"),
        steps["map"],
        tree,
        trees,
        steps.get("grade", ()),
        digits,
        Fraction(confidence) / 100,
        rank_open,
        _repeated_items([*([tree] if tree else []), *trees.values()]),
    )
