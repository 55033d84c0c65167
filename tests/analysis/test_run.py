"""A scoring run, recomputed by other means."""

import json
from collections import defaultdict
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from analysis.design import Design
from analysis.rounding import half_up, significant
from analysis.run import score
from analysis.variance import linearised_variance

VALUES = {1: 0, 2: 25, 3: 50, 4: 75, 5: 100}


def run(wave, **changes):
    """Score a wave with some inputs changed."""
    inputs = {"plan": wave.plan, "scheme": wave.scheme, "margins": wave.margins} | changes
    return score(wave.dataset, **inputs)


def lookup(scored):
    """Figures by unit, subject and statistic."""
    return {row[:3]: row[3] for row in scored.figures}


def class_of(wave, scored):
    """Class and official weight of every respondent, from the released classes."""
    cells = {(row[0], cell): (row[1], int(row[5])) for row in scored.classes for cell in row[2].split(";")}
    names = wave.frame["channel"] + "|" + wave.frame["period"]
    return [cells.get((unit, cell)) for unit, cell in zip(wave.frame["unit"], names, strict=True)]


def respondents(wave, scored, unit):
    """Respondents of a unit as (leaf, class, weight, psu, answers in points or None)."""
    rows = []
    for i, found in enumerate(class_of(wave, scored)):
        row = wave.frame.iloc[i]
        if found and unit in (row["unit"], "city"):
            answers = [VALUES.get(int(row[item])) for item in wave.items]
            rows.append((row["unit"], found[0], found[1], row.get("psu"), answers))
    return rows


def slow_linearised(rows):
    """Exact score and z_i of equally weighted items, respondent by respondent."""
    n_items = len(rows[0][4])
    bases = [sum(w for _, _, w, _, y in rows if y[j] is not None) for j in range(n_items)]
    means = [Fraction(sum(w * y[j] for _, _, w, _, y in rows if y[j] is not None), bases[j]) for j in range(n_items)]
    share = Fraction(1, n_items)
    z = [
        sum((w * share * (y[j] - means[j]) / bases[j] for j in range(n_items) if y[j] is not None), Fraction(0))
        for _, _, w, _, y in rows
    ]
    return sum(means) / n_items, z


def slow_variance(rows, z):
    """V = sum_c n_c/(n_c-1) (sum z^2 - (sum z)^2/n_c)."""
    groups = defaultdict(list)
    for (leaf, label, *_), value in zip(rows, z, strict=True):
        groups[leaf, label].append(value)
    return sum(
        Fraction(len(g), len(g) - 1) * (sum(v * v for v in g) - sum(g) ** 2 / len(g))
        for g in groups.values()
        if len(g) > 1
    )


def slow_clustering(rows, z, without):
    """PSU totals of z minus its class mean, leaf by leaf."""
    groups, totals = defaultdict(list), defaultdict(lambda: defaultdict(float))
    for (leaf, label, *_), value in zip(rows, z, strict=True):
        groups[leaf, label].append(float(value))
    for (leaf, label, _, psu, _), value in zip(rows, z, strict=True):
        totals[leaf][psu] += float(value) - float(np.mean(groups[leaf, label]))
    between = 0.0
    for sums in totals.values():
        values = np.array(list(sums.values()))
        between += len(values) / (len(values) - 1) * ((values - values.mean()) ** 2).sum()
    return between / float(without), sum(len(sums) - 1 for sums in totals.values())


@pytest.mark.parametrize("unit", ["u00", "u02", "city"])
def test_a_loop_over_respondents_gives_the_same_score(service_wave, unit):
    """Score, clustering effect, df, variance, se and interval equal a slow second implementation, to the last digit."""
    wave = service_wave()
    scored = run(wave)
    figures = lookup(scored)
    rows = respondents(wave, scored, unit)
    exact, z = slow_linearised(rows)
    without = slow_variance(rows, z)
    effect, df = slow_clustering(rows, z, without)
    assert figures[unit, "", "score"] == half_up(exact, 2)
    assert figures[unit, "", "n"] == str(len(rows))
    assert float(figures[unit, "", "clustering_effect"]) == pytest.approx(effect, abs=0.00051)
    assert figures[unit, "", "df"] == str(df)
    variance = without * Fraction(figures[unit, "", "clustering_effect"])
    assert figures[unit, "", "variance"] == significant(variance)
    with localcontext() as context:
        context.prec = 50
        root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        centre = Decimal(exact.numerator) / Decimal(exact.denominator)
        half = Decimal(figures[unit, "", "critical"]) * root
        assert figures[unit, "", "se"] == half_up(root, 4)
        assert figures[unit, "", "low"] == half_up(centre - half, 2)
        assert figures[unit, "", "high"] == half_up(centre + half, 2)


