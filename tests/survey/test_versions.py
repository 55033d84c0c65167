"""Mappings between versions, worked by hand: what is proposed, what is refused, and where a line breaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counter import questionnaire, rating, wish
from question_types import document
from survey.fielding import publish_questionnaire
from survey.mapping import MappingError, Relation, VariableMapping, check_mapping, propose_mapping
from survey.questionnaire import Questionnaire, read_questionnaire
from survey.recoding import Why, chained, recoded
from survey.storage.engine import Database
from survey.storage.tables import metadata
from survey.versions import (
    Link,
    Point,
    chain,
    comparable_series,
    load_mapping,
    store_mapping,
    store_text_fix,
)

ON = date(2026, 3, 1)


def choices(*texts: str, first: int = 1) -> list[dict[str, Any]]:
    return [{"code": code, "text": {"en": text}} for code, text in enumerate(texts, first)]


def single(variable: str = "q", text: str = "Which?", **more: Any) -> dict[str, Any]:
    return {"type": "single", "variable": variable, "text": {"en": text}, "choices": choices("a", "b", "c"), **more}


def number(**more: Any) -> dict[str, Any]:
    return {"type": "number", "variable": "q", "text": {"en": "How many?"}, "unit": {"en": "minutes"}, **more}


def scale(first: int, last: int, low: str = "never", high: str = "always", **more: Any) -> dict[str, Any]:
    ends = {"first": first, "last": last, "first_label": {"en": low}, "last_label": {"en": high}}
    return {"type": "scale", "variable": "q", "text": {"en": "How often?"}, **ends, **more}


def read(*questions: dict[str, Any], **more: Any) -> Questionnaire:
    return read_questionnaire(questionnaire(*questions, **more))


def proposed(old: dict[str, Any], new: dict[str, Any], variable: str = "q") -> VariableMapping:
    found = {one.variable: one for one in propose_mapping(read(old), read(new))}
    return found[variable]


AGES = choices("18 to 24", "25 to 34", "35 to 44")
DEMOGRAPHIC = {"role": "demographic"}
PROPOSALS: dict[str, tuple[dict[str, Any], dict[str, Any], Relation, dict[Any, Any] | None, set[Why]]] = {
    "nothing changed": (single(), single(), Relation.SAME, None, set()),
    "required now": (single(), single(required=True), Relation.SAME, None, {Why.SETTINGS}),
    "question reworded": (single(), single(text="Which one?"), Relation.REWORDED, None, {Why.TEXT}),
    "hint added": (single(), single(hint={"en": "One."}), Relation.REWORDED, None, {Why.TEXT}),
    "a choice reworded": (
        single(),
        single(choices=choices("a", "b!", "c")),
        Relation.REWORDED,
        None,
        {Why.CHOICE_TEXTS},
    ),
    "don't know offered": (
        single(),
        single(choices=[*choices("a", "b", "c"), {"code": 9, "text": {"en": "?"}, "missing": "dont_know"}]),
        Relation.REWORDED,
        None,
        {Why.MISSING_OPTIONS},
    ),
    "turned round": (
        single(choices=choices("good", "fair", "bad")),
        single(choices=choices("bad", "fair", "good")),
        Relation.RECODED,
        {1: 3, 2: 2, 3: 1},
        {Why.REVERSED, Why.CODES},
    ),
    "turned round, the middle reworded": (
        single(choices=choices("good", "fairly good", "fairly bad", "bad")),
        single(choices=choices("bad", "rather bad", "rather good", "good")),
        Relation.RECODED,
        {1: 4, 2: 3, 3: 2, 4: 1},
        {Why.REVERSED, Why.CODES, Why.CHOICE_TEXTS},
    ),
    "codes from nought": (
        single(),
        single(choices=choices("a", "b", "c", first=0)),
        Relation.RECODED,
        {1: 0, 2: 1, 3: 2},
        {Why.CODES},
    ),
    "a band split off": (
        single(choices=AGES, **DEMOGRAPHIC),
        single(choices=choices("Under 18", "18 to 24", "25 to 34", "35 to 44"), **DEMOGRAPHIC),
        Relation.RECODED,
        {1: 2, 2: 3, 3: 4},
        {Why.CODES, Why.CHOICES_ADDED},
    ),
    "bands merged": (
        single(choices=AGES, **DEMOGRAPHIC),
        single(choices=choices("18 to 34", "35 to 44"), **DEMOGRAPHIC),
        Relation.RECODED,
        {1: None, 2: None, 3: 2},
        {Why.CODES, Why.CHOICES_ADDED, Why.CHOICES_REMOVED},
    ),
    "a level more of a judgement": (
        single(choices=choices("good", "bad")),
        single(choices=choices("good", "bad", "fair")),
        Relation.BROKEN,
        None,
        {Why.CHOICES_ADDED, Why.NUMBER_OF_LEVELS},
    ),
    "no word in common": (
        single(),
        single(choices=choices("x", "y", "z")),
        Relation.BROKEN,
        None,
        {Why.NOTHING_IN_COMMON},
    ),
    "another type": (single(), single(type="multiple"), Relation.BROKEN, None, {Why.TYPE}),
    "five choices become levels": (rating("q") | {"type": "single"}, rating("q"), Relation.SAME, None, set()),
    "another unit": (number(), number(unit={"en": "hours"}), Relation.BROKEN, None, {Why.MEASURE}),
    "bounds": (number(), number(maximum=90), Relation.SAME, None, {Why.SETTINGS}),
    "one more choice to tick": (
        single(type="multiple"),
        single(type="multiple", choices=choices("a", "b", "c", "d")),
        Relation.RECODED,
        {1: 1, 2: 2, 3: 3},
        {Why.CHOICES_ADDED},
    ),
    "fewer may be ticked": (
        single(type="multiple"),
        single(type="multiple", at_most=2),
        Relation.BROKEN,
        None,
        {Why.MEASURE},
    ),
    "a scale shifted": (scale(0, 4), scale(1, 5), Relation.RECODED, {0: 1, 1: 2, 2: 3, 3: 4, 4: 5}, {Why.CODES}),
    "a scale turned": (
        scale(1, 3),
        scale(1, 3, "always", "never", best="first"),
        Relation.RECODED,
        {1: 3, 2: 2, 3: 1},
        {Why.CODES, Why.REVERSED},
    ),
    "a scale of other length": (scale(1, 5), scale(1, 7), Relation.BROKEN, None, {Why.NUMBER_OF_LEVELS}),
    "a scale of something else": (
        scale(1, 5),
        scale(1, 5, "bad", "good"),
        Relation.BROKEN,
        None,
        {Why.NOTHING_IN_COMMON},
    ),
}


@pytest.mark.parametrize("name", PROPOSALS)
def test_proposals(name: str) -> None:
    """What words and codes suggest, why, and that the proposal itself would be accepted."""
    old, new, relation, recoding, reasons = PROPOSALS[name]
    found = proposed(old, new)
    assert (found.relation, set(found.reasons)) == (relation, reasons)
    assert found.recoding == (None if recoding is None else tuple(recoding.items()))
    check_mapping(read(old), read(new), propose_mapping(read(old), read(new)))


def test_every_leaf_is_mapped() -> None:
    """Rows are variables; new and dropped ones are told apart, dropped ones last."""
    rows = [{"variable": name, "text": {"en": name}} for name in ("m1", "m2")]
    matrix = single("m", type="matrix", rows=rows)
    other = matrix | {"rows": [rows[0], {"variable": "m3", "text": {"en": "m3"}}]}
    found = propose_mapping(read(matrix, wish()), read(other))
    assert [(one.variable, one.relation) for one in found] == [
        ("m1", "same"),
        ("m3", "new"),
        ("m2", "dropped"),
        ("wish", "dropped"),
    ]


def test_the_same_version_maps_to_itself() -> None:
    """Every type of question: nothing changed means that every variable is the same, for no reason."""
    read_one = read_questionnaire(document())
    found = propose_mapping(read_one, read_one)
    assert {(one.relation, one.reasons) for one in found} == {(Relation.SAME, ())}
    assert len(found) == len(read_one.leaves)


def test_who_is_asked_decides_too() -> None:
    """Another condition breaks a variable, and so does the same condition on codes that changed."""
    follow = wish(show_if="${q} = 1")
    assert _relations(read(single(), follow), read(single(), wish(show_if="${q} = 2")))["wish"] == "broken"
    turned = single(choices=choices("c", "b", "a"))
    found = _relations(read(single(), follow), read(turned, follow))
    assert found == {"q": "recoded", "wish": "broken"}
    ended = single(end_if=". = 3")
    assert _relations(read(single(), wish()), read(ended, wish())) == {"q": "same", "wish": "broken"}


def test_words_that_change_places_break_both_variables() -> None:
    """Two questions that exchange their words are not two reworded ones."""
    found = propose_mapping(
        read(single("a", "Quick?"), single("b", "Cheap?")), read(single("a", "Cheap?"), single("b", "Quick?"))
    )
    assert [(one.relation, one.reasons) for one in found] == [(Relation.BROKEN, (Why.TEXT_MOVED,))] * 2


def _relations(old: Questionnaire, new: Questionnaire) -> dict[str, str]:
    return {one.variable: str(one.relation) for one in propose_mapping(old, new)}


TURNED = choices("c", "b", "a")
LONGER = choices("a", "b", "c", "d")
MULTI = "multiple"
REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], VariableMapping, str]] = {
    "same, other codes": (single(), single(choices=LONGER), VariableMapping("q", Relation.SAME), "codes differ"),
    "reworded, other codes": (
        single(),
        single(choices=LONGER),
        VariableMapping("q", Relation.REWORDED),
        "codes differ",
    ),
    "same, words moved": (single(), single(choices=TURNED), VariableMapping("q", Relation.SAME), "under other codes"),
    "same, other type": (single(), single(type=MULTI), VariableMapping("q", Relation.SAME), "types"),
    "recoded without recoding": (single(), single(), VariableMapping("q", Relation.RECODED), "a recoding"),
    "same with recoding": (
        single(),
        single(),
        VariableMapping("q", Relation.SAME, ((1, 1), (2, 2), (3, 3))),
        "a recoding",
    ),
    "an old code left out": (
        single(),
        single(),
        VariableMapping("q", Relation.RECODED, ((1, 1), (2, 2))),
        "each old code",
    ),
    "an old code twice": (
        single(),
        single(),
        VariableMapping("q", Relation.RECODED, ((1, 1), (1, 2), (3, 3))),
        "each old code",
    ),
    "a code as text": (
        single(),
        single(),
        VariableMapping("q", Relation.RECODED, (("1", 1), (2, 2), (3, 3))),
        "each old code",
    ),
    "a new code unknown": (
        single(),
        single(),
        VariableMapping("q", Relation.RECODED, ((1, 1), (2, 2), (3, 7))),
        "new codes",
    ),
    "all dropped": (
        single(),
        single(),
        VariableMapping("q", Relation.RECODED, ((1, None), (2, None), (3, None))),
        "new codes",
    ),
    "a number recoded": (number(), number(), VariableMapping("q", Relation.RECODED, ((1, 1),)), "no codes"),
    "ranks merged": (
        single(type="ranking"),
        single(type="ranking"),
        VariableMapping("q", Relation.RECODED, ((1, 1), (2, 1), (3, 3))),
        "no two choices",
    ),
    "new, but old": (single(), single(), VariableMapping("q", Relation.NEW), "both versions"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_impossible_mappings_are_refused(name: str) -> None:
    """The error says what would be possible."""
    old, new, mapping, words = REFUSED[name]
    with pytest.raises(MappingError, match=words):
        check_mapping(read(old), read(new), [mapping])


def test_a_person_may_know_better() -> None:
    """Merging bands by hand, and calling comparable what was proposed as broken, is accepted."""
    ages = single(choices=AGES), single(choices=choices("18 to 34", "35 to 44"))
    check_mapping(read(ages[0]), read(ages[1]), [VariableMapping("q", Relation.RECODED, ((1, 1), (2, 1), (3, 2)))])
    check_mapping(
        read(single()), read(single(choices=choices("x", "y", "z"))), [VariableMapping("q", Relation.REWORDED)]
    )


def test_each_variable_needs_one_decision() -> None:
    """None left out, none twice, none that does not exist; a new one is new."""
    old, new = read(single()), read(single(), wish())
    same, come = VariableMapping("q", Relation.SAME), VariableMapping("wish", Relation.NEW)
    check_mapping(old, new, [same, come])
    for wrong in (
        [same],
        [same, come, come],
        [same, come, replace(come, variable="x")],
        [same, replace(come, relation=Relation.SAME)],
    ):
        with pytest.raises(MappingError):
            check_mapping(old, new, wrong)


# --- kept, and followed over three versions ---------------------------------------------------------------------------


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    metadata.create_all(made.engine)
    yield made
    made.dispose()


LIKED = choices("good", "fair", "bad")
FIRST = questionnaire(single(choices=LIKED), wish(), single("old"))
SECOND = questionnaire(single(choices=LIKED, text="Which one?"), wish())
THIRD = questionnaire(single(choices=choices("bad", "fair", "good"), text="Which one?"), wish(), single("fresh"))


def publish(database: Database, *documents: dict[str, Any]) -> list[str]:
    with database.write() as connection:
        return [publish_questionnaire(connection, one, ON) for one in documents]


def test_what_was_reviewed_is_kept_with_who_and_when(database: Database) -> None:
    """Relations and recodings come back as they were decided; a later review takes the place of the earlier one."""
    second, third = publish(database, SECOND, THIRD)
    decided = propose_mapping(read_questionnaire(SECOND), read_questionnaire(THIRD))
    with database.write() as connection:
        assert load_mapping(connection, second, third) == []
        store_mapping(connection, second, third, decided, by="anna", on=ON)
        kept = {one.variable: one for one in load_mapping(connection, second, third)}
    assert kept["q"] == VariableMapping("q", Relation.RECODED, ((1, 3), (2, 2), (3, 1)), (), "anna", ON)
    assert {name: one.relation for name, one in kept.items()} == {"q": "recoded", "wish": "same", "fresh": "new"}
    broken = [VariableMapping("q", Relation.BROKEN) if one.variable == "q" else one for one in decided]
    with database.write() as connection:
        store_mapping(connection, second, third, broken, by="bo", on=date(2026, 3, 2))
        again = {one.variable: one for one in load_mapping(connection, second, third)}
    assert (again["q"].relation, again["q"].reviewed_by, len(again)) == (Relation.BROKEN, "bo", 3)


def test_nothing_is_kept_that_is_impossible_or_nobodys(database: Database) -> None:
    """A refused mapping, one without a person, and one from a version to itself leave no row."""
    first, second = publish(database, FIRST, SECOND)
    decided = propose_mapping(read_questionnaire(FIRST), read_questionnaire(SECOND))
    for old, new, mappings, by in (
        (first, second, decided[:1], "anna"),
        (first, second, decided, ""),
        (first, first, decided, "anna"),
    ):
        with database.write() as connection, pytest.raises(MappingError):
            store_mapping(connection, old, new, mappings, by=by, on=ON)
    with database.read() as connection:
        assert load_mapping(connection, first, second) == []


def test_a_text_fix_says_that_every_variable_is_the_same(database: Database) -> None:
    """Where words alone differ, one decision stands for all; where more does, it is refused."""
    fixed = questionnaire(single(choices=LIKED, text="Which, please?"), wish(), single("old"))
    first, second, third = publish(database, FIRST, fixed, SECOND)
    with database.write() as connection:
        store_text_fix(connection, first, second, by="anna", on=ON)
        assert {one.relation for one in load_mapping(connection, first, second)} == {Relation.SAME}
        with pytest.raises(MappingError, match="more than a text fix"):
            store_text_fix(connection, first, third, by="anna", on=ON)


def test_three_versions_link_by_link(database: Database) -> None:
    """Reworded, then turned round; what nobody reviewed, and what is new or gone, breaks."""
    first, second, third = publish(database, FIRST, SECOND, THIRD)
    with database.write() as connection:
        for old, new, documents in ((first, second, (FIRST, SECOND)), (second, third, (SECOND, THIRD))):
            decided = propose_mapping(*(read_questionnaire(one) for one in documents))
            store_mapping(connection, old, new, decided, by="anna", on=ON)

        def told(variable: str, *ids: str) -> list[tuple[str | None, bool]]:
            return [(one.relation, one.is_comparable) for one in chain(connection, ids, variable)]

        assert told("q", first, second, third) == [("reworded", True), ("recoded", True)]
        assert told("q", first, first, second) == [("same", True), ("reworded", True)]
        assert told("q", first, third) == [(None, False)]
        assert told("old", first, second) == [("dropped", False)]
        assert told("fresh", second, third) == [("new", False)]
        assert told("q", first) == []
        assert chain(connection, [second, third], "q")[0].recoding == ((1, 3), (2, 2), (3, 1))


# --- lines ------------------------------------------------------------------------------------------------------------

TURN = ((1, 3), (2, 2), (3, 1))


def points(*versions: str) -> list[Point]:
    return [Point(f"w{place}", version, place * 10) for place, version in enumerate(versions)]


def test_a_series_of_comparable_waves_is_one_segment() -> None:
    """Two waves of v1, then v2 reworded, then v3 recoded: one line, with marks, and codes carried to v3."""
    links = [
        Link("v1", "v1", Relation.SAME),
        Link("v1", "v2", Relation.REWORDED),
        Link("v2", "v3", Relation.RECODED, TURN),
    ]
    (segment,) = comparable_series(points("v1", "v1", "v2", "v3"), links)
    assert segment.broken_by is None
    assert [point.value for point in segment.points] == [0, 10, 20, 30]
    assert [point.mark for point in segment.points] == [None, None, Relation.REWORDED, Relation.RECODED]
    assert [point.recoding for point in segment.points] == [TURN, TURN, TURN, None]


def test_a_series_breaks_where_values_do_not_compare() -> None:
    """A broken link and an unreviewed one each start a new segment, which says why; codes are not carried over it."""
    links = [
        Link("v1", "v2", Relation.RECODED, TURN),
        Link("v2", "v3", Relation.BROKEN),
        Link("v3", "v4", None),
    ]
    found = comparable_series(points("v1", "v2", "v3", "v4"), links)
    assert [[point.wave for point in one.points] for one in found] == [["w0", "w1"], ["w2"], ["w3"]]
    assert [one.broken_by for one in found] == [None, links[1], links[2]]
    assert [point.recoding for point in found[0].points] == [TURN, None]


def test_links_of_other_versions_are_refused() -> None:
    """Links and points that do not belong together would draw a false line; no points are no segments."""
    assert comparable_series([], []) == []
    assert len(comparable_series(points("v1"), [])) == 1
    for links in ([], [Link("v1", "v3", Relation.SAME)]):
        with pytest.raises(ValueError, match="links"):
            comparable_series(points("v1", "v2"), links)


def test_recodings_follow_one_another() -> None:
    """Turned round and then merged: 1 and 2 become 1 and what is dropped stays dropped; counts follow."""
    merge = ((1, 1), (2, 1), (3, None))
    both = chained(TURN, merge)
    assert both == ((1, None), (2, 1), (3, 1))
    assert recoded({1: 5, 2: 7, 3: 11}, both) == ({1: 18}, 5)
    assert chained(None, TURN) == TURN == chained(TURN, None)
    assert chained(None, None) is None
