"""Layers against the land that they speak of: gaps, nothing at all, and zones that reach beyond."""

from collections.abc import Sequence

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import EAST_LAND, FIRST, SECOND, WEST_LAND, MadeScene, Zone, audit_layer, scene
from overlay_world import box_m
from zoning.citations import Citation
from zoning.planning.audit.coverage import coverage_findings, gap_findings
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.scene import AuditLayer

CITED = Citation(document="plan", section="第一章")


def units(zones: Sequence[Zone], *, covers: tuple[str, ...] = (FIRST,), accuracy_m: float = 0.0) -> AuditLayer:
    land = shapely.union_all([{FIRST: WEST_LAND, SECOND: EAST_LAND}[code] for code in covers])
    made = audit_layer("units", zones, covers=covers, coverage=land)
    definition = made.layer.model_copy(update={"accuracy_m": accuracy_m})
    return AuditLayer(definition, made.features, made.plane, None)


def gaps(zones: Sequence[Zone], *, covers: tuple[str, ...] = (FIRST,), wanted: tuple[str, ...] = ()) -> list[Finding]:
    layer = units(zones, covers=covers)
    return list(gap_findings(scene(layer, wanted=wanted), layer, None))


def covered(layer: AuditLayer, made: MadeScene | None = None) -> list[Finding]:
    return list(coverage_findings(scene(layer) if made is None else made, layer))


def test_a_layer_that_fills_its_territory_has_no_gap() -> None:
    assert gaps([("U1", "one", box_m(0, 0, 400, 1000)), ("U2", "one", box_m(400, 0, 1000, 1000))]) == []


def test_a_gap_is_told_with_its_neighbours() -> None:
    zones = [("U2", "one", box_m(0, 0, 400, 1000)), ("U1", "one", box_m(410, 0, 1000, 1000))]
    (found,) = gaps(zones)
    assert (found.kind, found.zones, found.territory) == ("gap", ("U1", "U2"), FIRST)
    assert found.area_m2 == pytest.approx(10_000.0, rel=1e-3)
    assert found.area_m2 == found.geometry.area
    assert found.text.zh.endswith(" 不属于任何区，在 U1、U2 旁")
    assert found.text.en.endswith(" belong to no zone, beside U1, U2")
    assert found.citations == ()


def test_a_narrow_gap_is_called_so() -> None:
    (found,) = gaps([("U1", "one", box_m(0, 0, 400, 1000)), ("U2", "one", box_m(400.3, 0, 1000, 1000))])
    assert found.kind == "sliver"
    assert found.text.zh.endswith(" 不属于任何区（窄缝），在 U1、U2 旁")
    assert found.text.en.endswith(" belong to no zone (a narrow strip), beside U1, U2")


def test_a_gap_with_many_neighbours_names_five() -> None:
    zones = [(f"U{n}", "one", box_m(100.0 * n, 0, 100.0 * (n + 1), 900)) for n in range(10)]
    (found,) = gaps(zones)
    assert found.zones == ("U0", "U1", "U2", "U3", "U4")


def test_what_demands_a_partition_is_cited() -> None:
    layer = units([("U1", "one", box_m(0, 0, 1000, 900))])
    (found,) = gap_findings(scene(layer), layer, CITED)
    assert found.citations == (CITED,)


def test_tiny_gaps_of_a_territory_are_summed() -> None:
    holes = [box_m(10.0 * n + 5, 5, 10.0 * n + 5.7, 5.7) for n in range(20)]
    (found,) = gaps([("U0", "one", shapely.difference(WEST_LAND, shapely.union_all(holes)))])
    assert (found.kind, found.severity, found.detail) == ("sliver", "note", f"gap:{FIRST}")
    assert found.area_m2 == pytest.approx(20 * 0.7**2, rel=0.01)
    assert found.text.zh.startswith("units：空隙：另有 20 处")
    assert found.text.en.startswith("units: gaps: 20 more")


def test_each_territory_has_gaps_of_its_own() -> None:
    zones = [("U1", "one", box_m(0, 0, 900, 1000)), ("U2", "one", box_m(1100, 0, 2000, 1000))]
    found = gaps(zones, covers=(FIRST, SECOND))
    assert sorted(one.territory or "" for one in found) == [FIRST, SECOND]
    assert [one.territory for one in gaps(zones, covers=(FIRST, SECOND), wanted=(SECOND,))] == [SECOND]


