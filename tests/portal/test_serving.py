"""The embedded server, as the command starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

PATIENCE = 30.0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A portal served by the command."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MINYI_")}
    command = [sys.executable, "-m", "portal", "serve", "--port", str(port), "--without-worker"]
    process = subprocess.Popen(
        command, env={**environ, "MINYI_DATA_DIR": str(tmp_path)}, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not is_answering(port) and time.monotonic() < deadline:
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def is_answering(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_open_connections_of_others_keep_nobody_out(port: int) -> None:
    """A hall full of phones keeps its connections, and a hostile one opens them and says nothing."""
    with ExitStack() as held:
        for _ in range(300):
            one = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert is_answering(port)
