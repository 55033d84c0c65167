"""Files of any format: what is in them decides, what is not read is named, and nothing ever falls over."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from given_files import given as given_file
from given_files import given_or_none
from scale import scaled
from survey.canonical import canonical_json
from survey.errors import QuestionnaireError
from survey.formats.files import read_file
from survey.formats.own import write_own
from survey.formats.report import Fate
from survey.parts import Name
from survey.questionnaire import read_questionnaire
from town import questionnaire as town_questionnaire

FOLDER = given_or_none("given-questionnaires")
REAL = sorted(path.name for path in FOLDER.iterdir() if path.name[0] == "G") if FOLDER else []
NAMED = {
    "G12_ddi_codebook_cps_00158.xml": "codebook, which describes data and not a form",
    "G12_ddi_codebook_cps_00158_data.csv.gz": "gzip",
    "G13_gsa_touchpoints_form_api_export.json": "Touchpoints",
}
# five of its seven constructs: a language that it declares has no words, a condition asks for what is not in the file
LESS = {"G04_limesurvey_group_en_hr_db612.lsg": 0.71}
TEXT = "满意度调查\n1. 您的性别*[单选题]\nA. 男\nB. 女\n2. 您的建议[填空题]\n"
ONS: dict[str, Any] = {
    "mime_type": "application/json/ons/eq",
    "title": "Bins",
    "language": "en",
    "sections": [
        {
            "id": "s",
            "enabled": {"when": {"==": [{"source": "answers", "identifier": "none"}, None]}},
            "groups": [
                {
                    "id": "g",
                    "blocks": [
                        {
                            "id": "b1",
                            "type": "Question",
                            "question": {
                                "id": "q1",
                                "type": "General",
                                "title": {"text": "Are {x}?", "placeholders": [{"placeholder": "x", "value": {}}]},
                                "answers": [
                                    {
                                        "id": "a1",
                                        "type": "Radio",
                                        "mandatory": True,
                                        "options": [
                                            {"label": "Yes", "value": "Yes"},
                                            {"label": "No", "value": "No", "detail_answer": {"id": "d"}},
                                        ],
                                    }
                                ],
                            },
                            "routing_rules": [
                                {
                                    "block": "b3",
                                    "when": {"in": [{"source": "answers", "identifier": "a1"}, ["No"]]},
                                },
                                {"block": "b2"},
                            ],
                        },
                        {"id": "b2", "type": "Interstitial", "content": {"title": "T", "contents": [{"list": ["x"]}]}},
                        {
                            "id": "b3",
                            "type": "Question",
                            "skip_conditions": {"when": {">": [{"source": "answers", "identifier": "a1"}, 3]}},
                            "question": {
                                "id": "q3",
                                "type": "General",
                                "title": "How many?",
                                "answers": [
                                    {"id": "a3", "type": "Number", "minimum": {"value": 1}, "maximum": {"value": 5}},
                                    {"id": "a4", "type": "Date", "minimum": {"value": "now"}},
                                ],
                            },
                        },
                    ],
                }
            ],
        }
    ],
}
XIAOJU: dict[str, Any] = {
    "title": "满意度",
    "pageConf": [1, 3],
    "dataConf": {
        "dataList": [
            {
                "field": "d1",
                "type": "radio",
                "title": "去过吗",
                "isRequired": True,
                "options": [{"text": "去过", "hash": "1"}, {"text": "没有", "hash": "2", "others": True}],
            },
            {"field": "d2", "type": "radio-star", "title": "几星", "rangeConfig": {"1": {"isShowInput": True}}},
            {
                "field": "d3",
                "type": "cascader",
                "title": "哪里",
                "cascaderData": {"children": [{"text": "东区", "hash": "e", "children": [{"text": "甲街"}]}]},
            },
            {"field": "d4", "type": "text", "title": "手机", "valid": "m", "textRange": {"min": {"value": 3}}},
        ]
    },
    "logicConf": {
        "showLogicConf": [
            {"conditions": [{"field": "d1", "operator": "in", "value": ["1"]}], "scope": "question", "target": "d2"}
        ],
        "jumpLogicConf": [
            {"conditions": [{"field": "d1", "operator": "in", "value": "2"}], "scope": "question", "target": "end"}
        ],
    },
}


def read(data: bytes, filename: str = "file", **more: str) -> dict[str, Any]:
    return read_file(filename, data, **more).document


def zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return held.getvalue()


# --- real files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in REAL if name not in NAMED])
def test_real_files_are_read(name: str) -> None:
    """Every real file that is read gives a document that can be published, and 85 % of it at least is mapped."""
    data = (Path(given_file("given-questionnaires")) / name).read_bytes()
    report = read_file(name, data)
    assert read_questionnaire(report.document).questions
    told = f"{name}: {report.mapped_share:.1%} of {len(report.constructs)} constructs"
    assert report.mapped_share >= LESS.get(name, 0.85), told
    assert all(one.reason for one in report.constructs if one.fate is Fate.LEFT_OUT), told


@pytest.mark.parametrize("name", [name for name in REAL if name in NAMED])
def test_real_files_that_are_not_read_are_named(name: str) -> None:
    """Who brings a codebook or another program's form is told what it is."""
    data = (Path(given_file("given-questionnaires")) / name).read_bytes()
    with pytest.raises(QuestionnaireError, match=NAMED[name]):
        read_file(name, data)


