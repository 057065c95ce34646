"""In which line of a text file a vertex stands, and where that is better left unsaid."""

from pathlib import Path

import pytest

from zoning.quality.faults import Fault, Place
from zoning.quality.line_numbers import lines_of, with_lines
from zoning.texts import Text

E, N = 37_627_000.0, 3_930_000.0


def fault(*vertices: tuple[float, float, int]) -> Fault:
    places = tuple(Place(E + x, N + y, 112.4, 35.5, 1, vertex) for x, y, vertex in vertices)
    return Fault("spike", "error", Text("尖刺", "spike"), places)


@pytest.fixture
def lines(tmp_path: Path) -> dict[tuple[float, float], list[int]]:
    path = tmp_path / "a.txt"
    rows = [(0, 0), (10, 0), (10, 0), (10, 10), (0, 10.00049), (0, 0), (10, 10)]
    path.write_text("".join(f"J{n},1,{N + y:.5f},{E + x:.5f}\n" for n, (x, y) in enumerate(rows, 1)), encoding="utf-8")
    return lines_of(path, "utf-8", "TXT")


def found(one: Fault, lines: dict[tuple[float, float], list[int]]) -> list[int | None]:
    (told,) = with_lines([one], lines)
    return [place.line for place in told.places]


def test_a_vertex_that_stands_once(lines: dict[tuple[float, float], list[int]]) -> None:
    assert found(fault((0, 10.0005, 5)), lines) == [5]


def test_the_first_vertex_stands_at_the_end_once_more(lines: dict[tuple[float, float], list[int]]) -> None:
    assert found(fault((0, 0, 1)), lines) == [1]


def test_repeated_vertices_take_the_lines_in_their_order(lines: dict[tuple[float, float], list[int]]) -> None:
    assert found(fault((10, 0, 3), (10, 0, 2)), lines) == [3, 2]


def test_a_corner_of_two_parcels_is_left_alone(lines: dict[tuple[float, float], list[int]]) -> None:
    assert found(fault((10, 10, 4)), lines) == [None]


def test_what_is_no_list_of_vertices_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text("[37627000, 3930000]", encoding="utf-8")
    assert lines_of(path, "utf-8", "GeoJSON") == {}
    assert lines_of(tmp_path / "gone.txt", "utf-8", "TXT") == {}
    path.write_bytes(b"\xff\xfe\xff")
    assert lines_of(path, "utf-8", "TXT") == {}
