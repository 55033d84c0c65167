"""Score runs: start one, watch it, read its figures, propose them for publication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import Connection

from portal.access import Permission, requires
from portal.accounts.security import record
from portal.db import installation
from portal.releases.publish import ReleaseError, all_releases, propose
from portal.releases.runs import Run, RunError, all_runs, load_run, queue_run
from survey.fielding import Wave, WaveState, all_waves, load_wave

from .figures import grade_titles, read_figures
from .forms import DeskForm, ProposeForm
from .menu import SCORE_READERS, requires_any
from .views import desk
from .waves import wave_or_404

LOST_AFTER = timedelta(hours=2)  # a run this old without an end has lost its worker


@desk.get("/runs")
@requires_any(*SCORE_READERS)
def runs() -> str:
    """Who runs, confirms or audits scores; leads to each run, and to starting one."""
    with installation().database.read() as connection:
        listed = all_runs(connection)
        waves = {one.id: one for one in all_waves(connection)}
    done = {one.wave_id for one in listed if one.state != "failed"}
    closed = (WaveState.CLOSED, WaveState.FROZEN)
    ready = [one for one in waves.values() if one.state in closed and one.id not in done]
    return render_template("desk/runs.html", runs=listed, waves=waves, ready=ready)


@desk.route("/waves/<wave_id>/run", methods=["GET", "POST"])
@requires(Permission.RUN_SCORES)
def start_run(wave_id: str) -> Any:
    """Analysts and administrators, after confirming; lands on the run, which the worker then does."""
    place = installation()
    form = DeskForm()
    with place.database.read() as connection:
        found = wave_or_404(connection, wave_id)
        earlier = all_runs(connection, wave_id)
    hindrance = _hindrance(found, earlier)
    if form.sent() and not hindrance:
        run_id = _queue(wave_id)
        return redirect(url_for("desk.run", run_id=run_id), 303)
    return render_template("desk/run_start.html", form=form, wave=found, runs=earlier, hindrance=hindrance)


def _hindrance(wave: Wave, earlier: list[Run]) -> Any:
    """Why no run can start now, if so."""
    if wave.state not in (WaveState.CLOSED, WaveState.FROZEN):
        return gettext("The wave must be closed first.")
    if wave.plan["weighting"]["method"] != "none" and wave.margins is None:
        return gettext("The margins of the wave must be set first.")
    under_way = [one for one in earlier if one.state in ("queued", "started")]
    if any(installation().now() - one.started_at < LOST_AFTER for one in under_way):
        return gettext("A run of this wave is under way.")
    return ""


def _queue(wave_id: str) -> str:
    """Note the run, then hand it to the worker once that is on record."""
    from portal.jobs import Jobs

    place = installation()
    with place.database.write() as connection:
        run_id = queue_run(connection, place, wave_id, current_user.id)
        record(connection, "start run", run_id, wave_id)
    Jobs(place).score(run_id)
    return run_id


def run_or_404(connection: Connection, run_id: str) -> Run:
    try:
        return load_run(connection, run_id)
    except RunError:
        abort(404)


@desk.get("/runs/<run_id>")
@requires_any(*SCORE_READERS)
def run(run_id: str) -> str:
    """Who runs, confirms or audits scores; leads to a proposal once the run has finished."""
    return _run_page(run_id, ProposeForm())


def _run_page(run_id: str, form: ProposeForm) -> str:
    place = installation()
    with place.database.read() as connection:
        found = run_or_404(connection, run_id)
        wave = load_wave(connection, found.wave_id)
        releases = [one for one in all_releases(connection) if one.run_id == run_id]
    if not form.is_submitted():
        form.name.data = wave.id
        form.title_zh.data, form.title_en.data = wave.title.get("zh-Hans", ""), wave.title.get("en", "")
    figures = read_figures(place.runs_dir(run_id), wave.plan)
    return render_template(
        "desk/run.html",
        run=found,
        wave=wave,
        figures=figures,
        grades=grade_titles(wave.scheme),
        releases=releases,
        form=form,
        tried=request.form,
    )


@desk.route("/runs/<run_id>/propose", methods=["GET", "POST"])
@requires(Permission.PROPOSE_RELEASE)
def propose_page(run_id: str) -> Any:
    """Analysts and administrators; lands on the release, which another person must confirm."""
    form = ProposeForm()
    if form.sent():
        made = _proposed(form, run_id)
        if made:
            flash(gettext("Proposed. Another person must confirm it."))
            return redirect(url_for("desk.release", name=made[0], version=made[1]), 303)
    return _run_page(run_id, form)


def _proposed(form: ProposeForm, run_id: str) -> tuple[str, int] | None:
    """Propose the run as the form says; a refusal is written into the form."""
    place = installation()
    name = str(form.name.data)
    given = {"zh-Hans": form.title_zh.data, "en": form.title_en.data}
    with place.database.read() as connection:
        run_or_404(connection, run_id)
        earlier = [one for one in all_releases(connection) if one.name == name]
    if any(one.run_id == run_id for one in earlier):
        fault = gettext("This run was proposed under this name before. Choose another name, or start a new run.")
        form.name.errors = [fault]
        return None
    if earlier and not (form.reason.data or "").strip():
        form.reason.errors = [gettext("This name has a version already. Say what this one corrects and why.")]
        return None
    try:
        with place.database.write() as connection:
            made = propose(
                connection,
                run_id=run_id,
                name=name,
                title={tag: text for tag, text in given.items() if text},
                reason=form.reason.data or "",
                staff_id=current_user.id,
                now=place.now(),
            )
            record(connection, "propose release", f"{made[0]}/v{made[1]}", run_id)
    except ReleaseError as error:
        form.form_errors.append(str(error))
        return None
    return made
