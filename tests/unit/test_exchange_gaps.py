"""Corners of the writers: systems by name, points in a drawing, kinds in a table, names of what is written."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import shapely
from ezdxf.filemanagement import read as read_dxf
from shapely.geometry.base import BaseGeometry

import boundary_writers as bw
from exchange_world import converted, notes, polygon, site
from zoning.errors import ContentError, UsageError
from zoning.exchange.converting import default_name
from zoning.exchange.coordinate_txt import write_coordinate_txt
from zoning.exchange.parcel import Parcel
from zoning.exchange.target import Encoding, Target
from zoning.exchange.unpacking import parts_of, unpacked
from zoning.exchange.vertex_table import write_vertex_table
from zoning.exchange.wkt import write_wkt
from zoning.exchange.writers import Order, write

DAY = date(2026, 3, 9)
CUSTOM = "+proj=tmerc +lat_0=0 +lon_0=112 +x_0=500000 +ellps=GRS80 +units=m +no_defs"


def order(geometry: BaseGeometry, crs: str, **attributes: str) -> Order:
    return Order([Parcel("DK01", "一号", geometry, None, attributes)], crs, DAY, Encoding.utf8, "红线")


def table(made: bytes) -> list[list[str]]:
    return [line.split(",") for line in made.decode("utf-8-sig").splitlines()]


# --- which system a table of vertices names -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crs", "named"),
    [
        ("EPSG:4490", "CGCS2000"),
        ("EPSG:4513", "CGCS2000 3度带 第25带"),
        ("EPSG:4533", "CGCS2000 3度带 第45带"),
        ("EPSG:4534", "CGCS2000 / 3-degree Gauss-Kruger CM 75E（EPSG:4534）"),
        ("EPSG:4326", "WGS 84（EPSG:4326）"),
        ("EPSG:32649", "WGS 84 / UTM zone 49N（EPSG:32649）"),
        (CUSTOM, "unknown"),
    ],
)
def test_the_system_stands_in_every_row_as_offices_write_it(crs: str, named: str) -> None:
    made = write_vertex_table(order(shapely.LineString([(1, 2), (3, 4)]), crs))
    assert [row[-1] for row in table(made.content)] == ["坐标系", named, named]


@pytest.mark.parametrize(
    ("crs", "columns", "first"),
    [
        ("EPSG:4490", ["经度", "纬度"], ["112.123456789", "35.000000000"]),
        ("EPSG:4525", ["X（北）", "Y（东）"], ["35.000", "112.123"]),
    ],
)
def test_degrees_go_east_before_north_and_metres_north_before_east(
    crs: str, columns: list[str], first: list[str]
) -> None:
    head, row = table(write_vertex_table(order(shapely.Point(112.1234567891, 35), crs)).content)
    assert head[5:7] == columns
    assert row[5:7] == first


def test_a_line_is_not_closed_with_the_name_of_its_first_point() -> None:
    made = write_vertex_table(order(shapely.LineString([(0, 0), (1, 0), (0, 0.5)]), "EPSG:4490"))
    assert [row[2:5] for row in table(made.content)[1:]] == [["线", "1", "J1"], ["线", "1", "J2"], ["线", "1", "J3"]]


@pytest.mark.parametrize(
    ("attributes", "said"), [({}, 0), ({"地块编号": "旧"}, 0), ({"地块名称": "旧"}, 0), ({"备注": ""}, 1)]
)
def test_attributes_that_have_no_column_are_said(attributes: dict[str, str], said: int) -> None:
    made = write_vertex_table(order(shapely.Point(1, 2), "EPSG:4490", **attributes))
    assert [note.zh for note in made.notes] == ["坐标表不带其他属性，未写出"] * said


# --- coordinate TXT -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["TFH", "tfh", " Tfh ", "图幅号"])
def test_an_attribute_that_the_parcel_line_carries_is_not_said_to_be_lost(name: str) -> None:
    made = write_coordinate_txt(order(shapely.Point(37_500_000, 3_900_000), "EPSG:4525", **{name: "J49"}))
    assert "1,,DK01,一号,点,J49,,,@" in made.content.decode("utf-8").splitlines()
    assert made.notes == ()


def test_of_many_attributes_without_a_place_five_are_named_and_all_are_counted() -> None:
    lost = {f"字段{number}": "1" for number in range(6)} | {"空": ""}
    (note,) = write_coordinate_txt(order(shapely.Point(37_500_000, 3_900_000), "EPSG:4525", **lost)).notes
    assert note.zh.endswith("未写出：字段0、字段1、字段2、字段3、字段4等（共 6 项）")
    assert note.en.endswith("字段0, 字段1, 字段2, 字段3, 字段4 and others (6 in all)")


@pytest.mark.parametrize(("area_m2", "written"), [(999.99, "0.099999"), (1000.0, "0.1000"), (66_666.7, "6.6667")])
def test_below_a_thousand_square_metres_an_area_has_six_decimals(area_m2: float, written: str) -> None:
    parcel = Parcel("1", "甲", shapely.box(37_500_000, 3_900_000, 37_500_010, 3_900_010), area_m2, {})
    made = write_coordinate_txt(Order([parcel], "EPSG:4525", DAY, Encoding.utf8, "红线"))
    assert f"5,{written},1,甲,面,,,,@" in made.content.decode("utf-8").splitlines()


# --- drawings and tables --------------------------------------------------------------------------------------------


def test_points_are_points_of_a_drawing() -> None:
    made = converted(
        site(shapely.MultiPoint([(37_620_000, 3_920_000), (37_620_050, 3_920_000)]), width_m=4.0), Target.dxf
    )
    space = read_dxf(io.StringIO(made.content.decode("utf-8"))).modelspace()
    points = [(point.dxf.location.x, point.dxf.location.y, point.dxf.layer) for point in space.query("POINT")]
    assert points == [(37_620_000, 3_920_000, "范围线"), (37_620_050, 3_920_000, "范围线")]
    assert len(space.query("LWPOLYLINE")) == 0


def test_a_line_of_a_drawing_stays_open() -> None:
    line = shapely.LineString([(37_620_000, 3_920_000), (37_620_050, 3_920_000), (37_620_050, 3_920_070)])
    space = read_dxf(io.StringIO(converted(site(line, width_m=4.0), Target.dxf).content.decode("utf-8"))).modelspace()
    (drawn,) = list(space.query("LWPOLYLINE"))
    assert (drawn.closed, len(list(drawn.get_points()))) == (False, 3)


@pytest.mark.parametrize(
    ("side", "height"), [(5.0, 0.5), (10.0, 0.5), (100.0, 5.0)], ids=["small", "at the smallest", "large"]
)
def test_a_label_is_a_twentieth_of_the_shorter_side_and_never_too_small(side: float, height: float) -> None:
    box = shapely.box(37_620_000, 3_920_000, 37_620_000 + side, 3_920_000 + 3 * side)
    drawing = read_dxf(io.StringIO(converted(site(box), Target.dxf).content.decode("utf-8")))
    (label,) = list(drawing.modelspace().query("TEXT"))
    assert label.dxf.height == pytest.approx(height)


@pytest.mark.parametrize("target", [Target.gpkg, Target.shp])
def test_one_point_beside_several_goes_as_several(tmp_path: Path, target: Target) -> None:
    """Rows of a table of several points all hold several."""
    import fiona

    one, two = (
        shapely.Point(37_620_000, 3_920_000),
        shapely.MultiPoint([(37_620_000, 3_920_000), (37_620_050, 3_920_000)]),
    )
    path = tmp_path / f"点{target.suffix}"
    path.write_bytes(converted([site(one, width_m=1.0), site(two, width_m=1.0)], target).content)
    with fiona.open(f"zip://{path}" if target is Target.shp else path) as source:
        assert {record["geometry"]["type"] for record in source} == {"MultiPoint"}


def test_mixed_kinds_of_a_shapefile_are_refused_in_both_languages() -> None:
    line = site(shapely.LineString([(37_620_000, 3_920_000), (37_620_100, 3_920_000)]), width_m=5.0)
    with pytest.raises(ContentError) as caught:
        converted([site(polygon(bw.SQUARE)), line], Target.shp)
    assert "面" in caught.value.get("zh")
    assert "线" in caught.value.get("zh")
    assert "polygon, line" in caught.value.get("en")


# --- what cannot go together ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", [Target.geojson, Target.gpkg, Target.kml, Target.wkt, Target.dxf])
@pytest.mark.parametrize("encoding", list(Encoding))
def test_only_three_formats_leave_a_choice_of_characters(target: Target, encoding: Encoding) -> None:
    with pytest.raises(UsageError) as caught:
        write([], "EPSG:4490", target, encoding=encoding, on=DAY, stem="a")
    assert caught.value.get("zh") == (f"--encoding-out：{target} 的编码由格式规定，只有 txt、shp、csv 可以选择")


def test_wkt_needs_a_number() -> None:
    with pytest.raises(ContentError) as caught:
        write_wkt(order(shapely.Point(1, 2), CUSTOM))
    assert caught.value.get("zh") == "WKT 只能用 EPSG 代码说明坐标系，此坐标系没有代码；请换用 gpkg"


def test_wkt_has_one_line_for_each_geometry_and_says_what_it_leaves_out() -> None:
    made = write_wkt(order(shapely.Point(112.12345678912, 35.5), "EPSG:4490", 备注="x"))
    assert made.content == b"SRID=4490;POINT (112.123456789 35.5)\n"
    assert [note.zh for note in made.notes] == ["WKT 只有图形：地块的编号、名称和属性未写出"]


@pytest.mark.parametrize(
    ("name", "target", "expected"),
    [
        ("红线.shp", Target.txt, "红线.txt"),
        ("a.b.geojson", Target.gpkg, "a.b.gpkg"),
        ("红线.zip", Target.shp, "红线.zip"),
        ("矿区/.kml", Target.csv, ".kml.csv"),
        ("无后缀", Target.dxf, "无后缀.dxf"),
    ],
)
def test_what_is_written_is_called_like_what_was_read(name: str, target: Target, expected: str) -> None:
    assert default_name(Path(name), target) == expected


@pytest.mark.parametrize(
    ("geometry", "zh"),
    [
        (shapely.Point(37_620_000, 3_920_000), "是点，文件里不带直径 2.5 米；读取时须再用 --width 2.5"),
        (
            shapely.LineString([(37_620_000, 3_920_000), (37_620_100, 3_920_000)]),
            "是线，文件里不带宽度 2.5 米；读取时须再用 --width 2.5",
        ),
    ],
    ids=["point", "line"],
)
def test_a_width_that_no_file_holds_is_said(geometry: BaseGeometry, zh: str) -> None:
    assert f"地块“一号地块”{zh}" in notes(converted(site(geometry, width_m=2.5), Target.gpkg))


# --- a shapefile as files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.shp", "a.SHP", "甲.b.shp"])
def test_the_shp_comes_last_under_its_own_name(name: str) -> None:
    stem = name[: -len(".shp")]
    assert [part.name for part in parts_of(Path(name))] == [
        *(f"{stem}{end}" for end in (".cpg", ".dbf", ".prj", ".shx")),
        name,
    ]


def packed(*suffixes: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for suffix in suffixes:
            written.writestr(f"红线{suffix}", suffix.encode())
    return archive.getvalue()


def test_members_are_named_after_the_file_that_was_asked_for() -> None:
    found = list(unpacked(Path("out/甲.SHP"), packed(".shp", ".dbf", ".cpg", ".prj", ".shx")))
    assert [(path.as_posix(), content) for path, content in found] == [
        ("out/甲.cpg", b".cpg"),
        ("out/甲.dbf", b".dbf"),
        ("out/甲.prj", b".prj"),
        ("out/甲.shx", b".shx"),
        ("out/甲.SHP", b".shp"),
    ]


def test_a_member_that_is_not_there_is_left_out() -> None:
    assert [path.name for path, _ in unpacked(Path("a.shp"), packed(".shp", ".shx", ".dbf"))] == [
        "a.dbf",
        "a.shx",
        "a.shp",
    ]
