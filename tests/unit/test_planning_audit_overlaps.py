"""What zones have in common and must not: of two layers, of one, and the sum of what is tiny."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import EAST_LAND, FIRST, SECOND, Zone, audit_layer, scene
from overlay_world import PLANE, box_m
from zoning.citations import Citation
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.overlaps import Slivers, apart_findings, common_pieces, own_findings, own_pieces
from zoning.planning.audit.plan import Apart
from zoning.texts import Text

CITED = Citation(document="plan", section="第一章")
WHAT = Text("甲", "a")


def boxes(*corners: tuple[float, float, float, float]) -> np.ndarray[Any, Any]:
    return np.array([*(shapely.box(*one) for one in corners), None], dtype=object)[:-1]


def areas(found: Sequence[tuple[int, int, BaseGeometry]]) -> dict[tuple[int, int], float]:
    return {(one, other): part.area for one, other, part in found}


def in_plane(shape: BaseGeometry) -> BaseGeometry:
    moved: BaseGeometry = PLANE.to_plane([shape], "EPSG:4525", step_m=85.0)[0]
    return moved


def apart(red: Sequence[Zone], town: Sequence[Zone], *, wanted: tuple[str, ...] = (), **told: Any) -> list[Finding]:
    pair = {"first": {"layer": "red"}, "second": {"layer": "town"}, "advice": Text("退让", "give way"), **told}
    made = scene(audit_layer("red", red), audit_layer("town", town), wanted=wanted)
    return list(apart_findings(made, Apart.model_validate(pair)))


def own(zones: Sequence[Zone], *, every_class: bool = False, wanted: tuple[str, ...] = ()) -> list[Finding]:
    layer = audit_layer("units", zones)
    return list(own_findings(scene(layer, wanted=wanted), layer, every_class=every_class))


@pytest.mark.parametrize(("area", "tiny"), [(0.0, True), (0.999, True), (1.0, False), (1.001, False)])
def test_what_is_below_the_least_area_is_counted_apart(area: float, tiny: bool) -> None:
    slivers = Slivers(1.0)
    assert slivers.add(area) is tiny
    assert (slivers.count, slivers.sum_m2) == ((1, area) if tiny else (0, 0.0))


@pytest.mark.parametrize(
    ("areas_m2", "told"), [([], False), ([0.5, 0.4], False), ([0.5, 0.5], True), ([0.9] * 3, True)]
)
def test_the_sum_of_tiny_pieces_is_compared_as_well(areas_m2: list[float], told: bool) -> None:
    slivers = Slivers(1.0)
    for area in areas_m2:
        slivers.add(area)
    assert (slivers.finding(("red",), WHAT, "own") is not None) is told


def test_a_note_says_how_many_tiny_pieces_there_are() -> None:
    slivers = Slivers(1.0)
    for _ in range(2000):
        slivers.add(0.625)
    found = slivers.finding(("red", "town"), WHAT, "apart")
    assert found == Finding(
        "sliver",
        ("red", "town"),
        (),
        Text("甲：另有 2000 处微小图形，合计 1,250.00 平方米", "a: 2000 more tiny pieces, 1,250.00 m² together"),
        severity="note",
        area_m2=1250.0,
        detail="apart",
    )


def test_common_pieces_name_both_zones() -> None:
    one = boxes((0, 0, 10, 10), (20, 0, 30, 10))
    other = boxes((5, 5, 25, 8), (100, 100, 110, 110))
    assert areas(list(common_pieces(one, other))) == pytest.approx({(0, 0): 15.0, (1, 0): 15.0})


@pytest.mark.parametrize("touching", [(10, 0, 20, 10), (10, 10, 20, 20)], ids=["edge", "corner"])
def test_zones_that_only_touch_have_nothing_in_common(touching: tuple[float, float, float, float]) -> None:
    one, other = boxes((0, 0, 10, 10)), boxes(touching)
    assert list(common_pieces(one, other)) == []
    assert list(own_pieces(np.concatenate([one, other]))) == []


def test_without_zones_there_is_nothing_in_common() -> None:
    one, none = boxes((0, 0, 10, 10)), boxes()
    assert list(common_pieces(one, none)) == list(common_pieces(none, one)) == list(own_pieces(none)) == []


def test_parts_of_one_overlap_are_told_one_by_one() -> None:
    comb = shapely.union_all(boxes((0, 0, 100, 10), (0, 0, 10, 50), (40, 0, 50, 50), (90, 0, 100, 50)))
    bar = shapely.box(0, 40, 100, 45)
    found = list(common_pieces(np.array([comb]), np.array([bar])))
    assert [round(part.area, 6) for _, _, part in found] == [50.0] * 3


def test_zones_of_one_layer_are_compared_once_each_smaller_number_first() -> None:
    shapes = boxes((0, 0, 10, 10), (5, 0, 15, 10), (8, 0, 18, 10), (50, 0, 60, 10))
    assert areas(list(own_pieces(shapes))) == pytest.approx({(0, 1): 50.0, (0, 2): 20.0, (1, 2): 70.0})


def test_only_what_is_asked_for_is_compared() -> None:
    shapes = boxes((0, 0, 10, 10), (5, 0, 15, 10), (8, 0, 18, 10))
    assert areas(list(own_pieces(shapes, np.array([True, False, True])))) == pytest.approx({(0, 2): 20.0})
    assert list(own_pieces(shapes, np.array([False, False, False]))) == []
    assert areas(list(own_pieces(shapes, None, ["a", "b", "b"]))) == pytest.approx({(1, 2): 70.0})


@pytest.mark.parametrize("seed", range(3))
def test_pieces_of_long_borders_are_those_of_the_whole_geometries(seed: int) -> None:
    chance = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * np.pi, 900, endpoint=False)
    shapes = np.empty(4, dtype=object)
    for number, (x, y) in enumerate(chance.uniform(0, 400, (4, 2))):
        reach = 300 + 20 * chance.random(len(turn))
        shapes[number] = shapely.Polygon(np.column_stack([x + reach * np.cos(turn), y + reach * np.sin(turn)]))
    shapes[3] = shapely.box(190, 190, 210, 210)
    sums: dict[tuple[int, int], float] = {}
    for one, other, part in own_pieces(shapes):
        sums[one, other] = sums.get((one, other), 0.0) + part.area
    wanted = {
        (one, other): shapely.intersection(shapes[one], shapes[other]).area for one, other in combinations(range(4), 2)
    }
    assert sums == pytest.approx({pair: area for pair, area in wanted.items() if area > 0}, rel=1e-6)


def test_two_layers_that_overlap_are_told_with_what_gives_way() -> None:
    red = [("R1", "red", box_m(100, 100, 200, 200))]
    town = [("T1", "built", box_m(150, 100, 400, 180))]
    (found,) = apart(red, town, citations=[CITED])
    assert (found.kind, found.layers, found.zones) == ("lines-overlap", ("red", "town"), ("R1", "T1"))
    assert (found.severity, found.territory) == ("error", FIRST)
    assert (found.advice, found.citations) == (Text("退让", "give way"), (CITED,))
    assert found.area_m2 == pytest.approx(4000.0, rel=1e-3)
    assert shapely.symmetric_difference(found.geometry, in_plane(box_m(150, 100, 200, 180))).area < 0.01
    assert found.text.zh == "red“R1”与town“T1”重叠 0.3998 公顷（6.00 亩）"
    assert found.text.en == "red 'R1' and town 'T1' overlap by 0.3998 ha (6.00 mu)"


@pytest.mark.parametrize(("width_m", "severity"), [(0.3, "warning"), (0.45, "warning"), (0.6, "error")])
def test_a_narrow_strip_is_a_warning(width_m: float, severity: str) -> None:
    red = [("R1", "red", box_m(100, 100, 200, 200))]
    town = [("T1", "built", box_m(200 - width_m, 100, 300, 200))]
    (found,) = apart(red, town)
    assert found.severity == severity
    assert (found.text.zh.endswith("（窄缝）"), found.text.en.endswith(" (a narrow strip)")) == (
        (severity == "warning",) * 2
    )


def test_tiny_overlaps_of_two_layers_are_summed() -> None:
    red = [(f"R{n}", "red", box_m(100 + 20 * n, 100, 110 + 20 * n, 110)) for n in range(4)]
    town = [(f"T{n}", "built", box_m(109.95 + 20 * n, 100, 115 + 20 * n, 110)) for n in range(4)]
    (found,) = apart(red, town)
    assert (found.kind, found.layers, found.zones, found.detail) == ("sliver", ("red", "town"), (), "apart")
    assert found.area_m2 == pytest.approx(2.0, rel=0.01)
    assert found.text.zh.startswith("red与town重叠：另有 4 处微小图形")
    assert found.text.en.startswith("red and town overlap: 4 more tiny pieces")


OVER_BOTH = [("R1", "red", box_m(100, 100, 1900, 200))]


@pytest.mark.parametrize(
    ("named", "wanted", "found"),
    [
        ((), (), ["T1", "T2"]),
        ((FIRST,), (), ["T1"]),
        ((SECOND,), (), ["T2"]),
        ((), (SECOND,), ["T2"]),
        ((FIRST, SECOND), (FIRST,), ["T1"]),
        ((FIRST,), (SECOND,), []),
    ],
)
def test_a_demand_of_one_territory_holds_there_alone(
    named: tuple[str, ...], wanted: tuple[str, ...], found: list[str]
) -> None:
    town = [("T1", "built", box_m(300, 50, 400, 150)), ("T2", "built", box_m(1300, 50, 1400, 150))]
    assert sorted(one.zones[1] for one in apart(OVER_BOTH, town, wanted=wanted, territories=named)) == found


def test_what_lies_in_no_territory_is_an_issue_of_none() -> None:
    red, town = [("R1", "red", box_m(3000, 0, 3100, 100))], [("T1", "built", box_m(3050, 0, 3200, 100))]
    assert [one.territory for one in apart(red, town)] == [None]
    assert apart(red, town, wanted=(FIRST,)) == []


def test_only_the_chosen_zones_are_kept_apart() -> None:
    red = [("R1", "red", box_m(0, 0, 100, 100))]
    town = [("T1", "built", box_m(0, 0, 50, 50)), ("T2", "planned", box_m(50, 50, 90, 90))]
    found = apart(red, town, second={"layer": "town", "classes": ["planned"]})
    assert [one.zones for one in found] == [("R1", "T2")]


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (box_m(100, 100, 200, 200), "duplicate-zone"),
        (box_m(100, 100, 200, 199.95), "duplicate-zone"),
        (box_m(100, 100, 200, 199.5), "overlap"),
        (box_m(150, 100, 250, 200), "overlap"),
        (box_m(199.7, 100, 250, 200), "sliver"),
    ],
)
def test_zones_of_one_layer_that_overlap(other: BaseGeometry, kind: str) -> None:
    (found,) = own([("U1", "one", box_m(100, 100, 200, 200)), ("U2", "one", other)])
    assert (found.kind, found.layers, found.zones, found.territory) == (kind, ("units",), ("U1", "U2"), FIRST)
    words = ("是同一范围", "are the same") if kind == "duplicate-zone" else ("重叠", "overlap")
    assert words[0] in found.text.zh
    assert words[1] in found.text.en
    assert found.area_m2 == found.geometry.area


def test_a_zone_inside_a_larger_one_is_no_duplicate() -> None:
    (found,) = own([("U1", "one", box_m(100, 100, 200, 200)), ("U2", "one", box_m(120, 120, 180, 180))])
    assert found.kind == "overlap"


@pytest.mark.parametrize(("every_class", "count"), [(True, 1), (False, 0)])
def test_zones_of_two_classes_may_overlap_where_the_layer_is_no_partition(every_class: bool, count: int) -> None:
    zones = [("U1", "one", box_m(0, 0, 100, 100)), ("U2", "two", box_m(50, 0, 150, 100))]
    assert len(own(zones, every_class=every_class)) == count


def test_tiny_overlaps_of_one_layer_are_summed() -> None:
    zones = [(f"U{n}", "one", box_m(10.0 * n, 0, 10.0 * n + 10.02, 10)) for n in range(12)]
    (found,) = own(zones)
    assert (found.kind, found.detail) == ("sliver", "own")
    assert found.text.zh.startswith("units：区之间重叠：另有 11 处")
    assert found.text.en.startswith("units: zones overlap: 11 more")


def test_overlaps_of_the_neighbouring_county_are_its_own() -> None:
    zones = [("U1", "one", EAST_LAND), ("U2", "one", box_m(1500, 0, 1600, 100))]
    assert [one.territory for one in own(zones)] == [SECOND]
    assert [one.territory for one in own(zones, wanted=(SECOND,))] == [SECOND]
    assert own(zones, wanted=(FIRST,)) == []
