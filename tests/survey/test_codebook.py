"""The codebook tells every column, every cell and every text there is."""

import json
import random
from datetime import UTC, date, datetime
from typing import Any

import pytest

from counter import questionnaire, rating, wish
from question_types import document
from random_documents import random_form, random_questionnaire
from scale import scaled
from survey.answers import replay
from survey.codebook import Variable, codebook
from survey.columns import columns_of
from survey.dataset import table
from survey.fielding import Wave, WaveState
from survey.order import ORDERS
from survey.piping import texts_of
from survey.questionnaire import Questionnaire, read_questionnaire
from survey.walk import Fault, Walk

TODAY = date(2026, 7, 15)
WAVE = Wave(
    id="w1",
    title={},
    questionnaire_id="",
    population="residents",
    state=WaveState.CLOSED,
    opens_at=datetime(2026, 7, 1, tzinfo=UTC),
    closes_at=datetime(2026, 8, 1, tzinfo=UTC),
    plan={"weighting": {"dimensions": []}},
    plan_id=None,
    scheme={},
    margins=None,
    dataset_id=None,
    quota=None,
)


def variables(read: Questionnaire, **more: Any) -> dict[str, Variable]:
    return {one.name: one for one in codebook(read, **more).variables}


@pytest.fixture(scope="module")
def every() -> dict[str, Variable]:
    return variables(read_questionnaire(document()))


def test_variables_stand_in_the_order_of_the_dataset() -> None:
    """Every column of a dataset has its entry, in order and of its type; what has no column stays out of datasets."""
    read = read_questionnaire(document())
    schema = table(WAVE, read, []).schema
    entries = [(one.name, one.column) for one in codebook(read).variables if one.column is not None]
    assert entries == [(field.name, {"double": "float64"}.get(str(field.type), str(field.type))) for field in schema]
    assert {one.name for one in codebook(read).variables if one.column is None} == {"consent", "mail", "wish", "why"}


def test_every_cell_is_explained() -> None:
    """Random answers to random questionnaires: no cell holds what the codebook does not tell."""
    rng = random.Random(11)
    explained = 0
    for number in range(scaled(400, least=20)):
        read = read_questionnaire(document()) if number % 4 == 0 else random_questionnaire(rng)
        known = variables(read)
        walks = [sound_walk(read, random_form(rng, read)) for _ in range(5)]
        kept = [walk.document() for walk in walks if not walk.has_declined]  # of the others nothing is recorded
        kept = [{**one, "order": rng.randrange(ORDERS)} for one in kept]
        for name, cells in table(WAVE, read, kept).to_pydict().items():
            for cell in cells:
                explained += _explain(known[name], cell)
    assert explained > 500


def sound_walk(read: Questionnaire, form: dict[str, list[str]]) -> Walk:
    """A walk with these answers but for those at fault, which are never taken."""
    while True:
        walk = replay(read, form, today=TODAY)
        wrong = {name for name, fault in walk.faults.items() if fault is not Fault.REQUIRED}
        if not wrong:
            return walk
        form = {name: values for name, values in form.items() if name.split(".")[0] not in wrong}


def _explain(variable: Variable, cell: Any) -> int:
    """1 where a code or a missing code was found; fails where a cell is not told."""
    written = {absence.written for absence in variable.missing}
    codes = {str(category.code) for category in variable.codes}
    if cell is None:
        assert None in written or variable.type == "number", (variable.name, cell)
    elif str(cell) in written:
        return 1
    elif variable.type in ("multiple", "ranking", "reasons"):
        assert set(cell.split(";")) <= codes | {""}, (variable.name, cell)
    elif codes:
        assert str(cell) in codes, (variable.name, cell)
        return 1
    else:
        assert variable.type in ("number", "date"), (variable.name, cell)
    return 0


def test_no_text_is_lost() -> None:
    """Every text of a document with every type in it stands in the codebook, in every language."""
    read = read_questionnaire(document())
    whole = json.dumps(codebook(read).as_json(), ensure_ascii=False)
    for place, texts in texts_of(read, ""):
        for tag, text in texts.items():
            assert json.dumps(text, ensure_ascii=False)[1:-1] in whole, (place, tag)


def test_an_item_has_missing_codes_and_their_meaning(every: dict[str, Variable]) -> None:
    """Negative codes with the codebook's words and those of the choices by which people said so."""
    speed = every["speed"]
    assert [(one.written, one.meaning["en"]) for one in speed.missing] == [
        ("-2", "Asked, not answered"),
        ("-4", "Don't know"),
    ]
    assert speed.missing[1].texts[0]["zh-Hans"] == "无法评价"
    assert [category.code for category in speed.codes] == [1, 2, 3, 4, 5]
    assert (speed.type, speed.role, speed.column, speed.question) == ("single", "item", "int8", "aspects")
    assert (speed.stem or {})["en"] == "Please judge each:"
    assert "-1" in {one.written for one in every["site"].missing}, "asked of some only"


def test_what_stands_where_nothing_was_said(every: dict[str, Variable]) -> None:
    """Columns of text name the reason; demographics are empty; a number's reason has a column of its own."""
    assert {one.written for one in every["ways"].missing} == {"skipped", "not_applicable"}
    assert {one.written for one in every["district"].missing} == {None}
    assert {one.written for one in every["minutes"].missing} == {None}
    beside = every["minutes_missing"]
    assert (beside.beside, beside.column, {one.written for one in beside.missing}) == ("minutes", "int8", {"-2", "-4"})
    assert beside.text["en"] == "How long did it take? – why there is no number"
    reasons = variables(read_questionnaire(questionnaire()))["q_overall_reasons"]
    assert (reasons.beside, [one.text["en"] for one in reasons.codes]) == ("q_overall", ["slow", "rude"])


