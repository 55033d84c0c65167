"""Two persons publish: one proposes, another confirms. Nothing published is ever overwritten."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from portal.accounts.tables import AuditEntry
from portal.db import Installation
from survey.canonical import canonical_json
from survey.errors import SurveyError

from .folder import check_folder, release_folder, write_folder
from .runs import load_run
from .tables import release


class ReleaseError(SurveyError):
    """A step that this release's state forbids."""


class SamePersonError(ReleaseError):
    """Who proposed a release cannot confirm it."""


@dataclass(frozen=True)
class Release:
    """A row of the ledger of releases. `state`: proposed, published or refused."""

    name: str
    version: int
    run_id: str
    state: str
    title: Mapping[str, str]
    reason: str
    refusal: str
    proposed_by: int | None
    proposed_at: datetime
    confirmed_by: int | None
    published_at: datetime | None
    manifest_id: str | None
    manifest_index: int | None


def propose(
    connection: Connection,
    *,
    run_id: str,
    name: str,
    title: Mapping[str, str],
    reason: str,
    staff_id: int | None,
    now: datetime,
) -> tuple[str, int]:
    """Offer a finished run for publication. A second version of a name is a correction and needs a reason."""
    run = load_run(connection, run_id)
    if run.state != "finished":
        raise ReleaseError(f"The run is {run.state}.", expected="a finished run")
    newest = connection.execute(select(func.max(release.c.version)).where(release.c.name == name)).scalar() or 0
    if newest and not reason.strip():
        raise ReleaseError("A correction needs a reason.", got=f"{name} version {newest} exists")
    connection.execute(
        insert(release).values(
            name=name,
            version=newest + 1,
            run_id=run_id,
            state="proposed",
            title=canonical_json(dict(title)).decode(),
            reason=reason.strip(),
            proposed_by=staff_id,
            proposed_at=now,
        )
    )
    return name, newest + 1


def publish(place: Installation, name: str, version: int, staff_id: int | None) -> None:
    """Write, sign, verify and publish; only a second person may. Fails without a trace when it does not verify."""
    with place.database.write() as connection:
        found = load_release(connection, name, version, lock=True)
        if found.state != "proposed":
            raise ReleaseError(f"The release is {found.state}.", expected="a proposed release")
        if staff_id is None or staff_id == found.proposed_by:
            raise SamePersonError("Another person must confirm this release.", got="who proposed it")
        final = release_folder(place, name, version)
        making = final.with_name(f".{final.name}.making")
        for left in (making, final):  # of an attempt that ended before its transaction did
            shutil.rmtree(left, ignore_errors=True)
        manifest_id = write_folder(place, connection, found, making)
        check_folder(place, making)
        run = load_run(connection, found.run_id)
        index = place.log.anchor(connection, run.wave_id, manifest_id, place.now())
        connection.execute(
            update(release)
            .where(release.c.name == name, release.c.version == version)
            .values(
                state="published",
                confirmed_by=staff_id,
                published_at=place.now(),
                manifest_id=manifest_id,
                manifest_index=index,
            )
        )
        entry = {"at": place.now(), "staff_id": staff_id, "action": "publish release", "subject": f"{name}/v{version}"}
        connection.execute(insert(AuditEntry).values(**entry, detail=""))
        making.rename(final)


def refuse(connection: Connection, name: str, version: int, staff_id: int | None, reason: str) -> None:
    """Send a proposed release back with a reason."""
    done = connection.execute(
        update(release)
        .where(release.c.name == name, release.c.version == version, release.c.state == "proposed")
        .values(state="refused", confirmed_by=staff_id, refusal=reason)
    )
    if done.rowcount != 1:
        raise ReleaseError("Only a proposed release can be refused.", got=f"{name} version {version}")


def load_release(connection: Connection, name: str, version: int, *, lock: bool = False) -> Release:
    """The release as it stands; with `lock` nobody else publishes or refuses it until this transaction ends."""
    query = select(release).where(release.c.name == name, release.c.version == version)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise ReleaseError("There is no such release.", got=f"{name} version {version}")
    return _release(row)


def all_releases(connection: Connection) -> list[Release]:
    """Newest proposal first."""
    return [_release(row) for row in connection.execute(select(release).order_by(release.c.proposed_at.desc()))]


def _release(row: Row[Any]) -> Release:
    values = {name: getattr(row, name) for name in Release.__dataclass_fields__}
    return Release(**{**values, "title": json.loads(row.title)})
