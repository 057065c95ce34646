"""One parcel in every family of coordinate systems: read in the right place, with the right area."""

from pathlib import Path

from pyproj import CRS

import boundary_writers as bw
import chinese_systems as cs
from crs_parcel import (
    ESRI_PLANE,
    HOME,
    Point,
    Turn,
    area,
    geojson,
    home_plane,
    moved,
    own_system,
    scaled,
    shapefile,
    utm,
    wkt,
)
from intake_cases import Case, Read, cases, check

WGS_WARNING = "WGS84 经纬度按 2000 国家大地坐标系处理（相差厘米至分米级）"
MERCATOR_WARNING = "坐标为网络墨卡托（EPSG:3857）：仅用于定位，面积和长度一律在椭球面上计算"


def zone_cases() -> list[Case]:
    """Return one case for each Gauss-Krüger plane of CGCS2000, the three formats in turn."""
    planes = [(z, 3.0 * z, True, 4488 + z) for z in range(25, 46)]
    planes += [(z, 3.0 * z, False, 4509 + z) for z in range(25, 46)]
    planes += [(z, 6.0 * z - 3, True, 4478 + z) for z in range(13, 24)]
    planes += [(z, 6.0 * z - 3, False, 4489 + z) for z in range(13, 24)]
    found = []
    for number, (zone, meridian, prefixed, code) in enumerate(planes):
        # Half a degree beside the meridian, on both sides in turn.
        ring = moved(meridian + (0.5 if zone % 2 else -0.5) - HOME[0][0])
        east = zone * 1e6 + 5e5 if prefixed else 5e5

        def turn(point: Point, meridian: float = meridian, east: float = east) -> Point:
            return cs.zone_plane(point, meridian, east)

        esri = ESRI_PLANE.format(name="x", method="Gauss_Kruger", east=east, meridian=meridian, scale=1.0)
        make = (
            geojson(ring, f"urn:ogc:def:crs:EPSG::{code}", turn),
            wkt(ring, str(code), turn),
            shapefile(ring, esri, turn),
        )
        lon, lat = ring[0]
        first = ring[-1] if number % 3 == 2 else ring[0]
        # A plane of 6 degrees without its zone is the same as that of 3 degrees, and called so where only numbers tell.
        same = number % 3 == 2 and not prefixed
        found.append(
            Case(
                f"{zone} {'with' if prefixed else 'without'} zone, EPSG {code}",
                make[number % 3],
                Read(area(ring), first, crs=f"EPSG:{4509 + int(meridian / 3) if same else code}"),
                expected=(lon - 1, lat - 1, lon + 1, lat + 1),
            )
        )
    return found


def read(code: str, *warnings: str, first: Point = HOME[0]) -> Read:
    return Read(area(HOME), first, crs=code, warnings=warnings)


OTHERS = [
    Case("no crs member is WGS84", geojson(HOME, None), read("EPSG:4326", WGS_WARNING)),
    Case("crs member CGCS2000 degrees", geojson(HOME, "EPSG:4490"), read("EPSG:4490")),
    Case("crs member CRS84", geojson(HOME, "urn:ogc:def:crs:OGC:1.3:CRS84"), read("EPSG:4326", WGS_WARNING)),
    Case(
        "crs member by its web address", geojson(HOME, "http://www.opengis.net/def/crs/EPSG/0/4490"), read("EPSG:4490")
    ),
    Case("crs member by name", geojson(HOME, "CGCS2000"), read("EPSG:4490")),
    Case(
        "crs member in Chinese",
        geojson(HOME, "2000国家大地坐标系 3度带 37带", home_plane(111, 37.5e6)),
        read("EPSG:4525"),
    ),
    Case("SRID of UTM 49N", wkt(HOME, "32649", utm(49)), read("EPSG:32649")),
    Case(
        "UTM 49N in prj",
        shapefile(HOME, CRS.from_epsg(32649).to_wkt("WKT1_ESRI"), utm(49)),
        read("EPSG:32649", first=HOME[-1]),
    ),
    Case("UTM 50N, far beside its zone", geojson(HOME, "EPSG:32650", utm(50)), read("EPSG:32650")),
    Case("SRID of web mercator", wkt(HOME, "3857", cs.web_mercator), read("EPSG:3857", MERCATOR_WARNING)),
    Case(
        "web mercator as ESRI calls it",
        geojson(HOME, "ESRI:102100", cs.web_mercator),
        read("EPSG:3857", MERCATOR_WARNING),
    ),
    Case(
        "web mercator in prj",
        shapefile(HOME, CRS.from_epsg(3857).to_wkt("WKT1_ESRI"), cs.web_mercator),
        read("EPSG:3857", MERCATOR_WARNING, first=HOME[-1]),
    ),
    *(
        Case(
            f"zone 37 in prj as {version}",
            shapefile(HOME, CRS.from_epsg(4525).to_wkt(version), home_plane(111, 37.5e6)),
            read("EPSG:4525", first=HOME[-1]),
        )
        for version in ("WKT1_ESRI", "WKT1_GDAL", "WKT2_2015", "WKT2_2019")
    ),
    *(
        Case(
            f"degrees of {name} in prj as {version}",
            shapefile(HOME, CRS.from_epsg(number).to_wkt(version)),
            read(f"EPSG:{number}", first=HOME[-1]),
        )
        for number, name in ((4490, "CGCS2000"), (4326, "WGS84"))
        for version in ("WKT1_ESRI", "WKT1_GDAL", "WKT2_2019")
    ),
    Case(
        "own meridian without a code",
        shapefile(HOME, own_system("阳城独立", 1.0), home_plane(112.5, 5e5)),
        Read(area(HOME), HOME[-1], warnings=("坐标系 “阳城独立” 没有 EPSG 代码，按文件中的参数读取",)),
    ),
    Case(
        "height plane by its scale",
        shapefile(HOME, own_system("某矿 800 米高程面", 1.000125), scaled),
        Read(area(HOME), HOME[-1], warnings=("坐标系 “某矿 800 米高程面” 没有 EPSG 代码，按文件中的参数读取",)),
    ),
    Case(
        "prj in GBK",
        lambda folder: _gbk(shapefile(HOME, None, home_plane(112.5, 5e5))(folder)),
        Read(area(HOME), HOME[-1], warnings=("坐标系 “阳城独立” 没有 EPSG 代码，按文件中的参数读取",)),
    ),
]


