"""XLSForm in: each construct of a form becomes what it is here, and everything is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from given_files import given
from survey.errors import QuestionnaireError
from survey.formats.report import Fate
from survey.formats.workbook import read_workbook
from survey.formats.xlsform import read_xlsform
from survey.questionnaire import read_questionnaire
from xlsform_books import ABC, YES_NO, book, fate, form, questions, reason, untold

ASK = {"type": "text", "name": "q", "label": "Why?"}


def only(**row: Any) -> dict[str, Any]:
    """The question that one row becomes, beside a plain one before it."""
    return questions(form(ASK, {"name": "x", "label": "What?"} | row))[1]


@pytest.mark.parametrize(
    ("row", "made"),
    [
        ({"type": "select_one abc"}, {"type": "single"}),
        ({"type": "select one from abc"}, {"type": "single"}),
        ({"type": "select_one abc", "appearance": "minimal"}, {"type": "single", "dropdown": True}),
        ({"type": "select_one abc", "parameters": "randomize=true"}, {"type": "single", "shuffled": True}),
        ({"type": "select_multiple abc"}, {"type": "multiple"}),
        ({"type": "select all that apply from abc"}, {"type": "multiple"}),
        ({"type": "rank abc"}, {"type": "ranking"}),
        ({"type": "integer"}, {"type": "number", "decimals": 0}),
        ({"type": "decimal"}, {"type": "number", "decimals": 6}),
        ({"type": "range", "parameters": "start=0 end=10 step=1"}, {"type": "scale", "first": 0, "last": 10}),
        ({"type": "range"}, {"type": "scale", "first": 1, "last": 10}),
        ({"type": "range", "parameters": "start=0 end=100 step=10"}, {"type": "number", "minimum": 0, "maximum": 100}),
        ({"type": "range", "parameters": "start=0 end=1 step=0.1"}, {"type": "number", "decimals": 1}),
        ({"type": "text"}, {"type": "text", "lines": 1}),
        ({"type": "text", "appearance": "multiline"}, {"type": "text", "lines": 4}),
        ({"type": "date"}, {"type": "date", "precision": "day"}),
        ({"type": "date", "appearance": "month-year"}, {"type": "date", "precision": "month"}),
        ({"type": "date", "appearance": "year"}, {"type": "date", "precision": "year"}),
        ({"type": "dateTime"}, {"type": "date"}),
        ({"type": "time"}, {"type": "text"}),
        ({"type": "note"}, {"type": "statement"}),
        ({"type": "acknowledge", "required": "yes"}, {"type": "consent", "required": True}),
        ({"type": "acknowledge"}, {"type": "statement"}),
        ({"type": "text", "hint": "In short"}, {"hint": {"en": "In short"}}),
        ({"type": "text", "required": "TRUE()"}, {"required": True}),
        ({"type": "integer", "constraint": ". >= 0 and . <= 120"}, {"minimum": 0, "maximum": 120}),
        ({"type": "integer", "constraint": ".>14 and .<=110"}, {"minimum": 15, "maximum": 110}),
        ({"type": "decimal", "constraint": ". >= 0"}, {"minimum": 0}),
        ({"type": "date", "constraint": ". <= today()"}, {"latest": "today"}),
        ({"type": "date", "constraint": ". >= date('2020-01-01')"}, {"earliest": "2020-01-01"}),
        ({"type": "select_multiple abc", "constraint": "count-selected(.) = 2"}, {"at_least": 2, "at_most": 2}),
        ({"type": "text", "constraint": "string-length(.) < 50"}, {"max_length": 49}),
        ({"type": "text", "constraint": "regex(., '^[0-9]+$')"}, {"format": "digits"}),
    ],
)
def test_what_a_row_becomes(row: dict[str, Any], made: dict[str, Any]) -> None:
    """The nearest of our types, with bounds in place of checks where they say the same."""
    question = only(**row)
    assert {key: question[key] for key in made} == made
    assert "checks" not in question


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"type": "decimal", "constraint": ". > 0"}, ". > 0"),
        ({"type": "integer", "constraint": ". = 1 or . = 5"}, ". = 1 or . = 5"),
        ({"type": "integer", "constraint": ". > 5 and . < 3"}, ". > 5 and . < 3"),
        ({"type": "text", "constraint": ". != ${q}"}, ". != ${q} or not answered(${q})"),
        ({"type": "text", "constraint": "regex(., '^[0-9]{10}$')"}, "string-length(.) = 10"),
        ({"type": "text", "constraint": r"regex(., '^\d{2}[0-9]{3,}$')"}, "string-length(.) >= 5"),
    ],
)
def test_what_stays_a_check(row: dict[str, Any], rule: str) -> None:
    """With the form's own message."""
    question = only(**row, constraint_message="No.")
    assert question["checks"] == [{"rule": rule, "text": {"en": "No."}}]


