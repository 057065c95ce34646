"""Footprints to be written, and the day they are written on."""

from collections.abc import Mapping, Sequence
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

import boundary_writers as bw
from zoning.exchange.converting import Converted, Wish, convert
from zoning.exchange.target import Encoding, Target
from zoning.overlay.plane import MeasuringPlane
from zoning.sites import Site

ON = date(2026, 3, 9)
PLANE = MeasuringPlane(35.5)
ATTRIBUTES = {"地块用途": "工业用地", "DLBM": "0601", "图幅号": "J49", "备注": "二期"}


def polygon(*rings: bw.Ring, code: str = "EPSG:4525") -> shapely.Polygon:
    """Return a polygon in a plane from degrees."""
    outline, *holes = [bw.plane(code, ring) if code != "EPSG:4490" else list(ring) for ring in rings]
    return shapely.Polygon(outline, holes)


def site(
    geometry: BaseGeometry,
    crs: str = "EPSG:4525",
    *,
    name: str = "一号地块",
    width_m: float | None = None,
    attributes: Mapping[str, str] = ATTRIBUTES,
) -> Site:
    """Return a footprint."""
    return Site("DK01", name, geometry, crs, "红线.shp", width_m=width_m, attributes=dict(attributes))


def converted(
    sites: Site | Sequence[Site],
    target: Target = Target.txt,
    *,
    zone: int | None = None,
    crs: str | None = None,
    encoding: Encoding | None = None,
) -> Converted:
    """Convert footprints."""
    listed = [sites] if isinstance(sites, Site) else list(sites)
    return convert(listed, PLANE, Wish(target, ON, zone, crs, encoding), "红线")


def notes(made: Converted) -> list[str]:
    """Return what was said, in Chinese."""
    return [note.zh for note in made.notes]
