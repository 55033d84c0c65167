"""What lies in the data folder is its owner's alone, and a secret that is no secret is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portal.db import Installation, upgrade
from portal.jobs import make_queue
from portal.settings import SettingsError, read_settings


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    """Answers, staff and keys: whoever else has a log-in on that machine reads none of them."""
    settings = read_settings({"MINYI_DATA_DIR": str(tmp_path / "deep" / "var")})
    assert mode(settings.data_dir) == 0o700
    assert mode(settings.data_dir / "keys") == 0o700
    assert mode(settings.data_dir / "keys" / "secret") == 0o600


def test_a_data_folder_that_others_may_enter_hides_its_databases(tmp_path: Path) -> None:
    """An operator made the folder for all to see: the databases in it still are not."""
    before = os.umask(0o022)
    try:
        settings = read_settings({"MINYI_DATA_DIR": str(tmp_path), "MINYI_SECRET_KEY": "k" * 40})
        upgrade(settings.database_url)
        make_queue(settings).storage.close()
    finally:
        os.umask(before)
    assert mode(tmp_path / "minyi.db") == 0o600
    assert mode(tmp_path / "jobs.db") == 0o600


@pytest.mark.parametrize("left", ["", "\n", "short"])
def test_a_secret_that_was_cut_short_is_refused(tmp_path: Path, left: str) -> None:
    """A full disk at the first start leaves an empty file; with it anybody could sign codes and sessions."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret").write_text(left)
    with pytest.raises(SettingsError, match="keys/secret"):
        read_settings({"MINYI_DATA_DIR": str(tmp_path)})


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    """A second start finds the first one's."""
    first, second = (read_settings({"MINYI_DATA_DIR": str(tmp_path)}) for _ in range(2))
    assert len(first.secret_key) == 64
    assert first.secret_key == second.secret_key
    Installation(first).signer.sign("test", {})
    assert mode(first.signing_key) == 0o600
