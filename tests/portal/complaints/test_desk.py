"""Cases at the desk: who sees what, and each step from the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from complaint_pages import SECRETS, Client, Clock, number_on, send_case
from portal.accounts.tables import AuditEntry
from portal.complaints.cases import Case
from portal.complaints.filing import Filed
from portal.complaints.states import Kind
from portal.db import Installation

LogIn = Callable[[str], Client]
File = Callable[..., Filed]


def press(client: Client, number: str, step: str, data: dict[str, str] | None = None, status: int = 303) -> str:
    """Open the case and send the form of this step."""
    page = client.get(f"/desk/complaints/{number}").text
    return client.press(page, f"/desk/complaints/{number}/{step}", data, status).text


def test_officers_see_their_units_only(log_in: LogIn, file: File) -> None:
    """The tax officer sees the tax offices' cases, the constable the police's; the other's case is not even there."""
    tax, police = file(subject="Tax matter").case, file(unit_id="police", subject="Police matter").case
    officer, constable = log_in("officer"), log_in("constable")
    assert "Tax matter" in officer.get("/desk/complaints").text
    assert "Police matter" not in officer.get("/desk/complaints").text
    assert "Tax matter" not in constable.get("/desk/complaints").text
    constable.get(f"/desk/complaints/{tax.number}", 404)
    officer.get(f"/desk/complaints/{police.number}", 404)
    officer.get("/desk/complaints?unit=police")


def test_every_step_refuses_a_stranger(log_in: LogIn, file: File, case_now: Callable[[str], Case]) -> None:
    """An officer of another unit who posts to a case by its address finds nothing there, and nothing changes."""
    case, constable = file(unit_id="tax-east").case, log_in("constable")
    own = file(unit_id="police").case
    page = constable.get(f"/desk/complaints/{own.number}").text
    for step in ("accept", "answer", "refuse", "note"):
        from desk_pages import Page

        form = next(one for one in Page(page).forms if one["action"] == f"/desk/complaints/{own.number}/{step}")
        data = {**form["names"], f"{step}-text": "x", "answer-outcome": "upheld", "refuse-refusal": "in_court"}
        constable.post(f"/desk/complaints/{case.number}/{step}", data, 404)
    assert case_now(case.number) == case


@pytest.mark.parametrize("words", [{"is_conflicted": True}, {"kind": Kind.REPORT}], ids=["flagged", "report"])
def test_a_case_never_reaches_the_unit_it_is_about(log_in: LogIn, file: File, words: dict[str, object]) -> None:
    """Flagged by its sender, or a report of wrongdoing: reviewers see and answer it, officers and others do not."""
    case = file(subject="About the head of this office", **words).case
    for name in ("officer", "administrator"):
        client = log_in(name)
        assert "About the head" not in client.get("/desk/complaints").text
        client.get(f"/desk/complaints/{case.number}", 404)
    reviewer = log_in("reviewer")
    press(reviewer, case.number, "answer", {"answer-outcome": "upheld", "answer-text": "He was moved."})
    assert "He was moved." in reviewer.get(f"/desk/complaints/{case.number}").text


def test_a_reviewer_keeps_a_case_from_its_unit(log_in: LogIn, file: File) -> None:
    """From that press on the unit's officer finds nothing; given back, it is there again."""
    case, officer, reviewer = file().case, log_in("officer"), log_in("reviewer")
    press(reviewer, case.number, "conflict")
    officer.get(f"/desk/complaints/{case.number}", 404)
    press(reviewer, case.number, "conflict")
    officer.get(f"/desk/complaints/{case.number}")


def test_the_contact_is_opened_and_that_is_recorded(citizen: Client, log_in: LogIn, place: Installation) -> None:
    """List and case show no contact; the unit's officer opens it, once, in the audit trail and the history."""
    number = number_on(send_case(citizen).text)
    officer = log_in("officer")
    for address in ("/desk/complaints", f"/desk/complaints/{number}"):
        assert not any(secret in officer.get(address).text for secret in SECRETS[:3])
    opened = press(officer, number, "contact", status=200)
    assert "13800138000" in opened
    again = officer.get(f"/desk/complaints/{number}").text
    assert "13800138000" not in again
    assert "Contact details opened" in again
    with place.database.read() as connection:
        entry = connection.execute(select(AuditEntry.action, AuditEntry.subject)).one()
    assert tuple(entry) == ("open contact of case", number)


