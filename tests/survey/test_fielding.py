"""Waves: the plan is frozen and logged before the first answer, the targets before the first score."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from counter import NOW, POINT, Counter, plan, questionnaire, rating, scheme
from survey.canonical import content_id
from survey.errors import FieldingError, WaveNotOpenError
from survey.fielding import (
    WaveState,
    draft_wave,
    load_questionnaire,
    load_wave,
    margins_id,
    open_wave,
    ordered_margins,
    publish_questionnaire,
    set_margins,
    wave_at_point,
)
from survey.storage.tables import log_leaf, variable, wave
from survey.storage.tables import questionnaire as questionnaire_table

CHANNELS = {"name": "channel", "source": "channel", "categories": ["window", "online"]}
POSTSTRATIFY = {"method": "poststratify", "dimensions": [CHANNELS], "minimum_class": 10}
TARGETS = [["tax", "online", 40], ["tax", "window", 60]]


def anchors(counter: Counter) -> list[str]:
    return [row.commitment for row in counter.rows(log_leaf) if row.type == "anchor"]


def draft(counter: Counter, wave_id: str = "w2", **more: Any) -> None:
    document, recipe = questionnaire(), scheme()
    options: dict[str, Any] = {
        "plan": plan(document, recipe, wave=wave_id),
        "scheme": recipe,
        "opens_at": NOW + timedelta(days=20),
        "closes_at": NOW + timedelta(days=30),
        "points": {POINT: "tax"},
    }
    with counter.database.write() as connection:
        draft_wave(connection, wave_id=wave_id, **(options | more))


def test_an_open_wave_has_its_plan_in_the_log(counter: Counter) -> None:
    """The leaf is the hash of the plan as it is stored."""
    found = counter.wave
    assert found.state is WaveState.OPENED
    assert anchors(counter) == [found.plan_id] == [content_id(found.plan)]


def test_a_wave_opens_once(counter: Counter) -> None:
    """A second opening is refused and logs nothing."""
    with pytest.raises(FieldingError, match="opened already"), counter.database.write() as connection:
        open_wave(connection, counter.log, "w1", NOW)
    assert len(anchors(counter)) == 1


def test_a_plan_with_another_scheme_does_not_open(counter: Counter) -> None:
    """The recipe in the wave is the one whose hash the plan names."""
    draft(counter, scheme=scheme(tree={"id": "other", "item": "q_overall"}))
    with pytest.raises(FieldingError, match="another scheme"), counter.database.write() as connection:
        open_wave(connection, counter.log, "w2", NOW)


def test_a_wave_closes_once(counter: Counter) -> None:
    """It closes now, not at its planned end."""
    counter.close()
    assert (counter.wave.state, counter.wave.closes_at) == (WaveState.CLOSED, NOW)
    with pytest.raises(FieldingError, match="closed"):
        counter.close()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"closes_at": NOW}, "closes before it opens"),
        ({"points": {POINT: "police"}}, "units that the plan does not score"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(counter: Counter, more: dict[str, Any], expected: str) -> None:
    """Before anything is stored."""
    before = counter.counts()
    with pytest.raises(FieldingError, match=expected):
        draft(counter, **more)
    assert counter.counts() == before


def test_the_same_questionnaire_is_stored_once(counter: Counter) -> None:
    """Publishing again gives the same id; a changed one is another and shares its variables."""
    changed = questionnaire(rating(), {**rating("q_speed"), "required": True})
    with counter.database.write() as connection:
        first = publish_questionnaire(connection, questionnaire(), NOW.date())
        assert publish_questionnaire(connection, questionnaire(), NOW.date()) == first
        assert publish_questionnaire(connection, changed, NOW.date()) != first
    assert len(counter.rows(questionnaire_table)) == 2
    assert sorted(row.name for row in counter.rows(variable)) == ["q_overall", "q_speed", "wish"]


def test_an_altered_questionnaire_is_noticed(counter: Counter) -> None:
    """Whoever edits the stored text stops the wave instead of changing what is asked."""
    identity = counter.wave.questionnaire_id
    with counter.database.write() as connection:
        body = counter.rows(questionnaire_table)[0].body.replace("How was it?", "Was it good?")
        connection.execute(update(questionnaire_table).values(body=body))
    with counter.database.read() as connection, pytest.raises(FieldingError, match="altered"):
        load_questionnaire(connection, identity)


@pytest.mark.parametrize(
    ("at", "got"),
    [(timedelta(days=-2), "early"), (timedelta(), None), (timedelta(days=10), "late"), (timedelta(days=99), "late")],
)
def test_a_wave_is_open_from_its_first_instant_to_before_its_last(
    counter: Counter, at: timedelta, got: str | None
) -> None:
    """Too early and too late have different messages."""
    found = counter.wave
    assert found.is_open_at(NOW + at) is (got is None)
    if got:
        with pytest.raises(WaveNotOpenError) as caught:
            found.check_open(NOW + at)
        assert caught.value.got == got


def test_a_point_leads_to_the_wave_that_is_open(counter: Counter) -> None:
    """Among the waves of a point the open one; else the nearest, to say why not; drafts are not seen."""
    with counter.database.read() as connection:
        assert wave_at_point(connection, POINT, NOW)[0].id == "w1"
    draft(counter)
    with counter.database.write() as connection:
        assert wave_at_point(connection, POINT, NOW + timedelta(days=21))[0].id == "w1"
        open_wave(connection, counter.log, "w2", NOW)
        assert wave_at_point(connection, POINT, NOW)[0].id == "w1"
        assert wave_at_point(connection, POINT, NOW + timedelta(days=21))[0].id == "w2"
        with pytest.raises(WaveNotOpenError):
            wave_at_point(connection, "00000000", NOW)


def test_targets_are_set_once_and_logged(open_wave_with: Callable[..., Counter]) -> None:
    """In the plan's order, whatever order they came in; their hash is a leaf."""
    counter = open_wave_with(weighting=POSTSTRATIFY)
    with counter.database.write() as connection:
        set_margins(connection, counter.log, "w1", TARGETS, NOW)
        found = load_wave(connection, "w1").margins
    assert found == [["tax", "window", 60], ["tax", "online", 40]]
    assert anchors(counter)[1:] == [margins_id(found)]
    with pytest.raises(FieldingError, match="set already"), counter.database.write() as connection:
        set_margins(connection, counter.log, "w1", TARGETS, NOW)


def test_a_wave_without_weighting_has_no_targets(counter: Counter) -> None:
    """Nothing is logged that no score will use."""
    with pytest.raises(FieldingError, match="no targets"), counter.database.write() as connection:
        set_margins(connection, counter.log, "w1", [], NOW)
    assert counter.rows(None, wave.c.margins) == [(None,)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (TARGETS[:1], "1 classes have no target"),
        ([*TARGETS, TARGETS[0]], "given twice"),
        ([*TARGETS, ["tax", "phone", 1]], "a class that the plan does not have"),
        ([*TARGETS[:1], ["tax", "window", "6.5"]], "not a whole number"),
        ([*TARGETS[:1], ["tax", "window", -1]], "not a whole number"),
        ([*TARGETS[:1], ["tax", "window", "６"]], "not a whole number"),
    ],
)
def test_targets_at_fault_are_named(rows: list[list[Any]], expected: str) -> None:
    """What is missing, strange, twice or no count."""
    with pytest.raises(FieldingError, match=expected):
        ordered_margins(plan(questionnaire(), scheme(), weighting=POSTSTRATIFY), rows)
