"""What the srsName of a GML means: a system, and whether its first number is the north."""

import re
from dataclasses import dataclass

from zoning.sites.drawing import Drawing

# The authority's own order of axes; EPSG lists latitude and northing first.
_AUTHORITY = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:EPSG:[^:]*:|https?://www\.opengis\.net/def/crs/EPSG/[^/]*/)(\d+)", re.IGNORECASE
)
# Written before the order was settled: x, y by convention.
_CONVENTION = re.compile(r"(?:https?://www\.opengis\.net/gml/srs/epsg\.xml#|EPSG::?)(\d+)", re.IGNORECASE)
_CRS84 = re.compile(r".*\bCRS:?84", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system as a GML states it.

    Attributes
    ----------
    north_first
        The first number is the northing or latitude.
    """

    crs: str
    north_first: bool = False


def system(name: str) -> System:
    """Return what a srsName means; the coordinates decide later whether its order of axes was meant.

    >>> system("urn:ogc:def:crs:EPSG::4490")
    System(crs='EPSG:4490', north_first=True)
    >>> system("EPSG:4490"), system("urn:ogc:def:crs:OGC:1.3:CRS84")
    (System(crs='EPSG:4490', north_first=False), System(crs='OGC:CRS84', north_first=False))
    """
    match = _AUTHORITY.fullmatch(name)
    if match is not None:
        code = f"EPSG:{match[1]}"
        return System(code, _begins_north(code))
    match = _CONVENTION.fullmatch(name)
    if match is not None:
        return System(f"EPSG:{match[1]}")
    return System("OGC:CRS84" if _CRS84.fullmatch(name) else name)


def _begins_north(code: str) -> bool:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        axes = CRS.from_user_input(code).axis_info
    except CRSError:
        return False  # refused by name when the system is settled
    return bool(axes) and axes[0].direction == "north"


def east_first(drawings: list[Drawing]) -> list[Drawing]:
    """Return the drawings with the first two numbers of every position exchanged."""
    return [
        Drawing(drawing.kind, tuple(ring[:, [1, 0, *range(2, ring.shape[1])]] for ring in drawing.rings))
        for drawing in drawings
    ]
