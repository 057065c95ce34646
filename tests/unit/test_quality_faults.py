"""Faults of single footprints: exactly these kinds, this often, at these places; every figure by hand."""

import numpy as np
import pytest
import shapely

from broken_shapes import PLANE_SHARE, SHAPES, SQUARE, judged, places, ring, site_of, with_holes
from overlay_world import PLANE
from zoning.errors import TangledError
from zoning.overlay.footprint import Footprint
from zoning.quality.site_quality import drawn, quality_of
from zoning.sites.site import Repair, Site
from zoning.texts import Text


@pytest.mark.parametrize("name", SHAPES)
def test_exactly_these_faults_at_these_places(name: str) -> None:
    shape, expected = SHAPES[name]
    found = judged(shape)
    assert [(fault.kind, fault.severity, places(fault)) for fault in found.faults] == expected
    assert sum(found.counts.values()) == len(expected)
    assert all(fault.text.zh and fault.text.en for fault in found.faults)


def test_lengths_are_those_of_the_plane_and_areas_those_of_the_ellipsoid() -> None:
    (spike,) = judged(SHAPES["a spike out and back"][0]).faults
    assert spike.amount == pytest.approx(50)  # 30 east, 40 north
    (nested,) = judged(SHAPES["a part in a part"][0]).faults
    assert nested.amount == pytest.approx(900 * PLANE_SHARE, rel=1e-6)
    assert "重复 899.64 平方米" in nested.text.zh
    (overlap,) = judged(SHAPES["a hole on a bridge"][0]).faults
    assert overlap.amount == pytest.approx(30)


def test_degrees_are_reckoned_in_metres() -> None:
    # 0.00001° are 1.1 m north and 0.9 m east: no very short edge.
    side = 1e-5
    polygon = shapely.Polygon([(112.4, 35.5), (112.4 + side, 35.5), (112.41, 35.51), (112.4, 35.51)])
    assert drawn(Site("1", "n", polygon, "EPSG:4490", "f")).faults == ()
    polygon = shapely.Polygon([(112.4, 35.5), (112.4 + side / 1000, 35.5), (112.41, 35.51), (112.4, 35.51)])
    (fault,) = drawn(Site("1", "n", polygon, "EPSG:4490", "f")).faults
    # The length of the parallel: cos(35.5°) times 1.1132 mm, and a bit more because the earth is flat at its poles.
    assert fault.amount == pytest.approx(0.0009, abs=2e-5)


def test_what_the_file_states_is_compared() -> None:
    square = ring(*SQUARE)
    assert judged(square, stated_area_m2=10_080, stated_points=4).faults == ()
    area, points = judged(square, stated_area_m2=10_110, stated_points=5).faults
    assert (area.kind, area.severity) == ("stated-area", "warning")
    assert area.text.zh == "标注 1.0110 公顷（15.16 亩），按坐标计算为 0.9996 公顷（14.99 亩），相差 1.1%"
    assert points.text.zh == "标注界址点 5 个，实有 4 个"


def test_what_the_reader_repaired_is_told_with_its_place_where_it_is_known() -> None:
    repairs = (
        Repair("closed-ring", 1, 0.0, Text("闭合", "closed")),
        Repair("z-dropped", 3, 0.0, Text("高程", "heights")),
    )
    found = quality_of(Footprint.of(site_of(ring(*SQUARE), repairs=repairs), PLANE))
    assert [(f.kind, places(f)) for f in found.faults] == [
        ("open-ring", [(0, 0, 1, 1), (0, 100, 1, 4)]),
        ("heights", []),
    ]
    # Of two rings only one was open: nobody knows which.
    found = quality_of(Footprint.of(site_of(with_holes(shapely.box(1, 1, 5, 5)), repairs=repairs[:1]), PLANE))
    assert [(f.kind, f.text.zh, places(f)) for f in found.faults] == [("open-ring", "1 个圈的终点与起点不是同一点", [])]


def test_a_footprint_on_both_sides_of_a_zone_border_is_noted() -> None:
    found = quality_of(Footprint.of(Site("1", "n", shapely.box(112.49, 35.5, 112.51, 35.51), "EPSG:4490", "f"), PLANE))
    assert [fault.text.en for fault in found.faults] == [
        "it crosses 112.5°E, the border of two 3° zones; the area is that of the ellipsoid either way"
    ]
    assert found.severity == "note"


def test_counts_and_the_area_in_the_plane() -> None:
    found = judged(with_holes(shapely.box(20, 20, 40, 40)))
    assert (found.size.parts, found.size.rings, found.size.holes, found.size.vertices) == (1, 2, 1, 8)
    assert found.plane_area_m2 == pytest.approx(9_600)
    assert found.plane_excess_ppm == pytest.approx(398, abs=1)


def test_points_and_lines_with_a_width_have_counts_only() -> None:
    line = Site("1", "n", shapely.LineString([(112.4, 35.5), (112.41, 35.5)]), "EPSG:4490", "f", width_m=10.0)
    found = quality_of(Footprint.of(line, PLANE))
    assert (found.faults, found.size.rings, found.size.vertices, found.plane_area_m2) == ((), 0, 2, None)


def test_of_many_faults_all_are_counted_and_a_hundred_of_a_kind_are_listed() -> None:
    angles = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    twice = np.repeat(np.column_stack([500 * np.cos(angles), 500 * np.sin(angles)]), 2, axis=0)
    found = judged(shapely.Polygon(twice))
    assert found.counts == {"duplicate-points": 300}
    assert len(found.faults) == 100


def test_a_tangle_is_refused_before_it_fills_the_memory() -> None:
    numbers = np.random.default_rng(0).uniform(0, 1000, (20_000, 2))
    with pytest.raises(TangledError, match="meets itself more than 20000 times"):
        drawn(site_of(shapely.Polygon(numbers)))


def test_many_holes_and_many_parts_are_judged_all() -> None:
    corners = [(x * 20.0, y * 20.0) for x in range(30) for y in range(30)]
    boxes = [shapely.box(x, y, x + 10, y + 10) for x, y in corners]
    outside = shapely.box(-50, -50, 700, 700).exterior
    holes = [box.exterior for box in boxes] + [shapely.box(5, 5, 15, 15).exterior]
    assert judged(shapely.Polygon(outside, holes)).counts == {"holes-overlap": 1}
    assert judged(shapely.MultiPolygon([*boxes, shapely.box(5, 5, 15, 15)])).counts == {"overlapping-parts": 1}
