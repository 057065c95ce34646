"""What a parcel line states beside the geometry, and the names of entries that move the points."""

from math import cos, radians

import numpy as np
import pytest
from shapely import MultiPolygon, Polygon, box
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from both_languages import both
from zoning.errors import CRSError
from zoning.sites.txt.entries import CANONICAL, DECIDING, ENTRIES, PLACING, check_unread
from zoning.sites.txt.ring_split import Ring
from zoning.sites.txt.sheet import Parcel, Run, Sheet
from zoning.sites.txt.statements import stated_area, stated_points
from zoning.sites.where import Where

HERE = Where("界址点.txt").at_line(13)
HECTARE = box(0, 0, 100, 100)  # 1 ha, 15 mu


def area(text: str, geometry: BaseGeometry = HECTARE, *, degrees: bool = False) -> float | None:
    return stated_area(text, geometry, HERE, degrees=degrees)[0]


def said_of_area(text: str) -> tuple[str, str]:
    stated, (warning,) = stated_area(text, HECTARE, HERE, degrees=False)
    assert stated is None
    return warning.zh, warning.en


# --- Areas ---


@pytest.mark.parametrize(
    ("text", "square_metres"),
    [
        ("1", 10_000.0),
        ("1.0000", 10_000.0),
        ("10000", 10_000.0),
        ("10000.5", 10_000.5),
        ("15", 10_000.0),
        ("15.3", 10_200.0),
        ("0.98", 9_800.0),
        ("12000", 12_000.0),
        ("１．０", 10_000.0),
        (" 1.05 ", 10_500.0),
        ("1.", 10_000.0),
    ],
)
def test_without_a_unit_the_one_nearest_to_the_geometry_counts(text: str, square_metres: float) -> None:
    assert area(f" {text} ".strip()) == pytest.approx(square_metres, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "square_metres"),
    [("3.8", 38_000.0), ("3.9", 2_600.0), ("380", 380 * 10_000 / 15), ("390", 390.0)],
)
def test_the_nearest_unit_is_told_by_the_ratio(text: str, square_metres: float) -> None:
    """3.873 is as far from 1 ha as from 15 mu, 387.3 as far from 15 mu as from 10,000 m²."""
    assert area(text) == pytest.approx(square_metres)


@pytest.mark.parametrize(
    ("text", "square_metres"),
    [
        ("5公顷", 50_000.0),
        ("5 公顷", 50_000.0),
        ("5ha", 50_000.0),
        ("5 HA", 50_000.0),
        ("5hm2", 50_000.0),
        ("5hm²", 50_000.0),
        ("5平方米", 5.0),
        ("5m2", 5.0),
        ("5M²", 5.0),
        ("5㎡", 5.0),
        ("5平米", 5.0),
        ("3亩", 2_000.0),
        ("3 mu", 2_000.0),
        ("３亩", 2_000.0),
    ],
)
def test_a_unit_behind_the_number_decides_however_far_it_is(text: str, square_metres: float) -> None:
    assert area(text) == pytest.approx(square_metres)


@pytest.mark.parametrize("text", ["约1", "1,000", "1.2.3", "-1", "1 km2", "1 尺", "ha", "1e3", "1公顷多一点点", "无"])
def test_what_is_no_area_is_said(text: str) -> None:
    assert said_of_area(text) == (
        f"界址点.txt:13：标注面积 “{text}” 不是数字，未比较",
        f"界址点.txt:13: the stated area “{text}” is no number; not compared",
    )


def test_of_a_long_text_thirty_signs_are_shown() -> None:
    zh, en = said_of_area("甲" * 31)
    assert zh == f"界址点.txt:13：标注面积 “{'甲' * 30}” 不是数字，未比较"
    assert f"“{'甲' * 30}”" in en


@pytest.mark.parametrize("text", ["0", "0.0000", "0亩"])
def test_an_area_of_nothing_is_said(text: str) -> None:
    assert said_of_area(text) == (
        "界址点.txt:13：标注面积为 0，未比较",
        "界址点.txt:13: the stated area is 0; not compared",
    )


@pytest.mark.parametrize("geometry", [Point(0, 0), LineString([(0, 0), (9, 9)])])
@pytest.mark.parametrize("text", ["1", "无", "0"])
def test_lines_and_points_have_no_area_to_compare(geometry: BaseGeometry, text: str) -> None:
    assert stated_area(text, geometry, HERE, degrees=False) == (None, ())


def test_without_a_statement_nothing_is_said() -> None:
    assert stated_area("", HECTARE, HERE, degrees=False) == (None, ())


