"""One byte string for one value: RFC 8785 (JCS) for objects, arrays, strings, integers, booleans and null.

Floating-point numbers are refused, so that a hash never depends on how a machine prints a fraction.
Standard library only: this text is copied into every release's ``verify.py``.
"""

from __future__ import annotations

import hashlib
import json
from json.encoder import encode_basestring
from typing import Any

LARGEST_INTEGER = 2**53 - 1
DEEPEST_NESTING = 200


class CanonicalError(ValueError):
    """The value has no canonical form, or the bytes are not in it."""

    def __init__(self, message: str, *, got: str = "", expected: str = "", hint: str = "") -> None:
        self.got, self.expected, self.hint = got, expected, hint
        details = (("got", got), ("expected", expected), ("hint", hint))
        super().__init__("; ".join([message, *(f"{name}: {text}" for name, text in details if text)]))


def canonical_json(value: Any) -> bytes:
    """Return the only canonical bytes of ``value``; raise CanonicalError, naming the place, if it has none."""
    try:
        ordered = _ordered(value, 0)
        return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (_UnusualError, UnicodeEncodeError):
        return _written(value)


def parse_canonical(data: bytes) -> Any:
    """Return the value whose canonical bytes are exactly ``data``; raise CanonicalError for any other bytes."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
            object_pairs_hook=_object_without_repeats,
        )
    except CanonicalError:
        raise
    except RecursionError as error:
        raise CanonicalError("nested too deeply", expected=f"at most {DEEPEST_NESTING} levels") from error
    except ValueError as error:
        raise CanonicalError("not JSON in UTF-8", got=str(error)) from error
    canonical = canonical_json(value)
    if canonical != data:
        longer = range(max(len(canonical), len(data)))
        place = next(i for i in longer if canonical[i : i + 1] != data[i : i + 1])
        raise CanonicalError(
            f"not in canonical form at byte {place}",
            got=repr(data[place : place + 20]),
            expected=repr(canonical[place : place + 20]),
        )
    return value


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def content_id(value: Any) -> str:
    """Return the id of a value: the SHA-256 of its canonical bytes, equal exactly when the values are equal."""
    return sha256_hex(canonical_json(value))


class _UnusualError(Exception):
    """Not a plain value with plain keys: it is written the long way, which names what has no canonical form."""


def _ordered(value: Any, depth: int) -> Any:
    """The value with its keys in order, for json's fast writer; most values are as plain as this asks for."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_INTEGER:
        return value
    if depth < DEEPEST_NESTING:
        if isinstance(value, dict) and all(isinstance(key, str) and key.isascii() for key in value):
            return {key: _ordered(value[key], depth + 1) for key in sorted(value)}
        if isinstance(value, (list, tuple)):
            return [_ordered(item, depth + 1) for item in value]
    raise _UnusualError


def _written(value: Any) -> bytes:
    parts: list[str] = []
    _write(value, parts.append, "$", 0)
    return "".join(parts).encode("utf-8")


def _write(value: Any, emit: Any, place: str, depth: int) -> None:
    if depth > DEEPEST_NESTING:
        raise CanonicalError("nested too deeply", expected=f"at most {DEEPEST_NESTING} levels")
    if value is None or value is True or value is False:
        emit({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        emit(_string(value, place))
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise CanonicalError(f"integer too large at {place}", got=hex(value), expected="-(2^53-1)..2^53-1")
        emit(int.__repr__(value))
    elif isinstance(value, dict):
        _write_object(value, emit, place, depth)
    elif isinstance(value, (list, tuple)):
        emit("[")
        for index, item in enumerate(value):
            emit("," if index else "")
            _write(item, emit, f"{place}[{index}]", depth + 1)
        emit("]")
    else:
        raise CanonicalError(
            f"no canonical form at {place}",
            got=type(value).__name__,
            expected="object, array, string, integer, boolean or null",
            hint="write a fraction as a decimal string" if isinstance(value, float) else "",
        )


def _write_object(value: dict[Any, Any], emit: Any, place: str, depth: int) -> None:
    for key in value:
        if not isinstance(key, str):
            raise CanonicalError(f"key is no string at {place}", got=type(key).__name__, expected="str")
    emit("{")
    quoted = {key: _string(key, place) for key in value}
    for index, key in enumerate(sorted(value, key=lambda key: key.encode("utf-16-be"))):
        emit("," if index else "")
        emit(quoted[key])
        emit(":")
        _write(value[key], emit, f"{place}.{key}", depth + 1)
    emit("}")


def _string(text: str, place: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(f"lone surrogate at {place}", got=ascii(text[error.start])) from error
    return encode_basestring(str.__str__(text))


def _refuse_number(text: str) -> Any:
    raise CanonicalError("not an integer", got=text, expected="an integer", hint="write a fraction as a decimal string")


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise CanonicalError("repeated key", got=ascii(next(key for key in keys if keys.count(key) > 1)))
    return found
