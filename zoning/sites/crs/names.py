"""Coordinate systems as people write them: “CGCS2000 3度带 38带”, “西安80 38带”, “UTM 49N”, “GCJ-02”, “百度”."""

import re
import unicodedata
from dataclasses import dataclass

from zoning.sites.crs.mars import BD09, GCJ02
from zoning.sites.crs.zones import BEIJING_1954, CGCS2000, XIAN_1980, ZONES_3, ZONES_6, Family
from zoning.sites.where import PlacelessError


class ContradictionError(PlacelessError):
    """A name that says two things, or too little, with the sentence that says so."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a name means.

    Attributes
    ----------
    code
        `EPSG:4526`, or `GCJ02`, `BD09`.
    plain
        The same zone without its number in front of the easting, where the name leaves that open.
    """

    code: str
    plain: str | None = None


_SYSTEM = "(?:坐标系?统?|系)?"
_WHOLE = {
    GCJ02: re.compile(f"(?:gcj0?2|火星|国测局|高德|腾讯|高德地图|腾讯地图)(?:加密)?{_SYSTEM}(?:经纬度)?"),
    BD09: re.compile(f"(?:bd0?9(?:ll)?|百度|百度地图|baidu)(?:加密)?{_SYSTEM}(?:经纬度)?"),
    "EPSG:4326": re.compile(f"(?:wgs(?:19)?84|gps){_SYSTEM}(?:经纬度|地理坐标)?"),
    "EPSG:3857": re.compile(
        f"(?:web|网络|pseudo|wgs(?:19)?84web)(?:墨卡托|mercator)(?:auxiliarysphere)?(?:投影)?{_SYSTEM}"
    ),
}
_UTM = re.compile("(?:wgs(?:19)?84)?utm(?:zone|第)?(?P<zone>[0-9]{1,2})带?(?P<half>[ns北南])?(?:半球)?(?:带)?")
_NEW = re.compile("新.*54|新.*北京|newbeijing")

_DATUMS: tuple[tuple[Family, re.Pattern[str]], ...] = (
    (
        CGCS2000,
        re.compile(
            "(?:(?:中国|国家)?(?:cgcs2?000|cgcs|chinageodeticcoordinatesystem2000|china2000|2000|大地2000)年?"
            f"(?:中国|国家)?(?:大地)?|天地图){_SYSTEM}"
        ),
    ),
    (
        XIAN_1980,
        re.compile(
            "(?:(?:19)?80年?(?:西安|国家)(?:大地)?|(?:西安|国家|xian)(?:19)?80年?(?:大地)?|(?:19)?80年?(?=坐标系))"
            f"{_SYSTEM}"
        ),
    ),
    (BEIJING_1954, re.compile(f"(?:(?:19)?54年?北京|(?:北京|beijing|bj)(?:19)?54年?|(?:19)?54年?(?=坐标系)){_SYSTEM}")),
)
_GK = "(?:高斯(?:克吕格)?(?:投影)?|gausskruger|gk)?"
_ZONE = re.compile(
    f"{_GK}(?:(?P<width>3|6|三|六)(?:度|degree|deg)分?带?)?{_GK}"
    "(?:(?:第|带号|zone|带)?(?P<zone>[0-9]{2})号?带?|(?:中央(?:经线|子午线)|cm|l0=?)(?P<cm>[0-9]{2,3})(?:度)?e?)?"
    "y?(?P<prefix>[带有加含]带号|[不无未](?:带|加|含)?带号)?"
)
_LONLAT = re.compile("经纬度|地理坐标系?|大地坐标|lonlat|geographic")
_WIDTHS = {"3": 3, "三": 3, "6": 6, "六": 6}


def spoken(stated: str) -> Spoken | None:
    """Return what a name means; None when it is no name that is known here.

    >>> spoken("CGCS2000 3度带 38带"), spoken("1980西安坐标系 中央经线114°").code
    (Spoken(code='EPSG:4526', plain='EPSG:4547'), 'EPSG:2383')

    Raises
    ------
    ContradictionError
        When it contradicts itself, or says no zone where it speaks of zones.
    """
    name = _compact(stated)
    whole = next((code for code, pattern in _WHOLE.items() if pattern.fullmatch(name)), None)
    if whole is not None:
        return Spoken(whole)
    utm = _UTM.fullmatch(name)
    if utm:
        return _utm(stated, int(utm["zone"]), utm["half"])
    if _NEW.match(name):
        return None
    for family, pattern in _DATUMS:
        start = pattern.match(name)
        if start:
            return _in_family(stated, family, name[start.end() :])
    return None


def _compact(stated: str) -> str:
    text = unicodedata.normalize("NFKC", stated.replace("º", "度").replace("˚", "度").replace("°", "度"))
    return re.sub(r"[\s\-_/()（）,，、;；:：.'’·]+", "", text.casefold()).replace("ü", "u")


def _utm(stated: str, zone: int, half: str | None) -> Spoken:
    if not 1 <= zone <= 60 or half is None:  # noqa: PLR2004 - UTM has 60 zones
        raise ContradictionError(
            f"“{stated}” 没有写明半球或带号不在 1–60 之内；请写成 UTM 49N",
            f"“{stated}” does not state the hemisphere, or the zone is not 1 to 60; write UTM 49N",
        )
    return Spoken(f"EPSG:{(32700 if half in 's南' else 32600) + zone}")


def _in_family(stated: str, family: Family, rest: str) -> Spoken | None:
    if not rest or _LONLAT.fullmatch(rest):
        return Spoken(family.lonlat_code)
    found = _ZONE.fullmatch(rest)
    if found is None:
        return None
    width = _WIDTHS.get(found["width"] or "")
    zone = _zone(stated, width, found["zone"], found["cm"])
    plain = family.code(zone, prefixed=False)
    if found["cm"] is not None or (found["prefix"] or "")[:1] in ("不", "无", "未"):
        if (found["prefix"] or "")[:1] in ("带", "有", "加", "含"):
            return Spoken(family.code(zone, prefixed=True))
        return Spoken(plain)
    prefixed = family.code(zone, prefixed=True)
    return Spoken(prefixed, None if found["prefix"] else plain)


def _zone(stated: str, width: int | None, zone: str | None, meridian: str | None) -> int:
    """Return the number of the zone: its size tells 3 and 6 degrees apart."""
    if zone is not None:
        number = int(zone)
        if number in ZONES_3 and width != 6:  # noqa: PLR2004 - zones of six degrees
            return number
        if number in ZONES_6 and width != 3:  # noqa: PLR2004 - zones of three degrees
            return number
    elif meridian is not None:
        degrees = int(meridian)
        if width == 6 and (degrees + 3) % 6 == 0 and (degrees + 3) // 6 in ZONES_6:  # noqa: PLR2004 - zones of six degrees
            return (degrees + 3) // 6
        if width != 6 and degrees % 3 == 0 and degrees // 3 in ZONES_3:  # noqa: PLR2004 - zones of six degrees
            return degrees // 3
    raise ContradictionError(
        f"“{stated}” 的带号或中央经线缺少或不对：3° 带为第 25–45 带（中央经线 75°–135°，每 3°），6° 带为第 13–23 带"
        "（75°–135°，每 6°）；请写成例如 CGCS2000 3度带 38带",
        f"“{stated}” names no zone, or a wrong one: 3° zones are 25 to 45 (meridians 75° to 135°, every 3°), 6° zones "
        "13 to 23 (75° to 135°, every 6°); write for example CGCS2000 3度带 38带",
    )
