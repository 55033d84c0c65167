"""What a request, a command or a job works with: the database, the keys, the log and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from flask import current_app
from sqlalchemy import make_url

from survey.keys import Keys, Signer
from survey.log import Head, Log
from survey.storage.engine import Database

from .settings import Settings, own_file, own_folder

HEAD_KEPT_FOR = 2.0
MIGRATIONS = Path(__file__).parent.parent / "migrations"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Installation:
    """One installation of the portal; holds no state of its own beyond its connections."""

    settings: Settings
    clock: Callable[[], datetime] = _utc_now
    _head: Head | None = None
    _head_until: float = 0.0

    @cached_property
    def database(self) -> Database:
        if self.settings.database_url.startswith("sqlite"):
            own_folder(self.settings.data_dir)
        return Database(self.settings.database_url)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.settings.secret_key)

    @cached_property
    def signer(self) -> Signer:
        return Signer.load_or_create(self.settings.signing_key)

    @cached_property
    def log(self) -> Log:
        return Log(self.signer)

    @cached_property
    def log_id(self) -> str:
        """The log's identity; founded on first use and never changed."""
        with self.database.write() as connection:
            return self.log.state(connection)[0]

    def recent_head(self) -> Head | None:
        """The log's latest signed head, at most two seconds old: every receipt and results page prints it."""
        if self._head_until < time.monotonic():
            with self.database.read() as connection:
                self._head = self.log.head(connection)
            self._head_until = time.monotonic() + HEAD_KEPT_FOR
        return self._head

    def runs_dir(self, run_id: str) -> Path:
        return self.settings.runs_dir / run_id

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        """The day where the portal stands."""
        return self.now().astimezone(self.settings.timezone).date()


def installation() -> Installation:
    """The installation behind the current request."""
    return cast("Installation", current_app.extensions["minyi"])


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring the database to the newest schema; running it again changes nothing. A SQLite file is its owner's alone."""
    file = make_url(url).database
    if file and url.startswith("sqlite"):
        own_folder(Path(file).parent)
        own_file(Path(file))
    command.upgrade(alembic_config(url), "head")
