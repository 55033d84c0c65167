"""A questionnaire as an XLSForm workbook (.xlsx) with all its languages, and the list of what that cannot hold."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import xlsxwriter
from babel import Locale, UnknownLocaleError

from survey.logic import parse
from survey.parts import BaseQuestion, TextIn
from survey.piping import PIPE
from survey.questionnaire import Questionnaire, Section, questionnaire_id

from .words import plain
from .xlsform.expressions import expression, joined, needs
from .xlsform.rows import Cell, Line, Sheets, write_question
from .xlsform.sheets import spoken

SURVEY = ("type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "appearance")
COLUMNS = {
    "survey": (*SURVEY, "parameters"),
    "choices": ("list_name", "name", "label"),
    "settings": ("form_title", "form_id", "version", "default_language"),
}
WORDS = frozenset({"label", "hint", "constraint_message"})
LONGEST_CELL = 32_767
_WIDTHS = {"label": 50, "hint": 30, "relevant": 30, "constraint": 30, "constraint_message": 30, "type": 24, "name": 20}
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 (the same for every file; xlsxwriter takes no zone)
_MARKS = re.compile(r"([*_#\\\[\]])")


def write_xlsform(questionnaire: Questionnaire) -> tuple[bytes, list[str]]:
    """The workbook, the same bytes for the same questionnaire, and a line for each thing that it cannot hold."""
    sheets = Sheets(questionnaire, losses=list(_lost(questionnaire)))
    sheets.names = {name for question in questionnaire.questions for name in _names(question)}
    _write_note("introduction", questionnaire.introduction, sheets)
    ends: list[str] = []
    for number, section in enumerate(questionnaire.sections, start=1):
        _write_section(number, section, ends, sheets)
    _write_note("closing", questionnaire.closing, sheets)
    return _workbook(sheets), sheets.losses


def _names(question: BaseQuestion) -> list[str]:
    return [question.variable, *(leaf.variable for leaf in question.leaves())]


def _lost(read: Questionnaire) -> Iterator[str]:
    if len(read.languages) > 1:
        yield f"the title is told in {read.languages[0]} alone"
    if read.introduction or read.closing:
        yield "introduction and closing are notes"
    if read.shuffled_sections or any(section.shuffled for section in read.sections):
        yield "sections and questions are not shuffled, choices are"


def _write_note(wish: str, text: TextIn | None, sheets: Sheets) -> None:
    if text is not None:
        sheets.survey.append({"type": "note", "name": sheets.name(wish), "label": text})


def _write_section(number: int, section: Section, ends: list[str], sheets: Sheets) -> None:
    """A group, shown on one page; what ended the survey before it keeps it from being shown."""
    questions = sheets.questionnaire.by_variable
    name = sheets.name(f"section_{number}")
    own = expression(parse(section.show_if), questions) if section.show_if is not None else ""
    group: Line = {"type": "begin_group", "name": name, "appearance": "field-list", "relevant": joined(*ends, own)}
    group |= {"label": section.title} if section.title else {}
    group |= {"hint": section.introduction} if section.introduction else {}
    sheets.survey.append(group)
    ended_here: list[str] = []
    for question in section.questions:
        write_question(question, joined(*ended_here), sheets)
        if question.end_if is not None:
            ended_here.append(_not_ended(question, own, questions))
    ends += ended_here
    sheets.survey.append({"type": "end_group", "name": name})


def _not_ended(question: BaseQuestion, section: str, questions: Mapping[str, BaseQuestion]) -> str:
    """That a question did not end the survey; who is not asked it does not end there."""
    end = parse(question.end_if or "", question.variable)
    told = expression(end, questions)
    if question.variable in needs(end):
        return f"not({told})"
    own = expression(parse(question.show_if), questions) if question.show_if is not None else ""
    return f"not({joined(section, own, told)})"


def _workbook(sheets: Sheets) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": _CREATED})
    read = sheets.questionnaire
    headers = {tag: language_header(tag) for tag in read.languages}
    _fill(book, "survey", sheets.survey, headers, sheets)
    _fill(book, "choices", sheets.choices, headers, sheets)
    document = read.model_dump(mode="json", exclude_none=True)
    settings: Line = {
        "form_title": unpiped(read.title[read.languages[0]], ()),
        "form_id": read.name,
        "version": questionnaire_id(document)[:16],
        "default_language": headers[read.languages[0]],
    }
    _fill(book, "settings", [settings], headers, sheets)
    book.close()
    return buffer.getvalue()


def language_header(tag: str) -> str:
    """A language as headers call it: "English (en)"; the tag alone stands for what has no name."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return f"{tag} ({tag})"
    is_it = tag.startswith(locale.language)  # what is undetermined would be called American English
    return f"{locale.get_display_name('en') if is_it else tag} ({tag})"


def _fill(
    book: xlsxwriter.Workbook, title: str, lines: Sequence[Line], languages: Mapping[str, str], sheets: Sheets
) -> None:
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    used = [column for column in COLUMNS[title] if any(line.get(column) for line in lines)]
    place = 0
    for column in used:
        for tag, header in languages.items() if column in WORDS else [("", "")]:
            sheet.write_string(0, place, f"{column}::{header}" if tag else column, bold)
            sheet.set_column(place, place, _WIDTHS.get(column, 14))
            for number, line in enumerate(lines, start=1):
                _write_cell(sheet, number, place, _shown(line.get(column, ""), tag, sheets), sheets)
            place += 1
    sheet.freeze_panes(1, 0)


def _shown(cell: Cell, tag: str, sheets: Sheets) -> str:
    return cell if isinstance(cell, str) else unpiped(written(cell.get(tag, "")), sheets.questionnaire.by_variable)


def unpiped(words: str, known: Collection[str]) -> str:
    """The words with nothing that would be taken for a pipe there and is none of these."""
    pipes = {found.start() for found in PIPE.finditer(words) if found[1] in known}
    return re.sub(r"\$(?=\{)", lambda found: "$" if found.start() in pipes else "$ ", words)


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, text: str, sheets: Sheets) -> None:
    if len(text) > LONGEST_CELL:
        sheets.losses.append(f"{sheet.name} row {row + 1}: a condition is too long for a cell and is left out")
    elif text:
        sheet.write_string(row, column, text)


@lru_cache(maxsize=4096)
def written(words: str) -> str:
    """Words such that those who read Markdown and HTML in them see what stands here."""
    bare = plain(html.escape(words))  # nothing but the spaces set right
    if spoken(words) == bare:
        return words
    text = html.escape(words, quote=False)
    if spoken(text) == bare:
        return text
    parts = re.split(r"(\$\{\w+\})", text)
    return "".join(part if part.startswith("${") else _MARKS.sub(r"\\\1", part) for part in parts)
