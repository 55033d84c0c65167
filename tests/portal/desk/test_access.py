"""Every desk route against every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from desk_city import DRAFT, QUESTIONNAIRE, RUN, SECOND_RUN
from desk_pages import StrictClient
from portal.access import Role
from survey.canonical import content_id

EVERYBODY = set(Role)
ADMINISTRATOR = {Role.ADMINISTRATOR}
WAVES = {Role.ADMINISTRATOR, Role.DESIGNER}
WAVES_SEEN = WAVES | {Role.ANALYST}
SCORES = {Role.ADMINISTRATOR, Role.ANALYST}
SCORES_SEEN = SCORES | {Role.REVIEWER, Role.AUDITOR}
CONFIRM = {Role.ADMINISTRATOR, Role.REVIEWER}
DESIGN = {Role.ADMINISTRATOR, Role.DESIGNER}
DESIGN_SEEN = DESIGN | {Role.REVIEWER}
OF_VERSION = f"/desk/questionnaires/versions/{content_id(QUESTIONNAIRE)}"
OF_DRAFT = f"/desk/questionnaires/drafts/{DRAFT}"

# endpoint: address, who may open it
ROUTES: dict[str, tuple[str, set[Role]]] = {
    "desk.front": ("/desk", EVERYBODY),
    "desk.units": ("/desk/units", EVERYBODY),
    "desk.unit": ("/desk/units/tax", EVERYBODY),
    "desk.new_unit": ("/desk/units/new", ADMINISTRATOR),
    "desk.edit_unit_page": ("/desk/units/tax/edit", ADMINISTRATOR),
    "desk.end_unit_page": ("/desk/units/police/end", ADMINISTRATOR),
    "desk.points": ("/desk/units/tax-east/points", ADMINISTRATOR),
    "desk.revoke": ("/desk/points/AAAA1111/revoke", ADMINISTRATOR),
    "desk.poster": ("/desk/points/AAAA1111/poster", EVERYBODY),
    "desk.posters": ("/desk/units/tax/posters", EVERYBODY),
    "desk.waves": ("/desk/waves", WAVES_SEEN),
    "desk.wave": ("/desk/waves/w8", WAVES_SEEN),
    "desk.clone": ("/desk/waves/w8/again", WAVES),
    "desk.open_page": ("/desk/waves/w9/open", WAVES),
    "desk.close_page": ("/desk/waves/w8/close", WAVES),
    "desk.margins": ("/desk/waves/w8/margins", WAVES),
    "desk.margins_form": ("/desk/waves/w8/margins.csv", WAVES),
    "desk.start_run": ("/desk/waves/w7/run", SCORES),
    "desk.runs": ("/desk/runs", SCORES_SEEN),
    "desk.run": (f"/desk/runs/{RUN}", SCORES_SEEN),
    "desk.propose_page": (f"/desk/runs/{RUN}/propose", SCORES),
    "desk.releases": ("/desk/releases", SCORES_SEEN),
    "desk.release": ("/desk/releases/july/1", SCORES_SEEN),
    "desk.publish_page": ("/desk/releases/july/1/publish", CONFIRM),
    "desk.refuse_page": ("/desk/releases/july/1/refuse", CONFIRM),
    "desk.staff": ("/desk/staff", ADMINISTRATOR),
    "desk.new_staff": ("/desk/staff/new", ADMINISTRATOR),
    "desk.deactivate": ("/desk/staff/3/deactivate", ADMINISTRATOR),
    "desk.audit": ("/desk/audit", {Role.ADMINISTRATOR, Role.AUDITOR}),
    "desk.questionnaires": ("/desk/questionnaires", DESIGN_SEEN),
    "desk.new_draft": ("/desk/questionnaires/new", DESIGN),
    "desk.draft": (OF_DRAFT, DESIGN),
    "desk.draft_settings": (f"{OF_DRAFT}/settings", DESIGN),
    "desk.remove_language": (f"{OF_DRAFT}/languages/en/remove", DESIGN),
    "desk.edit_section": (f"{OF_DRAFT}/sections/0", DESIGN),
    "desk.new_question": (f"{OF_DRAFT}/questions/new", DESIGN),
    "desk.edit_question": (f"{OF_DRAFT}/questions/overall", DESIGN),
    "desk.move_question": (f"{OF_DRAFT}/questions/overall/move", DESIGN),
    "desk.check_condition": (f"{OF_DRAFT}/condition?place=section:1", DESIGN),
    "desk.bank": (f"{OF_DRAFT}/bank", DESIGN),
    "desk.history": (f"{OF_DRAFT}/history", DESIGN),
    "desk.look": (f"{OF_DRAFT}/history/1", DESIGN),
    "desk.discard": (f"{OF_DRAFT}/discard", DESIGN),
    "desk.translate": (f"{OF_DRAFT}/translate", DESIGN),
    "desk.check_draft": (f"{OF_DRAFT}/check", DESIGN_SEEN),
    "desk.preview": (f"{OF_DRAFT}/preview", DESIGN_SEEN),
    "desk.trials": (f"{OF_DRAFT}/trials", DESIGN_SEEN),
    "desk.trials_file": (f"{OF_DRAFT}/trials.jsonl", DESIGN),
    "desk.compare": (f"{OF_DRAFT}/changes", DESIGN_SEEN),
    "desk.review": (f"{OF_DRAFT}/review", DESIGN_SEEN),
    "desk.questionnaire": (OF_VERSION, DESIGN_SEEN | SCORES),
    "desk.paper": (f"{OF_VERSION}/paper", DESIGN_SEEN),
    "desk.codebook": (f"{OF_VERSION}/codebook", DESIGN_SEEN | SCORES | {Role.AUDITOR}),
    "desk.export": (f"{OF_VERSION}/file/json", DESIGN_SEEN | SCORES),
}
# what is only ever sent, by a button of another page
SENT: dict[str, tuple[str, set[Role]]] = {
    "desk.restore": (f"{OF_DRAFT}/restore", DESIGN),
    "desk.submit_draft": (f"{OF_DRAFT}/submit", DESIGN),
    "desk.approve_draft": (f"{OF_DRAFT}/approve", DESIGN_SEEN),
    "desk.send_draft_back": (f"{OF_DRAFT}/back", DESIGN_SEEN),
    "desk.publish_draft": (f"{OF_DRAFT}/publish", DESIGN),
    "desk.delete_trials": (f"{OF_DRAFT}/trials/delete", DESIGN),
    "desk.undo": (f"{OF_DRAFT}/undo", DESIGN),
    "desk.redo": (f"{OF_DRAFT}/redo", DESIGN),
    "desk.go_back": (f"{OF_DRAFT}/history/1/return", DESIGN),
    "desk.add_section": (f"{OF_DRAFT}/sections/0/add", DESIGN),
    "desk.move_section": (f"{OF_DRAFT}/sections/0/move", DESIGN),
    "desk.delete_section": (f"{OF_DRAFT}/sections/0/delete", DESIGN),
    "desk.duplicate_question": (f"{OF_DRAFT}/questions/overall/duplicate", DESIGN),
    "desk.delete_question": (f"{OF_DRAFT}/questions/overall/delete", DESIGN),
    "desk.unlock_question": (f"{OF_DRAFT}/questions/overall/unlock", DESIGN),
}
MORE_PAGES = [
    f"{OF_DRAFT}/questions/new?section=0&at=2&type=five_level",
    f"{OF_DRAFT}/questions/wish",
    f"{OF_DRAFT}/bank?words=wait&topic=staff",
    "/desk/waves/w7",
    "/desk/waves/w7/margins",
    "/desk/waves/w7/open",
    f"/desk/runs/{SECOND_RUN}",
    "/desk/units/tax-west/posters?size=a6",
    "/desk/units/city",
    "/desk/staff/1/deactivate",
    "/desk/audit?subject=nothing",
]


def test_matrix_names_every_desk_route(app: Flask) -> None:
    """A new desk route must be added to the matrix; the complaint pages have a matrix of their own."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("desk.")]
    named = set(ROUTES) | set(SENT)
    assert {rule.endpoint for rule in rules if not rule.rule.startswith("/desk/complaints")} == named


