"""What is written as coordinate TXT and read again has the same parts, holes and corners, to the millimetre."""

import math
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

import boundary_writers as bw
from exchange_world import converted, site
from zoning.exchange.target import Target
from zoning.sites import Site, read_sites

CODES = ("EPSG:4525", "EPSG:4526", "EPSG:4546", "EPSG:4490", "EPSG:4497", "EPSG:32649")
_FORTH = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True)


@st.composite
def stars(draw: st.DrawFn, x: float, y: float, reach: float) -> list[tuple[float, float]]:
    """Draw a star-shaped ring around a point, metres, open."""
    corners = draw(st.integers(3, 9))
    share = st.floats(0.3, 1.0)
    turn = draw(st.floats(0, 1))
    ring = []
    for i in range(corners):
        angle, radius = 2 * math.pi * (i + turn) / corners, reach * draw(share)
        ring.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return ring


@st.composite
def footprints(draw: st.DrawFn) -> BaseGeometry:
    """Draw one to four parts beside each other, each with up to three holes, one of them with an island."""
    parts: list[shapely.Polygon] = []
    for number in range(draw(st.integers(1, 4))):
        x, y = 37_620_000 + 400 * number, 3_920_000 + draw(st.floats(-50, 50))
        count = draw(st.integers(0, 3))
        holes = [draw(stars(x - 30 + 30 * i, y, 12)) for i in range(count)]
        frame = [(x - 60, y - 60), (x + 60, y - 55), (x + 55.5, y + 60), (x - 60.25, y + 58)]
        parts.append(shapely.Polygon(frame, holes))
        island = draw(st.booleans())
        if holes and island:
            parts.append(shapely.Polygon(draw(stars(x - 30, y, 1.5))))
    made = shapely.MultiPolygon(parts)
    return made if len(parts) > 1 else parts[0]


def back(content: bytes) -> Site:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt"
        path.write_bytes(content)
        (one,) = read_sites(path, expected=bw.EXPECTED)
    return one


def rings(geometry: BaseGeometry) -> list[list[np.ndarray]]:
    parts: Sequence[shapely.Polygon] = shapely.get_parts(geometry).tolist()
    return [[shapely.get_coordinates(ring) for ring in shapely.get_rings(part)] for part in parts]


@given(footprints(), st.sampled_from(CODES))
def test_round_trip(geometry: BaseGeometry, code: str) -> None:
    way = Transformer.from_crs("EPSG:4525", code, always_xy=True)
    moved = shapely.transform(geometry, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))
    again = back(converted(site(moved, code), zone=37).content)
    assert again.crs == "EPSG:4525"
    assert again.repairs == ()
    for true_part, part in zip(rings(geometry), rings(again.geometry), strict=True):
        for true, found in zip(true_part, part, strict=True):
            assert len(true) == len(found)
            assert np.abs(true - found).max() <= 0.00051


@given(footprints())
def test_writing_again_changes_nothing(geometry: BaseGeometry) -> None:
    once = converted(site(geometry), Target.txt, zone=38)
    # Only the name of the file stands in the notes; parcel line and rows are the same.
    assert converted(back(once.content), Target.txt).content == converted(back(once.content), Target.txt).content
    twice = converted(back(once.content), Target.txt, zone=38)
    assert twice.content.splitlines()[13:] == once.content.splitlines()[13:]
