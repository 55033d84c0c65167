"""A draft looked at and tried out: preview, test links, translation."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from desk_city import NOW, QUESTIONNAIRE
from desk_pages import StrictClient
from portal.accounts.tables import Staff
from portal.db import Installation
from portal.respond.trial import trial_token
from survey.drafts import change, create_draft, discard, load_draft
from survey.storage.tables import log_pending, response, trial_answer
from survey.trials import MOST_TRIALS, trials

WHY = {
    "type": "text",
    "variable": "why",
    "show_if": "${overall} <= 2",
    "text": {"zh-Hans": "为什么？", "en": "Why?"},
}


def document() -> dict[str, Any]:
    made = copy.deepcopy(QUESTIONNAIRE)
    made["sections"][0]["questions"].append(copy.deepcopy(WHY))
    return made


@pytest.fixture
def draft_id(place: Installation) -> str:
    with place.database.write() as connection:
        by = connection.execute(select(Staff.id).where(Staff.email == "designer@example.org")).scalar_one()
        return create_draft(connection, document(), by=str(by), now=NOW)


def shown(page: str) -> str:
    """What people see at once: without what waits in templates."""
    return re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)


def test_preview_walks_and_tells_what_would_be_recorded(log_in: Callable[[str], StrictClient], draft_id: str) -> None:
    """First only what everybody is asked; after an answer what follows from it, and what would be recorded."""
    designer = log_in("designer")
    address = f"/desk/questionnaires/drafts/{draft_id}/preview"
    assert "Why?" not in shown(designer.get(address, 200).text).split('class="bench"')[1]
    answer = designer.send(address, {"overall": "1"})
    assert "Why?" in shown(answer.text)
    assert "This would be recorded." in answer.text and "not asked" not in answer.text
    happy = designer.send(address, {"overall": "5"})
    assert "not asked" in happy.text


def test_preview_speaks_the_language_of_its_choice(log_in: Callable[[str], StrictClient], draft_id: str) -> None:
    """The frame is in the chosen language, buttons of the portal included; the desk around it is not."""
    page = log_in("designer").get(f"/desk/questionnaires/drafts/{draft_id}/preview?in=zh-Hans", 200).text
    frame = page.split('class="phone"')[1].split("</form>")[0]
    assert "您满意吗？" in frame and "提交" in frame
    assert "<h1" in page and "Preview" in page


def test_preview_jumps_to_a_question_with_answers_that_lead_there(
    log_in: Callable[[str], StrictClient], draft_id: str
) -> None:
    """The question that only some are asked stands on the page at once."""
    page = log_in("designer").get(f"/desk/questionnaires/drafts/{draft_id}/preview?at=why", 200).text
    assert 'id="why"' in shown(page)


@pytest.mark.parametrize("walk", ["nonsense", "[]", '{"overall": ["99"], "other": ["x"]}', '{"overall": 3}'])
def test_preview_takes_any_walk(log_in: Callable[[str], StrictClient], draft_id: str, walk: str) -> None:
    """A walk in the address that makes no sense breaks nothing."""
    client = log_in("designer")
    answer = client.client.get(f"/desk/questionnaires/drafts/{draft_id}/preview", query_string={"walk": walk})
    assert answer.status_code == 200


def test_trial_answers_stand_apart(
    app: Flask, place: Installation, visitor: StrictClient, log_in: Callable[[str], StrictClient], draft_id: str
) -> None:
    """Whoever has the link answers; the answer is kept as a test, nothing reaches responses or the log."""
    with app.app_context():
        address = f"/try/{trial_token(draft_id, 1)}"
    with place.database.read() as connection:
        before = [
            connection.execute(select(func.count()).select_from(one)).scalar_one() for one in (response, log_pending)
        ]
    page = visitor.client.get(address, headers={"Accept-Language": "en"})
    assert page.status_code == 200 and "test" in page.text and "Set-Cookie" not in page.headers
    further = visitor.client.post(address, data={"overall": "1"}, headers={"Accept-Language": "en"})
    assert "Why?" in shown(further.text)
    done = visitor.client.post(
        address, data={"overall": "1", "why": "It took long.", "seen": "why"}, headers={"Accept-Language": "en"}
    )
    assert "Kept as a test" in done.text
    with place.database.read() as connection:
        kept = trials(connection, draft_id)
        after = [
            connection.execute(select(func.count()).select_from(one)).scalar_one() for one in (response, log_pending)
        ]
    assert [(one["mode"], one["answers"], one["texts"]) for one in kept] == [
        ("test", {"overall": 1}, {"why": "It took long."})
    ]
    assert before == after
    designer = log_in("designer")
    listed = designer.get(f"/desk/questionnaires/drafts/{draft_id}/trials", 200).text
    assert "It took long." in listed
    designer.send(
        f"/desk/questionnaires/drafts/{draft_id}/trials/delete", opened=f"/desk/questionnaires/drafts/{draft_id}/trials"
    )
    with place.database.read() as connection:
        assert trials(connection, draft_id) == []


def test_test_links_end(app: Flask, place: Installation, visitor: StrictClient, draft_id: str) -> None:
    """A changed link, one to a revision that never was and one to a discarded draft lead nowhere."""
    with app.app_context():
        good, never = trial_token(draft_id, 1), trial_token(draft_id, 9)
    assert visitor.client.get(f"/try/{good}").status_code == 200
    assert visitor.client.get(f"/try/{good[:-2]}xx").status_code == 404
    assert visitor.client.get(f"/try/{never}").status_code == 404
    with place.database.write() as connection:
        discard(connection, draft_id, seen=1)
    assert visitor.client.get(f"/try/{good}").status_code == 404


def test_trials_of_a_draft_are_limited(app: Flask, place: Installation, visitor: StrictClient, draft_id: str) -> None:
    """Who floods a test link fills no database: the answer is read and shown, and not kept."""
    rows = [
        {"id": f"{number:032x}", "draft_id": draft_id, "revision": 1, "day": NOW.date(), "body": "{}"}
        for number in range(MOST_TRIALS)
    ]
    with place.database.write() as connection:
        connection.execute(trial_answer.insert(), rows)
    with app.app_context():
        address = f"/try/{trial_token(draft_id, 1)}"
    answer = visitor.client.post(address, data={"overall": "5"}, headers={"Accept-Language": "en"})
    assert "not kept" in answer.text


def test_translation_saves_what_changed_and_nothing_else(
    place: Installation, log_in: Callable[[str], StrictClient], draft_id: str
) -> None:
    """Two people translate different texts at a time; both are kept. The same text twice is a conflict."""
    designer = log_in("designer")
    address = f"/desk/questionnaires/drafts/{draft_id}/translate?source=zh-Hans&target=en"
    page = designer.get(address, 200).text
    assert "您满意吗？" in page and "Were you satisfied?" in page

    def elsewhere(made: dict[str, Any]) -> dict[str, Any]:
        title = {**made["title"], "en": "Rating of service"}
        return {**made, "title": title}

    token = designer.page(address).token()
    with place.database.write() as connection:
        change(
            connection,
            draft_id,
            elsewhere,
            seen=1,
            touches=lambda made: made["title"],
            action="x",
            by="9",
            now=NOW + timedelta(minutes=1),
        )
    path = "t:sections/0/questions/0/text"
    sent = {"csrf_token": token, "seen": "1", path: "Are you content?", f"was:{path[2:]}": "Were you satisfied?"}
    assert designer.client.post(address, data=sent).status_code == 303
    with place.database.read() as connection:
        made = load_draft(connection, draft_id).document
    assert made["title"]["en"] == "Rating of service"
    assert made["sections"][0]["questions"][0]["text"]["en"] == "Are you content?"
    stale = {**sent, path: "Satisfied?", "seen": "1"}
    conflict = designer.client.post(address, data=stale)
    assert conflict.status_code == 409 and "Satisfied?" in conflict.text
