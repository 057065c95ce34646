"""VCT: arcs against the circle itself, coordinate systems of every way to state them, lists of layers."""

from math import hypot, pi

import numpy as np
import pytest
import shapely

from zoning.sites.vct.crs import System, system
from zoning.sites.vct.curves import NoCircleError, arc, circle, circle_through
from zoning.sites.vct.head import Head
from zoning.sites.vct.layers import Layer, choose
from zoning.sites.vct.sheet import FeatureCode, Shape, Sheet
from zoning.sites.where import Where

CENTRE, RADIUS = (37_618_500.0, 3_920_300.0), 250.0
WHERE = Where("a.vct")
PREFIXED, PLAIN, SIX = (37_618_082.0, 3_919_746.0), (618_082.0, 3_919_746.0), (19_618_082.0, 3_919_746.0)


def on_circle(*degrees: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    angles = np.radians(np.array(degrees))
    return np.column_stack([CENTRE[0] + RADIUS * np.cos(angles), CENTRE[1] + RADIUS * np.sin(angles)])


@pytest.mark.parametrize(
    ("degrees", "sweep"),
    [((0, 45, 90), 90), ((90, 45, 0), 90), ((0, 90, 300), 300), ((350, 0, 10), 20), ((10, 190, 5), 355)],
)
def test_an_arc_runs_through_its_three_points_within_a_tenth_of_a_millimetre(
    degrees: tuple[float, float, float], sweep: float
) -> None:
    points = on_circle(*degrees)
    made = arc(points)
    assert made[0].tolist() == points[0].tolist()
    assert made[-1].tolist() == points[2].tolist()
    line = shapely.LineString(made)
    assert shapely.distance(line, shapely.Point(points[1])) < 2e-4
    assert line.length == pytest.approx(RADIUS * np.radians(sweep), rel=1e-6)
    middles = (made[1:] + made[:-1]) / 2
    assert all(RADIUS - hypot(x - CENTRE[0], y - CENTRE[1]) < 1.01e-4 for x, y in middles.tolist())


def test_an_arc_of_points_in_a_line_is_the_line() -> None:
    points = np.array([[0.0, 0.0], [1.0, 1.0], [3.0, 3.0]])
    assert arc(points).tolist() == points.tolist()


def test_two_equal_points_are_no_arc() -> None:
    with pytest.raises(NoCircleError):
        arc(on_circle(0, 0, 90))


def test_three_points_in_a_line_are_no_circle() -> None:
    with pytest.raises(NoCircleError):
        circle_through(np.array([[0.0, 0.0], [1.0, 1.0], [3.0, 3.0]]))


@pytest.mark.parametrize("made", [circle(CENTRE, RADIUS), circle_through(on_circle(0, 120, 240))])
def test_a_circle_is_closed_and_has_its_area(made: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    assert made[0].tolist() == made[-1].tolist()
    assert shapely.Polygon(made).area == pytest.approx(pi * RADIUS**2, rel=1e-6)


def found(at: tuple[float, float], **entries: str) -> System:
    stated = {"CoordinateSystemType": "P", "Spheroid": "CGCS2000,6378137,298.257222101", "Projection": "高斯-克吕格"}
    lines = {name.lower(): (value, n) for n, (name, value) in enumerate({**stated, **entries}.items(), 2)}
    head = Head(WHERE, lines, ",", 2, north_first=False)
    return system(head, [(WHERE.at_line(50), (*at, at[0] + 1, at[1] + 1))])


def code(at: tuple[float, float], **entries: str) -> str:
    declared = found(at, **entries).declared
    assert declared is not None
    return declared.crs


XIAN, BEIJING = {"Spheroid": "IAG-75,6378140,298.257"}, {"Spheroid": "1954北京坐标系"}


@pytest.mark.parametrize(
    ("at", "entries", "expected"),
    [
        (PREFIXED, {"Parameters": "111,1,37500000,0,3,37"}, "EPSG:4525"),
        (PREFIXED, {"Parameters": "111,1,500000,0,3,37"}, "EPSG:4525"),
        (PREFIXED, {"Parameters": "111,,,,1.0,37500000,0.0,3,37"}, "EPSG:4525"),
        (PREFIXED, {"Parameters": "1110000,0,1,500000,0,37"}, "EPSG:4525"),
        (PREFIXED, {}, "EPSG:4525"),
        (PLAIN, {"Parameters": "111,1,500000,0,3,37"}, "EPSG:4546"),
        (PLAIN, {"Parameters": "111,1,500000,0,6,19"}, "EPSG:4546"),
        (SIX, {"Parameters": "111,1,19500000,0,6,19"}, "EPSG:4497"),
        (PREFIXED, XIAN, "EPSG:2361"),
        (PLAIN, XIAN | {"Parameters": "111,1,500000,0"}, "EPSG:2382"),
        (SIX, XIAN, "EPSG:2333"),
        (PREFIXED, BEIJING, "EPSG:2413"),
        (PLAIN, BEIJING | {"Parameters": "111"}, "EPSG:2434"),
        (SIX, BEIJING, "EPSG:21419"),
        ((112.3, 35.4), {"CoordinateSystemType": "D"}, "EPSG:4490"),
        ((112.3, 35.4), XIAN | {"CoordinateSystemType": "D"}, "EPSG:4610"),
        ((112.3, 35.4), BEIJING | {"CoordinateSystemType": "D"}, "EPSG:4214"),
        ((112.3, 35.4), {"CoordinateSystemType": "D", "Spheroid": "WGS_1984,6378137,298.257223563"}, "EPSG:4326"),
        (PREFIXED, {"Spheroid": "GRS 1980,6378137.0,298.257222101"}, "EPSG:4525"),
        ((3_919_746.0, 37_618_082.0), {}, "EPSG:4525"),
    ],
)
def test_the_code_is_that_of_datum_zone_and_easting(
    at: tuple[float, float], entries: dict[str, str], expected: str
) -> None:
    assert code(at, **entries) == expected


def test_a_meridian_of_its_own_is_taken_as_stated() -> None:
    assert "+lon_0=112.5 +k=1 +x_0=500000.0 +y_0=0 +ellps=GRS80" in code(PLAIN, Parameters="1123000,1,500000,0")


def test_wgs84_planes_have_no_code() -> None:
    stated = {"Spheroid": "WGS84", "Parameters": "111,1,37500000,0,3,37"}
    assert "+lon_0=111.0 +k=1 +x_0=37500000.0 +y_0=0 +datum=WGS84" in code(PREFIXED, **stated)


@pytest.mark.parametrize(
    ("entries", "silence"),
    [
        ({"Spheroid": "Clarke"}, "不认识文件头的参考椭球 “Clarke”"),
        ({"Spheroid": ""}, "不认识文件头的参考椭球 “”"),
        ({"Projection": "Albers"}, "文件头的投影 “Albers” 不是高斯-克吕格"),
        (
            {"Parameters": "111,0.9996,500000,0"},
            "文件头的投影参数 Parameters “111,0.9996,500000,0” 不是高斯-克吕格的分带",
        ),
        ({"CoordinateSystemType": "C"}, "文件头没有写明坐标系类型（D 或 P）"),
        ({"Parameters": "6378140,6356755"}, "文件头的 Parameters 没有中央经线，东坐标也不带带号"),
    ],
)
def test_what_decides_nothing_is_told(entries: dict[str, str], silence: str) -> None:
    made = found(PLAIN, **entries)
    assert (made.declared, made.silence.zh, made.may_be_degrees) == (None, silence, False)


def test_only_a_head_without_type_leaves_degrees_open() -> None:
    assert found((112.3, 35.4), CoordinateSystemType="").may_be_degrees


def test_a_long_list_of_layers_is_cut() -> None:
    sheet = Sheet(Head(WHERE, {}, ",", 2, north_first=False))
    sheet.polygons = [Shape(n, n, f"{n}", "polygon") for n in range(30)]
    with pytest.raises(Exception, match=r"19 \(1\) and 10 more$"):
        choose(sheet, None, WHERE)


def test_one_table_may_have_several_codes() -> None:
    sheet = Sheet(Head(WHERE, {}, ",", 2, north_first=False))
    sheet.codes = [FeatureCode("1", "甲", "JBNT"), FeatureCode("2", "乙", "JBNT"), FeatureCode("3", "丙", "DLTB")]
    sheet.polygons = [Shape(n, n, f"{n}", "polygon") for n in (1, 2, 3)]
    layers, _ = choose(sheet, "jbnt", WHERE)
    assert [layer.code.code for layer in layers] == ["1", "2"]
    assert isinstance(layers[0], Layer)
