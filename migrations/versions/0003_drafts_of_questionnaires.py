"""Drafts of questionnaires"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey.storage.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire_draft",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.String(length=64), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.String(length=64), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("published_id", sa.String(length=64), nullable=True),
        sa.Column("mapping", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["based_on"], ["questionnaire.id"], name=op.f("fk_questionnaire_draft_based_on_questionnaire")
        ),
        sa.ForeignKeyConstraint(
            ["published_id"], ["questionnaire.id"], name=op.f("fk_questionnaire_draft_published_id_questionnaire")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_draft")),
    )
    op.create_table(
        "questionnaire_revision",
        sa.Column("draft_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["questionnaire_draft.id"],
            name=op.f("fk_questionnaire_revision_draft_id_questionnaire_draft"),
        ),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_questionnaire_revision")),
    )
    op.create_table(
        "trial_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["questionnaire_draft.id"], name=op.f("fk_trial_answer_draft_id_questionnaire_draft")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_trial_answer_draft_id"), "trial_answer", ["draft_id"])


def downgrade() -> None:
    for name in ("trial_answer", "questionnaire_revision", "questionnaire_draft"):
        op.drop_table(name)
