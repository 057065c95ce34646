"""Tables for formats that hold no lists, no formulas, and one kind of geometry."""

from typing import Any

import pyarrow as pa
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.batch.columns import GEOMETRY
from zoning.batch.flat import are_areas, with_multipolygons, without_formulas, without_geometry, without_lists

BOX = shapely.box(0, 0, 1, 1)
TWO = shapely.MultiPolygon([BOX, shapely.box(2, 0, 3, 1)])
LINE = shapely.LineString([(0, 0), (1, 1)])


def shapes_table(*shapes: BaseGeometry | None, kind: pa.DataType | None = None) -> pa.Table:
    blobs = [None if shape is None else shapely.to_wkb(shape, byte_order=1) for shape in shapes]
    columns = {
        "number": pa.array(range(1, len(shapes) + 1), pa.int64()),
        GEOMETRY: pa.array(blobs, kind or pa.large_binary()),
        "after": pa.array(["x"] * len(shapes), pa.string()),
    }
    return pa.table(columns)


def texts(*values: str | None) -> pa.Table:
    return pa.table({"name": pa.array(values, pa.string()), "number": pa.array(range(len(values)), pa.int64())})


@pytest.mark.parametrize(
    ("words", "text"),
    [(["甲", "乙"], "甲; 乙"), (["甲"], "甲"), ([], ""), (None, None), (["a; b", "c"], "a; b; c")],
)
def test_lists_become_texts(words: list[str] | None, text: str | None) -> None:
    rows: list[dict[str, Any]] = [{"id": "1", "rules": words, "area": 2.5}]
    schema = pa.schema([("id", pa.string()), ("rules", pa.list_(pa.string())), ("area", pa.float64())])
    found = without_lists(pa.Table.from_pylist(rows, schema=schema))
    assert found.to_pylist() == [{"id": "1", "rules": text, "area": 2.5}]
    assert found.schema.names == ["id", "rules", "area"]
    assert pa.types.is_string(found.schema.field("rules").type)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(sign: str) -> None:
    found = without_formulas(texts(f"{sign}1+1"))
    assert found["name"].to_pylist() == [f"'{sign}1+1"]


@pytest.mark.parametrize("text", ["", "地块", "a=1", "1-2", "'=1", " =1", "＝1", None])
def test_what_is_no_formula_stays_as_it_is(text: str | None) -> None:
    assert without_formulas(texts(text))["name"].to_pylist() == [text]


def test_every_column_of_texts_is_looked_at_and_no_other() -> None:
    table = pa.table({"a": ["=1", "x"], "b": [-1, -2], "c": ["y", "@z"], "d": [-1.5, None]})
    assert without_formulas(table).to_pydict() == {
        "a": ["'=1", "x"],
        "b": [-1, -2],
        "c": ["y", "'@z"],
        "d": [-1.5, None],
    }
    assert table["a"].to_pylist() == ["=1", "x"]


def test_an_empty_table_stays_a_table() -> None:
    assert without_formulas(texts()).schema == texts().schema
    assert without_lists(texts()).num_rows == 0


def test_the_geometry_is_left_out_or_written_to_a_centimetre() -> None:
    shape = shapely.Point(112.123456789, 35.00000004)
    table = shapes_table(shape, None)
    assert without_geometry(table, wkt=False).schema.names == ["number", "after"]
    told = without_geometry(table, wkt=True)
    assert told.schema.names == ["number", GEOMETRY, "after"]
    assert told[GEOMETRY].to_pylist() == ["POINT (112.1234568 35)", None]


@pytest.mark.parametrize(
    ("shapes", "areas"),
    [
        ([], True),
        ([BOX], True),
        ([BOX, TWO, None], True),
        ([None], True),
        ([BOX, LINE], False),
        ([LINE], False),
        ([shapely.Point(0, 0)], False),
        ([shapely.GeometryCollection([BOX])], False),
    ],
)
def test_whether_all_are_polygons(shapes: list[BaseGeometry | None], areas: bool) -> None:
    assert are_areas([shapes_table(*shapes)]) is areas
    assert are_areas([shapes_table(BOX), shapes_table(*shapes)]) is areas


def test_no_table_at_all_holds_no_line() -> None:
    assert are_areas([])


def test_every_polygon_becomes_a_multipolygon() -> None:
    table = shapes_table(BOX, TWO, None, LINE)
    found = with_multipolygons(table)
    shapes = [None if blob is None else shapely.from_wkb(blob) for blob in found[GEOMETRY].to_pylist()]
    assert shapes == [shapely.MultiPolygon([BOX]), TWO, None, LINE]
    assert found.schema == table.schema
    assert found["number"].to_pylist() == [1, 2, 3, 4]
    assert shapely.from_wkb(table[GEOMETRY][0].as_py()) == BOX


def test_bytes_of_multipolygons_do_not_depend_on_the_machine() -> None:
    (blob,) = with_multipolygons(shapes_table(BOX))[GEOMETRY].to_pylist()
    assert blob[0] == 1
