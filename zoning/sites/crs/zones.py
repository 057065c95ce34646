"""The Gauss-Krüger zones of the Chinese datums: their codes in the EPSG registry, and what people call them."""

from dataclasses import dataclass
from functools import lru_cache

from pyproj import CRS

from zoning.texts import Text

ZONES_3 = range(25, 46)
ZONES_6 = range(13, 24)
PER_ZONE = 1_000_000.0
"""The zone stands in front of the easting: millions of metres."""
FALSE_EASTING = 500_000.0
LONLAT = "EPSG:4490"


@dataclass(frozen=True, slots=True)
class Family:
    """A datum with its planes; zone z has the number of the field + z.

    Attributes
    ----------
    lonlat
        Longitude and latitude.
    prefixed_3, prefixed_6
        3- and 6-degree zones with the zone in front of the easting.
    plain_3, plain_6
        The same without it.
    """

    title: Text
    lonlat: int
    prefixed_3: int
    plain_3: int
    prefixed_6: int
    plain_6: int

    def code(self, zone: int, *, prefixed: bool) -> str:
        """Return the code of a zone; its number tells whether it is one of 3 or of 6 degrees.

        >>> CGCS2000.code(37, prefixed=True), CGCS2000.code(19, prefixed=False)
        ('EPSG:4525', 'EPSG:4508')
        """
        if zone in ZONES_3:
            return f"EPSG:{(self.prefixed_3 if prefixed else self.plain_3) + zone}"
        return f"EPSG:{(self.prefixed_6 if prefixed else self.plain_6) + zone}"

    @property
    def lonlat_code(self) -> str:
        """The code of longitude and latitude."""
        return f"EPSG:{self.lonlat}"

    def title_of(self, number: int) -> Text | None:
        """Name the plane with this EPSG number; None when it is none of this datum."""
        zh, en = self.title.zh, self.title.en
        three, six = number - self.prefixed_3, number - self.prefixed_6
        plain_three, plain_six = number - self.plain_3, number - self.plain_6
        if three in ZONES_3:
            return Text(f"{zh} 3° 带第 {three} 带，Y 带带号", f"{en} 3° zone {three}, easting with zone")
        if plain_three in ZONES_3:
            meridian = 3 * plain_three
            return Text(f"{zh} 3° 带，中央经线 {meridian}°，Y 不带带号", f"{en} 3° zone, meridian {meridian}°E")
        if six in ZONES_6:
            return Text(f"{zh} 6° 带第 {six} 带，Y 带带号", f"{en} 6° zone {six}, easting with zone")
        if plain_six in ZONES_6:
            meridian = 6 * plain_six - 3
            return Text(f"{zh} 6° 带，中央经线 {meridian}°，Y 不带带号", f"{en} 6° zone, meridian {meridian}°E")
        if number == self.lonlat:
            return Text(f"{zh} 经纬度", f"{en} longitude and latitude")
        return None


CGCS2000 = Family(Text("CGCS2000", "CGCS2000"), 4490, 4488, 4509, 4478, 4489)
XIAN_1980 = Family(Text("1980 西安坐标系", "Xian 1980"), 4610, 2324, 2345, 2314, 2325)
BEIJING_1954 = Family(Text("1954 北京坐标系", "Beijing 1954"), 4214, 2376, 2397, 21400, 21440)
FAMILIES = (CGCS2000, XIAN_1980, BEIJING_1954)

_WGS84 = Text("WGS84 经纬度", "WGS84 longitude and latitude")


def zone_code(meridian: float, false_easting: float) -> int | None:
    """Return the EPSG number of the CGCS2000 Gauss-Krüger plane with these numbers.

    >>> zone_code(114.0, 38_500_000.0), zone_code(114.0, 500_000.0), zone_code(111.0, 19_500_000.0)
    (4526, 4547, 4497)
    """
    three, six = meridian / 3, (meridian + 3) / 6
    if three in ZONES_3 and false_easting == three * PER_ZONE + FALSE_EASTING:
        return CGCS2000.prefixed_3 + int(three)
    if six in ZONES_6 and false_easting == six * PER_ZONE + FALSE_EASTING:
        return CGCS2000.prefixed_6 + int(six)
    if three in ZONES_3 and false_easting == FALSE_EASTING:
        return CGCS2000.plain_3 + int(three)
    return None


def zone_3_code(zone: int, *, prefixed: bool) -> str:
    """Return the code of a CGCS2000 3-degree zone, with or without the zone in front of the easting.

    >>> zone_3_code(37, prefixed=True), zone_3_code(37, prefixed=False)
    ('EPSG:4525', 'EPSG:4546')
    """
    return CGCS2000.code(zone, prefixed=prefixed)


def zone_6_code(zone: int, *, prefixed: bool = True) -> str:
    """Return the code of a CGCS2000 6-degree zone, with or without the zone in front of the easting."""
    return CGCS2000.code(zone, prefixed=prefixed)


@lru_cache(maxsize=256)
def label(code: str) -> Text:
    """Name a coordinate system for people.

    >>> label("EPSG:4526").en
    'EPSG:4526 (CGCS2000 3° zone 38, easting with zone)'
    """
    if not code.startswith("EPSG:"):
        name = CRS.from_user_input(code).name
        return Text(name, name)
    number = int(code.removeprefix("EPSG:"))
    title = _WGS84 if number == 4326 else next(filter(None, (f.title_of(number) for f in FAMILIES)), None)  # noqa: PLR2004 - EPSG: WGS 84
    if title is None:
        name = CRS.from_user_input(code).name
        title = Text(name, name)
    return Text(f"{code}（{title.zh}）", f"{code} ({title.en})")
