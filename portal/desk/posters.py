"""Posters: a page to print, with a code to scan and the same code to type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import qrcode
from babel import Locale
from flask import abort, render_template, request, url_for
from flask_babel import force_locale, gettext
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_Q
from sqlalchemy import Connection

from portal.access import Permission, requires
from portal.db import installation
from portal.settings import LANGUAGES
from survey.points import Point, code_for, find_point, points_of
from survey.units import Tree, Unit

from .units import unit_or_404
from .views import desk

SIZES = ("a4", "a6")
QUIET_ZONE = 4
A_PAGE = 40
ON_WALLS = ("window", "hall")
"""Channels with a place to hang a poster; the others need the address itself."""


@dataclass(frozen=True)
class Poster:
    """What is printed for one point."""

    unit: Unit
    point: Point
    code: str
    address: str
    picture: Markup


def scan_address(code: str) -> str:
    """What the square holds: the public address, without any language, so that the phone's own is used."""
    with_language = url_for("respond.ask", code=code)
    return installation().settings.base_url + with_language.split("?")[0]


def qr_picture(text: str) -> Markup:
    """The square as SVG: one path, a quarter of it may be lost (level Q)."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(_row_path(row, place) for place, row in enumerate(rows))
    return Markup('<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">{2}</svg>').format(
        len(rows), text, Markup('<rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="{}"/>').format(path)
    )


def _row_path(row: list[bool], place: int) -> str:
    """The dark runs of one row."""
    parts: list[str] = []
    start = 0
    while start < len(row):
        end = start
        while end < len(row) and row[end] == row[start]:
            end += 1
        if row[start]:
            parts.append(f"M{start} {place}h{end - start}v1h-{end - start}z")
        start = end
    return "".join(parts)


def _poster(unit: Unit, point: Point) -> Poster:
    code = code_for(installation().keys, point.key)
    address = scan_address(code)
    return Poster(unit, point, code, address, qr_picture(address))


def _lines() -> dict[str, Mapping[str, str]]:
    """What the poster says, in every language of the portal at once."""
    said: dict[str, Mapping[str, str]] = {}
    for tag in LANGUAGES:
        with force_locale(str(Locale.parse(tag, sep="-"))):
            said[tag] = {
                "scan": gettext("How were you served? Scan to answer."),
                "type": gettext("Or open this address and type the code:"),
                "free": gettext("No name is asked for. You can check that your answer was recorded."),
                "key": gettext("Fingerprint of the portal's key:"),
            }
    return said


def _page(unit: Unit, posters: list[Poster], links: Sequence[Poster] = (), following: int | None = None) -> str:
    size = request.args.get("size", "a4")
    if size not in SIZES:
        abort(404)
    start = installation().settings.base_url
    return render_template(
        "desk/posters.html",
        unit=unit,
        posters=posters,
        links=links,
        following=following,
        size=size,
        sizes=SIZES,
        lines=_lines(),
        start=start,
    )


@desk.get("/points/<key>/poster")
@requires(Permission.DESK)
def poster(key: str) -> str:
    """Any member of staff, officers for their own; prints one poster."""
    with installation().database.read() as connection:
        point = find_point(connection, key)
        _, unit = unit_or_404(connection, point.unit_id)
    if point.revoked_on is not None:
        abort(404)
    return _page(unit, [_poster(unit, point)])


@desk.get("/units/<unit_id>/posters")
@requires(Permission.DESK)
def posters(unit_id: str) -> str:
    """Any member of staff, officers for their own; prints the posters of the unit and all below, forty a page."""
    with installation().database.read() as connection:
        tree, unit = unit_or_404(connection, unit_id)
        found = _living(connection, [unit_id, *(one.id for one in tree.below(unit_id))])
    first = max(request.args.get("first", 0, int), 0)
    hung = [point for point in found if point.channel in ON_WALLS]
    shown = hung[first : first + A_PAGE]
    following = first + A_PAGE if len(hung) > first + A_PAGE else None
    links = [point for point in found if point.channel not in ON_WALLS] if not first else []
    return _page(unit, _posters(tree, shown), _posters(tree, links), following)


def _posters(tree: Tree, points: Sequence[Point]) -> list[Poster]:
    return [_poster(tree.units[one.unit_id], one) for one in points]


def _living(connection: Connection, unit_ids: list[str]) -> list[Point]:
    today = installation().today()
    return [point for point in points_of(connection, unit_ids) if point.is_valid_on(today)]
