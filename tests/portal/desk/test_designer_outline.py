"""The outline: what it shows, and every button on it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from browser_forms import Form, button_of, form_with, forms_of, press
from desk_city import DRAFT, NOW
from desk_pages import StrictClient
from portal.accounts.tables import AuditEntry
from portal.db import Installation
from survey import drafts, editing
from survey.drafts import Draft
from survey.editing import Document, question_of

BASE = f"/desk/questionnaires/drafts/{DRAFT}"


@pytest.fixture
def designer(log_in: Callable[[str], StrictClient]) -> StrictClient:
    return log_in("designer")


def stored(place: Installation) -> Draft:
    with place.database.read() as connection:
        return drafts.load_draft(connection, DRAFT)


def changed(place: Installation, make: Callable[[Document], Document], *, by: str = "1") -> Draft:
    """Somebody else's change."""
    with place.database.write() as connection:
        newest = drafts.load_draft(connection, DRAFT)
        return drafts.change(
            connection,
            DRAFT,
            make,
            seen=newest.revision,
            touches=lambda document: document,
            action="edit wish",
            by=by,
            now=NOW - timedelta(minutes=3),
        )


def row_of(page: str, variable: str) -> Form:
    """The buttons of one question."""
    return next(
        form
        for form in forms_of(page)
        if any(one.get("formaction", "").endswith(f"/questions/{variable}/delete") for one in form.buttons)
    )


def act(designer: StrictClient, variable: str, ending: str, value: str = "") -> Any:
    """Press a button of a question on the outline."""
    page = designer.get(BASE, 200).text
    row = row_of(page, variable)
    wanted = {"formaction": ending} | ({"value": value} if value else {})
    return press(designer, BASE, page, row, button=button_of(row, **wanted))


def names(place: Installation) -> list[list[str]]:
    return editing.order(stored(place).document)


def test_the_outline_tells_each_question(designer: StrictClient) -> None:
    """Type, words, variable, choices, rows, checks, conditions in words, and whether an answer is required."""
    page = designer.get(BASE, 200).text
    assert "Service rating · <code>overall</code> · 5 choices" in page
    assert "Table · <code>aspects</code> · 3 choices · 2 rows" in page
    assert "One choice · <code>first_visit</code> · 2 choices · 1 check" in page
    assert "“How satisfied were you?” is at most “Fair” (3) and “Which visit is this?” was answered" in page
    assert "Ends the survey if “How many minutes did you wait?” is more than 500" in page
    assert page.count('class="must"') == 1
    assert "must be mended" not in page


def test_a_text_in_another_language_is_marked(designer: StrictClient, place: Installation) -> None:
    """Where the page's language lacks, another one stands in, with its tag; its number is told once, above."""
    changed(place, lambda document: editing.set_texts(document, {"sections/0/questions/2/text": {"en": ""}}))
    page = designer.get(BASE, 200).text
    assert '<span lang="zh-Hans" dir="auto">您对本次服务满意吗？</span> <span class="tag">zh-Hans</span>' in page
    assert "1 text lacks in English (en)." in page


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("show_if", "${wish} = 1", "Condition: wish is asked here or later, so it is not known yet."),
        ("show_if", "${gone} = 1", "Condition: No question has the variable gone."),
        ("show_if", "${overall} =", "Condition: Something lacks at its end."),
        ("end_if", "${overall} = 1 )", "End of the survey: It cannot be read from character 16 on: )"),
        (
            "text",
            {"zh-Hans": "?", "en": "${lives}?"},
            "A text shows the answer to lives, which no earlier question asks.",
        ),
        ("choices", [{"code": 1, "text": {"zh-Hans": "一", "en": "1"}}], "At least 2 are needed."),
        ("choices", [{"code": 1, "text": {"zh-Hans": "一", "en": "1"}}] * 2, "Two choices have the same code."),
    ],
)
def test_problems_stand_beside_their_question(
    designer: StrictClient, place: Installation, part: str, value: Any, words: str
) -> None:
    """In plain words of the page's language, at the question, and counted above."""

    def spoil(document: Document) -> Document:
        done = copy.deepcopy(document)
        question_of(done, "first_visit")[part] = value
        return done

    changed(place, spoil)
    page = designer.get(BASE, 200).text
    row = page[page.index('id="first_visit"') : page.index('id="window"')]
    assert words in row
    assert "1 thing must be mended" in page
    designer.language = "zh-Hans"
    designer.get(BASE, 200)


