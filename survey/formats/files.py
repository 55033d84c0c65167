"""Any questionnaire file, told by what is in it and not by what it is called."""

from __future__ import annotations

import json
import math
import re
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import Element

from survey.errors import ImportRefusedError, QuestionnaireError
from survey.questionnaire import read_questionnaire

from .csv import decode
from .names import as_name
from .ons import is_ons, read_ons
from .own import is_own, read_own
from .plain_text import read_plain_text
from .report import Report
from .safe import check_size, open_archive, read_xml
from .unread import ARCHIVES, BYTES, JSONS, READABLE, ROOTS, refuse
from .xiaoju import is_xiaoju, read_xiaoju

DEFAULT_NAME = "questionnaire"
DEEPEST_JSON = 200
_HTML = re.compile(
    r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|div|table|p|form)\b", re.IGNORECASE | re.DOTALL
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEETS = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_HAN = re.compile("[\u4e00-\u9fff]")
_TAB_OR_COMMA = re.compile(r"[,;\t]")


def read_file(filename: str, data: bytes, *, name: str | None = None, language: str = "zh-Hans") -> Report:
    """The questionnaire in a file of any format that is read, and what became of all that stands in it.

    The document of the report can be published. `name` becomes its name (by default made from the file's, unless it
    is one of ours), and `language` is that of formats which name none. Raises QuestionnaireError, saying what the file
    is, when it is none that is read, is ruined or does harm.
    """
    check_size(data)
    shown = PurePath(filename.replace("\\", "/")).name[:80] or "the file"
    report = _read(shown, data, name or as_name(PurePath(shown).stem) or DEFAULT_NAME, language)
    if name is not None and report.document.get("name") != name:
        report.document = {**report.document, "name": name}
    read_questionnaire(report.document)
    return report


def _read(shown: str, data: bytes, name: str, language: str) -> Report:
    is_binary = b"\0" in data[:1024]
    for start, kind in BYTES:
        if data.startswith(start) and (is_binary or not start.isalnum()):  # "BM" may begin a text as well
            refuse(kind, shown)
    if data.startswith(_ZIP):
        return _archive(shown, data, name)
    if data.startswith(_OLE):
        if not any(sheet in data for sheet in _SHEETS):
            refuse("an old Word or Office document", shown)
        return _spreadsheet(data, name)
    try:
        text, _ = decode(data)
    except ImportRefusedError as error:
        raise QuestionnaireError(
            f"{shown} is neither text nor a file that is known.", got=error.got, hint=READABLE
        ) from error
    bare = text.lstrip("\ufeff \t\r\n")
    if bare.startswith(("{", "[")):
        return _json(shown, bare, name, language)
    if bare.startswith("<"):
        return _xml(shown, bare, data, name)
    return _text(shown, text, name, language)


def _archive(shown: str, data: bytes, name: str) -> Report:
    members = [member.filename for member in open_archive(data).infolist()]
    if any(member.startswith("xl/") for member in members):
        return _spreadsheet(data, name)
    if any(member.casefold().endswith((".lss", ".lsg")) for member in members):
        return _limesurvey(data, name)
    for start, kind in ARCHIVES:
        if any(member.startswith(start) for member in members):
            refuse(kind, shown)
    if "mimetype" in members:
        refuse("an OpenDocument file", shown)
    inside = ", ".join(members[:3])
    raise QuestionnaireError(
        f"{shown} is an archive without a questionnaire.", got=inside, hint=f"unpack it; {READABLE}"
    )


def _spreadsheet(data: bytes, name: str) -> Report:
    from .xlsform import read_xlsform

    return read_xlsform(data, name=name)


def _limesurvey(data: bytes, name: str) -> Report:
    from survey.formats.limesurvey import read_limesurvey

    return read_limesurvey(data, name=name)


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json(shown: str, text: str, name: str, language: str) -> Report:
    document = parse_json(text)
    if is_own(document):
        return read_own(document)
    if is_xiaoju(document):
        return read_xiaoju(document, name=name, language=language)
    if is_ons(document):
        return read_ons(document, name=name)
    for is_it, kind in JSONS:
        if is_it(document):
            refuse(kind, shown)
    raise QuestionnaireError(f"{shown} is JSON, and no questionnaire that is known.", got=text[:60], hint=READABLE)


def parse_json(text: str) -> Any:
    """JSON of strangers; raises QuestionnaireError where it is broken, nested too deeply or holds no real numbers."""
    if _depth(text) > DEEPEST_JSON:
        raise QuestionnaireError("The JSON is nested too deeply.", expected=f"at most {DEEPEST_JSON} levels")
    try:
        return json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise QuestionnaireError(
            "The JSON is broken.", got=str(error)[:200], hint="export or download the file once more"
        ) from error


def _depth(text: str) -> int:
    """How deep lists and objects are nested at most; brackets in texts count not."""
    deepest = depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', text, re.DOTALL):
        sign = found[0]
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)
        deepest = max(deepest, depth)
    return deepest


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is beyond all numbers")
    return number


# --- XML and text ----------------------------------------------------------------------------------------------------


def _xml(shown: str, text: str, data: bytes, name: str) -> Report:
    if _HTML.match(text):
        refuse("a web page (HTML)", shown)
    root = read_xml(data)
    tag = _local(root.tag)
    if tag == "document" and _child(root, "LimeSurveyDocType") is not None:
        return _limesurvey(data, name)
    if tag == "html":
        refuse("an ODK XForm (XML)" if "www.w3.org/2002/xforms" in text else "a web page (HTML)", shown)
    refuse(ROOTS.get(tag, f"XML of another kind (<{tag[:40]}>)"), shown)


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _child(root: Element, tag: str) -> Element | None:
    return next((one for one in root if _local(one.tag) == tag), None)


def _text(shown: str, text: str, name: str, language: str) -> Report:
    try:
        report = read_plain_text(text, name=name, language=language)
    except QuestionnaireError as error:
        if _is_table(text):
            refuse("a table of data (CSV)", shown)
        raise QuestionnaireError(
            error.message, got=error.got, expected=error.expected, hint=error.hint or READABLE
        ) from error

    if language.startswith("zh") and not _HAN.search(text):
        report.warnings.append(f"The text holds no Chinese and was read as {language}: name its language.")
    return report


def _is_table(text: str) -> bool:
    """Whether line after line has the same number of cells."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    counts = {len(_TAB_OR_COMMA.findall(line)) for line in lines}
    return len(lines) > 1 and min(counts) > 0 and len(counts) < 3
