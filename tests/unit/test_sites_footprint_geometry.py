"""Drawings become one shape: what is refused, what is repaired, and what is kept as the file has it."""

from collections.abc import Sequence

import numpy as np
import pytest
import shapely

from zoning.errors import SiteError
from zoning.sites.drawing import Coordinates, Drawing
from zoning.sites.footprint_geometry import LARGEST_COORDINATE, Assembled, assemble, closed, closed_rings
from zoning.sites.where import Where

HERE = Where("a.kml", 2)
Points = Sequence[tuple[float, ...]]

SQUARE: Points = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]
HOLE: Points = [(2, 2), (2, 4), (4, 4), (4, 2), (2, 2)]
NAN = float("nan")


def drawing(kind: str, *rings: Points) -> Drawing:
    return Drawing(kind, tuple(np.array(ring, dtype=float) for ring in rings))  # type: ignore[arg-type]  # one of three


def area(*rings: Points) -> Drawing:
    return drawing("polygon", *rings)


def line(*points: tuple[float, ...]) -> Drawing:
    return drawing("line", list(points))


def point(*xy: float) -> Drawing:
    return drawing("point", [xy])


def put_together(*drawings: Drawing, width_m: float | None = None) -> Assembled:
    return assemble(list(drawings), where=HERE, width_m=width_m)


def refused(*drawings: Drawing, width_m: float | None = None) -> tuple[str, str]:
    with pytest.raises(SiteError) as caught:
        put_together(*drawings, width_m=width_m)
    assert type(caught.value) is SiteError
    zh, en = caught.value.get("zh"), caught.value.get("en")
    assert zh.startswith("a.kml 第 2 个图形：")
    assert en.startswith("a.kml, record 2: ")
    return zh.split("：", 1)[1], en.split(": ", 1)[1]


# --- Polygons ---


def test_one_polygon_stays_as_it_is() -> None:
    found = put_together(area(SQUARE))
    assert found == Assembled(found.geometry)
    assert isinstance(found.geometry, shapely.Polygon)
    assert list(found.geometry.exterior.coords) == SQUARE


def test_holes_stay_holes() -> None:
    found = put_together(area(SQUARE, HOLE)).geometry
    assert isinstance(found, shapely.Polygon)
    assert [list(ring.coords) for ring in found.interiors] == [HOLE]
    assert found.area == 96


def test_several_polygons_become_one_shape_in_their_order() -> None:
    other = [(x + 20, y) for x, y in SQUARE]
    found = put_together(area(SQUARE, HOLE), area(other)).geometry
    assert isinstance(found, shapely.MultiPolygon)
    assert [part.bounds for part in found.geoms] == [(0, 0, 10, 10), (20, 0, 30, 10)]
    assert [len(part.interiors) for part in found.geoms] == [1, 0]


def test_a_ring_that_crosses_itself_is_left_to_the_overlay() -> None:
    bow = [(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0), (0.0, 0.0)]
    found = put_together(area(bow))
    assert not found.geometry.is_valid
    assert found.repairs == ()


def test_repeated_points_are_left_to_the_overlay() -> None:
    found = put_together(area([SQUARE[0], *SQUARE])).geometry
    assert len(shapely.get_coordinates(found)) == 6


@pytest.mark.parametrize(
    ("rings", "count"),
    [([SQUARE[:-1]], 1), ([SQUARE[:-1], HOLE], 1), ([SQUARE, HOLE[:-1]], 1), ([SQUARE[:-1], HOLE[:-1]], 2)],
)
def test_open_rings_are_closed_and_counted(rings: list[Points], count: int) -> None:
    found = put_together(area(*rings))
    (repair,) = found.repairs
    assert (repair.kind, repair.count, repair.area_change_m2) == ("closed-ring", count, 0.0)
    assert shapely.equals(found.geometry, put_together(area(SQUARE, *([HOLE] if len(rings) > 1 else []))).geometry)


def test_what_is_said_of_closed_rings() -> None:
    assert closed_rings(0) == ()
    assert [repair.text.en for repair in closed_rings(1)] == ["closed 1 open ring"]
    assert [repair.text.en for repair in closed_rings(2)] == ["closed 2 open rings"]
    assert closed_rings(3)[0].text.zh == "闭合了 3 个未闭合的环"


