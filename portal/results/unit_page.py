"""The page of one unit: its figures, its answers, its place among others."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import Any

from portal.language import said

from .charts import Segment, stacked_bar
from .distribution import ItemAnswers, distribution
from .figures import DERIVED, Figure, Unit, rounded
from .pages import Group, ReleasePage
from .recipe import Node
from .trend import NONE, Trend
from .twins import Sheet


@dataclass(frozen=True)
class UnitPage:
    """One unit in one version of a release."""

    page: ReleasePage
    unit: Unit
    trend: Trend = NONE

    @cached_property
    def peers(self) -> list[Unit]:
        """Scored units of its peer group, itself among them; none for a unit that has no score or no peers."""
        if not self.unit.peer_group or not self.unit.is_scored:
            return []
        units = self.page.view.units.values()
        found = [one for one in units if one.peer_group == self.unit.peer_group and one.is_scored]
        return found if len(found) > 1 else []

    @property
    def peer_median(self) -> str:
        """The middle of its peer group's scores, with the digits the scores have."""
        if not self.peers:
            return ""
        digits = len(self.unit.value("score").partition(".")[2])
        return rounded(median(Decimal(one.value("score")) for one in self.peers), digits)

    @property
    def children(self) -> list[Unit]:
        return [unit for unit in self.page.view.children(self.unit) if unit.is_listed]

    @property
    def below(self) -> Group:
        """The children as a table of their own, without ranks: they may stand in several peer groups."""
        shown = tuple(unit for unit in self.children if not unit.is_suppressed)
        return Group(None, shown, tuple(unit for unit in self.children if unit.is_suppressed))

    @property
    def nodes(self) -> list[Node]:
        """The parts of the score that were published for this unit."""
        tree = self.page.view.recipe.tree(self.unit.id)
        return [node for node in tree if self.unit.value("score", node.subject)]

    def subject_title(self, subject: str) -> str:
        """What a figure is about, in words."""
        node = next((one for one in self.nodes if one.subject == subject), None)
        if node:
            return said(node.title) or node.id
        item = self.page.view.items.get(subject)
        return said(item.title) if item else subject

    @cached_property
    def distribution(self) -> list[ItemAnswers]:
        return distribution(self.page.view, self.unit)

    def figures(self) -> list[Figure]:
        """The published figures, then what this page derives from released tables."""
        derived = [
            Figure(f"{one.item.name}={answer.code}", statistic, value, DERIVED)
            for one in self.distribution
            for answer in one.answers
            for statistic, value in (("answer_n", str(answer.n)), ("answer_share", answer.share))
        ]
        peers = [("peer_units", str(len(self.peers))), ("peer_median", self.peer_median)] if self.peers else []
        return [*self.unit.figures, *(Figure("", name, value, DERIVED) for name, value in peers), *derived]

    def about(self) -> dict[str, Any]:
        unit = {"unit": self.unit.id, "unit_title": dict(self.unit.title), "kind": self.unit.kind}
        return {**self.page.about(), **unit, "parent": self.unit.parent, "peer_group": self.unit.peer_group}

    def sheets(self) -> dict[str, Sheet]:
        rows = tuple((self.unit.id, one.subject, one.statistic, one.value, one.status) for one in self.figures())
        classes = tuple(
            (one.unit, one.label, ";".join(one.cells), str(one.n), one.population, str(one.weight))
            for one in self.page.view.classes_of(self.unit)
        )
        return {
            "figures": Sheet(("unit", "subject", "statistic", "value", "status"), rows),
            "classes": Sheet(("unit", "class", "cells", "n", "population", "weight"), classes),
            "trend": self.trend.sheet(),
        }


def bar_of(one: ItemAnswers) -> tuple[Segment, ...]:
    """The stacked bar of an item, from the worst answer to the best."""
    return stacked_bar([(answer.share, answer.points) for answer in reversed(one.answers)])
