"""The same polygon in every format comes back to the same place; rings keep their roles whatever their order."""

import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

import boundary_writers as bw
from zoning.sites import read_sites

Writer = Callable[[Path, Sequence[bw.Ring]], Path]


@st.composite
def stars(draw: st.DrawFn, *, longitude: tuple[float, float] = (112.05, 112.9)) -> bw.Ring:
    """Draw a star-shaped ring of 3 to 12 corners, 50 m to 5 km across, closed."""
    lon, lat = draw(st.floats(*longitude)), draw(st.floats(35.2, 35.65))
    corners = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(0.0003, 0.025), min_size=corners, max_size=corners))
    angles = [2 * math.pi * i / corners for i in range(corners)]
    ring = [(lon + r * math.cos(a), lat + r * math.sin(a)) for r, a in zip(radii, angles, strict=True)]
    return [*ring, ring[0]]


def with_hole(ring: bw.Ring) -> list[bw.Ring]:
    """Return the ring and itself, shrunk to a third around a point it is star-shaped to."""
    centre = (sum(x for x, _ in ring[:-1]), sum(y for _, y in ring[:-1]))
    count = len(ring) - 1
    x0, y0 = centre[0] / count, centre[1] / count
    return [ring, [(x0 + (x - x0) / 3, y0 + (y - y0) / 3) for x, y in ring]]


def as_txt(code: str, zone: str) -> Writer:
    def writer(folder: Path, rings: Sequence[bw.Ring]) -> Path:
        text = bw.txt(bw.txt_rows(rings, code, decimals=6), 带号=zone)
        return bw.write(folder / "a.txt", text, "gb18030")

    return writer


def as_gpkg(code: str) -> Writer:
    return lambda folder, rings: bw.write_gpkg(folder / "a.gpkg", rings, code=code)


WRITERS: dict[str, Writer] = {
    "txt 37": as_txt("EPSG:4525", "37"),
    "txt 38": as_txt("EPSG:4526", "38"),
    "txt 38 without prefix": as_txt("EPSG:4547", "38"),
    "geojson": lambda folder, rings: bw.write(folder / "a.geojson", bw.geojson(bw.polygon(rings))),
    "gpkg 4525": as_gpkg("EPSG:4525"),
    "gpkg 4490": as_gpkg("EPSG:4490"),
    "gpkg utm": as_gpkg("EPSG:32649"),
    "shp": lambda folder, rings: bw.write_shapefile(folder / "a.shp", rings),
    "zip": lambda folder, rings: bw.zipped_shapefile(
        folder / "b.zip", bw.write_shapefile(folder / "a.shp", rings), "地块"
    ),
    "kml": lambda folder, rings: bw.write(folder / "a.kml", bw.kml(bw.placemark(rings))),
    "wkt": lambda folder, rings: bw.write(folder / "a.wkt", f"SRID=4490;{bw.wkt(rings)}"),
}


@cache
def transformer(code: str) -> Transformer:
    return Transformer.from_crs(code, "EPSG:4490", always_xy=True)


def degrees(geometry: BaseGeometry, code: str) -> BaseGeometry:
    back = transformer(code)
    return shapely.transform(geometry, lambda xy: shapely.get_coordinates(shapely.points(*back.transform(*xy.T))))


half_as_many = settings(max_examples=max(25, settings().max_examples // 2))  # each is tried in many formats


def farthest(polygon: BaseGeometry, ring: bw.Ring) -> float:
    """Return the largest distance of a vertex from its original, whatever vertex the format starts with."""
    points: list[list[float]] = shapely.get_coordinates(polygon).tolist()
    return max(min(max(abs(x - a), abs(y - b)) for a, b in points) for x, y in ring)


@pytest.mark.parametrize("name", WRITERS)
@half_as_many
@given(ring=stars())
def test_one_place_in_every_format(name: str, ring: bw.Ring) -> None:
    with TemporaryDirectory() as folder:
        (site,) = read_sites(WRITERS[name](Path(folder), [ring]), expected=bw.EXPECTED)
    found = degrees(site.geometry, site.crs)
    assert found.geom_type == "Polygon"
    assert len(shapely.get_coordinates(found)) == len(ring)
    assert farthest(found, ring) < 1e-8


@pytest.mark.parametrize("name", ["txt 37", "gpkg 4490", "shp", "kml", "wkt", "geojson"])
@half_as_many
@given(ring=stars())
def test_holes_stay_holes_in_every_format(name: str, ring: bw.Ring) -> None:
    outline = shapely.Polygon(ring)
    rings = with_hole(ring)
    if not outline.contains_properly(shapely.Polygon(rings[1])) or outline.area < 1e-6:
        return
    with TemporaryDirectory() as folder:
        (site,) = read_sites(WRITERS[name](Path(folder), rings), expected=bw.EXPECTED)
    assert len(bw.shape(site).interiors) == 1
    assert degrees(site.geometry, site.crs).area == pytest.approx(outline.area * (1 - 1 / 9), rel=1e-6)


@given(
    order=st.permutations(range(5)),
    turned=st.lists(st.booleans(), min_size=5, max_size=5),
    numbers=st.permutations(range(1, 6)),
)
def test_containment_decides_whatever_order_direction_and_number(
    order: list[int], turned: list[bool], numbers: list[int]
) -> None:
    """Outline, two holes, an island in one hole, a second outline: 100 - 16 - 4 + 1 + 9 units of area."""
    unit = 0.001
    boxes = [(0, 0, 10), (1, 1, 4), (6, 6, 2), (2, 2, 1), (20, 0, 3)]
    rings = []
    for position in order:
        x, y, size = boxes[position]
        corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
        ring = [(112.3 + a * unit, 35.4 + b * unit) for a, b in corners]
        rings.append(ring[::-1] if turned[position] else ring)
    rows = bw.txt_rows(rings, "EPSG:4525", numbers=numbers, decimals=6)
    with TemporaryDirectory() as folder:
        (site,) = read_sites(bw.write(Path(folder) / "a.txt", bw.txt(rows)), expected=bw.EXPECTED)
    assert len(bw.shape(site).geoms) == 3
    assert sorted(len(part.interiors) for part in bw.shape(site).geoms) == [0, 0, 2]
    assert site.geometry.is_valid
    assert degrees(site.geometry, site.crs).area == pytest.approx((100 - 16 - 4 + 1 + 9) * unit**2, rel=1e-7)


@given(ring=stars(longitude=(112.40, 112.60)), swapped=st.booleans(), prefixed=st.booleans())
def test_both_zones_agree_around_their_border(ring: bw.Ring, *, swapped: bool, prefixed: bool) -> None:
    places = []
    for zone in (37, 38):
        code = f"EPSG:{(4488 if prefixed else 4509) + zone}"
        rows = bw.txt_rows([ring], code, decimals=6)
        if swapped:
            rows = [f"{n},{r},{east},{north}" for n, r, north, east in (row.split(",") for row in rows)]
        with TemporaryDirectory() as folder:
            path = bw.write(Path(folder) / "a.txt", bw.txt(rows, 带号=str(zone)))
            (site,) = read_sites(path, expected=bw.EXPECTED)
        places.append(shapely.get_coordinates(degrees(site.geometry, site.crs)))
    assert abs(places[0] - places[1]).max() < 1e-10
