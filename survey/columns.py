"""The columns of a dataset: which there are, what they are for, and how an answer is written into them.

| column | for | written as |
|---|---|---|
| a judged question | item | int8: a code, or a negative missing code |
| a question about the person | demographic | string: a code or the category it is weighted by; null = unknown |
| a number | number | float64; null where there is none |
| why a number is not there | missing | int8: a negative missing code, or 0 |
| many choices, a ranking, a day, a place, or neither of the above | text | string; a missing code's name |
| in which order a shuffled questionnaire was met | text | string: 0 to 15 |
| the reasons given beside an answer | reasons | string: codes joined by `;` |
| a weighting dimension | channel, period, demographic | string: its category |
| the judged unit; point and day | unit, psu | string |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .fielding import Population, Wave
from .parts import MISSING_CODES, BaseQuestion, ChosenQuestion, Missing
from .questionnaire import Questionnaire
from .questions import (
    ConsentQuestion,
    DateQuestion,
    MultipleQuestion,
    NpsQuestion,
    NumberQuestion,
    PlaceQuestion,
    RankingQuestion,
    ScaleQuestion,
    TextQuestion,
)

Row = Mapping[str, Any]
LARGEST_ITEM_CODE = 127  # of an int8
TYPES = {"item": "int8", "number": "float64", "missing": "int8"}  # by role; all others are strings
ROLES_OF_SOURCES = {"channel": "channel", "month": "period", "variable": "demographic"}


class Column(NamedTuple):
    """One column; `read` takes a response document, to which `cell` was added, to what stands in it."""

    name: str
    role: str
    labels: dict[str, Any]
    title: dict[str, str]
    read: Callable[[Row], int | float | str | None]

    def description(self) -> dict[str, Any]:
        return {"name": self.name, "role": self.role, "labels": self.labels, "title": self.title}


def describe(wave: Wave, questionnaire: Questionnaire, n_rows: int) -> dict[str, Any]:
    """The description of the dataset, still without the hash of its table and without its ledger."""
    is_single = _judges_one(wave)
    return {
        "format": "minyi-dataset/1",
        "wave": wave.id,
        "population": wave.population,
        "questionnaire": wave.questionnaire_id,
        "n_rows": n_rows,
        "columns": [column.description() for column in columns(wave, questionnaire)],
        "unit_column": "unit" if is_single else None,
        "item_units": None if is_single else _item_units(wave),
        "cell_columns": [dimension["name"] for dimension in _dimensions(wave)],
        "psu_column": "psu" if is_single else None,
    }


def type_of(role: str) -> str:
    """The type of a column by its role, as Arrow calls it."""
    return TYPES.get(role, "string")


def columns(wave: Wave, questionnaire: Questionnaire) -> list[Column]:
    """Every column in order: questions, weighting dimensions, the judged unit and its sampling unit."""
    dimensions = {
        dimension["name"]: _dimension(questionnaire, place, dimension)
        for place, dimension in enumerate(_dimensions(wave))
    }
    found = [column for question in questionnaire.leaves for column in columns_of(question)]
    found = [dimensions.pop(column.name, column) for column in found]
    found += dimensions.values()
    if questionnaire.is_shuffled:
        found.append(Column("order", "text", {}, {}, lambda row: str(row.get("order", ""))))
    if _judges_one(wave):
        found.append(Column("unit", "unit", {}, {}, lambda row: row["unit"]))
        found.append(Column("psu", "psu", {}, {}, lambda row: f"{row['point'] or row['unit']}|{row['day']}"))
    return found


def _judges_one(wave: Wave) -> bool:
    """Whether one response judges one unit, or the scheme says which question judges which."""
    return wave.population != Population.RESIDENTS


def _dimensions(wave: Wave) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = wave.plan["weighting"]["dimensions"]
    return found


def _dimension(questionnaire: Questionnaire, place: int, dimension: Mapping[str, Any]) -> Column:
    role = ROLES_OF_SOURCES[dimension.get("source", "variable")]
    question = questionnaire.by_variable.get(dimension.get("variable", ""))
    labels: dict[str, Any] = {}
    if isinstance(question, ChosenQuestion | PlaceQuestion):
        texts = _labels(question)
        for code, category in dimension["codes"].items():
            labels.setdefault(category, texts.get(code, {}))
    title = dict(question.text) if question is not None else {}
    return Column(dimension["name"], role, labels, title, lambda row: row["cell"][place])


def columns_of(question: BaseQuestion) -> Iterator[Column]:
    """A question's own column and those beside it. Free text stays out of datasets: it may name people."""
    if isinstance(question, TextQuestion | ConsentQuestion):
        return
    name, title, labels = question.variable, dict(question.text), _labels(question)
    if isinstance(question, NumberQuestion):
        yield Column(name, "number", labels, title, lambda row: _number(row, name))
        yield Column(f"{name}_missing", "missing", {}, title, lambda row: _why(row, name))
    elif isinstance(question, MultipleQuestion | RankingQuestion):
        yield Column(name, "text", labels, title, lambda row: _joined(row, name))
    elif isinstance(question, DateQuestion) or (isinstance(question, PlaceQuestion) and question.role == "item"):
        yield Column(name, "text", labels, title, lambda row: _written(row, name) or _why_in_words(row, name))
    elif question.role == "demographic":
        yield Column(name, "demographic", labels, title, lambda row: _written(row, name))
    elif question.role == "item" and max(question.valid_codes(), default=0) <= LARGEST_ITEM_CODE:
        yield Column(name, "item", labels, title, lambda row: _typed(row, name))
    else:
        yield Column(name, "text", labels, title, lambda row: _written(row, name) or _why_in_words(row, name))
    if isinstance(question, ChosenQuestion) and (reasons := question.reason_texts()):
        texts = {str(code): dict(text) for code, text in reasons.items()}
        yield Column(f"{name}_reasons", "reasons", texts, title, lambda row: _reasons(row, name))


