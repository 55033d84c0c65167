"""Our conditions as XLSForm expressions that are true on the same answers.

There a missing answer is an empty text, so "unequal" holds for it, a count of it is 0, and nothing is unknown: where
that would make a difference, the expression asks first whether there is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from survey.logic import Ast, parse, variables
from survey.parts import BaseQuestion, ChosenQuestion
from survey.questions import (
    ConsentQuestion,
    DateQuestion,
    MultipleQuestion,
    RankingQuestion,
    TextQuestion,
)

AGREED = "OK"  # what an acknowledged question holds there
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_DAY = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_NEVER = "false()"
Questions = Mapping[str, BaseQuestion]


def expression(ast: Ast, questions: Questions) -> str:
    """What is true there exactly when the condition is true here."""
    return _told(ast, questions, None, True)


def constraint(rule: str, own: str, questions: Questions) -> str:
    """What is true there, for an answered question, exactly when the check does not fail here."""
    ast = parse(rule, own)
    if set(variables(ast)) <= {own}:
        return _told(ast, questions, own, True)
    return f"not({_told(ast, questions, own, False)})"


def unless_missing(told: str, question: BaseQuestion) -> str:
    """A constraint that reasons for no answer need not meet."""
    reasons = [f". = {quoted(str(code))}" for code in _missing(question)]
    return " or ".join([*reasons, f"({told})" if " and " in told and reasons else told])


def _missing(question: BaseQuestion | None) -> list[int]:
    """The codes of choices that stand for no answer."""
    return [one.code for one in question.choices if one.missing] if isinstance(question, ChosenQuestion) else []


def needs(ast: Ast, wanted: bool = True) -> set[str]:
    """The variables that must be answered for a condition to be true (or, if `wanted` is False, false)."""
    kind = ast[0]
    if kind == "not":
        return needs(ast[1], not wanted)
    if kind in ("and", "or"):
        parts = [needs(part, wanted) for part in ast[1:]]
        return set.union(*parts) if (kind == "and") is wanted else set.intersection(*parts)
    return set() if kind == "answered" and not wanted else set(variables(ast))


def joined(*parts: str) -> str:
    """All of these expressions; "" of none."""
    told = [part for part in dict.fromkeys(parts) if part]
    return told[0] if len(told) == 1 else " and ".join(f"({part})" if " or " in part else part for part in told)


def quoted(text: str) -> str:
    """A text as a constant that reads no answer; none of ours has both kinds of quotes."""
    shown = text.replace("${", "$ {")
    return f'"{shown}"' if "'" in shown else f"'{shown}'"


def _told(ast: Ast, questions: Questions, own: str | None, wanted: bool) -> str:
    kind = ast[0]
    if kind == "not":
        return _told(ast[1], questions, own, not wanted)
    if kind in ("and", "or"):
        parts = [_told(part, questions, own, wanted) for part in ast[1:]]
        if (kind == "and") is wanted:
            return joined(*parts)
        return " or ".join(f"({part})" if " and " in part else part for part in dict.fromkeys(parts))
    if kind == "answered":
        return _answered(ast[1][1], questions, own, wanted)
    if kind == "selected":
        return _selected(ast, questions, own, wanted)
    return _compared(ast, questions, own, wanted)


def _answered(name: str, questions: Questions, own: str | None, wanted: bool) -> str:
    empties = ["", *map(str, _missing(questions[name]))]
    told = [f"{_name(name, own)} {'!=' if wanted else '='} '{empty}'" for empty in empties]
    return joined(*told) if wanted else " or ".join(told)


def _selected(ast: Ast, questions: Questions, own: str | None, wanted: bool) -> str:
    name = ast[1][1]
    code = _value(ast[2], questions, own, name)
    text = f"selected({_name(name, own)}, {quoted(code) if code.isdigit() else code})"
    return text if wanted else joined(*_guards([name], questions, own), f"not({text})")


def _compared(ast: Ast, questions: Questions, own: str | None, wanted: bool) -> str:
    operator = ast[0] if wanted else _OPPOSITE[ast[0]]
    if any(_is_never_comparable(side, questions) for side in ast[1:]):
        return _NEVER
    left, right = ast[1:]
    told = [
        _value(side, questions, own, other[1] if other[0] == "var" else "", is_day=_is_of_days(other, questions))
        for side, other in ((left, right), (right, left))
    ]
    names = list(variables(ast))
    counts = [name for side in ast[1:] if side[0] in ("count", "length") for name in variables(side)]
    needs = names if operator == "!=" else names[:1] if operator == "=" and len(names) > 1 else counts
    needs += [name for name in names if operator not in ("=", "!=") and _missing(questions[name])]
    return joined(*_guards(needs, questions, own), f"{told[0]} {operator} {told[1]}")


def _guards(names: list[str], questions: Questions, own: str | None) -> list[str]:
    """That these are answered; a constraint is only looked at where its own question is."""
    return [_answered(name, questions, own, True) for name in dict.fromkeys(names) if name != own]


def _is_never_comparable(side: Ast, questions: Questions) -> bool:
    """Many codes are no value, and only words have a length: what is made of them is unknown here."""
    if side[0] == "var":
        return isinstance(questions[side[1]], (MultipleQuestion, RankingQuestion))
    return side[0] == "length" and not isinstance(questions[side[1][1]], TextQuestion)


def _is_of_days(side: Ast, questions: Questions) -> bool:
    return side[0] == "today" or (side[0] == "var" and isinstance(questions[side[1]], DateQuestion))


def _name(name: str, own: str | None) -> str:
    return "." if name == own else f"${{{name}}}"


def _value(side: Ast, questions: Questions, own: str | None, beside: str, *, is_day: bool = False) -> str:
    """A value; `beside` is the variable that it is compared with, if it is one."""
    kind = side[0]
    if kind == "var":
        return _name(side[1], own)
    if kind == "today":
        return "today()"
    if kind in ("count", "length"):
        return f"{'count-selected' if kind == 'count' else 'string-length'}({_name(side[1][1], own)})"
    if kind in ("+", "-"):
        right = _value(side[2], questions, own, "")
        return f"{_value(side[1], questions, own, '')} {kind} {f'({right})' if side[2][0] in ('+', '-') else right}"
    return _constant(side, questions.get(beside), is_day)


def _constant(side: Ast, question: BaseQuestion | None, is_day: bool) -> str:
    if side[0] == "value" and isinstance(side[1], str):
        if is_day and _DAY.fullmatch(side[1]):
            return f"date('{side[1] + '-01' * ((10 - len(side[1])) // 3)}')"
        return quoted(side[1])
    if isinstance(question, ConsentQuestion) and side[1] == 1:
        return quoted(AGREED)
    return f"{Decimal(side[1]):f}"
