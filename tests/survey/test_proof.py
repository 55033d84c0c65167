"""The proof of routing: each rule finds its fault, shows it by a walk, and keeps quiet where there is none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from counter import questionnaire, rating
from shown_by import shows
from survey.answers import replay
from survey.findings import Finding, Severity
from survey.logic import TODAY
from survey.proof import paths, prove, walk_to
from survey.proof.search import Budget, UndecidedError
from survey.questionnaire import Questionnaire, read_questionnaire

CODES = [{"code": code, "text": {"en": f"choice {code}"}} for code in (1, 2, 3)]
DONT_KNOW = {"code": 9, "text": {"en": "don't know"}, "missing": "dont_know"}
UNDER_A = [{"code": code, "text": {"en": code}, "parent": "A"} for code in ("B", "C")]
REFUSED = [{"kind": "refused", "text": {"en": "rather not say"}}]


def asked(variable: str, kind: str = "single", **more: Any) -> dict[str, Any]:
    choices = {"choices": CODES} if kind in ("single", "multiple", "ranking", "matrix") else {}
    role = {} if kind in ("consent", "statement") else {"role": "item"}
    return {"type": kind, "variable": variable, "text": {"en": f"Question {variable}"}, **role, **choices, **more}


def matrix(variable: str, *conditions: str | None, **more: Any) -> dict[str, Any]:
    rows = [
        {"variable": f"{variable}_{place}", "text": {"en": f"row {place}"}} | ({"show_if": one} if one else {})
        for place, one in enumerate(conditions)
    ]
    return asked(variable, "matrix", rows=rows, **more)


def check(rule: str, *, soft: bool = False, text: str = "Really?") -> dict[str, Any]:
    return {"rule": rule, "text": {"en": text}, "soft": soft}


def document(*questions: dict[str, Any], **more: Any) -> Questionnaire:
    return read_questionnaire(questionnaire(*questions, **more))


def sections(*parts: dict[str, Any]) -> Questionnaire:
    return read_questionnaire(questionnaire(sections=list(parts)))


def found(read: Questionnaire, **more: Any) -> list[tuple[str, str]]:
    """Rule and place of each finding, after checking that every walk shows what it is given for."""
    findings = prove(read, **more)
    for one in findings:
        assert one.walk is None or shows(read, one), one
        assert one.walk is not None or one.severity is Severity.ADVICE, one
    return [(one.rule, one.place) for one in findings]


def only(read: Questionnaire, rule: str) -> Finding:
    (finding,) = [one for one in prove(read) if one.rule == rule]
    return finding


Q1 = asked("q1", required=True)
AGE = asked("age", "number", minimum=18, maximum=99, required=True)
DAY = asked("day", "date", required=True)
SHARE = asked("share", "number", minimum=0, maximum=1)
TOWN = asked("town", "place", places=[{"code": "A", "text": {"en": "A"}}, *UNDER_A])
ROW = {"variable": "m_1", "text": {"en": "So ${q1}"}}
PLAIN_ROW = {"variable": "m_2", "text": {"en": "Well"}}
SAID = asked("said", "text", required=True)

FAULTS: dict[str, tuple[list[dict[str, Any]], set[tuple[str, str]]]] = {
    "a code out of reach": (
        [Q1, asked("q2", show_if="${q1} > 2 and ${q1} < 3")],
        {("contradictory", "q2"), ("unreachable", "q2")},
    ),
    "together with the condition before it": (
        [Q1, asked("q2", show_if="${q1} = 1"), asked("q3", show_if="answered(${q2}) and ${q1} = 2")],
        {("unreachable", "q3")},
    ),
    "behind an end": (
        [asked("q1", required=True, end_if=". = 1"), asked("q2", show_if="${q1} = 1")],
        {("unreachable", "q2")},
    ),
    "behind a check": (
        [asked("q1", checks=[check(". != 2")]), asked("q2", show_if="${q1} = 2")],
        {("unreachable", "q2")},
    ),
    "behind a soft check one can go on": (
        [asked("q1", checks=[check(". != 2", soft=True)]), asked("q2", show_if="${q1} = 2")],
        set(),
    ),
    "bounds of numbers": (
        [AGE, asked("q2", show_if="${age} <= 18 and ${age} != 18")],
        {("unreachable", "q2"), ("contradictory", "q2")},
    ),
    "a sum out of bounds": (
        [AGE, asked("old", "number", minimum=18, maximum=99), asked("q2", show_if="${age} + ${old} > 198")],
        {("unreachable", "q2"), ("contradictory", "q2"), ("impossible_value", "q2")},
    ),
    "a sum that can be met": (
        [AGE, asked("old", "number", minimum=18, maximum=99), asked("q2", show_if="${age} + ${old} = 100")],
        set(),
    ),
    "decimals": (
        [SHARE | {"decimals": 2}, asked("q2", show_if="${share} > 0.98 and ${share} < 1")],
        set(),
    ),
    "between two decimals": (
        [SHARE | {"decimals": 1}, asked("q2", show_if="${share} > 0.9 and ${share} < 1")],
        {("unreachable", "q2"), ("contradictory", "q2")},
    ),
    "exclusive choices": (
        [
            asked("m", "multiple", choices=[*CODES[:2], CODES[2] | {"exclusive": True}]),
            asked("q2", show_if="selected(${m}, 3) and count-selected(${m}) > 1"),
        ],
        {("unreachable", "q2"), ("contradictory", "q2")},
    ),
    "at most one": (
        [asked("m", "multiple", at_most=1), asked("q2", show_if="selected(${m}, 1) and selected(${m}, 2)")],
        {("unreachable", "q2"), ("contradictory", "q2")},
    ),
    "at least two": (
        [
            asked("m", "multiple", at_least=2),
            asked("q2", show_if="selected(${m}, 1) and not (selected(${m}, 2) or selected(${m}, 3))"),
        ],
        {("unreachable", "q2"), ("contradictory", "q2")},
    ),
    "always": ([Q1, asked("q2", show_if="answered(${q1})")], {("always_true", "q2")}),
    "not always, for it may be skipped": ([asked("q1"), asked("q2", show_if="answered(${q1})")], set()),
    "not always, for one may not know": (
        [asked("q1", required=True, choices=[*CODES, DONT_KNOW]), asked("q2", show_if="answered(${q1})")],
        set(),
    ),
    "not always, for one may refuse": (
        [AGE | {"missing": REFUSED}, asked("q2", show_if="answered(${age})")],
        set(),
    ),
    "always, for the others have left": (
        [asked("q1", required=True, end_if=". = 1"), asked("q2", show_if="${q1} != 1")],
        {("always_true", "q2")},
    ),
    "a row that nobody sees": (
        [Q1, matrix("m", None, "${q1} = 1 and ${q1} = 2")],
        {("unreachable", "m_1"), ("contradictory", "m_1")},
    ),
    "a row that all see": ([Q1, matrix("m", None, "${q1} < 9 or ${q1} = 3")], {("always_true", "m_1")}),
    "a matrix without rows for anybody": (
        [Q1, matrix("m", "${q1} = 1 and ${q1} = 2", "${q1} > 1 and ${q1} < 2")],
        {("unreachable", "m")},
    ),
    "an end that never comes": ([asked("q1", end_if=". = 1 and . = 2")], {("end_never", "q1")}),
    "an end for all": (
        [asked("q1", required=True, end_if="answered(.)"), asked("q2")],
        {("end_always", "q1"), ("unreachable", "q2")},
    ),
    "an end for all who come there": (
        [Q1, asked("q2", show_if="${q1} = 1", required=True, end_if="answered(.)"), asked("q3")],
        set(),
    ),
    "the last question may end": ([asked("q1", required=True, end_if="answered(.)")], set()),
    "a check that never fails": ([AGE | {"checks": [check(". >= 18")]}], {("check_never_fails", "age")}),
    "a check that always fails": (
        [AGE | {"checks": [check(". >= 100")]}],
        {("check_always_fails", "age"), ("impossible_value", "age")},
    ),
    "a soft check that always fails": (
        [AGE | {"checks": [check("not(. < 100)", soft=True)]}],
        {("check_always_fails", "age")},
    ),
    "checks that leave nothing": (
        [AGE | {"checks": [check(". > 50"), check(". < 50")]}, asked("q2")],
        {("no_way_on", "age"), ("unreachable", "q2")},
    ),
    "checks that leave no answer but silence": (
        [AGE | {"required": False, "checks": [check(". > 50"), check(". < 50")]}],
        set(),
    ),
    "no text of that form is so short": (
        [asked("mail", "text", format="email", max_length=4, required=True), asked("q2")],
        {("no_way_on", "mail"), ("unreachable", "q2")},
    ),
    "after some answers nothing fits": (
        [AGE, asked("more", "number", minimum=18, maximum=99, required=True, checks=[check(". > ${age}")])],
        {("dead_end", "more")},
    ),
    "a pipe": ([asked("q1"), asked("q2", text={"en": "Why ${q1}?"})], {("empty_pipe", "q2")}),
    "a pipe in a hint": ([asked("q1"), asked("q2", hint={"en": "Why ${q1}?"})], {("empty_pipe", "q2")}),
    "a pipe of a required question": ([Q1, asked("q2", text={"en": "Why ${q1}?"})], set()),
    "a pipe behind a condition": ([asked("q1"), asked("q2", text={"en": "Why ${q1}?"}, show_if="${q1} >= 2")], set()),
    "a pipe of a question not asked": (
        [Q1, asked("q2", required=True, show_if="${q1} = 1"), asked("q3", text={"en": "Why ${q2}?"})],
        {("empty_pipe", "q3")},
    ),
    "a pipe in a check": (
        [asked("q1"), AGE | {"checks": [check(". != 50 or not answered(${q1})", text="Not ${q1}")]}],
        set(),
    ),
    "a pipe in a row for some": (
        [asked("q1"), asked("m", "matrix", rows=[ROW | {"show_if": "answered(${q1})"}, PLAIN_ROW])],
        set(),
    ),
    "who declines is gone": (
        [
            asked("yes", "consent", agree={"en": "I agree"}, decline={"en": "I do not"}),
            asked("q2", show_if="answered(${yes})"),
        ],
        {("always_true", "q2")},
    ),
    "a code the question lacks": ([Q1, asked("q2", show_if="${q1} = 1 or ${q1} = 7")], {("impossible_value", "q2")}),
    "a code that means no answer": (
        [asked("q1", choices=[*CODES, DONT_KNOW]), asked("q2", show_if="${q1} = 1 or ${q1} = 9")],
        {("impossible_value", "q2")},
    ),
    "a choice the question lacks": (
        [asked("m", "multiple"), asked("q2", show_if="selected(${m}, 1) or selected(${m}, 9)")],
        {("impossible_value", "q2")},
    ),
    "a text in place of a number": (
        [AGE, asked("q2", show_if="${age} = '18' or ${age} = 19")],
        {("impossible_value", "q2")},
    ),
    "texts have no order": (
        [SAID, asked("q2", show_if="${said} > 'm' or ${said} = 'k'")],
        {("impossible_value", "q2")},
    ),
    "a day as a number": (
        [DAY, asked("q2", show_if="${day} > 2020 or ${day} > '2020-01-01'")],
        {("impossible_value", "q2")},
    ),
    "a number and a text": (
        [AGE, SAID, asked("q2", show_if="${age} = ${said} or ${age} = 20")],
        {("impossible_value", "q2")},
    ),
    "a place that only groups": (
        [
            TOWN,
            asked("q2", show_if="${town} = 'A' or ${town} = 'B'"),
        ],
        {("impossible_value", "q2")},
    ),
    "many codes are no code": (
        [asked("m", "multiple"), asked("q2", show_if="${m} = 1 or selected(${m}, 2)")],
        {("use_selected", "q2")},
    ),
    "counting one choice": (
        [asked("q1"), asked("q2", show_if="count-selected(${q1}) = 1 and ${q1} = 2")],
        {("wrong_function", "q2")},
    ),
    "the length of a code": (
        [asked("q1"), asked("q2", show_if="string-length(${q1}) = 1 or ${q1} = 2")],
        {("wrong_function", "q2")},
    ),
    "adding days": ([DAY, AGE, asked("q2", show_if="${day} + 1 > 2 or ${age} = 20")], {("wrong_function", "q2")}),
    "a length that can be": ([SAID, asked("q2", show_if="string-length(${said}) > 20")], set()),
    "two conditions that differ by a text": (
        [SAID, asked("q2", show_if="${said} = 'yes'"), asked("q3", show_if="${said} != 'yes' and ${said} != 'no'")],
        set(),
    ),
    "nothing is asked": ([asked("q1", role="demographic")], {("asks_nothing", "")}),
    "nothing is asked of some": (
        [asked("q1", role="other", required=True), asked("q2", show_if="${q1} = 1")],
        {("asks_nothing", "")},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_rule(name: str) -> None:
    """What is wrong is found, and nothing else; each walk shows it."""
    questions, expected = FAULTS[name]
    assert set(found(document(*questions))) == expected


def test_a_section_that_nobody_sees_is_told_once() -> None:
    """The questions in it are not told one by one."""
    hidden = {"questions": [asked("q2"), asked("q3")], "show_if": "${q1} = 1 and ${q1} = 2"}
    read = sections({"questions": [Q1]}, hidden, {"questions": [asked("q4")]})
    assert found(read) == [("contradictory", "section 2"), ("unreachable", "section 2")]


def test_a_section_that_all_see_has_no_condition() -> None:
    """A condition on a section is looked at like that of a question, and the question's within it."""
    inner = {"questions": [asked("q2", show_if="answered(${q1})"), asked("q3")], "show_if": "answered(${q1})"}
    read = sections({"questions": [asked("q1")]}, inner)
    assert found(read) == [("always_true", "q2")]
    read = sections({"questions": [Q1]}, {"questions": [asked("q2")], "show_if": "${q1} > 0"})
    assert found(read) == [("always_true", "section 2")]


