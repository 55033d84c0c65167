"""Replaying the path: what a form sent becomes answers, reasons why others are missing, or faults."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter import questionnaire, rating, wish
from survey.answers import replay
from survey.canonical import canonical_json
from survey.parts import Missing
from survey.questionnaire import read_questionnaire
from survey.reading import clean_text
from survey.walk import Fault, Walk

DONT_KNOW = {"code": 9, "text": {"en": "don't know"}, "missing": "dont_know"}
NOT_FOR_ME = {"code": 8, "text": {"en": "not for me"}, "missing": "not_applicable"}
CHOICES = [{"code": code, "text": {"en": str(code)}} for code in (1, 2, 3)] + [NOT_FOR_ME, DONT_KNOW]
SCALE = {
    "type": "scale",
    "variable": "q",
    "text": {"en": "?"},
    "first": 0,
    "last": 10,
    "first_label": {"en": "a"},
    "last_label": {"en": "z"},
}


def asked(kind: str = "single", variable: str = "q", **more: Any) -> dict[str, Any]:
    return {"type": kind, "variable": variable, "text": {"en": "?"}, "choices": CHOICES, **more}


def walk(*questions: dict[str, Any], **form: str | list[str]) -> Walk:
    values = {name.replace("__", "."): [value] if isinstance(value, str) else value for name, value in form.items()}
    return replay(read_questionnaire(questionnaire(*questions)), values)


@pytest.mark.parametrize(
    ("question", "sent", "answer"),
    [
        (asked(), "2", 2),
        (rating("q"), "5", 5),
        (asked("multiple"), ["3", "1", "1"], (1, 3)),
        (SCALE, "0", 0),
        (SCALE, "10", 10),
        (asked(), ["1", "2"], 2),
        (asked("multiple"), ["1", "9"], (1,)),
    ],
)
def test_answers_of_each_type(question: dict[str, Any], sent: str | list[str], answer: object) -> None:
    """A code that is offered becomes an integer, several become a sorted tuple."""
    found = walk(question, q=sent)
    assert (found.answers, found.faults, found.missing) == ({"q": answer}, {}, {})


@pytest.mark.parametrize(
    ("question", "sent", "why"),
    [
        (asked(), "9", Missing.DONT_KNOW),
        (asked(), "8", Missing.NOT_APPLICABLE),
        (asked(), "", Missing.SKIPPED),
        (asked(), [], Missing.SKIPPED),
        (asked("multiple"), ["9"], Missing.DONT_KNOW),
        (asked("multiple"), [], Missing.SKIPPED),
        (SCALE | {"missing": [{"kind": "dont_know", "text": {"en": "?"}}]}, "dk", Missing.DONT_KNOW),
        (SCALE, "", Missing.SKIPPED),
        (wish(variable="q"), " \n ", Missing.SKIPPED),
        (asked(required=True), "9", Missing.DONT_KNOW),
    ],
)
def test_missing_codes(question: dict[str, Any], sent: str | list[str], why: Missing) -> None:
    """What is not answered says why, and is no fault; "don't know" answers a required question."""
    found = walk(question, q=sent)
    assert (found.missing, found.answers, found.faults) == ({"q": why}, {}, {})


@pytest.mark.parametrize("kind", ["single", "multiple", "scale"])
@pytest.mark.parametrize("sent", ["4", "-1", "1.0", "٣", "１", "x", "1;2", " 1", "0001", "99999999999999999999"])
def test_what_is_not_offered_is_a_fault(kind: str, sent: str) -> None:
    """Only codes that stand on the page count, in plain digits; an edited form is told so."""
    question = SCALE | {"last": 3} if kind == "scale" else asked(kind)
    found = walk(question, q=sent)
    assert (found.faults, found.answers) == ({"q": Fault.NOT_OFFERED}, {})


def test_scale_takes_dont_know_only_where_it_is_offered() -> None:
    """The page without that choice does not take it."""
    assert walk(SCALE, q="dk").faults == {"q": Fault.NOT_OFFERED}


@pytest.mark.parametrize(
    "question", [asked(required=True), wish(variable="q", required=True), rating("q", required=True)]
)
def test_required(question: dict[str, Any]) -> None:
    """A required question that is shown and skipped is a fault."""
    assert walk(question).faults == {"q": Fault.REQUIRED}


def test_off_the_path_nothing_is_taken() -> None:
    """An answer to a question that was not asked is dropped, required or not, and said to be not asked."""
    later = asked(variable="later", show_if="${q} = 1", required=True)
    found = walk(asked(), later, q="2", later="3")
    assert (found.answers, found.missing, found.faults) == ({"q": 2}, {"later": Missing.NOT_ASKED}, {})
    assert found.shown == ["q"]


def test_an_unknown_condition_does_not_show_the_question() -> None:
    """Unknown is not true."""
    found = walk(asked(), asked(variable="later", show_if="${q} != 1"), later="3")
    assert found.missing == {"q": Missing.SKIPPED, "later": Missing.NOT_ASKED}


def test_the_path_follows_only_answers_on_it() -> None:
    """What hangs on an answer off the path is off it too."""
    second = asked(variable="second", show_if="${q} = 1")
    third = asked(variable="third", show_if="${second} = 1")
    assert walk(asked(), second, third, q="2", second="1", third="1").answers == {"q": 2}


def test_a_condition_may_read_a_text() -> None:
    """Free text that was given counts as answered."""
    later = asked(variable="later", show_if="answered(${wish})")
    assert walk(wish(), later, wish="a bench", later="1").answers == {"later": 1}
    assert walk(wish(), later, wish=" ", later="1").answers == {}


def test_reasons_of_the_chosen_level_only() -> None:
    """Tags that the chosen level does not offer are dropped, with those of other levels."""
    assert walk(rating("q"), q="2", q__reasons=["2", "1", "7", "x"]).reasons == {"q": (1, 2)}
    assert walk(rating("q"), q="5", q__reasons=["1"]).reasons == {}
    assert walk(rating("q"), q__reasons=["1"]).reasons == {}


@pytest.mark.parametrize(("sent", "fault"), [("x" * 21, Fault.TOO_LONG), ("caf\ufffd", Fault.UNREADABLE)])
def test_texts_at_fault_are_kept_to_be_mended(sent: str, fault: Fault) -> None:
    """A text that is too long, or came in another encoding, is a fault; what was typed is kept for the page."""
    found = walk(wish(variable="q", max_length=20), q=sent)
    assert (found.faults, found.texts) == ({"q": fault}, {"q": sent})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x1bc\x7fd\x85e", "abcde"),
        ("\ud800a", "a"),
        ("e\u0301", "é"),
        ("  两 句  \n", "两 句"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("نص\u200fعربي", "نص\u200fعربي"),
    ],
)
def test_clean_text(typed: str, kept: str) -> None:
    """Control characters and halves of characters go; scripts, joiners and directions stay."""
    assert clean_text(typed) == kept


@given(
    st.dictionaries(
        st.sampled_from(["q", "q.reasons", "m", "s", "wish", "token"]), st.lists(st.text(max_size=8), max_size=4)
    )
)
def test_any_form_becomes_a_document(form: dict[str, list[str]]) -> None:
    """Whatever is sent, replay does not fail and its result can be committed to."""
    questions = [rating("q"), asked("multiple", "m", show_if="${q} < 4"), SCALE | {"variable": "s"}, wish()]
    found = replay(read_questionnaire(questionnaire(*questions)), form)
    canonical_json(found.document())
    assert set(found.answers) | set(found.missing) | set(found.faults) | set(found.texts) == {"q", "m", "s", "wish"}


@pytest.mark.parametrize("marks", ["\u0315\u0300", "\u0f73\u0f71", "\u0344\u0315"])
def test_heaps_of_combining_marks_are_cut_before_they_are_sorted(marks: str) -> None:
    """Sorting one run takes the square of its length; no script puts more than thirty marks on a letter (UAX 15)."""
    started = time.process_time()
    found = walk(wish(), wish="a" + marks * 60_000)
    assert time.process_time() - started < 2
    assert len(found.texts["wish"]) < 100


def test_marks_that_people_write_are_kept() -> None:
    """Vietnamese, Tibetan and emoji with their joiners stay as they were typed."""
    for text in ("Tiếng Việt", "བསྒྲུབས།", "👨‍👩‍👧 ok"):
        assert clean_text(text) == text
