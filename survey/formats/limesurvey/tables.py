"""LimeSurvey's XML: tables of rows, as they were (a row for each language) and as they are (`*_l10ns` beside them).

Only what a respondent meets is taken out of the rows; names and addresses of those who ran the survey stay behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from survey.errors import QuestionnaireError
from survey.formats.words import plain

Row = Mapping[str, str]
Words = Mapping[str, str]  # as written, by the file's own code of the language; "" where it names none

DOCUMENTS = ("Survey", "Group", "Question")
SETTINGS = ("language", "additional_languages", "assessments", "showsurveypolicynotice", "showwelcome")
PERSONAL = (
    "admin",
    "adminemail",
    "bounce_email",
    "emailresponseto",
    "emailnotificationto",
    "faxto",
    "bounceaccountuser",
)
SURVEY_TEXTS = ("title", "description", "welcometext", "endtext", "url", "policy_notice", "policy_notice_label")
LONGEST_CODE = 40


@dataclass(frozen=True)
class Answer:
    """An answer option; `scale` is 1 for the second scale of a dual array."""

    code: str
    scale: int
    words: Words


@dataclass(frozen=True)
class Part:
    """A subquestion: a row, a column (`scale` 1), or an option of a multiple choice."""

    code: str
    scale: int
    relevance: str
    words: Words


@dataclass(frozen=True)
class Question:
    """One question with its subquestions, answer options and attributes; `kind` is the letter of its type."""

    id: str
    code: str
    kind: str
    mandatory: str
    has_other: bool
    pattern: str
    relevance: str
    words: Words
    helps: Words
    has_script: bool
    parts: tuple[Part, ...]
    answers: tuple[Answer, ...]
    attributes: Mapping[str, Words]
    conditions: tuple[Row, ...]

    def value(self, attribute: str) -> str:
        """The value of an attribute, in whatever language it has one; "" where it is not set."""
        return next((value.strip() for value in self.attributes.get(attribute, {}).values() if value.strip()), "")


@dataclass(frozen=True)
class Group:
    """A page of questions."""

    relevance: str
    randomization: str
    titles: Words
    descriptions: Words
    questions: tuple[Question, ...]
    is_listed: bool = True  # not so for questions of a group that the file does not hold


@dataclass(frozen=True)
class Document:
    """A whole file. `others` holds the rows that are no part of the questions, by table."""

    kind: str
    languages: tuple[str, ...]
    settings: Row
    texts: Mapping[str, Words]
    groups: tuple[Group, ...]
    others: Mapping[str, tuple[Row, ...]]
    strays: tuple[tuple[str, str], ...]  # what belongs to no question: kind and code
    has_persons: bool


def read_document(root: Element) -> Document:
    """Read the tables; raises QuestionnaireError naming what the file is when it is no LimeSurvey questionnaire."""
    kind = (root.findtext("LimeSurveyDocType") or "").strip()
    if root.tag != "document" or kind not in DOCUMENTS:
        raise QuestionnaireError(
            "This is not a LimeSurvey survey.",
            got=f"<{root.tag[:60]}>" + f" of type {kind[:60]!r}" * bool(kind),
            expected="a <document> whose LimeSurveyDocType is Survey, Group or Question",
            hint="export the survey as .lss, or the archive as .lsa",
        )
    tables = {table.tag: _rows(table) for table in root}
    groups, strays = _groups(tables)
    settings = next(iter(tables.get("surveys", [])), {})
    declared = [(one.text or "").strip() for one in root.iterfind("languages/language")]
    first = [settings.get("language", ""), *settings.get("additional_languages", "").split()]
    return Document(
        kind=kind,
        languages=tuple(dict.fromkeys(code for code in (*first, *declared) if code)),
        settings={name: settings.get(name, "") for name in SETTINGS},
        texts=_survey_texts(tables.get("surveys_languagesettings", [])),
        groups=groups,
        others={name: tuple(tables.get(name, ())) for name in ("quota", "survey_url_parameters", "assessments")}
        | {"defaultvalues": _once(tables.get("defaultvalues", []))},
        strays=strays,
        has_persons=any(settings.get(name, "") not in ("", "inherit") for name in PERSONAL),
    )


def _rows(table: Element) -> list[Row]:
    return [{cell.tag: "".join(cell.itertext()).strip() for cell in row} for row in table.iterfind("rows/row")]


def _once(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Default values once each, however many languages repeat them."""
    return tuple({tuple(row.get(name, "") for name in ("qid", "sqid", "scale_id")): row for row in rows}.values())


def _survey_texts(rows: Iterable[Row]) -> dict[str, Words]:
    return {
        name: {row.get("surveyls_language", ""): row.get(f"surveyls_{name}", "") for row in rows}
        for name in SURVEY_TEXTS
    }


def clean_code(code: str) -> str:
    """A code as it is shown and looked up: no markup, no line ends, of a bearable length."""
    return plain(code).replace("\n", " ")[:LONGEST_CODE]


def _number(row: Row, name: str) -> int:
    text = row.get(name, "").strip()
    return int(text) if len(text) <= 9 and text.isascii() and text.isdigit() else 0


