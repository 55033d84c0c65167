"""The audit trail: who did what, when."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from sqlalchemy import select

from portal.access import Permission, requires
from portal.accounts.tables import AuditEntry, Staff
from portal.addresses import LARGEST_ID, asked_number
from portal.db import installation

from .views import desk

PAGE = 100


@desk.get("/audit")
@requires(Permission.READ_AUDIT)
def audit() -> str:
    """Administrators and auditors; leads only to older entries and to a search by subject."""
    before = asked_number("before", LARGEST_ID)
    subject = request.args.get("subject", "").strip()[:200]
    with installation().database.read() as connection:
        rows = connection.execute(_query(before, subject)).all()
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render_template("desk/audit.html", rows=rows[:PAGE], older=older, subject=subject)


def _query(before: int, subject: str) -> Any:
    """Newest first; one more than a page, to know whether there are older ones."""
    columns = (AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.subject, AuditEntry.detail, Staff.name)
    query = select(*columns).join(Staff, Staff.id == AuditEntry.staff_id, isouter=True).where(AuditEntry.id < before)
    if subject:
        query = query.where(AuditEntry.subject.contains(subject, autoescape=True))
    return query.order_by(AuditEntry.id.desc()).limit(PAGE + 1)
