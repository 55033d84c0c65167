"""The log: batches, heads, proofs, and the named check that catches each way of tampering."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, text, update

from counter import NOW, TODAY, TOMORROW, Counter
from survey import merkle
from survey.canonical import canonical_json
from survey.commitment import commit
from survey.intake import withdraw
from survey.keys import HEAD_DOMAIN, Signer
from survey.log import BATCH_MINIMUM, Log
from survey.storage.engine import Database
from survey.storage.tables import log_head, log_leaf, log_node, log_pending, log_state, metadata, response, wave


def fill(counter: Counter, n: int = 5) -> None:
    for level in range(n):
        counter.cast(level % 5 + 1)


# --- batches ---------------------------------------------------------------------------------------------------------


def test_a_batch_waits_for_twenty(counter: Counter) -> None:
    """Nineteen wait; the twentieth takes all with it."""
    fill(counter, BATCH_MINIMUM - 1)
    assert counter.batch(force=False) == 0
    fill(counter, 1)
    assert counter.batch(force=False) == BATCH_MINIMUM
    assert counter.rows(log_pending) == []
    assert counter.batch(force=False) == 0


def test_a_batch_goes_when_the_day_is_over(counter: Counter) -> None:
    """A single answer is in the log on the next day, as its promise says."""
    fill(counter, 1)
    assert counter.batch(force=False, today=TODAY) == 0
    assert counter.batch(force=False, today=TOMORROW) == 1


def test_leaves_of_a_batch_are_shuffled(counter: Counter) -> None:
    """Forty answers stand in the log in another order than they came; by chance they would not in 40! cases."""
    cast = [counter.cast(4).prepared.commitment for _ in range(40)]
    counter.batch()
    logged = [row.commitment for row in counter.rows(log_leaf) if row.type == "response"]
    assert sorted(logged) == sorted(cast)
    assert logged != cast


def test_each_head_and_each_proof_verifies(counter: Counter) -> None:
    """Every leaf leads to the newest head, every older head is a start of it, and each is signed and dated."""
    for n in (3, 1, 7):
        fill(counter, n)
        counter.batch()
    leaves = [merkle.leaf_hash(row.body.encode()) for row in counter.rows(log_leaf)]
    with counter.database.read() as connection:
        head = counter.log.head(connection)
        assert head is not None
        for index, leaf in enumerate(leaves):
            proof = [bytes.fromhex(node) for node in counter.log.proof(connection, index, head.size)]
            assert merkle.verify_inclusion(index, head.size, leaf, proof, bytes.fromhex(head.root))
    heads = counter.rows(log_head)
    assert [row.size for row in heads] == [1, 4, 5, 12]
    assert [row.root for row in heads] == [merkle.root(leaves[: row.size]).hex() for row in heads]
    assert {row.at for row in heads} == {"2026-07-15T09:30Z"}


def test_a_receipt_finds_its_leaf(counter: Counter) -> None:
    """Pending with its day, then in the log with its commitment; a stranger's receipt finds nothing."""
    done = counter.cast(4).prepared
    with counter.database.read() as connection:
        waiting = counter.log.find_pending(connection, receipt=done.receipt)
        assert waiting is not None
        assert (waiting.commitment, waiting.due_on) == (done.commitment, TODAY)
        assert counter.log.find(connection, receipt=done.receipt) is None
    counter.batch()
    with counter.database.read() as connection:
        assert counter.log.find_pending(connection, receipt=done.receipt) is None
        leaf = counter.log.find(connection, receipt=done.receipt)
        assert leaf is not None
        assert leaf.document["commitment"] == done.commitment
        assert counter.log.find(connection, receipt="0" * 64) is None


def test_two_who_found_the_log_at_once_found_one(database_url: str) -> None:
    """Eight processes that start together agree on one log."""
    database = Database(database_url)
    metadata.create_all(database.engine)
    log = Log(Signer.from_seed(bytes(32)))

    def found(_: int) -> str:
        with database.write() as connection:
            return log.state(connection)[0]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(found, range(8)))) == 1
    database.dispose()


def test_batches_at_once_follow_each_other(counter: Counter) -> None:
    """Four workers batch while answers come: each answer is logged once and the log stays sound."""
    forms = [counter.prepare(4) for _ in range(24)]
    calls: list[Callable[[], Any]] = [lambda one=one: counter.cast_prepared(one) for one in forms]
    for place in (0, 6, 12, 18):
        calls.insert(place, counter.batch)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda call: call(), calls))
    counter.batch()
    assert len([row for row in counter.rows(log_leaf) if row.type == "response"]) == 24
    assert counter.audit().faults == {}


def test_a_read_is_one_snapshot(counter: Counter) -> None:
    """What is cast while somebody reads is not seen by halves: an audit of a busy wave raises no false alarm."""
    with counter.database.read() as connection:
        before = connection.execute(log_pending.select()).all()
        counter.cast(4)
        assert before == connection.execute(log_pending.select()).all() == []
        assert connection.execute(response.select()).all() == []


