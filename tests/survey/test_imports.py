"""Finished surveys brought in: a file that is right is a wave, a file that is wrong is nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

import survey
from counter import NOW, POINT, Counter, questionnaire, rating
from given_files import given
from survey.dataset import freeze
from survey.errors import ImportRefusedError, SurveyError
from survey.formats.csv import decode, read_csv, safe_cell
from survey.import_map import read_map
from survey.imports import Imported, Importer
from survey.storage.paths import dataset_folder
from survey.storage.tables import response, wave

EXAMPLE = Path(survey.__file__).parent / "formats" / "examples" / "kansas-city.toml"
MAP = """
format = "minyi-import/1"
wave = "city-2026"
population = "residents"
title = { en = "City" }
opens_on = 2026-07-01
closes_on = 2026-07-31
[file]
id = "id"
[weighting]
method = "rake"
dimensions = ["sex"]
[margins]
file = "margins.csv"
dimensions = { sex = "sex" }
[[demographics]]
column = "s"
variable = "sex"
title = { en = "Sex" }
categories = { "1" = "female", "2" = "male" }
missing = ["", "9"]
[scales.level]
codes = { 1 = { en = "bad" }, 2 = { en = "fair" }, 3 = { en = "good" } }
missing = { "9" = "dont_know", "" = "skipped" }
[[units]]
id = "parks"
scale = "level"
title = { en = "Parks" }
items = { P1 = { en = "Clean" }, P2 = { en = "Safe" } }
"""
MARGINS = "sex,population\nfemale,60\nmale,40\n"
ROWS = "id,s,P1,P2,name\na,1,3,2.0,Zoë\nb,2,9,,Ann\nc,9,1,1,Bob\n"
EVENTS = """
format = "minyi-import/1"
wave = "w1"
population = "service_events"
[events]
unit = "unit"
channel = "channel"
day = "day"
point = "window"
items = { overall = "q_overall" }
reasons = { why = "q_overall" }
missing = { "" = "skipped", "x" = "dont_know" }
"""
DONT_KNOW = {"code": 9, "text": {"en": "don't know"}, "missing": "dont_know"}


@pytest.fixture
def counter(open_wave_with: Callable[..., Counter]) -> Counter:
    """An open wave whose question takes "don't know"."""
    asked = rating()
    return open_wave_with(document=questionnaire({**asked, "choices": [*asked["choices"], DONT_KNOW]}))


@pytest.fixture
def bring(counter: Counter, tmp_path: Path) -> Callable[..., Imported]:
    """`bring(rows, map)` writes the files and imports them; whatever is refused must have written nothing."""

    def run(
        rows: str | bytes = ROWS, map_: str = MAP, *, name: str = "answers.csv", margins: str = MARGINS
    ) -> Imported:
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(rows if isinstance(rows, bytes) else rows.encode())
        (folder / "map.toml").write_text(map_)
        if margins:
            (folder / "margins.csv").write_text(margins)
        before = counter.counts()
        try:
            with counter.database.write() as connection:
                importer = Importer(counter.keys, counter.log, NOW)
                return importer.run(connection, folder / name, folder / "map.toml")
        except SurveyError:
            assert counter.counts() == before
            raise

    return run


def refusal(bring: Callable[..., Imported], *args: Any, **more: Any) -> str:
    """What is said about a file that is refused."""
    with pytest.raises(SurveyError) as caught:
        bring(*args, **more)
    return " | ".join([str(caught.value), *getattr(caught.value, "problems", [])])


# --- what is right ---------------------------------------------------------------------------------------------------


def test_a_file_becomes_a_closed_wave(counter: Counter, bring: Callable[..., Imported], tmp_path: Path) -> None:
    """Every row is a response with a leaf; the unknown class is excluded and counted; nothing else is stored."""
    assert bring() == Imported("city-2026", 3, "utf-8-sig", already=False, made_wave=True)
    rows = [row for row in counter.rows(response) if row.wave_id == "city-2026"]
    assert len(rows) == 3
    assert not any("Zoë" in row.body or '"a"' in row.body for row in rows)
    assert counter.audit().faults == {}
    with counter.database.write() as connection:
        folder = dataset_folder(tmp_path, "city-2026", freeze(connection, counter.log, "city-2026", tmp_path, NOW))
    found = pq.read_table(folder / "responses.parquet").sort_by("sex").to_pylist()
    assert found == [{"p1": 3, "p2": 2, "sex": "female"}, {"p1": -4, "p2": -2, "sex": "male"}]


def test_the_same_file_twice_is_once(counter: Counter, bring: Callable[..., Imported]) -> None:
    """The second time says so and changes no table."""
    bring()
    before = counter.counts()
    assert bring() == Imported("city-2026", 3, "", already=True, made_wave=False)
    assert counter.counts() == before


def test_another_file_adds_to_the_wave(counter: Counter, bring: Callable[..., Imported]) -> None:
    """New rows of the same wave are taken until it is frozen."""
    bring()
    assert bring("id,s,P1,P2\nd,1,1,1\n", name="more.csv").n_rows == 1
    assert counter.audit().faults == {}


def test_progress_is_told(counter: Counter, tmp_path: Path) -> None:
    """From nothing to all of it."""
    (tmp_path / "answers.csv").write_text(ROWS)
    (tmp_path / "map.toml").write_text(MAP)
    (tmp_path / "margins.csv").write_text(MARGINS)
    told: list[tuple[int, int]] = []
    importer = replace(Importer(counter.keys, counter.log, NOW), progress=lambda done, n: told.append((done, n)))
    with counter.database.write() as connection:
        importer.run(connection, tmp_path / "answers.csv", tmp_path / "map.toml")
    assert (told[0], told[-1]) == ((0, 3), (3, 3))


def test_events_join_an_open_wave(counter: Counter, bring: Callable[..., Imported]) -> None:
    """Unit, channel, day and point come from the row; codes and reasons pass the same checks as a form."""
    rows = f"unit,channel,day,window,overall,why\ntax,window,2026-07-03,{POINT},1,2;1\ntax,online,2026-07-04,,x,\n"
    assert not bring(rows, EVENTS).made_wave
    stored = counter.rows(response)
    documents = sorted((json.loads(row.body) for row in stored), key=lambda one: one["day"])
    assert [one["answers"] for one in documents] == [{"q_overall": 1}, {}]
    assert documents[0]["reasons"] == {"q_overall": [1, 2]}
    assert documents[1]["missing"]["q_overall"] == "dont_know"
    assert [(one["channel"], one["point"]) for one in documents] == [("window", POINT), ("online", None)]
    assert {row.point_key for row in stored} == {POINT, None}


# --- what is wrong ---------------------------------------------------------------------------------------------------

WRONG_FILES: dict[str, tuple[str | bytes, str]] = {
    "wrong header": (ROWS.replace("P1", "Q1"), "expected: P1"),
    "no id column": (ROWS.replace("id,", "nr,", 1), "expected: id"),
    "a header alone": ("id,s,P1,P2\n", "a header and no rows"),
    "empty": ("", "is empty"),
    "blank lines only": ("\n , \n", "is empty"),
    "an id twice": (ROWS + "a,1,1,1,x\n", "the id 'a' stands 2 times"),
    "an id twice, padded": (ROWS + " a ,1,1,1,x\n", "the id 'a' stands 2 times"),
    "out of range": (ROWS.replace("b,2,9", "b,2,7"), "line 3, P1: got '7', expected one of (empty), 1, 2, 3, 9"),
    "a word for a code": (ROWS.replace("b,2,9", "b,2,good"), "line 3, P1: got 'good'"),
    "unknown category": (ROWS.replace("b,2,", "b,3,"), "line 3, s: got '3'"),
    "a short line": (ROWS + "d,1\n", "line 5: 2 fields, the header has 5"),
    "a long line": (ROWS + "d,1,1,1,x,y\n", "line 5: 6 fields, the header has 5"),
    "lines are those of the file": ('id,s,P1,P2,name\n\na,1,3,1,"two\nlines"\nb,1,8,1,x\n', "line 5, P1: got '8'"),
    "a column twice": (ROWS.replace("name", "P1"), "two columns are called P1"),
    "an open quote": (ROWS + '"d,1,1,1\n', "not a CSV file"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "encoding is not recognised"),
    "a spreadsheet": (b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)), "encoding is not recognised"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file_is_refused_whole(bring: Callable[..., Imported], name: str) -> None:
    """The fault is named with its line, and every table holds what it held before."""
    rows, expected = WRONG_FILES[name]
    assert expected in refusal(bring, rows)


def test_all_faults_up_to_twenty_are_told_at_once(bring: Callable[..., Imported]) -> None:
    """Whoever mends the file mends it once."""
    rows = "id,s,P1,P2\n" + "".join(f"{at},1,7,1\n" for at in range(50))
    with pytest.raises(ImportRefusedError) as caught:
        bring(rows)
    assert len(caught.value.problems) == 20
    assert caught.value.problems[19].startswith("line 21, P1")


WRONG_MARGINS = {
    "not there": ("", "file of targets is not there"),
    "a class is missing": ("sex,population\nfemale,60\n", "no population for male"),
    "a class is unknown": (MARGINS + "other,1\n", "name a sex that the plan does not know"),
    "no number": (MARGINS.replace("40", "4e1"), "not a whole number"),
    "no column": (MARGINS.replace("population", "people"), "lacks columns"),
}


@pytest.mark.parametrize("name", WRONG_MARGINS)
def test_wrong_targets_are_refused(bring: Callable[..., Imported], name: str) -> None:
    """The wave is not made, and its units are not either."""
    margins, expected = WRONG_MARGINS[name]
    assert expected in refusal(bring, margins=margins)


def test_a_known_id_in_another_file_is_refused(bring: Callable[..., Imported]) -> None:
    """The same person is not counted twice because a file was sent again with a row more."""
    bring()
    assert "1 of the rows carry an id" in refusal(bring, "id,s,P1,P2\nd,1,1,1\nb,1,1,1\n", name="more.csv")


def test_a_frozen_wave_takes_no_file(counter: Counter, bring: Callable[..., Imported], tmp_path: Path) -> None:
    """What was frozen stays."""
    bring()
    with counter.database.write() as connection:
        freeze(connection, counter.log, "city-2026", tmp_path, NOW)
    assert "frozen" in refusal(bring, "id,s,P1,P2\nd,1,1,1\n", name="more.csv")


WRONG_EVENTS = {
    "unknown unit": ("police,window,2026-07-03,P,1,", "'police' is not a unit this wave scores"),
    "bad day": ("tax,window,31.07.2026,P,1,", "got '31.07.2026', expected a day"),
    "no such day": ("tax,window,2026-02-30,P,1,", "got '2026-02-30', expected a day"),
    "a level that is not offered": ("tax,window,2026-07-03,P,6,", "line 2, q_overall: an answer that is not offered"),
    "a reason of another level": ("tax,window,2026-07-03,P,5,1", "why: '1' is not offered under this answer"),
}


@pytest.mark.parametrize("name", WRONG_EVENTS)
def test_a_wrong_event_is_refused(bring: Callable[..., Imported], name: str) -> None:
    """Each with its line and column."""
    row, expected = WRONG_EVENTS[name]
    assert expected in refusal(bring, f"unit,channel,day,window,overall,why\n{row}\n", EVENTS)


def test_events_of_no_wave_are_refused(bring: Callable[..., Imported]) -> None:
    """A wave of service events is made and opened first."""
    assert "no such wave" in refusal(bring, "unit\n", EVENTS.replace('"w1"', '"w9"'))


WRONG_MAPS = {
    "no TOML": ("format = ", "not a TOML file"),
    "another format": (MAP.replace("import/1", "import/9"), "format: "),
    "unknown field": (MAP.replace("[file]", "[file]\ncolour = 1"), "file.colour"),
    "unknown scale": (MAP.replace('scale = "level"', 'scale = "lev"'), "no such scale: lev"),
    "no title": (MAP.replace('title = { en = "City" }\n', ""), "needs title, opens_on and closes_on"),
    "a dimension of nothing": (MAP.replace('dimensions = ["sex"]', 'dimensions = ["age"]'), "gives the dimension age"),
    "units and events": (MAP + EVENTS[EVENTS.index("[events]") :], "either [[units]]"),
    "units of events": (MAP.replace('"residents"', '"service_events"'), "belong to residents"),
    "a code that is a word": (
        MAP.replace('codes = { 1 = { en = "bad" }', 'codes = { one = { en = "bad" }'),
        "codes.one",
    ),
    "a file's part is no table": (MAP.replace("[file]", "[files]\n'answers.csv' = 1\n[file]"), "else than a table"),
}


@pytest.mark.parametrize("name", WRONG_MAPS)
def test_a_wrong_map_is_refused(bring: Callable[..., Imported], name: str) -> None:
    """Every place at fault is named."""
    map_, expected = WRONG_MAPS[name]
    assert expected in refusal(bring, map_=map_)


# --- encodings -------------------------------------------------------------------------------------------------------

WESTERN = "name\nZürich, Köln, Orléans, señor, naïve\n"
CHINESE = "姓名\n满意，一般，不满意：窗口服务态度良好\n"


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        (CHINESE, "utf-8", "utf-8-sig"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        ("\ufeff" + CHINESE, "utf-16-be", "utf-16"),
        (CHINESE, "gb18030", "gb18030"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "utf-8", "utf-8-sig"),
        ("plain\n", "ascii", "utf-8-sig"),
    ],
)
def test_encodings_are_recognised(text: str, encoding: str, told: str) -> None:
    """What a spreadsheet saves in China or in the West is read as it was written."""
    assert decode(text.encode(encoding)) == (text.removeprefix("\ufeff"), told)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"a\x00b", "auto"),
        ("ab".encode("utf-16-le"), "auto"),
        (b"\xff\xfe\x00", "auto"),
        (b"\xe9", "utf-8"),
        (b"a", "no"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, encoding: str) -> None:
    """Bytes that hold no text, or not in the encoding that was named."""
    with pytest.raises(ImportRefusedError, match="encoding is not recognised"):
        decode(data, encoding)


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_cells_that_would_run_are_disarmed(cell: str) -> None:
    """A spreadsheet shows them as text."""
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-1.5", "+3", "1e5", "plain", "a=b", "-0"])
def test_other_cells_stay(cell: str) -> None:
    """Numbers and texts are written as they are."""
    assert safe_cell(cell) == cell


def test_a_semicolon_file_is_read(tmp_path: Path) -> None:
    """The delimiter is the map's; quotes protect it."""
    (tmp_path / "a.csv").write_text('a;b\n1;"x;y"\n')
    assert read_csv(tmp_path / "a.csv", delimiter=";").rows == (("1", "x;y"),)


