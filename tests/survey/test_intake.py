"""Taking in one response: exactly once, or not at all."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from counter import NOW, TODAY, TOMORROW, Counter
from survey.codes import grouped
from survey.commitment import commit
from survey.errors import AnswersChangedError, EditCodeError, InvitationSpentError, SurveyError, WaveNotOpenError
from survey.fielding import close_wave
from survey.intake import Prepared, correct, find_wave_of_edit_code, invitation_hash, invite, withdraw
from survey.storage.tables import invitation, log_leaf, log_pending, response, spent_invitation, wave


def correct_with(counter: Counter, prepared: Prepared, edit_code: str) -> Any:
    with counter.database.write() as connection:
        return correct(connection, counter.keys, prepared, edit_code)


def withdraw_with(counter: Counter, edit_code: str) -> None:
    with counter.database.write() as connection:
        withdraw(connection, counter.keys, "w1", edit_code, TODAY)


def states(counter: Counter) -> list[str]:
    return sorted(row.state for row in counter.rows(response))


def invited(counter: Counter, *codes: str) -> list[str]:
    """Issue one-time codes; their hashes as the portal passes them on."""
    with counter.database.write() as connection:
        invite(connection, counter.keys, "w1", list(codes))
    return [invitation_hash(counter.keys, "w1", code) for code in codes]


def together(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run the calls at once; each gives its result or the error it raised."""

    def caught(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except SurveyError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(caught, calls))


# --- once ------------------------------------------------------------------------------------------------------------


def test_a_cast_is_one_row_and_one_pending_leaf(counter: Counter) -> None:
    """The stored body opens the pending commitment, and the leaf carries the receipt that was promised."""
    done = counter.cast(5, wish="more chairs")
    (row,), (leaf,) = counter.rows(response), counter.rows(log_pending)
    assert leaf.commitment == commit(bytes(row.salt), row.body.encode()) == done.prepared.commitment
    promise = done.prepared.promise("the log")
    assert (leaf.receipt, leaf.due_on.isoformat()) == (promise.receipt, promise.due_on)
    assert json.loads(row.body)["texts"] == {"wish": "more chairs"}


def test_nothing_that_is_stored_says_when_or_from_where(counter: Counter) -> None:
    """The body has these fields and no others; the day is the finest time."""
    counter.cast(2)
    fields = "format wave questionnaire point unit channel day language mode answers missing reasons texts"
    assert set(json.loads(counter.rows(response)[0].body)) == set(fields.split())


def test_the_same_form_ten_times_at_once_is_one_response(counter: Counter) -> None:
    """Double taps and retries: one row, one leaf, one receipt and one promise that can be kept."""
    tries = [counter.prepare(3, form_key=b"k" * 16, own="mine") for _ in range(10)]
    done = together([lambda one=one: counter.cast_prepared(one) for one in tries])
    assert [one.repeated for one in done].count(False) == 1
    assert len(counter.rows(response)) == len(counter.rows(log_pending)) == 1
    promises = {one.prepared.promise("log") for one in done}
    leaf = counter.rows(log_pending)[0]
    assert {(promise.commitment, promise.receipt) for promise in promises} == {(leaf.commitment, leaf.receipt)}
    assert len({one.prepared.codes for one in done}) == 1


@pytest.mark.parametrize("is_logged", [False, True])
def test_sent_again_after_midnight_the_promise_is_the_first_one(counter: Counter, is_logged: bool) -> None:
    """The day promised is the day of the first sending, whether the leaf is still pending or logged."""
    first = counter.cast(3, form_key=b"k" * 16)
    counter.batch(force=is_logged)
    again = counter.cast(3, form_key=b"k" * 16, day=TOMORROW)
    assert again.repeated
    assert again.prepared.promise("log") == first.prepared.promise("log")


