"""Conditions: picked in rows, typed as text, checked at their place, also while somebody types."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browser_forms import form_with, press
from desk_city import DRAFT
from desk_pages import StrictClient
from every_type import every_type
from portal.db import Installation
from portal.desk.designer.loose import loosely
from portal.desk.designer.picks import ALL, ANY, RELATIONS, Decided, Pick, Picks, decided, picks_of, written
from random_conditions import Known, random_condition
from scale import scaled
from survey import drafts
from survey.editing import question_of
from survey.logic import parse

BASE = f"/desk/questionnaires/drafts/{DRAFT}"
KNOWN = loosely(every_type()).by_variable


def fields_of(picks: Picks, name: str, n_rows: int) -> dict[str, str]:
    """The rows as the fields that a form sends, with empty ones behind them."""
    rows = [*picks.rows, *(Pick() for _ in range(max(0, n_rows - len(picks.rows))))]
    found = {f"{name}-join": picks.join}
    for number, row in enumerate(rows):
        parts = {"variable": row.variable, "relation": row.relation, "value": row.value}
        found |= {f"{name}-{number}-{part}": value for part, value in parts.items()}
    return found


@pytest.fixture
def designer(log_in: Callable[[str], StrictClient]) -> StrictClient:
    return log_in("designer")


def condition_of(place: Installation, variable: str, part: str = "show_if") -> Any:
    with place.database.read() as connection:
        return question_of(drafts.load_draft(connection, DRAFT).document, variable).get(part)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (Pick("overall", "is", "3"), "${overall} = 3"),
        (Pick("overall", "is_not", "3"), "${overall} != 3"),
        (Pick("overall", "least", "3"), "${overall} >= 3"),
        (Pick("minutes", "more", "2.5"), "${minutes} > 2.5"),
        (Pick("minutes", "less", "-1"), "${minutes} < -1"),
        (Pick("channels", "includes", "2"), "selected(${channels}, 2)"),
        (Pick("channels", "lacks", "2"), "not selected(${channels}, 2)"),
        (Pick("channels", "is", "2"), "selected(${channels}, 2)"),
        (Pick("order_of", "is_not", "2"), "not selected(${order_of}, 2)"),
        (Pick("lives", "is", "330102"), "${lives} = '330102'"),
        (Pick("visited", "most", "today()"), "${visited} <= today()"),
        (Pick("visited", "least", "2026-01-31"), "${visited} >= '2026-01-31'"),
        (Pick("wish", "is", "it's"), '${wish} = "it\'s"'),
        (Pick("speed", "answered"), "answered(${speed})"),
        (Pick("speed", "unanswered"), "not answered(${speed})"),
    ],
)
def test_a_row_says_a_condition(row: Pick, text: str) -> None:
    """Each relation in the condition language; places and words as texts, codes and numbers as numbers."""
    assert written(Picks(ALL, (row,)), KNOWN) == text
    parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "${overall} >= 3 and answered(${speed}) and selected(${channels}, 1)",
        "${overall} = 1 or ${overall} = 2",
        "not selected(${channels}, 1)",
        "${lives} = '330102'",
        "${visited} < today()",
    ],
)
def test_text_that_fits_is_shown_as_rows(text: str) -> None:
    """And the rows say the same text again."""
    found = picks_of(text, KNOWN)
    assert found is not None
    assert written(found, KNOWN) == text


@pytest.mark.parametrize(
    "text",
    [
        "${overall} = ${speed}",
        "${overall} >= 3 and (${speed} = 1 or ${manner} = 1)",
        "not (${overall} = 3)",
        "${minutes} + 1 > 3",
        "count-selected(${channels}) > 1",
        "${overall} = '3'",
        "${wish} = ' '",
        "${overall} = ",
        " and ".join(["${overall} = 1"] * 7),
    ],
)
def test_text_that_does_not_fit_stays_text(text: str) -> None:
    """Rows that would say something else are not shown."""
    assert picks_of(text, KNOWN) is None


@settings(max_examples=scaled(6000, least=200))
@given(seed=st.integers(0, 2**32))
def test_rows_never_say_something_else(seed: int) -> None:
    """Whatever condition is shown as rows, what the rows say has the very same meaning."""
    rng, known = random.Random(seed), Known()
    known.codes |= {"overall": [1, 2, 3, 4, 5], "first_visit": [1, 2]}
    known.sets["channels"] = [1, 2, 3, 8]
    known.numbers.append("minutes")
    known.texts.append("wish")
    known.dates.append("visited")
    text = random_condition(rng, known)
    found = picks_of(text, KNOWN)
    if found is not None:
        assert parse(written(found, KNOWN)) == parse(text)


@given(
    join=st.sampled_from([ALL, ANY]),
    rows=st.lists(
        st.builds(Pick, st.sampled_from(sorted(KNOWN)), st.sampled_from(RELATIONS), st.sampled_from(["1", "2", "2.5"])),
        max_size=6,
    ),
)
def test_what_is_picked_is_decided(join: str, rows: list[Pick]) -> None:
    """Rows on an empty form make the condition; the same form sent again, its text as it was, changes nothing."""
    picks = Picks(join, tuple(rows))
    sent = {**fields_of(picks, "show_if", 6), "show_if": "", "show_if-was": ""}
    first = decided(sent, "show_if", KNOWN)
    assert first == Decided(written(picks, KNOWN))
    shown = picks_of(first.text, KNOWN)
    assert shown is not None
    again = {**fields_of(shown, "show_if", 6), "show_if": first.text, "show_if-was": first.text}
    assert decided(again, "show_if", KNOWN) == first


@pytest.mark.parametrize(
    ("rows", "text", "was", "expected"),
    [
        ([Pick("overall", "is", "1")], "", "", Decided("${overall} = 1")),
        ([], "", "${overall} = 1", Decided("")),
        ([Pick("overall", "is", "2")], "${overall} = 1", "${overall} = 1", Decided("${overall} = 2")),
        ([Pick("overall", "is", "1")], "${overall} = 4", "${overall} = 1", Decided("${overall} = 4")),
        ([Pick("overall", "is", "2")], "${overall} = 2", "${overall} = 1", Decided("${overall} = 2")),
        ([Pick("overall", "is", "2")], "${overall} = 4", "${overall} = 1", Decided("${overall} = 4", "both")),
        ([Pick("overall", "is", "")], "", "", Decided("", "value")),
        ([Pick("", "is", "1")], "", "", Decided("", "question")),
        ([Pick("overall", "is", "good")], "", "", Decided("", "number")),
        ([Pick("wish", "is", "'\"")], "", "", Decided("", "quotes")),
        ([], "${overall} = ${speed}", "${overall} = ${speed}", Decided("${overall} = ${speed}")),
    ],
)
def test_rows_and_text_together(rows: list[Pick], text: str, was: str, expected: Decided) -> None:
    """What was changed counts; where both were and differ, nobody guesses."""
    sent = {**fields_of(Picks(ALL, tuple(rows)), "show_if", 2), "show_if": text, "show_if-was": was}
    assert decided(sent, "show_if", KNOWN) == expected


def test_a_condition_is_picked_without_a_script(designer: StrictClient, place: Installation) -> None:
    """First the question, then “show choices”, then the choice by its words; saved, it is shown in words."""
    address = f"{BASE}/questions/minutes"
    page = designer.get(address).text
    form = form_with(page, "show_if-was")
    first = {"show_if-0-variable": "overall", "show_if-0-relation": "most", "text-en": "Typed"}
    page = press(designer, address, page, form, first, button={"name": "do", "value": "choices"}).text
    assert '<option value="2">2 · Poor</option>' in page
    assert condition_of(place, "minutes") is None
    second = {"show_if-0-value": "2", "show_if-1-variable": "channels", "show_if-1-value": "1", "show_if-join": "any"}
    answer = press(designer, address, page, form_with(page, "show_if-was"), second)
    assert answer.status_code == 303
    assert condition_of(place, "minutes") == "${overall} <= 2 or selected(${channels}, 1)"
    words = "Asked only if “How satisfied were you?” is at most “Poor” (2) or “Which channels did you use?” includes"
    assert words in designer.get(BASE).text


def test_picked_rows_become_no_rows(designer: StrictClient, place: Installation) -> None:
    """Emptied rows take the condition away; six are the most that are shown."""
    address = f"{BASE}/questions/channels"
    page = designer.get(address).text
    emptied = {f"show_if-{number}-{part}": "" for number in range(2) for part in ("variable", "value")}
    press(designer, address, page, form_with(page, "show_if-was"), emptied)
    assert condition_of(place, "channels") is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"show_if-0-variable": "overall", "show_if-0-value": ""}, "A picked row lacks its value."),
        ({"show_if-0-variable": "overall", "show_if-0-value": "well"}, "compares with a number"),
        ({"show_if-0-variable": "", "show_if-0-value": "3"}, "A picked row lacks its question."),
        ({"show_if-0-variable": "wish", "show_if-0-value": "3"}, "wish is asked here or later"),
    ],
)
def test_wrong_rows_keep_what_was_picked(designer: StrictClient, typed: dict[str, str], words: str) -> None:
    """The fault is told and the rows stand as they were."""
    address = f"{BASE}/questions/minutes"
    page = designer.get(address).text
    answer = press(designer, address, page, form_with(page, "show_if-was"), typed)
    assert words in answer.text
    sent = dict(form_with(answer.text, "show_if-was").fields)
    assert {name: sent[name] for name in typed} == typed


def test_an_end_can_read_its_own_question(designer: StrictClient, place: Installation) -> None:
    """Under “More”: picked like any condition, the question itself among the others."""
    address = f"{BASE}/questions/first_visit"
    page = designer.get(address).text
    typed = {"end_if-0-variable": "first_visit", "end_if-0-relation": "is", "end_if-0-value": "2"}
    assert press(designer, address, page, form_with(page, "show_if-was"), typed).status_code == 303
    assert condition_of(place, "first_visit", "end_if") == "${first_visit} = 2"


def test_a_section_has_a_condition(designer: StrictClient, place: Installation) -> None:
    """The same rows and text; it reads what earlier sections ask."""
    address = f"{BASE}/sections/1"
    page = designer.get(address).text
    typed = {"show_if-1-variable": "speed", "show_if-1-relation": "answered", "title-en": "Other"}
    assert press(designer, address, page, form_with(page, "show_if-was"), typed).status_code == 303
    with place.database.read() as connection:
        section = drafts.load_draft(connection, DRAFT).document["sections"][1]
    assert section["show_if"] == "${overall} >= 1 and answered(${speed})"
    assert section["title"]["en"] == "Other"
    page = designer.get(address).text
    answer = press(designer, address, page, form_with(page, "show_if-was"), {"show_if": "${minutes} > 1"})
    assert "minutes is asked here or later" in answer.text


def ask(designer: StrictClient, place: str, text: str, **more: str) -> Any:
    query = urlencode({"place": place, "name": "show_if", "show_if": text, **more})
    return designer.get(f"{BASE}/condition?{query}", 200).json


@pytest.mark.parametrize(
    ("at", "text", "is_sound", "message", "position"),
    [
        ("question:minutes", "${overall} >= 3", True, "", None),
        ("question:minutes", "", True, "", None),
        ("question:minutes", "${overall} >= 3 annd", False, "It cannot be read from character 17 on: annd", 17),
        ("question:minutes", "${overall} >", False, "Something lacks at its end.", None),
        ("question:minutes", "answered(${overall}) and ${lives} = 'x'", False, "lives is asked here or later", 26),
        ("question:minutes", "${nobody} = 1", False, "No question has the variable nobody.", 1),
        ("question:minutes", "${overall}", False, "A value must be compared", None),
        ("question:minutes", ". = 1", False, "makes no sense here", None),
        ("question:minutes", "${overall} = 1234567890", False, "nine digits", None),
        ("question:minutes", " and ".join(["${overall} = 1"] * 60), False, "It is too long", None),
        ("section:1", "${overall} = 1", True, "", None),
        ("section:0", "${overall} = 1", False, "is asked here or later", 1),
        ("new:1:4", "${minutes} = 1", True, "", None),
        ("new:1:3", "${minutes} = 1", False, "is asked here or later", 1),
    ],
)
def test_the_check_judges_at_the_place(
    designer: StrictClient, at: str, text: str, is_sound: bool, message: str, position: int | None
) -> None:
    """As the server does when the form is saved, with the place of the fault where there is one."""
    found = ask(designer, at, text)
    assert (found["ok"], found["position"]) == (is_sound, position)
    assert message in found["message"]


def test_the_check_tells_the_text_of_rows(designer: StrictClient) -> None:
    """So that a script needs no rules of its own."""
    rows = {"show_if-0-variable": "overall", "show_if-0-relation": "least", "show_if-0-value": "3", "show_if-was": ""}
    assert ask(designer, "question:minutes", "", **rows)["text"] == "${overall} >= 3"
    assert ask(designer, "question:first_visit", ". = 1", name="end_if", end_if=". = 1", reads_itself="y")["ok"]


@pytest.mark.parametrize("at", ["", "question:nobody", "new:1", "section:x", "new:99999:1"])
def test_the_check_refuses_what_is_no_place(designer: StrictClient, at: str) -> None:
    """With an error as every page has it."""
    query = urlencode({"place": at, "show_if": "${overall} = 1"})
    assert designer.get(f"{BASE}/condition?{query}").status_code in (400, 404)


@pytest.mark.parametrize(
    "text", ["(" * 400 + "${overall} = 1" + ")" * 400, "${overall} = 1" + " + 1" * 100, "not " * 249]
)
def test_the_check_survives_what_is_hostile(designer: StrictClient, text: str) -> None:
    """Deep, long or endless: an answer in words, never a failure."""
    assert isinstance(ask(designer, "question:minutes", text)["message"], str)
