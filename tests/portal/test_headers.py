"""What must not be kept by a browser or a cache on the way, and what must always travel encrypted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.db import Installation
from town import Town, answer, codes_on


@pytest.mark.parametrize("path", ["/change", "/verify?receipt=ABC", "/complaints/track", "/complaints/new", "/login"])
def test_pages_with_codes_are_stored_nowhere(client: FlaskClient, path: str) -> None:
    """A shared computer shows nobody the code of the person before."""
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_the_edit_code_is_stored_nowhere(client: FlaskClient, town: Town) -> None:
    """Receipt, blank form and confirmation all hold it."""
    receipt = answer(client, town.code)
    edit = codes_on(receipt.text)[1]
    pages = [
        receipt,
        client.post("/change", data={"edit": edit}),
        client.post("/change", data={"edit": edit, "action": "withdraw"}),
        client.post("/change/withdraw", data={"edit": edit}),
    ]
    assert [page.status_code for page in pages] == [200] * 4
    assert [page.headers["Cache-Control"] for page in pages] == ["no-store"] * 4


def test_an_encrypted_portal_stays_encrypted_behind_a_proxy(make_place: Callable[..., Installation]) -> None:
    """The proxy speaks plain HTTP to the portal; what counts is the address that citizens see."""
    hidden = create_app(place=make_place(MINYI_BASE_URL="https://minyi.example")).test_client()
    plain = create_app(place=make_place()).test_client()
    assert "Strict-Transport-Security" in hidden.get("/").headers
    assert "Strict-Transport-Security" not in plain.get("/").headers
