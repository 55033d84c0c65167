"""A Redis database for one test: claimed only when empty, so that nobody's data is ever flushed."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import redis

CURE = "no Redis, apt install redis-server"
_CLAIM = "minyi-test-claim"
_CLAIM_SECONDS = 900


@contextmanager
def redis_database() -> Iterator[str | None]:
    """URL of an empty database, flushed afterwards; None where no Redis answers or none of its databases is free."""
    named = os.environ.get("MINYI_TEST_REDIS_URL")
    url = named or "redis://127.0.0.1:6379"
    if not _answers(url):
        if named:
            raise RuntimeError("MINYI_TEST_REDIS_URL does not answer")
        yield None
        return
    claimed = next((one for one in _databases(url) if _claim(one)), None)
    try:
        yield claimed
    finally:
        if claimed is not None:
            with redis.Redis.from_url(claimed) as client:
                client.flushdb()


def _databases(url: str) -> list[str]:
    parts = urlsplit(url)
    if parts.path.strip("/"):
        return [url]
    return [urlunsplit(parts._replace(path=f"/{number}")) for number in range(15, 0, -1)]


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _claim(url: str) -> bool:
    """Two runs may ask at once: only the one that writes the claim first, into an empty database, has it."""
    with redis.Redis.from_url(url) as client:
        try:
            if client.dbsize() or not client.set(_CLAIM, uuid.uuid4().hex, nx=True, ex=_CLAIM_SECONDS):
                return False
            return bool(client.dbsize() == 1)
        except redis.ResponseError:  # a server with fewer databases
            return False
