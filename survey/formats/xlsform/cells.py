"""What becomes of the cells of a survey row beside its type, name and words: each is told in the report."""

from __future__ import annotations

from dataclasses import dataclass, field

from survey.formats.report import Fate, Report

from .sheets import MEDIA
from .tree import Node

Verdict = tuple[Fate, str]
LAYOUT = "the portal lays questions out itself"
LEFT_OUT = {
    "guidance_hint": "words for interviewers are not shown",
    "default": "answers are never filled in beforehand",
    "calculation": "answers are never filled in by a calculation",
    "trigger": "answers are never filled in by a calculation",
    "repeat_count": "a repeated group is asked once",
    "read_only": "every question that is shown can be answered",
    "autoplay": "pictures and sounds are not shown",
    **{f"media::{name}": "pictures and sounds are not shown" for name in MEDIA},
    "rows": LAYOUT,
}
COLUMNS = ("relevant", "constraint", "required", "hint", "choice_filter", "appearance", "parameters", *LEFT_OUT)
KNOWN = frozenset({*COLUMNS, "type", "name", "label", "disabled", "constraint_message", "required_message"})
TRUE = frozenset({"yes", "true", "true()", "1"})
FALSE = frozenset({"no", "false", "false()", "0"})
DROPDOWN = frozenset({"minimal", "autocomplete", "search"})
_KEPT_APPEARANCES: dict[str, frozenset[str]] = {
    "single": DROPDOWN,
    "text": frozenset({"multiline"}),
    "date": frozenset({"month-year", "year"}),
    "group": frozenset({"field-list", "table-list"}),
    "repeat": frozenset({"field-list", "table-list"}),
}
_OF_CHOICES = DROPDOWN | {"label", "list-nolabel", "quick", "likert", "horizontal", "compact", "columns"}


@dataclass
class Draft:
    """A row on its way into the document: what was said of its cells, and where its own meaning is only met nearly."""

    node: Node
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def note(self, reason: str) -> None:
        """Say once why the row is only approximated."""
        if reason not in self.reasons:
            self.reasons.append(reason)

    def tell(self, report: Report) -> None:
        """Put the row and its cells into the report."""
        row = self.node.row
        fate = Fate.APPROXIMATED if self.reasons else Fate.MAPPED
        report.add(place_of(self.node), self.node.row.get("type"), fate, "; ".join(self.reasons))
        for column in columns_of(self.node):
            verdict = self.verdicts.get(column) or _own_verdict(self.node, column)
            report.add(f"survey row {row.number}, {column}", column, *verdict)


def place_of(node: Node) -> str:
    """Where a row stands; a group stands from its beginning to its end."""
    first, last = node.row.number, node.last
    return f"survey rows {first} to {last}" if last > first else f"survey row {first}"


def leave_out(node: Node, why: str, report: Report) -> None:
    """Report a row, with all its cells, and all that stands inside as left out."""
    for one in node.walk():
        cells = columns_of(one)
        reason = (why if one is node else "its group is left out") + (f"; with it: {', '.join(cells)}" if cells else "")
        report.add(place_of(one), one.row.get("type"), Fate.LEFT_OUT, reason)


def columns_of(node: Node) -> list[str]:
    """The filled cells that say something: "no" and what has no effect do not, and a message belongs to its rule."""
    row, kind = node.row, node.type.kind
    silent = {column for column in ("required", "read_only") if row.get(column).lower() in FALSE}
    silent |= {"calculation"} if kind == "calculate" else set()
    if kind not in ("single", "several") and node.appearance - _KEPT_APPEARANCES.get(kind, frozenset()) <= _OF_CHOICES:
        silent |= set() if node.appearance & _KEPT_APPEARANCES.get(kind, frozenset()) else {"appearance"}
    return [column for column in COLUMNS if row.has(column) and column not in silent]


def _own_verdict(node: Node, column: str) -> Verdict:
    kind = node.type.kind
    if column == "appearance":
        return appearance_verdict(node)
    if column == "read_only" and kind == "note":
        return Fate.MAPPED, ""
    if column in ("constraint", "required"):
        return Fate.LEFT_OUT, "nothing is answered there"
    return Fate.LEFT_OUT, LEFT_OUT.get(column, "it has no meaning for this type")


def appearance_verdict(node: Node) -> Verdict:
    """An appearance is kept whole, or it is not."""
    if node.appearance <= _KEPT_APPEARANCES.get(node.type.kind, frozenset()):
        return Fate.MAPPED, ""
    return Fate.LEFT_OUT, LAYOUT
