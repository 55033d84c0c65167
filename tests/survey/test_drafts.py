"""Drafts: every change kept, undone and redone; two people at once; the way to publication and back."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from every_type import every_type
from scale import scaled
from survey import drafts, editing
from survey.drafts import Draft, DraftConflictError, DraftError, DraftState, load_draft
from survey.editing import Document, question_of, question_or_none
from survey.storage.engine import Database
from survey.storage.tables import metadata, questionnaire_revision

NOW = datetime(2026, 8, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database of each kind."""
    opened = Database(database_url)
    metadata.create_all(opened.engine)
    yield opened
    opened.dispose()


@pytest.fixture
def draft_id(database: Database) -> str:
    with database.write() as connection:
        return drafts.create_draft(connection, every_type(), by="ann", now=NOW)


def set_text(variable: str, words: str) -> Callable[[Document], Document]:
    """A change of one question's words."""

    def make(document: Document) -> Document:
        question = json.loads(json.dumps(question_of(document, variable)))
        question["text"]["en"] = words
        return editing.set_question(document, variable, question)

    return make


def touching(variable: str) -> Callable[[Document], Any]:
    return lambda document: question_or_none(document, variable)


def change(database: Database, draft_id: str, variable: str, words: str, *, seen: int, by: str = "ann") -> Draft:
    with database.write() as connection:
        return drafts.change(
            connection,
            draft_id,
            set_text(variable, words),
            seen=seen,
            touches=touching(variable),
            action=f"edit {variable}",
            by=by,
            now=NOW,
        )


def loaded(database: Database, draft_id: str, at: int | None = None) -> Draft:
    with database.read() as connection:
        return load_draft(connection, draft_id, at=at)


def words_of(draft: Draft, variable: str) -> str:
    return str(question_of(draft.document, variable)["text"]["en"])


def test_a_draft_begins_with_its_document(database: Database, draft_id: str) -> None:
    """What was handed in comes back unchanged, as revision 1, with who began it."""
    found = loaded(database, draft_id)
    assert found.document == every_type()
    assert (found.revision, found.state, found.created_by, found.action) == (1, DraftState.DRAFT, "ann", "begin")
    assert (found.can_undo, found.can_redo) == (False, False)


def test_every_change_is_a_revision(database: Database, draft_id: str) -> None:
    """Each revision keeps its document, who made it and what it was."""
    change(database, draft_id, "wish", "first", seen=1)
    newest = change(database, draft_id, "wish", "second", seen=2, by="ben")
    assert (newest.revision, newest.parent, newest.changed_by) == (3, 2, "ben")
    assert [words_of(loaded(database, draft_id, at), "wish") for at in (2, 3)] == ["first", "second"]
    with database.read() as connection:
        assert [row.number for row in drafts.history(connection, draft_id)] == [3, 2, 1]


def test_a_change_of_nothing_is_no_revision(database: Database, draft_id: str) -> None:
    """A form that is saved as it was leaves the draft as it was."""
    again = change(database, draft_id, "wish", words_of(loaded(database, draft_id), "wish"), seen=1)
    assert again.revision == 1


def test_undo_and_redo(database: Database, draft_id: str) -> None:
    """Undo leads back, redo forward again; a change after undoing is what redo leads to from then on."""
    change(database, draft_id, "wish", "first", seen=1)
    change(database, draft_id, "wish", "second", seen=2)
    with database.write() as connection:
        assert words_of(drafts.undo(connection, draft_id, seen=3), "wish") == "first"
        assert words_of(drafts.redo(connection, draft_id, seen=2), "wish") == "second"
        drafts.undo(connection, draft_id, seen=3)
    other = change(database, draft_id, "wish", "other", seen=2)
    assert (other.revision, other.parent, other.can_redo) == (4, 2, False)
    with database.write() as connection:
        assert drafts.undo(connection, draft_id, seen=4).revision == 2
        assert words_of(drafts.redo(connection, draft_id, seen=2), "wish") == "other"
    assert words_of(loaded(database, draft_id, 3), "wish") == "second"


def test_nothing_to_undo_or_redo(database: Database, draft_id: str) -> None:
    """The ends of the line are named."""
    with database.write() as connection, pytest.raises(DraftError, match="nothing to undo"):
        drafts.undo(connection, draft_id, seen=1)
    with database.write() as connection, pytest.raises(DraftError, match="nothing to redo"):
        drafts.redo(connection, draft_id, seen=1)


def test_nobody_undoes_what_they_have_not_seen(database: Database, draft_id: str) -> None:
    """An old page's undo button does not take away another person's newest change."""
    change(database, draft_id, "wish", "theirs", seen=1, by="ben")
    for step in (drafts.undo, drafts.redo):
        with database.write() as connection, pytest.raises(DraftConflictError):
            step(connection, draft_id, seen=1)
    assert words_of(loaded(database, draft_id), "wish") == "theirs"


