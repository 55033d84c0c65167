"""What is measured: a wave of one-page questionnaires at one point, and two servers in processes of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import insert

from portal.db import Installation, upgrade
from survey.canonical import content_id
from survey.fielding import draft_wave, open_wave, publish_questionnaire
from survey.points import add_point, code_for
from survey.storage.tables import unit
from survey.tokens import issue

QUESTIONS = 12
WAVE = "bench"
LEVELS = ("Very satisfied", "Satisfied", "Fairly satisfied", "Dissatisfied", "Very dissatisfied")


def questionnaire() -> dict[str, Any]:
    choices = [{"code": 5 - place, "text": {"en": text}} for place, text in enumerate(LEVELS)]
    questions = [
        {
            "type": "five_level",
            "variable": f"q{number}",
            "required": True,
            "text": {"en": f"How satisfied were you with part {number + 1} of the service?"},
            "choices": choices,
        }
        for number in range(QUESTIONS)
    ]
    return {
        "format": "minyi-questionnaire/1",
        "name": "bench",
        "title": {"en": "Rating of a service"},
        "languages": ["en"],
        "sections": [{"questions": questions}],
    }


def build_scene(place: Installation) -> str:
    """One unit, one point, one open wave; returns the point's code."""
    upgrade(place.settings.database_url)
    scheme = {"format": "minyi-scheme/1", "id_name": "bench"}
    day = date(2020, 1, 1)
    with place.database.write() as connection:
        title = '{"en":"Hall"}'
        connection.execute(insert(unit).values(id="hall", kind="office", title=title, valid_from=day, sort=0))
        identity = publish_questionnaire(connection, questionnaire(), day)
        point = add_point(connection, unit_id="hall", channel="window", title={"en": "Window 1"}, on=day)
        plan = {
            "title": {"en": "Bench"},
            "population": "service_events",
            "questionnaire": identity,
            "scheme": content_id(scheme),
            "units": [{"id": "hall", "scored": True}],
        }
        now = place.now()
        draft_wave(
            connection,
            wave_id=WAVE,
            plan=plan,
            scheme=scheme,
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=1),
            points={point.key: "hall"},
        )
        open_wave(connection, place.log, WAVE, now)
    return code_for(place.keys, point.key)


def page_request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\nAccept-Language: en\r\n\r\n".encode()


def submissions(place: Installation, code: str, path: str, count: int) -> list[bytes]:
    """Requests that are each a new response: every one has a form token of its own."""
    key = code.replace("-", "")[:8]
    return [_submission(path, issue(place.keys, f"{WAVE}|{key}", place.now()), number) for number in range(count)]


def _submission(path: str, token: str, number: int) -> bytes:
    fields = [("token", token), *((f"q{one}", str((number + one) % 5 + 1)) for one in range(QUESTIONS))]
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\nAccept-Language: en\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def server(kind: str, environ: dict[str, str]) -> Iterator[tuple[int, int]]:
    """The portal or the floor under waitress in its own process; gives its port and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "portal.bench.server", kind, str(port)]
    process = subprocess.Popen(command, env={**os.environ, **environ}, cwd=Path(__file__).parent.parent.parent)
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start within 10 seconds")
