"""Who reads the whole database, and knows who came when with which link, still cannot tell who said what.

The attacker knows the true order of arrival of sixty people and the link each of them used, and holds every table with
all that the database shows of it. Each thing that can be put in order (the features) is compared with the order of
arrival in two ways: the rank correlation finds an order that runs along or against arrival, the number of neighbours
finds one that keeps pieces of it. Shuffled rows pass both by chance. The thresholds: a correlation 5.5 standard
deviations from nothing, or 16 of 60 pairs kept side by side where 2 are expected (Poisson); either is a false alarm in
fewer than one of ten million features. The same attack finds every leaky variant below, so this test can fail.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import DateTime, text

import survey.log
from counter import Counter
from not_run import not_run
from survey.commitment import commit
from survey.intake import invitation_hash, invite
from survey.storage.tables import (
    UtcDateTime,
    invitation,
    log_leaf,
    log_pending,
    metadata,
    response,
    spent_invitation,
)

N = 60
LEAST_DEVIATIONS = 5.5
LEAST_NEIGHBOURS = 16


# --- the attack ------------------------------------------------------------------------------------------------------


def correlation(order: Sequence[Any], arrival: Sequence[Any]) -> float:
    """Spearman's rank correlation of two orders of the same things."""
    place = {one: at for at, one in enumerate(arrival)}
    n = len(arrival)
    return 1 - 6 * sum((place[one] - at) ** 2 for at, one in enumerate(order)) / (n * (n * n - 1))


def neighbours(order: Sequence[Any], arrival: Sequence[Any]) -> int:
    """How many stand next to whom they came next to."""
    place = {one: at for at, one in enumerate(arrival)}
    return sum(abs(place[a] - place[b]) == 1 for a, b in pairwise(order))


def leaks(features: Mapping[str, Mapping[str, Any]], arrival: Sequence[str]) -> set[str]:
    """The features whose order tells of the order of arrival. Ties are in no order, so they are broken at random."""
    rng = random.Random(20261121)
    found = set()
    for name, values in features.items():
        mixed = rng.sample(list(arrival), len(arrival))
        order = sorted(mixed, key=lambda one: values[one])
        deviations = abs(correlation(order, arrival)) * (len(arrival) - 1) ** 0.5
        if deviations > LEAST_DEVIATIONS or neighbours(order, arrival) >= LEAST_NEIGHBOURS:
            found.add(name)
    return found


def ask(counter: Counter, query: str) -> list[Any]:
    with counter.database.read() as connection:
        return list(connection.execute(text(query)))


def is_postgres(counter: Counter) -> bool:
    return counter.database.engine.dialect.name == "postgresql"


def has_rowid(counter: Counter, table: str) -> bool:
    return (
        not is_postgres(counter)
        and "WITHOUT ROWID"
        not in ask(
            counter,
            f"SELECT sql FROM sqlite_master WHERE name = '{table}'",  # noqa: S608
        )[0][0].upper()
    )


def physical(counter: Counter, table: str, key: str) -> dict[str, dict[str, Any]]:
    """What the database shows of a table's rows beside their columns, by feature and row."""
    found = {"stored order": {row[0]: at for at, row in enumerate(ask(counter, f"SELECT {key} FROM {table}"))}}  # noqa: S608
    if is_postgres(counter):
        query = f"SELECT {key}, xmin::text::bigint, ctid::text, cmin::text::bigint FROM {table}"  # noqa: S608
        rows = ask(counter, query)
        found["xmin"] = {row[0]: row[1] for row in rows}
        found["ctid"] = {row[0]: tuple(map(int, row[2].strip("()").split(","))) for row in rows}
        found["cmin"] = {row[0]: row[3] for row in rows}
    elif has_rowid(counter, table):
        found["rowid"] = dict(ask(counter, f"SELECT {key}, rowid FROM {table}"))  # noqa: S608
    return {f"{table} {name}": values for name, values in found.items()}


def features_of_responses(counter: Counter) -> dict[str, dict[str, Any]]:
    """Everything about a response that has an order; the attacker holds the salts and finds each one's leaf."""
    rows = counter.rows(response)
    found = physical(counter, "response", "id")
    for column in ("id", "salt", "edit_hash", "batch"):
        found[f"response {column}"] = {row.id: getattr(row, column) or 0 for row in rows}
    owner = {commit(bytes(row.salt), row.body.encode()): row.id for row in rows}
    for table in (log_pending, log_leaf):
        order = [one.commitment for one in counter.rows(None, table.c.commitment) if one.commitment in owner]
        if order:
            found[f"{table.name} order"] = {owner[one]: at for at, one in enumerate(order)}
            for name, values in physical(counter, table.name, "commitment").items():
                found[name] = {owner[one]: value for one, value in values.items() if one in owner}
    return found


