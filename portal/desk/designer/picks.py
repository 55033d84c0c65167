"""Conditions as rows that are picked: a question, a relation, a value; joined by all or by any. And as their text.

What rows cannot say (brackets, sums, comparing two questions) stays text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.errors import LogicError
from survey.logic import TODAY, Ast, parse
from survey.parts import BaseQuestion
from survey.questions import DateQuestion, MultipleQuestion, PlaceQuestion, RankingQuestion, TextQuestion
from survey.reading import clean_text

MOST_PICKS = 6
ALL, ANY = "all", "any"
COMPARISONS = {"is": "=", "is_not": "!=", "least": ">=", "most": "<=", "more": ">", "less": "<"}
SETS = {"includes": "selected", "lacks": "not selected"}
ASKED = {"answered": "answered", "unanswered": "not answered"}
RELATIONS = (*COMPARISONS, *SETS, *ASKED)
TEXT_VALUED = (PlaceQuestion, TextQuestion, DateQuestion)
_SYMBOLS = {symbol: name for name, symbol in COMPARISONS.items()}
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Pick:
    """One row."""

    variable: str = ""
    relation: str = "is"
    value: str = ""


@dataclass(frozen=True)
class Picks:
    """All rows, and whether all or any of them must hold."""

    join: str = ALL
    rows: tuple[Pick, ...] = field(default_factory=tuple)


def picked(values: Mapping[str, str], name: str) -> Picks:
    """The rows that a form sent; empty ones are none."""
    rows = [
        Pick(
            values.get(f"{name}-{number}-variable", ""),
            values.get(f"{name}-{number}-relation", "is"),
            clean_text(values.get(f"{name}-{number}-value", "")),
        )
        for number in range(MOST_PICKS)
    ]
    rows = [row for row in rows if row.variable or row.value]
    return Picks(ANY if values.get(f"{name}-join") == ANY else ALL, tuple(rows))


def written(picks: Picks, known: Mapping[str, BaseQuestion]) -> str:
    """The condition that the rows say, "" for none; raises ValueError with the name of what is wrong with a value.

    `known` are the questions by variable, whose types decide how a value is written.
    """
    return f" {'and' if picks.join == ALL else 'or'} ".join(_written(row, known) for row in picks.rows)


def _written(row: Pick, known: Mapping[str, BaseQuestion]) -> str:
    variable = f"${{{row.variable}}}"
    if not row.variable:
        raise ValueError("question")
    if row.relation in ASKED:
        return f"{ASKED[row.relation]}({variable})"
    if not row.value:
        raise ValueError("value")
    relation, question = row.relation, known.get(row.variable)
    if takes_several(question):  # many codes equal no code: what is asked is whether one is among them
        relation = {"is": "includes", "is_not": "lacks"}.get(relation, relation)
    value = _constant(row.value, question)
    if relation in SETS:
        return f"{SETS[relation]}({variable}, {value})"
    return f"{variable} {COMPARISONS.get(relation, '=')} {value}"


def takes_several(question: BaseQuestion | None) -> bool:
    """Whether an answer to it holds several codes."""
    return isinstance(question, MultipleQuestion | RankingQuestion)


def _constant(value: str, question: BaseQuestion | None) -> str:
    is_text = isinstance(question, TEXT_VALUED)
    if _NUMBER.fullmatch(value) and not is_text:
        return value
    if value == TODAY:
        return value
    if question is not None and not is_text:
        raise ValueError("number")
    if "'" in value and '"' in value:
        raise ValueError("quotes")
    quote = '"' if "'" in value else "'"
    return f"{quote}{value}{quote}"


def picks_of(text: str | None, known: Mapping[str, BaseQuestion]) -> Picks | None:
    """The rows that say a condition; None where rows cannot, or where it cannot be read."""
    if not text:
        return Picks()
    try:
        ast = parse(text)
    except LogicError:
        return None
    join, parts = (ANY if ast[0] == "or" else ALL, ast[1:]) if ast[0] in ("and", "or") else (ALL, [ast])
    rows = [_pick(part) for part in parts]
    if len(rows) > MOST_PICKS or None in rows:
        return None
    found = Picks(join, tuple(row for row in rows if row is not None))
    try:
        return found if parse(written(found, known)) == ast else None
    except (ValueError, LogicError):
        return None


def _pick(ast: Ast) -> Pick | None:
    operator, parts = ast[0], ast[1:]
    if operator == "not":
        inner = _pick(parts[0])
        turned = {"includes": "lacks", "answered": "unanswered"}
        return Pick(inner.variable, turned[inner.relation], inner.value) if inner and inner.relation in turned else None
    if operator == "answered":
        return Pick(parts[0][1], "answered")
    value = _value(parts[1]) if len(parts) == 2 and parts[0][0] == "var" else None
    if value is None or (operator != "selected" and operator not in _SYMBOLS):
        return None
    return Pick(parts[0][1], "includes" if operator == "selected" else _SYMBOLS[operator], value)


def _value(ast: Ast) -> str | None:
    if ast[0] == "today":
        return TODAY
    words = str(ast[1]) if ast[0] in ("value", "decimal") else ""
    return words if words and clean_text(words) == words else None  # a field would trim it


@dataclass(frozen=True)
class Decided:
    """What a form says about a condition.

    Attributes
    ----------
    text : str
        The condition.
    fault : str
        "question" or "value" where a row lacks it, "number" where a number belongs there, "quotes" where it holds both
        kinds of them, "both" where rows and text were changed and say different things.
    """

    text: str
    fault: str = ""


def decided(values: Mapping[str, str], name: str, known: Mapping[str, BaseQuestion]) -> Decided:
    """The condition of a form: its text where that was changed, else what the rows say where they were changed."""
    text = clean_text(values.get(name, "")).strip()
    was = clean_text(values.get(f"{name}-was", "")).strip()
    shown = picks_of(was, known)
    rows = picked(values, name)
    has_rows = any(key.startswith(f"{name}-0-") for key in values)
    if not has_rows or _same(rows, shown):
        return Decided(text)
    try:
        said = written(rows, known)
    except ValueError as error:
        return Decided(text, str(error))
    if text in (was, said):
        return Decided(said)
    return Decided(text, "both")


def _same(rows: Picks, shown: Picks | None) -> bool:
    """Whether the rows are as they were shown; how rows are joined matters only where there are two."""
    before = shown or Picks()
    return rows.rows == before.rows and (len(rows.rows) < 2 or rows.join == before.join)
