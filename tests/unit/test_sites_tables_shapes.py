"""From the points of a table to footprints: polygon, line or point, with width, area and name."""

from collections.abc import Mapping, Sequence
from math import pi, sqrt

import numpy as np
import pytest
import shapely

from both_languages import both
from ring_scene import CORNERS, Scene
from zoning.errors import SiteError
from zoning.sites.limits import Options
from zoning.sites.raw import RawSite
from zoning.sites.tables.axes import Placed
from zoning.sites.tables.grid import Track
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.headings import heading
from zoning.sites.tables.shapes import raw_sites
from zoning.sites.tables.systems import System
from zoning.texts import Text

A, A_CLOSED, B = "A1 A2 A3 A4", "A1 A2 A3 A4 A1", "B1 B2 B3 B4"
SIDE = 100.0
Columns = Mapping[Role, Sequence[str]]


def made(
    points: str,
    *,
    options: Options | None = None,
    headings: Sequence[str] = (),
    title: str = "",
    accuracy: float = 0.0,
    labels: str = "",
    columns: Columns | None = None,
    above: Sequence[tuple[int, str]] = (),
) -> tuple[tuple[RawSite, ...], tuple[Text, ...]]:
    """Return the footprints of points by the names of `CORNERS`, and what is said of all of them."""
    track: Track = Scene(points, labels, dict(columns or {}), above=above).track()
    track.title = title
    for name in headings:
        found = heading(name)
        track.headings[found.role] = found
    xy = np.array([CORNERS[name] for name in points.split()])
    placed = Placed(xy[:, 0], xy[:, 1], (0.001, 0.001))
    system = System(placed, degrees=False, declared=None, accuracy_m=accuracy)
    return raw_sites(track, system, options or Options())


def site(points: str, **more: object) -> RawSite:
    (found,), _ = made(points, **more)  # type: ignore[arg-type]  # handed on as they are
    return found


def refused(points: str, **more: object) -> tuple[str, str]:
    return both(lambda: made(points, **more), SiteError)  # type: ignore[arg-type]  # handed on as they are


def column(role: Role, *values: str) -> Columns:
    return {role: values}


def every(role: Role, value: str, count: int = 4) -> Columns:
    return {role: [value] * count}


# --- What the points are ---


@pytest.mark.parametrize("points", [A, A_CLOSED, "A1 A2 A3"])
def test_corners_make_a_polygon(points: str) -> None:
    found = site(points)
    assert (found.geometry.geom_type, found.width_m) == ("Polygon", None)
    assert shapely.area(found.geometry) == (5_000 if points == "A1 A2 A3" else 10_000)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("面", "Polygon"),
        (" Polygon ", "Polygon"),
        ("面状", "Polygon"),
        ("多边形", "Polygon"),
        ("线", "LineString"),
        ("LINE", "LineString"),
        ("管线", "LineString"),
        ("polyline", "LineString"),
    ],
)
def test_a_column_says_what_the_points_are(word: str, kind: str) -> None:
    assert site(A, columns=every(Role.KIND, word), options=Options(width_m=4)).geometry.geom_type == kind


@pytest.mark.parametrize("word", ["点", "Point", "圆", "circle", "点状"])
def test_separate_points_are_sites_of_their_own(word: str) -> None:
    found, _ = made(A, columns=every(Role.KIND, word), options=Options(radius_m=5), labels="K1 K2 K3 K4")
    assert [one.geometry.geom_type for one in found] == ["Point"] * 4
    assert [one.stated_name for one in found] == ["K1", "K2", "K3", "K4"]
    assert [one.where.record for one in found] == [1, 2, 3, 4]
    assert [one.width_m for one in found] == [10] * 4


def test_boreholes_with_a_size_are_sites_of_their_own() -> None:
    found, _ = made("A1 A2 A3", labels="ZK1 ZK2 ZK3", options=Options(radius_m=5))
    assert [(one.geometry.geom_type, one.stated_name) for one in found] == [
        ("Point", "ZK1"),
        ("Point", "ZK2"),
        ("Point", "ZK3"),
    ]