def test_the_walk_to_an_unreachable_question_comes_near() -> None:
    """It meets what can be met of the condition, and answers nothing that does not matter."""
    read = document(Q1, asked("q2"), asked("q3", required=True), asked("q4", show_if="${q1} = 3 and ${q1} = 2"))
    walk = only(read, "unreachable").walk
    assert walk is not None
    assert walk["q1"] in (["3"], ["2"])
    assert set(walk) == {"q1", "q3"}


def test_what_an_empty_pipe_shows_can_be_read_off_its_walk() -> None:
    """The walk leaves the piped question open and comes to the text."""
    read = document(asked("q1", required=True, choices=[*CODES, DONT_KNOW]), asked("q2", text={"en": "Why ${q1}?"}))
    finding = only(read, "empty_pipe")
    assert finding.details == {"variable": "q1"}
    assert finding.walk == {"q1": ["9"]}


def test_conditions_on_the_day_are_proved_for_every_day() -> None:
    """A condition on today() is neither always true nor never, unless no day of this century is such a day."""
    born = asked("born", "date", latest="today", required=True)
    read = document(born, asked("q2", show_if="${born} < '2008-01-01'"), asked("q3", show_if="today() > '2030-06-01'"))
    assert found(read) == []
    read = document(born, asked("q2", show_if="${born} > today()"))
    assert found(read) == [("contradictory", "q2"), ("unreachable", "q2")]
    way = walk_to(document(born, asked("q3", show_if="today() > '2030-06-01' and ${born} = today()")), "q3")
    assert way is not None
    assert way[TODAY] == way["born"]
    assert way[TODAY][0] > "2030-06-01"


