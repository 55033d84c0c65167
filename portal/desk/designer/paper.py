"""A questionnaire on paper, and its codebook: pages to print, of a draft or of a published version."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from sqlalchemy import select

from portal.access import Permission
from portal.db import installation
from portal.language import language
from survey.codebook import codebook as codebook_of
from survey.drafts import DraftError, load_draft
from survey.editing import filled
from survey.errors import QuestionnaireError
from survey.fielding import load_questionnaire
from survey.piping import PIPE
from survey.questionnaire import Questionnaire, read_questionnaire
from survey.storage.tables import questionnaire as questionnaire_table
from survey.texts import text_in

from ..menu import requires_any
from ..views import desk
from .condition_words import condition_words
from .language_names import language_name

BLANK = "__________"


@desk.get("/questionnaires/<kind>/<identity>/paper")
@requires_any(Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE, Permission.RUN_WAVES)
def paper(kind: str, identity: str) -> Any:
    """Who designs, approves or runs waves; a form to print and fill in by hand."""
    read = shown(kind, identity)
    tag = language_of(read)
    numbers = {question.variable: number for number, question in enumerate(_numbered(read), start=1)}
    return render_template(
        "desk/designer/paper.html",
        read=read,
        tag=tag,
        numbers=numbers,
        words=lambda texts: PIPE.sub(BLANK, text_in(texts, tag)[0]),
        condition_words=condition_words,
        language_name=language_name,
        kind=kind,
        identity=identity,
        is_finished=kind == "versions",
    )


@desk.get("/questionnaires/<kind>/<identity>/codebook")
@requires_any(Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE, Permission.RUN_SCORES, Permission.READ_AUDIT)
def codebook(kind: str, identity: str) -> Any:
    """Who designs, approves, analyses or audits; every variable with its codes, to print or to download as DDI."""
    read = shown(kind, identity)
    return render_template(
        "desk/designer/codebook.html",
        read=read,
        book=codebook_of(read),
        tag=language_of(read),
        condition_words=condition_words,
        language_name=language_name,
        kind=kind,
        identity=identity,
    )


def shown(kind: str, identity: str) -> Questionnaire:
    """A draft (texts that lack are shown in another language) or a published version; 404 where there is none."""
    with installation().database.read() as connection:
        if kind == "versions":
            query = select(questionnaire_table.c.id).where(questionnaire_table.c.id == identity)
            if connection.execute(query).first() is None:
                abort(404)
            return load_questionnaire(connection, identity)
        if kind != "drafts":
            abort(404)
        try:
            return read_questionnaire(filled(load_draft(connection, identity).document))
        except DraftError:
            abort(404)


def language_of(read: Questionnaire) -> str:
    """The language the address asks for, else the one nearest to the page's."""
    asked = request.args.get("in", "")
    return asked if asked in read.languages else _nearest(read)


def _nearest(read: Questionnaire) -> str:
    _, tag = text_in({one: one for one in read.languages}, language())
    return tag


def _numbered(read: Questionnaire) -> list[Any]:
    return [question for question in read.questions if question.type != "statement"]


@desk.errorhandler(QuestionnaireError)
def unfinished(error: QuestionnaireError) -> Any:
    """A draft that cannot be shown as a form yet; says what is not finished."""
    return render_template("desk/designer/unfinished.html", error=error, arguments=request.view_args or {}), 409
