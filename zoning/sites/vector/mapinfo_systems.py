"""What the coordinate system of a MapInfo file means; the driver takes what it does not know for WGS84.

Numbers of projections, datums and ellipsoids are those of MapInfo's CoordSys clause: 0 no system on the earth,
1 longitude and latitude, 8 transverse Mercator; datum 0 none, 104 WGS84, 999 and 9999 with parameters of their own;
ellipsoid 0 GRS 80, 28 WGS 84, 29 that of datum 0. The older versions have no number for CGCS2000, whose planes are
therefore written as WGS84 with the numbers of the Gauss-Krüger zone; both ellipsoids agree within 0.1 mm.
"""

import re
from dataclasses import dataclass

from pyproj import CRS
from pyproj.exceptions import ProjError

from zoning.sites.crs.identify import gauss_kruger_numbers
from zoning.sites.crs.zones import CGCS2000, PER_ZONE, XIAN_1980, label, zone_code
from zoning.sites.raw import Declared
from zoning.sites.where import Where
from zoning.texts import Text

_NO_EARTH, _LONLAT = 0, 1
_NO_DATUM, _WGS84, _WEB = 0, 104, 157
_OWN = (999, 9999)
_COMMON_ELLIPSOIDS = (0, 28)
_ELLIPSOID_WITHOUT_DATUM = 29
_AFFINE = (1_000, 3_000)
_TOKEN = re.compile(r'"[^"]*"|[^\s,()]+')
_XIAN_DATUM, _XIAN_ELLIPSOID = 1017, 53
_ELLIPSOID_WGS84 = 28


_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Frame:
    """A coordinate system by MapInfo's numbers.

    Attributes
    ----------
    datum, ellipsoid
        None where the file does not say.
    shifted
        The datum has parameters that lead away from WGS84.
    """

    projection: int
    datum: int | None
    ellipsoid: int | None
    shifted: bool = False
    affine: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """The declared system, why there is none, and what is to be said about it."""

    declared: Declared | None
    silence: Text = _NOTHING
    may_be_degrees: bool = False
    warnings: tuple[Text, ...] = ()


def frame_of(clause: str) -> Frame | None:
    """Return the numbers of a CoordSys clause; None when it is none.

    >>> frame_of('CoordSys Earth Projection 8, 104, "m", 111, 0, 1, 37500000, 0')
    Frame(projection=8, datum=104, ellipsoid=None, shifted=False, affine=False)
    """
    words = _TOKEN.findall(clause)[1:]
    if words and words[0].lower() == "nonearth":
        return Frame(_NO_EARTH, None, None, affine="affine" in (word.lower() for word in words))
    if len(words) < 4 or words[0].lower() != "earth" or words[1].lower() != "projection":  # noqa: PLR2004 - earth, projection, number, datum
        return None
    numbers = [int(word) if word.isdigit() else None for word in words[2:5]]
    projection, datum = numbers[:2]
    if projection is None or datum is None:
        return None
    affine = "affine" in (word.lower() for word in words) or any(base <= projection < base + 1_000 for base in _AFFINE)
    if datum not in _OWN:
        return Frame(projection % 1_000, datum, None, affine=affine)
    shifts = words[5 : 8 if datum == _OWN[0] else 13]
    return Frame(
        projection % 1_000, datum, numbers[2], shifted=any(_number(word) != 0 for word in shifts), affine=affine
    )


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def meaning(frame: Frame | None, wkt: str, clause: str, where: Where) -> Meaning:
    """Return what a file declares.

    Parameters
    ----------
    wkt
        What the driver made of it.
    clause
        The CoordSys clause, empty for a .tab or where it is missing.

    Raises
    ------
    CRSError
        When coordinates were transformed in a way that is not read.
    """
    if frame is None:
        if not clause:
            return Meaning(None, Text("文件没有 CoordSys", "there is no CoordSys"), may_be_degrees=True)
        short = clause[:80]
        return Meaning(None, Text(f"不认识坐标系 “{short}”", f"the coordinate system “{short}” is unknown"))
    if frame.affine:
        raise where.crs_error(
            "坐标系带有仿射变换，不能读取；请在 MapInfo 中另存为不带仿射变换的坐标系",
            "the coordinate system has an affine transformation, which is not read; save it in one without",
        )
    if frame.projection == _NO_EARTH:
        return Meaning(None, Text("坐标系是 NonEarth（平面坐标）", "the coordinate system is NonEarth (a plane)"))
    if frame.datum == _NO_DATUM or frame.ellipsoid == _ELLIPSOID_WITHOUT_DATUM:
        silence = Text("坐标系没有指定基准（0）", "the coordinate system names no datum (0)")
        return Meaning(None, silence, may_be_degrees=frame.projection == _LONLAT)
    if frame.shifted and frame.ellipsoid in _COMMON_ELLIPSOIDS:
        raise where.crs_error(
            "坐标系的自定义基准带有平移参数，与 2000 国家大地坐标系不一致；请转换为 2000 国家大地坐标系后再提交",
            "the custom datum of the coordinate system has shifts that lead away from CGCS2000; convert it to CGCS2000",
        )
    return _known(frame, wkt, where)


