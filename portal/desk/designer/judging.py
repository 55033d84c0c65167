"""What stands between a draft and its publication: faults of the document, of its routing, of its standard items."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy import Connection, select
from survey.method import review

from survey.canonical import canonical_json
from survey.differences import Difference, compare, is_wording_only
from survey.drafts import Draft
from survey.editing import Document
from survey.errors import QuestionnaireError
from survey.fielding import load_questionnaire
from survey.findings import Finding, Severity
from survey.library import locked_changes
from survey.mapping import VariableMapping, propose_mapping
from survey.proof import prove
from survey.questionnaire import Questionnaire, read_questionnaire
from survey.storage.tables import questionnaire as questionnaire_table


@dataclass(frozen=True)
class Judgement:
    """All that is known about a draft before it is published.

    `questionnaire` is None where the document cannot be read; `refusal` then says why. `previous_id` is the published
    version that it follows, None for the first of its name.
    """

    document: Document
    questionnaire: Questionnaire | None
    refusal: QuestionnaireError | None
    previous_id: str | None
    previous: Questionnaire | None

    @cached_property
    def findings(self) -> list[Finding]:
        """What proof and methodology check found; faults first."""
        if self.questionnaire is None:
            return []
        found = [*_proof(canonical_json(self.document)), *review(self.questionnaire, self.previous)]
        return sorted(found, key=lambda one: one.severity is not Severity.FAULT)

    @cached_property
    def faults(self) -> list[Finding]:
        return [one for one in self.findings if one.severity is Severity.FAULT]

    @cached_property
    def advice(self) -> list[Finding]:
        return [one for one in self.findings if one.severity is not Severity.FAULT]

    @cached_property
    def altered_items(self) -> list[str]:
        """Locked standard items that are no longer as they are in the bank."""
        return locked_changes(self.document)

    @cached_property
    def differences(self) -> list[Difference]:
        if self.questionnaire is None or self.previous is None:
            return []
        return compare(self.previous, self.questionnaire)

    @cached_property
    def mapping(self) -> list[VariableMapping]:
        """The proposed mapping from the version before; a person reviews it."""
        if self.questionnaire is None or self.previous is None:
            return []
        return propose_mapping(self.previous, self.questionnaire)

    @property
    def is_text_fix(self) -> bool:
        """Whether nothing but words differs from the version before."""
        return bool(self.differences) and is_wording_only(self.differences)

    @property
    def is_publishable(self) -> bool:
        return self.questionnaire is not None and not self.faults and not self.altered_items


def judge(connection: Connection, draft: Draft) -> Judgement:
    """Read a draft's document and find what it follows."""
    previous_id = draft.based_on or _latest(connection, draft.name)
    previous = load_questionnaire(connection, previous_id) if previous_id else None
    try:
        read, refusal = read_questionnaire(draft.document), None
    except QuestionnaireError as error:
        read, refusal = None, error
    return Judgement(draft.document, read, refusal, previous_id, previous)


def _latest(connection: Connection, name: str) -> str | None:
    """The version of this name that was published last."""
    table = questionnaire_table.c
    query = select(table.id).where(table.name == name).order_by(table.published_on.desc(), table.id)
    found: str | None = connection.execute(query).scalars().first()
    return found


@lru_cache(maxsize=64)
def _proof(body: bytes) -> tuple[Finding, ...]:
    """The proof of a document, kept: pages ask for it again and again, and its text decides it."""
    return tuple(prove(Questionnaire.model_validate_json(body)))
