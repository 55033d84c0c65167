"""Posters: what is printed leads a phone to the right page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image, ImageDraw

from desk_pages import StrictClient
from portal.db import Installation
from survey.points import add_point, code_for


def squares(page: str) -> list[Image.Image]:
    """Every square of the page, drawn from its SVG path, 8 pixels a module."""
    found = []
    for size, path in re.findall(r'viewBox="0 0 (\d+) \d+".*?<path fill="#000" d="([^"]*)"', page):
        picture = Image.new("L", (int(size) * 8, int(size) * 8), 255)
        draw = ImageDraw.Draw(picture)
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
            left, top = int(x) * 8, int(y) * 8
            draw.rectangle((left, top, left + int(width) * 8 - 1, top + 7), fill=0)
        found.append(picture)
    return found


def test_square_holds_the_address_of_the_point(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """A scanner reads the public address of this point and no language, at error level Q."""
    page = log_in("officer").get("/desk/points/AAAA1111/poster?lang=zh-Hans", 200).text
    (square,) = squares(page)
    (read,) = zxingcpp.read_barcodes(square)
    assert read.text == f"https://minyi.example/q/{code_for(place.keys, 'AAAA1111')}"
    assert read.ec_level == "Q"


def test_square_survives_a_stain(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """A fifth of the code's width torn out of its side still leaves it readable."""
    (square,) = squares(log_in("officer").get("/desk/points/AAAA1111/poster", 200).text)
    side = square.width
    stain = (int(side * 0.62), int(side * 0.55), int(side * 0.80), int(side * 0.73))
    ImageDraw.Draw(square).rectangle(stain, fill=255)
    (read,) = zxingcpp.read_barcodes(square)
    assert read.text.endswith(code_for(place.keys, "AAAA1111"))


def test_poster_says_everything_in_both_languages(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """Unit and window in each language, the code to type, the address and the key's fingerprint stand on it."""
    page = log_in("administrator").get("/desk/points/AAAA1111/poster", 200).text
    for words in (
        "税务局东区办税厅",
        "Tax Office East",
        "A号窗口",
        "Window A",
        code_for(place.keys, "AAAA1111"),
        place.signer.fingerprint,
        "https://minyi.example",
    ):
        assert words in page


def test_unit_prints_the_posters_of_all_below_it(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """The department's page has one poster for each living point of its offices, all different."""
    page = log_in("officer").get("/desk/units/tax/posters?size=a6", 200).text
    read = {zxingcpp.read_barcodes(square)[0].text for square in squares(page)}
    assert read == {
        f"https://minyi.example/q/{code_for(place.keys, key)}" for key in ("AAAA1111", "BBBB2222", "CCCC3333")
    }


def test_points_without_a_wall_get_their_address(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """A poster for the website or the telephone is not printed with the others: the page has the address to copy."""
    with place.database.write() as connection:
        add_point(
            connection, unit_id="tax-east", channel="phone", title={"en": "Line"}, on=date(2026, 8, 1), key="EEEE5555"
        )
    page = log_in("officer").get("/desk/units/tax-east/posters", 200).text
    code = code_for(place.keys, "EEEE5555")
    assert f"https://minyi.example/q/{code}" not in {zxingcpp.read_barcodes(one)[0].text for one in squares(page)}
    assert f"<code>https://minyi.example/q/{code}</code>" in page


def test_unknown_paper_is_not_found(log_in: Callable[[str], StrictClient]) -> None:
    """Only A4 and A6 are offered."""
    log_in("officer").get("/desk/units/tax/posters?size=a0", 404)


@pytest.mark.parametrize(("size", "points"), [("a4", (595, 842)), ("a6", (298, 420))])
def test_each_poster_prints_on_one_page(
    browser: Any,
    serve: Callable[..., str],
    app: Flask,
    log_in: Callable[[str], StrictClient],
    size: str,
    points: tuple[int, int],
) -> None:
    """Printed by a browser, three posters are three pages of the paper chosen, and the square scans from the screen."""
    session = log_in("officer").client.get_cookie("session")
    assert session is not None
    address = serve(app)
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "session", "value": session.value, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/desk/units/tax/posters?size={size}")
    shot = Image.open(io.BytesIO(page.locator(".qr").first.screenshot()))
    printed = page.pdf(prefer_css_page_size=True)
    context.close()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert len(boxes) == 3
    assert all(abs(float(got) - want) < 2 for box in boxes for got, want in zip(box, points, strict=True))
    assert zxingcpp.read_barcodes(shot)[0].text.startswith("https://minyi.example/q/")


def test_many_posters_come_forty_a_page(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """A hall with fifty windows gets two small pages, each poster on one of them."""
    with place.database.write() as connection:
        for number in range(49):
            add_point(connection, unit_id="police", channel="window", title={"en": f"No. {number}"}, on=place.today())
    client = log_in("administrator")
    first = client.page("/desk/units/police/posters")
    (following,) = [link for link in first.links if "first=40" in link]
    pages = [client.get(address, 200).text for address in ("/desk/units/police/posters", following)]
    assert [page.count('class="poster a4"') for page in pages] == [40, 10]
