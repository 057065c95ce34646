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
        Name of the file without its folder; in an archive or a folder of files `a.zip/范围.shp`.
    format
        In which form it was read: a value of `zoning.sites.formats.kinds.Kind`.
    encoding
        Codec of the texts, empty where the format leaves no choice.
    width_m
        For a line its whole width, for a point the diameter of the circle.
    conversion
        How the numbers of the file came into `crs`, where that took more than reading them; None else.
    accuracy_m
        What the conversion adds to the positional error, metres, 95 %.
    crs_decision
        Who says that it is this coordinate system; None where nobody was asked.
    warnings
        What the reader noticed and did not repair (stated area differs, declared CRS doubtful ...).

    Examples
    --------
    >>> import shapely
    >>> Site("1", "field", shapely.box(112.4, 35.4, 112.5, 35.5), "EPSG:4490", "field.geojson").width_m is None
    True
    """

    id: str
    name: str
    geometry: BaseGeometry
    crs: str
    source: str
    width_m: float | None = None
    stated_area_m2: float | None = None
    stated_points: int | None = None
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[Text, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    format: str = ""
    encoding: str = ""
    conversion: Text | None = None
    accuracy_m: float = 0.0
    crs_decision: Text | None = None
