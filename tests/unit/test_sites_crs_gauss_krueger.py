"""PROJ's Gauss-Krüger against Krüger's series, written down independently: all zones of CGCS2000."""

import numpy as np
import pytest
from pyproj import CRS

import gauss_krueger as gk
from zoning.sites.crs.identify import to_lonlat
from zoning.sites.crs.zones import BEIJING_1954, CGCS2000, XIAN_1980, ZONES_3, ZONES_6, Family, label

NEAREST_M = 1e-5
"""0.01 mm; 6 nm is what was found, the rounding of an easting of eight digits."""


def meridian(zone: int) -> float:
    return 3.0 * zone if zone in ZONES_3 else 6.0 * zone - 3


@pytest.mark.parametrize("prefixed", [True, False])
@pytest.mark.parametrize("zone", [*ZONES_3, *ZONES_6])
def test_every_zone_of_cgcs2000(zone: int, *, prefixed: bool) -> None:
    way = to_lonlat(CGCS2000.code(zone, prefixed=prefixed))
    east = zone * 1e6 + 5e5 if prefixed else 5e5
    chance = np.random.default_rng(zone)
    for away, lat in chance.uniform((-3.5, 3.0), (3.5, 54.0), (50, 2)).tolist():
        lon = meridian(zone) + away
        x, y = gk.plane(lon, lat, meridian(zone))
        found = way.transform(lon, lat, direction="INVERSE")
        assert found == pytest.approx((x + east, y), abs=NEAREST_M)
        back = way.transform(x + east, y)
        assert back == pytest.approx((lon, lat), abs=1e-10)


def test_the_oracle_inverts_itself() -> None:
    x, y = gk.plane(112.3, 35.4, 111)
    assert gk.degrees_of(x, y, 111) == pytest.approx((112.3, 35.4), abs=1e-13)


def test_the_oracle_against_a_closed_form() -> None:
    # On the meridian the northing is the length of the meridian: a quarter of it is 10 001 965.7293 m on GRS 80.
    assert gk.plane(111, 90, 111) == pytest.approx((0.0, 10_001_965.7293), abs=1e-4)


@pytest.mark.parametrize("family", [XIAN_1980, BEIJING_1954])
def test_codes_of_the_old_datums(family: Family) -> None:
    for zone in (*ZONES_3, *ZONES_6):
        for prefixed in (True, False):
            code = family.code(zone, prefixed=prefixed)
            crs = CRS.from_user_input(code)
            values = {parameter.name: parameter.value for parameter in crs.coordinate_operation.params}  # type: ignore[union-attr]  # projected systems have one
            assert values["Longitude of natural origin"] == meridian(zone)
            assert values["False easting"] == (zone * 1e6 + 5e5 if prefixed else 5e5)
            assert family.title.en in crs.name
            assert str(zone if prefixed else round(meridian(zone))) in label(code).zh