# --- tampering -------------------------------------------------------------------------------------------------------


def alter(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    document = json.loads(row.body)
    document["answers"]["q_overall"] = document["answers"]["q_overall"] % 5 + 1
    changed = canonical_json(document).decode()
    connection.execute(update(response).where(response.c.id == row.id).values(body=changed))


def change_salt(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    connection.execute(update(response).where(response.c.id == row.id).values(salt=b"0" * 32))


def drop(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    connection.execute(delete(response).where(response.c.id == row.id))


def add(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    values = row._asdict() | {"id": "f" * 32, "edit_hash": "f" * 32, "salt": b"1" * 32}
    connection.execute(insert(response).values(values))


def copy(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    connection.execute(insert(response).values(row._asdict() | {"id": "f" * 32, "edit_hash": None}))


def erase(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    gone = {"state": "withdrawn", "body": None, "salt": None, "edit_hash": None}
    connection.execute(update(response).where(response.c.id == row.id).values(gone))


def hide(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    connection.execute(update(response).where(response.c.id == row.id).values(state="withdrawn"))


def revive(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    connection.execute(update(response).where(response.c.state == "withdrawn").values(state="recorded"))


def shunt(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    connection.execute(update(response).where(response.c.id == row.id).values(state="over_quota"))


def move_to_another_wave(connection: Connection, row: Any, _: Any, __: Counter) -> None:
    columns = [column for column in wave.c if column.name != "id"]
    connection.execute(
        insert(wave).from_select(
            ["id", *(column.name for column in columns)], wave.select().with_only_columns(text("'w2'"), *columns)
        )
    )
    connection.execute(update(response).where(response.c.id == row.id).values(wave_id="w2"))


def leaf_column(name: str, value: Any) -> Callable[..., None]:
    def change(connection: Connection, _: Any, leaf: Any, __: Counter) -> None:
        connection.execute(update(log_leaf).where(log_leaf.c.index == leaf.at).values({name: value}))

    return change


def leaf_body(connection: Connection, _: Any, leaf: Any, __: Counter) -> None:
    body = leaf.body.replace(leaf.commitment, "0" * 64)
    values = {"body": body, "commitment": "0" * 64}
    connection.execute(update(log_leaf).where(log_leaf.c.index == leaf.at).values(values))


def drop_leaf(connection: Connection, _: Any, leaf: Any, __: Counter) -> None:
    connection.execute(delete(log_leaf).where(log_leaf.c.index == leaf.at))


def drop_last_head(connection: Connection, *_: Any) -> None:
    connection.execute(text("DELETE FROM log_head WHERE size = (SELECT max(size) FROM log_head)"))


def shrink(connection: Connection, *_: Any) -> None:
    connection.execute(update(log_state).values(size=log_state.c.size - 1))


def edit_node(connection: Connection, *_: Any) -> None:
    connection.execute(update(log_node).where(log_node.c.level == 1, log_node.c.index == 0).values(hash=b"0" * 32))


def drop_node(connection: Connection, *_: Any) -> None:
    connection.execute(delete(log_node).where(log_node.c.level == 1, log_node.c.index == 0))


def edit_signature(connection: Connection, *_: Any) -> None:
    connection.execute(update(log_head).where(log_head.c.size == 1).values(signature="00" * 64))


def move_head_in_time(connection: Connection, *_: Any) -> None:
    connection.execute(update(log_head).where(log_head.c.size == 1).values(at="2026-07-14T09:30Z"))


def sign_with_another_key(connection: Connection, _: Any, __: Any, counter: Counter) -> None:
    thief = Signer.from_seed(bytes(32))
    head = connection.execute(log_head.select().where(log_head.c.size == 1)).one()
    identity = connection.execute(log_state.select()).one().id
    statement = {"log": identity, "size": head.size, "root": head.root, "at": head.at}
    values = {"key": thief.public_hex, "signature": thief.sign(HEAD_DOMAIN, statement)}
    connection.execute(update(log_head).where(log_head.c.size == 1).values(values))


def rewrite_everything(connection: Connection, row: Any, leaf: Any, counter: Counter) -> None:
    """Alter an answer, give it a new leaf, and found the log anew with a key of one's own."""
    alter(connection, row, leaf, counter)
    leaves = connection.execute(log_leaf.select().order_by(log_leaf.c.index)).all()
    for table in (log_leaf, log_node, log_head, log_state):
        connection.execute(delete(table))
    rows = {r.id: r for r in connection.execute(response.select())}
    new = commit(bytes(rows[row.id].salt), rows[row.id].body.encode())
    old = commit(bytes(row.salt), row.body.encode())
    kept = []
    for one in leaves:
        document = {key: value for key, value in json.loads(one.body).items() if key not in ("log", "batch")}
        kept.append(document | {"commitment": new if document["commitment"] == old else document["commitment"]})
    Log(Signer.from_seed(bytes(32))).append(connection, kept, NOW)


TAMPERINGS: dict[str, tuple[Callable[..., None], set[str]]] = {
    "an answer is altered": (alter, {"altered"}),
    "a salt is changed": (change_salt, {"altered"}),
    "an answer is deleted": (drop, {"dropped"}),
    "an answer is added": (add, {"added"}),
    "an answer is counted twice": (copy, {"added"}),
    "an answer is erased without its person": (erase, {"erased", "dropped"}),
    "an answer is hidden as withdrawn": (hide, {"state"}),
    "a withdrawn answer is made to count": (revive, {"state"}),
    "an answer is put over a quota that there is not": (shunt, {"state"}),
    "an answer is moved to another wave": (move_to_another_wave, {"dropped", "added"}),
    "a leaf's commitment column": (leaf_column("commitment", "0" * 64), {"leaf", "altered"}),
    "a leaf's receipt column": (leaf_column("receipt", "0" * 64), {"leaf"}),
    "a leaf's type column": (leaf_column("type", "complaint"), {"leaf", "added"}),
    "a leaf's body": (leaf_body, {"node", "root", "altered"}),
    "a leaf's body is no JSON": (leaf_column("body", "{"), {"leaf", "node", "root"}),
    "a leaf is deleted": (drop_leaf, {"leaf", "node", "root", "size", "added"}),
    "the last head is deleted": (drop_last_head, {"size"}),
    "the log's size": (shrink, {"size"}),
    "a stored node": (edit_node, {"node"}),
    "a stored node is deleted": (drop_node, {"node"}),
    "a head's signature": (edit_signature, {"signature"}),
    "a head's time": (move_head_in_time, {"signature"}),
    "a head is signed with another key": (sign_with_another_key, {"signer"}),
    "everything is rewritten under another key": (rewrite_everything, {"signer"}),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_caught_by_its_check(counter: Counter, name: str) -> None:
    """A sound log of two batches, one of its answers withdrawn; one change, and exactly these checks fail."""
    fill(counter, 4)
    gone = counter.cast(2).prepared
    counter.batch()
    with counter.database.write() as connection:
        withdraw(connection, counter.keys, "w1", gone.codes.edit, TODAY)
    fill(counter, 3)
    counter.batch()
    assert counter.audit().faults == {}
    tamper, checks = TAMPERINGS[name]
    row = next(row for row in counter.rows(response) if row.state == "recorded")
    leaf = next(
        leaf
        for leaf in counter.rows(None, log_leaf.c.index.label("at"), log_leaf)
        if leaf.type == "response" and leaf.commitment != gone.commitment
    )
    with counter.database.write() as connection:
        tamper(connection, row, leaf, counter)
    assert set(counter.audit().faults) == checks


def test_places_of_a_quota_are_checked(open_wave_with: Callable[..., Counter]) -> None:
    """An answer moved over the quota afterwards leaves a place that nobody holds."""
    counter = open_wave_with(quota=3)
    fill(counter, 5)
    counter.batch()
    assert counter.audit().faults == {}
    with counter.database.write() as connection:
        shunt(connection, next(row for row in counter.rows(response) if row.state == "recorded"), None, counter)
    assert set(counter.audit().faults) == {"state"}


def test_an_empty_log_is_sound(database_url: str) -> None:
    """Before anything was logged there is nothing to find."""
    counter = Counter(Database(database_url))
    metadata.create_all(counter.database.engine)
    assert counter.audit().is_sound
    counter.database.dispose()


def test_the_log_proves_what_a_verifier_recomputes(counter: Counter) -> None:
    """A leaf's body is the canonical JSON of its fields, so that whoever holds the fields can hash it."""
    fill(counter, 2)
    counter.batch()
    with counter.database.read() as connection:
        for row in connection.execute(log_leaf.select()).mappings():
            document = counter.log.leaf(connection, row["index"]).document
            assert canonical_json(document).decode() == row["body"]
            assert set(document) == {"log", "wave", "batch", "type", "commitment", "receipt"}


def test_what_was_deleted_is_forgotten(database_url: str) -> None:
    """After a batch the old order is taken out of the pages: PostgreSQL vacuums, SQLite overwrites by itself."""
    database = Database(database_url)
    metadata.create_all(database.engine)
    database.forget("response", "log_pending")
    with database.read() as connection:
        if connection.dialect.name == "postgresql":
            query = "select count(*) from pg_stat_user_tables where relname = 'response' and last_vacuum is not null"
        else:
            query = "select secure_delete from pragma_secure_delete"
        assert connection.exec_driver_sql(query).scalar_one() == 1
    database.dispose()
