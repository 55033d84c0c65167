"""Small LimeSurvey files, written by hand: a survey as a few calls, the XML as LimeSurvey writes it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from survey.formats.limesurvey import read_limesurvey
from survey.formats.report import Report
from survey.questionnaire import Questionnaire, read_questionnaire

Texts = str | Mapping[str, str]
Coded = tuple[str, Texts]


def question(code: str, kind: str, text: Texts = "How?", **more: Any) -> dict[str, Any]:
    """One question: `parts`, `columns`, `answers`, `second` (code and text), `attributes`, and columns of its row."""
    return {"title": code, "type": kind, "text": text, **more}


def survey(
    *groups: Iterable[Mapping[str, Any]],
    languages: tuple[str, ...] = ("en",),
    kind: str = "Survey",
    title: Texts = "Survey",
    about: Iterable[Mapping[str, str]] = (),
    settings: Mapping[str, str] | None = None,
    tables: Mapping[str, list[dict[str, str]]] | None = None,
    language_settings: Mapping[str, Texts] | None = None,
) -> bytes:
    """A whole file of groups of questions, in the form with `*_l10ns` tables."""
    written = _Tables(languages)
    details = [*about, *({} for _ in range(len(groups)))]
    for gid, (group, detail) in enumerate(zip(groups, details, strict=False), start=1):
        shown = {"group_name": f"Group {gid}", "description": "", **detail}
        texts = {name: shown.pop(name) for name in ("group_name", "description")}
        written.add("groups", **{"gid": str(gid), "group_order": str(gid), **shown})
        written.translate("group_l10ns", {"gid": str(gid)}, texts)
        for one in group:
            written.question(gid, one)
    if kind == "Survey":
        base, *others = languages
        written.add("surveys", **{"language": base, "additional_languages": " ".join(others), **(settings or {})})
        shown_texts = {f"surveyls_{name}": text for name, text in {"title": title, **(language_settings or {})}.items()}
        written.translate("surveys_languagesettings", {}, shown_texts, "surveyls_language")
    for name, rows in (tables or {}).items():
        for row in rows:
            written.add(name, **row)
    return xml(kind, languages, written.tables)


class _Tables:
    """Rows by table."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.tables: dict[str, list[dict[str, str]]] = {}
        self.next_id = 10

    def add(self, table: str, **row: str) -> None:
        self.tables.setdefault(table, []).append(row)

    def translate(
        self, table: str, key: Mapping[str, str], texts: Mapping[str, Texts], column: str = "language"
    ) -> None:
        for language in self.languages:
            said = {name: text if isinstance(text, str) else text.get(language, "") for name, text in texts.items()}
            self.add(table, **key, **said, **{column: language})

    def question(self, gid: int, one: Mapping[str, Any]) -> None:
        row = dict(one)
        texts = {"question": row.pop("text"), "help": row.pop("help", ""), "script": row.pop("script", "")}
        lists = {name: row.pop(name, ()) for name in ("parts", "columns", "answers", "second")}
        attributes = row.pop("attributes", {})
        qid = self._row("questions", gid, {"parent_qid": "0", **row}, texts)
        for name, scale in (("parts", "0"), ("columns", "1")):
            for code, text, *relevance in lists[name]:
                part = {"title": code, "scale_id": scale, "parent_qid": qid, "relevance": "".join(relevance)}
                self._row("subquestions", gid, part, {"question": text})
        for name, scale in (("answers", "0"), ("second", "1")):
            for code, text in lists[name]:
                self.next_id += 1
                aid = str(self.next_id)
                order = str(len(self.tables.get("answers", ())))
                self.add("answers", aid=aid, qid=qid, code=code, scale_id=scale, sortorder=order)
                self.translate("answer_l10ns", {"aid": aid}, {"answer": text})
        for attribute, value in attributes.items():
            said = {"": value} if isinstance(value, str) else value
            for language, written in said.items():
                self.add("question_attributes", qid=qid, attribute=attribute, value=written, language=language)

    def _row(self, table: str, gid: int, row: dict[str, str], texts: Mapping[str, Texts]) -> str:
        self.next_id += 1
        qid = str(self.next_id)
        order = str(len(self.tables.get(table, ())))
        self.add(table, **{"qid": qid, "gid": str(gid), "question_order": order, **row})
        self.translate("question_l10ns", {"qid": qid}, texts)
        return qid


def xml(kind: str, languages: Iterable[str], tables: Mapping[str, list[dict[str, str]]]) -> bytes:
    """The tables as a document."""
    root = Element("document")
    SubElement(root, "LimeSurveyDocType").text = kind
    SubElement(root, "DBVersion").text = "500"
    declared = SubElement(root, "languages")
    for language in languages:
        SubElement(declared, "language").text = language
    for name, rows in tables.items():
        listed = SubElement(SubElement(root, name), "rows")
        for row in rows:
            written = SubElement(listed, "row")
            for column, value in row.items():
                SubElement(written, column).text = value
    return tostring(root, encoding="utf-8", xml_declaration=True)


def archive(members: Mapping[str, bytes]) -> bytes:
    """A zip file of these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return packed.getvalue()


def read(*groups: Iterable[Mapping[str, Any]], **more: Any) -> tuple[Questionnaire, Report]:
    """Import groups of questions as a survey."""
    report = read_limesurvey(survey(*groups, **more), name="imported")
    return read_questionnaire(report.document), report


def fates(report: Report) -> dict[str, str]:
    """What became of each place."""
    return {one.place: str(one.fate) for one in report.constructs}


def reasons(report: Report) -> dict[str, str]:
    """Why, by place."""
    return {one.place: one.reason for one in report.constructs if one.reason}
