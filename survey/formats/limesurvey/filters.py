"""When a question and its parts are asked: relevance, the older conditions, and filters by an earlier question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

from survey.formats.report import Fate

from .comparisons import answered
from .conditions import Translation
from .effects import Outcome, shortened
from .expressions import ExpressionError
from .making import Making, place_of
from .names import Catalogue
from .nodes import Node, all_of, any_of, condition
from .tables import Question, Row

ALWAYS = ("", "1")
_FIELD = re.compile(r"\+?(\d+X\d+X.+)")


@dataclass
class Shown:
    """When something is asked: the condition, and what became of the expression; None where there was none."""

    node: Node = True
    outcome: Outcome | None = None


@dataclass
class PartsShown:
    """When the parts of a question are asked, and what became of each expression, by the place behind the question."""

    nodes: dict[str, Node] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)


def relevance(catalogue: Catalogue, expression: str) -> Shown:
    """A relevance equation; one that cannot be said here leaves the question always asked."""
    if expression in ALWAYS:
        return Shown()
    translation = Translation(catalogue)
    try:
        node = translation.of(expression)
        if node is not False:
            condition(node)
    except ExpressionError as error:
        return Shown(True, (Fate.APPROXIMATED, f"{error}; it is always asked: {shortened(expression)}"))
    if translation.notes:
        return Shown(node, (Fate.APPROXIMATED, f"{translation.notes[0]}: {shortened(expression)}"))
    return Shown(node, (Fate.MAPPED, ""))


def of_conditions(catalogue: Catalogue, rows: Iterable[Row]) -> str:
    """The older conditions as an expression: scenarios are alternatives, as are several values of one question."""
    scenarios = []
    for _, in_scenario in groupby(sorted(rows, key=_scenario), key=_scenario):
        listed = sorted(in_scenario, key=lambda row: row.get("cqid", ""))
        alike = [
            [_comparison(catalogue, row) for row in some]
            for _, some in groupby(listed, key=lambda row: row.get("cqid", ""))
        ]
        scenarios.append(" and ".join(f"({' or '.join(some)})" for some in alike))
    return " or ".join(f"({one})" for one in scenarios)


def _scenario(row: Row) -> str:
    return row.get("scenario", "")


def _comparison(catalogue: Catalogue, row: Row) -> str:
    found = _FIELD.fullmatch(row.get("cfieldname", ""))
    name, value = found[1] if found else "?", row.get("value", "").strip()
    if value.startswith("@") and value.endswith("@"):
        return f"{name}.NAOK {row.get('method', '')} {value.strip('@')}.NAOK"
    if catalogue.find(name) is None and catalogue.find(name + value):
        name, value = name + value, "Y"  # an option of a multiple choice is named by the value
    text = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}.NAOK {row.get("method", "").strip() or "=="} "{text}"'


def parts_shown(making: Making) -> PartsShown:
    """When each part is asked: by its own relevance, and by what was chosen in another question."""
    found = PartsShown()
    for part in making.source.parts:
        shown = relevance(making.context.catalogue, part.relevance)
        if shown.outcome is None:
            continue
        if part.code in making.shown and not part.scale and shown.node is not False:
            found.nodes[part.code] = shown.node
        elif shown.outcome[0] is Fate.MAPPED:
            shown.outcome = Fate.APPROXIMATED, f"it is offered all the same: {shortened(part.relevance)}"
        found.outcomes[f"{place_of(part)}, relevance"] = shown.outcome
    for name, wanted in (("array_filter", True), ("array_filter_exclude", False)):
        if making.shown and making.source.value(name):
            making.used[name] = _filter(making, making.source.value(name), wanted, found)
    return found


def _filter(making: Making, value: str, wanted: bool, found: PartsShown) -> Outcome:
    """Rows are asked where the choice of the same code was made in other questions, or where it was not."""
    catalogue, notes = making.context.catalogue, []  # type: Catalogue, list[str]
    sources = [code.strip() for code in re.split(r"[;,]", value) if code.strip()]
    for source in sources:
        if not catalogue.whole(source):
            return Fate.APPROXIMATED, f"all of it is asked: {catalogue.why_not(source)}"
    nodes: dict[str, Node] = {}
    for code in making.shown:
        fields = [one for source in sources if (one := catalogue.find(f"{source}_{code}"))]
        try:
            nodes[code] = all_of([found.nodes.get(code, True), *(answered(one, wanted, notes) for one in fields)])
        except ExpressionError as error:
            return Fate.APPROXIMATED, f"all of it is asked: {error}"
    found.nodes |= nodes
    return (Fate.APPROXIMATED, notes[0]) if notes else (Fate.MAPPED, "")


def put_conditions(making: Making, whole: Node, parts: PartsShown) -> None:
    """Write the conditions into our questions and rows; what is too long is left out and told."""
    by_part = {
        id(one): parts.nodes[code] for code, shown in making.shown.items() for one in shown if code in parts.nodes
    }
    were_put = []
    for made in making.questions:
        rows = made.get("rows", ())
        of_rows = [by_part.get(id(row), True) for row in rows]
        were_put += [_put(row, node) for row, node in zip(rows, of_rows, strict=True)]
        were_put.append(
            _put(made, all_of([whole, by_part.get(id(made), True), any_of(of_rows) if rows else True]), whole)
        )
    if not all(were_put):
        making.notes[""] = "not all conditions of its parts could be put: they are too long together"


def _put(made: dict[str, object], node: Node, simpler: Node = True) -> bool:
    for one in (node, simpler):
        try:
            text = condition(one)
        except ExpressionError:
            continue
        if text:
            made["show_if"] = text
        return one == node
    return False


def remember(making: Making, group: Node, whole: Node, parts: PartsShown) -> None:
    """Put what the question fills into the catalogue, with the condition under which it is asked."""
    of_parts = {
        one["variable"]: parts.nodes[code]
        for code, shown in making.shown.items()
        for one in shown
        if code in parts.nodes
    }
    fields = {
        suffix: replace(one, condition=all_of([group, whole, of_parts.get(one.variable, True)]))
        for suffix, one in making.fields.items()
    }
    making.context.catalogue.add(making.source.code, making.source.id, fields)


def never_asked(question: Question) -> str:
    """Why a question is never shown; "" where it may be."""
    return "it is hidden: nobody is asked it" if question.value("hidden") not in ("", "0", "N") else ""