def test_a_territory_without_any_zone_is_told_once_and_not_as_a_gap() -> None:
    layer = units([("U1", "one", WEST_LAND)], covers=(FIRST, SECOND))
    assert list(gap_findings(scene(layer), layer, None)) == []
    (found,) = covered(layer)
    assert (found.kind, found.territory, found.zones, found.placed) == ("no-zones", SECOND, (), False)
    assert found.text.zh == (
        "units声明覆盖 140825，但那里没有任何区：核查会答“不涉及”；请核实确无此类区，或改正覆盖范围"
    )
    assert found.text.en == (
        "units: it states to cover 140825 and has no zone there, so checks answer 'not affected'; make sure that there "
        "are none, or correct the coverage"
    )


def test_an_empty_layer_with_a_shape_of_its_own_is_told() -> None:
    layer = audit_layer("units", [], coverage=WEST_LAND)
    (found,) = covered(layer)
    assert found.territory is None
    assert found.text.zh.startswith("units声明覆盖 覆盖范围，但那里没有任何区")
    assert found.text.en.startswith("units: it states to cover its coverage and has no zone there")


@pytest.mark.parametrize(
    ("zone", "kinds"),
    [
        (box_m(1400, 400, 1500, 500), []),
        (box_m(1400, 400, 1400.1, 400.1), []),
        (box_m(900, 400, 1000, 500), ["no-zones"]),
        # What rounding alone carries over the border is no zone there.
        (box_m(900, 400, 1000.005, 500), ["no-zones"]),
        (box_m(900, 400, 1000.02, 500), []),
    ],
    ids=["inside", "tiny", "beside", "half a square metre", "two square metres"],
)
def test_a_zone_of_the_neighbour_at_the_border_is_none_of_the_territory(zone: BaseGeometry, kinds: list[str]) -> None:
    layer = units([("U1", "one", box_m(0, 0, 500, 500)), ("U2", "one", zone)], covers=(FIRST, SECOND))
    assert [one.kind for one in covered(layer)] == kinds


def test_a_zone_that_reaches_out_of_the_coverage_is_told() -> None:
    (found,) = covered(units([("U1", "one", box_m(900, 0, 1200, 1000))]))
    assert (found.kind, found.zones, found.severity, found.placed) == ("outside-coverage", ("U1",), None, True)
    assert found.area_m2 == pytest.approx(200_000.0, rel=1e-3)
    assert found.text.zh.startswith("units“U1”有 ")
    assert found.text.zh.endswith(" 在图层的覆盖范围之外：那里的地块得到“数据缺失”")
    assert found.text.en.endswith(" lie outside the coverage of the layer; sites there get 'no data'")


@pytest.mark.parametrize(("reach_m", "kinds"), [(4.5, [True]), (5.5, [False])])
def test_strips_within_the_accuracy_are_one_note(reach_m: float, kinds: list[bool]) -> None:
    layer = units([("U1", "one", box_m(900, 0, 1000 + reach_m, 1000))], accuracy_m=5.0)
    assert [one.detail == "within accuracy" for one in covered(layer)] == kinds


def test_the_note_on_strips_says_how_many_and_how_far() -> None:
    boxes = (box_m(900, 100, 1002, 300), box_m(900, 400, 1002, 900))
    zones = [(f"U{number}", "one", box) for number, box in enumerate(boxes)]
    (found,) = covered(units(zones, accuracy_m=5.0))
    assert (found.zones, found.severity, found.placed) == ((), "note", False)
    assert found.area_m2 == pytest.approx(1400.0, rel=1e-2)
    assert "覆盖范围之外有 2 处窄条" in found.text.zh
    assert found.text.zh.endswith("都在位置精度（5 米）之内")
    assert "2 strips outside the coverage" in found.text.en
    assert found.text.en.endswith("all within the accuracy (5 m)")


def test_what_is_below_the_least_area_is_no_issue() -> None:
    assert covered(units([("U1", "one", box_m(990, 0, 1000.9, 1))])) == []
    assert covered(units([("U1", "one", box_m(990, 0, 1000.9, 1))], accuracy_m=5.0)) == []


def test_zones_that_do_not_meet_the_wanted_land_are_left_to_their_own_audit() -> None:
    zones = [("U1", "one", box_m(100, 100, 200, 200)), ("U2", "one", box_m(1500, 0, 2500, 100))]
    layer = units(zones, covers=(FIRST, SECOND))
    assert [one.zones for one in covered(layer)] == [("U2",)]
    assert covered(layer, scene(layer, wanted=(FIRST,))) == []
    assert [one.zones for one in covered(layer, scene(layer, wanted=(SECOND,)))] == [("U2",)]


def test_lines_may_reach_out_of_the_coverage() -> None:
    line = shapely.LineString([*box_m(500, 100, 1500, 200).exterior.coords][:3])
    layer = audit_layer("rivers", [("L1", "one", line)], covers=(FIRST,), coverage=WEST_LAND)
    assert layer.layer.geometry == "line"
    assert covered(layer) == []