@pytest.mark.parametrize("is_logged", [False, True])
@pytest.mark.parametrize("change", [{"level": 1}, {"wish": "another"}, {"own": "other words"}])
def test_the_same_form_with_another_content_is_told_so(
    counter: Counter, change: dict[str, Any], is_logged: bool
) -> None:
    """Nothing is written, and no promise is made for what is not in the log."""
    counter.cast(**{"level": 4, "form_key": b"k" * 16, "own": "words"})
    counter.batch(force=is_logged)
    before = counter.counts()
    with pytest.raises(AnswersChangedError):
        counter.cast(**({"level": 4, "form_key": b"k" * 16, "own": "words"} | change))
    assert counter.counts() == before
    assert json.loads(counter.rows(response)[0].body)["answers"] == {"q_overall": 4}


# --- one-time links --------------------------------------------------------------------------------------------------


def test_a_link_counts_once(counter: Counter) -> None:
    """The second form with the same link is refused and leaves nothing, before and after the batch."""
    (link,) = invited(counter, "LINK")
    first = counter.prepare(4)
    counter.cast_prepared(first, invitation=link)
    assert counter.cast_prepared(first, invitation=link).repeated
    for _ in ("before the batch", "after it"):
        before = counter.counts()
        with pytest.raises(InvitationSpentError):
            counter.cast(1, invitation=link)
        assert counter.counts() == before
        counter.settle()
    assert [row.used for row in counter.rows(invitation)] == [True]
    assert counter.rows(spent_invitation) == []


def test_a_link_that_was_never_issued_is_refused(counter: Counter) -> None:
    """Unknown codes, and codes of another wave, open nothing."""
    stranger = invitation_hash(counter.keys, "w2", "LINK")
    invited(counter, "LINK")
    for link in ("0" * 32, stranger):
        with pytest.raises(InvitationSpentError):
            counter.cast(1, invitation=link)
    assert counter.counts()["response"] == counter.counts()["spent_invitation"] == 0


def test_a_link_used_by_ten_at_once_counts_once(counter: Counter) -> None:
    """Ten forms, one link: one is recorded, nine are told, while batches run between them."""
    (link,) = invited(counter, "LINK")
    forms = [counter.prepare(level) for level in (1, 2, 3, 4, 5) * 2]
    calls: list[Callable[[], Any]] = [lambda one=one: counter.cast_prepared(one, invitation=link) for one in forms]
    done = together([*calls[:5], counter.batch, *calls[5:], counter.settle])
    refused = [one for one in done if isinstance(one, InvitationSpentError)]
    assert len(refused) == 9
    counter.settle()
    assert len(counter.rows(response)) == 1
    assert [row.used for row in counter.rows(invitation)] == [True]


