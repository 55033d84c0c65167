"""Every type of question as the citizen meets it, without scripts: its fields, its words, and what sending it does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

import question_types as t
from form_page import Field, FormPage
from portal.db import Installation
from survey.storage.tables import response
from town import Town, build_town, codes_on

Fields = list[tuple[str, str, str, str]]
EN = ("en",)


@pytest.fixture
def asking(place: Installation) -> Callable[..., Town]:
    """`asking(question, ...)`: a town whose wave asks these questions, in English alone."""
    return lambda *questions, **more: build_town(place, document=t.document(*questions, **{"languages": EN, **more}))


@pytest.fixture
def everything(place: Installation) -> Town:
    return build_town(place, document=t.document())


def opened(client: FlaskClient, town: Town, lang: str = "en") -> FormPage:
    return FormPage(client.get(f"/q/{town.code}?lang={lang}").text)


def send(client: FlaskClient, town: Town, page: FormPage, lang: str = "en", **changed: Any) -> Any:
    """Send a page as a browser would, with some fields filled in; "__" stands for the dot in a name."""
    form = page.sent() | {name.replace("__", "."): value for name, value in changed.items()}
    return client.post(f"/q/{town.code}?lang={lang}", data=form)


def documents(place: Installation) -> list[dict[str, Any]]:
    with place.database.read() as connection:
        return [json.loads(body) for body in connection.execute(select(response.c.body)).scalars() if body]


def told(fields: list[Field]) -> Fields:
    return [(one.kind, one.given["name"], one.given.get("value", ""), one.label) for one in fields]


WAY = [
    ("1", "At the counter"),
    ("2", "Online"),
    ("3", "By telephone"),
    ("7", "Another way"),
    ("8", "None of these"),
    ("9", "Does not apply"),
]
SHOWN: list[tuple[dict[str, Any], str, Fields]] = [
    (t.CONSENT, "consent", [("radio", "consent", "1", "I agree"), ("radio", "consent", "0", "I do not agree")]),
    (t.STATEMENT, "welcome", []),
    (
        t.SINGLE,
        "way",
        [
            *(("radio", "way", *one) for one in WAY[:4]),
            ("text", "way.say.7", "", "Please say: Another way"),
            *(("radio", "way", *one) for one in WAY[4:]),
        ],
    ),
    (
        t.DROPDOWN,
        "district",
        [
            ("select", "district", "", "Which way was shown?"),
            ("text", "district.say.7", "", "Another way: Please say"),
        ],
    ),
    (
        t.MULTIPLE,
        "ways",
        [
            *(("checkbox", "ways", *one) for one in WAY[:4]),
            ("text", "ways.say.7", "", "Please say: Another way"),
            *(("checkbox", "ways", *one) for one in WAY[4:]),
        ],
    ),
    (
        t.SCALE,
        "effort",
        [*(("radio", "effort", str(n), str(n)) for n in range(11)), ("radio", "effort", "dk", "I don't know")],
    ),
    (
        t.LABELLED,
        "clarity",
        [
            ("radio", "clarity", "1", "1 · Very hard"),
            ("radio", "clarity", "2", "2 · In between"),
            ("radio", "clarity", "3", "3 · Very easy"),
        ],
    ),
    (
        t.NPS,
        "recommend",
        [
            *(("radio", "recommend", str(n), str(n)) for n in range(11)),
            ("radio", "recommend", "dk", "I don't know"),
            ("radio", "recommend", "rf", "I'd rather not say"),
        ],
    ),
    (t.GRID, "paid", [("checkbox", "paid", *one) for one in WAY[:3]]),
    (
        t.RANKING,
        "wishes",
        [
            ("text", "wishes.rank.1", "", "At the counter"),
            ("text", "wishes.rank.2", "", "Online"),
            ("text", "wishes.rank.3", "", "By telephone"),
            ("checkbox", "wishes.missing", "dk", "I don't know"),
        ],
    ),
    (
        t.NUMBER,
        "minutes",
        [
            ("text", "minutes", "", "How long did it take? (required)"),
            ("checkbox", "minutes.missing", "dk", "I don't know"),
        ],
    ),
    (t.DECIMAL, "cost", [("text", "cost", "", "What did it cost?")]),
    (t.DAY, "visited", [("date", "visited", "", "When was it?")]),
    (
        t.MONTH,
        "since",
        [("month", "since", "", "Since which month?"), ("checkbox", "since.missing", "dk", "I don't know")],
    ),
    (t.YEAR, "born", [("text", "born", "", "Year of birth?")]),
    (t.LINE, "mail", [("text", "mail", "", "Your e-mail?")]),
    (
        t.TEXT,
        "wish",
        [("textarea", "wish", "", "What do you wish?"), ("checkbox", "wish.missing", "rf", "I'd rather not say")],
    ),
    (
        t.PLACE,
        "home",
        [("select", "home", "", "Where do you live?"), ("checkbox", "home.missing", "rf", "I'd rather not say")],
    ),
]


@pytest.mark.parametrize(("question", "name", "fields"), SHOWN, ids=[f"{one[0]['type']}-{one[1]}" for one in SHOWN])
def test_each_type_has_its_fields_and_labels(
    client: FlaskClient, asking: Callable[..., Town], question: dict[str, Any], name: str, fields: Fields
) -> None:
    """Every field has the name under which it is read and the words that say what it is for."""
    page = opened(client, asking(question))
    assert told(page.of(name)) == fields
    assert name in page.ids
    assert set(page.described) <= set(page.ids)


@pytest.mark.parametrize("lang", ["zh-Hans", "en", "ar"])
def test_the_whole_page_holds_together(client: FlaskClient, everything: Town, lang: str) -> None:
    """Ids are unique, each field has a label, descriptions exist, and what waits for answers waits in templates."""
    page = opened(client, everything, lang)
    assert len(page.ids) == len(set(page.ids))
    assert set(page.described) <= set(page.ids)
    assert [one.given for one in [*page.fields, *page.waiting] if one.kind != "hidden" and not one.label] == []
    assert page.templates == ["site", "why", "sorry"]
    assert {one.given["value"] for one in page.waiting if one.given["name"] == "seen"} == {"site", "why", "sorry"}
    assert page.named("seen") == []
    assert page.root["lang"] == lang
    assert page.root["dir"] == ("rtl" if lang == "ar" else "ltr")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (t.MULTIPLE, "Choose 2 to 3"),
        ({**t.MULTIPLE, "at_least": None}, "Choose up to 3"),
        ({**t.MULTIPLE, "at_most": None}, "Choose at least 2"),
        ({**t.MULTIPLE, "at_most": 2}, "Choose exactly 2"),
        (t.RANKING, "1 is the most important"),
        (t.NUMBER, "From 0 to 600 minutes"),
        (t.DECIMAL, "At least -5"),
        ({**t.NUMBER, "minimum": None}, "At most 600 minutes"),
        (t.DAY, "From Jan 1, 2026 to today"),
        ({**t.DAY, "earliest": None}, "Not after today"),
        ({**t.MONTH, "earliest": "2025-03-01"}, "Not before 2025-03"),
        (t.MONTH, "Year and month, such as 2026-05"),
        (t.YEAR, "From 1900 to 2026"),
        (t.TEXT, "At most 50 characters"),
    ],
)
def test_limits_are_said_beforehand(
    client: FlaskClient, asking: Callable[..., Town], question: dict[str, Any], words: str
) -> None:
    """Nobody has to break a rule to learn of it."""
    question = {name: value for name, value in question.items() if value is not None}
    assert words in client.get(f"/q/{asking(question).code}?lang=en").text


@pytest.mark.parametrize(
    ("question", "form", "words"),
    [
        (t.SINGLE, {}, "Please choose an answer."),
        (t.SINGLE, {"way": "4"}, "not one of those offered"),
        (t.SINGLE, {"way": "7", "way.say.7": "x" * 201}, "shorten your own words to 200 characters"),
        (t.MULTIPLE, {"ways": ["1"]}, "Please choose at least 2."),
        (t.MULTIPLE, {"ways": ["1", "2", "3", "7"]}, "Please choose at most 3."),
        (t.MULTIPLE, {"ways": ["1", "8"]}, "“None of these” cannot be chosen together"),
        ({**t.MATRIX, "rows": t.MATRIX["rows"][:2]}, {"speed": "1"}, "Please choose an answer."),
        ({**t.RANKING, "required": True}, {}, "Please number at least one choice."),
        (t.RANKING, {"wishes.rank.1": "1", "wishes.rank.2": "1"}, "the same number"),
        (t.RANKING, {"wishes.rank.1": "first"}, "whole numbers: 1, 2, 3"),
        (t.NUMBER, {}, "Please answer this question."),
        (t.NUMBER, {"minutes": "1.5"}, "a whole number in digits, such as 12"),
        (t.NUMBER, {"minutes": "601"}, "a number from 0 to 600 minutes."),
        (t.DECIMAL, {"cost": "1.234"}, "at most 2 decimals, such as 12.5"),
        (t.DECIMAL, {"cost": "-6"}, "Please write -5 or more."),
        ({**t.DECIMAL, "minimum": None, "maximum": 9}, {"cost": "10"}, "Please write 9 or less."),
        (t.DAY, {"visited": "2026-02-30"}, "a day of the calendar, such as 2026-05-31"),
        (t.DAY, {"visited": "2999-01-01"}, "a date from Jan 1, 2026 to today"),
        ({**t.DAY, "earliest": None}, {"visited": "2999-01-01"}, "not after today"),
        ({**t.DAY, "latest": None}, {"visited": "1999-01-01"}, "not before Jan 1, 2026"),
        (t.MONTH, {"since": "May"}, "the year and the month, such as 2026-05"),
        (t.YEAR, {"born": "80"}, "the year, such as 2026"),
        (t.LINE, {"mail": "nobody"}, "such as name@example.org"),
        ({**t.LINE, "format": "digits"}, {"mail": "x"}, "Please write digits only."),
        ({**t.LINE, "format": "phone"}, {"mail": "x"}, "Please write a telephone number"),
        (t.TEXT, {"wish": "x" * 51}, "Please shorten this to 50 characters."),
        (t.PLACE, {"home": "e"}, "not one of those offered"),
    ],
)
def test_faults_are_said_in_words(
    client: FlaskClient, asking: Callable[..., Town], question: dict[str, Any], form: dict[str, Any], words: str
) -> None:
    """Each fault says what is wrong and what to do, beside its question; a link leads there."""
    town = asking({name: value for name, value in question.items() if value is not None}, t.STATEMENT)
    page = opened(client, town)
    again = client.post(f"/q/{town.code}?lang=en", data=page.sent() | form)
    assert again.status_code == 422
    assert words in again.text
    name = "advice" if question["type"] == "matrix" else question["variable"]
    assert f'<a href="#{name}">' in again.text
    assert name in FormPage(again.text).ids


ALL_GOOD: dict[str, Any] = {
    "consent": "1",
    "way": "7",
    "way__say__7": "by boat",
    "district": "3",
    "q_overall": "4",
    "ways": ["1", "2"],
    "effort": "10",
    "clarity": "2",
    "recommend": "rf",
    "speed": "1",
    "advice": "9",
    "asked": ["1", "3"],
    "wishes__rank__2": "1",
    "wishes__rank__3": "2",
    "minutes": "35",
    "cost": "12.50",
    "visited": "2026-03-01",
    "since__missing": "dk",
    "born": "1980",
    "mail": "a@b.example",
    "wish": "一条长凳",
    "home": "e2a",
}


def test_every_type_is_recorded(place: Installation, client: FlaskClient, everything: Town) -> None:
    """One form with every type becomes one response; the closing words stand on the receipt."""
    done = send(client, everything, opened(client, everything), **ALL_GOOD)
    assert len(codes_on(done.text)) == 2
    assert "Thank you for trying." in done.text
    (document,) = documents(place)
    assert document["answers"] == {
        "consent": 1,
        "way": 7,
        "district": 3,
        "q_overall": 4,
        "ways": [1, 2],
        "effort": 10,
        "clarity": 2,
        "speed": 1,
        "asked": [1, 3],
        "wishes": [2, 3],
        "minutes": 35,
        "cost": "12.5",
        "visited": "2026-03-01",
        "born": "1980",
        "home": "e2a",
    }
    assert document["texts"] == {"way.say.7": "by boat", "mail": "a@b.example", "wish": "一条长凳"}
    assert document["missing"]["since"] == "dont_know"
    assert document["missing"]["site"] == document["missing"]["why"] == "not_asked"


def test_who_declines_is_not_recorded(place: Installation, client: FlaskClient, everything: Town) -> None:
    """Consent refused: a page that says so, and not one row."""
    done = send(client, everything, opened(client, everything), **{**ALL_GOOD, "consent": "0"})
    assert (done.status_code, "Nothing was recorded" in done.text) == (200, True)
    assert documents(place) == []


def test_places_stand_under_those_above_them(client: FlaskClient, asking: Callable[..., Town]) -> None:
    """Groups are named by the whole way down; a place that only groups others cannot be chosen."""
    town = asking(t.PLACE)
    text = client.get(f"/q/{town.code}?lang=en").text
    (field, _) = FormPage(text).of("home")
    assert field.options == [("", "Please choose"), ("na", "Abroad"), ("e1", "Lake"), ("e2a", "Bridge")]
    assert '<optgroup label="East">' in text
    assert '<optgroup label="East / Old town">' in text


@pytest.mark.parametrize(
    ("question", "modes"),
    [
        (t.NUMBER, ["numeric", None]),
        ({**t.DECIMAL, "minimum": 0}, ["decimal"]),
        (t.DECIMAL, [None]),
        (t.RANKING, ["numeric", "numeric", "numeric", None]),
        (t.YEAR, ["numeric"]),
        (t.LINE, ["email"]),
        ({**t.LINE, "format": "phone"}, ["tel"]),
        ({**t.LINE, "format": "digits"}, ["numeric"]),
    ],
)
def test_a_phone_offers_the_right_keys(
    client: FlaskClient, asking: Callable[..., Town], question: dict[str, Any], modes: list[str | None]
) -> None:
    """Digits where digits are wanted, but the full keyboard where a minus is needed, since digits alone lack it."""
    page = opened(client, asking(question))
    assert [one.given.get("inputmode") for one in page.of(question["variable"])] == modes


def test_nothing_is_cut_while_typing(client: FlaskClient, everything: Town) -> None:
    """No field of a question has a maximum length: what is too long comes back whole, with a word about it."""
    page = opened(client, everything)
    assert [one.given["name"] for one in page.fields if "maxlength" in one.given] == ["own"]
