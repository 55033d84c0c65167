"""Heavy properties state their full size; MINYI_TEST_SCALE divides it (20 in `make test`, 1 in `make test-full`)."""

import os

SCALE = int(os.environ.get("MINYI_TEST_SCALE", "20"))


def scaled(n: int, *, least: int = 1) -> int:
    """`n` divided by the scale, rounded up, never under `least`."""
    return max(least, -(-n // SCALE))