def test_the_day_of_walks_can_be_given() -> None:
    """Where the day does not matter, walks are made for the day that is given."""
    read = document(asked("visit", "date", earliest="today", required=True), asked("q2"))
    way = walk_to(read, "q2", today=date(2027, 3, 4))
    assert way == {"visit": ["2027-03-04"], TODAY: ["2027-03-04"]}
    assert replay(read, way, today=date(2027, 3, 4)).faults == {}


def test_days_are_compared_with_each_other() -> None:
    """An end before its beginning is met where no check forbids it, and not where one does."""
    first, last = asked("first", "date", required=True), asked("last", "date", required=True)
    wrong = asked("q3", show_if="${last} < ${first}")
    assert found(document(first, last, wrong)) == []
    guarded = last | {"checks": [check(". >= ${first}")]}
    assert found(document(first, guarded, wrong)) == [("unreachable", "q3")]


def test_shares_that_add_up_to_100() -> None:
    """Three shares with a check on their sum: one can go on, and can also be stuck with the last one."""
    shares = [asked(f"s{n}", "number", minimum=0, maximum=100, required=True) for n in range(3)]
    shares[2]["checks"] = [check("${s0} + ${s1} + . = 100")]
    read = document(*shares, asked("q2"), asked("q3", show_if="${s0} + ${s1} + ${s2} = 99"))
    rules = found(read)
    assert ("dead_end", "s2") in rules
    assert ("unreachable", "q3") in rules or ("undecided", "q3") in rules
    assert walk_to(read, "q2") is not None


