"""Answers given through a test link: kept with the draft they try out, marked as test, never beside real answers."""

from __future__ import annotations

import json
import secrets
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from .canonical import canonical_json
from .storage.tables import trial_answer as table
from .walk import Walk

MOST_TRIALS = 1000  # of one draft; whoever has the link can send


def keep_trial(connection: Connection, draft_id: str, revision: int, walk: Walk, *, language: str, day: date) -> bool:
    """Keep one test answer; False where the draft has as many as it may."""
    if count_trials(connection, draft_id) >= MOST_TRIALS:
        return False
    document = {
        "format": "minyi-trial/1",
        "draft": draft_id,
        "revision": revision,
        "day": day.isoformat(),
        "language": language,
        "mode": "test",
        **walk.document(),
    }
    connection.execute(
        insert(table).values(
            id=secrets.token_hex(16),
            draft_id=draft_id,
            revision=revision,
            day=day,
            body=canonical_json(document).decode(),
        )
    )
    return True


def count_trials(connection: Connection, draft_id: str) -> int:
    """How many test answers a draft has."""
    query = select(func.count()).select_from(table).where(table.c.draft_id == draft_id)
    return int(connection.execute(query).scalar_one())


def trials(connection: Connection, draft_id: str) -> list[dict[str, Any]]:
    """Every test answer of a draft as its document, the latest day first."""
    query = select(table.c.body).where(table.c.draft_id == draft_id).order_by(table.c.day.desc(), table.c.id)
    return [json.loads(body) for body in connection.execute(query).scalars()]


def forget_trials(connection: Connection, draft_id: str) -> None:
    """Delete every test answer of a draft."""
    connection.execute(delete(table).where(table.c.draft_id == draft_id))
