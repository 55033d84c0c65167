"""Orders: fair, repeatable, and without influence on what answers mean."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter import questionnaire, rating, wish
from random_documents import random_form, random_questionnaire
from scale import scaled
from survey.answers import replay
from survey.errors import QuestionnaireError
from survey.order import ORDERS, arranged, order_of, permuted
from survey.parts import ChosenQuestion
from survey.questionnaire import Questionnaire, read_questionnaire

LETTERS = "abcdef"
CHOICES = [{"code": code, "text": {"en": letter}} for code, letter in enumerate(LETTERS, start=1)]


def single(variable: str = "q", **more: Any) -> dict[str, Any]:
    return {"type": "single", "variable": variable, "text": {"en": "?"}, "choices": CHOICES, **more}


def read(*questions: dict[str, Any], **more: Any) -> Questionnaire:
    return read_questionnaire(questionnaire(*questions, **more))


def codes(asked: Questionnaire, order: int | None) -> list[int]:
    question = arranged(asked, order).questions[0]
    assert isinstance(question, ChosenQuestion)
    return [choice.code for choice in question.choices]


def names(asked: Questionnaire, order: int | None) -> list[str]:
    return [question.variable for question in arranged(asked, order).questions]


@settings(max_examples=scaled(2_000, least=200))
@given(n=st.integers(2, 8), round_=st.integers(0, 5), seed=st.text(max_size=5))
def test_within_a_round_each_item_stands_once_at_each_place(n: int, round_: int, seed: str) -> None:
    """Over as many orders as there are items, nobody profits from standing first, or anywhere."""
    orders = [permuted(range(n), round_ * n + turn, seed, lambda _: False) for turn in range(n)]
    assert all(sorted(place) == list(range(n)) for place in zip(*orders, strict=True))


@settings(max_examples=scaled(2_000, least=200))
@given(stays=st.lists(st.booleans(), max_size=9), order=st.integers(0, ORDERS - 1), seed=st.text(max_size=5))
def test_what_is_fixed_stays(stays: list[bool], order: int, seed: str) -> None:
    """Fixed items keep their very places; the others are all still there."""
    found = permuted(range(len(stays)), order, seed, stays.__getitem__)
    assert sorted(found) == list(range(len(stays)))
    assert all(found[place] == place for place, stay in enumerate(stays) if stay)


def test_rounds_differ() -> None:
    """A further round turns another order, so that neighbours are not always the same."""
    firsts = {permuted(LETTERS, turn * len(LETTERS), "s", lambda _: False) for turn in range(20)}
    assert len(firsts) > 15


def test_an_order_can_be_shown_again() -> None:
    """Pinned: a later version of this code must show the same orders, or answers given earlier lose theirs."""
    asked = read(single(shuffled=True))
    assert [codes(asked, order) for order in (0, 1, 7)] == [[4, 1, 6, 3, 2, 5], [1, 6, 3, 2, 5, 4], [6, 3, 5, 1, 2, 4]]


def test_only_what_is_shuffled_moves() -> None:
    """A document without shuffles is met as it is written, in every order."""
    asked = read(single(), rating())
    assert not asked.is_shuffled
    assert arranged(asked, 3) is asked
    shuffled = read(single(shuffled=True), rating())
    assert arranged(shuffled, None) is shuffled
    assert arranged(shuffled, 3).questions[1] == asked.questions[1]
    assert arranged(shuffled, 3) is arranged(shuffled, 3)


def test_the_order_follows_from_the_key_of_the_form() -> None:
    """Each of the sixteen orders is met by one key in sixteen; nothing shuffled means no order."""
    asked = read(single(shuffled=True))
    assert [order_of(asked, bytes([first, 9])) for first in range(256)] == [*range(ORDERS)] * 16
    assert order_of(asked, b"") is None
    assert order_of(read(single()), bytes(16)) is None


def test_a_seed_makes_two_documents_alike() -> None:
    """Two documents with one seed show one order; without it each has its own."""
    more = {"title": {"en": "Other"}}
    one, other = read(single(shuffled=True), seed=7), read(single(shuffled=True), seed=7, **more)
    assert [codes(one, order) for order in range(ORDERS)] == [codes(other, order) for order in range(ORDERS)]
    one, other = read(single(shuffled=True)), read(single(shuffled=True), **more)
    assert [codes(one, order) for order in range(ORDERS)] != [codes(other, order) for order in range(ORDERS)]


@pytest.mark.parametrize("mark", [{"fixed": True}, {"exclusive": True}, {"missing": "dont_know"}])
def test_choices_that_stay(mark: dict[str, Any]) -> None:
    """ "None of these" and "don't know" stay where people look for them."""
    choices = [*CHOICES[:4], {**CHOICES[4], **mark}]
    asked = read(single(type="multiple", shuffled=True, choices=choices))
    assert {codes(asked, order)[4] for order in range(ORDERS)} == {5}
    assert len({tuple(codes(asked, order)) for order in range(ORDERS)}) > 8


def test_rows_questions_and_sections_move() -> None:
    """Each kind of shuffle moves its own parts and leaves fixed ones in place."""
    rows = [{"variable": f"r{number}", "text": {"en": "?"}, "fixed": number == 2} for number in range(3)]
    matrix = {"type": "matrix", "variable": "m", "text": {"en": "?"}, "choices": CHOICES, "rows": rows}
    asked = read(single("a"), single("b", fixed=True), single("c"), {**matrix, "shuffled_rows": True})
    section = {"questions": [single("d")]}
    document = questionnaire(
        sections=[
            {"questions": [single("a"), single("b", fixed=True), single("c")], "shuffled": True, "fixed": True},
            section,
            {"questions": [{**matrix, "shuffled_rows": True}]},
        ],
        shuffled_sections=True,
    )
    asked = read_questionnaire(document)
    met = {tuple(names(asked, order)) for order in range(ORDERS)}
    assert met == {(*start, *end) for start in ("abc", "cba") for end in ("dm", "md")}
    leaves = {tuple(leaf.variable for leaf in arranged(asked, order).listed["m"].leaves()) for order in range(ORDERS)}
    assert leaves == {("r0", "r1", "r2"), ("r1", "r0", "r2")}


def test_two_questions_are_shuffled_each_by_itself() -> None:
    """The same choices under two questions do not stand in the same order."""
    asked = read(single("a", shuffled=True), single("b", shuffled=True))
    met = [[one.choices for one in arranged(asked, order).questions] for order in range(ORDERS)]  # type: ignore[union-attr]
    assert any(first != second for first, second in met)


def test_no_order_changes_what_answers_mean() -> None:
    """Whatever is shuffled, the same form gives the same answers, reasons for none and faults in all sixteen orders."""
    rng, n, n_moved = random.Random(20260701), scaled(4_000, least=200), 0
    for _ in range(n):
        asked = random_questionnaire(rng, shuffled=True)
        assert {arranged(asked, order).deferred for order in range(ORDERS)} == {asked.deferred}
        n_moved += any(names(asked, order) != names(asked, None) for order in range(ORDERS))
        for form in [random_form(rng, asked) for _ in range(2)]:
            written = replay(asked, form, today=date(2026, 7, 1))
            for order in range(ORDERS):
                met = replay(arranged(asked, order), form, today=date(2026, 7, 1))
                assert (met.answers, met.texts, met.missing) == (written.answers, written.texts, written.missing)
                assert (met.faults, met.has_declined) == (written.faults, written.has_declined)
                assert sorted(met.shown) == sorted(written.shown)
    assert n_moved > n / 5


@pytest.mark.parametrize(
    "sections",
    [
        [{"shuffled": True, "questions": [single("a", end_if="${a} = 1"), single("b")]}],
        [{"shuffled": True, "questions": [single("a"), single("b", end_if="${b} = 1", fixed=True), single("c")]}],
        [{"questions": [single("a", end_if="${a} = 1")]}, {"questions": [single("b")]}],
    ],
    ids=["question", "fixed between", "section"],
)
def test_an_end_cannot_stand_among_what_is_shuffled(sections: list[dict[str, Any]]) -> None:
    """Who is asked what must not depend on the order that chance gave."""
    with pytest.raises(QuestionnaireError, match="may end the survey"):
        read(sections=sections, shuffled_sections=len(sections) > 1)


def test_an_end_may_stand_before_or_after_what_is_shuffled() -> None:
    """There it cuts off the same questions in every order."""
    last = single("z", end_if="${z} = 1", fixed=True)
    first = {"questions": [single("a", end_if="${a} = 1"), wish()], "fixed": True}
    read(sections=[first, {"shuffled": True, "questions": [single("b"), single("c"), last]}], shuffled_sections=True)