def test_one_choice_that_stands_alone() -> None:
    """The usual constraint for "none of these" marks the choice."""
    question = only(type="select_multiple abc", constraint="not(selected(., 'c') and count-selected(.) > 1)")
    assert [choice.get("exclusive", False) for choice in question["choices"]] == [False, False, True]


def test_a_check_without_a_message_gets_words() -> None:
    """Nobody is refused without being told why."""
    assert only(type="integer", constraint=". != 5")["checks"][0]["text"]["en"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"type": "start"}, "records no time, device or person"),
        ({"type": "deviceid"}, "records no time, device or person"),
        ({"type": "geopoint"}, "does not keep of anybody"),
        ({"type": "image"}, "does not keep of anybody"),
        ({"type": "barcode"}, "does not keep of anybody"),
        ({"type": "select_one_from_file a.csv"}, "another file"),
        ({"type": "select_one nowhere"}, "fewer than two choices"),
        ({"type": "select_one single"}, "fewer than two choices"),
        ({"type": "calculate", "calculation": "1 + 1"}, "nothing is calculated"),
        ({"type": "text", "calculation": "1 + 1", "read_only": "yes"}, "only shows a calculated value"),
        ({"type": "text", "relevant": "false()"}, "its condition never holds"),
        ({"type": "note", "label": ""}, "a note without words"),
        ({"type": "slide"}, "the type 'slide' is not known"),
        ({"type": "text", "disabled": "yes"}, "disabled"),
        ({"type": ""}, "a row without a type"),
        ({"type": "end_group"}, "no group is open"),
    ],
)
def test_what_is_left_out(row: dict[str, Any], why: str) -> None:
    """Each with its reason, and the rest of the form is read."""
    report = form(ASK, {"name": "x", "label": "?"} | row, choices=[{"list_name": "single", "name": "a", "label": "A"}])
    assert len(questions(report)) == 1
    assert why in reason(report, "survey row 3")
    assert fate(report, "survey row 3") is Fate.LEFT_OUT


@pytest.mark.parametrize(
    ("row", "column", "wanted"),
    [
        ({"default": "x"}, "default", Fate.LEFT_OUT),
        ({"media::image": "a.png"}, "media::image", Fate.LEFT_OUT),
        ({"guidance_hint": "Probe."}, "guidance_hint", Fate.LEFT_OUT),
        ({"calculation": "'x'"}, "calculation", Fate.LEFT_OUT),
        ({"read_only": "yes"}, "read_only", Fate.LEFT_OUT),
        ({"appearance": "numbers"}, "appearance", Fate.LEFT_OUT),
        ({"required": "${q} = 'x'"}, "required", Fate.APPROXIMATED),
        ({"relevant": "regex(${q}, 'x')"}, "relevant", Fate.APPROXIMATED),
        ({"relevant": "${q} = 'x'"}, "relevant", Fate.MAPPED),
        ({"constraint": "regex(., 'x')"}, "constraint", Fate.APPROXIMATED),
        ({"hint": "h"}, "hint", Fate.MAPPED),
        ({"required": "yes", "required_message": "Please."}, "required", Fate.MAPPED),
    ],
)
def test_cells_are_told_one_by_one(row: dict[str, Any], column: str, wanted: Fate) -> None:
    """With the reason wherever one is not kept as it is; an expression that is not said stands in its reason."""
    report = form(ASK, {"type": "text", "name": "x", "label": "?"} | row)
    assert fate(report, f"survey row 3, {column}") is wanted
    if wanted is not Fate.MAPPED:
        why = reason(report, f"survey row 3, {column}")
        assert why
        assert row[column] in why or column not in ("relevant", "constraint", "required")


