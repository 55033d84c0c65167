"""Cases at the desk: officers answer those of their units, reviewers publish and take what the unit must not see."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import Connection, select

from portal.access import Permission, Role, may, requires
from portal.accounts.security import record, units_of
from portal.accounts.tables import Staff
from portal.complaints import handling
from portal.complaints.cases import Case, Contact, history
from portal.complaints.errors import ComplaintUnknownError
from portal.complaints.handling import Actor, Filter, find_case, list_cases
from portal.complaints.states import ALLOWED, Outcome, Refusal, State, Step, is_possible
from portal.complaints.units import choices, with_those_below
from portal.complaints.views import local_now
from portal.complaints.words import STATES
from portal.db import installation
from portal.language import said
from survey.keys import Keys
from survey.units import Tree, read_tree

from .complaint_forms import AnswerForm, ConflictForm, NoteForm, PublishForm, RefusalForm
from .forms import DeskForm
from .views import desk

PAGE = 50
Act = Callable[[Connection, Keys, Actor, Case], None]


def actor(connection: Connection) -> Actor:
    """The person at the keyboard, as the complaint channel knows staff."""
    units = units_of(connection, current_user)
    return Actor(
        staff_id=current_user.id,
        units=None if units is None else frozenset(units),
        may_answer=may(Permission.ANSWER_COMPLAINTS),
        is_reviewer=any(role.name == Role.REVIEWER for role in current_user.roles),
    )


@desk.get("/complaints")
@requires(Permission.SEE_COMPLAINTS)
def complaints() -> str:
    """Officers their units' cases, reviewers and administrators all that are theirs to see; leads to each case."""
    place, asked = installation(), request.args
    page = max(1, asked.get("page", 1, type=int))
    with place.database.read() as connection:
        tree = read_tree(connection)
        number, cases = list_cases(
            connection,
            place.keys,
            actor(connection),
            _filter(tree),
            today=place.today(),
            limit=PAGE,
            offset=(min(page, 100_000) - 1) * PAGE,
        )
    shown = {"cases": cases, "number": number, "page": page, "pages": max(1, -(-number // PAGE))}
    offered = choices(tree, place.today(), first=gettext("All units"))
    return render_template(
        "desk/complaints.html", **shown, tree=tree, offered=offered, states=STATES, today=place.today(), turn=_turn
    )


def _filter(tree: Tree) -> Filter:
    asked, unit_id = request.args, request.args.get("unit", "")
    state = asked.get("state", "")
    return Filter(
        state=State(state) if state in set(State) else None,
        unit_ids=with_those_below(tree, unit_id) if unit_id in tree.units else None,
        overdue=asked.get("overdue") == "1",
    )


def _turn(page: int) -> str:
    asked = request.args
    return url_for(
        "desk.complaints", page=page, state=asked.get("state"), unit=asked.get("unit"), overdue=asked.get("overdue")
    )


@desk.get("/complaints/<number>")
@requires(Permission.SEE_COMPLAINTS)
def complaint(number: str) -> Any:
    """Who may see this case; from here it is answered, refused, noted, published."""
    return case_page(number)


def case_page(number: str, *, sent: DeskForm | None = None, contact: Contact | None = None, status: int = 200) -> Any:
    place = installation()
    with place.database.read() as connection:
        person = actor(connection)
        case = case_or_404(connection, person, number)
        events = history(connection, place.keys, case, internal=True)
        names = {row.id: row.name for row in connection.execute(select(Staff.id, Staff.name))}
        title = said(read_tree(connection).units[case.unit_id].title)
    handles = person.may_handle(case)
    possible = {step.name.lower(): handles and is_possible(step, case.state) for step in ALLOWED}
    return render_template(
        "desk/complaint.html",
        case=case,
        events=events,
        names=names,
        title=title,
        possible=possible,
        is_reviewer=person.is_reviewer,
        can_publish=person.is_reviewer and case.may_publish and is_possible(Step.PUBLISH, case.state),
        forms=_forms(case, events, sent),
        contact=contact,
        today=place.today(),
    ), status


def _forms(case: Case, events: list[Any], sent: DeskForm | None) -> dict[str, DeskForm]:
    answers = [event.text for event in events if event.kind is Step.ANSWER]
    forms: dict[str, DeskForm] = {
        "accept": DeskForm(formdata=None, prefix="accept"),
        "contact": DeskForm(formdata=None, prefix="contact"),
        "unpublish": DeskForm(formdata=None, prefix="unpublish"),
        "conflict": ConflictForm(formdata=None, prefix="conflict"),
        "answer": AnswerForm(formdata=None, prefix="answer"),
        "refuse": RefusalForm(formdata=None, prefix="refuse"),
        "note": NoteForm(formdata=None, prefix="note"),
        "publish": PublishForm(
            formdata=None,
            prefix="publish",
            subject=case.public_subject or case.subject,
            answer=case.public_answer or (answers[-1] if answers else ""),
        ),
    }
    if sent is not None:
        forms[sent._prefix.rstrip("-")] = sent
    return forms


def case_or_404(connection: Connection, person: Actor, number: str, *, lock: bool = False) -> Case:
    try:
        return find_case(connection, installation().keys, person, number, lock=lock)
    except ComplaintUnknownError:
        abort(404)


def do_step(number: str, form: DeskForm, action: str, done: str, act: Act) -> Any:
    """One step of staff with its audit entry, in one transaction; a faulty form comes back with everything kept."""
    if not form.sent():
        return case_page(number, sent=form, status=400)
    place = installation()
    with place.database.write() as connection:
        person = actor(connection)
        act(connection, place.keys, person, case_or_404(connection, person, number, lock=True))
        record(connection, action, number)
    flash(done)
    return redirect(url_for("desk.complaint", number=number), 303)


@desk.post("/complaints/<number>/accept")
@requires(Permission.SEE_COMPLAINTS)
def accept_complaint(number: str) -> Any:
    """Who handles the case; lands on it, in hand."""
    return do_step(
        number,
        DeskForm(prefix="accept"),
        "accept case",
        gettext("The case is in hand. Its clock runs on."),
        lambda connection, keys, person, case: handling.accept(connection, keys, person, case, now=local_now()),
    )


@desk.post("/complaints/<number>/answer")
@requires(Permission.SEE_COMPLAINTS)
def answer_complaint(number: str) -> Any:
    """Who handles the case; lands on it, answered."""
    form = AnswerForm(prefix="answer")

    def act(connection: Connection, keys: Keys, person: Actor, case: Case) -> None:
        outcome = Outcome(form.outcome.data)
        handling.answer(connection, keys, person, case, outcome, form.text.data, now=local_now())

    return do_step(number, form, "answer case", gettext("The answer was given."), act)


@desk.post("/complaints/<number>/refuse")
@requires(Permission.SEE_COMPLAINTS)
def refuse_complaint(number: str) -> Any:
    """Who handles the case; lands on it, not taken on for a listed reason."""
    form = RefusalForm(prefix="refuse")

    def act(connection: Connection, keys: Keys, person: Actor, case: Case) -> None:
        refusal = Refusal(form.refusal.data)
        handling.refuse(connection, keys, person, case, refusal, form.text.data, now=local_now())

    return do_step(number, form, "refuse case", gettext("The case was not taken on. The reason was told."), act)


@desk.post("/complaints/<number>/note")
@requires(Permission.SEE_COMPLAINTS)
def note_complaint(number: str) -> Any:
    """Who handles the case; lands on it with the note, which the sender does not see."""
    form = NoteForm(prefix="note")

    def act(connection: Connection, keys: Keys, person: Actor, case: Case) -> None:
        handling.note(connection, keys, person, case, form.text.data, now=local_now())

    return do_step(number, form, "note on case", gettext("The note was kept."), act)


import_module("portal.desk.complaint_review")
