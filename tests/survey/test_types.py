"""Every type of question, from what a form sent to the cell of a dataset: one table, a row for each way to answer."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import question_types as t
from scale import scaled
from survey.answers import SURE, field_names, replay, unseen
from survey.canonical import canonical_json
from survey.columns import columns_of
from survey.errors import QuestionnaireError
from survey.order import ORDERS, arranged
from survey.parts import Missing
from survey.questionnaire import Questionnaire, read_questionnaire
from survey.questions import MatrixQuestion
from survey.walk import Fault, Walk

TODAY = date(2026, 7, 15)
NOT_ASKED, SKIPPED = Missing.NOT_ASKED, Missing.SKIPPED
DONT_KNOW, REFUSED, NOT_APPLICABLE = Missing.DONT_KNOW, Missing.REFUSED, Missing.NOT_APPLICABLE
FREE_SINGLE = {**t.SINGLE, "role": "other"}
PERSON = {**t.SINGLE, "role": "demographic"}
BIG_CODES = {**t.SINGLE, "choices": [t.choice(1000, "Far", "远", "بعيد"), t.choice(2, "Near", "近", "قريب")]}
HALF_GRID = {**t.GRID, "rows": [{**row, "show_if": "${way} = 1"} for row in t.GRID["rows"]]}
PLACE_JUDGED = {**t.PLACE, "role": "item"}


def asked(*questions: dict[str, Any], **more: Any) -> Questionnaire:
    return read_questionnaire(t.document(*questions, languages=("en",), **more))


def walked(*questions: dict[str, Any], form: dict[str, Any]) -> Walk:
    return replay(asked(*questions), fields(form), today=TODAY)


def fields(form: dict[str, Any]) -> dict[str, list[str]]:
    return {name: sent if isinstance(sent, list) else [sent] for name, sent in form.items()}


def cells(questionnaire: Questionnaire, walk: Walk) -> dict[str, Any]:
    """What stands in the dataset after the response was written down as canonical JSON and read again."""
    row = json.loads(canonical_json(walk.document()))
    return {column.name: column.read(row) for leaf in questionnaire.leaves for column in columns_of(leaf)}


# question, form, answers, why there are none, cells of the dataset
GOOD = [
    (t.SINGLE, {"way": "2"}, {"way": 2}, {}, {"way": 2}),
    (t.SINGLE, {"way": "9"}, {}, {"way": NOT_APPLICABLE}, {"way": -5}),
    (t.SINGLE, {"way": "7", "way.say.7": "by boat"}, {"way": 7}, {}, {"way": 7}),
    (FREE_SINGLE, {"way": "2"}, {"way": 2}, {}, {"way": "2"}),
    (FREE_SINGLE, {"way": "9"}, {}, {"way": NOT_APPLICABLE}, {"way": "not_applicable"}),
    (PERSON, {"way": "9"}, {}, {"way": NOT_APPLICABLE}, {"way": None}),
    (BIG_CODES, {"way": "1000"}, {"way": 1000}, {}, {"way": "1000"}),
    (t.DROPDOWN, {"district": "3"}, {"district": 3}, {}, {"district": "3"}),
    (t.DROPDOWN, {"district": ""}, {}, {"district": SKIPPED}, {"district": None}),
    (
        t.RATING,
        {"q_overall": "1", "q_overall.reasons": "21"},
        {"q_overall": 1},
        {},
        {"q_overall": 1, "q_overall_reasons": "21"},
    ),
    (t.RATING, {}, {}, {"q_overall": SKIPPED}, {"q_overall": -2, "q_overall_reasons": ""}),
    (t.MULTIPLE, {"ways": ["3", "1"]}, {"ways": (1, 3)}, {}, {"ways": "1;3"}),
    (t.MULTIPLE, {"ways": ["8"]}, {"ways": (8,)}, {}, {"ways": "8"}),
    (t.MULTIPLE, {"ways": ["9"]}, {}, {"ways": NOT_APPLICABLE}, {"ways": "not_applicable"}),
    (t.MULTIPLE, {}, {}, {"ways": SKIPPED}, {"ways": "skipped"}),
    (t.SCALE, {"effort": "0"}, {"effort": 0}, {}, {"effort": 0}),
    (t.SCALE, {"effort": "10"}, {"effort": 10}, {}, {"effort": 10}),
    (t.SCALE, {"effort": "dk"}, {}, {"effort": DONT_KNOW}, {"effort": -4}),
    (t.LABELLED, {"clarity": "2"}, {"clarity": 2}, {}, {"clarity": 2}),
    (t.NPS, {"recommend": "9"}, {"recommend": 9}, {}, {"recommend": 9}),
    (t.NPS, {"recommend": "rf"}, {}, {"recommend": REFUSED}, {"recommend": -3}),
    (t.GRID, {"asked": ["2", "1"]}, {"asked": (1, 2)}, {"paid": SKIPPED}, {"asked": "1;2", "paid": "skipped"}),
    (
        t.RANKING,
        {"wishes.rank.3": "1", "wishes.rank.1": "２"},
        {"wishes": (3, 1)},
        {},
        {"wishes": "3;1"},
    ),
    (t.RANKING, {"wishes.rank.3": "9"}, {"wishes": (3,)}, {}, {"wishes": "3"}),
    (t.RANKING, {"wishes.missing": "dk"}, {}, {"wishes": DONT_KNOW}, {"wishes": "dont_know"}),
    (t.RANKING, {"wishes.missing": "dk", "wishes.rank.2": "1"}, {"wishes": (2,)}, {}, {"wishes": "2"}),
    (t.NUMBER, {"minutes": "35"}, {"minutes": 35}, {}, {"minutes": 35.0, "minutes_missing": 0}),
    (t.NUMBER, {"minutes": "３５"}, {"minutes": 35}, {}, {"minutes": 35.0, "minutes_missing": 0}),
    (t.NUMBER, {"minutes": "\u200f٣٥"}, {"minutes": 35}, {}, {"minutes": 35.0, "minutes_missing": 0}),
    (
        t.NUMBER,
        {"minutes.missing": "dk"},
        {},
        {"minutes": DONT_KNOW},
        {"minutes": None, "minutes_missing": -4},
    ),
    (t.DECIMAL, {"cost": "12,50"}, {"cost": "12.5"}, {}, {"cost": 12.5, "cost_missing": 0}),
    (t.DECIMAL, {"cost": "١٢٫٥"}, {"cost": "12.5"}, {}, {"cost": 12.5, "cost_missing": 0}),
    (t.DECIMAL, {"cost": "−5"}, {"cost": -5}, {}, {"cost": -5.0, "cost_missing": 0}),
    (t.DECIMAL, {}, {}, {"cost": SKIPPED}, {"cost": None, "cost_missing": -2}),
    (t.DAY, {"visited": "2026-07-15"}, {"visited": "2026-07-15"}, {}, {"visited": "2026-07-15"}),
    (t.DAY, {"visited": "2026年7月5日"}, {"visited": "2026-07-05"}, {}, {"visited": "2026-07-05"}),
    (t.DAY, {"visited": "٢٠٢٦/٧/٥"}, {"visited": "2026-07-05"}, {}, {"visited": "2026-07-05"}),
    (t.DAY, {}, {}, {"visited": SKIPPED}, {"visited": "skipped"}),
    (t.MONTH, {"since": "2025-11"}, {"since": "2025-11"}, {}, {"since": "2025-11"}),
    (t.MONTH, {"since.missing": "dk"}, {}, {"since": DONT_KNOW}, {"since": "dont_know"}),
    (t.YEAR, {"born": "1980"}, {"born": "1980"}, {}, {"born": "1980"}),
    (t.LINE, {"mail": "a@b.example"}, {}, {}, {}),
    (t.TEXT, {"wish": "a bench"}, {}, {}, {}),
    (t.TEXT, {"wish": "rf"}, {}, {}, {}),
    (t.TEXT, {"wish.missing": "rf"}, {}, {"wish": REFUSED}, {}),
    (t.PLACE, {"home": "e1"}, {"home": "e1"}, {}, {"home": "e1"}),
    (t.PLACE, {"home": "na"}, {"home": "na"}, {}, {"home": "na"}),
    (t.PLACE, {"home.missing": "rf"}, {}, {"home": REFUSED}, {"home": None}),
    (PLACE_JUDGED, {"home.missing": "rf"}, {}, {"home": REFUSED}, {"home": "refused"}),
    (t.CONSENT, {"consent": "1"}, {"consent": 1}, {}, {}),
    (t.STATEMENT, {}, {}, {}, {}),
]


@pytest.mark.parametrize(("question", "form", "answers", "missing", "cell"), GOOD)
def test_a_good_answer_reaches_the_dataset(
    question: dict[str, Any], form: dict[str, Any], answers: Any, missing: Any, cell: dict[str, Any]
) -> None:
    """What was sent is understood, written down as integers and texts, and stands in its column."""
    questionnaire = asked(question)
    walk = replay(questionnaire, fields(form), today=TODAY)
    assert (walk.faults, walk.missing) == ({}, missing)
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}
    assert walk.document()["answers"] == plain
    assert cells(questionnaire, walk) == cell


MATRIX_FORM = {"way": "1", "speed": "1", "advice": "9"}


def test_rows_of_a_matrix_are_variables_of_their_own() -> None:
    """Each row has its answer, its reason for none, or was not asked."""
    questionnaire = asked(t.SINGLE, t.MATRIX)
    walk = replay(questionnaire, fields(MATRIX_FORM), today=TODAY)
    assert walk.missing == {"advice": DONT_KNOW, "site": NOT_ASKED}
    assert cells(questionnaire, walk) == {"way": 1, "speed": 1, "advice": -4, "site": -1}
    titles = {column.name: column.title for leaf in questionnaire.leaves for column in columns_of(leaf)}
    assert titles["speed"] == {"en": "Please judge each: – Speed of handling"}


def test_a_required_matrix_asks_for_each_row_that_is_asked() -> None:
    """A row left open is a fault of that row; one that is not asked is none."""
    assert walked(t.SINGLE, t.MATRIX, form={"way": "1", "speed": "2"}).faults == {"advice": Fault.REQUIRED}
    assert walked(t.SINGLE, t.MATRIX, form={"way": "2", **MATRIX_FORM, "site": "4"}).faults == {}
    assert set(walked(t.SINGLE, t.MATRIX, form={"way": "2"}).faults) == {"speed", "advice", "site"}


def test_a_matrix_without_any_row_is_not_shown() -> None:
    """Its heading would stand over nothing."""
    assert walked(t.SINGLE, HALF_GRID, form={"way": "2"}).shown == ["way"]
    assert walked(t.SINGLE, HALF_GRID, form={"way": "1"}).shown == ["way", "grid"]
    assert asked(t.SINGLE, HALF_GRID).deferred == {"grid"}
    assert asked(t.SINGLE, t.MATRIX).deferred == frozenset()


BAD = [
    (t.SINGLE, {}, Fault.REQUIRED),
    (t.SINGLE, {"way": "4"}, Fault.NOT_OFFERED),
    (t.SINGLE, {"way": "7", "way.say.7": "x" * 201}, Fault.TOO_LONG),
    (t.MULTIPLE, {"ways": ["1"]}, Fault.TOO_FEW),
    (t.MULTIPLE, {"ways": ["1", "2", "3", "7"]}, Fault.TOO_MANY),
    (t.MULTIPLE, {"ways": ["1", "8"]}, Fault.NOT_TOGETHER),
    (t.MULTIPLE, {"ways": ["1", "x"]}, Fault.NOT_OFFERED),
    (t.SCALE, {"effort": "11"}, Fault.NOT_OFFERED),
    (t.SCALE, {"effort": "rf"}, Fault.NOT_OFFERED),
    (t.NPS, {"recommend": "-1"}, Fault.NOT_OFFERED),
    ({**t.RANKING, "required": True}, {}, Fault.REQUIRED),
    (t.RANKING, {"wishes.rank.1": "1", "wishes.rank.2": "1"}, Fault.SAME_RANK),
    (t.RANKING, {"wishes.rank.1": "first"}, Fault.NOT_A_NUMBER),
    (t.RANKING, {"wishes.rank.1": "0"}, Fault.NOT_A_NUMBER),
    (t.RANKING, {f"wishes.rank.{code}": str(code) for code in (1, 2, 3)}, Fault.TOO_MANY),
    ({**t.RANKING, "at_least": 2}, {"wishes.rank.1": "1"}, Fault.TOO_FEW),
    (t.NUMBER, {"minutes": ""}, Fault.REQUIRED),
    (t.NUMBER, {"minutes": "1.5"}, Fault.NOT_A_NUMBER),
    (t.NUMBER, {"minutes": "1,000"}, Fault.NOT_A_NUMBER),
    (t.NUMBER, {"minutes": "601"}, Fault.OUT_OF_RANGE),
    (t.DECIMAL, {"cost": "1.234"}, Fault.NOT_A_NUMBER),
    (t.DECIMAL, {"cost": "-5.01"}, Fault.OUT_OF_RANGE),
    (t.DAY, {"visited": "2026-02-30"}, Fault.NOT_A_DATE),
    (t.DAY, {"visited": "2025-12-31"}, Fault.OUT_OF_RANGE),
    (t.DAY, {"visited": "2026-07-16"}, Fault.OUT_OF_RANGE),
    (t.MONTH, {"since": "2025-13"}, Fault.NOT_A_DATE),
    (t.YEAR, {"born": "1899"}, Fault.OUT_OF_RANGE),
    (t.YEAR, {"born": "80"}, Fault.NOT_A_DATE),
    (t.LINE, {"mail": "nobody"}, Fault.FORMAT),
    ({**t.LINE, "format": "digits"}, {"mail": "12a"}, Fault.FORMAT),
    ({**t.LINE, "format": "phone"}, {"mail": "call me"}, Fault.FORMAT),
    (t.TEXT, {"wish": "x" * 51}, Fault.TOO_LONG),
    (t.TEXT, {"wish": "caf\ufffd"}, Fault.UNREADABLE),
    (t.PLACE, {"home": "e"}, Fault.NOT_OFFERED),
    (t.CONSENT, {}, Fault.REQUIRED),
    (t.CONSENT, {"consent": "2"}, Fault.NOT_OFFERED),
]


@pytest.mark.parametrize(("question", "form", "fault"), BAD)
def test_a_bad_answer_is_a_fault(question: dict[str, Any], form: dict[str, Any], fault: Fault) -> None:
    """Each way to go wrong has a name of its own, and only that."""
    assert walked(question, form=form).faults == {question["variable"]: fault}


@pytest.mark.parametrize("sent", ["０１２３", "٠١٢٣", "0123"])
def test_digits_may_be_of_any_script(sent: str) -> None:
    """A text of digits is taken as it was typed, whatever the keyboard wrote."""
    walk = walked({**t.LINE, "format": "digits"}, form={"mail": sent})
    assert (walk.faults, walk.texts) == ({}, {"mail": sent})


def test_declining_ends_the_walk() -> None:
    """Who does not agree is asked nothing else."""
    walk = walked(t.CONSENT, t.SINGLE, form={"consent": "0", "way": "1"})
    assert walk.has_declined
    assert (walk.answers, walk.shown) == ({}, ["consent"])


def test_own_words_stay_out_of_the_dataset() -> None:
    """What somebody typed, beside a choice too, stands in the response and in no column."""
    questionnaire = asked(t.SINGLE, t.MULTIPLE, t.LINE, t.TEXT)
    form = {"way": "7", "way.say.7": "secret1", "ways": ["1", "7"], "ways.say.7": "secret2"}
    walk = replay(questionnaire, fields(form | {"mail": "secret3@x.example", "wish": "secret4"}), today=TODAY)
    assert sorted(walk.texts) == ["mail", "way.say.7", "ways.say.7", "wish"]
    assert all("secret" in text for text in walk.texts.values())
    assert "secret" not in json.dumps(cells(questionnaire, walk))


def test_words_beside_a_choice_not_chosen_do_not_count() -> None:
    """They were typed by mistake, or before the mind changed."""
    assert walked(t.SINGLE, form={"way": "1", "way.say.7": "by boat"}).texts == {}


def test_what_was_not_shown_yet_is_named() -> None:
    """Questions and rows that follow from answers, in their order, but for those the page says it has shown."""
    asking = asked({**t.SINGLE, "required": False}, t.MATRIX, {**t.TEXT, "show_if": "${way} = 2"})
    walk = replay(asking, {"way": ["2"]}, today=TODAY)
    assert unseen(asking, walk, {}) == ["site", "wish"]
    assert unseen(asking, walk, {"seen": ["site"]}) == ["wish"]
    assert unseen(asking, replay(asking, {"way": ["1"]}, today=TODAY), {}) == []


def test_a_hard_check_is_a_fault_with_its_own_words() -> None:
    """A rule over two answers names the question it stands at."""
    before = {**t.DAY, "variable": "before"}
    later = {**t.DAY, "checks": [t.NOT_LATER]}
    walk = walked(before, later, form={"before": "2026-03-01", "visited": "2026-03-02"})
    assert walk.faults == {"visited": Fault.CHECK}
    assert walk.failed["visited"].text == {"en": "This cannot be later than the visit."}
    assert walked(before, later, form={"visited": "2026-03-02"}).faults == {}


def test_a_soft_check_is_confirmed_for_one_answer_only() -> None:
    """ "Yes, really" holds for the answer it was asked about; another unlikely one is asked about again."""
    doubted = walked(t.NUMBER, form={"minutes": "300"})
    (name,) = doubted.doubts
    assert (doubted.faults, doubted.answers) == ({}, {"minutes": 300})
    sure = walked(t.NUMBER, form={"minutes": "300", SURE: name})
    assert (sure.doubts, sure.document()["confirmed"]) == ({}, ["minutes.0"])
    assert list(walked(t.NUMBER, form={"minutes": "301", SURE: name}).doubts) != [name]
    assert walked(t.NUMBER, form={"minutes": "30", SURE: name}).confirmed == []
    assert walked(t.NUMBER, form={"minutes": "300", SURE: "minutes.0"}).doubts.keys() == {name}


def test_a_confirmation_looks_at_all_that_its_rule_reads() -> None:
    """When the other answer of a rule changes, it is another doubt."""
    total = {"rule": "${cost} + . <= 10", "soft": True, "text": t.said("So much?", "这么多？", "كل هذا؟")}
    number = {**t.NUMBER, "checks": [total]}
    names = [list(walked(t.DECIMAL, number, form={"cost": cost, "minutes": "10"}).doubts) for cost in ("1", "2", "1")]
    assert names[0] == names[2] != names[1]


def test_bounds_of_a_date_must_be_days() -> None:
    """A questionnaire cannot be used whose bounds are no days, or the wrong way round."""
    for bounds in ({"earliest": "2026-02-30"}, {"earliest": "2026-02-02", "latest": "2026-02-01"}):
        with pytest.raises(QuestionnaireError):
            asked({**t.DAY, **bounds})


@pytest.mark.parametrize("order", [None, 0, ORDERS - 1])
def test_order_changes_no_answer(order: int | None) -> None:
    """Whatever the order in which it was met, the same form is the same answers and the same cells."""
    shuffled = [{**one, "shuffled": True} for one in (t.SINGLE, t.MULTIPLE, t.MATRIX, t.RANKING)]
    shuffled[2] |= {"shuffled_rows": True}
    questionnaire = asked(*shuffled)
    form = fields(MATRIX_FORM | {"ways": ["1", "2"], "wishes.rank.2": "1"})
    found = replay(arranged(questionnaire, order), form, today=TODAY)
    plain = replay(questionnaire, form, today=TODAY)
    assert (found.answers, found.missing, found.faults) == (plain.answers, plain.missing, plain.faults)
    assert cells(questionnaire, found) == cells(questionnaire, plain)


EVERY = read_questionnaire(t.document(languages=("en",)))
VALUES = st.sampled_from(
    [
        "",
        "1",
        "2",
        "3",
        "7",
        "8",
        "9",
        "21",
        "dk",
        "rf",
        "na",
        "e1",
        "0",
        "1980",
        "2026-05",
        "2026-05-05",
        "12.5",
        "601",
    ]
) | st.text(max_size=6)
FORMS = st.dictionaries(
    st.sampled_from([*field_names(EVERY), SURE, "seen"]), st.lists(VALUES, max_size=3), max_size=len(field_names(EVERY))
)


@given(FORMS)
@settings(max_examples=scaled(4000, least=200))
def test_any_form_becomes_a_response_and_a_row(form: dict[str, list[str]]) -> None:
    """Whatever is sent for whichever type, each variable has an answer, a reason for none, or a fault."""
    walk = replay(EVERY, form, today=TODAY)
    canonical_json(walk.document())
    told = set(walk.answers) | set(walk.missing) | set(walk.faults) | set(walk.texts)
    declined = {"consent"} if walk.has_declined else set()
    assert {leaf.variable for leaf in EVERY.leaves} - declined <= told
    row = cells(EVERY, walk)
    assert set(row) >= {"way", "ways", "speed", "wishes", "minutes", "minutes_missing", "visited", "home"}


def test_fields_of_a_form_are_all_named() -> None:
    """What the page keeps through an error is every field of every type."""
    rows = [row["variable"] for one in EVERY.questions if isinstance(one, MatrixQuestion) for row in t.MATRIX["rows"]]
    names = field_names(EVERY)
    assert {"consent", "way.say.7", "q_overall.reasons", "wishes.rank.3", "wishes.missing", *rows} <= set(names)
    assert len(names) == len(set(names))
    assert "welcome" not in names
