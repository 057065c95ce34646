"""The proposed footprint, as it was read."""

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of repair made to a geometry, with how often and what it changed.

    Attributes
    ----------
    kind
        Short word: `closed-ring`, `duplicate-vertices`, `self-crossing`, `ring-roles`, `z-dropped`, `curve-to-line` ...
    count
        How many places were repaired.
    area_change_m2
        Area after minus area before, on the ellipsoid.
    """

    kind: str
    count: int
    area_change_m2: float
    text: Text


@dataclass(frozen=True, slots=True)
class Site:
    """A footprint in the coordinate system of its file.

    Attributes
    ----------
    geometry
        x is east or longitude, y is north or latitude, whatever the axis order of the authority. Polygons or
        multipolygons; points and lines only with `width_m`.
    crs
        What pyproj understands: `EPSG:4525`, or WKT.
    source
        Name of the file without its folder.
    width_m
        For a line its whole width, for a point the diameter of the circle.
    warnings
        What the reader noticed and did not repair (stated area differs, declared CRS doubtful ...).
    """

    id: str
    name: str
    geometry: BaseGeometry
    crs: str
    source: str
    width_m: float | None = None
    stated_area_m2: float | None = None
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[Text, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
