"""Settings: read once from the environment, checked together, never changed afterwards."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones


class SettingsError(Exception):
    """Names every setting that is missing or wrong, at once."""


@dataclass(frozen=True)
class Settings:
    """Everything an installation may set; the README explains each name."""

    data_dir: Path
    database_url: str
    secret_key: str
    redis_url: str
    base_url: str
    language: str
    timezone: ZoneInfo
    batch_minimum: int
    batch_seconds: int
    demo: bool

    @property
    def datasets_dir(self) -> Path:
        return self.data_dir / "datasets"

    @property
    def releases_dir(self) -> Path:
        return self.data_dir / "releases"

    @property
    def runs_dir(self) -> Path:
        return self.data_dir / "runs"

    @property
    def signing_key(self) -> Path:
        return self.data_dir / "keys" / "signing"

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")


LANGUAGES = ("zh-Hans", "en")
SHORTEST_SECRET = 32

VARIABLES = {
    "MINYI_DATA_DIR": "where databases, datasets, releases and keys live (default ./var)",
    "MINYI_DATABASE_URL": "the database (default SQLite in the data folder)",
    "MINYI_SECRET_KEY": "at least 32 characters, signs codes and sessions (default: made in the data folder)",
    "MINYI_REDIS_URL": "Redis for the job queue (default: SQLite in the data folder)",
    "MINYI_BASE_URL": "the address citizens see, printed in QR codes (default http://127.0.0.1:8000)",
    "MINYI_LANGUAGE": "the language when the browser asks for none that is offered (default zh-Hans)",
    "MINYI_TIMEZONE": "the portal's time zone (default Asia/Shanghai)",
    "MINYI_BATCH_MINIMUM": "answers that enter the log together (default 20, smaller only for a demonstration)",
    "MINYI_BATCH_SECONDS": "how often the worker looks for a full batch (default 60)",
    "MINYI_DEMO": "1 shows the demonstration's log-ins; never set it for a real portal (default 0)",
}


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Parse the environment; raises SettingsError with a line for each variable that cannot be used."""
    faults: list[str] = []
    data_dir = Path(environ.get("MINYI_DATA_DIR", "var")).absolute()
    zone = environ.get("MINYI_TIMEZONE", "Asia/Shanghai")
    if zone not in available_timezones():
        faults.append(f"MINYI_TIMEZONE: got {zone!r}, expected a name like Asia/Shanghai")
        zone = "UTC"
    language = environ.get("MINYI_LANGUAGE", "zh-Hans")
    if language not in LANGUAGES:
        faults.append(f"MINYI_LANGUAGE: got {language!r}, expected one of {', '.join(LANGUAGES)}")
    secret = environ.get("MINYI_SECRET_KEY", "")
    if secret and len(secret) < SHORTEST_SECRET:
        faults.append(f"MINYI_SECRET_KEY: shorter than {SHORTEST_SECRET} characters")
    minimum = _whole(environ, "MINYI_BATCH_MINIMUM", 20, faults)
    seconds = _whole(environ, "MINYI_BATCH_SECONDS", 60, faults)
    faults += [f"{name}: no such setting" for name in environ if _is_stray(name)]
    if faults:
        raise SettingsError("\n".join(faults))
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(environ.get("MINYI_DATABASE_URL", ""), data_dir),
        secret_key=secret or _own_secret(data_dir),
        redis_url=environ.get("MINYI_REDIS_URL", ""),
        base_url=environ.get("MINYI_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        language=language,
        timezone=ZoneInfo(zone),
        batch_minimum=minimum,
        batch_seconds=seconds,
        demo=environ.get("MINYI_DEMO", "0") == "1",
    )


def _is_stray(name: str) -> bool:
    return name.startswith("MINYI_") and not name.startswith("MINYI_TEST_") and name not in VARIABLES


def _whole(environ: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    text = environ.get(name, str(default))
    if text.isdigit() and int(text) > 0:
        return int(text)
    faults.append(f"{name}: got {text!r}, expected a whole number above 0")
    return default


def _database_url(given: str, data_dir: Path) -> str:
    if not given:
        return f"sqlite:///{data_dir / 'minyi.db'}"
    return given.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)


def own_folder(path: Path) -> Path:
    """Make a folder that only its owner can enter; one that exists is left as it is."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def own_file(path: Path, text: str = "") -> None:
    """Make a file that only its owner can read; one that exists is left as it is."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(text)
    except FileExistsError:
        pass


def _own_secret(data_dir: Path) -> str:
    """The installation's secret, made at first start. Raises SettingsError when it was cut short."""
    path = own_folder(own_folder(data_dir) / "keys") / "secret"
    own_file(path, secrets.token_hex(32))
    for _ in range(20):  # another process may be writing it just now
        found = path.read_text().strip()
        if len(found) >= SHORTEST_SECRET:
            return found
        time.sleep(0.05)
    raise SettingsError(f"{path}: cut short; restore it, or delete it where no portal has run yet")