@pytest.mark.parametrize("role", list(Role))
def test_role_opens_its_pages_and_no_other(log_in: Callable[[str], StrictClient], role: Role) -> None:
    """Each role gets 200 where it may, 403 elsewhere, for reading and for sending alike."""
    client = log_in(role)
    for address, allowed in ROUTES.values():
        assert client.get(address).status_code == (200 if role in allowed else 403), f"{role} {address}"
        if role not in allowed:
            assert client.client.post(address).status_code in (403, 405), f"{role} POST {address}"


@pytest.mark.parametrize("role", list(Role))
def test_role_sends_what_it_may_and_no_other(log_in: Callable[[str], StrictClient], role: Role) -> None:
    """Without the page's token nothing is done for anybody, but only who may not gets 403."""
    client = log_in(role)
    for address, allowed in SENT.values():
        assert client.get(address).status_code == 405, address
        assert (client.client.post(address).status_code == 403) is (role not in allowed), f"{role} POST {address}"


def test_visitors_are_sent_to_the_log_in(visitor: StrictClient) -> None:
    """Nobody reaches a desk page without a session."""
    for address, _ in ROUTES.values():
        answer = visitor.get(address, 302)
        assert answer.location.startswith("/login?next=")
    for address, _ in SENT.values():
        assert visitor.client.post(address).location.startswith("/login?next=")


