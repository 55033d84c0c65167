"""Fixtures every test may ask for, and the closing line that counts what could not run. The parts: tests/support."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

import given_files
import scale
from chromium import CURE as CHROMIUM_CURE
from chromium import FLAGS, chromium
from network import only_this_machine
from not_run import closing_line, not_run
from postgres import CURE as POSTGRES_CURE
from postgres import PostgresServer, postgres_server_here
from redis_server import CURE as REDIS_CURE
from redis_server import redis_database
from serving import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from playwright.sync_api import Browser, BrowserContext

pytest_plugins = ["portal_fixtures"]

_MARKER_OF_FIXTURE = {"browser": "browser", "postgres_server": "postgres", "redis_url": "redis", "given_data": "given"}

# the same examples on every machine and every run; no deadline, since a loaded machine is not a failing test
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)


def pytest_configure() -> None:
    """Settings of whoever runs the tests (a real database, say) do not reach them; MINYI_TEST_* do."""
    settings.load_profile("ci")
    for name in [name for name in os.environ if name.startswith("MINYI_") and not name.startswith("MINYI_TEST_")]:
        del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a fixture carries its marker, so that `-m "not browser"` needs no discipline."""
    for item in items:
        for fixture in _MARKER_OF_FIXTURE.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(_MARKER_OF_FIXTURE[fixture])


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and chromium() is None:
        not_run("browser", f"no Chromium, {CHROMIUM_CURE}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(closing_line(terminalreporter.stats.get("skipped", [])))


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    with only_this_machine():
        yield


# --- databases ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this process: `create(template=)`, `template(key, build)`, `drop(url)`."""
    with postgres_server_here() as server:
        if server is None:
            not_run("postgres", POSTGRES_CURE)
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh, empty PostgreSQL database, dropped afterwards: `postgresql+psycopg://...`."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A fresh SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'minyi.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice, once on each database the portal supports."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def redis_url() -> Iterator[str]:
    """An empty Redis database of this test's own, flushed afterwards."""
    with redis_database() as url:
        if url is None:
            not_run("redis", REDIS_CURE)
        yield url


# --- a browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for each test process. While it lives, `asyncio.run` in the same thread is refused."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def phone(browser: "Browser") -> Iterator[Callable[..., "BrowserContext"]]:
    """`phone(javascript=True, locale="zh-CN", **options)`: a browser context like a cheap phone, 360 x 640."""
    with ExitStack() as opened:

        def open_phone(*, javascript: bool = True, locale: str = "zh-CN", **options: Any) -> "BrowserContext":
            size = {"width": 360, "height": 640}
            phone_like: dict[str, Any] = {
                "viewport": size,
                "device_scale_factor": 2,
                "is_mobile": True,
                "has_touch": True,
            }
            context = browser.new_context(java_script_enabled=javascript, locale=locale, **(phone_like | options))
            context.set_default_timeout(15_000)
            opened.callback(context.close)
            return context

        yield open_phone


@pytest.fixture
def serve() -> Iterator[Callable[["WSGIApplication"], str]]:
    """`serve(app)` starts a WSGI application on this machine and returns its base URL; stopped afterwards."""
    with ExitStack() as running:
        yield lambda app: running.enter_context(serving(app))


# --- sizes and given data -------------------------------------------------------------------------------------------


@pytest.fixture
def scaled() -> Callable[..., int]:
    """`scaled(n, least=1)`: a full size divided by MINYI_TEST_SCALE. For decorators: `from scale import scaled`."""
    return scale.scaled


@pytest.fixture
def given_data() -> Path:
    """The folder of given data. One set by name: `from given_files import given`, then `given("given-...")`."""
    if not given_files.ROOT.is_dir():
        not_run("given data", "MINYI_TEST_DATA not found")
    return given_files.ROOT
