"""Every rule of the proof and of the methodology check has words, and its details fill them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from portal.desk.findings_words import RULES, said
from survey.findings import Finding, Severity
from survey.library import template, templates
from survey.method import review
from survey.proof import prove
from survey.questionnaire import read_questionnaire

SOURCES = [path for path in Path("survey").rglob("*.py") if "proof" in str(path) or "method" in str(path)]
_EMITTED = re.compile(r'(?:yield|Finding\()\s*"([a-z_]+)"')


def test_no_rule_is_without_words() -> None:
    """Each name of a rule that the sources emit is known; another one would be shown as it is."""
    emitted = {name for path in SOURCES for name in _EMITTED.findall(path.read_text(encoding="utf-8"))}
    assert {"long_list", "heavy_page", "undecided"} <= emitted
    assert emitted - set(RULES) == set()


@pytest.mark.parametrize("rule", RULES)
def test_words_need_no_more_than_details(app: Flask, rule: str) -> None:
    """A sentence is whole even where a detail lacks, and shows those that are given."""
    details = {name: f"<{name}>" for name in re.findall(r"%\((\w+)\)s", str(RULES[rule]))}
    with app.test_request_context("/"):
        words = said(Finding(rule, Severity.FAULT, "q1", details))
        bare = said(Finding(rule, Severity.FAULT, "q1"))
    assert "%(" not in words + bare
    assert all(value in words for value in details.values())


@pytest.mark.parametrize("name", [one.name for one in templates()])
def test_findings_of_templates_are_told_in_words(app: Flask, name: str) -> None:
    """What is said about each template has all its details."""
    read = read_questionnaire(template(name))
    with app.test_request_context("/"):
        for finding in [*prove(read), *review(read)]:
            assert finding.rule in RULES, finding.rule
            wanted = set(re.findall(r"%\((\w+)\)s", str(RULES[finding.rule])))
            assert wanted <= set(finding.details), finding
            assert said(finding)
