"""VCT 3.0: attributes, and what the order of sections and small gaps between lines may do."""

from pathlib import Path

import pytest

from boundary_writers import EXPECTED, SQUARE, plane, shifted, write
from vct_files import (
    Layer,
    attributes,
    codes,
    direct_text,
    head,
    line_text,
    of_objects,
    polygon_text,
    section,
    tables,
    vct,
)
from zoning.sites import read_sites
from zoning.sites.vct.sheet import JOIN_M

SQUARE_37 = [(round(x, 4), round(y, 4)) for x, y in plane("EPSG:4525", SQUARE)]
NEXT_37 = [(round(x, 4), round(y, 4)) for x, y in plane("EPSG:4525", shifted(SQUARE, 0.01))]


def test_attributes_are_joined_by_the_id_of_the_object(tmp_path: Path) -> None:
    rows = ["1002,14042,B2,乙,,2024,20240101,b.bin", "1001,14041,B1,甲,12.50,2025,20250301,a.bin"]
    path = write(tmp_path / "a.vct", vct(Layer([[SQUARE_37], [NEXT_37]], rows=rows)), "gb18030")
    first, second = read_sites(path, expected=EXPECTED)
    assert first.attributes == {
        "BSM": "14041",
        "TBBH": "B1",
        "XMMC": "甲",
        "TBMJ": "12.50",
        "SJNF": "2025",
        "RQ": "20250301",
    }
    assert (first.id, first.name, second.id, second.name) == ("B1", "甲", "B2", "乙")


def test_the_id_of_the_object_may_be_the_first_field(tmp_path: Path) -> None:
    path = write(tmp_path / "a.vct", vct(Layer([[SQUARE_37]], rows=["1001,B1,甲,,,,"])), "gb18030")
    site = read_sites(path, expected=EXPECTED)[0]
    assert site.attributes == {"BSM": "1001", "TBBH": "B1", "XMMC": "甲"}


def test_rows_that_fit_no_object_are_left_out_aloud(tmp_path: Path) -> None:
    text = vct(Layer([[SQUARE_37]], rows=["1001,14041,甲,乙,丙,丁,戊,己,庚", "跨行的备注"]))
    site = read_sites(write(tmp_path / "a.vct", text, "gb18030"), expected=EXPECTED)[0]
    assert site.attributes == {}
    assert (site.id, site.name) == ("1001", "a")
    assert [text.zh for text in site.warnings] == [
        "a.vct:70：属性表中有 1 行不是以标识码开头（此行为首），未取这些属性",
        "a.vct:56：对象 1001 的属性有 8 项，表 XMYD 有 7 个字段，未取属性",
    ]


def test_a_file_without_tables_still_has_ids(tmp_path: Path) -> None:
    path = write(tmp_path / "a.vct", of_objects([], [direct_text(7, [SQUARE_37])]))
    assert read_sites(path, expected=EXPECTED)[0].id == "7"


def test_ends_of_lines_within_a_millimetre_are_one_point(tmp_path: Path) -> None:
    off = [(x + 0.9 * JOIN_M, y) for x, y in SQUARE_37[2:]]
    lines = [line_text(1, SQUARE_37[:3]), line_text(2, off)]
    path = write(tmp_path / "a.vct", of_objects(lines, [polygon_text(7, [1, 2])]))
    assert len(read_sites(path, expected=EXPECTED)[0].geometry.exterior.coords) == len(SQUARE)  # type: ignore[attr-defined]  # a polygon


@pytest.mark.parametrize("order", ["Attribute first", "Polygon before Line"])
def test_sections_may_stand_in_any_order(order: str, tmp_path: Path) -> None:
    layer = Layer([[SQUARE_37]])
    rows = attributes({"XMYD": ["1001,14041,B1,甲,,,,"]})
    lines, polygons = (
        section("Line", line_text(1, SQUARE_37[:3]), line_text(2, SQUARE_37[:1:-1])),
        section("Polygon", polygon_text(1001, [1, -2])),
    )
    parts = [rows, lines, polygons] if order == "Attribute first" else [polygons, lines, rows]
    text = "\n".join([head(), codes(layer), tables("XMYD"), *parts])
    assert read_sites(write(tmp_path / "a.vct", text), expected=EXPECTED)[0].name == "甲"
