"""The proof of a questionnaire before it is published: each place is reached, each condition decides, each walk ends.

Each fault comes with a walk on which it shows. What is said is proved by a search over the few values of each answer
that conditions tell apart; where its budget does not suffice, the finding is `undecided` and nothing is claimed.
A questionnaire that people meet in different orders is proved in the order in which it is written. No day is special:
a condition on `today()` is proved for all days of this century.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from survey.findings import Finding
from survey.questionnaire import Questionnaire

from .conditions import conditions
from .ends import asks_nothing, decided
from .paths import Path, path
from .routes import routing
from .search import UndecidedError
from .texts import texts
from .truth import Formula, read_formula
from .walks import Form, Walks


def prove(questionnaire: Questionnaire, *, today: date | None = None) -> list[Finding]:
    """Everything that is wrong with the routing and the texts, in the order of the questionnaire.

    `today` is the day of walks for which any day will do.
    """
    walks = Walks(questionnaire, today)
    found = [*texts(walks), *conditions(walks), *routing(walks), *decided("", asks_nothing(walks))]
    places = {"": -1.0}
    for stage in walks.stages:
        places.setdefault(f"section {stage.section + 1}", stage.place - 0.5)
        places.setdefault(stage.question.variable, stage.place)
        for leaf in stage.question.leaves():
            places.setdefault(leaf.variable, stage.place)
    return sorted(found, key=lambda one: places[one.place])


def walk_to(questionnaire: Questionnaire, variable: str, *, today: date | None = None) -> Form | None:
    """Answers that lead to a question (or row, or statement) by its name; None where none do, or none were found.

    Raises KeyError where the questionnaire has no such question.
    """
    walks = Walks(questionnaire, today)
    for stage in walks.stages:
        for own in (stage.question, *stage.question.leaves()):
            if own.variable == variable:
                if own is stage.question or own.show_if is None:
                    return _led(walks, stage.shown, stage.place)
                return _led(walks, (*stage.led, read_formula(own.show_if)), stage.place)
    raise KeyError(variable)


def _led(walks: Walks, wanted: Sequence[Formula], place: int) -> Form | None:
    try:
        found = walks.solve(wanted, place)
    except UndecidedError:
        return None
    return None if found is None else walks.form(found, place, fill=True)


def paths(questionnaire: Questionnaire, *, today: date | None = None) -> tuple[Path, Path]:
    """The walks with the fewest and with the most questions, as far as they were found within the budget."""
    walks = Walks(questionnaire, today)
    return path(walks, longest=False), path(walks, longest=True)