def test_soft_checks_are_confirmed_on_the_way() -> None:
    """A walk past a soft check that must fail says that one is sure."""
    read = document(asked("q1", checks=[check(". != 2", soft=True)]), asked("q2", show_if="${q1} = 2"))
    way = walk_to(read, "q2")
    assert way is not None
    assert replay(read, way).confirmed == way["sure"]
    assert replay(read, way).doubts == {}


@pytest.mark.parametrize(
    "kind",
    [
        "single",
        "multiple",
        "ranking",
        "number",
        "date",
        "text",
        "place",
        "matrix",
        "five_level",
        "scale",
        "nps",
        "consent",
    ],
)
def test_walks_answer_questions_of_every_type(kind: str) -> None:
    """Whatever is required on the way is answered such that one can go on."""
    ends = {"first_label": {"en": "bad"}, "last_label": {"en": "good"}}
    more: dict[str, dict[str, Any]] = {
        "five_level": {"choices": rating()["choices"]},
        "scale": {"first": 0, "last": 10, **ends},
        "nps": ends,
        "place": {"places": [{"code": "A", "text": {"en": "A"}}]},
        "consent": {"agree": {"en": "yes"}, "decline": {"en": "no"}},
        "matrix": {"rows": [{"variable": "m_1", "text": {"en": "row"}}]},
        "text": {"format": "phone"},
    }
    first = asked("q1", kind, required=True, **more.get(kind, {}))
    if kind in ("matrix", "consent"):
        first = {**first, "required": True}
    read = document(first, asked("q2"))
    way = walk_to(read, "q2")
    assert way is not None
    walk = replay(read, way)
    assert walk.faults == {}
    assert walk.shown == ["q1", "q2"]
    assert walk.missing.keys() == {"q2"}


