"""How much lies where: against unions and intersections one by one, in worlds by chance and in one by hand."""

from collections.abc import Sequence
from datetime import date
from itertools import product
from math import fsum, isclose
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

import scene_world
from overlay_world import PLANE, features
from trapezoid import area_m2
from zoning.errors import UsageError
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.statistics.entries import ClassRef, OverlapRow, Statistics, statistics_of
from zoning.planning.statistics.ground import Ground, HeldLayer, read_ground
from zoning.texts import Text
from zoning.workspace import Workspace

ON = date(2024, 5, 1)
NOTICE = Text("初步研判。", "Preliminary check.")
GEOD = Geod(ellps="GRS80")
CLASSES = ("level-1", "level-2")
LAND = shapely.box(112.40, 35.40, 112.46, 35.45)


def polygon_area(shape: BaseGeometry) -> float:
    """Return the area of degrees by the trapezoid formula; its edges are densified more coarsely than the default."""
    return area_m2(shape, "EPSG:4490", step_m=50.0)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(scene_world.build(tmp_path_factory.mktemp("statistics") / "w"))


@pytest.fixture(scope="module")
def county(workspace: Workspace) -> Statistics:
    names = [name for name in workspace.catalogue.layers if name != "territory"]
    ground = read_ground(workspace.source(), "甲县", names, on=date(2026, 6, 1), tolerance_m2=1.0)
    return statistics_of(ground, "units", NOTICE)


def areas(county: Statistics, layer: str, class_id: str | None) -> dict[str, float | None]:
    return {row.place: row.area_m2 for row in county.areas if (row.layer, row.class_) == (layer, class_id)}


def test_two_zones_that_overlap_are_counted_once(county: Statistics) -> None:
    inside = shapely.box(112.48, 35.50, 112.50, 35.52)
    union = shapely.union(inside, shapely.box(*scene_world.SECOND))
    found = areas(county, "water", "level-1")
    assert found["140522"] == pytest.approx(polygon_area(union), rel=1e-9)
    assert found["U3"] == pytest.approx(polygon_area(union), rel=1e-9)
    assert (found["U1"], found["U2"]) == (0.0, 0.0)
    rows = {(row.place, row.layer, row.class_): row for row in county.areas}
    assert rows["140522", "water", "level-1"].count == 2
    assert rows["U1", "water", "level-1"].count == 0
    assert rows["140522", "water", "level-1"].share == pytest.approx(
        polygon_area(union) / polygon_area(shapely.box(*scene_world.A)), rel=1e-9
    )


def test_a_class_without_a_zone_is_a_zero_that_was_looked_at(county: Statistics) -> None:
    assert set(areas(county, "water", "level-2").values()) == {0.0}


def test_the_parts_are_the_territory(county: Statistics) -> None:
    low, high, rest = scene_world.parts_of_a()
    found = {place.id: place.area_m2 for place in county.places}
    assert found["140522"] == pytest.approx(polygon_area(shapely.box(*scene_world.A)), rel=1e-9)
    for name, part in (("U1", low), ("U2", high), ("U3", rest)):
        assert found[name] == pytest.approx(polygon_area(part), rel=1e-9)
    # U4 lies in the neighbouring county and only touches this one.
    assert set(found) == {"140522", "U1", "U2", "U3"}
    assert isclose(fsum(area for name, area in found.items() if name != "140522"), found["140522"], rel_tol=1e-12)


def test_what_has_no_data_is_named_and_is_no_zero(county: Statistics) -> None:
    assert {one.layer: one.reason.en for one in county.missing} == {
        "elsewhere": "the layer does not cover this place",
        "ended": "no edition is valid on 2026-06-01",
        "gone": "file not found: gone.geojson",
    }
    told = {row.layer for row in county.areas} | {row.layer for row in county.lengths}
    assert told == {"water", "tiny", "rivers", "half", "roads"}


