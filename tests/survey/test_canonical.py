"""The canonical bytes of a value, after RFC 8785."""

from __future__ import annotations

import enum
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.canonical import CanonicalError, _written, canonical_json, content_id, parse_canonical, sha256_hex

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def test_strings_are_escaped_as_the_rfc_example() -> None:
    """The string of RFC 8785, 3.2.2 has the bytes printed in 3.2.4."""
    text = '\u20ac$\u000f\nA\'B"\\\\"/'
    assert canonical_json(text) == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_every_control_character_has_its_short_or_lower_case_escape() -> None:
    """Short escapes where JSON has them, four lower-case digits else, and no escape for DEL or line separators."""
    assert canonical_json("\b\t\n\f\r\x1b\x7f\u2028") == '"\\b\\t\\n\\f\\r\\u001b\x7f\u2028"'.encode()


def test_keys_are_sorted_by_utf_16_units() -> None:
    """The sorting example of RFC 8785, 3.2.3: an emoji sorts before a Hebrew presentation form."""
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    names = [name.split()[0] for name in json.loads(canonical_json(value)).values()]
    assert names == ["Carriage", "One", "Control", "Latin", "Euro", "Emoji:", "Hebrew"]


def test_literals_and_nesting() -> None:
    """No white space, literals as in RFC 8785, 3.2.2, tuples as arrays, text enumerations as their text."""

    class Colour(enum.StrEnum):
        RED = "red"

    value = {"b": [None, True, False, (1, -2)], "a": {"": Colour.RED, "z": {}}, "c": []}
    assert canonical_json(value) == b'{"a":{"":"red","z":{}},"b":[null,true,false,[1,-2]],"c":[]}'


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (1.0, "$"),
        ({"a": [float("nan")]}, "$.a[0]"),
        ({"a": 2**53}, "$.a"),
        ([-(2**53)], "$[0]"),
        ("\ud800", "$"),
        ({"\udc00": 1}, "$"),
        ({"k": {1: 2}}, "$.k"),
        ({None: 2}, "$"),
        (b"bytes", "$"),
        ({1, 2}, "$"),
    ],
)
def test_what_has_no_canonical_form_is_refused_by_place(value: Any, place: str) -> None:
    """Floats, wide integers, lone surrogates, other keys and other types raise an error that names where."""
    with pytest.raises(CanonicalError, match=f"at {place.replace('$', '[$]').replace('[0]', '.0.')}"):
        canonical_json(value)


def test_the_largest_integers_pass() -> None:
    """Integers up to 2^53 - 1 in size are exact in every JSON reader, so they are accepted."""
    assert canonical_json([2**53 - 1, -(2**53) + 1]) == b"[9007199254740991,-9007199254740991]"


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b"[1, 2]",
        b"[1]\n",
        b"1.0",
        b"1e3",
        b"-0",
        b"NaN",
        b'"\\u0041"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"9007199254740993",
        b"[" * 100000,
        b"[" * 300 + b"]" * 300,
        b"",
        b"1" * 5000,
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    """There is one spelling: order, space, escapes, repeated keys and number formats all count."""
    with pytest.raises(CanonicalError):
        parse_canonical(data)


@given(VALUES)
def test_reading_gives_back_what_was_written(value: Any) -> None:
    """Writing then reading is the identity, and the text is what any JSON reader understands."""
    data = canonical_json(value)
    assert parse_canonical(data) == value
    assert json.loads(data) == value


@given(st.dictionaries(TEXT, st.integers(0, 9)))
def test_the_id_does_not_depend_on_the_order_of_keys(value: dict[str, int]) -> None:
    """Equal values have one id, however they were built."""
    turned = dict(reversed(list(value.items())))
    assert content_id(value) == content_id(turned) == hashlib.sha256(canonical_json(turned)).hexdigest()


def test_sha256_hex_of_nothing() -> None:
    """The digest is plain SHA-256 (FIPS 180-4)."""
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(VALUES)
def test_the_fast_and_the_long_way_agree(value: object) -> None:
    """json's writer is used where it is exact; the long way, ordering keys by UTF-16, gives the same bytes."""
    assert canonical_json(value) == _written(value)
