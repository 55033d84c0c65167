"""Waves at the desk: made again, opened, closed, and their margins."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from desk_city import QUESTIONNAIRE, margin_rows
from desk_pages import StrictClient
from portal.db import Installation
from portal.desk.targets import decoded, read_targets
from survey.canonical import content_id
from survey.fielding import WaveState, load_wave, publish_questionnaire
from survey.points import add_point, revoke_point
from survey.storage.tables import log_leaf, wave_point
from survey.units import add_unit, end_unit

AGAIN = {
    "wave_id": "w10",
    "title_zh": "十月",
    "title_en": "October",
    "opens_on": "2026-10-01",
    "closes_on": "2026-11-15",
    "unit_ids": ["tax-east", "police"],
    "questionnaire_id": content_id(QUESTIONNAIRE),
}


@pytest.fixture
def designer(log_in: Callable[[str], StrictClient]) -> StrictClient:
    return log_in("designer")


def test_page_counts_answers_per_point(designer: StrictClient) -> None:
    """Counting answers and others stand apart, per point and in total."""
    page = designer.get("/desk/waves/w8", 200).text
    assert "Points without an answer" in page
    assert '<td>Window A</td><td class="n">3</td><td class="n">1</td>' in page
    assert '<td>Window D</td><td class="n">0</td><td class="n">0</td>' in page
    assert "6 answers were received." in page
    assert "5 count, 0 came over the quota, 0 were corrected, 1 were withdrawn." in page


def test_wave_is_drafted_again_with_new_dates(designer: StrictClient, place: Installation) -> None:
    """The plan keeps questionnaire, scheme and units chosen; dates, months and living points are new."""
    with place.database.write() as connection:
        revoke_point(connection, "BBBB2222", date(2026, 9, 1))
        add_point(
            connection, unit_id="police", channel="online", title={"en": "Web"}, on=date(2026, 9, 2), key="EEEE5555"
        )
    assert designer.send("/desk/waves/w8/again", AGAIN).location == "/desk/waves/w10"
    with place.database.read() as connection:
        new, old = load_wave(connection, "w10"), load_wave(connection, "w8")
        rows = connection.execute(select(wave_point).where(wave_point.c.wave_id == "w10")).all()
    assert new.state is WaveState.DRAFTED
    assert (new.plan["opens_on"], new.plan["closes_on"]) == ("2026-10-01", "2026-11-15")
    assert new.opens_at.astimezone(place.settings.timezone).isoformat() == "2026-10-01T00:00:00+08:00"
    assert new.closes_at.astimezone(place.settings.timezone).isoformat() == "2026-11-16T00:00:00+08:00"
    assert new.plan["weighting"]["dimensions"][1]["categories"] == ["2026-10", "2026-11"]
    assert [one["id"] for one in new.plan["units"]] == ["city", "tax", "tax-east", "police"]
    assert (new.questionnaire_id, new.scheme) == (old.questionnaire_id, old.scheme)
    assert {row.point_key: row.scored_unit_id for row in rows} == {
        "AAAA1111": "tax-east",
        "DDDD4444": "police",
        "EEEE5555": "police",
    }


def test_a_new_unit_can_take_part(designer: StrictClient, place: Installation) -> None:
    """A unit the earlier wave did not know is offered, not ticked; once ticked it is scored at its own points."""
    with place.database.write() as connection:
        add_unit(
            connection,
            unit_id="tax-south",
            parent_id="tax",
            kind="office",
            peer_group="tax-offices",
            title={"en": "Tax South"},
            on=date(2026, 9, 1),
        )
        add_point(
            connection, unit_id="tax-south", channel="window", title={"en": "A"}, on=date(2026, 9, 1), key="EEEE5555"
        )
    page = designer.get("/desk/waves/w8/again", 200).text
    assert "Tax South (new)" in page
    assert re.search(r'<input[^>]*value="tax-south"[^>]*>', page)[0].count("checked") == 0  # type: ignore[index]
    answer = designer.send("/desk/waves/w8/again", {**AGAIN, "unit_ids": ["tax-east", "tax-south"]})
    assert answer.location == "/desk/waves/w10"
    with place.database.read() as connection:
        new = load_wave(connection, "w10")
        rows = connection.execute(select(wave_point).where(wave_point.c.wave_id == "w10")).all()
    assert [(one["id"], one["scored"]) for one in new.plan["units"]] == [
        ("city", False),
        ("tax", False),
        ("tax-east", True),
        ("tax-south", True),
    ]
    assert {row.scored_unit_id for row in rows if row.point_key == "EEEE5555"} == {"tax-south"}


def test_ended_units_are_left_out_and_named(designer: StrictClient, place: Installation) -> None:
    """A unit that no longer exists cannot take part again."""
    with place.database.write() as connection:
        end_unit(connection, "police", date(2026, 8, 1), [])
    page = designer.get("/desk/waves/w8/again", 200).text
    assert "left out: police" in page
    assert 'value="police"' not in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"wave_id": "w8"}, "Another wave has this short name."),
        ({"closes_on": "2026-09-01"}, "The last day is before the first."),
        ({"unit_ids": []}, "Tick at least one unit."),
        ({"opens_on": ""}, "Give a date."),
    ],
)
def test_wave_with_a_fault_is_not_drafted(designer: StrictClient, wrong: dict[str, object], words: str) -> None:
    """The fault is named and what was entered stays."""
    answer = designer.send("/desk/waves/w8/again", {**AGAIN, **wrong})
    assert answer.status_code == 200
    assert words in answer.text
    assert "十月" in answer.text
    assert designer.get("/desk/waves/w10").status_code == 404


def test_opening_shows_and_logs_what_is_frozen(designer: StrictClient, place: Installation) -> None:
    """The page shows the plan's hash before opening; opening writes that very hash into the log."""
    with place.database.read() as connection:
        plan_id = content_id(load_wave(connection, "w9").plan)
    page = designer.get("/desk/waves/w9/open", 200).text
    assert plan_id in page
    assert "Some of its points answer for the open wave" in page
    assert designer.send("/desk/waves/w9/open").status_code == 303
    with place.database.read() as connection:
        assert load_wave(connection, "w9").state is WaveState.OPENED
        assert connection.execute(select(log_leaf.c.index).where(log_leaf.c.commitment == plan_id)).scalar() is not None


