"""The small parts: where marks stand in a chart, and how a statement becomes HTML."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.results.charts import Scale, dot_chart, stacked_bar, wrap
from portal.results.markdown import render


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [(("71.2", "78.9"), 70, 90), (("60", "80"), 60, 80), (("0", "3"), 0, 20), (("97", "100"), 80, 100),
     (("12.5", "99"), 10, 100), (("95.01", "95.01"), 80, 100)],
)  # fmt: skip
def test_a_scale_holds_every_value_and_ends_at_tens(values: tuple[str, str], low: int, high: int) -> None:
    """The scale is at least twenty points wide and never leaves 0..100."""
    assert Scale.around(map(Decimal, values)) == Scale(low, high)


def test_dots_stand_where_their_scores_are() -> None:
    """Positions are percent of the scale, and every interval lies on the drawing."""
    chart = dot_chart([("A", "75.00", "70.00", "80.00"), ("B", "90.00", "85.00", "90.00")])
    assert (chart.scale.low, chart.scale.high) == (70, 90)
    assert [(dot.x, dot.start, dot.end) for dot in chart.dots] == [
        ("25.00", "0.00", "50.00"),
        ("100.00", "75.00", "100.00"),
    ]
    assert chart.dots[0].y < chart.dots[1].top
    assert chart.dots[-1].y < chart.height


def test_names_wrap_at_words_and_between_han() -> None:
    """Long names break into lines that fit; nothing is lost in three lines, the rest is marked."""
    assert wrap("Bureau of human resources and social security", 200) == (
        "Bureau of human resources",
        "and social security",
    )
    assert "".join(wrap("人力资源和社会保障局第一办事大厅服务窗口", 140)) == "人力资源和社会保障局第一办事大厅服务窗口"
    assert wrap("字" * 100, 140)[-1].endswith("…")


def test_a_bar_is_filled_end_to_end() -> None:
    """Segments join without gaps, in tones from worst to best, and only wide ones carry their share."""
    bar = stacked_bar([("10.0", 0), ("0.0", 25), ("40.0", 75), ("50.0", 100)])
    assert [(part.x, part.width, part.tone, part.label) for part in bar] == [
        ("0.00", "10.00", 0, ""),
        ("10.00", "40.00", 3, "40.0"),
        ("50.00", "50.00", 4, "50.0"),
    ]


def test_statements_become_html() -> None:
    """Headings one level down, paragraphs, nested lists, and tables with a caption."""
    text = "# A\n\nOne\ntwo:\n\n- x\n  - y\n- z\n\n| h | i |\n| --- | --- |\n| 1 | a\\|b |\n"
    found = render(text)
    assert "<h2>A</h2>\n<p>One two:</p>" in found
    assert "<ul><li>x<ul><li>y</li></ul></li><li>z</li></ul>" in found
    assert '<th scope="col">h</th>' in found
    assert "<td>1</td><td>a|b</td>" in found
    assert "---" not in found
    assert "One two:</span></caption>" in found


@pytest.mark.parametrize("text", ["<b>x</b>", "# <i>", "- <u>", "| <s> |\n| <s> |", "{0}", "%(x)s", "{}"])
def test_statements_cannot_bring_markup(text: str) -> None:
    """Whatever stands in the text is shown, never obeyed."""
    found = render(text)
    assert not any(tag in found for tag in ("<b>", "<i>", "<u>", "<s>"))
    assert "{" not in text or text in found
