"""The scheme of a release as readers see it: its tree with maxima or weights, its points and its grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.texts import Texts


@dataclass(frozen=True)
class Node:
    """One part of the score. `share` is its maximum or its weight in the part above, as `share_kind` says."""

    id: str
    title: Texts
    depth: int
    item: str
    entry: str
    operator: str
    share: int | None
    share_kind: str

    @property
    def subject(self) -> str:
        """The name under which figures.csv keeps this part."""
        return f"node:{self.id}"


@dataclass(frozen=True)
class Grade:
    """A grade and the rounded score from which it holds; the lowest has no start."""

    name: str
    title: Texts
    start: str


@dataclass(frozen=True)
class Recipe:
    """A scheme, parsed once."""

    title: Texts
    points: Mapping[str, int]
    satisfied: frozenset[str]
    default: tuple[Node, ...]
    trees: Mapping[str, tuple[Node, ...]]
    grades: tuple[Grade, ...]
    confidence: str

    def tree(self, unit: str) -> tuple[Node, ...]:
        """The parts of a unit's score, each above its branches."""
        return self.trees.get(unit, self.default)

    def items(self, unit: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(node.item for node in self.tree(unit) if node.item))

    def grade_title(self, name: str) -> Texts:
        return next((grade.title for grade in self.grades if grade.name == name and grade.title), {"": name})


def read_recipe(document: Mapping[str, Any]) -> Recipe:
    """Parse the scheme of a release; it was checked when the run was made."""
    steps = {step["op"]: step for step in document["steps"]}
    combine = steps["combine"]
    cuts = steps.get("grade", {}).get("cuts", [])
    return Recipe(
        title=document.get("title", {}),
        points={str(code): points for code, points in steps["map"]["points"].items()},
        satisfied=frozenset(str(code) for code in steps["map"]["satisfied"]),
        default=_walk(combine["tree"]) if "tree" in combine else (),
        trees={unit: _walk(tree) for unit, tree in combine.get("trees", {}).items()},
        grades=tuple(Grade(cut["name"], cut.get("title", {}), cut["from"] or "") for cut in cuts),
        confidence=document["confidence"],
    )


def _walk(node: Mapping[str, Any], depth: int = 0) -> tuple[Node, ...]:
    kind = "max" if "max" in node else "weight" if "weight" in node else ""
    own = Node(
        id=node["id"],
        title=node.get("title", {}),
        depth=depth,
        item=node.get("item", ""),
        entry=node.get("entry", ""),
        operator=node.get("operator", ""),
        share=node[kind] if kind else None,
        share_kind=kind,
    )
    return (own, *(below for branch in node.get("branches", []) for below in _walk(branch, depth + 1)))
