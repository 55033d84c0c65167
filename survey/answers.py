"""From what a form sent to answers on the path: the server replays the path from the start, every time."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Sequence
from datetime import date

from .canonical import content_id
from .logic import TODAY, Ast, Value, evaluate, parse, variables
from .parts import BaseQuestion, ChosenQuestion, Missing
from .questionnaire import Questionnaire
from .questions import MatrixQuestion, RankingQuestion
from .reading import Form, missing_name, rank_name, read, specified_name
from .walk import Fault, Walk, plain

SURE = "sure"  # the form field that names the soft checks whose "are you sure?" was answered with yes
LENGTH_OF_MARK = 12  # hexadecimal digits; a mark guards against an answer changed in passing, not against anybody


def replay(questionnaire: Questionnaire, form: Form, *, today: date | None = None) -> Walk:
    """Walk the questionnaire with these form values; answers off the path are dropped, faults are collected."""
    walk = Walk()
    known: ChainMap[str, Value] = ChainMap(walk.answers, walk.texts)  # type: ignore[arg-type]
    if today is not None:
        known = known.new_child({TODAY: today.isoformat()})
    sure = set(form.get(SURE, ()))
    has_ended = False
    for step in questionnaire.steps:
        if has_ended or any(evaluate(condition, known) is not True for condition in step.conditions):
            walk.missing.update((leaf.variable, Missing.NOT_ASKED) for leaf in step.question.leaves())
            continue
        leaves = _asked(step.question, known, walk)
        if not leaves and step.question.leaves():
            continue  # a matrix none of whose rows is asked
        walk.shown.append(step.question.variable)
        for leaf in leaves:
            read(leaf, form, walk, today)
            if leaf.required and walk.missing.get(leaf.variable) is Missing.SKIPPED:
                walk.faults[leaf.variable] = Fault.REQUIRED
        _check(step.question, known, sure, walk)
        has_ended = walk.has_declined or (step.end is not None and evaluate(step.end, known) is True)
    return walk


def _asked(question: BaseQuestion, known: ChainMap[str, Value], walk: Walk) -> Sequence[BaseQuestion]:
    """What of a question is asked: itself, or those of its rows whose conditions hold."""
    leaves = question.leaves()
    if not isinstance(question, MatrixQuestion):
        return leaves
    asked = []
    for leaf in leaves:
        if leaf.show_if is not None and evaluate(parse(leaf.show_if), known) is not True:
            walk.missing[leaf.variable] = Missing.NOT_ASKED
        else:
            asked.append(leaf)
    return asked


def _check(question: BaseQuestion, known: ChainMap[str, Value], sure: Collection[str], walk: Walk) -> None:
    for place, check in enumerate(question.checks):
        rule = parse(check.rule, question.variable)
        if question.variable in walk.faults or evaluate(rule, known) is not False:
            continue
        if not check.soft:
            walk.faults[question.variable] = Fault.CHECK
            walk.failed[question.variable] = check
            continue
        name = f"{question.variable}.{place}:{_mark(rule, known)}"
        if name in sure:
            walk.confirmed.append(name)
        else:
            walk.doubts[name] = check


def _mark(rule: Ast, known: ChainMap[str, Value]) -> str:
    """Stands for the answers that a rule looked at, so that a confirmation holds for these and no others."""
    return content_id({name: plain(known.get(name)) for name in variables(rule)})[:LENGTH_OF_MARK]


def unseen(questionnaire: Questionnaire, walk: Walk, form: Form) -> list[str]:
    """Questions and rows on the path that only some are asked, and that the page that was sent has not shown."""
    rows = {row for row in questionnaire.conditional_rows if walk.missing.get(row) is not Missing.NOT_ASKED}
    names = (questionnaire.deferred.intersection(walk.shown) | rows).difference(form.get("seen", ()))
    listed = (each for one in questionnaire.questions if names for each in (one, *one.leaves()))
    return list(dict.fromkeys(each.variable for each in listed if each.variable in names))


def field_names(questionnaire: Questionnaire) -> list[str]:
    """Every field of a form that carries answers, and no other."""
    found: list[str] = []
    for leaf in questionnaire.leaves:
        name = leaf.variable
        found += [name, missing_name(name)] if leaf.missing_options() else [name]
        if isinstance(leaf, RankingQuestion):
            found += [rank_name(name, choice.code) for choice in leaf.choices]
        elif isinstance(leaf, ChosenQuestion):
            found += [f"{name}.reasons"] if leaf.reason_texts() else []
            found += [specified_name(name, choice.code) for choice in leaf.choices if choice.specify]
    return found
