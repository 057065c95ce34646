"""What holds for every footprint: sound ones have no faults, planted faults are found, areas add up."""

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from broken_shapes import PLANE_SHARE, judged, site_of
from zoning.overlay.repair import repair_polygons
from zoning.quality.neighbours import overlaps_of
from zoning.sites.site import Site

Points = NDArray[np.float64]


@st.composite
def stars(draw: st.DrawFn) -> Points:
    """Return the vertices of a sound polygon some hundred metres wide, in whole metres, without needles."""
    count = draw(st.integers(min_value=5, max_value=16))
    radii = np.array(draw(st.lists(st.integers(150, 250), min_size=count, max_size=count)))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.round(np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]))


@st.composite
def scribbles(draw: st.DrawFn) -> Points:
    """Return vertices in any order, no three of them on a line by chance: 0.1 mm steps."""
    count = draw(st.integers(min_value=4, max_value=12))
    seed = draw(st.integers(min_value=0, max_value=2**32 - 1))
    return np.round(np.random.default_rng(seed).uniform(0, 500, (count, 2)), 4)


@given(stars())
def test_sound_polygons_have_no_faults(star: Points) -> None:
    found = judged(shapely.Polygon(star))
    assert (found.faults, found.steps) == ((), ())
    assert found.area_before_m2 == found.area_after_m2


@given(stars(), st.data())
def test_planted_faults_are_found_and_no_others(star: Points, data: st.DataObject) -> None:
    count = len(star)
    chosen = data.draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=3, unique=True))
    kinds = [data.draw(st.sampled_from(["duplicate-points", "spike", "short-edge"])) for _ in chosen]
    planted = dict(zip(chosen, kinds, strict=True))
    path: list[list[float]] = []
    for vertex, point in enumerate(star.tolist()):
        path.append(point)
        if planted.get(vertex) == "duplicate-points":
            path.append(point)
        elif planted.get(vertex) == "spike":
            # Away from the middle nothing is in the way.
            path += [[point[0] * 1.5, point[1] * 1.5], point]
        elif planted.get(vertex) == "short-edge":
            after = star[(vertex + 1) % count] - point
            path.append((point + after / np.hypot(*after) * 0.006).tolist())
    found = judged(shapely.Polygon(path))
    assert found.counts == {kind: kinds.count(kind) for kind in kinds}
    assert found.area_after_m2 == pytest.approx(judged(shapely.Polygon(star)).area_after_m2, rel=1e-6)


@given(scribbles())
def test_crossings_are_those_of_the_plain_search(points: Points) -> None:
    found = judged(shapely.Polygon(points))
    assert found.counts.get("self-crossing", 0) == len(_crossings(points))
    assert "self-touch" not in found.counts


def _crossings(points: Points) -> set[tuple[float, float]]:
    """Return where edges cross: every pair of edges by the signs of four triangles."""
    edges = list(zip(points, np.roll(points, -1, axis=0), strict=True))
    crossed = set()
    for (a, b), (c, d) in combinations(edges, 2):
        sides = [_side(a, b, c) * _side(a, b, d), _side(c, d, a) * _side(c, d, b)]
        if max(sides) < 0:
            x, y = np.round(a + _share(a, b, c, d) * (b - a), 3).tolist()
            crossed.add((x, y))
    return crossed


def _side(a: Points, b: Points, p: Points) -> float:
    return float(np.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])))


def _share(a: Points, b: Points, c: Points, d: Points) -> float:
    run, other = b - a, d - c
    return float(((c - a)[0] * other[1] - (c - a)[1] * other[0]) / (run[0] * other[1] - run[1] * other[0]))


@given(scribbles())
def test_changes_add_up_to_after_minus_before(points: Points) -> None:
    found = judged(shapely.Polygon(points))
    assert sum(step.area_change_m2 for step in found.steps) == pytest.approx(
        found.area_after_m2 - found.area_before_m2, abs=1e-6 * max(found.area_after_m2, 1)
    )
    # As drawn: the shoelace formula, whichever way the loops run.
    x, y = points.T
    signed = abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
    assert found.area_before_m2 == pytest.approx(signed * PLANE_SHARE, rel=1e-4, abs=20)


@given(scribbles(), scribbles(), scribbles())
def test_changes_add_up_with_holes_and_parts(shell: Points, hole: Points, part: Points) -> None:
    drawn = shapely.MultiPolygon([shapely.Polygon(shell, [hole]), shapely.Polygon(part)])
    repaired = repair_polygons(drawn, lambda geometry: float(shapely.area(shapely.get_parts(geometry)).sum()))
    rings = [shapely.Polygon(points).area for points in (shell, hole, part)]
    before = rings[0] - rings[1] + rings[2]
    changes = sum(entry.area_change_m2 for entry in repaired.repairs)
    assert before + changes == pytest.approx(repaired.geometry.area, abs=1e-3)
    assert repaired.geometry.is_valid


@given(st.lists(st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(5, 40)] * 2), min_size=2, max_size=8))
def test_overlaps_are_those_of_every_pair(boxes: list[tuple[int, int, int, int]]) -> None:
    shapes = [shapely.box(x, y, x + wide, y + high) for x, y, wide, high in boxes]
    sites = tuple(_numbered(site_of(shape), n) for n, shape in enumerate(shapes))
    expected = {
        (one, other): shapes[one].intersection(shapes[other]).area
        for one, other in combinations(range(len(shapes)), 2)
        if shapes[one].intersection(shapes[other]).area > 0
    }
    found = {(pair.first, pair.second): pair.area_m2 / PLANE_SHARE for pair in overlaps_of(sites).pairs}
    assert found == {pair: pytest.approx(area, rel=1e-5) for pair, area in expected.items()}


def _numbered(site: Site, number: int) -> Site:
    return Site(str(number), site.name, site.geometry, site.crs, site.source)