def test_changes_of_the_same_question_conflict(database: Database, draft_id: str) -> None:
    """Who saw an older state of it writes nothing, and gets the newest state to compare."""
    change(database, draft_id, "wish", "theirs", seen=1, by="ben")
    with pytest.raises(DraftConflictError) as caught:
        change(database, draft_id, "wish", "mine", seen=1)
    assert words_of(caught.value.theirs, "wish") == "theirs"
    assert caught.value.theirs.changed_by == "ben"
    assert loaded(database, draft_id).revision == 2


def test_changes_of_different_questions_are_merged(database: Database, draft_id: str) -> None:
    """Both are kept, though neither saw the other."""
    change(database, draft_id, "wish", "theirs", seen=1, by="ben")
    change(database, draft_id, "minutes", "mine", seen=1)
    found = loaded(database, draft_id)
    assert (words_of(found, "wish"), words_of(found, "minutes")) == ("theirs", "mine")


def test_a_question_deleted_meanwhile_conflicts(database: Database, draft_id: str) -> None:
    """Its change is not made silently on nothing."""
    with database.write() as connection:
        drafts.change(
            connection,
            draft_id,
            lambda document: editing.delete_question(document, "wish"),
            seen=1,
            touches=touching("wish"),
            action="delete wish",
            by="ben",
            now=NOW,
        )
    with pytest.raises(DraftConflictError):
        change(database, draft_id, "wish", "mine", seen=1)


def race(database: Database, *steps: Callable[[], Any]) -> list[Any]:
    """Run the steps at the same moment; what each gave, or the error it raised."""
    gate, results = threading.Barrier(len(steps)), [None] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[place] = step()
        except Exception as error:
            results[place] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(place, step)) for place, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_transactions_on_the_same_question(database: Database, draft_id: str) -> None:
    """Of two at once exactly one writes, the other gets the conflict; each time, on both databases."""
    for turn in range(scaled(60, least=6)):
        seen = loaded(database, draft_id).revision
        results = race(
            database,
            lambda: change(database, draft_id, "wish", f"a{turn}", seen=seen),  # noqa: B023
            lambda: change(database, draft_id, "wish", f"b{turn}", seen=seen, by="ben"),  # noqa: B023
        )
        assert sorted(type(one).__name__ for one in results) == ["Draft", "DraftConflictError"]
        assert loaded(database, draft_id).revision == seen + 1


def test_two_transactions_on_different_questions(database: Database, draft_id: str) -> None:
    """Both write, one after the other; no change and no revision is lost."""
    for turn in range(scaled(60, least=6)):
        seen = loaded(database, draft_id).revision
        results = race(
            database,
            lambda: change(database, draft_id, "wish", f"a{turn}", seen=seen),  # noqa: B023
            lambda: change(database, draft_id, "minutes", f"b{turn}", seen=seen, by="ben"),  # noqa: B023
        )
        assert all(isinstance(one, Draft) for one in results), results
        found = loaded(database, draft_id)
        assert found.revision == seen + 2
        assert (words_of(found, "wish"), words_of(found, "minutes")) == (f"a{turn}", f"b{turn}")


def random_step(rng: random.Random, document: Document) -> Document:
    """One random edit."""
    names = [name for section in editing.order(document) for name in section]
    name = rng.choice(names) if names else ""
    last = len(document["sections"]) - 1
    steps: list[Callable[[], Document]] = [
        lambda: editing.add_section(document, rng.randint(0, last + 1)),
        lambda: editing.move_section(document, rng.randint(0, last), rng.randint(0, last)),
        lambda: editing.set_texts(document, {"title": {"en": str(rng.random())}}),
    ]
    if name:
        steps += [
            lambda: editing.duplicate_question(document, name)[0],
            lambda: editing.move_question(document, name, rng.randint(0, last), rng.randint(0, 9)),
            lambda: editing.delete_question(document, name),
            lambda: set_text(name, str(rng.random()))(document),
            lambda: editing.set_question(
                document,
                name,
                {**question_of(document, name), "variable": editing.free_name(document, f"{name[:20]}x")},
            ),
        ]
    return rng.choice(steps)()


