"""Who may do what. Every view declares a permission; one that declares none is refused to everybody."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What a view asks of its visitor."""

    PUBLIC = "public"
    DESK = "desk"
    SEE_COMPLAINTS = "see complaints"
    ANSWER_COMPLAINTS = "answer complaints"
    DESIGN = "design questionnaires"
    APPROVE_QUESTIONNAIRE = "approve questionnaire"
    RUN_WAVES = "run waves"
    MANAGE_UNITS = "manage units"
    RUN_SCORES = "run scores"
    PROPOSE_RELEASE = "propose release"
    CONFIRM_RELEASE = "confirm release"
    MANAGE_STAFF = "manage staff"
    READ_AUDIT = "read audit"


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    DESIGNER = "designer"
    ANALYST = "analyst"
    OFFICER = "officer"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"


_P = Permission
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            _P.DESK,
            _P.SEE_COMPLAINTS,
            _P.DESIGN,
            _P.APPROVE_QUESTIONNAIRE,
            _P.RUN_WAVES,
            _P.MANAGE_UNITS,
            _P.RUN_SCORES,
            _P.PROPOSE_RELEASE,
            _P.CONFIRM_RELEASE,
            _P.MANAGE_STAFF,
            _P.READ_AUDIT,
        }
    ),
    Role.DESIGNER: frozenset({_P.DESK, _P.DESIGN, _P.APPROVE_QUESTIONNAIRE, _P.RUN_WAVES}),
    Role.ANALYST: frozenset({_P.DESK, _P.RUN_SCORES, _P.PROPOSE_RELEASE}),
    # an officer acts for one unit and those below it, and never on scores
    Role.OFFICER: frozenset({_P.DESK, _P.SEE_COMPLAINTS, _P.ANSWER_COMPLAINTS}),
    Role.REVIEWER: frozenset({_P.DESK, _P.SEE_COMPLAINTS, _P.APPROVE_QUESTIONNAIRE, _P.CONFIRM_RELEASE}),
    Role.AUDITOR: frozenset({_P.DESK, _P.READ_AUDIT}),
}

# views that libraries bring along
LIBRARY_VIEWS = {
    "static": Permission.PUBLIC,
    "security.login": Permission.PUBLIC,
    "security.logout": Permission.PUBLIC,
    "security.static": Permission.PUBLIC,
}


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare what a view asks of its visitor."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


public = requires(Permission.PUBLIC)


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    view = app.view_functions[endpoint]
    found = getattr(view, "permission", None)
    return found if isinstance(found, Permission) else LIBRARY_VIEWS.get(endpoint)


def may(permission: Permission) -> bool:
    """Whether the person at the keyboard holds this permission."""
    if permission is Permission.PUBLIC:
        return True
    if not current_user.is_authenticated:
        return False
    return any(permission in GRANTS[Role(role.name)] for role in current_user.roles)


def check_permission() -> Any:
    """Run before every request: pass, send to the log-in, or refuse."""
    if request.endpoint is None:
        return None
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        abort(403)
    if may(permission):
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=request.full_path))
    abort(403)
