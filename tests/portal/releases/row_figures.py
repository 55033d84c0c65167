"""The tables and figures of a made-up wave, row by row from its respondents, sharing no formula with the verifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

MISSING = {-1: "not_asked", -2: "skipped", -3: "refused", -4: "dont_know", -5: "not_applicable"}
POINTS = {1: 0, 2: 25, 3: 50, 4: 75, 5: 100}


@dataclass
class Person:
    """One respondent, or in a residents wave one respondent seen by one unit."""

    cell: str
    answers: dict[str, int]
    unit: str = ""
    label: str = ""
    weight: int = 0


@dataclass
class Wave:
    """All that a release is written from."""

    plan: dict[str, Any]
    scheme: dict[str, Any]
    dataset: dict[str, Any]
    persons: list[Person]
    pools: dict[str, list[str]]
    tables: dict[str, list[list[str]]]
    populations: dict[tuple[str, str], int] = field(default_factory=dict)


def printed(value: Fraction | Decimal, digits: int) -> str:
    with localcontext() as context:
        context.prec = 70
        number = value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)
        return str(number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def leaves_of(wave: Wave) -> list[str]:
    return [one["id"] for one in wave.plan["units"] if one["scored"]]


def of_unit(wave: Wave, name: str) -> list[Person]:
    return [one for one in wave.persons if one.unit == name]


def tree_of(wave: Wave, name: str) -> dict[str, Any]:
    step = wave.scheme["steps"][1]
    found: dict[str, Any] = step["trees"][name] if "trees" in step else step["tree"]
    return found


def items_of(wave: Wave, name: str) -> list[str]:
    def below(node: Mapping[str, Any]) -> list[str]:
        return [node["item"]] if "item" in node else [i for one in node.get("branches", []) for i in below(one)]

    return below(tree_of(wave, name))


def class_rows(wave: Wave, name: str, persons: list[Person]) -> list[list[str]]:
    """Join cells in order until each class is large enough; give every person the class and its weight."""
    dimensions = [one["categories"] for one in wave.plan["weighting"]["dimensions"]]
    smallest = wave.plan["weighting"]["minimum_class"]
    groups: list[list[str]] = [[]]
    for cell in ("|".join(one) for one in product(*dimensions)):
        groups[-1].append(cell)
        if sum(one.cell in groups[-1] for one in persons) >= smallest:
            groups.append([])
    rest = groups.pop()
    groups[-1] += rest
    rows = []
    for number, cells in enumerate(groups, 1):
        inside = [one for one in persons if one.cell in cells]
        population = ""
        if wave.populations:
            total = sum(wave.populations[name, cell] for cell in cells)
            scale = Fraction(len(wave.persons), sum(wave.populations.values()))
            weight, population = int(printed(1000 * Fraction(total, len(inside)) * scale, 0)), str(total)
        elif wave.plan["weighting"]["method"] == "none":
            weight = 1000
        else:
            weight = 700 + 37 * len(inside) % 611
        for one in inside:
            one.label, one.weight = f"c{number:02d}", weight
        rows.append([name, f"c{number:02d}", ";".join(cells), str(len(inside)), population, str(weight)])
    return rows


def count_rows(persons: list[Person], items: list[str]) -> list[list[str]]:
    rows = []
    for item in items:
        for code in (1, 2, 3, 4, 5, -1, -2, -3, -4, -5):
            n = sum(one.answers[item] == code for one in persons)
            if n:
                rows.append([item, MISSING.get(code, str(code)), str(n)])
    return rows


def product_rows(persons: list[Person], items: list[str]) -> list[list[str]]:
    rows = []
    for a, b in combinations_with_replacement(items, 2):
        pairs = [(POINTS[one.answers[a]], POINTS[one.answers[b]]) for one in persons if valid(one, a) and valid(one, b)]
        sums = [sum(x for x, _ in pairs), sum(y for _, y in pairs), sum(x * y for x, y in pairs)]
        rows.append([a, b, str(len(pairs)), *map(str, sums)])
    return rows


def valid(person: Person, item: str) -> bool:
    return person.answers[item] > 0


def figures(wave: Wave, shown: Mapping[str, list[Person]]) -> None:
    """Write given.csv and figures.csv, every figure straight from the persons."""
    given, rows, scores = [], [], {}
    for place, one in enumerate(wave.plan["units"]):
        name = one["id"]
        if name not in wave.pools:
            continue
        persons = [person for leaf_name in wave.pools[name] for person in shown.get(leaf_name, [])]
        if not persons:
            rows.append([name, "", "n", "<30", "public"])
            continue
        effect, critical = ("1.000" if wave.dataset["psu_column"] is None else f"1.{place + 1:03d}"), f"1.99{place:02d}"
        given += [[name, "clustering_effect", effect], [name, "df", str(40 + place)], [name, "critical", critical]]
        found, scores[name] = unit_rows(wave, name, persons, Fraction(effect), Decimal(critical))
        rows += [[name, *row, "public"] for row in found]
    if wave.plan["participation"] != "open":
        given.append(["", "rank_critical", "2.3877"])
        rows += rank_rows(wave, scores, Decimal("2.3877"))
    if wave.plan["weighting"]["method"] == "rake":
        given += [["", "largest_raked_weight", "2.1234"], ["", "kish_raked", "1.0731"], ["", "raking_iterations", "9"]]
    rows += [[name, "", statistic, value, "sealed"] for name, statistic, value in given]
    wave.tables["given.csv"] = [["unit", "name", "value"], *given]
    wave.tables["figures.csv"] = [["unit", "subject", "statistic", "value", "status"], *rows]


def unit_rows(
    wave: Wave, name: str, persons: list[Person], effect: Fraction, critical: Decimal
) -> tuple[list[list[str]], tuple[Fraction, Fraction]]:
    rows, n = [["", "n", str(len(persons))]], len(persons)
    weight_sum = sum(one.weight for one in persons)
    if wave.populations:
        cells = [(leaf_name, cell) for leaf_name, cell in wave.populations if leaf_name in wave.pools[name]]
        total = sum(wave.populations[key] for key in cells)
        rows += [["", "population", str(total)], ["", "response_share", printed(Fraction(100 * n, total), 2)]]
    kish = Fraction(n * sum(one.weight**2 for one in persons), weight_sum**2)
    rows.append(["", "kish_effect", printed(kish, 4)])
    means = {}
    for item in items_of(wave, name):
        good = [one for one in persons if valid(one, item)]
        asked = [one for one in persons if one.answers[item] != -1]
        size = sum(one.weight for one in good)
        means[item] = Fraction(sum(one.weight * POINTS[one.answers[item]] for one in good), size)
        happy = sum(one.weight for one in good if one.answers[item] in (4, 5))
        lost = sum(one.weight for one in asked if one.answers[item] < 0)
        rows += [[item, "mean", printed(means[item], 2)], [item, "valid_n", str(len(good))]]
        rows.append([item, "satisfied_share", printed(Fraction(100 * happy, size), 2)])
        rows.append([item, "missing_share", printed(Fraction(100 * lost, sum(one.weight for one in asked)), 2)])
    entered = {row[1]: Fraction(row[2]) for row in wave.tables["entries.csv"][1:] if row[0] == name}
    score = node_score(tree_of(wave, name), means, entered, rows)
    variance = row_variance(wave, name, persons, means, entered) * effect
    rows += score_rows(score, variance, critical)
    return rows, (score, variance)


def node_score(
    node: Mapping[str, Any], means: Mapping[str, Fraction], entered: Mapping[str, Fraction], rows: list[list[str]]
) -> Fraction:
    """Return a node's score, writing it and its branches' points."""
    if "item" in node:
        score = means[node["item"]]
    elif "entry" in node:
        score = entered[node["entry"]]
    else:
        scores = [node_score(one, means, entered, rows) for one in node["branches"]]
        sizes = [one["max"] if node["operator"] == "sum_of_maxima" else one["weight"] for one in node["branches"]]
        parts = [size * part / 100 for size, part in zip(sizes, scores, strict=True)]
        if node["operator"] == "sum_of_maxima":
            for one, part in zip(node["branches"], parts, strict=True):
                rows.append([f"node:{one['id']}", "points", printed(part, 2)])
        score = 100 * sum(parts, Fraction(0)) / sum(sizes)
    rows.append([f"node:{node['id']}", "score", printed(score, 2)])
    return score


def row_variance(
    wave: Wave, name: str, persons: list[Person], means: Mapping[str, Fraction], entered: Mapping[str, Fraction]
) -> Fraction:
    """Return the variance from each person's own linearised value, coefficients by differences of the score."""
    tree, base = tree_of(wave, name), {item: Fraction(0) for item in means}
    at_zero = node_score(tree, base, entered, [])
    slope = {item: node_score(tree, {**base, item: Fraction(1)}, entered, []) - at_zero for item in means}
    size = {item: sum(one.weight for one in persons if valid(one, item)) for item in means}
    groups: dict[tuple[str, str], list[Fraction]] = {}
    for one in persons:
        parts = [slope[i] * (POINTS[one.answers[i]] - means[i]) / size[i] for i in means if valid(one, i)]
        groups.setdefault((one.unit, one.label), []).append(one.weight * sum(parts, Fraction(0)))
    total = Fraction(0)
    for values in groups.values():
        centre = sum(values, Fraction(0)) / len(values)
        squares = sum(((value - centre) ** 2 for value in values), Fraction(0))
        total += Fraction(len(values), len(values) - 1) * squares
    return total


