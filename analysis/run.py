"""A scoring run: from a dataset, a plan, a scheme and margins to the tables of a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from analysis.dataset import Dataset
from analysis.errors import SchemeError
from analysis.figures import Figure
from analysis.leaves import figure_units, find_leaves
from analysis.official import Weighted, weigh
from analysis.plan import Participation, Plan, Weighting, parse_plan
from analysis.ranks import rank_critical, rank_sets
from analysis.rounding import half_up
from analysis.scheme import Scheme, parse_scheme
from analysis.tables import (
    HEADERS,
    RAKE_MARGINS,
    Row,
    cell_margin_rows,
    class_rows,
    count_rows,
    exclusion_rows,
    ledger_rows,
    product_rows,
    rake_margin_rows,
)
from analysis.units import CountedLeaf, Entries, UnitResult, count_leaf, entries_of, score_unit

ENTRY_DIGITS = 18


@dataclass(frozen=True)
class Scored:
    """The tables of a run, as rows of text in release order, and its report.

    Attributes
    ----------
    shown_units : tuple of str
        Units with figures, in plan order.
    report : dict
        JSON of texts and integers: weighting, suppressed units, merges, warnings.
    """

    classes: list[Row]
    counts: list[Row]
    products: list[Row]
    given: list[Row]
    margins: list[Row]
    entries: list[Row]
    ledger: list[Row]
    exclusions: list[Row]
    figures: list[Row]
    report: dict[str, Any]
    shown_units: tuple[str, ...]
    raked: bool = False

    def tables(self) -> dict[str, tuple[Row, list[Row]]]:
        """Header and rows by file name."""
        rows = {
            "classes.csv": self.classes,
            "counts.csv": self.counts,
            "products.csv": self.products,
            "given.csv": self.given,
            "margins.csv": self.margins,
            "entries.csv": self.entries,
            "ledger.csv": self.ledger,
            "exclusions.csv": self.exclusions,
            "figures.csv": self.figures,
        }
        headers = dict(HEADERS) | ({"margins.csv": RAKE_MARGINS} if self.raked else {})
        return {name: (headers[name], table) for name, table in rows.items()}


def score(
    dataset: Dataset,
    *,
    plan: Mapping[str, Any] | Plan,
    scheme: Mapping[str, Any] | Scheme,
    margins: Iterable[Mapping[str, Any]],
    entries: Iterable[Mapping[str, Any]] = (),
) -> Scored:
    """Score a wave.

    Parameters
    ----------
    dataset : Dataset
    plan, scheme : Mapping
        The content of plan.json and scheme.json, or parsed.
    margins : iterable of Mapping
        poststratify: unit, cell, population. rake: dimension, category, population. none: empty.
    entries : iterable of Mapping
        unit, entry, value (a decimal written as text, 0..100, at most 18 decimals).

    Returns
    -------
    Scored

    Raises
    ------
    AnalysisError
        Any of its kinds, naming what does not fit; nothing is guessed.

    Notes
    -----
    Counts and official weights are integers and figures exact rationals, so the tables do not depend on the order
    of the rows.
    """
    frozen, recipe = parse_plan(plan), parse_scheme(scheme)
    entered = _parse_entries(entries, plan=frozen, scheme=recipe)
    leaves = find_leaves(dataset, plan=frozen, scheme=recipe)
    weighted = weigh(dataset, leaves=leaves, plan=frozen, margins=margins)
    names = weighted.grid.names()
    counted = {
        leaf.leaf.unit: count_leaf(dataset, leaf=leaf, names=names, point_map=recipe.point_map)
        for leaf in weighted.leaves
    }
    pools = figure_units(frozen, scheme=recipe, rolled_up=dataset.item_units is None)
    results = _results(counted, plan=frozen, pools=pools, scheme=recipe, entries=entered)
    scored = {leaf for unit, result in results.items() if result.score for leaf in pools[unit]}
    ranks, critical = _ranks(results, plan=frozen, scheme=recipe)
    wave = _wave_given(weighted, plan=frozen, rank_critical_text=critical)
    classes = [c for leaf in counted.values() for c in leaf.classes]
    items = {unit: leaf.tree.items() for unit, leaf in counted.items()}
    raked = frozen.method is Weighting.RAKE
    return Scored(
        classes=class_rows(classes),
        counts=count_rows(classes, items=items),
        products=product_rows(classes, items=items, scored=scored),
        given=[*wave, *((r.unit, name, value) for r in results.values() for name, value in r.sealed())],
        margins=rake_margin_rows(weighted.report.margins)
        if raked
        else cell_margin_rows(weighted.populations, names=names),
        entries=_entry_rows(entered, results, scheme=recipe),
        ledger=ledger_rows(dataset.ledger),
        exclusions=exclusion_rows(dataset.ledger),
        figures=_figure_rows(results, wave, ranks, plan=frozen, pools=pools, scheme=recipe),
        report=_report(weighted, results, names, scheme=recipe, ranked=bool(ranks)),
        shown_units=tuple(results),
        raked=raked,
    )


def _text(value: Fraction) -> str:
    """The shortest decimal of an entered figure, which was a decimal when it was entered."""
    return format((Decimal(value.numerator) / Decimal(value.denominator)).normalize(), "f")


def _parse_entries(rows: Iterable[Mapping[str, Any]], *, plan: Plan, scheme: Scheme) -> dict[str, dict[str, Fraction]]:
    trees = [tree for tree in (scheme.tree, *scheme.trees.values()) if tree is not None]
    known = tuple(dict.fromkeys(name for tree in trees for name in tree.entries()))
    order = plan.order()
    found: dict[str, dict[str, Fraction]] = {}
    for position, row in enumerate(rows):
        unit, name, value = row.get("unit"), row.get("entry"), row.get("value")
        where = f"entries[{position}] {unit} {name}"
        if unit not in order:
            raise SchemeError(f"{where}: not a unit of the plan", got=str(unit), expected=", ".join(order))
        if name not in known:
            raise SchemeError(f"{where}: no tree uses this figure", got=str(name), expected=", ".join(known))
        if name in found.get(unit, {}):
            raise SchemeError(f"{where}: the figure comes twice", got=str(value))
        try:
            number = Decimal(value) if isinstance(value, str | int) else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not 0 <= number <= 100 or Fraction(number) * 10**ENTRY_DIGITS % 1:
            raise SchemeError(f"{where}: not a figure on 0..100", got=repr(value), expected='such as "87.5"')
        found.setdefault(unit, {})[name] = Fraction(number)
    ordered = sorted(found, key=lambda unit: order[unit])
    return {unit: {name: found[unit][name] for name in known if name in found[unit]} for unit in ordered}


def _results(
    counted: Mapping[str, CountedLeaf],
    *,
    plan: Plan,
    pools: Mapping[str, Sequence[str]],
    scheme: Scheme,
    entries: Entries,
) -> dict[str, UnitResult]:
    """Results of the units that pool at least one shown unit, in plan order."""
    results: dict[str, UnitResult] = {}
    for unit, below in pools.items():
        leaves = [counted[leaf] for leaf in below if leaf in counted]
        tree = scheme.tree_of(unit)
        if leaves and tree is not None:
            own = entries_of(unit, tree=tree, entries=entries, leaf=unit in plan.scored)
            results[unit] = score_unit(unit, leaves=leaves, tree=tree, entries=own, scheme=scheme)
    return results


def _entry_rows(entered: Entries, results: Mapping[str, UnitResult], *, scheme: Scheme) -> list[Row]:
    """Entered figures that a figure of this release may use."""
    rows: list[Row] = []
    for unit, own in entered.items():
        tree = scheme.tree_of(unit) if unit in results else None
        rows += [(unit, name, _text(value)) for name, value in own.items() if tree and name in tree.entries()]
    return rows


def _ranks(
    results: Mapping[str, UnitResult], *, plan: Plan, scheme: Scheme
) -> tuple[dict[str, list[Figure]], str | None]:
    """Rank figures by unit and the released critical value; nothing when participation is open."""
    if plan.participation is Participation.OPEN and not scheme.rank_open:
        return {}, None
    groups: dict[str, list[str]] = {}
    for unit in plan.units:
        if unit.peer_group is not None and unit.id in results and results[unit.id].score is not None:
            groups.setdefault(unit.peer_group, []).append(unit.id)
    groups = {name: units for name, units in groups.items() if len(units) >= 2}
    if not groups:
        return {}, None
    largest = max(len(units) for units in groups.values())
    critical = half_up(rank_critical(group_size=largest, confidence=scheme.confidence), 4)
    figures: dict[str, list[Figure]] = {}
    for units in groups.values():
        scores = {unit: results[unit].score for unit in units}
        intervals = {unit: exact.interval(critical) for unit, exact in scores.items() if exact is not None}
        for unit_id, (low, high) in rank_sets(intervals).items():
            figures[unit_id] = [("", "rank_low", str(low)), ("", "rank_high", str(high))]
    return figures, critical


def _wave_given(weighted: Weighted, *, plan: Plan, rank_critical_text: str | None) -> list[Row]:
    rows: list[Row] = []
    if plan.method is Weighting.RAKE:
        report = weighted.report
        rows.append(("", "largest_raked_weight", half_up(report.largest_weight, 4)))
        rows.append(("", "kish_raked", half_up(report.kish_effect, 4)))
        rows.append(("", "raking_iterations", str(report.iterations)))
    if rank_critical_text is not None:
        rows.append(("", "rank_critical", rank_critical_text))
    return rows


def _figure_rows(
    results: Mapping[str, UnitResult],
    wave: Sequence[Row],
    ranks: Mapping[str, Sequence[Figure]],
    *,
    plan: Plan,
    pools: Mapping[str, Sequence[str]],
    scheme: Scheme,
) -> list[Row]:
    rows: list[Row] = [("", "", name, value, "sealed") for _, name, value in wave]
    for unit in plan.units:
        if unit.id in results:
            figures = results[unit.id].figures(scheme=scheme, ranks=ranks.get(unit.id, ()))
            rows += [(unit.id, *figure, status) for figure, status in figures]
        elif unit.id in pools:
            rows.append((unit.id, "", "n", f"<{plan.minimum_n}", "public"))
    return rows


def _report(
    weighted: Weighted, results: Mapping[str, UnitResult], names: Sequence[str], *, scheme: Scheme, ranked: bool
) -> dict[str, Any]:
    weighting = weighted.report
    shares = [asdict(share) | {"drift": share.drift} for share in weighting.margins]
    merges = [
        {
            "unit": leaf.leaf.unit,
            "cells": [names[cell] for cell in merge.cells],
            "n": merge.n,
            "into": [names[cell] for cell in merge.into],
            "into_n": merge.into_n,
        }
        for leaf in weighted.leaves
        for merge in leaf.collapsed.merges
    ]
    return {
        "weighting": {
            "iterations": weighting.iterations,
            "largest_weight": half_up(weighting.largest_weight, 4),
            "kish_effect": half_up(weighting.kish_effect, 4),
            "effective_n": half_up(weighting.effective_n, 1),
            "cells_collapsed": weighting.cells_collapsed,
            "margins": [
                {key: half_up(part, 6) if isinstance(part, float) else part for key, part in share.items()}
                for share in shares
            ],
        },
        "merges": merges,
        "suppressed": list(weighted.suppression.hidden),
        "unscored": [unit for unit, result in results.items() if result.score is None],
        "ranked": int(ranked),
        "warnings": list(scheme.warnings),
    }
