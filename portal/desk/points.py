"""Points of a unit: where its codes hang."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from portal.access import Permission, requires
from portal.accounts.security import record
from portal.db import installation
from survey.points import add_point, code_for, find_point, points_of, revoke_point

from .forms import DeskForm, PointNew
from .units import unit_or_404
from .views import desk


@desk.route("/units/<unit_id>/points", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def points(unit_id: str) -> Any:
    """Administrators; adding one lands here again, with its code."""
    place = installation()
    with place.database.read() as connection:
        _, one = unit_or_404(connection, unit_id)
        listed = [(point, code_for(place.keys, point.key)) for point in points_of(connection, [unit_id])]
    form = PointNew()
    if form.sent():
        with place.database.write() as connection:
            new = add_point(
                connection, unit_id=unit_id, channel=str(form.channel.data), title=form.titles(), on=place.today()
            )
            record(connection, "add point", new.key, unit_id)
        flash(gettext("The point was added; its code is %(code)s.", code=code_for(place.keys, new.key)))
        return redirect(url_for("desk.points", unit_id=unit_id), 303)
    return render_template("desk/points.html", form=form, unit=one, points=listed, today=place.today())


@desk.route("/points/<key>/revoke", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def revoke(key: str) -> Any:
    """Administrators, after confirming; lands on the points of the unit."""
    place = installation()
    with place.database.read() as connection:
        point = find_point(connection, key)
        _, one = unit_or_404(connection, point.unit_id)
    form = DeskForm()
    if form.sent():
        with place.database.write() as connection:
            revoke_point(connection, key, place.today())
            record(connection, "revoke point", key, point.unit_id)
        flash(gettext("The code was withdrawn. What was answered through it stays."))
        return redirect(url_for("desk.points", unit_id=point.unit_id), 303)
    code = code_for(place.keys, key)
    return render_template("desk/revoke.html", form=form, unit=one, point=point, code=code)
