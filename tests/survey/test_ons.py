"""ONS schemas: who answers like this meets the very questions that the ONS runner would ask."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from given_files import given
from scale import scaled
from survey.answers import replay
from survey.errors import QuestionnaireError
from survey.formats.ons import is_ons, read_ons
from survey.formats.report import Fate, Report
from survey.questionnaire import Questionnaire, read_questionnaire

Node = dict[str, Any]


def radio(name: str, values: str = "Yes No", *, is_required: bool = True, **more: Any) -> Node:
    options = [{"label": value, "value": value} for value in values.split()]
    return {"id": name, "type": "Radio", "mandatory": is_required, "options": options, **more}


def block(name: str, *answers: Node, **more: Any) -> Node:
    question = {"id": f"q-{name}", "type": "General", "title": f"Title {name}", "answers": list(answers)}
    question |= more.pop("question", {})
    return {"id": name, "type": "Question", "question": question, **more}


def schema(*sections: list[Node], **more: Any) -> Node:
    return {
        "mime_type": "application/json/ons/eq",
        "language": "en",
        "title": "Test",
        "questionnaire_flow": {"type": "Linear", "options": {}},
        "sections": [
            {"id": f"s{number}", "groups": [{"id": f"g{number}", "blocks": blocks}]}
            for number, blocks in enumerate(sections)
        ],
        **more,
    }


def at(name: str) -> Node:
    return {"source": "answers", "identifier": name}


def read(document: Node) -> Questionnaire:
    return read_questionnaire(read_ons(document, name="test").document)


def fates(report: Report, kind: str) -> list[Fate]:
    return [one.fate for one in report.constructs if one.kind == kind]


def told(report: Report) -> dict[str, tuple[Fate, str]]:
    return {one.place: (one.fate, one.reason) for one in report.constructs}


# --- the way through -------------------------------------------------------------------------------------------------


def holds(rule: Node, answers: dict[str, Any]) -> bool:
    """JSON logic as the runner knows it: a missing answer is null, and null is in no order."""
    ((operator, parts),) = rule.items()
    if operator in ("and", "or"):
        return (all if operator == "and" else any)(holds(part, answers) for part in parts)
    if operator == "not":
        return not holds(parts[0], answers)
    left, right = (answers.get(part["identifier"]) if isinstance(part, dict) else part for part in parts)
    if operator == "==":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    if operator == "in":
        return left in right
    chosen = right or []
    return (any if operator == "any-in" else all)(value in chosen for value in left)


def walked(document: Node, answers: dict[str, Any]) -> list[str]:
    """The blocks that the runner would show, section after section, with these answers at hand."""
    known: dict[str, Any] = {}
    found: list[str] = []
    for section in document["sections"]:
        blocks = section["groups"][0]["blocks"]
        place = 0
        if "enabled" in section and not holds(section["enabled"]["when"], known):
            continue
        while place < len(blocks):
            here, place = blocks[place], place + 1
            if "skip_conditions" in here and holds(here["skip_conditions"]["when"], known):
                continue
            found.append(here["id"])
            for answer in here["question"]["answers"]:
                if answers.get(answer["id"]) is not None:
                    known[answer["id"]] = answers[answer["id"]]
            for rule in here.get("routing_rules", []):
                if "when" not in rule or holds(rule["when"], known):
                    ids = [one["id"] for one in blocks]
                    place = len(blocks) if "section" in rule else ids.index(rule["block"])
                    break
    return found


def form_of(document: Node, answers: dict[str, Any]) -> dict[str, list[str]]:
    """The same answers as our form sends them: choices by their place in the list."""
    form: dict[str, list[str]] = {}
    for section in document["sections"]:
        for one in section["groups"][0]["blocks"]:
            for answer in one["question"]["answers"]:
                given_answer = answers.get(answer["id"])
                values = [option["value"] for option in answer["options"]]
                chosen = given_answer if isinstance(given_answer, list) else [given_answer] if given_answer else []
                form[one["id"]] = [str(values.index(value) + 1) for value in chosen]
    return form


def made_up(rng: random.Random) -> Node:
    """A schema with jumps, skips and switched-off sections that no person would write."""
    seen: list[Node] = []
    sections = []
    for number in range(rng.randint(1, 3)):
        blocks: list[Node] = []
        size = rng.randint(2, 7)
        enabled = {"enabled": {"when": rule(rng, seen)}} if seen and rng.random() < 0.5 else {}
        for place in range(size):
            skip = {"skip_conditions": {"when": rule(rng, seen)}} if seen and rng.random() < 0.25 else {}
            answer = radio(
                f"a{number}_{place}",
                rng.choice(["x y", "x y Unsure", "u v w Refused y"]),
                is_required=rng.random() < 0.7,
            )
            answer["type"] = rng.choice(["Radio", "Radio", "Checkbox"])
            one = block(f"b{number}_{place}", answer, **skip)
            seen.append(answer)
            targets: list[Node] = [{"block": f"b{number}_{later}"} for later in range(place + 1, size)]
            targets.append({"section": "End"})
            ways = [{**rng.choice(targets), "when": rule(rng, seen[-3:])} for _ in range(rng.randint(0, 2))]
            one["routing_rules"] = [*ways, rng.choice(targets)] if rng.random() < 0.6 else []
            blocks.append(one)
        sections.append({"id": f"s{number}", "groups": [{"id": f"g{number}", "blocks": blocks}], **enabled})
    return schema() | {"sections": sections}


def rule(rng: random.Random, answers: list[Node], depth: int = 0) -> Node:
    """A rule over some of these answers."""
    if depth < 2 and rng.random() < 0.35:
        operator = rng.choice(["and", "or", "not"])
        return {operator: [rule(rng, answers, depth + 1) for _ in range(1 if operator == "not" else 2)]}
    answer = rng.choice(answers)
    values = [option["value"] for option in answer["options"]]
    some = rng.sample(values, rng.randint(1, len(values)))
    if rng.random() < 0.2:
        return {rng.choice(["==", "!="]): [at(answer["id"]), None]}
    if answer["type"] == "Checkbox":
        return {rng.choice(["any-in", "all-in"]): [some, at(answer["id"])]}
    operator = rng.choice(["==", "!=", "in"])
    return {operator: [at(answer["id"]), some if operator == "in" else some[0]]}


def answered(rng: random.Random, document: Node) -> dict[str, Any]:
    """Answers to everything, where what is required is never left out."""
    found: dict[str, Any] = {}
    for section in document["sections"]:
        for one in section["groups"][0]["blocks"]:
            for answer in one["question"]["answers"]:
                values = [option["value"] for option in answer["options"]]
                if not answer["mandatory"] and rng.random() < 0.4:
                    continue
                is_many = answer["type"] == "Checkbox"
                found[answer["id"]] = rng.sample(values, rng.randint(1, len(values))) if is_many else rng.choice(values)
    return found


def test_every_person_meets_the_questions_that_the_runner_would_ask() -> None:
    """Jumps, skips, default ways and switched-off sections of any schema, walked by many people."""
    rng = random.Random(7)
    n, knots = scaled(4000, least=150), 0
    for _ in range(n):
        document = made_up(rng)
        report = read_ons(document, name="test")
        if fates(report, "condition"):  # a knot that no condition of ours can hold, and the report says so
            knots += 1
            continue
        questionnaire = read_questionnaire(report.document)
        for _ in range(12):
            answers = answered(rng, document)
            walk = replay(questionnaire, form_of(document, answers))
            assert walk.shown == walked(document, answers), json.dumps([document, answers])
    assert knots <= n / 20


def test_a_question_that_was_not_asked_decides_nothing() -> None:
    """ "Skip unless it is x" is obeyed where nothing was answered, and "skip if it is not x" as well: null is not x."""
    document = schema(
        [
            block("one", radio("a1")),
            block("two", radio("a2"), skip_conditions={"when": {"==": [at("a1"), "No"]}}),
            block("three", radio("a3"), skip_conditions={"when": {"==": [at("a2"), "No"]}}),
            block("four", radio("a4"), skip_conditions={"when": {"!=": [at("a2"), "Yes"]}}),
        ]
    )
    questionnaire = read(document)
    assert replay(questionnaire, {"one": ["2"]}).shown == ["one", "three"]
    assert replay(questionnaire, {"one": ["1"], "two": ["2"]}).shown == ["one", "two"]
    assert replay(questionnaire, {"one": ["1"], "two": ["1"]}).shown == ["one", "two", "three", "four"]


def test_jumps_read_like_conditions_that_people_write() -> None:
    """What lies between is asked of those who were not sent past it, in as few words as can be."""
    document = schema(
        [
            block(
                "used",
                radio("a1", "Yes No Unsure"),
                routing_rules=[{"block": "why", "when": {"in": [at("a1"), ["No", "Unsure"]]}}, {"block": "rate"}],
            ),
            block("rate", radio("a2", "1 2 3 4 5"), routing_rules=[{"block": "last"}]),
            block("more", radio("a3")),
            block("why", radio("a4"), routing_rules=[{"section": "End"}]),
            block("last", radio("a5")),
        ]
    )
    shown = {one.variable: one.show_if for one in read(document).questions}
    assert shown == {
        "used": None,
        "rate": "${used} = 1",
        "more": "1 = 0",
        "why": "${used} != 1",
        "last": "${used} = 1",
    }


def test_a_way_out_of_the_last_section_ends_the_questionnaire() -> None:
    """The end of an earlier section only leads to the next one."""
    out = [{"section": "End", "when": {"==": [at("a1"), "No"]}}, {"block": "two"}]
    first = schema([block("one", radio("a1"), routing_rules=out), block("two", radio("a2"))], [block("z", radio("z1"))])
    assert replay(read(first), {"one": ["2"]}).shown == ["one", "z"]
    last = read(schema([block("one", radio("a1"), routing_rules=out), block("two", radio("a2"))]))
    assert (last.questions[0].end_if, last.questions[1].show_if) == ("${one} = 2", None)


def test_rules_that_cannot_be_said_are_told_and_not_obeyed() -> None:
    """Ways back, sources that are not kept, and answers that come later."""
    rules = [
        {"block": "one", "when": {"==": [at("a2"), "No"]}},
        {"block": "nowhere"},
        {"block": "three", "when": {"==": [{"source": "list", "identifier": "people"}, "x"]}},
        {"block": "three", "when": {"==": [at("a3"), "No"]}},
        {"block": "three", "when": {"==": [{"source": "metadata", "identifier": "region"}, "x"]}},
        {"block": "three", "when": {"??": [1, 2]}},
    ]
    report = read_ons(
        schema(
            [block("one", radio("a1")), block("two", radio("a2"), routing_rules=rules), block("three", radio("a3"))]
        ),
        name="t",
    )
    found = [told(report)[f"block two, rule {number}"] for number in range(1, 7)]
    assert [fate for fate, _ in found] == [*[Fate.LEFT_OUT] * 4, Fate.APPROXIMATED, Fate.LEFT_OUT]
    for (_, reason), words in zip(
        found, ["back", "out of", "not kept", "not asked before", "region", "'??'"], strict=True
    ):
        assert words in reason
    assert [one.show_if for one in read_questionnaire(report.document).questions] == [None] * 3


def test_older_rules_are_understood() -> None:
    """Schemas of before JSON logic: lists of conditions, and `goto`."""
    older = [{"goto": {"block": "three", "when": [{"id": "a1", "condition": "equals", "value": "No"}]}}]
    skip = [
        {"when": [{"id": "a1", "condition": "not set"}]},
        {"when": [{"id": "a1", "condition": "equals any", "values": ["x"]}]},
    ]
    document = schema(
        [
            block("one", radio("a1", is_required=False), routing_rules=[*older, {"goto": {"block": "two"}}]),
            block("two", radio("a2")),
            block("three", radio("a3"), skip_conditions=skip),
        ]
    )
    shown = [one.show_if for one in read(document).questions]
    assert shown == [None, "not answered(${one}) or ${one} = 1", "answered(${one})"]


# --- questions and answers -------------------------------------------------------------------------------------------


def test_each_kind_of_answer_becomes_a_type_of_ours() -> None:
    """One question for each answer, with its bounds."""
    answers = [
        radio("r"),
        radio("d", type="Dropdown"),
        radio("c", type="Checkbox"),
        {"id": "n", "type": "Number", "decimal_places": 2, "maximum": {"value": 10, "exclusive": True}},
        {"id": "p", "type": "Percentage", "maximum": {"value": 100}},
        {"id": "u", "type": "Unit", "unit": "length-kilometer"},
        {"id": "m", "type": "Currency", "currency": "GBP", "minimum": {"value": 5, "exclusive": True}},
        {"id": "t", "type": "TextField", "max_length": 20},
        {"id": "a", "type": "TextArea", "rows": 3},
        {"id": "y", "type": "MonthYearDate", "minimum": {"value": "2020-02", "offset_by": {"months": -3}}},
        {
            "id": "e",
            "type": "Date",
            "maximum": {"value": "now"},
            "minimum": {"value": "2020-02-29", "offset_by": {"years": 1}},
        },
        {"id": "l", "type": "Duration", "units": ["years", "months"]},
        {"id": "f", "type": "MobileNumber"},
        {"id": "x", "type": "Address"},
    ]
    blocks = [block(f"b_{answer['id']}", answer) for answer in answers]
    found = {one.variable: one.model_dump(exclude_defaults=True) for one in read(schema(blocks)).questions}
    assert {name: one["type"] for name, one in found.items()} == {
        "b_r": "single",
        "b_d": "single",
        "b_c": "multiple",
        **dict.fromkeys(["b_n", "b_p", "b_u", "b_m", "b_l", "b_l_months"], "number"),
        **dict.fromkeys(["b_t", "b_a", "b_f", "b_x"], "text"),
        **dict.fromkeys(["b_y", "b_e"], "date"),
    }
    assert found["b_d"]["dropdown"] is True
    assert (found["b_n"]["minimum"], found["b_n"]["checks"][0]["rule"], found["b_n"]["decimals"]) == (0, ". < 10", 2)
    assert (found["b_p"]["unit"], found["b_u"]["unit"], found["b_m"]["unit"]) == (
        {"en": "%"},
        {"en": "kilometer"},
        {"en": "GBP"},
    )
    assert found["b_m"]["minimum"] == 6
    assert (found["b_t"]["max_length"], found["b_a"]["lines"], found["b_f"]["format"]) == (20, 3, "phone")
    assert (found["b_y"]["precision"], found["b_y"]["earliest"]) == ("month", "2019-11-01")
    assert (found["b_e"]["earliest"], found["b_e"]["latest"]) == ("2021-02-28", "today")


def test_bounds_that_earlier_answers_set_become_checks() -> None:
    """Only "from it" and "after it" can be said of days; what others tell is left out."""
    first = {"id": "d1", "type": "Date", "mandatory": True}
    offsets = [{"days": 0}, {"days": 1}, {"days": 7}, {"days": -7}]
    later = [
        {"id": f"d{n}", "type": "Date", "minimum": {"value": at("d1"), "offset_by": o}}
        for n, o in enumerate(offsets, 2)
    ]
    outside = {"id": "d9", "type": "Date", "maximum": {"value": {"source": "metadata", "identifier": "end"}}}
    report = read_ons(schema([block(f"b{one['id']}", one) for one in [first, *later, outside]]), name="t")
    rules = [[check.rule for check in one.checks] for one in read_questionnaire(report.document).questions]
    assert rules == [[], [". >= ${bd1}"], [". > ${bd1}"], [". > ${bd1}"], [], []]
    assert fates(report, "minimum") == [Fate.MAPPED, Fate.MAPPED, Fate.APPROXIMATED, Fate.LEFT_OUT]
    assert fates(report, "maximum") == [Fate.LEFT_OUT]
    walk = replay(read_questionnaire(report.document), {"bd1": ["2024-05-05"], "bd3": ["2024-05-05"]})
    assert "bd3" in walk.faults and "bd2" not in walk.faults


def test_a_range_of_days_and_an_introduction() -> None:
    """The second day lies after the first; what introduces a survey is words to read."""
    dates = [{"id": f"d{n}", "type": "Date", "label": f"Day {n}"} for n in (1, 2)]
    opening = {
        "id": "intro",
        "type": "Introduction",
        "primary_content": [{"title": "Hello", "contents": [{"description": "<p>Read this.</p>"}]}],
        "preview_content": {"title": "Before", "questions": [{"question": "Q?", "contents": [{"list": ["x"]}]}]},
    }
    first, one, two = read(schema([opening, block("range", *dates, question={"type": "DateRange"})])).questions
    assert (first.type, first.text, first.hint) == (
        "statement",
        {"en": "Hello"},
        {"en": "Read this.\nBefore\nQ?\n• x"},
    )
    assert (one.text, two.text) == ({"en": "Title range – Day 1"}, {"en": "Title range – Day 2"})
    assert [check.rule for check in two.checks] == [f". > ${{{one.variable}}}"]


def test_answers_that_exclude_each_other() -> None:
    """ "None of these" is a choice that stands alone; beside a number it is said in its place."""
    options = {"question": {"type": "MutuallyExclusive", "mandatory": True}}
    nothing = {"id": "none", "type": "Checkbox", "options": [{"label": "None of these", "value": "None"}]}
    refused = {"id": "no", "type": "Checkbox", "options": [{"label": "Prefer not to say", "value": "P"}]}
    document = schema(
        [
            block("many", radio("m", "x y", type="Checkbox", is_required=False), nothing, **options),
            block("number", {"id": "n", "type": "Number"}, refused, **options),
            block("after", radio("z"), skip_conditions={"when": {"!=": [at("none"), None]}}),
            block("third", radio("w"), skip_conditions={"when": {"any-in": [["y"], at("m")]}}),
        ]
    )
    questionnaire = read(document)
    many, number = questionnaire.questions[:2]
    assert [(one.text["en"], one.exclusive) for one in many.choices] == [
        ("x", False),
        ("y", False),
        ("None of these", True),
    ]
    assert many.required and number.required
    assert [one.kind for one in number.missing] == ["refused"]
    assert replay(questionnaire, {"many": ["3"], "number": ["rf"]}).shown == ["many", "number", "third"]
    assert replay(questionnaire, {"many": ["1", "2"], "number": ["4"]}).shown == ["many", "number", "after"]


def test_words_beside_a_choice_and_reasons_for_no_answer() -> None:
    """A choice that a rule asks for stays an answer; the others that mean "don't know" are none."""
    values = [{"label": "Other", "value": "Other", "detail_answer": {"id": "o", "type": "TextField"}}]
    values += [{"label": "Don\u2019t know", "value": "DK"}, {"label": "Prefer not to say", "value": "R"}]
    answer = {"id": "a", "type": "Radio", "mandatory": True, "options": [{"label": "Yes", "value": "Yes"}, *values]}
    skip = {"when": {"==": [at("a"), "DK"]}}
    report = read_ons(schema([block("one", answer), block("two", radio("b"), skip_conditions=skip)]), name="t")
    question = read_questionnaire(report.document).questions[0]
    assert [(one.specify, one.missing) for one in question.choices] == [
        (False, None),
        (True, None),
        (False, None),
        (False, "refused"),
    ]
    assert any("stays an answer" in warning for warning in report.warnings)
    assert fates(report, "detail answer") == [Fate.MAPPED]


def test_each_variant_is_a_question_of_its_own() -> None:
    """The first whose rule holds is asked, and rules that ask for the answer mean either."""
    ask = {"==": [at("who"), "Yes"]}
    variants = [
        {"when": ask, "question": {"id": "v", "title": "Are you well?", "answers": [radio("w")]}},
        {"when": {"!=": [at("who"), "x"]}, "question": {"id": "v", "title": "Is he well?", "answers": [radio("w")]}},
    ]
    document = schema(
        [
            block("self", radio("who")),
            {"id": "well", "type": "Question", "question_variants": variants},
            block("ill", radio("i"), skip_conditions={"when": {"==": [at("w"), "Yes"]}}),
        ]
    )
    questionnaire = read(document)
    assert [one.variable for one in questionnaire.questions] == ["self", "well", "well_2", "ill"]
    assert replay(questionnaire, {"self": ["1"], "well": ["1"]}).shown == ["self", "well"]
    assert replay(questionnaire, {"self": ["2"], "well_2": ["1"]}).shown == ["self", "well_2"]
    assert replay(questionnaire, {"self": ["2"], "well_2": ["2"]}).shown == ["self", "well_2", "ill"]


def test_a_box_to_tick_before_going_on() -> None:
    """Where it must be ticked it is a page to read, known by being shown; else a question of two choices."""
    box = {"type": "Checkbox", "options": [{"label": "Continue", "value": "Go"}]}
    document = schema(
        [
            block("one", radio("a")),
            block(
                "wrong", {"id": "must", "mandatory": True, **box}, skip_conditions={"when": {"==": [at("a"), "Yes"]}}
            ),
            block("may", {"id": "may", "mandatory": False, **box}),
            block("two", radio("b"), skip_conditions={"when": {"!=": [at("must"), None]}}),
        ]
    )
    questionnaire = read(document)
    assert [one.type for one in questionnaire.questions] == ["single", "statement", "single", "single"]
    assert replay(questionnaire, {"one": ["1"]}).shown == ["one", "may", "two"]
    assert replay(questionnaire, {"one": ["2"]}).shown == ["one", "wrong", "may"]


def test_places_in_texts_are_filled_by_earlier_answers() -> None:
    """A pipe where an answer fills it; an ellipsis where another system would."""

    def text(words: str, **places: Node) -> Node:
        return {"text": words, "placeholders": [{"placeholder": name, **one} for name, one in places.items()]}

    meta = {"value": {"source": "metadata", "identifier": "NAME"}}
    dated = {"transforms": [{"transform": "format_date", "arguments": {"date_to_format": at("born")}}]}
    titles = [
        text("<b>Hello {x}</b>", x=meta),
        text("You said {x} and ${born}", x={"value": at("a")}),
        text("On {x}?", x=dated),
    ]
    blocks = [block("one", radio("a")), block("born", {"id": "born", "type": "Date"})]
    blocks += [block(f"t{n}", radio(f"t{n}"), question={"title": title}) for n, title in enumerate(titles)]
    report = read_ons(schema(blocks), name="t")
    texts = [one.text["en"] for one in read_questionnaire(report.document).questions]
    assert texts[2:] == ["Hello …", "You said ${one} and $ {born}", "On ${born}?"]
    assert fates(report, "placeholder") == [Fate.APPROXIMATED, Fate.MAPPED, Fate.APPROXIMATED]


def test_guidance_definitions_and_descriptions_stand_below_the_question() -> None:
    """In their order, each paragraph on a line, without markup."""
    more = {
        "description": ["<p>About &amp; around</p>"],
        "guidance": {"contents": [{"title": "Include", "list": ["this", "that"]}]},
        "definitions": [{"title": "What is it?", "contents": [{"description": "A thing."}]}],
    }
    question = read(
        schema([block("one", radio("a", guidance={"contents": [{"description": "Tick one."}]}), question=more)])
    ).questions[0]
    assert question.hint == {"en": "About & around\nInclude\n• this\n• that\nWhat is it?\nA thing.\nTick one."}


# --- what stands around ----------------------------------------------------------------------------------------------


def test_everything_in_a_schema_is_accounted_for() -> None:
    """Sections, groups, blocks, questions, answers, choices, rules, and keys that nothing is made of."""
    collector = {"id": "list", "type": "ListCollector", "question": block("x", radio("l"))["question"]}
    document = schema(
        [block("one", radio("a", default="Yes"), colour="red"), collector],
        theme="default",
        metadata=[{"name": "ru_ref"}],
        legal_basis="An Act.",
        post_submission={"guidance": {"contents": [{"description": "Thank you."}]}},
        messages={"X": "y"},
    )
    document["sections"][0]["summary"] = {"show_on_completion": True}
    report = read_ons(document, name="t")
    found = told(report)
    for place in (
        "section s0",
        "block one",
        "block one, question q-one",
        "block one, answer a",
        "block one, answer a, choice Yes",
        "title",
        "legal_basis",
        "post_submission",
        "questionnaire_flow",
    ):
        assert found[place][0] is Fate.MAPPED, place
    for place in (
        "block one, colour",
        "block one, answer a, default",
        "block list",
        "block list, question q-x",
        "block list, question q-x, answers l",
        "block list, question q-x, answers l, options 2",
        "theme",
        "metadata ru_ref",
        "schema, messages",
    ):
        assert found[place][0] is Fate.LEFT_OUT and found[place][1], place
    read_document = read_questionnaire(report.document)
    assert (read_document.introduction, read_document.closing) == ({"en": "An Act."}, {"en": "Thank you."})


def test_a_hub_whose_sections_may_be_chosen_is_told() -> None:
    """Where every section is required in its order, a hub is no more than that order."""
    free = read_ons(schema([block("one", radio("a"))], questionnaire_flow={"type": "Hub", "options": {}}), name="t")
    fixed = {"type": "Hub", "options": {"required_completed_sections": ["s0"]}}
    same = read_ons(schema([block("one", radio("a"))], questionnaire_flow=fixed), name="t")
    assert (fates(free, "flow"), fates(same, "flow")) == ([Fate.APPROXIMATED], [Fate.MAPPED])


def test_names_come_from_the_codes_of_answers() -> None:
    """So that data of both systems have the same columns."""
    codes = [{"answer_id": "a", "code": "HMS-INT-001"}]
    blocks = [block("one", radio("a")), block("two", radio("b", q_code="Q 7")), block("unit", radio("c"))]
    names = [one.variable for one in read(schema(blocks, answer_codes=codes)).questions]
    assert names == ["hms_int_001", "q_7", "unit_2"]


def test_a_schema_without_questions_is_refused() -> None:
    """Nothing is made of pages to read alone, nor of rules beyond all measure."""
    assert is_ons(schema([])) and not is_ons({"sections": [{"questions": []}]})
    with pytest.raises(QuestionnaireError):
        read_ons(schema([]), name="t")
    with pytest.raises(QuestionnaireError, match="too many"):
        read_ons(schema([block(f"b{n}", radio(f"a{n}")) for n in range(2001)]), name="t")


def test_tangled_rules_are_told_in_good_time() -> None:
    """Optional questions that each lead out by several answers make conditions that nobody can hold."""
    blocks = []
    for n in range(70):
        knot = {
            "or": [
                {"!=": [at(f"a{n}"), "x"]},
                {"and": [{"==": [at(f"a{n // 2}"), None]}, {"!=": [at(f"a{n // 3}"), "y"]}]},
            ]
        }
        way = [{"section": "End", "when": knot}, {"block": f"b{n + 1}"}]
        blocks.append(block(f"b{n}", radio(f"a{n}", "x y z", is_required=False), routing_rules=way))
    report = read_ons(schema(blocks, [block("z", radio("z1"))]), name="t")
    assert read_questionnaire(report.document)
    assert set(fates(report, "condition")) == {Fate.LEFT_OUT}


@pytest.mark.parametrize(
    ("name", "share", "n"),
    [("G10_ons_health_insight_survey_hms_0001.json", 0.97, 93), ("G11_ons_followup_fuis_0001.json", 0.92, 74)],
)
def test_real_schemas_are_read(name: str, share: float, n: int) -> None:
    """Two fielded surveys: every block is asked or read, and most of all else stands in the document."""
    document = json.loads((Path(given("given-questionnaires")) / name).read_text(encoding="utf-8"))
    report = read_ons(document, name="given")
    assert report.mapped_share >= share, report.mapped_share
    assert len(read_questionnaire(report.document).questions) == n
    assert set(fates(report, "routing rule")) <= {Fate.MAPPED, Fate.APPROXIMATED}


def test_a_real_survey_asks_what_its_authors_meant() -> None:
    """The Health Insight Survey: who had no contact with a practice is not asked about it, and goes on after it."""
    path = Path(given("given-questionnaires")) / "G10_ons_health_insight_survey_hms_0001.json"
    questionnaire = read_questionnaire(read_ons(json.loads(path.read_text(encoding="utf-8")), name="given").document)
    shown = {one.variable: one.show_if for one in questionnaire.questions}
    assert shown["hms_gpp_002"] == "${hms_gpp_001} = 1"
    assert shown["hms_gpp_015"] is None
    assert shown["hms_gpp_028"] == "${hms_gpp_014} = 3"
    walk = replay(questionnaire, {"hms_int_001": ["2"], "hms_int_002": ["2"]})
    assert walk.shown == ["hms_int_001", "hms_int_002", "hms_int_003"]
    assert "hms_gpp_001" in replay(questionnaire, {"hms_int_001": ["1"]}).shown
