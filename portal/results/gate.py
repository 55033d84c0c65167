"""The one gate of what is public: pages, twins, feeds and search ask here and nowhere else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from portal.releases.tables import release
from survey.texts import Texts


@dataclass(frozen=True)
class Published:
    """One published version of a release."""

    name: str
    version: int
    title: Texts
    reason: str
    published_at: datetime
    manifest_id: str
    manifest_index: int | None
    is_latest: bool


def published(connection: Connection, *, every_version: bool = False) -> list[Published]:
    """What the public may see, newest first: the latest version of each release, or every version of each."""
    query = select(release).where(release.c.state == "published", release.c.manifest_id.is_not(None))
    rows = connection.execute(query.order_by(release.c.published_at.desc(), release.c.version.desc())).all()
    latest: dict[str, int] = {}
    for row in rows:
        latest[row.name] = max(row.version, latest.get(row.name, 0))
    found = [
        Published(
            row.name,
            row.version,
            json.loads(row.title),
            row.reason,
            row.published_at,
            row.manifest_id,
            row.manifest_index,
            row.version == latest[row.name],
        )
        for row in rows
    ]
    return [one for one in found if every_version or one.is_latest]


def versions_of(connection: Connection, name: str) -> list[Published]:
    """Every published version of one release, the latest first; empty when there is no such public release."""
    found = [one for one in published(connection, every_version=True) if one.name == name]
    return sorted(found, key=lambda one: one.version, reverse=True)