# --- the example -----------------------------------------------------------------------------------------------------


def test_the_example_map_is_read() -> None:
    """The mapping file that is shipped holds together, for each of its files."""
    map_ = read_map(EXAMPLE, file_name="kcmo_2022q3_mar.csv")
    assert map_.wave == "kansas-city-2022-03"
    assert [one.id for one in map_.units][:3] == ["police", "fire", "streets"]
    with pytest.raises(ImportRefusedError, match="mapping file"):
        read_map(EXAMPLE, file_name="another.csv")


@pytest.mark.given
def test_the_survey_of_kansas_city(counter: Counter, tmp_path: Path) -> None:
    """984 rows come in, 52 of unknown sex or age are excluded, 932 count; the same file again changes nothing."""
    path = given("given-kcmo-resident-survey") / "kcmo_2022q3_mar.csv"
    importer = Importer(counter.keys, counter.log, NOW)
    with counter.database.write() as connection:
        done = importer.run(connection, path, EXAMPLE)
    assert (done.n_rows, done.already) == (984, False)
    assert counter.audit().faults == {}
    with counter.database.write() as connection:
        assert importer.run(connection, path, EXAMPLE).already
        identity = freeze(connection, counter.log, done.wave_id, tmp_path, NOW)
    found = json.loads((dataset_folder(tmp_path, done.wave_id, identity) / "dataset.json").read_text())
    assert found["ledger"]["received"] == 984
    assert found["ledger"]["counted"] == 932
    assert found["ledger"]["excluded"] == {"unknown_class": 52}
    with counter.database.read() as connection:
        assert connection.execute(select(wave.c.state).where(wave.c.id == done.wave_id)).scalar_one() == "frozen"
