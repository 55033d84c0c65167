"""Following: the code alone leads to the case; verdict, message and withdrawal count once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from complaint_pages import Client, Clock, code_on, number_on, send_case
from portal.complaints.cases import Case
from portal.complaints.filing import Filed
from portal.complaints.handling import Actor, answer, refuse
from portal.complaints.states import Outcome, Refusal, State
from portal.complaints.tables import complaint, complaint_event
from portal.db import Installation

OFFICER = Actor(staff_id=1, units=frozenset({"tax", "tax-east"}), may_answer=True, is_reviewer=False)


@pytest.fixture
def give_answer(place: Installation) -> Callable[..., None]:
    """`give_answer(case)`: the unit answers."""

    def give(case: Case, text: str = "We looked into it.") -> None:
        now = place.now().astimezone(place.settings.timezone)
        with place.database.write() as connection:
            answer(connection, place.keys, OFFICER, case, Outcome.UPHELD, text, now=now)

    return give


def track(client: Client, code: str, status: int = 200) -> str:
    return client.post("/complaints/track", {"code": code}, status).text


def test_the_code_alone_shows_the_case(citizen: Client) -> None:
    """Read forgivingly: small letters, no hyphens, O for 0."""
    receipt = send_case(citizen).text
    page = track(citizen, code_on(receipt).lower().replace("-", " ").replace("0", "o"))
    assert number_on(receipt) in page
    assert "Waited three hours" in page
    assert "wang@example.org" not in page


def test_number_and_code_must_belong_together(citizen: Client, file: Callable[..., Filed]) -> None:
    """Another case's number beside a code shows nothing."""
    first, second = file(), file()
    citizen.post("/complaints/track", {"code": first.code, "number": second.case.number}, 404)
    citizen.post("/complaints/track", {"code": first.code, "number": f" {first.case.number.lower()} "})


@pytest.mark.parametrize("code", ["", "0000-0000-0000", "é" * 40, "x" * 5000], ids=["none", "wrong", "odd", "long"])
def test_a_wrong_code_shows_nothing(citizen: Client, code: str) -> None:
    """The page comes back with what to do."""
    assert "No case has this code" in track(citizen, code, 404)


def test_overdue_is_said_plainly(citizen: Client, file: Callable[..., Filed], clock: Clock) -> None:
    """In time on the due day; the day after it is one day overdue; a weekend adds none."""
    filed = file()
    clock.advance(days=7)
    assert "overdue" not in track(citizen, filed.code)
    clock.advance(days=1)
    assert "1 day overdue. It was due by August 17, 2026" in track(citizen, filed.code)
    clock.advance(days=6)
    assert "5 days overdue" in track(citizen, filed.code)


def test_satisfied_closes(
    citizen: Client, file: Callable[..., Filed], case_now: Callable[[str], Case], give_answer: Callable[..., None]
) -> None:
    """A satisfied verdict closes the case; the answer was shown before."""
    filed = file()
    give_answer(filed.case, "The clerk apologises.")
    page = track(citizen, filed.code)
    assert "The clerk apologises." in page
    citizen.press(page, "/complaints/track/verdict", {"verdict": "satisfied"})
    case = case_now(filed.case.number)
    assert (case.state, case.verdict) == (State.CLOSED, "satisfied")


def test_dissatisfied_reopens_once(
    citizen: Client,
    file: Callable[..., Filed],
    case_now: Callable[[str], Case],
    give_answer: Callable[..., None],
    clock: Clock,
) -> None:
    """The first time a new clock runs from that day; the second time the case is closed, dissatisfied."""
    filed = file()
    give_answer(filed.case)
    clock.advance(days=2)
    wanted = {"verdict": "dissatisfied", "reason": "Nothing was said of my form."}
    citizen.press(track(citizen, filed.code), "/complaints/track/verdict", wanted)
    case = case_now(filed.case.number)
    assert (case.state, case.answered_on, case.due_on.isoformat()) == (State.REOPENED, None, "2026-08-19")
    give_answer(case)
    citizen.press(track(citizen, filed.code), "/complaints/track/verdict", wanted)
    case = case_now(filed.case.number)
    assert (case.state, case.verdict) == (State.CLOSED, "dissatisfied")


