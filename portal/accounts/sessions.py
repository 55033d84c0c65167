"""Sessions for the desk alone: a citizen's page can neither read nor set a cookie, even by mistake."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

STAFF_PATHS = ("/desk", "/login", "/logout")


class DeskSessions(SecureCookieSessionInterface):
    """Signed cookies below the staff's addresses; elsewhere a session that refuses to be written."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if request.path.startswith(STAFF_PATHS) else None