def test_kinds_that_contradict_each_other_are_refused() -> None:
    zh, en = refused(A, columns=column(Role.KIND, "面", "面", "线", "面"))
    assert zh == "a.csv:10：同一地块的类型不一致（线、面）；请统一"
    assert en == "a.csv:10: the kinds of one parcel differ (线, 面); use one"


def test_a_word_that_is_no_kind_says_nothing() -> None:
    assert site(A, columns=every(Role.KIND, "采矿")).geometry.geom_type == "Polygon"


def test_two_points_are_a_line_and_one_a_point() -> None:
    assert site("A1 A3", options=Options(width_m=3)).geometry.length == pytest.approx(SIDE * sqrt(2))
    assert site("A1", options=Options(width_m=3)).geometry.geom_type == "Point"


def test_two_points_of_a_polygon_enclose_nothing() -> None:
    zh, en = refused("A1 A2", columns=every(Role.KIND, "面", 2))
    assert zh == "a.csv:10：此处起的一圈不同界址点少于 3 个，围不成面；请补全界址点，或检查分段和首尾点"
    assert en.startswith("a.csv:10: the ring that begins here has fewer than 3 distinct points and encloses nothing;")


@pytest.mark.parametrize(
    ("points", "word", "kind"),
    [
        (A, "输气管线坐标", None),
        (A, "公路红线", "Polygon"),
        (A_CLOSED, "输气管线坐标", "Polygon"),
        (A, "坐标表", "Polygon"),
    ],
)
def test_a_title_that_speaks_of_a_line(points: str, word: str, kind: str | None) -> None:
    if kind is not None:
        assert site(points, title=word).geometry.geom_type == kind
        return
    for more in ({"title": word}, {"above": [(3, word)]}):
        zh, en = refused(points, **more)
        assert zh == (
            "a.csv:10：写的是“管线”，有 4 个点：若是线状工程请用 --width 说明宽度（米）；"
            "若是范围线，请在标题写明“范围”或加 类型 列写“面”"
        )
        assert en.startswith("a.csv:10: it says “管线” and 4 points follow: if it is a linear project give its width")


def test_what_stands_below_the_first_point_is_no_title() -> None:
    assert site(A, above=[(11, "输气管线坐标")]).geometry.geom_type == "Polygon"


def test_a_width_of_the_user_makes_an_open_line_and_it_is_said() -> None:
    found = site(A, options=Options(width_m=4))
    assert (found.geometry.geom_type, found.geometry.length, found.width_m) == ("LineString", 300, 4)
    assert [one.zh for one in found.warnings] == [
        "a.csv:10：4 个点没有首尾相接，按宽 4 米的线读取；若是面请去掉 --width"
    ]
    assert site("A1 A2", options=Options(width_m=4)).warnings == ()


def test_a_width_of_the_user_does_not_open_a_closed_ring() -> None:
    assert site(A_CLOSED, options=Options(width_m=4)).geometry.geom_type == "Polygon"


def test_a_column_of_widths_makes_a_line() -> None:
    found = site(A, columns=column(Role.WIDTH, "6", "", "6", ""))
    assert (found.geometry.geom_type, found.width_m, found.warnings) == ("LineString", 6, ())
    assert site(A_CLOSED, columns=every(Role.WIDTH, "6", 5)).geometry.geom_type == "Polygon"


def test_a_column_of_widths_counts_more_than_the_user() -> None:
    found = site(A, columns=every(Role.WIDTH, "6"), options=Options(width_m=4))
    assert (found.width_m, found.warnings) == (6, ())


def test_two_widths_of_one_line_are_refused() -> None:
    zh, en = refused(A, columns=column(Role.WIDTH, "6", "12", "6", "6"))
    assert zh == "a.csv:10：同一条线的宽度不一致（6、12 米）；请分成不同的线，或统一宽度"
    assert en == "a.csv:10: the widths of one line differ (6, 12 m); split it, or use one width"


@pytest.mark.parametrize("options", [Options(radius_m=5), Options(area_m2=50)])
def test_a_size_of_points_for_joined_points_is_a_question(options: Options) -> None:
    zh, en = refused(A, options=options)
    assert zh == (
        "a.csv:10：给了点的半径或面积，这里却有 4 个相连的点；若是一个面请去掉该选项，若各是一个点请加 类型 列写“点”"
    )
    assert en.startswith("a.csv:10: a radius or area of points was given but 4 points follow each other here;")