def test_the_design_gives_the_same_variance(service_wave):
    """Without PSUs the exact variance is the one of a stratified design with the classes as strata."""
    wave = service_wave(psu=False)
    scored = run(wave)
    rows = respondents(wave, scored, "city")
    _, z = slow_linearised(rows)
    strata = np.array([f"{leaf}/{label}" for leaf, label, *_ in rows])
    values = np.array([[float(value)] for value in z])
    expected = linearised_variance(values, design=Design(strata, None, np.ones(len(rows))))[0, 0]
    figures = lookup(scored)
    assert float(figures["city", "", "variance"]) == pytest.approx(expected, rel=1e-10)
    assert figures["city", "", "clustering_effect"] == "1.000"
    assert figures["city", "", "df"] == str(len(rows) - len(set(strata)))


def test_released_tables_hold_together(service_wave):
    """Counts sum to class sizes, diagonal products to valid counts, weights have mean one, balance adds up."""
    scored = run(service_wave())
    size = {row[:2]: int(row[3]) for row in scored.classes}
    counted, valid = defaultdict(int), defaultdict(int)
    for unit, label, item, code, n in scored.counts:
        counted[unit, label, item] += int(n)
        valid[unit, label, item] += int(n) if code.isdigit() else 0
    assert all(size[key[:2]] == n for key, n in counted.items())
    diagonal = {(row[0], row[1], row[2]): int(row[4]) for row in scored.products if row[2] == row[3]}
    assert diagonal == valid
    assert min(size.values()) >= 10
    total = sum(int(row[3]) * int(row[5]) for row in scored.classes)
    assert total / sum(size.values()) == pytest.approx(1000, abs=1)
    assert {row[:2] for row in scored.products if row[2] != row[3]} == set(size)
    whole = sum(int(row[4]) for row in scored.classes)
    for unit, _, _, n, population, weight in scored.classes:
        exact = Fraction(1000 * int(population) * sum(size.values()), int(n) * whole)
        assert weight == half_up(exact, 0), unit
    ledger = {name: int(n) for name, n in scored.ledger}
    assert ledger.pop("received") == sum(ledger.values())
    for header, rows in scored.tables().values():
        assert all(len(row) == len(header) for row in rows)
        assert all(isinstance(cell, str) for row in rows for cell in row)
    json.dumps(scored.report)


def test_shares_by_hand(service_wave):
    """Satisfied, missing and response shares and the Kish effect follow their definitions."""
    wave = service_wave(leaves=2)
    scored = run(wave)
    figures = lookup(scored)
    rows = [
        (found[1], int(code))
        for found, code, unit in zip(class_of(wave, scored), wave.frame["q0"], wave.frame["unit"], strict=True)
        if unit == "u01"
    ]
    valid = sum(w for w, code in rows if code > 0)
    asked = sum(w for w, code in rows if code != -1)
    satisfied = Fraction(100 * sum(w for w, code in rows if code >= 4), valid)
    missing = Fraction(100 * sum(w for w, code in rows if code < -1), asked)
    assert figures["u01", "q0", "satisfied_share"] == half_up(satisfied, 2)
    assert figures["u01", "q0", "missing_share"] == half_up(missing, 2)
    assert figures["u01", "q0", "valid_n"] == str(sum(code > 0 for _, code in rows))
    population = sum(row["population"] for row in wave.margins if row["unit"] == "u01")
    assert figures["u01", "", "population"] == str(population)
    assert figures["u01", "", "response_share"] == half_up(Fraction(100 * len(rows), population), 2)
    effect = Fraction(len(rows) * sum(w * w for w, _ in rows), sum(w for w, _ in rows) ** 2)
    assert figures["u01", "", "kish_effect"] == half_up(effect, 4)


@pytest.mark.parametrize("kind", ["service_wave", "resident_wave"])
def test_the_order_of_rows_does_not_matter(kind, request):
    """Shuffled responses give the same tables, byte for byte."""
    wave = request.getfixturevalue(kind)()
    before = run(wave)
    wave.frame = wave.frame.sample(frac=1, random_state=4).reset_index(drop=True)
    assert run(wave) == before


def test_grades_and_ranks_follow_the_rounded_figures(service_wave):
    """Grades come from the printed score and ends; rank sets from simultaneous intervals of the peer group."""
    scored = run(service_wave())
    figures = lookup(scored)
    cuts = [("excellent", 90), ("good", 80), ("fair", 60), ("poor", -1)]
    ends = {}
    for unit in ("u00", "u01", "u02", "u03"):
        for statistic, of in (("grade", "score"), ("grade_low", "low"), ("grade_high", "high")):
            value = Decimal(figures[unit, "", of])
            assert figures[unit, "", statistic] == next(name for name, start in cuts if value >= start)
        half = float(figures["", "", "rank_critical"]) * float(figures[unit, "", "variance"]) ** 0.5
        ends[unit] = (float(figures[unit, "", "score"]) - half, float(figures[unit, "", "score"]) + half)
    for unit, (low, high) in ends.items():
        assert figures[unit, "", "rank_low"] == str(1 + sum(a > high for a, _ in ends.values()))
        assert figures[unit, "", "rank_high"] == str(4 - sum(b < low for _, b in ends.values()))
    assert ("city", "", "rank_low") not in figures


