"""Cases of the intake corpus: a file made in code, and the footprint or the refusal that must come of it.

Every module `tests/intake/test_*.py` holds a list CASES of them and hands it to `check`; `test_corpus_size.py` counts.
Writers are independent of the readers they test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod, Transformer

from zoning.errors import SiteError, ZoningError
from zoning.sites import Site, read_sites

YANGCHENG = (112.0, 35.1, 112.95, 35.75)
"""Where footprints are expected; 112.5°E, the border of the 3° zones 37 and 38, runs through it."""

UNKNOWN_CRS = "坐标系未知；请向提供单位问明（西安80、北京54 的数值与此相近，看不出来）后说明，能落在工作空间区域内的是"
"""What is said of every file that does not tell its system; the options that would fit follow."""

FAR_CRS = "坐标系未知，按常用的坐标系也都不落在工作空间的区域内；请核对坐标，向提供单位问明坐标系后用 --crs 说明"
"""The same, where none would fit."""

_GEOD = Geod(ellps="GRS80")


@dataclass(frozen=True)
class Read:
    """What must come of a file that can be read.

    `area_m2` on the ellipsoid, of all footprints together, to 1e-6 of itself or `area_tolerance_m2`; `first` is
    longitude and latitude of the first vertex of the first footprint, to `tolerance_m`. `warnings` are the Chinese
    sentences (each must be one of those of the first footprint, whole), `repairs` the kinds of its repairs.
    """

    area_m2: float
    first: tuple[float, float]
    footprints: int = 1
    parts: int = 1
    holes: int = 0
    tolerance_m: float = 0.001
    area_tolerance_m2: float = 0.0
    crs: str | None = None
    name: str | None = None
    warnings: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """The exact Chinese sentence of a refusal, and its class."""

    zh: str
    error: type[ZoningError] = SiteError


@dataclass(frozen=True)
class Case:
    """One file: `make` writes it into an empty folder and returns its path; `options` go to `read_sites`."""

    name: str
    make: Callable[[Path], Path]
    expect: Read | Refused
    options: Mapping[str, Any] = field(default_factory=dict)
    expected: tuple[float, float, float, float] | None = YANGCHENG


def cases(listed: list[Case]) -> pytest.MarkDecorator:
    """Return the decorator that runs a test once for every case."""
    names = [case.name for case in listed]
    assert len(set(names)) == len(names), "two cases have the same name"
    return pytest.mark.parametrize("case", listed, ids=names)


def check(case: Case, folder: Path) -> None:
    """Read the file of a case and compare."""
    path = case.make(folder)
    if isinstance(case.expect, Refused):
        with pytest.raises(ZoningError) as caught:
            read_sites(path, expected=case.expected, **case.options)
        assert caught.value.get("zh") == case.expect.zh
        assert type(caught.value) is case.expect.error
        assert caught.value.get("en")
        return
    compare(read_sites(path, expected=case.expected, **case.options), case.expect)


def compare(sites: tuple[Site, ...], expect: Read) -> None:
    """Compare footprints with what must have come out."""
    first = sites[0]
    shapes = [shape for site in sites for shape in shapely.get_parts(site.geometry)]
    found = {
        "footprints": len(sites),
        "parts": len(shapes),
        "holes": sum(int(shapely.get_num_interior_rings(shape)) for shape in shapes),
        "repairs": tuple(repair.kind for repair in first.repairs),
    }
    assert found == {name: getattr(expect, name) for name in found}
    area = sum(area_m2(site) for site in sites)
    assert area == pytest.approx(expect.area_m2, rel=1e-6, abs=expect.area_tolerance_m2 or None)
    lon, lat = lonlat(first)[0]
    away = _GEOD.inv(lon, lat, *expect.first)[2]
    assert away <= expect.tolerance_m, f"first vertex at {lon!r}, {lat!r}, {away:.4f} m away"
    said = [text.zh for text in first.warnings]
    assert [text for text in expect.warnings if text not in said] == [], said
    if expect.crs is not None:
        assert first.crs == expect.crs
    if expect.name is not None:
        assert first.name == expect.name
    assert {name: getattr(first, name) for name in expect.fields} == dict(expect.fields)


def lonlat(site: Site) -> list[tuple[float, float]]:
    """Return all vertices of a footprint in degrees, in their order."""
    way = Transformer.from_crs(site.crs, "EPSG:4490", always_xy=True)
    return [way.transform(x, y) for x, y in shapely.get_coordinates(site.geometry).tolist()]


def area_m2(site: Site) -> float:
    """Return the area on the ellipsoid between geodesic edges; of points and lines 0."""
    way = Transformer.from_crs(site.crs, "EPSG:4490", always_xy=True)
    total = 0.0
    for shape in shapely.get_parts(site.geometry):
        if shape.geom_type == "Polygon":
            moved = shapely.transform(
                shape, lambda xy: shapely.get_coordinates(shapely.points(*way.transform(xy[:, 0], xy[:, 1])))
            )
            total += abs(_GEOD.geometry_area_perimeter(shapely.orient_polygons(moved))[0])
    return total
