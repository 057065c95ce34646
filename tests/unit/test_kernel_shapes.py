"""Shapes in flat arrays: what goes in comes out, to the last bit, and can be mapped from a file."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from zoning.overlay.kernel.order import hilbert_order
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones

RING = box(0, 0, 10, 10).difference(box(2, 2, 4, 4)).difference(box(6, 6, 8, 8))
POLYGONS = [
    box(0.1, 0.2, 1 / 3, 7e6),
    RING,
    RING.reverse(),
    MultiPolygon([box(20, 0, 30, 10), Polygon(box(40, 0, 50, 10).exterior, [box(42, 2, 44, 4).exterior])]),
    MultiPolygon([box(60, 0, 70, 10)]),
    Polygon(),
    MultiPolygon(),
    shapely.segmentize(box(0, 0, 1000, 1000), 1.0),
]
LINES = [LineString([(0, 0), (1, 1)]), MultiLineString([[(0, 0), (1, 1)], [(5, 5), (9, 9), (9, 8)]]), LineString()]


@pytest.mark.parametrize("given", [POLYGONS, LINES, POLYGONS[:1], [], [Polygon()]])
def test_what_goes_in_comes_out(given: list[BaseGeometry]) -> None:
    shapes = Shapes.of(given)
    assert len(shapes) == len(given)
    assert [shape.wkb for shape in shapes.geometries(np.arange(len(given)))] == [shape.wkb for shape in given]


def test_any_order_and_one_alone() -> None:
    shapes = Shapes.of(POLYGONS)
    assert [shape.wkb for shape in shapes.geometries([3, 0, 3])] == [POLYGONS[k].wkb for k in (3, 0, 3)]
    assert shapes.geometry(4).geom_type == "MultiPolygon"


def test_boxes_and_areas_are_those_of_geos() -> None:
    shapes = Shapes.of(POLYGONS)
    expected = shapely.bounds(POLYGONS)
    assert np.array_equal(shapes.boxes[:5], expected[:5])
    # An empty shape meets nothing.
    assert (shapes.boxes[5:7, :2] > shapes.boxes[5:7, 2:]).all()
    assert shapes.areas_m2.tolist() == shapely.area(POLYGONS).tolist()
    assert shapes.areal


def test_lines_have_no_areas() -> None:
    shapes = Shapes.of(LINES)
    assert len(shapes.areas_m2) == 0
    assert not shapes.areal


@pytest.mark.parametrize("given", [[box(0, 0, 1, 1), LINES[0]], [shapely.Point(0, 0)]])
def test_other_geometries_are_refused(given: list[BaseGeometry]) -> None:
    with pytest.raises(TypeError, match="all polygons or all lines"):
        Shapes.of(given)


def test_arrays_are_read_only_and_not_copied() -> None:
    shapes = Shapes.of(POLYGONS)
    again = Shapes.from_arrays(shapes.arrays())
    assert np.shares_memory(again.flat.floats, shapes.flat.floats)
    with pytest.raises(ValueError, match="read-only"):
        again.flat.floats[0] = 1.0


def test_the_same_shapes_give_the_same_bytes() -> None:
    one, two = PackedZones.of(POLYGONS).arrays(), PackedZones.of(POLYGONS).arrays()
    assert {name: array.tobytes() for name, array in one.items()} == {name: a.tobytes() for name, a in two.items()}


def test_zones_mapped_from_files(tmp_path: Path) -> None:
    zones = PackedZones.of(POLYGONS, class_numbers=np.arange(8) % 3, assumed=np.arange(8) % 2 == 0)
    for name, array in zones.arrays().items():
        np.save(tmp_path / name, array)
    mapped = PackedZones.from_arrays({p.stem: np.load(p, mmap_mode="r") for p in tmp_path.iterdir()})
    assert [shape.wkb for shape in mapped.geometries(np.arange(8))] == [shape.wkb for shape in POLYGONS]
    assert mapped.class_numbers.tolist() == [0, 1, 2, 0, 1, 2, 0, 1]
    assert mapped.assumed.tolist() == [True, False] * 4
    assert mapped.classes == 3
    assert [values.tolist() for values in mapped.kinds(np.array([7, 0]))] == [[1, 0], [False, True]]
    assert mapped.meeting((0, 0, 1, 1)).tolist() == [0, 1, 2, 7]


def test_zones_without_classes_are_of_the_first() -> None:
    zones = PackedZones.of(LINES)
    assert zones.class_numbers.tolist() == [0, 0, 0]
    assert not zones.assumed.any()
    assert zones.geometry(1).equals(LINES[1])


def test_no_zones() -> None:
    zones = PackedZones.of([])
    assert len(zones) == 0
    assert zones.meeting((0, 0, 1, 1)).tolist() == []
    assert zones.meeting_compiled((0, 0, 1, 1)).tolist() == []
    assert zones.classes == 0


def test_the_curve_goes_from_neighbour_to_neighbour() -> None:
    x, y = np.meshgrid(np.arange(16.0), np.arange(16.0))
    boxes = np.column_stack([x.ravel(), y.ravel(), x.ravel(), y.ravel()])
    steps = np.abs(np.diff(boxes[hilbert_order(boxes)][:, :2], axis=0)).sum(axis=1)
    assert steps.tolist() == [1.0] * 255


def test_empty_boxes_come_last() -> None:
    none = [np.inf, np.inf, -np.inf, -np.inf]
    assert hilbert_order(np.array([none, [0.0, 0.0, 1.0, 1.0], none])).tolist() == [1, 0, 2]
    assert hilbert_order(np.array([none])).tolist() == [0]
    assert hilbert_order(np.empty((0, 4))).tolist() == []


@pytest.mark.parametrize("count", [1, 15, 16, 17, 257, 5000])
def test_zones_by_box_are_those_of_a_tree_of_geos(count: int) -> None:
    rng = np.random.default_rng(count)
    west, south = rng.integers(0, 300, (2, count))
    wide, high = rng.integers(0, 30, (2, count)) + 1
    given = shapely.box(west, south, west + wide, south + high)
    zones, tree = PackedZones.of(given), shapely.STRtree(given)
    for x, y, size in rng.integers(0, 300, (20, 3)):
        expected = np.sort(tree.query(box(x, y, x + size, y + size)))
        asked = (float(x), float(y), float(x + size), float(y + size))
        assert zones.meeting(asked).tolist() == expected.tolist()
        assert zones.meeting_compiled(asked).tolist() == expected.tolist()
