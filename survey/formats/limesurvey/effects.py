"""What LimeSurvey's attributes do to our questions: bounds, counts, orders, checks and words beside the field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from survey.errors import LogicError
from survey.formats.report import Fate
from survey.logic import parse as parse_condition
from survey.parts import LARGEST_NUMBER

from .conditions import SUMS_NEED_ALL, Translation
from .expressions import ExpressionError, parse
from .making import Making
from .names import Kind
from .nodes import Node, condition
from .texts import Texts

Outcome = tuple[Fate, str]
Handler = Callable[[Making, str], Outcome]

AFFIXED = "NKSQ"  # types whose fields stand between words
DONE: Outcome = (Fate.MAPPED, "")
_OPERATORS = {"minimum": ">=", "maximum": "<="}
_DIGITS = re.compile(r"/\^(\\d|\[0-9\])(?:\+|\{(\d{1,3})(,(\d{0,3}))?\})?\$/", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,9}(\.0+)?", re.ASCII)


def left_out(reason: str) -> Outcome:
    """What is told of an attribute that does nothing here."""
    return Fate.LEFT_OUT, reason


def check(making: Making, made: dict[str, Any], rule: str, text: Texts | None = None, *, soft: bool = False) -> Outcome:
    """Put a check on a question; a matrix or a statement takes none."""
    if made["type"] in ("matrix", "statement"):
        return left_out("rows of an array take no check")
    try:
        parse_condition(rule, made["variable"])
    except LogicError as error:
        return left_out(f"our condition would be at fault: {error.message}")
    one = {"rule": rule, "text": text or making.context.label("check")} | ({"soft": True} if soft else {})
    made.setdefault("checks", []).append(one)
    return DONE


# --- bounds -----------------------------------------------------------------------------------------------------------


def bound(key: str) -> Handler:
    """A bound of each number: a whole number as it is, anything else as a check."""

    def handle(making: Making, value: str) -> Outcome:
        numbers = [made for made in making.questions if made["type"] == "number"]
        if not _INTEGER.fullmatch(value):
            return _amount_checks(making, numbers, _OPERATORS[key], value)
        limit = int(value.partition(".")[0])
        for made in numbers:
            usual = {"minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
            bounds = {**usual, **{name: made[name] for name in usual if name in made}, key: limit}
            if bounds["minimum"] > bounds["maximum"]:
                return left_out("it leaves no number between the bounds")
            made[key] = limit
        return DONE if numbers else left_out("there is no number to bound")

    return handle


def _amount_checks(making: Making, numbers: list[dict[str, Any]], operator: str, value: str) -> Outcome:
    try:
        amount = Translation(making.context.catalogue).amount(value)
    except ExpressionError as error:
        return left_out(f"{error}: {shortened(value)}")
    outcomes = [check(making, made, f". {operator} {amount}") for made in numbers]
    return next((one for one in outcomes if one != DONE), DONE)


def sum_bound(operator: str) -> Handler:
    """A bound of the sum of all numbers, checked at the last of them."""

    def handle(making: Making, value: str) -> Outcome:
        numbers = [made for made in making.questions if made["type"] == "number"]
        try:
            amount = Translation(making.context.catalogue).amount(value)
        except ExpressionError as error:
            return left_out(f"{error}: {shortened(value)}")
        if not numbers:
            return left_out("there is no number to add")
        total = " + ".join(f"${{{made['variable']}}}" for made in numbers)
        outcome = check(making, numbers[-1], f"{total} {operator} {amount}")
        if outcome == DONE and not all(made.get("required") for made in numbers):
            return Fate.APPROXIMATED, SUMS_NEED_ALL
        return outcome

    return handle


def longest(making: Making, value: str) -> Outcome:
    """How many characters may be written; of a number, the largest one with so many."""
    if not re.fullmatch(r"[1-9]\d{0,3}", value, re.ASCII):
        return left_out("it is no number of characters")
    n, outcome = int(value), DONE
    for made in making.questions:
        if made["type"] == "text":
            made["max_length"] = min(n, made["max_length"])
        elif made["type"] == "number" and n <= len(str(LARGEST_NUMBER)):
            made["maximum"] = max(min(10**n - 1, made.get("maximum") or LARGEST_NUMBER), made.get("minimum") or 0)
            outcome = (Fate.APPROXIMATED, "it is the largest number instead")
    return outcome


def pattern(making: Making) -> Outcome:
    """A regular expression: digits alone and addresses have a counterpart."""
    written = making.source.pattern
    texts = [made for made in making.questions if made["type"] == "text"]
    found = _DIGITS.fullmatch(written)
    if texts and found:
        least, most = int(found[2] or 1), int(found[4] or (found[2] if not found[3] else 0) or 0)
        for made in texts:
            made["format"] = "digits"
            if 0 < most < made["max_length"]:
                made["max_length"] = most
        outcomes = [check(making, made, f"string-length(.) >= {least}") for made in texts if least > 1]
        return next((one for one in outcomes if one != DONE), DONE)
    if texts and "@" in written:
        for made in texts:
            made["format"] = "email"
        return Fate.APPROXIMATED, f"any e-mail address is taken: {shortened(written)}"
    return left_out(f"patterns are not checked: {shortened(written)}")


# --- choices ----------------------------------------------------------------------------------------------------------


def shuffled(key: str, kinds: tuple[str, ...]) -> Handler:
    """The random order of choices, or of the rows of a matrix."""

    def handle(making: Making, value: str) -> Outcome:
        if value not in ("1", "Y", "random"):
            return left_out(f"choices stay in the order of the file, not {shortened(value)}")
        fitting = [made for made in making.questions if made["type"] in kinds]
        for made in fitting:
            made["shuffled_rows" if made["type"] == "matrix" and key == "rows" else "shuffled"] = True
        return DONE if fitting else left_out("its parts are questions of their own here and keep their order")

    return handle


def exclusive(making: Making, value: str) -> Outcome:
    """Choices that exclude all others, by their codes."""
    wanted = [code.strip() for code in re.split(r"[;,]", value) if code.strip()]
    known = [code for code in wanted if code in making.choices]
    for code in known:
        making.choices[code]["exclusive"] = True
    if known and len(known) < len(wanted):
        return Fate.APPROXIMATED, "one of the choices that it names is not there"
    return DONE if known else left_out("the choices that it names are not there")


def count(key: str) -> Handler:
    """How many choices at least or at most."""

    def handle(making: Making, value: str) -> Outcome:
        made = making.questions[0]
        if made["type"] not in ("multiple", "ranking"):
            return left_out("how many parts are answered is not counted")
        if not re.fullmatch(r"\d{1,4}", value, re.ASCII):
            return _count_check(making, ">=" if key == "at_least" else "<=", value)
        n = int(value)
        n_choices = len([choice for choice in made["choices"] if "missing" not in choice])
        most = min(n_choices, made.get("at_most") or n_choices, 60 if made["type"] == "ranking" else 1000)
        if n < 1 or (key == "at_least" and n > most) or (key == "at_most" and n < (made.get("at_least") or 1)):
            return left_out("no number of choices would fit")
        if key == "at_least" or n <= most:
            made[key] = n
        if key == "at_least":
            made["required"] = True
        return DONE

    return handle


def _count_check(making: Making, operator: str, value: str) -> Outcome:
    try:
        amount = Translation(making.context.catalogue).amount(value)
    except ExpressionError as error:
        return left_out(f"{error}: {shortened(value)}")
    return check(making, making.questions[0], f"count-selected(.) {operator} {amount}")


# --- expressions ------------------------------------------------------------------------------------------------------


def valid(making: Making, value: str) -> Outcome:
    """An expression that must be true of the whole question."""
    tip = making.context.texts(making.source.attributes.get("em_validation_q_tip", {}))
    place = 0 if making.source.kind == "O" else -1  # at a choice, not at its comment; else once all parts are there
    return _expression_check(making, making.questions[place], value, tip)


def valid_parts(making: Making, value: str) -> Outcome:
    """An expression that must be true of each part, which it calls "this"."""
    tip = making.context.texts(making.source.attributes.get("em_validation_sq_tip", {}))
    outcomes: list[Outcome] = []
    for one in making.fields.values():
        making.context.catalogue.this = one
        made = next((made for made in making.questions if made["variable"] == one.variable), None)
        outcomes.append(
            _expression_check(making, made, value, tip) if made else left_out("rows of an array take no check")
        )
    making.context.catalogue.this = None
    return next((one for one in outcomes if one[0] is not Fate.MAPPED), DONE)


def _expression_check(making: Making, made: dict[str, Any], value: str, tip: Texts) -> Outcome:
    translation = Translation(making.context.catalogue)
    try:
        node: Node = translation.of(value)
        rule = condition(node)
    except ExpressionError as error:
        return left_out(f"{error}: {shortened(value)}")
    outcome = check(making, made, rule, tip) if rule else DONE
    if outcome == DONE and translation.notes:
        return Fate.APPROXIMATED, translation.notes[0]
    return outcome


# --- dates and words --------------------------------------------------------------------------------------------------


def day(key: str) -> Handler:
    """The earliest or latest day: a date, a year, the day of the answer, or an earlier answer as a check."""

    def handle(making: Making, value: str) -> Outcome:
        made = making.questions[0]
        bound = _day_of(value, key)
        if bound is None:
            return _day_check(making, made, ">=" if key == "earliest" else "<=", value)
        made[key] = bound
        return DONE

    return handle


def _day_of(value: str, key: str) -> str | None:
    if re.fullmatch(r"\d{4}", value, re.ASCII):
        value += "-01-01" if key == "earliest" else "-12-31"
    try:
        return date.fromisoformat(value.split(" ")[0]).isoformat()
    except ValueError:
        pass
    try:
        ast = parse(value)
    except ExpressionError:
        return None
    is_today = ast[:2] == ("call", "date") and len(ast[2]) == 1 and ast[2][0][0] == "string"
    return "today" if is_today or value.lower() in ("today", "now") else None


def _day_check(making: Making, made: dict[str, Any], operator: str, value: str) -> Outcome:
    try:
        one = Translation(making.context.catalogue).field(value)
    except ExpressionError as error:
        return left_out(f"{error}: {shortened(value)}")
    if one.kind is not Kind.DATE:
        return left_out(f"it is no date: {shortened(value)}")
    return check(making, made, f". {operator} ${{{one.variable}}}")


def affixes(making: Making) -> None:
    """Words before and behind the field: the unit of a number, else part of the hint."""
    if making.source.kind not in AFFIXED:
        return
    is_unit = making.questions[0]["type"] == "number"
    found: list[Texts] = []
    for name in ("prefix", "suffix"):
        found.append(making.context.texts(making.source.attributes.get(name, {})))
        if found[-1]:
            making.use(name, Fate.MAPPED if is_unit else Fate.APPROXIMATED, "" if is_unit else "it stands in the hint")
    text = making.context.wording.joined(found[0], found[1], " … ")
    for made in making.questions if text else ():
        if is_unit:
            made["unit"] = text
        else:
            making.add_hint(made, text)


def shortened(text: str) -> str:
    """An expression as it is shown in a report."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 120 else flat[:119] + "…"
