"""LimeSurvey's types of question, each by its letter, and the questions of ours that ask the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from survey.formats.report import Fate

from .making import LeftOutError, Maker, Making, Option
from .names import Field, Kind
from .tables import Part
from .texts import Texts

MOST_CELLS = 20
MOST_ROWS = 200
MOST_DECIMALS = 6
MOST_RANKS = 60
_COUNT = re.compile(r"[1-9]\d{0,3}", re.ASCII)
OTHER = "-oth-"  # LimeSurvey's code of the other choice of a list
NAMES = {
    "L": "list",
    "!": "drop-down list",
    "O": "list with comment",
    "Y": "yes or no",
    "G": "gender",
    "5": "five points",
    "M": "multiple choice",
    "P": "multiple choice with comments",
    "R": "ranking",
    "N": "number",
    "K": "several numbers",
    "S": "short text",
    "T": "long text",
    "U": "huge text",
    "Q": "several short texts",
    "D": "date",
    "X": "text display",
    "A": "array of five points",
    "B": "array of ten points",
    "C": "array of yes, no, uncertain",
    "E": "array of increase, same, decrease",
    "F": "array",
    "H": "array by column",
    "1": "array with two scales",
    ";": "array of texts",
    ":": "array of numbers",
    "*": "equation",
    "|": "file upload",
    "I": "language switch",
}
NOT_TAKEN = {
    "*": "it computes something unseen, which no question here does",
    "|": "files are not collected",
    "I": "pages offer the languages themselves",
}


def make(making: Making) -> None:
    """Make the questions; raises LeftOutError where there is nothing like it here."""
    kind = making.source.kind
    if kind in NOT_TAKEN:
        raise LeftOutError(NOT_TAKEN[kind])
    if kind not in MAKERS:
        raise LeftOutError("it is of an unknown type")
    MAKERS[kind](making)


# --- choices ----------------------------------------------------------------------------------------------------------


def _single(making: Making) -> None:
    kind = making.source.kind
    if kind == "Y":
        options = making.labelled(Y="yes", N="no")
    elif kind == "G":
        options = making.labelled(F="female", M="male")
    elif kind == "5":
        options = making.points(5)
    else:
        options = [*making.options(making.source.answers), *making.other(OTHER)]
    choices = making.numbered(options)
    made = making.add("single", choices=choices)
    if kind == "!":
        made["dropdown"] = True
    if kind == "G":
        made["role"] = "demographic"
    making.fields[""] = making.choice_field(made["variable"], options, choices)
    if kind == "O":
        text = making.context.wording.joined(made["text"], making.context.label("comment"))
        comment = making.add("text", "comment", text=text, max_length=4000)
        comment.pop("required", None)
        making.fields["comment"] = Field(Kind.TEXT, comment["variable"])


def _multiple(making: Making) -> None:
    parts = [part for part in making.source.parts if not part.scale]
    options = [*making.options(parts), *making.other("other")]
    if making.source.kind == "P":
        for one in options:
            one.more["specify"] = True
    if len(options) == 1:
        _one_box(making, options[0])
        return
    choices = making.numbered(options)
    made = making.add("multiple", choices=choices)
    for option, choice in zip(options, choices, strict=True):
        making.choices[option.code] = choice
        making.fields[option.code] = Field(
            Kind.CHOSEN,
            made["variable"],
            missing=frozenset({option.code} if option.missing else ()),
            code=choice["code"],
        )


def _one_box(making: Making, option: Option) -> None:
    """A single box to tick has nothing beside it: "no" is added."""
    option.missing = None
    making.notes[""] = 'it is a single box to tick: "no" stands beside it'
    choices = [{"code": 1, "text": option.text, **option.more}, {"code": 2, "text": making.context.label("no")}]
    made = making.add("single", choices=choices)
    making.fields[option.code] = Field(Kind.CHOSEN, made["variable"], code=1)


def _ranking(making: Making) -> None:
    listed = making.source.answers or making.source.parts
    options = making.options(listed, may_be_missing=False)
    made = making.add("ranking", choices=making.numbered(options))
    if "required" in made and not making.source.value("min_answers"):  # it is answered once all have a rank
        limits = [making.source.value(name) for name in ("max_answers", "max_subquestions")]
        made["at_least"] = min([len(options), MOST_RANKS, *(int(one) for one in limits if _COUNT.fullmatch(one))])
    making.fields["1"] = Field(Kind.ORDER, made["variable"])


# --- arrays -----------------------------------------------------------------------------------------------------------


def _array(making: Making) -> None:
    kind = making.source.kind
    if kind == "A":
        options = making.points(5)
    elif kind == "B":
        options = making.points(10)
    elif kind == "C":
        options = making.labelled(Y="yes", U="uncertain", N="no")
    elif kind == "E":
        options = making.labelled(I="increase", S="same", D="decrease")
    else:
        options = making.options(making.source.answers)
    _matrix(making, options)


def _two_scales(making: Making) -> None:
    for scale, header in enumerate(("dualscale_headerA", "dualscale_headerB")):
        making.use(header)
        words = making.context.texts(making.source.attributes.get(header, {}))
        options = making.options(one for one in making.source.answers if bool(one.scale) is bool(scale))
        _matrix(making, options, str(scale), text=making.context.wording.joined(making.stem, words))


def _matrix(making: Making, options: Sequence[Option], *suffix: str, text: Texts | None = None, **more: Any) -> None:
    parts = _rows(making)
    if len(parts) > MOST_ROWS:
        raise LeftOutError(f"it has {len(parts)} rows; {MOST_ROWS} can be asked")
    choices = making.numbered(options)
    made = making.add("matrix", *suffix, text=text or None, choices=choices, rows=[], **more)
    for part in parts:
        code = "_".join([part.code, *suffix])
        variable = making.context.names.take(making.source.code, code)
        row = {"variable": variable, "text": making.part_text(part)}
        made["rows"].append(row)
        making.shown.setdefault(part.code, []).append(row)
        if not more:
            making.fields[code] = making.choice_field(variable, options, choices)
            continue
        for option, choice in zip(options, choices, strict=True):
            making.fields[f"{code}_{option.code}"] = Field(Kind.CHOSEN, variable, code=choice["code"])


def _cells(making: Making) -> None:
    """Texts or numbers in a table: a question for each cell, or boxes to tick."""
    columns = [part for part in making.source.parts if part.scale]
    rows = _rows(making)
    if making.source.kind == ":" and making.use("multiflexible_checkbox") not in ("", "0"):
        _matrix(making, making.options(columns, may_be_missing=False), multiple=True)
        return
    if not columns or len(rows) * len(columns) > MOST_CELLS:
        raise LeftOutError(f"it has {len(rows) * len(columns)} cells; up to {MOST_CELLS} are asked one by one")
    heads = [making.part_text(column) for column in columns]
    for row in rows:
        text = _of_part(making, row)
        for column, head in zip(columns, heads, strict=True):
            whole = making.context.wording.joined(text, head)
            _open(making, f"{row.code}_{column.code}", whole, row.code, is_number=making.source.kind == ":")


# --- what is written --------------------------------------------------------------------------------------------------


def _one_open(making: Making) -> None:
    _open(making, "", None, "", is_number=making.source.kind == "N")


def _several_open(making: Making) -> None:
    for part in _rows(making):
        _open(making, part.code, _of_part(making, part), part.code, is_number=making.source.kind == "K")


def _of_part(making: Making, part: Part) -> Texts:
    return making.context.wording.joined(making.stem, making.part_text(part))


def _open(making: Making, suffix: str, text: Texts | None, part: str, *, is_number: bool) -> None:
    is_number = making.use("numbers_only") not in ("", "0") or is_number
    more = {"decimals": _decimals(making), **_usual_bounds(making)} if is_number else _size(making)
    made = making.add("number" if is_number else "text", suffix, text=text, **more)
    making.fields[suffix] = Field(Kind.NUMBER if is_number else Kind.TEXT, made["variable"])
    making.shown.setdefault(part, []).append(made)


def _decimals(making: Making) -> int:
    if making.use("num_value_int_only") not in ("", "0"):
        return 0
    step = making.source.value("multiflexible_step" if making.source.kind == ":" else "slider_accuracy")
    has_boxes = making.source.value("input_boxes") not in ("", "0")
    if making.source.kind == ":" and not has_boxes:
        return 0 if "." not in step else MOST_DECIMALS
    if making.source.value("slider_layout") not in ("", "0") and step:
        return min(len(step.partition(".")[2]), MOST_DECIMALS)
    return MOST_DECIMALS


def _usual_bounds(making: Making) -> dict[str, Any]:
    """The bounds of lists of numbers and of sliders where the file names none."""
    source = making.source
    names: tuple[tuple[str, str, int], ...] = ()
    if source.kind == ":" and source.value("input_boxes") in ("", "0"):
        names = (("minimum", "multiflexible_min", 1), ("maximum", "multiflexible_max", 10))
    elif source.kind == "K" and source.value("slider_layout") not in ("", "0"):
        names = (("minimum", "slider_min", 0), ("maximum", "slider_max", 100))
    return {key: usual for key, attribute, usual in names if not source.value(attribute)}


def _size(making: Making) -> dict[str, Any]:
    lines, longest = {"S": (1, 1000), "Q": (1, 1000), ";": (1, 1000), "T": (5, 4000), "U": (12, 4000)}[
        making.source.kind
    ]
    rows = making.source.value("display_rows")
    if rows.isascii() and rows.isdigit() and len(rows) < 3:
        lines = min(max(int(rows), 1), 20)
    return {"lines": lines, "max_length": longest}


def _date(making: Making) -> None:
    written = making.use("date_format").lower()
    day = written.partition("h")[0]
    if written and not set(day) & set("dmy"):
        raise LeftOutError("it asks for a time of the day alone")
    precision = "day" if not written or "d" in day else "month" if "m" in day else "year"
    if "h" in written:
        making.used["date_format"] = (Fate.APPROXIMATED, "the time of the day is not asked")
    made = making.add("date", precision=precision)
    making.fields[""] = Field(Kind.DATE if precision == "day" else Kind.ORDER, made["variable"])


def _statement(making: Making) -> None:
    if not making.stem:
        raise LeftOutError("it has no words to show")
    making.add("statement")


def _rows(making: Making) -> list[Part]:
    rows = [part for part in making.source.parts if not part.scale]
    if not rows:
        raise LeftOutError("it has no subquestions")
    return rows


MAKERS: dict[str, Maker] = {
    **dict.fromkeys("L!OYG5", _single),
    **dict.fromkeys("MP", _multiple),
    **dict.fromkeys("ABCEFH", _array),
    **dict.fromkeys("NSTU", _one_open),
    **dict.fromkeys("KQ", _several_open),
    **dict.fromkeys(";:", _cells),
    "1": _two_scales,
    "R": _ranking,
    "D": _date,
    "X": _statement,
}