# --- Sizes of points ---


@pytest.mark.parametrize(
    ("columns", "head", "diameter"),
    [
        (column(Role.RADIUS, "5"), "半径", 10),
        (column(Role.RADIUS, "0.005"), "半径（km）", 10),
        (column(Role.DIAMETER, "8m"), "直径", 8),
        (column(Role.WIDTH, "7"), "宽度", 7),
        ({Role.RADIUS: ["5"], Role.DIAMETER: ["8"]}, "半径", 10),
        ({Role.RADIUS: [""], Role.DIAMETER: ["8"]}, "直径", 8),
        (column(Role.AREA, "2公顷"), "面积", 2 * sqrt(20_000 / pi)),
        (column(Role.AREA, "2"), "面积（公顷）", 2 * sqrt(20_000 / pi)),
    ],
)
def test_the_size_of_a_point(columns: Columns, head: str, diameter: float) -> None:
    found = site("A1", columns=columns, headings=[head])
    assert found.width_m == pytest.approx(diameter)


@pytest.mark.parametrize("options", [Options(area_m2=20_000), None])
def test_an_area_of_a_point_is_taken_as_a_circle_and_it_is_said(options: Options | None) -> None:
    columns = column(Role.AREA, "2公顷") if options is None else {}
    found = site("A1", columns=columns, options=options)
    assert found.width_m == pytest.approx(2 * sqrt(20_000 / pi))
    assert [one.zh for one in found.warnings] == [
        "a.csv:10：只有中心点和面积，按 20,000.00 平方米的圆读取，真实形状未知；结论仅供参考"
    ]


def test_an_area_without_unit_is_refused_unless_the_user_gives_a_size() -> None:
    zh, en = refused("A1", columns=column(Role.AREA, "2"), headings=["面积"])
    assert zh == "a.csv:10：点的面积 “2” 没有单位；请在表头写明，如 面积（公顷）"
    assert (
        en
        == "a.csv:10: the area “2” of the point has no unit; write it in the heading, as in 面积（公顷） or area (ha)"
    )
    assert site("A1", columns=column(Role.AREA, "2"), options=Options(radius_m=3)).width_m == 6


@pytest.mark.parametrize(
    ("text", "head"), [("约5", "半径"), ("0", "半径"), ("-5", "半径"), ("5", "半径（英尺）"), ("5英尺", "半径")]
)
def test_a_size_that_is_no_length(text: str, head: str) -> None:
    zh, en = refused("A1", columns=column(Role.RADIUS, text), headings=[head])
    assert zh == f"a.csv:10：“{head}” 列的 “{text}” 不是以米为单位的正数；请改正"
    assert en == f"a.csv:10: “{text}” in the column “{head}” is no positive number of metres; correct it"


def test_radii_make_separate_points() -> None:
    found, _ = made(A, columns=column(Role.RADIUS, "5", "6", "7", "8"), labels="1 2 3 4")
    assert [one.width_m for one in found] == [10, 12, 14, 16]


# --- Rings ---


def test_a_hole_is_told_and_taken_off() -> None:
    found = site(f"{A_CLOSED} I1 I2 I3 I4 I1")
    assert shapely.area(found.geometry) == 10_000 - 1_600
    assert [one.zh for one in found.warnings] == ["a.csv:10：共 2 圈，其中 1 圈在其他圈内，按扣除的内环读取"]
    assert found.warnings[0].en == "a.csv:10: of 2 rings 1 lie inside others and are taken as holes"


def test_two_rings_beside_each_other_are_one_site() -> None:
    found = site(f"{A_CLOSED} B1 B2 B3 B4 B1")
    assert (found.geometry.geom_type, found.warnings) == ("MultiPolygon", ())
    assert shapely.area(found.geometry) == 20_000


def test_the_same_ring_twice_is_refused() -> None:
    zh, en = refused(f"{A_CLOSED} A2 A3 A4 A1 A2")
    assert zh == "a.csv：第 10–14 行的圈与第 15–19 行的圈重复；请删去一个"
    assert en == "a.csv: the rings of lines 10–14 and 15–19 are the same; remove one"