def test_what_says_nothing_is_no_construct() -> None:
    """`no`, an appearance that the type does not have, and a message without its rule."""
    row = {"required": "no", "appearance": "minimal", "constraint_message": "?", "read_only": "false"}
    report = form(ASK, {"type": "text", "name": "x", "label": "?"} | row)
    assert [one.place for one in report.constructs if "row 3" in one.place] == ["survey row 3"]


def test_choices_keep_their_numbers_and_others_get_some() -> None:
    """Numbers stay, a negative one loses its sign, names are counted, and reasons for no answer are marked."""
    listed = [("1", "A"), ("x", "B"), ("-98", "Don't know"), ("99", "Refused"), ("3", "C")]
    choices = [{"list_name": "l", "name": name, "label": label} for name, label in listed]
    report = form({"type": "select_one l", "name": "q", "label": "?"}, choices=choices)
    found = [(choice["code"], choice.get("missing")) for choice in questions(report)[0]["choices"]]
    assert found == [(1, None), (2, None), (98, "dont_know"), (99, "refused"), (3, None)]


def test_choices_are_accounted_for() -> None:
    """Lists that nobody uses together, a name that stands twice, a choice without words, and one without a list."""
    choices = [
        *ABC,
        {"list_name": "abc", "name": "a", "label": "A once more"},
        {"list_name": "abc", "name": "d"},
        {"name": "e", "label": "E"},
        *YES_NO,
        {"list_name": "other", "name": "f", "label": "F"},
    ]
    report = form({"type": "select_one abc", "name": "q", "label": "?"}, choices=choices)
    told = {one.place: one.fate for one in report.constructs if one.place.startswith("choices")}
    assert told == {
        "choices row 2": Fate.MAPPED,
        "choices row 3": Fate.MAPPED,
        "choices row 4": Fate.MAPPED,
        "choices row 5": Fate.APPROXIMATED,
        "choices row 6": Fate.APPROXIMATED,
        "choices row 7": Fate.LEFT_OUT,
        "choices rows 8 to 10": Fate.LEFT_OUT,
    }
    assert reason(report, "choices rows 8 to 10") == "3 choices of 2 lists that no question uses: yn, other"


def test_other_please_say() -> None:
    """A choice is added where the list has none; conditions may ask for it."""
    say = {"type": "text", "name": "s", "label": "?", "relevant": "${q} = 'other'"}
    report = form({"type": "select_one abc or_other", "name": "q", "label": "?"}, say)
    assert questions(report)[0]["choices"][-1] == {"code": 4, "text": {"en": "Other"}, "specify": True}
    assert questions(report)[1]["show_if"] == "${q} = 4"
    listed = [*ABC, {"list_name": "abc", "name": "other", "label": "Another"}]
    report = form({"type": "select_one abc or_other", "name": "q", "label": "?"}, choices=listed)
    assert [choice.get("specify") for choice in questions(report)[0]["choices"]] == [None, None, None, True]


def test_a_range_is_labelled_by_its_list() -> None:
    """The ends and the points between."""
    labels = [{"list_name": "l", "name": number, "label": f"L{number}"} for number in (1, 3, 5)]
    row = {"type": "range", "name": "q", "label": "?", "parameters": "start=1 end=5 step=1 tick_labelset=l"}
    (scale,) = questions(form(row, choices=labels))
    assert (scale["first_label"], scale["last_label"]) == ({"en": "L1"}, {"en": "L5"})
    assert scale["labels"] == [{"code": 3, "text": {"en": "L3"}}]


