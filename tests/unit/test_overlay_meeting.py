"""Which zones a footprint meets: the same as asking every pair, whichever of the two is the larger."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from zoning.overlay.meeting import meet

whole = st.integers(min_value=0, max_value=8)
corners = st.tuples(whole, whole)


def polygon(ring: list[tuple[int, int]]) -> BaseGeometry:
    """Return a valid polygon on a coarse grid, so that corners, edges and whole borders fall together."""
    return shapely.convex_hull(shapely.MultiPoint(ring))


@st.composite
def boxes(draw: st.DrawFn) -> BaseGeometry:
    x, y = draw(corners)
    return shapely.box(x, y, x + draw(st.integers(1, 4)), y + draw(st.integers(1, 4)))


hulls = st.lists(corners, min_size=3, max_size=7).map(polygon)
lines = st.lists(corners, min_size=2, max_size=6, unique=True).map(shapely.LineString)
parts = st.lists(boxes(), min_size=2, max_size=3).map(shapely.union_all)
shapes = st.one_of(boxes(), hulls, lines, parts, st.just(shapely.Polygon()))


def densified(shape: BaseGeometry, much: bool) -> BaseGeometry:
    """Return the same points with more vertices."""
    return shapely.segmentize(shape, 0.125) if much else shape


@given(st.lists(st.tuples(shapes, st.booleans()), max_size=8), st.tuples(boxes() | hulls | parts, st.booleans()))
def test_it_is_intersects_for_every_pair(
    zones: list[tuple[BaseGeometry, bool]], place: tuple[BaseGeometry, bool]
) -> None:
    found = np.array([densified(*zone) for zone in zones] + [None], dtype=object)[:-1]
    around = densified(*place)
    expected = [bool(zone.intersects(around)) for zone in found]
    # As they come: prepared both, one of them, or none.
    assert meet(found, around).tolist() == expected
    shapely.prepare(around)
    assert meet(found, around).tolist() == expected
    shapely.prepare(found)
    assert meet(found, around).tolist() == expected


def test_touching_in_a_corner_an_edge_or_within_counts() -> None:
    place = shapely.box(0, 0, 10, 10)
    zones = np.array(
        [
            shapely.box(10, 10, 20, 20),
            shapely.box(10, 2, 20, 8),
            shapely.box(2, 2, 3, 3),
            shapely.box(-5, -5, 15, 15),
            shapely.LineString([(-5, 10), (15, 10)]),
            shapely.box(10.000001, 0, 20, 10),
        ],
        dtype=object,
    )
    expected = [True, True, True, True, True, False]
    for place_ in (place, shapely.segmentize(place, 0.5)):
        for zones_ in (zones, shapely.segmentize(zones, 0.5)):
            shapely.prepare(place_)
            assert meet(zones_, place_).tolist() == expected


def test_of_no_zones_none_is_met() -> None:
    assert meet(np.empty(0, dtype=object), shapely.box(0, 0, 1, 1)).tolist() == []
