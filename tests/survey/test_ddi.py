"""DDI-Codebook 2.5: sound by the schema's rules, complete, and always the same bytes."""

import random
import re
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from counter import questionnaire, wish
from question_types import document
from random_documents import random_questionnaire
from scale import scaled
from survey.codebook import codebook
from survey.formats.ddi import NAMESPACE, write_ddi
from survey.library import template, templates
from survey.piping import texts_of
from survey.questionnaire import Questionnaire, read_questionnaire

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# the schema's content models, for the elements that are written: children in their order, with "?" at most one,
# "1" exactly one, "*" any number, "+" at least one; "text" holds words, "choice" any children in any order
CHILDREN: dict[str, list[tuple[str, str]]] = {
    "codeBook": [("docDscr", "*"), ("stdyDscr", "+"), ("fileDscr", "*"), ("dataDscr", "*"), ("otherMat", "*")],
    "docDscr": [("citation", "?"), ("guide", "*"), ("docStatus", "*"), ("docSrc", "*"), ("notes", "*")],
    "stdyDscr": [
        ("citation", "+"),
        ("stdyInfo", "*"),
        ("method", "*"),
        ("dataAccs", "*"),
        ("othrStdyMat", "*"),
        ("notes", "*"),
    ],
    "citation": [("titlStmt", "1"), ("rspStmt", "?"), ("prodStmt", "?"), ("distStmt", "?"), ("notes", "*")],
    "titlStmt": [("titl", "1"), ("subTitl", "*"), ("altTitl", "*"), ("parTitl", "*"), ("IDNo", "*")],
    "dataDscr": [("varGrp", "*"), ("nCubeGrp", "*"), ("var", "*"), ("nCube", "*"), ("notes", "*")],
    "varGrp": [("labl", "*"), ("txt", "*"), ("concept", "*"), ("defntn", "*"), ("universe", "*"), ("notes", "*")],
    "var": [
        ("location", "*"),
        ("labl", "*"),
        ("qstn", "*"),
        ("valrng", "*"),
        ("invalrng", "*"),
        ("undocCod", "*"),
        ("universe", "*"),
        ("sumStat", "*"),
        ("txt", "*"),
        ("stdCatgry", "*"),
        ("catgryGrp", "*"),
        ("catgry", "*"),
        ("codInstr", "*"),
        ("verStmt", "*"),
        ("concept", "*"),
        ("derivation", "?"),
        ("varFormat", "?"),
        ("notes", "*"),
    ],
    "catgryGrp": [("labl", "*"), ("catStat", "*"), ("txt", "*")],
    "catgry": [("catValu", "?"), ("labl", "*"), ("txt", "*"), ("catStat", "*"), ("mrow", "?")],
    "range": [],
    "item": [],
}
CHOICES = {
    "qstn": {"preQTxt", "qstnLit", "postQTxt", "forward", "backward", "ivuInstr"},
    "valrng": {"item", "range"},
    "invalrng": {"item", "range"},
}
NEEDS_ONE = {"valrng", "invalrng"}
TEXT = {
    *("titl", "parTitl", "IDNo", "labl", "txt", "universe", "notes", "preQTxt", "qstnLit", "ivuInstr"),
    *("catValu", "catStat", "codInstr", "varFormat"),
}
GLOBALS = {"ID", LANG}
ATTRIBUTES: dict[str, dict[str, str]] = {
    "codeBook": {"version": r"2\.5"},
    "IDNo": {"agency": ".+"},
    "notes": {"type": ".+", "subject": ".+"},
    "varGrp": {"type": "section|grid", "var": ".+", "varGrp": ".+", "name": ".+"},
    "var": {
        "name": ".+",
        "qstn": ".+",
        "dcml": r"\d",
        "intrvl": "contin|discrete",
        "measUnit": ".+",
        "nature": "nominal|ordinal|interval|ratio|percent|other",
        "representationType": "text|numeric|code|datetime|other",
    },
    "qstn": {"responseDomainType": "text|numeric|code|category|datetime|geographic|multiple|other"},
    "range": {"UNITS": "INT|REAL", "min": ".+", "max": ".+"},
    "item": {"VALUE": ".+"},
    "universe": {"clusion": "I|E"},
    "catgry": {"missing": "Y|N", "missType": ".+"},
    "catgryGrp": {"catgry": ".+", "catGrp": ".+"},
    "catStat": {"type": "freq|percent|crosstab|other"},
    "varFormat": {
        "type": "numeric|character",
        "formatname": ".+",
        "schema": "SAS|SPSS|IBM|ANSI|ISO|XML-Data|other",
        "otherSchema": r"[\w.-]+",
        "category": "date|time|currency|other",
    },
}
REQUIRED = {"var": {"name"}, "item": {"VALUE"}}
REFERENCES = {
    ("varGrp", "var"),
    ("varGrp", "varGrp"),
    ("var", "qstn"),
    ("catgryGrp", "catgry"),
    ("catgryGrp", "catGrp"),
}
NCNAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def faults(root: Element) -> list[str]:
    """Where a document departs from the schema's rules."""
    found: list[str] = []
    identities: list[str] = []
    references: list[str] = []
    for element in root.iter():
        name = tag(element)
        found += _content(element, name)
        found += _attributes(element, name)
        identities += [element.get("ID")] if "ID" in element.attrib else []
        references += [
            one for key in element.attrib if (name, key) in REFERENCES for one in element.attrib[key].split()
        ]
    found += [f"{one} is no identity" for one in identities if not NCNAME.fullmatch(one)]
    found += [f"{one} stands twice" for one in set(identities) if identities.count(one) > 1]
    return found + [f"{one} leads nowhere" for one in set(references) - set(identities)]


