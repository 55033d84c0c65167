"""Each rule of the proof and the methodology check has a small questionnaire in which it finds its fault, and words."""

import re

import pytest
from flask import Flask

from faulty import RULES as EXAMPLES
from faulty import found
from portal.desk.findings_words import RULES, said
from survey.findings import Finding, Severity


def test_no_rule_is_without_an_example() -> None:
    """What has words is found somewhere, and what is found has words."""
    assert set(RULES) == set(EXAMPLES)


@pytest.mark.parametrize("rule", EXAMPLES)
def test_every_finding_can_be_said(app: Flask, rule: str) -> None:
    """The rule finds its fault, and its sentence is filled with the details of the finding itself."""
    findings = found(rule)
    assert rule in {one.rule for one in findings}
    for one in findings:
        assert set(re.findall(r"%\((\w+)\)s", str(RULES[one.rule]))) <= set(one.details), one
        with app.test_request_context("/"):
            assert "%(" not in said(one)


def test_an_answer_with_a_percent_sign_is_said_as_it_is(app: Flask) -> None:
    """What people wrote is filled in, never read as a placeholder."""
    finding = Finding("leading", Severity.ADVICE, "q1", {"word": "100% %(x)s", "language": "en"})
    with app.test_request_context("/"):
        assert "100% %(x)s" in said(finding)
