"""Shapes on their way to the page: borders stay shared, nothing vanishes, places are right to 10 cm."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from zoning.maps.web.shapes import PER_DEGREE, Parts, boxes_of, parts_of, simplified, vertices

METRES = 111_320.0


def unpacked(parts: Parts) -> BaseGeometry:
    """Read parts back as the script of the page does."""
    rings = [[np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / PER_DEGREE for ring in part] for part in parts]
    return shapely.MultiPolygon([(part[0], part[1:]) for part in rings])


def neighbours() -> tuple[BaseGeometry, BaseGeometry]:
    """Return two zones that share a border with a vertex every metre."""
    x = np.linspace(112.0, 112.02, 1500)
    border = np.column_stack((x, 35.5 + 0.0004 * np.sin(x * 3000) + 0.000004 * np.sin(x * 60000)))
    north = shapely.Polygon([*border, (112.02, 35.51), (112.0, 35.51)])
    south = shapely.Polygon([*border, (112.02, 35.49), (112.0, 35.49)])
    return north, south


def test_neighbours_share_their_border_after_simplification() -> None:
    north, south = neighbours()
    coarse = simplified([north, south], tolerance_m=4.0, lines=False)
    assert vertices(coarse) < vertices([north, south]) / 4
    assert coarse[0].intersection(coarse[1]).area == 0
    assert len(coarse[0].union(coarse[1]).interiors) == 0
    assert coarse[0].union(coarse[1]).area == pytest.approx(0.02 * 0.02, rel=1e-9)
    assert shapely.hausdorff_distance(coarse[0], north) * METRES < 8
    # Each simplified for itself would not do: the two borders part.
    alone = shapely.simplify(north, 4.0 / METRES), shapely.simplify(south.reverse(), 6.0 / METRES)
    assert alone[0].intersection(alone[1]).area > 0


def test_the_shared_border_is_the_same_to_the_last_number() -> None:
    packed = [parts_of(zone) for zone in simplified(neighbours(), tolerance_m=2.0, lines=False)]
    places = [set(map(tuple, shapely.get_coordinates(unpacked(parts)).round(6))) for parts in packed]
    inner = {place for place in places[0] if 35.495 < place[1] < 35.505 and 112.0 < place[0] < 112.02}
    assert len(inner) > 20
    assert inner <= places[1]


def test_no_zone_vanishes() -> None:
    tiny = shapely.Point(112.3, 35.5).buffer(0.3 / METRES)
    spike = shapely.Polygon([(112.3, 35.5), (112.31, 35.5), (112.305, 35.500001)])
    found = simplified([tiny, spike, shapely.box(112, 35, 112.1, 35.1)], tolerance_m=8.0, lines=False)
    assert not shapely.is_empty(found).any()
    assert all(len(parts_of(shape)[0][0]) >= 4 for shape in found)


def test_a_zone_of_a_centimetre_keeps_two_vertices() -> None:
    assert parts_of(shapely.Point(112.3, 35.5).buffer(1e-9))[0][0][2:] == [0, 0]


def test_lines_are_simplified_one_by_one() -> None:
    line = shapely.LineString([(112, 35), (112.005, 35.000001), (112.01, 35)])
    found = simplified([line], tolerance_m=1.0, lines=True)
    assert parts_of(found[0]) == [[[112_000_000, 35_000_000, 10_000, 0]]]


def test_holes_and_parts_are_kept() -> None:
    ring = shapely.box(112, 35, 112.1, 35.1).difference(shapely.box(112.04, 35.04, 112.06, 35.06))
    shape = shapely.union_all([ring, shapely.box(112.2, 35, 112.3, 35.1)])
    back = unpacked(parts_of(shape))
    assert back.symmetric_difference(shape).area < 1e-12
    assert [len(part) for part in parts_of(shape)] == [2, 1]


def test_a_tolerance_of_nothing_changes_nothing() -> None:
    north, south = neighbours()
    assert list(simplified([north, south], tolerance_m=0.0, lines=False)) == [north, south]


@given(st.lists(st.tuples(st.floats(112, 112.5), st.floats(35, 35.5)), min_size=3, max_size=30, unique=True))
def test_places_come_back_to_ten_centimetres(places: list[tuple[float, float]]) -> None:
    hull = shapely.MultiPoint(places).convex_hull
    if hull.geom_type != "Polygon":
        return
    ring = parts_of(hull)[0][0]
    back = np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / PER_DEGREE
    drawn = shapely.LineString(back)
    assert shapely.hausdorff_distance(drawn, hull.boundary) < 2e-6


def test_boxes_hold_their_zones() -> None:
    shape = shapely.Point(112.3, 35.5).buffer(0.01234567)
    west, south, east, north = boxes_of([shape])[0] / PER_DEGREE
    assert shapely.box(west, south, east, north).covers(shape)
    assert (east - west) < 0.024692 + 3e-6