def test_route_without_a_permission_is_refused_to_everybody(app: Flask) -> None:
    """A view that forgot to declare its permission is closed, even to administrators."""
    app.add_url_rule("/desk/forgotten", "forgotten", lambda: "open")
    client = StrictClient(app)
    assert client.get("/desk/forgotten").status_code == 403
    client.send("/login", {"email": "administrator@example.org", "password": "administrator of the city"})
    assert client.get("/desk/forgotten").status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_pages_keep_the_rules_in_both_languages(log_in: Callable[[str], StrictClient], language: str) -> None:
    """One h1, a title that starts with it, unique ids, labelled fields, tokens, small pages: the client checks."""
    client = log_in("administrator")
    client.language = language
    files = (".csv", ".jsonl", "/file/json", "/condition?place=section:1")
    pages = [address for address, _ in ROUTES.values() if not address.endswith(files)]
    for address in pages + MORE_PAGES:
        assert f'<html lang="{language}"' in client.get(address, 200).text


@pytest.mark.parametrize("role", list(Role))
def test_navigation_leads_only_where_the_role_may_go(log_in: Callable[[str], StrictClient], role: Role) -> None:
    """No link of the front page of the desk ends at a refusal."""
    client = log_in(role)
    links = [link for link in client.page("/desk").links if link.startswith("/desk")]
    assert links
    for link in links:
        assert client.get(link).status_code == 200, f"{role} {link}"


def test_officer_sees_only_what_is_theirs(log_in: Callable[[str], StrictClient]) -> None:
    """The tax officer opens the tax offices and their posters, and neither the police nor the city above."""
    client = log_in("officer")
    listed = client.get("/desk/units", 200).text
    assert "Tax Office East" in listed
    assert "Police" not in listed
    for address in (
        "/desk/units/police",
        "/desk/units/city",
        "/desk/units/city/posters",
        "/desk/points/DDDD4444/poster",
    ):
        assert client.get(address).status_code == 403, address


def test_officer_counts_only_their_own_answers(log_in: Callable[[str], StrictClient]) -> None:
    """The front of the desk shows an officer the answers of their units: 5 count, the withdrawn one does not."""
    row = log_in("officer").get("/desk", 200).text
    assert '<td class="n">5</td>' in row