def score_rows(score: Fraction, variance: Fraction, critical: Decimal) -> list[list[str]]:
    with localcontext() as context:
        context.prec = 60
        exact, root = decimal(score), decimal(variance).sqrt()
        low, high = max(exact - critical * root, Decimal(0)), min(exact + critical * root, Decimal(100))
        rows = [["score", printed(score, 2)], ["variance", format(decimal(variance), ".12g")]]
        rows += [["se", printed(root, 4)], ["low", printed(low, 2)], ["high", printed(high, 2)]]
    for statistic, value in (("grade", score), ("grade_low", low), ("grade_high", high)):
        number = Decimal(printed(value, 2))
        rows.append([statistic, "excellent" if number >= 80 else "good" if number >= 60 else "poor"])
    return [["", *row] for row in rows]


def rank_rows(wave: Wave, scores: Mapping[str, tuple[Fraction, Fraction]], critical: Decimal) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for one in wave.plan["units"]:
        if one["peer_group"] and one["id"] in scores:
            groups.setdefault(one["peer_group"], []).append(one["id"])
    rows = []
    with localcontext() as context:
        context.prec = 60
        reach = {name: critical * decimal(variance).sqrt() for name, (_, variance) in scores.items()}
        for group in groups.values():
            for name in group:
                gaps = {o: decimal(scores[o][0]) - decimal(scores[name][0]) for o in group}
                better = sum(gap > reach[o] + reach[name] for o, gap in gaps.items())
                worse = sum(-gap > reach[o] + reach[name] for o, gap in gaps.items())
                rows.append([name, "", "rank_low", str(1 + better), "public"])
                rows.append([name, "", "rank_high", str(len(group) - worse), "public"])
    return rows
