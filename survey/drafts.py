"""Drafts of questionnaires: every change is kept, can be undone, and never overwrites another person's.

A draft is a line of revisions with a pointer. A change is made on the newest one. Who changes says which revision
was on the screen; where the part to be changed was changed by somebody since, nothing is written and both are shown.

draft → in review → approved by a second person → published; or back to draft with a note.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from .canonical import canonical_json
from .editing import Document
from .errors import SurveyError
from .storage.tables import questionnaire_draft as draft_table
from .storage.tables import questionnaire_revision as revision_table

LARGEST_DOCUMENT = 2_000_000  # bytes
LONGEST_ACTION = 40  # characters


class DraftState(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class DraftError(SurveyError):
    """A step that the draft's state, or who takes it, does not allow."""


class DraftConflictError(SurveyError):
    """Somebody else changed the same part meanwhile; nothing was written.

    `theirs` is the draft as it stands now.
    """

    def __init__(self, theirs: Draft) -> None:
        super().__init__(
            "Somebody else changed this meanwhile.", got=theirs.changed_by, hint="compare both, then choose"
        )
        self.theirs = theirs


@dataclass(frozen=True)
class Draft:
    """A draft at its newest revision, or at an earlier one.

    `parent` is the revision that `undo` would lead to; `can_undo` and `can_redo` say whether there is one before and
    after; `note` is what the reviewer wrote.
    """

    id: str
    name: str
    state: DraftState
    revision: int
    parent: int | None
    document: Document
    based_on: str | None
    created_by: str
    changed_by: str
    changed_at: datetime
    action: str
    submitted_by: str | None
    approved_by: str | None
    published_id: str | None
    mapping: str | None
    note: str
    can_undo: bool
    can_redo: bool


def create_draft(
    connection: Connection,
    document: Document,
    *,
    by: str,
    now: datetime,
    based_on: str | None = None,
    action: str = "begin",
) -> str:
    """Begin a draft from a document; returns its id. `based_on` is the published version it comes from."""
    identity = secrets.token_hex(8)
    connection.execute(
        insert(draft_table).values(
            id=identity,
            name=document["name"],
            state=DraftState.DRAFT,
            revision=1,
            based_on=based_on,
            created_by=by,
            note="",
        )
    )
    _write(connection, identity, 1, None, document, action, by, now)
    return identity


def all_drafts(connection: Connection, *, discarded: bool = False) -> list[Draft]:
    """Every draft but the discarded ones, or these alone; the latest changed first."""
    wanted = draft_table.c.state == DraftState.DISCARDED
    ids = connection.execute(select(draft_table.c.id).where(wanted if discarded else ~wanted)).scalars().all()
    return sorted((load_draft(connection, one) for one in ids), key=lambda one: one.changed_at, reverse=True)


