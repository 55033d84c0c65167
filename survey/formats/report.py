"""What became of every construct of a questionnaire file: mapped, approximated or left out, with the reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """How much of a construct stands in our document."""

    MAPPED = "mapped"
    APPROXIMATED = "approximated"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Construct:
    """One thing of the file: where it stands, what it is, its fate, and why when that is not `mapped`."""

    place: str
    kind: str
    fate: Fate
    reason: str = ""


@dataclass
class Report:
    """The account of one import; `document` is the questionnaire that it gave."""

    format: str
    document: dict[str, Any] = field(default_factory=dict)
    constructs: list[Construct] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, place: str, kind: str, fate: Fate, reason: str = "") -> None:
        self.constructs.append(Construct(place, kind, fate, reason))

    @property
    def mapped_share(self) -> float:
        """Constructs that were mapped, of all; 0 for an empty file."""
        counted = Counter(construct.fate for construct in self.constructs)
        return counted[Fate.MAPPED] / len(self.constructs) if self.constructs else 0.0

    def as_json(self) -> dict[str, Any]:
        """Everything but the document, for programs."""
        counted = Counter(str(construct.fate) for construct in self.constructs)
        return {
            "format": self.format,
            "counts": {str(fate): counted[str(fate)] for fate in Fate},
            "constructs": [
                {"place": one.place, "kind": one.kind, "fate": str(one.fate), "reason": one.reason}
                for one in self.constructs
            ],
            "warnings": self.warnings,
        }
