"""The last written digit of coordinates, told from the numbers, and what it leaves open."""

from math import cos, hypot, radians
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import boundary_writers as bw
from zoning.sites import read_sites
from zoning.sites.rounding import rounding_of
from zoning.sites.where import Where

WHERE = Where("a.kml")
AT = 35.48


def around(digits: int) -> shapely.Polygon:
    step = 10.0**-digits
    corners = [
        (112.42, AT),
        (112.42 + 3 * step, AT),
        (112.42 + 3 * step, AT + 2 * step),
        (112.42 + step, AT + 3 * step),
    ]
    return shapely.Polygon([(round(x, digits), round(y, digits)) for x, y in corners])


@pytest.mark.parametrize("digits", [2, 3, 4])
def test_coarse_degrees_have_their_accuracy(digits: int) -> None:
    found = rounding_of(around(digits), WHERE, degrees=True)
    half = 10.0**-digits / 2 * 111_320
    assert found.accuracy_m == pytest.approx(hypot(half * cos(radians(AT)), half), abs=0.15)
    assert found.text is not None
    assert found.text.zh.startswith(f"a.kml：坐标只写到 {10.0**-digits:g}°，取整使点位最多偏 {found.accuracy_m:.1f} 米")


@pytest.mark.parametrize("digits", [5, 6, 7])
def test_fine_degrees_say_nothing(digits: int) -> None:
    assert rounding_of(around(digits), WHERE, degrees=True).text is None


def test_one_fine_vertex_is_enough_to_say_nothing() -> None:
    ring = [*around(3).exterior.coords[:-1], (112.4251237, AT + 0.0011239)]
    assert rounding_of(shapely.Polygon(ring), WHERE, degrees=True).accuracy_m == 0


def test_metres_are_coarse_from_tens_on() -> None:
    ring = [(37_627_010.0, 3_930_020.0), (37_627_120.0, 3_930_020.0), (37_627_120.0, 3_930_150.0)]
    assert rounding_of(shapely.Polygon(ring), WHERE, degrees=False).accuracy_m == 7.1
    ring[0] = (37_627_011.0, 3_930_020.0)
    assert rounding_of(shapely.Polygon(ring), WHERE, degrees=False).accuracy_m == 0


@given(digits=st.integers(1, 4), corners=st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 9999)), min_size=3))
def test_no_vertex_moves_farther_than_said(digits: int, corners: list[tuple[int, int]]) -> None:
    true = [(112 + x / 9999, 35 + y / 9999) for x, y in corners]
    written = shapely.MultiPoint([(round(x, digits), round(y, digits)) for x, y in true])
    said = rounding_of(written, WHERE, degrees=True).accuracy_m
    for (x, y), point in zip(true, written.geoms, strict=True):
        moved = hypot((x - point.x) * cos(radians(y)), y - point.y) * 111_320
        assert moved <= said * 1.02


def test_a_coarse_file_is_read_with_its_accuracy(tmp_path: Path) -> None:
    path = bw.write(
        tmp_path / "a.kml", bw.kml(bw.placemark([[(112.421, 35.481), (112.427, 35.481), (112.427, 35.486)]]))
    )
    (site,) = read_sites(path, expected=bw.EXPECTED)
    assert site.accuracy_m == 71.8
    assert "a.kml 第 1 个图形：坐标只写到 0.001°，取整使点位最多偏 71.8 米；核对红线请提供更精确的坐标" in [
        text.zh for text in site.warnings
    ]
