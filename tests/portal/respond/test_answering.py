"""What a citizen meets: answering, double taps, changed minds, and everything that can go wrong on the way."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

import portal.demo
import question_types
from portal.app import create_app
from portal.db import Installation
from survey.fielding import close_wave
from survey.intake import invite
from survey.points import code_for, revoke_point
from survey.storage.tables import log_pending, response, wave
from town import Clock, Town, answer, build_town, codes_on, questionnaire, rating, token_on

FIRST_PAGE_BUDGET = 14_336
FOLLOW_UP = {
    "type": "text",
    "variable": "why",
    "text": {"zh-Hans": "为什么？", "en": "Why?"},
    "show_if": "${q_overall} <= 2",
    "max_length": 20,
}


def count(place: Installation, state: str = "recorded") -> int:
    with place.database.read() as connection:
        query = select(func.count()).select_from(response).where(response.c.state == state)
        return connection.execute(query).scalar_one()


@pytest.fixture
def asking_why(place: Installation) -> Town:
    return build_town(place, document=questionnaire(rating(), FOLLOW_UP))


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_the_first_page_fits_the_first_tcp_window(client: FlaskClient, town: Town, lang: str) -> None:
    """One response of at most 14,336 bytes with its headers, no cookie, no further request, no script needed."""
    page = client.get(f"/q/{town.code}?lang={lang}", headers={"Accept-Encoding": "gzip"})
    headers = sum(len(name) + len(value) + 4 for name, value in page.headers)
    assert page.status_code == 200
    assert len(page.data) + headers <= FIRST_PAGE_BUDGET
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers["Vary"]
    text = gzip.decompress(page.data).decode()
    assert f'lang="{lang}"' in text
    assert not any(tag in text for tag in ("<script", "<link", "<img", "<iframe", "@import", "url("))


@pytest.mark.parametrize("name", ["demo", "every type"])
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_the_first_page_of_a_longer_questionnaire_fits_too(
    place: Installation, client: FlaskClient, name: str, lang: str
) -> None:
    """The demo city's questionnaire, and one with each type of question, each with what scripts they use."""
    demo = Path(portal.demo.__file__).with_name("questionnaire.json").read_text(encoding="utf-8")
    town = build_town(place, document=json.loads(demo) if name == "demo" else question_types.document())
    page = client.get(f"/q/{town.code}?lang={lang}", headers={"Accept-Encoding": "gzip"})
    headers = sum(len(name) + len(value) + 4 for name, value in page.headers)
    assert len(page.data) + headers <= FIRST_PAGE_BUDGET


def test_compressed_and_plain_page_are_the_same(client: FlaskClient, town: Town, clock: Clock) -> None:
    """The spliced gzip stream says exactly what the plain page says, but for its token."""
    plain = client.get(f"/q/{town.code}").text
    spliced = gzip.decompress(client.get(f"/q/{town.code}", headers={"Accept-Encoding": "gzip"}).data).decode()
    assert spliced.replace(token_on(spliced), "") == plain.replace(token_on(plain), "")


def test_place_names_are_escaped(place: Installation, client: FlaskClient, town: Town) -> None:
    """A unit's name is text, whatever somebody typed at the desk."""
    with place.database.write() as connection:
        from survey.storage.tables import point

        connection.execute(update(point).values(title='{"en":"<b>W & 1</b>"}'))
    assert "&lt;b&gt;W &amp; 1&lt;/b&gt;" in client.get(f"/q/{town.code}").text


def test_a_double_tap_is_one_response_with_one_receipt(place: Installation, client: FlaskClient, town: Town) -> None:
    """Sent twice, it is recorded once, and both pages show the same codes."""
    page = client.get(f"/q/{town.code}").text
    form = {"token": token_on(page), "q_overall": "5", "seen": "q_overall"}
    first, second = (client.post(f"/q/{town.code}?lang=en", data=form) for _ in range(2))
    assert codes_on(first.text) == codes_on(second.text)
    assert "It counts once" in second.text
    assert count(place) == 1


def test_other_answers_on_the_same_form_are_asked_about(place: Installation, client: FlaskClient, town: Town) -> None:
    """Back, another answer, send: the person says whether it is a change or another visit; nothing is lost."""
    page = client.get(f"/q/{town.code}").text
    form = {"token": token_on(page), "q_overall": "5", "seen": "q_overall"}
    client.post(f"/q/{town.code}", data=form)
    asked = client.post(f"/q/{town.code}", data={**form, "q_overall": "1"})
    assert asked.status_code == 409
    assert count(place) == 1
    decided = {**form, "q_overall": "1", "token": token_on(asked.text), "earlier": form["token"]}
    changed = client.post(f"/q/{town.code}", data={**decided, "decision": "change"})
    assert changed.status_code == 200
    assert (count(place), count(place, "superseded")) == (1, 1)


