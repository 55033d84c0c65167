"""How a unit's answers are distributed, from the released counts and class weights; drawn, not published as figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .figures import Item, ReleaseView, Unit, rounded


@dataclass(frozen=True)
class Answer:
    """One valid answer to an item: respondents, weighted percent, and its points."""

    code: str
    n: int
    share: str
    points: int


@dataclass(frozen=True)
class ItemAnswers:
    """The valid answers to one item, the best first."""

    item: Item
    answers: tuple[Answer, ...]


def distribution(view: ReleaseView, unit: Unit) -> list[ItemAnswers]:
    """The weighted distribution of every item that counts for a unit; nothing for a unit without figures."""
    found = [_of_item(view, unit, view.items[name]) for name in _items(view, unit)]
    return [one for one in found if one.answers]


def _items(view: ReleaseView, unit: Unit) -> list[str]:
    published = {figure.subject for figure in unit.figures if figure.statistic == "valid_n"}
    return [name for name in view.recipe.items(unit.id) if name in published]


def _of_item(view: ReleaseView, unit: Unit, item: Item) -> ItemAnswers:
    counted = dict.fromkeys(view.recipe.points, 0)
    weighted = dict.fromkeys(view.recipe.points, 0)
    for row in view.classes_of(unit):
        for code, n in view.answers.get((row.unit, row.label, item.name), {}).items():
            if code in counted:
                counted[code] += n
                weighted[code] += n * row.weight
    return ItemAnswers(item, _answers(counted, weighted, view.recipe.points))


def _answers(counted: Mapping[str, int], weighted: Mapping[str, int], points: Mapping[str, int]) -> tuple[Answer, ...]:
    total = sum(weighted.values())
    best_first = sorted(points, key=lambda code: (-points[code], int(code)))
    if not total:
        return ()
    return tuple(
        Answer(code, counted[code], rounded(Decimal(100 * weighted[code]) / total, 1), points[code])
        for code in best_first
    )
