"""Cells of a grid: nothing lost, nothing twice, numbers that stay, and the right cell for every place."""

from math import floor, fsum, isclose

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE
from zoning.errors import CRSError, UsageError
from zoning.planning.grids.cells import Cells, grid_cells
from zoning.planning.grids.lattice import Lattice, cells_over, lattice_of

GEOD = Geod(ellps="GRS80")
SIDE = 5000.0
COUNTY = shapely.Polygon(
    [
        (112.30, 35.31),
        (112.42, 35.28),
        (112.55, 35.36),
        (112.51, 35.44),
        (112.60, 35.52),
        (112.38, 35.55),
        (112.31, 35.42),
    ]
)


def land_of(shape: BaseGeometry) -> BaseGeometry:
    land: BaseGeometry = PLANE.to_plane([shape], "EPSG:4490", step_m=85.0)[0]
    return land


def grid(shape: BaseGeometry, side_m: float = SIDE, *, minimum_m2: float = 0.0, join: bool = False) -> Cells:
    land = land_of(shape)
    lattice = lattice_of(PLANE, land, side_m, None)
    return grid_cells(PLANE, land, lattice, minimum_m2=minimum_m2, slivers="join" if join else "name")


@st.composite
def county(draw: st.DrawFn) -> shapely.Polygon:
    """Return a ragged county of up to 30 km."""
    count = draw(st.integers(5, 40))
    radii = np.asarray(draw(st.lists(st.floats(0.02, 0.15), min_size=count, max_size=count)))
    turns = np.arange(count) / count * 2 * np.pi
    x, y = draw(st.floats(111.0, 113.4)), draw(st.floats(35.0, 38.0))
    return shapely.Polygon(np.column_stack([x + radii * np.cos(turns), y + radii * np.sin(turns)]))


@given(county(), st.sampled_from([1000.0, 2500.0, 5000.0]), st.booleans())
@settings(max_examples=25, deadline=None)
def test_the_cells_are_the_territory(shape: shapely.Polygon, side_m: float, join: bool) -> None:
    found = grid(shape, side_m, minimum_m2=side_m * side_m / 25, join=join)
    shapes = np.asarray([cell.geometry for cell in found.cells], dtype=object)
    land = land_of(shape)
    assert isclose(fsum(cell.area_m2 for cell in found.cells), land.area, rel_tol=1e-9)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert len({cell.code for cell in found.cells}) == len(found.cells)


@given(st.floats(112.31, 112.59), st.floats(35.29, 35.54))
@settings(max_examples=150, deadline=None)
def test_a_place_lies_in_the_cell_that_its_coordinates_name(lon: float, lat: float) -> None:
    if not COUNTY.contains(shapely.Point(lon, lat)):
        return
    # Gauss-Krüger zone 37 by PROJ itself; nothing of ours but the division.
    east, north = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True).transform(lon, lat)
    east -= 37_000_000
    if min(east % SIDE, SIDE - east % SIDE, north % SIDE, SIDE - north % SIDE) < 0.01:
        return
    code = f"5km-37-{floor(north / SIDE):04d}-{floor(east / SIDE):04d}"
    point = PLANE.to_plane([shapely.Point(lon, lat)], "EPSG:4490", step_m=85.0)[0]
    assert [cell.code for cell in WHOLE.cells if cell.geometry.intersects(point)] == [code]


WHOLE = grid(COUNTY)


def test_whole_cells_have_the_area_of_the_ellipsoid() -> None:
    back = Transformer.from_crs("EPSG:4525", "EPSG:4490", always_xy=True)
    whole = 0
    for cell in WHOLE.cells:
        west, south = 37_000_000 + cell.column * SIDE, cell.row * SIDE
        square = shapely.segmentize(shapely.box(west, south, west + SIDE, south + SIDE), 20.0)
        lonlat = shapely.transform(square, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))
        expected = abs(GEOD.geometry_area_perimeter(lonlat)[0])
        assert cell.area_m2 <= expected * (1 + 1e-9)
        if COUNTY.contains(lonlat):
            whole += 1
            assert cell.area_m2 == pytest.approx(expected, rel=1e-8)
            # In the plane of the zone it would be 25 km²: too large by the square of the scale, 1 + (y / R)².
            away = (cell.column + 0.5) * SIDE - 500_000
            assert 25e6 / cell.area_m2 - 1 == pytest.approx((away / 6_371_000) ** 2, rel=0.02)
    assert whole >= 10


