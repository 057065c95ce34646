"""Boxes of records read in a hurry, from the vertices themselves; arcs of GML against the circle they lie on."""

import struct
from collections.abc import Sequence
from math import nan, pi
from pathlib import Path

import numpy as np
import pytest
import shapely

from zoning.sites.drawing import Drawing, MalformedError
from zoning.sites.streams.sliced import UnclearError
from zoning.sites.vector.gml_curves import arcs, circle, joined, most_points
from zoning.sites.vector.hurried_boxes import drawn_box, possible, wkb_boxes
from zoning.sites.vector.shape_boxes import shape_boxes

NOTHING = [nan] * 4
Points = Sequence[tuple[float, float]]
TRIANGLE = ((112.0, 35.0), (113.0, 35.5), (112.5, 36.0), (112.0, 35.0))


def same(found: object, expected: object) -> None:
    np.testing.assert_array_equal(np.array(found, dtype=np.float64), np.array(expected, dtype=np.float64))


# --- shapefiles ---


def numbers(points: Points) -> bytes:
    return b"".join(struct.pack("<2d", *point) for point in points)


def paths(kind: int, *parts: Points, box: Sequence[float] = (9, 9, 9, 9)) -> bytes:
    starts = [sum(map(len, parts[:place])) for place in range(len(parts))]
    head = struct.pack("<i4d2I", kind, *box, len(parts), sum(map(len, parts)))
    return head + struct.pack(f"<{len(parts)}I", *starts) + b"".join(map(numbers, parts))


def multipoint(points: Points, kind: int = 8) -> bytes:
    return struct.pack("<i4dI", kind, 9, 9, 9, 9, len(points)) + numbers(points)


def point(x: float, y: float, kind: int = 1) -> bytes:
    return struct.pack("<i2d", kind, x, y)