# 0.001 degrees of latitude are 111 m; along the parallel of 35.4 degrees 0.001 degrees are 91 m.
LITTLE = box(112.3, 35.4, 112.301, 35.401)
ITS_AREA = 111_000 * 0.001 * 111_320 * cos(radians(35.4)) * 0.001


@pytest.mark.parametrize(
    ("text", "square_metres"), [("1", 10_000.0), ("15", 10_000.0), ("10073", 10_073.0), ("1.0073", 10_073.0)]
)
def test_the_area_of_degrees_is_that_of_the_ellipsoid(text: str, square_metres: float) -> None:
    assert pytest.approx(10_073, rel=0.003) == ITS_AREA
    assert area(text, LITTLE, degrees=True) == pytest.approx(square_metres)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_order_of_the_corners_of_degrees_does_not_matter(*, reverse: bool) -> None:
    corners = list(LITTLE.exterior.coords)
    turned = Polygon(corners[::-1] if reverse else corners)
    assert area("1", turned, degrees=True) == 10_000


def test_holes_of_degrees_are_taken_off() -> None:
    """A hundredth is left: 100.73 m², as 100.7 m² and not as 100.7 mu."""
    hole = box(112.300005, 35.400005, 112.300995, 35.400995)
    framed = Polygon(LITTLE.exterior, [hole.exterior])
    assert area("0.3", framed, degrees=True) == pytest.approx(0.3 * 10_000 / 15)
    assert area("0.3", LITTLE, degrees=True) == pytest.approx(3_000)


def test_parts_of_degrees_are_summed() -> None:
    """Two hectares: 7 is nearer to 30 mu than to 2 ha, of one hectare it is nearer to 15 mu as well."""
    two = MultiPolygon([LITTLE, box(112.31, 35.4, 112.311, 35.401)])
    assert area("5.4", two, degrees=True) == pytest.approx(54_000)
    assert area("5.4", LITTLE, degrees=True) == pytest.approx(3_600)


# --- Numbers of points ---


def ring(points: int, *, closed: bool) -> Ring:
    return Ring(1, np.zeros((points, 2)), (14, 13 + points), closed)


SQUARE, OPEN, TRIANGLE = ring(5, closed=True), ring(4, closed=False), ring(4, closed=True)


@pytest.mark.parametrize(
    ("rings", "text", "points"),
    [
        ([SQUARE], "4", 4),
        ([SQUARE], "5", 4),
        ([SQUARE], "6", 6),
        ([SQUARE], "3", 3),
        ([SQUARE], "0", 0),
        ([OPEN], "4", 4),
        ([OPEN], "5", 4),
        ([OPEN], "3", 3),
        ([SQUARE, TRIANGLE], "7", 7),
        ([SQUARE, TRIANGLE], "8", 7),
        ([SQUARE, TRIANGLE], "9", 7),
        ([SQUARE, TRIANGLE], "10", 10),
        ([SQUARE], "０４", 4),
        ([SQUARE], "999999999", 999_999_999),
        ([], "0", 0),
    ],
)
def test_closing_rows_may_be_counted_or_not(rings: list[Ring], text: str, points: int) -> None:
    assert stated_points(text, rings, HERE) == (points, ())


@pytest.mark.parametrize("text", ["", "\u3000"])
def test_no_number_of_points_is_stated(text: str) -> None:
    assert stated_points(text, [SQUARE], HERE) == (None, ())


@pytest.mark.parametrize("text", ["四", "4.0", "-4", "4个", "1234567890", "²"])
def test_what_is_no_number_of_points_is_said(text: str) -> None:
    points, (warning,) = stated_points(text, [SQUARE, TRIANGLE], HERE)
    assert points is None
    assert warning.zh == f"界址点.txt:13：标注界址点数 “{text}” 不是整数，实有 9 行"
    assert warning.en == (f"界址点.txt:13: the stated number of points “{text}” is no whole number; 9 rows follow")


def test_a_long_number_of_points_is_cut_in_the_sentence() -> None:
    _, (warning,) = stated_points("9" * 31, [SQUARE], HERE)
    assert f"“{'9' * 30}”" in warning.zh
    assert f"“{'9' * 30}”" in warning.en


# --- Entries ---


@pytest.mark.parametrize(
    ("name", "specified"),
    [
        ("坐标系统", "坐标系"),
        ("坐标系名称", "坐标系"),
        ("平面坐标系", "坐标系"),
        ("平面坐标系统", "坐标系"),
        ("大地基准", "坐标系"),
        ("分带", "几度分带"),
        ("投影分带", "几度分带"),
        ("投影带号", "带号"),
        ("分带号", "带号"),
        ("投影", "投影类型"),
        ("投影方式", "投影类型"),
        ("坐标单位", "计量单位"),
        ("中央经线", "中央子午线"),
        ("中央子午线经度", "中央子午线"),
    ],
)
def test_other_names_of_entries(name: str, specified: str) -> None:
    assert CANONICAL[name] == specified
    assert {name, specified} <= ENTRIES
    assert {name, specified} <= PLACING


