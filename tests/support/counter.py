"""One small wave at one counter, straight on the survey layer: what its tests stand on."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from survey.answers import replay
from survey.canonical import content_id
from survey.dataset import freeze
from survey.fielding import (
    Wave,
    close_wave,
    draft_wave,
    load_questionnaire,
    load_wave,
    open_wave,
    publish_questionnaire,
)
from survey.intake import Cast, Place, Prepared, cast, prepare, response_document
from survey.keys import Keys, Signer
from survey.log import Log
from survey.log_audit import Audit, audit
from survey.points import add_point
from survey.storage.engine import Database
from survey.storage.tables import metadata, unit

NOW = datetime(2026, 7, 15, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
POINT = "K7K7K7K7"
LEVELS = ("very poor", "poor", "fair", "good", "very good")
SLOW = {"code": 1, "text": {"en": "slow"}}
RUDE = {"code": 2, "text": {"en": "rude"}}


def rating(variable: str = "q_overall", **more: Any) -> dict[str, Any]:
    """A five-level question; the two lowest levels have reasons."""
    choices = [
        {"code": code, "text": {"en": text}} | ({"reasons": [SLOW, RUDE]} if code < 3 else {})
        for code, text in enumerate(LEVELS, start=1)
    ]
    return {"type": "five_level", "variable": variable, "text": {"en": "How was it?"}, "choices": choices, **more}


def wish(**more: Any) -> dict[str, Any]:
    return {"type": "text", "variable": "wish", "text": {"en": "What do you wish?"}, **more}


def questionnaire(*questions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A document with these questions in one section, or a rating and a wish."""
    return {
        "format": "minyi-questionnaire/1",
        "name": "counter",
        "title": {"en": "Counter"},
        "languages": ["en"],
        "sections": [{"questions": list(questions) or [rating(), wish()]}],
        **more,
    }


def scheme(**combine: Any) -> dict[str, Any]:
    steps = [
        {"op": "map", "points": {"1": 0, "2": 25, "3": 50, "4": 75, "5": 100}, "satisfied": [4, 5]},
        {"op": "combine", **(combine or {"tree": {"id": "overall", "item": "q_overall"}})},
    ]
    return {"format": "minyi-scheme/1", "id_name": "overall", "title": {"en": "Overall"}, "steps": steps}


def plan(document: Mapping[str, Any], recipe: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A plan that scores the tax office, weighted by nothing."""
    return {
        "format": "minyi-plan/1",
        "wave": "w1",
        "title": {"en": "July"},
        "population": "service_events",
        "participation": "open",
        "opens_on": "2026-07-01",
        "closes_on": "2026-07-31",
        "questionnaire": content_id(document),
        "scheme": content_id(recipe),
        "units": [{"id": "tax", "parent": None, "peer_group": None, "kind": "office", "scored": True, "title": {}}],
        "weighting": {"method": "none", "dimensions": [], "minimum_class": 10},
        "minimum_n": 30,
        **more,
    }


@dataclass
class Counter:
    """An open wave `w1` at one point, and short ways to cast into it."""

    database: Database
    keys: Keys = field(default_factory=lambda: Keys("a secret of the tests, and long enough for them"))
    signer: Signer = field(default_factory=lambda: Signer.from_seed(bytes(range(32))))
    _serial: Any = field(default_factory=itertools.count)

    @property
    def log(self) -> Log:
        return Log(self.signer)

    @property
    def wave(self) -> Wave:
        with self.database.read() as connection:
            return load_wave(connection, "w1")

    def form_key(self) -> bytes:
        return int(next(self._serial)).to_bytes(16, "big")

    def prepare(
        self, level: int | str = 4, *, form_key: bytes | None = None, day: date = TODAY, own: str = "", **texts: str
    ) -> Prepared:
        """Commit to an answer: a level of q_overall, and free texts."""
        wave = self.wave
        with self.database.read() as connection:
            asked = load_questionnaire(connection, wave.questionnaire_id)
        form: dict[str, Sequence[str]] = {"q_overall": [str(level)], **{name: [text] for name, text in texts.items()}}
        document = response_document(
            wave, Place(POINT, "tax", "window"), replay(asked, form), language="en", mode="web", day=day
        )
        key = self.form_key() if form_key is None else form_key
        return prepare(self.keys, wave, document, form_key=key, day=day, citizen_part=own)

    def cast(self, level: int | str = 4, *, invitation: str | None = None, **more: Any) -> Cast:
        return self.cast_prepared(self.prepare(level, **more), invitation=invitation)

    def cast_prepared(self, prepared: Prepared, *, invitation: str | None = None) -> Cast:
        with self.database.write() as connection:
            return cast(connection, prepared, invitation_code=invitation)

    def batch(self, *, today: date = TODAY, force: bool = True) -> int:
        with self.database.write() as connection:
            return self.log.append_due(connection, NOW, today, force=force)

    def settle(self) -> None:
        """A batch, and the next run, which finds nothing pending and marks the participation list."""
        self.batch()
        self.batch()

    def close(self) -> None:
        with self.database.write() as connection:
            close_wave(connection, "w1", NOW)

    def freeze(self, folder: Path) -> str:
        with self.database.write() as connection:
            return freeze(connection, self.log, "w1", folder, NOW)

    def audit(self) -> Audit:
        with self.database.read() as connection:
            return audit(connection, public_key=self.signer.public_hex)

    def rows(self, table: Any, *columns: Any) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(select(*(columns or (table,)))))

    def counts(self) -> dict[str, int]:
        """How many rows every table holds."""
        with self.database.read() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in metadata.tables.items()
            }


def open_counter(
    url: str,
    *,
    document: Mapping[str, Any] | None = None,
    recipe: Mapping[str, Any] | None = None,
    quota: int | None = None,
    **plan_parts: Any,
) -> Counter:
    """Create every table and open wave `w1`."""
    counter = Counter(Database(url))
    try:
        _open(counter, document or questionnaire(), recipe or scheme(), quota, plan_parts)
    except BaseException:
        counter.database.dispose()
        raise
    return counter


def _open(
    counter: Counter,
    asked: Mapping[str, Any],
    scoring: Mapping[str, Any],
    quota: int | None,
    plan_parts: Mapping[str, Any],
) -> None:
    metadata.create_all(counter.database.engine)
    with counter.database.write() as connection:
        tax = {"id": "tax", "kind": "office", "title": '{"en":"Tax"}', "valid_from": date(2026, 1, 1), "sort": 0}
        connection.execute(insert(unit), [tax])
        add_point(connection, unit_id="tax", channel="window", title={"en": "1"}, on=date(2026, 1, 1), key=POINT)
        publish_questionnaire(connection, asked, TODAY)
        draft_wave(
            connection,
            wave_id="w1",
            plan=plan(asked, scoring, **plan_parts),
            scheme=scoring,
            opens_at=NOW - timedelta(days=1),
            closes_at=NOW + timedelta(days=10),
            points={POINT: "tax"},
            quota=quota,
        )
        open_wave(connection, counter.log, "w1", NOW)
