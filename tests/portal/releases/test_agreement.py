"""`analysis` and the verifier, written apart from one contract, agree on every wave; each old difference has a test."""

from __future__ import annotations

import importlib
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.errors import MarginError, WeightError
from portal.releases.verifier import checks
from portal.releases.verifier.main import verify_files
from scale import scaled

sys.path.insert(0, str(Path(__file__).parent))
agreement: Any = importlib.import_module("agreement")
forgery: Any = importlib.import_module("forgery")
made_waves: Any = importlib.import_module("made_waves")

WAVES = scaled(2000, least=100)
FORGED_TABLES = ("counts.csv", "classes.csv", "products.csv")


@pytest.fixture(autouse=True)
def fast_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "verify_signature", forgery.compiled_verify)


def verified(made: Any, folder: Path) -> Any:
    """Score a wave, release it, and hold that the verifier finds nothing and counts every figure."""
    scored = agreement.scored_wave(made)
    findings = verify_files(agreement.release_of(made, scored, folder))
    assert [failure.message for failure in findings.failures] == []
    statuses = [row[4] for row in scored.figures]
    assert (findings.public, findings.sealed) == (statuses.count("public"), statuses.count("sealed"))
    return scored


def shapes(made: Any, scored: Any) -> set[str]:
    """What kinds of units a wave shows, so that the test knows which it has seen."""
    figures = agreement.figures_of(scored)
    found = {made.plan["weighting"]["method"], "residents" if made.description["item_units"] else "one unit"}
    for unit in made.plan["units"]:
        kind, n = "leaf" if unit["scored"] else "parent", figures.get((unit["id"], "", "n"))
        state = "silent" if n is None else "hidden" if n.startswith("<") else "unscored"
        found.add(f"{kind} {'scored' if (unit['id'], '', 'score') in figures else state}")
    return found | ({"ranked"} if any(key[2] == "rank_low" for key in figures) else set())


def test_the_verifier_accepts_what_analysis_makes(tmp_path: Path) -> None:
    """Waves of every shape verify without a finding, and few of them are refused by the weighting."""
    seen: Counter[str] = Counter()
    for seed in range(WAVES):
        made = made_waves.made_wave(seed)
        try:
            seen.update(shapes(made, verified(made, tmp_path / str(seed))))
        except (MarginError, WeightError):
            seen["refused"] += 1
        except Exception as error:
            raise AssertionError(f"wave of seed {seed}") from error
    units = {f"{kind} {state}" for kind in ("leaf", "parent") for state in ("scored", "unscored", "hidden")}
    assert units | {"parent silent", "ranked", "poststratify", "rake", "none", "residents", "one unit"} <= seen.keys()
    assert seen["refused"] < WAVES / 8


def test_one_changed_number_of_any_wave_is_found(tmp_path: Path) -> None:
    """A count, sum, weight or population changed by one fails by recomputation, whoever signs.

    Except where no figure depends on it: beside an item all of whose answers are worth 0 points.
    """
    escapes, count = [], 0
    for seed in range(0, WAVES, 2):
        made, rng = made_waves.made_wave(seed), random.Random(seed)
        try:
            scored = agreement.scored_wave(made)
        except (MarginError, WeightError):
            continue
        files = forgery.taken_over(agreement.release_of(made, scored, tmp_path / str(seed)))
        worthless = {row[1] for row in scored.figures if row[2] == "mean" and not float(row[3])}
        for name in FORGED_TABLES:
            if not scored.tables()[name][1]:
                continue
            what, data = forgery.changed_number(rng, files[name])
            count += 1
            is_lost = name == "products.csv" and bool(worthless & set(what.split(",")))
            if forgery.escaped(verify_files(forgery.forged(files, name, data)), name) and not is_lost:
                escapes.append(f"seed {seed}, {name}: {what}")
    assert escapes == []
    assert count > WAVES


def test_hidden_and_empty_units_are_in_the_scale_of_the_weights(tmp_path: Path) -> None:
    """Counted responses and population of the whole wave scale the weights, those of withheld units included."""
    made = agreement.small_wave()
    few = made.frame[(made.frame["unit"] == "a") | ((made.frame["unit"] == "b") & (made.frame.index % 8 < 3))]
    scored = verified(agreement.small_wave(frame=few.reset_index(drop=True)), tmp_path)
    assert [row[-1] for row in scored.classes] == [str(round(1000 * n / 4 * 11 / 345)) for n in (40, 47)]


def test_a_wave_in_which_nobody_is_shown(tmp_path: Path) -> None:
    """Without one answer, and with a population of nobody, there is a release that says so."""
    made = agreement.small_wave()
    margins = [{**row, "population": 0} for row in made.margins]
    scored = verified(agreement.small_wave(frame=made.frame[:0], margins=margins), tmp_path)
    assert {row[3] for row in scored.figures} == {"<4"} and not scored.classes


