"""A value that is no text in the encoding of its file is found again: which field, and which record."""

from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely

from geopackage_edits import changed_geopackage
from zoning.layers.undecodable import undecodable_value

BAD = "阳城".encode("gb18030")
CHANGES = {
    "name": "UPDATE z SET name = CAST(? AS TEXT) WHERE fid = ?",
    "class": "UPDATE z SET class = CAST(? AS TEXT) WHERE fid = ?",
}


def zones(folder: Path, count: int, *bad: tuple[int, str]) -> Path:
    """Write a GeoPackage with two fields of text, some of whose values are no UTF-8."""
    path = folder / "区.gpkg"
    texts = np.asarray([f"值{number}" for number in range(count)], dtype=object)
    points = shapely.to_wkb(np.asarray([shapely.Point(112, 35)] * count, dtype=object))
    pyogrio.raw.write(
        path,
        points,
        [texts, texts],
        ["name", "class"],
        geometry_type="Point",
        crs="EPSG:4490",
        driver="GPKG",
        layer="z",
    )
    return changed_geopackage(path, *((CHANGES[field], (BAD, record)) for record, field in bad))


@pytest.mark.parametrize(("count", "record"), [(1, 1), (2, 1), (2, 2), (3, 2), (8, 1), (8, 5), (8, 8), (9, 9)])
def test_the_record_is_named(tmp_path: Path, count: int, record: int) -> None:
    told = undecodable_value(zones(tmp_path, count, (record, "class")), "z", ("name", "class"), None, count)
    assert told.zh.startswith(f"区.gpkg：第 {record} 条记录的字段 class 不是 UTF-8 文字")
    assert told.en.startswith(f"区.gpkg: field class of record {record} is no UTF-8 text")


def test_the_first_of_several_records_is_named(tmp_path: Path) -> None:
    path = zones(tmp_path, 9, (8, "name"), (3, "name"), (5, "name"))
    assert "field name of record 3 " in undecodable_value(path, "z", ("name",), None, 9).en


@pytest.mark.parametrize(("fields", "named"), [(("name", "class"), "name"), (("class", "name"), "class")])
def test_the_first_field_as_it_was_asked_for_is_named(tmp_path: Path, fields: tuple[str, ...], named: str) -> None:
    path = zones(tmp_path, 4, (2, "class"), (4, "name"))
    assert f"field {named} of record " in undecodable_value(path, "z", fields, None, 4).en


def test_where_every_value_is_text_the_names_are_to_blame(tmp_path: Path) -> None:
    told = undecodable_value(zones(tmp_path, 3), "z", ("name", "class"), None, 3)
    assert told.zh == "区.gpkg：字段名或属性不是文字（编码有误）；请重新导出"
    assert told.en == "区.gpkg: names of fields or attributes are no text (wrong encoding); export the file again"


def test_a_field_that_was_not_asked_for_is_not_looked_at(tmp_path: Path) -> None:
    assert "names of fields" in undecodable_value(zones(tmp_path, 3, (2, "class")), "z", ("name",), None, 3).en
