"""Alembic's environment: the same path for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from alembic import context

from portal.schema import metadata
from survey.storage.engine import Database
from survey.storage.tables import UtcDateTime


def render_item(kind: str, item: Any, _context: Any) -> Any:
    """Migrations name the plain type: they must run when the application's own types have changed."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


database = Database(context.config.attributes["url"])
with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
database.dispose()