def test_open_wave_is_not_opened_twice(designer: StrictClient, place: Installation) -> None:
    """The page of an open wave says so and its form does nothing."""
    token = designer.page("/desk/waves/w9/open").token()
    answer = designer.client.post("/desk/waves/w8/open", data={"csrf_token": token})
    assert answer.status_code == 200
    assert "This wave has been opened already." in answer.text


def test_closing_asks_first(designer: StrictClient, place: Installation) -> None:
    """Looking closes nothing; the button closes for good."""
    designer.get("/desk/waves/w8/close", 200)
    with place.database.read() as connection:
        assert load_wave(connection, "w8").state is WaveState.OPENED
    assert designer.send("/desk/waves/w8/close").status_code == 303
    with place.database.read() as connection:
        assert load_wave(connection, "w8").state is WaveState.CLOSED


def table(month: int) -> str:
    return "\n".join(["unit,cell,population", *(",".join(map(str, row)) for row in margin_rows(month))])


def test_margins_are_shown_before_they_are_set(designer: StrictClient, place: Installation) -> None:
    """A checked table is only shown; the second button sets it, once, and the page then shows it with its hash."""
    preview = designer.send("/desk/waves/w6/margins", {"rows": table(6), "step": "check"})
    assert "Look at it before it is set for good" in preview.text
    with place.database.read() as connection:
        assert load_wave(connection, "w6").margins is None
    set_now = designer.send("/desk/waves/w6/margins", {"rows": table(6), "step": "set"})
    assert set_now.status_code == 303
    with place.database.read() as connection:
        assert load_wave(connection, "w6").margins == margin_rows(6)
    assert "They are set for good." in designer.get("/desk/waves/w6/margins", 200).text


