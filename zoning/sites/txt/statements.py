"""What a parcel line states beside the geometry: area and number of points; the quality report compares them."""

import math
import re

import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.quantities import MU_PER_HECTARE, SQUARE_METRES_PER_HECTARE
from zoning.sites.txt.ring_split import Ring
from zoning.sites.txt.wide import narrow
from zoning.sites.where import Where
from zoning.texts import Text

_HECTARE = SQUARE_METRES_PER_HECTARE
_SQUARE_METRE = 1.0
_MU = SQUARE_METRES_PER_HECTARE / MU_PER_HECTARE
_UNITS = (_HECTARE, _SQUARE_METRE, _MU)
_SPELLINGS = {
    "公顷": _HECTARE, "ha": _HECTARE, "hm2": _HECTARE, "hm²": _HECTARE, "平方米": _SQUARE_METRE, "m2": _SQUARE_METRE,
    "m²": _SQUARE_METRE, "㎡": _SQUARE_METRE, "平米": _SQUARE_METRE, "亩": _MU, "mu": _MU,
}  # fmt: skip
_AREA = re.compile(r"([0-9]{1,15}(?:\.[0-9]{0,20})?)\s*([^0-9\s]\S{0,4})?")


def stated_area(
    text: str, geometry: BaseGeometry, place: Where, *, degrees: bool
) -> tuple[float | None, tuple[Text, ...]]:
    """Return the stated area in m², and what is to be said about it.

    The unit is the one written behind the number, else the one that comes nearest to the geometry. Its plane area
    serves for that: it differs from the ellipsoid's by less than 0.1 %.
    """
    area = _degrees_area(geometry) if degrees else float(shapely.area(geometry))
    if not text or area == 0:
        return None, ()
    match = _AREA.fullmatch(narrow(text).lower())
    named = _SPELLINGS.get(match[2]) if match and match[2] else None
    if match is None or (match[2] and named is None):
        text = text[:30]
        return None, (
            place.sentence(
                f"标注面积 “{text}” 不是数字，未比较", f"the stated area “{text}” is no number; not compared"
            ),
        )
    stated = float(match[1])
    if stated == 0:
        return None, (place.sentence("标注面积为 0，未比较", "the stated area is 0; not compared"),)
    factor = named or min(_UNITS, key=lambda choice: abs(math.log(stated * choice / area)))
    return stated * factor, ()


def _degrees_area(geometry: BaseGeometry) -> float:
    """Return the area on the ellipsoid, m²."""
    geod = Geod(ellps="GRS80")
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return sum(abs(float(geod.geometry_area_perimeter(shapely.orient_polygons(part))[0])) for part in parts)


def stated_points(text: str, rings: list[Ring], place: Where) -> tuple[int | None, tuple[Text, ...]]:
    """Return the stated number of points without those that close a ring, and what is to be said where it is none.

    Some programs count the closing row of every ring, others do not: both are right.
    """
    plain = narrow(text)
    rows = sum(len(ring.xy) for ring in rings)
    if not plain:
        return None, ()
    distinct = rows - sum(ring.closed for ring in rings)
    if plain.isdecimal() and len(plain) < 10:  # noqa: PLR2004 - longer numbers are no counts
        return distinct if distinct <= int(plain) <= distinct + len(rings) else int(plain), ()
    return None, (
        place.sentence(
            f"标注界址点数 “{text[:30]}” 不是整数，实有 {rows} 行",
            f"the stated number of points “{text[:30]}” is no whole number; {rows} rows follow",
        ),
    )
