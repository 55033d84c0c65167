"""The embedded server: waitress with threads, and the worker as a second process started by the same command."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from types import FrameType
from typing import Any

from flask import Flask

LIMITS: dict[str, Any] = {
    "ident": None,
    "clear_untrusted_proxy_headers": True,
    "connection_limit": 900,  # below the usual 1,024 open files; at 100 one hostile phone keeps everybody out
    "channel_timeout": 20,  # seconds that a connection may say nothing
    "cleanup_interval": 5,
    "max_request_header_size": 32 * 1024,
    "asyncore_use_poll": True,
}


def serve_forever(app: Flask, *, host: str, port: int, threads: int, with_worker: bool) -> None:
    """Serve until stopped; the worker ends with the web."""
    from waitress import serve

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue of one is no news
    worker = _start_worker() if with_worker else None
    stay_on_one_core()
    signal.signal(signal.SIGTERM, _stop)
    try:
        serve(app, host=host, port=port, threads=threads, **LIMITS)
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=20)


def stay_on_one_core() -> None:
    """Keep this process's threads on one core, where the system allows it.

    Python runs one thread at a time; over two cores the threads of a busy server fight for that turn, which cost nine
    tenths of the page rate here. The worker and the database keep the other cores.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "portal", "worker"], env=os.environ.copy())


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
