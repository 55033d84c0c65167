"""Questions that follow from answers: templates, pipes, sections, rows, checks, orders, and other languages."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import question_types as t
from form_page import FormPage
from portal.db import Installation
from survey.order import ORDERS, arranged
from survey.questionnaire import read_questionnaire
from survey.storage.tables import response
from town import Clock, Town, build_town, codes_on, token_on

NAME = {"type": "text", "variable": "name", "lines": 1, "text": t.said("Which office?", "哪个单位？", "أي مكتب؟")}
GREETED = {**t.TEXT, "variable": "greeted", "text": t.said("Was ${name} kind?", "${name}好吗？", "هل ${name} لطيف؟")}
GREETED |= {"hint": t.said("You chose ${ways}.", "选了${ways}。", "اخترت ${ways}.")}
MANY = {**t.MULTIPLE, "at_least": 1}
SHOWN = {"type": "single", "variable": "again", "dropdown": True, "text": t.said("And?", "还有？", "و؟")}
SHOWN |= {"choices": [t.choice(1, "${minutes} again", "再次${minutes}", "${minutes} ثانية"), t.NO]}


@pytest.fixture
def asking(place: Installation) -> Callable[..., Town]:
    """`asking(question, ...)`: a town whose wave asks these questions in three languages."""
    return lambda *questions, **more: build_town(place, document=t.document(*questions, **more))


def documents(place: Installation) -> list[dict[str, Any]]:
    with place.database.read() as connection:
        return [json.loads(body) for body in connection.execute(select(response.c.body)).scalars() if body]


def post(client: FlaskClient, town: Town, form: dict[str, Any], lang: str = "en") -> Any:
    return client.post(f"/q/{town.code}?lang={lang}", data=form)


def opened(client: FlaskClient, town: Town, lang: str = "en") -> dict[str, Any]:
    """What an untouched page would send."""
    return dict(FormPage(client.get(f"/q/{town.code}?lang={lang}").text).sent())


def test_what_is_not_asked_yet_waits_in_templates(client: FlaskClient, asking: Callable[..., Town]) -> None:
    """A browser without scripts neither shows nor sends it; a pipe is a marked ellipsis until it is answered."""
    text = client.get(f"/q/{asking(NAME, MANY, GREETED).code}?lang=en").text
    page = FormPage(text)
    assert page.templates == ["greeted"]
    assert [one.given["name"] for one in page.waiting] == ["greeted", "greeted.missing", "seen"]
    assert 'Was <span data-pipe="name">…</span> kind?' in text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "At the counter, Online"),
        ("zh-Hans", "窗口、网上"),
        ("ar", "عند الشباك، عبر الإنترنت"),
    ],
)
def test_pipes_show_answers_in_the_language_of_the_page(
    client: FlaskClient, asking: Callable[..., Town], lang: str, words: str
) -> None:
    """Several choices are joined as the language joins them; what was typed is text and never markup."""
    town = asking(NAME, MANY, GREETED)
    form = opened(client, town, lang) | {"name": "<b>${ways} & co</b>", "ways": ["2", "1"]}
    again = post(client, town, form, lang).text
    assert f'<span data-pipe="ways">{words}</span>' in again
    assert '<span data-pipe="name">&lt;b&gt;${ways} &amp; co&lt;/b&gt;</span>' in again
    assert "<b>" not in again
    assert "greeted" in FormPage(again).sent()["seen"]


def test_pipes_in_options_are_plain_words(client: FlaskClient, asking: Callable[..., Town]) -> None:
    """An option holds no markup; a number comes with its unit."""
    town = asking(t.NUMBER, SHOWN)
    again = post(client, town, opened(client, town) | {"minutes": "35"})
    (field,) = FormPage(again.text).of("again")
    assert field.options == [("", "Please choose"), ("1", "35 minutes again"), ("2", "No")]


def test_an_answer_left_out_is_an_ellipsis(client: FlaskClient, asking: Callable[..., Town]) -> None:
    """Who did not answer is not told what they said."""
    town = asking(NAME, MANY, GREETED)
    assert 'Was <span data-pipe="name">…</span> kind?' in post(client, town, opened(client, town)).text


def test_a_section_shows_its_heading_with_its_first_question(place: Installation, client: FlaskClient) -> None:
    """A heading never stands over nothing; waiting questions each bring it, and style shows one."""
    town = build_town(place, document=t.document())
    first = client.get(f"/q/{town.code}?lang=en").text
    plain = re.sub(r"<template.*?</template>", "", first, flags=re.S)
    assert (plain.count("What went wrong"), first.count("What went wrong")) == (0, 2)
    form = opened(client, town) | {"consent": "1", "way": "1", "q_overall": "2", "ways": ["8"], "minutes": "1"}
    asked = post(client, town, form | {"speed": "1", "advice": "1"}).text
    assert (asked.count("What went wrong"), FormPage(asked).templates) == (1, ["site", "sorry"])


def test_a_row_is_asked_before_anything_is_recorded(
    place: Installation, client: FlaskClient, asking: Callable[..., Town]
) -> None:
    """A matrix is on the page at once; a row that follows from an answer is asked in a second round."""
    town = asking({**t.SINGLE, "required": False}, {**t.MATRIX, "required": False})
    first = opened(client, town) | {"way": "2", "speed": "1"}
    back = post(client, town, first)
    assert "Not sent yet" in back.text
    assert '<a href="#site">' in back.text
    assert documents(place) == []
    form = FormPage(back.text).sent() | {"site": "3"}
    assert len(codes_on(post(client, town, form).text)) == 2
    assert documents(place)[0]["answers"] == {"way": 2, "speed": 1, "site": 3}
    second = opened(client, town) | {"way": "1", "speed": "1"}
    assert len(codes_on(post(client, town, second).text)) == 2


def test_a_doubt_is_asked_beside_its_question_once(
    place: Installation, client: FlaskClient, asking: Callable[..., Town]
) -> None:
    """An unlikely answer comes back with its question; sent again it is recorded, and so it is said."""
    town = asking(t.NUMBER)
    back = post(client, town, opened(client, town) | {"minutes": "300"})
    assert back.status_code == 200
    assert "Is this really more than 100?" in back.text
    assert '<a href="#minutes">' in back.text
    assert documents(place) == []
    form = FormPage(back.text).sent()
    assert len(codes_on(post(client, town, form).text)) == 2
    assert documents(place)[0]["confirmed"] == ["minutes.0"]


def test_another_doubtful_answer_is_asked_about_again(client: FlaskClient, asking: Callable[..., Town]) -> None:
    """The confirmation of 300 says nothing about 400; changed to a likely answer it is taken at once."""
    town = asking(t.NUMBER)
    form = FormPage(post(client, town, opened(client, town) | {"minutes": "300"}).text).sent()
    changed = post(client, town, form | {"minutes": "400"})
    assert "Is this really more than 100?" in changed.text
    assert len(codes_on(post(client, town, FormPage(changed.text).sent() | {"minutes": "40"}).text)) == 2


def test_a_confirmed_doubt_stays_confirmed_through_a_fault(client: FlaskClient, asking: Callable[..., Town]) -> None:
    """Nobody is asked twice about the same answer because another one is at fault."""
    town = asking(t.NUMBER, t.SINGLE)
    fault = post(client, town, opened(client, town) | {"minutes": "300"})
    assert fault.status_code == 422
    assert len(codes_on(post(client, town, FormPage(fault.text).sent() | {"way": "1"}).text)) == 2


def test_a_hard_check_speaks_in_its_own_words(client: FlaskClient, asking: Callable[..., Town]) -> None:
    """The designer's words stand beside the question."""
    town = asking({**t.DAY, "variable": "before"}, {**t.DAY, "checks": [t.NOT_LATER]})
    form = opened(client, town, "zh-Hans") | {"before": "2026-03-01", "visited": "2026-03-02"}
    back = post(client, town, form, "zh-Hans")
    assert back.status_code == 422
    assert "不能晚于办理日期。" in back.text


