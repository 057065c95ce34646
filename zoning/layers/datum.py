"""Coordinate systems on their way to longitude and latitude of CGCS2000.

CGCS2000 and WGS 84 differ by centimetres and are equal for this purpose: longitude and latitude of either are taken as
they stand. Every other datum needs a published operation; a ballpark shift is refused, never made silently.
"""

from functools import lru_cache
from math import cos, radians

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as UnknownCRS
from pyproj.exceptions import ProjError

from zoning.errors import CRSError

CGCS2000 = "EPSG:4490"
WGS84 = "EPSG:4326"
_SAME = (CGCS2000, WGS84, "OGC:CRS84")
# How writers of .prj files call the datum of CGCS2000.
_CHINA_2000 = ("china 2000", "china geodetic coordinate system 2000", "d china 2000", "cgcs2000", "d cgcs 2000")

# PROJ has operations for some of them, but of other regions (Tarim, Yellow Sea ...): wrong by tens of metres here.
_LOCAL_DATUMS = ("Beijing 1954", "New Beijing", "Xian 1980")

Bounds = tuple[float, float, float, float]
WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)
_LONGITUDES, _LATITUDES = 180.0, 90.0
_METRES_PER_DEGREE = 110_574.0  # shortest degree of latitude on the ellipsoid: a grown box is rather too large
_PER_ZONE, _FALSE_EASTING = 1e6, 500_000.0
_ZONES = range(13, 46)  # of 6° from 13 on, of 3° to 45
_SAME_PLACE_M = 1000.0  # a projection that is asked too far away does not come back to the same place


def grown_bounds(bounds: Bounds, reach_m: float) -> Bounds:
    """Return the box in degrees that holds everything within metres of a box in degrees.

    >>> west, south, east, north = grown_bounds((105.0, 30.0, 105.0, 30.0), 110_574.0)
    >>> south, north, round(east - 105.0, 2)
    (29.0, 31.0, 1.17)
    """
    west, south, east, north = bounds
    high = reach_m / _METRES_PER_DEGREE
    wide = high / max(cos(radians(max(abs(south), abs(north)) + high)), 0.05)
    return west - wide, south - high, east + wide, north + high


def holds(box: Bounds, other: Bounds) -> bool:
    """Tell whether a box holds all of another one; borders may coincide."""
    return box[0] <= other[0] and box[1] <= other[1] and box[2] >= other[2] and box[3] >= other[3]


@lru_cache(maxsize=64)
def parse_crs(crs: str) -> CRS:
    """Return what `crs` means, without height.

    Raises
    ------
    CRSError
        When no coordinate system bears that name.
    """
    try:
        return CRS.from_user_input(crs).to_2d()
    except UnknownCRS as error:
        raise CRSError(
            f"不认识的坐标系“{crs[:60]}”；请写 EPSG 代码（如 EPSG:4525）",
            f"unknown coordinate system '{crs[:60]}'; write an EPSG code such as EPSG:4525",
        ) from error


def same_crs(one: str, other: str) -> bool:
    """Tell whether two coordinate systems put the same numbers in the same place, axis order left aside.

    >>> same_crs("EPSG:4490", "EPSG:4326"), same_crs("EPSG:4525", "EPSG:4526")
    (True, False)

    Raises
    ------
    CRSError
        When no coordinate system bears one of the names.
    """
    if one == other or {one, other} <= set(_SAME):
        return True
    first, second = parse_crs(one), parse_crs(other)
    if first.equals(second, ignore_axis_order=True):
        return True
    codes = first.to_epsg(), second.to_epsg()
    if None not in codes:
        return codes[0] == codes[1]
    return _geometry_of(first) == _geometry_of(second)


def _geometry_of(crs: CRS) -> tuple[object, ...]:
    operation = crs.coordinate_operation
    parameters = (
        () if operation is None else tuple(sorted((p.name, round(float(p.value), 9)) for p in operation.params))
    )
    return (_is_cgcs2000(crs), crs.ellipsoid.name if crs.ellipsoid else None, parameters)


def _is_cgcs2000(crs: CRS) -> bool:
    datum = crs.datum.name if crs.datum else ""
    return datum.lower().replace("_", " ") in _CHINA_2000


