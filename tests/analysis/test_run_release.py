"""What a run releases and what it keeps: hidden units, units without a score, entered figures, the scale of weights."""

from fractions import Fraction

import numpy as np
import pytest

from analysis.errors import SchemeError
from analysis.rounding import half_up
from analysis.run import score


def run(wave, **changes):
    """Score a wave with some inputs changed."""
    inputs = {"plan": wave.plan, "scheme": wave.scheme, "margins": wave.margins} | changes
    return score(wave.dataset, **inputs)


def lookup(scored):
    """Figures by unit, subject and statistic."""
    return {row[:3]: row[3] for row in scored.figures}


def entry_scheme(wave, make_scheme):
    """60 entered, 40 surveyed."""
    survey = {"id": "q", "item": "q0", "max": 40}
    branches = [{"id": "duties", "entry": "duties", "max": 60}, survey]
    wave.items = ["q0"]
    return make_scheme({"id": "unit", "operator": "sum_of_maxima", "branches": branches})


def test_entered_figures_carry_no_sampling_error(service_wave, make_scheme):
    """Score = 60 % entered + 40 % surveyed, variance = 0.16 of the survey's; a parent without an entry has no score."""
    wave = service_wave(leaves=2, psu=False)
    scheme = entry_scheme(wave, make_scheme)
    plain = lookup(run(wave, scheme=make_scheme({"id": "q", "item": "q0"})))
    entries = [{"unit": "u01", "entry": "duties", "value": "87.50"}, {"unit": "u00", "entry": "duties", "value": "80"}]
    scored = run(wave, scheme=scheme, entries=entries)
    figures = lookup(scored)
    assert figures["u00", "node:duties", "points"] == "48.00"
    assert float(figures["u00", "", "score"]) == pytest.approx(48 + 0.4 * float(plain["u00", "", "score"]), abs=0.01)
    expected = 0.16 * float(plain["u00", "", "variance"])
    assert float(figures["u00", "", "variance"]) == pytest.approx(expected, rel=1e-9)
    assert scored.entries == [("u00", "duties", "80"), ("u01", "duties", "87.5")]
    assert ("city", "", "score") not in figures and figures["city", "", "n"] == "240"
    assert ("city", "node:duties", "score") not in figures and ("city", "node:q", "score") in figures
    assert not [row for row in scored.given if row[0] == "city"]
    assert scored.report["unscored"] == ["city"]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([], "unit u00 lacks a figure.*duties"),
        ([{"unit": "u9", "entry": "duties", "value": "1"}], "not a unit of the plan"),
        ([{"unit": "u00", "entry": "gifts", "value": "1"}], "no tree uses this figure"),
        ([{"unit": "u00", "entry": "duties", "value": "101"}], "not a figure on 0..100"),
        ([{"unit": "u00", "entry": "duties", "value": 80.5}], "not a figure on 0..100"),
        ([{"unit": "u00", "entry": "duties", "value": "1e-19"}], "not a figure on 0..100"),
        ([{"unit": "u00", "entry": "duties", "value": "many"}], "not a figure on 0..100"),
        ([{"unit": "u00", "entry": "duties", "value": "1"}] * 2, "comes twice"),
    ],
)
def test_a_wrong_entry_is_named(service_wave, make_scheme, entries, message):
    """Entered figures are checked one by one."""
    wave = service_wave(leaves=1)
    with pytest.raises(SchemeError, match=message):
        run(wave, scheme=entry_scheme(wave, make_scheme), entries=entries)


def test_a_small_unit_is_hidden_everywhere(service_wave):
    """A unit below the minimum shows "<30" and nothing else; whatever its people answered, every table is the same."""
    wave = service_wave()
    keep = (wave.frame["unit"] != "u03") | (wave.frame.groupby("unit").cumcount() < 29)
    wave.frame = wave.frame[keep].reset_index(drop=True)
    scored = run(wave)
    assert [row for row in scored.figures if row[0] == "u03"] == [("u03", "", "n", "<30", "public")]
    for table in (scored.classes, scored.counts, scored.products, scored.given):
        assert not [row for row in table if row[0] == "u03"]
    assert scored.shown_units == ("city", "u00", "u01", "u02") and scored.report["suppressed"] == ["u03"]
    assert lookup(scored)["city", "", "n"] == "360"
    wave.frame.loc[wave.frame["unit"] == "u03", wave.items] = np.int8(1)
    assert run(wave) == scored


