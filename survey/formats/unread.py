"""Formats that are known and not read, each named, so that nobody wonders what is wrong with the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from survey.errors import QuestionnaireError

from .loose import entries, items, mapping, string

READABLE = (
    "readable are Minyi's own JSON, XLSForm (.xlsx, .xls), LimeSurvey (.lss, .lsg, .lsa), ONS schemas (JSON), "
    "xiaoju-survey (JSON) and plain text with numbered questions"
)
HINTS = {
    "a PDF": "copy its text into a .txt file: numbered questions, a choice a line",
    "a Word document (.docx)": "save it as plain text: numbered questions, a choice a line",
    "an old Word or Office document": "save it as plain text: numbered questions, a choice a line",
    "a web page (HTML)": "copy its text into a .txt file: numbered questions, a choice a line",
    "an ODK XForm (XML)": "give the XLSForm that it was made from",
    "a KoboToolbox form (JSON)": "download it as XLS: that is an XLSForm",
}
BYTES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"BM", "an image"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"RIFF", "an image or a recording"),
    (b"$FL2", "an SPSS data file (.sav)"),
    (b"$FL3", "an SPSS data file (.zsav)"),
    (b"<stata_dta>", "a Stata data file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"PAR1", "a table of data (Parquet)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
ARCHIVES: tuple[tuple[str, str], ...] = (
    ("word/", "a Word document (.docx)"),
    ("ppt/", "a presentation (.pptx)"),
    ("META-INF/", "a program or an electronic book"),
)
ROOTS = {
    "codeBook": "a DDI codebook, which describes data and not a form",
    "DDIInstance": "a DDI lifecycle document, which describes data and not a form",
    "FragmentInstance": "a DDI lifecycle document, which describes data and not a form",
    "ODM": "a CDISC ODM document",
    "questionnaire": "a queXML document",
    "svg": "an image",
    "rss": "a feed",
    "feed": "a feed",
}


def refuse(kind: str, shown: str) -> NoReturn:
    """Raise QuestionnaireError saying what the file is."""
    said = f"{kind}," if "," in kind else kind
    raise QuestionnaireError(f"{said[:1].upper()}{said[1:]} is not read.", got=shown, hint=HINTS.get(kind, READABLE))


def _is_surveyjs(document: Any) -> bool:
    node = mapping(document)
    pages = [page for page in entries(node.get("pages")) if items(page.get("elements"))]
    return bool(pages) or any("type" in one and "name" in one for one in entries(node.get("elements")))


def _is_qualtrics(document: Any) -> bool:
    return "SurveyEntry" in mapping(document) or "SurveyElements" in mapping(document)


def _is_touchpoints(document: Any) -> bool:
    node = mapping(document)
    found = [mapping(node.get("data")), *entries(node.get("data"))]
    return any(one.get("type") == "forms" and isinstance(one.get("attributes"), dict) for one in found)


def _is_formbricks(document: Any) -> bool:
    nodes = [mapping(document), mapping(mapping(document).get("data")), mapping(mapping(document).get("survey"))]
    return any("headline" in question for node in nodes for question in entries(node.get("questions")))


def _is_kobo(document: Any) -> bool:
    content = mapping(mapping(document).get("content")) or mapping(document)
    return bool(entries(content.get("survey"))) or string(mapping(document).get("asset_type")) == "survey"


def _is_typeform(document: Any) -> bool:
    return any("ref" in one and "type" in one for one in entries(mapping(document).get("fields")))


def _is_google(document: Any) -> bool:
    return "formId" in mapping(document) and "items" in mapping(document)


def _is_survey_monkey(document: Any) -> bool:
    return any(items(page.get("questions")) and "href" in page for page in entries(mapping(document).get("pages")))


def _is_plan(document: Any) -> bool:
    return string(mapping(document).get("format")).startswith("minyi-")


def _is_rows(document: Any) -> bool:
    return isinstance(document, list) and len(document) > 0 and len(entries(document)) == len(document)


JSONS: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (_is_plan, "a document of this portal that is no questionnaire"),
    (_is_survey_monkey, "a SurveyMonkey survey (JSON)"),
    (_is_surveyjs, "a SurveyJS form (JSON)"),
    (_is_qualtrics, "a Qualtrics survey (.qsf)"),
    (_is_touchpoints, "a Touchpoints form (JSON)"),
    (_is_formbricks, "a Formbricks survey (JSON)"),
    (_is_kobo, "a KoboToolbox form (JSON)"),
    (_is_typeform, "a Typeform form (JSON)"),
    (_is_google, "a Google form (JSON)"),
    (_is_rows, "a table of data (JSON)"),
)
