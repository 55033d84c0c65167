"""Mappings between versions of a questionnaire say who reviewed them and when"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # nobody wrote a mapping before; SQLite adds a column that must be filled only by building the table anew
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("variable_mapping", recreate=anew) as batch_op:
        batch_op.add_column(sa.Column("reviewed_by", sa.String(length=64), nullable=False))
        batch_op.add_column(sa.Column("reviewed_on", sa.Date(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("variable_mapping") as batch_op:
        batch_op.drop_column("reviewed_on")
        batch_op.drop_column("reviewed_by")
