"""Log-in for the desk: Flask-Security-Too with argon2id, our lockout, and one session a request."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Flask, current_app, g, request
from flask_babel import gettext
from flask_login import current_user
from flask_security import FSQLALiteUserDatastore, LoginForm, Security, hash_password
from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.orm import Session

from portal.access import GRANTS, Permission, Role
from portal.db import Installation, installation
from portal.language import asked_for
from survey.errors import SurveyError
from survey.storage.tables import unit

from .tables import AuditEntry, Staff, StaffRole

ARGON2 = {"argon2__rounds": 2, "argon2__memory_cost": 19456, "argon2__parallelism": 1}
LOCK_AFTER = 8
LOCK_FOR = timedelta(minutes=15)


class _Sessions:
    """What Flask-Security's datastore calls `db`: the session of the current request.

    It only reads: a view writes in a transaction of its own, which a second writer of the same request would block.
    """

    @property
    def session(self) -> Session:
        if "staff_session" not in g:
            g.staff_session = Session(installation().database.engine, expire_on_commit=False)
        session: Session = g.staff_session
        return session


class _LoginForm(LoginForm):
    """The log-in with a lock after repeated failures; the message is the same for every reason."""

    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = _destination(self.next.data)

    def validate(self, **kwargs: Any) -> bool:
        email = _normalised(self.email.data)
        allowed = _reserve_attempt(email)
        passed = bool(super().validate(**kwargs)) and allowed
        if passed:
            _forget_failures(email)
        elif not self.csrf_token.errors:
            for field in self:
                field.errors = []
            self.form_errors = [gettext("E-mail or password is wrong.")]
        return passed


def _destination(wanted: str | None) -> str:
    """Where a log-in leads: a page of this portal in the language of the log-in page, or the front of the desk."""
    text = wanted or ""
    parts = urlsplit(text)
    if not text.startswith("/") or text.startswith("//") or "\\" in text or parts.scheme or parts.netloc:
        return ""
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    asked = asked_for()
    return urlunsplit(("", "", parts.path, urlencode([*query, ("lang", asked)] if asked else query), ""))


def _normalised(email: str | None) -> str:
    """The e-mail address as Flask-Security will look it up, so that no other spelling escapes the lock."""
    try:
        found: str = current_app.extensions["security"].mail_util.normalize((email or "").strip())
    except ValueError:
        return ""
    return found.lower()


def _reserve_attempt(email: str) -> bool:
    """Count an attempt before its password is looked at, so that many at once are no way around the lock."""
    place = installation()
    now = place.now()
    unlocked = or_(Staff.locked_until.is_(None), Staff.locked_until <= now)
    with place.database.write() as connection:
        counted = connection.execute(
            update(Staff).where(Staff.email == email, unlocked).values(failed_logins=Staff.failed_logins + 1)
        )
        connection.execute(
            update(Staff)
            .where(Staff.email == email, Staff.failed_logins >= LOCK_AFTER)
            .values(failed_logins=0, locked_until=now + LOCK_FOR)
        )
    return counted.rowcount > 0


def _forget_failures(email: str) -> None:
    with installation().database.write() as connection:
        connection.execute(update(Staff).where(Staff.email == email).values(failed_logins=0, locked_until=None))


def init_security(app: Flask) -> None:
    """Only log-in and log-out are offered; staff are added by an administrator."""
    settings = installation_of(app).settings
    app.config.update(
        SECURITY_PASSWORD_SALT=installation_of(app).keys.derive("password-salt").hex(),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  the name of a hash, not a password
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=ARGON2,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_LOGOUT_CSRF=True,
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_LOGIN_URL="/login",
        SECURITY_LOGOUT_URL="/logout",
        SECURITY_VERIFY_URL="/login/verify",  # the portal's own /verify checks receipts
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="desk.front",  # names of views, not addresses: the language is kept
        SECURITY_POST_LOGOUT_VIEW="site.front",
        SECURITY_URL_PREFIX=None,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_secure,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
    )
    datastore = FSQLALiteUserDatastore(_Sessions(), Staff, StaffRole)
    Security(app, datastore, login_form=_LoginForm)
    app.teardown_appcontext(_close_session)
    _identify_only_at_the_desk(app)


def _identify_only_at_the_desk(app: Flask) -> None:
    """Flask-Security asks who is there before every request; citizen pages neither know nor read a cookie."""
    hooks = app.before_request_funcs[None]
    for place, hook in enumerate(hooks):
        if getattr(hook, "__module__", "") == "flask_principal":
            hooks[place] = _at_the_desk(hook)


def _at_the_desk(hook: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        return hook() if request.blueprint in ("desk", "security") else None

    return run


def _close_session(_error: BaseException | None) -> None:
    session = g.pop("staff_session", None)
    if session is not None:
        session.close()


def installation_of(app: Flask) -> Installation:
    found: Installation = app.extensions["minyi"]
    return found


class StaffExistsError(Exception):
    """Somebody has this e-mail address already."""


def add_staff(app: Flask, *, email: str, name: str, password: str, role: Role, unit_id: str | None = None) -> None:
    """Create a log-in; an officer needs a unit. Raises StaffExistsError."""
    place = installation_of(app)
    with app.app_context(), place.database.write() as connection:
        insert_staff(connection, email=email, name=name, password=password, role=role, unit_id=unit_id)


def insert_staff(
    connection: Connection, *, email: str, name: str, password: str, role: Role, unit_id: str | None = None
) -> int:
    """Create a log-in in this transaction and return its number. Raises StaffExistsError."""
    with Session(connection) as session:
        if session.scalar(select(Staff).where(Staff.email == email.lower())):
            raise StaffExistsError(email)
        found = session.scalar(select(StaffRole).where(StaffRole.name == role)) or StaffRole(name=str(role))
        new = Staff(
            email=email.lower(),
            name=name,
            password=hash_password(password),
            active=True,
            fs_uniquifier=secrets.token_hex(32),
            unit_id=unit_id,
            failed_logins=0,
            roles=[found],
        )
        session.add(new)
        session.flush()
        return new.id


def record(connection: Any, action: str, subject: str, detail: str = "") -> None:
    """Write an audit entry for the person at the keyboard (or nobody, from a command) in this transaction."""
    staff_id = current_user.id if request and current_user.is_authenticated else None
    connection.execute(
        insert(AuditEntry).values(
            at=installation().now(), staff_id=staff_id, action=action, subject=subject, detail=detail
        )
    )


def units_of(connection: Any, staff: Staff) -> list[str] | None:
    """The units an officer acts for (the own one and all below); None means all of them."""
    if not any(role.name == Role.OFFICER for role in staff.roles):
        return None
    parents = {row.id: row.parent_id for row in connection.execute(select(unit.c.id, unit.c.parent_id))}
    return [one for one in parents if _is_below(one, staff.unit_id, parents)]


def _is_below(one: str | None, top: str | None, parents: dict[str, str | None]) -> bool:
    while one is not None:
        if one == top:
            return True
        one = parents.get(one)
    return False


def staff_by_email(place: Installation, email: str, *, who_may: Permission = Permission.DESK) -> int:
    """The id of an active member of staff who holds this permission; raises UnknownStaffError."""
    roles = [role.value for role, granted in GRANTS.items() if who_may in granted]
    is_named = (Staff.email == email.lower(), Staff.active.is_(True), StaffRole.name.in_(roles))
    with place.database.read() as connection:
        found = connection.execute(select(Staff.id).join(Staff.roles).where(*is_named)).scalar()
    if found is None:
        expected = f"an active log-in that may {who_may}" if who_may is not Permission.DESK else ""
        raise UnknownStaffError(
            "Nobody active has this e-mail address.", got=email, expected=expected, hint="minyi user add"
        )
    return found


class UnknownStaffError(SurveyError):
    """An e-mail address that belongs to nobody active."""
