"""Certainty looks only at borders that can matter: what is left out must not, and where it ends is farther off."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, box_m, features, footprint, metres
from three_ways import compared
from two_forms import TOLERANCE_M2
from zoning.overlay.certainty import _near_edges
from zoning.overlay.measure import PlaneLayer, measure
from zoning.overlay.overlap import LayerOverlap

CRS = "EPSG:4525"
PLACE = shapely.box(0, 0, 20, 20)


def road(seed: int, steps: int, width_m: float, turn: float) -> BaseGeometry:
    """Return a winding band in EPSG:4525, 100 m for every step."""
    chance = np.random.default_rng(seed)
    turns = np.cumsum(chance.normal(0, turn, steps))
    middle = np.cumsum(100 * np.column_stack([np.cos(turns), np.sin(turns)]), axis=0) + metres(0, 0)
    band: BaseGeometry = shapely.buffer(shapely.LineString(middle), width_m / 2, cap_style="flat")
    return band


def rings(count: int, seed: int) -> list[tuple[BaseGeometry, str]]:
    """Return ragged zones along the way of a road, some over each other."""
    chance = np.random.default_rng(seed)
    found: list[tuple[BaseGeometry, str]] = []
    for number in range(count):
        corners = int(chance.integers(4, 60))
        turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
        reach = chance.uniform(100, 900) * chance.uniform(0.6, 1, corners)
        middle = metres(float(chance.uniform(-1000, 5000)), float(chance.uniform(-3000, 3000)))
        zone = shapely.Polygon(np.asarray(middle) + reach[:, None] * np.column_stack([np.cos(turns), np.sin(turns)]))
        found.append((zone, f"level-{1 + number % 2}"))
    return found


def check(
    site: BaseGeometry, zones: list[tuple[BaseGeometry, str]], accuracy_m: float
) -> tuple[LayerOverlap, list[str]]:
    """Return the overlap of a site, and what the slow oracle says otherwise."""
    layer = PlaneLayer.of(features(zones, crs=CRS, accuracy_m=accuracy_m), PLANE)
    place = footprint(site, CRS)
    found = measure(place, layer, search_m=3000.0, tolerance_m2=TOLERANCE_M2)
    return found, compared(found, place, layer)


@pytest.mark.parametrize("accuracy_m", [5.0, 30.0, 100.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sprawling_road_is_as_certain_as_with_the_whole_border(seed: int, accuracy_m: float) -> None:
    zones = rings(14, seed)
    site = road(seed, 60, 30.0, 0.3)
    found, wrong = check(site, zones, accuracy_m)
    # Most of its box has to lie far from it, else nothing is left out.
    place = footprint(site, CRS)
    assert shapely.box(*place.box(2 * 51.2)).area > 4 * place.surroundings(51.2).area
    assert found.classes
    assert wrong == []


@pytest.mark.parametrize("width_m", [8.0, 60.0, 200.0])
def test_a_road_that_winds_around_its_zone(width_m: float) -> None:
    found, wrong = check(road(7, 80, width_m, 0.9), [*rings(6, 8), (box_m(-3000, -3000, 3000, 3000), "level-1")], 30.0)
    assert found.status == "affected"
    assert wrong == []


@pytest.mark.parametrize("metres_", [10.0, 51.2, 204.8])
def test_surroundings_hold_everything_within_the_metres(metres_: float) -> None:
    for site in (road(3, 70, 20.0, 0.4), road(4, 200, 6.0, 0.1), box_m(0, 0, 40, 900)):
        place = footprint(site, CRS)
        near = place.frame.to_plane([place.frame.to_frame([place.geometry])[0].buffer(metres_, quad_segs=64)])[0]
        assert place.surroundings(metres_).covers(near)


@st.composite
def borders(draw: st.DrawFn) -> BaseGeometry:
    """Draw rings and lines around a place, wherever they begin."""
    count = draw(st.integers(4, 40))
    reach = np.asarray(draw(st.lists(st.integers(3, 90), min_size=count, max_size=count)))
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    x, y = draw(st.integers(-40, 60)), draw(st.integers(-40, 60))
    star = shapely.Polygon(np.column_stack([x + reach * np.cos(turns), y + reach * np.sin(turns)]))
    first = draw(st.integers(0, count - 1))
    ring = np.roll(shapely.get_coordinates(star)[:-1], first, axis=0)
    other = shapely.LineString([(-200, draw(st.integers(-30, 50))), (200, draw(st.integers(-30, 50)))])
    lines = [shapely.LineString([*ring, ring[0]]), other]
    return shapely.MultiLineString(lines[: draw(st.integers(1, 2))])


@given(borders(), st.integers(1, 60))
def test_all_edges_within_the_metres_are_kept_and_no_others(lines: BaseGeometry, within: int) -> None:
    found = _near_edges(lines, PLACE, within)
    kept = edges(found)
    expected = [edge for edge in edges(lines) if edge.distance(PLACE) <= within]
    if len(expected) < len(edges(lines)):
        assert sorted(ends(edge) for edge in kept) == sorted(ends(edge) for edge in expected)
    else:
        assert found is lines


@given(borders(), st.integers(1, 60))
def test_runs_end_farther_off_than_the_metres_or_where_the_line_ends(lines: BaseGeometry, within: int) -> None:
    ends_of_lines = {tuple(xy) for line in shapely.get_parts(lines) if not line.is_ring for xy in ends(line)}
    for run in shapely.get_parts(_near_edges(lines, PLACE, within)):
        if run.is_empty or run.is_ring:
            continue
        for end in (run.coords[0], run.coords[-1]):
            # An end nearer than that would get a round cap that bites into what is deep.
            assert tuple(end) in ends_of_lines or shapely.Point(end).distance(PLACE) > within


@given(borders(), st.integers(1, 60), st.floats(0.05, 1.0))
def test_a_band_along_the_kept_edges_covers_what_one_along_all_covers(
    lines: BaseGeometry, within: int, part: float
) -> None:
    by = within * part
    whole = shapely.difference(PLACE, lines.buffer(by))
    near = shapely.difference(PLACE, _near_edges(lines, PLACE, within).buffer(by))
    # GEOS straightens what it buffers by up to 1 % of the metres.
    assert shapely.symmetric_difference(whole, near).area <= 0.02 * by * (whole.length + near.length) + 1e-9


def test_a_ring_that_begins_beside_the_place_is_not_cut_there() -> None:
    ring = shapely.box(-5, -5, 200, 200).exterior
    seam = np.roll(shapely.get_coordinates(shapely.segmentize(ring, 5.0))[:-1], 7, axis=0)
    line = shapely.MultiLineString([[*seam, seam[0]]])
    for shift in range(0, len(seam), 3):
        turned = np.roll(seam, shift, axis=0)
        found = _near_edges(shapely.MultiLineString([[*turned, turned[0]]]), PLACE, 10.0)
        assert len(shapely.get_parts(found)) == 1
        assert found.length < line.length / 2


def edges(lines: BaseGeometry) -> list[BaseGeometry]:
    """Return the edges of lines one by one."""
    pairs = [np.stack([xy[:-1], xy[1:]], axis=1) for xy in map(shapely.get_coordinates, shapely.get_parts(lines))]
    return shapely.get_parts(shapely.multilinestrings(np.concatenate(pairs))).tolist() if pairs else []


def ends(line: BaseGeometry) -> list[list[float]]:
    """Return the two ends of a line, the smaller first."""
    xy = shapely.get_coordinates(line)
    return sorted([xy[0].tolist(), xy[-1].tolist()])