def test_a_layer_that_covers_a_half_says_nothing_of_the_other(county: Statistics) -> None:
    rows = {row.place: row for row in county.areas if row.layer == "half"}
    east = shapely.box(112.4, 35.4, 112.5, 35.6)
    whole = rows["140522"]
    assert whole.area_m2 == 0.0
    assert whole.share is None
    assert whole.uncovered_m2 == pytest.approx(polygon_area(east), rel=1e-9)
    # U3 lies east of the seam, all of it without data.
    assert (rows["U3"].area_m2, rows["U3"].count, rows["U3"].share) == (None, None, None)
    assert county.layer("half").uncovered_m2 == pytest.approx(polygon_area(east), rel=1e-9)
    unknown = fsum(row.area_m2 for row in county.combinations if row.no_data == ("half",))
    assert unknown == pytest.approx(polygon_area(east), rel=1e-9)


def test_lines_are_measured_along_the_ellipsoid(county: Statistics) -> None:
    found = {row.place: row.length_m for row in county.lengths}
    road = shapely.segmentize(shapely.LineString([(112.45, 35.55), (112.50, 35.55)]), 0.0005)
    assert found["140522"] == pytest.approx(GEOD.geometry_length(road), rel=1e-9)
    assert found["U3"] == found["140522"]
    assert (found["U1"], found["U2"]) == (0.0, 0.0)


def test_a_name_that_is_none_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="there is no layer 'watr'"):
        read_ground(workspace.source(), "140522", ["watr"], on=ON, tolerance_m2=1.0)
    with pytest.raises(UsageError, match="there is no territory '1405'"):
        read_ground(workspace.source(), "1405", ["water"], on=ON, tolerance_m2=1.0)


def test_a_statistic_reads_back_to_the_same_bytes(county: Statistics) -> None:
    assert Statistics.model_validate_json(county.to_json()).to_json() == county.to_json()


World = tuple[list[list[tuple[BaseGeometry, str]]], shapely.Polygon | None, list[shapely.Polygon]]
number = st.integers(0, 60)


@st.composite
def world(draw: st.DrawFn) -> World:
    """Return zones of two layers with two classes, the coverage of the second, and townships."""

    def shape() -> BaseGeometry:
        x, y = 112.39 + draw(number) / 800, 35.39 + draw(number) / 900
        wide, high = draw(st.integers(1, 60)) / 1500, draw(st.integers(1, 60)) / 1700
        if draw(st.booleans()):
            return shapely.Polygon([(x, y), (x + wide, y + high / 3), (x + wide / 4, y + high)])
        return shapely.box(x, y, x + wide, y + high)

    layers = [[(shape(), draw(st.sampled_from(CLASSES))) for _ in range(draw(st.integers(0, 4)))] for _ in range(2)]
    coverage = draw(st.sampled_from([None, shapely.box(112.30, 35.30, 112.43, 35.50)]))
    cut = 112.40 + draw(st.integers(1, 50)) / 1000
    townships = [shapely.box(112.40, 35.40, cut, 35.45), shapely.box(cut, 35.40, 112.455, 35.45)]
    return layers, coverage, townships