# --- orders ---------------------------------------------------------------------------------------------------------

PLAIN = {**t.MULTIPLE, "at_least": 1}
SHUFFLED = t.document(*({**one, "shuffled": True} for one in (t.SINGLE, PLAIN, {**t.GRID, "shuffled_rows": True})))


def order_on(page: str) -> list[str]:
    """The fields in the order in which they stand."""
    return [one.given["name"] + one.given.get("value", "") for one in FormPage(page).fields if one.kind != "hidden"]


@pytest.fixture
def shuffled(place: Installation) -> Town:
    return build_town(place, document=SHUFFLED)


def test_a_response_says_in_which_order_it_was_met(place: Installation, client: FlaskClient, shuffled: Town) -> None:
    """Through a fault, and when other answers are sent on the same form: the order shown is the order recorded."""
    read, known = read_questionnaire(SHUFFLED), Counter[int]()
    for _ in range(12):
        text = client.get(f"/q/{shuffled.code}").text
        first = order_on(text)
        fault = post(client, shuffled, FormPage(text).sent())
        assert (fault.status_code, order_on(fault.text)) == (422, first)
        good = FormPage(fault.text).sent() | {"way": "1"}
        assert len(codes_on(post(client, shuffled, good).text)) == 2
        other = FormPage(post(client, shuffled, good | {"way": "2"}).text).sent() | {"decision": "new"}
        assert len(codes_on(post(client, shuffled, other).text)) == 2
        recorded = Counter(document["order"] for document in documents(place))
        ((order, n),) = (recorded - known).items()
        known = recorded
        question = arranged(read, order).listed["way"]
        assert n == 2
        assert [name for name in first if re.fullmatch(r"way\d", name)] == [f"way{code}" for code in question.by_code]
    assert len(known) > 3


