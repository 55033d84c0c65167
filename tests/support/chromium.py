"""Finds the Chromium that browser tests drive. Nothing is downloaded: a machine brings its own."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

CURE = "apt install chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # pages under test are on this machine: a request to any other host fails
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
]
_NAMES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "chromium", "google-chrome")


@functools.cache
def chromium() -> str | None:
    """Path of a Chromium that starts, or None. One named by MINYI_TEST_CHROMIUM must start."""
    if named := os.environ.get("MINYI_TEST_CHROMIUM"):
        if not _starts(named):
            raise RuntimeError(f"MINYI_TEST_CHROMIUM={named} does not start")
        return named
    brought = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"), reverse=True)
    return next((path for path in (*_NAMES, *map(str, brought)) if _starts(path)), None)


def _starts(path: str) -> bool:
    """Some systems ship a `chromium-browser` that only says which store to fetch it from."""
    if shutil.which(path) is None:
        return False
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