def test_units_bounds_and_checks(every: dict[str, Variable]) -> None:
    """Whatever limits an answer is told as the document has it."""
    minutes = every["minutes"]
    assert (minutes.unit or {})["zh-Hans"] == "分钟"
    assert minutes.bounds == {"minimum": "0", "maximum": "600", "decimals": "0"}
    assert len(minutes.checks) == 1 and minutes.is_required
    assert every["ways"].bounds == {"at_least": "2", "at_most": "3"}
    assert every["visited"].bounds == {"earliest": "2026-01-01", "latest": "today", "precision": "day"}
    assert every["effort"].bounds == {"best": "last"}
    assert every["mail"].bounds == {"max_length": "80", "format": "email"}


def test_places_are_told_with_their_groups(every: dict[str, Variable]) -> None:
    """Places that can be chosen are codes, those above them groups."""
    home = every["home"]
    assert [(one.code, one.parent) for one in home.codes] == [("na", None), ("e1", "e"), ("e2a", "e2")]
    assert [(one.code, one.parent) for one in home.groups] == [("e", None), ("e2", "e")]


def test_points_of_scales_have_the_words_they_have(every: dict[str, Variable]) -> None:
    """Eleven codes of which two have words, and a point between whose words are its own."""
    assert [(one.code, one.text.get("en")) for one in every["effort"].codes][:2] == [(0, "Very hard"), (1, None)]
    assert [one.text.get("en") for one in every["clarity"].codes] == ["Very hard", "In between", "Very easy"]
    assert every["recommend"].codes[10].text["en"] == "Certainly"


def test_who_is_asked_in_words() -> None:
    """Conditions of section, matrix and row together, by the questions' words; everybody where there are none."""
    rows = [{"variable": "r1", "text": {"en": "R"}, "show_if": "answered(${q})"}]
    matrix = {"type": "matrix", "variable": "m", "text": {"en": "M"}, "choices": rating()["choices"], "rows": rows}
    for choice in matrix["choices"]:
        choice.pop("reasons", None)
    sections = [
        {"questions": [rating("q", end_if=". = 1")]},
        {"show_if": "not (${q} = 5 or ${q} < 2)", "questions": [matrix | {"show_if": "${q} != 3"}]},
    ]
    found = variables(read_questionnaire(questionnaire(sections=sections)))
    assert found["q"].universe_words == {"en": "Everybody"}
    assert found["r1"].universe.expression == "(not (${q} = 5 or ${q} < 2)) and (${q} != 3) and (answered(${q}))"
    assert found["r1"].universe_words["en"] == (
        "not: (“How was it?” is “very good” (5) or “How was it?” is less than “poor” (2)) and “How was it?” is not "
        "“fair” (3) and “How was it?” was answered; not where the survey ended earlier because “How was it?” is "
        "“very poor” (1)"
    )


WORDS = {
    "${n} + 2 - ${n} >= 1.5": "“N?” plus 2 minus “N?” is at least 1.5",
    "selected(${w}, 2) or count-selected(${w}) = 1": ("“W?” includes “b” (2) or the number of choices at “W?” is 1"),
    "string-length(${t}) > 3": "the number of characters at “T?” is more than 3",
    "not answered(${t})": "“T?” was not answered",
    "today() >= '2026-01-01'": "the day of the answer is at least “2026-01-01”",
    "(${n} = 1 or ${n} = 2) and ${n} = 3": "(“N?” is 1 or “N?” is 2) and “N?” is 3",
}


@pytest.mark.parametrize("condition", WORDS)
def test_conditions_in_words(condition: str) -> None:
    """Every part of the condition language has its words, with brackets where they are needed."""
    asked = [
        {"type": "number", "variable": "n", "text": {"en": "N?"}},
        {
            "type": "multiple",
            "variable": "w",
            "text": {"en": "W?"},
            "choices": [{"code": 1, "text": {"en": "a"}}, {"code": 2, "text": {"en": "b"}}],
        },
        wish(variable="t", text={"en": "T?"}),
        wish(variable="x", show_if=condition),
    ]
    assert variables(read_questionnaire(questionnaire(*asked)))["x"].universe_words["en"] == WORDS[condition]


def test_a_language_without_phrases_keeps_the_expression() -> None:
    """Who is asked is not told in words that are not there; Chinese of either script has its own."""
    tags = {"zh-Hant": "問", "ar": "سؤال"}
    asked = [wish(text=tags), wish(variable="x", text=tags, show_if="answered(${wish})")]
    found = variables(read_questionnaire(questionnaire(*asked, title=tags, languages=list(tags))))
    assert found["x"].universe_words == {"zh-Hant": "「問」已回答"}
    assert found["x"].missing[0].meaning == {"zh-Hant": "未詢問"}


def test_counts_stand_beside_codes() -> None:
    """Given counts are told per code, nought where a code never occurred, and not at all where none were given."""
    counts = {"q_overall": {"5": 12, "-2": 3}}
    found = variables(read_questionnaire(questionnaire()), counts=counts)["q_overall"]
    assert [one.n for one in found.codes] == [0, 0, 0, 0, 12]
    assert [one.n for one in found.missing] == [3]
    assert variables(read_questionnaire(questionnaire()))["q_overall"].codes[0].n is None


def test_columns_beside_a_question_are_entries_too() -> None:
    """What `columns` writes beside a question is never more than the codebook tells."""
    read = read_questionnaire(document())
    names = [column.name for leaf in read.leaves for column in columns_of(leaf)]
    assert set(names) <= set(variables(read))
