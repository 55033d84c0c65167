"""Margins of a wave: brought, looked at, set once."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from portal.access import Permission, requires
from portal.accounts.security import record
from portal.db import installation
from survey.fielding import Wave, margins_id, set_margins

from .forms import MarginsForm
from .targets import Targets, decoded, header_of, read_targets, wanted_rows
from .views import desk
from .waves import wave_or_404


@desk.route("/waves/<wave_id>/margins", methods=["GET", "POST"])
@requires(Permission.RUN_WAVES)
def margins(wave_id: str) -> Any:
    """Designers and administrators: a preview first, then set for good; lands on the wave."""
    with installation().database.read() as connection:
        found = wave_or_404(connection, wave_id)
    if found.margins is not None or not header_of(found.plan):
        shown = margins_id(found.margins) if found.margins is not None else ""
        return render_template("desk/margins_set.html", wave=found, header=header_of(found.plan), identity=shown)
    form = MarginsForm()
    targets: Targets | None = None
    if form.sent():
        form.rows.data = _text(form)
        targets = read_targets(form.rows.data, found.plan)
        if request.form.get("step") == "set" and not targets.problems:
            _set(found, targets)
            return redirect(url_for("desk.wave", wave_id=wave_id), 303)
    return render_template(
        "desk/margins.html",
        form=form,
        wave=found,
        targets=targets,
        sample=_sample(found),
        n_rows=len(wanted_rows(found.plan)),
    )


@desk.get("/waves/<wave_id>/margins.csv")
@requires(Permission.RUN_WAVES)
def margins_form(wave_id: str) -> Response:
    """Designers and administrators; a table with every row this wave needs, to fill in."""
    with installation().database.read() as connection:
        found = wave_or_404(connection, wave_id)
    if not header_of(found.plan):
        abort(404)
    text = io.StringIO()
    rows = ((*row, "") for row in wanted_rows(found.plan))
    csv.writer(text, lineterminator="\r\n").writerows([header_of(found.plan), *rows])
    headers = {"Content-Disposition": f'attachment; filename="{wave_id}-margins.csv"'}
    return Response(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)


def _text(form: MarginsForm) -> str:
    """What was pasted, or else what the file holds."""
    file = form.file.data
    return decoded(file.read()) if file and file.filename else str(form.rows.data or "")


def _sample(wave: Wave) -> str:
    """The header and the first rows this wave needs."""
    lines = [",".join(header_of(wave.plan))]
    lines += [f"{first},{second},0" for first, second in wanted_rows(wave.plan)[:3]]
    return "\n".join(lines)


def _set(wave: Wave, targets: Targets) -> None:
    place = installation()
    with place.database.write() as connection:
        set_margins(connection, place.log, wave.id, targets.rows, place.now())
        record(connection, "set margins", wave.id, f"{len(targets.rows)} rows, {margins_id(targets.rows)}")
    flash(gettext("The margins are set, and their hash stands in the log."))