# --- what a file is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (TEXT.encode(), "plain text"),
        (TEXT.encode("gb18030"), "plain text"),
        (TEXT.encode("utf-16"), "plain text"),
        (json.dumps(XIAOJU).encode(), "xiaoju-survey"),
        (json.dumps({"code": XIAOJU}).encode(), "xiaoju-survey"),
        (json.dumps(ONS).encode(), "ONS questionnaire schema"),
        (b"\xef\xbb\xbf" + json.dumps(ONS).encode(), "ONS questionnaire schema"),
        (json.dumps(town_questionnaire()).encode(), "minyi-questionnaire/1"),
    ],
)
def test_what_is_in_a_file_decides(data: bytes, kind: str) -> None:
    """Whatever it is called."""
    for name in ("a.txt", "a.json", "a.xlsx", ""):
        assert read_file(name, data).format == kind


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (gzip.compress(TEXT.encode()), "gzip"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"$FL2@(#) SPSS DATA FILE", "SPSS"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Word"),
        (zipped(word__document_xml=b"<w/>"), "Word document"),
        (zipped(**{"notes.txt": b"hello"}), "archive without a questionnaire"),
        (b"<!DOCTYPE html><html><body>1. Hello?</body></html>", "HTML"),
        (b'<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms"/>', "XForm"),
        (b'<?xml version="1.0"?><codeBook xmlns="ddi:codebook:2_5"/>', "describes data and not a form"),
        (b"<other/>", "XML of another kind"),
        (b'{"pages": [{"elements": [{"type": "text", "name": "q"}]}]}', "SurveyJS"),
        (b'{"SurveyEntry": {}, "SurveyElements": []}', "Qualtrics"),
        (b'{"data": {"type": "forms", "attributes": {}}}', "Touchpoints"),
        (b'{"questions": [{"headline": "x"}]}', "Formbricks"),
        (b'{"asset_type": "survey", "content": {"survey": [{"type": "text"}]}}', "Kobo"),
        (b'{"format": "minyi-plan/1"}', "no questionnaire"),
        (b'[{"a": 1}, {"a": 2}]', "table of data"),
        (b'{"a": 1}', "no questionnaire that is known"),
        (b"id,age,sex\n1,2,3\n2,3,4\n", "table of data"),
        (b"hello there", "No numbered question"),
    ],
)
def test_what_is_not_read_is_named(data: bytes, said: str) -> None:
    """And what could be brought in its place."""
    with pytest.raises(QuestionnaireError, match=said) as refused:
        read(data)
    assert refused.value.hint or refused.value.expected


