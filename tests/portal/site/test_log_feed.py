"""The public log is handed out in bounded pieces, so that slow readers cannot hold every thread of the server."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import Installation
from portal.site import views
from survey.canonical import canonical_json
from survey.merkle import leaf_hash, root
from town import Town, answer


@pytest.fixture
def pieces(client: FlaskClient, place: Installation, town: Town, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many leaves came in each piece when a watcher follows the links to the end; the root is checked."""
    for _ in range(24):
        answer(client, town.code)
    with place.database.write() as connection:
        place.log.append_due(connection, place.now(), place.today())
        head = place.log.head(connection)
    monkeypatch.setattr(views, "LEAVES_AT_ONCE", 10)
    address, leaves, sizes = "/log/leaves.jsonl", [], []
    while address:
        page = client.get(address)
        lines = page.text.splitlines()
        leaves += [leaf_hash(canonical_json(json.loads(line))) for line in lines]
        sizes.append(len(lines))
        address = page.headers.get("Link", "").partition("<")[2].partition(">")[0]
    assert head is not None
    assert root(leaves).hex() == head.root
    return sizes


def test_a_watcher_gets_every_leaf_in_bounded_pieces(pieces: list[int]) -> None:
    """25 leaves in pieces of 10: the last piece links nowhere, and together they give the signed root."""
    assert pieces == [10, 10, 5]


def test_an_empty_log_is_an_empty_answer(app: Flask) -> None:
    """Nothing is there, and nothing follows."""
    page = app.test_client().get("/log/leaves.jsonl?start=7")
    assert (page.status_code, page.text, "Link" in page.headers) == (200, "", False)