@pytest.mark.parametrize("code", [-1, -2, -3, -4, -5])
def test_an_item_without_a_valid_answer(code: int, tmp_path: Path) -> None:
    """The unit has n, the other item's figures and its node, and no score; the pooled parent has one."""
    made = agreement.small_wave()
    made.frame.loc[made.frame["unit"] == "a", "q1"] = np.int8(code)
    scored = verified(made, tmp_path)
    figures = agreement.figures_of(scored)
    own = {key[1:] for key in figures if key[0] == "a"}
    assert {("", "n"), ("q0", "mean"), ("node:n_q0", "score"), ("q1", "valid_n")} <= own
    assert (("q1", "missing_share") in own) == (code != -1)
    assert not own & {("", "score"), ("", "variance"), ("", "rank_low"), ("q1", "mean"), ("node:top", "score")}
    assert ("city", "", "score") in figures and ("b", "", "rank_low") in figures
    assert "a" not in {row[0] for row in scored.given}
    assert "a" in {row[0] for row in scored.products if row[2] != row[3]}, "the city's score is made from them"


def test_products_from_which_no_score_is_made_are_not_released(tmp_path: Path) -> None:
    """Nobody answers an item anywhere: no unit has a score, no pair of two items serves anything, nobody is ranked."""
    made = agreement.small_wave()
    made.frame["q1"] = np.int8(-2)
    scored = verified(made, tmp_path)
    assert not scored.given and {row[2] == row[3] for row in scored.products} == {True}


def test_a_single_scored_unit_of_a_peer_group_is_not_ranked(tmp_path: Path) -> None:
    """Of three peers two have no score: there are no ranks and no critical value for them."""
    made = agreement.small_wave()
    made.frame.loc[made.frame["unit"] != "c", "q1"] = np.int8(-2)
    scored = verified(made, tmp_path)
    assert "rank_critical" not in {row[1] for row in scored.given} and ("c", "", "score") in agreement.figures_of(
        scored
    )


@pytest.mark.parametrize("entered", [(), ("audit",), ("audit", "duties")])
def test_a_parent_may_lack_entered_figures(entered: tuple[str, ...], tmp_path: Path) -> None:
    """With all of them it has a score, with some only the nodes they make; those of a hidden unit stay inside."""
    made = agreement.small_wave()
    tree = agreement.mean_of("q0", "q1", entry="audit")
    tree["branches"].append({"id": "n_duties", "entry": "duties", "weight": 2})
    names = [(unit, name) for unit in "abc" for name in ("audit", "duties")]
    names += [("city", name) for name in entered]
    entries = [{"unit": unit, "entry": name, "value": "87.50"} for unit, name in names]
    few = made.frame[made.frame["unit"] != "c"].reset_index(drop=True)
    scored = verified(agreement.small_wave(frame=few, scheme=agreement.scheme_of(tree), entries=entries), tmp_path)
    figures = agreement.figures_of(scored)
    assert (("city", "", "score") in figures) == (len(entered) == 2)
    assert (("city", "node:n_entry", "score") in figures) == ("audit" in entered)
    assert {row[0] for row in scored.entries} == {"a", "b"} | ({"city"} if entered else set())


def test_a_raked_cell_without_answers_is_in_a_class(tmp_path: Path) -> None:
    """Nobody judged office a online: its one class holds both cells."""
    made = agreement.small_wave()
    made.frame.loc[made.frame["unit"] == "a", "channel"] = "window"
    targets = [{"dimension": "channel", "category": name, "population": 50} for name in ("window", "online")]
    plan = agreement.weighted(made.plan, "rake")
    scored = verified(agreement.small_wave(frame=made.frame, plan=plan, margins=targets), tmp_path)
    assert [row[2] for row in scored.classes if row[0] == "a"] == ["window;online"]


def test_without_weighting_declared_dimensions_do_not_count(tmp_path: Path) -> None:
    """The method none has one class of no cell, no margins and no margins in the log."""
    made = agreement.small_wave()
    scored = verified(agreement.small_wave(plan=agreement.weighted(made.plan, "none"), margins=[]), tmp_path)
    assert {row[1:3] for row in scored.classes} == {("c01", "")} and scored.margins == []


@pytest.mark.parametrize("shown", ["abc", "ab"])
def test_a_parent_of_other_items_is_silent(shown: str, tmp_path: Path) -> None:
    """Office c is scored by another item, so the city has no figures, whether c itself is shown or hidden."""
    made = agreement.small_wave()
    scheme = agreement.scheme_of(agreement.mean_of("q0", "q1"), c=agreement.mean_of("q1"))
    frame = made.frame[made.frame["unit"].isin(list(shown))].reset_index(drop=True)
    scored = verified(agreement.small_wave(frame=frame, scheme=scheme), tmp_path)
    assert "city" not in {row[0] for row in scored.figures}


def test_a_parent_without_a_tree_is_silent(tmp_path: Path) -> None:
    """A scheme of trees for the offices alone scores the offices alone."""
    scheme = agreement.scheme_of(None, **dict.fromkeys("abc", agreement.mean_of("q0", "q1")))
    scored = verified(agreement.small_wave(scheme=scheme), tmp_path)
    assert {row[0] for row in scored.figures} == {"", "a", "b", "c"}


def test_six_decimals_of_nothing_are_printed_plainly(tmp_path: Path) -> None:
    """A standard error of zero with eight decimals is 0.00000000 on both sides, never 0E-8."""
    made = agreement.small_wave()
    made.frame[["q0", "q1"]] = np.int8(4)
    scheme = agreement.scheme_of(agreement.mean_of("q0", "q1"), digits=6)
    scored = verified(agreement.small_wave(frame=made.frame, scheme=scheme), tmp_path)
    assert agreement.figures_of(scored)["a", "", "se"] == "0.00000000"