def test_open_participation_is_not_ranked(service_wave):
    """Self-selected answers carry no ranks unless the scheme says so."""
    wave = service_wave(participation="open")
    assert not [row for row in run(wave).figures if "rank" in row[2]]
    wave.scheme["rank_open"] = True
    assert [row for row in run(wave).figures if row[2] == "rank_low"]


def test_sealed_figures_equal_the_given_inputs(resident_wave):
    """Each row of given.csv stands in figures.csv as sealed, and nothing else is sealed."""
    scored = run(resident_wave())
    sealed = [(unit, name, value) for unit, _, name, value, status in scored.figures if status == "sealed"]
    assert sorted(sealed) == sorted(scored.given)
    names = [name for unit, name, _ in scored.given if not unit]
    assert names == ["largest_raked_weight", "kish_raked", "raking_iterations", "rank_critical"]


def test_residents_judge_many_units(resident_wave):
    """Each unit is scored on those who answered its items, with weights of their own; the city has no figures."""
    wave = resident_wave()
    scored = run(wave)
    figures = lookup(scored)
    for unit, items in (("police", ["p1", "p2"]), ("streets", ["s1"])):
        answered = int((wave.frame[items] > 0).any(axis=1).sum())
        assert figures[unit, "", "n"] == str(answered)
        assert sum(int(row[3]) for row in scored.classes if row[0] == unit) == answered
    assert {row[0] for row in scored.figures} == {"", "police", "streets"}
    header, rows = scored.tables()["margins.csv"]
    assert header[3:] == ("target_share", "achieved_share", "drift") and len(rows) == 5
    for row in rows:
        assert Decimal(row[4]) - Decimal(row[3]) == Decimal(row[5])


def test_drift_is_measured_over_all_units(resident_wave):
    """The achieved share of a category is its share of the official weight of everybody who judged a shown unit."""
    wave = resident_wave()
    scored = run(wave)
    weights = {(row[0], cell): int(row[5]) for row in scored.classes for cell in row[2].split(";")}
    cells = wave.frame["sex"] + "|" + wave.frame["age"]
    sums = defaultdict(int)
    for unit, items in (("police", ["p1", "p2"]), ("streets", ["s1"])):
        for cell in cells[(wave.frame[items] > 0).any(axis=1)]:
            for category in cell.split("|"):
                sums[category] += weights[unit, cell]
    whole = sums["male"] + sums["female"]
    for _, category, _, _, achieved, _ in scored.margins:
        assert achieved == half_up(Fraction(100 * sums[category], whole), 3)


def test_without_weighting_everybody_counts_the_same(service_wave):
    """The method "none" gives one class of weight 1000 per unit and no margins."""
    wave = service_wave(method="none")
    scored = run(wave, margins=[])
    assert {row[1:3] + row[4:] for row in scored.classes} == {("c01", "", "", "1000")}
    assert not scored.margins and ("u00", "", "population") not in lookup(scored)
    assert lookup(scored)["u00", "", "kish_effect"] == "1.0000"


def test_respondents_without_a_psu_stand_alone(service_wave):
    """Unknown PSUs count as one each: with all of them unknown, df = n - 1 per unit and the effect is near one."""
    wave = service_wave(leaves=1)
    wave.frame["psu"] = wave.frame["psu"].astype(object)
    wave.frame.loc[:, "psu"] = None
    figures = lookup(run(wave))
    assert figures["u00", "", "df"] == "119"
    assert 0.9 < float(figures["u00", "", "clustering_effect"]) < 1.1


def test_one_psu_gives_no_clustering_effect(service_wave):
    """With a single PSU nothing can be said: the effect is 1.000 and df = n - classes."""
    wave = service_wave(leaves=1)
    wave.frame["psu"] = "only"
    scored = run(wave)
    assert lookup(scored)["u00", "", "clustering_effect"] == "1.000"
    assert lookup(scored)["u00", "", "df"] == str(120 - len(scored.classes))


def test_a_city_of_forty_units_is_scored_quickly(service_wave):
    """20,000 responses x 40 units x 4 items take less than 3 seconds of processor time."""
    import time

    wave = service_wave(leaves=40, per_leaf=500, items=4)
    dataset = wave.dataset
    started = time.process_time()
    scored = score(dataset, plan=wave.plan, scheme=wave.scheme, margins=wave.margins)
    assert time.process_time() - started < 3
    assert len(scored.shown_units) == 41
