"""The invented city: units, windows and places with a code, the same on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from portal.accounts.tables import Staff
from survey.canonical import canonical_json
from survey.codes import encode
from survey.errors import SurveyError
from survey.points import KEY_LENGTH
from survey.storage.tables import point, unit, unit_successor

FOLDER = Path(__file__).parent
CHANNELS = ("window", "hall", "online", "phone")
POINT_TITLES = {
    "window": {"zh-Hans": "{number}号窗口", "en": "Window {number}"},
    "hall": {"zh-Hans": "办事大厅自助区", "en": "Self-service area of the hall"},
    "online": {"zh-Hans": "网上办事平台", "en": "Online platform"},
    "phone": {"zh-Hans": "咨询电话", "en": "Telephone line"},
}


class DemoError(SurveyError):
    """What keeps the demonstration from being built or served."""


@dataclass(frozen=True)
class Office:
    """A scored unit: its windows, channels and transactions in a month of middling traffic."""

    id: str
    department: str
    windows: int
    monthly: int
    channels: tuple[str, ...]

    def points(self) -> list[tuple[str, str, str]]:
        """(key, unit it belongs to, channel) of each of its places."""
        places = [(f"{self.id}-w{number}", "window") for number in range(1, self.windows + 1)]
        places += [(self.id, channel) for channel in self.channels if channel != "window"]
        return [(_point_key(owner, channel), owner, channel) for owner, channel in places]


def document(name: str) -> dict[str, Any]:
    """A data file of this package."""
    read: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return read


@lru_cache(maxsize=1)
def offices() -> tuple[Office, ...]:
    """The scored units in the order of the plan."""
    return tuple(
        Office(one["id"], department["id"], one["windows"], one["monthly"], tuple(one["channels"].split()))
        for department in document("city.json")["departments"]
        for one in department["offices"]
    )


def _point_title(owner: str, channel: str) -> dict[str, str]:
    """What stands on the notice: the window's number, or the kind of place."""
    number = owner.rsplit("-w", 1)[-1]
    return {tag: text.format(number=number) for tag, text in POINT_TITLES[channel].items()}


def _point_key(owner: str, channel: str) -> str:
    return encode(hashlib.sha256(f"minyi demo point {owner} {channel}".encode()).digest(), KEY_LENGTH)


def unit_rows() -> list[dict[str, Any]]:
    """Every unit as the database holds it, parents first; those that were merged away are last."""
    city = document("city.json")
    since = city["valid_from"]
    rows = [_row(city["id"], None, "city", None, city["title"], since)]
    for department in city["departments"]:
        begins = department.get("from", since)
        group = department["group"]
        rows.append(_row(department["id"], city["id"], "department", group, department["title"], begins))
        for office in department["offices"]:
            rows.append(_row(office["id"], department["id"], "office", office["group"], office["title"], begins))
            rows += _window_rows(office, begins)
    for gone in city["merged"]:
        row = _row(gone["id"], city["id"], "department", "livelihood", gone["title"], gone["from"])
        rows.append(row | {"valid_to": date.fromisoformat(gone["to"])})
    return [row | {"sort": place} for place, row in enumerate(rows)]


def _window_rows(office: dict[str, Any], begins: str) -> Iterator[dict[str, Any]]:
    for number in range(1, office["windows"] + 1):
        title = {
            "zh-Hans": f"{office['title']['zh-Hans']}{number}号窗口",
            "en": f"{office['title']['en']}, window {number}",
        }
        yield _row(f"{office['id']}-w{number}", office["id"], "window", None, title, begins)


def _row(
    unit_id: str, parent: str | None, kind: str, group: str | None, title: dict[str, str], begins: str
) -> dict[str, Any]:
    return {
        "id": unit_id,
        "parent_id": parent,
        "kind": kind,
        "peer_group": group,
        "title": canonical_json(title).decode(),
        "valid_from": date.fromisoformat(begins),
        "valid_to": None,
    }


def plan_units() -> list[dict[str, Any]]:
    """The units of a plan: city, departments, and offices, which are scored."""
    return [
        {
            "id": row["id"],
            "parent": row["parent_id"],
            "peer_group": row["peer_group"],
            "kind": row["kind"],
            "scored": row["kind"] == "office",
            "title": json.loads(row["title"]),
        }
        for row in unit_rows()
        if row["kind"] != "window" and row["valid_to"] is None
    ]


def peer_groups() -> dict[str, dict[str, str]]:
    """The names of the groups whose units are compared with each other."""
    groups: dict[str, dict[str, str]] = document("city.json")["groups"]
    return groups


def wave_points() -> dict[str, str]:
    """Which office each place's answers count for."""
    return {key: office.id for office in offices() for key, _, _ in office.points()}


def found_city(connection: Connection) -> bool:
    """Write units and places into an empty portal; False when they are there. Raises DemoError in any other portal."""
    known = set(connection.execute(select(unit.c.id)).scalars())
    if document("city.json")["id"] in known:
        return False
    staff = connection.execute(select(func.count()).select_from(Staff)).scalar_one()
    if known or staff:
        raise DemoError(
            "This portal holds something else than the demonstration; nothing was changed.",
            got=f"{len(known)} units, {staff} log-ins",
            expected="an empty database",
            hint="set MINYI_DATA_DIR to a new folder, and no MINYI_DATABASE_URL",
        )
    connection.execute(insert(unit), unit_rows())
    connection.execute(insert(unit_successor), _successors())
    connection.execute(insert(point), _point_rows())
    return True


def _successors() -> list[dict[str, Any]]:
    return [
        {"unit_id": gone["id"], "successor_id": gone["into"], "on": date.fromisoformat(gone["to"])}
        for gone in document("city.json")["merged"]
    ]


def _point_rows() -> list[dict[str, Any]]:
    begins = {row["id"]: row["valid_from"] for row in unit_rows()}
    rows = []
    for office in offices():
        for key, owner, channel in office.points():
            rows.append(
                {
                    "key": key,
                    "unit_id": owner,
                    "channel": channel,
                    "title": canonical_json(_point_title(owner, channel)).decode(),
                    "valid_from": begins[owner],
                }
            )
    return rows
