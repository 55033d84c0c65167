"""The optional scripts of the answer page: only where one has something to do, and what it is given."""

from __future__ import annotations

import json
from typing import Any

from portal.db import installation
from survey.labels import labels
from survey.parts import BaseQuestion, ChosenQuestion
from survey.piping import pipes
from survey.program import program
from survey.questionnaire import Questionnaire
from survey.questions import NumberQuestion, PlaceQuestion, SingleQuestion

from .telling import SEPARATORS, Telling

LONG_LIST = 12  # options; a longer drop-down can be searched


def has_long_list(questionnaire: Questionnaire) -> bool:
    """Whether a drop-down on the page is too long to be looked through."""
    return any(_length(leaf) > LONG_LIST for leaf in questionnaire.leaves)


def _length(leaf: BaseQuestion) -> int:
    if isinstance(leaf, PlaceQuestion):
        return len(leaf.offered)
    return len(leaf.choices) if isinstance(leaf, SingleQuestion) and leaf.dropdown else 0


def given_to_script(sheet: Telling) -> dict[str, Any] | None:
    """The program, the words that pipes need, and the zone where it asks for the day; None where nothing depends."""
    questionnaire = sheet.questionnaire
    steps = program(questionnaire)
    if not steps and not any(map(_asks_words, questionnaire.leaves)):
        return None
    piped = {name for question in questionnaire.questions for name in pipes(question)}
    given: dict[str, Any] = {
        "steps": steps,
        "words": {name: _words(sheet, questionnaire.by_variable[name]) for name in sorted(piped)},
        "join": SEPARATORS.get(sheet.language.split("-")[0], ", "),
    }
    reads_today = '["today"]' in json.dumps(steps)
    return given | ({"zone": installation().settings.timezone.key} if reads_today else {})


def _asks_words(leaf: BaseQuestion) -> bool:
    return isinstance(leaf, ChosenQuestion) and any(choice.specify for choice in leaf.choices)


def _words(sheet: Telling, question: BaseQuestion) -> dict[str, str]:
    """The words of each code; those of places stand on the page."""
    if isinstance(question, NumberQuestion) and question.unit:
        return {"unit": sheet.measured("", question.unit)}
    listed = {} if isinstance(question, PlaceQuestion) else labels(question)
    return {str(code): sheet.plain(texts) for code, texts in listed.items()}