def test_a_ring_is_closed_once() -> None:
    open_ring = np.array(SQUARE[:-1], dtype=float)
    found = closed(open_ring)
    assert found.tolist() == [list(map(float, p)) for p in SQUARE]
    assert closed(found) is found
    assert len(open_ring) == 4


def test_a_ring_whose_ends_differ_in_height_alone_is_closed() -> None:
    ring = np.array([(0, 0, 1), (10, 0, 1), (10, 10, 1), (0, 0, 2)], dtype=float)
    assert closed(ring) is ring


@pytest.mark.parametrize(
    "ring",
    [
        [(0.0, 0.0)],
        [(0.0, 0.0), (1.0, 0.0)],
        [(0.0, 0.0), (1.0, 0.0), (0.0, 0.0)],
        [(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (0.0, 0.0), (0.0, 0.0)],
        [(0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)],
        [(0.0, 0.0, 1.0), (1.0, 0.0, 2.0), (0.0, 0.0, 3.0), (1.0, 0.0, 4.0)],
    ],
)
def test_fewer_than_three_different_points_enclose_nothing(ring: Points) -> None:
    expected = (
        "有一个环的不同界址点少于 3 个，围不成面；请补全界址点",
        "a ring has fewer than 3 distinct points and encloses nothing; complete its points",
    )
    assert refused(area(ring)) == expected
    assert refused(area([(*p, 0.0)[: len(ring[0])] for p in SQUARE], ring)) == expected


def test_three_different_points_are_enough() -> None:
    assert put_together(area([(0, 0), (4, 0), (0, 4)])).geometry.area == 8


# --- Nothing there, or nothing possible ---


@pytest.mark.parametrize(
    "drawings",
    [
        [],
        [Drawing("polygon", ())],
        [Drawing("polygon", (np.empty((0, 2)),))],
        [area(SQUARE), Drawing("polygon", (np.empty((0, 2)),))],
        [area(SQUARE), Drawing("line", ())],
        [Drawing("polygon", (np.array(SQUARE, dtype=float), np.empty((0, 2))))],
    ],
)
def test_an_empty_record_is_refused(drawings: list[Drawing]) -> None:
    assert refused(*drawings) == (
        "没有几何图形或图形为空；请删除该记录或补画图形",
        "it has no geometry; remove it or draw it",
    )


@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        ((NAN, 5.0), "nan, 5"),
        ((5.0, NAN), "5, nan"),
        ((float("inf"), 5.0), "inf, 5"),
        ((5.0, -float("inf")), "5, -inf"),
        ((1.0000001e11, 5.0), "1e+11, 5"),
        ((5.0, -2e11), "5, -2e+11"),
    ],
)
def test_impossible_numbers_are_named(bad: tuple[float, float], shown: str) -> None:
    ring = [SQUARE[0], SQUARE[1], bad, *SQUARE[2:]]
    expected = (
        f"坐标 ({shown}) 不是可能的位置；请改正该点",
        f"the coordinates ({shown}) are no possible place; correct this point",
    )
    assert refused(area(ring)) == expected
    assert refused(area(SQUARE, ring)) == expected
    assert refused(point(*bad), width_m=2.0) == expected


def test_the_first_impossible_point_is_named() -> None:
    assert "(nan, 1)" in refused(area([SQUARE[0], (NAN, 1), (NAN, 2), *SQUARE[2:]]))[1]


def test_the_largest_number_is_eastings_in_millimetres() -> None:
    big = LARGEST_COORDINATE
    assert big == 1e11
    found = put_together(area([(big, 0), (big, big), (-big, -big)]))
    assert found.geometry.bounds == (-big, -big, big, big)


def test_a_height_may_be_anything() -> None:
    found = put_together(area([(0, 0, NAN), (10, 0, 1e300), (10, 10, float("inf"))]))
    assert not found.geometry.has_z
    assert found.repairs[1].count == 2


# --- Heights ---


