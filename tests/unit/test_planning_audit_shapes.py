"""Faults of single zones as they are stored: each told once, by its zone, with its place and its size."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import audit_layer, scene
from overlay_world import PLANE, box_m, metres
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.scene import AuditLayer
from zoning.planning.audit.shapes import shape_findings
from zoning.planning.audit.sources import OpenRing

Corners = Sequence[tuple[float, float]]


def polygon(corners: Corners, *holes: Corners) -> shapely.Polygon:
    shell, *rest = ([metres(x, y) for x, y in ring] for ring in (corners, *holes))
    return shapely.Polygon(shell, rest)


def line(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([metres(x, y) for x, y in places])


def red(*shapes: BaseGeometry, names: Sequence[str] = ()) -> AuditLayer:
    zones = [(f"Z{n}", "one", shape) for n, shape in enumerate(shapes)]
    told: dict[str, Any] = {"names": tuple(names)} if names else {}
    return audit_layer("red", zones, **told)


def found(layer: AuditLayer, **plan: Any) -> list[Finding]:
    return list(shape_findings(scene(layer, **plan), layer))


SQUARE: Corners = [(0, 0), (100, 0), (100, 100), (0, 100)]
TIE: Corners = [(0, 0), (100, 100), (100, 0), (0, 100)]
SPIKE: Corners = [(0, 0), (100, 0), (100, 100), (50.05, 100), (50, 160), (49.95, 100), (0, 100)]


@pytest.mark.parametrize(
    "shape",
    [
        polygon(SQUARE),
        polygon(SQUARE[::-1]),
        polygon(SQUARE, [(10, 10), (20, 10), (20, 20), (10, 20)]),
        shapely.MultiPolygon([polygon(SQUARE), box_m(200, 0, 300, 100)]),
        # Long and short edges, and collinear vertices, are no faults of a zone.
        polygon([(0, 0), (50, 0), (50.005, 0), (100, 0), (100, 100), (0, 100)]),
    ],
)
def test_a_zone_that_is_drawn_well_has_no_finding(shape: BaseGeometry) -> None:
    assert found(red(shape)) == []


@pytest.mark.parametrize(
    ("shape", "kinds"),
    [
        (polygon(TIE), ["invalid-ring"]),
        (polygon(SPIKE), ["spike"]),
        # Two faults of an invalid ring are one, for one repair answers them.
        (polygon([(0, 0), (100, 100), (100, 0), (0, 100), (-50, 50), (-100, 0), (-100, 100), (-50, 50)]),
         ["invalid-ring"]),
        (polygon(SQUARE, [(200, 0), (210, 0), (210, 10), (200, 10)]), ["invalid-ring"]),
        (polygon(SQUARE, [(90, 10), (120, 10), (120, 20), (90, 20)]), ["invalid-ring"]),
        (shapely.MultiPolygon([polygon(SQUARE), box_m(20, 20, 30, 30)]), ["invalid-ring"]),
        (shapely.MultiPolygon([polygon(SQUARE), box_m(90, 0, 190, 100)]), ["invalid-ring"]),
        (shapely.MultiPolygon([polygon(SQUARE), box_m(200, 0, 200.5, 1)]), ["sliver"]),
        (shapely.MultiPolygon([polygon(SQUARE), box_m(200, 0, 300, 0.3)]), ["sliver"]),
        # Each sliver is told.
        (shapely.MultiPolygon([polygon(SQUARE), box_m(200, 0, 300, 0.3), box_m(200, 50, 300, 50.3)]),
         ["sliver", "sliver"]),
        (polygon([(0, 0), (100, 0), (100, 0), (100, 100), (0, 100)]), ["duplicate-points"]),
    ],
)  # fmt: skip
def test_faults_of_a_zone(shape: BaseGeometry, kinds: list[str]) -> None:
    assert [one.kind for one in found(red(shape))] == kinds


def test_a_sliver_is_pointed_and_no_spike() -> None:
    needle = polygon([(200, 0), (300, 0), (300, 0.3)])
    assert [one.kind for one in found(red(shapely.MultiPolygon([polygon(SQUARE), needle])))] == ["sliver"]


@pytest.mark.parametrize(
    ("shape", "severity", "area", "length"),
    [
        # How severe it is, is said by the quality of the drawing.
        (polygon(SPIKE), "warning", None, 60.0),
        # The area of the ring itself, as it is drawn.
        (shapely.MultiPolygon([polygon(SQUARE), box_m(200, 0, 300, 0.3)]), "warning", 30.0, None),
        (shapely.MultiPolygon([polygon(SQUARE), box_m(200, 0, 200.5, 1)]), "warning", 0.5, None),
        (shapely.MultiPolygon([polygon(SQUARE), box_m(20, 20, 30, 30)]), "error", 100.0, None),
        (polygon(SQUARE, [(90, 10), (120, 10), (120, 20), (90, 20)]), "error", 200.0, None),
        (polygon([(0, 0), (100, 0), (100, 0), (100, 100), (0, 100)]), "warning", None, None),
    ],
)
def test_a_fault_says_how_large_it_is(
    shape: BaseGeometry, severity: str, area: float | None, length: float | None
) -> None:
    (one,) = found(red(shape))
    assert one.severity == severity
    for told, expected in ((one.area_m2, area), (one.length_m, length)):
        assert told == (None if expected is None else pytest.approx(expected, rel=3e-3))


def test_an_invalid_ring_without_an_area_of_its_own_says_what_the_repair_changes() -> None:
    # The signed halves of a bow tie cancel out: what is measured afterwards are 5,000 m².
    (one,) = found(red(polygon(TIE)))
    assert one.area_m2 == pytest.approx(5_000.0, rel=3e-3)


@pytest.mark.parametrize(
    ("shape", "place"),
    [
        (polygon(TIE), (50, 50)),
        (polygon(SPIKE), (50, 160)),
        (shapely.MultiPolygon([polygon(SQUARE), box_m(200, 0, 300, 0.3)]), (250, 0.15)),
        (polygon([(0, 0), (100, 0), (100, 0), (100, 100), (0, 100)]), (100, 0)),
    ],
)
def test_a_fault_has_its_place(shape: BaseGeometry, place: tuple[float, float]) -> None:
    (one,) = found(red(shape))
    (expected,) = PLANE.to_plane([shapely.Point(metres(*place))], "EPSG:4525", step_m=85.0)
    assert shapely.dwithin(one.geometry, expected, 0.01)


def test_the_whole_ring_of_a_sliver_is_told() -> None:
    (one,) = found(red(shapely.MultiPolygon([polygon(SQUARE), box_m(200, 0, 300, 0.3)])))
    assert one.geometry.geom_type == "Polygon"
    assert one.geometry.area == pytest.approx(30.0, rel=3e-3)


def test_a_finding_names_layer_and_zone() -> None:
    layer = red(polygon(SQUARE), polygon(TIE), names=("甲", "析城山"))
    (one,) = found(layer)
    assert (one.layers, one.zones) == (("red",), ("Z1",))
    assert one.text.zh == "red“析城山（Z1）”：自相交，第 1 圈：第 1–2 点的边与第 3–4 点的边相交"
    assert one.text.en.startswith("red '析城山 (Z1)': ")
    assert one.text.en.endswith("ring 1: edge 1–2 crosses edge 3–4")


def test_of_many_faults_of_one_ring_three_are_told() -> None:
    teeth: Corners = [(0, 0), (100, 0), *((95 - 5 * n, 10 if n % 2 else -10) for n in range(18))]
    (one,) = found(red(polygon(teeth)))
    assert (one.text.zh.count("；"), one.text.en.count("; ")) == (2, 2)


def test_zones_are_told_in_their_order() -> None:
    layer = red(
        polygon(TIE), polygon(SQUARE), shapely.transform(polygon(SPIKE), lambda xy: xy + np.array([300.0, 0.0]))
    )
    assert [(one.kind, one.zones) for one in found(layer)] == [("invalid-ring", ("Z0",)), ("spike", ("Z2",))]


def opened(*rings: OpenRing, names: Sequence[str] = ()) -> list[Finding]:
    return found(replace(red(polygon(SQUARE), names=names), open_rings=rings))


def ring(zone: str, start: tuple[float, float], end: tuple[float, float]) -> OpenRing:
    return OpenRing(zone, metres(*start), metres(*end))


def test_an_open_ring_is_told_with_how_far_its_ends_are_apart() -> None:
    (one,) = opened(ring("Z0", (0, 0), (3, 4)), names=("析城山",))
    assert (one.kind, one.zones, one.layers) == ("unclosed", ("Z0",), ("red",))
    assert one.length_m == pytest.approx(5.0, rel=1e-3)
    assert one.text.zh == "red“析城山（Z0）”：边界的终点没有回到起点，相距 5.00 米；在更正之前，核查不能读取整个图层"
    assert one.text.en == (
        "red '析城山 (Z0)': the border ends 5.00 m from where it began; "
        "until that is mended no check can read the layer"
    )
    (end,) = PLANE.to_plane([shapely.Point(metres(0, 0))], "EPSG:4525", step_m=85.0)
    assert shapely.dwithin(one.geometry, end, 0.01)


def test_an_open_ring_without_an_id_is_told_by_its_number() -> None:
    (one,) = opened(ring("17", (0, 0), (3, 4)))
    assert one.zones == ("17",)
    assert one.text.en.startswith("red '17': ")


def test_each_open_ring_is_told() -> None:
    assert len(opened(ring("Z0", (0, 0), (3, 4)), ring("Z0", (50, 0), (53, 4)))) == 2


@pytest.mark.parametrize(
    ("shape", "gap", "severity"),
    [
        # Up to 20 m its ends were meant to meet.
        (line((0, 0), (100, 0), (100, 100), (0, 10)), 10.0, None),
        (line((0, 0), (100, 0), (100, 100), (0, 19.9)), 19.9, None),
        (line((0, 0), (100, 0), (100, 100), (0, 20.5)), 20.5, "warning"),
        # A line whose ends are as far apart as it is long is no ring at all.
        (line((0, 0), (10, 0)), 10.0, "warning"),
        (line((0, 0), (100, 0), (100, 100), (0, 100), (0, 0)), None, None),
    ],
)
def test_lines_that_are_borders_nearly_end_where_they_began(
    shape: BaseGeometry, gap: float | None, severity: str | None
) -> None:
    findings = found(red(shape), borders=["red"])
    assert [(one.kind, one.severity) for one in findings] == ([] if gap is None else [("unclosed", severity)])
    for one in findings:
        assert one.length_m == pytest.approx(gap, rel=1e-3)
        assert f"首尾相距 {one.length_m:.2f} 米" in one.text.zh
        assert f"its ends are {one.length_m:.2f} m apart" in one.text.en


def test_lines_that_are_no_borders_need_not_be_closed() -> None:
    assert found(red(line((0, 0), (100, 0), (100, 100), (0, 10)))) == []


def test_pieces_of_a_line_are_put_together_before_they_are_asked() -> None:
    closed = shapely.MultiLineString([line((0, 0), (100, 0), (100, 100)), line((100, 100), (0, 100), (0, 0))])
    assert found(red(closed), borders=["red"]) == []
    apart = shapely.MultiLineString([line((0, 0), (100, 0)), line((300, 0), (400, 0))])
    assert len(found(red(apart), borders=["red"])) == 2


@pytest.mark.parametrize(("closing", "severity"), [("5 m", "warning"), ("15 m", None)])
def test_the_plan_says_what_was_meant_to_meet(closing: str, severity: str | None) -> None:
    (one,) = found(red(line((0, 0), (100, 0), (100, 100), (0, 10))), borders=["red"], parameters={"closing": closing})
    assert one.severity == severity