def common(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """Return what areas have in common, without the points and lines in which they touch."""
    parts = shapely.get_parts(shapely.intersection(one, other))
    return shapely.union_all([part for part in parts if part.geom_type == "Polygon"])


def held(name: str, zones: Sequence[tuple[BaseGeometry, str]], coverage: BaseGeometry | None) -> HeldLayer:
    """Return a layer of the ground; the coverage in degrees, None for all of it."""
    plane_layer = PlaneLayer.of(features(zones), PLANE)
    object.__setattr__(plane_layer.layer, "id", name)
    land = in_plane([LAND])[0]
    known = land if coverage is None else in_plane([coverage])[0]
    rest = shapely.difference(land, known)
    return HeldLayer(plane_layer, np.arange(len(zones)), plane_layer.whole(), rest if rest.area > 1 else None, 1.0)


def in_plane(shapes: Sequence[BaseGeometry]) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    found = np.empty(len(shapes), dtype=object)
    found[:] = list(PLANE.to_plane(shapes, "EPSG:4490", step_m=85.0)) if shapes else []
    return found


@given(world())
@settings(max_examples=40, deadline=None)
def test_every_figure_is_what_unions_and_intersections_give(
    made: World,
) -> None:
    layers, coverage, townships = made
    land = in_plane([LAND])[0]
    parts = held("parts", [(shape, "level-1") for shape in townships], None)
    one, two = held("one", layers[0], None), held("two", layers[1], coverage)
    ground = Ground("T", "县", land, ON, PLANE, (one, two, parts), ())
    found = statistics_of(ground, "parts", NOTICE)

    known = {"one": land, "two": land if two.uncovered is None else land.difference(two.uncovered)}
    united = {
        ClassRef(layer=name, class_=class_id): common(
            shapely.union_all(
                [zone for zone, (_, own) in zip(in_plane([s for s, _ in zones]), zones, strict=True) if own == class_id]
            ),
            known[name],
        )
        for name, zones in (("one", layers[0]), ("two", layers[1]))
        for class_id in CLASSES
    }
    # A gap between the two that comes from rounding is no place.
    places = {"T": land, "Z0": in_plane(townships)[0], "Z1": in_plane(townships)[1]}
    places["-"] = land.difference(shapely.union_all([places["Z0"], places["Z1"]]))
    assert {place.id for place in found.places} == set(places)
    for row in found.areas:
        classes = CLASSES if row.class_ is None else (row.class_,)
        shape = shapely.union_all([united[ClassRef(layer=row.layer, class_=name)] for name in classes])
        if row.area_m2 is None:
            assert common(known[row.layer], places[row.place]).area == pytest.approx(0, abs=0.05)
        else:
            assert row.area_m2 == pytest.approx(common(shape, places[row.place]).area, rel=1e-9, abs=0.05)
    _pairs(found.overlaps, united)
    _combinations(found, united, known)


def _pairs(rows: Sequence[OverlapRow], united: dict[ClassRef, BaseGeometry]) -> None:
    seen = {frozenset((row.one, row.other)): row for row in rows}
    for one, other in product(united, united):
        expected = common(united[one], united[other]).area
        row = seen.get(frozenset((one, other)))
        if row is None:
            assert united[one].area < 0.05 or united[other].area < 0.05
            continue
        assert row.area_m2 == pytest.approx(expected, rel=1e-9, abs=0.05)
        if row.one == one:
            assert row.share_of_one * united[one].area == pytest.approx(expected, rel=1e-9, abs=0.1)


def _combinations(found: Statistics, united: dict[ClassRef, BaseGeometry], known: dict[str, BaseGeometry]) -> None:
    assert isclose(fsum(row.area_m2 for row in found.combinations), found.area_m2, rel_tol=1e-9)
    assert isclose(fsum(row.share for row in found.combinations), 1.0, rel_tol=1e-9)
    assert [row.number for row in found.combinations] == list(range(1, len(found.combinations) + 1))
    for row in found.combinations:
        shape = known["one"]
        for ref, zone in united.items():
            shape = common(shape, zone) if ref in row.classes else shape.difference(zone)
        shape = shape.difference(known["two"]) if row.no_data else common(shape, known["two"])
        assert row.area_m2 == pytest.approx(shape.area, rel=1e-9, abs=0.05)


@pytest.mark.parametrize("name", ["140522", "140502", "140825", "1403"])
def test_the_built_in_territories_add_up(name: str, workspace_root: Path) -> None:
    w = Workspace.open(workspace_root)
    ground = read_ground(
        w.source(),
        name,
        ["ecological-red-line", "drinking-water", "town-boundary", "townships"],
        on=date(2026, 6, 1),
        tolerance_m2=1.0,
    )
    found = statistics_of(ground, "townships", NOTICE)
    assert isclose(found.area_m2, ground.area_m2, rel_tol=1e-9)
    assert isclose(fsum(row.area_m2 for row in found.combinations), found.area_m2, rel_tol=1e-9)
    own = [place.area_m2 for place in found.places if place.kind != "territory"]
    assert isclose(fsum(own), found.area_m2, rel_tol=1e-9)
    sums: dict[tuple[str, str | None], list[float]] = {}
    for row in found.areas:
        if row.place != name and row.area_m2 is not None:
            sums.setdefault((row.layer, row.class_), []).append(row.area_m2)
    for row in found.areas:
        if row.place == name and row.area_m2 is not None:
            assert isclose(fsum(sums[row.layer, row.class_]), row.area_m2, rel_tol=1e-9, abs_tol=1e-6)