def group(*rows: dict[str, Any], kind: str = "group", **head: Any) -> list[dict[str, Any]]:
    """Rows inside a group."""
    return [{"type": f"begin_{kind}", "name": "g"} | head, *rows, {"type": f"end_{kind}"}]


def test_outermost_groups_are_sections() -> None:
    """With title, hint and condition; what stands between two groups is a section of its own."""
    second = {"type": "text", "name": "r", "label": "?"}
    third = {"type": "text", "name": "s", "label": "?"}
    report = form(
        ASK, *group(second, label="Part", hint="Read this", relevant="${q} = 'x'", appearance="field-list"), third
    )
    first, section, last = report.document["sections"]
    assert section["title"] == {"en": "Part"}
    assert section["introduction"] == {"en": "Read this"}
    assert section["show_if"] == "${q} = 'x'"
    assert [len(one["questions"]) for one in (first, section, last)] == [1, 1, 1]
    assert fate(report, "survey rows 3 to 5") is Fate.MAPPED
    assert fate(report, "survey row 3, appearance") is Fate.MAPPED


def test_groups_in_groups_pass_on_their_conditions() -> None:
    """Title and condition reach the questions; a condition that cannot be said is left away once."""
    inner = group(
        {"type": "text", "name": "r", "label": "?", "relevant": "${q} = 'y'"}, label="In", relevant="${q} != ''"
    )
    (section,) = form(*group(ASK, *inner, label="Out")).document["sections"]
    _, title, question = section["questions"]
    assert (title["type"], title["text"], title["show_if"]) == ("statement", {"en": "In"}, "answered(${q})")
    assert question["show_if"] == "${q} = 'y'"


def test_a_repeated_group_is_asked_once() -> None:
    """That is told, with the number of times."""
    report = form(ASK, *group({"type": "text", "name": "r", "label": "?"}, kind="repeat", repeat_count="3"))
    assert fate(report, "survey rows 3 to 5") is Fate.APPROXIMATED
    assert fate(report, "survey row 3, repeat_count") is Fate.LEFT_OUT
    assert len(questions(report)) == 2


def test_a_group_of_which_nothing_is_kept_is_left_out() -> None:
    """Also one that is never shown, with all that stands inside."""
    report = form(ASK, *group({"type": "image", "name": "i", "label": "?"}), *group(dict(ASK), relevant="false()"))
    assert [fate(report, place) for place in ("survey rows 3 to 5", "survey rows 6 to 8", "survey row 7")] == [
        Fate.LEFT_OUT
    ] * 3
    assert len(report.document["sections"]) == 1


def rows_of(*appearances: str, **more: Any) -> list[dict[str, Any]]:
    """Selects of one list, called r0, r1, …"""
    return [
        {"type": "select_one abc", "name": f"r{number}", "label": f"Row {number}", "appearance": appearance, **more}
        for number, appearance in enumerate(appearances)
    ]


def test_a_table_group_is_a_matrix() -> None:
    """Its label stands above; rows have conditions of their own, and later questions read them."""
    rows = rows_of("", "", required="yes")
    rows[1]["relevant"] = "${q} = 'x'"
    after = {"type": "text", "name": "t", "label": "?", "relevant": "${r1} = 'a'"}
    report = form(ASK, *group(*rows, label="Rate", appearance="table-list"), after)
    _, matrix, last = questions(report)
    assert (matrix["type"], matrix["text"], matrix["required"]) == ("matrix", {"en": "Rate"}, True)
    assert [row.get("show_if") for row in matrix["rows"]] == [None, "${q} = 'x'"]
    assert last["show_if"] == "${r1} = 1"


