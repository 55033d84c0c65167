"""The public results pages: list, release and unit, each as HTML, JSON and CSV."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext

from portal.access import public
from portal.db import installation
from portal.errors import error_page
from survey.keys import fingerprint

from . import words
from .charts import tone_of
from .delivery import deliver
from .figures import ReleaseView, Unit, read_release, read_summary
from .folder import ReleaseDamagedError
from .gate import Published, published, versions_of
from .pages import IndexPage, Page, ReleasePage, cell_text, rank_text
from .trend import NONE, Trend, trend
from .trend_chart import trend_chart
from .twins import Sheet, as_csv, as_json
from .unit_page import UnitPage, bar_of

logger = logging.getLogger(__name__)
results = Blueprint("results", __name__)

FOR_TEMPLATES = {
    "words": words,
    "rank_text": rank_text,
    "bar_of": bar_of,
    "trend_chart": trend_chart,
    "tone_of": tone_of,
    "cell_text": cell_text,
    "fingerprint_of": fingerprint,
}


@results.get("/results")
@results.get("/results.<any(json,csv):form>")
@public
def index(form: str = "html") -> Response:
    """Anybody; chooses a release."""
    with installation().database.read() as connection:
        found = published(connection)
    made_from = [one.manifest_id for one in found]

    def make() -> str:
        return write(IndexPage(tuple((one, read_summary(*place_of(one))) for one in found)), form, "results/index.html")

    return deliver(form, [*made_from, head_mark()], make)


@results.get("/results/<release>")
@results.get("/results/<release>.<any(json,csv):form>")
@public
def release_page(release: str, form: str = "html") -> Response:
    """Anybody; reads a release and goes on to a unit, the method or the data."""
    chosen, versions = asked_for(release)
    view = view_of(chosen)
    page = ReleasePage(chosen, versions, view, trend_of(chosen, view.whole))
    return deliver(
        form, [*made_from(versions), *page.trend.made_from()], lambda: write(page, form, "results/release.html")
    )


@results.get("/results/<release>/<unit>")
@results.get("/results/<release>/<unit>.<any(json,csv):form>")
@public
def unit_page(release: str, unit: str, form: str = "html") -> Response:
    """Anybody; reads about one unit and may complain about it."""
    chosen, versions = asked_for(release)
    page = ReleasePage(chosen, versions, view_of(chosen))
    found = page.view.units.get(unit)
    if found is None or not (found.is_listed or page.view.children(found)):
        abort(404)
    one = UnitPage(page, found, trend_of(chosen, found))
    return deliver(form, [*made_from(versions), *one.trend.made_from()], lambda: write(one, form, "results/unit.html"))


def asked_for(name: str) -> tuple[Published, Sequence[Published]]:
    """The public version that the address asks for, the latest unless it says ?v=, and all there are; else 404."""
    with installation().database.read() as connection:
        versions = versions_of(connection, name)
    asked = request.args.get("v")
    for one in versions:
        if asked is None or asked == str(one.version):
            return one, versions
    abort(404)


def place_of(release: Published) -> tuple[Any, str]:
    return installation().settings.releases_dir / release.name / f"v{release.version}", release.manifest_id


def view_of(release: Published) -> ReleaseView:
    return read_release(*place_of(release))


def trend_of(chosen: Published, unit: Unit | None) -> Trend:
    """A unit's scores over all public releases in their latest versions; nothing where an older one was asked for."""
    if unit is None:
        return NONE
    with installation().database.read() as connection:
        return trend(connection, [(place_of(one)[0], one) for one in published(connection)], chosen, unit.id)


def head_mark() -> str:
    """The log head that every page prints; a page is new when it grows."""
    with installation().database.read() as connection:
        head = installation().log.head(connection)
    return head.root if head else ""


def made_from(versions: Sequence[Published]) -> list[str]:
    return [*(one.manifest_id for one in versions), head_mark()]


def write(page: Page, form: str, template: str) -> str:
    """The page in the form that was asked for."""
    if form == "json":
        return as_json(page.about(), page.sheets())
    if form == "csv":
        return as_csv(asked_sheet(page))
    return render_template(template, page=page, **FOR_TEMPLATES)


def asked_sheet(page: Page) -> Sheet:
    """The sheet that ?sheet= names, the first unless it names one; else 404."""
    sheets = page.sheets()
    found = sheets.get(request.args.get("sheet", next(iter(sheets))))
    return found if found is not None else abort(404)


@results.errorhandler(ReleaseDamagedError)
def damaged(error: ReleaseDamagedError) -> Any:
    """A release whose files are not what was signed is not shown."""
    logger.error("a release is damaged: %s", error)
    advice = gettext("A file is not what was signed and published. It will be back when it has been restored.")
    return error_page(503, gettext("This release cannot be shown now"), advice)


from . import data_views  # noqa: E402, F401 - registers its views on this blueprint
