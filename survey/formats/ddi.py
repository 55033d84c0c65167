"""DDI-Codebook 2.5: the codebook as archives and statistical software read it.

Elements stand in the order of the schema (https://ddialliance.org, namespace ddi:codebook:2_5), every text in every
language with its `xml:lang`. The same questionnaire always gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from survey.cells import Absence, Category
from survey.codebook import Codebook, CodebookSection, Counts, Group, Variable, codebook
from survey.parts import Check
from survey.questionnaire import Questionnaire
from survey.universe import Universe

NAMESPACE = "ddi:codebook:2_5"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NATURES = {
    "single": "nominal",
    "multiple": "nominal",
    "place": "nominal",
    "consent": "nominal",
    "five_level": "ordinal",
    "scale": "ordinal",
    "nps": "ordinal",
    "ranking": "ordinal",
    "number": "ratio",
}
REPRESENTATIONS = {"number": "numeric", "date": "datetime", "text": "text"}  # all others are codes
DOMAINS = {"number": "numeric", "date": "datetime", "text": "text", "multiple": "multiple", "ranking": "multiple"}
MANY_CODES = "codes joined by semicolons"
IN_ORDER = "codes joined by semicolons, the best first"
Texts = Mapping[str, str]


def write_ddi(questionnaire: Questionnaire, *, identity: str | None = None, counts: Counts | None = None) -> bytes:
    """The questionnaire's codebook as DDI-Codebook 2.5 in UTF-8.

    `identity` is the id of the published version, `counts` as `survey.codebook.codebook` takes them.
    """
    book = codebook(questionnaire, counts)
    root = Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5"})
    if book.languages:
        root.set(XML_LANG, book.languages[0])
    _titles(SubElement(SubElement(SubElement(root, "docDscr"), "citation"), "titlStmt"), book, identity)
    _study(SubElement(root, "stdyDscr"), book, identity)
    data = SubElement(root, "dataDscr")
    for section in book.sections:
        _section(data, section)
    for variable in book.variables:
        _variable(data, variable, book.languages[0])
    indent(root, " ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _add(
    parent: Element, tag: str, text: str | None = None, language: str | None = None, /, **attributes: str
) -> Element:
    found = SubElement(parent, tag, {key: _writable(value) for key, value in attributes.items()})
    if language is not None:
        found.set(XML_LANG, language)
    if text is not None:
        found.text = _writable(text)
    return found


def _writable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNWRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _each(parent: Element, tag: str, texts: Texts | None, /, **attributes: str) -> None:
    """The element once in each language."""
    for language, text in (texts or {}).items():
        _add(parent, tag, text, language, **attributes)


def _titles(statement: Element, book: Codebook, identity: str | None) -> None:
    first, *others = book.languages
    _add(statement, "titl", book.title[first], first)
    for language in others:
        _add(statement, "parTitl", book.title[language], language)
    _add(statement, "IDNo", book.name, agency="Minyi")
    if identity is not None:
        _add(statement, "IDNo", identity, agency="SHA-256")


def _study(study: Element, book: Codebook, identity: str | None) -> None:
    _titles(SubElement(SubElement(study, "citation"), "titlStmt"), book, identity)
    _each(study, "notes", book.introduction, type="introduction")
    _each(study, "notes", book.closing, type="closing")


def _section(data: Element, section: CodebookSection) -> None:
    """The section, and after it the matrices in it."""
    group = _add(data, "varGrp", ID=f"S{section.number}", type="section")
    _refer(group, "var", (f"V.{name}" for name in section.variables))
    _refer(group, "varGrp", (f"G.{matrix.name}" for matrix in section.matrices))
    _each(group, "labl", section.title)
    _each(group, "txt", section.introduction)
    for statement in section.statements:
        _each(group, "txt", statement.text)
        _each(group, "txt", statement.hint)
    _universe(group, section.universe, section.universe_words)
    for matrix in section.matrices:
        _matrix(data, matrix)


def _matrix(data: Element, matrix: Group) -> None:
    group = _add(data, "varGrp", ID=f"G.{matrix.name}", type="grid", name=matrix.name)
    _refer(group, "var", (f"V.{name}" for name in matrix.variables))
    _each(group, "labl", matrix.text)
    _each(group, "txt", matrix.hint)
    _universe(group, matrix.universe, matrix.universe_words)


def _refer(element: Element, name: str, identities: Iterable[str]) -> None:
    listed = " ".join(identities)
    if listed:
        element.set(name, listed)


def _universe(parent: Element, universe: Universe, words: Texts) -> None:
    """In words; where everybody is asked there is nothing to say."""
    if universe.is_everybody:
        return
    _each(parent, "universe", words, clusion="I")
    if not words:
        _add(parent, "universe", universe.expression, clusion="I")


def _variable(data: Element, one: Variable, language: str) -> None:
    found = _add(
        data, "var", ID=f"V.{one.name}", name=one.name, intrvl="contin" if one.column == "float64" else "discrete"
    )
    if one.type in NATURES:
        found.set("nature", NATURES[one.type])
    if one.unit:
        found.set("measUnit", _writable(one.unit[language]))
    if one.type == "number" and one.bounds:
        found.set("dcml", one.bounds["decimals"])
    found.set("representationType", REPRESENTATIONS.get(one.type, "code"))
    _each(found, "labl", one.text)
    if one.beside is not None:
        found.set("qstn", f"Q.{one.beside}")
    elif one.question:
        _question(found, one)
    _ranges(found, one)
    _universe(found, one.universe, one.universe_words)
    _categories(found, one)
    if one.type in ("multiple", "reasons", "ranking"):
        _add(found, "codInstr", IN_ORDER if one.type == "ranking" else MANY_CODES)
    if one.column is not None:
        kind = "character" if one.column == "string" else "numeric"
        category = {"category": "date"} if one.type == "date" else {}
        _add(found, "varFormat", type=kind, formatname=one.column, schema="other", otherSchema="Arrow", **category)
    _notes(found, one)


def _question(variable: Element, one: Variable) -> None:
    question = _add(variable, "qstn", ID=f"Q.{one.name}", responseDomainType=DOMAINS.get(one.type, "category"))
    _each(question, "preQTxt", one.stem)
    _each(question, "qstnLit", one.text)
    _each(question, "ivuInstr", one.hint)


def _ranges(variable: Element, one: Variable) -> None:
    """Values that are answers, and codes that stand where there is none."""
    bounds = one.bounds or {}
    lowest, highest = (bounds.get(a) or bounds.get(b) for a, b in (("minimum", "earliest"), ("maximum", "latest")))
    codes = [str(category.code) for category in one.codes]
    if lowest is not None or highest is not None:
        limits = {name: value for name, value in (("min", lowest), ("max", highest)) if value is not None}
        units = "REAL" if one.type == "number" and bounds.get("decimals", "0") != "0" else "INT"
        _add(_add(variable, "valrng"), "range", UNITS=units, **limits)
    elif codes:
        valid = _add(variable, "valrng")
        for code in codes:
            _add(valid, "item", VALUE=code)
    written = [absence.written for absence in one.missing if absence.written is not None]
    if written:
        invalid = _add(variable, "invalrng")
        for code in written:
            _add(invalid, "item", VALUE=code)


def _categories(variable: Element, one: Variable) -> None:
    for group in one.groups:
        _place_group(variable, one, group)
    for category in one.codes:
        _category(variable, one, category)
    for absence in one.missing:
        _absence(variable, absence)


def _place_group(variable: Element, one: Variable, group: Category) -> None:
    found = _add(variable, "catgryGrp", ID=f"P.{one.name}.{group.code}")
    _refer(found, "catgry", (f"C.{one.name}.{place.code}" for place in one.codes if place.parent == group.code))
    _refer(found, "catGrp", (f"P.{one.name}.{below.code}" for below in one.groups if below.parent == group.code))
    _each(found, "labl", group.text)


def _category(variable: Element, one: Variable, category: Category) -> None:
    found = _add(variable, "catgry", ID=f"C.{one.name}.{category.code}")
    _add(found, "catValu", str(category.code))
    _each(found, "labl", category.text)
    _each(found, "txt", category.end_text)
    if category.n is not None:
        _add(found, "catStat", str(category.n), type="freq")


def _absence(variable: Element, absence: Absence) -> None:
    found = _add(variable, "catgry", missing="Y", missType=str(absence.kind))
    if absence.written is not None:
        _add(found, "catValu", absence.written)
    _each(found, "labl", absence.meaning)
    for text in absence.texts:
        _each(found, "txt", text)
    if absence.n is not None:
        _add(found, "catStat", str(absence.n), type="freq")


def _notes(variable: Element, one: Variable) -> None:
    """What the schema has no element for."""
    if one.column is None:
        _add(variable, "notes", "not in datasets", type="column")
    _add(variable, "notes", one.role, type="role")
    _each(variable, "notes", one.unit, type="unit")
    for name, value in sorted((one.bounds or {}).items()):
        _add(variable, "notes", value, type="bound", subject=name)
    if one.universe.expression:
        _add(variable, "notes", one.universe.expression, type="asked_if")
    for name, condition in one.universe.ends:
        _add(variable, "notes", condition, type="ended_by", subject=name)
    for category in one.codes:
        if category.specify or category.is_exclusive:
            _add(
                variable,
                "notes",
                "specify" if category.specify else "exclusive",
                type="choice",
                subject=str(category.code),
            )
    for check in one.checks:
        _check(variable, check)


def _check(variable: Element, check: Check) -> None:
    kind = "soft_check" if check.soft else "check"
    _each(variable, "notes", check.text, type=kind, subject=check.rule)
