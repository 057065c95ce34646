"""How far a straight edge bends when its ends are converted."""

from collections.abc import Sequence
from math import cos, radians

import numpy as np
import pytest
from shapely import GeometryCollection, LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from zoning.sites.crs.bending import bend_m
from zoning.sites.crs.conversion import Floats

LON, LAT = 112.3, 35.4
METRES = 110_946.0
"""Of a degree of latitude at 35.4 degrees on GRS80."""

SAG = 0.001


def sagging(xy: Floats) -> Floats:
    """Move points north by a parabola over each tenth of a degree of longitude: `SAG` degrees in the middle."""
    share = np.mod((xy[:, 0] - LON) * 10 + 1e-9, 1.0)
    return np.column_stack([xy[:, 0], xy[:, 1] + SAG * 4 * share * (1 - share)])


def shifted(xy: Floats) -> Floats:
    return np.column_stack([xy[:, 0] + 0.005, xy[:, 1] - 0.002])


def line(*points: tuple[float, float]) -> LineString:
    return LineString([(LON + x, LAT + y) for x, y in points])


WHOLE = line((0, 0), (0.1, 0))


def test_the_middle_of_an_edge_is_the_farthest() -> None:
    assert bend_m(WHOLE, sagging) == pytest.approx(SAG * METRES, rel=0.001)


def test_a_mere_shift_bends_nothing() -> None:
    assert bend_m(WHOLE, shifted) < 1e-6


def test_half_an_edge_bends_a_quarter() -> None:
    """From the rim of the parabola to its top: a quarter of the height between them."""
    assert bend_m(line((0, 0), (0.05, 0)), sagging) == pytest.approx(SAG / 4 * METRES, rel=0.001)


@pytest.mark.parametrize(
    ("edge", "bends"),
    [
        ((0.0009, 0.0), False),
        ((0.0, 0.0009), False),
        ((0.0007, 0.0007), False),
        ((0.0011, 0.0), True),
        ((0.0008, 0.0008), True),
    ],
)
def test_edges_of_less_than_a_thousandth_of_a_degree_are_not_looked_at(
    edge: tuple[float, float], *, bends: bool
) -> None:
    def steep(xy: Floats) -> Floats:
        return xy + np.column_stack([np.zeros(len(xy)), 1000 * ((xy[:, 0] - LON) + (xy[:, 1] - LAT)) ** 2])

    assert (bend_m(line((0, 0), edge), steep) > 0) is bends


@pytest.mark.parametrize(
    "geometry",
    [
        Point(LON, LAT),
        line((0, 0), (0.0005, 0)),
        box(LON, LAT, LON + 0.0005, LAT + 0.0005),
    ],
)
def test_what_has_no_long_edge_does_not_bend(geometry: BaseGeometry) -> None:
    assert bend_m(geometry, sagging) == 0.0


@pytest.mark.parametrize(
    "geometry",
    [
        WHOLE,
        MultiLineString([line((0, 0), (0.0005, 0)), WHOLE]),
        Polygon([(LON, LAT), (LON + 0.1, LAT), (LON + 0.1, LAT + 0.1)]),
        MultiPolygon([box(LON + 0.3, LAT, LON + 0.3001, LAT + 0.0001), box(LON, LAT, LON + 0.1, LAT + 0.0001)]),
        # The long edge is one of a hole.
        Polygon(
            box(LON - 0.0501, LAT - 0.05, LON + 0.1499, LAT + 0.05).segmentize(0.0009).exterior,
            [box(LON, LAT, LON + 0.1, LAT + 0.001).exterior],
        ),
        GeometryCollection([Point(LON, LAT), WHOLE]),
    ],
)
def test_every_part_and_ring_is_looked_at(geometry: BaseGeometry) -> None:
    assert bend_m(geometry, sagging) == pytest.approx(SAG * METRES, rel=0.01)


def test_the_end_of_one_ring_and_the_start_of_the_next_are_no_edge() -> None:
    parts: Sequence[LineString] = [line((0, 0), (0.0005, 0)), line((0.05, 0), (0.0505, 0))]
    assert bend_m(MultiLineString(parts), sagging) == 0.0


def test_the_distance_is_one_on_the_ellipsoid() -> None:
    """A bend to the east is shorter by the cosine of the latitude."""

    def eastward(xy: Floats) -> Floats:
        share = (xy[:, 1] - LAT) * 10
        return xy + np.column_stack([SAG * 4 * share * (1 - share), np.zeros(len(xy))])

    expected = SAG * 111_320 * cos(radians(LAT + 0.05))
    assert bend_m(line((0, 0), (0, 0.1)), eastward) == pytest.approx(expected, rel=0.003)


def test_the_worst_of_all_edges_counts() -> None:
    zigzag = line((0, 0), (0.05, 0), (0.1, 0), (0.2, 0))
    assert bend_m(zigzag, sagging) == pytest.approx(SAG * METRES, rel=0.001)


def test_the_geometry_is_not_changed() -> None:
    before = WHOLE.wkb
    bend_m(WHOLE, sagging)
    assert WHOLE.wkb == before
