"""What the desk offers to whom."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import Connection

from portal.access import Permission, may, permission_of, requires
from portal.accounts.security import units_of

View = TypeVar("View", bound=Callable[..., Any])

SCORE_READERS = (Permission.RUN_SCORES, Permission.PROPOSE_RELEASE, Permission.CONFIRM_RELEASE, Permission.READ_AUDIT)


def requires_any(*permissions: Permission) -> Callable[[View], View]:
    """Declare a desk view that several permissions open: any one of them will do."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not any(may(permission) for permission in permissions):
                abort(403)
            return view(*args, **kwargs)

        guarded.any_of = permissions  # type: ignore[attr-defined]
        return requires(Permission.DESK)(guarded)  # type: ignore[return-value]

    return declare


def may_open(endpoint: str) -> bool:
    """Whether the person at the keyboard may open this view; a view that does not exist is nobody's."""
    view = current_app.view_functions.get(endpoint)
    permission = permission_of(current_app, endpoint) if view else None
    if permission is None or not may(permission):
        return False
    any_of = getattr(view, "any_of", ())
    return not any_of or any(may(one) for one in any_of)


def links() -> list[tuple[str, str, str]]:
    """(address, words, aria-current) for each part of the desk this person may open."""
    offered = (
        ("desk.front", gettext("Desk")),
        ("desk.complaints", gettext("Cases")),
        ("desk.questionnaires", gettext("Questionnaires")),
        ("desk.waves", gettext("Waves")),
        ("desk.units", gettext("Units")),
        ("desk.runs", gettext("Score runs")),
        ("desk.releases", gettext("Releases")),
        ("desk.staff", gettext("Staff")),
        ("desk.audit", gettext("Audit trail")),
    )
    return [(url_for(name), words, _current(name)) for name, words in offered if may_open(name)]


def _current(endpoint: str) -> str:
    """`page` for the page itself, `true` for what lies below it; the front lies above everything."""
    if request.endpoint == endpoint:
        return "page"
    path = url_for(endpoint).split("?")[0]
    return "true" if endpoint != "desk.front" and request.path.startswith(f"{path}/") else ""


def own_units(connection: Connection) -> list[str] | None:
    """The units the person at the keyboard acts for; None means all."""
    return units_of(connection, current_user)


def check_own(connection: Connection, unit_id: str) -> None:
    """Refuse an officer who opens another unit's page."""
    own = own_units(connection)
    if own is not None and unit_id not in own:
        abort(403)