def test_margins_table_names_every_row_it_needs(designer: StrictClient) -> None:
    """The table to fill in opens in a spreadsheet; with numbers written in, it is what the page takes."""
    answer = designer.get("/desk/waves/w6/margins.csv", 200)
    assert answer.data.startswith(b"\xef\xbb\xbfunit,cell,population\r\n")
    filled = answer.data.decode("utf-8-sig").replace(",\r\n", ",1000\r\n")
    preview = designer.send("/desk/waves/w6/margins", {"rows": filled, "step": "check"})
    assert "Look at it before it is set for good" in preview.text
    assert "/desk/waves/w6/margins.csv" in designer.get("/desk/waves/w6/margins", 200).text


def test_margins_come_from_a_chinese_spreadsheet(designer: StrictClient) -> None:
    """A file with a byte order mark and tabs is read like the same table in commas."""
    data = ("\ufeff" + table(6).replace(",", "\t")).encode()
    answer = designer.send("/desk/waves/w6/margins", {"rows": "", "step": "check", "file": (io.BytesIO(data), "m.csv")})
    assert "Look at it before it is set for good" in answer.text
    assert decoded("单位".encode("gb18030")) == "单位"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("unit,cell,population", "unit,n", "First line: got unit,n, expected unit,cell,population."),
        ("tax-east,window|2026-06", "moon,window|2026-06", "Line 2: unknown moon; expected one of: tax-east, tax-west"),
        (
            "tax-east,window|2026-06",
            "tax-east,phone|2026-06",
            "Line 2: unknown phone|2026-06; expected one of: window|",
        ),
        ("tax-east,window|2026-06,1000", "tax-east,window|2026-06,many", "Line 2: many is not a whole number."),
        ("tax-east,window|2026-06,1000", "tax-east,window|2026-06,-5", "Line 2: -5 is not a whole number."),
        ("tax-east,window|2026-06,1000", "tax-east,window|2026-06,1,000", "Line 2: got 4 fields, expected 3."),
        ("tax-east,window|2026-06,1000\n", "", "No row for tax-east, window|2026-06."),
        ("tax-east,window", "tax-east,online", "comes twice"),
        ("tax-east,window|2026-06,1000", "tax-east,window|2026-06," + "9" * 30, "is not a whole number"),
    ],
)
def test_margins_with_a_fault_name_it(
    designer: StrictClient, place: Installation, old: str, new: str, fault: str
) -> None:
    """What was got and what was expected is said with its line; such a table cannot be set."""
    answer = designer.send("/desk/waves/w6/margins", {"rows": table(6).replace(old, new), "step": "set"})
    assert answer.status_code == 200
    assert fault in answer.text
    with place.database.read() as connection:
        assert load_wave(connection, "w6").margins is None


def test_census_margins_are_read_by_dimension(app: Flask) -> None:
    """A raked wave takes dimension, category and population, in the order of its plan."""
    plan = {
        "weighting": {"method": "rake", "dimensions": [{"name": "sex", "categories": ["male", "female"]}]},
        "units": [],
    }
    with app.test_request_context():
        read = read_targets("dimension,category,population\nsex,female,52\nsex,male,48\n", plan)
    assert read.problems == []
    assert read.rows == [["sex", "male", 48], ["sex", "female", 52]]


def test_wave_can_ask_a_newer_version_that_its_scheme_can_use(
    place: Installation, log_in: Callable[[str], StrictClient]
) -> None:
    """A newer version with the judged item is offered and taken; one without it is not offered."""
    wish = {"type": "text", "variable": "wish", "text": {"zh-Hans": "建议", "en": "Wish"}}
    overall = QUESTIONNAIRE["sections"][0]["questions"][0]
    newer = {**QUESTIONNAIRE, "sections": [{"questions": [overall, wish]}]}
    useless = {**QUESTIONNAIRE, "sections": [{"questions": [wish]}]}
    with place.database.write() as connection:
        newer_id, useless_id = (publish_questionnaire(connection, one, date(2026, 8, 1)) for one in (newer, useless))
    designer = log_in("designer")
    page = designer.get("/desk/waves/w8/again").text
    assert newer_id in page and useless_id not in page
    refused = designer.send("/desk/waves/w8/again", {**AGAIN, "questionnaire_id": useless_id})
    assert refused.status_code == 200
    designer.send("/desk/waves/w8/again", {**AGAIN, "questionnaire_id": newer_id})
    with place.database.read() as connection:
        assert load_wave(connection, "w10").questionnaire_id == newer_id