def load_draft(connection: Connection, draft_id: str, *, lock: bool = False, at: int | None = None) -> Draft:
    """A draft; raises DraftError when there is none, or no such revision."""
    query = select(draft_table).where(draft_table.c.id == draft_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise DraftError("There is no such draft.", got=draft_id)
    number = at or row.revision
    revision = connection.execute(
        select(revision_table).where(revision_table.c.draft_id == draft_id, revision_table.c.number == number)
    ).one_or_none()
    if revision is None:
        raise DraftError("There is no such revision of the draft.", got=str(number))
    return Draft(
        id=row.id,
        name=row.name,
        state=DraftState(row.state),
        revision=number,
        parent=revision.parent,
        document=json.loads(revision.body),
        based_on=row.based_on,
        created_by=row.created_by,
        changed_by=revision.changed_by,
        changed_at=revision.changed_at,
        action=revision.action,
        submitted_by=row.submitted_by,
        approved_by=row.approved_by,
        published_id=row.published_id,
        mapping=row.mapping,
        note=row.note,
        can_undo=revision.parent is not None,
        can_redo=_child(connection, draft_id, number) is not None,
    )


def history(connection: Connection, draft_id: str) -> list[Any]:
    """Rows of every revision without its body: number, parent, action, changed_by, changed_at; the newest first."""
    columns = [column for column in revision_table.c if column.name != "body"]
    query = select(*columns).where(revision_table.c.draft_id == draft_id).order_by(revision_table.c.number.desc())
    return list(connection.execute(query))


def change(
    connection: Connection,
    draft_id: str,
    make: Callable[[Document], Document],
    *,
    seen: int,
    touches: Callable[[Document], Any],
    action: str,
    by: str,
    now: datetime,
) -> Draft:
    """Make a change on the newest revision and keep it as the next one.

    `touches` picks the part of the document that the change replaces. Where that part differs between the revision
    that was `seen` and the newest one, DraftConflictError is raised and nothing is written. Raises DraftError unless
    the draft is open for changes.
    """
    newest = load_draft(connection, draft_id, lock=True)
    _expect(newest, DraftState.DRAFT)
    if newest.revision != seen:
        before = load_draft(connection, draft_id, at=seen)
        if touches(before.document) != touches(newest.document):
            raise DraftConflictError(newest)
    made = make(newest.document)
    if made == newest.document:
        return newest
    number = _last(connection, draft_id) + 1
    _write(connection, draft_id, number, newest.revision, made, action, by, now)
    _point(connection, draft_id, number, made["name"])
    return load_draft(connection, draft_id)


def undo(connection: Connection, draft_id: str, *, seen: int) -> Draft:
    """Step back to the revision before; nothing is lost, `redo` steps forward again.

    Raises DraftConflictError where the draft stands at another revision than the one that was `seen`.
    """
    found = _open_at(connection, draft_id, seen)
    return _step(connection, found, found.parent, "There is nothing to undo.")


def redo(connection: Connection, draft_id: str, *, seen: int) -> Draft:
    """Step forward to the latest revision that was made from this one; raises as `undo` does."""
    found = _open_at(connection, draft_id, seen)
    return _step(connection, found, _child(connection, draft_id, found.revision), "There is nothing to redo.")


def _open_at(connection: Connection, draft_id: str, seen: int) -> Draft:
    found = load_draft(connection, draft_id, lock=True)
    _expect(found, DraftState.DRAFT)
    if found.revision != seen:
        raise DraftConflictError(found)
    return found


def _step(connection: Connection, found: Draft, number: int | None, why_not: str) -> Draft:
    if number is None:
        raise DraftError(why_not)
    _point(connection, found.id, number, load_draft(connection, found.id, at=number).document["name"])
    return load_draft(connection, found.id)


def submit(connection: Connection, draft_id: str, *, seen: int, by: str) -> None:
    """Hand a draft to review; from then on it stands still."""
    _move(connection, draft_id, DraftState.DRAFT, DraftState.IN_REVIEW, seen=seen, submitted_by=by, note="")


def send_back(connection: Connection, draft_id: str, *, seen: int, note: str) -> None:
    """Give a draft back to be changed, with a note; also for who withdraws it from review, or from approval."""
    found = load_draft(connection, draft_id, lock=True)
    _expect(found, DraftState.IN_REVIEW, DraftState.APPROVED)
    _move(connection, draft_id, found.state, DraftState.DRAFT, seen=seen, approved_by=None, mapping=None, note=note)


def approve(connection: Connection, draft_id: str, *, seen: int, by: str, mapping: str | None = None) -> None:
    """Approve by a person who neither handed it in nor made any of its revisions; raises DraftError for those.

    `mapping` is what this person reviewed of the mapping from the version before, kept until publication stores it.
    """
    found = load_draft(connection, draft_id, lock=True)
    if by in makers(connection, found):
        raise DraftError("A second person approves: one who made none of its changes.", got=by)
    _move(connection, draft_id, DraftState.IN_REVIEW, DraftState.APPROVED, seen=seen, approved_by=by, mapping=mapping)


def makers(connection: Connection, draft: Draft) -> set[str | None]:
    """Who made any of its revisions or handed it in: none of them approves it."""
    return {row.changed_by for row in history(connection, draft.id)} | {draft.submitted_by}


def mark_published(connection: Connection, draft_id: str, *, seen: int, questionnaire_id: str) -> None:
    """Note that the approved draft became this questionnaire."""
    _move(connection, draft_id, DraftState.APPROVED, DraftState.PUBLISHED, seen=seen, published_id=questionnaire_id)


def discard(connection: Connection, draft_id: str, *, seen: int) -> None:
    """Take a draft off the list; its revisions stay, `restore` brings it back."""
    _move(connection, draft_id, DraftState.DRAFT, DraftState.DISCARDED, seen=seen)


def restore(connection: Connection, draft_id: str, *, seen: int) -> None:
    """Put a discarded draft back on the list."""
    _move(connection, draft_id, DraftState.DISCARDED, DraftState.DRAFT, seen=seen)


def _move(
    connection: Connection, draft_id: str, before: DraftState, after: DraftState, *, seen: int, **values: Any
) -> None:
    found = load_draft(connection, draft_id, lock=True)
    _expect(found, before)
    if found.revision != seen:
        raise DraftConflictError(found)
    connection.execute(update(draft_table).where(draft_table.c.id == draft_id).values(state=after, **values))


def _expect(found: Draft, *states: DraftState) -> None:
    if found.state not in states:
        raise DraftError("The draft is in another state by now.", got=found.state, expected=" or ".join(states))


def _point(connection: Connection, draft_id: str, number: int, name: str) -> None:
    connection.execute(update(draft_table).where(draft_table.c.id == draft_id).values(revision=number, name=name))


def _write(
    connection: Connection,
    draft_id: str,
    number: int,
    parent: int | None,
    document: Document,
    action: str,
    by: str,
    now: datetime,
) -> None:
    body = canonical_json(document)
    if len(body) > LARGEST_DOCUMENT:
        raise DraftError(
            "The questionnaire is too large.", got=f"{len(body):,} bytes", expected=f"at most {LARGEST_DOCUMENT:,}"
        )
    connection.execute(
        insert(revision_table).values(
            draft_id=draft_id,
            number=number,
            parent=parent,
            body=body.decode(),
            action=action[:LONGEST_ACTION],
            changed_by=by,
            changed_at=now,
        )
    )


def _last(connection: Connection, draft_id: str) -> int:
    query = select(func.max(revision_table.c.number)).where(revision_table.c.draft_id == draft_id)
    return int(connection.execute(query).scalar_one())


def _child(connection: Connection, draft_id: str, number: int) -> int | None:
    query = select(func.max(revision_table.c.number)).where(
        revision_table.c.draft_id == draft_id, revision_table.c.parent == number
    )
    found: int | None = connection.execute(query).scalar_one()
    return found
