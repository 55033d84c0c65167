"""Groups and questions that LimeSurvey puts in random order, where no condition reads across them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.errors import QuestionnaireError
from survey.formats.report import Fate, Report
from survey.questionnaire import read_questionnaire

TWO_POOLS = "only one set of them can change places here"
READ_ACROSS = "a condition or a text reads answers across them, so they keep their order"
IN_PIECES = "one of them is several questions here, which would part"


@dataclass(frozen=True)
class Member:
    """One of those that change places: the name of its set, where that is told, and our questions or section for it."""

    name: str
    place: str
    ours: tuple[dict[str, Any], ...]


@dataclass
class Order:
    """Siblings of which some change places; `owner[key]` says so in our document."""

    kind: str
    owner: dict[str, Any]
    key: str
    siblings: list[dict[str, Any]]
    members: list[Member] = field(default_factory=list)

    def of_set(self) -> list[Member]:
        """The members of the one set that has more than one."""
        sizes = Counter(member.name for member in self.members)
        return [member for member in self.members if sizes[member.name] > 1]

    def put(self) -> None:
        """Let the members change places among themselves; the others keep theirs."""
        moving = {id(one) for member in self.of_set() for one in member.ours}
        self.owner[self.key] = True
        for one in self.siblings:
            if id(one) not in moving:
                one["fixed"] = True

    def take_back(self) -> None:
        """Undo it."""
        del self.owner[self.key]
        for one in self.siblings:
            one.pop("fixed", None)


def put_orders(document: Mapping[str, Any], orders: list[Order], report: Report) -> None:
    """Let those change places that can; the rest keeps its order and is told of."""
    possible: list[Order] = []
    for order in orders:
        moving = order.of_set()
        if len({member.name for member in moving}) > 1:
            _tell(order, report, TWO_POOLS)
        elif any(len(member.ours) > 1 for member in moving):
            _tell(order, report, IN_PIECES)
        elif moving:
            possible.append(order)
        else:
            _tell(order, report, "")  # alone in its set, each stays where it is
    if not possible:
        return
    for order in possible:
        order.put()
    reason = ""
    try:
        read_questionnaire(document)
    except QuestionnaireError:
        reason = READ_ACROSS
        for order in possible:
            order.take_back()
    for order in possible:
        _tell(order, report, reason)


def _tell(order: Order, report: Report, reason: str) -> None:
    for member in order.members:
        report.add(member.place, order.kind, Fate.LEFT_OUT if reason else Fate.MAPPED, reason)
