"""Common borders of neighbours, and layers drawn on each other: found where they differ, not where they end."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import FIRST, SECOND, MadeScene, audit_layer, scene
from overlay_world import box_m
from zoning.errors import LayerError
from zoning.planning.audit.borders import neighbour_findings, own_border_findings, shift_findings
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.plan import Neighbours, SharedBorders

Corners = Sequence[tuple[float, float]]


def moved(shape: BaseGeometry, x: float, y: float) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: xy + np.array([x, y]))


def polygon(*corners: tuple[float, float]) -> BaseGeometry:
    return moved(shapely.Polygon(corners), 37_627_000.0, 3_930_000.0)


def own(west: BaseGeometry, east: BaseGeometry, wanted: Sequence[str] = (), **plan: Any) -> list[Finding]:
    layer = audit_layer("red", [("W", "one", west), ("E", "one", east)])
    return list(own_border_findings(scene(layer, wanted=wanted, **plan), layer))


WEST = box_m(500, 100, 1000, 900)


def test_neighbours_that_share_a_border_have_no_finding() -> None:
    assert own(WEST, box_m(1000, 100, 1500, 900)) == []


@pytest.mark.parametrize(
    ("apart_m", "found"),
    [(0.05, False), (0.09, False), (0.12, True), (5.0, True), (29.0, True), (31.0, False), (200.0, False)],
)
def test_borders_that_are_meant_to_be_one_and_are_apart(apart_m: float, found: bool) -> None:
    findings = own(WEST, box_m(1000 + apart_m, 100, 1500, 900))
    assert bool(findings) is found
    for one in findings:
        assert one.offset_m == pytest.approx(apart_m, rel=0.02)
        assert one.length_m == pytest.approx(800, abs=11)
        assert one.area_m2 == pytest.approx(800 * apart_m, rel=0.04)


def test_borders_that_overlap_differ_as_well() -> None:
    (one,) = own(WEST, box_m(995, 100, 1500, 900))
    assert one.offset_m == pytest.approx(5, rel=0.02)


def test_a_finding_names_both_sides() -> None:
    (one,) = own(WEST, box_m(1005, 100, 1500, 900))
    assert (one.kind, one.layers, one.zones, one.detail) == ("border-mismatch", ("red",), (), f"{FIRST}|{SECOND}")
    assert one.text.zh.startswith("甲县一侧的red与乙县一侧的red的公共边界不一致：约 800 米长，平均相差 5.0")
    assert one.text.zh.endswith("米")
    assert one.text.en.startswith("red on the side of 甲县 and red on the side of 乙县 have different common borders: ")
    assert "along 800 m" in one.text.en
    west, south, east, north = (value for value in one.geometry.bounds)
    assert (north - south) * (east - west) > 0
    assert (one.severity, one.territory, one.dx_m, one.citations) == (None, None, None, ())


@pytest.mark.parametrize(
    ("south", "north", "count"),
    # A difference must run 30 m along the border: three points of ten metres.
    [(400, 415, 0), (400, 422, 0), (400, 440, 1), (400, 600, 1)],
)
def test_a_short_difference_is_none(south: float, north: float, count: int) -> None:
    bay = polygon((1000, 100), (1500, 100), (1500, 900), (1000, 900), (1000, north), (1003, north), (1003, south),
                  (1000, south))  # fmt: skip
    assert len(own(WEST, bay)) == count


def test_each_stretch_that_differs_is_told_by_itself() -> None:
    bays = polygon(
        (1000, 100), (1500, 100), (1500, 900), (1000, 900), (1000, 800), (1004, 800), (1004, 700), (1000, 700),
        (1000, 300), (1002, 300), (1002, 200), (1000, 200),
    )  # fmt: skip
    found = own(WEST, bays)
    assert sorted(round(one.offset_m or 0) for one in found) == [2, 4]
    assert [one.length_m for one in found] == [pytest.approx(100, abs=11)] * 2


def test_the_largest_distance_is_told_beside_the_mean() -> None:
    leaning = polygon((1002, 100), (1500, 100), (1500, 900), (1010, 900))
    (one,) = own(WEST, leaning)
    assert one.offset_m == pytest.approx(6, rel=0.05)
    assert "最大 9.9" in one.text.zh
    assert "9.9" in one.text.en.rsplit(",", 1)[-1]


def test_a_border_that_ends_where_another_goes_on_is_no_difference() -> None:
    # They meet in one line, end to end: nothing runs beside the other.
    assert own(box_m(900, 100, 1000, 400), box_m(1005, 420, 1100, 900)) == []


def test_borders_that_stand_across_each_other_are_not_one() -> None:
    roof = polygon((1005, 500), (1400, 100), (1400, 900))
    assert own(WEST, roof) == []


@pytest.mark.parametrize(("reach", "tolerance", "count"), [(3.0, 0.1, 0), (10.0, 0.1, 1), (10.0, 6.0, 0)])
def test_the_plan_says_what_is_meant_to_be_one(reach: float, tolerance: float, count: int) -> None:
    plan: dict[str, Any] = {"parameters": {"border_reach": f"{reach} m", "border_tolerance": f"{tolerance} m"}}
    assert len(own(WEST, box_m(1005, 100, 1500, 900), **plan)) == count


@pytest.mark.parametrize(("wanted", "count"), [((), 1), ((FIRST,), 1), ((SECOND,), 1), ((FIRST, SECOND), 1)])
def test_a_border_is_audited_for_either_neighbour(wanted: tuple[str, ...], count: int) -> None:
    assert len(own(WEST, box_m(1005, 100, 1500, 900), wanted)) == count


def test_a_border_of_two_others_is_not_audited() -> None:
    made = scene(wanted=("149999",))
    layer = audit_layer("red", [("W", "one", WEST), ("E", "one", box_m(1005, 100, 1500, 900))])
    assert list(own_border_findings(made, layer)) == []


def test_zones_of_one_territory_are_one_side() -> None:
    west = [("W1", "one", box_m(500, 100, 1000, 500)), ("W2", "one", box_m(500, 500, 1000, 900))]
    layer = audit_layer("red", [*west, ("E", "one", box_m(1005, 100, 1500, 900))])
    (one,) = own_border_findings(scene(layer), layer)
    assert one.length_m == pytest.approx(800, abs=11)


def test_the_inner_borders_of_a_territory_are_no_common_borders() -> None:
    layer = audit_layer("red", [("W1", "one", box_m(500, 100, 700, 900)), ("W2", "one", box_m(705, 100, 1000, 900))])
    assert list(own_border_findings(scene(layer), layer)) == []


def test_zones_outside_all_territories_have_no_neighbour() -> None:
    layer = audit_layer("red", [("W", "one", WEST), ("E", "one", box_m(3000, 100, 3500, 900))])
    assert list(own_border_findings(scene(layer), layer)) == []


def test_a_layer_without_zones_has_no_border() -> None:
    layer = audit_layer("red", [])
    assert list(own_border_findings(scene(layer), layer)) == []


PAIR = Neighbours.model_validate({"first": "red", "second": "red-east"})


def neighbours(west: BaseGeometry, east: BaseGeometry) -> list[Finding]:
    layers = audit_layer("red", [("W", "one", west)]), audit_layer("red-east", [("E", "one", east)])
    return list(neighbour_findings(scene(*layers), PAIR))


@pytest.mark.parametrize(("apart_m", "count"), [(0.0, 0), (5.0, 1), (100.0, 0)])
def test_layers_of_neighbouring_territories(apart_m: float, count: int) -> None:
    found = neighbours(WEST, box_m(1000 + apart_m, 100, 1500, 900))
    assert len(found) == count
    for one in found:
        assert (one.layers, one.detail) == (("red", "red-east"), "")
        assert one.text.zh.startswith("red与red-east的公共边界不一致")


def test_a_layer_that_is_missing_cannot_be_compared() -> None:
    with pytest.raises(LayerError):
        list(neighbour_findings(scene(audit_layer("red", [("W", "one", WEST)])), PAIR))


SHARED = SharedBorders.model_validate({"first": {"layer": "red"}, "second": {"layer": "town"}})


def jagged(seed: int = 1, count: int = 6) -> list[BaseGeometry]:
    """Return zones whose borders run in all directions, inside the western county."""
    chance = np.random.default_rng(seed)
    found = []
    for n in range(count):
        x, y = 200 + 300 * (n % 3), 250 + 450 * (n // 3)
        angles = np.sort(chance.uniform(0, 2 * np.pi, 14))
        far = 110 * chance.uniform(0.7, 1.0, 14)
        found.append(polygon(*zip(x + far * np.cos(angles), y + far * np.sin(angles), strict=True)))
    return found


def shifted(x: float, y: float, wanted: Sequence[str] = (), **plan: Any) -> list[Finding]:
    shapes = jagged()
    one = audit_layer("red", [(f"R{n}", "one", shape) for n, shape in enumerate(shapes)])
    other = audit_layer("town", [(f"T{n}", "one", moved(shape, x, y)) for n, shape in enumerate(shapes)])
    made: MadeScene = scene(one, other, wanted=wanted, **plan)
    return list(shift_findings(made, SHARED))


@pytest.mark.parametrize(
    ("x", "y", "zh", "en"),
    [
        (0, 12, "北", "north"), (9, 9, "东北", "north-east"), (12, 0, "东", "east"), (9, -9, "东南", "south-east"),
        (0, -12, "南", "south"), (-9, -9, "西南", "south-west"), (-12, 0, "西", "west"), (-9, 9, "西北", "north-west"),
    ],
)  # fmt: skip
def test_a_shift_is_told_with_its_direction(x: float, y: float, zh: str, en: str) -> None:
    (one,) = shifted(x, y)
    assert (one.kind, one.layers, one.territory, one.placed) == ("shift", ("red", "town"), FIRST, False)
    assert one.dx_m == pytest.approx(x, abs=0.4)
    assert one.dy_m == pytest.approx(y, abs=0.4)
    assert one.offset_m == pytest.approx(np.hypot(x, y), abs=0.4)
    assert f"to the {en} of red" in one.text.en
    assert zh in one.text.zh
    assert one.confidence_m is not None
    assert one.confidence_m < 1.0
    assert one.length_m == pytest.approx(6 * 600, rel=0.25)


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (0.3, 0.3), (300.0, 0.0)])
def test_no_shift_is_claimed_below_the_least_and_beyond_the_reach(x: float, y: float) -> None:
    assert shifted(x, y) == []


@pytest.mark.parametrize(
    ("parameters", "count"),
    [({"shift_least": "5 m"}, 1), ({"shift_least": "20 m"}, 0), ({"shift_reach": "20 m"}, 1),
     ({"shift_reach": "6 m"}, 0)],
)  # fmt: skip
def test_the_plan_says_which_shifts_are_told(parameters: dict[str, str], count: int) -> None:
    assert len(shifted(12.0, 0.0, parameters=parameters)) == count


@pytest.mark.parametrize(("wanted", "count"), [((FIRST,), 1), ((SECOND,), 0)])
def test_a_shift_is_looked_for_in_the_wanted_territories(wanted: tuple[str, ...], count: int) -> None:
    assert len(shifted(12.0, 0.0, wanted)) == count


def test_layers_without_zones_have_no_shift() -> None:
    one = audit_layer("red", [(f"R{n}", "one", shape) for n, shape in enumerate(jagged())])
    assert list(shift_findings(scene(one, audit_layer("town", [])), SHARED)) == []
