"""What is said about a questionnaire before it is published: by the proof of its routing and the methodology check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """A fault keeps a questionnaire from being published; advice is for the designer to weigh."""

    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True)
class Finding:
    """One thing found: the rule, where it stands, and a walk that shows it.

    Attributes
    ----------
    rule : str
        Name of the rule, for example "unreachable"; `portal` has the words for it in every language.
    place : str
        The variable or, for a section, "section 2" (counted from 1); "" is the whole document.
    details : Mapping
        What the words for the rule need: strings by name.
    walk : Mapping or None
        Answers by form field, as `answers.replay` takes them, on which the fault shows.
    """

    rule: str
    severity: Severity
    place: str
    details: Mapping[str, str] = field(default_factory=dict)
    walk: Mapping[str, list[str]] | None = None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "rule": self.rule,
            "severity": str(self.severity),
            "place": self.place,
            "details": dict(self.details),
            "walk": None if self.walk is None else {name: list(values) for name, values in self.walk.items()},
        }