def test_problems_of_the_whole_are_told(designer: StrictClient, place: Installation) -> None:
    """What only the document model finds is told too, beside the question that it names."""

    def spoil(document: Document) -> Document:
        done = copy.deepcopy(document)
        done["sections"][0]["shuffled"] = True
        return done

    changed(place, spoil)
    assert "must be mended" in designer.get(BASE, 200).text


def test_up_and_down(designer: StrictClient, place: Installation) -> None:
    """One place at a time, at the end of a section over into the next; one lands on the question."""
    answer = act(designer, "overall", "/move", "down")
    assert answer.location == f"{BASE}#overall"
    assert names(place)[0][2:4] == ["first_visit", "overall"]
    act(designer, "overall", "/move", "up")
    assert names(place)[0][2:4] == ["overall", "first_visit"]
    act(designer, "aspects", "/move", "down")
    assert names(place)[1][0] == "aspects"
    act(designer, "aspects", "/move", "up")
    assert names(place)[0][-1] == "aspects"
    act(designer, "agrees", "/move", "up")
    assert stored(place).revision == 5  # the first cannot go up: no revision is made of that


def test_move_to_a_place(designer: StrictClient, place: Installation) -> None:
    """Any place of any section, named by the question before it."""
    address = f"{BASE}/questions/overall/move"
    page = designer.get(address, 200).text
    form = form_with(page, "to")
    press(designer, address, page, form, {"to": "1:minutes"})
    assert names(place)[1] == ["order_of", "effort", "recommend", "minutes", "overall", "visited", "lives", "wish"]
    press(designer, address, page, form_with(designer.get(address).text, "to"), {"to": "0:"})
    assert names(place)[0][0] == "overall"


def test_duplicate_lands_on_the_copy(designer: StrictClient, place: Installation) -> None:
    """Right below, with names of its own."""
    assert act(designer, "aspects", "/duplicate").location == f"{BASE}#aspects_2"
    assert names(place)[0][-2:] == ["aspects", "aspects_2"]


def test_delete_and_undo(designer: StrictClient, place: Installation) -> None:
    """At once where nobody reads it; undo, named on the button, brings it back; the audit trail keeps who did it."""
    assert act(designer, "visited", "/delete").location == f"{BASE}#lives"
    page = designer.get(BASE, 200).text
    assert "Undo: delete visited" in page
    form = form_with(page, "seen")
    press(designer, BASE, page, form, button=button_of(form, formaction="/undo"))
    assert "visited" in names(place)[1]
    page = designer.get(BASE, 200).text
    assert "Redo: delete visited" in page
    form = form_with(page, "seen")
    press(designer, BASE, page, form, button=button_of(form, formaction="/redo"))
    assert "visited" not in names(place)[1]
    with place.database.read() as connection:
        entry = connection.execute(select(AuditEntry.action, AuditEntry.subject, AuditEntry.detail)).all()[-1]
    assert tuple(entry) == ("delete question", DRAFT, "visited")


def test_delete_asks_where_others_read_it(designer: StrictClient, place: Installation) -> None:
    """They are named first; confirmed, it is deleted and their problems are shown."""
    answer = act(designer, "overall", "/delete")
    assert answer.status_code == 200
    assert "<code>channels</code>" in answer.text
    assert "section 2" in answer.text
    address = f"{BASE}/questions/overall/delete"
    press(designer, address, answer.text, form_with(answer.text, "sure"))
    assert "overall" not in names(place)[0]
    assert "No question has the variable overall." in designer.get(BASE, 200).text


def test_delete_pressed_twice_is_no_error(designer: StrictClient) -> None:
    """The second finds nothing and says so."""
    page = designer.get(BASE, 200).text
    row = row_of(page, "visited")
    for words in ("Deleted: visited", "This question is no longer there."):
        answer = press(designer, BASE, page, row, button=button_of(row, formaction="/delete"))
        assert answer.status_code == 303
        assert words in designer.get(BASE, 200).text


def test_an_old_page_cannot_undo_what_it_does_not_show(designer: StrictClient, place: Installation) -> None:
    """Somebody else's change meanwhile stays."""
    act(designer, "visited", "/delete")
    page = designer.get(BASE, 200).text
    changed(place, lambda document: editing.add_section(document, 2))
    form = form_with(page, "seen")
    press(designer, BASE, page, form, button=button_of(form, formaction="/undo"))
    assert "nothing was undone" in designer.get(BASE, 200).text
    assert len(names(place)) == 3


def test_who_else_works_on_it_is_shown(designer: StrictClient, place: Installation) -> None:
    """Within ten minutes, by name; oneself is nobody else."""
    assert "is working on it too" not in designer.get(BASE, 200).text
    changed(place, lambda document: editing.add_section(document, 2))
    assert "Administrator Li is working on it too" in designer.get(BASE, 200).text


