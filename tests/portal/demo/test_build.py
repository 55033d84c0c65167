"""What the demonstration holds, and that building it twice or halfway does no harm."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from sqlalchemy import func, insert, select

from portal.app import create_app
from portal.complaints.tables import complaint
from portal.demo import waves
from portal.demo.build import Builder
from portal.demo.city import DemoError, document
from portal.demo.people import DEMO_STAFF
from portal.releases.folder import check_folder, release_folder
from survey.fielding import WaveState, wave_at_point
from survey.log_audit import audit
from survey.points import find_point, read_code
from survey.storage.tables import metadata, point, unit, unit_successor

LANGUAGES = {"zh-Hans", "en"}


def rows_of(place, table):
    with place.database.read() as connection:
        return connection.execute(select(table)).all()


def test_the_city_is_of_middling_size(demo_city):
    """At least twelve departments in two peer groups, sixty places, and every channel."""
    units = rows_of(demo_city.place, unit)
    departments = [one for one in units if one.kind == "department" and one.valid_to is None]
    assert len(departments) >= 12
    assert len({one.peer_group for one in departments}) >= 2
    assert {one.kind for one in units} == {"city", "department", "office", "window"}
    points = rows_of(demo_city.place, point)
    assert len(points) >= 60
    assert {one.channel for one in points} == {"window", "hall", "online", "phone"}


def test_everything_is_named_in_both_languages(demo_city):
    """Every unit and place has a title in Chinese and in English."""
    titled = [*rows_of(demo_city.place, unit), *rows_of(demo_city.place, point)]
    assert all(set(json.loads(one.title)) == LANGUAGES for one in titled)


def test_two_units_were_merged(demo_city):
    """The merged bureaux have ended and lead to the one that stands for them."""
    ended = {one.id for one in rows_of(demo_city.place, unit) if one.valid_to is not None}
    successors = rows_of(demo_city.place, unit_successor)
    assert ended == {one.unit_id for one in successors}
    assert {one.successor_id for one in successors} == {"culture-tourism"}


def test_every_place_asks_now(demo_city):
    """The code the build names is a living place, and the open wave asks there."""
    place = demo_city.place
    key = read_code(place.keys, demo_city.built.code)
    with place.database.read() as connection:
        assert find_point(connection, key).is_valid_on(place.today())
        for one in connection.execute(select(point.c.key)).scalars().all():
            assert wave_at_point(connection, one, place.now())[0].id == waves.OPEN


def test_the_release_verifies(demo_city):
    """The published folder passes its own verifier with the portal's key."""
    place = demo_city.place
    check_folder(place, release_folder(place, waves.CLOSED, 1))


def test_the_log_is_sound(demo_city):
    """Every answer has its leaf, every head its signature, and nothing is left waiting."""
    with demo_city.place.database.read() as connection:
        found = audit(connection, public_key=demo_city.place.signer.public_hex)
    assert found.is_sound, found.faults
    assert found.pending == 0
    assert found.responses == demo_city.built.responses > 10_000


def test_complaints_are_in_every_state(demo_city):
    """About thirty cases: waiting in time and overdue, answered, reopened, refused, withdrawn, closed with verdicts."""
    place = demo_city.place
    cases = rows_of(place, complaint)
    assert 28 <= len(cases) == len(document("complaints.json")["cases"]) == demo_city.built.complaints
    states = Counter(one.state for one in cases)
    assert set(states) == {"received", "accepted", "answered", "reopened", "closed", "refused", "withdrawn"}
    waiting = [one for one in cases if one.state in ("received", "accepted", "reopened")]
    assert {one.due_on < place.today() for one in waiting} == {True, False}
    assert {one.verdict for one in cases} >= {"satisfied", "basically_satisfied", "dissatisfied"}
    assert sum(one.is_public for one in cases) >= 5


def test_contacts_are_nobodys(demo_city):
    """No contact of the data file could reach a real person."""
    for case in document("complaints.json")["cases"]:
        contact = case["contact"]
        assert contact.get("phone", "000-0000-").startswith("000-0000-")
        assert contact.get("email", "@example.org").endswith("@example.org")


def test_building_again_changes_nothing(demo_city):
    """A second build finds everything done and writes no row."""

    def counts():
        with demo_city.place.database.read() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in metadata.tables.items()
            }

    before = counts()
    assert demo_city.again().changed is False
    assert counts() == before


def test_steps_are_told_with_their_time(demo_city):
    """Each step says what it did and how long it took."""
    steps = [line for line in demo_city.lines if not line.startswith(" ")]
    assert len(steps) == 9
    assert all(line.endswith(" s)") for line in steps)


@pytest.mark.parametrize("step", ["import_responses", "set_margins", "execute", "publish"])
def test_a_build_that_was_cut_off_is_completed(fresh_place, monkeypatch, step):
    """Wherever a build stops, the next one ends with the same city."""

    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    app = create_app(place=fresh_place)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(waves, step, stop)
        Builder(fresh_place, app, scale=0.05).build()
    built = Builder(fresh_place, app, scale=0.05).build()
    assert waves.is_published(fresh_place)
    assert waves.find_wave(fresh_place, waves.CLOSED).state is WaveState.FROZEN
    assert (built.departments, built.points, built.complaints) == (18, 141, 31)


def test_another_portal_is_left_alone(fresh_place):
    """A portal that holds other units is refused before anything is written."""
    other = {"id": "real", "kind": "city", "title": "{}", "valid_from": fresh_place.today(), "sort": 0}
    with fresh_place.database.write() as connection:
        connection.execute(insert(unit).values(**other))
    with pytest.raises(DemoError, match="something else"):
        Builder(fresh_place, create_app(place=fresh_place), scale=0.05).build()
    assert [one.id for one in rows_of(fresh_place, unit)] == ["real"]


def test_everybody_can_sign_in(demo_city):
    """Each log-in the demonstration prints opens the desk."""
    client_of = create_app(place=demo_city.place)
    client_of.config["WTF_CSRF_ENABLED"] = False
    for email, password, _, _ in DEMO_STAFF:
        client = client_of.test_client()
        client.post("/login", data={"email": email, "password": password})
        assert client.get("/desk").status_code == 200, email
