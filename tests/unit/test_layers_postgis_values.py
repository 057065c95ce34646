"""Values of a database become the text that a file with the same value gives; geometries stay as they are stored."""

import struct

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.layers.formats import UnreadableError, text_of
from zoning.layers.postgis.values import geometries_of, text_value

NO_NUMBER = float("nan")
POINT, LINE, AREA = shapely.Point(112.4, 35.5), shapely.LineString([(0, 0), (1, 2)]), shapely.box(0, 0, 3, 4)


@pytest.mark.parametrize("kind", ["numeric", "float8", "bool", "timestamp", "text", "int4"])
def test_null_is_no_text_whatever_its_type(kind: str) -> None:
    assert text_value(None, kind) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12", "12"),
        ("12.0", "12"),
        ("12.50", "12.5"),
        ("-0.25", "-0.25"),
        ("0", "0"),
        ("0.00", "0"),
        ("1200", "1200"),
        # More digits than a float holds are kept, without zeros that say nothing.
        ("123456789.123456789123", "123456789.123456789123"),
        ("123456789.12345678912300", "123456789.123456789123"),
        ("14052210001234567890", "14052210001234567890"),
        ("NaN", ""),
    ],
)
def test_decimal_numbers_lose_no_digit(text: str, shown: str) -> None:
    assert text_value(text, "numeric") == shown


@pytest.mark.parametrize("kind", ["float4", "float8"])
@pytest.mark.parametrize(
    ("text", "shown"), [("7", "7"), ("7.0", "7"), ("7.25", "7.25"), ("-3", "-3"), ("1e3", "1000"), ("NaN", "")]
)
def test_floats_are_shown_without_an_empty_fraction(text: str, kind: str, shown: str) -> None:
    assert text_value(text, kind) == shown


@pytest.mark.parametrize(("text", "shown"), [("true", "True"), ("false", "False")])
def test_truth_values_read_as_they_do_in_files(text: str, shown: str) -> None:
    assert text_value(text, "bool") == shown


@pytest.mark.parametrize("kind", ["timestamp", "timestamptz"])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2020-01-02 03:04:05", "2020-01-02T03:04:05"),
        # Milliseconds have three digits; more are kept.
        ("2020-01-02 03:04:05.5", "2020-01-02T03:04:05.500"),
        ("2020-01-02 03:04:05.25", "2020-01-02T03:04:05.250"),
        ("2020-01-02 03:04:05.125", "2020-01-02T03:04:05.125"),
        ("2020-01-02 03:04:05.123456", "2020-01-02T03:04:05.123456"),
        ("2020-01-02 03:04:05+00", "2020-01-02T03:04:05Z"),
        ("2020-01-02 03:04:05.5+00", "2020-01-02T03:04:05.500Z"),
        ("infinity", "infinity"),
        ("0044-03-15 12:00:00 BC", "0044-03-15 12:00:00 BC"),
    ],
)
def test_times_are_written_as_in_files(text: str, kind: str, shown: str) -> None:
    assert text_value(text, kind) == shown


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("一级", "text", "一级"),
        ("  一级 \n", "varchar", "一级"),
        ("", "text", ""),
        # Text that looks like a number or a truth value stays what it is.
        ("007", "text", "007"),
        ("12.50", "text", "12.50"),
        ("true", "text", "true"),
        ("42", "int8", "42"),
        ("2020-01-02", "date", "2020-01-02"),
    ],
)
def test_other_types_keep_their_words(text: str, kind: str, shown: str) -> None:
    assert text_value(text, kind) == shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (NO_NUMBER, ""),
        (np.float64("nan"), ""),
        (1.0, "1"),
        (np.float32(2.0), "2"),
        (1.5, "1.5"),
        (-0.0, "0"),
        (0, "0"),
        (np.int64(7), "7"),
        (True, "True"),
        ("  区 ", "区"),
        ("1.0", "1.0"),
        ("", ""),
        (1e15, "1000000000000000"),
    ],
)
def test_a_value_of_a_file_is_shown_and_compared_as_text(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    "shape",
    [
        POINT,
        LINE,
        AREA,
        shapely.MultiPoint([(0, 0), (1, 1)]),
        shapely.MultiLineString([[(0, 0), (1, 1)]]),
        shapely.MultiPolygon([AREA]),
        shapely.Polygon(),
    ],
    ids=lambda shape: shape.geom_type,
)
@pytest.mark.parametrize("big_endian", [False, True])
def test_plain_geometries_come_back_bit_by_bit(shape: BaseGeometry, *, big_endian: bool) -> None:
    (made,) = geometries_of([shapely.to_wkb(shape, byte_order=0 if big_endian else 1)], "table")
    assert made.wkb == shape.wkb


def test_null_stays_null_at_its_place() -> None:
    made = geometries_of([None, POINT.wkb, None, AREA.wkb], "table")
    assert made[0] is None
    assert made[2] is None
    assert [made[1].wkb, made[3].wkb] == [POINT.wkb, AREA.wkb]


def test_no_geometry_at_all_gives_none() -> None:
    assert len(geometries_of([], "table")) == 0


def test_heights_are_kept() -> None:
    (made,) = geometries_of([shapely.to_wkb(shapely.Point(1, 2, 3), output_dimension=3, flavor="iso")], "table")
    assert shapely.get_coordinates(made, include_z=True).tolist() == [[1, 2, 3]]


def test_measures_are_left_out_and_the_order_stays() -> None:
    measured = struct.pack("<BI3d", 1, 2001, 5.0, 6.0, 99.0)
    made = geometries_of([POINT.wkb, measured, AREA.wkb], "table")
    assert shapely.get_coordinates(made[1], include_z=True)[0, :2].tolist() == [5, 6]
    assert [made[0].wkb, made[2].wkb] == [POINT.wkb, AREA.wkb]


def test_an_arc_becomes_chords_through_its_points() -> None:
    # A half circle of radius 1: CIRCULARSTRING (0 0, 1 1, 2 0).
    arc = struct.pack("<BII6d", 1, 8, 3, 0.0, 0.0, 1.0, 1.0, 2.0, 0.0)
    (made,) = geometries_of([arc], "table")
    assert made.geom_type == "LineString"
    assert shapely.get_coordinates(made)[[0, -1]].tolist() == [[0, 0], [2, 0]]
    assert made.length == pytest.approx(np.pi, rel=1e-3)
    distances = np.hypot(*(shapely.get_coordinates(made) - [1, 0]).T)
    assert distances == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    "wkb",
    [
        struct.pack("<BI", 1, 3) + b"\xff" * 4,  # more rings than bytes
        struct.pack("<BI", 1, 2) + struct.pack("<I", 5),
    ],
)
def test_a_geometry_that_cannot_be_read_refuses_the_table(wkb: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        geometries_of([POINT.wkb, wkb], "表 zones")
    assert caught.value.reason.zh == "表 zones：含有无法读取的几何"
    assert caught.value.reason.en == "表 zones: it holds a geometry that cannot be read"
    assert not caught.value.passing
