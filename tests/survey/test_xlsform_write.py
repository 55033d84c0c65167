"""XLSForm out: pyxform accepts every file, what comes back is the same, and what does not come through is told."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from given_files import given
from scale import scaled
from survey.answers import replay
from survey.formats.workbook import read_workbook
from survey.formats.xlsform import read_xlsform
from survey.formats.xlsform_write import language_header, unpiped, write_xlsform, written
from survey.questionnaire import Questionnaire, read_questionnaire

ROOT = Path(__file__).resolve().parents[2]


def both(text: str) -> dict[str, str]:
    """A text in two languages, one of them written from right to left."""
    return {"en": text, "ar": f"{text} بالعربية"}


def choices(*codes: int, **marks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"code": code, "text": both(f"Choice {code}")} | marks.get(f"c{code}", {}) for code in codes]


def question(kind: str, variable: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "variable": variable, "text": both(f"Question {variable}?"), **more}


DONT_KNOW = {"code": 98, "text": {"en": "Don't know", "ar": "لا أعرف"}, "missing": "dont_know"}
ENDS = {"first_label": both("worst"), "last_label": both("best")}
DOCUMENT: dict[str, Any] = {
    "format": "minyi-questionnaire/1",
    "name": "everything",
    "title": both("Everything"),
    "languages": ["en", "ar"],
    "introduction": both("Welcome"),
    "closing": both("Thanks"),
    "sections": [
        {
            "title": both("First part"),
            "introduction": both("Please read"),
            "questions": [
                question("consent", "agreed", required=True, agree=both("Yes"), decline=both("No")),
                question("statement", "note_one", show_if="${agreed} = 1"),
                question("single", "way", required=True, dropdown=True, choices=[*choices(1, 2, 3), DONT_KNOW]),
                question("five_level", "overall", choices=choices(5, 4, 3, 2, 1), hint=both("Five is best")),
                question(
                    "multiple", "used", at_least=2, at_most=2, choices=choices(1, 2, 3, 9, c9={"exclusive": True})
                ),
                question("ranking", "ranked", at_most=2, choices=choices(1, 2, 3), shuffled=True),
            ],
        },
        {
            "show_if": "${way} != 2 or selected(${used}, 1)",
            "questions": [
                question("scale", "ease", first=1, last=5, labels=[{"code": 3, "text": both("middling")}], **ENDS),
                question("nps", "recommend", **ENDS),
                question(
                    "matrix",
                    "parts",
                    required=True,
                    choices=choices(1, 2, 3),
                    rows=[
                        {"variable": "part_a", "text": both("Part a")},
                        {"variable": "part_b", "text": both("Part b"), "show_if": "${ease} >= 3"},
                    ],
                ),
                question(
                    "matrix", "many", multiple=True, choices=choices(1, 2), rows=[{"variable": "m1", "text": both("M")}]
                ),
                question("number", "age", minimum=0, maximum=120, show_if="${part_a} = 1 and not answered(${ranked})"),
                question("number", "weight", decimals=2, unit=both("kg"), end_if=". > 100"),
                question("date", "born", latest="today", earliest="1900-01-01"),
                question("date", "since", precision="month", show_if="${born} < '2000-01-01'"),
                question("date", "year", precision="year"),
                question("text", "code", lines=1, max_length=9, format="digits"),
                question("text", "wish", hint=both("About ${part_a}"), show_if="string-length(${code}) > 2"),
                question(
                    "number",
                    "total",
                    checks=[
                        {"rule": ". >= ${age}", "text": both("Too small")},
                        {"rule": ". != 13", "text": both("Not 13")},
                        {"rule": ". < 1000", "text": both("Sure?"), "soft": True},
                    ],
                ),
            ],
        },
        {
            "questions": [
                question(
                    "place",
                    "district",
                    places=[
                        {"code": "north", "text": both("North")},
                        {"code": "north.1", "text": both("Hill"), "parent": "north"},
                        {"code": "south", "text": both("South")},
                    ],
                ),
                question("single", "why", choices=choices(1, 2, c2={"specify": True}), show_if="${district} = 'south'"),
            ]
        },
    ],
}


def judged(read: Questionnaire) -> str:
    """The XForm that pyxform makes of the file."""
    return str(convert(write_xlsform(read)[0]).xform)


def back(read: Questionnaire) -> Questionnaire:
    """The questionnaire that comes back from its own file."""
    return read_questionnaire(read_xlsform(write_xlsform(read)[0], name=read.name).document)


ALL = read_questionnaire(DOCUMENT)
AGAIN = back(ALL)


def test_every_type_is_accepted_by_pyxform() -> None:
    """With conditions, checks and two languages."""
    xform = judged(read_questionnaire(DOCUMENT))
    assert '<translation lang="Arabic (ar)">' in xform
    for name in ("agreed", "way", "part_b", "recommend", "district", "why_say_2"):
        assert f"<{name}/>" in xform


def test_what_does_not_come_through_is_told() -> None:
    """Line by line."""
    _, losses = write_xlsform(read_questionnaire(DOCUMENT))
    assert losses == [
        "the title is told in en alone",
        "introduction and closing are notes",
        "agreed: the words for agreeing and declining are those of the program that shows it",
        "way: choices that stand for no answer look like any other",
        "overall: the five-level rating is a plain choice of one",
        "recommend: the recommendation score is a scale from 0 to 10",
        "weight: its unit stands in the hint",
        "weight: its end of the survey is a condition of every later question",
        "wish: its words show the code chosen in part_a, not its words",
        "total: its soft checks are left out: answers are refused or taken there, never doubted",
        "district: its tree of places is one list",
        "why: the words beside choice 2 are the question why_say_2",
    ]


SAME_TYPE = {"five_level": "single", "nps": "scale", "place": "single"}


def test_types_codes_texts_and_bounds_come_back() -> None:
    """Everything that XLSForm can hold; the rest comes back as what it was written as."""
    read = read_questionnaire(DOCUMENT)
    again = {one.variable: one for one in back(read).questions}
    kept = [
        *("text", "required", "dropdown", "shuffled", "at_least", "at_most", "first", "last", "first_label", "labels"),
        *("minimum", "maximum", "precision", "earliest", "latest", "max_length", "format", "lines", "multiple"),
    ]
    for one in read.questions:
        other = again[one.variable]
        assert other.type == SAME_TYPE.get(one.type, one.type)
        for name in kept:
            if hasattr(one, name) and hasattr(other, name):
                assert getattr(one, name) == getattr(other, name), (one.variable, name)
        if hasattr(one, "choices") and hasattr(other, "choices"):
            marks = [(choice.code, choice.text, choice.missing, choice.exclusive) for choice in one.choices]
            assert marks == [(choice.code, choice.text, choice.missing, choice.exclusive) for choice in other.choices]
        if one.type == "matrix" and other.type == "matrix":
            assert one.rows == other.rows


def test_languages_sections_and_conditions_come_back() -> None:
    """Sections by title, introduction and condition; an end has become a condition of what follows it."""
    again = back(read_questionnaire(DOCUMENT))
    assert again.languages == ("en", "ar")
    _, first, second, third, _ = again.sections
    assert (first.title, first.introduction) == (both("First part"), both("Please read"))
    assert second.show_if == "${way} != 2 or selected(${used}, 1)"
    conditions = {one.variable: one.show_if for one in again.questions}
    assert conditions["note_one"] is None  # who declined is not asked anything there either
    assert conditions["age"] == "${part_a} = 1 and not answered(${ranked})"
    assert "${born} < '2000-01-01'" in (conditions["since"] or "")
    assert "${weight} <= 100" in (conditions["born"] or "")
    assert "${weight} <= 100" in (third.show_if or "")
    assert conditions["why"] == "${district} = 2"


ANSWERS = {
    "agreed": ["1"],
    "way": ["1", "2", "3", "98"],
    "overall": ["1", "5"],
    "used": ["1", "2", "3", "9"],
    "ranked.rank.1": ["1"],
    "ease": ["1", "3", "5"],
    "part_a": ["1", "2"],
    "part_b": ["3"],
    "age": ["5", "30"],
    "weight": ["99.5", "100", "100.5"],
    "born": ["1990-01-01", "2010-01-01"],
    "code": ["1", "123"],
    "total": ["3", "13", "30"],
    "district": ["north.1", "south"],
}


REQUIRED = ("agreed", "way")
GIVEN = {name: st.sampled_from(values) for name, values in ANSWERS.items()}


@settings(max_examples=scaled(4_000, least=100))
@hypothesis_given(
    st.fixed_dictionaries(
        {name: GIVEN[name] for name in REQUIRED},
        optional={name: values for name, values in GIVEN.items() if name not in REQUIRED},
    )
)
def test_the_same_answers_lead_the_same_way(answers: dict[str, str]) -> None:
    """What is asked, and which checks fail, is the same after the way there and back."""
    there = replay(ALL, {name: [value] for name, value in answers.items()})
    district = {"north.1": "1", "south": "2"}.get(answers.get("district", ""), "")
    here = replay(AGAIN, {name: [value] for name, value in (answers | {"district": district}).items()})
    assert [name for name in here.shown if name in ALL.listed] == there.shown
    assert here.faults == there.faults


def test_checks_become_one_constraint() -> None:
    """Hard ones with their messages together; soft ones are left out."""
    read = read_questionnaire(DOCUMENT)
    survey = read_workbook(write_xlsform(read)[0], "survey").sheets["survey"]
    header = survey[0]
    (total,) = [dict(zip(header, row, strict=False)) for row in survey if "total" in row]
    assert total["constraint"] == "not(. < ${age}) and . != 13"
    assert total["constraint_message::English (en)"] == "Too small\nNot 13"


def test_the_same_questionnaire_gives_the_same_bytes() -> None:
    """Nothing of the day or the machine is in the file."""
    read = read_questionnaire(DOCUMENT)
    assert write_xlsform(read)[0] == write_xlsform(read_questionnaire(copy.deepcopy(DOCUMENT)))[0]


def test_an_end_is_a_condition_of_what_follows() -> None:
    """Who is not asked the question does not end there; where its answer is needed for the end, that goes unsaid."""
    first = question("single", "first", choices=choices(1, 2))
    second = question("single", "second", choices=choices(1, 2), show_if="${first} = 1", end_if=". = 2")
    third = question("single", "third", choices=choices(1, 2), show_if="${first} = 1", end_if="not answered(.)")
    last = question("single", "last", choices=choices(1, 2))
    read = read_questionnaire({**DOCUMENT, "sections": [{"questions": [first, second, third, last]}]})
    header, *rows = read_workbook(write_xlsform(read)[0], "survey").sheets["survey"]
    (line,) = [dict(zip(header, row, strict=False)) for row in rows if "last" in row]
    assert line["relevant"] == "not(${second} = 2) and not(${first} = 1 and ${third} = '')"


def test_nothing_written_is_a_formula() -> None:
    """Texts that begin like one are texts."""
    document = copy.deepcopy(DOCUMENT)
    document["sections"][0]["questions"][2]["text"] = both("=1+1")
    document["title"] = both("=cmd()")
    read = read_questionnaire(document)
    rows = read_workbook(write_xlsform(read)[0], "survey", "settings").sheets
    assert any("=1+1" in row for row in rows["survey"])
    assert rows["settings"][1][0] == "=cmd()"


@pytest.mark.parametrize(
    "words",
    [
        "*starred*",
        "__init__",
        "<b>bold</b>",
        "a < b > c",
        "# of people",
        "5 * 3 * 2",
        "[1](http://x)",
        "a & b",
        "&lt;",
        "\\*",
    ],
)
def test_words_that_look_like_marks_come_back(words: str) -> None:
    """Marks of Markdown and HTML are shown, not obeyed."""
    document = copy.deepcopy(DOCUMENT)
    document["sections"][0]["questions"][2]["text"] = {"en": words, "ar": words}
    again = back(read_questionnaire(document))
    assert again.listed["way"].text["en"] == words
    assert words in written(words) or written(words) != words


def test_only_pipes_stay_pipes() -> None:
    """What names nothing would be a fault for others."""
    assert unpiped("${a} ${b} ${ ${A} $", {"a"}) == "${a} $ {b} $ { $ {A} $"


@pytest.mark.parametrize(
    ("tag", "header"),
    [
        ("en", "English (en)"),
        ("zh-Hans", "Chinese (Simplified) (zh-Hans)"),
        ("ar", "Arabic (ar)"),
        ("prs", "prs (prs)"),
        ("und", "und (und)"),
        ("qaa", "qaa (qaa)"),
    ],
)
def test_languages_are_called_by_their_names(tag: str, header: str) -> None:
    """With the tag in brackets; the tag alone where there is no name."""
    assert language_header(tag) == header


@pytest.mark.parametrize("number", ["G06", "G07", "G08", "G09", "G15"])
def test_real_forms_can_be_written_again(number: str) -> None:
    """What was read from them is accepted by pyxform, and comes back without a difference."""
    (path,) = Path(given("given-questionnaires")).glob(f"{number}_*")
    document = read_xlsform(path.read_bytes(), name="given").document
    read = read_questionnaire(document)
    assert judged(read)
    again = back(read)
    assert [one.model_dump() for one in again.questions] == [one.model_dump() for one in read.questions]
    assert again.languages == read.languages


def test_the_demo_questionnaire_can_be_written() -> None:
    """In both its languages."""
    document = json.loads((ROOT / "portal/demo/questionnaire.json").read_text(encoding="utf-8"))
    read = read_questionnaire(document)
    assert '<translation lang="Chinese (Simplified) (zh-Hans)" default="true()">' in judged(read).replace(
        'default="true()" lang="Chinese (Simplified) (zh-Hans)"',
        'lang="Chinese (Simplified) (zh-Hans)" default="true()"',
    )
    again = {one.variable: one for one in back(read).questions}
    assert {one.variable for one in read.questions} <= set(again)
    assert all(one.text == again[one.variable].text for one in read.questions)
