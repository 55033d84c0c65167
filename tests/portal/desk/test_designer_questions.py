"""The form of a question: every type made anew, rows without scripts, faults that keep what was typed, two at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from browser_forms import form_with, forms_of, press
from desk_city import DRAFT, NOW
from desk_pages import StrictClient
from every_type import every_type
from portal.db import Installation
from survey import drafts, editing, library
from survey.drafts import Draft
from survey.editing import Node, question_of
from survey.questionnaire import read_questionnaire

BASE = f"/desk/questionnaires/drafts/{DRAFT}"
NEW = f"{BASE}/questions/new?section=1&at=7&type="
WORDS = {"text-zh-Hans": "新问题？", "text-en": "A new one?"}


@pytest.fixture
def designer(log_in: Callable[[str], StrictClient]) -> StrictClient:
    return log_in("designer")


def stored(place: Installation) -> Draft:
    with place.database.read() as connection:
        return drafts.load_draft(connection, DRAFT)


def question(place: Installation, variable: str) -> Node:
    return question_of(stored(place).document, variable)


def send(
    designer: StrictClient, address: str, typed: dict[str, str], *, do: str = "", page: str = "", without: Any = ()
) -> TestResponse:
    """Open the form (or take a page that was shown), type, and press Save or another button."""
    page = page or designer.get(address, 200).text
    button = {"name": "do", "value": do} if do else None
    return press(designer, address, page, form_with(page, "show_if-was"), typed, button=button, without=tuple(without))


def rows(name: str, *words: tuple[str, str]) -> dict[str, str]:
    found = {}
    for number, (chinese, english) in enumerate(words):
        found |= {f"{name}-{number}-text-zh-Hans": chinese, f"{name}-{number}-text-en": english}
    return found


YES_NO = rows("choices", ("是", "Yes"), ("否", "No"))
CHOICES = [
    {"code": 1, "text": {"zh-Hans": "是", "en": "Yes"}},
    {"code": 2, "text": {"zh-Hans": "否", "en": "No"}},
]
FIVE = rows("choices", ("很好", "5"), ("好", "4"), ("中", "3"), ("差", "2"), ("很差", "1"))
ENDS = {f"{end}_label-{tag}": end for end in ("first", "last") for tag in ("zh-Hans", "en")}
END = {"zh-Hans": "first", "en": "first"}, {"zh-Hans": "last", "en": "last"}
MADE: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "single": (YES_NO, {"choices": CHOICES}),
    "dropdown": (
        YES_NO | {"shuffled": "y"},
        {"type": "single", "dropdown": True, "choices": CHOICES, "shuffled": True},
    ),
    "five_level": (
        FIVE | {"choices-4-reasons": "慢 | slow\n3 | 远 | far"},
        {
            "choices": [
                *(
                    {"code": 5 - n, "text": {"zh-Hans": words, "en": str(5 - n)}}
                    for n, words in enumerate(["很好", "好", "中", "差"])
                ),
                {
                    "code": 1,
                    "text": {"zh-Hans": "很差", "en": "1"},
                    "reasons": [
                        {"code": 1, "text": {"zh-Hans": "慢", "en": "slow"}},
                        {"code": 3, "text": {"zh-Hans": "远", "en": "far"}},
                    ],
                },
            ]
        },
    ),
    "multiple": (
        YES_NO | {"choices-1-exclusive": "y", "at_most": "1"},
        {"choices": [CHOICES[0], CHOICES[1] | {"exclusive": True}], "at_most": 1},
    ),
    "ranking": (
        YES_NO | {"missing-dont_know": "y"},
        {"choices": CHOICES, "missing": [{"kind": "dont_know", "text": {"zh-Hans": "不知道", "en": "Don't know"}}]},
    ),
    "matrix": (
        YES_NO | rows("rows", ("快", "Fast"), ("近", "Near")) | {"rows-1-variable": "near"},
        {
            "choices": CHOICES,
            "rows": [
                {"variable": "q1_1", "text": {"zh-Hans": "快", "en": "Fast"}},
                {"variable": "near", "text": {"zh-Hans": "近", "en": "Near"}},
            ],
        },
    ),
    "scale": (
        ENDS | {"first": "0", "last": "10", "labels-5-text-zh-Hans": "中", "labels-5-text-en": "middle"},
        {
            "first": 0,
            "last": 10,
            "first_label": END[0],
            "last_label": END[1],
            "labels": [{"code": 5, "text": {"zh-Hans": "中", "en": "middle"}}],
        },
    ),
    "nps": (ENDS, {"first_label": END[0], "last_label": END[1]}),
    "number": (
        {"minimum": "-５", "maximum": "600", "decimals": "1", "unit-zh-Hans": "分钟", "unit-en": "minutes"},
        {"minimum": -5, "maximum": 600, "decimals": 1, "unit": {"zh-Hans": "分钟", "en": "minutes"}},
    ),
    "date": ({"precision": "month", "latest": "today"}, {"precision": "month", "latest": "today"}),
    "text": ({"lines": "1", "max_length": "20", "format": "phone"}, {"lines": 1, "max_length": 20, "format": "phone"}),
    "place": (
        {"places-all": "33 | 浙江 | Zhejiang\r\n  3301 | 杭州 | Hangzhou\r\n\t330102 上城\r\n34 安徽"},
        {
            "places": [
                {"code": "33", "text": {"zh-Hans": "浙江", "en": "Zhejiang"}},
                {"code": "3301", "text": {"zh-Hans": "杭州", "en": "Hangzhou"}, "parent": "33"},
                {"code": "330102", "text": {"zh-Hans": "上城"}, "parent": "33"},
                {"code": "34", "text": {"zh-Hans": "安徽"}},
            ]
        },
    ),
    "consent": (
        {"agree-zh-Hans": "愿意", "agree-en": "Yes", "decline-zh-Hans": "不", "decline-en": "No"},
        {"required": True, "agree": {"zh-Hans": "愿意", "en": "Yes"}, "decline": {"zh-Hans": "不", "en": "No"}},
    ),
    "statement": ({}, {}),
}


@pytest.mark.parametrize("kind", MADE)
def test_each_type_is_made(designer: StrictClient, place: Installation, kind: str) -> None:
    """A form filled in as somebody would gives the question of the document, and one lands on it."""
    typed, expected = MADE[kind]
    answer = send(designer, f"{NEW}{kind}", {**WORDS, **typed})
    assert (answer.status_code, answer.location) == (303, f"{BASE}#q1"), answer.text.partition('class="fault"')[2][:500]
    made = question(place, "q1")
    text = {"zh-Hans": "新问题？", "en": "A new one?"}
    assert made == {"type": kind, "variable": "q1", "text": text} | expected
    document = stored(place).document
    document["languages"] = ["zh-Hans"] if kind == "place" else document["languages"]
    read_questionnaire(editing.filled(document))


def test_types_are_offered_first(designer: StrictClient) -> None:
    """Without a type the page offers all of them, each with what it is for."""
    page = designer.get(f"{BASE}/questions/new?section=0&at=1", 200).text
    for kind in MADE:
        assert f"section=0&amp;at=1&amp;type={kind}" in page
    assert designer.get(f"{BASE}/questions/new?section=9&at=1").status_code == 404


FAULTS: list[tuple[str, dict[str, str], str, str]] = [
    ("overall", {"text-zh-Hans": ""}, "#text-zh-Hans", "Fill this in."),
    ("overall", {"variable": "Overall"}, "#variable", "Use small letters a to z"),
    ("overall", {"variable": "speed"}, "#variable", "Another question has the variable speed."),
    ("overall", {"variable": "token"}, "#variable", "taken by the portal itself"),
    ("overall", {"variable": "wish_reasons"}, "#variable", "taken by the portal itself"),
    ("overall", {"choices-1-code": "5"}, "", "Two choices have the same code."),
    ("overall", {"choices-1-code": "four"}, "#choices-1-code", "A whole number is needed here."),
    ("overall", {"choices-1-code": "10000"}, "#choices-1-code", "At most 9999."),
    ("overall", {"choices-1-text-zh-Hans": "", "choices-1-text-en": ""}, "#choices-1-text-zh-Hans", "Fill this in."),
    ("overall", {"choices-1-missing": "refused"}, "", "It needs the five levels"),
    ("overall", {"choices-3-reasons": "1 | 太慢\n1 | 太远"}, "", "Two reasons under choice 2 have the same code."),
    ("overall", {"choices-0-reasons": "1 | 别的"}, "", "Reason 1 has different words under two choices"),
    ("channels", {"at_least": "5", "at_most": "2"}, "", "It asks for more choices than it allows or has."),
    ("channels", {"at_least": "many"}, "#at_least", "A whole number is needed here."),
    ("aspects", {"rows-0-variable": "overall"}, "#rows-0-variable", "Another question has the variable overall."),
    ("aspects", {"rows-1-show_if": "${wish} = 1"}, "#rows-1-show_if", "wish is asked here or later"),
    ("window", {"choices-all": "1 | 一\n1 | 二"}, "", "Two choices have the same code."),
    ("window", {"choices-all": ""}, "#choices-all", "At least 2 are needed."),
    ("effort", {"first": "1", "last": "1"}, "", "A scale has two to eleven points"),
    ("effort", {"first_label-zh-Hans": "", "first_label-en": ""}, "#first_label-zh-Hans", "Fill this in."),
    ("minutes", {"minimum": "700"}, "", "The smallest number is above the largest."),
    ("visited", {"earliest": "2026-1-1"}, "#earliest", "Give a day like 2026-01-31, or today."),
    ("lives", {"places-all": "33 | 浙江\n33 | 安徽"}, "", "The place 33 comes twice."),
    ("lives", {"places-all": "杭州"}, "#places-all", "A code has letters a to z"),
    ("wish", {"max_length": "5000"}, "#max_length", "At most 4000."),
    ("first_visit", {"checks-0-rule": ". = "}, "#checks-0-rule", "Something lacks at its end."),
    ("first_visit", {"checks-0-rule": ". = ${wish}"}, "#checks-0-rule", "wish is asked here or later"),
    ("first_visit", {"checks-0-text-zh-Hans": "", "checks-0-text-en": ""}, "#checks-0-text-zh-Hans", "Fill this in."),
    ("channels", {"show_if": "${overall} <= 3 and"}, "#show_if", "Something lacks at its end."),
    ("minutes", {"end_if": ". > ${lives}"}, "#end_if", "lives is asked here or later"),
]


@pytest.mark.parametrize(("variable", "typed", "link", "words"), FAULTS)
def test_faults_stand_beside_their_field_and_lose_nothing(
    designer: StrictClient, place: Installation, variable: str, typed: dict[str, str], link: str, words: str
) -> None:
    """The fault links to its field, everything typed is on the page again, and nothing was saved."""
    more = {"hint-en": "My own hint", "text-en": "My own words"}
    page = send(designer, f"{BASE}/questions/{variable}", {**more, **typed})
    assert page.status_code == 200
    assert words in page.text
    if link:
        assert f'<a href="{link}">' in page.text
        assert f'id="{link[1:]}"' in page.text
    sent = dict(form_with(page.text, "show_if-was").fields)
    for name, value in {**more, **typed}.items():
        assert sent[name].replace("\r\n", "\n") == value, name
    assert stored(place).revision == 1


def test_faults_are_told_in_chinese(designer: StrictClient) -> None:
    """In the page's language, whatever the document model says; the page keeps its rules."""
    designer.language = "zh-Hans"
    for variable, typed, _, words in FAULTS:
        page = send(designer, f"{BASE}/questions/{variable}", typed)
        assert page.status_code == 200
        assert words not in page.text


