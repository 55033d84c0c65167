"""What only some may do with a case: open the contact, and, for reviewers, publish it or keep it from its unit."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from portal.access import Permission, requires
from portal.accounts.security import record
from portal.complaints import handling
from portal.complaints.cases import Case
from portal.complaints.handling import Actor
from portal.complaints.views import local_now
from portal.db import installation
from survey.keys import Keys

from .complaint_forms import ConflictForm, PublishForm
from .complaints import actor, case_or_404, case_page, do_step
from .forms import DeskForm
from .views import desk


@desk.post("/complaints/<number>/contact")
@requires(Permission.SEE_COMPLAINTS)
def complaint_contact(number: str) -> Any:
    """Who handles the case; the contact is shown once, and that it was is recorded where the sender sees it."""
    form = DeskForm(prefix="contact")
    if not form.sent():
        return case_page(number, sent=form, status=400)
    place = installation()
    with place.database.write() as connection:
        person = actor(connection)
        case = case_or_404(connection, person, number, lock=True)
        contact = handling.open_contact(connection, place.keys, person, case, now=local_now())
        record(connection, "open contact of case", number)
    return case_page(number, contact=contact)


@desk.post("/complaints/<number>/publish")
@requires(Permission.SEE_COMPLAINTS)
def publish_complaint(number: str) -> Any:
    """Reviewers, when the sender agreed; lands on the case, public in the reviewer's words."""
    form = PublishForm(prefix="publish")

    def act(connection: Connection, keys: Keys, person: Actor, case: Case) -> None:
        words = {"subject": form.subject.data, "answer": form.answer.data}
        handling.publish(connection, keys, person, case, **words, now=local_now())

    return do_step(number, form, "publish case", gettext("The case stands in the public record."), act)


@desk.post("/complaints/<number>/unpublish")
@requires(Permission.SEE_COMPLAINTS)
def unpublish_complaint(number: str) -> Any:
    """Reviewers; lands on the case, no longer public."""
    return do_step(
        number,
        DeskForm(prefix="unpublish"),
        "unpublish case",
        gettext("The case left the public record. The totals keep it."),
        lambda connection, keys, person, case: handling.unpublish(connection, keys, person, case, now=local_now()),
    )


@desk.post("/complaints/<number>/conflict")
@requires(Permission.SEE_COMPLAINTS)
def complaint_conflict(number: str) -> Any:
    """Reviewers; lands on the case, kept from its unit or given back to it."""
    form = ConflictForm(prefix="conflict")
    keep = form.keep.data == "yes"
    words = gettext("The unit no longer sees this case.") if keep else gettext("The unit sees this case again.")

    def act(connection: Connection, keys: Keys, person: Actor, case: Case) -> None:
        handling.set_conflict(connection, keys, person, case, keep, now=local_now())

    return do_step(number, form, "keep case from unit" if keep else "give case to unit", words, act)
