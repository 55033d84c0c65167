"""LimeSurvey surveys (.lss), groups of questions (.lsg), questions (.lsq) and archives (.lsa).

Texts lose their markup, nothing in them ever runs, answers that people gave are never read, and who ran the survey is
not taken over. What has no counterpart is left out and told: see the report.
"""

from __future__ import annotations

import json
import re
from typing import Any

from survey.errors import QuestionnaireError
from survey.formats.report import Fate, Report
from survey.formats.safe import open_archive, read_member, read_xml
from survey.questionnaire import read_questionnaire

from .groups import Assembly
from .labels import unknown_languages
from .making import Context
from .names import Catalogue, Names
from .orders import Order, put_orders
from .tables import Document, clean_code, read_document
from .texts import Texts, Wording

FORMAT = "LimeSurvey"
MOST_QUESTIONS = 4_000
MOST_LISTED = 20_000
_ARCHIVE = b"PK"
_SURVEY = ".lss"
_ADDRESS = re.compile(r"[\w.+-]@[\w-]{1,60}\.[A-Za-z]{2,}")
_PEOPLE = (".lsr", ".lst", ".lsi")  # answers, participants, timings


def read_limesurvey(data: bytes, *, name: str) -> Report:
    """Read a file; raises QuestionnaireError when it is unsafe, broken, no LimeSurvey file or has no questions."""
    report = Report(FORMAT)
    data = _from_archive(data, report) if data.startswith(_ARCHIVE) else data
    document = read_document(read_xml(data))
    _check_measure(document)
    wording = Wording(document, report)
    codes = [question.code for group in document.groups for question in group.questions]
    assembly = Assembly(Context(wording, Names(), Catalogue(codes)), report)
    made = _survey(document, name, wording, report)
    notice = _notice(document, assembly)
    for number, group in enumerate(document.groups, start=1):
        assembly.add_group(number, group)
    if not assembly.sections:
        raise QuestionnaireError(
            "The file holds no question that can be taken.", got=f"{FORMAT}, {len(codes)} questions"
        )
    report.document = {**made, "sections": [*notice, *assembly.sections]}
    of_groups = Order("order", report.document, "shuffled_sections", report.document["sections"], assembly.moving)
    put_orders(report.document, [*assembly.orders, of_groups], report)
    _tell_others(document, report)
    _warn(document, assembly, report)
    read_questionnaire(report.document)
    return report


def _check_measure(document: Document) -> None:
    """Refuse what no questionnaire can be, before much time is spent on it."""
    questions = [question for group in document.groups for question in group.questions]
    n_listed = sum(len(question.parts) + len(question.answers) for question in questions)
    if len(questions) > MOST_QUESTIONS or n_listed > MOST_LISTED:
        raise QuestionnaireError(
            "The file holds more questions than one questionnaire may have.",
            got=f"{len(questions)} questions with {n_listed} subquestions and answers",
            expected=f"at most {MOST_QUESTIONS} with {MOST_LISTED}",
        )


def _from_archive(data: bytes, report: Report) -> bytes:
    """The survey of an archive; what people answered stays unread."""
    archive = open_archive(data)
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    surveys = [name for name in names if name.lower().endswith(_SURVEY)]
    if not surveys:
        raise QuestionnaireError(
            "The archive holds no survey.",
            got=", ".join(clean_code(name) for name in names[:5]) or "nothing",
            expected="a file ending in .lss",
            hint="export the survey as .lss, or the archive as .lsa",
        )
    others = [name for name in names if name != surveys[0]]
    if any(name.lower().endswith(_PEOPLE) for name in others):
        report.warnings.append("the archive holds answers or addresses of people: they were not read")
    if len(surveys) > 1:
        report.warnings.append(f"the archive holds {len(surveys)} surveys: the first one was read")
    return read_member(archive, surveys[0])


