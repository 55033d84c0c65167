"""The public record: it adds up, leaks nothing, and its twins agree."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from complaint_pages import Client, Clock
from portal.complaints.cases import Case, Contact
from portal.complaints.filing import Filed
from portal.complaints.following import judge, withdraw
from portal.complaints.handling import Actor, answer, publish, refuse
from portal.complaints.register import csv_cell
from portal.complaints.states import Kind, Outcome, Refusal, Verdict
from portal.complaints.tables import complaint
from portal.db import Installation

OFFICER = Actor(staff_id=1, units=frozenset({"tax", "tax-east", "police"}), may_answer=True, is_reviewer=False)
REVIEWER = Actor(staff_id=3, units=None, may_answer=False, is_reviewer=True)
File = Callable[..., Filed]


@pytest.fixture
def busy(place: Installation, file: File, clock: Clock) -> list[Case]:
    """Nine cases: 3 answered in time (satisfied, basically, silent), 1 late (dissatisfied, reopened),
    1 late and silent, 1 refused, 1 withdrawn, 1 overdue, 1 in time."""
    cases = [file(subject=f"Case {n}", may_publish=True, contact=Contact(name="Secret Wang")).case for n in range(8)]

    def reply(case: Case) -> None:
        with place.database.write() as connection:
            answer(connection, place.keys, OFFICER, case, Outcome.UPHELD, "Done.", now=place.now())

    def say(case: Case, verdict: Verdict) -> None:
        with place.database.write() as connection:
            from portal.complaints.cases import load_case

            found = load_case(connection, place.keys, complaint.c.id == case.id)
            judge(connection, place.keys, found, verdict, "why", now=place.now(), form_key=case.id.encode())

    for case in cases[:3]:
        reply(case)
    say(cases[0], Verdict.SATISFIED)
    say(cases[1], Verdict.BASICALLY_SATISFIED)
    with place.database.write() as connection:
        refuse(connection, place.keys, OFFICER, cases[5], Refusal.IN_COURT, "Court.", now=place.now())
        withdraw(connection, place.keys, cases[6], now=place.now(), form_key=b"w")
    clock.advance(days=9)
    for case in cases[3:5]:
        reply(case)
    say(cases[3], Verdict.DISSATISFIED)
    return [*cases, file(unit_id="police", subject="Case 8", kind=Kind.PRAISE).case]


def publish_case(place: Installation, case: Case, subject: str, words: str = "Public answer") -> None:
    with place.database.write() as connection:
        publish(connection, place.keys, REVIEWER, case, subject=subject, answer=words, now=place.now())


def test_the_totals_add_up(citizen: Client, busy: list[Case]) -> None:
    """Counted by hand: received = answered in time + late + refused + withdrawn + waiting + overdue."""
    totals = citizen.get("/complaints.json").json["totals"]  # type: ignore[index]
    assert totals == {
        "received": 9,
        "answered": 4,
        "answered_in_time": 3,
        "answered_late": 1,
        "refused": 1,
        "withdrawn": 1,
        "waiting_in_time": 2,
        "waiting_overdue": 1,
        "satisfied": 1,
        "basically_satisfied": 1,
        "dissatisfied": 0,
        "no_verdict": 2,
        "reopened": 1,
    }


def test_silence_is_not_satisfaction(citizen: Client, busy: list[Case]) -> None:
    """Two of four answered are satisfied: 50 %, though nobody else of the judging was dissatisfied."""
    page = citizen.get("/complaints").text
    assert "2 of 4 answered (50%)" in page
    assert "3 of 5 answered or overdue (60%)" in page


def test_a_late_answer_stays_late(
    place: Installation, busy: list[Case], clock: Clock, case_now: Callable[[str], Case]
) -> None:
    """A second answer in time does not wash off that the first was late."""
    case = case_now(busy[3].number)
    with place.database.write() as connection:
        answer(connection, place.keys, OFFICER, case, Outcome.UPHELD, "Again.", now=place.now())
    assert case_now(case.number).was_late


def test_nothing_unpublished_leaks(citizen: Client, busy: list[Case], place: Installation) -> None:
    """Of ten cases one is published: page and twins hold its reviewed words, and of the rest only numbers in totals."""
    publish_case(place, busy[0], "Reviewed words")
    for address in ("/complaints", "/complaints.json", "/complaints.csv", "/complaints.csv?table=units"):
        text = citizen.get(address).text
        assert ("Reviewed words" in text) is ("units" not in address)
        for case in busy[1:]:
            assert case.number not in text
            assert case.subject not in text
        for secret in ("Case 0", "So slow.", "Secret Wang", "Done."):
            assert secret not in text


def test_withdrawing_ends_publication(
    citizen: Client, busy: list[Case], place: Installation, case_now: Callable[[str], Case]
) -> None:
    """A case that its sender withdraws leaves the public record."""
    publish_case(place, busy[7], "Soon gone")
    assert "Soon gone" in citizen.get("/complaints").text
    with place.database.write() as connection:
        withdraw(connection, place.keys, case_now(busy[7].number), now=place.now(), form_key=b"x")
    assert "Soon gone" not in citizen.get("/complaints").text
    assert "Soon gone" not in citizen.get("/complaints.json").text


@pytest.mark.parametrize("query", ["", "?unit=tax", "?unit=police", "?unit=tax-east"])
def test_twins_agree(citizen: Client, busy: list[Case], place: Installation, query: str) -> None:
    """Page, JSON and both CSV files say the same of the same unit."""
    publish_case(place, busy[0], "First")
    publish_case(place, busy[7], "=SUM(A1)", "-1\n+2")
    record = citizen.get(f"/complaints.json{query}").get_json()
    cases = list(csv.DictReader(io.StringIO(citizen.get(f"/complaints.csv{query}").text)))
    units_query = query + ("&" if query else "?") + "table=units"
    units = list(csv.DictReader(io.StringIO(citizen.get(f"/complaints.csv{units_query}").text)))
    page = citizen.get(f"/complaints{query}").text
    assert [one["number"] for one in cases] == [one["number"] for one in record["cases"]]
    assert re.findall(r'<article id="([^"]+)"', page) == [one["number"] for one in record["cases"]]
    assert [csv_cell(one["subject"]) for one in record["cases"]] == [one["subject"] for one in cases]
    names = list(record["totals"])
    assert [{name: one[name] for name in names} for one in record["units"]] == [
        {name: int(one[name]) for name in names} for one in units
    ]
    for name in names:
        assert record["totals"][name] == sum(int(one[name]) for one in units)
    if record["totals"]["received"]:
        assert f"Where the {record['totals']['received']} received cases stand" in page


def test_a_unit_counts_with_those_below_it(citizen: Client, busy: list[Case]) -> None:
    """The bureau's figures are its office's; another bureau's are its own."""
    assert citizen.get("/complaints.json?unit=tax").get_json()["totals"]["received"] == 8
    assert citizen.get("/complaints.json?unit=police").get_json()["totals"]["received"] == 1
    citizen.get("/complaints?unit=nowhere", 404)


