"""The optional script: it decides as the server does, on random questionnaires and on the page itself."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from portal.headers import inlined
from random_conditions import random_answers, random_ast
from random_documents import random_form, random_questionnaire
from scale import scaled
from survey.answers import replay
from survey.logic import Value, evaluate
from survey.parts import Missing
from survey.program import program
from survey.walk import Walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TODAY = date(2026, 7, 1)
BATCH = 500  # pairs in each call, which costs about a millisecond by itself
FORMS = 5  # sent for each questionnaire
TRUTHS = {1: True, 0: False, 0.5: None}
EVALUATE = "batch => JSON.parse(batch).map(([ast, answers]) => evaluate(ast, new Map(answers)))"
REPLAY = """batch => JSON.parse(batch).map(([steps, form, today]) => {
  const fields = new Map(form), found = replay(steps, name => [...(fields.get(name) || [])], today);
  return [[...found.shown], [...found.known]];
})"""


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    """An empty page with nothing but the script."""
    context = browser.new_context()
    page = context.new_page()
    page.add_script_tag(content=inlined("answer.js"))
    yield page
    context.close()


def as_script_has_it(value: Value) -> Any:
    """Numbers as whole millionths."""
    if isinstance(value, tuple):
        return [as_script_has_it(one) for one in value]
    return int(value * 1_000_000) if isinstance(value, int | Decimal) else value


def batches(pairs: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(pairs), BATCH):
        yield pairs[start : start + BATCH]


@pytest.mark.browser
def test_the_script_evaluates_as_the_server_does(blank: Page) -> None:
    """Any condition over any answers is true, false or unknown in both, and each of the three is met often."""
    rng, found = random.Random(1), []
    pairs = [(random_ast(rng), random_answers(rng)) for _ in range(scaled(100_000, least=5_000))]
    for batch in batches(pairs):
        sent = [(ast, [(name, as_script_has_it(value)) for name, value in known.items()]) for ast, known in batch]
        truths = [TRUTHS[truth] for truth in blank.evaluate(EVALUATE, json.dumps(sent))]
        for (ast, known), truth in zip(batch, truths, strict=True):
            assert truth is evaluate(ast, known), (ast, known)
        found += truths
    assert min(found.count(truth) for truth in TRUTHS.values()) > len(pairs) / 10


@pytest.mark.browser
def test_the_script_walks_as_the_server_does(blank: Page) -> None:
    """Whatever is asked and sent, the same questions are shown and the same answers are read."""
    rng, walks = random.Random(2), []
    for _ in range(scaled(100_000, least=5_000) // FORMS):
        asked = random_questionnaire(rng)
        steps = program(asked)
        for form in [random_form(rng, asked) for _ in range(FORMS)]:
            walks.append((steps, form, replay(asked, form, today=TODAY)))
    n_shown = n_hidden = 0
    for batch in batches(walks):
        sent = [(steps, list(form.items()), TODAY.isoformat()) for steps, form, _ in batch]
        for (steps, form, walk), (shown, known) in zip(batch, blank.evaluate(REPLAY, json.dumps(sent)), strict=True):
            names = deciding(steps)
            expected = shown_of(names, walk)
            assert names & set(shown) == expected, f"{steps}\n{form}\n{known}"
            if not walk.has_declined:
                assert dict(known) == known_of(steps, walk), f"{steps}\n{form}"
            n_shown, n_hidden = n_shown + len(expected), n_hidden + len(names - expected)
    assert min(n_shown, n_hidden) > len(walks)


def deciding(steps: list[dict[str, Any]]) -> set[str]:
    """The questions and rows that depend on answers, or on whose answers others depend."""
    leaves = {leaf["q"] for step in steps for leaf in step.get("leaves", ()) if {"if", "as"} & leaf.keys()}
    return leaves | {step["q"] for step in steps if "if" in step}


def shown_of(names: set[str], walk: Walk) -> set[str]:
    """Which of these the server shows: questions as they are listed, and rows of matrices that are not off the path."""
    off_path = {name for name, why in walk.missing.items() if why is Missing.NOT_ASKED}
    asked = walk.answers.keys() | walk.texts.keys() | walk.missing.keys() | walk.faults.keys()
    return names & (set(walk.shown) | (asked - off_path))


def known_of(steps: list[dict[str, Any]], walk: Walk) -> dict[str, Any]:
    read = {leaf["q"] for step in steps for leaf in step.get("leaves", ()) if "as" in leaf}
    answers = {**walk.answers, **walk.texts}
    found = {name: as_script_has_it(value) for name, value in answers.items() if name in read}
    return found | {"today()": TODAY.isoformat()}
