"""The check of a draft: each fault with a walk that shows it, each advice with the words it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template

from portal.access import Permission
from portal.db import installation
from portal.respond.telling import Telling
from survey.answers import replay
from survey.findings import Finding
from survey.method import minutes
from survey.questionnaire import Questionnaire

from ..findings_words import said as finding_words
from ..menu import requires_any
from ..views import desk
from .drafting import draft_or_404
from .judging import judge


@desk.get("/questionnaires/drafts/<draft_id>/check")
@requires_any(Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE)
def check_draft(draft_id: str) -> Any:
    """Designers and who approves; leads to each place at fault, and into the preview along its walk."""
    draft = draft_or_404(draft_id)
    with installation().database.read() as connection:
        found = judge(connection, draft)
    read = found.questionnaire
    return render_template(
        "desk/designer/check.html",
        draft=draft,
        found=found,
        finding_words=finding_words,
        owners=_owners(read),
        walk_words=lambda one: walk_words(read, one) if read is not None else [],
        minutes={tag: minutes(read, tag) for tag in read.languages} if read is not None else {},
    )


def _owners(read: Questionnaire | None) -> dict[str, str]:
    """The question in which each variable is edited: its own, or the matrix that it is a row of."""
    listed = read.questions if read is not None else ()
    rows = {leaf.variable: question.variable for question in listed for leaf in question.leaves()}
    return rows | {question.variable: question.variable for question in listed}


def walk_words(read: Questionnaire, finding: Finding) -> list[tuple[str, str]]:
    """The walk of a finding as questions with their answers, in the page's language."""
    return [] if finding.walk is None else answers_in_words(read, finding.walk)


def answers_in_words(read: Questionnaire, form: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """What a form answers on its path: (question, answer), those without an answer left out."""
    telling = Telling(read, replay(read, form, today=installation().today()))
    spoken = [(leaf, telling.answer_to(leaf.variable)) for leaf in read.leaves]
    return [(telling.plain(leaf.text), words) for leaf, words in spoken if words is not None]