def test_walk_to_leads_to_sections_rows_and_statements() -> None:
    """Every listed name can be led to; None where nobody comes, KeyError where there is no such question."""
    told = {"type": "statement", "variable": "told", "text": {"en": "Thank you"}, "show_if": "${q1} = 2"}
    read = document(Q1, told, matrix("m", None, "${q1} = 3"), asked("gone", show_if="${q1} = 1 and ${q1} = 2"))
    assert "told" in replay(read, walk_to(read, "told") or {}).shown
    assert "m_1" not in replay(read, walk_to(read, "m_1") or {}).missing or (walk_to(read, "m_1") or {})["q1"] == ["3"]
    assert walk_to(read, "gone") is None
    with pytest.raises(KeyError):
        walk_to(read, "nothing")


def test_shortest_and_longest_walk() -> None:
    """An early end is the shortest walk; statements do not count, a matrix counts once."""
    told = {"type": "statement", "variable": "told", "text": {"en": "Thank you"}}
    read = document(
        asked("q1", end_if=". = 1"), told, matrix("m", None, None), asked("q2", show_if="${q1} = 2"), asked("q3")
    )
    shortest, longest = paths(read)
    assert (shortest.n_questions, longest.n_questions) == (1, 4)
    assert replay(read, shortest.walk).shown == ["q1"]
    assert replay(read, longest.walk).shown == ["q1", "told", "m", "q2", "q3"]


def test_what_the_budget_cannot_decide_is_said_to_be_undecided() -> None:
    """Eight different answers out of seven codes: no search of this kind decides it; nothing is claimed."""
    codes = [{"code": code, "text": {"en": str(code)}} for code in range(1, 10)]
    pigeons = [
        asked(f"p{n}", choices=codes, required=True)
        | ({"checks": [check(" and ".join(f". != ${{p{m}}}" for m in range(n)))]} if n else {})
        for n in range(10)
    ]
    read = document(*pigeons, asked("q2"))
    rules = set(found(read))
    assert ("undecided", "p9") in rules or ("no_way_on", "p9") in rules
    assert not {rule for rule, _ in rules} & {"unreachable", "end_always"} or ("no_way_on", "p9") in rules


