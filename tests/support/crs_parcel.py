"""One parcel near Yangcheng and the files that hold it, in any coordinate system."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pyproj import Geod

import boundary_writers as bw
import chinese_systems as cs
import gauss_krueger as gk

Point = tuple[float, float]
Turn = Callable[[Point], Point]

HOME: Sequence[Point] = [(112.30, 35.40), (112.31, 35.40), (112.312, 35.408), (112.305, 35.41), (112.30, 35.40)]
"""Near Yangcheng; five vertices, the first repeated."""

ESRI_PLANE = (
    'PROJCS["{name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",'
    '6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["{method}"],'
    'PARAMETER["False_Easting",{east}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],'
    'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def moved(east: float) -> list[Point]:
    """Return the parcel some degrees farther east."""
    return [(x + east, y) for x, y in HOME]


def area(ring: Sequence[Point]) -> float:
    """Return the area between geodesic edges."""
    lons, lats = zip(*ring, strict=True)
    return abs(float(Geod(ellps="GRS80").polygon_area_perimeter(lons, lats)[0]))


def turned(ring: Sequence[Point], turn: Turn | None) -> list[Point]:
    return list(ring) if turn is None else [turn(point) for point in ring]


def geojson(ring: Sequence[Point], name: str | None, turn: Turn | None = None) -> Callable[[Path], Path]:
    """Write GeoJSON with the older `crs` member."""
    members = {} if name is None else {"crs": bw.named_crs(name)}
    return lambda folder: bw.write(folder / "a.geojson", bw.geojson(bw.polygon([turned(ring, turn)]), **members))


def wkt(ring: Sequence[Point], srid: str, turn: Turn | None = None) -> Callable[[Path], Path]:
    """Write WKT with an SRID in front."""
    return lambda folder: bw.write(folder / "a.wkt", f"SRID={srid};{bw.wkt([turned(ring, turn)])}")


def shapefile(ring: Sequence[Point], prj: str | None, turn: Turn | None = None) -> Callable[[Path], Path]:
    """Write .shp, .shx, .dbf byte by byte, and the text of the .prj."""

    def make(folder: Path) -> Path:
        # The outline of a shapefile runs clockwise.
        path = bw.write_bare_shapefile(folder / "a.shp", [turned(ring, turn)[::-1]])
        bw.write_dbf(folder / "a.dbf", b"name", 4, b"a")
        if prj is not None:
            bw.write(folder / "a.prj", prj)
        return path

    return make


def home_plane(meridian: float, east: float) -> Turn:
    return lambda point: cs.zone_plane(point, meridian, east)


def utm(zone: int) -> Turn:
    return lambda point: cs.utm(point, zone)


def scaled(point: Point) -> Point:
    """Return a county's own system: meridian 112.5°, eastings from 500 km, raised to a height plane of 800 m."""
    scale = 1.000125
    x, y = gk.plane(*point, 112.5)
    return scale * x + 500_000, scale * y


def own_system(name: str, scale: float) -> str:
    return ESRI_PLANE.format(name=name, method="Transverse_Mercator", east=500000.0, meridian=112.5, scale=scale)