@pytest.mark.parametrize("name", ["reviewer", "administrator"])
def test_others_read_a_case_and_not_its_contact(citizen: Client, log_in: LogIn, name: str) -> None:
    """Reviewers and administrators are offered neither the contact nor an answer of a case that is the unit's."""
    number = number_on(send_case(citizen).text)
    page = log_in(name).get(f"/desk/complaints/{number}").text
    assert "tore up my form" in page
    assert f"/desk/complaints/{number}/contact" not in page
    assert f"/desk/complaints/{number}/answer" not in page


def test_other_roles_stay_outside(log_in: LogIn, file: File, citizen: Client) -> None:
    """A designer is refused, a visitor sent to the log-in."""
    number = file().case.number
    log_in("designer").get(f"/desk/complaints/{number}", 403)
    citizen.get("/desk/complaints", 302)


def test_from_acceptance_to_publication(citizen: Client, log_in: LogIn, place: Installation) -> None:
    """Accepted, noted, answered by the officer; published by the reviewer in words of their own; taken out again."""
    number = number_on(send_case(citizen, may_publish="y").text)
    officer, reviewer = log_in("officer"), log_in("reviewer")
    press(officer, number, "accept")
    press(officer, number, "note", {"note-text": "Ask Zhao."})
    press(officer, number, "answer", {"answer-outcome": "partly_upheld", "answer-text": "Dear Mr Wang, sorry."})
    press(reviewer, number, "publish", {"publish-subject": "A long wait", "publish-answer": "The clerk apologised."})
    page = citizen.get("/complaints").text
    assert "The clerk apologised." in page
    assert "Dear Mr Wang" not in page
    press(reviewer, number, "unpublish")
    assert "A long wait" not in citizen.get("/complaints").text
    with place.database.read() as connection:
        actions = connection.execute(select(AuditEntry.action)).scalars().all()
    assert actions == ["accept case", "note on case", "answer case", "publish case", "unpublish case"]


def test_no_consent_no_button(citizen: Client, log_in: LogIn) -> None:
    """Without the sender's consent the reviewer is offered no publication."""
    number = number_on(send_case(citizen).text)
    assert "/publish" not in log_in("reviewer").get(f"/desk/complaints/{number}").text


def test_a_faulty_answer_keeps_its_words(log_in: LogIn, file: File, case_now: Callable[[str], Case]) -> None:
    """Without an outcome nothing is sent, and the text is still in the form."""
    case, officer = file().case, log_in("officer")
    page = press(officer, case.number, "answer", {"answer-text": "A long answer"}, status=400)
    assert "A long answer" in page
    assert 'href="#answer-outcome"' in page
    assert case_now(case.number) == case


def test_two_officers_at_once(log_in: LogIn, file: File) -> None:
    """Who answers from a page that is out of date is told so, and the first answer stands."""
    case, officer = file().case, log_in("officer")
    address = f"/desk/complaints/{case.number}/answer"
    old = officer.get(f"/desk/complaints/{case.number}").text
    officer.press(old, address, {"answer-outcome": "upheld", "answer-text": "First"}, 303)
    officer.press(old, address, {"answer-outcome": "not_upheld", "answer-text": "Second"}, 409)
    page = officer.get(f"/desk/complaints/{case.number}").text
    assert "First" in page
    assert "Second" not in page


def test_a_forged_post_is_not_taken(log_in: LogIn, file: File, case_now: Callable[[str], Case]) -> None:
    """Without the session's token nothing happens."""
    case, officer = file().case, log_in("officer")
    officer.post(f"/desk/complaints/{case.number}/accept", {}, 400)
    assert case_now(case.number) == case


def test_the_list_filters(log_in: LogIn, file: File, clock: Clock) -> None:
    """By state, by unit and by overdue; the most urgent first; nonsense is no filter."""
    file(subject="Old one")
    clock.advance(days=9)
    file(subject="New one")
    officer = log_in("officer")
    page = officer.get("/desk/complaints").text
    assert page.index("Old one") < page.index("New one")
    overdue = officer.get("/desk/complaints?overdue=1").text
    assert "Old one" in overdue
    assert "New one" not in overdue
    assert "Old one" not in officer.get("/desk/complaints?state=answered").text
    assert "Old one" in officer.get("/desk/complaints?unit=tax").text
    assert "Old one" in officer.get("/desk/complaints?unit=nonsense&state=nonsense&page=nonsense").text
