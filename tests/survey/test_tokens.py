"""Form tokens: issued here, for this form, not too long ago."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from survey.errors import TokenError
from survey.keys import Keys
from survey.tokens import KEY_BYTES, LIFETIME, issue, read

KEYS = Keys("a secret of the tests, and long enough for them")
NOW = datetime(2026, 7, 15, 9, 30, tzinfo=UTC)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def is_accepted(text: str, *, subject: str = "w1|P", now: datetime = NOW, keys: Keys = KEYS) -> bool:
    try:
        read(keys, text, subject, now)
    except TokenError:
        return False
    return True


def test_a_token_is_read_back() -> None:
    """Subject, time and a key of its own."""
    token = read(KEYS, issue(KEYS, "w1|P", NOW), "w1|P", NOW)
    assert (token.subject, token.issued_at, len(token.form_key)) == ("w1|P", NOW, KEY_BYTES)


def test_every_token_has_its_own_key() -> None:
    """Two forms issued at once never count as one submission."""
    assert len({read(KEYS, issue(KEYS, "s", NOW), "s", NOW).form_key for _ in range(1000)}) == 1000


def test_every_changed_byte_is_refused() -> None:
    """Time, key and signature: a change of any byte, in any bit, is seen."""
    text = issue(KEYS, "w1|P", NOW)
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for place in range(len(data)):
        for bit in range(8):
            changed = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
            assert not is_accepted(base64.urlsafe_b64encode(changed).decode().rstrip("="))


def test_every_changed_character_is_refused() -> None:
    """There is one way to write a token: no character can be changed, added or left out."""
    text = issue(KEYS, "w1|P", NOW)
    for place in range(len(text)):
        other = LETTERS[(LETTERS.index(text[place]) + 1) % 64]
        for changed in (other, "", "!", text[place] * 2, f"{text[place]} "):
            assert not is_accepted(text[:place] + changed + text[place + 1 :])


@pytest.mark.parametrize("text", ["", "=", "A", "é", "\ud800", "A" * 51, "A" * 100_000, "\x00"])
def test_what_is_no_token_is_refused(text: str) -> None:
    """Anything sent as a token ends in TokenError."""
    assert not is_accepted(text)


def test_a_token_serves_one_subject_and_one_portal() -> None:
    """A form for one point cannot be sent for another, nor to another portal."""
    text = issue(KEYS, "w1|P", NOW)
    assert not is_accepted(text, subject="w1|Q")
    assert not is_accepted(text, subject="")
    assert not is_accepted(text, keys=Keys("another"))


@pytest.mark.parametrize(
    ("age", "accepted"),
    [
        (timedelta(), True),
        (LIFETIME, True),
        (LIFETIME + timedelta(seconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, seconds=-1), False),
    ],
)
def test_expiry_and_clocks_that_differ(age: timedelta, accepted: bool) -> None:
    """Two days of life; a clock that is up to five minutes behind the issuer's is forgiven."""
    assert is_accepted(issue(KEYS, "w1|P", NOW), now=NOW + age) is accepted


def test_parts_of_a_mac_cannot_be_shifted() -> None:
    """Each part carries its length: moving a character from one part to the next gives another value."""
    assert KEYS.mac("form", "ab", "c") != KEYS.mac("form", "a", "bc")
    assert KEYS.mac("form", "a") != KEYS.mac("other", "a")