class LonLat:
    """Transformers between coordinate systems and longitude, latitude; each is built once.

    Axes are x east, y north whatever the authority says.
    """

    def __init__(self) -> None:
        self._forward: dict[str, Transformer | None] = {}

    def transformer(self, crs: str) -> Transformer | None:
        """Return the operation from `crs` to longitude and latitude in degrees; None where nothing is to be done.

        Raises
        ------
        CRSError
            When `crs` is unknown, or its datum has only a ballpark shift to CGCS2000 (1954北京, 1980西安).
        """
        if crs not in self._forward:
            self._forward[crs] = _build(crs)
        return self._forward[crs]

    def bounds_in(self, crs: str, bounds: Bounds) -> Bounds | None:
        """Return a lon/lat box in `crs`, its edges densified; None where the box reaches beyond what `crs` can show.

        Raises
        ------
        CRSError
            When `crs` is unknown, or has no exact way to CGCS2000; see `transformer`.
        """
        transformer = self.transformer(crs)
        if transformer is None:
            return bounds
        west, south, east, north = bounds
        if east - west > 30 or north - south > 30:  # noqa: PLR2004 - a projection is not to be trusted that far
            return None
        box = transformer.transform_bounds(west, south, east, north, densify_pts=21, direction="INVERSE")
        return box if all(abs(edge) < float("inf") for edge in box) else None

    def bounds_of(self, crs: str, bounds: Bounds) -> Bounds | None:
        """Return a box of `crs` in longitude and latitude, its edges densified; None where it has no place on earth.

        Raises
        ------
        CRSError
            When `crs` is unknown, or has no exact way to CGCS2000; see `transformer`.
        """
        transformer = self.transformer(crs)
        box = bounds if transformer is None else transformer.transform_bounds(*bounds, densify_pts=21)
        return box if all(abs(edge) < float("inf") for edge in box) else None

    def shows(self, crs: str, bounds: Bounds) -> bool:
        """Tell whether a box of coordinates of `crs` can lie on the earth: swapped axes and a wrong zone cannot.

        Raises
        ------
        CRSError
            When `crs` is unknown, or has no exact way to CGCS2000; see `transformer`.
        """
        west, south, east, north = bounds
        if parse_crs(crs).is_geographic:
            return max(abs(west), abs(east)) <= _LONGITUDES and max(abs(south), abs(north)) <= _LATITUDES
        transformer = self.transformer(crs)
        if transformer is None:
            return True
        zone = _zone_in_front(parse_crs(crs))
        if zone is not None and not zone == west // _PER_ZONE == east // _PER_ZONE:
            return False
        x, y = [west, west, east, east], [south, north, south, north]
        back = transformer.transform(*transformer.transform(x, y), direction="INVERSE")
        off = max(
            abs(a - b) for given, found in zip((x, y), back, strict=True) for a, b in zip(given, found, strict=True)
        )
        return bool(off < _SAME_PLACE_M)


def _zone_in_front(crs: CRS) -> int | None:
    """Return the number of the zone that eastings begin with (37 of 37,500,000); None where they begin with none."""
    operation = crs.coordinate_operation
    eastings = [] if operation is None else [float(p.value) for p in operation.params if p.name == "False easting"]
    zone, rest = divmod(eastings[0], _PER_ZONE) if eastings else (0.0, 0.0)
    return int(zone) if zone in _ZONES and rest == _FALSE_EASTING else None


def _build(crs: str) -> Transformer | None:
    if crs in _SAME:
        return None
    source = parse_crs(crs)
    if source.is_geographic and same_crs(crs, CGCS2000):
        return None
    if source.datum is not None and source.datum.name.replace("_", " ").removeprefix("D ") in _LOCAL_DATUMS:
        raise _no_way(source)
    targets = [CRS.from_epsg(4490), CRS.from_epsg(4326)]
    if _is_cgcs2000(source) and source.geodetic_crs is not None:
        # A .prj with another spelling of the same datum: only the projection is to be undone.
        targets.insert(0, source.geodetic_crs)
    for target in targets:
        try:
            return Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)
        except ProjError:
            continue
    raise _no_way(source)


def _no_way(source: CRS) -> CRSError:
    return CRSError(
        f"坐标系“{source.name}”到 CGCS2000 没有公开的转换参数，粗略平移可差数十至上百米；请先用当地参数转换到 CGCS2000",
        f"'{source.name}' has no published transformation to CGCS2000, a ballpark shift is wrong by tens of metres; "
        "convert it with the local parameters first",
    )