def test_a_new_name_is_followed(designer: StrictClient, place: Installation) -> None:
    """Conditions elsewhere read the new name, and one lands on the question under it."""
    answer = send(designer, f"{BASE}/questions/overall", {"variable": "total"})
    assert answer.location == f"{BASE}#total"
    assert question(place, "channels")["show_if"] == "${total} <= 3 and answered(${first_visit})"
    send(designer, f"{BASE}/questions/aspects", {"rows-0-variable": "quickness"})
    assert [row["variable"] for row in question(place, "aspects")["rows"]] == ["quickness", "manner"]


def test_rows_move_and_go_without_saving(designer: StrictClient, place: Installation) -> None:
    """Up, down, delete and more rows show the form again with all that was typed; Save keeps the new order."""
    address = f"{BASE}/questions/channels"
    page = send(designer, address, {"choices-0-text-en": "Window", "text-en": "Typed"}, do="down:choices:0").text
    assert stored(place).revision == 1
    page = send(designer, address, {}, do="away:choices:3", page=page).text
    page = send(designer, address, {}, do="more:choices", page=page).text
    typed = {"choices-6-text-zh-Hans": "电话", "choices-6-text-en": "Telephone"}
    assert send(designer, address, typed, page=page).status_code == 303
    made = question(place, "channels")
    assert made["text"]["en"] == "Typed"
    assert [(one["code"], one["text"]["en"]) for one in made["choices"]] == [
        (2, "Online"),
        (1, "Window"),
        (3, "Other"),
        (9, "Do not remember"),
        (10, "Telephone"),
    ]
    assert made["choices"][2] == question_of(every_type(), "channels")["choices"][2]


