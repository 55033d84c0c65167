"""The questionnaire document: a tiny one for each feature and each fault."""

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from counter import SLOW, questionnaire, rating, wish
from survey.errors import QuestionnaireError
from survey.parts import Missing
from survey.questionnaire import questionnaire_id, read_questionnaire

YES_NO = [{"code": 1, "text": {"en": "yes"}}, {"code": 0, "text": {"en": "no"}}]


def single(variable: str = "q1", **more: Any) -> dict[str, Any]:
    return {"type": "single", "variable": variable, "text": {"en": "?"}, "choices": YES_NO, **more}


def scale(**more: Any) -> dict[str, Any]:
    ends = {"first": 0, "last": 10, "first_label": {"en": "never"}, "last_label": {"en": "always"}}
    return {"type": "scale", "variable": "s", "text": {"en": "?"}, **ends, **more}


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


def with_choices(*choices: dict[str, Any], **more: Any) -> dict[str, Any]:
    return questionnaire(single(choices=list(choices), **more))


def ranking(**more: Any) -> dict[str, Any]:
    return {**single("r"), "type": "ranking", **more}


def matrix(*rows: dict[str, Any] | str, **more: Any) -> dict[str, Any]:
    made = [{"variable": row, "text": {"en": "?"}} if isinstance(row, str) else row for row in rows or ("m1", "m2")]
    return {**single("m"), "type": "matrix", "rows": made, **more}


def number(**more: Any) -> dict[str, Any]:
    return {"type": "number", "variable": "n", "text": {"en": "?"}, **more}


def day(**more: Any) -> dict[str, Any]:
    return {"type": "date", "variable": "d", "text": {"en": "?"}, **more}


def place(*places: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = [{"text": {"en": "?"}, **one} for one in places or ({"code": "east"},)]
    return {"type": "place", "variable": "p", "text": {"en": "?"}, "places": made, **more}


def consent(**more: Any) -> dict[str, Any]:
    words = {"agree": {"en": "yes"}, "decline": {"en": "no"}}
    return {"type": "consent", "variable": "c", "text": {"en": "?"}, "required": True, **words, **more}


def statement(**more: Any) -> dict[str, Any]:
    return {"type": "statement", "variable": "say", "text": {"en": "Now."}, **more}


DONT_KNOW = {"kind": "dont_know", "text": {"en": "don't know"}}


def check(rule: str) -> list[dict[str, Any]]:
    return [{"rule": rule, "text": {"en": "?"}}]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(single(), id="single"),
        pytest.param(single(required=True, role="demographic", hint={"en": "one"}), id="options"),
        pytest.param(rating(), id="five_level"),
        pytest.param({**single(), "type": "multiple"}, id="multiple"),
        pytest.param(scale(), id="scale"),
        pytest.param(
            scale(first=1, last=7, missing=[{"kind": "dont_know", "text": {"en": "don't know"}}]), id="scale-dont-know"
        ),
        pytest.param(wish(max_length=20), id="text"),
        pytest.param(ranking(at_most=2), id="ranking"),
        pytest.param({**scale(), "labels": [{"code": 3, "text": {"en": "mid"}}]}, id="labels"),
        pytest.param(
            {
                "type": "nps",
                "variable": "s",
                "text": {"en": "?"},
                "first_label": {"en": "0"},
                "last_label": {"en": "10"},
            },
            id="nps",
        ),
        pytest.param(number(decimals=2, minimum=-1, maximum=-1), id="number"),
        pytest.param(day(precision="month", earliest="2020-02-29", latest="today"), id="date"),
        pytest.param(place({"code": "32"}, {"code": "3201", "parent": "32"}), id="place"),
        pytest.param(consent(), id="consent"),
    ],
)
def test_each_type_is_read(question: dict[str, Any]) -> None:
    """A document with one question of each type can be published, and its variable is found."""
    read = read_questionnaire(questionnaire(question))
    assert list(read.by_variable) == list(read.listed) == [question["variable"]]


def test_a_matrix_fills_a_variable_for_each_row() -> None:
    """Rows are the variables; the matrix itself is listed and fills none, and a statement fills none."""
    read = read_questionnaire(questionnaire(matrix("a", "b", text={"en": "How is"}), statement()))
    assert list(read.by_variable) == ["a", "b"]
    assert list(read.listed) == ["m", "say"]
    assert read.by_variable["a"].text == {"en": "How is – ?"}


