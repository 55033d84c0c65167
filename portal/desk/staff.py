"""Staff: who may log in, as what."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from portal.access import Permission, Role, requires
from portal.accounts.security import StaffExistsError, insert_staff, record
from portal.accounts.tables import Staff
from portal.db import installation
from portal.language import said
from survey.units import read_tree

from .forms import DeskForm, StaffNew
from .views import desk


def _everybody() -> list[Staff]:
    with Session(installation().database.engine) as session:
        return list(session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name, Staff.id)).unique())


@desk.get("/staff")
@requires(Permission.MANAGE_STAFF)
def staff() -> str:
    """Administrators; leads to adding and deactivating people."""
    with installation().database.read() as connection:
        tree = read_tree(connection)
    return render_template("desk/staff.html", staff=_everybody(), tree=tree, now=installation().now())


@desk.route("/staff/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
def new_staff() -> Any:
    """Administrators; lands on the list of staff."""
    place = installation()
    form = StaffNew()
    with place.database.read() as connection:
        tree = read_tree(connection)
    living = [(depth, one) for depth, one in tree.walk() if one.is_valid_on(place.today())]
    units = [SelectChoice(one.id, "\u2003" * depth + said(one.title)) for depth, one in living]
    form.unit_id.choices = [SelectChoice("", gettext("no unit")), *units]
    if form.sent() and _added(form):
        flash(gettext("%(name)s can log in now.", name=form.name.data))
        return redirect(url_for("desk.staff"), 303)
    return render_template("desk/staff_new.html", form=form)


def _added(form: StaffNew) -> bool:
    """Add the person; a refusal is written into the form."""
    email, role = str(form.email.data), Role(str(form.role.data))
    try:
        with installation().database.write() as connection:
            insert_staff(
                connection,
                email=email,
                name=str(form.name.data),
                password=str(form.password.data),
                role=role,
                unit_id=form.unit_id.data or None,
            )
            record(connection, "add staff", email.lower(), f"{role} {form.unit_id.data or ''}".strip())
    except StaffExistsError:
        form.email.errors = [gettext("Somebody has this e-mail address already.")]
        return False
    return True


@desk.route("/staff/<int:staff_id>/deactivate", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
def deactivate(staff_id: int) -> Any:
    """Administrators, after confirming, not themselves; lands on the list of staff."""
    with Session(installation().database.engine) as session:
        person = session.get(Staff, staff_id)
    if person is None:
        abort(404)
    form = DeskForm()
    is_self = staff_id == current_user.id
    if form.sent() and not is_self:
        with installation().database.write() as connection:
            ended = {"active": False, "fs_uniquifier": secrets.token_hex(32)}  # ends every session of theirs
            connection.execute(update(Staff).where(Staff.id == staff_id).values(**ended))
            record(connection, "deactivate staff", person.email)
        flash(gettext("%(name)s can no longer log in.", name=person.name))
        return redirect(url_for("desk.staff"), 303)
    return render_template("desk/staff_end.html", form=form, person=person, is_self=is_self)
