"""The application: built from settings, holds no global state."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from .access import check_permission
from .accounts.security import init_security
from .accounts.sessions import DeskSessions
from .addresses import IdConverter
from .complaints.views import complaints
from .compression import init_compression
from .db import Installation
from .desk.views import desk
from .errors import init_errors
from .headers import init_headers
from .language import init_language
from .respond.views import respond
from .results.views import results
from .settings import Settings, read_settings
from .site.views import site

LARGEST_POST = 256 * 1024


def create_app(settings: Settings | None = None, *, place: Installation | None = None) -> Flask:
    """Build the application; `place` lets tests bring their own clock."""
    place = place or Installation(settings or read_settings())
    app = Flask(__name__)
    app.extensions["minyi"] = place
    app.session_interface = DeskSessions()
    app.url_map.converters["int"] = IdConverter
    app.config.update(
        SECRET_KEY=place.keys.derive("session").hex(),
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST,
        WTF_CSRF_CHECK_DEFAULT=False,  # citizen forms carry a signed token and no cookie; desk forms check themselves
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    CSRFProtect(app)
    init_language(app)
    init_headers(app)
    init_compression(app)
    init_errors(app)
    init_security(app)
    app.before_request(check_permission)
    for area in (site, respond, results, complaints, desk):
        app.register_blueprint(area)
    return app
