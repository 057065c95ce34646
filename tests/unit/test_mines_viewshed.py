"""Lines of sight against surfaces whose answer is known, and against a plain search along every line."""

from math import floor, hypot, sqrt

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod
from scipy.ndimage import map_coordinates

from zoning.mines.corridor import Line, distance_to_point_m, distances_m, stations_of
from zoning.mines.elevation import Elevation, cells_of, ellipsoid_m2
from zoning.mines.sightlines import FAR, HIDDEN, UNKNOWN, VISIBLE, sight
from zoning.mines.viewshed import SightParameters, viewshed

CELL = 30.0
Heights = NDArray[np.float32]


def look(
    heights: object,
    eye: tuple[float, float, float],
    *,
    target_m: float = 0.0,
    farthest_m: float = 1e9,
    bend: float = 0.0,
    cell_m: tuple[float, float] = (CELL, CELL),
) -> NDArray[np.uint8]:
    """Return the state of every cell of a grid; the eye is at (row, column, height above the datum)."""
    grid = np.asarray(heights, dtype=np.float32)
    rows, columns = (part.ravel() for part in np.indices(grid.shape))
    states, distances = np.empty(grid.size, dtype=np.uint8), np.empty(grid.size)
    sizes = (np.full(len(grid), cell_m[0]), np.full(len(grid), cell_m[1]))
    sight(grid, *sizes, *eye, rows, columns, target_m, farthest_m, bend, states, distances)
    return states.reshape(grid.shape)


def plain_sight(
    heights: Heights,
    eye: tuple[float, float, float],
    target: tuple[int, int],
    *,
    target_m: float,
    bend: float,
    cell_m: tuple[float, float],
) -> bool:
    """Tell from the definition: no crossing with a grid line rises above the straight line to the target."""
    row, column, eye_m = eye
    down, across = target[0] - row, target[1] - column
    distance = hypot(across * cell_m[0], down * cell_m[1])
    crossings = [(k - column) / across for k in range(heights.shape[1]) if across]
    crossings += [(k - row) / down for k in range(heights.shape[0]) if down]
    parts = np.array([part for part in crossings if 0 < part < 1])
    if not len(parts):
        return True
    ground = map_coordinates(
        heights.astype(float), [row + parts * down, column + parts * across], order=1, mode="nearest"
    )
    ground -= bend * (parts * distance) ** 2
    top = float(heights[target]) + target_m - bend * distance**2
    return bool(np.all(ground <= eye_m + (top - eye_m) * parts + 1e-6))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    eye=st.tuples(st.floats(0, 14), st.floats(0, 17)),
    above=st.sampled_from([0.5, 2.0, 15.0]),
    target_m=st.sampled_from([0.0, 3.0]),
    bend=st.sampled_from([0.0, 6.8e-8, 1e-3]),
    high=st.sampled_from([CELL, 21.5]),
)
def test_every_cell_agrees_with_a_plain_search(
    seed: int, eye: tuple[float, float], above: float, target_m: float, bend: float, high: float
) -> None:
    heights = np.random.default_rng(seed).normal(0, 8, (15, 18)).astype(np.float32)
    ground = float(map_coordinates(heights.astype(float), [[eye[0]], [eye[1]]], order=1)[0])
    place = (*eye, ground + above)
    found = look(heights, place, target_m=target_m, bend=bend, cell_m=(CELL, high))
    expected = [
        [plain_sight(heights, place, (r, c), target_m=target_m, bend=bend, cell_m=(CELL, high)) for c in range(18)]
        for r in range(15)
    ]
    assert ((found == VISIBLE) == np.array(expected)).all()
    assert set(np.unique(found)) <= {HIDDEN, VISIBLE}


@settings(max_examples=30, deadline=None)
@given(east=st.floats(-2, 2), south=st.floats(-2, 2), row=st.floats(0, 19), column=st.floats(0, 24))
def test_all_of_a_plane_is_in_sight(east: float, south: float, row: float, column: float) -> None:
    rows, columns = np.indices((20, 25))
    found = look(east * columns + south * rows, (row, column, east * column + south * row + 2.0))
    assert (found == VISIBLE).all()