def _known(frame: Frame, wkt: str, where: Where) -> Meaning:
    try:
        crs = CRS.from_user_input(wkt)
    except ProjError:
        return Meaning(None, Text("坐标系不能识别", "the coordinate system is unknown"))
    if frame.datum == _XIAN_DATUM or frame.ellipsoid == _XIAN_ELLIPSOID:
        return _xian(crs)
    if _guessed(frame, crs):
        number = frame.datum if frame.ellipsoid is None else frame.ellipsoid
        zh, en = ("基准", "datum") if frame.ellipsoid is None else ("椭球", "ellipsoid")
        silence = Text(f"不认识坐标系的{zh}编号 {number}", f"the {en} {number} of the coordinate system is unknown")
        return Meaning(None, silence)
    found = _zone(crs) if _is_wgs84(frame, crs) else None
    if found is None:
        return Meaning(Declared(wkt))
    code = CGCS2000.code(found[0], prefixed=found[1])
    named = label(code)
    text = where.sentence(
        f"坐标系记为 WGS84 的高斯-克吕格带（MapInfo 旧版没有 CGCS2000），按 {named.zh}读取",
        f"the system is written as a Gauss-Krüger zone of WGS84 (older MapInfo has no CGCS2000), read as {named.en}",
    )
    return Meaning(Declared(code), warnings=(text,))


def _guessed(frame: Frame, crs: CRS) -> bool:
    """Tell whether the driver put WGS84 in the place of a datum or ellipsoid that it does not know."""
    name = crs.ellipsoid.name.lower() if crs.ellipsoid else ""
    if frame.ellipsoid is not None:
        return name == "unknown"
    return frame.datum not in (_WGS84, _WEB) and _names_wgs84(crs)


def _names_wgs84(crs: CRS) -> bool:
    return "1984" in (crs.datum.name if crs.datum else "")


def _is_wgs84(frame: Frame, crs: CRS) -> bool:
    return frame.datum in (None, _WGS84, *_OWN) and frame.ellipsoid in (None, _ELLIPSOID_WGS84) and _names_wgs84(crs)


def _xian(crs: CRS) -> Meaning:
    """Return the plane of Xian 1980; the driver has the name of the datum but not its ellipsoid."""
    if crs.is_geographic:
        return Meaning(Declared(XIAN_1980.lonlat_code))
    found = _zone(crs)
    if found is None:
        return Meaning(
            None, Text("西安 80 的坐标系不是 3 度或 6 度带", "the system of Xian 1980 is no 3- or 6-degree zone")
        )
    return Meaning(Declared(XIAN_1980.code(found[0], prefixed=found[1])))


def _zone(crs: CRS) -> tuple[int, bool] | None:
    """Return zone and whether it stands in front of the easting, of a plane with the numbers of Gauss-Krüger."""
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    numbers = gauss_kruger_numbers(crs)
    if numbers is None or zone_code(*numbers) is None:
        return None
    meridian, easting = numbers
    prefix = int(easting // PER_ZONE)
    return (prefix, True) if prefix else (int(meridian / 3), False)
