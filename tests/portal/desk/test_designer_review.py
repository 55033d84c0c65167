"""From a draft to a published version: handed in, reviewed with its mapping, approved by another person, published."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from desk_city import NOW, QUESTIONNAIRE
from desk_pages import StrictClient
from portal.accounts.tables import AuditEntry, Staff
from portal.db import Installation
from portal.desk.designer.mapping_form import as_text, from_text, parse_recoding, recoding_text
from survey.canonical import content_id
from survey.drafts import DraftState, create_draft, load_draft
from survey.mapping import MappingError, Relation, VariableMapping
from survey.storage.tables import questionnaire
from survey.versions import load_mapping

OLD = content_id(QUESTIONNAIRE)


def document(**changes: Any) -> dict[str, Any]:
    """The city's questionnaire with another question and other changes."""
    made = copy.deepcopy(QUESTIONNAIRE)
    made["sections"][0]["questions"].append(
        {"type": "text", "variable": "wish", "text": {"zh-Hans": "您有什么建议？", "en": "What do you wish for?"}}
    )
    return {**made, **changes}


@pytest.fixture
def drafted(place: Installation) -> Callable[..., str]:
    """`drafted(document)`: a draft that the designer began from the city's version; returns its id."""

    def begin(made: dict[str, Any], based_on: str | None = OLD) -> str:
        with place.database.write() as connection:
            by = connection.execute(select(Staff.id).where(Staff.email == "designer@example.org")).scalar_one()
            return create_draft(connection, made, by=str(by), now=NOW, based_on=based_on)

    return begin


def state_of(place: Installation, draft_id: str) -> DraftState:
    with place.database.read() as connection:
        return load_draft(connection, draft_id).state


def step(client: StrictClient, draft_id: str, name: str, data: dict[str, Any] | None = None) -> Any:
    base = f"/desk/questionnaires/drafts/{draft_id}"
    return client.send(f"{base}/{name}", data, opened=f"{base}/review")


def test_two_persons_bring_a_draft_to_publication(
    place: Installation, log_in: Callable[[str], StrictClient], drafted: Callable[..., str]
) -> None:
    """Handed in by one, approved by another, published: stored for good, with its mapping and an audit trail."""
    draft_id = drafted(document())
    designer, administrator = log_in("designer"), log_in("administrator")
    assert step(designer, draft_id, "submit").status_code == 303
    assert state_of(place, draft_id) is DraftState.IN_REVIEW
    assert "Review questionnaire: Service rating" in administrator.get("/desk", 200).text
    assert "Review questionnaire" not in designer.get("/desk", 200).text
    assert step(administrator, draft_id, "approve").status_code == 303
    assert "Publish questionnaire: Service rating" in designer.get("/desk", 200).text
    answer = step(designer, draft_id, "publish")
    with place.database.read() as connection:
        found = load_draft(connection, draft_id)
        mapping = {one.variable: one.relation for one in load_mapping(connection, OLD, str(found.published_id))}
        actions = connection.execute(select(AuditEntry.action)).scalars().all()
    assert found.state is DraftState.PUBLISHED
    assert found.published_id == content_id(document())
    assert answer.location == f"/desk/questionnaires/versions/{found.published_id}"
    assert mapping == {"overall": Relation.SAME, "wish": Relation.NEW}
    assert {"hand in questionnaire", "approve questionnaire", "publish questionnaire"} <= set(actions)
    page = administrator.get(answer.location, 200).text
    assert "wish" in page and "Reviewed by" in page


def test_who_made_it_cannot_approve_it(
    place: Installation, log_in: Callable[[str], StrictClient], drafted: Callable[..., str]
) -> None:
    """Neither is the button offered nor does the form help."""
    draft_id = drafted(document())
    designer = log_in("designer")
    step(designer, draft_id, "submit")
    page = designer.get(f"/desk/questionnaires/drafts/{draft_id}/review", 200).text
    assert "/approve" not in page
    data = {"csrf_token": designer.page("/desk").token(), "seen": "1"}
    answer = designer.client.post(f"/desk/questionnaires/drafts/{draft_id}/approve", data=data)
    assert answer.status_code == 409 and "A second person approves" in answer.text
    assert state_of(place, draft_id) is DraftState.IN_REVIEW


