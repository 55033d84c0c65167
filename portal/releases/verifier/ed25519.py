"""Ed25519 signature checks after RFC 8032, 5.1.7, in plain integers; it checks and never signs."""

from __future__ import annotations

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)

# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z and xy = T/Z.
Point = tuple[int, int, int, int]
IDENTITY: Point = (0, 1, 1, 0)


def verify_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether ``signature`` is the key holder's; encodings other than the canonical ones never pass."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, commitment = _decode(public_key), _decode(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER or _is_small(key):
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    found = _multiply_two(scalar, BASE, challenge, _negate(key))
    return _is_equal(found, commitment)


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * D * p[3] * q[3] % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(p: Point) -> Point:
    x, y, z, _ = p
    a, b = x * x % P, y * y % P
    h = a + b
    e = h - (x + y) * (x + y) % P
    g = a - b
    f = 2 * z * z + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _negate(p: Point) -> Point:
    return P - p[0], p[1], p[2], P - p[3]


def _is_equal(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def _is_small(p: Point) -> bool:
    """Tell whether the point has order 1, 2, 4 or 8: as a key it would accept signatures nobody made."""
    return _is_equal(_double(_double(_double(p))), IDENTITY)


def _multiply_two(m: int, p: Point, n: int, q: Point) -> Point:
    """Return m*p + n*q, two bits of both scalars at a time."""
    multiples_p = [IDENTITY, p, _double(p), _add(_double(p), p)]
    multiples_q = [IDENTITY, q, _double(q), _add(_double(q), q)]
    table = [_add(a, b) for a in multiples_p for b in multiples_q]
    found = IDENTITY
    for shift in range(252, -2, -2):
        found = _double(_double(found))
        place = (m >> shift & 3) << 2 | n >> shift & 3
        if place:
            found = _add(found, table[place])
    return found


def _decode(data: bytes) -> Point | None:
    """Return the point of a canonical encoding (RFC 8032, 5.1.3), or None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * SQRT_MINUS_ONE % P
        if v * x * x % P != u:
            return None
    if x == 0 and sign:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _base_point() -> Point:
    point = _decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    if point is None:
        raise ArithmeticError("the base point must decode")
    return point


BASE = _base_point()
