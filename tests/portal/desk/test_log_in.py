"""The log-in: argon2id, one message, a lock, and no way out of the portal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from desk_city import NOW, PASSWORDS
from desk_pages import StrictClient
from portal.accounts.security import LOCK_AFTER
from portal.accounts.tables import Staff
from portal.db import Installation

GOOD = {"email": "analyst@example.org", "password": PASSWORDS["analyst"]}
BAD = {**GOOD, "password": "something else"}


def test_password_is_kept_as_argon2id(place: Installation) -> None:
    """A stored password is an argon2id hash with the declared cost."""
    with place.database.read() as connection:
        stored = connection.execute(select(Staff.password)).scalars().all()
    assert all(one.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for one in stored)


def test_log_in_leads_to_the_page_asked_for(visitor: StrictClient) -> None:
    """A visitor of a desk page is sent to the log-in and from there to that page, in the language asked for."""
    sent = visitor.get("/desk/runs?lang=zh-Hans", 302)
    entered = visitor.send(sent.location, GOOD)
    assert entered.location == "/desk/runs?lang=zh-Hans"
    assert visitor.get(entered.location, 200)


def test_log_in_keeps_a_language_chosen_on_its_page(visitor: StrictClient) -> None:
    """Who changes the language on the log-in page lands on the desk in that language."""
    entered = visitor.send("/login?next=/desk?lang%3Den&lang=zh-Hans", GOOD)
    assert entered.location == "/desk?lang=zh-Hans"


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "%09//evil.example",
    ],
)
def test_log_in_never_leaves_the_portal(visitor: StrictClient, away: str) -> None:
    """A foreign address in ?next= is dropped; one put into the form by hand stays inside too."""
    page = visitor.page(f"/login?next={away}")
    assert page.forms[0]["names"]["next"] == ""
    for data, start in (({}, "/desk"), ({"next": away}, "")):
        entered = StrictClient(visitor.client.application).send(f"/login?next={away}", {**GOOD, **data})
        assert entered.status_code == 302
        assert entered.location.startswith(start)
        assert urlsplit(entered.location).netloc == ""
        assert not entered.location.startswith("//")


@pytest.mark.parametrize(
    "given", [BAD, {"email": "nobody@example.org", "password": "x"}, {"email": "", "password": ""}]
)
def test_message_is_the_same_for_every_reason(visitor: StrictClient, given: dict[str, str]) -> None:
    """Wrong password, unknown person and empty form read the same, and no field gives more away."""
    answer = visitor.send("/login", given)
    assert answer.status_code == 200
    assert "E-mail or password is wrong." in answer.text
    assert answer.text.count('role="alert"') == 1


def test_deactivated_person_gets_the_same_message(log_in: Callable[[str], StrictClient], visitor: StrictClient) -> None:
    """A right password of a deactivated person opens nothing and says nothing more; their session ends too."""
    analyst = log_in("analyst")
    assert log_in("administrator").send("/desk/staff/3/deactivate").status_code == 303
    answer = visitor.send("/login", GOOD)
    assert "E-mail or password is wrong." in answer.text
    assert analyst.get("/desk").status_code == 302


def test_account_locks_after_eight_failures(visitor: StrictClient, place: Installation) -> None:
    """The right password is refused after eight wrong ones, with the same message, and works after 15 minutes."""
    for _ in range(LOCK_AFTER):
        visitor.send("/login", BAD)
    refused = visitor.send("/login", GOOD)
    assert refused.status_code == 200
    assert "E-mail or password is wrong." in refused.text
    place.clock = lambda: NOW + timedelta(minutes=16)
    assert visitor.send("/login", GOOD).status_code == 302


def test_another_spelling_of_the_address_is_no_way_around_the_lock(visitor: StrictClient) -> None:
    """Capitals, spaces and full-width letters count as the same person's failures."""
    spellings = ["ANALYST@example.org", " analyst@example.org ", "analyst@ＥＸＡＭＰＬＥ.org", "Analyst@Example.Org"]
    for spelling in spellings * 2:
        visitor.send("/login", {**BAD, "email": spelling})
    assert visitor.send("/login", GOOD).status_code == 200


def test_seven_failures_and_a_success_start_anew(visitor: StrictClient, app: Flask) -> None:
    """A success forgets the failures before it."""
    for _ in range(2):
        for _ in range(LOCK_AFTER - 1):
            visitor.send("/login", BAD)
        assert visitor.send("/login", GOOD).status_code == 302
        visitor = StrictClient(app)


def test_form_without_its_token_is_refused(app: Flask) -> None:
    """A log-in form sent from elsewhere does nothing."""
    client = app.test_client()
    assert client.post("/login", data=GOOD).status_code == 400
    assert client.get("/desk").status_code == 302


def test_log_out_ends_the_session_and_needs_a_post(log_in: Callable[[str], StrictClient]) -> None:
    """Only the button ends the session; an address in a picture cannot."""
    client = log_in("analyst")
    assert client.get("/logout").status_code == 405
    token = client.page("/desk").token()
    assert client.client.post("/logout", data={"csrf_token": token}).status_code == 302
    assert client.get("/desk").status_code == 302


def test_log_out_from_elsewhere_asks_first(log_in: Callable[[str], StrictClient]) -> None:
    """A log-out without the session's token ends nothing."""
    client = log_in("analyst")
    client.client.post("/logout")
    assert client.get("/desk").status_code == 200


def test_demo_log_ins_stay_hidden_on_a_real_portal(visitor: StrictClient) -> None:
    """No log-in is shown where the demonstration setting is off."""
    assert "demonstration" not in visitor.get("/login", 200).text


def test_demonstration_shows_its_log_ins(app: Flask, place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the demonstration setting is on, its people stand below the form."""
    people = [("analyst@example.org", "an open secret", "analyst", "Analyst Li")]
    monkeypatch.setattr("portal.desk.views.find_spec", lambda _name: object())
    monkeypatch.setitem(sys.modules, "portal.demo.people", SimpleNamespace(DEMO_STAFF=people))
    place.settings = replace(place.settings, demo=True)
    assert "an open secret" in StrictClient(app).get("/login", 200).text