@pytest.mark.parametrize(
    ("lines", "made"),
    [
        ("是\n否", [(1, {"zh-Hans": "是"}), (2, {"zh-Hans": "否"})]),
        ("A. 是\nB、否", [(1, {"zh-Hans": "是"}), (2, {"zh-Hans": "否"})]),
        ("3. 是\n4、否", [(3, {"zh-Hans": "是"}), (4, {"zh-Hans": "否"})]),
        ("3 months\n3.5 hours", [(1, {"zh-Hans": "3 months"}), (2, {"zh-Hans": "3.5 hours"})]),
        ("是 | Yes\n7 | 否 | No", [(8, {"zh-Hans": "是", "en": "Yes"}), (7, {"zh-Hans": "否", "en": "No"})]),
        ("1\t是\tYes\n2\t否", [(1, {"zh-Hans": "是", "en": "Yes"}), (2, {"zh-Hans": "否"})]),
    ],
)
@pytest.mark.parametrize("button", ["lines:choices", ""])
def test_lines_are_pasted(
    designer: StrictClient, place: Installation, lines: str, made: list[tuple[int, dict[str, str]]], button: str
) -> None:
    """Words, codes, languages, spreadsheets; taken by their own button, or with the whole form."""
    address = f"{NEW}single"
    page = designer.get(address).text
    typed = {**WORDS, "choices-lines": lines}
    if button:
        page, typed = send(designer, address, typed, do=button).text, {}
    assert send(designer, address, typed, page=page).status_code == 303
    assert [(one["code"], one["text"]) for one in question(place, "q1")["choices"]] == made