def _collect(rows: Iterable[Row], translations: Iterable[Row], key: str, column: str) -> dict[str, dict[str, str]]:
    """The texts of one column by the key of what they belong to, then by language."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in (*rows, *translations):
        if row.get(column):
            found[row.get(key, "")].setdefault(row.get("language", ""), row[column])
    return found


def _first_of(rows: Iterable[Row], key: str) -> dict[str, Row]:
    """One row for each key; where a file lacks the key, each row is a thing of its own."""
    found: dict[str, Row] = {}
    for place, row in enumerate(rows):
        found.setdefault(row.get(key) or f"row {place}", row)
    return found


def _groups(tables: Mapping[str, list[Row]]) -> tuple[tuple[Group, ...], tuple[tuple[str, str], ...]]:
    questions, strays = _questions(tables)
    rows, translations = tables.get("groups", []), tables.get("group_l10ns", [])
    titles = _collect(rows, translations, "gid", "group_name")
    descriptions = _collect(rows, translations, "gid", "description")
    ordered = sorted(_first_of(rows, "gid").items(), key=lambda item: _number(item[1], "group_order"))
    groups = [
        Group(
            relevance=row.get("grelevance", "").strip(),
            randomization=row.get("randomization_group", "").strip(),
            titles=titles.get(gid, {}),
            descriptions=descriptions.get(gid, {}),
            questions=tuple(questions.pop(gid, ())),
        )
        for gid, row in ordered
    ]
    # questions of a group that the file does not hold are asked all the same, at the end
    groups += [Group("", "", {}, {}, tuple(left), is_listed=False) for left in questions.values()]
    return tuple(groups), strays


def _questions(tables: Mapping[str, list[Row]]) -> tuple[dict[str, list[Question]], tuple[tuple[str, str], ...]]:
    """The questions by group, each list in its order, and the subquestions and answers of no question."""
    rows = [*tables.get("questions", []), *tables.get("subquestions", [])]
    listed = _first_of((row for row in rows if row.get("parent_qid", "0") in ("", "0")), "qid")
    translations = tables.get("question_l10ns", [])
    words = _collect(rows, translations, "qid", "question")
    parts, answers = _parts(rows, words), _answers(tables)
    more = _Belongings(
        words=words,
        helps=_collect(rows, translations, "qid", "help"),
        scripts=_collect((), translations, "qid", "script"),
        attributes=_attributes(tables.get("question_attributes", [])),
        conditions=_by("qid", tables.get("conditions", [])),
    )
    found: dict[str, list[Question]] = defaultdict(list)
    for qid, row in sorted(listed.items(), key=lambda item: _number(item[1], "question_order")):
        found[row.get("gid", "")].append(_question(qid, row, parts.pop(qid, ()), answers.pop(qid, ()), more))
    strays = [("subquestion", one.code) for group in parts.values() for one in group]
    strays += [("answer", one.code) for left in answers.values() for one in left]
    return found, tuple(strays)


@dataclass(frozen=True)
class _Belongings:
    """What belongs to questions, by their ids."""

    words: Mapping[str, Words]
    helps: Mapping[str, Words]
    scripts: Mapping[str, Words]
    attributes: Mapping[str, Mapping[str, Words]]
    conditions: Mapping[str, list[Row]]


def _question(qid: str, row: Row, parts: Iterable[Part], answers: Iterable[Answer], more: _Belongings) -> Question:
    return Question(
        id=qid,
        code=clean_code(row.get("title", "")) or clean_code(qid),
        kind=row.get("type", "").strip(),
        mandatory=row.get("mandatory", "").strip().upper(),
        has_other=row.get("other", "").strip().upper() == "Y",
        pattern=row.get("preg", "").strip(),
        relevance=row.get("relevance", "").strip(),
        words=more.words.get(qid, {}),
        helps=more.helps.get(qid, {}),
        has_script=any(text.strip() for text in more.scripts.get(qid, {}).values()),
        parts=tuple(parts),
        answers=tuple(answers),
        attributes=more.attributes.get(qid, {}),
        conditions=tuple(more.conditions.get(qid, ())),
    )


def _parts(rows: Iterable[Row], words: Mapping[str, Words]) -> dict[str, list[Part]]:
    listed = _first_of((row for row in rows if row.get("parent_qid", "0") not in ("", "0")), "qid")
    found: dict[str, list[Part]] = defaultdict(list)
    for qid, row in sorted(listed.items(), key=lambda item: _number(item[1], "question_order")):
        code = clean_code(row.get("title", ""))
        part = Part(code, _number(row, "scale_id"), row.get("relevance", "").strip(), words.get(qid, {}))
        found[row["parent_qid"]].append(part)
    return found


def _answers(tables: Mapping[str, list[Row]]) -> dict[str, list[Answer]]:
    """Answer options by question; before the `*_l10ns` tables an option had a row for each language, by its code."""
    rows, translations = tables.get("answers", []), _by("aid", tables.get("answer_l10ns", []))
    listed: dict[tuple[str, ...], tuple[Row, dict[str, str]]] = {}
    for place, row in enumerate(rows):
        aid = row.get("aid", "")
        key = (aid,) if aid else (row.get("qid", ""), row.get("scale_id", ""), row.get("code", f"row {place}"))
        _, words = listed.setdefault(key, (row, {}))
        for one in (row, *translations.get(aid, ())) if aid else (row,):
            if one.get("answer"):
                words.setdefault(one.get("language", ""), one["answer"])
    found: dict[str, list[Answer]] = defaultdict(list)
    for row, words in sorted(listed.values(), key=lambda item: _number(item[0], "sortorder")):
        answer = Answer(clean_code(row.get("code", "")), _number(row, "scale_id"), words)
        found[row.get("qid", "")].append(answer)
    return found


def _attributes(rows: Iterable[Row]) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        if row.get("value", "").strip():
            found[row.get("qid", "")][row.get("attribute", "")].setdefault(row.get("language", ""), row["value"])
    return found


def _by(key: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.get(key, "")].append(row)
    return found
