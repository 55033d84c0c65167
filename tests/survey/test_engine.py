"""What a failing database may tell: the statement, never what somebody answered."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from survey.storage.engine import Database
from survey.storage.tables import metadata, response

ANSWER = '{"answers":{"q_overall":1},"day":"2026-07-01"}'


def test_errors_hold_no_answers(database_url: str) -> None:
    """An error is logged with its instant: beside an answer, its salt or its edit code it would say who it was."""
    database = Database(database_url)
    metadata.create_all(database.engine)
    values = {"id": "a" * 32, "wave_id": "gone", "state": "recorded", "body": ANSWER, "salt": b"s" * 32}
    with pytest.raises(DBAPIError) as caught, database.write() as connection:
        connection.execute(insert(response), {**values, "edit_hash": "hash-of-the-edit-code"})
    database.dispose()
    assert "q_overall" not in str(caught.value)
    assert "hash-of-the-edit-code" not in str(caught.value)