def test_lines_become_rows_of_a_table(designer: StrictClient, place: Installation) -> None:
    """Words in each language, with a variable before them or without; a number only counts them."""
    address = f"{BASE}/questions/aspects"
    lines = "整洁 | Tidiness\n路程\n5. 距离\nopen_hours | 时间 | Hours"
    page = send(designer, address, {"rows-lines": lines}, do="lines:rows").text
    assert send(designer, address, {}, page=page).status_code == 303
    rows = question(place, "aspects")["rows"][2:]
    assert [row["variable"] for row in rows] == ["aspects_3", "aspects_4", "aspects_5", "open_hours"]
    texts = [{"zh-Hans": "整洁", "en": "Tidiness"}, {"zh-Hans": "路程"}, {"zh-Hans": "距离"}]
    assert [row["text"] for row in rows] == [*texts, {"zh-Hans": "时间", "en": "Hours"}]


def test_lines_without_room_are_not_lost(designer: StrictClient, place: Installation) -> None:
    """More lines than a page shows rows stay lines; saving takes them all."""
    address = f"{BASE}/questions/channels"
    lines = "\n".join(f"选项{number}" for number in range(300))
    page = send(designer, address, {"choices-lines": lines}, do="lines:choices").text
    sent = dict(form_with(page, "show_if-was").fields)
    assert sent["choices-lines"].split() == [f"选项{number}" for number in range(95, 300)]
    assert sent["choices-99-text-zh-Hans"] == "选项94"
    assert send(designer, address, {}, page=page).status_code == 303
    assert len(question(place, "channels")["choices"]) == 305


def test_a_long_list_is_edited_as_lines(designer: StrictClient, place: Installation) -> None:
    """More than a hundred choices are one field; a changed line changes its words, the others keep all they have."""
    page = designer.get(f"{BASE}/questions/window", 200).text
    lines = dict(form_with(page, "choices-all").fields)["choices-all"].replace(
        "7 | 7号 | No. 7\r\n", "7 | 柒 | Seven\r\n"
    )
    send(designer, f"{BASE}/questions/window", {"choices-all": lines + "\r\n最后 | The last"})
    choices = question(place, "window")["choices"]
    assert choices[6] == {"code": 7, "text": {"zh-Hans": "柒", "en": "Seven"}}
    assert choices[120] == {"code": 121, "text": {"zh-Hans": "最后", "en": "The last"}}
    assert len(choices) == 121