def tag(element: Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def _content(element: Element, name: str) -> list[str]:
    children = [tag(child) for child in element]
    if name in TEXT:
        return [f"{name} has children"] if children else []
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        return [f"{name} has words between its children"]
    if name in CHOICES:
        strange = [f"{child} in {name}" for child in children if child not in CHOICES[name]]
        return strange + ([f"{name} is empty"] if name in NEEDS_ONE and not children else [])
    if name not in CHILDREN:
        return [f"{name} is not known"]
    return _sequence(name, children)


def _sequence(name: str, children: list[str]) -> list[str]:
    order = [child for child, _ in CHILDREN[name]]
    strange = [f"{child} in {name}" for child in children if child not in order]
    places = [order.index(child) for child in children if child in order]
    wrong = [f"order in {name}: {children}"] if places != sorted(places) else []
    for child, how_many in CHILDREN[name]:
        n = children.count(child)
        if (how_many in "1+" and n == 0) or (how_many in "?1" and n > 1):
            wrong.append(f"{n} {child} in {name}")
    return strange + wrong


def _attributes(element: Element, name: str) -> list[str]:
    known = ATTRIBUTES.get(name, {})
    found = [f"{name} lacks {key}" for key in REQUIRED.get(name, set()) - set(element.attrib)]
    for key, value in element.attrib.items():
        if key not in GLOBALS and (key not in known or not re.fullmatch(known[key], value, re.DOTALL)):
            found.append(f"{name}/@{key} = {value}")
    return found


def parsed(read: Questionnaire, **more: Any) -> Element:
    return fromstring(write_ddi(read, **more))  # noqa: S314  our own bytes


@pytest.fixture(scope="module")
def every() -> Element:
    return parsed(read_questionnaire(document()), identity="ab" * 32)


def select(root: Element, path: str) -> list[Element]:
    return root.findall(re.sub(r"([A-Za-z]\w*)(?=/|\[|$)", r"d:\1", path), {"d": NAMESPACE})


def test_every_type_is_sound_by_the_rules_of_the_schema(every: Element) -> None:
    """Elements, their order, attributes, identities and references."""
    assert faults(every) == []


def test_the_checker_sees_faults(every: Element) -> None:
    """A wrong order, a strange element or attribute, an identity twice, a reference to nothing."""
    for spoil, words in (
        (lambda var: var.append(Element(f"{{{NAMESPACE}}}labl")), "order in var"),
        (lambda var: var.append(Element(f"{{{NAMESPACE}}}colour")), "colour in var"),
        (lambda var: var.set("intrvl", "sometimes"), "var/@intrvl"),
        (lambda var: var.set("ID", "S1"), "S1 stands twice"),
        (lambda var: var.set("qstn", "Q.nobody"), "Q.nobody leads nowhere"),
    ):
        root = parsed(read_questionnaire(questionnaire()))
        spoil(select(root, "dataDscr/var")[0])
        assert any(words in fault for fault in faults(root)), words


def test_random_questionnaires_are_sound() -> None:
    """Whatever the model accepts can be written by the rules."""
    rng = random.Random(3)
    for _ in range(scaled(400, least=15)):
        read = random_questionnaire(rng, shuffled=rng.random() < 0.3)
        assert faults(parsed(read)) == []


@pytest.mark.parametrize("name", [one.name for one in templates()])
def test_templates_are_sound(name: str) -> None:
    """Each template of the library can be handed on."""
    assert faults(parsed(read_questionnaire(template(name)))) == []


def test_no_text_is_lost(every: Element) -> None:
    """Every text of the document stands in an element that carries its language; a pipe stays as it is written."""
    found = {(element.get(LANG), element.text) for element in every.iter()}
    missing = [
        (place, language)
        for place, texts in texts_of(read_questionnaire(document()), "")
        for language, text in texts.items()
        if (language, text) not in found
    ]
    assert missing == []


def test_every_variable_of_the_codebook_is_there(every: Element) -> None:
    """In its order, with every code and missing code."""
    book = codebook(read_questionnaire(document()))
    assert [var.get("name") for var in select(every, "dataDscr/var")] == [one.name for one in book.variables]
    for var, one in zip(select(every, "dataDscr/var"), book.variables, strict=True):
        values = [element.text for element in select(var, "catgry/catValu")]
        written = [absence.written for absence in one.missing if absence.written is not None]
        assert values == [str(category.code) for category in one.codes] + written
        assert [item.get("VALUE") for item in select(var, "invalrng/item")] == written


def variable(root: Element, name: str) -> Element:
    return next(var for var in select(root, "dataDscr/var") if var.get("name") == name)


def test_numbers_have_range_unit_and_format(every: Element) -> None:
    """A number's bounds, its unit in each language, its decimals, and how it is stored."""
    minutes, cost = variable(every, "minutes"), variable(every, "cost")
    assert select(minutes, "valrng/range")[0].attrib == {"UNITS": "INT", "min": "0", "max": "600"}
    assert select(cost, "valrng/range")[0].attrib == {"UNITS": "REAL", "min": "-5"}
    assert (minutes.get("measUnit"), minutes.get("intrvl"), cost.get("dcml")) == ("分钟", "contin", "2")
    units = {note.get(LANG): note.text for note in select(minutes, "notes") if note.get("type") == "unit"}
    assert units == {"zh-Hans": "分钟", "en": "minutes", "ar": "دقيقة"}
    assert select(minutes, "varFormat")[0].get("formatname") == "float64"
    checks = {note.get("subject") for note in select(minutes, "notes") if note.get("type") == "soft_check"}
    assert checks == {". <= 100"}


def test_a_matrix_is_a_grid_of_its_rows(every: Element) -> None:
    """The group names its rows; each row carries the words of the matrix before its own."""
    grid = next(group for group in select(every, "dataDscr/varGrp") if group.get("ID") == "G.aspects")
    assert (grid.get("type"), grid.get("var")) == ("grid", "V.speed V.advice V.site")
    question = select(variable(every, "speed"), "qstn")[0]
    english = [(tag(part), part.text) for part in question if part.get(LANG) == "en"]
    assert english == [("preQTxt", "Please judge each:"), ("qstnLit", "Speed of handling")]
    asked = [element.text for element in select(variable(every, "site"), "universe") if element.get(LANG) == "en"]
    assert asked == ["“How did you come?” is “Online” (2)"]


def test_titles_stand_in_every_language(every: Element) -> None:
    """The first language is the title, the others are parallel; the version's id is told."""
    statement = select(every, "stdyDscr/citation/titlStmt")[0]
    assert [(tag(part), part.get(LANG)) for part in statement][:3] == [
        ("titl", "zh-Hans"),
        ("parTitl", "en"),
        ("parTitl", "ar"),
    ]
    assert [part.text for part in select(statement, "IDNo")] == ["question_types", "ab" * 32]


def test_counts_are_told_per_category() -> None:
    """Where counts are given, and only there."""
    read = read_questionnaire(questionnaire())
    root = parsed(read, counts={"q_overall": {"5": 12}})
    counts = [element.text for element in select(variable(root, "q_overall"), "catgry/catStat")]
    assert counts == ["0", "0", "0", "0", "12", "0"]
    assert select(parsed(read), "dataDscr/var/catgry/catStat") == []


def test_the_same_questionnaire_gives_the_same_bytes() -> None:
    """Nothing of the moment or the machine is in it."""
    assert write_ddi(read_questionnaire(document())) == write_ddi(read_questionnaire(document()))


def test_what_xml_cannot_hold_does_not_break_it() -> None:
    """Control characters become replacement characters, markup stays text, line ends are lines."""
    odd = "a\u0000b \u000c <i>&amp; \ufffe \ud83d\ude00\r\nc".encode("utf-16", "surrogatepass").decode("utf-16")
    root = parsed(read_questionnaire(questionnaire(wish(text={"en": odd}))))
    assert select(root, "dataDscr/var/labl")[0].text == "a\ufffdb \ufffd <i>&amp; \ufffd 😀\nc"
