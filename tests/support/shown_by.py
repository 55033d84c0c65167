"""What the walk of a finding shows when it is replayed: each rule's own demonstration."""

from __future__ import annotations

from typing import Any

from survey.answers import replay
from survey.findings import Finding
from survey.logic import TODAY, evaluate, parse
from survey.parts import Missing
from survey.proof.walks import day_of
from survey.questionnaire import Questionnaire, Step
from survey.questions import MatrixQuestion
from survey.walk import Walk


def shows(read: Questionnaire, finding: Finding) -> bool:
    """Whether replaying the walk of a finding shows what the finding says, and is otherwise as good as a citizen's."""
    if finding.walk is None:
        return False
    form = {name: list(values) for name, values in finding.walk.items()}
    day = day_of(form)
    walk = replay(read, form, today=day)
    known: dict[str, Any] = {**walk.answers, **walk.texts, **({TODAY: day.isoformat()} if day else {})}
    place = _place(read, finding.place)
    is_good = _is_good(read, walk, place)
    if finding.rule == "unreachable":
        return not is_good or not _is_met(read, finding.place, walk)
    if finding.rule in _MAY_BE_UNREACHABLE and not (
        is_good and _is_met(read, read.steps[place].question.variable, walk)
    ):
        return True
    return is_good and _RULES[finding.rule](read, finding, walk, known)


_MAY_BE_UNREACHABLE = {"contradictory", "impossible_value", "wrong_function", "use_selected"}


def _place(read: Questionnaire, name: str) -> int:
    """The step of a question, a row or a section; past the last one for the whole document."""
    for place, step in enumerate(read.steps):
        if name in {
            f"section {step.section + 1}",
            step.question.variable,
            *(one.variable for one in step.question.leaves()),
        }:
            return place
    return len(read.steps)


def _is_good(read: Questionnaire, walk: Walk, place: int) -> bool:
    """No fault before the place."""
    names = {leaf.variable for step in read.steps[:place] for leaf in step.question.leaves()}
    return not names & set(walk.faults)


def _is_met(read: Questionnaire, name: str, walk: Walk) -> bool:
    if name.startswith("section "):
        section = read.sections[int(name.split()[1]) - 1]
        return any(one.variable in walk.shown for one in section.questions)
    rows = {row.variable for one in read.questions if isinstance(one, MatrixQuestion) for row in one.rows}
    return walk.missing.get(name) is not Missing.NOT_ASKED if name in rows else name in walk.shown


def _condition(read: Questionnaire, finding: Finding, walk: Walk, known: dict[str, Any]) -> bool:
    """The condition is true there (or never, for a contradiction)."""
    value = evaluate(parse(finding.details["condition"]), known)
    return (value is True) is (finding.rule == "always_true")


def _step(read: Questionnaire, finding: Finding) -> Step:
    return read.steps[_place(read, finding.place)]


def _end(read: Questionnaire, finding: Finding, walk: Walk, known: dict[str, Any]) -> bool:
    """The question is passed, and the walk ends there or goes on."""
    step = _step(read, finding)
    has_ended = step.end is not None and evaluate(step.end, known) is True
    good = finding.place in walk.shown and finding.place not in walk.faults
    return good and has_ended is (finding.rule == "end_always")


def _check(read: Questionnaire, finding: Finding, walk: Walk, known: dict[str, Any]) -> bool:
    rule = finding.details["check"]
    failed = [check.rule for name, check in walk.failed.items() if name == finding.place]
    doubted = [check.rule for name, check in walk.doubts.items() if name.startswith(f"{finding.place}.")]
    return bool(failed) or rule in doubted


def _pipe(read: Questionnaire, finding: Finding, walk: Walk, known: dict[str, Any]) -> bool:
    return _is_met(read, finding.place, walk) and finding.details["variable"] not in known


def _stops(read: Questionnaire, finding: Finding, walk: Walk, known: dict[str, Any]) -> bool:
    return finding.place in walk.shown and finding.place in walk.faults


def _is_shown(read: Questionnaire, finding: Finding, walk: Walk, known: dict[str, Any]) -> bool:
    return finding.place in walk.shown


def _no_item(read: Questionnaire, finding: Finding, walk: Walk, known: dict[str, Any]) -> bool:
    asked = set(read.by_variable) - {name for name, why in walk.missing.items() if why is Missing.NOT_ASKED}
    return not walk.faults and not any(read.by_variable[name].role == "item" for name in asked)


def _anything(read: Questionnaire, finding: Finding, walk: Walk, known: dict[str, Any]) -> bool:
    """The place where the condition stands is come to."""
    return True


_RULES = {
    "always_true": _condition,
    "contradictory": _condition,
    "end_always": _end,
    "end_never": _end,
    "check_always_fails": _check,
    "empty_pipe": _pipe,
    "no_way_on": _stops,
    "dead_end": _is_shown,
    "asks_nothing": _no_item,
    "impossible_value": _anything,
    "wrong_function": _anything,
    "use_selected": _anything,
    "empty_text": _anything,
    "pipes_differ": _anything,
    "same_text": _anything,
    "untranslated": _anything,
    "heavy_page": _anything,
}
