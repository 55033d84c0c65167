"""Values that a database cannot hold are a fault of the request: told in words, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from complaint_pages import code_on
from portal.access import Role
from portal.accounts.security import add_staff
from portal.app import create_app
from portal.db import Installation
from town import build_town

HUGE = "9" * 30
PASSWORD = "a password of this test"


@pytest.fixture
def place(make_place: Callable[..., Installation], database_url: str) -> Installation:
    return make_place(database_url if database_url.startswith("postgresql") else "")


def test_zero_bytes_and_huge_numbers_are_no_server_errors(place: Installation) -> None:
    """PostgreSQL takes no zero bytes and SQLite no numbers beyond 64 bits; neither is the portal's fault."""
    app = create_app(place=place)
    build_town(place)
    add_staff(app, email="a@example.org", name="A", password=PASSWORD, role=Role.ADMINISTRATOR)
    client = app.test_client()
    page = client.get("/login").text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    sent = {"csrf_token": token, "email": "a@example.org", "password": PASSWORD}
    assert client.post("/login", data=sent).status_code == 302
    for path in (
        f"/desk/audit?before={HUGE}",
        f"/desk/releases/july/{HUGE}",
        f"/desk/staff/{HUGE}/deactivate",
        "/desk/audit?subject=%00",
        "/desk/complaints/%00",
        "/desk/waves/%00",
        "/desk/runs/%00",
        "/desk/points/%00/poster",
        "/results/%00",
        "/complaints?unit=%00",
    ):
        assert client.get(path).status_code < 500, path


def test_a_zero_byte_in_a_case_number_is_a_wrong_number(place: Installation) -> None:
    """The right code with a number that cannot be: no case, in words."""
    build_town(place)
    client = create_app(place=place).test_client()
    token = re.search(r'name="token"[^>]* value="([^"]+)"', client.get("/complaints/new").text)
    assert token is not None
    form = {"token": token[1], "unit_id": "tax", "kind": "complaint", "subject": "Hours", "body": "Too long."}
    code = code_on(client.post("/complaints/new", data=form).text)
    assert client.post("/complaints/track", data={"code": code, "number": ""}).status_code == 200
    assert client.post("/complaints/track", data={"code": code, "number": "MY\0"}).status_code == 404