def test_heights_are_dropped_and_counted_by_points() -> None:
    found = put_together(area([(x, y, 3.5) for x, y in SQUARE]))
    (repair,) = found.repairs
    assert (repair.kind, repair.count, repair.area_change_m2) == ("z-dropped", 5, 0.0)
    assert (repair.text.zh, repair.text.en) == (
        "忽略了 5 个点的高程或量度值",
        "dropped the height or measure of 5 points",
    )
    assert not found.geometry.has_z


@pytest.mark.parametrize("height", [0.0, -0.0, NAN])
def test_a_height_of_0_says_nothing(height: float) -> None:
    assert put_together(area([(x, y, height) for x, y in SQUARE])).repairs == ()


def test_a_measure_counts_as_well_but_a_point_once() -> None:
    ring = [(0, 0, 0, 1), (10, 0, 2, 0), (10, 10, 3, 4), (0, 10, 0, 0)]
    kinds = {repair.kind: repair.count for repair in put_together(area(ring)).repairs}
    assert kinds == {"closed-ring": 1, "z-dropped": 3}


def test_heights_of_all_rings_are_counted_together() -> None:
    high = [(x, y, 1.0) for x, y in SQUARE]
    found = put_together(area(high, [(x, y, 0.0) for x, y in HOLE]), area([(x + 20, y, 1.0) for x, y in SQUARE]))
    assert found.repairs[0].count == 10


def test_heights_of_lines_are_counted_as_well() -> None:
    assert put_together(line((0, 0, 1), (1, 1, 0)), width_m=1.0).repairs[0].count == 1


# --- Labels inside polygons ---


def test_labels_inside_a_polygon_are_left_out_and_said() -> None:
    found = put_together(area(SQUARE), point(5, 5), line((1, 1), (9, 9)))
    assert found.geometry.equals(shapely.box(0, 0, 10, 10))
    assert [text.en for text in found.warnings] == [
        "a.kml, record 2: 2 lines or points inside the polygons (labels) are not part of the footprint"
    ]
    assert [text.zh for text in found.warnings] == ["a.kml 第 2 个图形：面内的 2 个线或点（标注）不计入范围"]


@pytest.mark.parametrize(
    ("thin", "inside"),
    [
        (point(10, 10), True),
        (point(10.001, 10), False),
        (line((0, 0), (0, 10)), True),
        (line((0, 0), (10, 10.5)), False),
        (line((0, 0), (10, 0)), True),
        (point(3, 3), False),  # in the hole
        (line((1, 1), (5, 5)), False),  # across it
        (point(5, 5, 100), True),
    ],
)
def test_what_lies_outside_of_the_polygons_refuses_the_record(thin: Drawing, *, inside: bool) -> None:
    if inside:
        assert len(put_together(area(SQUARE, HOLE), thin).warnings) == 1
        return
    assert refused(area(SQUARE, HOLE), thin) == (
        "同一个图形里既有面，又有面以外的线或点；请分成不同的图形",
        "it mixes polygons with lines or points that lie outside them; split it into separate records",
    )


def test_one_of_two_outside_is_enough_to_refuse() -> None:
    assert "mixes polygons" in refused(area(SQUARE), point(5, 5), point(50, 5))[1]


def test_a_label_inside_a_border_that_crosses_itself() -> None:
    bow = area([(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)])
    assert len(put_together(bow, point(8, 5)).warnings) == 1
    assert "mixes polygons" in refused(bow, point(5, 8))[1]


def test_a_border_that_crosses_itself_too_often_is_refused_with_the_place() -> None:
    star = [(float(x), float(y)) for x, y in zip(range(40), [0, 30] * 20, strict=True)]
    saw = [*star, *[(x + 0.5, 30 - y) for x, y in reversed(star)]]
    with pytest.raises(SiteError, match=r"^a\.kml, record 2: the border meets itself more than 5 times"):
        assemble([area(saw), point(1, 1)], where=HERE, width_m=None, crossings=5)


# --- Lines and points ---