def test_a_parent_of_hidden_units_is_hidden(service_wave):
    """When nothing below can be shown, the parent says only that."""
    scored = run(service_wave(leaves=2, per_leaf=20))
    assert {row[0]: row[3] for row in scored.figures} == {"city": "<30", "u00": "<30", "u01": "<30"}
    assert not scored.classes and not scored.shown_units


def test_post_stratified_weights_are_scaled_by_the_whole_wave(service_wave):
    """Weight = N / n of the class x counted / sum of all margins; hidden and empty units are in both sums."""
    wave = service_wave()
    wave.frame = wave.frame[(wave.frame["unit"] != "u03") | (wave.frame.groupby("unit").cumcount() < 12)]
    wave.frame = wave.frame.reset_index(drop=True)
    scored = run(wave)
    whole = sum(row["population"] for row in wave.margins)
    assert {row[0] for row in scored.classes} == {"u00", "u01", "u02"}
    for _, _, _, n, population, weight in scored.classes:
        assert weight == half_up(Fraction(1000 * int(population) * len(wave.frame), int(n) * whole), 0)


def test_raked_classes_hold_every_cell_of_the_plan(resident_wave):
    """A cell in which nobody judged a unit belongs to a class all the same, so that nothing says it was empty."""
    wave = resident_wave()
    wave.frame.loc[(wave.frame["sex"] == "male") & (wave.frame["age"] == "old"), ["p1", "p2"]] = np.int8(-4)
    cells = [cell for row in run(wave).classes if row[0] == "police" for cell in row[2].split(";")]
    assert sorted(cells) == sorted(f"{sex}|{age}" for sex in ("male", "female") for age in ("young", "middle", "old"))


def test_a_parent_of_other_items_is_silent_whatever_was_answered(service_wave, make_scheme):
    """Which units have figures follows from plan and scheme: a hidden unit of other items silences its parent too."""
    wave = service_wave(leaves=2)
    scheme = make_scheme({"id": "a", "item": "q0"}, trees={"u01": {"id": "b", "item": "q1"}})
    assert {row[0] for row in run(wave, scheme=scheme).figures} == {"", "u00", "u01"}
    wave.frame = wave.frame[wave.frame["unit"] == "u00"].reset_index(drop=True)
    assert {row[0] for row in run(wave, scheme=scheme).figures} == {"u00", "u01"}


def test_entries_of_units_without_figures_are_not_released(service_wave, make_scheme):
    """A figure entered for a hidden unit stays inside."""
    wave = service_wave(leaves=2)
    wave.frame = wave.frame[wave.frame["unit"] == "u00"].reset_index(drop=True)
    entries = [{"unit": unit, "entry": "duties", "value": "80"} for unit in ("u00", "u01")]
    scored = run(wave, scheme=entry_scheme(wave, make_scheme), entries=entries)
    assert scored.entries == [("u00", "duties", "80")]


def test_an_item_nobody_answered_gives_no_score(service_wave):
    """Missing data are never read as satisfaction: no mean, no score, and the share of missing says why."""
    wave = service_wave(leaves=1)
    wave.frame["q1"] = np.int8(-4)
    scored = run(wave)
    figures = lookup(scored)
    assert ("u00", "", "score") not in figures and ("u00", "q1", "mean") not in figures
    assert figures["u00", "q1", "missing_share"] == "100.00" and figures["u00", "q1", "valid_n"] == "0"
    assert figures["u00", "node:service-q0", "score"] == figures["u00", "q0", "mean"]
    assert {row[0] for row in scored.given} == set() and not [row for row in scored.products if row[2] != row[3]]
