"""Cases against the log: a complaint that was altered, dropped or slipped in behind the portal's back is named."""

from __future__ import annotations

from sqlalchemy import Connection, select

from survey.commitment import commit
from survey.keys import Keys
from survey.log import LeafType
from survey.log_audit import Audit
from survey.storage.tables import log_leaf, log_pending

from .errors import SealError
from .sealing import unseal
from .tables import complaint


def audit_complaints(connection: Connection, keys: Keys, result: Audit) -> int:
    """Match each case with its leaf; adds faults `complaint_altered`, `complaint_dropped` and `complaint_added`.

    Returns the number of cases looked at.
    """
    leaves: set[str] = set()
    for table in (log_leaf, log_pending):
        query = select(table.c.commitment).where(table.c.type == LeafType.COMPLAINT)
        leaves |= set(connection.execute(query).scalars())
    columns = (complaint.c.id, complaint.c.number, complaint.c.document, complaint.c.salt, complaint.c.commitment)
    seen: set[str] = set()
    for row in connection.execute(select(*columns)):
        seen.add(row.commitment)
        if not _is_true(keys, row):
            result.fault("complaint_altered", f"{row.number}: its words are not those the log committed to")
        elif row.commitment not in leaves:
            result.fault("complaint_added", f"{row.number} was never logged")
    for lost in sorted(leaves - seen):
        result.fault("complaint_dropped", f"no case belongs to the logged commitment {lost[:16]}…")
    return len(seen)


def _is_true(keys: Keys, row: object) -> bool:
    case_id: str = row.id  # type: ignore[attr-defined]
    try:
        words = unseal(keys, bytes(row.document), "complaint", "document", case_id)  # type: ignore[attr-defined]
        salt = unseal(keys, bytes(row.salt), "complaint", "salt", case_id)  # type: ignore[attr-defined]
    except (SealError, ValueError):
        return False
    return commit(bytes.fromhex(salt), words.encode()) == str(row.commitment)  # type: ignore[attr-defined]
