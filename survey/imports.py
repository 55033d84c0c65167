"""Finished surveys brought in: every row through the same validation as a live answer, all or nothing."""

from __future__ import annotations

import hashlib
import random
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from .canonical import canonical_json
from .commitment import commit
from .errors import ImportRefusedError
from .fielding import (
    WaveState,
    close_wave,
    draft_wave,
    load_questionnaire,
    load_wave,
    open_wave,
    publish_questionnaire,
    set_margins,
)
from .formats.csv import read_csv
from .import_map import ImportMap, read_map
from .import_rows import Rows
from .import_wave import margin_rows, plan_document, questionnaire_document, scheme_document
from .keys import Keys
from .log import LeafType, Log
from .storage.tables import imported_file, response, unit, wave, wave_point

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Imported:
    """What an import did; `already` when this very file had been imported before and nothing was changed."""

    wave_id: str
    n_rows: int
    encoding: str
    already: bool
    made_wave: bool


@dataclass(frozen=True)
class Importer:
    """Where an import writes to."""

    keys: Keys
    log: Log
    now: datetime
    timezone: tzinfo = UTC
    progress: Progress = lambda done, total: None

    def run(self, connection: Connection, path: Path, map_path: Path, *, margins: Path | None = None) -> Imported:
        """Import a file into the wave its map names; raises ImportRefusedError and then nothing is written."""
        map_ = read_map(map_path, file_name=path.name)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        known = connection.execute(
            select(imported_file.c.n_rows).where(imported_file.c.wave_id == map_.wave, imported_file.c.sha256 == digest)
        ).scalar()
        if known is not None:
            return Imported(map_.wave, known, "", already=True, made_wave=False)
        sheet = read_csv(path, encoding=map_.file.encoding, delimiter=map_.file.delimiter)
        is_new = connection.execute(select(wave.c.id).where(wave.c.id == map_.wave)).first() is None
        if is_new:
            self._make_wave(connection, map_, margins or path.parent)
        found = load_wave(connection, map_.wave, lock=True)
        if found.state not in (WaveState.OPENED, WaveState.CLOSED):
            raise ImportRefusedError(f"The wave is {found.state}.", got=found.id, expected="an open or closed wave")
        rows = Rows(map_, found, load_questionnaire(connection, found.questionnaire_id), sheet)
        rows.check()
        self._write(connection, map_.wave, digest, rows)
        connection.execute(
            insert(imported_file).values(
                wave_id=map_.wave,
                sha256=digest,
                name=path.name,
                n_rows=len(sheet.rows),
                imported_on=self.now.astimezone(self.timezone).date(),
            )
        )
        if is_new:
            close_wave(connection, map_.wave, self.now)
        return Imported(map_.wave, len(sheet.rows), sheet.encoding, already=False, made_wave=is_new)

    def _make_wave(self, connection: Connection, map_: ImportMap, folder: Path) -> None:
        if map_.events is not None or map_.opens_on is None or map_.closes_on is None:
            raise ImportRefusedError("There is no such wave.", got=map_.wave, hint="create and open it first")
        scheme = scheme_document(map_)
        plan = plan_document(map_, scheme)
        targets = margin_rows(map_, folder, plan)
        self._add_units(connection, map_)
        publish_questionnaire(connection, questionnaire_document(map_), self.now.date())
        draft_wave(
            connection,
            wave_id=map_.wave,
            plan=plan,
            scheme=scheme,
            opens_at=datetime.combine(map_.opens_on, time(), self.timezone),
            closes_at=datetime.combine(map_.closes_on, time(), self.timezone) + timedelta(days=1),
            points={},
        )
        open_wave(connection, self.log, map_.wave, self.now)
        if targets is not None:
            set_margins(connection, self.log, map_.wave, targets, self.now)

    def _add_units(self, connection: Connection, map_: ImportMap) -> None:
        known = set(connection.execute(select(unit.c.id)).scalars())
        new = [
            {
                "id": one.id,
                "kind": "department",
                "peer_group": one.peer_group,
                "title": canonical_json(one.title).decode(),
                "valid_from": map_.opens_on,
                "sort": place,
            }
            for place, one in enumerate(map_.units)
            if one.id not in known
        ]
        if new:
            connection.execute(insert(unit), new)

    def _write(self, connection: Connection, wave_id: str, digest: str, rows: Rows) -> None:
        """Responses and leaves, each in an order of its own that says nothing about the file's."""
        batch = self.log.state(connection, lock=True)[2] + 1
        points = set(
            connection.execute(select(wave_point.c.point_key).where(wave_point.c.wave_id == wave_id)).scalars()
        )
        made = [self._row(wave_id, digest, number, item, batch) for number, item in self._counted(rows)]
        for values, _ in made:
            values["point_key"] = values["point_key"] if values["point_key"] in points else None
        self._refuse_known(connection, wave_id, made)
        rng = random.SystemRandom()
        leaves = [
            {"wave": wave_id, "type": LeafType.IMPORTED, "commitment": commitment, "receipt": None}
            for _, commitment in made
        ]
        rng.shuffle(leaves)
        self.log.append(connection, leaves, self.now)
        rng.shuffle(made)
        connection.execute(insert(response), [values for values, _ in made])

    def _counted(self, rows: Rows) -> Iterator[tuple[int, tuple[str, Mapping[str, Any]]]]:
        for number, item in enumerate(rows.documents()):
            if number % 2000 == 0:
                self.progress(number, len(rows.sheet.rows))
            yield number, item
        self.progress(len(rows.sheet.rows), len(rows.sheet.rows))

    def _row(
        self, wave_id: str, digest: str, number: int, item: tuple[str, Mapping[str, Any]], batch: int
    ) -> tuple[dict[str, Any], str]:
        identity, document = item
        body = canonical_json(dict(document))
        salt = secrets.token_bytes(32)
        name = ("id", identity) if identity else ("row", f"{digest}:{number}")
        values = {
            "id": self.keys.mac("import-row", wave_id, *name).hex()[:32],
            "wave_id": wave_id,
            "point_key": document["point"],
            "state": "recorded",
            "body": body.decode(),
            "salt": salt,
            "edit_hash": None,
            "batch": batch,
        }
        return values, commit(salt, body)

    def _refuse_known(self, connection: Connection, wave_id: str, made: list[tuple[dict[str, Any], str]]) -> None:
        known = set(connection.execute(select(response.c.id).where(response.c.wave_id == wave_id)).scalars())
        twice = sum(values["id"] in known for values, _ in made)
        if twice:
            raise ImportRefusedError(
                f"{twice} of the rows carry an id that this wave holds already.",
                got=wave_id,
                hint="import only new rows; a correction needs a new wave",
            )
