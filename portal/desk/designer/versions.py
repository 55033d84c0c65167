"""Published versions: what each asks, who uses it, how it differs from the one before, and its files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Response, abort, render_template, request, send_file
from sqlalchemy import Connection, select

from portal.access import Permission
from portal.db import installation
from survey.canonical import canonical_json
from survey.differences import compare as compare_versions
from survey.fielding import load_questionnaire
from survey.formats.ddi import write_ddi
from survey.formats.xlsform_write import write_xlsform
from survey.questionnaire import Questionnaire
from survey.storage.tables import questionnaire as questionnaire_table
from survey.storage.tables import variable_mapping, wave
from survey.versions import load_mapping

from ..menu import requires_any
from ..views import desk
from .drafting import draft_or_404, staff_names
from .judging import judge
from .mapping_form import recoding_text
from .paper import shown
from .version_words import by_place, difference_words, relation_words, value_words, why_words

READERS = (Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE, Permission.RUN_WAVES, Permission.RUN_SCORES)


@desk.get("/questionnaires/versions/<questionnaire_id>")
@requires_any(*READERS)
def questionnaire(questionnaire_id: str) -> Any:
    """Who designs, approves, runs waves or scores; a published version, its waves, its files and what came before."""
    read = shown("versions", questionnaire_id)
    with installation().database.read() as connection:
        row = connection.execute(
            select(questionnaire_table.c.published_on).where(questionnaire_table.c.id == questionnaire_id)
        ).one()
        waves = connection.execute(
            select(wave.c.id, wave.c.title, wave.c.state).where(wave.c.questionnaire_id == questionnaire_id)
        ).all()
        mapped = _mappings(connection, questionnaire_id)
        names = staff_names(connection)
    return render_template(
        "desk/designer/version.html",
        read=read,
        questionnaire_id=questionnaire_id,
        published_on=row.published_on,
        waves=waves,
        mapped=mapped,
        names=names,
        relation_words=relation_words,
        recoding_text=recoding_text,
    )


def _mappings(connection: Connection, questionnaire_id: str) -> dict[str, list[Any]]:
    """The reviewed mappings that lead to a version, by the version they come from."""
    before = variable_mapping.c.from_questionnaire_id
    query = select(before).where(variable_mapping.c.to_questionnaire_id == questionnaire_id).distinct()
    return {one: load_mapping(connection, one, questionnaire_id) for one in connection.execute(query).scalars()}


@desk.get("/questionnaires/drafts/<draft_id>/changes")
@requires_any(Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE)
def compare(draft_id: str) -> Any:
    """Designers and who approves; what a draft changes against the version it follows, or another one."""
    draft = draft_or_404(draft_id)
    with installation().database.read() as connection:
        found = judge(connection, draft)
        others = _versions(connection, draft.name, found.previous_id)
        asked = request.args.get("with", found.previous_id or "")
        if asked and asked not in {one.id for one in others}:
            abort(404)
        before = load_questionnaire(connection, asked) if asked else None
    new = shown("drafts", draft_id)
    return render_template(
        "desk/designer/compare.html",
        draft=draft,
        others=others,
        chosen=asked,
        differences=compare_versions(before, new) if before is not None else [],
        by_place=by_place,
        difference_words=difference_words,
        value_words=value_words,
        why_words=why_words,
    )


def _versions(connection: Connection, name: str, also: str | None) -> list[Any]:
    """Published versions of a name (and the one a draft was begun from), the newest first."""
    table = questionnaire_table.c
    query = select(table.id, table.name, table.published_on).where((table.name == name) | (table.id == also))
    return list(connection.execute(query.order_by(table.published_on.desc(), table.id)))


@desk.get("/questionnaires/<kind>/<identity>/file/<any(json,xlsform,ddi):form>")
@requires_any(*READERS)
def export(kind: str, identity: str, form: str) -> Any:
    """Who designs, approves, runs waves or scores; the questionnaire as a file for other programs."""
    read = shown(kind, identity)
    data, media, ending = _file(read, form)
    answer: Response = send_file(
        BytesIO(data), mimetype=media, as_attachment=True, download_name=f"{read.name}-{identity[:8]}.{ending}"
    )
    return answer


def _file(read: Questionnaire, form: str) -> tuple[bytes, str, str]:
    if form == "xlsform":
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return write_xlsform(read)[0], media, "xlsx"
    if form == "ddi":
        return write_ddi(read), "application/xml", "xml"
    document = read.model_dump(mode="json", exclude_defaults=True, exclude_unset=True)
    return canonical_json(document), "application/json", "json"
