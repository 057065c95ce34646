import pytest
import shapely
from pyproj import CRS, Transformer

from crs_parcel import HOME, area
from zoning.errors import CRSError
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import MeasuringPlane
from zoning.sites.crs.identify import identify, label, to_lonlat, zone_3_code, zone_6_code, zone_code
from zoning.sites.site import Site
from zoning.sites.where import Where

HERE = Where("a.shp")
CUSTOM = (
    'PROJCS["{name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["{method}"],PARAMETER["False_Easting",{east}],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize("code", [4490, 4525, 4526, 4546, 4547, 4497, 4508, 32649, 3857, 4326, 2056])
def test_esri_prj_is_recognised(code: int) -> None:
    assert identify(CRS.from_epsg(code).to_wkt("WKT1_ESRI"), HERE).code == f"EPSG:{code}"


@pytest.mark.parametrize("method", ["Gauss_Kruger", "Transverse_Mercator"])
@pytest.mark.parametrize(
    ("east", "meridian", "code"),
    [(37_500_000.0, 111.0, 4525), (500_000.0, 114.0, 4547), (19_500_000.0, 111.0, 4497), (38_500_000.0, 114.0, 4526)],
)
def test_gauss_kruger_is_recognised_by_its_numbers(method: str, east: float, meridian: float, code: int) -> None:
    text = CUSTOM.format(name="某县坐标系", method=method, east=east, meridian=meridian)
    assert identify(text, HERE).code == f"EPSG:{code}"


def test_own_central_meridian_is_kept_as_wkt() -> None:
    found = identify(CUSTOM.format(name="阳城独立", method="Gauss_Kruger", east=500_000.0, meridian=112.5), HERE)
    assert found.code.startswith("PROJCRS[")
    assert found.warnings[0].en == "the coordinate system “阳城独立” has no EPSG code; its own parameters are used"
    lon, lat = to_lonlat(found.code).transform(500_000.0, 3_900_000.0)
    assert lon == pytest.approx(112.5, abs=1e-9)
    assert 35 < lat < 36


@pytest.mark.parametrize("stated", ["4525", "EPSG:4525", " urn:ogc:def:crs:EPSG::4525 ", "epsg:4525+5737"])
def test_spellings_of_a_code(stated: str) -> None:
    assert identify(stated, HERE).code == "EPSG:4525"


@pytest.mark.parametrize(("stated", "code"), [("OGC:CRS84", 4326), ("EPSG:4979", 4326), ("EPSG:4480", 4490)])
def test_degrees_in_other_words(stated: str, code: int) -> None:
    assert identify(stated, HERE).code == f"EPSG:{code}"


@pytest.mark.parametrize(
    ("code", "name"),
    [(4610, "Xian"), (2362, "Xian"), (2383, "Xian"), (4214, "Beijing"), (2414, "Beijing"), (4555, "New Beijing")],
)
@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT2_2019"])
def test_old_datums_are_refused_in_any_dress(code: int, name: str, version: str) -> None:
    with pytest.raises(CRSError, match=rf"the coordinates are in {name}.*have the surveyor convert them to CGCS2000"):
        identify(CRS.from_epsg(code).to_wkt(version), HERE)


def test_old_datum_with_shift_parameters_is_refused_too() -> None:
    with pytest.raises(CRSError, match="Beijing 1954"):
        identify("+proj=tmerc +lon_0=114 +k=1 +x_0=500000 +ellps=krass +towgs84=15.8,-154.4,-82.3 +type=crs", HERE)


@pytest.mark.parametrize("stated", ["EPSG:99999", "四五二五", "PROJCS[", "", "EPSG:5737", "EPSG:4978"])
def test_unknown_and_unfit_systems(stated: str) -> None:
    with pytest.raises(CRSError, match="is unknown; write an EPSG code"):
        identify(stated, HERE)


def test_datum_without_a_way_out_is_refused() -> None:
    with pytest.raises(CRSError, match="no reliable transformation"):
        identify(
            'GEOGCS["mine",DATUM["mine",SPHEROID["mine",6378000,300]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]',
            HERE,
        )


@pytest.mark.parametrize("zone", [25, 37, 38, 45])
def test_codes_of_3_degree_zones(zone: int) -> None:
    for prefixed in (True, False):
        crs = CRS.from_user_input(zone_3_code(zone, prefixed=prefixed))
        assert crs.name.endswith(f"zone {zone}" if prefixed else f"CM {3 * zone}E")
        east = zone * 1e6 + 5e5 if prefixed else 5e5
        assert f"EPSG:{zone_code(3.0 * zone, east)}" == zone_3_code(zone, prefixed=prefixed)


@pytest.mark.parametrize("zone", [13, 19, 23])
def test_codes_of_6_degree_zones(zone: int) -> None:
    assert CRS.from_user_input(zone_6_code(zone)).name == f"CGCS2000 / Gauss-Kruger zone {zone}"


def test_zone_19_of_6_degrees_and_37_of_3_are_the_same_plane() -> None:
    six = to_lonlat("EPSG:4497").transform(19_618_000.0, 3_919_000.0)
    three = to_lonlat("EPSG:4525").transform(37_618_000.0, 3_919_000.0)
    assert six == pytest.approx(three, abs=1e-12)


def test_labels() -> None:
    assert label("EPSG:4547").zh == "EPSG:4547（CGCS2000 3° 带，中央经线 114°，Y 不带带号）"
    assert label("EPSG:4497").zh == "EPSG:4497（CGCS2000 6° 带第 19 带，Y 带带号）"
    assert label("EPSG:4508").en == "EPSG:4508 (CGCS2000 6° zone, meridian 111°E)"
    assert label("EPSG:32649").en == "EPSG:32649 (WGS 84 / UTM zone 49N)"
    assert label("EPSG:4490").en == "EPSG:4490 (CGCS2000 longitude and latitude)"


def test_damaged_definition_that_still_parses() -> None:
    text = CRS.from_epsg(4526).to_wkt("WKT1_ESRI").replace("Gauss_Kruger", "Gauss\x01Kruger")
    with pytest.raises(CRSError, match="is unknown; write an EPSG code"):
        identify(text, HERE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('SPHEROID["CGCS2000",6378137.0,298.257222101]', 'SPHEROID["WGS",6378137.0,298.257223563]'),
        ('Scale_Factor",1.0', 'Scale_Factor",0.99'),
    ],
    ids=["other ellipsoid", "other scale"],
)
def test_other_numbers_are_not_a_known_zone(old: str, new: str) -> None:
    text = CUSTOM.format(name="x", method="Transverse_Mercator", east=500_000.0, meridian=114.0)
    assert old in text
    assert identify(text.replace(old, new), HERE).code.startswith("PROJCRS[")


