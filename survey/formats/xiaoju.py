"""Questionnaires of xiaoju-survey (JSON): each entry of `dataConf.dataList` is a question."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from survey.errors import QuestionnaireError

from .report import Fate, Report

FORMAT = "xiaoju-survey"
_TAG = re.compile(r"<[^>]*>")
CHOSEN = {"radio": "single", "binary-choice": "single", "checkbox": "multiple"}
SCALES = {"radio-star": (1, 5, "非常不满意", "非常满意"), "radio-nps": (0, 10, "绝不会", "一定会")}
TEXTS = ("text", "textarea")


def is_xiaoju(document: Any) -> bool:
    return isinstance(document, Mapping) and isinstance(document.get("dataConf"), Mapping)


def read_xiaoju(document: Mapping[str, Any], *, name: str, language: str) -> Report:
    """Read a questionnaire; raises QuestionnaireError when no question of it can be taken."""
    report = Report(FORMAT)
    entries = document["dataConf"].get("dataList") or []
    questions = [
        one for place, entry in enumerate(entries, start=1) if (one := _question(place, entry, language, report))
    ]
    if not questions:
        raise QuestionnaireError("The file holds no question that can be taken.", got=FORMAT)
    report.document = {
        "format": "minyi-questionnaire/1",
        "name": name,
        "title": {language: _plain(str(document.get("title") or name))},
        "languages": [language],
        "sections": [{"questions": questions}],
    }
    if document.get("logicConf"):
        report.add("logicConf", "logic", Fate.LEFT_OUT, "its conditions are not read yet: add them by hand")
    return report


def _question(place: int, entry: Mapping[str, Any], language: str, report: Report) -> dict[str, Any] | None:
    kind, where = str(entry.get("type")), f"question {place}"
    question: dict[str, Any] = {
        "variable": f"q{place}",
        "text": {language: _plain(str(entry.get("title") or ""))},
        "required": bool(entry.get("isRequired")),
    }
    if not question["text"][language]:
        report.add(where, kind, Fate.LEFT_OUT, "a question without words")
        return None
    made = _typed(where, kind, entry, language, report)
    return None if made is None else question | made


def _typed(where: str, kind: str, entry: Mapping[str, Any], language: str, report: Report) -> dict[str, Any] | None:
    if kind in TEXTS:
        report.add(where, kind, *_text_fate(entry))
        most = (entry.get("textRange") or {}).get("max", {}).get("value") or 1000
        return {"type": "text", "max_length": min(int(most), 4000)}
    if kind in SCALES:
        first, last, low, high = SCALES[kind]
        report.add(where, kind, Fate.MAPPED)
        return {
            "type": "scale",
            "first": first,
            "last": last,
            "first_label": {language: _plain(str(entry.get("minMsg") or entry.get("starMin") or low))},
            "last_label": {language: _plain(str(entry.get("maxMsg") or entry.get("starMax") or high))},
        }
    options = [option for option in entry.get("options") or [] if _plain(str(option.get("text") or ""))]
    if kind not in CHOSEN or len(options) < 2:
        report.add(where, kind, Fate.LEFT_OUT, "this kind of question is not read yet")
        return None
    report.add(where, kind, Fate.MAPPED)
    for number, option in enumerate(options, start=1):
        others = Fate.APPROXIMATED if option.get("others") else Fate.MAPPED
        report.add(
            f"{where}, choice {number}",
            "choice",
            others,
            "its text field is not asked for" * bool(option.get("others")),
        )
    choices = [
        {"code": code, "text": {language: _plain(str(one["text"]))}} for code, one in enumerate(options, start=1)
    ]
    return {"type": CHOSEN[kind], "choices": choices}


def _text_fate(entry: Mapping[str, Any]) -> tuple[Fate, str]:
    if entry.get("valid") not in (None, "", "*"):
        return Fate.APPROXIMATED, f"the check {entry['valid']!r} is not made"
    return Fate.MAPPED, ""


def _plain(text: str) -> str:
    """Words without the markup that their editor put around them; nothing of it ever runs."""
    return html.unescape(_TAG.sub("", text)).strip()
