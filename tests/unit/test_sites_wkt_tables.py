"""Tables with a geometry (WKT) in a row: every row is a footprint of its own or says why it is none."""

import csv
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from wkt_tables import EAST, HOLED, THREE, WEST, check_three, errors, refusal, rows_of, sites, table, written
from zoning.errors import CRSError, SiteError
from zoning.sites import Limits, Site
from zoning.sites.formats.kinds import Kind
from zoning.sites.formats.recognise import recognise


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_every_row_is_a_site_in_every_encoding(tmp_path: Path, codec: str, sign: str) -> None:
    path = written(tmp_path / "a.csv", table(THREE, sign), codec)
    assert recognise(path, Limits()) is Kind.WKT_TABLE
    check_three(path)


@pytest.mark.parametrize(
    "heading", ["WKT", "wkt", "Geometry", "geom", "the_geom", "几何", "图形", "范围WKT", "红线", "第三列"]
)
@pytest.mark.parametrize("first", [False, True])
def test_the_column_is_found_by_what_stands_in_it(tmp_path: Path, heading: str, *, first: bool) -> None:
    rows = [["name", heading], *THREE[1:]]
    if first:
        rows = [row[::-1] for row in rows]
    check_three(written(tmp_path / "a.csv", table(rows)))


def test_a_title_above_the_headings_and_empty_rows_are_no_sites(tmp_path: Path) -> None:
    rows = [["2026 年项目"], [], THREE[0], THREE[1], ["", ""], [], *THREE[2:], ["", ""], []]
    check_three(written(tmp_path / "a.csv", table(rows)))


