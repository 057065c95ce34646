"""Broken files from end to end: written byte by byte, read, inspected; exactly these faults, in these lines."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from intake_cases import YANGCHENG
from overlay_world import PLANE
from surveyed_txt import EAST, FIRST_POINT_LINE, NORTH, write_txt
from zoning.quality.inspection import Inspected, inspect_sites
from zoning.quality.pictures.listing import heading_of
from zoning.quality.pictures.sheet import png
from zoning.quality.pictures.sketch import scene_of
from zoning.sites import read_sites

BODY = [(0, 0), (80, -10), (150, 20), (190, 80), (160, 140), (90, 160), (20, 120), (-15, 60)]
Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Broken:
    """A broken file; per kind of fault how many, and of the first listed fault ring, vertex and line."""

    name: str
    make: Callable[[Path], Path]
    counts: Mapping[str, int]
    first: tuple[int | None, int | None, int | None] | None = None
    overlaps: Mapping[str, int] | None = None


def txt(*rings: Ring, stated: str, closed: bool = True) -> Callable[[Path], Path]:
    return lambda folder: write_txt(folder / "a.txt", *rings, stated=stated, closed=closed)


def geojson(*features: tuple[str, object]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        listed = [
            {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}}
            for kind, coordinates in features
        ]
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4525"}}
        path = folder / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": listed}), encoding="utf-8")
        return path

    return make


def closed(points: Ring) -> list[list[float]]:
    return [[EAST + x, NORTH + y] for x, y in [*points, points[0]]]


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return closed([(west, south), (east, south), (east, north), (west, north)])


def exchanged(points: Ring, one: int, other: int) -> list[tuple[float, float]]:
    path = list(points)
    path[one], path[other] = path[other], path[one]
    return path


FILES = [
    Broken("sound", txt(BODY, stated="8,2.4340"), {}),
    Broken(
        "two points exchanged", txt(exchanged(BODY, 3, 4), stated="8,2.1623"), {"self-crossing": 1}, (1, None, None)
    ),
    Broken(
        "out and back",
        txt([*BODY[:4], (260, 95), (190, 80), *BODY[4:]], stated="10,2.4340"),
        {"spike": 1},
        (1, 5, FIRST_POINT_LINE + 4),
    ),
    Broken("not closed", txt(BODY, stated="8,2.4340", closed=False), {"open-ring": 1}, (1, 1, FIRST_POINT_LINE)),
    Broken(
        "a point twice",
        txt([*BODY[:3], BODY[2], *BODY[3:]], stated="9,2.4340"),
        {"duplicate-points": 1},
        (1, 4, FIRST_POINT_LINE + 3),
    ),
    Broken(
        "a digit too many",
        txt([*BODY[:5], (90, 16_160), *BODY[6:]], stated="8,2.4340"),
        {"remote-vertex": 1, "stated-area": 1},
        (1, 6, FIRST_POINT_LINE + 5),
    ),
    Broken("area and points as stated by nobody", txt(BODY, stated="12,3.0"), {"stated-area": 1, "stated-points": 1}),
    Broken(
        "a hole outside",
        geojson(("Polygon", [closed(BODY), box(230, 30, 260, 60)])),
        {"hole-outside": 1},
        (2, 1, None),
    ),
    Broken(
        "a hole drawn as a part",
        geojson(("MultiPolygon", [[closed(BODY)], [box(40, 40, 110, 100)]])),
        {"nested-parts": 1},
        (2, None, None),
    ),
    Broken(
        "a crack of 30 cm and a crumb",
        geojson(("MultiPolygon", [[closed(BODY)], [box(200, 0, 200.3, 90)], [box(230, 0, 230.5, 0.5)]])),
        {"sliver-part": 1, "tiny-part": 1},
        (3, 1, None),
    ),
    Broken(
        "parcels over each other",
        geojson(*(("Polygon", [ring]) for ring in (box(0, 0, 100, 80), box(92, 5, 200, 85), box(0, 0, 100, 80)))),
        {},
        overlaps={"parcels-identical": 1, "parcels-overlap": 2},
    ),
    Broken(
        "on both sides of 112.5°E",
        txt([(x + 9_000, y) for x, y in ((0, 0), (500, 0), (500, 400), (0, 400))], stated="4,19.992"),
        {"two-zones": 1},
    ),
]


def read(file: Broken, folder: Path) -> Inspected:
    path = file.make(folder)
    return inspect_sites(read_sites(path, expected=YANGCHENG), PLANE, path=path)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_exactly_these_faults(file: Broken, tmp_path: Path) -> None:
    found = read(file, tmp_path)
    counts: dict[str, int] = {}
    for quality in found.qualities:
        counts |= quality.counts
    assert counts == dict(file.counts)
    assert found.overlaps.counts == dict(file.overlaps or {})
    if file.first is not None:
        place = found.qualities[0].faults[0].places[0]
        assert (place.ring, place.vertex, place.line) == file.first


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_of_them_is_drawn(file: Broken, tmp_path: Path) -> None:
    found = read(file, tmp_path)
    assert png(scene_of(found), heading_of(found), "zh").startswith(b"\x89PNG")
