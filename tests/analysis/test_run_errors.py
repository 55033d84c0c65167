"""What a scoring run refuses."""

import numpy as np
import pytest

from analysis.errors import DatasetError, MarginError, SchemeError, WeightError
from analysis.run import score


def run(wave):
    """Score a wave as it is now."""
    return score(wave.dataset, plan=wave.plan, scheme=wave.scheme, margins=wave.margins)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda w: w.frame.__setitem__("unit", "u77"), DatasetError, "unit 'u77' of 240 respondents"),
        (lambda w: w.frame.__setitem__("unit", [None] + ["u00"] * 239), DatasetError, "1 respondents judge no unit"),
        (lambda w: w.frame.__setitem__("q0", np.int8(9)), DatasetError, "item q0: code 9 of 120 respondents"),
        (lambda w: w.frame.__setitem__("channel", "post"), MarginError, "category 'post' of 240 respondents"),
        (lambda w: w.margins.pop(0), MarginError, r"unit u00 has no population for 1 of its cells.*window\|2026-07"),
        (lambda w: w.margins.append(w.margins[0]), MarginError, "comes twice"),
        (lambda w: w.margins[0].update(unit="u9"), MarginError, "not a scored unit"),
        (lambda w: w.margins[0].update(cell=["post", "2026-07"]), MarginError, "not a cell"),
        (lambda w: w.margins[0].update(population="7"), MarginError, "not a count"),
        (lambda w: [m.update(population=0) for m in w.margins[:6]], MarginError, "population is zero"),
        (lambda w: w.margins[0].update(population=10**9), WeightError, "rounds to zero"),
        (lambda w: w.scheme["steps"][1].update(tree={"id": "x", "item": "q9"}), SchemeError, "item q9"),
        (lambda w: w.scheme["steps"][1].update({"trees": {}, "tree": None}), SchemeError, "tree"),
    ],
)
def test_what_does_not_fit_is_named(service_wave, change, error, message):
    """Dataset, plan, scheme and margins that contradict each other are refused, with names and counts."""
    wave = service_wave(leaves=2)
    change(wave)
    with pytest.raises(error, match=message):
        run(wave)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda w: w.margins.pop(), MarginError, "column age: category 'old' has no target"),
        (lambda w: w.margins.append(w.margins[0]), MarginError, "comes twice"),
        (lambda w: w.margins[0].update(dimension="zip"), MarginError, "unknown dimension"),
        (lambda w: w.margins[0].update(category="x"), MarginError, "unknown category"),
        (
            lambda w: w.frame.loc.__setitem__((0, "sex"), None),
            MarginError,
            "column sex: 1 respondents have no category",
        ),
        (lambda w: w.description["item_units"].update(p1="streets"), SchemeError, "item p1 judges another unit"),
        (lambda w: w.scheme["steps"][1]["trees"].pop("streets"), SchemeError, "scored unit streets has no tree"),
    ],
)
def test_what_does_not_fit_a_resident_wave_is_named(resident_wave, change, error, message):
    """The same for waves raked to margins."""
    wave = resident_wave()
    change(wave)
    with pytest.raises(error, match=message):
        run(wave)
