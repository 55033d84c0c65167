"""Which attributes of LimeSurvey's questions carry meaning for answers; those of layout are only counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from survey.formats.report import Fate

from .effects import (
    AFFIXED,
    DONE,
    Handler,
    Outcome,
    bound,
    count,
    day,
    exclusive,
    left_out,
    longest,
    shuffled,
    sum_bound,
    valid,
    valid_parts,
)
from .making import Making
from .tables import Question

_ARRAYS = "ABCEFH1"
_TABLES = ";:"
_UNSET = ("", "0")
_NO = ("", "0", "N")


def _not_taken(reason: str) -> Handler:
    return lambda making, value: left_out(reason)


def _approximately(reason: str) -> Handler:
    return lambda making, value: (Fate.APPROXIMATED, reason)


def _taken(making: Making, value: str) -> Outcome:
    return DONE


@dataclass(frozen=True)
class Attribute:
    """For which types it means something, which values mean nothing, and what it does."""

    kinds: str
    handle: Handler
    defaults: tuple[str, ...] = _UNSET
    beside: str = ""  # another attribute without which it means nothing


_EXPRESSION = ("",)
_SLIDER = "slider_layout"
_FILTER = "all of it is offered: a list of choices is not filtered here"

ATTRIBUTES = {
    "random_order": Attribute(
        "L!OMPRKQ" + _ARRAYS + _TABLES, shuffled("rows", ("single", "multiple", "ranking", "matrix"))
    ),
    "subquestion_order": Attribute(
        "MPKQ" + _ARRAYS + _TABLES, shuffled("rows", ("multiple", "matrix")), ("", "normal")
    ),
    "answer_order": Attribute("L!ORFH1", shuffled("choices", ("single", "ranking", "matrix")), ("", "normal")),
    "parent_order": Attribute("L!OMPRKQ" + _ARRAYS, _not_taken("orders are not shared between questions")),
    "exclude_all_others": Attribute("MP", exclusive),
    "exclude_all_others_auto": Attribute("MP", _not_taken("no choice is ticked by itself")),
    "min_answers": Attribute("MPRKQ" + _ARRAYS + _TABLES, count("at_least")),
    "max_answers": Attribute("MPRKQ" + _ARRAYS + _TABLES, count("at_most")),
    "max_subquestions": Attribute("R", count("at_most")),
    "maximum_chars": Attribute("STUQNK;:", longest),
    "array_filter": Attribute("L!OMPRKQ" + _ARRAYS + _TABLES, _approximately(_FILTER)),
    "array_filter_exclude": Attribute("L!OMPRKQ" + _ARRAYS + _TABLES, _approximately(_FILTER)),
    "em_validation_q": Attribute("L!OYG5MPRNKSTUQD" + _ARRAYS + _TABLES, valid, _EXPRESSION),
    "em_validation_sq": Attribute("NKSTUQ" + _ARRAYS + _TABLES, valid_parts, _EXPRESSION),
    "min_num_value_n": Attribute("NK", bound("minimum"), _EXPRESSION),
    "max_num_value_n": Attribute("NK", bound("maximum"), _EXPRESSION),
    "min_num_value": Attribute("K", sum_bound(">="), _EXPRESSION),
    "max_num_value": Attribute("K", sum_bound("<="), _EXPRESSION),
    "equals_num_value": Attribute("K", sum_bound("="), _EXPRESSION),
    "min_num_value_sgqa": Attribute("K", sum_bound(">="), _EXPRESSION),
    "max_num_value_sgqa": Attribute("K", sum_bound("<="), _EXPRESSION),
    "num_value_equals_sgqa": Attribute("K", sum_bound("="), _EXPRESSION),
    "num_value_int_only": Attribute("NK", _taken),
    "numbers_only": Attribute("SQT;", _taken),
    "prefix": Attribute(AFFIXED, _taken, _EXPRESSION),
    "suffix": Attribute(AFFIXED, _taken, _EXPRESSION),
    "date_format": Attribute("D", _taken),
    "date_min": Attribute("D", day("earliest")),
    "date_max": Attribute("D", day("latest")),
    "dropdown_dates_year_min": Attribute("D", day("earliest")),
    "dropdown_dates_year_max": Attribute("D", day("latest")),
    "multiflexible_checkbox": Attribute(":", _taken),
    "multiflexible_min": Attribute(":", bound("minimum"), ("",)),
    "multiflexible_max": Attribute(":", bound("maximum"), ("",)),
    "multiflexible_step": Attribute(":", _not_taken("numbers between the steps can be given too"), ("", "0", "1")),
    _SLIDER: Attribute("K", _approximately("the number is written, not pulled")),
    "slider_min": Attribute("K", bound("minimum"), ("",), _SLIDER),
    "slider_max": Attribute("K", bound("maximum"), ("",), _SLIDER),
    "slider_accuracy": Attribute("K", _taken, ("",), _SLIDER),
    "slider_default": Attribute("K", _not_taken("no answer is filled in beforehand"), ("",), _SLIDER),
    "other_comment_mandatory": Attribute("L!", _not_taken("the words beside a choice may be left empty")),
    "other_numbers_only": Attribute("L!MP", _not_taken("the words beside a choice may be any")),
    "other_replace_text": Attribute("L!MP", _taken, ("",)),
    "other_position": Attribute("L!MP", _approximately("the other choice stands last"), ("", "default", "end")),
    "category_separator": Attribute("!", _approximately("the categories stay in the words of the choices"), ("",)),
    "commented_checkbox": Attribute(
        "P", _approximately("words stand beside what is chosen"), ("", "checked", "allways")
    ),
    "location_mapservice": Attribute("S", _not_taken("there is no map to click on")),
    "dualscale_headerA": Attribute("1", _taken, ("",)),
    "dualscale_headerB": Attribute("1", _taken, ("",)),
}
_OF_OTHER = ("other_comment_mandatory", "other_numbers_only", "other_replace_text", "other_position")
_TOLD_ELSEWHERE = ("hidden", "random_group", "em_validation_q_tip", "em_validation_sq_tip")


def meaningful(question: Question) -> Iterator[tuple[str, Attribute]]:
    """The attributes of a question that say something about its answers, with what they do."""
    for name in question.attributes:
        known = ATTRIBUTES.get(name)
        value = question.value(name)
        if known is None or question.kind not in known.kinds or value in known.defaults:
            continue
        if known.beside and question.value(known.beside) in _NO:
            continue
        if question.has_other or name not in _OF_OTHER:
            yield name, known


def n_of_layout(question: Question) -> int:
    """How many attributes are set that change only how a question looks or is counted."""
    kept = {*_TOLD_ELSEWHERE, *(name for name, _ in meaningful(question))}
    return sum(question.value(name) not in _NO for name in question.attributes if name not in kept)


def outcomes(making: Making) -> dict[str, Outcome]:
    """Let each attribute do what it does; what became of each that says something."""
    found: dict[str, Outcome] = {}
    for name, known in meaningful(making.source):
        if name in making.used:
            found[name] = making.used[name]
        else:
            found[name] = known.handle(making, making.source.value(name))
    return found