def test_another_visit_on_the_same_form_counts_too(place: Installation, client: FlaskClient, town: Town) -> None:
    """The other choice: both answers are recorded."""
    page = client.get(f"/q/{town.code}").text
    form = {"token": token_on(page), "q_overall": "5", "seen": "q_overall"}
    client.post(f"/q/{town.code}", data=form)
    asked = client.post(f"/q/{town.code}", data={**form, "q_overall": "1"})
    decided = {**form, "q_overall": "1", "token": token_on(asked.text), "earlier": form["token"], "decision": "new"}
    assert client.post(f"/q/{town.code}", data=decided).status_code == 200
    assert count(place) == 2


def test_conditions_are_replayed_on_the_server(place: Installation, client: FlaskClient, asking_why: Town) -> None:
    """A question that follows from an answer is asked before anything is recorded; off the path it is dropped."""
    shown = answer(client, asking_why.code, 1)
    assert shown.status_code == 200
    assert 'name="why"' in shown.text
    assert count(place) == 0
    form = {"token": token_on(shown.text), "q_overall": "1", "why": "等了两个小时", "seen": ["q_overall", "why"]}
    assert client.post(f"/q/{asking_why.code}", data=form).status_code == 200
    off_path = answer(client, asking_why.code, 5, why="not on the path")
    assert off_path.status_code == 200
    with place.database.read() as connection:
        bodies = list(connection.execute(select(response.c.body)).scalars())
    assert sum("等了两个小时" in body for body in bodies) == 1
    assert not any("not on the path" in body for body in bodies)


def test_a_further_question_is_linked(client: FlaskClient, asking_why: Town) -> None:
    """Who is asked one more question is told that nothing was sent, and led to it."""
    page = client.get(f"/q/{asking_why.code}?lang=en").text
    shown = client.post(f"/q/{asking_why.code}?lang=en", data={"token": token_on(page), "q_overall": "1"})
    assert "Not sent yet" in shown.text
    assert '<a href="#why">' in shown.text


def test_a_receipt_keeps_its_reader(client: FlaskClient, town: Town) -> None:
    """A receipt is seen once: no link of its header would leave it for a page in another language."""
    page = client.get(f"/q/{town.code}?lang=en").text
    assert "hreflang" in page
    receipt = client.post(f"/q/{town.code}?lang=en", data={"token": token_on(page), "q_overall": "5"}).text
    assert "Your answer is recorded" in receipt
    assert "hreflang" not in receipt


def test_a_mark_of_ones_own_is_asked_for_at_the_check(client: FlaskClient, town: Town) -> None:
    """The receipt's link to the check does not say "unknown" to who added a mark: it asks for the mark."""
    page = client.get(f"/q/{town.code}?lang=en").text
    form = {"token": token_on(page), "q_overall": "5", "own": "blue 7"}
    receipt = client.post(f"/q/{town.code}?lang=en", data=form).text
    assert "blue 7" not in receipt
    (link,) = re.findall(r'href="(/verify[^"]*receipt=[^"]*)"', receipt)
    asked = client.get(unescape(link)).text
    assert "Type it in too, then check." in asked
    assert "No entry has this receipt code" not in asked
    code = codes_on(receipt)[0]
    assert "Recorded." in client.post("/verify?lang=en", data={"receipt": code, "own": "blue 7"}).text


def test_faults_keep_everything_that_was_typed(client: FlaskClient, asking_why: Town) -> None:
    """A text that is too long comes back whole, with what to do, and the other answers stay chosen."""
    page = client.get(f"/q/{asking_why.code}").text
    form = {"token": token_on(page), "q_overall": "2", "why": "很" * 30, "seen": ["q_overall", "why"]}
    again = client.post(f"/q/{asking_why.code}?lang=en", data=form)
    assert again.status_code == 422
    assert "很" * 30 in again.text
    assert "shorten this to 20 characters" in again.text
    assert 'value="2" checked' in again.text


@pytest.mark.parametrize("value", ["", "9", "5; drop table", "٥"])
def test_an_answer_that_is_not_offered_is_refused(
    place: Installation, client: FlaskClient, town: Town, value: str
) -> None:
    """Required and empty, out of range, or not a plain digit: asked again, nothing recorded."""
    page = client.get(f"/q/{town.code}").text
    form = {"token": token_on(page), "q_overall": value, "seen": "q_overall"}
    assert client.post(f"/q/{town.code}", data=form).status_code == 422
    assert count(place) == 0