def test_rings_that_cross_are_refused() -> None:
    zh, en = refused(f"{A_CLOSED} X1 X2 X3 X4 X1")
    assert zh == ("a.csv：第 10–14 行的圈与第 15–19 行的圈相交，分不清内外；请改正，或用 地块 列分成不同的地块")
    assert en.startswith("a.csv: the rings of lines 10–14 and 15–19 cross, so neither is a hole of the other;")


def test_an_open_ring_that_crosses_itself_is_said() -> None:
    (warning,) = site("A1 A3 A2 A4").warnings
    assert warning.zh == (
        "a.csv：第 10–13 行的 4 个点依次相连后自相交：次序可能有误，也可能是几个地块连在了一起，或是单独的点；请核对"
    )
    assert warning.en.startswith("a.csv: the 4 points of lines 10-13 cross each other when joined in their order:")


# --- What is left out, and what a site is called ---


def test_the_centre_is_no_corner_and_is_said_to_be_left_out() -> None:
    found, (note,) = made(f"{A} B1", labels="1 2 3 4 中心点")
    assert shapely.area(found[0].geometry) == 10_000
    assert note.zh == "a.csv:14：中心点的坐标不是界址点，未计入范围"
    assert note.en == "a.csv:14: the coordinates of the centre are no corner and were left out"


def test_a_centre_in_front_keeps_what_stands_beside_the_corners() -> None:
    columns = {Role.NAME: ["", "甲", "", "", ""], Role.AREA: ["", "1公顷", "", "", ""]}
    found, (note,) = made(f"B1 {A}", labels="中心点 1 2 3 4", columns=columns)
    assert (found[0].stated_name, found[0].stated_area_m2) == ("甲", 10_000)
    assert note.zh.startswith("a.csv:10：")


def test_a_centre_alone_is_all_there_is() -> None:
    found, notes = made("A1", labels="中心点", options=Options(radius_m=5))
    assert (len(found), notes) == (1, ())


@pytest.mark.parametrize(
    ("title", "name"),
    [("二号地块：", "二号地块"), (" 地块一 -", "地块一"), ("地块一" + "甲" * 50, "地块一" + "甲" * 50)],
)
def test_a_title_names_the_site(title: str, name: str) -> None:
    assert site(A, above=[(9, title)]).stated_name == name


def test_columns_name_the_site() -> None:
    found = site(A, columns={Role.PARCEL: ["D1", "", "", ""], Role.NAME: ["甲矿", "", "", ""]})
    assert (found.stated_id, found.stated_name) == ("D1", "甲矿")
    assert found.attributes == {"地块编号": "D1", "地块名称": "甲矿"}
    assert site(A).attributes == {}


@pytest.mark.parametrize(
    ("columns", "above", "area"),
    [
        (column(Role.AREA, "1公顷", "", "", ""), (), 10_000),
        (column(Role.AREA, "1公顷", "10000m2", "", ""), (), 10_000),
        (column(Role.AREA, "1公顷", "2公顷", "", ""), (), None),
        ({}, [(3, "总面积1.5公顷")], 15_000),
        ({}, [(9, "1号地块 面积15亩")], 10_000),
        (column(Role.AREA, "1公顷", "", "", ""), [(3, "总面积1.5公顷")], 10_000),
        ({}, [(3, "面积1公顷"), (4, "面积2公顷")], None),
        ({}, (), None),
    ],
)
def test_the_area_that_is_stated(columns: Columns, above: Sequence[tuple[int, str]], area: float | None) -> None:
    found = site(A, columns=columns, above=above).stated_area_m2
    assert found == (None if area is None else pytest.approx(area))


def test_an_area_above_several_parcels_is_that_of_none() -> None:
    found, _ = made(f"{A} {B}", columns={Role.PARCEL: ["1"] * 4 + ["2"] * 4}, above=[(3, "总面积1.5公顷")])
    assert [one.stated_area_m2 for one in found] == [None, None]
    assert [one.where.record for one in found] == [1, 2]


def test_the_accuracy_of_the_numbers_goes_with_every_site() -> None:
    found, _ = made(f"{A} {B}", columns={Role.PARCEL: ["1"] * 4 + ["2"] * 4}, accuracy=0.5)
    assert [one.accuracy_m for one in found] == [0.5, 0.5]
