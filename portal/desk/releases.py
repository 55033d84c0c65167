"""Releases: what was proposed, who confirms it, what is public."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import Connection, select

from portal.access import Permission, may, requires
from portal.accounts.security import record
from portal.accounts.tables import Staff
from portal.db import installation
from portal.releases.publish import Release, ReleaseError, SamePersonError, all_releases, load_release, publish, refuse
from portal.releases.runs import load_run
from survey.errors import SurveyError
from survey.fielding import load_wave

from .figures import grade_titles, read_figures
from .forms import DeskForm, RefuseForm
from .menu import SCORE_READERS, requires_any
from .views import desk


def _names(connection: Connection) -> dict[int | None, str]:
    """Who is who, for the two persons of a release."""
    return {row.id: row.name for row in connection.execute(select(Staff.id, Staff.name))}


@desk.get("/releases")
@requires_any(*SCORE_READERS)
def releases() -> str:
    """Who runs, confirms or audits scores; leads to each release."""
    with installation().database.read() as connection:
        listed, names = all_releases(connection), _names(connection)
    return render_template("desk/releases.html", releases=listed, names=names)


def release_or_404(connection: Connection, name: str, version: int) -> Release:
    try:
        return load_release(connection, name, version)
    except ReleaseError:
        abort(404)


def _is_second(found: Release) -> bool:
    """Whether the person at the keyboard may confirm or refuse this release."""
    is_other = found.proposed_by != current_user.id
    return found.state == "proposed" and is_other and may(Permission.CONFIRM_RELEASE)


@desk.get("/releases/<name>/<int:version>")
@requires_any(*SCORE_READERS)
def release(name: str, version: int) -> str:
    """Who runs, confirms or audits scores; a second person publishes or refuses from here."""
    return _page(name, version, DeskForm(prefix="publish"), RefuseForm(prefix="refuse"))


def _page(name: str, version: int, publish_form: DeskForm, refuse_form: RefuseForm) -> str:
    place = installation()
    with place.database.read() as connection:
        found = release_or_404(connection, name, version)
        run = load_run(connection, found.run_id)
        wave, names = load_wave(connection, run.wave_id), _names(connection)
    figures = read_figures(place.runs_dir(run.id), wave.plan)
    forms = {"publish_form": publish_form, "refuse_form": refuse_form, "is_second": _is_second(found)}
    grades = grade_titles(wave.scheme)
    return render_template(
        "desk/release.html", release=found, run=run, wave=wave, figures=figures, grades=grades, names=names, **forms
    )


@desk.route("/releases/<name>/<int:version>/publish", methods=["GET", "POST"])
@requires(Permission.CONFIRM_RELEASE)
def publish_page(name: str, version: int) -> Any:
    """A second person who confirms releases; lands on the release, now public."""
    form = DeskForm(prefix="publish")
    if form.sent() and _published(form, name, version):
        flash(gettext("Published. The hash of the release stands in the log."))
        return redirect(url_for("desk.release", name=name, version=version), 303)
    return _page(name, version, form, RefuseForm(formdata=None, prefix="refuse"))


def _published(form: DeskForm, name: str, version: int) -> bool:
    """Publish; what prevents it is written into the form, and nothing was published then."""
    place = installation()
    with place.database.read() as connection:
        release_or_404(connection, name, version)
    try:
        publish(place, name, version, current_user.id)
    except SamePersonError:
        form.form_errors.append(gettext("Who proposed a release cannot publish it. Ask another person."))
        return False
    except SurveyError as error:
        form.form_errors.append(str(error))
        return False
    return True


@desk.route("/releases/<name>/<int:version>/refuse", methods=["GET", "POST"])
@requires(Permission.CONFIRM_RELEASE)
def refuse_page(name: str, version: int) -> Any:
    """A second person who confirms releases; lands on the release with the reason on record."""
    form = RefuseForm(prefix="refuse")
    if form.sent() and _refused(form, name, version):
        flash(gettext("Refused. The reason is on record."))
        return redirect(url_for("desk.release", name=name, version=version), 303)
    return _page(name, version, DeskForm(formdata=None, prefix="publish"), form)


def _refused(form: RefuseForm, name: str, version: int) -> bool:
    with installation().database.write() as connection:
        found = release_or_404(connection, name, version)
        if not _is_second(found):
            form.form_errors.append(gettext("Only another person can refuse a proposed release."))
            return False
        refuse(connection, name, version, current_user.id, str(form.reason.data))
        record(connection, "refuse release", f"{name}/v{version}", str(form.reason.data))
    return True
