"""A form that is opened and saved leaves the questionnaire as it was, whatever stands in it."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, update

from browser_forms import form_with, press
from desk_city import NOW
from desk_pages import StrictClient
from every_type import every_type
from portal.db import Installation
from random_documents import random_questionnaire
from scale import scaled
from survey import drafts, editing, library
from survey.canonical import canonical_json
from survey.storage.tables import questionnaire_draft, questionnaire_revision

TEMPLATES = [one.name for one in library.templates()]
LARGEST_PAGE = 60 * 1024


@pytest.fixture
def designer(log_in: Callable[[str], StrictClient]) -> StrictClient:
    return log_in("designer")


def begun(place: Installation, document: dict[str, Any]) -> str:
    with place.database.write() as connection:
        return drafts.create_draft(connection, document, by="2", now=NOW)


def open_and_save(designer: StrictClient, address: str) -> None:
    """Open a form and press its first button, as Enter in any field does."""
    page = designer.get(address, 200).text
    form = form_with(page, "seen", "csrf_token", "show_if-was" if "settings" not in address else "seed")
    answer = press(designer, address, page, form)
    why = answer.text.partition('class="fault"')[2][:600]
    assert answer.status_code == 303, f"{address}: {why}"


def addresses(draft_id: str, document: dict[str, Any]) -> list[str]:
    """Every form of a draft."""
    base = f"/desk/questionnaires/drafts/{draft_id}"
    found = [f"{base}/questions/{question['variable']}" for question in editing.questions(document)]
    return [*found, *(f"{base}/sections/{at}" for at in range(len(document["sections"]))), f"{base}/settings"]


def check_unchanged(designer: StrictClient, place: Installation, document: dict[str, Any]) -> None:
    """Every form of the document, saved unchanged, makes no revision at all."""
    draft_id = begun(place, document)
    for address in addresses(draft_id, document):
        open_and_save(designer, address)
        with place.database.read() as connection:
            found = drafts.load_draft(connection, draft_id)
        assert found.document == document, address
        assert found.revision == 1, address


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_stay_as_they_are(designer: StrictClient, place: Installation, template: str) -> None:
    """Each question, section and the settings of every template in the library."""
    check_unchanged(designer, place, library.template(template))


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_type_stays_as_it_is(designer: StrictClient, place: Installation, language: str) -> None:
    """Each type with all that it can have, in both languages of the desk."""
    designer.language = language
    check_unchanged(designer, place, every_type())


def odd() -> dict[str, Any]:
    """Words that forms like to spoil: space, line ends, marks, letters of HTML, languages that nobody shows."""
    document = every_type()
    overall = editing.question_of(document, "overall")
    overall["text"] |= {"en": "  two\n\nlines <b>&amp;</b> \t", "fr": "Et le français ?"}
    overall["choices"][0]["text"] |= {"en": "very\nsatisfied", "fr": "très"}
    for level in (3, 4):
        overall["choices"][level]["reasons"][0]["text"] |= {"en": "a | b", "fr": "c"}
    overall["hint"]["en"] = "e\u0301 and \u200f"
    overall["required"] = False
    editing.question_of(document, "channels")["show_if"] = " ${overall}<=3 "
    editing.question_of(document, "wish")["show_if"] = None
    editing.question_of(document, "minutes")["checks"] = []
    document["closing"] = None
    document["sections"][0] |= {"shuffled": False, "introduction": {"fr": "seulement"}}
    return document


def test_odd_words_stay_as_they_are(designer: StrictClient, place: Installation) -> None:
    """What a form cannot show exactly is not changed by being shown."""
    check_unchanged(designer, place, odd())


def test_random_questionnaires_stay_as_they_are(designer: StrictClient, place: Installation) -> None:
    """Whatever the model accepts."""
    for seed in range(scaled(60, least=4)):
        made = random_questionnaire(random.Random(seed), shuffled=bool(seed % 2))
        check_unchanged(designer, place, json.loads(made.model_dump_json(exclude_unset=True)))


def test_the_largest_pages_stay_small(designer: StrictClient, place: Installation) -> None:
    """The outline of the largest template, and its largest form, in less than 60 KB compressed."""
    largest = max((library.template(name) for name in TEMPLATES), key=lambda one: len(canonical_json(one)))
    draft_id = begun(place, largest)
    for address in [f"/desk/questionnaires/drafts/{draft_id}", *addresses(draft_id, largest)]:
        assert len(gzip.compress(designer.get(address, 200).data)) <= LARGEST_PAGE, address


def test_a_large_questionnaire_can_be_worked_on(designer: StrictClient, place: Installation) -> None:
    """Two hundred questions: the outline and a form at its end stay within the budget too."""
    document = every_type()
    for _ in range(14):
        wanted = [question for question in every_type()["sections"][0]["questions"] if question["type"] != "consent"]
        document = editing.add_questions(document, 1, 99, wanted + every_type()["sections"][1]["questions"])[0]
    draft_id = begun(place, document)
    last = [question["variable"] for question in editing.questions(document)][-1]
    base = f"/desk/questionnaires/drafts/{draft_id}"
    assert len(list(editing.questions(document))) == 196
    for address in (base, f"{base}/questions/{last}", f"{base}/questions/{last}/move"):
        assert len(gzip.compress(designer.get(address, 200).data)) <= LARGEST_PAGE, address


def test_a_draft_of_an_older_shape_opens(designer: StrictClient, place: Installation) -> None:
    """A document with a fault that no form makes still shows its outline and the form that mends it."""
    document = every_type()
    editing.question_of(document, "first_visit")["choices"][0]["code"] = "one"
    draft_id = begun(place, every_type())
    with place.database.write() as connection:
        body = canonical_json(document).decode()
        values = {"draft_id": draft_id, "number": 2, "parent": 1, "body": body, "changed_by": "2", "changed_at": NOW}
        connection.execute(insert(questionnaire_revision).values(action="begin", **values))
        connection.execute(update(questionnaire_draft).where(questionnaire_draft.c.id == draft_id).values(revision=2))
    page = designer.get(f"/desk/questionnaires/drafts/{draft_id}", 200).text
    assert "A whole number is needed here." in page
    assert 'value="one"' in designer.get(f"/desk/questionnaires/drafts/{draft_id}/questions/first_visit", 200).text
