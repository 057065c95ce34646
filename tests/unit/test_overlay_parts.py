"""Small parts of the overlay: polygons among other shapes, touching pairs, and what was found of a layer."""

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.near_pairs import touching_pairs
from zoning.overlay.overlap import ClassOverlap, LayerOverlap, accuracy_text
from zoning.overlay.polygons import polygonal
from zoning.texts import Text

BOX, FAR = shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)
LINE, POINT = shapely.LineString([(0, 0), (1, 1)]), shapely.Point(3, 3)


# --- polygons


@pytest.mark.parametrize("shape", [BOX, shapely.MultiPolygon([BOX, FAR]), shapely.Polygon(), shapely.MultiPolygon()])
def test_areas_stay_the_same_object(shape: BaseGeometry) -> None:
    assert polygonal(shape) is shape


@pytest.mark.parametrize("shape", [LINE, POINT, shapely.MultiPoint([(0, 0)]), shapely.GeometryCollection([LINE])])
def test_lines_and_points_have_no_polygons(shape: BaseGeometry) -> None:
    assert polygonal(shape).equals(shapely.MultiPolygon())
    assert polygonal(shape).geom_type == "MultiPolygon"


def test_the_only_polygon_of_a_collection_comes_alone() -> None:
    found = polygonal(shapely.GeometryCollection([POINT, BOX, LINE]))
    assert found.geom_type == "Polygon"
    assert found.equals(BOX)


def test_all_polygons_of_a_collection_come_in_their_order() -> None:
    many = shapely.MultiPolygon([FAR, shapely.box(8, 8, 9, 9)])
    found = polygonal(shapely.GeometryCollection([LINE, BOX, many]))
    assert [part.bounds for part in shapely.get_parts(found)] == [BOX.bounds, FAR.bounds, (8, 8, 9, 9)]


# --- pairs


def pairs(*shapes: BaseGeometry) -> list[list[int]]:
    found, whole = touching_pairs(np.asarray([*shapes, None], dtype=object)[:-1])
    assert whole
    return sorted(found.tolist())


def test_shapes_that_have_a_point_in_common_are_a_pair_once() -> None:
    assert pairs(BOX, FAR, shapely.box(1, 0, 2, 1), shapely.box(2, 1, 3, 2)) == [[0, 2], [2, 3]]


@pytest.mark.parametrize("shapes", [[], [BOX], [BOX, FAR]])
def test_what_stands_apart_is_no_pair(shapes: list[BaseGeometry]) -> None:
    assert pairs(*shapes) == []


def test_boxes_that_meet_are_not_enough() -> None:
    below, above = shapely.Polygon([(0, 0), (10, 0), (10, 10)]), shapely.Polygon([(0, 1), (0, 11), (9, 10.5)])
    assert pairs(below, above) == []


@pytest.mark.parametrize("count", [63, 64, 65, 130])
def test_pairs_across_the_steps_of_the_search_are_found(count: int) -> None:
    # A chain in which each touches the next, asked 64 at a time.
    chain = [shapely.box(number, 0, number + 1, 1) for number in range(count)]
    assert pairs(*chain) == [[number, number + 1] for number in range(count - 1)]


@pytest.mark.parametrize(("most", "whole"), [(10, True), (9, False), (3, False)])
def test_the_search_ends_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch, most: int, whole: bool) -> None:
    monkeypatch.setattr("zoning.overlay.near_pairs.MOST_PAIRS", most)
    found, all_of_them = touching_pairs(np.asarray([BOX] * 5, dtype=object))
    assert all_of_them is whole
    assert len(found) == min(most, 10)


# --- what was found of a layer


def class_overlap(class_id: str) -> ClassOverlap:
    return ClassOverlap(class_id, False, (), 1.0, 0.5, 0.0, "certain", None)  # noqa: FBT003 - in the order of the fields


@pytest.mark.parametrize(
    ("layer_m", "site_m", "zh", "en"),
    [
        (5.0, 0.0, "图层精度（5 m）", "layer's accuracy (5 m)"),
        (0.0, 0.0, "图层精度（0 m）", "layer's accuracy (0 m)"),
        (12.5, 0.5, "图层与地块位置精度之和（12.5 m）", "accuracies of layer and site together (12.5 m)"),
    ],
)
def test_an_accuracy_says_whose_it_is(layer_m: float, site_m: float, zh: str, en: str) -> None:
    assert accuracy_text(layer_m, site_m) == Text(zh, en)
    found = LayerOverlap("water", "2020", "not_affected", layer_m, site_accuracy_m=site_m)
    assert found.accuracy == Text(zh, en)


@pytest.mark.parametrize(
    ("distances", "nearest"), [(None, None), ({}, None), ({"a": 5.0}, 5.0), ({"a": 5.0, "b": 0.0, "c": 9.0}, 0.0)]
)
def test_the_nearest_zone_is_that_of_any_class(distances: dict[str, float] | None, nearest: float | None) -> None:
    assert LayerOverlap("water", "2020", "not_affected", 0.0, distances_m=distances).nearest_m == nearest


def test_a_class_is_found_by_its_id() -> None:
    one, two = class_overlap("level-1"), class_overlap("level-2")
    found = LayerOverlap("water", "2020", "affected", 0.0, classes=(one, two))
    assert found.class_overlap("level-2") is two
    assert found.class_overlap("level-3") is None
    assert LayerOverlap("water", None, "no_data", 0.0).class_overlap("level-1") is None