def test_empty_says_so(citizen: Client) -> None:
    """With no case at all the page says so, and the twins are empty tables."""
    page = citizen.get("/complaints").text
    assert "Nothing has been received yet." in page
    assert "No case has been published here yet." in page
    assert citizen.get("/complaints.csv").text.count("\n") == 1


def test_pages_turn(citizen: Client, file: File, place: Installation) -> None:
    """Forty-one published cases stand on three pages, each once; an odd page number is the first page."""
    for number in range(41):
        publish_case(place, file(may_publish=True).case, f"Subject {number}")
    seen = [
        n for page in (1, 2, 3) for n in re.findall(r"<h3>(.*?)</h3>", citizen.get(f"/complaints?page={page}").text)
    ]
    assert sorted(seen) == sorted(f"Subject {n}" for n in range(41))
    assert len(citizen.get("/complaints.json").get_json()["cases"]) == 41
    for odd in ("0", "-1", "x", "²", "9" * 50):
        citizen.get(f"/complaints?page={odd}")


@pytest.mark.parametrize(
    "start",
    ["=", "+", "-", "@", "\t", "\r", "＝", "\n"],
    ids=["eq", "plus", "minus", "at", "tab", "cr", "wide", "lf"],
)
def test_cells_never_run(start: str) -> None:
    """What a spreadsheet would run gets an apostrophe in front."""
    assert csv_cell(start + "cmd") == "'" + start + "cmd"
    assert csv_cell("a" + start) == "a" + start


def test_published_words_are_shown_as_text(citizen: Client, file: File, place: Installation) -> None:
    """Markup in a published answer is shown, not obeyed."""
    publish_case(place, file(may_publish=True).case, "<b>x</b>", "<script>alert(1)</script>")
    page = citizen.get("/complaints").text
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;x" in page


def test_the_stored_public_words_are_the_reviewers(file: File, place: Installation) -> None:
    """The words of the sender are not among the public columns before or after publication."""
    case = file(may_publish=True, subject="My own words").case
    publish_case(place, case, "Reviewed")
    with place.database.read() as connection:
        row = connection.execute(select(complaint.c.public_subject, complaint.c.public_answer)).one()
    assert tuple(row) == ("Reviewed", "Public answer")
