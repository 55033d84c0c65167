"""Units and points: added, renamed, ended, never deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from desk_pages import StrictClient
from portal.accounts.tables import AuditEntry
from portal.db import Installation
from survey.points import code_for, find_point, points_of
from survey.units import UnitError, edit_unit, end_unit, read_tree

NEW = {
    "title_zh": "税务局南区",
    "title_en": "Tax Office South",
    "unit_id": "tax-south",
    "parent_id": "tax",
    "kind": "office",
    "peer_group": "offices",
    "valid_from": "2026-08-10",
}


def last_action(place: Installation) -> tuple[str, str]:
    with place.database.read() as connection:
        query = select(AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id.desc()).limit(1)
        row = connection.execute(query).one()
    return row.action, row.subject


@pytest.fixture
def administrator(log_in: Callable[[str], StrictClient]) -> StrictClient:
    return log_in("administrator")


def test_unit_is_added_below_another(administrator: StrictClient, place: Installation) -> None:
    """A new unit stands where it was put, and who added it is on record."""
    answer = administrator.send("/desk/units/new", NEW)
    assert (answer.status_code, answer.location) == (303, "/desk/units/tax-south")
    with place.database.read() as connection:
        new = read_tree(connection).units["tax-south"]
    assert (new.parent_id, new.valid_from, new.title["en"]) == ("tax", date(2026, 8, 10), "Tax Office South")
    assert last_action(place) == ("add unit", "tax-south")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"unit_id": "tax-east"}, "This short name is taken."),
        ({"unit_id": "new"}, "This short name is taken."),
        ({"unit_id": "Tax South"}, "Use small letters a to z"),
        ({"title_zh": "", "title_en": ""}, "Give the name in at least one language."),
        ({"valid_from": "soon"}, "Not a valid date value."),
    ],
)
def test_unit_with_a_fault_is_not_added(
    administrator: StrictClient, place: Installation, wrong: dict[str, str], words: str
) -> None:
    """Each fault is named beside its field and in a summary that leads there; nothing is saved."""
    answer = administrator.send("/desk/units/new", {**NEW, **wrong})
    assert answer.status_code == 200
    assert answer.text.count(words) == 2
    with place.database.read() as connection:
        assert len(read_tree(connection).units) == 5


def test_mending_a_name_keeps_other_languages(administrator: StrictClient, place: Installation) -> None:
    """A title in a language the form does not show survives the change of another."""
    with place.database.write() as connection:
        edit_unit(connection, "tax", peer_group=None, title={"en": "Tax", "zh-Hant": "稅務局"})
    administrator.send("/desk/units/tax/edit", {"title_zh": "税务局", "title_en": "Taxes", "peer_group": ""})
    with place.database.read() as connection:
        changed = read_tree(connection).units["tax"]
    assert dict(changed.title) == {"zh-Hans": "税务局", "en": "Taxes", "zh-Hant": "稅務局"}
    assert changed.peer_group is None


def test_ended_unit_stays_with_its_successor(administrator: StrictClient, place: Installation) -> None:
    """The unit ends on its day, its codes with it, and both pages name the other."""
    form = {"on": "2026-09-01", "successors": ["tax-west"], "revoke": "y"}
    assert administrator.send("/desk/units/tax-east/end", form).status_code == 303
    with place.database.read() as connection:
        ended = read_tree(connection).units["tax-east"]
        points = points_of(connection, ["tax-east"])
    assert (ended.valid_to, ended.successors) == (date(2026, 9, 1), ("tax-west",))
    assert {point.revoked_on for point in points} == {date(2026, 9, 1)}
    assert "Tax Office West" in administrator.get("/desk/units/tax-east", 200).text
    assert "Tax Office East" in administrator.get("/desk/units/tax-west", 200).text


def test_unit_with_living_units_below_cannot_end(administrator: StrictClient, place: Installation) -> None:
    """A department ends after its offices; the form says which still live."""
    answer = administrator.send("/desk/units/tax/end", {"on": "2026-09-01"})
    assert answer.status_code == 200
    assert "Units below it live on." in answer.text
    assert "tax-east, tax-west" in answer.text
    with place.database.read() as connection:
        assert read_tree(connection).units["tax"].valid_to is None


@pytest.mark.parametrize(
    ("unit_id", "day", "successors"), [("police", date(2019, 1, 1), []), ("police", date(2027, 1, 1), ["police"])]
)
def test_impossible_ends_are_refused(place: Installation, unit_id: str, day: date, successors: list[str]) -> None:
    """A unit neither ends before it began nor succeeds itself."""
    with place.database.write() as connection, pytest.raises(UnitError):
        end_unit(connection, unit_id, day, successors)


def test_point_is_added_with_a_code_that_works(
    administrator: StrictClient, visitor: StrictClient, place: Installation
) -> None:
    """A new point has a code of its own in the list, and it is recognised at the citizen's page."""
    form = {"title_zh": "三号窗口", "title_en": "Window 3", "channel": "window"}
    assert administrator.send("/desk/units/police/points", form).location == "/desk/units/police/points"
    page = administrator.get("/desk/units/police/points", 200).text
    with place.database.read() as connection:
        new = next(point for point in points_of(connection, ["police"]) if point.title["en"] == "Window 3")
    code = code_for(place.keys, new.key)
    assert code in page
    assert "No survey runs at this place now" in visitor.client.get(f"/q/{code}?lang=en").text


def test_withdrawn_code_stays_on_record(administrator: StrictClient, place: Installation) -> None:
    """Withdrawing asks first, ends the code today and leaves the point in the list, without a poster."""
    administrator.get("/desk/points/AAAA1111/revoke", 200)
    with place.database.read() as connection:
        assert find_point(connection, "AAAA1111").revoked_on is None
    assert administrator.send("/desk/points/AAAA1111/revoke").status_code == 303
    with place.database.read() as connection:
        assert find_point(connection, "AAAA1111").revoked_on == place.today()
    assert administrator.get("/desk/points/AAAA1111/poster").status_code == 404
    assert last_action(place) == ("revoke point", "AAAA1111")
