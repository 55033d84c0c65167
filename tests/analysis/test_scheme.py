"""Schemes: parsed, or refused with the path of what is wrong."""

import copy
import re

import pytest

from analysis.errors import SchemeError
from analysis.scheme import parse_scheme

TREE = {
    "id": "unit",
    "operator": "sum_of_maxima",
    "branches": [
        {"id": "duties", "max": 60, "entry": "duties"},
        {
            "id": "service",
            "max": 40,
            "operator": "weighted_mean",
            "branches": [{"id": "speed", "item": "q1", "weight": 70}, {"id": "manner", "item": "q2", "weight": 30}],
        },
    ],
}


@pytest.fixture
def document(make_scheme):
    """A scheme with both operators."""
    return copy.deepcopy(make_scheme(TREE))


def put(document, path, value):
    """Set a place such as steps.1.tree.id, or take it out with None."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = document
    for step in way:
        place = place[step] if step in place or isinstance(step, int) else place[str(step)]
    if isinstance(place, dict) and not isinstance(last, str):
        last = str(last)
    if value is None and isinstance(place, dict):
        place.pop(last)
    else:
        place[last] = value


def test_a_scheme_is_parsed_once(document):
    """Items and entries come in declared order, and a parsed scheme is taken as it is."""
    scheme = parse_scheme(document)
    assert scheme.tree.items() == ("q1", "q2") and scheme.tree.entries() == ("duties",)
    assert scheme.tree_of("anything") is scheme.tree
    assert [cut.name for cut in scheme.cuts] == ["excellent", "good", "fair", "poor"]
    assert parse_scheme(scheme) is scheme


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", "x", "scheme format"),
        ("id_name", "", "scheme id_name"),
        ("steps", [], "scheme steps"),
        ("steps.0", "map", "steps[0]"),
        ("steps.0.op", "trim", "steps[0].op: unknown operator | got: trim"),
        ("steps.1.op", "map", "steps[1].op: operator repeated"),
        ("steps.0.extra", 1, "steps[0].extra"),
        ("steps.0.points", {}, "steps[0].points"),
        ("steps.0.points", {"one": 0}, "steps[0].points.one"),
        ("steps.0.points", {"01": 0}, "steps[0].points.01"),
        ("steps.0.points", {"²": 0}, "steps[0].points.²"),
        ("steps.0.points", {"1": 101}, "steps[0].points.1"),
        ("steps.0.points", {"1": True}, "steps[0].points.1"),
        ("steps.0.satisfied", [7], "steps[0].satisfied"),
        ("steps.0.satisfied", [], "steps[0].satisfied"),
        ("steps.1.tree", None, "steps[1]: has neither tree nor trees"),
        ("steps.1.tree.id", 3, "steps[1].tree.id"),
        ("steps.1.tree.operator", "product", "steps[1].tree.operator"),
        ("steps.1.tree.item", "q1", "one of item, entry, operator"),
        ("steps.1.tree.max", 100, "steps[1].tree.max"),
        ("steps.1.tree.branches", [], "steps[1].tree.branches"),
        ("steps.1.tree.branches.0.max", 50, "max of the branches do not sum to 100 | got: 90"),
        ("steps.1.tree.branches.0.max", 0, "steps[1].tree.branches[0].max"),
        ("steps.1.tree.branches.0.weight", 10, "branches[0].weight: does not belong"),
        ("steps.1.tree.branches.0.entry", "", "branches[0].entry"),
        ("steps.1.tree.branches.1.id", "duties", "a node id is used twice"),
        ("steps.1.tree.branches.1.branches.0.weight", 80, "branches[1]: weight of the branches do not sum to 100"),
        ("steps.1.tree.policy", "ignore", "steps[1].tree.policy"),
        ("steps.1.trees", [], "steps[1].trees"),
        ("steps.2.cuts", [], "steps[2].cuts"),
        ("steps.2.cuts.0.from", "80", "steps[2].cuts[1].from: grades are not written from high to low"),
        ("steps.2.cuts.0.from", "high", "steps[2].cuts[0].from"),
        ("steps.2.cuts.0.from", "NaN", "steps[2].cuts[0].from"),
        ("steps.2.cuts.1.from", None, "steps[2].cuts[1].from"),
        ("steps.2.cuts.3.from", "10", "steps[2].cuts[3].from"),
        ("steps.2.cuts.1.name", "excellent", "steps[2].cuts[1].name"),
        ("rounding.digits", 9, "rounding.digits"),
        ("rounding.mode", "even", "rounding.mode"),
        ("confidence", "100", "confidence"),
        ("confidence", 95, "confidence"),
        ("rank_open", "yes", "rank_open"),
    ],
)
def test_an_error_names_the_path(document, path, value, message):
    """Every refusal says where in the document the fault is."""
    put(document, path, value)
    with pytest.raises(SchemeError, match=re.escape(message)):
        parse_scheme(document)


@pytest.mark.parametrize("gone", [0, 1])
def test_map_and_combine_are_needed(document, gone):
    """A scheme without points or without a tree is no recipe; the missing operator is named."""
    del document["steps"][gone]
    with pytest.raises(SchemeError, match=f"operator {('map', 'combine')[gone]} is missing"):
        parse_scheme(document)


def test_steps_stand_in_their_order(document):
    """Grading before combining is refused."""
    document["steps"] = [document["steps"][place] for place in (0, 2, 1)]
    with pytest.raises(SchemeError, match="out of order"):
        parse_scheme(document)


def test_shares_other_than_a_hundred_need_a_policy(document):
    """Weights of 110 are refused unless the document says how they are meant."""
    put(document, "steps.1.tree.branches.0.max", 70)
    with pytest.raises(SchemeError, match="110"):
        parse_scheme(document)
    put(document, "steps.1.tree.policy", "normalise")
    assert parse_scheme(document).tree.branches[0].share == 70


def test_a_nested_sum_fills_its_own_maximum(make_scheme):
    """The maxima below a branch of 40 sum to 40, not to 100."""
    inner = {"id": "b", "max": 40, "operator": "sum_of_maxima", "branches": [{"id": "c", "item": "q", "max": 40}]}
    tree = {"id": "r", "operator": "sum_of_maxima", "branches": [{"id": "a", "entry": "e", "max": 60}, inner]}
    assert parse_scheme(make_scheme(tree)).tree.items() == ("q",)
    inner["branches"][0]["max"] = 100
    with pytest.raises(SchemeError, match="do not sum to 40"):
        parse_scheme(make_scheme(tree))


def test_an_item_used_twice_is_a_warning(make_scheme):
    """Double counting is allowed and said."""
    branches = [{"id": name, "item": "q", "weight": 50} for name in ("a", "b")]
    scheme = parse_scheme(make_scheme({"id": "r", "operator": "weighted_mean", "branches": branches}))
    assert scheme.warnings == ("item q is used twice under r",)
