"""The part of a form that says when something is asked: rows to pick from, and the text of the condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from portal.language import said
from survey.labels import answer_codes, labels
from survey.parts import BaseQuestion

from .picks import ALL, MOST_PICKS, RELATIONS, Pick, picked, picks_of

MOST_CHOICES = 60  # to list for picking; of more the code is typed
LONGEST_WORDS = 60
Known = Mapping[str, BaseQuestion]


@dataclass(frozen=True)
class RowField:
    """One row: what is picked, and the values it can be picked from, none where one is typed."""

    number: int
    pick: Pick
    options: list[tuple[str, str]]


@dataclass(frozen=True)
class ConditionField:
    """A condition as the form shows it; `rows` is None where rows cannot say it, `was` the text as it is stored."""

    name: str
    join: str
    rows: list[RowField] | None
    variables: list[tuple[str, str]]
    relations: list[tuple[str, Any]]
    was: str

    @property
    def is_set(self) -> bool:
        return bool(self.was) or any(row.pick.variable for row in self.rows or ())


def condition_field(name: str, values: Mapping[str, str], known: Known, was: str) -> ConditionField:
    """The condition of a form, as it was sent or, where no rows were, as its text says."""
    has_rows = f"{name}-0-variable" in values
    picks = picked(values, name) if has_rows else picks_of(values.get(name, ""), known)
    rows = None
    if picks is not None and known:
        filled = sum(bool(row.variable) for row in picks.rows)
        shown = min(MOST_PICKS, max(2, filled + 1, len(picks.rows)))
        listed = [*picks.rows, *(Pick() for _ in range(shown - len(picks.rows)))]
        rows = [RowField(number, row, options(known.get(row.variable))) for number, row in enumerate(listed)]
    return ConditionField(
        name, picks.join if picks else ALL, rows, [(one, _name(one, known)) for one in known], relation_words(), was
    )


def options(question: BaseQuestion | None) -> list[tuple[str, str]]:
    """The values a question can be compared with, in words; none where there are too many, or where one is typed."""
    if question is None:
        return []
    named, codes = labels(question), answer_codes(question)
    if len(codes) > MOST_CHOICES:
        return []
    return [(str(code), _option(code, said(named[code]) if code in named else "")) for code in codes]


def _option(code: object, words: str) -> str:
    return f"{code} · {_short(words)}" if words else str(code)


def _name(variable: str, known: Known) -> str:
    return f"{variable} · {_short(said(known[variable].text))}"


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


def relation_words() -> list[tuple[str, Any]]:
    """The relations in the order in which they are offered."""
    words = {
        "is": gettext("is"),
        "is_not": gettext("is not"),
        "least": gettext("is at least"),
        "most": gettext("is at most"),
        "more": gettext("is more than"),
        "less": gettext("is less than"),
        "includes": gettext("includes"),
        "lacks": gettext("does not include"),
        "answered": gettext("was answered"),
        "unanswered": gettext("was not answered"),
    }
    return [(name, words[name]) for name in RELATIONS]


def fault_of_rows(fault: str) -> str:
    """What is wrong with the picked rows."""
    words = {
        "question": gettext("A picked row lacks its question."),
        "value": gettext("A picked row lacks its value. Press “Show choices” to pick one."),
        "number": gettext("A picked row compares with a number: give the number, or the code of a choice."),
        "quotes": gettext("A value cannot hold both kinds of quotation marks."),
        "both": gettext(
            "You changed the rows and the text, and they say different things. Clear the rows or undo the text."
        ),
    }
    return str(words[fault])


def choices_for_script(known: Known) -> dict[str, list[list[str]]]:
    """The values of every question that has a list of them, for the script that shows them at once."""
    found = {name: options(question) for name, question in known.items()}
    return {name: [[value, words] for value, words in listed] for name, listed in found.items() if listed}
