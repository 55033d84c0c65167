"""Questionnaires as plain text: numbered questions, a choice a line, `*` for required, `[单选题]` for the kind.

The style of text that Chinese survey sites export and people type::

    1. 您的性别*[单选题]
    A. 男
    B. 女
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from survey.errors import QuestionnaireError

from .report import Fate, Report

FORMAT = "plain text"
_NUMBER = re.compile(r"^\s*(?:第)?(\d{1,3})\s*(?:[.、．:：)）]|题)\s*(?P<rest>\S.*)$")
_KIND = re.compile(r"[\[【［(（]\s*(?P<kind>[^\[\]【】［］()（）]{2,8}题|单选|多选|填空|必答|选答)\s*[\]】］)）]")
_LETTER = re.compile(r"^\s*[(（]?[A-Za-z][).、．)）:：]\s*|^\s*[○□◯●■☐]\s*")
_JUMP = re.compile(r"跳[至到转]|转[至到]第|请跳过|skip to|go to question", re.IGNORECASE)
_BLANK = re.compile(r"_{3,}|＿{2,}")
KINDS = {
    "单选题": "single",
    "单选": "single",
    "判断题": "single",
    "下拉题": "single",
    "下拉框": "single",
    "多选题": "multiple",
    "多选": "multiple",
    "填空题": "text",
    "填空": "text",
    "简答题": "text",
    "问答题": "text",
}
MISSING = {
    "dont_know": ("不清楚", "不知道", "说不清", "不了解", "don't know", "do not know", "not sure"),
    "not_applicable": ("不适用", "not applicable", "n/a"),
    "refused": ("拒绝回答", "不愿回答", "不便透露", "prefer not to say"),
}


@dataclass
class _Block:
    number: int
    line: int
    title: str
    choices: list[str] = field(default_factory=list)


def read_plain_text(text: str, *, name: str, language: str) -> Report:
    """Read a questionnaire; raises QuestionnaireError when the text holds no numbered question or is ruined."""
    if text.count("?") + text.count("\ufffd") > max(len(text) // 4, 20) or "????" in text.replace(" ", ""):
        raise QuestionnaireError(
            "The text was ruined before it came here.", got=text[:40], hint="export it again as UTF-8"
        )
    report = Report(FORMAT)
    blocks = list(_blocks(text, report))
    if not blocks:
        raise QuestionnaireError(
            "No numbered question was found.", got=text[:60].replace("\n", " "), expected="1. 您的性别*[单选题]"
        )
    questions = [question for block in blocks if (question := _question(block, language, report))]
    report.document = {
        "format": "minyi-questionnaire/1",
        "name": name,
        "title": {language: name},
        "languages": [language],
        "sections": [{"questions": questions}],
    }
    return report


def _blocks(text: str, report: Report) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(text.replace("\ufeff", "").splitlines(), start=1):
        started = _NUMBER.match(line)
        if started and (block is None or int(started[1]) > block.number):
            if block is not None:
                yield block
            block = _Block(int(started[1]), number, started["rest"].strip())
        elif line.strip() and block is not None:
            block.choices.append(line.strip())
        elif line.strip():
            report.add(f"line {number}", "heading", Fate.LEFT_OUT, "text before the first question")
    if block is not None:
        yield block


def _question(block: _Block, language: str, report: Report) -> dict[str, Any] | None:
    marks = [found["kind"] for found in _KIND.finditer(block.title)]
    title = _KIND.sub("", block.title)
    is_required = "*" in title or "＊" in title or "必答" in marks
    title = title.replace("*", "").replace("＊", "").strip()
    named = next((mark for mark in reversed(marks) if mark not in ("必答", "选答")), "")
    kind = KINDS.get(named) if named else _guess(block)
    place = f"line {block.line}, question {block.number}"
    if kind is None or (kind != "text" and len(block.choices) < 2):
        why = f"{named} is not read yet" if kind is None else "a question of choices with fewer than two of them"
        report.add(place, named or "question", Fate.LEFT_OUT, why)
        return None
    question: dict[str, Any] = {
        "type": kind,
        "variable": f"q{block.number}",
        "text": {language: _BLANK.sub("", title).strip() or title},
        "required": is_required,
    }
    if kind == "text":
        report.add(place, named or "text", Fate.MAPPED)
        for choice in block.choices:
            report.add(f"question {block.number}", "line", Fate.LEFT_OUT, f"not a choice of a text question: {choice}")
        return question
    report.add(place, named or kind, *_fate(block))
    question["choices"] = [_choice(code, line, language) for code, line in enumerate(block.choices, start=1)]
    for code in range(1, len(block.choices) + 1):
        report.add(f"question {block.number}, choice {code}", "choice", *_choice_fate(block.choices[code - 1]))
    return question


def _guess(block: _Block) -> str:
    return "single" if block.choices else "text"


def _fate(block: _Block) -> tuple[Fate, str]:
    if _JUMP.search(block.title):
        return Fate.APPROXIMATED, "a jump told in words is not a condition: add it by hand"
    return Fate.MAPPED, ""


def _choice_fate(line: str) -> tuple[Fate, str]:
    if _JUMP.search(line):
        return Fate.APPROXIMATED, "a jump told in words is not a condition: add it by hand"
    if _BLANK.search(line):
        return Fate.APPROXIMATED, "the blank beside the choice is not asked for"
    return Fate.MAPPED, ""


def _choice(code: int, line: str, language: str) -> dict[str, Any]:
    text = _BLANK.sub("", _LETTER.sub("", line)).strip() or line
    lowered = text.lower().rstrip("。.")
    missing = next((kind for kind, words in MISSING.items() if lowered in words), None)
    choice: dict[str, Any] = {"code": code, "text": {language: text}}
    return choice | ({"missing": missing} if missing else {})
