"""Records whose geometry cannot be made are named one by one, with the reason."""

import struct

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.layers.damaged_rows import damaged_rows, placeless_rows
from zoning.texts import Text

GOOD = shapely.to_wkb(shapely.box(0, 0, 1, 1))


def ring(*points: tuple[float, float]) -> bytes:
    """Return the WKB of a polygon of one ring, whatever its points are."""
    return struct.pack("<BIII", 1, 3, 1, len(points)) + b"".join(struct.pack("<dd", *point) for point in points)


OPEN = ring((0, 0), (1, 0), (1, 1), (0, 1))
SHORT = ring((0, 0), (0, 0))
CUT = GOOD[:-5]


def column(*values: object) -> NDArray[np.object_]:
    return np.asarray([*values, None], dtype=object)[:-1]


def told(*wkb: bytes | None, **columns: NDArray[np.object_]) -> Text:
    return damaged_rows("水源.gpkg", column(*wkb), [10 + row for row in range(len(wkb))], columns)


@pytest.mark.parametrize(
    ("blob", "zh", "en"),
    [
        (OPEN, "有环没有闭合（首尾点不同）", "a ring that does not end where it began"),
        (SHORT, "有环或线的点太少", "a ring or line with too few points"),
        (CUT, "几何数据不完整或有误", "a geometry that is cut off or wrong"),
        (b"\x07nothing", "几何数据不完整或有误", "a geometry that is cut off or wrong"),
    ],
)
def test_the_reason_is_said_in_both_languages(blob: bytes, zh: str, en: str) -> None:
    found = told(GOOD, blob)
    assert found.zh == (
        f"水源.gpkg：记录 fid=11 {zh}，整个图层不能使用；"
        "请在 GIS 软件中修复这些图形（闭合环、补点或删除后重画），重新导出"
    )
    assert found.en == (
        f"水源.gpkg: record fid=11 has {en}, so that the layer cannot be used; "
        "repair it in a GIS program (close the ring, complete it or draw it anew) and export the file again"
    )


def test_the_first_field_helps_to_find_the_record() -> None:
    found = told(OPEN, id=column("W1"), name=column("下芹"))
    assert "记录 fid=10 (id=W1) 有环" in found.zh


@pytest.mark.parametrize("value", [None, "", "  "])
def test_an_empty_field_is_left_out(value: object) -> None:
    assert "record fid=10 has" in told(OPEN, id=column(value)).en


def test_a_field_that_holds_zero_is_not_empty() -> None:
    assert "record fid=10 (id=0) has" in told(OPEN, id=column(0)).en


def test_records_without_a_geometry_are_not_damaged() -> None:
    assert "record fid=12 has" in told(None, GOOD, OPEN, None).en


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [
        (2, "记录 fid=10、fid=11 有环", "record fid=10, fid=11 has"),
        (5, "、fid=14 有环", ", fid=14 has"),
        (6, "、fid=14 等 6 条记录 有环", ", fid=14 and 1 more has"),
        (9, "、fid=14 等 9 条记录 有环", ", fid=14 and 4 more has"),
    ],
)
def test_five_records_are_named_and_the_others_counted(count: int, zh: str, en: str) -> None:
    found = told(*[OPEN] * count)
    assert zh in found.zh
    assert en in found.en


def test_where_every_geometry_can_be_made_the_reason_is_not_known() -> None:
    assert "几何数据不完整或有误" in told(GOOD).zh


# --- points that are no place


def placeless(*shapes: BaseGeometry) -> Text | None:
    return placeless_rows("水源.gpkg", column(*shapes), [10 + row for row in range(len(shapes))], {})


def test_finite_coordinates_are_places() -> None:
    assert placeless(shapely.box(0, 0, 1, 1), shapely.Point(1e300, 0), shapely.Polygon()) is None
    assert placeless() is None


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_coordinate_that_is_no_number_is_told(bad: float, axis: int) -> None:
    end = (bad, 1.0) if axis == 0 else (1.0, bad)
    with np.errstate(invalid="ignore"):
        line = shapely.LineString([(0, 0), end])
    found = placeless(shapely.Point(0, 0), line, shapely.Point(1, 1))
    assert found is not None
    assert found.zh.startswith("水源.gpkg：记录 fid=11 有坐标不是数（NaN 或无穷大），整个图层不能使用")
    assert found.en.startswith("水源.gpkg: record fid=11 has a coordinate that is no number (NaN or infinite), so")


def test_each_record_is_named_once_however_many_points_are_bad() -> None:
    bad = shapely.LineString([(np.inf, 0), (np.inf, 1), (0, 0)])
    found = placeless(bad, shapely.Point(0, 0), bad)
    assert found is not None
    assert "record fid=10, fid=12 has" in found.en


def test_a_bad_record_behind_fifty_thousand_good_ones_has_its_own_number() -> None:
    shapes = np.full(50_002, shapely.Point(0, 0), dtype=object)
    shapes[50_001] = shapely.LineString([(0, 0), (np.inf, 0)])
    found = placeless_rows("a.gpkg", shapes, range(50_002), {})
    assert found is not None
    assert "record fid=50001 has" in found.en


def test_collections_are_left_to_those_who_can_read_them() -> None:
    bad = shapely.GeometryCollection([shapely.LineString([(0, 0), (np.inf, 0)])])
    given = column(bad)
    assert placeless_rows("a.gpkg", given, [1], {}) is None
    assert given[0] is bad
