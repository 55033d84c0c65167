"""Every table of the portal in one metadata, for the migrations and their test."""

from __future__ import annotations

from survey.storage.tables import metadata

from .accounts import tables as accounts_tables
from .complaints import tables as complaints_tables
from .releases import tables as releases_tables

__all__ = ["accounts_tables", "complaints_tables", "metadata", "releases_tables"]