def test_a_form_that_is_too_old_is_sent_again_without_loss(
    place: Installation, client: FlaskClient, town: Town, clock: Clock
) -> None:
    """After 48 hours the page comes back with the answers still chosen and a fresh token that works."""
    page = client.get(f"/q/{town.code}").text
    clock.advance(hours=49)
    form = {"token": token_on(page), "q_overall": "4", "seen": "q_overall"}
    again = client.post(f"/q/{town.code}", data=form)
    assert again.status_code == 400
    assert 'value="4" checked' in again.text
    form["token"] = token_on(again.text)
    assert client.post(f"/q/{town.code}", data=form).status_code == 200
    assert count(place) == 1


@pytest.mark.parametrize("token", ["", "x", "A" * 51, "é"])
def test_a_forged_token_records_nothing(place: Installation, client: FlaskClient, town: Town, token: str) -> None:
    """A token that was not issued here brings the page back; a token of another point does too."""
    form = {"token": token, "q_overall": "4", "seen": "q_overall"}
    assert client.post(f"/q/{town.code}", data=form).status_code == 400
    other = token_on(client.get(f"/q/{town.codes['land-hall']}").text)
    assert client.post(f"/q/{town.code}", data={**form, "token": other}).status_code == 400
    assert count(place) == 0


def test_codes_that_lead_nowhere_say_why(place: Installation, client: FlaskClient, town: Town) -> None:
    """Edited, unknown and withdrawn codes are told apart, each with what to do next."""
    edited = town.code[:-1] + ("0" if town.code[-1] != "0" else "1")
    assert "changed or misread" in client.get(f"/q/{edited}?lang=en").text
    unknown = client.get(f"/q/{code_for(place.keys, 'ZZZZZZZZ')}?lang=en")
    assert unknown.status_code == 404
    assert "We do not know this code" in unknown.text
    with place.database.write() as connection:
        revoke_point(connection, town.code.replace("-", "")[:8], place.today())
    assert client.get(f"/q/{town.code}?lang=en").status_code == 404


def test_typed_codes_are_read_forgivingly(client: FlaskClient, town: Town) -> None:
    """Lower case, spaces, O for 0 and l for 1 lead to the same page."""
    sloppy = town.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    landed = client.get("/q", query_string={"code": sloppy, "lang": "en"}, follow_redirects=True)
    assert landed.status_code == 200
    assert "Rating of a counter service" in landed.text


def test_a_wave_says_when_it_is_early_or_over(app: Flask, client: FlaskClient, town: Town, clock: Clock) -> None:
    """Before it opens 403, after it closed 410, each in words."""
    clock.advance(days=-2)
    assert "has not opened yet" in client.get(f"/q/{town.code}?lang=en").text
    clock.advance(days=60)
    over = client.get(f"/q/{town.code}?lang=en")
    assert over.status_code == 410
    assert "This survey is over" in over.text


def test_a_page_opened_before_closing_cannot_be_sent_after(
    place: Installation, client: FlaskClient, town: Town
) -> None:
    """The wave's state is looked at in the transaction that records: a closed wave takes nothing."""
    page = client.get(f"/q/{town.code}").text
    with place.database.write() as connection:
        close_wave(connection, town.wave_id, place.now())
    form = {"token": token_on(page), "q_overall": "4", "seen": "q_overall"}
    assert client.post(f"/q/{town.code}", data=form).status_code == 410
    assert count(place) == 0


def test_a_retry_after_closing_shows_the_receipt_again(
    place: Installation, client: FlaskClient, town: Town, clock: Clock
) -> None:
    """Recorded in time, answered too late by a bad connection: the second try is not told that it is over."""
    page = client.get(f"/q/{town.code}").text
    form = {"token": token_on(page), "q_overall": "4", "seen": "q_overall"}
    first = client.post(f"/q/{town.code}", data=form)
    with place.database.write() as connection:
        close_wave(connection, town.wave_id, place.now())
    clock.advance(hours=1)
    again = client.post(f"/q/{town.code}", data=form)
    assert (again.status_code, codes_on(again.text)) == (200, codes_on(first.text))


def test_ten_megabytes_are_refused_in_words(client: FlaskClient, town: Town) -> None:
    """413 with a page that says what to do, and nothing recorded."""
    refused = client.post(f"/q/{town.code}?lang=en", data={"q_overall": "5", "why": "x" * 10_000_000})
    assert refused.status_code == 413
    assert "too much at once" in refused.text


def test_broken_utf8_is_told_and_not_recorded(place: Installation, client: FlaskClient, asking_why: Town) -> None:
    """Bytes that are no text come back as a question, not as nonsense in the data."""
    token = token_on(client.get(f"/q/{asking_why.code}").text)
    body = f"token={token}&q_overall=1&seen=q_overall&seen=why&why=%ff%fe%80".encode()
    again = client.post(f"/q/{asking_why.code}?lang=en", data=body, content_type="application/x-www-form-urlencoded")
    assert again.status_code == 422
    assert "arrived broken" in again.text
    assert count(place) == 0


