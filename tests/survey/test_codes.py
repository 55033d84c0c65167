"""Codes people type or scan, and the points behind them."""

import random
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter import POINT, TODAY, Counter
from survey.codes import ALPHABET, encode, grouped, normalise, random_code
from survey.errors import CodeTamperedError, CodeUnknownError
from survey.keys import Keys
from survey.points import code_for, find_point, points_of, read_code, revoke_point

KEYS = Keys("a secret of the tests, and long enough for them")


def is_accepted(code: str) -> bool:
    try:
        read_code(KEYS, code)
    except CodeTamperedError:
        return False
    return True


def test_a_code_leads_to_its_key() -> None:
    """Three groups of four, read back to the key they were made from."""
    code = code_for(KEYS, POINT)
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert read_code(KEYS, code) == POINT


@pytest.mark.parametrize("key", [POINT, "00000000", "ZZZZZZZZ", "A1B2C3D4"])
def test_every_edit_of_one_character_is_refused(key: str) -> None:
    """12 places x 31 other characters: each is wrong with 1 - 2^-20, so none of 372 may pass."""
    code = normalise(code_for(KEYS, key))
    edits = {
        code[:place] + char + code[place + 1 :]
        for place in range(len(code))
        for char in ALPHABET
        if char != code[place]
    }
    assert len(edits) == 12 * 31
    assert not [edit for edit in edits if is_accepted(edit)]


def test_every_swap_of_neighbours_is_refused() -> None:
    """Two characters typed in the wrong order lead nowhere."""
    code = normalise(code_for(KEYS, "A1B2C3D4"))
    swaps = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(len(code) - 1)} - {code}
    assert len(swaps) > 8
    assert not [swap for swap in swaps if is_accepted(swap)]


def test_guessing_finds_no_code() -> None:
    """Of all codes one in 2^20 fits its own signature: 20,000 guesses at a fixed seed find none."""
    rng = random.Random(20261121)
    assert not any(is_accepted("".join(rng.choices(ALPHABET, k=12))) for _ in range(20_000))


def test_random_codes_use_the_whole_alphabet() -> None:
    """500 random characters miss one of the 32 with 4 in a million."""
    assert set(random_code(500)) == set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(str.lower, id="lower"),
        pytest.param(lambda code: f" {code}\n", id="padded"),
        pytest.param(lambda code: code.replace("-", ""), id="joined"),
        pytest.param(lambda code: code.replace("-", " "), id="spaced"),
        pytest.param(lambda code: code.replace("-", "\u2014"), id="dashed"),
        pytest.param(lambda code: code.replace("0", "o").replace("1", "l", 1).replace("1", "I"), id="look-alikes"),
        pytest.param(lambda code: "".join(chr(ord(char) + 0xFEE0) for char in code), id="full-width"),
    ],
)
def test_codes_are_read_forgivingly(typed: Callable[[str], str]) -> None:
    """Lower case, no or other separators, O for 0, I and L for 1, and full-width letters lead to the same key."""
    assert read_code(KEYS, typed(code_for(KEYS, "0101ABCD"))) == "0101ABCD"


@pytest.mark.parametrize("text", ["", "-", "U" * 12, "\ud800" * 12, "ключ", "A" * 10_000, "' OR 1=1 --", "\x00" * 12])
def test_what_is_no_code_is_refused(text: str) -> None:
    """Anything typed or scanned ends in CodeTamperedError."""
    assert not is_accepted(text)


def test_another_portal_knows_no_code_of_this_one() -> None:
    """The signature is under this portal's secret."""
    with pytest.raises(CodeTamperedError):
        read_code(Keys("another secret"), code_for(KEYS, POINT))


@given(st.binary(min_size=16, max_size=40), st.integers(1, 20))
def test_encode_takes_the_first_bits(data: bytes, length: int) -> None:
    """Each character is five bits, from the left."""
    value = 0
    for char in encode(data, length):
        value = value * 32 + ALPHABET.index(char)
    assert value == int.from_bytes(data, "big") >> (len(data) * 8 - length * 5)


def test_grouped() -> None:
    """Groups of four, the last one shorter."""
    assert grouped("ABCDEFGHJ") == "ABCD-EFGH-J"


def test_points_are_found_revoked_and_kept(counter: Counter) -> None:
    """A revoked point ends on its day, stays known, and a second revocation does not move the day."""
    with counter.database.write() as connection:
        revoke_point(connection, POINT, TODAY)
        revoke_point(connection, POINT, TODAY + timedelta(days=9))
        found = find_point(connection, POINT)
        assert points_of(connection, ["tax"]) == [found]
    days = [found.is_valid_on(TODAY + timedelta(days=days)) for days in (-1, 0, 1)]
    assert days == [True, False, False]
    assert not found.is_valid_on(date(2025, 12, 31))


def test_a_well_signed_code_of_nobody_is_unknown(counter: Counter) -> None:
    """Signed and not in the table: unknown, not tampered with."""
    with counter.database.read() as connection, pytest.raises(CodeUnknownError):
        find_point(connection, read_code(counter.keys, code_for(counter.keys, "99999999")))


def test_an_endless_code_costs_nothing() -> None:
    """Putting combining marks in order takes the square of their number: ten seconds for one post of 240 KB."""
    started = time.process_time()
    assert not is_accepted("A" + "\u0315\u0300" * 120_000)
    assert time.process_time() - started < 1
