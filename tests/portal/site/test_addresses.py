"""Public addresses that somebody made up: no page answers them with a fault of its own."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from town import Town


@pytest.mark.parametrize("query", ["_method=POST", "endpoint=x", "_scheme=javascript", "_anchor=x", "filename=x"])
def test_the_address_of_a_page_says_nothing_to_the_program(client: FlaskClient, query: str) -> None:
    """What stands behind the question mark is kept in the link to the other language, and never obeyed."""
    page = client.get(f"/complaints?{query}&lang=en")
    assert page.status_code == 200
    assert f'href="/complaints?lang=zh-Hans&amp;{query}"' in page.text


def test_the_other_language_keeps_the_whole_address(client: FlaskClient, town: Town) -> None:
    """Every value, repeated names and odd characters too; the language itself stands there once."""
    page = client.get("/complaints?unit=tax&lang=en&x=1&x=%22%3E%3Cb%3E")
    assert 'href="/complaints?lang=zh-Hans&amp;unit=tax&amp;x=1&amp;x=%22%3E%3Cb%3E"' in page.text


@pytest.mark.parametrize("digits", ["1" * 5000, "0" * 5000 + "1", "９", "-1", "1e9", ""])
def test_endless_numbers_are_the_first_page(client: FlaskClient, digits: str) -> None:
    """Python refuses to read more than 4,300 digits; the page does not."""
    assert client.get("/complaints", query_string={"page": digits}).status_code == 200
    assert client.get("/log/leaves.jsonl", query_string={"start": digits}).status_code == 200
