"""Before and after: the changes of all repairs add up to the area after minus the area as it was drawn."""

import pytest
import shapely

from broken_shapes import PLANE_SHARE, SHAPES, SQUARE, judged, ring, site_of
from overlay_world import PLANE
from zoning.overlay.footprint import Footprint
from zoning.overlay.repair import repair_polygons
from zoning.overlay.ring_edges import meeting_edges, out_and_back
from zoning.quality.site_quality import quality_of
from zoning.sites.site import Repair
from zoning.texts import Text


def area(geometry: object) -> float:
    return float(shapely.area(geometry).sum())  # type: ignore[call-overload]  # Shapely's types leave it open


@pytest.mark.parametrize("name", SHAPES)
def test_the_chain_of_areas_is_unbroken(name: str) -> None:
    found = judged(SHAPES[name][0])
    before = found.area_before_m2
    for step in found.steps:
        assert step.area_before_m2 == pytest.approx(before, abs=1e-6)
        assert step.area_after_m2 - step.area_before_m2 == pytest.approx(step.area_change_m2, abs=1e-6)
        before = step.area_after_m2
    assert before == pytest.approx(found.area_after_m2, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "before", "after", "kinds"),
    [
        ("a bow-tie", 0, 5_000, ["self-crossing"]),
        ("a spike out and back", 10_000, 10_000, ["spikes"]),
        ("a hole on a bridge", 8_400, 8_400, ["self-crossing"]),
        # The triangle outside had been taken off and is now part of the footprint: twice 200 m².
        ("a hole outside", 9_800, 10_200, ["ring-roles"]),
        ("a hole across the outline", 9_400, 10_200, ["ring-roles"]),
        ("two holes over each other", 8_700, 8_800, ["ring-roles"]),
        ("a part in a part", 10_900, 10_000, ["ring-roles"]),
        ("parts over each other", 11_800, 11_500, ["overlapping-parts"]),
        ("parts with an edge in common", 11_500, 11_500, ["adjoining-parts"]),
        ("repeated points", 10_000, 10_000, ["duplicate-vertices"]),
        ("a part without area", 10_000, 10_000, ["collapsed-parts"]),
    ],
)
def test_areas_before_and_after_by_hand(name: str, before: float, after: float, kinds: list[str]) -> None:
    found = judged(SHAPES[name][0])
    assert found.area_before_m2 == pytest.approx(before * PLANE_SHARE, rel=1e-5, abs=0.01)
    assert found.area_after_m2 == pytest.approx(after * PLANE_SHARE, rel=1e-5)
    assert [step.kind for step in found.steps] == kinds


def test_the_repairs_of_the_reader_come_first() -> None:
    regrouped = Repair("ring-roles", 1, -400.0, Text("改判", "regrouped"))
    found = quality_of(Footprint.of(site_of(SHAPES["a bow-tie"][0], repairs=(regrouped,)), PLANE))
    first, second = found.steps
    assert first.kind == "ring-roles"
    assert first.area_before_m2 == pytest.approx(400, abs=0.01)
    assert first.area_after_m2 == pytest.approx(0, abs=0.01)
    assert second.area_after_m2 == found.area_after_m2


def test_a_crossing_hole_takes_from_the_footprint_what_it_wins() -> None:
    # Drawn signed, the two loops of the hole cancel; both are holes, 25 m² each.
    bow = shapely.Polygon(SQUARE, [[(20, 20), (30, 30), (30, 20), (20, 30)]])
    repaired = repair_polygons(bow, area)
    assert repaired.geometry.area == pytest.approx(10_000 - 50)
    (entry,) = repaired.repairs
    assert entry.kind == "self-crossing"
    assert entry.area_change_m2 == pytest.approx(-50)


def test_crossing_and_wrong_place_of_one_hole_are_two_repairs() -> None:
    bow = shapely.Polygon(SQUARE, [[(90, 20), (110, 40), (110, 20), (90, 40)]])
    repaired = repair_polygons(bow, area)
    # Two triangles of 100 m²: the left one lies in the square, the right one is outside and so a part.
    assert repaired.geometry.area == pytest.approx(10_000 - 100 + 100)
    changes = {entry.kind: entry.area_change_m2 for entry in repaired.repairs}
    assert changes == {"self-crossing": pytest.approx(-200), "ring-roles": pytest.approx(200)}


def test_out_and_back_leaves_three_vertices() -> None:
    line = shapely.get_coordinates(ring((0, 0), (10, 0), (20, 0), (10, 0)))[:-1]
    assert sum(map(len, out_and_back(line))) == 1
    assert out_and_back(shapely.get_coordinates(shapely.box(0, 0, 1, 1))[:-1]) == []


def test_edges_that_follow_each_other_do_not_meet() -> None:
    assert meeting_edges(shapely.get_coordinates(shapely.box(0, 0, 1, 1))[:-1]).tolist() == []
    bow = shapely.get_coordinates(SHAPES["a bow-tie"][0])[:-1]
    assert meeting_edges(bow).tolist() == [[0, 2]]


def test_crossings_too_near_to_each_other_for_the_numbers_are_put_on_a_grid() -> None:
    # Decimetres beside 37,627 km: noding exactly does not come to an end.
    shell = [(0.7, 1), (0.6, 0.6), (0.1, 0.6), (0.2, 0.4), (0.4, 1), (0.6, 0.7), (0.2, 0.3), (0.9, 0.1), (1, 0.4)]
    shell += [(0.4, 0.5), (0.4, 0.7), (0.3, 0.2)]
    hole = [(0.5, 0.8), (0.1, 0.4), (0.8, 0.3), (0.8, 0.7), (0, 0.4), (0.8, 0.5), (0.7, 1), (0.7, 0.5), (0.8, 0.4)]
    hole += [(0, 0.3), (0.6, 0.9), (0.6, 0.3)]
    found = judged(shapely.Polygon(shell, [hole]))
    assert found.area_before_m2 + sum(step.area_change_m2 for step in found.steps) == pytest.approx(
        found.area_after_m2, abs=1e-6
    )
    assert 0 < found.area_after_m2 < 1
