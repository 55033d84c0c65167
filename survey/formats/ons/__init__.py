"""Questionnaires of the ONS runner (`eq-questionnaire-runner` schemas, JSON).

Sections hold groups of blocks; a rule behind a block says which comes next. What is jumped over becomes a condition of
the questions in between, by what those rules mean there: an answer that is missing equals nothing but null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from survey.errors import QuestionnaireError
from survey.formats.jumps import tangled
from survey.formats.loose import cut_texts, entries, harmless, mapping, string
from survey.formats.report import Fate, Report
from survey.formats.truth import ALWAYS, TangledError, Truth
from survey.formats.words import plain

from .answers import Answers, Node
from .blocks import Blocks
from .rules import Rules
from .steering import steering

FORMAT = "ONS questionnaire schema"
OURS = {"theme": "pages look as this portal does", "submission": "our own review stands before sending"}
DOCUMENT_KEYS = frozenset(
    {
        "mime_type",
        "language",
        "schema_version",
        "data_version",
        "survey_id",
        "form_type",
        "title",
        "description",
        "legal_basis",
        "answer_codes",
        "questionnaire_flow",
        "sections",
        "metadata",
        "post_submission",
        "theme",
        "submission",
        "region_code",
        "eq_id",
        "session_timeout_in_seconds",
    }
)
SECTION_KEYS = frozenset({"id", "title", "groups", "summary", "enabled", "show_on_hub"})
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def is_ons(document: Any) -> bool:
    """Whether parsed JSON is such a schema."""
    node = mapping(document)
    has_groups = any("groups" in section for section in entries(node.get("sections")))
    return has_groups or "ons/eq" in string(node.get("mime_type"))


def read_ons(document: Any, *, name: str) -> Report:
    """Read a schema; raises QuestionnaireError when no question of it can be taken."""
    try:
        return _Schema(mapping(document)).read(name)
    except TangledError as error:
        raise tangled(FORMAT) from error


class _Schema:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.report = Report(FORMAT)
        self.rules = Rules()
        self.language = string(document.get("language"))
        if not _LANGUAGE.fullmatch(self.language):
            self.language = "en"
        codes = {string(one.get("answer_id")): string(one.get("code")) for one in entries(document.get("answer_codes"))}
        self.answers = Answers(self.report, self.rules, self.language, codes)
        self.answers.steering = steering(document)
        self.blocks = Blocks(self.report, self.rules, self.answers)

    def read(self, name: str) -> Report:
        document, report = self.document, self.report
        title = harmless(plain(string(document.get("title")))) or name
        report.add("title", "title", Fate.MAPPED)
        introduction = harmless(plain(string(document.get("legal_basis"))))
        if introduction:
            report.add("legal_basis", "legal basis", Fate.MAPPED)
        sections = entries(document.get("sections"))
        made = [part for index, one in enumerate(sections) for part in self._section(one, index == len(sections) - 1)]
        if not made:
            raise QuestionnaireError("The file holds no question that can be taken.", got=FORMAT)
        self._around()
        closing = self._closing()
        report.document = {
            "format": "minyi-questionnaire/1",
            "name": name,
            "title": self.answers.say(title),
            "languages": [self.language],
            **({"introduction": self.answers.say(introduction)} if introduction else {}),
            **({"closing": self.answers.say(closing)} if closing else {}),
            "sections": made,
        }
        cut_texts(report)
        return report

    def _section(self, section: Mapping[str, Any], is_last: bool) -> list[Node]:
        place = f"section {string(section.get('id'))}"
        self.answers.unread(place, section, SECTION_KEYS)
        enabled: Truth = ALWAYS
        if "enabled" in section:
            rule = mapping(section["enabled"]).get("when")
            enabled = self.blocks.truth(f"{place}, enabled", rule, "enabled rule") or ALWAYS
        condition = self.blocks.condition(place, enabled)
        if mapping(section.get("summary")).get("show_on_completion"):
            self.report.add(f"{place}, summary", "summary", Fate.APPROXIMATED, "all answers are reviewed at the end")
        groups = entries(section.get("groups"))
        blocks = [block for group in groups for block in entries(group.get("blocks"))]
        questions = iter(self.blocks.read(blocks, is_last))
        made = []
        for number, group in enumerate(groups, start=1):
            inside = [node for _ in entries(group.get("blocks")) for node in next(questions)]
            made += self._group(f"{place}, group {string(group.get('id')) or number}", section, group, inside)
        told = (Fate.MAPPED, "") if made else (Fate.LEFT_OUT, "nothing in it is asked")
        self.report.add(place, "section", *told)
        return [part | ({"show_if": condition} if condition is not None else {}) for part in made]

    def _group(
        self, place: str, section: Mapping[str, Any], group: Mapping[str, Any], inside: list[Node]
    ) -> list[Node]:
        if not inside:
            self.report.add(place, "group", Fate.LEFT_OUT, "nothing in it is asked")
            return []
        self.report.add(place, "group", Fate.MAPPED)
        title = self.answers.texts.words(place, group.get("title") or section.get("title"))
        return [{**({"title": self.answers.say(title)} if title else {}), "questions": inside}]

    def _around(self) -> None:
        """Account for what stands around the sections."""
        document, report = self.document, self.report
        if document.get("answer_codes"):
            report.add("answer_codes", "names", Fate.MAPPED)
        for one in entries(document.get("metadata")):
            why = "told by the system that hands out the survey, which this is not"
            report.add(f"metadata {string(one.get('name'))}", "metadata", Fate.LEFT_OUT, why)
        flow = mapping(document.get("questionnaire_flow"))
        ids = [one.get("id") for one in entries(document.get("sections"))]
        is_free = flow.get("type") == "Hub" and mapping(flow.get("options")).get("required_completed_sections") != ids
        why = "sections are met in their order, not chosen from a hub"
        report.add("questionnaire_flow", "flow", *((Fate.APPROXIMATED, why) if is_free else (Fate.MAPPED, "")))
        for key, why in OURS.items():
            if document.get(key):
                report.add(key, key, Fate.LEFT_OUT, why)
        self.answers.unread("schema", document, DOCUMENT_KEYS | {"navigation"})

    def _closing(self) -> str:
        after = mapping(self.document.get("post_submission"))
        lines = self.answers.texts.lines("post_submission", mapping(after.get("guidance")).get("contents"))
        if lines:
            self.report.add("post_submission", "closing", Fate.MAPPED)
        return "\n".join(lines)
