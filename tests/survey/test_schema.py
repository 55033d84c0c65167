"""The JSON Schema beside the model: what other programs check a questionnaire by before they send it."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from random_documents import random_questionnaire
from survey.questionnaire import json_schema

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "survey" / "questionnaire.schema.json"
DEMO = json.loads((ROOT / "portal" / "demo" / "questionnaire.json").read_text(encoding="utf-8"))
RENEW = "python -m survey.questionnaire"


@pytest.fixture(scope="module")
def judge() -> Draft202012Validator:
    return Draft202012Validator(json.loads(KEPT.read_text(encoding="utf-8")))


def test_the_schema_is_fresh() -> None:
    """The file says what the model says."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert kept == json_schema(), f"the model has changed: {RENEW} > survey/questionnaire.schema.json"


def test_the_command_prints_the_file() -> None:
    """The command that the message names writes exactly what is kept."""
    done = subprocess.run([sys.executable, *RENEW.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == KEPT.read_text(encoding="utf-8")


def test_it_is_a_schema() -> None:
    """Any validator of JSON Schema 2020-12 can read it."""
    Draft202012Validator.check_schema(json_schema())


def test_it_accepts_the_demo(judge: Draft202012Validator) -> None:
    """A document in use is good by its schema."""
    judge.validate(DEMO)


def test_it_accepts_what_the_model_accepts(judge: Draft202012Validator) -> None:
    """Nothing that can be published is refused by the schema."""
    rng = random.Random(7)
    for _ in range(200):
        judge.validate(random_questionnaire(rng, shuffled=True).model_dump(mode="json", exclude_unset=True))


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document that is no text by language."""
    if isinstance(value, list):
        for one in value:
            yield from parts(one)
    elif isinstance(value, dict) and not set(value) <= set(DEMO["languages"]):
        yield value
        for one in value.values():
            yield from parts(one)


def test_it_refuses_unknown_fields(judge: Draft202012Validator) -> None:
    """A misspelt field is an error everywhere in a document, never silently without effect."""
    n = len(list(parts(DEMO)))
    assert n > 50
    for place in range(n):
        document = copy.deepcopy(DEMO)
        list(parts(document))[place]["colour"] = "red"
        assert not judge.is_valid(document), list(parts(document))[place]


@pytest.mark.parametrize(
    ("field", "value"),
    [("format", "minyi-questionnaire/9"), ("languages", []), ("sections", []), ("name", "Not a name"), ("seed", -1)],
)
def test_it_refuses_what_the_model_refuses(judge: Draft202012Validator, field: str, value: object) -> None:
    """What the shape of a field forbids, the schema forbids too."""
    assert not judge.is_valid({**DEMO, field: value})
