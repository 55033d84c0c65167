"""Waves: see how they stand, make one from an earlier one, open, close."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import format_date, gettext
from sqlalchemy import Connection, select
from wtforms.fields.choices import SelectChoice

from portal.access import Permission, requires
from portal.accounts.security import record
from portal.db import installation
from portal.language import said
from survey.canonical import content_id
from survey.errors import FieldingError
from survey.fielding import Wave, WaveState, all_waves, close_wave, load_wave, open_wave
from survey.storage.tables import wave as wave_table
from survey.storage.tables import wave_point
from survey.units import Tree, read_tree

from .cloning import NewWave, clone_wave, newcomers, scored_units, versions_that_fit
from .counts import Count, by_unit, count_points, count_waves
from .forms import DeskForm, WaveClone
from .menu import requires_any
from .views import desk


def wave_or_404(connection: Connection, wave_id: str) -> Wave:
    try:
        return load_wave(connection, wave_id)
    except FieldingError:
        abort(404)


@desk.get("/waves")
@requires_any(Permission.RUN_WAVES, Permission.RUN_SCORES)
def waves() -> str:
    """Who runs waves or scores; leads to each wave."""
    with installation().database.read() as connection:
        listed = all_waves(connection)
        counts = count_waves(connection, [one.id for one in listed])
    return render_template("desk/waves.html", waves=listed, counts=counts)


@desk.get("/waves/<wave_id>")
@requires_any(Permission.RUN_WAVES, Permission.RUN_SCORES)
def wave(wave_id: str) -> str:
    """Who runs waves or scores; leads to what can be done with the wave now."""
    with installation().database.read() as connection:
        found = wave_or_404(connection, wave_id)
        points = count_points(connection, wave_id)
        tree = read_tree(connection)
    total = sum((one.count for one in points), Count())
    units = by_unit(points, [one.id for _, one in tree.walk()])
    return render_template("desk/wave.html", wave=found, units=units, total=total, tree=tree)


@desk.route("/waves/<wave_id>/again", methods=["GET", "POST"])
@requires(Permission.RUN_WAVES)
def clone(wave_id: str) -> Any:
    """Designers and administrators; lands on the drafted wave."""
    with installation().database.read() as connection:
        source, tree = wave_or_404(connection, wave_id), read_tree(connection)
        versions = versions_that_fit(connection, source)
    living, gone = scored_units(source, tree, installation().today())
    form = WaveClone()
    form.questionnaire_id.choices = [SelectChoice(key, version_words(key, *one)) for key, one in versions.items()]
    new = newcomers(source, tree, installation().today())
    form.unit_ids.choices = [SelectChoice(one, said(tree.units[one].title)) for one in living]
    form.unit_ids.choices += [
        SelectChoice(one, gettext("%(unit)s (new)", unit=said(tree.units[one].title))) for one in new
    ]
    if not form.is_submitted():
        form.show(source.title)
        form.unit_ids.data = living
    elif form.sent() and _cloned(form, source, tree):
        flash(gettext("The wave was drafted. Nothing is frozen yet."))
        return redirect(url_for("desk.wave", wave_id=form.wave_id.data), 303)
    return render_template("desk/wave_clone.html", form=form, wave=source, gone=gone, tree=tree)


def version_words(identity: str, published_on: date, title: Mapping[str, str]) -> str:
    """A published version as lists of choices name it."""
    return f"{said(title)}, {format_date(published_on)} ({identity[:8]})"


def _cloned(form: WaveClone, source: Wave, tree: Tree) -> bool:
    """Draft the wave as the form says; a refusal is written into the form."""
    new = NewWave(
        str(form.wave_id.data),
        form.titles(source.title),
        form.opens_on.data,
        form.closes_on.data,
        form.unit_ids.data,
        form.questionnaire_id.data,
    )
    if not new.unit_ids:
        form.unit_ids.errors = [gettext("Tick at least one unit.")]
        return False
    with installation().database.write() as connection:
        if connection.execute(select(wave_table.c.id).where(wave_table.c.id == new.wave_id)).first():
            form.wave_id.errors = [gettext("Another wave has this short name.")]
            return False
        n_points = clone_wave(connection, source, new, tree, installation().settings.timezone)
        record(connection, "draft wave", new.wave_id, f"from {source.id}, {n_points} points")
    return True


@desk.route("/waves/<wave_id>/open", methods=["GET", "POST"])
@requires(Permission.RUN_WAVES)
def open_page(wave_id: str) -> Any:
    """Designers and administrators, after seeing what gets frozen; lands on the open wave."""
    place = installation()
    form = DeskForm()
    with place.database.read() as connection:
        found = wave_or_404(connection, wave_id)
        points = count_points(connection, wave_id)
        rivals = _rivals(connection, found)
    hindrance = _hindrance(found, len(points))
    if form.sent() and not hindrance:
        with place.database.write() as connection:
            open_wave(connection, place.log, wave_id, place.now())
            record(connection, "open wave", wave_id, content_id(found.plan))
        flash(gettext("The wave is open. Its plan is frozen and its hash stands in the log."))
        return redirect(url_for("desk.wave", wave_id=wave_id), 303)
    frozen = {"plan_id": content_id(found.plan), "n_points": len(points), "rivals": rivals, "hindrance": hindrance}
    return render_template("desk/wave_open.html", form=form, wave=found, **frozen)


def _hindrance(wave: Wave, n_points: int) -> Any:
    """Why the wave cannot be opened, if so."""
    if wave.state is not WaveState.DRAFTED:
        return gettext("This wave has been opened already.")
    if wave.closes_at <= installation().now():
        return gettext("Its last day is over. Make a wave with other dates.")
    if wave.plan["scheme"] != content_id(wave.scheme):
        return gettext("Its plan names another scheme than the wave holds.")
    if not n_points and wave.plan["participation"] == "open":
        return gettext("It has no points, so nobody could answer.")
    return ""


def _rivals(connection: Connection, wave: Wave) -> list[Wave]:
    """Other open waves that ask at one of this wave's points."""
    mine = select(wave_point.c.point_key).where(wave_point.c.wave_id == wave.id)
    others = select(wave_point.c.wave_id).where(wave_point.c.point_key.in_(mine), wave_point.c.wave_id != wave.id)
    ids = set(connection.execute(others).scalars())
    return [one for one in all_waves(connection) if one.id in ids and one.state is WaveState.OPENED]


@desk.route("/waves/<wave_id>/close", methods=["GET", "POST"])
@requires(Permission.RUN_WAVES)
def close_page(wave_id: str) -> Any:
    """Designers and administrators, after confirming; lands on the closed wave."""
    place = installation()
    form = DeskForm()
    with place.database.read() as connection:
        found = wave_or_404(connection, wave_id)
        count = count_waves(connection, [wave_id])[wave_id]
    if found.state is not WaveState.OPENED:
        return redirect(url_for("desk.wave", wave_id=wave_id), 303)
    if form.sent():
        with place.database.write() as connection:
            close_wave(connection, wave_id, place.now())
            record(connection, "close wave", wave_id, f"{count.recorded} recorded")
        flash(gettext("The wave is closed."))
        return redirect(url_for("desk.wave", wave_id=wave_id), 303)
    return render_template("desk/wave_close.html", form=form, wave=found, count=count)
