"""The boundary points of a footprint in a CGCS2000 Gauss-Krüger 3° zone and in degrees."""

from dataclasses import dataclass

import shapely

from zoning.exchange.moving import Mover
from zoning.exchange.zone_choice import choose_zone
from zoning.layers.datum import LonLat
from zoning.overlay.footprint import Footprint
from zoning.report.document import Cell, Column, Number, Table
from zoning.report.source import Source
from zoning.sites.crs.zones import ZONES_3, label, zone_3_code
from zoning.texts import Text

MOST_POINTS = 2_000
"""A table of more points helps nobody on paper; the embedded verdict holds them all."""

_METRES, _DEGREES = 3, 7
_MERIDIAN = 3


@dataclass(frozen=True, slots=True)
class Point:
    """One boundary point: which part and ring (1 is the outline), its number in the part, and where it lies."""

    part: int
    ring: int
    number: int
    north: float
    east: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Points:
    """All boundary points; `crs` is the code of the 3° zone."""

    crs: str
    points: tuple[Point, ...]

    @property
    def system(self) -> Text:
        """The name of the coordinate system."""
        return label(self.crs)


def points_of(footprint: Footprint) -> Points:
    """Return the points of a footprint as it was measured, each once: rings are not closed.

    Raises
    ------
    UsageError
        When it lies in none of the 3° zones of China.
    """
    own = footprint.own
    zone = choose_zone([(footprint.lonlat, footprint.area_m2)], None).zone
    crs = zone_3_code(zone, prefixed=True)
    mover = Mover(footprint.site.crs, crs, LonLat())
    found: list[Point] = []
    for number, part in enumerate(shapely.get_parts(own), start=1):
        count = 0
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        for ring, line in enumerate(rings, start=1):
            xy = shapely.get_coordinates(line)
            xy = xy[:-1] if part.geom_type == "Polygon" else xy
            plane, lonlat = mover.to_target(xy), mover.to_lonlat(xy)
            for (east, north), (lon, lat) in zip(plane.tolist(), lonlat.tolist(), strict=True):
                count += 1
                found.append(Point(number, ring, count, north, east, lon, lat))
    return Points(crs, tuple(found))


def zone_text(crs: str) -> Text:
    """Name a 3° zone with its central meridian.

    >>> zone_text("EPSG:4525").zh
    'CGCS2000 高斯-克吕格 3° 带第 37 带（中央经线 111°），EPSG:4525'
    """
    zone = next(zone for zone in ZONES_3 if zone_3_code(zone, prefixed=True) == crs)
    meridian = _MERIDIAN * zone
    return Text(
        f"CGCS2000 高斯-克吕格 3° 带第 {zone} 带（中央经线 {meridian}°），{crs}",
        f"CGCS2000 Gauss-Krüger 3° zone {zone} (meridian {meridian}°E), {crs}",
    )


def point_table(source: Source, points: Points, *, table_id: str, most: int = MOST_POINTS) -> Table:
    """Return the table of the points; X is north and Y is east with the zone in front, as surveyors write them."""
    several = len({(point.part, point.ring) for point in points.points}) > 1
    columns = [
        *([Column(source.say(Text("部分-圈", "part-ring")), weight=0.8)] if several else []),
        Column(source.say(Text("点号", "point")), weight=0.8),
        Column(source.say(Text("X（北）", "X (north)")), "m", numeric=True, weight=1.6),
        Column(source.say(Text("Y（东，含带号）", "Y (east, with zone)")), "m", numeric=True, weight=1.8),
        Column(source.say(Text("经度", "longitude")), "°", numeric=True, weight=1.6),
        Column(source.say(Text("纬度", "latitude")), "°", numeric=True, weight=1.6),
    ]
    rows = tuple(_row(point, several=several) for point in points.points[:most])
    return Table(table_id, tuple(columns), rows)


def _row(point: Point, *, several: bool) -> tuple[Cell, ...]:
    ring: tuple[Cell, ...] = (f"{point.part}-{point.ring}",) if several else ()
    return (
        *ring,
        f"J{point.number}",
        Number(point.north, _METRES),
        Number(point.east, _METRES),
        Number(point.lon, _DEGREES),
        Number(point.lat, _DEGREES),
    )