def test_a_row_of_labels_and_rows_without_are_a_matrix() -> None:
    """Between other questions of the group."""
    several = rows_of("label", "list-nolabel", "list-nolabel")
    report = form(*group(ASK, *several, {"type": "text", "name": "z", "label": "?"}))
    assert [one["type"] for one in questions(report)] == ["text", "matrix", "text"]
    assert questions(report)[1]["text"] == {"en": "Row 0"}
    assert [row["variable"] for row in questions(report)[1]["rows"]] == ["r1", "r2"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"required": "yes"}, "only some rows must be answered"),
        ({"type": "select_one yn"}, "do not have one list"),
        ({"constraint": ". != 'a'"}, "rules of its own"),
    ],
)
def test_a_table_that_is_no_matrix_is_asked_one_by_one(change: dict[str, str], why: str) -> None:
    """And the report says why."""
    rows = rows_of("", "")
    rows[1] |= change
    report = form(*group(*rows, label="Rate", appearance="table-list"))
    assert [one["type"] for one in questions(report)] == ["single", "single"]
    assert why in reason(report, "survey rows 2 to 5")


def test_what_is_calculated_stands_in_what_reads_it() -> None:
    """In conditions and, where it is only another name, in words."""
    report = form(
        {"type": "integer", "name": "age", "label": "?"},
        {"type": "calculate", "name": "adult", "calculation": "${age} >= 18"},
        {"type": "calculate", "name": "again", "calculation": "${age}"},
        {"type": "calculate", "name": "unused", "calculation": "${age} + 1"},
        {"type": "text", "name": "q", "label": "You are ${again}", "relevant": "${adult}"},
    )
    assert questions(report)[1]["show_if"] == "${age} >= 18"
    assert questions(report)[1]["text"] == {"en": "You are ${age}"}
    assert [fate(report, f"survey row {number}") for number in (3, 4, 5)] == [Fate.MAPPED, Fate.MAPPED, Fate.LEFT_OUT]


def test_names_become_variables_once_each() -> None:
    """Letters, reserved names, names that differ in case only; references follow."""
    report = form(
        {"type": "text", "name": "First Name", "label": "?"},
        {"type": "text", "name": "token", "label": "?"},
        {"type": "text", "name": "first_name", "label": "?"},
        {"type": "text", "name": "名", "label": "?", "relevant": "${First Name} = 'x'"},
    )
    assert [one["variable"] for one in questions(report)] == ["first_name", "token_2", "first_name_2", "q_5"]
    assert questions(report)[3]["show_if"] == "${first_name} = 'x'"
    assert any(warning.startswith("4 names had to be changed: First Name → first_name") for warning in report.warnings)


def test_words_show_earlier_answers_only() -> None:
    """A pipe to a later or unknown name becomes an ellipsis, and the row is approximated."""
    report = form(
        {"type": "text", "name": "Your Name", "label": "Name ${later}?"},
        {"type": "text", "name": "later", "label": "Hello ${Your Name}, ${nobody}", "hint": "${Your Name}!"},
    )
    assert questions(report)[0]["text"] == {"en": "Name …?"}
    assert questions(report)[1]["text"] == {"en": "Hello ${your_name}, …"}
    assert questions(report)[1]["hint"] == {"en": "${your_name}!"}
    assert fate(report, "survey row 2") is Fate.APPROXIMATED
    assert "nobody" in reason(report, "survey row 3")


def test_markup_is_not_kept() -> None:
    """HTML, Markdown and scripts leave their words; what only looks like marks stays."""
    label = "<b>Are</b> **you** _sure_ [here](https://example.org)?<script>alert(1)</script> 5 * 3 snake_case_name ____"
    (question,) = questions(form({"type": "text", "name": "q", "label": label}))
    assert question["text"]["en"] == "Are you sure here (https://example.org)? 5 * 3 snake_case_name ____"


def test_formula_cells_are_values() -> None:
    """A formula is never kept or run."""
    report = form(ASK, {"type": "text", "name": "x", "label": '=HYPERLINK("http://example.org")', "hint": "+1"})
    assert questions(report)[1]["text"] == {"en": "0"}
    assert questions(report)[1]["hint"] == {"en": "+1"}


