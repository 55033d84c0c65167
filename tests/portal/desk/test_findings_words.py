"""Each rule of the proof and the methodology check has its sentence, and the sentence has all that it needs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from faulty import RULES as EXAMPLES
from faulty import found
from portal.desk.findings_words import RULES, said
from survey.findings import Finding, Severity

SURVEY = Path(__file__).parents[3] / "survey"


@pytest.mark.parametrize("rule", EXAMPLES)
def test_every_finding_can_be_said(app: Flask, rule: str) -> None:
    """The rule finds its fault, and its sentence is filled with the details of the finding."""
    findings = found(rule)
    assert rule in {one.rule for one in findings}
    with app.test_request_context():
        sentences = [said(one) for one in findings]
    assert not [one for one in sentences if "%(" in one or not one.endswith(".")]


def test_no_rule_is_without_words_or_example() -> None:
    """A rule that the code names has a sentence, each sentence an example that the tests above look at."""
    assert set(RULES) == set(EXAMPLES)
    named = {rule for path in SURVEY.glob("proof*.py") for rule in _named(path)}
    named |= {rule for path in SURVEY.glob("method*.py") for rule in _named(path)}
    assert named <= set(RULES)
    assert len(named) > len(RULES) / 2


def _named(path: Path) -> Iterator[str]:
    """What a module gives as the rule of a finding: first argument of `Finding`, first part of what it yields."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        first: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding" and node.args:
            first = node.args[0]
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
            first = node.value.elts[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and re.fullmatch(r"[a-z_]+", first.value):
            yield first.value


def test_an_answer_with_a_percent_sign_is_said_as_it_is(app: Flask) -> None:
    """What people wrote is filled in, never read as a placeholder."""
    finding = Finding("leading", Severity.ADVICE, "q1", {"word": "100% %(x)s", "language": "en"})
    with app.test_request_context():
        assert "100% %(x)s" in said(finding)
