"""A log that was put back to an earlier day, or told to two people in two ways: only a head kept outside shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from counter import Counter
from survey.keys import HEAD_DOMAIN, Signer
from survey.log import Head
from survey.log_audit import Audit, audit
from survey.storage.tables import log_head, log_leaf, log_node, log_state, response


def batch(counter: Counter, n: int = 3) -> Head:
    """Log some answers; the head that a citizen keeps with the receipt."""
    for level in range(n):
        counter.cast(level + 1)
    counter.batch()
    with counter.database.read() as connection:
        head = counter.log.head(connection)
    assert head is not None
    return head


def checked(counter: Counter, kept: Head) -> Audit:
    with counter.database.read() as connection:
        return audit(connection, public_key=counter.signer.public_hex, kept=kept)


def signed(counter: Counter, head: Head, **changed: object) -> Head:
    """The head with other contents under the portal's own signature."""
    other = replace(head, **changed)  # type: ignore[arg-type]
    statement = {"log": other.log, "size": other.size, "root": other.root, "at": other.at}
    return replace(other, signature=counter.signer.sign(HEAD_DOMAIN, statement))


def test_every_head_ever_signed_stays_true(counter: Counter) -> None:
    """An old head and the newest both fit a log that only grew."""
    heads = [batch(counter) for _ in range(3)]
    assert [checked(counter, head).faults for head in heads] == [{}, {}, {}]


def test_a_log_put_back_to_an_earlier_day_is_caught(counter: Counter) -> None:
    """The last batch is gone with its answers, heads and nodes: sound from inside, and short of the head outside."""
    before = batch(counter)
    with counter.database.read() as connection:
        nodes = {(row.level, row.index) for row in connection.execute(select(log_node))}
    after = batch(counter)
    with counter.database.write() as connection:
        connection.execute(delete(log_leaf).where(log_leaf.c.index >= before.size))
        connection.execute(delete(log_head).where(log_head.c.size > before.size))
        newest = connection.execute(select(response.c.batch).order_by(response.c.batch.desc())).scalars().first()
        connection.execute(delete(response).where(response.c.batch == newest))
        for row in list(connection.execute(select(log_node))):
            if (row.level, row.index) not in nodes:
                connection.execute(delete(log_node).where(log_node.c.level == row.level, log_node.c.index == row.index))
        connection.execute(update(log_state).values(size=before.size))
    assert checked(counter, before).is_sound
    assert set(checked(counter, after).faults) == {"rollback"}


def test_a_log_told_in_two_ways_is_caught(counter: Counter) -> None:
    """A signed head of the same size over other leaves: one of the two readers was deceived."""
    head = batch(counter)
    assert set(checked(counter, signed(counter, head, root="0" * 64)).faults) == {"rollback"}
    assert set(checked(counter, signed(counter, head, size=head.size - 1)).faults) == {"rollback"}


@pytest.mark.parametrize("change", [{"root": "0" * 64}, {"at": "2030-01-01T00:00Z"}, {"log": "other"}, {"size": 999}])
def test_a_head_that_the_portal_never_signed_accuses_nobody(counter: Counter, change: dict[str, object]) -> None:
    """Who brings a made-up head is told so."""
    assert set(checked(counter, replace(batch(counter), **change)).faults) == {"kept"}  # type: ignore[arg-type]


def test_a_head_of_another_portal_is_told_apart(counter: Counter) -> None:
    """Signed, but by another key, or for another log."""
    head = batch(counter)
    stranger = Signer.from_seed(bytes(range(1, 33)))
    statement = {"log": head.log, "size": head.size, "root": head.root, "at": head.at}
    foreign = replace(head, key=stranger.public_hex, signature=stranger.sign(HEAD_DOMAIN, statement))
    assert set(checked(counter, foreign).faults) == {"kept"}
    assert set(checked(counter, signed(counter, head, log="another")).faults) == {"kept"}