def test_lists_of_a_thousand_choices() -> None:
    """A thousand are taken, one more is left out."""
    many = [{"list_name": "l", "name": f"n{number}", "label": f"N{number}"} for number in range(1_000)]
    row = {"type": "select_one l", "name": "x", "label": "?"}
    assert len(questions(form(ASK, row, choices=many))[1]["choices"]) == 1_000
    report = form(ASK, row, choices=[*many, {"list_name": "l", "name": "more", "label": "More"}])
    assert "1001 choices are more than 1000" in reason(report, "survey row 3")


LANGUAGES = {"type": "text", "name": "q", "label::English (en)": "Why?", "label::Français": "Pourquoi ?"}


def test_languages_get_their_tags() -> None:
    """The tag in brackets, else the name in any spelling; the settings name the default."""
    settings = [{"form_title": "T", "default_language": "Français"}]
    report = read_xlsform(book(survey=[LANGUAGES], settings=settings), name="form")
    assert report.document["languages"] == ["fr", "en"]
    assert report.document["sections"][0]["questions"][0]["text"] == {"fr": "Pourquoi ?", "en": "Why?"}
    assert fate(report, "language Français") is Fate.MAPPED
    assert fate(report, "settings, default_language") is Fate.MAPPED


def test_a_language_that_is_hardly_there_is_left_out_with_a_warning() -> None:
    """Three quarters must be there; what then lacks is filled from the default and counted."""
    rows = [{**LANGUAGES, "name": f"q{number}"} for number in range(4)]
    del rows[3]["label::Français"]
    report = read_xlsform(book(survey=rows), name="form")
    assert report.document["languages"] == ["en", "fr"]
    assert questions(report)[3]["text"] == {"en": "Why?", "fr": "Why?"}
    assert any(warning.startswith("1 texts are missing in fr") for warning in report.warnings)
    del rows[2]["label::Français"]
    report = read_xlsform(book(survey=rows), name="form")
    assert report.document["languages"] == ["en"]
    assert fate(report, "language Français") is Fate.LEFT_OUT
    assert any("Français (fr) is declared but not complete" in warning for warning in report.warnings)


def test_unknown_languages_and_words_without_one() -> None:
    """Tags of private use; words whose column names no language are in the default, or in the one that is given."""
    rows = [{"type": "text", "name": "q", "label::Elvish": "Mae?", "hint": "govannen"}]
    report = read_xlsform(book(survey=rows), name="form")
    assert questions(report)[0]["hint"] == {"qaa": "govannen"}
    assert any("'Elvish' is not known" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    ("label", "language", "tag"),
    [
        ("为什么？", None, "zh-Hans"),
        ("What is your opinion of the office?", None, "en"),
        ("Pourquoi ?", None, "und"),
        ("なぜですか？理由", None, "und"),
        ("Pourquoi ?", "fr", "fr"),
    ],
)
def test_words_for_which_no_language_is_named(label: str, language: str | None, tag: str) -> None:
    """The one that the caller gives, else Chinese or English by their looks, else undetermined; with a warning."""
    report = read_xlsform(book(survey=[{"type": "text", "name": "q", "label": label}]), name="form", language=language)
    assert report.document["languages"] == [tag]
    assert report.warnings == [f"no language is named for 1 labels: they are taken as {tag}"]


def test_headers_are_read_in_any_spelling() -> None:
    """Case, spaces, one colon or two, old names of columns."""
    rows = [
        {
            "Type": "select one from l",
            "NAME": "q",
            "Label:English (en)": "?",
            "Relevance ": "",
            "bind::required": "yes",
        },
        {"Type": "text", "NAME": "r", "Label:English (en)": "?", "Relevance ": "${q} = 'a'"},
    ]
    choices = [{"List Name": "l", "value": name, "caption::English (en)": name} for name in "ab"]
    report = read_xlsform(book(Survey=rows, CHOICES=choices), name="form")
    first, second = questions(report)
    assert (first["required"], second["show_if"]) == (True, "${q} = 1")