def before_statement(counter: Counter, start: str, act: Callable[[], Any]) -> None:
    """Let somebody else act, once, just before the first statement that begins so."""

    acts = [act]

    @event.listens_for(counter.database.engine, "before_cursor_execute")
    def interrupt(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if acts and statement.startswith(start):
            acts.pop()()


def test_a_link_spent_while_a_batch_marks_the_list_stays_spent(open_postgres_with: Callable[..., Counter]) -> None:
    """What was spent after the batch had looked is not forgotten: it is marked by the next one."""
    counter = open_postgres_with()
    first, second = invited(counter, "ONE", "TWO")
    counter.cast(4, invitation=first)
    before_statement(counter, "DELETE FROM spent_invitation", lambda: counter.cast(4, invitation=second))
    counter.settle()
    assert [row.code_hash for row in counter.rows(spent_invitation)] == [second]
    counter.settle()
    assert [row.used for row in counter.rows(invitation)] == [True, True]


def test_a_batch_between_looking_and_spending_opens_no_link_again(open_postgres_with: Callable[..., Counter]) -> None:
    """A second use that waits while a batch clears the spent rows still finds the link used."""
    counter = open_postgres_with()
    (link,) = invited(counter, "ONE")
    counter.cast(4, invitation=link)
    before_statement(counter, "INSERT INTO spent_invitation", counter.settle)
    with pytest.raises(InvitationSpentError):
        counter.cast(5, invitation=link)
    assert len(counter.rows(response)) == 1


# --- corrections and withdrawals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_logged", [False, True])
@pytest.mark.parametrize("way", ["correct", "withdraw"])
def test_what_was_changed_is_gone(counter: Counter, way: str, is_logged: bool) -> None:
    """The old body, salt and edit hash are erased; the log says one was erased; the audit holds before and after."""
    old = counter.cast(1, wish="the old words").prepared
    counter.cast(5)
    counter.batch(force=is_logged)
    if way == "correct":
        correct_with(counter, counter.prepare(4, wish="the new words"), grouped(old.codes.edit).lower())
    else:
        withdraw_with(counter, grouped(old.codes.edit).lower())
    row = next(row for row in counter.rows(response) if row.id == old.response_id)
    assert (row.body, row.salt, row.edit_hash) == (None, None, None)
    assert row.state == {"correct": "superseded", "withdraw": "withdrawn"}[way]
    assert counter.audit().is_sound
    counter.batch()
    assert counter.audit().faults == {}
    types = sorted(row.type for row in counter.rows(log_leaf) if row.type != "anchor")
    assert types == ["erased"] + ["response"] * (3 if way == "correct" else 2)


def test_a_receipt_does_not_tell_that_its_answer_was_withdrawn(counter: Counter) -> None:
    """No leaf of the log names the commitment that was erased."""
    old = counter.cast(1).prepared
    withdraw_with(counter, old.codes.edit)
    counter.batch()
    bodies = [row.body for row in counter.rows(log_leaf) if row.type == "erased"]
    assert len(bodies) == 1
    assert old.commitment not in bodies[0]
    assert old.receipt not in bodies[0]


def test_an_edit_code_works_once(counter: Counter) -> None:
    """After a correction the old code is dead and the new one lives; after a withdrawal none does."""
    old = counter.cast(1).prepared
    new = correct_with(counter, counter.prepare(2), old.codes.edit).prepared
    for call in (
        lambda: withdraw_with(counter, old.codes.edit),
        lambda: correct_with(counter, counter.prepare(3), old.codes.edit),
    ):
        with pytest.raises(EditCodeError):
            call()
    with counter.database.read() as connection:
        assert find_wave_of_edit_code(connection, counter.keys, [counter.wave], old.codes.edit) is None
        assert find_wave_of_edit_code(connection, counter.keys, [counter.wave], new.codes.edit) == counter.wave
    withdraw_with(counter, new.codes.edit)
    with pytest.raises(EditCodeError):
        withdraw_with(counter, new.codes.edit)
    assert states(counter) == ["superseded", "withdrawn"]


def test_the_same_correction_at_once_is_one_correction(counter: Counter) -> None:
    """A double tap on "replace" gives the same receipt twice and erases once."""
    old = counter.cast(1).prepared
    tries = [counter.prepare(5, form_key=b"c" * 16) for _ in range(6)]
    done = together([lambda one=one: correct_with(counter, one, old.codes.edit) for one in tries])
    assert [one.repeated for one in done].count(False) == 1
    assert {one.prepared.commitment for one in done} == {done[0].prepared.commitment}
    assert states(counter) == ["recorded", "superseded"]


def test_a_superseded_form_sent_again_is_not_recorded_again(counter: Counter) -> None:
    """The page of the first answer, still open in a browser, does not bring it back."""
    old = counter.prepare(1, form_key=b"k" * 16)
    counter.cast_prepared(old)
    correct_with(counter, counter.prepare(5), old.codes.edit)
    with pytest.raises(AnswersChangedError):
        counter.cast_prepared(counter.prepare(1, form_key=b"k" * 16))
    assert states(counter) == ["recorded", "superseded"]


def test_withdrawn_words_are_gone_from_the_file(open_sqlite_with: Callable[..., Counter], tmp_path: Path) -> None:
    """On SQLite erased bytes are overwritten: the words are in no page, free or used, and in no journal."""
    counter = open_sqlite_with()
    words = "words-that-name-a-person"
    withdraw_with(counter, counter.cast(1, wish=words).prepared.codes.edit)
    with counter.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    counter.database.dispose()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"tax" in held
    assert words.encode() not in held


# --- closed waves and quotas -----------------------------------------------------------------------------------------


def test_a_closed_wave_takes_nothing_and_loses_nothing(counter: Counter) -> None:
    """The page was open and the form is well made: it is refused all the same, and so are changes."""
    old = counter.cast(1).prepared
    late = counter.prepare(2)
    counter.close()
    before = counter.counts()
    for call in (
        lambda: counter.cast_prepared(late),
        lambda: correct_with(counter, late, old.codes.edit),
        lambda: withdraw_with(counter, old.codes.edit),
    ):
        with pytest.raises(WaveNotOpenError):
            call()
    assert counter.counts() == before
    assert states(counter) == ["recorded"]


def test_closing_waits_for_who_is_casting(counter: Counter) -> None:
    """Among many casts at once each is either recorded before the close or refused: none slips in after it."""
    forms = [counter.prepare(4) for _ in range(12)]
    calls: list[Callable[[], Any]] = [lambda one=one: counter.cast_prepared(one) for one in forms]

    def close() -> list[str]:
        with counter.database.write() as connection:
            close_wave(connection, "w1", NOW)
            return [row.id for row in connection.execute(response.select())]

    done = together([*calls[:6], close, *calls[6:]])
    recorded_at_close = done.pop(6)
    assert {row.id for row in counter.rows(response)} == set(recorded_at_close)
    assert sum(isinstance(one, WaveNotOpenError) for one in done) == 12 - len(recorded_at_close)


def test_a_quota_of_ten_under_sixty_at_once(open_wave_with: Callable[..., Counter]) -> None:
    """Exactly ten are recorded, fifty are over quota, none is lost; the audit agrees."""
    counter = open_wave_with(quota=10)
    forms = [counter.prepare(4) for _ in range(60)]
    done = together([lambda one=one: counter.cast_prepared(one) for one in forms])
    assert [one for one in done if isinstance(one, Exception)] == []
    assert states(counter) == ["over_quota"] * 50 + ["recorded"] * 10
    assert len(counter.rows(log_pending)) == 60
    assert [row.taken for row in counter.rows(wave)] == [10]
    counter.batch()
    assert counter.audit().faults == {}


@pytest.mark.parametrize(("withdrawn", "newcomer"), [(0, "recorded"), (2, "over_quota")])
def test_a_withdrawal_reopens_a_place_if_it_held_one(
    open_wave_with: Callable[..., Counter], withdrawn: int, newcomer: str
) -> None:
    """Whoever comes next takes the place of the withdrawn; withdrawing an answer over quota frees none."""
    counter = open_wave_with(quota=2)
    forms = [counter.cast(4).prepared for _ in range(3)]
    withdraw_with(counter, forms[withdrawn].codes.edit)
    new = counter.cast(5).prepared
    assert {row.id: row.state for row in counter.rows(response)}[new.response_id] == newcomer
    assert [row.taken for row in counter.rows(wave)] == [2]
    assert counter.audit().faults == {}


def test_corrections_at_once_keep_the_quota(open_wave_with: Callable[..., Counter]) -> None:
    """Ten people correct their answers while ten others come: no place is lost or made, nobody waits for ever."""
    counter = open_wave_with(quota=15)
    old = [counter.cast(1).prepared for _ in range(10)]
    new = [counter.prepare(5) for _ in old]
    others = [counter.prepare(3) for _ in old]
    changes = [partial(correct_with, counter, one, before.codes.edit) for one, before in zip(new, old, strict=True)]
    arrivals = [partial(counter.cast_prepared, one) for one in others]
    done = together([call for pair in zip(changes, arrivals, strict=True) for call in pair])
    assert [one for one in done if isinstance(one, Exception)] == []
    found = states(counter)
    assert (found.count("superseded"), found.count("recorded"), found.count("over_quota")) == (10, 15, 5)
    assert [row.taken for row in counter.rows(wave)] == [15]
    assert counter.audit().faults == {}


def test_a_wave_with_a_quota_that_closes_refuses(open_postgres_with: Callable[..., Counter]) -> None:
    """Closed after the cast had looked and before its last statement: nothing is recorded."""
    counter = open_postgres_with(quota=1)
    before_statement(counter, "UPDATE wave SET taken", counter.close)
    with pytest.raises(WaveNotOpenError):
        counter.cast(4)
    assert counter.rows(response) == []