@pytest.mark.parametrize("code", ["EPSG:3857", "EPSG:32649", "EPSG:32650", "EPSG:4526", "EPSG:4490"])
def test_areas_do_not_depend_on_the_system(code: str) -> None:
    """In EPSG:3857 the plane makes it 1.5 times as large, in UTM 0.05 % smaller: the ellipsoid counts."""
    way = Transformer.from_crs("EPSG:4490", code, always_xy=True)
    dense = shapely.segmentize(shapely.Polygon(HOME), 0.0005)
    geometry = shapely.Polygon([way.transform(x, y) for x, y in dense.exterior.coords])
    found = Footprint.of(Site("1", "x", geometry, code, "a.shp"), MeasuringPlane(35.5))
    assert found.area_m2 == pytest.approx(area([(x, y) for x, y, *_ in dense.exterior.coords]), rel=1e-7)
    if code == "EPSG:3857":
        assert geometry.area / found.area_m2 == pytest.approx(1.5085, abs=0.0005)


def test_a_definition_without_end_is_refused() -> None:
    with pytest.raises(CRSError, match=r"“(PROJCS\[)+P?R?O?J?C?S?\.\.\.” is unknown"):
        identify("PROJCS[" * 100_000, HERE)


@pytest.mark.parametrize(
    ("shift", "code"), [("0,0,0", "EPSG:4525"), ("0,0,0,0,0,0,0", "EPSG:4525"), ("90,-20,5", None)]
)
def test_a_shift_to_wgs84_counts_only_when_it_is_zero(shift: str, code: str | None) -> None:
    stated = f"+proj=tmerc +lon_0=111 +x_0=37500000 +ellps=GRS80 +towgs84={shift} +units=m"
    if code is not None:
        assert identify(stated, Where("a.prj")).code == code
        return
    with pytest.raises(CRSError, match="TOWGS84"):
        identify(stated, Where("a.prj"))