def test_a_draft_goes_back_with_a_note(
    place: Installation, log_in: Callable[[str], StrictClient], drafted: Callable[..., str]
) -> None:
    """The reviewer's words stand on the draft's page; without words nothing happens."""
    draft_id = drafted(document())
    designer, reviewer = log_in("designer"), log_in("reviewer")
    step(designer, draft_id, "submit")
    assert step(reviewer, draft_id, "back", {"reason": ""}).status_code == 409
    assert step(reviewer, draft_id, "back", {"reason": "Ask about waiting, too."}).status_code == 303
    assert state_of(place, draft_id) is DraftState.DRAFT
    assert "Ask about waiting, too." in designer.get(f"/desk/questionnaires/drafts/{draft_id}/review", 200).text


FAULTY = {
    "unreadable": document(languages=["zh-Hans", "en", "fr"]),
    "unreachable": document(
        sections=[
            *document()["sections"],
            {
                "show_if": "${overall} = 1 and ${overall} = 2",
                "questions": [{"type": "text", "variable": "never", "text": {"zh-Hans": "为什么？", "en": "Why?"}}],
            },
        ]
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_draft_is_not_handed_in(
    place: Installation, log_in: Callable[[str], StrictClient], drafted: Callable[..., str], name: str
) -> None:
    """The page says that there are faults and offers no step; sending the form all the same does nothing."""
    draft_id = drafted(FAULTY[name])
    designer = log_in("designer")
    page = designer.get(f"/desk/questionnaires/drafts/{draft_id}/review", 200).text
    assert "/submit" not in page
    data = {"csrf_token": designer.page("/desk").token(), "seen": "1"}
    answer = designer.client.post(f"/desk/questionnaires/drafts/{draft_id}/submit", data=data)
    assert answer.status_code == 409
    assert state_of(place, draft_id) is DraftState.DRAFT
    check = designer.get(f"/desk/questionnaires/drafts/{draft_id}/check", 200).text
    assert ("A walk that shows it" in check) == (name == "unreachable")


def recoded() -> dict[str, Any]:
    """The city's question with its codes turned round."""
    made = document()
    overall = made["sections"][0]["questions"][0]
    overall["choices"] = [{**one, "code": 6 - one["code"]} for one in overall["choices"]]
    return made


def test_the_reviewer_decides_the_mapping(
    place: Installation, log_in: Callable[[str], StrictClient], drafted: Callable[..., str]
) -> None:
    """What contradicts the codes is refused with what was chosen kept; what the reviewer decides is stored."""
    draft_id = drafted(recoded())
    designer, administrator = log_in("designer"), log_in("administrator")
    step(designer, draft_id, "submit")
    refused = step(administrator, draft_id, "approve", {"relation:overall": "recoded", "recoding:overall": "1=77"})
    assert refused.status_code == 409 and "1=77" in refused.text
    decided = {"relation:overall": "recoded", "recoding:overall": "1=5, 2=4, 3=3, 4=2, 5=1"}
    assert step(administrator, draft_id, "approve", decided).status_code == 303
    step(designer, draft_id, "publish")
    with place.database.read() as connection:
        found = load_draft(connection, draft_id)
        mapping = load_mapping(connection, OLD, str(found.published_id))
    overall = next(one for one in mapping if one.variable == "overall")
    assert overall.relation is Relation.RECODED
    assert overall.recoding == ((1, 5), (2, 4), (3, 3), (4, 2), (5, 1))
    assert overall.reviewed_by == found.approved_by


def test_a_change_after_the_look_is_not_approved(
    place: Installation, log_in: Callable[[str], StrictClient], drafted: Callable[..., str]
) -> None:
    """Who approves what changed since the page was opened is told to look again."""
    draft_id = drafted(document())
    designer, administrator = log_in("designer"), log_in("administrator")
    step(designer, draft_id, "submit")
    data = {"csrf_token": administrator.page("/desk").token(), "seen": "7"}
    answer = administrator.client.post(f"/desk/questionnaires/drafts/{draft_id}/approve", data=data)
    assert answer.status_code == 409
    assert state_of(place, draft_id) is DraftState.IN_REVIEW


def test_changes_are_shown_against_the_version_before(
    log_in: Callable[[str], StrictClient], drafted: Callable[..., str]
) -> None:
    """What was added is listed; a first version has nothing to be compared with."""
    designer = log_in("designer")
    page = designer.get(f"/desk/questionnaires/drafts/{drafted(document())}/changes", 200).text
    assert "wish" in page and "added" in page
    alone = drafted(document(name="another"), based_on=None)
    assert "first version" in designer.get(f"/desk/questionnaires/drafts/{alone}/changes", 200).text


@pytest.mark.parametrize("page", ["paper", "codebook", "file/json", "file/xlsform", "file/ddi"])
def test_drafts_and_versions_are_printed_and_exported(
    log_in: Callable[[str], StrictClient], drafted: Callable[..., str], page: str
) -> None:
    """Paper form, codebook and files exist for both; what does not exist is not found."""
    designer, draft_id = log_in("designer"), drafted(document())
    for kind, identity in (("drafts", draft_id), ("versions", OLD)):
        assert len(designer.get(f"/desk/questionnaires/{kind}/{identity}/{page}", 200).data) > 100
    designer.get(f"/desk/questionnaires/versions/{'0' * 64}/{page}", 404)


def test_what_is_exported_is_what_was_published(log_in: Callable[[str], StrictClient]) -> None:
    """The file of a version has the version's identity."""
    answer = log_in("designer").get(f"/desk/questionnaires/versions/{OLD}/file/json", 200)
    assert content_id(answer.get_json(force=True)) == OLD


def test_recodings_are_typed_and_read_back() -> None:
    """Pairs in any usual spelling; a hyphen where a code has no counterpart; anything else is refused."""
    recoding = parse_recoding("q", "1=5， 2→4;3->-")
    assert recoding == ((1, 5), (2, 4), (3, None))
    assert parse_recoding("q", recoding_text(recoding)) == recoding
    mapping = [VariableMapping("q", Relation.RECODED, recoding), VariableMapping("r", Relation.SAME)]
    assert from_text(as_text(mapping)) == mapping
    with pytest.raises(MappingError):
        parse_recoding("q", "1=5, two")


def test_published_version_is_stored_once(
    place: Installation, log_in: Callable[[str], StrictClient], drafted: Callable[..., str]
) -> None:
    """A draft without a change leads back to the version that stands already."""
    draft_id = drafted(QUESTIONNAIRE)
    designer, administrator = log_in("designer"), log_in("administrator")
    for client, name in ((designer, "submit"), (administrator, "approve"), (designer, "publish")):
        assert step(client, draft_id, name).status_code == 303
    with place.database.read() as connection:
        assert connection.execute(select(questionnaire.c.id)).scalars().all() == [OLD]


def test_a_text_fix_keeps_every_variable_the_same(
    place: Installation, log_in: Callable[[str], StrictClient], drafted: Callable[..., str]
) -> None:
    """Where only words differ the reviewer may call it a text fix; else the box is not offered and counts nothing."""
    fixed = copy.deepcopy(QUESTIONNAIRE)
    fixed["sections"][0]["questions"][0]["text"]["en"] = "Were you satisfied with us?"
    draft_id = drafted(fixed)
    designer, administrator = log_in("designer"), log_in("administrator")
    step(designer, draft_id, "submit")
    assert "text_fix" in administrator.get(f"/desk/questionnaires/drafts/{draft_id}/review", 200).text
    step(administrator, draft_id, "approve", {"text_fix": "1"})
    step(designer, draft_id, "publish")
    with place.database.read() as connection:
        published = str(load_draft(connection, draft_id).published_id)
        assert [one.relation for one in load_mapping(connection, OLD, published)] == [Relation.SAME]
