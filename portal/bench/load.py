"""A small load generator: raw sockets, kept alive, one request in flight on each connection."""

from __future__ import annotations

import socket
import threading
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
    shares = [requests[start::connections] for start in range(connections)]
    faults: list[str] = []
    threads = [threading.Thread(target=_send, args=(port, share, faults)) for share in shares]
    cpu, started = cpu_seconds(pid), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if faults:
        raise UnexpectedAnswerError(faults[0])
    return Load(len(requests), seconds, cpu_seconds(pid) - cpu)


def _send(port: int, requests: Sequence[bytes], faults: list[str]) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            connection.sendall(request)
            status = _read_answer(connection)
            if status != b"200":
                faults.append(f"status {status.decode()}")
                return


def _read_answer(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536) or b"\r\n\r\n"
    head, body = data.split(b"\r\n\r\n", 1)
    lowered = head.lower()
    place = lowered.find(b"content-length:")
    length = int(lowered[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head.split(b" ", 2)[1]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (Linux; 0 elsewhere)."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
