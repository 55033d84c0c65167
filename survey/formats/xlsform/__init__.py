"""XLSForm (.xlsx, .xls): the sheets survey, choices and settings as a questionnaire, and an account of every cell.

The report names each row, each choice and each cell that says something: a hint, a condition, a constraint with its
message, a default. A group is one construct from its beginning to its end, a declared language is one, and so are all
the choice lists together that no question uses. A row that is left out takes its cells along, named in its reason.
Sheets, columns and settings that XLSForm does not know are named in the warnings.

Languages. The default is the one that the settings name, else the one with the most labels. Another is kept when three
quarters of the questions and three quarters of the choices have words in it; what it lacks then stands in the words of
the default, and a warning counts it. Others are left out with a warning. Words whose column names no language are in
the default. Where no column names a language, `language` is it, else Chinese or English if the words look like it, else
`und`. Languages that nobody knows get tags of private use (qaa, qab, …).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.errors import QuestionnaireError
from survey.formats.report import Construct, Fate, Report
from survey.formats.workbook import Workbook, read_workbook
from survey.questionnaire import read_questionnaire

from .cells import KNOWN, columns_of
from .choices import ChoiceList, read_lists, report_choices, unread_columns
from .groups import make_sections
from .languages import Coverage, Labels, Words, coverages, guessed, tag_of, tags_of
from .sheets import Row, Sheet, filled, read_sheet, spoken
from .tree import Node, read_tree
from .types import LEFT_OUT_TYPES, Form

FORMAT = "XLSForm"
SHEETS = ("survey", "choices", "settings")
MOST_RUINED = 0.05  # of all texts; a single "???" is a placeholder, not a ruin
_RUINED = re.compile(r"[?\ufffd]")
_ROW = re.compile(r"^(\w+) rows? (\d+)")
_SENDING = "it says where and how other programs send answers"
SETTINGS = {
    "form_title": "",
    "default_language": "no language that is kept has this name",
    "form_id": "the portal names its questionnaires itself",
    "version": "a questionnaire is known by its content",
    "style": "the portal lays questions out itself",
    "allow_choice_duplicates": "choices of the same name have codes of their own here",
    "instance_name": "responses have no names",
    **dict.fromkeys(
        ("public_key", "submission_url", "auto_send", "auto_delete", "client_editable", "prefix"), _SENDING
    ),
}


def read_xlsform(data: bytes, *, name: str, language: str | None = None) -> Report:
    """Read a form; raises QuestionnaireError when it is broken or no question of it can be taken.

    `language` is that of words for which the file names none. The document of the report can always be published.
    """
    book = read_workbook(data, *SHEETS)
    if "survey" not in book.sheets:
        raise QuestionnaireError(
            "The workbook is no XLSForm.",
            got=", ".join(book.names)[:200] or "no sheet",
            expected="a sheet called survey",
        )
    return read_sheets(book, name=name, language=language)


def read_sheets(book: Workbook, *, name: str, language: str | None = None) -> Report:
    """The same for the rows of the sheets."""
    survey, choices, settings = (read_sheet(book.sheets.get(sheet, [])) for sheet in SHEETS)
    _refuse_ruined(survey, choices)
    report = Report(FORMAT)
    top = read_tree(survey.rows, report)
    lists = read_lists(choices)
    setting = _setting(settings, "default_language")
    words = _choose_languages(survey, choices, setting, language, _used(top, lists), report)
    form = Form(report, words, lists)
    sections = make_sections(top, form)
    report.document = {
        "format": "minyi-questionnaire/1",
        "name": name,
        "title": words.same(spoken(_setting(settings, "form_title")) or name),
        "languages": list(words.kept),
        "sections": sections,
    }
    if not any(question["type"] != "statement" for section in sections for question in section["questions"]):
        raise QuestionnaireError("The file holds no question that can be taken.", got=f"{len(survey.rows)} rows")
    read_questionnaire(report.document)
    _account(form, survey, choices, settings, book)
    return report


def _setting(settings: Sheet, column: str) -> str:
    return settings.rows[0].get(column) if settings.rows else ""


def _refuse_ruined(*sheets: Sheet) -> None:
    """Raise QuestionnaireError where letters became question marks on the way."""
    texts = [words for sheet in sheets for row in sheet.rows for by in row.texts.values() for words in by.values()]
    ruined = [words for words in texts if len(found := _RUINED.findall(words)) > 2 and len(found) * 2 >= len(words)]
    if len(ruined) > MOST_RUINED * len(texts):
        raise QuestionnaireError(
            "The texts were ruined before they came here.", got=ruined[0][:40], hint="export the form again as .xlsx"
        )


@dataclass(frozen=True)
class Used:
    """The labels of the questions, and of the choices that these offer, by language."""

    questions: Labels
    choices: Labels


def _used(top: Sequence[Node], lists: Mapping[str, ChoiceList]) -> Used:
    nodes = [node for one in top for node in one.walk() if node.type.kind not in LEFT_OUT_TYPES]
    names = dict.fromkeys(node.type.list_name for node in nodes if node.type.list_name in lists)
    return Used(
        [label for node in nodes if (label := node.row.texts.get("label"))],
        [one.texts for name in names for one in lists[name].choices if one.texts],
    )


def _choose_languages(
    survey: Sheet, choices: Sheet, setting: str, language: str | None, used: Used, report: Report
) -> Words:
    """Tags, default and the languages that are complete enough; what is dropped is reported and warned of."""
    names = list(dict.fromkeys((*survey.languages, *choices.languages)))
    tags, report.warnings[len(report.warnings) :] = tags_of(names)
    wanted = tag_of(setting) if setting.strip().lower() not in ("", "default") else None
    nameless = [label[""] for label in (*used.questions, *used.choices) if "" in label]
    if nameless or not names:
        tags[""] = wanted or language or guessed(nameless)
    found = coverages([name for name in (*names, "") if name in tags], tags, used.questions, used.choices)
    default = _default(found, wanted)
    kept = dict.fromkeys((default, *(one.tag for one in found if one.is_enough and any(one.questions))))
    _report_languages(found, kept, report)
    if nameless and not wanted:
        report.warnings.append(f"no language is named for {len(nameless)} labels: they are taken as {tags['']}")
    return Words({"": default, **tags}, tuple(kept))


def _default(found: Sequence[Coverage], wanted: str | None) -> str:
    ranked = sorted(found, key=lambda one: -(one.questions[0] + one.choices[0]))
    return next((one.tag for one in ranked if one.tag == wanted and one.questions[0]), ranked[0].tag)


def _report_languages(found: Sequence[Coverage], kept: Mapping[str, Any], report: Report) -> None:
    for one in found:
        if one.name == "":
            continue
        if one.tag in kept:
            report.add(f"language {one.name}", "language", Fate.MAPPED)
            continue
        (asked, of_asked), (listed, of_listed) = one.questions, one.choices
        why = f"only {asked} of {of_asked} questions and {listed} of {of_listed} choices have words in it"
        report.add(f"language {one.name}", "language", Fate.LEFT_OUT, why)
        report.warnings.append(
            f"the language {one.name} ({one.tag}) is declared but not complete: {why}; it is left out"
        )


def _account(form: Form, survey: Sheet, choices: Sheet, settings: Sheet, book: Workbook) -> None:
    """Put what remains into the report: calculations, columns, choices, settings, and warnings."""
    report = form.report
    for node in form.calculations:
        is_used = node.row.get("name") in form.scope.used
        why = "what it calculates stands in what reads it" if is_used else "nothing is calculated while answering"
        report.add(f"survey row {node.row.number}", "calculate", Fate.MAPPED if is_used else Fate.LEFT_OUT, why)
        for column in columns_of(node):
            report.add(f"survey row {node.row.number}, {column}", column, Fate.LEFT_OUT, "nothing is asked there")
    report_choices(choices, form.lists, form.used_lists, report)
    for row in settings.rows[:1]:
        _report_settings(row, form)
    report.constructs.sort(key=_order)
    strange = {column: times for column, times in filled(survey).items() if column not in KNOWN}
    strange |= unread_columns(choices, "\n".join(form.filters))
    strange |= {"without a name": survey.nameless} if survey.nameless else {}
    strange |= {column: 1 for row in settings.rows[:1] for column in row.cells if column not in SETTINGS}
    _warn(form, strange, book)


def _report_settings(row: Row, form: Form) -> None:
    for column in row.cells:
        if column in SETTINGS:
            is_language = column == "default_language" and tag_of(row.get(column)) in form.words.kept
            fate = Fate.MAPPED if is_language or column == "form_title" else Fate.LEFT_OUT
            form.report.add(f"settings, {column}", "setting", fate, SETTINGS[column] if fate is Fate.LEFT_OUT else "")


def _order(construct: Construct) -> tuple[int, int]:
    """As in the file: languages, the rows of the survey, its columns, then the other sheets."""
    found = _ROW.match(construct.place)
    sheet = construct.place.split(",")[0].split(" ")[0]
    place = ("language", "survey", "choices", "settings").index(sheet)
    return place, int(found[2]) if found else 1_000_000


def _warn(form: Form, strange: Mapping[str, int], book: Workbook) -> None:
    warnings = form.report.warnings
    for tag, times in form.words.filled.items():
        warnings.append(f"{times} texts are missing in {tag}: they stand in another language there")
    renamed = [f"{name} → {variable}" for name, variable in form.variables.items() if name != variable]
    if renamed:
        warnings.append(
            f"{len(renamed)} names had to be changed: {', '.join(renamed[:20])}{' …' * (len(renamed) > 20)}"
        )
    for column, times in form.lost_messages.items():
        warnings.append(f"{times} cells of {column} are not shown: the portal has its own words for that")
    if strange:
        told = ", ".join(f"{column} ({times} cells)" for column, times in strange.items())
        warnings.append(f"columns that are no part of an XLSForm were not read: {told}")
    others = [name for name in book.names if name.strip().lower() not in SHEETS]
    if others:
        warnings.append(f"sheets that are no part of an XLSForm were not read: {', '.join(others)[:200]}")