def test_a_spreadsheet_of_data_is_no_form() -> None:
    """It has no sheet that asks anything."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as workbook:
        workbook.add_worksheet("data").write_row(0, 0, ["id", "age", "sex"])
    with pytest.raises(QuestionnaireError, match="no XLSForm"):
        read(held.getvalue(), "answers.xlsx")


BOMB = zipped(**{"xl/workbook.xml": b"\0" * 30_000_000})
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType>&b;</document>"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (b"1. ????\n????\n????\n2. ????\n", "ruined"),
        (TEXT.encode() + b"\0", "neither text"),
        (zipped(**{"xl/workbook.xml": b"x" * 5000})[:-40], "broken"),
        (BOMB, "beyond all measure"),
        (LAUGHS, "entities"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
        (b'{"sections": NaN}', "NaN is no number"),
        (b'{"sections": 1e999}', "beyond all numbers"),
        (b'{"sections": ' + b"9" * 5000 + b"}", "broken"),
        (b'{"sections": [', "broken"),
        (b'"\\"' * 300_000, "numbered question"),
        (b"{" + b'"\\"' * 300_000, "broken"),
        (b"<a><b></a>", "XML is broken"),
        (b'{"format": "minyi-questionnaire/1", "sections": 3}', "cannot be used"),
        (b'{"format": "minyi-questionnaire/1", "seed": 1.5}', "no place in it"),
    ],
)
def test_ruined_and_harmful_files_are_refused_with_the_reason(data: bytes, said: str) -> None:
    """Quickly, and without reading further than needed."""
    with pytest.raises(QuestionnaireError, match=said):
        read(data)


def test_the_name_is_made_from_the_files() -> None:
    """A valid name, whatever the file is called; a given one wins."""
    wanted = {
        "Bin Survey (final).txt": "bin_survey_final",
        "2026_Umfrage Müll.txt": "umfrage_mull",
        "满意度.txt": "questionnaire",
        "../../etc/passwd": "passwd",
        "C:\\a\\Waste.txt": "waste",
        "x" * 300 + ".txt": "x" * 40,
    }
    pattern = Name.__metadata__[0].pattern  # type: ignore[attr-defined]
    for filename, name in wanted.items():
        assert read(TEXT.encode(), filename)["name"] == name
        assert re.fullmatch(pattern, name)
    assert read(TEXT.encode(), "a.txt", name="mine")["name"] == "mine"
    with pytest.raises(QuestionnaireError):
        read(TEXT.encode(), "a.txt", name="Not A Name")


def test_a_text_without_chinese_asks_for_its_language() -> None:
    """A guess would put a wrong language on every page."""
    report = read_file("a.txt", b"1. Do you agree?\nYes\nNo\n")
    assert any("name its language" in one for one in report.warnings)
    assert read_file("a.txt", b"1. Do you agree?\nYes\nNo\n", language="en").warnings == []


# --- our own ---------------------------------------------------------------------------------------------------------


def test_our_own_json_comes_back_byte_for_byte() -> None:
    """Written, read and written again: the same bytes, for our own documents and for those that imports give."""
    documents = [
        town_questionnaire(),
        *(read(json.dumps(one).encode()) for one in (ONS, XIAOJU)),
        read(TEXT.encode()),
    ]
    for document in documents:
        written = write_own(document)
        report = read_file("anything.json", written)
        assert report.document == document
        assert write_own(report.document) == written == canonical_json(document)
        assert report.mapped_share == 1.0


def test_every_part_of_our_own_json_is_counted() -> None:
    """Sections, questions, rows and choices, all mapped."""
    kinds = [one.kind for one in read_file("a.json", write_own(read(TEXT.encode()))).constructs]
    assert kinds == ["section", "single", "choice", "choice", "text"]


# --- whatever comes --------------------------------------------------------------------------------------------------


def reads_or_refuses(filename: str, data: bytes) -> None:
    """What comes out can be published, or is refused in words."""
    try:
        report = read_file(filename, data)
    except QuestionnaireError as refused:
        assert str(refused)
    else:
        read_questionnaire(report.document)


STARTS = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<?xml version='1.0'?><document>",
    b"{",
    b"[",
    b"1. ",
]


@settings(max_examples=scaled(4000), deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=400))
@example(b"", b"\x1f\x8b")
def test_bytes_of_any_kind_never_fall_over(start: bytes, rest: bytes) -> None:
    """Random bytes, also behind the signs by which formats are told."""
    reads_or_refuses("x.bin", start + rest)


SAID = """1. 您的性别*[单选题]
2、多选[多选题][最少选2项]
3. 矩阵[矩阵量表题]
4. 量表[量表题]
5. 排序[排序题]
6. NPS[NPS]
7. 日期[日期题]
8. (跳至第2题)
99. x[比重题]
一、基本信息
第二部分
=== 分页 ===
依赖于第1题第2;3个选项
A. 男（跳至第3题）
B. 女 → 结束
很差 一般 很好
○ 是 ○ 否
姓名____ 电话____
其他____
以上都不是
[段落说明]看这里
说明：x
0 1 2 3 4 5
1=差，5=好
行：甲；乙
列：一；二
谢谢！
#
**
"""
LINES = st.lists(st.one_of(st.sampled_from(SAID.splitlines()), st.text(max_size=30)), max_size=25)


@settings(max_examples=scaled(6000), deadline=None)
@given(LINES)
def test_lines_in_any_order_never_fall_over(lines: list[str]) -> None:
    """Questions, marks, jumps and tables, shuffled and cut as they come."""
    reads_or_refuses("x.txt", "\n".join(line.strip() for line in lines).encode("utf-8", "replace"))


JUNK: list[Any] = [
    None,
    True,
    -1,
    0,
    1.5,
    10**12,
    "",
    "x",
    "<b>y</b>",
    "${q1}",
    [],
    {},
    [[]],
    {"source": "answers"},
    "\ud800",
]


def broken(rng: random.Random, node: Any) -> Any:
    """The same JSON with something in it gone, doubled or replaced."""
    if rng.random() < 0.06:
        return rng.choice(JUNK)
    if isinstance(node, dict):
        kept = {key: broken(rng, value) for key, value in node.items() if rng.random() > 0.03}
        return kept | (
            {rng.choice(["when", "title", "extra", "type"]): rng.choice(JUNK)} if rng.random() < 0.05 else {}
        )
    if isinstance(node, list):
        made = [broken(rng, value) for value in node if rng.random() > 0.03]
        return made + made[:1] if rng.random() < 0.1 else made
    return node


@pytest.mark.parametrize("document", [ONS, XIAOJU, town_questionnaire()], ids=["ons", "xiaoju", "own"])
def test_broken_json_never_falls_over(document: dict[str, Any]) -> None:
    """Parts gone, doubled or replaced by anything at all."""
    rng = random.Random(11)
    for _ in range(scaled(20_000, least=1000)):
        reads_or_refuses("x.json", json.dumps(broken(rng, document)).encode())


@pytest.mark.parametrize("name", [name for name in REAL if name.endswith((".xlsx", ".lsa", ".lsg", ".json", ".txt"))])
def test_real_files_cut_and_bent_never_fall_over(name: str) -> None:
    """A real file with bytes changed, cut off, or sent twice."""
    data = (Path(given_file("given-questionnaires")) / name).read_bytes()
    rng = random.Random(len(data))
    for _ in range(scaled(200)):
        bent = bytearray(data[: rng.randint(1, len(data))] if rng.random() < 0.3 else data)
        for _ in range(rng.randint(0, 6)):
            bent[rng.randrange(len(bent))] = rng.randrange(256)
        reads_or_refuses(name, bytes(bent))
