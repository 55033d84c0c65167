"""Freezing: recorded responses become typed columns, Parquet, a description, and a hash in the log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Connection, func, select, update

from .canonical import canonical_json, content_id, sha256_hex
from .columns import Row, columns, describe, type_of
from .commitment import commit
from .errors import FieldingError
from .fielding import Wave, WaveState, load_questionnaire, load_wave
from .intake import ResponseState
from .log import Log
from .questionnaire import Questionnaire
from .storage.paths import dataset_folder
from .storage.tables import exclusion, log_pending, response, wave

LEDGER = ("over_quota", "quarantined", "superseded", "withdrawn", "spoiled", "canary", "test")
UNKNOWN_CLASS = "unknown_class"


def freeze(connection: Connection, log: Log, wave_id: str, folder: Path, now: datetime) -> str:
    """Write the wave's dataset below `folder` and its hash into the log; returns the dataset's id.

    After this the wave takes nothing and loses nothing. Raises FieldingError while it is open or while answers still
    wait for the log.
    """
    found = load_wave(connection, wave_id, lock=True)
    if found.dataset_id is not None:
        return found.dataset_id
    if found.state is not WaveState.CLOSED:
        raise FieldingError(f"The wave is {found.state}.", expected="a closed wave")
    waiting = connection.execute(
        select(func.count()).select_from(log_pending).where(log_pending.c.wave_id == wave_id)
    ).scalar_one()
    if waiting:
        raise FieldingError(f"{waiting} answers are not in the log yet.", hint="write the log's last batch first")
    questionnaire = load_questionnaire(connection, found.questionnaire_id)
    rows, excluded = _counted_rows(connection, found)
    described = describe(found, questionnaire, len(rows))
    described["ledger"] = _ledger(connection, wave_id, len(rows), excluded)
    identity = _write(folder, found, questionnaire, rows, described)
    index = log.anchor(connection, wave_id, identity, now)
    connection.execute(
        update(wave)
        .where(wave.c.id == wave_id)
        .values(state=WaveState.FROZEN, dataset_id=identity, dataset_index=index)
    )
    return identity


def _counted_rows(connection: Connection, found: Wave) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Responses that count, in the order of their commitments, and how many were excluded for which reason.

    An exclusion that no second person confirmed excludes nobody.
    """
    reasons = {
        row.response_id: row.reason
        for row in connection.execute(select(exclusion).where(exclusion.c.confirmed_by != exclusion.c.proposed_by))
    }
    excluded: Counter[str] = Counter()
    kept: list[tuple[str, dict[str, Any]]] = []
    query = select(response.c.id, response.c.body, response.c.salt).where(
        response.c.wave_id == found.id, response.c.state == ResponseState.RECORDED
    )
    for row in connection.execute(query):
        document = json.loads(row.body)
        document["cell"] = [_category(one, document) for one in found.plan["weighting"]["dimensions"]]
        reason = reasons.get(row.id) or (UNKNOWN_CLASS if None in document["cell"] else None)
        if reason:
            excluded[reason] += 1
        else:
            kept.append((commit(bytes(row.salt), row.body.encode()), document))
    kept.sort(key=lambda pair: pair[0])
    return [document for _, document in kept], excluded


def _category(dimension: Mapping[str, Any], document: Mapping[str, Any]) -> str | None:
    """Where a response stands in one weighting dimension; None when that is not known."""
    source = dimension.get("source", "variable")
    if source == "channel":
        category = document["channel"]
    elif source == "month":
        category = document["day"][:7]
    else:
        category = dimension["codes"].get(str(document["answers"].get(dimension["variable"])))
    return category if category in dimension["categories"] else None


def _ledger(connection: Connection, wave_id: str, counted: int, excluded: Counter[str]) -> dict[str, Any]:
    states = {
        row.state: row.n
        for row in connection.execute(
            select(response.c.state, func.count().label("n"))
            .where(response.c.wave_id == wave_id)
            .group_by(response.c.state)
        )
    }
    return {
        "received": sum(states.values()),
        "counted": counted,
        **{name: states.get(name, 0) for name in LEDGER},
        "excluded": dict(excluded),
    }


def table(wave: Wave, questionnaire: Questionnaire, rows: Sequence[Row]) -> Any:
    """The rows as an Arrow table, in the given order."""
    import pyarrow as pa

    return pa.table(
        {
            column.name: pa.array([column.read(row) for row in rows], pa.type_for_alias(type_of(column.role)))
            for column in columns(wave, questionnaire)
        }
    )


def _write(
    folder: Path, found: Wave, questionnaire: Questionnaire, rows: list[dict[str, Any]], described: dict[str, Any]
) -> str:
    """Write into a folder beside, then rename: a dataset is there whole or not at all."""
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    making = Path(mkdtemp(prefix=f".{found.id}.", dir=folder))
    pq.write_table(table(found, questionnaire, rows), making / "responses.parquet", compression="zstd")
    described["parquet_sha256"] = sha256_hex((making / "responses.parquet").read_bytes())
    (making / "dataset.json").write_bytes(canonical_json(described))
    identity = content_id(described)
    final = dataset_folder(folder, found.id, identity)
    if final.exists():  # from a freeze whose transaction was rolled back: the very same bytes
        rmtree(making)
    else:
        making.chmod(0o755)
        making.rename(final)
    return identity