def test_dissatisfied_needs_a_reason(
    citizen: Client, file: Callable[..., Filed], case_now: Callable[[str], Case], give_answer: Callable[..., None]
) -> None:
    """Without one the case stays answered and the form says what is missing."""
    filed = file()
    give_answer(filed.case)
    page = citizen.press(track(citizen, filed.code), "/complaints/track/verdict", {"verdict": "dissatisfied"}, 400).text
    assert 'href="#reason"' in page
    assert case_now(filed.case.number).state is State.ANSWERED


def test_a_verdict_counts_once(
    citizen: Client, file: Callable[..., Filed], case_now: Callable[[str], Case], give_answer: Callable[..., None]
) -> None:
    """A double tap on "dissatisfied" reopens and does not close; a verdict from an old page changes nothing."""
    filed = file()
    give_answer(filed.case)
    page, old = track(citizen, filed.code), track(citizen, filed.code)
    wanted = {"verdict": "dissatisfied", "reason": "no"}
    citizen.press(page, "/complaints/track/verdict", wanted)
    citizen.press(page, "/complaints/track/verdict", wanted)
    citizen.press(old, "/complaints/track/verdict", {"verdict": "satisfied"}, 409)
    assert case_now(filed.case.number).state is State.REOPENED


def test_a_message_counts_once(citizen: Client, file: Callable[..., Filed], place: Installation) -> None:
    """Sent twice from one page it stands once in the history; from two pages, twice."""
    filed = file()
    page, other = track(citizen, filed.code), track(citizen, filed.code)
    for one in (page, page, other):
        citizen.press(one, "/complaints/track/message", {"text": "One more thing"})
    with place.database.read() as connection:
        query = select(func.count()).where(complaint_event.c.kind == "messaged")
        assert connection.execute(query).scalar_one() == 2


def test_a_tampered_token_keeps_the_message(citizen: Client, file: Callable[..., Filed], place: Installation) -> None:
    """Nothing is recorded, and the words stand in the form."""
    filed = file()
    page = citizen.press(
        track(citizen, filed.code), "/complaints/track/message", {"text": "Keep me", "token": "AAAA"}, 400
    ).text
    assert "Keep me" in page
    with place.database.read() as connection:
        assert connection.execute(select(complaint_event.c.kind)).scalars().all() == ["filed"]


def test_withdrawal_is_asked_twice_and_erases_the_contact(citizen: Client, place: Installation) -> None:
    """The first press asks; the second withdraws, and who filed the case is gone."""
    code = code_on(send_case(citizen).text)
    asked = citizen.press(track(citizen, code), "/complaints/track/withdraw").text
    with place.database.read() as connection:
        assert connection.execute(select(complaint.c.state)).scalar_one() == "received"
    page = citizen.press(asked, "/complaints/track/withdraw").text
    assert "Withdrawn" in page
    with place.database.read() as connection:
        row = connection.execute(select(complaint.c.state, complaint.c.contact)).one()
    assert tuple(row) == ("withdrawn", None)


def test_a_refused_case_says_why(citizen: Client, file: Callable[..., Filed], place: Installation) -> None:
    """The listed reason and the explanation stand on the page, and nothing more can be sent."""
    filed = file()
    with place.database.write() as connection:
        refuse(connection, place.keys, OFFICER, filed.case, Refusal.IN_COURT, "Case 12 of the court.", now=place.now())
    page = track(citizen, filed.code)
    assert "A court or an arbitration deals with it" in page
    assert "Case 12 of the court." in page
    assert "/complaints/track/message" not in page


def test_internal_notes_stay_inside(citizen: Client, file: Callable[..., Filed], place: Installation) -> None:
    """What staff write for themselves is not in the citizen's history."""
    from portal.complaints.handling import note

    filed = file()
    with place.database.write() as connection:
        note(connection, place.keys, OFFICER, filed.case, "known troublemaker?", now=place.now())
    assert "troublemaker" not in track(citizen, filed.code)


@pytest.mark.parametrize(("accept", "tag"), [("en", "en"), ("zh-CN", "zh-Hans")])
def test_the_case_in_both_languages(citizen: Client, file: Callable[..., Filed], accept: str, tag: str) -> None:
    """Receipt and case say in which language they are."""
    citizen.language = accept
    receipt = send_case(citizen).text
    assert f'<html lang="{tag}"' in receipt
    assert f'<html lang="{tag}"' in track(citizen, code_on(receipt))
