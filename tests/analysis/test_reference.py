"""Values of R survey 4.5 on the California API data, for the cases the first version covers."""

import csv
import json
import math
import os
import re
from pathlib import Path

import numpy as np
import pytest

from analysis.design import Design
from analysis.estimates import Missing, by, by_with_covariance, indicators, mean, ratio, total
from analysis.weights import poststratify, rake

ROOT = Path(__file__).resolve().parents[2]
FOLDER = (ROOT / os.environ.get("MINYI_TEST_DATA", "../shared")).resolve() / "reference"
needs_reference = pytest.mark.skipif(
    not (FOLDER / "results.json").is_file(), reason=f"the given reference values are not at {FOLDER} (MINYI_TEST_DATA)"
)
TOLERANCE = 1e-10
FILES = {"srs": "apisrs", "strat": "apistrat", "clus1": "apiclus1", "clus2": "apiclus2"}
DESIGNS = ("srs", "srs_nofpc", "strat", "strat_nofpc", "clus1", "clus1_nofpc", "clus2_wr")
LEAST_COVERED = 159


class Data:
    """One CSV file as columns of text."""

    def __init__(self, name):
        with (FOLDER / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.columns = {key: np.array([row[key] for row in rows], dtype=object) for key in rows[0]}

    def number(self, name):
        """A numeric column, NaN where empty."""
        return np.array([float(text) if text else math.nan for text in self.columns[name]])

    def label(self, name):
        """A column of labels, None where empty."""
        return np.array([text or None for text in self.columns[name]], dtype=object)


def make_design(name, data):
    """The design of R's call, in our words."""
    kind = name.removesuffix("_nofpc").removesuffix("_wr")
    fpc = data.number("fpc") if "fpc" in data.columns and name == kind else None
    return Design(
        strata=data.label("stype") if kind == "strat" else None,
        psu=data.label("dnum") if kind.startswith("clus") else None,
        weights=data.number("pw"),
        fpc=fpc,
    )


def close(got, want):
    """Largest difference relative to the size of the reference (absolute below one)."""
    got, want = np.asarray(got, dtype=float).ravel(), np.asarray(want, dtype=float).ravel()
    assert got.shape == want.shape
    scale = max(1.0, float(np.max(np.abs(want))))
    return float(np.max(np.abs(got - want))) / scale


def check_estimate(estimate, result, df=None):
    """Compare value, standard error, covariance and both intervals; R's t uses the whole design's df in subsets."""
    worst = [close(estimate.value, list(result["coef"].values())), close(estimate.se, result["se"])]
    if "vcov" in result:
        worst.append(close(estimate.vcov, result["vcov"]["values"]))
    if "ci95_z" in result:
        worst.append(close(estimate.interval(df=math.inf), result["ci95_z"]["values"]))
    if "ci95_t" in result:
        worst.append(close(estimate.interval(df=df), result["ci95_t"]["values"]))
    return max(worst)


def variables(formula, data):
    """Numeric columns of ``~a+b``, or the indicators of one category, and their R names."""
    names = formula.split("+")
    if names == ["interaction(stype,sch.wide)"]:
        stype, wide = data.label("stype"), data.label("sch.wide")
        joint = np.array([f"{b}.{a}" for a, b in zip(stype, wide, strict=True)], dtype=object)
        return indicators(joint)
    tables = []
    for name in names:
        if name in ("stype", "sch.wide", "awards"):
            tables.append(indicators(data.label(name), prefix=name))
        else:
            tables.append(((name,), data.number(name)[:, None]))
    return sum((labels for labels, _ in tables), ()), np.hstack([table for _, table in tables])


def run_plain(call, data, design):
    """svymean and svytotal, whole or in a subset."""
    found = re.fullmatch(r"svy(mean|total)\(~(\S+?), (\w+|subset\(\w+, comp\.imp=='Yes'\))(, na\.rm=TRUE)?\)", call)
    if not found:
        return None
    verb, formula, frame, _ = found.groups()
    domain = data.label("comp.imp") == "Yes" if frame.startswith("subset") else None
    names, table = variables(formula, data)
    estimator = mean if verb == "mean" else total
    estimate = estimator(table, design=design, names=names, domain=domain, missing=Missing.LISTWISE)
    return lambda result: check_estimate(estimate, result, df=design.df())


def run_ratio(call, data, design):
    """svyratio of two columns."""
    found = re.fullmatch(r"svyratio\(~(\S+), ~(\S+), \w+, na\.rm=TRUE\)", call)
    if not found:
        return None
    top, base = (data.number(name) for name in found.groups())
    estimate = ratio(top, base, design=design, missing="listwise")

    def check(result):
        values = {"coef": result["ratio"], **{key: result[key] for key in ("se", "vcov")}}
        interval = estimate.interval(df=design.df())
        return max(check_estimate(estimate, values), close(interval, result["ci"]["values"]))

    return check


def run_by(call, data, design):
    """svyby of means and totals; by several variables or of categories too."""
    found = re.fullmatch(r"svyby\(~(\S+), ~(\S+), \w+, svy(mean|total|ratio)(.*)\)", call)
    if not found or "deff" in call:
        return None
    formula, groups, verb, rest = found.groups()
    parts = [data.label(name) for name in groups.split("+")]
    labels = np.array([".".join(reversed(row)) for row in zip(*parts, strict=True)], dtype=object)
    if "covmat" in rest:
        estimate = by_with_covariance(labels, mean if verb == "mean" else total, data.number(formula), design=design)
        return lambda result: check_estimate(estimate, result)
    if verb == "ratio":
        base = data.number(re.search(r"denominator=~([\w.]+)", rest)[1])
        table = np.stack([data.number(formula), base], axis=1)

        def estimator(values, **arguments):
            return ratio(values[:, 0], values[:, 1], **arguments)

        names = ("ratio",)
    else:
        names, table = variables(formula, data)
        estimator = mean if verb == "mean" else total
    found_by = by(labels, estimator, table, design=design, missing="listwise")
    if any(np.isnan(estimate.vcov).any() for estimate in found_by.values()):
        return None
    return lambda result: check_by(list(found_by.values()), result, len(names))


def check_by(estimates, result, width):
    """R lists the first variable of every domain, then the second."""
    value = [estimate.value[column] for column in range(width) for estimate in estimates]
    se = [estimate.se[column] for column in range(width) for estimate in estimates]
    worst = [close(value, list(result["coef"].values())), close(se, result["se"])]
    table = result["table"]
    if "cv" in table:
        interval = np.concatenate([estimate.interval(df=math.inf) for estimate in estimates])
        worst += [close([e.cv[0] for e in estimates], table["cv"]), close(interval[:, 0], table["ci_l"])]
        worst += [close(interval[:, 1], table["ci_u"]), close([e.vcov[0, 0] for e in estimates], table["var"])]
    return max(worst)


def run_count(call, data, design):
    """degf, svytable and the plain interval of svyciprop."""
    if re.fullmatch(r"degf\(\w+\)", call):
        return lambda result: abs(result - design.df())
    if call.startswith("degf(subset("):
        return lambda result: abs(result - design.df(domain=data.label("comp.imp") == "Yes"))
    if call.startswith("as.matrix(unclass(svytable("):
        _, rows = indicators(data.label("stype"))
        _, columns = indicators(data.label("sch.wide"))
        cells = (rows[:, :, None] * columns[:, None, :]).reshape(len(rows), -1)
        return lambda result: close(total(cells, design=design).value, result["values"])
    found = re.fullmatch(r"svyciprop\(~I\(api00([<>])(\d+)\), \w+, method='mean', na\.rm=TRUE\)", call)
    if found:
        scores, bound = data.number("api00"), float(found[2])
        estimate = mean((scores > bound if found[1] == ">" else scores < bound).astype(float), design=design)
        parts = (estimate.value, estimate.vcov, estimate.se, estimate.interval())
        return lambda result: max(
            close(got, result[key]) for got, key in zip(parts, ("est", "var", "se", "ci"), strict=True)
        )
    return None


def weight_checks():
    """Weights of the post-stratified and raked designs, as the weight cases list them."""
    clus1 = Data("apiclus1")
    pops = {name: _population(name) for name in ("stype", "schwide", "awards", "stype_schwide")}
    base = clus1.number("pw")
    both = np.array([f"{a}|{b}" for a, b in zip(clus1.label("stype"), clus1.label("sch.wide"), strict=True)])
    columns = {"stype": clus1.label("stype"), "sch.wide": clus1.label("sch.wide"), "awards": clus1.label("awards")}
    margins = {"stype": pops["stype"], "sch.wide": pops["schwide"], "awards": pops["awards"]}
    two = {name: margins[name] for name in ("stype", "sch.wide")}
    # The base weights of apiclus1 are all equal, so mean-1 raking differs by the scale alone.
    assert np.ptp(base) == 0
    scale = 6194 / len(base)
    return {
        "clus1_ps": _poststratified(clus1.label("stype"), pops["stype"], scale),
        "clus1_ps2": _poststratified(both, pops["stype_schwide"], scale),
        "clus1_rake": rake(columns, margins=two, tolerance=1e-13).weights * scale,
        "clus1_rake_cal": rake(columns, margins=two, tolerance=1e-13).weights * scale,
        "clus1_rake3": rake(columns, margins=margins, tolerance=1e-13).weights * scale,
    }


def _population(name):
    with (FOLDER / "data" / f"pop_{name}.csv").open(encoding="utf-8", newline="") as file:
        return {"|".join(list(row.values())[:-1]): int(row["Freq"]) for row in csv.DictReader(file)}


def _poststratified(labels, population, scale):
    names, counts = np.unique(labels.astype(str), return_counts=True)
    n = {str(name): int(count) for name, count in zip(names, counts, strict=True)}
    weights = poststratify(n, population=population)
    return np.array([float(weights[str(label)]) for label in labels]) * scale


@needs_reference
def test_estimates_agree_with_r(capsys):
    """Means, totals, ratios, proportions, domains and df agree with R survey to 1e-10 in every covered case."""
    document = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))
    data = {name: Data(FILES[name.split("_")[0]]) for name in DESIGNS}
    designs = {name: make_design(name, data[name]) for name in DESIGNS}
    covered, wrong = 0, []
    for case in document["cases"]:
        name = case.get("design")
        if name not in designs:
            continue
        call = case["r_call"].replace(", deff=FALSE", "")
        for runner in (run_plain, run_ratio, run_by, run_count):
            check = runner(call, data[name], designs[name])
            if check is not None:
                covered += 1
                difference = check(case["result"])
                if not difference <= TOLERANCE:
                    wrong.append((case["id"], difference))
                break
    weights = weight_checks()
    for case in document["cases"]:
        if case["id"].endswith("/weights") and case["design"] in weights:
            covered += 1
            difference = close(weights[case["design"]], case["result"]["weights"])
            if not difference <= TOLERANCE:
                wrong.append((case["id"], difference))
    with capsys.disabled():
        for case_id, difference in wrong:
            print("\ndiffers:", case_id, difference, end="")
        print(f"\nreference cases covered: {covered} of {len(document['cases'])}")
    assert not wrong
    assert covered >= LEAST_COVERED