def test_places_that_group_others_are_not_offered() -> None:
    """Only the leaves of the tree can be chosen."""
    read = read_questionnaire(questionnaire(place({"code": "32"}, {"code": "3201", "parent": "32"}, {"code": "33"})))
    assert [one.code for one in read.questions[0].offered] == ["3201", "33"]  # type: ignore[union-attr]


def test_missing_choices_are_no_valid_codes() -> None:
    """A choice marked as missing leaves the valid codes and names why."""
    why = {"code": 9, "text": {"en": "don't know"}, "missing": "dont_know"}
    question = read_questionnaire(with_choices(*YES_NO, why)).questions[0]
    assert question.valid_codes() == (1, 0)
    assert question.missing_of(9) is Missing.DONT_KNOW  # type: ignore[union-attr]


FAULTS = {
    "unknown format": (questionnaire(format="minyi-questionnaire/9"), "format"),
    "no title": (without(questionnaire(), "title"), "title"),
    "no languages": (questionnaire(languages=[]), "languages"),
    "no sections": (questionnaire(sections=[]), "sections"),
    "empty section": (questionnaire(sections=[{"questions": []}]), "sections.0.questions"),
    "a language lacks": (questionnaire(languages=["en", "zh-Hans"]), "questionnaire.title has no text in zh-Hans"),
    "a choice lacks a language": (
        questionnaire(
            {
                **single(text={"en": "?", "de": "?"}),
                "choices": [{"code": 1, "text": {"en": "a", "de": "a"}}, YES_NO[1]],
            },
            title={"en": "t", "de": "t"},
            languages=["en", "de"],
        ),
        "choices[1].text has no text in de",
    ),
    "unknown type": (questionnaire({**single(), "type": "slider"}), "slider"),
    "unknown field": (questionnaire({**single(), "colour": "red"}), "colour"),
    "bad variable": (questionnaire(single("Q1")), "variable"),
    "empty text": (questionnaire(single(text={"en": ""})), "text.en"),
    "bad language tag": (questionnaire(single(text={"english": "?"})), "english"),
    "one choice": (with_choices(YES_NO[0]), "choices"),
    "same code twice": (with_choices(YES_NO[0], YES_NO[0]), "two choices of q1"),
    "code too large": (with_choices(YES_NO[0], {"code": 10_000, "text": {"en": "x"}}), "code"),
    "code as text": (with_choices(YES_NO[0], {"code": "2", "text": {"en": "x"}}), "code"),
    "four levels": (questionnaire({**rating(), "choices": rating()["choices"][:4]}), "five levels"),
    "six levels": (
        questionnaire({**rating(), "choices": [*rating()["choices"], {"code": 6, "text": {"en": "x"}}]}),
        "five levels",
    ),
    "same reason twice": (
        with_choices({**YES_NO[0], "reasons": [SLOW, SLOW]}, YES_NO[1]),
        "two reasons under choice 1",
    ),
    "reason with two texts": (
        with_choices({**YES_NO[0], "reasons": [SLOW]}, {**YES_NO[1], "reasons": [{**SLOW, "text": {"en": "late"}}]}),
        "reason 1 of q1 has two texts",
    ),
    "reasons under many choices": (
        with_choices({**YES_NO[0], "reasons": [SLOW]}, YES_NO[1], type="multiple"),
        "takes many choices",
    ),
    "scale too short": (questionnaire(scale(first=1, last=1)), "two to eleven points"),
    "scale too long": (questionnaire(scale(first=0, last=11)), "two to eleven points"),
    "text too long allowed": (questionnaire(wish(max_length=4001)), "max_length"),
    "same variable twice": (questionnaire(single(), single()), "two questions share the variable q1"),
    "name of a column": (questionnaire(single("unit")), "pages or datasets use"),
    "name of a form field": (questionnaire(single("token")), "pages or datasets use"),
    "name of another's reasons": (questionnaire(rating("q"), single("q_reasons")), "another question's reasons"),
    "condition unreadable": (questionnaire(single(), single("q2", show_if="${q1} =")), "condition of q2"),
    "condition on a later one": (questionnaire(single("q2", show_if="${q1} = 1"), single()), "no earlier question"),
    "condition on itself": (questionnaire(single(show_if="${q1} = 1")), "no earlier question"),
    "a fraction": (questionnaire(scale(last=9.5)), "float"),
    "name of an element": (questionnaire(single("main")), "pages or datasets use"),
    "name of another's missing": (
        questionnaire(rating("q"), single("q_missing")),
        "another question's reasons or missing",
    ),
    "a row named as another": (questionnaire(single("m1"), matrix()), "two questions share the variable m1"),
    "a row named as its matrix": (questionnaire(matrix("m")), "two questions share the variable m"),
    "a matrix named as another": (
        questionnaire(statement(variable="m"), matrix()),
        "two questions share the variable m",
    ),
    "too many variables": (
        questionnaire(*(matrix(*(f"v{turn}_{row}" for row in range(200)), variable=f"v{turn}") for turn in range(10))),
        "2010 variables are more than the 2000",
    ),
    "same missing twice": (questionnaire(number(missing=[DONT_KNOW, DONT_KNOW])), "same reason for no answer twice"),
    "more asked than there are": (with_choices(*YES_NO, type="multiple", at_least=3), "more choices than it allows"),
    "at least above at most": (questionnaire(ranking(at_least=2, at_most=1)), "more choices than it allows"),
    "missing do not count": (
        with_choices(*YES_NO, {**YES_NO[0], "code": 9, "missing": "refused"}, type="multiple", at_least=3),
        "more choices than it allows",
    ),
    "ranked with words beside": (questionnaire(ranking(choices=[{**YES_NO[0], "specify": True}, YES_NO[1]])), "ranked"),
    "label for no point": (questionnaire(scale(labels=[{"code": 11, "text": {"en": "x"}}])), "labels for points"),
    "two labels for one": (questionnaire(scale(labels=[{"code": 1, "text": {"en": "x"}}] * 2)), "labels for points"),
    "minimum above maximum": (questionnaire(number(minimum=2, maximum=1)), "minimum above its maximum"),
    "number too large": (questionnaire(number(maximum=1_000_000_000)), "maximum"),
    "too many decimals": (questionnaire(number(decimals=7)), "decimals"),
    "no such day": (questionnaire(day(earliest="2021-02-29")), "day is out of range"),
    "earliest behind latest": (
        questionnaire(day(earliest="2021-02-02", latest="2021-02-01")),
        "earliest day after its latest",
    ),
    "place twice": (questionnaire(place({"code": "e"}, {"code": "e"})), "has the place e twice"),
    "parent behind": (questionnaire(place({"code": "e", "parent": "f"}, {"code": "f"})), "must stand before it"),
    "matrix with reasons": (
        questionnaire(matrix(choices=[{**YES_NO[0], "reasons": [SLOW]}, YES_NO[1]])),
        "neither reasons nor words",
    ),
    "matrix with a check": (questionnaire(matrix(checks=check("${m1} = 1"))), "put the check on a question after it"),
    "consent that may be skipped": (questionnaire(consent(required=False)), "required"),
    "statement with an end": (questionnaire(single(), statement(end_if="${q1} = 1")), "asks nothing"),
    "required statement": (questionnaire(statement(required=True)), "required"),
    "negative seed": (questionnaire(seed=-1), "seed"),
    "dot in a condition": (
        questionnaire(single(), single("q2", show_if=". = 1")),
        "stands for a question's own answer",
    ),
    "end on a later one": (questionnaire(single(end_if="${q2} = 1"), single("q2")), "no earlier question"),
    "check on a later one": (questionnaire(single(checks=check("${q2} = 1")), single("q2")), "no earlier question"),
    "pipe of a later one": (questionnaire(single(text={"en": "${q2}?"}), single("q2")), "shows the answer to q2"),
    "pipe of itself": (questionnaire(single(text={"en": "${q1}?"})), "shows the answer to q1"),
    "pipe of a matrix": (questionnaire(matrix(), single(text={"en": "${m}?"})), "shows the answer to m"),
    "pipe in a choice": (
        with_choices(YES_NO[0], {"code": 2, "text": {"en": "${z}"}}),
        "shows the answer to z",
    ),
    "pipe in one language": (
        questionnaire(
            {**wish(), "text": {"en": "?", "de": "${z}?"}}, title={"en": "t", "de": "t"}, languages=["en", "de"]
        ),
        "shows the answer to z",
    ),
    "a row that reads its neighbour": (
        questionnaire(matrix("a", {"variable": "b", "text": {"en": "?"}, "show_if": "${a} = 1"})),
        "condition of b reads a",
    ),
    "a section that reads itself": (
        questionnaire(sections=[{"show_if": "${q1} = 1", "questions": [single()]}]),
        "condition of a section reads q1",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_named(name: str) -> None:
    """A document with one fault is refused, and the message says where or what it is."""
    document, expected = FAULTS[name]
    with pytest.raises(QuestionnaireError) as caught:
        read_questionnaire(document)
    assert expected in caught.value.got


@pytest.mark.parametrize("document", [None, 3, "text", [], {}])
def test_what_is_no_document_is_refused(document: object) -> None:
    """Any JSON value leads to QuestionnaireError, nothing else."""
    with pytest.raises(QuestionnaireError):
        read_questionnaire(document)


READINGS = {
    "itself": [single(checks=check(". = 1"), end_if="${q1} = 1")],
    "a matrix ends by its rows": [matrix(end_if="${m1} = 1 and ${m2} = 0")],
    "a row": [matrix(), single(show_if="${m2} = 1", text={"en": "${m1}?"})],
    "a row reads what was before": [
        single(),
        matrix("a", {"variable": "b", "text": {"en": "?"}, "show_if": "${q1} = 1"}),
    ],
    "a statement pipes": [single(), statement(text={"en": "You said ${q1}."}, show_if="answered(${q1})")],
    "no pipe": [single(text={"en": "${Q1} $q1 {q1} ${}"})],
}


@pytest.mark.parametrize("name", READINGS)
def test_what_may_be_read(name: str) -> None:
    """Rows are read by their own names; checks and ends read their own question; pipes read what was asked before."""
    read_questionnaire(questionnaire(*READINGS[name]))


A, B, C = single("a"), single("b"), single("c")


def fixed(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "fixed": True}


ORDERS = {
    "both move": ([A, C], False),
    "the read one is fixed": ([fixed(A), C], True),
    "fixed before those that move": ([fixed(A), B, C], True),
    "fixed among those that move": ([B, fixed(A), C], False),
    "reader behind all that move": ([A, B, fixed(C)], True),
    "reader among those that move": ([A, fixed(C), B], False),
    "all move": ([A, B, C], False),
}
READERS = {
    "condition": {"show_if": "${a} = 1"},
    "row": {**matrix({"variable": "c1", "text": {"en": "?"}, "show_if": "${a} = 1"}), "variable": "c"},
    "pipe": {"text": {"en": "${a}?"}},
    "check": {"checks": check("${a} = 1")},
}


@pytest.mark.parametrize("shuffled", ["questions", "sections"])
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ORDERS)
def test_reading_in_every_order(name: str, reader: str, shuffled: str) -> None:
    """What is read stands before its reader in each order that people meet, not just as it is written."""
    questions, is_good = ORDERS[name]
    met = [{**one, **READERS[reader]} if one["variable"] == "c" else one for one in questions]
    if shuffled == "questions":
        document = questionnaire(sections=[{"shuffled": True, "questions": met}])
    else:
        parts = [{"questions": [{**one, "fixed": False}], "fixed": one.get("fixed", False)} for one in met]
        document = questionnaire(sections=parts, shuffled_sections=True)
    if is_good:
        read_questionnaire(document)
        return
    with pytest.raises(QuestionnaireError, match="no earlier question asks"):
        read_questionnaire(document)


def test_a_section_reads_in_every_order() -> None:
    """The condition of a section obeys the same rule."""
    reader = {"questions": [single("c")], "show_if": "${a} = 1"}
    read_questionnaire(questionnaire(sections=[{"questions": [A], "fixed": True}, reader], shuffled_sections=True))
    with pytest.raises(QuestionnaireError, match="a section reads a"):
        read_questionnaire(questionnaire(sections=[{"questions": [A]}, reader], shuffled_sections=True))


def test_identity_does_not_depend_on_the_order_of_keys() -> None:
    """The same content has the same id, however its keys stand; another content has another."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(part) for part in value] if isinstance(value, list) else value

    document = questionnaire()
    assert questionnaire_id(turned(document)) == questionnaire_id(document)
    changed = copy.deepcopy(document)
    changed["sections"][0]["questions"][0]["text"]["en"] += " "
    assert questionnaire_id(changed) != questionnaire_id(document)


def test_a_read_questionnaire_is_frozen() -> None:
    """Nobody changes a question after it was read."""
    read = read_questionnaire(questionnaire())
    with pytest.raises(ValidationError):
        read.questions[0].required = True  # type: ignore[misc]
