"""Which coordinate systems are the same, and which have a way to longitude and latitude."""

import pytest
from pyproj import CRS

from zoning.errors import CRSError
from zoning.layers.datum import LonLat, same_crs

OTHER_SPELLING = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_CGCS_2000",DATUM["D_CGCS_2000",SPHEROID["CGCS2000",6378137.0,'
    '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],'
    'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("EPSG:4490", "EPSG:4490", True),
        ("EPSG:4490", "EPSG:4326", True),
        ("OGC:CRS84", "EPSG:4490", True),
        ("EPSG:4525", "EPSG:4526", False),
        ("EPSG:4525", "EPSG:4546", False),  # the same projection without the prefix of the zone
        ("EPSG:4525", "EPSG:4497", False),  # the same meridian with the prefix of the 6° zone
        ("EPSG:4525", "EPSG:2361", False),
        ("EPSG:4525", CRS.from_epsg(4525).to_wkt(), True),
        ("EPSG:4525", CRS.from_epsg(4525).to_wkt("WKT1_ESRI"), True),
        ("EPSG:4526", OTHER_SPELLING, True),
        ("EPSG:4525", OTHER_SPELLING, False),
    ],
)
def test_same_numbers_same_place(one: str, other: str, same: bool) -> None:
    assert same_crs(one, other) is same
    assert same_crs(other, one) is same


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "OGC:CRS84", CRS.from_epsg(4490).to_wkt("WKT1_ESRI")])
def test_lonlat_needs_no_operation(crs: str) -> None:
    assert LonLat().transformer(crs) is None


@pytest.mark.parametrize("crs", ["EPSG:4526", OTHER_SPELLING])
def test_gauss_krueger_is_undone(crs: str) -> None:
    transformer = LonLat().transformer(crs)
    assert transformer is not None
    # 37.4°N 112.5°E in zone 38, from the conventions of the county.
    assert transformer.transform(38_367_181.135, 4_141_959.651) == pytest.approx((112.5, 37.4), abs=1e-8)


@pytest.mark.parametrize(
    ("crs", "name"), [("EPSG:2362", "Xian 1980"), ("EPSG:2414", "Beijing 1954"), ("EPSG:4555", "New Beijing")]
)
def test_local_datums_have_no_way(crs: str, name: str) -> None:
    with pytest.raises(CRSError) as caught:
        LonLat().transformer(crs)
    assert caught.value.exit_code == 12
    assert name in str(caught.value)
    assert "convert it with the local parameters first" in str(caught.value)


def test_engineering_systems_have_no_way() -> None:
    local = 'ENGCRS["mine grid",EDATUM["shaft 1"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'
    with pytest.raises(CRSError, match="'mine grid' has no published transformation to CGCS2000"):
        LonLat().transformer(local)


def test_windows_hold_all_of_a_box() -> None:
    lonlat = LonLat()
    assert lonlat.bounds_in("EPSG:4490", (112.0, 35.0, 113.0, 36.0)) == (112.0, 35.0, 113.0, 36.0)
    box = lonlat.bounds_in("EPSG:4525", (112.0, 35.0, 113.0, 36.0))
    assert box is not None
    # The parallel bends: its middle lies farther south than its ends, in zone 37 west of the box.
    transformer = lonlat.transformer("EPSG:4525")
    assert transformer is not None
    for lon, lat in ((112.0, 35.0), (112.5, 35.0), (113.0, 36.0), (112.3, 36.0)):
        x, y = transformer.transform(lon, lat, direction="INVERSE")
        assert box[0] - 1 <= x <= box[2] + 1
        assert box[1] - 1 <= y <= box[3] + 1


def test_world_has_no_box_in_a_projection() -> None:
    assert LonLat().bounds_in("EPSG:4525", (-180.0, -90.0, 180.0, 90.0)) is None
