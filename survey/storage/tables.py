"""Every table of the survey layer. No serial, no arrival time and no address stands beside an answer.

Tables that hold answers have random text keys and, on SQLite, no rowid: rows lie in key order, so that their order
says nothing about who came first.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime was given where an aware instant is needed")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = String(64)
Hash = String(64)

unit = Table(
    "unit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("parent_id", Id, ForeignKey("unit.id"), index=True),
    Column("kind", String(20), nullable=False),
    Column("peer_group", String(60)),
    Column("title", Text, nullable=False),  # canonical JSON of texts, as are all titles
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("sort", Integer, nullable=False, default=0),
)
unit_successor = Table(
    "unit_successor",
    metadata,
    Column("unit_id", Id, ForeignKey("unit.id"), primary_key=True),
    Column("successor_id", Id, ForeignKey("unit.id"), primary_key=True),
    Column("on", Date, nullable=False),
)
point = Table(
    "point",
    metadata,
    Column("key", String(8), primary_key=True),  # the unsigned part of the code on the poster
    Column("unit_id", Id, ForeignKey("unit.id"), nullable=False, index=True),
    Column("channel", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("revoked_on", Date),
)
questionnaire = Table(
    "questionnaire",
    metadata,
    Column("id", Hash, primary_key=True),
    Column("name", Id, nullable=False),
    Column("body", Text, nullable=False),
    Column("published_on", Date, nullable=False),
)
questionnaire_draft = Table(
    "questionnaire_draft",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Id, nullable=False),
    Column("state", String(10), nullable=False),
    Column("revision", Integer, nullable=False),  # the one that stands; undo and redo move it
    Column("based_on", Hash, ForeignKey("questionnaire.id")),
    Column("created_by", Id, nullable=False),
    Column("submitted_by", Id),
    Column("approved_by", Id),
    Column("published_id", Hash, ForeignKey("questionnaire.id")),
    Column("mapping", Text),  # the reviewed mapping from the version before, until publication stores it
    Column("note", Text, nullable=False),
)
questionnaire_revision = Table(
    "questionnaire_revision",
    metadata,
    Column("draft_id", String(16), ForeignKey("questionnaire_draft.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("parent", Integer),
    Column("body", Text, nullable=False),
    Column("action", String(40), nullable=False),
    Column("changed_by", Id, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
trial_answer = Table(  # answers given through a test link; they never stand beside real ones
    "trial_answer",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("draft_id", String(16), ForeignKey("questionnaire_draft.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)
variable = Table(
    "variable",
    metadata,
    Column("name", Id, primary_key=True),
    Column("title", Text, nullable=False),
)
variable_mapping = Table(
    "variable_mapping",
    metadata,
    Column("from_questionnaire_id", Hash, ForeignKey("questionnaire.id"), primary_key=True),
    Column("to_questionnaire_id", Hash, ForeignKey("questionnaire.id"), primary_key=True),
    Column("variable", Id, primary_key=True),
    Column("relation", String(10), nullable=False),  # same, reworded, recoded, broken, new, dropped
    Column("recoding", Text),
    Column("reviewed_by", Id, nullable=False),
    Column("reviewed_on", Date, nullable=False),
)
wave = Table(
    "wave",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", Text, nullable=False),
    Column("questionnaire_id", Hash, ForeignKey("questionnaire.id"), nullable=False),
    Column("population", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("opens_at", UtcDateTime, nullable=False),
    Column("closes_at", UtcDateTime, nullable=False),
    Column("plan", Text, nullable=False),
    Column("plan_id", Hash),  # set when the plan is frozen, at opening
    Column("scheme", Text, nullable=False),
    Column("margins", Text),
    Column("margins_index", BigInteger),
    Column("plan_index", BigInteger),
    Column("dataset_id", Hash),
    Column("dataset_index", BigInteger),
    Column("quota", Integer),
    Column("taken", Integer, nullable=False, default=0),
)
wave_point = Table(
    "wave_point",
    metadata,
    Column("wave_id", Id, ForeignKey("wave.id"), primary_key=True),
    Column("point_key", String(8), ForeignKey("point.key"), primary_key=True, index=True),
    Column("scored_unit_id", Id, ForeignKey("unit.id"), nullable=False),
)
response = Table(
    "response",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("wave_id", Id, ForeignKey("wave.id"), nullable=False, index=True),
    Column("point_key", String(8)),
    Column("state", String(12), nullable=False),
    Column("body", Text),
    Column("salt", LargeBinary(32)),
    Column("edit_hash", String(32), unique=True),
    Column("batch", Integer),  # set, and the row written anew in shuffled order, when its batch is logged
    sqlite_with_rowid=False,
)
exclusion = Table(
    "exclusion",
    metadata,
    Column("response_id", String(32), ForeignKey("response.id"), primary_key=True),
    Column("reason", String(60), nullable=False),
    Column("proposed_by", Id, nullable=False),
    Column("confirmed_by", Id),
    sqlite_with_rowid=False,
)
invitation = Table(
    "invitation",
    metadata,
    Column("code_hash", String(32), primary_key=True),
    Column("wave_id", Id, ForeignKey("wave.id"), nullable=False, index=True),
    Column("label", Text),
    Column("used", Boolean, nullable=False, default=False),
    sqlite_with_rowid=False,
)
spent_invitation = Table(
    "spent_invitation",
    metadata,
    Column("code_hash", String(32), primary_key=True),
    Column("wave_id", Id, nullable=False),
    sqlite_with_rowid=False,
)
log_pending = Table(
    "log_pending",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("wave_id", Id, nullable=False),
    Column("type", String(12), nullable=False),
    Column("commitment", Hash, nullable=False),
    Column("receipt", Hash, index=True),
    Column("due_on", Date, nullable=False),
    sqlite_with_rowid=False,
)
log_state = Table(
    "log_state",
    metadata,
    Column("id", Id, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("batches", Integer, nullable=False),
)
log_leaf = Table(
    "log_leaf",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("wave_id", Id, nullable=False),
    Column("type", String(12), nullable=False),
    Column("commitment", Hash, nullable=False),
    Column("receipt", Hash),
    Index("ix_log_leaf_receipt", "receipt"),
    Index("ix_log_leaf_commitment", "commitment"),
    Index("ix_log_leaf_wave_type", "wave_id", "type"),
)
log_node = Table(
    "log_node",
    metadata,
    Column("level", Integer, primary_key=True),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)
log_head = Table(
    "log_head",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", Hash, nullable=False),
    Column("at", String(17), nullable=False),
    Column("key", Hash, nullable=False),
    Column("signature", String(128), nullable=False),
)
imported_file = Table(
    "imported_file",
    metadata,
    Column("wave_id", Id, primary_key=True),
    Column("sha256", Hash, primary_key=True),
    Column("name", Text, nullable=False),
    Column("n_rows", Integer, nullable=False),
    Column("imported_on", Date, nullable=False),
)