def test_no_headings(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", table(THREE[1:]))
    assert [site.name for site in sites(path)] == ["a 1", "a 2", "a 3"]
    assert [site.geometry.equals(shape) for site, shape in zip(sites(path), (EAST, WEST, HOLED), strict=True)] == [
        True,
        True,
        True,
    ]


def test_no_headings_and_a_first_row_without_a_geometry(tmp_path: Path) -> None:
    found = rows_of(written(tmp_path / "a.csv", table([["空", ""], *THREE[1:]])))
    assert [row.site is None for row in found] == [True, False, False, False]
    assert errors(found)[0] == f"a.csv:1: {BAD[''].replace('wkt', '2')}"


def test_rows_above_headings_that_nothing_tells_from_rows_are_not_passed_over(tmp_path: Path) -> None:
    rows = [["甲", ""], ["乙", "暂无", "备注"], ["丙", EAST.wkt]]
    for above in ([], [["名称", "红线"]], [["项目表"]], [["项目表"], ["名称", "红线"]]):
        found = rows_of(written(tmp_path / "a.csv", table([*above, *rows])))
        assert [row.site is not None for row in found[-3:]] == [False, False, True]


@pytest.mark.parametrize("order", [["name", "wkt", "备注"], ["wkt", "name", "备注"], ["name", "备注", "wkt"]])
def test_commas_without_quotes_do_not_cut_a_geometry(tmp_path: Path, order: list[str]) -> None:
    lines = [",".join(order)]
    for name, wkt in THREE[1:]:
        lines.append(",".join({"name": name, "wkt": wkt, "备注": "无"}[one] for one in order))
    path = written(tmp_path / "a.csv", "\n".join(lines))
    check_three(path)
    assert [site.attributes["备注"] for site in sites(path)] == ["无"] * 3


def test_one_column(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", table([row[1:] for row in THREE]))
    assert [site.geometry.equals(shape) for site, shape in zip(sites(path), (EAST, WEST, HOLED), strict=True)] == [
        True,
        True,
        True,
    ]


def test_attributes_ids_and_names(tmp_path: Path) -> None:
    rows = [["地块编号", "项目名称", "geometry", "备注"], ["A-1", "东", EAST.wkt, "甲,乙\n丙"], ["", "", WEST.wkt, ""]]
    east, west = sites(written(tmp_path / "项目.csv", table(rows)))
    assert (east.id, east.name, east.attributes) == (
        "A-1",
        "东",
        {"地块编号": "A-1", "项目名称": "东", "备注": "甲,乙\n丙"},
    )
    assert (west.id, west.name, west.attributes) == ("2", "项目 2", {})


@pytest.mark.parametrize(
    "wkt",
    [
        "POLYGON Z ((112.3 35.4 800, 112.31 35.4 801, 112.31 35.41 802, 112.3 35.4 800))",
        "POLYGONZ((112.3 35.4 800,112.31 35.4 801,112.31 35.41 802,112.3 35.4 800))",
        "polygon zm ((112.3 35.4 800 1, 112.31 35.4 801 1, 112.31 35.41 802 1, 112.3 35.4 800 1))",
        "MULTIPOLYGON Z (((112.3 35.4 8, 112.31 35.4 8, 112.31 35.41 8, 112.3 35.4 8)))",
        "POLYGON ((112.3 35.4,\n 112.31 35.4,\n 112.31 35.41,\n 112.3 35.4))",
    ],
)
def test_three_dimensions_and_lines_in_a_cell(tmp_path: Path, wkt: str) -> None:
    found = sites(written(tmp_path / "a.csv", table([["name", "wkt"], ["东", wkt], ["西", WEST.wkt]])))
    assert [site.name for site in found] == ["东", "西"]
    assert found[0].geometry.equals(shapely.Polygon([(112.3, 35.4), (112.31, 35.4), (112.31, 35.41)]))
    assert not found[0].geometry.has_z


BAD = {
    "": "the column “wkt” is empty, this row holds no geometry; add it, or remove the row",
    "  ": "the column “wkt” is empty, this row holds no geometry; add it, or remove the row",
    "无": "“无” in the column “wkt” is no WKT such as POLYGON ((112.1 35.1, …)); correct it, or remove the row",
    "NULL": "“NULL” in the column “wkt” is no WKT such as POLYGON ((112.1 35.1, …)); correct it, or remove the row",
    "POLYGON ((112.3 35.4, 112.31 35.4": "the WKT is wrong or cut off near “112.3 35.4, 112.31 3”; export it again",
    f"{EAST.wkt};{WEST.wkt}": (
        "“POLYGON ((112.291001” follows behind the geometry; a cell holds one geometry (write several parts as "
        "MULTIPOLYGON)"
    ),
    "CIRCULARSTRING (1 2, 3 4, 5 6)": ("the geometry type CIRCULARSTRING is not read (convert curves to lines first)"),
}


@pytest.mark.parametrize("cell", BAD)
def test_a_row_without_a_geometry_is_an_error_that_names_it(tmp_path: Path, cell: str) -> None:
    path = written(tmp_path / "a.csv", table([*THREE[:2], ["坏", cell], *THREE[2:]]))
    assert refusal(path).text.en == f"a.csv:3: {BAD[cell]}"
    found = rows_of(path)
    assert [row.name for row in found] == ["东区", "坏", "西区", "洞"]
    assert errors(found) == [None, f"a.csv:3: {BAD[cell]}", None, None]
    assert [row.site.id for row in found if row.site] == ["1", "3", "4"]
    assert [row.number for row in rows_of(path, start=1)] == [1, 2, 3]
    assert rows_of(path, start=2, rows=1) == found[2:]


def test_the_sentence_in_chinese(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", table([*THREE, ["坏", ""], ["坏", "?"]]))
    found = rows_of(path)[3:]
    assert [row.error.text.zh for row in found if row.error] == [
        "a.csv:5：“wkt” 列是空的，这一行没有图形；请补全，或删去这一行",
        "a.csv:6：“wkt” 列的 “?” 不是 WKT；应如 POLYGON ((112.1 35.1, …))，请改正，或删去这一行",
    ]


def test_a_short_row_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", table([*THREE, ["短"]]))
    assert errors(rows_of(path))[3] == f"a.csv:5: {BAD['']}"


@pytest.mark.parametrize("heading", ["wkt", "WKT", "geometry", "几何"])
def test_no_row_holds_a_geometry(tmp_path: Path, heading: str) -> None:
    path = written(tmp_path / "a.csv", table([["name", heading], ["东", ""], ["西", ""]]))
    assert refusal(path).text.en == f"a.csv:2: {BAD[''].replace('wkt', heading)}"
    assert [row.site for row in rows_of(path)] == [None, None]


def test_a_quote_that_is_not_closed_swallows_no_row(tmp_path: Path) -> None:
    said = "a quote in this line is not closed and would swallow the lines behind it; close or remove it"
    for line, text in {
        3: f'name,wkt\n东,"{EAST.wkt}"\n西,"{WEST.wkt}\n空,\n',
        2: f'name,wkt\n"东,{EAST.wkt}\n"西,{WEST.wkt}\n',
    }.items():
        path = written(tmp_path / "a.csv", text)
        assert refusal(path).text.en == f"a.csv:{line}: {said}"
        with pytest.raises(SiteError, match=said):
            rows_of(path)


def test_the_coordinate_system(tmp_path: Path) -> None:
    def of(*rows: list[str], head: str = "wkt", **options: Any) -> tuple[Site, ...]:
        return sites(written(tmp_path / "a.csv", table([["name", *head.split()], *rows])), **options)

    assert of(["东", f"SRID=4326;{EAST.wkt}"])[0].crs == "EPSG:4326"
    assert of(["东", EAST.wkt, "4326"], ["西", WEST.wkt, "EPSG:4326"], head="wkt srid")[1].crs == "EPSG:4326"
    assert of(["东", EAST.wkt, "CGCS2000"], ["西", WEST.wkt, "4490"], head="wkt 坐标系")[1].crs == "EPSG:4490"
    for second in (WEST.wkt, f"SRID=4490;{WEST.wkt}"):
        with pytest.raises(CRSError, match=r"a\.csv:3: its system \(SRID\) differs from that of the rows before"):
            of(["东", f"SRID=4326;{EAST.wkt}"], ["西", second])
    with pytest.raises(CRSError, match="1980"):
        of(["东", EAST.wkt, "西安80"], head="wkt 坐标系")
    metres = "POLYGON ((617000 3919000, 617100 3919000, 617100 3919100, 617000 3919000))"
    with pytest.raises(CRSError, match="the table does not state its coordinate system"):
        of(["东", metres])
    assert of(["东", metres], crs="EPSG:4546")[0].crs == "EPSG:4546"


def test_an_old_datum_in_the_title_is_not_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", table([["1980西安坐标系 项目范围"], *THREE]))
    with pytest.raises(CRSError, match="state the system that its headings name with --crs"):
        sites(path)


def test_two_columns_of_geometries(tmp_path: Path) -> None:
    two = [["name", "old", "new"], ["东", EAST.wkt, WEST.wkt]]
    path = written(tmp_path / "a.csv", table(two))
    assert refusal(path).text.en == "a.csv: several columns hold geometries (old, new); keep one"
    centre = [["name", "红线", "centre"], ["东", EAST.wkt, "POINT (112.3 35.4)"]]
    assert sites(written(path, table(centre)))[0].geometry.equals(EAST)
    named = [["name", "wkt", "old"], ["东", EAST.wkt, WEST.wkt]]
    assert refusal(written(path, table(named))).text.en == "a.csv: several columns hold geometries (wkt, old); keep one"


def test_points_in_rows_are_separate_and_want_a_size(tmp_path: Path) -> None:
    rows = [["name", "wkt"], ["井一", "POINT (112.3000012 35.4)"], ["井二", "POINT (112.31 35.4)"]]
    path = written(tmp_path / "a.csv", table(rows))
    assert "a.csv:2" in refusal(path).text.en
    assert [site.name for site in sites(path, radius_m=50)] == ["井一", "井二"]


def test_corners_stay_corners(tmp_path: Path) -> None:
    corners = [["点号", "经度（度）", "纬度（度）", "WKT"]]
    for number, (x, y) in enumerate(EAST.exterior.coords[:-1], 1):
        corners.append([f"J{number}", f"{x:.7f}", f"{y:.7f}", f"POINT ({x:.7f} {y:.7f})"])
    path = written(tmp_path / "a.csv", table(corners))
    assert recognise(path, Limits()) is Kind.POINT_TABLE
    (site,) = sites(path)
    assert site.geometry.equals(EAST)
    assert [row.site for row in rows_of(path)] == [site]


def test_very_long_rows(tmp_path: Path) -> None:
    circle = shapely.Point(112.4, 35.5).buffer(0.01, quad_segs=2_000)
    assert len(circle.wkt) > 200_000
    path = written(tmp_path / "a.csv", table([["wkt", "name"], [circle.wkt, "圆"], [EAST.wkt, "东"]]))
    assert csv.field_size_limit() == 131_072
    found = sites(path)
    assert [site.name for site in found] == ["圆", "东"]
    assert found[0].geometry.area == pytest.approx(circle.area, rel=1e-12)
    assert csv.field_size_limit() == 131_072


def test_geometries_behind_a_long_beginning(tmp_path: Path) -> None:
    rows = [["name", "geometry", "备注"], *(["无", "", "x" * 500] for _ in range(200)), ["东", EAST.wkt, ""]]
    found = rows_of(written(tmp_path / "a.csv", table(rows)))
    assert [row.number for row in found if row.site] == [200]
    assert errors(found)[0] == f"a.csv:2: {BAD[''].replace('wkt', 'geometry')}"
    hidden = [
        ["name", "x", "备注"],
        *(["无", "", "12 " * 200] for _ in range(200)),
        ["东", EAST.wkt, ""],
        ["西", WEST.wkt],
    ]
    found = rows_of(written(tmp_path / "b.csv", table(hidden)))
    assert [row.name for row in found if row.site] == ["东", "西"]
    assert len(found) == 202


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows: list[list[Any]] = [*THREE, ["空", None], [None, None], ["坏", "POLYGON ((1"]]
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx").text.en == f"a.xlsx[Sheet]:5: {BAD['']}"
    found = rows_of(tmp_path / "a.xlsx")
    assert [row.name for row in found] == ["东区", "西区", "洞", "空", "坏"]
    assert errors(found)[3:] == [
        f"a.xlsx[Sheet]:5: {BAD['']}",
        "a.xlsx[Sheet]:7: the WKT is wrong or cut off near “1”; export it again",
    ]
    assert [row.site.geometry.equals(EAST) for row in found[:1] if row.site] == [True]


def test_in_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("项目.csv", table([*THREE, ["空", ""]]))
    found = rows_of(tmp_path / "a.zip")
    assert [row.name for row in found] == ["东区", "西区", "洞", "空"]
    assert errors(found)[3] == f"a.zip/项目.csv:5: {BAD['']}"


def test_limits(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", table(THREE))
    assert refusal(path, limits=Limits(records=2)).text.en.startswith("a.csv: it holds more than the allowed 2 records")
    assert len(rows_of(path, limits=Limits(vertices=8))) == 3  # of one row each, not of all
    assert errors(rows_of(path, limits=Limits(vertices=6)))[2] is not None


@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=6),
            st.one_of(
                st.none(),
                st.tuples(st.integers(1, 40_000), st.integers(1, 20_000), st.integers(1, 99), st.booleans()),
            ),
        ),
        min_size=1,
        max_size=12,
    ),
    sign=st.sampled_from([",", ";", "\t", "|"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_as_many_rows_come_out_as_go_in(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, tuple[int, int, int, bool] | None]],
    sign: str,
    codec: str,
) -> None:
    content: list[list[str]] = [["说明", "wkt"]]
    shapes: list[shapely.Polygon | None] = []
    for said, place in rows:
        shape = None
        if place is not None:
            x, y, size, high = place
            shape = shapely.box(112 + x / 1e5, 35 + y / 1e5, 112 + (x + size) / 1e5, 35 + (y + size) / 1e5)
            shape = shapely.force_3d(shape, 800.0) if high else shape
        shapes.append(shape)
        content.append([f"甲{said}", "" if shape is None else shape.wkt])
    path = written(tmp_path_factory.mktemp("rows") / "a.csv", table(content, sign), codec)
    found = rows_of(path)
    assert len(found) == len(shapes)
    for row, shape in zip(found, shapes, strict=True):
        assert (row.site is None) == (shape is None)
        if row.site is not None and shape is not None:
            assert row.site.geometry.bounds == shape.bounds
            assert row.site.geometry.area == pytest.approx(shapely.area(shape), rel=1e-9)