def test_a_budget_ends() -> None:
    """One search may not use more than its share; after the whole is used up, little ones still go on."""
    budget = Budget(left=10, most=6)
    budget.begin()
    budget.spend(6)
    with pytest.raises(UndecidedError):
        budget.spend(1)
    budget.begin()
    budget.spend(6)
    budget.begin()
    budget.spend(100)
    assert budget.left < 0


def test_a_questionnaire_of_two_thousand_variables_is_judged() -> None:
    """Long chains of conditions, as many as there may be: found without a deep stack, and it ends."""
    parts = []
    for start in range(0, 2000, 400):
        chain = [
            asked(f"q{n}", **({"show_if": f"${{q{n - 1}}} = {n % 3 + 1}"} if n % 50 else {}))
            for n in range(start, start + 400)
        ]
        parts.append({"questions": chain})
    read = sections(*parts)
    assert walk_to(read, "q1999") is not None
    assert [one for one in prove(read) if one.severity is Severity.FAULT] == []


# --- texts ---


def two(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-Hans": zh}


def chinese(question: dict[str, Any], *choices: dict[str, str]) -> Questionnaire:
    texts = choices or (two("yes", "是"), two("no", "否"))
    made = [{"code": code, "text": text} for code, text in enumerate(texts, 1)]
    first = {"type": "single", "variable": "q1", "text": two("First", "第一题"), "choices": made, "required": True}
    second = {"type": "single", "variable": "q2", "choices": made, **question}
    return read_questionnaire(questionnaire(first, second, languages=["en", "zh-Hans"], title=two("Survey", "调查")))


def test_pipes_must_be_the_same_in_every_language() -> None:
    """An answer that only one language shows is a fault, at the question and with the variable."""
    read = chinese({"text": two("Why ${q1}?", "为什么？")})
    assert found(read) == [("pipes_differ", "q2")]
    assert only(read, "pipes_differ").details == {"variables": "q1"}


def test_texts_that_show_nothing_are_empty() -> None:
    """Blanks and invisible characters are no text."""
    read = chinese({"text": two("Well", " \u200b ")})
    assert found(read) == [("empty_text", "q2")]
    assert only(read, "empty_text").details == {"language": "zh-Hans"}


@pytest.mark.parametrize(
    ("en", "zh", "is_left"),
    [
        ("How satisfied are you?", "How satisfied are you?", True),
        ("How satisfied are you?", "您满意吗？", False),
        ("QR", "QR", False),
        ("TODO", "您满意吗？", True),
        ("How satisfied are you?", "待翻译", True),
    ],
)
def test_what_was_left_untranslated(en: str, zh: str, is_left: bool) -> None:
    """The same long text in two scripts, or a word that stands for one, is told as advice."""
    assert found(chinese({"text": two(en, zh)})) == ([("untranslated", "q2")] if is_left else [])


def test_two_languages_of_one_script_may_share_a_text() -> None:
    """Simplified and traditional Chinese often read the same."""
    words = {"zh-Hans": "您今天的心情如何呢请告知一下", "zh-Hant": "您今天的心情如何呢请告知一下"}
    choices = [{"code": code, "text": {"zh-Hans": str(code), "zh-Hant": str(code)}} for code in (1, 2)]
    question = {"type": "single", "variable": "q1", "text": words, "choices": choices}
    assert found(read_questionnaire(questionnaire(question, languages=list(words), title=words))) == []


def test_choices_that_read_the_same() -> None:
    """Full width, case and blanks make no difference to a reader."""
    read = chinese({"text": two("Well", "如何")}, two("Yes", "是"), two("yes ", "是的"))
    assert set(found(read)) == {("same_text", "q1"), ("same_text", "q2")}


def test_lists_that_make_a_page_heavy() -> None:
    """More than 300 places, or choices in a drop-down, are more than a page should carry."""
    many = [{"code": f"p{n}", "text": {"en": f"place {n}"}} for n in range(301)]
    codes = [{"code": n, "text": {"en": f"choice {n}"}} for n in range(301)]
    read = document(
        asked("q1", "place", places=many), asked("q2", choices=codes, dropdown=True), Q1 | {"variable": "q3"}
    )
    assert found(read) == [("heavy_page", "q1"), ("heavy_page", "q2")]
    fewer = document(asked("q1", "place", places=many[1:]), asked("q2", choices=codes[1:], dropdown=True))
    assert found(fewer) == []
