"""Forms sent by somebody who means harm: to the next visitor, to the count, or to the server."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.db import Installation
from survey.intake import invite
from survey.storage.tables import response
from town import Town, answer, build_town, codes_on, token_on

LINK = "ABCDEFGHJKMN"


def count(place: Installation) -> int:
    with place.database.read() as connection:
        return connection.execute(select(func.count()).select_from(response)).scalar_one()


@pytest.fixture
def by_link(place: Installation) -> Town:
    """A wave that says of itself that each answer came through a one-time link."""
    town = build_town(place, participation="links")
    with place.database.write() as connection:
        invite(connection, place.keys, town.wave_id, [LINK])
    return town


def test_a_wave_by_links_takes_no_answer_without_one(place: Installation, client: FlaskClient, by_link: Town) -> None:
    """Its releases are ranked and say "by one-time links": whoever only knows the notice must not count."""
    shown = client.get(f"/q/{by_link.code}?lang=en")
    assert shown.status_code == 403
    assert "personal link" in shown.text
    page = client.get(f"/q/{by_link.code}?once={LINK}").text
    form = {"token": token_on(page), "q_overall": "1", "seen": "q_overall"}
    assert client.post(f"/q/{by_link.code}", data=form).status_code == 403
    assert count(place) == 0
    assert client.post(f"/q/{by_link.code}", data={**form, "once": LINK}).status_code == 200
    assert count(place) == 1


def test_an_answer_by_link_is_corrected_without_another(
    place: Installation, client: FlaskClient, by_link: Town
) -> None:
    """The edit code stands for the link that was spent; the wave still holds one answer."""
    page = client.get(f"/q/{by_link.code}?once={LINK}").text
    form = {"token": token_on(page), "q_overall": "1", "seen": "q_overall", "once": LINK}
    edit = codes_on(client.post(f"/q/{by_link.code}", data=form).text)[1]
    blank = client.post("/change", data={"edit": edit})
    again = {"token": token_on(blank.text), "q_overall": "5", "edit": edit}
    assert client.post(f"/q/{by_link.code}", data=again).status_code == 200
    with place.database.read() as connection:
        states = sorted(connection.execute(select(response.c.state)).scalars())
    assert states == ["recorded", "superseded"]


def test_the_link_survives_a_change_of_language(client: FlaskClient, by_link: Town) -> None:
    """Who turns to another language still holds the link."""
    page = client.get(f"/q/{by_link.code}?once={LINK}").text
    assert f'href="/q/{by_link.code}?lang=en&amp;once={LINK}"' in page


def test_one_visitors_odd_address_stays_out_of_the_next_ones_page(client: FlaskClient, town: Town) -> None:
    """Pages are kept for everybody: an unknown language in one address must not break all receipts after it."""
    page = client.get(f"/q/{town.code}?lang=xx").text
    form = {"token": token_on(page), "q_overall": "5", "seen": "q_overall"}
    first = client.post(f"/q/{town.code}?lang=xx", data=form).text
    second = answer(client, town.code).text
    for receipt in (first, second):
        assert f'href="/verify?receipt={codes_on(receipt)[0]}"' in receipt
    assert "?lang=" not in client.get(f"/q/{town.code}").text.partition("<form")[2]


def test_asked_for_languages_are_kept_on_the_way(client: FlaskClient, town: Town) -> None:
    """Form and receipt lead on in the language of the address."""
    page = client.get(f"/q/{town.code}?lang=en").text
    assert f'action="/q/{town.code}?lang=en"' in page
    form = {"token": token_on(page), "q_overall": "5", "seen": "q_overall"}
    receipt = client.post(f"/q/{town.code}?lang=en", data=form).text
    assert f'href="/verify?receipt={codes_on(receipt)[0]}&amp;lang=en"' in receipt


def test_a_changed_form_carries_only_its_own_fields(client: FlaskClient, town: Town) -> None:
    """A post of 256 KB full of made-up fields does not come back as a page of five megabytes."""
    page = client.get(f"/q/{town.code}").text
    form = {"token": token_on(page), "q_overall": "5", "seen": "q_overall"}
    client.post(f"/q/{town.code}", data=form)
    body = "&".join([f"token={form['token']}", "q_overall=1", "own=me", *(f"x{n}=" for n in range(20_000))])
    changed = client.post(f"/q/{town.code}", data=body, content_type="application/x-www-form-urlencoded")
    assert changed.status_code == 409
    assert 'name="q_overall" value="1"' in changed.text
    assert 'name="own" value="me"' in changed.text
    assert len(changed.data) < 20_000