def test_a_wall_hides_what_stands_too_far_behind_it() -> None:
    # Eye 2 m, wall 10 m high at 10 cells; a target 12 m high at b cells shows above it while
    # 2 + (12 - 2) * 10 / b >= 10, that is b <= 12.5 cells.
    heights = np.zeros((1, 40))
    heights[0, 10] = 10.0
    states = look(heights, (0.0, 0.0, 2.0), target_m=12.0)[0]
    assert states.tolist() == [VISIBLE] * 13 + [HIDDEN] * 27
    # Ground behind it is never seen, its own top is.
    assert look(heights, (0.0, 0.0, 2.0))[0].tolist() == [VISIBLE] * 11 + [HIDDEN] * 29


def test_a_step_down_hides_its_foot() -> None:
    # A terrace of 10 m ends at cell 5. The eye stands 2 m above it; the line over the edge falls 2 m in 5 cells and has
    # fallen to the ground, 12 m, after 30 cells.
    heights = np.where(np.arange(50) <= 5, 10.0, 0.0)[None, :]
    states = look(heights, (0.0, 0.0, 12.0))[0]
    assert states.tolist() == [VISIBLE] * 6 + [HIDDEN] * 24 + [VISIBLE] * 20


@pytest.mark.parametrize("refraction", [0.0, 0.13])
@pytest.mark.parametrize("eye_m", [1.7, 2.5, 10.0])
def test_on_a_sphere_the_horizon_is_where_the_formula_says(refraction: float, eye_m: float) -> None:
    # Ground at x falls by b x^2: between eye and target (at d) it rises above their line by (d - x)(b x - eye / d).
    # With cells of c the last crossing is x = d - c, so that the ground at d is hidden from (d - c) d > eye / b on:
    # the horizon sqrt(eye / b), to a cell.
    bend = SightParameters(refraction=refraction).bend(6_371_000.0)
    horizon = sqrt(eye_m / bend)
    count = int(horizon / CELL) + 60
    states = look(np.zeros((1, count)), (0.0, 0.0, eye_m), bend=bend)[0]
    d = np.arange(count) * CELL
    hidden = CELL * (bend * (d - CELL) - eye_m / np.maximum(d, 1e-9)) > 1e-6
    assert ((states == HIDDEN) == hidden).all()
    last = d[states == VISIBLE].max()
    assert horizon - CELL < last < horizon + CELL
    assert horizon == pytest.approx(sqrt(2 * 6_371_000.0 * eye_m / (1 - refraction)))


