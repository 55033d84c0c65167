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
    ],
)
def test_each_type_is_read(question: dict[str, Any]) -> None:
    """A document with one question of each type can be published, and its variable is found."""
    read = read_questionnaire(questionnaire(question))
    assert list(read.by_variable) == [question["variable"]]


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