def pairs_by_xmin(counter: Counter, table: str) -> dict[str, str]:
    """Links whose row and one single response were last written by the same transaction."""
    query = f"SELECT t.code_hash, min(r.id) FROM {table} t JOIN response r ON r.xmin = t.xmin"  # noqa: S608
    return dict(ask(counter, f"{query} GROUP BY t.code_hash HAVING count(*) = 1"))


def sixty_people(counter: Counter) -> dict[str, str]:
    """Each comes with a link and answers; the link of each response in the order of arrival."""
    names = [f"LINK{at}" for at in random.Random(7).sample(range(N), N)]
    with counter.database.write() as connection:
        invite(connection, counter.keys, "w1", sorted(names))
    rng, links = random.Random(11), {}
    for name in names:
        key = rng.randbytes(16)
        link = invitation_hash(counter.keys, "w1", name)
        links[counter.cast(rng.randint(1, 5), form_key=key, invitation=link).prepared.response_id] = link
    return links


# --- what holds ------------------------------------------------------------------------------------------------------


def test_after_the_batch_nothing_tells_the_order_of_arrival(counter: Counter) -> None:
    """No feature of responses, leaves or links leaks, and no response shares a transaction with a link."""
    links = sixty_people(counter)
    counter.settle()
    arrival = list(links)
    features = features_of_responses(counter)
    assert len(features) > 6
    assert leaks(features, arrival) == set()
    of_links = physical(counter, "invitation", "code_hash")
    assert leaks(of_links, list(links.values())) == set()
    assert counter.rows(spent_invitation) == counter.rows(log_pending) == []


def test_one_transaction_marks_all_links_and_touches_no_answer(open_postgres_with: Callable[..., Counter]) -> None:
    """All links of a batch carry one xmin, which is no response's and no leaf's."""
    counter = open_postgres_with()
    sixty_people(counter)
    counter.settle()
    marked = {row[0] for row in ask(counter, "SELECT xmin::text FROM invitation WHERE used")}
    answers = {row[0] for row in ask(counter, "SELECT xmin::text FROM response UNION SELECT xmin::text FROM log_leaf")}
    assert len(marked) == 1
    assert not marked & answers
    assert pairs_by_xmin(counter, "invitation") == {}


def test_tables_of_answers_have_no_rowid(open_sqlite_with: Callable[..., Counter]) -> None:
    """On SQLite they lie in the order of random keys; only the log, which is shuffled, has an order of its own."""
    counter = open_sqlite_with()
    tables = (response, log_pending, invitation, spent_invitation)
    assert [table.name for table in tables if has_rowid(counter, table.name)] == []


def test_no_column_beside_an_answer_holds_a_time() -> None:
    """No instant stands in any table of answers, leaves or links; the day is the finest date."""
    for table in (response, log_pending, log_leaf, invitation, spent_invitation):
        assert [column.name for column in table.c if isinstance(column.type, DateTime | UtcDateTime)] == []


# --- what does not hold: the limits, said by tests -------------------------------------------------------------------


def test_limit_before_the_batch_postgres_ties_each_link_to_its_answer(
    open_postgres_with: Callable[..., Counter],
) -> None:
    """Until then the spent link and the answer carry the transaction that wrote both: who reads then, links all."""
    counter = open_postgres_with()
    links = sixty_people(counter)
    assert pairs_by_xmin(counter, "spent_invitation") == {link: person for person, link in links.items()}
    assert {"response xmin", "log_pending xmin"} <= leaks(features_of_responses(counter), list(links))
    counter.settle()
    assert pairs_by_xmin(counter, "invitation") == {}


def test_before_the_batch_sqlite_shows_no_order(open_sqlite_with: Callable[..., Counter]) -> None:
    """Its tables keep random key order from the start; what its journal (-wal) holds is not asked here."""
    counter = open_sqlite_with()
    links = sixty_people(counter)
    assert leaks(features_of_responses(counter), list(links)) == set()


def test_limit_a_batch_is_the_crowd_one_hides_in(counter: Counter) -> None:
    """Who came in which batch is known: of two batches the attacker tells one from the other, never within."""
    first = [counter.cast(3).prepared.response_id for _ in range(20)]
    counter.settle()
    second = [counter.cast(3).prepared.response_id for _ in range(20)]
    counter.settle()
    batches = {row.id: row.batch for row in counter.rows(response)}
    assert len({batches[one] for one in first}) == len({batches[one] for one in second}) == 1
    assert batches[first[0]] < batches[second[0]]