def _survey(document: Document, name: str, wording: Wording, report: Report) -> dict[str, Any]:
    """What stands around the questions."""
    title = wording.title = wording.texts(document.texts.get("title", {}))  # the other texts may name it
    shown = ("description", "welcometext", "endtext", "url")
    texts = {key: wording.texts(document.texts.get(key, {})) for key in shown} | {"title": title}
    if not title:
        report.warnings.append(f"the file has no title: it is called {name} here")
    is_welcomed = document.settings["showwelcome"] != "N"
    unseen = "" if is_welcomed else "the file says that it is not shown"
    for key, place, reason in (
        ("title", "title", ""),
        ("description", "description", unseen),
        ("welcometext", "welcome text", unseen),
        ("endtext", "end text", ""),
        ("url", "end address", "at the end nobody is sent to another site"),
    ):
        if texts.get(key):
            report.add(f"survey, {place}", place, Fate.LEFT_OUT if reason else Fate.MAPPED, reason)
    introduction: Texts = {}
    if is_welcomed:
        introduction = wording.joined(texts.get("description", {}), texts.get("welcometext", {}), "\n\n")
    _, lost = wording.take_expressions()
    if lost:
        report.add(
            "survey, expressions in texts",
            "expressions",
            Fate.APPROXIMATED,
            '"…" stands for: ' + "; ".join(lost[:5])[:300],
        )
    made = {"title": title or wording.same(name), "introduction": introduction, "closing": texts.get("endtext")}
    return {
        "format": "minyi-questionnaire/1",
        "name": name,
        "languages": list(wording.tags),
        **{key: text for key, text in made.items() if text},
    }


def _notice(document: Document, assembly: Assembly) -> list[dict[str, Any]]:
    """What is done with the data, as a consent before anything else, where the file shows it."""
    context = assembly.context
    text = context.wording.texts(document.texts.get("policy_notice", {}))
    if document.settings["showsurveypolicynotice"] not in ("1", "2") or not text:
        return []
    assembly.report.add("survey, privacy notice", "privacy notice", Fate.MAPPED)
    consent = {
        "type": "consent",
        "variable": context.names.take("privacy"),
        "text": text,
        "agree": context.wording.texts(document.texts.get("policy_notice_label", {})) or context.label("agree"),
        "decline": context.label("decline"),
    }
    return [{"questions": [consent]}]


def _tell_others(document: Document, report: Report) -> None:
    """Account for what stands beside the questions in the file."""
    codes = {question.id: question.code for group in document.groups for question in group.questions}
    for row in document.others["defaultvalues"]:
        code = codes.get(row.get("qid", ""), clean_code(row.get("qid", "")))
        report.add(
            f"question {code}, default answer", "default answer", Fate.LEFT_OUT, "nothing is filled in beforehand"
        )
    for row in document.others["quota"]:
        place = f"quota {clean_code(row.get('name', ''))}"
        report.add(place, "quota", Fate.LEFT_OUT, "a quota belongs to the wave: set it there")
    for row in document.others["survey_url_parameters"]:
        place = f"address parameter {clean_code(row.get('parameter', ''))}"
        report.add(place, "address parameter", Fate.LEFT_OUT, "no answer is taken from the address of a page")
    if document.settings["assessments"] == "Y":
        for number, _ in enumerate(document.others["assessments"] or ({},), start=1):
            report.add(
                f"assessment {number}", "assessment", Fate.LEFT_OUT, "answers are not marked while they are given"
            )
    for kind, code in document.strays:
        report.add(f"{kind} {code}", kind, Fate.LEFT_OUT, "it belongs to no question of the file")


def _warn(document: Document, assembly: Assembly, report: Report) -> None:
    wording, context = assembly.context.wording, assembly.context
    report.warnings += wording.warnings()
    if context.numbered:
        report.warnings.append(
            f"{context.numbered} questions have answer codes that are no numbers: they were numbered in their order"
        )
    strange = unknown_languages(wording.tags)
    if strange:
        report.warnings.append(
            f"words such as yes, no and other are not known in {', '.join(strange)}: English is used"
        )
    if assembly.n_of_layout:
        report.warnings.append(f"{assembly.n_of_layout} settings of layout and statistics were not taken over")
    if assembly.n_of_conditions:
        report.warnings.append(
            f"{assembly.n_of_conditions} conditions stand in relevance equations too and were read there"
        )
    if document.has_persons:
        report.warnings.append("names and addresses of those who ran the survey were not taken over")
    if _ADDRESS.search(json.dumps(report.document, ensure_ascii=False)):
        report.warnings.append("e-mail addresses stand in its texts: see whether they should")
