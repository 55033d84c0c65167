"""The public record, as a page and as its twins."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify, render_template, request, url_for
from flask_babel import gettext

from portal.access import public
from portal.addresses import asked_number
from portal.db import installation
from survey.units import Tree, read_tree

from .register import Register, read_register
from .units import choices, with_those_below
from .views import complaints

PAGE = 20


def _register(*, limit: int | None = None, offset: int = 0) -> tuple[Tree, Register]:
    """The record of the unit the address names, with those below it; 404 for a unit that never was."""
    place, unit_id = installation(), request.args.get("unit") or None
    with place.database.read() as connection:
        tree = read_tree(connection)
        if unit_id is not None and unit_id not in tree.units:
            abort(404)
        return tree, read_register(
            connection,
            on=place.today(),
            titles={one.id: one.title for _, one in tree.walk()},
            unit_id=unit_id,
            unit_ids=with_those_below(tree, unit_id) if unit_id else None,
            limit=limit,
            offset=offset,
        )


@complaints.get("/complaints")
@public
def index() -> str:
    """Anybody; leads to filing, following and the published cases."""
    number = max(1, asked_number("page", 1, most=100_000))
    tree, register = _register(limit=PAGE, offset=(number - 1) * PAGE)
    offered = choices(tree, register.on, first=gettext("All offices"))
    pages = max(1, -(-register.n_published // PAGE))
    return render_template(
        "complaints/index.html", register=register, tree=tree, offered=offered, page=number, pages=pages, turn=_turn
    )


def _turn(page: int) -> str:
    """The address of another page of the same list."""
    return url_for("complaints.index", unit=request.args.get("unit") or None, page=page)


@complaints.get("/complaints.json")
@public
def index_json() -> Any:
    """Anybody who wants the data: the whole record of the same unit."""
    return jsonify(_register()[1].document())


@complaints.get("/complaints.csv")
@public
def index_csv() -> Response:
    """Anybody who wants a table: the published cases, or with ?table=units the totals of each unit."""
    register = _register()[1]
    by_unit = request.args.get("table") == "units"
    text = register.units_csv() if by_unit else register.cases_csv()
    return Response(text, mimetype="text/csv")
