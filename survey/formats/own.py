"""Our own documents as files: the canonical JSON whose hash is their identity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.canonical import canonical_json
from survey.questionnaire import read_questionnaire

from .loose import entries, mapping, string
from .report import Fate, Report

FORMAT = "minyi-questionnaire/1"


def is_own(document: Any) -> bool:
    """Whether parsed JSON says that it is one of ours, of whatever version."""
    return string(mapping(document).get("format")).startswith("minyi-questionnaire/")


def read_own(document: Mapping[str, Any]) -> Report:
    """The document as it is; raises QuestionnaireError when it cannot be used."""
    report = Report(FORMAT, document=dict(document))
    read_questionnaire(document)
    for number, section in enumerate(entries(document.get("sections")), start=1):
        report.add(f"section {number}", "section", Fate.MAPPED)
        for question in entries(section.get("questions")):
            place = string(question.get("variable"))
            report.add(place, string(question.get("type")), Fate.MAPPED)
            for row in entries(question.get("rows")):
                report.add(f"{place}, {string(row.get('variable'))}", "row", Fate.MAPPED)
            for choice in entries(question.get("choices")):
                report.add(f"{place}, choice {string(choice.get('code'))}", "choice", Fate.MAPPED)
    return report


def write_own(document: Mapping[str, Any]) -> bytes:
    """The bytes of a document: the same for the same document, whatever file it came from."""
    return canonical_json(dict(document))
