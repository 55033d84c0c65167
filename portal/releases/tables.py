"""Score runs, the figures staff enter for a scheme, and releases."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from survey.storage.tables import Hash, Id, UtcDateTime, metadata

run = Table(
    "run",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("wave_id", Id, ForeignKey("wave.id"), nullable=False, index=True),
    Column("dataset_id", Hash),
    Column("scheme_id", Hash, nullable=False),
    Column("code_version", String(60), nullable=False),
    Column("seed", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # queued, started, finished, failed
    Column("message", Text, nullable=False, default=""),
    Column("started_by", Integer, ForeignKey("staff.id")),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)
entry = Table(
    "entry",
    metadata,
    Column("wave_id", Id, ForeignKey("wave.id"), primary_key=True),
    Column("unit_id", Id, ForeignKey("unit.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", String(20), nullable=False),  # a decimal number from 0 to 100
    Column("evidence", Text, nullable=False, default=""),
    Column("entered_by", Integer, ForeignKey("staff.id")),
)
release = Table(
    "release",
    metadata,
    Column("name", Id, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("run_id", String(32), ForeignKey("run.id"), nullable=False),
    Column("state", String(10), nullable=False),  # proposed, published, refused
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False, default=""),  # why this version replaces the one before
    Column("refusal", Text, nullable=False, default=""),  # why it was sent back
    Column("proposed_by", Integer, ForeignKey("staff.id")),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("confirmed_by", Integer, ForeignKey("staff.id")),
    Column("published_at", UtcDateTime),
    Column("manifest_id", Hash),
    Column("manifest_index", BigInteger),
)
