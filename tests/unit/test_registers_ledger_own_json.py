"""The JSON that exports write is read back as rows; whatever is not it is refused, and no row of it is lost."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from both_languages import both
from register_world import PIT, pits
from zoning.errors import ContentError
from zoning.registers.ledger.own_json import is_own_json, read_own_json
from zoning.registers.ledger.spatial import ExportOrder, write_json
from zoning.registers.record import Record, Value
from zoning.texts import Text

KIND = pits()
MOST = 1_000_000
WHOLE = {"type": "FeatureCollection", "schema": "zoning.register/1", "kind": "pits", "features": []}


def written(folder: Path, content: Any, name: str = "a.json") -> Path:
    """Write JSON as exports do, with blanks behind its colons."""
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize(
    ("name", "content", "own"),
    [
        ("a.json", WHOLE, True),
        ("a.JSON", WHOLE, True),
        ("a.geojson", WHOLE, False),  # a boundary file by its name
        ("a.json", WHOLE | {"schema": "zoning.register/2"}, False),
        ("a.json", {"type": "FeatureCollection", "features": []}, False),
        ("a.json", "", False),
        ("a.json", " " * 400 + json.dumps(WHOLE), False),  # not at its head
    ],
)
def test_an_export_is_told_by_its_name_and_its_head(tmp_path: Path, name: str, content: Any, own: bool) -> None:
    assert is_own_json(written(tmp_path, content, name)) is own


def test_a_folder_or_a_missing_file_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    assert not is_own_json(tmp_path / "folder.json")
    assert not is_own_json(tmp_path / "none.json")


def test_the_limit_of_bytes_itself_is_allowed(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    size = path.stat().st_size
    assert read_own_json(path, KIND, most_bytes=size).rows == ()
    assert both(lambda: read_own_json(path, KIND, most_bytes=size - 1), ContentError) == (
        "a.json：文件过大（0 MB）",
        "a.json: the file is too large (0 MB)",
    )


@pytest.mark.parametrize(
    "content",
    [
        "",
        '{"schema": "zoning.register/1", "kind": "pits", "features": [',
        "[]",
        "null",
        "7",
        {"features": []},
        {"kind": "pits"},
        {"kind": "pits", "features": None},
        {"kind": "pits", "features": [7]},
        {"kind": "pits", "features": [{"type": "Feature"}]},
        "[" * 100_000,
    ],
    ids=range(11),
)
def test_what_is_no_whole_export_is_refused(tmp_path: Path, content: Any) -> None:
    assert both(lambda: read_own_json(written(tmp_path, content), KIND, most_bytes=MOST), ContentError) == (
        "a.json：不是完整的台账 JSON；请重新导出",
        "a.json: this is no whole JSON of a register: export it again",
    )


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(json.dumps(WHOLE | {"title": "矿坑"}, ensure_ascii=False).encode("gbk"))
    assert both(lambda: read_own_json(path, KIND, most_bytes=MOST), ContentError)[1].startswith("a.json: this is no")


def test_an_export_of_another_register_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE | {"kind": "ponds"})
    assert both(lambda: read_own_json(path, KIND, most_bytes=MOST), ContentError) == (
        "a.json：是台账“ponds”，不是 pits",
        "a.json: it is a register of 'ponds', not pits",
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("P1", "P1"),
        ("", ""),
        (0.1, "0.1"),
        (1e-7, "1e-07"),
        (12345678.1234567, "12345678.1234567"),
        (3, "3"),
        (0, "0"),
        (10**20, "100000000000000000000"),
        ("1;2", "1;2"),
    ],
)
def test_a_value_becomes_the_text_of_its_cell(tmp_path: Path, value: Any, text: str) -> None:
    path = written(tmp_path, WHOLE | {"features": [feature(NAME=value)]})
    (row,) = read_own_json(path, KIND, most_bytes=MOST).rows
    assert row.cells["NAME"].text == text
    assert row.cells["NAME"].column == "NAME"


def test_nothing_unknown_words_and_columns_of_the_workflow_are_no_cells(tmp_path: Path) -> None:
    told = {
        "NO": "P1",
        "NAME": None,
        "colour": "red",
        "state": "done",
        "version": 3,
        "CLASS": "A",
        "CLASS_MC": "class A",
    }
    path = written(tmp_path, WHOLE | {"features": [feature(**told)]})  # fmt: skip
    found = read_own_json(path, KIND, most_bytes=MOST)
    assert {name: cell.text for name, cell in found.rows[0].cells.items()} == {"NO": "P1", "CLASS": "A"}
    assert found.fields == ("NO", "CLASS")


def test_rows_are_features_counted_from_one_and_fields_stand_in_the_order_of_the_type(tmp_path: Path) -> None:
    features = [feature(YEAR=2020, NO="P2"), feature(NO="P1"), feature(HARM="1", NO="P3")]
    found = read_own_json(written(tmp_path, WHOLE | {"features": features}), KIND, most_bytes=MOST)
    assert [(row.number, row.cells["NO"].text) for row in found.rows] == [(1, "P2"), (2, "P1"), (3, "P3")]
    assert found.fields == ("NO", "YEAR", "HARM")
    assert (found.file, found.feature_rows, found.has_shapes) == ("a.json", True, False)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0]]]},
        {"coordinates": [1, 2]},
        {},
        7,
        "POINT (1 2)",
    ],
)
def test_a_shape_that_is_none_is_a_fault_of_its_row_and_of_no_other(tmp_path: Path, geometry: Any) -> None:
    features = [feature(geometry, NO="P1"), feature({"type": "Point", "coordinates": [112, 35]}, NO="P2")]
    bad, good = read_own_json(written(tmp_path, WHOLE | {"features": features}), KIND, most_bytes=MOST).rows
    assert (bad.shape, bad.shape_error) == (None, Text("不是 GeoJSON 图形", "this is no GeoJSON shape"))
    assert bad.cells["NO"].text == "P1"
    assert (good.shape, good.shape_error) == (shapely.Point(112, 35), None)


@pytest.mark.parametrize("feature_of", [{"type": "Feature", "properties": {"NO": "P1"}}, feature(None, NO="P1")])
def test_a_record_whose_place_is_not_known_is_a_row_too(tmp_path: Path, feature_of: dict[str, Any]) -> None:
    (row,) = read_own_json(written(tmp_path, WHOLE | {"features": [feature_of]}), KIND, most_bytes=MOST).rows
    assert (row.shape, row.shape_error) == (None, None)


def test_what_an_export_writes_comes_back_value_for_value(tmp_path: Path) -> None:
    values: dict[str, Value] = {
        "NO": "P1",
        "NAME": "下芹",
        "AREA": 0.1,
        "YEAR": 2020,
        "SEEN": date(2024, 2, 29),
        "HARM": ("1", "3"),
    }
    records = [
        Record("P1", "下芹", "140522", PIT, values | {"COUNTY": "140522", "WET": True}, "found", date(2026, 1, 2)),
        Record("P2", "", "140522", None, {"NO": "P2", "COUNTY": "140522"}, "found", date(2026, 1, 2)),
    ]
    path = tmp_path / "a.json"
    path.write_bytes(write_json(ExportOrder(KIND, records, date(2026, 3, 10), "en")).content)
    assert is_own_json(path)
    one, two = read_own_json(path, KIND, most_bytes=MOST).rows
    assert {name: cell.text for name, cell in one.cells.items()} == {
        "NO": "P1", "NAME": "下芹", "COUNTY": "140522", "AREA": "0.1", "YEAR": "2020", "SEEN": "2024-02-29",
        "WET": "yes", "HARM": "1;3",
    }  # fmt: skip
    assert one.shape is not None
    assert one.shape.equals_exact(PIT, 0)
    assert two.shape is None
    assert two.cells["NO"].text == "P2"
