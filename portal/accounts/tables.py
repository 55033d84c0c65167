"""Staff and what they did. The metadata is the survey layer's, so that one migration path serves both."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from survey.storage.tables import UtcDateTime, metadata


class Base(DeclarativeBase):
    metadata: ClassVar = metadata


staff_role = Table(
    "staff_role",
    metadata,
    Column("staff_id", Integer, ForeignKey("staff.id"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id"), primary_key=True),
)


class StaffRole(Base, RoleMixin):
    """One of the roles of `portal.access`."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class Staff(Base, UserMixin):
    """A person with a log-in. `unit_id` is the unit an officer acts for, with all below it."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[str | None] = mapped_column(String(64), ForeignKey("unit.id"))
    failed_logins: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    roles: Mapped[list[StaffRole]] = relationship(secondary=staff_role, lazy="joined")  # type: ignore[assignment]


class AuditEntry(Base):
    """One thing a member of staff did; written in the transaction that did it, never changed."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text, default="")