def test_codes_stay_when_the_border_moves() -> None:
    smaller = grid(shapely.intersection(COUNTY, shapely.box(112.30, 35.30, 112.50, 35.53)))
    before = {cell.code: cell.area_m2 for cell in WHOLE.cells}
    after = {cell.code: cell.area_m2 for cell in smaller.cells}
    assert set(after) < set(before)
    assert len([code for code, area in after.items() if isclose(area, before[code], rel_tol=1e-10)]) >= 8


def test_small_corners_join_the_neighbour_with_the_longest_border() -> None:
    named = grid(COUNTY, minimum_m2=2e6)
    small = {cell.code for cell in named.cells if cell.sliver}
    assert small == {cell.code for cell in named.cells if cell.area_m2 < 2e6}
    assert small
    joined = grid(COUNTY, minimum_m2=2e6, join=True)
    assert set(joined.joined_into) == small
    assert [cell.sliver for cell in joined.cells] == [False] * len(joined.cells)
    shapes = {cell.code: cell.geometry for cell in named.cells}
    areas = {cell.code: cell.area_m2 for cell in joined.cells}
    assert joined.joined_into == _joined_by_hand(dict(shapes), 2e6)
    for cell in joined.cells:
        own = areas[cell.code]
        assert own == pytest.approx(fsum(shapes[code].area for code in (cell.code, *cell.joined)), rel=1e-12)


def _joined_by_hand(groups: dict[str, BaseGeometry], minimum_m2: float) -> dict[str, str]:
    """Let the smallest group join the one with the longest common border, until none is too small."""
    into: dict[str, str] = {}
    while True:
        code = min(groups, key=lambda name: groups[name].area)
        shape = groups[code]
        if shape.area >= minimum_m2:
            return into
        others = {name: shape.boundary.intersection(one.boundary).length for name, one in groups.items()}
        target = max((name for name in groups if name != code), key=lambda name: others[name])
        into = {name: target if to == code else to for name, to in into.items()} | {code: target}
        groups[target] = shapely.coverage_union_all([groups[target], groups.pop(code)])


def test_neighbours_share_their_vertices_to_the_last_bit() -> None:
    whole = cells_over(PLANE, land_of(COUNTY), Lattice("EPSG:4525", SIDE, "37", 37e6))
    at = {(int(r), int(c)): cell for r, c, cell in zip(whole.rows, whole.columns, whole.geometries, strict=True)}
    shared = 0
    for (row, column), cell in at.items():
        for other in (at.get((row, column + 1)), at.get((row + 1, column))):
            if other is not None:
                mine, theirs = (set(map(tuple, shapely.get_coordinates(one).tolist())) for one in (cell, other))
                shared += 1
                assert len(mine & theirs) == 60  # 59 steps of 84.7 m
    assert shared > 20


@pytest.mark.parametrize(
    ("crs", "mark", "east"), [("EPSG:4525", "37", 37e6), ("EPSG:4546", "37", 0.0), ("EPSG:32649", "E32649", 0.0)]
)
def test_a_plane_that_is_named_is_taken(crs: str, mark: str, east: float) -> None:
    land = land_of(COUNTY)
    lattice = lattice_of(PLANE, land, SIDE, crs)
    assert (lattice.mark, lattice.east_m) == (mark, east)
    found = grid_cells(PLANE, land, lattice, minimum_m2=0.0, slivers="name")
    assert isclose(fsum(cell.area_m2 for cell in found.cells), land.area, rel_tol=1e-9)
    if mark == "37":
        assert [cell.code for cell in found.cells] == [cell.code for cell in WHOLE.cells]


def test_what_is_no_plane_is_refused() -> None:
    land = land_of(COUNTY)
    with pytest.raises(UsageError) as caught:
        lattice_of(PLANE, land, SIDE, "EPSG:4490")
    assert str(caught.value) == "--crs: 'EPSG:4490' is no plane in metres; for example EPSG:4525"
    assert caught.value.get("zh") == "--crs：“EPSG:4490”不是以米为单位的平面坐标系；例：EPSG:4525"
    with pytest.raises(CRSError, match="unknown coordinate system 'nowhere'"):
        lattice_of(PLANE, land, SIDE, "nowhere")
    with pytest.raises(CRSError):
        lattice_of(PLANE, land, SIDE, "EPSG:2361")  # 1980西安 has no exact way to CGCS2000
    with pytest.raises(UsageError, match="would make about"):
        grid(COUNTY, 100.0)
