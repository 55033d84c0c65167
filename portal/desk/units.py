"""Units: the tree, and the life of each unit in it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from wtforms.fields.choices import SelectChoice

from portal.access import Permission, requires
from portal.accounts.security import record
from portal.db import installation
from portal.language import said
from survey.points import points_of, revoke_point
from survey.units import RESERVED, Tree, Unit, UnitError, UnitKind, add_unit, edit_unit, end_unit, read_tree

from .forms import UnitEdit, UnitEnd, UnitNew
from .menu import check_own, own_units
from .views import desk


def unit_or_404(connection: Connection, unit_id: str) -> tuple[Tree, Unit]:
    """The tree and the unit asked for, if it exists and is this person's to see."""
    tree = read_tree(connection)
    if unit_id not in tree.units:
        abort(404)
    check_own(connection, unit_id)
    return tree, tree.units[unit_id]


@desk.get("/units")
@requires(Permission.DESK)
def units() -> str:
    """Any member of staff, officers their own part; leads to each unit."""
    with installation().database.read() as connection:
        tree, own = read_tree(connection), own_units(connection)
    listed = [(depth, one) for depth, one in tree.walk() if own is None or one.id in own]
    shift = min((depth for depth, _ in listed), default=0)
    rows = [(depth - shift, one) for depth, one in listed]
    return render_template("desk/units.html", rows=rows, tree=tree, today=installation().today())


@desk.get("/units/<unit_id>")
@requires(Permission.DESK)
def unit(unit_id: str) -> str:
    """Any member of staff, officers their own; leads to its points, posters and changes."""
    with installation().database.read() as connection:
        tree, one = unit_or_404(connection, unit_id)
        points = points_of(connection, [unit_id])
    today = installation().today()
    return render_template("desk/unit.html", unit=one, tree=tree, points=points, today=today)


@desk.route("/units/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def new_unit() -> Any:
    """Administrators; lands on the new unit."""
    place = installation()
    form = UnitNew()
    with place.database.read() as connection:
        tree = read_tree(connection)
    form.parent_id.choices = [SelectChoice("", gettext("nothing: it is the top")), *_choices(tree)]
    if form.sent() and _fits(form, tree):
        with place.database.write() as connection:
            _add(connection, form)
        flash(gettext("The unit was added."))
        return redirect(url_for("desk.unit", unit_id=form.unit_id.data), 303)
    if not form.is_submitted():
        form.valid_from.data, form.kind.data = place.today(), UnitKind.OFFICE
    return render_template("desk/unit_new.html", form=form)


def _choices(tree: Tree) -> list[SelectChoice]:
    today = installation().today()
    living = [(depth, one) for depth, one in tree.walk() if one.is_valid_on(today)]
    return [SelectChoice(one.id, "\u2003" * depth + said(one.title)) for depth, one in living]


def _fits(form: UnitNew, tree: Tree) -> bool:
    if form.unit_id.data in tree.units or form.unit_id.data in RESERVED:
        form.unit_id.errors = [gettext("This short name is taken.")]
        return False
    return True


def _add(connection: Connection, form: UnitNew) -> None:
    unit_id = str(form.unit_id.data)
    add_unit(
        connection,
        unit_id=unit_id,
        parent_id=form.parent_id.data or None,
        kind=str(form.kind.data),
        peer_group=form.peer_group.data or None,
        title=form.titles(),
        on=form.valid_from.data,
    )
    record(connection, "add unit", unit_id)


@desk.route("/units/<unit_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def edit_unit_page(unit_id: str) -> Any:
    """Administrators; lands on the unit."""
    with installation().database.read() as connection:
        _, one = unit_or_404(connection, unit_id)
    form = UnitEdit()
    if form.sent():
        with installation().database.write() as connection:
            titles, group = form.titles(one.title), form.peer_group.data or None
            edit_unit(connection, unit_id, peer_group=group, title=titles)
            record(connection, "edit unit", unit_id, f"{dict(one.title)} {one.peer_group} -> {titles} {group}")
        flash(gettext("The unit was changed. Frozen plans keep the names they were opened with."))
        return redirect(url_for("desk.unit", unit_id=unit_id), 303)
    if not form.is_submitted():
        form.show(one.title)
        form.peer_group.data = one.peer_group or ""
    return render_template("desk/unit_edit.html", form=form, unit=one)


@desk.route("/units/<unit_id>/end", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def end_unit_page(unit_id: str) -> Any:
    """Administrators, after confirming; lands on the unit, which stays on record."""
    place = installation()
    with place.database.read() as connection:
        tree, one = unit_or_404(connection, unit_id)
        points = [point for point in points_of(connection, [unit_id]) if point.revoked_on is None]
    form = UnitEnd()
    form.successors.choices = [choice for choice in _choices(tree) if choice.value != unit_id]
    if form.sent() and _ended(form, one):
        flash(gettext("The unit ends on that day."))
        return redirect(url_for("desk.unit", unit_id=unit_id), 303)
    if not form.is_submitted():
        form.on.data = place.today()
    return render_template("desk/unit_end.html", form=form, unit=one, points=points)


def _ended(form: UnitEnd, one: Unit) -> bool:
    """End the unit as the form says; a refusal is written into the form."""
    day = form.on.data
    try:
        with installation().database.write() as connection:
            end_unit(connection, one.id, day, form.successors.data or [])
            if form.revoke.data:
                for point in points_of(connection, [one.id]):
                    revoke_point(connection, point.key, max(day, point.valid_from))
            record(connection, "end unit", one.id, f"{day} -> {', '.join(form.successors.data or []) or '-'}")
    except UnitError as error:
        form.form_errors.append(str(error))
        return False
    return True