def _labels(question: BaseQuestion) -> dict[str, Any]:
    """The words of each code of an answer."""
    if isinstance(question, ChosenQuestion):
        return {str(choice.code): dict(choice.text) for choice in question.choices if choice.missing is None}
    if isinstance(question, PlaceQuestion):
        return {place.code: dict(place.text) for place in question.offered}
    if isinstance(question, ScaleQuestion | NpsQuestion):
        return {str(code): dict(text) for code, text in sorted(question.point_labels().items())}
    return {}


def _number(row: Row, variable: str) -> float | None:
    answer = row["answers"].get(variable)
    return None if answer is None else float(answer)


def _why(row: Row, variable: str) -> int:
    return 0 if variable in row["answers"] else MISSING_CODES[Missing(_why_in_words(row, variable))]


def _why_in_words(row: Row, variable: str) -> str:
    return str(row["missing"].get(variable, Missing.NOT_ASKED))


def _typed(row: Row, variable: str) -> int:
    if variable in row["answers"]:
        return int(row["answers"][variable])
    return MISSING_CODES[Missing(row["missing"].get(variable, Missing.NOT_ASKED))]


def _written(row: Row, variable: str) -> str | None:
    answer = row["answers"].get(variable)
    return None if answer is None else str(answer)


def _joined(row: Row, variable: str) -> str:
    codes = row["answers"].get(variable)
    return ";".join(map(str, codes)) if codes else _why_in_words(row, variable)


def _reasons(row: Row, variable: str) -> str:
    return ";".join(map(str, row["reasons"].get(variable, ())))


def _item_units(wave: Wave) -> dict[str, str]:
    """Which unit each item judges, from the scheme's trees."""
    return {item: unit for unit, tree in wave.trees().items() for item in _items(tree)}


def _items(node: Mapping[str, Any]) -> list[str]:
    if "item" in node:
        return [node["item"]]
    return [item for branch in node.get("branches", ()) for item in _items(branch)]
