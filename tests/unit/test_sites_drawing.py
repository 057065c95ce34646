"""Nested lists of coordinates taken apart: nothing is turned into numbers silently."""

from typing import Any

import pytest

from zoning.sites.drawing import GEOMETRY_TYPES, Drawing, MalformedError, drawings_of

LINE: list[Any] = [[0, 1], [2, 3]]
RING: list[Any] = [[0, 0], [4, 0], [4, 3], [0, 0]]


def plain(drawings: list[Drawing]) -> list[tuple[str, list[Any]]]:
    return [(drawing.kind, [ring.tolist() for ring in drawing.rings]) for drawing in drawings]


GEOMETRIES: list[tuple[str, Any, list[tuple[str, list[Any]]]]] = [
    ("Point", [1, 2], [("point", [[[1.0, 2.0]]])]),
    ("Point", (1, 2.5, 3), [("point", [[[1.0, 2.5, 3.0]]])]),
    ("MultiPoint", [[1, 2], [3, 4]], [("point", [[[1.0, 2.0]]]), ("point", [[[3.0, 4.0]]])]),
    ("MultiPoint", [], []),
    ("LineString", LINE, [("line", [LINE])]),
    ("MultiLineString", [LINE, LINE[::-1]], [("line", [LINE]), ("line", [LINE[::-1]])]),
    ("MultiLineString", [], []),
    ("Polygon", [RING], [("polygon", [RING])]),
    ("Polygon", [RING, RING[::-1]], [("polygon", [RING, RING[::-1]])]),
    ("Polygon", [], [("polygon", [])]),
    ("MultiPolygon", [[RING], [RING, RING]], [("polygon", [RING]), ("polygon", [RING, RING])]),
    ("MultiPolygon", [[]], [("polygon", [])]),
    ("MultiPolygon", [], []),
]


@pytest.mark.parametrize(("kind", "given", "expected"), GEOMETRIES)
def test_what_each_type_is_taken_apart_into(kind: str, given: Any, expected: list[tuple[str, list[Any]]]) -> None:
    assert plain(drawings_of(kind, given)) == expected


def test_all_types_are_shown_above() -> None:
    assert {kind for kind, _, _ in GEOMETRIES} == GEOMETRY_TYPES


@pytest.mark.parametrize(
    ("kind", "given"), [("Point", []), ("LineString", []), ("MultiPoint", [[]]), ("Polygon", [[]]), ("Polygon", [()])]
)
def test_what_is_empty_becomes_an_empty_array_of_two_columns(kind: str, given: Any) -> None:
    (drawing,) = drawings_of(kind, given)
    assert [ring.shape for ring in drawing.rings] == [(0, 2)]


@pytest.mark.parametrize("kind", ["GeometryCollection", "Circle", "point", "POLYGON", "", "多边形"])
def test_other_types_are_no_footprint(kind: str) -> None:
    with pytest.raises(MalformedError) as caught:
        drawings_of(kind, [[RING]])
    assert caught.value.text.en == (
        f"the geometry type {kind!r} cannot be a footprint; convert it to polygons, lines or points"
    )
    assert caught.value.text.zh == f"几何类型 {kind!r} 不能作为项目范围；请转换为面、线或点"


WRONG: list[tuple[str, Any]] = [
    ("Point", 1),
    ("Point", None),
    ("Point", "1 2"),
    ("Point", {"x": 1, "y": 2}),
    ("Point", [1]),
    ("Point", [[1, 2]]),
    ("Point", ["1", "2"]),
    ("Point", [True, False]),
    ("Point", [1, None]),
    ("Point", [1, 2 + 1j]),
    ("Point", [10**400, 2]),
    ("MultiPoint", 5),
    ("MultiPoint", [1, 2]),
    ("MultiPoint", [[1, 2], 3]),
    ("LineString", [1, 2]),
    ("LineString", [[0, 0], [1]]),
    ("LineString", [[0, 0], []]),
    ("LineString", [[0, 0], [1, "2"]]),
    ("LineString", [[0, 0], "12"]),
    ("LineString", [[0, 0], [1, True]]),
    ("LineString", [LINE]),
    ("MultiLineString", [[0, 0], [1, 1]]),
    ("MultiLineString", [LINE, None]),
    ("Polygon", RING),
    ("Polygon", [[RING]]),
    ("Polygon", [RING, None]),
    ("Polygon", None),
    ("MultiPolygon", [RING]),
    ("MultiPolygon", "x"),
    ("MultiPolygon", [[RING], 3]),
]


@pytest.mark.parametrize(("kind", "given"), WRONG)
def test_wrong_nesting_and_wrong_numbers_are_refused(kind: str, given: Any) -> None:
    with pytest.raises(MalformedError) as caught:
        drawings_of(kind, given)
    assert caught.value.text.en == (
        f"the nesting or a number of the coordinates is wrong for {kind}; export the file again"
    )
    assert caught.value.text.zh == f"坐标的嵌套层次或数字不符合 {kind}；请重新导出"


@pytest.mark.parametrize(
    ("positions", "columns"),
    [
        ([[0, 0], [1, 1]], 2),
        ([[0, 0, 5], [1, 1, 6]], 3),
        ([[0, 0, 5, 7], [1, 1, 6, 8]], 4),
        ([[0, 0, 5, 7, 9], [1, 1, 6, 8, 10]], 4),
        ([[0, 0, 5], [1, 1]], 2),
        ([[0, 0], [1, 1, 6, 8]], 2),
        ([[0, 0, 5, 7, 9], [1, 1, 6]], 3),
    ],
)
def test_as_many_columns_as_every_position_has_up_to_four(positions: list[list[float]], columns: int) -> None:
    (drawing,) = drawings_of("LineString", positions)
    (ring,) = drawing.rings
    assert ring.tolist() == [[float(number) for number in position[:columns]] for position in positions]


def test_what_is_given_is_not_changed() -> None:
    given = [[[0, 0, 1], [4, 0], [4, 3, 2], [0, 0, 1]]]
    drawings_of("Polygon", given)
    assert given == [[[0, 0, 1], [4, 0], [4, 3, 2], [0, 0, 1]]]


def test_whole_numbers_and_decimals_may_stand_together() -> None:
    (drawing,) = drawings_of("LineString", [[0, 0.5], [37_500_000, 3_900_000.125]])
    assert drawing.rings[0].tolist() == [[0.0, 0.5], [37_500_000.0, 3_900_000.125]]
