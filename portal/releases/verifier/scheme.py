"""The scoring recipe of a release: points, the tree of nodes as one linear rule, and the grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Node = dict[str, Any]


class RecipeError(ValueError):
    """The scheme cannot be followed: an unknown, repeated or missing step, or a node that does not add up."""


@dataclass(frozen=True)
class Recipe:
    """A scheme, parsed. ``cuts`` are (name, lowest rounded score), the highest grade first."""

    points: dict[str, int]
    satisfied: frozenset[str]
    trees: dict[str, Node]
    default: Node | None
    cuts: list[tuple[str, Fraction | None]]
    digits: int

    def tree(self, unit: str) -> Node:
        """Return the tree that scores a unit; raise RecipeError when it has none."""
        found = self.trees.get(unit, self.default)
        if found is None:
            raise RecipeError(f"scheme.json has no tree for unit {unit!r}")
        return found

    def grade(self, rounded: str) -> str:
        """Return the grade of a rounded score: the first whose half-open interval [from, next) holds it."""
        score = Fraction(rounded)
        return next(name for name, start in self.cuts if start is None or score >= start)


@dataclass(frozen=True)
class Linear:
    """A score as a sum: coefficient times item mean, plus coefficient times entered value."""

    items: dict[str, Fraction]
    entries: dict[str, Fraction]

    def is_known(self, means: Mapping[str, Fraction], entered: Mapping[str, Fraction]) -> bool:
        """Tell whether every item has a mean and every figure was entered."""
        return self.items.keys() <= means.keys() and self.entries.keys() <= entered.keys()

    def value(self, means: Mapping[str, Fraction], entered: Mapping[str, Fraction]) -> Fraction:
        """Return the exact score at these item means and entered values."""
        survey = sum((share * means[item] for item, share in self.items.items()), Fraction(0))
        return survey + sum((share * entered[name] for name, share in self.entries.items()), Fraction(0))


def read_scheme(scheme: Mapping[str, Any]) -> Recipe:
    """Return the recipe of a scheme document; raise RecipeError naming the step or node that is wrong."""
    steps: dict[str, Any] = {}
    for step in scheme["steps"]:
        name = step["op"]
        if name not in ("map", "combine", "grade"):
            raise RecipeError(f"unknown step {name!r}; this verifier knows map, combine and grade")
        if name in steps or (name == "map" and steps) or (name == "combine" and "map" not in steps):
            raise RecipeError(f"step {name!r} is repeated or out of order; expected map, combine, grade")
        steps[name] = step
    if "combine" not in steps:
        raise RecipeError("the scheme has no combine step")
    rounding = scheme["rounding"]
    if rounding["mode"] != "half_up" or not 0 <= rounding["digits"] <= 6:
        raise RecipeError("rounding must be half_up to 0 to 6 digits")
    trees, default = steps["combine"].get("trees", {}), steps["combine"].get("tree")
    for tree in [*trees.values(), *([default] if default else [])]:
        _check_tree(tree)
    points = {str(code): _whole(value, f"points of {code}") for code, value in steps["map"]["points"].items()}
    return Recipe(
        points=points,
        satisfied=frozenset(str(code) for code in steps["map"]["satisfied"]),
        trees=trees,
        default=default,
        cuts=_read_cuts(steps["grade"]["cuts"]) if "grade" in steps else [],
        digits=rounding["digits"],
    )


def walk(node: Node) -> list[Node]:
    """Return a node and all below it, in declared order."""
    return [node, *(below for branch in node.get("branches", []) for below in walk(branch))]


def tree_items(tree: Node) -> list[str]:
    """Return the survey items of a tree, each once, in declared order."""
    return list(dict.fromkeys(node["item"] for node in walk(tree) if "item" in node))


def tree_entries(tree: Node) -> list[str]:
    """Return the entered figures that a tree asks for, each once, in declared order."""
    return list(dict.fromkeys(node["entry"] for node in walk(tree) if "entry" in node))


def branch_share(node: Node, branch: Node) -> Fraction:
    """Return the share of a branch in its node's score: its maximum or weight over the sum of all."""
    key = "max" if node["operator"] == "sum_of_maxima" else "weight"
    return Fraction(branch[key], sum(one[key] for one in node["branches"]))


def linear(node: Node) -> Linear:
    """Return a node's score as a linear rule over item means and entered values."""
    if "item" in node:
        return Linear({node["item"]: Fraction(1)}, {})
    if "entry" in node:
        return Linear({}, {node["entry"]: Fraction(1)})
    items: dict[str, Fraction] = {}
    entries: dict[str, Fraction] = {}
    for branch in node["branches"]:
        share, below = branch_share(node, branch), linear(branch)
        for found, into in ((below.items, items), (below.entries, entries)):
            for name, coefficient in found.items():
                into[name] = into.get(name, Fraction(0)) + share * coefficient
    return Linear(items, entries)


def _check_tree(tree: Node) -> None:
    nodes = walk(tree)
    names = [node["id"] for node in nodes]
    if len(set(names)) != len(names):
        raise RecipeError(f"node ids are repeated in the tree {tree['id']!r}")
    _check_node(tree, 100)
    for node in nodes:
        for branch in node.get("branches", []):
            _check_node(branch, branch.get("max", 100))


def _check_node(node: Node, own: int) -> None:
    """Check one node; ``own`` is its maximum in its parent, to which a nested sum of maxima adds up."""
    place = f"node {node['id']!r}"
    if sum(key in node for key in ("item", "entry", "branches")) != 1:
        raise RecipeError(f"{place} needs exactly one of item, entry and branches")
    if "branches" not in node:
        return
    key = {"sum_of_maxima": "max", "weighted_mean": "weight"}.get(node["operator"])
    if key is None:
        raise RecipeError(f"{place} has the unknown operator {node['operator']!r}")
    sizes = [_whole(branch[key], f"{key} of {branch['id']!r}") for branch in node["branches"]]
    if min(sizes, default=0) < 1:
        raise RecipeError(f"{place} needs branches with a {key} of at least 1")
    wanted = own if key == "max" else 100
    if sum(sizes) != wanted and node.get("policy") != "normalise":
        raise RecipeError(f"{place}: the {key} of its branches add up to {sum(sizes)}, expected {wanted}")


def _read_cuts(cuts: list[dict[str, Any]]) -> list[tuple[str, Fraction | None]]:
    found = [(str(cut["name"]), None if cut["from"] is None else Fraction(cut["from"])) for cut in cuts]
    starts = [start for _, start in found[:-1]]
    falling = sorted({start for start in starts if start is not None}, reverse=True)
    if not found or found[-1][1] is not None or starts != falling:
        raise RecipeError("grade cuts must fall from the highest, and only the lowest has no start")
    return found


def _whole(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RecipeError(f"{place} must be a whole number, got {value!r}")
    return value
