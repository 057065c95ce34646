"""Overlays of shapes of the plane: against exact areas, and where borders all but coincide."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE
from seams import IN_4490, IN_4526, LARGE, SMALL, Seamed, array, lost
from slow_areas import strips
from zoning.overlay import beside
from zoning.overlay.kernel.engine import RELATIONS, overlay
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.plane import Geometries
from zoning.overlay.repair import repair_polygons

FAR = np.array([10_200_000.0, 3_700_000.0])


def far(shape: BaseGeometry) -> BaseGeometry:
    found: BaseGeometry = shapely.transform(shape, lambda xy: xy + FAR)
    return found


def box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    return far(shapely.box(west, south, east, north))


PLACES = [
    pytest.param(LARGE.plane(), LARGE.lost, id="plane"),
    pytest.param(SMALL.plane(), SMALL.lost, id="less than 1 m²"),
    pytest.param(IN_4526.system("EPSG:4526"), IN_4526.lost, id="metres of another zone"),
    pytest.param(IN_4490.system("EPSG:4490"), IN_4490.lost, id="degrees"),
]


@pytest.mark.parametrize(("fields", "number"), PLACES)
def test_a_field_is_not_lost_in_what_holds_it(fields: Geometries, number: int) -> None:
    field, whole = lost(fields, number)
    area, rest = field.area, whole.area - field.area
    assert beside.intersection(field, whole).area == pytest.approx(area, rel=1e-7)
    assert beside.intersection(whole, field).area == pytest.approx(area, rel=1e-7)
    assert beside.difference(field, whole).area == pytest.approx(0.0, abs=1e-7 * area)
    assert beside.difference(whole, field).area == pytest.approx(rest, rel=1e-5)
    assert beside.outside_m2(field, whole) == pytest.approx(0.0, abs=1e-7 * area)
    assert beside.union([whole, field]).area == pytest.approx(whole.area, rel=1e-5)
    assert beside.common_m2(fields, whole).tolist() == pytest.approx(shapely.area(fields).tolist(), rel=1e-7)
    assert shapely.area(beside.common(fields, whole)).tolist() == pytest.approx(shapely.area(fields).tolist(), rel=1e-7)


def test_corners_stay_as_they_are_to_the_last_bit() -> None:
    fields = LARGE.plane()
    shape = fields[4]
    assert shapely.equals_identical(shapely.normalize(beside.intersection(shape, shape)), shapely.normalize(shape))
    for cut in beside.common(fields, fields):
        corners = {tuple(corner) for corner in shapely.get_coordinates(cut).tolist()}
        assert any(corners == {tuple(c) for c in shapely.get_coordinates(field).tolist()} for field in fields)


def test_nothing_is_nothing() -> None:
    nothing, square = shapely.Polygon(), box(0, 0, 10, 10)
    assert beside.union([]).is_empty
    assert beside.union([nothing, square]) is square
    assert beside.intersection(nothing, square).is_empty
    assert beside.difference(square, nothing).area == 100.0
    assert beside.outside_m2(nothing, square) == beside.outside_m2(square, square) == 0.0
    assert beside.outside_m2(square, nothing) == 100.0
    assert len(beside.intersection(array(), square)) == len(beside.common(array(), square)) == 0
    assert shapely.is_empty(beside.intersection(array(nothing), square)).all()
    assert beside.common(array(square, square), array(nothing, box(20, 20, 30, 30)))[1].is_empty
    assert beside.common_m2(array(square, square), array(nothing, square)).tolist() == [0.0, 100.0]


def test_a_line_that_runs_over_itself_counts_once() -> None:
    line = far(shapely.LineString([(0, 0), (10, 0), (4, 0)]))
    assert beside.union([line]).length == 10.0
    assert beside.intersection(array(line), box(2, -1, 20, 1))[0].length == 8.0


def test_shapes_around_a_site_come_back_as_numbers_that_there_are() -> None:
    # All points of the grid are numbers there, so that nothing is rounded.
    cut = beside.difference(shapely.box(0, 0, 100, 100), shapely.Polygon([(0, 0), (100, 33.3), (100, 0)]))
    assert cut.is_valid
    assert cut.area == pytest.approx(10_000 - 100 * 33.3 / 2, rel=1e-15)


Corner = st.tuples(st.integers(-400, 400), st.integers(-400, 400))


@given(st.lists(Corner, min_size=3, max_size=8), st.lists(Corner, min_size=3, max_size=8))
def test_any_two_agree_with_slabs(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    a, b = (shapely.convex_hull(shapely.MultiPoint(np.array(corners) * 1.37)) for corners in (one, other))
    if a.area == 0 or b.area == 0:
        return
    west, _, east, _ = shapely.union(a, b).bounds
    found = strips([a, b], west, east)
    inside = found.inside
    both, only = found.area(inside[0] & inside[1]), found.area(inside[0] & ~inside[1])
    a, b = far(a), far(b)
    # Crossings are rounded as numbers of the plane are: by a nanometre.
    slack = 1e-8 * (a.length + b.length)
    assert beside.intersection(a, b).area == pytest.approx(both, abs=slack)
    assert beside.difference(a, b).area == pytest.approx(only, abs=slack)
    assert beside.outside_m2(a, b) == pytest.approx(only, abs=slack)
    assert beside.common_m2(array(a), b)[0] == pytest.approx(both, abs=slack)
    assert beside.union([a, b]).area == pytest.approx(found.area(inside[0] | inside[1]), abs=slack)


@pytest.mark.parametrize("world", [LARGE, SMALL], ids=["large", "small"])
def test_the_engine_does_not_lose_a_field(world: Seamed) -> None:
    fields = world.plane()
    _, whole = lost(fields, world.lost)
    found = overlay(Shapes.of(fields), PackedZones.of(array(whole)))
    assert found.areas_m2.tolist() == pytest.approx(shapely.area(fields).tolist(), rel=1e-7)
    assert RELATIONS[found.relations[world.lost]] == "crosses"


def test_a_part_of_a_site_that_lies_in_another_is_not_counted_twice() -> None:
    field, whole = lost(LARGE.plane(), LARGE.lost)
    together: Any = shapely.multipolygons([*shapely.get_parts(whole), field])
    found = repair_polygons(together, lambda shape: float(shape.area))
    assert [repair.kind for repair in found.repairs] == ["overlapping-parts"]
    assert found.geometry.area == pytest.approx(whole.area, abs=1e-3)
    assert PLANE.to_lonlat([found.geometry])[0].is_valid
