"""Data handed to the project from outside: real surveys, registers and logs. MINYI_TEST_DATA says where they lie."""

import os
from pathlib import Path

from not_run import not_run

REPOSITORY = Path(__file__).resolve().parents[2]
ROOT = (REPOSITORY / os.environ.get("MINYI_TEST_DATA", "../shared")).resolve()


def given(name: str) -> Path:
    """Folder or file `name` of the given data, in ROOT or ROOT/data; the test is not run where it is absent."""
    if not ROOT.is_dir():
        not_run("given data", "MINYI_TEST_DATA not found")
    found = given_or_none(name)
    if found is None:
        not_run("given data", f"{name} is not in MINYI_TEST_DATA")
    return found


def given_or_none(name: str) -> Path | None:
    """The same without skipping, for parametrize lists made while tests are collected."""
    return next((path for path in (ROOT / name, ROOT / "data" / name) if path.exists()), None)
