"""The proof agrees with trying every form of small questionnaires drawn at random."""

import random
from collections.abc import Iterator

import pytest

from counter import questionnaire
from routed import Seen, draw, try_all
from scale import scaled
from shown_by import shows
from survey.answers import replay
from survey.findings import Finding, Severity
from survey.logic import evaluate, parse
from survey.proof import paths, prove, walk_to
from survey.proof.model import may_be_skipped
from survey.questionnaire import Questionnaire, read_questionnaire
from survey.questions import MatrixQuestion

N = scaled(2000, least=100)
ROUTING = {
    "unreachable",
    "always_true",
    "empty_pipe",
    "end_never",
    "end_always",
    "check_never_fails",
    "check_always_fails",
    "no_way_on",
    "dead_end",
    "asks_nothing",
}


def expected(seen: Seen) -> set[tuple[str, str]]:
    return {*_of_places(seen), *_of_questions(seen)}


def _of_places(seen: Seen) -> Iterator[tuple[str, str]]:
    """Sections, questions and rows that are met never or always."""
    for number, section in enumerate(seen.read.sections, 1):
        yield from _of_place(seen, f"section {number}", section.show_if)
        if f"section {number}" in seen.met:
            for question in section.questions:
                yield from _of_place(seen, question.variable, question.show_if)
                rows = question.rows if isinstance(question, MatrixQuestion) else ()
                for row in rows if question.variable in seen.met else ():
                    if row.show_if is not None:
                        yield from _of_place(seen, row.variable, row.show_if)


def _of_place(seen: Seen, name: str, condition: str | None) -> Iterator[tuple[str, str]]:
    if name not in seen.met:
        yield "unreachable", name
    elif condition is not None and name not in seen.not_true:
        yield "always_true", name


def _of_questions(seen: Seen) -> Iterator[tuple[str, str]]:
    for place, step in enumerate(seen.read.steps):
        name = step.question.variable
        if name not in seen.met:
            continue
        yield from (("empty_pipe", name) for one, _ in seen.unanswered if one == name)
        always = {(name, index) for index, _ in enumerate(step.question.checks)} & seen.answered - seen.held
        never = {(name, index) for index, _ in enumerate(step.question.checks)} & seen.judged - seen.failed
        yield from (("check_always_fails", name) for _ in always - never)
        yield from (("check_never_fails", name) for _ in never)
        hard = [index for _, index in always - never if not step.question.checks[index].soft]
        if name not in seen.passed and not hard:
            yield "no_way_on", name
        if name in seen.passed and _may_be_stuck(seen, name):
            yield "dead_end", name
        if step.end is not None and name in seen.passed and name not in seen.ended:
            yield "end_never", name
        if name in seen.ended and name not in seen.went_on and place + 1 < len(seen.read.steps):
            yield "end_always", name
    if seen.without_item:
        yield "asks_nothing", ""


def _may_be_stuck(seen: Seen, name: str) -> bool:
    """Whether there are earlier answers after which no answer to a required question is taken."""
    question = seen.read.listed[name]
    must_answer = question.required and may_be_skipped(question) is False
    return must_answer and any(not can_pass for (one, _), can_pass in seen.before.items() if one == name)


def drawn(seed: int) -> Questionnaire:
    return read_questionnaire(draw(random.Random(seed)))


@pytest.mark.parametrize("block", range(10))
def test_the_proof_agrees_with_trying_everything(block: int) -> None:
    """What is found is there, what is not found is not there, and each walk shows its fault."""
    for seed in range(block, N, 10):
        read = drawn(seed)
        found = prove(read)
        claimed = {(one.rule, one.place) for one in found if one.rule in ROUTING}
        assert claimed == expected(try_all(read)), f"seed {seed}"
        assert [one for one in found if one.rule == "undecided"] == [], f"seed {seed}"
        assert [one for one in found if not _is_shown(read, one)] == [], f"seed {seed}"


def _is_shown(read: Questionnaire, finding: Finding) -> bool:
    return shows(read, finding) if finding.severity is Severity.FAULT or finding.walk is not None else True


@pytest.mark.parametrize("block", range(5))
def test_walks_lead_wherever_one_can_go(block: int) -> None:
    """`walk_to` finds a way exactly where there is one; shortest and longest walks have the numbers of questions."""
    for seed in range(block, N, 5):
        read = drawn(seed)
        seen = try_all(read)
        for question in read.questions:
            way = walk_to(read, question.variable)
            assert (way is not None) is (question.variable in seen.met), f"seed {seed}"
            assert way is None or question.variable in replay(read, way).shown, f"seed {seed}"
        shortest, longest = paths(read)
        counted = [shortest.n_questions, longest.n_questions]
        assert counted == ([min(seen.lengths), max(seen.lengths)] if seen.lengths else [0, 0]), f"seed {seed}"


def _sum(rng: random.Random) -> str:
    terms = [rng.choice(["${a}", "${b}", str(rng.randint(0, 160))]) for _ in range(rng.choice([1, 2, 3]))]
    text = terms[0]
    for term in terms[1:]:
        text += f" {rng.choice('+-')} {term}"
    return text


def _condition(rng: random.Random) -> str:
    parts = [
        f"{_sum(rng)} {rng.choice(['=', '!=', '<', '<=', '>', '>='])} {_sum(rng)}" for _ in range(rng.choice([1, 2, 3]))
    ]
    return f" {rng.choice(['and', 'or'])} ".join(f"not ({one})" if rng.random() < 0.2 else one for one in parts)


def test_sums_of_numbers_too_many_to_try() -> None:
    """With a hundred values each, what is claimed of two numbers and their sums holds; most of it is decided."""
    n_undecided = 0
    for seed in range(scaled(1000, least=50)):
        rng = random.Random(seed)
        check, condition = _condition(rng), _condition(rng)
        number = {"type": "number", "minimum": 0, "maximum": 79, "required": True, "role": "item", "text": {"en": "n"}}
        second = number | {"variable": "b", "checks": [{"rule": check, "text": {"en": "no"}}]}
        third = number | {"variable": "c", "show_if": condition}
        read = read_questionnaire(questionnaire(number | {"variable": "a"}, second, third))
        found = {(one.rule, one.place) for one in prove(read)}
        pairs = [{"a": a, "b": b} for a in range(80) for b in range(80)]
        good = [pair for pair in pairs if evaluate(parse(check, "b"), pair) is not False]
        values = {evaluate(parse(condition), pair) for pair in good}
        is_undecided = any(rule == "undecided" for rule, _ in found)
        n_undecided += is_undecided
        assert is_undecided or (("unreachable", "c") in found) is (True not in values), f"seed {seed}"
        assert is_undecided or (("always_true", "c") in found) is (values == {True}), f"seed {seed}"
        assert ("unreachable", "c") not in found or True not in values, f"seed {seed}"
        assert ("always_true", "c") not in found or values == {True}, f"seed {seed}"
    assert n_undecided < scaled(1000, least=50) / 5