def _gbk(path: Path) -> Path:
    bw.write(path.with_suffix(".prj"), own_system("阳城独立", 1.0), "gb18030")
    return path


NAMED: list[tuple[str, Turn | None, str]] = [
    ("EPSG:4526", home_plane(114, 38.5e6), "EPSG:4526"),
    ("4526", home_plane(114, 38.5e6), "EPSG:4526"),
    ("epsg 4547", home_plane(114, 5e5), "EPSG:4547"),
    ("CGCS2000 3度带 38带", home_plane(114, 38.5e6), "EPSG:4526"),
    ("CGCS2000 3°带 第38带", home_plane(114, 5e5), "EPSG:4547"),
    ("2000国家大地坐标系 38带", home_plane(114, 38.5e6), "EPSG:4526"),
    ("国家2000 37带", home_plane(111, 5e5), "EPSG:4546"),
    ("CGCS2000 37带 不带带号", home_plane(111, 5e5), "EPSG:4546"),
    ("CGCS2000 6度带 19带", home_plane(111, 19.5e6), "EPSG:4497"),
    ("CGCS2000 19带", home_plane(111, 5e5), "EPSG:4508"),
    ("CGCS2000 中央经线 111°", home_plane(111, 5e5), "EPSG:4546"),
    ("CGCS2000 / 3-degree Gauss-Kruger CM 114E", home_plane(114, 5e5), "EPSG:4547"),
    ("CGCS2000_3_Degree_GK_Zone_38", home_plane(114, 38.5e6), "EPSG:4526"),
    ("CGCS2000", None, "EPSG:4490"),
    ("天地图", None, "EPSG:4490"),
    ("WGS84", None, "EPSG:4326"),
    ("UTM 49N", utm(49), "EPSG:32649"),
    ("WGS 84 / UTM zone 49N", utm(49), "EPSG:32649"),
    ("Web 墨卡托", cs.web_mercator, "EPSG:3857"),
    ("GCJ02", cs.gcj02, "EPSG:4490"),
    ("GCJ-02", cs.gcj02, "EPSG:4490"),
    ("火星坐标", cs.gcj02, "EPSG:4490"),
    ("高德", cs.gcj02, "EPSG:4490"),
    ("BD09", cs.bd09, "EPSG:4490"),
    ("BD-09", cs.bd09, "EPSG:4490"),
    ("百度坐标系", cs.bd09, "EPSG:4490"),
]
STATED = [
    Case(
        f"stated as {name} {'' if turn is None else 'in another system'} {number}",
        shapefile(HOME, None, turn),
        read(code, first=HOME[-1]),
        options={"crs": name},
    )
    for number, (name, turn, code) in enumerate(NAMED)
]

CASES = [*zone_cases(), *OTHERS, *STATED]


@cases(CASES)
def test_family(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