@pytest.mark.parametrize("path", ["/q/%ff%fe", "/q/..%2f..%2fetc", "/q/" + "A" * 5000])
def test_broken_addresses_are_no_server_errors(client: FlaskClient, town: Town, path: str) -> None:
    """Whatever stands in the address, the answer is a page and never a 500."""
    assert client.get(path).status_code == 404


def test_the_edit_code_replaces_from_a_blank_form(place: Installation, client: FlaskClient, town: Town) -> None:
    """The form opens empty, the new answer counts, the old one is erased, and the old code is spent."""
    edit = codes_on(answer(client, town.code, 1).text)[1]
    blank = client.post("/change", data={"edit": edit.lower(), "action": "correct"})
    assert " checked>" not in blank.text
    form = {"token": token_on(blank.text), "q_overall": "5", "seen": "q_overall", "edit": edit}
    new = client.post(f"/q/{town.code}", data=form)
    assert new.status_code == 200
    assert codes_on(new.text)[1] != edit
    assert (count(place), count(place, "superseded")) == (1, 1)
    with place.database.read() as connection:
        old = connection.execute(select(response).where(response.c.state == "superseded")).one()
    assert (old.body, old.salt, old.edit_hash) == (None, None, None)
    assert client.post("/change", data={"edit": edit, "action": "correct"}).status_code == 404


def test_withdrawing_erases_after_a_confirmation(place: Installation, client: FlaskClient, town: Town) -> None:
    """First a question, then the erasure; a second try finds nothing."""
    edit = codes_on(answer(client, town.code, 1).text)[1]
    sure = client.post("/change", data={"edit": edit, "action": "withdraw"})
    assert sure.status_code == 200
    assert count(place) == 1
    assert client.post("/change/withdraw", data={"edit": edit}).status_code == 200
    assert (count(place), count(place, "withdrawn")) == (0, 1)
    assert client.post("/change/withdraw", data={"edit": edit}).status_code == 404


def test_a_one_time_link_counts_once(place: Installation, client: FlaskClient, town: Town) -> None:
    """The second form through the same link is told so and records nothing; an invented link neither."""
    with place.database.write() as connection:
        invite(connection, place.keys, town.wave_id, ["ABCDEFGHJKMN"])
    assert answer(client, town.code, 5, once="abcd-efgh-jkmn").status_code == 200
    assert answer(client, town.code, 4, once="ABCDEFGHJKMN").status_code == 409
    assert answer(client, town.code, 4, once="MADEUPCODE00").status_code == 409
    assert count(place) == 1


def test_the_link_carries_its_code_into_the_form(client: FlaskClient, town: Town) -> None:
    """Opened with a one-time code, the form sends it along, escaped; through a fault it is kept."""
    page = client.get(f"/q/{town.code}", query_string={"once": 'ABC"><script>'}).text
    assert 'name="once" value="ABC&quot;&gt;&lt;script&gt;"' in page
    form = {"token": token_on(page), "seen": "q_overall", "once": "ABCD"}
    assert 'name="once" value="ABCD"' in client.post(f"/q/{town.code}", data=form).text


def test_no_cookie_is_ever_set_on_the_way(client: FlaskClient, town: Town) -> None:
    """Front page, answer, receipt, change, verify: a phone that refuses cookies notices nothing."""
    pages = [client.get("/"), client.get(f"/q/{town.code}"), answer(client, town.code), client.get("/change")]
    pages.append(client.get("/verify"))
    assert not any("Set-Cookie" in page.headers for page in pages)


def test_nothing_finer_than_the_day_is_kept(place: Installation, client: FlaskClient, town: Town) -> None:
    """Neither address, agent nor time of day stands anywhere near the answer."""
    client.get(f"/q/{town.code}", headers={"User-Agent": "CheapPhone/1.0"})
    answer(client, town.code)
    with place.database.read() as connection:
        rows = [*connection.execute(select(response)), *connection.execute(select(log_pending))]
    text = repr(rows)
    assert "127.0.0.1" not in text
    assert "CheapPhone" not in text
    assert "T02:00" not in text


def test_an_unexpected_error_shows_a_number_and_nothing_else(
    make_place: Callable[..., Installation], clock: Clock
) -> None:
    """A bug is no page of internals: the citizen gets a reference to report."""
    place = make_place()
    town = build_town(place)
    app = create_app(place=place)
    with place.database.write() as connection:
        connection.execute(update(wave).values(plan="not json"))
    page = app.test_client().get(f"/q/{town.code}?lang=en")
    assert page.status_code == 500
    assert "give the number" in page.text
    assert "Traceback" not in page.text
    assert "json" not in page.text.lower()