def section_button(designer: StrictClient, at: int, ending: str) -> Any:
    page = designer.get(BASE, 200).text
    form = next(
        one
        for one in forms_of(page)
        if any(button.get("formaction", "").endswith(f"/sections/{at}/{ending}") for button in one.buttons)
    )
    return press(designer, BASE, page, form, button=button_of(form, formaction=f"/sections/{at}/{ending}"))


def test_sections_are_added_moved_and_deleted(designer: StrictClient, place: Installation) -> None:
    """An empty one goes at once, one with questions after they were named."""
    section_button(designer, 1, "add")
    assert [len(one) for one in names(place)] == [7, 0, 7]
    assert "This section has no question yet." in designer.get(BASE, 200).text
    section_button(designer, 1, "move")
    assert [len(one) for one in names(place)] == [0, 7, 7]
    section_button(designer, 0, "delete")
    assert [len(one) for one in names(place)] == [7, 7]
    answer = section_button(designer, 1, "delete")
    assert "7 questions go with it" in answer.text
    press(designer, f"{BASE}/sections/1/delete", answer.text, form_with(answer.text, "sure"))
    assert len(names(place)) == 1


def test_history_looks_back_and_goes_back(designer: StrictClient, place: Installation) -> None:
    """Every revision with who and when; a look changes nothing; going back makes a new revision like the old one."""
    act(designer, "visited", "/delete")
    page = designer.get(f"{BASE}/history", 200).text
    assert re.search(r"delete visited.*Designer Li", page, re.DOTALL)
    look = designer.get(f"{BASE}/history/1", 200).text
    assert 'id="visited"' in look
    assert "formaction" not in look
    press(designer, f"{BASE}/history/1", look, form_with(look, "seen"))
    found = stored(place)
    assert (found.revision, found.parent) == (3, 2)
    assert found.document == drafts_document(place, 1)


def drafts_document(place: Installation, at: int) -> Document:
    with place.database.read() as connection:
        return drafts.load_draft(connection, DRAFT, at=at).document


@pytest.mark.parametrize(
    "address", ["", "/history/99", "/questions/gone", "/sections/9", "/questions/gone/move", "/languages/fr/remove"]
)
def test_what_is_not_there_is_not_found(designer: StrictClient, address: str) -> None:
    """A plain 404 page."""
    base = BASE if address else "/desk/questionnaires/drafts/0000000000000000"
    assert designer.get(f"{base}{address}").status_code == 404


def test_a_draft_in_review_is_read_only(designer: StrictClient, place: Installation) -> None:
    """The outline says why and what to do, offers no button, and what is sent all the same is kept, not saved."""
    page = designer.get(f"{BASE}/questions/wish", 200).text
    form = form_with(page, "show_if-was")
    with place.database.write() as connection:
        drafts.submit(connection, DRAFT, seen=1, by="2")
    outline = designer.get(BASE, 200).text
    assert "waits for a second person" in outline
    assert "formaction" not in outline
    assert designer.get(f"{BASE}/questions/wish").status_code == 303
    answer = press(designer, f"{BASE}/questions/wish", page, form, {"text-en": "My late words"})
    assert answer.status_code == 409
    assert "In review" in answer.text
    assert "My late words" in answer.text
    assert stored(place).revision == 1


@pytest.mark.parametrize("ending", ["undo", "questions/overall/duplicate", "sections/0/add", "settings"])
def test_nothing_is_done_without_the_token(designer: StrictClient, place: Installation, ending: str) -> None:
    """Another site cannot press a button for a person who is signed in."""
    answer = designer.client.post(f"{BASE}/{ending}", data={"seen": "1", "name": "other"})
    assert answer.status_code in (200, 400, 409)
    assert stored(place).revision == 1


def test_words_of_people_are_escaped(designer: StrictClient, place: Installation) -> None:
    """Whatever stands in a text, a note or a name is text on every page."""

    def spoil(document: Document) -> Document:
        done = copy.deepcopy(document)
        for _, text in editing.texts(done):
            text["en"] = "</script><script>alert(1)</script>" + text["en"]
        question_of(done, "wish")["show_if"] = "${overall} = '<script>alert(1)</script>'"
        return done

    changed(place, spoil)
    pages = [
        "",
        "/questions/wish",
        "/questions/channels",
        "/sections/1",
        "/settings",
        "/history/2",
        "/questions/wish/move",
    ]
    for address in pages:
        assert "<script>alert(1)" not in designer.get(f"{BASE}{address}", 200).text, address
    assert "<script>alert(1)" not in designer.get("/desk/questionnaires", 200).text
