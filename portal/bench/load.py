"""A small load generator: one thread, raw sockets kept alive, one request in flight on each connection.

One thread on purpose: several of them would fight the server for the machine and measure that fight.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Load:
    """What one burst measured."""

    requests: int
    seconds: float
    server_cpu: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


class UnexpectedAnswerError(Exception):
    """The server answered something else than 200; the figure would mean nothing."""


def run_load(port: int, pid: int, requests: Sequence[bytes], *, connections: int = 8) -> Load:
    """Send every request once over several connections; raises UnexpectedAnswerError at the first that is not a 200."""
    waiting = list(reversed(requests))
    with selectors.DefaultSelector() as selector:
        for _ in range(min(connections, len(waiting))):
            selector.register(_connect(port), selectors.EVENT_READ, Connection())
        cpu, started = cpu_seconds(pid), time.perf_counter()
        for key in list(selector.get_map().values()):
            key.fileobj.sendall(waiting.pop())  # type: ignore[union-attr]
        left = len(requests)
        while left:
            for key, _ in selector.select(timeout=60):
                left -= _receive(key.fileobj, key.data, waiting)  # type: ignore[arg-type]
        seconds = time.perf_counter() - started
        for key in list(selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return Load(len(requests), seconds, cpu_seconds(pid) - cpu)


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


@dataclass
class Connection:
    """What has come of the answer that this connection waits for."""

    data: bytes = b""
    wanted: int = 0


def _receive(connection: socket.socket, state: Connection, waiting: list[bytes]) -> bool:
    """Read on; when the answer is whole, send the next request. Tells whether it was."""
    received = connection.recv(65536)
    if not received:
        raise UnexpectedAnswerError("the server closed the connection")
    state.data += received
    if not state.wanted:
        end = state.data.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = state.data.split(b" ", 2)[1]
        if status != b"200":
            raise UnexpectedAnswerError(f"status {status.decode()}")
        state.wanted = end + 4 + _body_length(state.data[:end].lower())
    if len(state.data) < state.wanted:
        return False
    state.data, state.wanted = b"", 0
    if waiting:
        connection.sendall(waiting.pop())
    return True


def _body_length(head: bytes) -> int:
    place = head.find(b"content-length:")
    return int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (Linux; 0 elsewhere)."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
