"""The coordinate TXT that is written: byte for byte, in the right zone, with everything said that it cannot hold."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

import boundary_writers as bw
from exchange_world import ON, converted, notes, polygon, site
from zoning.errors import ContentError, CRSError, SiteError, UsageError
from zoning.exchange.target import Encoding, Target
from zoning.exchange.zone_choice import zone_at
from zoning.sites import read_sites

SPECIFIED = """\
[属性描述]
格式版本号=1.01版本
数据产生单位=
数据产生日期=2026-3-9
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=37
精度=0.001
转换参数=,,,,,,
[地块坐标]
10,0.9995,DK01,一号地块,面,J49,工业用地,0601,@
J1,1,3920000.000,37620000.000
J2,1,3920000.000,37620100.000
J3,1,3920100.000,37620100.000
J4,1,3920100.000,37620000.000
J1,1,3920000.000,37620000.000
J5,2,3920010.000,37620010.000
J6,2,3920012.000,37620010.000
J7,2,3920012.000,37620011.500
J8,2,3920010.000,37620011.500
J5,2,3920010.000,37620010.000
"""
BOX = [(37_620_000, 3_920_000), (37_620_100, 3_920_000), (37_620_100, 3_920_100), (37_620_000, 3_920_100)]
HOLE = [(37_620_010, 3_920_010), (37_620_010, 3_920_012), (37_620_011.5, 3_920_012), (37_620_011.5, 3_920_010)]


def text(made: object) -> str:
    content: bytes = made.content  # type: ignore[attr-defined]  # what was converted
    return content.decode("gb18030").replace("\r\n", "\n")


def rows(made: object) -> list[list[str]]:
    """Return the point rows."""
    return [line.split(",") for line in text(made).splitlines() if line.startswith("J")]


def parcel_line(made: object) -> str:
    return next(line for line in text(made).splitlines() if line.endswith("@"))


def test_specified_form_byte_for_byte() -> None:
    # 10,000 m² - 3 m² in the plane are 9,997; at 620 km, 1 + (120/6371)²/2·2 larger than on the ellipsoid: 9,993.5 m².
    made = converted(site(shapely.Polygon(BOX, [HOLE])))
    assert text(made) == SPECIFIED.replace("0.9995", parcel_line(made).split(",")[1])
    assert float(parcel_line(made).split(",")[1]) == pytest.approx(0.9997 / (1 + (120 / 6371) ** 2), abs=1e-4)
    assert made.content.startswith("[属性描述]\r\n".encode("gb18030"))
    assert notes(made) == ["坐标 TXT 的地块行容纳不下这些属性，未写出：备注（共 1 项）"]


def test_area_is_that_of_the_ellipsoid() -> None:
    ring = bw.shifted(bw.SQUARE, 0.15)
    area, _ = Geod(ellps="GRS80").polygon_area_perimeter([x for x, _ in ring], [y for _, y in ring])
    made = converted(site(polygon(ring), attributes={}))
    assert float(parcel_line(made).split(",")[1]) == pytest.approx(abs(area) / 10_000, abs=0.00011)


def test_small_areas_have_more_decimals() -> None:
    made = converted(site(shapely.box(37_620_000, 3_920_000, 37_620_005, 3_920_010)))
    assert float(parcel_line(made).split(",")[1]) == pytest.approx(0.005, abs=3e-6)


def test_utf_8_when_it_is_wanted() -> None:
    made = converted(site(polygon(bw.SQUARE), name="㎡喆"), encoding=Encoding.utf8)
    assert "㎡喆" in made.content.decode("utf-8")
    assert made.content[:3] != b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("east", "zone"), [(0.0, 37), (0.17, 37), (0.3, 38), (-2.7, 37), (-2.82, 36)], ids=lambda value: f"{value}"
)
def test_zone_of_the_footprint(east: float, zone: int) -> None:
    """SQUARE lies at 112.30 to 112.31; the borders are at 109.5 and 112.5."""
    made = converted(site(polygon(bw.shifted(bw.SQUARE, east), code="EPSG:4490"), "EPSG:4490"))
    assert f"带号={zone}\n" in text(made)
    assert {row[3][:2] for row in rows(made)} == {str(zone)}


def test_the_larger_part_decides_between_two_zones() -> None:
    # 112.496 to 112.506: four tenths of 100.7808 ha (between parallels) in the west, six tenths in the east.
    made = converted(site(polygon(bw.shifted(bw.SQUARE, 0.196), code="EPSG:4490"), "EPSG:4490", attributes={}))
    assert "带号=38\n" in text(made)
    assert notes(made)[0] == (
        "地块跨 3 度带分界（第 37 带 40.3123 公顷（604.69 亩）、第 38 带 60.4685 公顷（907.03 亩）），"
        "整个文件按面积较大的第 38 带写出；需要另一带时用 --zone"
    )


def test_the_user_chooses_the_zone() -> None:
    made = converted(site(polygon(bw.SQUARE), attributes={}), zone=38)
    points = bw.plane("EPSG:4526", bw.SQUARE)
    for row, (x, y) in zip(rows(made), points, strict=True):
        assert (float(row[2]), float(row[3])) == pytest.approx((y, x), abs=0.00051)
    assert notes(made) == []


def test_zones_that_cannot_be_meant() -> None:
    one = site(polygon(bw.SQUARE))
    with pytest.raises(UsageError, match="no 3° zone"):
        converted(one, zone=19)
    with pytest.raises(UsageError, match="too far away"):
        converted(one, zone=40)
    with pytest.raises(UsageError, match="either --zone or --to-crs"):
        converted(one, zone=37, crs="EPSG:4525")
    with pytest.raises(UsageError, match="EPSG:4513 to 4533"):
        converted(one, crs="EPSG:4546")
    with pytest.raises(CRSError):
        converted(one, crs="EPSG:2361")
    abroad = site(shapely.box(8.0, 47.0, 8.01, 47.01), "EPSG:4490")
    with pytest.raises(UsageError, match="none of the 3° zones"):
        converted(abroad)


def test_zone_borders() -> None:
    assert [zone_at(longitude) for longitude in (73.5, 109.4999, 109.5, 134.9)] == [25, 36, 37, 45]


def test_parts_begin_with_ring_1_and_points_go_on() -> None:
    far = shapely.affinity.translate(shapely.Polygon(BOX, [HOLE]), 200, 0)
    made = converted(site(shapely.MultiPolygon([shapely.Polygon(BOX), far]), attributes={}))
    assert [(row[0], row[1]) for row in rows(made)] == [
        *(("J1", "1"), ("J2", "1"), ("J3", "1"), ("J4", "1"), ("J1", "1")),
        *(("J5", "1"), ("J6", "1"), ("J7", "1"), ("J8", "1"), ("J5", "1")),
        *(("J9", "2"), ("J10", "2"), ("J11", "2"), ("J12", "2"), ("J9", "2")),
    ]
    assert notes(made) == ["地块“一号地块”由 2 个部分组成，写在同一地块行下，每部分的圈号从 1 起"]


def test_a_crossing_border_is_written_as_repaired(tmp_path: Path) -> None:
    bow = shapely.Polygon([BOX[0], BOX[2], BOX[1], BOX[3]])
    made = converted(site(bow, attributes={}))
    # Two triangles of 2,500 m² that meet in the middle.
    assert "边界自相交，已在交点处断开，各部分均保留（1 处，面积变化 +" in notes(made)[0]
    path = tmp_path / "a.txt"
    path.write_bytes(made.content)
    (again,) = read_sites(path, expected=bw.EXPECTED)
    assert again.geometry.is_valid
    assert again.geometry.area == pytest.approx(5_000, abs=0.2)


def test_lines_and_points() -> None:
    line = shapely.MultiLineString([BOX[:3], [(x + 500, y) for x, y in BOX[:2]]])
    made = converted(site(line, width_m=20.0, attributes={}))
    assert parcel_line(made) == "5,,DK01,一号地块,线,,,,@"
    assert [row[:2] for row in rows(made)] == [["J1", "1"], ["J2", "1"], ["J3", "1"], ["J4", "2"], ["J5", "2"]]
    assert notes(made) == ["地块“一号地块”是线，文件里不带宽度 20 米；读取时须再用 --width 20"]
    made = converted(site(shapely.MultiPoint(BOX), width_m=4.0, attributes={}))
    assert parcel_line(made) == "4,,DK01,一号地块,点,,,,@"
    assert [row[:2] for row in rows(made)] == [["J1", "1"], ["J2", "1"], ["J3", "1"], ["J4", "1"]]


def test_signs_that_would_break_the_line() -> None:
    made = converted(site(polygon(bw.SQUARE), name="甲,乙@丙\n丁", attributes={}))
    assert parcel_line(made).split(",")[3] == "甲，乙＠丙 丁"
    assert notes(made) == ["地块“甲,乙@丙\n丁”的编号、名称或所带属性含半角逗号或 @，已改为全角"]


def test_a_changed_attribute_is_told_as_well() -> None:
    made = converted(site(polygon(bw.SQUARE), attributes={"dkyt": "工业,仓储", "面积": "1,200"}))
    assert parcel_line(made).split(",")[6] == "工业，仓储"
    assert notes(made)[0] == "地块“一号地块”的编号、名称或所带属性含半角逗号或 @，已改为全角"
    # What is not carried has no line to break.
    made = converted(site(polygon(bw.SQUARE), attributes={"备注": "1,200"}))
    assert not any("半角逗号" in note for note in notes(made))


def test_long_edges_stay_in_place() -> None:
    """An edge of 20 km that is straight in degrees bends by metres in the plane."""
    west, south, east, north = 112.2, 35.3, 112.42, 35.31
    made = converted(site(shapely.box(west, south, east, north), "EPSG:4490", attributes={}))
    points = np.array([(float(row[3]), float(row[2])) for row in rows(made)])
    written = shapely.LinearRing(points)
    forth = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True)
    true = [forth.transform(west + (east - west) * i / 500, lat) for lat in (south, north) for i in range(501)]
    assert max(written.distance(shapely.Point(xy)) for xy in true) < 0.011
    corners = [forth.transform(x, y) for x, y in itertools.product((west, east), (south, north))]
    assert max(min(np.hypot(*(points - xy).T)) for xy in corners) < 0.001
    said = "地块“一号地块”有长边：换算到 EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）后会弯曲 1 厘米以上，"
    assert notes(made) == [f"{said}已在边上加 {len(points) - 5} 个点保持原位"]


def test_short_edges_get_no_points() -> None:
    made = converted(site(polygon(bw.HOLE, code="EPSG:4490"), "EPSG:4490"))
    assert len(rows(made)) == 5


def test_corners_nearer_than_a_millimetre(tmp_path: Path) -> None:
    """Two corners change sides when they are rounded; what is written is valid all the same."""
    notch = [(37_620_050.0004, 3_920_100), (37_620_050.0003, 3_920_020), (37_620_050.00035, 3_920_100)]
    made = converted(site(shapely.Polygon([*BOX[:3], *notch, BOX[3]]), attributes={}))
    path = tmp_path / "a.txt"
    path.write_bytes(made.content)
    (again,) = read_sites(path, expected=bw.EXPECTED)
    assert again.geometry.is_valid
    assert again.geometry.area == pytest.approx(10_000, abs=0.1)


def test_what_cannot_be_written() -> None:
    with pytest.raises(ContentError, match="narrower than the last decimal"):
        converted(site(shapely.box(37_620_000, 3_920_000, 37_620_100, 3_920_000.0002)))
    with pytest.raises(SiteError, match="no area"):
        converted(site(shapely.Polygon([BOX[0], BOX[1], BOX[0]])))


def test_the_day_comes_from_outside() -> None:
    assert f"数据产生日期={ON.year}-{ON.month}-{ON.day}\n" in text(converted(site(polygon(bw.SQUARE)), Target.txt))
