"""Whatever stands in the cells: a form is refused with a reason, or its document can be published."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from scale import scaled
from survey.errors import QuestionnaireError
from survey.formats.report import Fate, Report
from survey.formats.workbook import Workbook
from survey.formats.xlsform import read_sheets, read_xlsform
from survey.formats.xlsform_write import write_xlsform
from survey.questionnaire import read_questionnaire
from xlsform_books import book, untold

HEADERS = [
    *("type", "name", "label", "label::English (en)", "label:Arabic", "label::Klingon", "hint", "hint::English (en)"),
    *("relevant", "constraint", "constraint_message", "required", "required_message", "appearance", "choice_filter"),
    *("parameters", "calculation", "default", "read_only", "media::image", "repeat_count", "disabled", "odd", ""),
]
TYPES = [
    *(
        "text",
        "integer",
        "decimal",
        "date",
        "time",
        "dateTime",
        "note",
        "acknowledge",
        "range",
        "calculate",
        "geopoint",
    ),
    *(
        "select_one a",
        "select_multiple a",
        "select_one b or_other",
        "rank a",
        "select_one",
        "select_one_from_file x.csv",
    ),
    *("begin_group", "end_group", "begin_repeat", "end_repeat", "begin group", "start", "today", "nonsense", ""),
]
NAMES = ["a", "b", "q1", "Q 1", "token", "x_reasons", "1", "ü", "名", "__version__", "${a}", "a" * 60, ""]
EXPRESSIONS = [
    *("${a} = 'x'", "${a} != ''", "selected(${b}, 'y')", "not(${a})", ". >= 0 and . <= 120", "count-selected(.) <= 2"),
    *("regex(., '^[0-9]{10}$')", "${nobody} = 1", "((((", "true()", "false", "${a} * 2 > ${b}", ". = ${a}", "1=", "'"),
    *("string-length(.) < 5", ". <= today()", ". != 'x'", "not(selected(., 'x') and count-selected(.) > 1)", "${c}"),
    *("coalesce(${a}, 1) = 1", "." * 50, "not(" * 200, "${a} = ${b}", "${1} > 1", "-" * 300),
]
CELLS = st.one_of(
    st.sampled_from(TYPES + NAMES + EXPRESSIONS),
    st.sampled_from(["yes", "true", "field-list", "table-list", "label", "list-nolabel", "minimal", "month-year"]),
    st.sampled_from(["start=0 end=5 step=1", "start=1 end=10 step=0.5", "randomize=true", "start=x end=9e99 step=-1"]),
    st.sampled_from(
        ["${a} says", "<script>alert(1)</script>", "**b**", "????", "Don't know", "x" * 5000, "\ud800", "\x00"]
    ),
    st.text(max_size=30),
)
WELL_FORMED = {
    "type": st.sampled_from(TYPES),
    "name": st.sampled_from(NAMES),
    "relevant": st.sampled_from(["", *EXPRESSIONS]),
    "constraint": st.sampled_from(["", *EXPRESSIONS]),
    "calculation": st.sampled_from(EXPRESSIONS),
    "appearance": st.sampled_from(["", "field-list", "table-list", "label", "list-nolabel", "minimal", "multiline"]),
    "required": st.sampled_from(["", "yes", "no", "${a} = 1"]),
    "parameters": st.sampled_from(
        ["", "start=0 end=5 step=1 tick_labelset=a", "randomize=true", "start=5 end=1 step=0"]
    ),
}


@st.composite
def rows(draw: st.DrawFn) -> list[list[str]]:
    """A survey sheet: mostly such cells as belong under their headers."""
    headers = [*draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=10)), "type", "name", "label"]
    sheet = [headers]
    for _ in range(draw(st.integers(0, 12))):
        sheet.append([draw(st.one_of(WELL_FORMED.get(header, CELLS), CELLS)) for header in headers])
    return sheet


CHOICES = st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=6).map(
    lambda more: [
        ["list_name", "name", "label", "odd"],
        *(["a", name, label, ""] for name, label in (("x", "X"), ("y", "Y"), ("98", "Don't know"), ("x", "X again"))),
        *(["b", name, label, ""] for name, label in (("1", "One"), ("-2", "${a}"), ("other", ""))),
        *more,
    ]
)


def accounted(survey: list[list[str]], report: Report) -> None:
    """Every row is told, with its reason, and places are told apart."""
    assert untold(survey, report) == []
    assert all(one.reason for one in report.constructs if one.fate is not Fate.MAPPED)
    places = [one.place for one in report.constructs if not one.place.startswith("language")]
    assert len(places) == len(set(places))


@settings(max_examples=scaled(20_000, least=300))
@given(rows(), CHOICES, st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=1))
def test_any_cells_are_refused_or_become_a_document(
    survey: list[list[str]], choices: list[list[str]], settings_row: list[list[str]]
) -> None:
    """Nothing else is raised, the document is valid, everything in it is told, and it can be written again."""
    sheets = {"survey": survey, "choices": choices, "settings": [["form_title", "default_language"], *settings_row]}
    try:
        report = read_sheets(Workbook(tuple(sheets), sheets), name="form")
    except QuestionnaireError:
        return
    read = read_questionnaire(report.document)
    accounted(survey, report)
    assert convert(write_xlsform(read)[0]).xform


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)


@settings(max_examples=scaled(1_000, least=40))
@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), max_size=8))
def test_any_workbook_is_refused_or_becomes_a_document(cells: list[list[Any]]) -> None:
    """The same through real files, with numbers and truths in their cells."""
    lines = [dict(zip(("type", "name", "label"), row, strict=True)) for row in cells]
    data = book(survey=[{"type": "text", "name": "q", "label": "Why?"}, *lines])
    try:
        report = read_xlsform(data, name="form", language="en")
    except QuestionnaireError:
        return
    read_questionnaire(report.document)


@settings(max_examples=scaled(2_000, least=60))
@given(st.data())
def test_a_damaged_file_is_refused_or_read(data: st.DataObject) -> None:
    """Bytes changed, cut off or put in: never anything but an error with its reason, or a document."""
    whole = book(survey=[{"type": "text", "name": "q", "label": "Why?"}], choices=[{"list_name": "a", "name": "x"}])
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = data.draw(
        st.one_of(
            st.just(whole[:place]),
            st.binary(min_size=1, max_size=8).map(lambda some: whole[:place] + some + whole[place + len(some) :]),
            st.binary(min_size=1, max_size=8).map(lambda some: whole[:place] + some + whole[place:]),
        )
    )
    try:
        report = read_xlsform(damaged, name="form", language="en")
    except QuestionnaireError as error:
        assert error.message
        return
    read_questionnaire(report.document)


def test_a_form_of_too_many_questions_is_refused() -> None:
    """More variables than a questionnaire may have."""
    lines = [["type", "name", "label"], *(["text", f"q{number}", "?"] for number in range(2_100))]
    with pytest.raises(QuestionnaireError, match="too many questions"):
        read_sheets(Workbook(("survey",), {"survey": lines}), name="form", language="en")