def test_only_the_near_side_of_a_cone_is_in_sight() -> None:
    # A cone is convex: a point of it is seen if and only if its face is turned towards the eye.
    rows, columns = np.indices((81, 121))
    south, east = (rows - 40) * CELL, (columns - 80) * CELL
    off = np.hypot(south, east)
    heights = 600.0 - 0.4 * off
    eye = np.array([0.0, -70 * CELL, 100.0])  # south, east, height
    states = look(heights, (40.0, 10.0, 100.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        facing = (0.4 * south / off) * (eye[0] - south) + (0.4 * east / off) * (eye[1] - east) + (eye[2] - heights)
    # Ground made of straight pieces hides to the cell: left out are two cells beside the silhouette, and the tip.
    clear = (np.abs(facing) > 0.4 * 2 * CELL) & (off > 10 * CELL)
    assert ((states == VISIBLE) == (facing > 0))[clear].all()
    assert clear.sum() > 5_000


def test_unknown_ground_between_is_not_known_and_a_known_wall_decides() -> None:
    heights = np.zeros((1, 12))
    heights[0, 4] = np.nan
    states = look(heights, (0.0, 0.0, 2.0))[0]
    assert states.tolist() == [VISIBLE] * 4 + [UNKNOWN] * 8
    heights[0, 8] = 50.0
    states = look(heights, (0.0, 0.0, 2.0))[0]
    assert states.tolist() == [VISIBLE] * 4 + [UNKNOWN] * 5 + [HIDDEN] * 3


def test_an_eye_without_height_knows_nothing_and_far_is_far() -> None:
    states = look(np.zeros((1, 6)), (0.0, 0.0, float("nan")), farthest_m=3 * CELL)[0]
    assert states.tolist() == [UNKNOWN] * 4 + [FAR] * 2
    # An eye beyond the grid is one without height.
    states = look(np.zeros((2, 3)), (9.0, 0.0, float("nan")), farthest_m=8 * CELL)
    assert states.tolist() == [[FAR] * 3, [UNKNOWN, FAR, FAR]]


def flat(rows: int = 40, columns: int = 60, *, crs: str = "EPSG:4546") -> Elevation:
    """Return a plain of 30 m cells near 阳城 (zone of 111°E)."""
    return Elevation(np.full((rows, columns), 800.0, dtype=np.float32), crs, 600_000.0, 3_930_000.0, CELL, CELL)


def lonlat_box(grid: Elevation, top: float, left: float, bottom: float, right: float) -> shapely.Polygon:
    """Return a box whose corners are places of the grid, in cells from its outer corner."""
    corners = np.array([[top, left], [top, right], [bottom, right], [bottom, left]]) - 0.5
    return shapely.Polygon(grid.lonlat(corners[:, 0], corners[:, 1]))


def line_of(grid: Elevation, *places: tuple[float, float], kind: str = "high-speed-rail") -> Line:
    """Return a line through places of the grid."""
    rows, columns = np.array(places, dtype=float).T
    return Line(kind, kind, kind, shapely.LineString(grid.lonlat(rows, columns)))


def test_cells_of_a_parcel_have_their_exact_share() -> None:
    grid = flat()
    cells = cells_of(grid, [lonlat_box(grid, 10.25, 20.5, 12.0, 22.0), None])
    shares = dict(zip(zip(cells.rows.tolist(), cells.columns.tolist(), strict=True), cells.share, strict=True))
    assert {place: round(float(share), 6) for place, share in shares.items()} == {
        (10, 20): 0.375,
        (10, 21): 0.75,
        (11, 20): 0.5,
        (11, 21): 1.0,
    }
    parcel = lonlat_box(grid, 10.25, 20.5, 12.0, 22.0)
    assert cells.area_m2.sum() == pytest.approx(ellipsoid_m2(parcel), rel=1e-6)
    # A plane of Gauss-Krüger is stretched: the cell is smaller on the ellipsoid than in its plane, by 280 ppm here.
    assert cells.area_m2.sum() == pytest.approx(2.625 * 900 * (1 - 245e-6), rel=1e-5)
    assert cells.beyond_m2.tolist() == [0.0, 0.0]


def test_a_parcel_that_reaches_out_of_the_grid_is_not_known_there() -> None:
    grid = flat()
    found = viewshed(
        grid, [line_of(grid, (20, 5), (20, 50))], [lonlat_box(grid, 10, 58, 12, 62), None], SightParameters()
    )
    inside, nowhere = found.parcels
    assert inside.share is not None
    assert inside.share == pytest.approx((0.5, 1.0), abs=1e-5)
    assert inside.in_sight == "yes"
    assert (nowhere.share, nowhere.in_sight) == (None, "not known")


def test_shares_lengths_and_the_nearest_station_of_a_valley_and_a_wall() -> None:
    # A line of 45 cells runs east along row 30; a wall of 20 m stands in row 20 from column 30 on.
    grid = flat()
    heights = grid.heights.copy()
    heights[20, 30:] = 820.0
    grid = Elevation(heights, grid.crs, grid.west, grid.north, CELL, CELL)
    line = line_of(grid, (30, 5), (30, 50))
    open_side, behind = lonlat_box(grid, 10, 5, 12, 7), lonlat_box(grid, 14, 50, 16, 52)
    seen = viewshed(grid, [line], [open_side, behind], SightParameters(step_m=45.0, farthest_m=5_000.0))
    first, second = seen.parcels
    assert first.share == pytest.approx((1.0, 1.0))
    assert first.kinds[0].visible_m == pytest.approx(45 * CELL, rel=1e-3)
    # The nearest eye is that of the first station, 0.75 cells from the end, the nearest cell (11, 6): 19 rows north.
    assert first.kinds[0].nearest_m == pytest.approx(CELL * hypot(19, 0.25), rel=2e-3)
    assert first.kinds[0].corridor_m == pytest.approx(18.5 * CELL, rel=2e-3)
    # Lines to (15, 50) pass the wall's row 20 at column 50 + (c - 50) / 3 < 29 only for c < -13: never.
    assert second.in_sight == "no"
    assert second.kinds[0].visible_m == 0.0
    assert second.kinds[0].nearest_m is None
    assert seen.blind == 0
    assert floor(seen.counts.max()) == len(seen.stations)


def test_a_hole_in_the_model_is_told_and_not_taken_for_hidden() -> None:
    grid = flat()
    heights = grid.heights.copy()
    heights[20, :] = np.nan
    grid = Elevation(heights, grid.crs, grid.west, grid.north, CELL, CELL)
    line = line_of(grid, (30, 5), (30, 50))
    (parcel,) = viewshed(grid, [line], [lonlat_box(grid, 10, 5, 12, 7)], SightParameters()).parcels
    assert parcel.in_sight == "not known"
    assert parcel.share == pytest.approx((0.0, 1.0))
    assert parcel.kinds[0].unknown_m == pytest.approx(45 * CELL, rel=1e-3)
    assert parcel.kinds[0].visible_m == 0.0


def test_a_station_that_sees_a_part_is_no_doubt_where_another_part_is_not_known() -> None:
    grid = flat()
    heights = grid.heights.copy()
    heights[20, 6] = np.nan
    grid = Elevation(heights, grid.crs, grid.west, grid.north, CELL, CELL)
    seen = viewshed(grid, [line_of(grid, (30, 5), (30, 50))], [lonlat_box(grid, 10, 5, 12, 7)], SightParameters())
    assert seen.doubted.any()
    (parcel,) = seen.parcels
    # Every cell is seen by some station, every station sees some cell.
    assert (parcel.unknown_m2, parcel.kinds[0].unknown_m) == (0.0, 0.0)
    assert parcel.kinds[0].visible_m == pytest.approx(45 * CELL, rel=1e-3)


def test_kinds_of_lines_are_counted_apart() -> None:
    grid = flat()
    heights = grid.heights.copy()
    heights[25, :] = 850.0
    grid = Elevation(heights, grid.crs, grid.west, grid.north, CELL, CELL)
    rail, road = line_of(grid, (5, 5), (5, 15)), line_of(grid, (35, 5), (35, 25), kind="expressway")
    (parcel,) = viewshed(grid, [rail, road], [lonlat_box(grid, 10, 5, 12, 7)], SightParameters(step_m=60.0)).parcels
    one, other = parcel.kinds
    assert (one.kind, other.kind) == ("high-speed-rail", "expressway")
    assert one.visible_m == pytest.approx(10 * CELL, rel=1e-3)
    assert (other.visible_m, other.nearest_m, other.nearest) == (0.0, None, None)
    assert one.corridor_m == pytest.approx(4.5 * CELL, rel=2e-3)
    assert other.corridor_m == pytest.approx(23.5 * CELL, rel=2e-3)
    assert parcel.share == pytest.approx((1.0, 1.0))


def test_stations_stand_in_the_middle_of_equal_pieces() -> None:
    grid = flat()
    stations = stations_of([line_of(grid, (5, 0), (5, 31.4))], 200.0)
    assert len(stations) == 5  # 942 m
    assert stations.length_m.sum() == pytest.approx(942.0, rel=1e-3)
    columns = grid.places(stations.lonlat)[1]
    assert columns == pytest.approx(31.4 * (np.arange(5) + 0.5) / 5, abs=1e-3)
    assert len(stations_of([line_of(grid, (5, 0), (5, 31.4))], 200.0, (0.0, 0.0, 1.0, 1.0))) == 0


@settings(max_examples=15, deadline=None)
@given(
    row=st.floats(-900, 900), column=st.floats(-900, 900), far_row=st.floats(-900, 900), far_column=st.floats(-900, 900)
)
def test_distances_are_those_of_a_dense_search(row: float, column: float, far_row: float, far_column: float) -> None:
    grid = flat()
    line, parcel = line_of(grid, (row, column), (far_row, far_column + 1)), lonlat_box(grid, 10, 5, 12, 7)
    # Every 20 m of both, all against all: too long by 20 m at most, and not at all where they are far apart.
    along = shapely.get_coordinates(shapely.segmentize(line.geometry, 2e-4))
    edge = shapely.get_coordinates(shapely.segmentize(parcel.exterior, 2e-4))
    one, other = np.repeat(along, len(edge), axis=0), np.tile(edge, (len(along), 1))
    best = float(np.min(Geod(ellps="GRS80").inv(*one.T, *other.T)[2]))
    found = float(distances_m([parcel], [line])[0])
    assert best - 20 - 1e-5 * best < found <= best * (1 + 1e-5) + 0.01


def test_distances_are_geodesic() -> None:
    grid = flat()
    line, parcel = line_of(grid, (30, 0), (30, 59)), lonlat_box(grid, 10, 5, 12, 7)
    assert distances_m([parcel, None], [line])[0] == pytest.approx(18.5 * CELL, rel=1e-3)
    assert np.isnan(distances_m([parcel, None], [line])[1])
    assert np.isnan(distances_m([parcel], [])[0])
    inside = grid.lonlat(np.array([10.5]), np.array([5.5]))[0]
    assert distance_to_point_m(parcel, (float(inside[0]), float(inside[1]))) == 0.0