def boxes(folder: Path, *records: bytes, after: bytes = b"") -> list[list[float]]:
    shp, shx = bytearray(100), bytearray(100)
    for number, record in enumerate(records, 1):
        shx += struct.pack(">2I", len(shp) // 2, len(record) // 2)
        shp += struct.pack(">2I", number, len(record) // 2) + record
    (folder / "a.shp").write_bytes(shp)
    (folder / "a.shx").write_bytes(shx + after)
    return [box for piece in shape_boxes(folder / "a.shp", folder / "a.shx") for box in piece.tolist()]


@pytest.mark.parametrize(
    ("record", "box"),
    [
        (point(112.0, 35.0), [112.0, 35.0, 112.0, 35.0]),
        (point(112.0, 35.0, 11) + bytes(16), [112.0, 35.0, 112.0, 35.0]),
        (point(112.0, 35.0, 21) + bytes(8), [112.0, 35.0, 112.0, 35.0]),
        (paths(5, TRIANGLE), [112.0, 35.0, 113.0, 36.0]),
        (paths(15, TRIANGLE) + bytes(80), [112.0, 35.0, 113.0, 36.0]),
        (paths(25, TRIANGLE) + bytes(48), [112.0, 35.0, 113.0, 36.0]),
        (paths(3, TRIANGLE[:2]), [112.0, 35.0, 113.0, 35.5]),
        (paths(5, TRIANGLE, ((-1.0, 40.0), (0.0, 41.0))), [-1.0, 35.0, 113.0, 41.0]),
        (multipoint(TRIANGLE), [112.0, 35.0, 113.0, 36.0]),
        (multipoint(TRIANGLE, 18) + bytes(48), [112.0, 35.0, 113.0, 36.0]),
        (struct.pack("<i", 0), NOTHING),
        (paths(5), NOTHING),
        (multipoint(()), NOTHING),
        (point(nan, 35.0), NOTHING),
        (point(-1.8e308, 35.0), NOTHING),
        (paths(5, ((nan, 1.0), *TRIANGLE)), NOTHING),
    ],
)
def test_the_box_is_that_of_the_vertices_whatever_is_stated(tmp_path: Path, record: bytes, box: list[float]) -> None:
    same(boxes(tmp_path, record), [box])


def test_boxes_stand_in_the_order_of_the_index(tmp_path: Path) -> None:
    found = boxes(tmp_path, *(point(float(number), 1.0) for number in range(1_001)))
    assert [box[0] for box in found] == [float(number) for number in range(1_001)]


def test_a_piece_of_an_entry_at_the_end_of_the_index_is_none(tmp_path: Path) -> None:
    same(boxes(tmp_path, point(1.0, 2.0), after=b"\0" * 5), [[1.0, 2.0, 1.0, 2.0]])
    assert boxes(tmp_path) == []


@pytest.mark.parametrize(
    "record",
    [
        b"",
        struct.pack("<i", 1),
        point(1.0, 2.0)[:-2],
        struct.pack("<i", 2) + bytes(100),
        struct.pack("<i", 31) + paths(31, TRIANGLE)[4:40],
        paths(5, TRIANGLE)[:-8],
        paths(5, TRIANGLE)[:42],
        multipoint(TRIANGLE)[:-2],
        multipoint(TRIANGLE)[:38],
    ],
)
def test_a_shape_that_is_cut_or_of_another_type_is_left_to_the_reader(tmp_path: Path, record: bytes) -> None:
    if record[:1] == b"\x1f":  # a multipatch: its last digit is that of a point
        record = struct.pack("<i", 37) + record[4:]
    with pytest.raises(UnclearError):
        boxes(tmp_path, point(1.0, 2.0), record)


# --- well-known binary ---


def wkb(text: str) -> bytes:
    made: bytes = shapely.to_wkb(shapely.from_wkt(text))
    return made


def test_boxes_of_geometries_and_of_none() -> None:
    pieces = [wkb("POLYGON ((0 0, 4 0, 4 3, 0 0))"), None, wkb("POINT (1 2)"), wkb("POLYGON EMPTY")]
    same(wkb_boxes(pieces), [[0, 0, 4, 3], NOTHING, [1, 2, 1, 2], NOTHING])
    assert wkb_boxes([]).shape == (0, 4)
    same(wkb_boxes([None]), [NOTHING])


@pytest.mark.parametrize("piece", [b"", b"\1\3", wkb("POINT (1 2)")[:-1], b"\1" + struct.pack("<I", 8) + bytes(4)])
def test_a_geometry_that_is_damaged_or_curved_is_left_to_the_reader(piece: bytes) -> None:
    with pytest.raises(UnclearError):
        wkb_boxes([wkb("POINT (1 2)"), piece])


def test_the_box_of_drawings() -> None:
    ring, other = np.array([[1.0, 2.0, 900.0], [3.0, -4.0, 900.0]]), np.array([[-5.0, 0.0]])
    assert drawn_box([Drawing("line", (ring,)), Drawing("point", (other,))]) == [-5.0, -4.0, 3.0, 2.0]
    assert drawn_box([Drawing("line", (np.empty((0, 2)),)), Drawing("point", (other,))]) == [-5.0, 0.0, -5.0, 0.0]
    same(drawn_box([]), NOTHING)
    same(drawn_box([Drawing("line", (np.empty((0, 2)),))]), NOTHING)


@pytest.mark.parametrize("number", [nan, float("inf"), -float("inf"), 1e300])
def test_coordinates_that_are_no_place_blank_the_whole_box(number: float) -> None:
    given = np.array([[1.0, 2.0, 3.0, 4.0], [1.0, 2.0, number, 4.0]])
    same(possible(given), [[1.0, 2.0, 3.0, 4.0], NOTHING])
    assert given[1, 0] == 1.0


# --- arcs of GML ---

CENTRE, RADIUS = (37_618_500.0, 3_920_300.0), 100.0


def on_circle(*degrees: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    angles = np.radians(np.array(degrees))
    return np.column_stack([CENTRE[0] + RADIUS * np.cos(angles), CENTRE[1] + RADIUS * np.sin(angles)])


def off_circle(path: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    middles = (path[1:] + path[:-1]) / 2
    return max(float(abs(np.hypot(*(part - CENTRE).T) - RADIUS).max()) for part in (path, middles))


@pytest.mark.parametrize(
    ("degrees", "length"),
    [((0, 45, 90), 90), ((90, 45, 0), 90), ((0, 180, 270), 270), ((350, 0, 10), 20), ((10, 0, 350), 20)],
)
def test_an_arc_runs_through_its_middle_and_stays_on_the_circle(degrees: tuple[float, ...], length: float) -> None:
    points = on_circle(*degrees)
    path = arcs(points)
    assert (path[0].tolist(), path[-1].tolist()) == (points[0].tolist(), points[2].tolist())
    assert off_circle(path) < 1e-4
    assert shapely.LineString(path).length == pytest.approx(np.radians(length) * RADIUS, rel=1e-5)


def test_a_string_of_arcs_goes_on_where_the_one_before_ends() -> None:
    path = arcs(on_circle(0, 45, 90, 135, 180))
    assert off_circle(path) < 1e-4
    assert shapely.LineString(path).length == pytest.approx(pi * RADIUS, rel=1e-5)
    assert len(np.unique(path, axis=0)) == len(path) <= most_points(5)


def test_three_points_in_a_line_are_the_line() -> None:
    assert arcs(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])).tolist() == [[0, 0], [1, 1], [2, 2]]


@pytest.mark.parametrize("degrees", [(0, 120, 240), (0, 240, 120)])
def test_a_circle_is_closed_in_the_direction_of_its_points(degrees: tuple[float, ...]) -> None:
    path = circle(on_circle(*degrees))
    ring = shapely.Polygon(path)
    assert path[0].tolist() == path[-1].tolist() == on_circle(0)[0].tolist()
    assert ring.area == pytest.approx(pi * RADIUS**2, rel=1e-5)
    assert bool(shapely.is_ccw(ring.exterior)) == (degrees[1] < degrees[2])


@pytest.mark.parametrize("count", [0, 1, 2, 4, 6])
def test_the_number_of_points_of_an_arc(count: int) -> None:
    with pytest.raises(MalformedError, match=rf"^an arc has {count} points; it takes 3 \(a string of arcs 3, 5, 7"):
        arcs(on_circle(*range(count)))


@pytest.mark.parametrize("count", [2, 4, 5])
def test_the_number_of_points_of_a_circle(count: int) -> None:
    with pytest.raises(MalformedError, match=rf"^an arc has {count} points;"):
        circle(on_circle(*range(count)))


def test_a_circle_through_points_in_a_line_is_refused() -> None:
    with pytest.raises(MalformedError, match=r"^the 3 points of a circle stand in one line; correct them$"):
        circle(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]))


def test_segments_are_joined_where_they_meet() -> None:
    first, second = np.array([[1.0, 1.0, 5.0], [2.0, 2.0, 5.0]]), np.array([[2.0, 2.0], [3.0, 1.0]])
    assert joined([first, second]).tolist() == [[1, 1], [2, 2], [3, 1]]
    assert joined([first]).tolist() == first.tolist()
    assert joined([]).shape == (0, 2)


@pytest.mark.parametrize(("shift", "meets"), [(0.0003, True), (0.0005, False), (1.0, False)])
def test_segments_within_four_tenths_of_a_millimetre_meet(shift: float, *, meets: bool) -> None:
    east, north = CENTRE
    first, second = np.array([[east - 9, north], [east, north]]), np.array([[east + shift, north], [east + 9, north]])
    if meets:
        assert len(joined([first, second])) == 3
        return
    with pytest.raises(MalformedError, match=r"the segments of a curve do not follow each other"):
        joined([first, second])