@pytest.mark.parametrize("name", ["格式版本号", "数据产生单位", "数据产生日期", "精度"])
def test_entries_that_place_nothing(name: str) -> None:
    assert name in ENTRIES
    assert name not in PLACING


def test_what_files_put_together_must_all_state() -> None:
    assert {"坐标系", "带号", "中央子午线"} == DECIDING


@pytest.mark.parametrize(
    "name", ["加常数", "X加常数", "抵偿高程", "投影高程面", "投影面", "东偏", "北偏移", "偏移", "平移量", "旋转角"]
)
@pytest.mark.parametrize("value", ["850", "1", "有", "是", "-300", "0.001", "500001", "1500000"])
def test_an_entry_that_moves_the_points_is_refused(name: str, value: str) -> None:
    zh, en = both(lambda: check_unread(name, value, HERE), CRSError)
    assert zh == (
        f"界址点.txt:13：“{name}” 为 “{value}”，坐标不在标准的高斯投影带内，不能读取；"
        "请换算到 2000 国家大地坐标系的标准 3 度带后导出"
    )
    assert en == (
        f"界址点.txt:13: “{name}” is “{value}”: the coordinates are in no standard Gauss-Krüger zone and are not read; "
        "convert them to a standard 3-degree zone of CGCS2000"
    )


@pytest.mark.parametrize(
    "value",
    [
        "", "0", "0.0", "0.", "00", "0米", "0.000m", "无", "没有", "否", "-", "/", "椭球面", "参考椭球", "参考椭球面",
        "500000", "500000.0", "500000米", "37500000", "37500000m", "500", "500km", "500KM", "500公里", "500千米",
    ],
)  # fmt: skip
def test_values_that_move_nothing_are_read(value: str) -> None:
    check_unread("东偏移", value, HERE)


@pytest.mark.parametrize("name", ["备注", "高程基准", "转换参数", "项目名称"])
def test_other_entries_may_say_what_they_like(name: str) -> None:
    check_unread(name, "850", HERE)


def test_long_entries_are_cut_in_the_sentence() -> None:
    zh, _ = both(lambda: check_unread("偏移" * 11, "9" * 21, HERE), CRSError)
    assert f"“{'偏移' * 10}” 为 “{'9' * 20}”" in zh


# --- The sheet ---


def sheet(points: int, heights: list[float]) -> Sheet:
    made = Sheet()
    for number in range(points):
        made.first.append(1000.0 + number)
        made.second.append(2000.0 + number)
        made.lines.append(14 + number)
    made.heights.extend(heights)
    return made


def test_the_columns_stand_side_by_side_in_the_order_of_the_file() -> None:
    assert sheet(3, []).columns().tolist() == [[1000, 2000], [1001, 2001], [1002, 2002]]


@pytest.mark.parametrize(
    ("heights", "column"),
    [
        ([], []),
        ([5.0], [[5.0], [0.0], [0.0]]),
        ([5.0, 6.0], [[5.0], [6.0], [0.0]]),
        ([5.0, 6.0, 7.0], [[5.0], [6.0], [7.0]]),
    ],
)
def test_heights_that_end_early_are_zero_behind(heights: list[float], column: list[list[float]]) -> None:
    made = sheet(3, heights).height_column()
    assert made.shape == (3, 1 if heights else 0)
    assert [row for row in made.tolist() if row] == column


def test_of_loose_lines_the_first_is_kept_and_all_are_counted() -> None:
    made = Sheet()
    assert (made.loose, made.first_loose) == (0, 0)
    for line in (9, 12, 40):
        made.note_loose(line)
    assert (made.loose, made.first_loose) == (3, 9)


def test_sheets_runs_and_parcels_share_nothing() -> None:
    one, other = Sheet(), Sheet()
    one.first.append(1.0)
    one.attributes["带号"] = ("37", 3)
    one.parcels.append(Parcel(5, {}))
    assert (len(other.first), other.attributes, other.parcels) == (0, {}, [])
    first, second = Run(1, 0, 4), Run(2, 4, 8)
    first.again.append(3)
    first.restarts.append(3)
    assert (list(second.again), list(second.restarts)) == ([], [])
    assert Parcel(1, {}).runs is not Parcel(1, {}).runs
