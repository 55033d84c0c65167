"""The fields of a question's form: those of every question, those of its type, and those of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext

from survey.parts import LARGEST_NUMBER

from .kinds import DROPDOWN, KINDS, ROLES, related
from .making import Fields, area, line, select, tick, words
from .sheet import MISSING_KINDS, has_checks, parts_of, rows_in

MOST_POINTS = 11


def fields_of(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    """Every field of the form of a question of this type; how many rows there are follows from the values."""
    fields = words("text", gettext("Words of the question"), tags, lines=2)
    fields |= words("hint", gettext("Hint below it"), tags)
    fields |= _of_all(kind)
    for part in parts_of(kind):
        fields |= _PARTS[part](kind, values, tags)
    if has_checks(kind):
        for number, _ in rows_in(values, "checks"):
            fields |= _check(number, tags)
    return fields


def _of_all(kind: str) -> Fields:
    fields: Fields = {
        "variable": line(
            gettext("Variable"),
            gettext("The name of its answers in files and conditions: small letters, digits and _."),
            most=40,
            spellcheck="false",
        ),
        "role": select(gettext("What is it for"), list(ROLES.items())),
        "fixed": tick(gettext("It stays in its place where questions change theirs")),
        "show_if": line(gettext("Condition as text"), most=1000, spellcheck="false"),
    }
    if kind != "statement":
        fields["end_if"] = line(gettext("Condition as text"), most=1000, spellcheck="false")
    if kind not in ("consent", "statement"):
        fields["required"] = tick(gettext("An answer is required"))
    if len(related(kind)) > 1:
        fields["type"] = select(gettext("Type"), [(one, KINDS[one].words) for one in related(kind)])
    return fields


def _choices(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    if "choices-all" in values:
        hint = gettext("One a line: code | words in each language. What a line does not show stays as it is.")
        return {"choices-all": area(gettext("Choices"), hint, rows=16)}
    fields: Fields = {}
    for number, _ in rows_in(values, "choices"):
        fields |= _choice(kind, number, tags)
    return fields | {"choices-lines": area(gettext("Many choices at once"), _lines_hint(tags), rows=4)}


def _lines_hint(tags: Sequence[str]) -> str:
    example = " | ".join(["1", *tags])
    return str(
        gettext("One a line, the code may lack: %(example)s. Rows of a spreadsheet can be pasted.", example=example)
    )


def _choice(kind: str, number: int, tags: Sequence[str]) -> Fields:
    at = f"choices-{number}"
    fields: Fields = {f"{at}-code": line(gettext("Its code"), most=6, inputmode="numeric")}
    fields |= words(f"{at}-text", "", tags)
    if kind != "ranking":
        fields[f"{at}-missing"] = select(gettext("It means"), [("", gettext("an answer")), *_missing_words()])
    if kind in ("multiple", "matrix"):
        fields[f"{at}-exclusive"] = tick(gettext("Excludes the others, like “none of these”"))
    if kind in ("single", DROPDOWN, "multiple", "five_level"):
        fields[f"{at}-specify"] = tick(gettext("“Please say” beside it"))
    fields[f"{at}-fixed"] = tick(gettext("Stays in its place where choices change theirs"))
    if kind in ("single", DROPDOWN, "five_level"):
        fields[f"{at}-reasons"] = area(gettext("Reasons offered under it"), _lines_hint(tags), rows=3)
    return fields


def _missing_words() -> list[tuple[str, str]]:
    return [
        ("dont_know", gettext("does not know")),
        ("not_applicable", gettext("does not apply")),
        ("refused", gettext("does not want to say")),
    ]


def _shuffled(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    return {"shuffled": tick(gettext("Choices come in changing order"))}


def _bounds(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    return {
        "at_least": line(gettext("At least how many"), most=4, inputmode="numeric"),
        "at_most": line(gettext("At most how many"), most=4, inputmode="numeric"),
    }


def _rows(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    fields: Fields = {
        "multiple": tick(gettext("Several choices in each row")),
        "shuffled_rows": tick(gettext("Rows come in changing order")),
    }
    if "rows-all" in values:
        hint = gettext("One a line: variable | words in each language. What a line does not show stays as it is.")
        return fields | {"rows-all": area(gettext("Rows of the table"), hint, rows=16)}
    for number, _ in rows_in(values, "rows"):
        at = f"rows-{number}"
        fields |= words(f"{at}-text", "", tags)
        fields[f"{at}-variable"] = line(gettext("Variable"), most=40, spellcheck="false")
        fields[f"{at}-show_if"] = line(gettext("Asked only if (condition as text)"), most=1000, spellcheck="false")
        fields[f"{at}-fixed"] = tick(gettext("Stays in its place where rows change theirs"))
    hint = gettext("One a line: the words in each language, parted by |. Variables are proposed.")
    return fields | {"rows-lines": area(gettext("Many rows at once"), hint, rows=4)}


def _ends(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    first = words("first_label", gettext("Words of the first point"), tags)
    return first | words("last_label", gettext("Words of the last point"), tags)


def _scale(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    fields: Fields = {
        "first": select(gettext("First point"), [("0", "0"), ("1", "1")]),
        "last": select(gettext("Last point"), [(str(point), str(point)) for point in range(1, MOST_POINTS + 1)]),
        "best": select(
            gettext("The good end"), [("last", gettext("the last point")), ("first", gettext("the first point"))]
        ),
    }
    for point in points(values):
        fields |= words(f"labels-{point}-text", gettext("Words of point %(point)s", point=point), tags)
    return fields


def points(values: Mapping[str, str]) -> list[int]:
    """The points of a scale, as far as its form says them."""
    first, last = values.get("first", ""), values.get("last", "")
    if not (first in ("0", "1") and last.isascii() and last.isdigit() and len(last) < 3):
        return []
    return list(range(int(first), min(int(last), MOST_POINTS) + 1))


def _number(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    fields = words("unit", gettext("Unit, such as minutes"), tags)
    hint = gettext("Whole numbers up to %(most)s.", most=LARGEST_NUMBER)
    return fields | {
        "decimals": select(gettext("Decimal places"), [(str(n), str(n)) for n in range(7)]),
        "minimum": line(gettext("Smallest number"), hint, most=12, inputmode="numeric"),
        "maximum": line(gettext("Largest number"), most=12, inputmode="numeric"),
    }


def _date(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    precision = [("day", gettext("day")), ("month", gettext("month")), ("year", gettext("year"))]
    return {
        "precision": select(gettext("How exact"), precision),
        "earliest": line(gettext("Earliest day"), gettext("Like 2026-01-31; today is the day of the answer."), most=10),
        "latest": line(gettext("Latest day"), most=10),
    }


def _text(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    formats = [
        ("any", gettext("any words")),
        ("digits", gettext("digits")),
        ("email", gettext("an e-mail address")),
        ("phone", gettext("a telephone number")),
    ]
    return {
        "lines": select(gettext("Lines to write on"), [(str(n), str(n)) for n in range(1, 21)]),
        "max_length": line(gettext("Most characters"), gettext("Up to 4,000."), most=4, inputmode="numeric"),
        "format": select(gettext("What is written"), formats),
    }


def _places(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    hint = gettext("One a line: code | words in each language. A line that is indented belongs to the one above it.")
    return {"places-all": area(gettext("Places"), hint, rows=14)}


def _consent(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    return words("agree", gettext("Words of agreement"), tags) | words("decline", gettext("Words of refusal"), tags)


def _missing(kind: str, values: Mapping[str, str], tags: Sequence[str]) -> Fields:
    labels = {
        "dont_know": gettext("Offer “don’t know”"),
        "not_applicable": gettext("Offer “does not apply”"),
        "refused": gettext("Offer “prefer not to say”"),
    }
    fields: Fields = {}
    for one in MISSING_KINDS:
        fields[f"missing-{one}"] = tick(labels[one])
        fields |= words(f"missing-{one}-text", "", tags)
    return fields


def _check(number: int, tags: Sequence[str]) -> Fields:
    at = f"checks-{number}"
    hint = gettext("What holds for a good answer; the point is the answer itself, such as . <= ${q1}.")
    fields: Fields = {f"{at}-rule": line(gettext("Rule"), hint, most=1000, spellcheck="false")}
    fields |= words(f"{at}-text", gettext("What is said otherwise"), tags)
    return fields | {f"{at}-soft": tick(gettext("Only asks “are you sure?”"))}


_PARTS: dict[str, Callable[[str, Mapping[str, str], Sequence[str]], dict[str, Any]]] = {
    "choices": _choices,
    "shuffled": _shuffled,
    "bounds": _bounds,
    "rows": _rows,
    "ends": _ends,
    "scale": _scale,
    "number": _number,
    "date": _date,
    "text": _text,
    "places": _places,
    "consent": _consent,
    "missing": _missing,
}