@pytest.mark.parametrize(
    ("drawings", "expected"),
    [
        ([line((0, 0), (5, 0))], "LINESTRING (0 0, 5 0)"),
        ([line((0, 0), (5, 0)), line((7, 0), (8, 0))], "MULTILINESTRING ((0 0, 5 0), (7 0, 8 0))"),
        ([point(3, 4)], "POINT (3 4)"),
        ([point(3, 4), point(5, 6)], "MULTIPOINT ((3 4), (5 6))"),
        ([line((0, 0, 9), (5, 0, 9))], "LINESTRING (0 0, 5 0)"),
        ([point(3, 4, 5), point(6, 7, 0)], "MULTIPOINT ((3 4), (6 7))"),
        ([line((0, 0), (5, 0), (0, 0))], "LINESTRING (0 0, 5 0, 0 0)"),
    ],
)
def test_lines_and_points_with_a_width_are_kept_thin(drawings: list[Drawing], expected: str) -> None:
    assert put_together(*drawings, width_m=4.0).geometry.wkt == expected


def test_lines_and_points_together_are_refused() -> None:
    expected = (
        "同一个图形里既有线又有点；请分成不同的图形",
        "it mixes lines and points; split it into separate records",
    )
    assert refused(line((0, 0), (5, 0)), point(1, 1), width_m=4.0) == expected
    assert refused(point(1, 1), line((0, 0), (5, 0))) == expected


@pytest.mark.parametrize("points", [[(1.0, 1.0)], [(1.0, 1.0), (1.0, 1.0)], [(1.0, 1.0, 1.0), (1.0, 1.0, 2.0)]])
def test_a_line_needs_two_different_points(points: Points) -> None:
    expected = ("线的不同点少于 2 个；请补全", "a line has fewer than 2 distinct points; complete it")
    assert refused(line(*points), width_m=4.0) == expected
    assert refused(line((0.0,) * len(points[0]), (5.0,) * len(points[0])), line(*points)) == expected


def test_points_at_one_place_stay_points() -> None:
    assert put_together(point(1, 1), point(1, 1), width_m=4.0).geometry.geom_type == "MultiPoint"


def test_a_point_without_a_width_asks_for_one() -> None:
    assert refused(point(1, 1)) == (
        (
            "是点，没有面积；请用 --radius 说明半径（米），或用 --area 说明面积（如 2公顷），或提供面状范围；"
            "不属于项目的点请从文件中删去"
        ),
        (
            "it is a point without an area; give its radius in metres with --radius, its area with --area (such as "
            "2ha), or a polygon; remove points that are not part of the project"
        ),
    )


OPEN_LINE = (
    "是线，没有面积；请用 --width 说明宽度（米），或提供面状范围；不属于项目的线请从文件中删去",
    (
        "it is a line without an area; give its width in metres with --width, or a polygon; remove lines that are not "
        "part of the project"
    ),
)
CLOSED_LINE = (
    "是首尾相接的线，不是面；若它是范围线请转换为面，若是线状工程请用 --width 说明宽度（米）",
    (
        "it is a closed line, not a polygon; if it is the boundary convert it to a polygon, if it is a linear project "
        "give its width in metres with --width"
    ),
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line((0, 0), (5, 0))], OPEN_LINE),
        ([line(*SQUARE)], CLOSED_LINE),
        ([line(*SQUARE[:-1])], OPEN_LINE),
        ([line(*SQUARE), line(*HOLE)], CLOSED_LINE),
        ([line(*SQUARE), line((0, 0), (5, 0))], OPEN_LINE),
        ([line((0, 0), (5, 0), (0, 0))], OPEN_LINE),  # there and back: no boundary
        ([line((0, 0), (5, 0), (5, 5), (0, 0))], CLOSED_LINE),
    ],
)
def test_a_line_without_a_width_asks_for_one_or_for_a_polygon(lines: list[Drawing], expected: tuple[str, str]) -> None:
    assert refused(*lines) == expected


def test_nothing_given_is_changed() -> None:
    ring: Coordinates = np.array([(0, 0, 1), (10, 0, 1), (10, 10, 1)], dtype=float)
    before = ring.copy()
    put_together(Drawing("polygon", (ring,)))
    assert np.array_equal(ring, before)
