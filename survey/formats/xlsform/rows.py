"""Questions as rows of an XLSForm's survey sheet, with the choices that they bring along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.logic import parse
from survey.parts import BaseQuestion, ChosenQuestion, TextIn
from survey.questionnaire import Questionnaire
from survey.questions import (
    ConsentQuestion,
    DateQuestion,
    MatrixQuestion,
    MultipleQuestion,
    NpsQuestion,
    NumberQuestion,
    PlaceQuestion,
    RankingQuestion,
    ScaleQuestion,
    SingleQuestion,
    TextQuestion,
)

from .bounds import FORMATS
from .expressions import constraint, expression, joined, quoted, unless_missing
from .losses import losses_of

LONGEST = TextQuestion.model_fields["max_length"].default
Cell = str | Mapping[str, str]
Line = dict[str, Cell]
_DATES = {"month": "month-year", "year": "year"}


@dataclass
class Sheets:
    """The rows written so far, and what XLSForm has no room for."""

    questionnaire: Questionnaire
    survey: list[Line] = field(default_factory=list)
    choices: list[Line] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    lists: dict[Any, str] = field(default_factory=dict)

    def name(self, wish: str) -> str:
        """A name that no other row has, for what has no variable."""
        number, name = 1, wish
        while name in self.names:
            number += 1
            name = f"{wish}_{number}"
        self.names.add(name)
        return name

    def list_choices(self, wish: str, choices: Iterable[tuple[str, TextIn]]) -> str:
        """Write a choice list, unless the same one is there, and return its name."""
        listed = tuple(choices)
        key = tuple((value, tuple(sorted(text.items()))) for value, text in listed)
        if key not in self.lists:
            self.lists[key] = wish
            self.choices += [{"list_name": wish, "name": value, "label": text} for value, text in listed]
        return self.lists[key]


def write_question(question: BaseQuestion, relevant: str, sheets: Sheets) -> None:
    """Write the rows of one question; `relevant` is what must hold beside its own condition."""
    own = [expression(parse(question.show_if), _by_name(sheets))] if question.show_if is not None else []
    line: Line = {"name": question.variable, "label": question.text, "relevant": joined(relevant, *own)}
    line |= {"hint": question.hint} if question.hint else {}
    line |= {"required": "yes"} if question.required else {}
    sheets.losses += losses_of(question, _by_name(sheets))
    if isinstance(question, MatrixQuestion):
        _write_matrix(question, line, sheets)
        return
    line |= _typed(question, sheets)
    told = [unless_missing(rule, question) for rule in _bounds(question)]
    hard = [check for check in question.checks if not check.soft]
    told += [unless_missing(constraint(one.rule, question.variable, _by_name(sheets)), question) for one in hard]
    if told:
        line["constraint"] = joined(*told)
    if hard:
        line["constraint_message"] = _together([check.text for check in hard])
    sheets.survey.append(line)
    if isinstance(question, ChosenQuestion):
        _write_specified(question, sheets)


def _by_name(sheets: Sheets) -> Mapping[str, BaseQuestion]:
    return sheets.questionnaire.by_variable


def _together(texts: list[TextIn]) -> dict[str, str]:
    return {tag: "\n".join(dict.fromkeys(text[tag] for text in texts)) for tag in texts[0]}


def _typed(question: BaseQuestion, sheets: Sheets) -> Line:
    """The type of a row and what goes with it."""
    name = question.variable
    if isinstance(question, ChosenQuestion):
        listed = sheets.list_choices(name, _choices(question))
        kind = "select_multiple" if isinstance(question, MultipleQuestion) else "select_one"
        line: Line = {"type": f"{'rank' if isinstance(question, RankingQuestion) else kind} {listed}"}
        line |= {"parameters": "randomize=true"} if question.shuffled else {}
        is_dropdown = isinstance(question, SingleQuestion) and question.dropdown
        return line | ({"appearance": "minimal"} if is_dropdown else {})
    if isinstance(question, (ScaleQuestion, NpsQuestion)):
        return _range(question, sheets)
    if isinstance(question, NumberQuestion):
        return {"type": "decimal" if question.decimals else "integer"} | _with_unit(question)
    if isinstance(question, DateQuestion):
        return {"type": "date", "appearance": _DATES.get(question.precision, "")}
    if isinstance(question, TextQuestion):
        return {"type": "text", "appearance": "multiline" if question.lines > 1 else ""}
    if isinstance(question, PlaceQuestion):
        listed = sheets.list_choices(name, ((one.code, _path(one.code, question)) for one in question.offered))
        return {"type": f"select_one {listed}", "appearance": "minimal autocomplete"}
    return {"type": "acknowledge" if isinstance(question, ConsentQuestion) else "note"}


def _choices(question: ChosenQuestion) -> Iterator[tuple[str, TextIn]]:
    return ((str(choice.code), choice.text) for choice in question.choices)


def _range(question: ScaleQuestion | NpsQuestion, sheets: Sheets) -> Line:
    codes = question.valid_codes()
    labels: dict[int, TextIn] = {codes[0]: question.first_label, codes[-1]: question.last_label}
    if isinstance(question, ScaleQuestion):
        labels = {label.code: label.text for label in question.labels} | labels
    listed = sheets.list_choices(question.variable, ((str(code), labels[code]) for code in sorted(labels)))
    given = f"start={codes[0]} end={codes[-1]} step=1 tick_labelset={listed}"
    return {"type": "range", "parameters": given}


def _with_unit(question: NumberQuestion) -> Line:
    if question.unit is None:
        return {}
    hint = question.hint or {}
    return {"hint": {tag: f"{hint[tag]} ({unit})" if tag in hint else unit for tag, unit in question.unit.items()}}


def _path(code: str, question: PlaceQuestion) -> dict[str, str]:
    """The words of a place behind those of the places that it lies in."""
    place = question.by_code[code]
    above = _path(place.parent, question) if place.parent else {}
    return {tag: f"{above[tag]} – {text}" if tag in above else text for tag, text in place.text.items()}


def _bounds(question: BaseQuestion) -> Iterator[str]:
    """The bounds of a question as constraints."""
    if isinstance(question, NumberQuestion):
        yield from _between(".", question.minimum, question.maximum)
    elif isinstance(question, (MultipleQuestion, RankingQuestion)):
        yield from _counted(question)
    elif isinstance(question, DateQuestion):
        for sign, bound in ((">=", question.earliest), ("<=", question.latest)):
            if bound:
                yield f". {sign} {'today()' if bound == 'today' else f'date({quoted(bound)})'}"
    elif isinstance(question, TextQuestion):
        if question.max_length != LONGEST:
            yield f"string-length(.) <= {question.max_length}"
        if question.format != "any":
            yield f"regex(., '{FORMATS[question.format]}')"


def _between(what: str, low: int | None, high: int | None) -> Iterator[str]:
    if low is not None:
        yield f"{what} >= {low}"
    if high is not None:
        yield f"{what} <= {high}"


def _counted(question: MultipleQuestion | RankingQuestion) -> Iterator[str]:
    alone = [choice.code for choice in question.choices if choice.exclusive]
    for bound in _between("count-selected(.)", question.at_least, question.at_most):
        spared = [f"selected(., '{code}')" for code in alone if ">=" in bound]
        yield " or ".join([bound, *spared])
    for code in alone:
        yield f"not(selected(., '{code}') and count-selected(.) > 1)"


def _write_matrix(question: MatrixQuestion, line: Line, sheets: Sheets) -> None:
    """A group that shows its questions as a table."""
    listed = sheets.list_choices(question.variable, _choices(question))
    line.pop("required", None)
    sheets.survey.append({**line, "type": "begin_group", "appearance": "table-list"})
    kind = "select_multiple" if question.multiple else "select_one"
    for row in question.rows:
        relevant = expression(parse(row.show_if), _by_name(sheets)) if row.show_if is not None else ""
        one: Line = {
            "type": f"{kind} {listed}",
            "name": row.variable,
            "label": row.text,
            "relevant": relevant,
        }
        sheets.survey.append(one | ({"required": "yes"} if question.required else {}))
    sheets.survey.append({"type": "end_group", "name": question.variable})


def _write_specified(question: ChosenQuestion, sheets: Sheets) -> None:
    """The words beside a choice, asked in a row of their own."""
    for choice in question.choices:
        if choice.specify:
            name = sheets.name(f"{question.variable}_say_{choice.code}")
            relevant = f"selected(${{{question.variable}}}, '{choice.code}')"
            sheets.survey.append({"type": "text", "name": name, "label": choice.text, "relevant": relevant})
            sheets.losses.append(f"{question.variable}: the words beside choice {choice.code} are the question {name}")
