"""What a draft can begin from: a template, nothing, a file, a published version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Connection, select
from wtforms import FileField, SelectField, StringField
from wtforms.validators import Length, Optional, Regexp

from portal.accounts.security import record
from portal.db import installation
from portal.language import said
from survey.drafts import all_drafts, create_draft, history
from survey.editing import Document
from survey.errors import SurveyError
from survey.formats.report import Report
from survey.shape import check_shape
from survey.storage.tables import questionnaire as questionnaire_table
from survey.storage.tables import wave as wave_table

from ..forms import DeskForm, stripped
from .drafting import person
from .language_names import OFFERED, language_name

LARGEST_FILE = 4 * 1024 * 1024
SAME_AGAIN = timedelta(minutes=10)
_name = Regexp(
    r"^[a-z][a-z0-9_]{0,39}$", message=_("Use small letters a to z, digits and _ only, a letter first, at most 40.")
)
_title = Length(max=400, message=_("At most 400 characters."))


class BlankForm(DeskForm):
    """A questionnaire from nothing."""

    name = StringField(
        _("Short name"), [_name], filters=[stripped], description=_("Stands in files, such as window_rating.")
    )
    title = StringField(_("Title"), [Length(min=1, message=_("Fill this in.")), _title], filters=[stripped])
    language = SelectField(_("Language"), description=_("Of the title. Further languages are added in the settings."))


class FileForm(DeskForm):
    """A questionnaire from a file of another tool."""

    refusal: SurveyError | None = None  # why the file cannot be read
    file = FileField(_("File"))
    file_name = StringField(
        _("Short name"),
        [Optional(), _name],
        filters=[stripped],
        description=_("Made from the name of the file where you leave it empty."),
    )
    file_language = SelectField(_("Language of the file"), description=_("Counts where the file does not say it."))


def languages_first(own: str) -> list[tuple[str, str]]:
    """The languages that are offered, the page's own first."""
    return [(tag, language_name(tag)) for tag in dict.fromkeys([own, *OFFERED])]


@dataclass(frozen=True)
class Version:
    """A published questionnaire, with the titles of the waves that ask it, the latest first."""

    id: str
    name: str
    title: Mapping[str, str]
    published_on: date
    waves: tuple[tuple[str, Mapping[str, str]], ...]


def versions(connection: Connection) -> list[Version]:
    """Every published questionnaire, the newest first."""
    waves: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    rows = connection.execute(select(wave_table).order_by(wave_table.c.opens_at.desc(), wave_table.c.id))
    for row in rows:
        waves.setdefault(row.questionnaire_id, []).append((row.id, json.loads(row.title)))
    table = questionnaire_table.c
    found = connection.execute(select(questionnaire_table).order_by(table.published_on.desc(), table.name, table.id))
    return [
        Version(row.id, row.name, json.loads(row.body)["title"], row.published_on, tuple(waves.get(row.id, ())))
        for row in found
    ]


def last_asked(connection: Connection) -> tuple[str, str] | None:
    """(questionnaire, words for the wave) of the wave that opened last; None where there was none."""
    row = connection.execute(select(wave_table).order_by(wave_table.c.opens_at.desc(), wave_table.c.id)).first()
    return (row.questionnaire_id, said(json.loads(row.title))) if row else None


def published(connection: Connection, identity: str) -> Document | None:
    """The document of a published version."""
    row = connection.execute(select(questionnaire_table.c.body).where(questionnaire_table.c.id == identity)).scalar()
    found: Document | None = json.loads(row) if row else None
    return found


def begin(connection: Connection, document: Document, *, action: str = "begin", based_on: str | None = None) -> str:
    """Begin a draft and return its id; the same document sent twice within minutes is one draft."""
    check_shape(document)
    place = installation()
    for draft in all_drafts(connection):
        is_mine = draft.created_by == person() and draft.revision == 1 and place.now() - draft.changed_at < SAME_AGAIN
        if is_mine and draft.document == document and len(history(connection, draft.id)) == 1:
            return draft.id
    draft_id = create_draft(connection, document, by=person(), now=place.now(), based_on=based_on, action=action)
    record(connection, "begin draft", draft_id, document["name"])
    return draft_id


def share_words(report: Report) -> str:
    """How much of a file was taken over, in one sentence."""
    taken = sum(one.fate != "left_out" for one in report.constructs)
    return str(
        gettext("%(taken)s of %(all)s things in the file were taken over.", taken=taken, all=len(report.constructs))
    )


def fates(report: Report) -> dict[str, list[Any]]:
    """What is not as it was in the file, by fate."""
    return {fate: [one for one in report.constructs if one.fate == fate] for fate in ("left_out", "approximated")}