def test_a_form_that_was_too_old_comes_back_in_its_order(client: FlaskClient, shuffled: Town, clock: Clock) -> None:
    """A fresh token would be another order by chance; the answers were given in this one."""
    for _ in range(4):
        text = client.get(f"/q/{shuffled.code}").text
        clock.advance(hours=49)
        old = post(client, shuffled, FormPage(text).sent() | {"way": "1"})
        assert (old.status_code, order_on(old.text)) == (400, order_on(text))


def test_a_forged_token_of_a_shuffled_form_is_answered(client: FlaskClient, shuffled: Town) -> None:
    """Without an order to keep there is one all the same."""
    assert post(client, shuffled, {"token": "", "way": "1"}).status_code == 400


def test_pages_are_kept_once_for_each_order(app: Flask, client: FlaskClient, shuffled: Town) -> None:
    """Sixteen orders are sixteen pages, however many people come."""
    for _ in range(80):
        client.get(f"/q/{shuffled.code}")
    kept = [name for name in app.extensions["minyi_pages"]._kept if name[0] == "ask"]
    assert 8 < len(kept) <= ORDERS


# --- languages ------------------------------------------------------------------------------------------------------


def test_a_language_that_only_the_questionnaire_speaks(
    place: Installation, client: FlaskClient, asking: Callable[..., Town]
) -> None:
    """The page turns round, the portal's own words are marked, links and the recorded language keep it."""
    town = asking(t.SINGLE)
    english = {"Accept-Language": "en"}
    text = client.get(f"/q/{town.code}?lang=ar", headers=english).text
    page = FormPage(text)
    assert (page.root["lang"], page.root["dir"]) == ("ar", "rtl")
    assert '<bdi lang="en" dir="ltr">Send</bdi>' in text
    assert f'action="/q/{town.code}?lang=ar"' in text
    assert re.findall(r'hreflang="([^"]+)"', text) == ["zh-Hans", "en"]
    done = client.post(f"/q/{town.code}?lang=ar", data=page.sent() | {"way": "1"}, headers=english)
    assert "شكرا على التجربة." in done.text
    assert documents(place)[0]["language"] == "ar"


def test_a_page_in_the_portals_own_language_marks_nothing(client: FlaskClient, asking: Callable[..., Town]) -> None:
    """What all the page speaks needs no mark; the other languages are offered by their own names."""
    text = client.get(f"/q/{asking(t.SINGLE).code}?lang=en").text
    assert "<bdi" not in text
    assert re.findall(r'hreflang="[^"]+" lang="[^"]+">([^<]+)<', text) == ["中文", "العربية"]


def test_a_questionnaire_without_the_portals_languages(place: Installation, client: FlaskClient) -> None:
    """It is shown in its own, whatever the browser asks for."""
    town = build_town(place, document=t.document(t.SINGLE, languages=("ar",)))
    page = FormPage(client.get(f"/q/{town.code}?lang=en").text)
    assert (page.root["lang"], page.root["dir"]) == ("ar", "rtl")
    assert token_on(client.get(f"/q/{town.code}").text)
