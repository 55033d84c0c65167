"""What one replay of the path found: answers, why others are missing, and what is at fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .logic import Value
from .parts import Check, Missing


class Fault(StrEnum):
    """What keeps an answer from being taken; each has its own message to the citizen."""

    REQUIRED = "required"
    NOT_OFFERED = "not_offered"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    OUT_OF_RANGE = "out_of_range"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NOT_TOGETHER = "not_together"
    SAME_RANK = "same_rank"
    FORMAT = "format"
    CHECK = "check"


@dataclass
class Walk:
    """One replay of the path: answers on it, why others are missing, and what is at fault.

    `shown` names the questions on the path as they are listed, matrices and statements too; `failed` the checks that
    do not hold; `doubts` the soft ones among them that nobody has confirmed yet, by the names that confirm them;
    `confirmed` holds such names too. A name is "variable.place:mark", and another answer makes another mark.
    """

    answers: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, tuple[int, ...]] = field(default_factory=dict)
    missing: dict[str, Missing] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    failed: dict[str, Check] = field(default_factory=dict)
    doubts: dict[str, Check] = field(default_factory=dict)
    confirmed: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    has_declined: bool = False

    def document(self) -> dict[str, Any]:
        """The answers as they are committed to: integers, lists and strings only."""
        found: dict[str, Any] = {
            "answers": {name: plain(value) for name, value in self.answers.items()},
            "missing": {name: str(why) for name, why in self.missing.items()},
            "reasons": {name: list(codes) for name, codes in self.reasons.items()},
            "texts": dict(self.texts),
        }
        confirmed = [name.partition(":")[0] for name in self.confirmed]
        return found | ({"confirmed": confirmed} if confirmed else {})


def plain(value: Value) -> Any:
    """An answer as JSON holds it: an integer, a list of them, or a text; None where there is none."""
    if isinstance(value, tuple):
        return list(value)
    return f"{value:f}" if isinstance(value, Decimal) else value