def test_the_settings_are_told() -> None:
    """The title is kept; what programs need who collect answers is not."""
    report = form(ASK, settings={"form_title": "A form", "form_id": "f1", "version": 3, "colour": "red"})
    assert report.document["title"] == {"en": "A form"}
    told = {one.place: one.fate for one in report.constructs if one.place.startswith("settings")}
    assert told == {
        "settings, form_title": Fate.MAPPED,
        "settings, form_id": Fate.LEFT_OUT,
        "settings, version": Fate.LEFT_OUT,
    }
    assert any("colour (1 cells)" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    ("sheets", "why"),
    [
        ({"questions": [ASK]}, "no XLSForm"),
        ({"survey": []}, "no question"),
        ({"survey": [{"type": "note", "name": "n", "label": "Only words"}]}, "no question"),
        ({"survey": [{"type": "image", "name": "i", "label": "?"}]}, "no question"),
        ({"survey": [{"type": "text", "name": "q", "label": "???? ?? ?????"}]}, "ruined"),
        ({"survey": [{"type": "text", "name": "q", "label": "\ufffd\ufffd\ufffd a"}]}, "ruined"),
        ({"survey": [*[{"type": "begin_group", "name": "g"}] * 31, ASK]}, "too deep"),
    ],
)
def test_what_is_refused(sheets: dict[str, Any], why: str) -> None:
    """Each with its reason."""
    with pytest.raises(QuestionnaireError, match=why):
        read_xlsform(book(**sheets), name="form", language="en")


SHARES = {"G06": 0.85, "G07": 0.85, "G08": 0.85, "G09": 0.85, "G15": 0.85}


@pytest.mark.parametrize("number", list(SHARES))
def test_real_forms_are_read(number: str) -> None:
    """Every row of the file is told, at least 85 % is mapped, and the document can be published."""
    (path,) = Path(given("given-questionnaires")).glob(f"{number}_*")
    report = read_xlsform(path.read_bytes(), name="given")
    assert report.mapped_share >= SHARES[number], [one for one in report.constructs if one.fate is not Fate.MAPPED]
    assert len(read_questionnaire(report.document).leaves) >= 4
    assert untold(read_workbook(path.read_bytes(), "survey").sheets["survey"], report) == []
    assert all(one.reason for one in report.constructs if one.fate is not Fate.MAPPED)


def test_declared_but_empty_languages_are_warned_of() -> None:
    """Three of the four languages of a real form have words for choices only."""
    (path,) = Path(given("given-questionnaires")).glob("G08_*")
    report = read_xlsform(path.read_bytes(), name="given")
    assert report.document["languages"] == ["en"]
    assert sum("is declared but not complete: only 0 of" in warning for warning in report.warnings) == 3


def test_a_real_form_from_right_to_left_is_read_in_both_languages() -> None:
    """Dari and English, each text in both."""
    (path,) = Path(given("given-questionnaires")).glob("G07_*")
    report = read_xlsform(path.read_bytes(), name="given")
    assert report.document["languages"] == ["en", "prs"]
    assert questions(report)[1]["text"]["prs"] == "ولسوالی"


def test_real_conditions_come_through() -> None:
    """Curly quotes, names of choices, several choices, bounds."""
    (path,) = Path(given("given-questionnaires")).glob("G06_*")
    found = {one["variable"]: one for one in questions(read_xlsform(path.read_bytes(), name="given"))}
    assert found["fee"]["show_if"] == "not answered(${dispose}) or ${dispose} != 4"
    assert found["area"]["show_if"] == "${dispose} = 3"
    assert found["when"]["show_if"] == "${aware} = 1"
    (path,) = Path(given("given-questionnaires")).glob("G15_*")
    found = {one["variable"]: one for one in questions(read_xlsform(path.read_bytes(), name="given"))}
    assert found["healthfacility"]["at_most"] == 3