def test_reworded_reasons_hold_everywhere(designer: StrictClient, place: Installation) -> None:
    """One code means one thing: other words for it under one choice are its words under all."""
    send(
        designer,
        f"{BASE}/questions/overall",
        {"choices-3-reasons": "1 | 等太久 | Too slow\n2 | 态度不好 | Unfriendly staff"},
    )
    reasons = [one["reasons"][0]["text"]["en"] for one in question(place, "overall")["choices"] if "reasons" in one]
    assert reasons == ["Too slow", "Too slow"]


def test_units_become_places(designer: StrictClient, place: Installation) -> None:
    """The units below one of the tree, each under what it belongs to; saved only when Save is pressed."""
    address = f"{BASE}/questions/lives"
    page = send(designer, address, {"units_top": "tax"}, do="units").text
    assert stored(place).revision == 1
    send(designer, address, {}, page=page)
    assert [place["code"] for place in question(place, "lives")["places"]] == ["tax-east", "tax-west"]
    page = send(designer, address, {"units_top": ""}, do="units").text
    send(designer, address, {}, page=page)
    parents = {one["code"]: one.get("parent") for one in question(place, "lives")["places"]}
    assert parents == {"city": None, "tax": "city", "tax-east": "tax", "tax-west": "tax", "police": "city"}


CHANGES = [
    ("first_visit", "multiple", {"choices", "checks"}),
    ("first_visit", "dropdown", {"choices", "checks", "dropdown", "shuffled"}),
    ("channels", "single", {"choices", "show_if"}),
    ("channels", "ranking", {"choices", "missing", "show_if", "at_most"}),
    ("order_of", "single", {"choices"}),
    ("effort", "nps", {"first_label", "last_label", "missing"}),
    ("recommend", "scale", {"first_label", "last_label", "first", "last"}),
    ("overall", "single", {"choices", "hint", "required"}),
]


@pytest.mark.parametrize(("variable", "kind", "kept"), CHANGES)
def test_a_type_becomes_a_related_one(
    designer: StrictClient, place: Installation, variable: str, kind: str, kept: set[str]
) -> None:
    """What fits is kept, typed words too; it is saved only when Save is pressed, and the question holds."""
    address = f"{BASE}/questions/{variable}"
    page = send(designer, address, {"type": kind, "text-en": "Typed"}, do="type").text
    assert stored(place).revision == 1
    assert "look it over, then save" in page
    answer = send(designer, address, {}, page=page)
    assert answer.status_code == 303, answer.text.partition('class="fault"')[2][:500]
    made = question(place, variable)
    assert made["type"] == ("single" if kind == "dropdown" else kind)
    assert kept <= set(made)
    assert made["text"]["en"] == "Typed"
    read_questionnaire(stored(place).document)


def test_choices_that_stand_for_no_answer_find_their_place(designer: StrictClient, place: Installation) -> None:
    """Ranked, “do not remember” stands beside the choices; back among them it means the same."""
    address = f"{BASE}/questions/channels"
    send(designer, address, {}, page=send(designer, address, {"type": "ranking"}, do="type").text)
    made = question(place, "channels")
    assert made["missing"] == [{"kind": "dont_know", "text": {"zh-Hans": "记不清", "en": "Do not remember"}}]
    assert [one["code"] for one in made["choices"]] == [1, 2, 3, 8]
    send(designer, address, {}, page=send(designer, address, {"type": "single"}, do="type").text)
    assert question(place, "channels")["choices"][-1]["missing"] == "dont_know"


def test_only_related_types_are_offered(designer: StrictClient, place: Installation) -> None:
    """A number does not become a table, whatever is sent."""
    page = send(designer, f"{BASE}/questions/minutes", {"type": "matrix", "kind": "matrix"})
    assert page.status_code == 303
    assert question(place, "minutes")["type"] == "number"


def edited(place: Installation, variable: str, words: str) -> None:
    """The administrator's change of the same question meanwhile."""
    made = {**question(place, variable), "text": {"zh-Hans": "别人的", "en": words}}
    with place.database.write() as connection:
        drafts.change(
            connection,
            DRAFT,
            lambda document: editing.set_question(document, variable, made),
            seen=stored(place).revision,
            touches=lambda document: editing.question_or_none(document, variable),
            action=f"edit {variable}",
            by="1",
            now=NOW,
        )


