"""A parcel on its way out: what it consists of, its parts and rings, its coordinates with the decimals of a text."""

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError
from zoning.exchange.parcel import Kind, Parcel, kind_of
from zoning.exchange.rounding import DEGREE_DECIMALS, METRE_DECIMALS, rounded

SQUARE = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(2, 2), (2, 4), (4, 4), (4, 2)]])
FAR = shapely.box(20, 0, 30, 10)
LINE = shapely.LineString([(0, 0), (1, 2), (5, 2)])


def parcel(geometry: BaseGeometry) -> Parcel:
    return Parcel("1", "一号", geometry, None, {})


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        (SQUARE, "polygon"),
        (shapely.MultiPolygon([SQUARE, FAR]), "polygon"),
        (LINE, "line"),
        (shapely.MultiLineString([LINE]), "line"),
        (shapely.LinearRing([(0, 0), (1, 0), (0, 1)]), "line"),
        (shapely.Point(1, 1), "point"),
        (shapely.MultiPoint([(1, 1), (2, 2)]), "point"),
        (shapely.Polygon([(0, 0, 5), (1, 0, 5), (0, 1, 5)]), "polygon"),
    ],
    ids=lambda value: getattr(value, "geom_type", value),
)
def test_kinds(geometry: BaseGeometry, kind: Kind) -> None:
    assert kind_of(geometry) == parcel(geometry).kind == kind


def paths(geometry: BaseGeometry) -> list[list[int]]:
    """Return for every part how many points its paths have."""
    return [[len(path) for path in part] for part in parcel(geometry).parts()]


@pytest.mark.parametrize(
    ("geometry", "lengths"),
    [
        (SQUARE, [[5, 5]]),
        (shapely.MultiPolygon([FAR, SQUARE]), [[5], [5, 5]]),
        (LINE, [[3]]),
        (shapely.MultiLineString([LINE, [(7, 7), (8, 8)]]), [[3], [2]]),
        (shapely.MultiPoint([(1, 1), (2, 2)]), [[1], [1]]),
    ],
    ids=lambda value: getattr(value, "geom_type", ""),
)
def test_parts_are_outline_and_holes_lines_and_points(geometry: BaseGeometry, lengths: list[list[int]]) -> None:
    assert paths(geometry) == lengths


def test_the_outline_comes_before_its_holes_and_is_closed() -> None:
    ((outline, hole),) = parcel(SQUARE).parts()
    assert outline.tolist() == [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
    assert hole.tolist() == [[2, 2], [2, 4], [4, 4], [4, 2], [2, 2]]


def test_both_numbers_of_decimals_are_better_than_a_millimetre() -> None:
    # A degree of a great circle of the earth is about 111,320 m.
    assert 10.0**-METRE_DECIMALS <= 0.001
    assert 111_320 * 10.0**-DEGREE_DECIMALS < 0.001


@pytest.mark.parametrize(("decimals", "expected"), [(0, 1.0), (1, 1.2), (3, 1.235)])
def test_coordinates_are_rounded_and_not_cut(decimals: int, expected: float) -> None:
    (x, y), *_ = shapely.get_coordinates(rounded(parcel(shapely.Point(1.2346, 1.2346)), decimals)).tolist()
    assert (x, y) == (expected, expected)


def test_points_that_become_one_are_written_once() -> None:
    twice = shapely.Polygon([(0, 0), (10, 0), (10, 10), (10, 10.0001), (0, 10)])
    assert len(shapely.get_coordinates(rounded(parcel(twice), 3))) == 5
    assert len(shapely.get_coordinates(rounded(parcel(twice), 4))) == 6


def test_what_crosses_itself_after_rounding_is_mended() -> None:
    """The two sides of a slit change places; the slit closes and the square stays."""
    slit = [(5.0004, 10), (5.0003, 2), (5.00035, 10)]
    made = rounded(parcel(shapely.Polygon([(0, 0), (10, 0), (10, 10), *slit, (0, 10)])), 3)
    assert made.is_valid
    assert made.area == pytest.approx(100, abs=0.02)


def test_what_is_narrower_than_the_last_decimal_is_refused_with_its_name() -> None:
    with pytest.raises(ContentError) as caught:
        rounded(parcel(shapely.box(0, 0, 10, 0.0004)), 3)
    assert caught.value.get("zh") == "地块“一号”窄于坐标的最后一位小数，无法写出；请检查界址点"
    assert caught.value.get("en") == (
        "footprint '一号' is narrower than the last decimal of the coordinates; check its points"
    )


def test_what_is_as_wide_as_the_last_decimal_is_written() -> None:
    assert rounded(parcel(shapely.box(0, 0, 10, 0.001)), 3).area == pytest.approx(0.01)


def test_the_parcel_itself_keeps_its_coordinates() -> None:
    one = parcel(shapely.Point(1.23456, 0))
    rounded(one, 1)
    assert shapely.get_coordinates(one.geometry).tolist() == [[1.23456, 0.0]]