@settings(max_examples=scaled(400, least=15))
@given(seed=st.integers(0, 2**32))
def test_undoing_everything_gives_the_first_document(seed: int) -> None:
    """Whatever is done in whatever order, all undos lead to the beginning and all redos back to the end."""
    rng = random.Random(seed)
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        draft_id = drafts.create_draft(connection, every_type(), by="ann", now=NOW)
        for step in range(rng.randint(1, 12)):
            newest = load_draft(connection, draft_id)
            drafts.change(
                connection,
                draft_id,
                lambda document: random_step(rng, document),
                seen=newest.revision,
                touches=lambda document: document,
                action="edit",
                by=rng.choice(["ann", "ben"]),
                now=NOW + timedelta(minutes=step),
            )
        end = load_draft(connection, draft_id)
        while (found := load_draft(connection, draft_id)).can_undo:
            drafts.undo(connection, draft_id, seen=found.revision)
        assert load_draft(connection, draft_id).document == every_type()
        while (found := load_draft(connection, draft_id)).can_redo:
            drafts.redo(connection, draft_id, seen=found.revision)
        assert load_draft(connection, draft_id).document == end.document
    engine.dispose()


def test_a_draft_in_review_stands_still(database: Database, draft_id: str) -> None:
    """From handing in until it comes back nothing changes it, and what is tried says why."""
    with database.write() as connection:
        drafts.submit(connection, draft_id, seen=1, by="ann")
    with pytest.raises(DraftError, match="another state"):
        change(database, draft_id, "wish", "late", seen=1)
    for step in (drafts.undo, drafts.redo, drafts.discard):
        with database.write() as connection, pytest.raises(DraftError, match="another state"):
            step(connection, draft_id, seen=1)


def test_who_made_it_does_not_approve_it(database: Database, draft_id: str) -> None:
    """Neither who made a revision, undone ones too, nor who handed it in; anybody else may."""
    change(database, draft_id, "wish", "by ben", seen=1, by="ben")
    with database.write() as connection:
        drafts.undo(connection, draft_id, seen=2)
        drafts.submit(connection, draft_id, seen=1, by="cat")
    for person in ("ann", "ben", "cat"):
        with database.write() as connection, pytest.raises(DraftError, match="second person"):
            drafts.approve(connection, draft_id, seen=1, by=person)
    with database.write() as connection:
        drafts.approve(connection, draft_id, seen=1, by="dan")
    assert loaded(database, draft_id).approved_by == "dan"


def test_a_note_comes_back_with_the_draft(database: Database, draft_id: str) -> None:
    """Sent back it is open for changes again, nobody's approval stands, and the note is there to read."""
    with database.write() as connection:
        drafts.submit(connection, draft_id, seen=1, by="ann")
        drafts.approve(connection, draft_id, seen=1, by="dan")
        drafts.send_back(connection, draft_id, seen=1, note="Too long")
    found = loaded(database, draft_id)
    assert (found.state, found.note, found.approved_by) == (DraftState.DRAFT, "Too long", None)
    change(database, draft_id, "wish", "shorter", seen=1)


def test_a_discarded_draft_can_be_brought_back(database: Database, draft_id: str) -> None:
    """It leaves the list, keeps every revision, and returns as it was."""
    change(database, draft_id, "wish", "kept", seen=1)
    with database.write() as connection:
        drafts.discard(connection, draft_id, seen=2)
        assert drafts.all_drafts(connection) == []
        assert [one.id for one in drafts.all_drafts(connection, discarded=True)] == [draft_id]
        drafts.restore(connection, draft_id, seen=2)
        assert [one.id for one in drafts.all_drafts(connection)] == [draft_id]
    assert words_of(loaded(database, draft_id), "wish") == "kept"


def test_a_draft_has_a_largest_size(database: Database, draft_id: str) -> None:
    """Two megabytes are enough for any questionnaire, and nothing larger is stored."""
    with pytest.raises(DraftError, match="too large"):
        change(database, draft_id, "wish", "x" * drafts.LARGEST_DOCUMENT, seen=1)
    assert loaded(database, draft_id).revision == 1


def test_the_longest_action_fits_its_column(database: Database, draft_id: str) -> None:
    """A name of 40 letters with a verb before it is cut, not refused."""
    with database.write() as connection:
        drafts.change(
            connection,
            draft_id,
            set_text("wish", "x"),
            seen=1,
            touches=touching("wish"),
            action="delete " + "x" * 40,
            by="ann",
            now=NOW,
        )
        query = select(questionnaire_revision.c.action).where(questionnaire_revision.c.number == 2)
        assert connection.execute(query).scalar_one() == "delete " + "x" * 33


@pytest.mark.parametrize("what", ["draft", "revision"])
def test_what_is_not_there_is_named(database: Database, draft_id: str, what: str) -> None:
    """A draft or a revision that nobody made."""
    with pytest.raises(DraftError, match=f"no such {what}"):
        loaded(database, "0" * 16 if what == "draft" else draft_id, 1 if what == "draft" else 99)
