"""Plans: parsed, or refused with the path of what is wrong."""

import copy
import re

import pytest

from analysis.errors import PlanError
from analysis.plan import parse_plan

DIMENSIONS = [("channel", ["window", "online"])]


def test_leaves_are_found_below_their_parents(make_plan):
    """A parent's scored units are those whose line of parents reaches it."""
    plan = parse_plan(make_plan(["a", "b"], dimensions=DIMENSIONS))
    assert plan.scored_within("city") == ("a", "b")
    assert plan.scored_within("b") == ("b",)
    assert parse_plan(plan) is plan


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", "minyi-plan/2", "format"),
        ("units", {}, "units"),
        ("units.1", "a", "units[1]"),
        ("units.1.id", "city", "units[1].id"),
        ("units.1.id", 5, "units[1].id"),
        ("units.1.scored", "yes", "units[1].scored"),
        ("units.1.parent", "nowhere", "units[1].parent"),
        ("units.0.parent", "a", "circle"),
        ("units.1.scored", False, "no unit is scored"),
        ("weighting", None, "weighting"),
        ("weighting.method", "guess", "poststratify, rake, none"),
        ("weighting.dimensions", [], "weighting.dimensions"),
        ("weighting.dimensions", ["channel"], "weighting.dimensions"),
        ("weighting.dimensions.0.categories", ["window", "window"], "dimensions[0].categories"),
        ("weighting.dimensions.0.categories", ["win|dow"], "dimensions[0].categories"),
        ("weighting.minimum_class", 1, "minimum_class"),
        ("minimum_n", "30", "minimum_n"),
        ("minimum_n", 5, "minimum_n"),
        ("participation", "crowd", "participation"),
    ],
)
def test_an_error_names_the_path(make_plan, path, value, message):
    """Every refusal says where in the document the fault is."""
    document = copy.deepcopy(make_plan(["a"], dimensions=DIMENSIONS))
    *way, last = path.split(".")
    place = document
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[int(last) if last.isdigit() else last] = value
    with pytest.raises(PlanError, match=re.escape(message)):
        parse_plan(document)


def test_a_dimension_stands_once(make_plan):
    """The same dimension cannot be declared twice."""
    with pytest.raises(PlanError, match="used twice"):
        parse_plan(make_plan(["a"], dimensions=DIMENSIONS * 2))
