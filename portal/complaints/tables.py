"""Cases and their history. What a person wrote, and who that is, stands here sealed (see `sealing`).

`complaint.document` holds exactly the canonical bytes that the log's leaf commits to.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from survey.storage.tables import Hash, Id, UtcDateTime, metadata

complaint = Table(
    "complaint",
    metadata,
    Column("id", String(32), primary_key=True),  # follows from the form's key: one form, one case
    Column("number", String(20), nullable=False, unique=True),
    Column("tracking_hash", String(32), nullable=False, unique=True),
    Column("unit_id", Id, ForeignKey("unit.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("clock", String(20), nullable=False),
    Column("document", LargeBinary, nullable=False),  # sealed
    Column("salt", LargeBinary, nullable=False),  # sealed
    Column("commitment", Hash, nullable=False),
    Column("contact", LargeBinary),  # sealed
    Column("may_publish", Boolean, nullable=False),  # the citizen's consent
    Column("is_conflicted", Boolean, nullable=False),  # kept from the judged unit; reviewers handle it
    Column("received_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("answered_on", Date),
    Column("reopened_on", Date),
    Column("was_late", Boolean, nullable=False),  # once answered late, a later clock does not wash it off
    Column("outcome", String(20)),
    Column("refusal", String(30)),
    Column("verdict", String(20)),
    Column("is_public", Boolean, nullable=False),
    Column("public_subject", Text),  # as the reviewer published them
    Column("public_answer", Text),
    Index("ix_complaint_unit_state_due", "unit_id", "state", "due_on"),
    Index("ix_complaint_public", "is_public", "received_on"),
    sqlite_with_rowid=False,
)
complaint_event = Table(
    "complaint_event",
    metadata,
    Column("complaint_id", String(32), ForeignKey("complaint.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 within the case; rows are only added
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("code", String(30), nullable=False, default=""),  # the outcome, verdict or reason of refusal
    Column("text", LargeBinary),  # sealed
    Column("by", String(10), nullable=False),  # citizen, staff
    Column("staff_id", Integer, ForeignKey("staff.id")),
    Column("is_public", Boolean, nullable=False),  # whether the person who filed the case sees it
    Column("once", String(32), unique=True),  # of the citizen's form: sent twice, it counts once
    sqlite_with_rowid=False,
)
calendar_day = Table(
    "calendar_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_working", Boolean, nullable=False),  # false: a holiday; true: a make-up working day
    Column("title", Text, nullable=False, default=""),
)
