"""Finds the Chromium that browser tests drive, and the driver's own runtime. A machine brings its own browser."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

CURE = "apt install chromium libatomic1"
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
    """Path of a Chromium that starts, or None, as without its driver. One named by MINYI_TEST_CHROMIUM must start."""
    return find_chromium() if driver_starts() else None


def driver_starts() -> bool:
    """Playwright drives the browser through a program of its own, which needs libatomic; a bare machine lacks it."""
    node, _ = compute_driver_executable()
    return _starts(str(node))


def find_chromium() -> str | None:
    """Path of a Chromium that starts, whether or not it can be driven."""
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
