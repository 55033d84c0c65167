"""The program for the browser: what it needs to walk the path, and no more."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from counter import questionnaire, rating, wish
from random_documents import random_questionnaire
from survey.logic import parse, variables
from survey.program import program
from survey.questionnaire import read_questionnaire

TEXT = {"en": "?"}
DONT_KNOW = {"code": 9, "text": TEXT, "missing": "dont_know"}
NONE = {"code": 8, "text": TEXT, "exclusive": True}
CHOICES = [{"code": code, "text": TEXT} for code in (1, 2)]
ENDS = {"first_label": TEXT, "last_label": TEXT}
ROWS = [{"variable": "r1", "text": TEXT}, {"variable": "r2", "text": TEXT}]


def asked(kind: str = "single", variable: str = "q", **more: Any) -> dict[str, Any]:
    return {"type": kind, "variable": variable, "text": TEXT, **more}


def single(variable: str = "q", **more: Any) -> dict[str, Any]:
    return asked(variable=variable, choices=[*CHOICES, DONT_KNOW], **more)


def steps(*questions: dict[str, Any]) -> list[dict[str, Any]]:
    return program(read_questionnaire(questionnaire(*questions)))


def test_where_nothing_depends_on_answers_there_is_none() -> None:
    """A plain list of questions needs no program, though it may end or ask for agreement at its close."""
    consent = asked("consent", "c", required=True, agree=TEXT, decline=TEXT)
    assert steps(rating(), single(), wish(), consent) == []
    assert steps(rating(), single(end_if="${q} = 1")) == []


def test_only_what_decides_is_kept() -> None:
    """Questions that nobody reads, and all that comes behind the last one that waits, are left out."""
    found = steps(rating(), single("a"), single("b"), single("c", show_if="${b} = 1"), single("d", end_if="${d} = 1"))
    assert found == [
        {"q": "b", "leaves": [{"q": "b", "as": "code", "none": [9]}]},
        {"q": "c", "if": [parse("${b} = 1")]},
    ]


def test_after_an_end_everything_waits() -> None:
    """What may come behind the end is deferred without a condition of its own; a refused agreement ends too."""
    found = steps(single("a", end_if="${a} = 1"), wish())
    assert found == [
        {"q": "a", "end": parse("${a} = 1"), "leaves": [{"q": "a", "as": "code", "none": [9]}]},
        {"q": "wish", "if": []},
    ]
    consent = asked("consent", "c", required=True, agree=TEXT, decline=TEXT)
    assert steps(consent, *[single("a"), single("b", show_if="${a} = 1")])[0]["leaves"] == [{"q": "c", "as": "consent"}]


def test_conditions_of_sections_come_first() -> None:
    """Both the section's condition and the question's own must hold."""
    section = {"show_if": "${a} = 1", "questions": [single("b", show_if="${a} != 2")]}
    document = questionnaire(sections=[{"questions": [single("a")]}, section])
    assert program(read_questionnaire(document))[1]["if"] == [parse("${a} = 1"), parse("${a} != 2")]


def test_a_pipe_reads_too() -> None:
    """An answer that a later text shows is read, though no condition asks for it."""
    found = steps(wish(), single(text={"en": "${wish}?"}))
    assert found == [{"q": "wish", "leaves": [{"q": "wish", "as": "text"}]}, {"q": "q", "if": []}]


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        (single(), {"as": "code", "none": [9]}),
        (rating("q"), {"as": "code", "none": []}),
        (asked("multiple", choices=CHOICES), {"as": "codes", "none": []}),
        (
            asked("multiple", choices=[*CHOICES, NONE, DONT_KNOW]),
            {"alone": [8, 9], "as": "codes", "none": [9]},
        ),
        (asked("scale", first=1, last=5, **ENDS), {"as": "code", "none": []}),
        (asked("nps", **ENDS), {"as": "code", "none": []}),
        (asked("ranking", choices=CHOICES), {"as": "rank", "codes": [1, 2]}),
        (asked("number", decimals=2), {"as": "number", "places": 2}),
        (asked("date", precision="month"), {"as": "date", "parts": 2}),
        (asked("text"), {"as": "text"}),
        (asked("place", places=[{"code": "e", "text": TEXT}]), {"as": "place"}),
    ],
    ids=lambda value: value.get("type", "alone" if "alone" in value else ""),
)
def test_how_each_type_is_read(question: dict[str, Any], reading: dict[str, Any]) -> None:
    """Each type says how its form fields become an answer."""
    found = steps(question, single("later", show_if="answered(${q})"))
    assert found[0] == {"q": "q", "leaves": [{"q": "q", **reading}]}


def test_a_matrix_is_read_row_by_row() -> None:
    """Only the rows that are read are kept; where one has a condition all are, since without rows it is no question."""
    matrix = asked("matrix", "m", choices=CHOICES, rows=ROWS)
    later = single("later", show_if="${r2} = 1")
    assert steps(matrix, later)[0] == {"q": "m", "leaves": [{"q": "r2", "as": "code", "none": []}]}
    sometimes = {"show_if": "${q} = 1"}
    condition = {"if": parse("${q} = 1")}
    first = steps(single(), {**matrix, "rows": [{**ROWS[0], **sometimes}, ROWS[1]]})
    assert first[1] == {"q": "m", "leaves": [{"q": "r1", **condition}, {"q": "r2"}]}
    both = steps(single(), {**matrix, "rows": [{**row, **sometimes} for row in ROWS]})
    assert both[1] == {"q": "m", "if": [], "leaves": [{"q": "r1", **condition}, {"q": "r2", **condition}]}
    assert both[0] == first[0] == {"q": "q", "leaves": [{"q": "q", "as": "code", "none": [9]}]}


def test_choices_that_stand_alone_are_told_everywhere() -> None:
    """Also where nobody reads the answer, and in each row of a matrix."""
    assert steps(asked("multiple", choices=[*CHOICES, NONE])) == [{"q": "q", "leaves": [{"q": "q", "alone": [8]}]}]
    matrix = asked("matrix", choices=[*CHOICES, NONE], rows=ROWS, multiple=True)
    assert steps(matrix) == [{"q": "q", "leaves": [{"q": "r1", "alone": [8]}, {"q": "r2", "alone": [8]}]}]


def test_a_program_is_json_and_names_only_what_it_reads() -> None:
    """Nothing is lost between the two languages, and no condition reads a variable that nothing fills."""
    rng = random.Random(3)
    for _ in range(200):
        found = program(random_questionnaire(rng))
        assert json.loads(json.dumps(found)) == found
        read = {leaf["q"] for step in found for leaf in step.get("leaves", ()) if "as" in leaf}
        parts = [ast for step in found for ast in (*step.get("if", ()), *([step["end"]] if "end" in step else []))]
        parts += [leaf["if"] for step in found for leaf in step.get("leaves", ()) if "if" in leaf]
        assert {name for ast in parts for name in variables(ast)} <= read