def test_two_at_the_same_question(designer: StrictClient, place: Installation) -> None:
    """Both versions stand side by side; “take mine anyway” sends all that was typed, in one press."""
    address = f"{BASE}/questions/wish"
    page = designer.get(address).text
    edited(place, "wish", "Their words")
    answer = send(designer, address, {"text-en": "My words", "max_length": "300"}, page=page)
    assert answer.status_code == 409
    assert "Administrator Li changed the same part" in answer.text
    assert "My words" in answer.text
    assert "Their words" in answer.text
    assert question(place, "wish")["text"]["en"] == "Their words"
    again = press(designer, address, answer.text, form_with(answer.text, "show_if-was"))
    assert again.status_code == 303
    made = question(place, "wish")
    assert (made["text"]["en"], made["max_length"]) == ("My words", 300)


def test_two_at_different_questions(designer: StrictClient, place: Installation) -> None:
    """Both are kept, and the second is told."""
    address = f"{BASE}/questions/minutes"
    page = designer.get(address).text
    edited(place, "wish", "Their words")
    assert send(designer, address, {"text-en": "Mine"}, page=page).status_code == 303
    assert "both changes are kept" in designer.get(BASE).text
    assert question(place, "wish")["text"]["en"] == "Their words"


def test_a_question_deleted_meanwhile_can_be_saved_anew(designer: StrictClient, place: Installation) -> None:
    """What was typed is shown with what happened, and becomes a question again when it is sent on purpose."""
    address = f"{BASE}/questions/visited"
    page = designer.get(address).text
    with place.database.write() as connection:
        drafts.change(
            connection,
            DRAFT,
            lambda document: editing.delete_question(document, "visited"),
            seen=1,
            touches=lambda document: None,
            action="delete visited",
            by="1",
            now=NOW,
        )
    answer = send(designer, address, {"text-en": "My words"}, page=page)
    assert "deleted or renamed this question meanwhile" in answer.text
    again = press(designer, address, answer.text, form_with(answer.text, "show_if-was"))
    assert again.status_code == 303, again.text
    made = question(place, "visited")
    assert (made["text"]["en"], made["latest"]) == ("My words", "today")


def test_saving_twice_adds_one_question(designer: StrictClient, place: Installation) -> None:
    """A double tap on Save is told as such; it makes no second question."""
    address = f"{NEW}statement"
    page = designer.get(address).text
    assert send(designer, address, WORDS, page=page).status_code == 303
    answer = send(designer, address, WORDS, page=page)
    assert answer.status_code in (200, 409)
    assert len(list(editing.questions(stored(place).document))) == 15


@pytest.fixture
def standard(designer: StrictClient, place: Installation) -> str:
    """A locked standard item in the draft; its variable."""
    item = next(one for one in library.bank() if one.locked and one.question["type"] == "five_level")
    address = f"{BASE}/bank"
    page = designer.get(address).text
    press(designer, address, page, form_with(page, "csrf_token", "seen"), {"item": item.name})
    return item.name


def test_a_standard_item_keeps_its_words(designer: StrictClient, place: Installation, standard: str) -> None:
    """Its form offers no field for them; what is sent all the same changes nothing but what may change."""
    address = f"{BASE}/questions/{standard}"
    before = question(place, standard)
    page = designer.get(address, 200).text
    names = {name for name, _ in form_with(page, "show_if-was").fields}
    assert not {"text-en", "variable", "choices-0-code", "type"} & names
    forged = {
        "text-en": "Other",
        "choices-0-text-en": "Other",
        "choices-0-code": "7",
        "variable": "other",
        "type": "single",
    }
    send(designer, address, {"required": "y", "show_if": "${overall} = 1", "show_if-was": "", **forged}, page=page)
    assert question(place, standard) == before | {"required": True, "show_if": "${overall} = 1"}


def test_unlocking_makes_it_ones_own(designer: StrictClient, place: Installation, standard: str) -> None:
    """Told beforehand what ends with it; then every part can be changed, and nothing claims to be the standard item."""
    address = f"{BASE}/questions/{standard}"
    page = designer.get(address).text
    assert "can no longer be compared" in page
    form = next(one for one in forms_of(page) if one.action.endswith("/unlock"))
    assert press(designer, address, page, form).location == address
    assert not {"locked", "bank"} & set(question(place, standard))
    send(designer, address, {"text-en": "My own"})
    assert question(place, standard)["text"]["en"] == "My own"


def test_a_form_too_large_is_refused_kindly(designer: StrictClient, place: Installation) -> None:
    """More than a request may hold is 413, not a failure."""
    page = designer.get(f"{BASE}/questions/wish").text
    answer = send(designer, f"{BASE}/questions/wish", {"text-en": "x" * 300_000}, page=page)
    assert answer.status_code == 413
    assert stored(place).revision == 1