def dead_rows(counter: Counter) -> dict[str, int]:
    """Responses whose earlier version still lies in a page, with the transaction that cast it.

    The raw pages are read before the table, since reading it may already clear a page that is full.
    """
    pages = range(ask(counter, "SELECT pg_relation_size('response') / current_setting('block_size')::int")[0][0])
    items = "SELECT t_xmin::text::bigint, t_data FROM heap_page_items(get_raw_page('response', {}))"
    lying = [(xmin, bytes(data)) for page in pages for xmin, data in ask(counter, items.format(page)) if data]
    newest = {row[0]: row[1] for row in ask(counter, "SELECT id, xmin::text::bigint FROM response")}
    owners = [(next((one for one in newest if one.encode() in data), ""), xmin) for xmin, data in lying]
    return {owner: xmin for owner, xmin in owners if owner and newest[owner] != xmin}


def test_limit_dead_rows_tell_until_vacuum(open_postgres_with: Callable[..., Counter]) -> None:
    """Who reads raw pages finds the first version of a row, and when it was cast, until VACUUM has run."""
    counter = open_postgres_with()
    if not ask(counter, "SELECT 1 FROM pg_available_extensions WHERE name = 'pageinspect'"):
        not_run("postgres", "no pageinspect, apt install postgresql-contrib")
    outside = counter.database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        connection.execute(text("CREATE EXTENSION pageinspect"))
        connection.execute(text("ALTER TABLE response SET (autovacuum_enabled = false)"))
    arrival = list(sixty_people(counter))
    counter.settle()
    dead = dead_rows(counter)
    assert dead
    assert [one for one in arrival if one in dead] == sorted(dead, key=dead.__getitem__)
    with outside.connect() as connection:
        connection.execute(text("VACUUM response"))
    assert dead_rows(counter) == {}


# --- leaky variants: the attack finds them ---------------------------------------------------------------------------


def test_control_rows_that_are_not_rewritten_leak(
    open_postgres_with: Callable[..., Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the rewriting the transactions and places of rows tell the order."""
    monkeypatch.setattr(survey.log, "_settle_responses", lambda *_: None)
    counter = open_postgres_with()
    arrival = list(sixty_people(counter))
    counter.settle()
    assert {"response xmin", "response ctid"} <= leaks(features_of_responses(counter), arrival)


def test_control_rows_rewritten_in_order_leak(
    open_postgres_with: Callable[..., Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the shuffling the places of rows and leaves tell the order."""

    class NoShuffle(random.Random):
        def random(self) -> float:
            return 0.5

        def shuffle(self, x: Any) -> None:
            pass

    monkeypatch.setattr(survey.log.random, "SystemRandom", NoShuffle)
    counter = open_postgres_with()
    arrival = list(sixty_people(counter))
    counter.settle()
    assert {"response ctid", "log_leaf order"} <= leaks(features_of_responses(counter), arrival)


def test_control_a_rowid_leaks(open_sqlite_with: Callable[..., Counter], monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary SQLite table numbers its rows as they come, and rewriting does not change that."""
    monkeypatch.setitem(metadata.tables["response"].dialect_options["sqlite"], "with_rowid", True)
    counter = open_sqlite_with()
    arrival = list(sixty_people(counter))
    counter.settle()
    assert "response rowid" in leaks(features_of_responses(counter), arrival)


def test_control_ids_that_grow_leak(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids that start with a clock, as UUID 7 does, tell the order on each database."""
    real, serial = counter.keys.mac, iter(range(10_000))

    def clocked(purpose: str, *parts: str | bytes) -> bytes:
        value = real(purpose, *parts)
        return next(serial).to_bytes(6, "big") + value[6:] if purpose == "response-id" else value

    monkeypatch.setattr(counter.keys, "mac", clocked)
    arrival = list(sixty_people(counter))
    counter.settle()
    assert "response id" in leaks(features_of_responses(counter), arrival)


def test_control_the_statistics_find_pieces_of_order() -> None:
    """A cut and turned deck has little correlation and all its neighbours; a shuffled one has neither."""
    arrival = [str(at) for at in range(N)]
    pieces = [arrival[start : start + 10] for start in (30, 0, 50, 20, 10, 40)]
    cut = [one for piece in pieces for one in piece]
    shuffled = random.Random(3).sample(arrival, N)
    orders = {"straight": arrival, "turned": arrival[::-1], "cut": cut, "shuffled": shuffled}
    features = {name: {one: at for at, one in enumerate(order)} for name, order in orders.items()}
    assert leaks(features, arrival) == {"straight", "turned", "cut"}
