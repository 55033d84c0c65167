"""The answers on offer: balanced and ordered scales, ranges that fit, lists that people read, meanings that stay."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from survey.parts import BaseQuestion, ChosenQuestion
from survey.questionnaire import Questionnaire
from survey.questions import FiveLevelQuestion, MatrixQuestion, ScaleQuestion, SingleQuestion

from .ranges import problems, ranges_of
from .scales import Scale, is_frequency, is_official, plain, scale_of
from .wording import Told

LONGEST_LIST = 15
MOST_ROWS, MOST_COLUMNS = 10, 7
ALIKE = 0.5  # of two texts for one code, on the scale of difflib; below it they say something else


def answers_offered(read: Questionnaire) -> Iterator[Told]:
    """What is wrong with the choices of each question by itself, and beside the other scales."""
    scales = {one.variable: _scale(read, one) for one in read.questions}
    others = [one for name, one in scales.items() if one is not None and _may_be_unbalanced(read, name, one)]
    has_middles = any(one.has_middle for one in others)
    for question in read.questions:
        name, scale = question.variable, scales[question.variable]
        if scale is not None and _may_be_unbalanced(read, name, scale):
            yield from _of_scale(name, scale, has_middles)
        if scale is not None and not scale.is_ordered:
            yield "scale_order", name, {}
        yield from _of_list(read, question, scale)


def _scale(read: Questionnaire, question: BaseQuestion) -> Scale | None:
    found = (scale_of(question, tag) for tag in read.languages)
    return next((one for one in found if one is not None), None)


def _may_be_unbalanced(read: Questionnaire, name: str, scale: Scale) -> bool:
    """All but the five levels of the national rating, which are what the rule says: three good, two bad."""
    return not isinstance(read.listed[name], FiveLevelQuestion) and not is_official(scale)


def _of_scale(name: str, scale: Scale, others_have_middles: bool) -> Iterator[Told]:
    if scale.n_good != scale.n_bad:
        yield "unbalanced_scale", name, {"good": str(scale.n_good), "bad": str(scale.n_bad)}
    elif others_have_middles and not scale.has_middle:
        yield "no_midpoint", name, {}


def _of_list(read: Questionnaire, question: BaseQuestion, scale: Scale | None) -> Iterator[Told]:
    if not isinstance(question, ChosenQuestion):
        return
    name = question.variable
    ranges = next((found for found in (ranges_of(question, tag) for tag in read.languages) if found), [])
    for problem in problems(ranges):
        yield problem.rule, name, {"first": problem.first, "second": problem.second}
    is_ordered = bool(ranges) or scale is not None or isinstance(question, FiveLevelQuestion)
    if question.shuffled and (is_ordered or any(is_frequency(question, tag) for tag in read.languages)):
        yield "shuffled_order", name, {}
    n = len(question.choices)
    if isinstance(question, MatrixQuestion):
        if len(question.rows) > MOST_ROWS or n > MOST_COLUMNS:
            yield "long_matrix", name, {"rows": str(len(question.rows)), "columns": str(n)}
    elif n > LONGEST_LIST and not (isinstance(question, SingleQuestion) and question.dropdown):
        yield "long_list", name, {"count": str(n)}


def changed(read: Questionnaire, previous: Questionnaire) -> Iterator[Told]:
    """Variables whose answers mean something else than in an earlier version, so that waves cannot be compared."""
    for leaf in read.leaves:
        before = previous.by_variable.get(leaf.variable)
        if before is None:
            continue
        turned = _is_turned(leaf, before)
        if turned:
            yield "direction_changed", leaf.variable, {}
        elif isinstance(leaf, ChosenQuestion) and isinstance(before, ChosenQuestion):
            yield from _recoded(leaf, before)


def _is_turned(now: BaseQuestion, before: BaseQuestion) -> bool:
    if isinstance(now, ScaleQuestion) and isinstance(before, ScaleQuestion):
        return now.best != before.best
    for tag in now.text:
        new, old = scale_of(now, tag), scale_of(before, tag)
        if new is not None and old is not None:
            rises = new.rises_with_code, old.rises_with_code
            return None not in rises and rises[0] is not rises[1]
    return False


def _recoded(now: ChosenQuestion, before: ChosenQuestion) -> Iterator[Told]:
    for code in sorted(now.by_code.keys() & before.by_code.keys()):
        for tag in now.text.keys() & before.text.keys():
            new, old = now.by_code[code].text[tag], before.by_code[code].text[tag]
            elsewhere = {plain(one.text[tag]) for one in now.choices if one.code != code}
            is_other = plain(old) in elsewhere or SequenceMatcher(None, plain(old), plain(new)).ratio() < ALIKE
            is_counted_otherwise = now.by_code[code].missing != before.by_code[code].missing
            if (is_other and plain(old) != plain(new)) or is_counted_otherwise:
                yield "recoded", now.variable, {"code": str(code), "was": old, "now": new}
                break
