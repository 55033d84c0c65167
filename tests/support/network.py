"""Tests talk to this machine only: a connection elsewhere is an error, not a wait."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

_SERVERS = ("MINYI_TEST_POSTGRES_URL", "MINYI_TEST_REDIS_URL")  # a service named here may be on another host


class OutsideNetworkError(RuntimeError):
    """Not an OSError, so that code which forgives network trouble cannot swallow it."""


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Guard Python's sockets and look-ups while the block runs; libpq and Chromium have guards of their own."""
    named = {urlsplit(os.environ.get(name, "")).hostname for name in _SERVERS}
    allowed = {host for host in named if host} | {"localhost", socket.gethostname()}
    allowed |= {address for host in allowed for address in _addresses(host)}
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host: Any) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name and name not in allowed and not _is_local(name):
            raise OutsideNetworkError(f"a test reached for {name}; tests use this machine only")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(address[0] if isinstance(address, tuple) else None)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(address[0] if isinstance(address, tuple) else None)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        check(host)
        return getaddrinfo(host, *rest, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _addresses(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError:
        return set()
