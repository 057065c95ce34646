"""Which coordinate system a file means: identified, or refused; never guessed silently.

Codes of the CGCS2000 families (EPSG registry): geographic 4490; 3-degree zone z (25-45) with the zone in front of the
easting 4488 + z, without it 4509 + z; 6-degree zone z (13-23) 4478 + z, without 4489 + z.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from pyproj.transformer import TransformerGroup

from zoning.sites.where import Where
from zoning.texts import Text

LONLAT = "EPSG:4490"
_LONLAT_NAMES = {LONLAT: "CGCS2000 经纬度", "EPSG:4326": "WGS84 经纬度"}
ZONES_3 = range(25, 46)
ZONES_6 = range(13, 24)
_PREFIXED_3, _PLAIN_3, _PREFIXED_6, _PLAIN_6 = 4488, 4509, 4478, 4489
_FALSE_EASTING = 500_000.0
_PER_ZONE = 1_000_000.0
_MAJOR_AXIS = 6_378_137.0
_OLD_AXES = {6_378_245.0: Text("1954 北京坐标系", "Beijing 1954"), 6_378_140.0: Text("1980 西安坐标系", "Xian 1980")}
_OLD_NAMES = (("xian", _OLD_AXES[6_378_140.0]), ("beijing", _OLD_AXES[6_378_245.0]))
_CGCS2000_FLATTENING = 298.257222101
_CONFIDENCE = 70


@dataclass(frozen=True, slots=True)
class Identified:
    """A coordinate system that sites may be in.

    Attributes
    ----------
    code
        `EPSG:4525`, or WKT where the registry has no such system.
    """

    code: str
    crs: CRS
    warnings: tuple[Text, ...] = ()


class _RefusedError(Exception):
    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def identify(stated: str, where: Where) -> Identified:
    """Return the coordinate system that `stated` (code, URN, WKT of any dialect) means.

    Raises
    ------
    CRSError
        When it is unknown, or bound to a datum whose shift to CGCS2000 is not public.
    """
    try:
        return _identify(stated.strip())
    except _RefusedError as refused:
        raise where.crs_error(refused.text.zh, refused.text.en) from None
    except ProjError as error:
        text = _unknown(stated).text
        raise where.crs_error(text.zh, text.en) from error


def old_datum_refusal(name: Text) -> Text:
    """Return the sentence that refuses coordinates of the old datum `name`."""
    return Text(
        zh=f"坐标属于 {name.zh}，与 2000 国家大地坐标系之间没有公开的转换参数，直接套用会偏差数十至上百米；"
        "请测绘单位转换为 2000 国家大地坐标系后再提交",
        en=f"the coordinates are in {name.en}; no public parameters lead from it to CGCS2000 and taking them as they "
        "are would be wrong by tens of metres or more; have the surveyor convert them to CGCS2000",
    )


@lru_cache(maxsize=64)
def _identify(stated: str) -> Identified:
    found = _look_up(stated)
    to_lonlat(found.code)  # a damaged definition may parse and still lead nowhere
    return found


def _look_up(stated: str) -> Identified:
    crs = _flat(_parse(stated))
    _refuse_old(crs)
    if crs.is_geographic and not _is_common(crs):
        _refuse_unreachable(crs)
        return Identified(_code(crs) or crs.to_wkt(), crs)
    if crs.is_geographic:
        return _lonlat(crs)
    if not crs.is_projected:
        raise _unknown(stated)
    if not _is_common(crs):
        _refuse_unreachable(crs)
    code = _code(crs) or _code_by_parameters(crs)
    known = crs if code is None else CRS.from_user_input(code)
    return Identified(code or crs.to_wkt(), known, _warnings(known, code))


def _parse(stated: str) -> CRS:
    if stated.isdigit():
        stated = f"EPSG:{stated}"
    try:
        return CRS.from_user_input(stated)
    except (ProjError, ValueError) as error:
        raise _unknown(stated) from error


def _unknown(stated: str) -> _RefusedError:
    short = " ".join(stated.split())
    short = short if len(short) <= 60 else f"{short[:57]}..."  # noqa: PLR2004
    text = Text(
        f"无法识别坐标系 “{short}”；请写成 EPSG 代码，例如 EPSG:4526（CGCS2000 3° 带第 38 带）",
        f"the coordinate system “{short}” is unknown; write an EPSG code such as EPSG:4526 (CGCS2000 3° zone 38)",
    )
    return _RefusedError(text)


def _flat(crs: CRS) -> CRS:
    """Leave heights and the numbers of datum shifts aside."""
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    return crs.to_2d() if crs.is_geographic and len(crs.axis_info) > 2 else crs  # noqa: PLR2004


def _refuse_old(crs: CRS) -> None:
    ellipsoid, datum = crs.ellipsoid, crs.datum
    name = f"{datum.name if datum else ''} {crs.name}".lower()
    old = _OLD_AXES.get(ellipsoid.semi_major_metre) if ellipsoid else None
    old = old or next((text for word, text in _OLD_NAMES if word in name), None)
    if old is not None:
        raise _RefusedError(old_datum_refusal(old))


def _is_common(crs: CRS) -> bool:
    """Tell whether the datum is one of those that agree with CGCS2000 to decimetres or a metre."""
    ellipsoid = crs.ellipsoid
    return (
        ellipsoid is not None
        and ellipsoid.semi_major_metre == _MAJOR_AXIS
        and abs(ellipsoid.inverse_flattening - _CGCS2000_FLATTENING) < 2e-6  # noqa: PLR2004
    )


def _refuse_unreachable(crs: CRS) -> None:
    base = crs.geodetic_crs
    group = TransformerGroup(base, "EPSG:4326", always_xy=True, allow_ballpark=False) if base else None
    if group is None or not group.transformers:
        text = Text(
            f"坐标系 “{crs.name}” 的基准无法可靠地转换；请转换为 2000 国家大地坐标系后再提交",
            f"no reliable transformation leads away from the datum of “{crs.name}”; convert the file to CGCS2000",
        )
        raise _RefusedError(text)


def _code(crs: CRS) -> str | None:
    number = crs.to_epsg(min_confidence=_CONFIDENCE)
    return None if number is None else f"EPSG:{number}"


def _lonlat(crs: CRS) -> Identified:
    name = f"{crs.datum.name if crs.datum else ''} {crs.name}".lower()
    if "wgs" in name:
        # The note belongs to whoever uses the site; both agree within decimetres.
        text = Text(
            "WGS84 经纬度按 2000 国家大地坐标系处理（相差厘米至分米级）",
            "WGS84 longitude and latitude are taken as CGCS2000 (they agree within decimetres)",
        )
        return Identified("EPSG:4326", CRS.from_epsg(4326), (text,))
    if "2000" in name:
        return Identified(LONLAT, CRS.from_epsg(4490))
    return Identified(_code(crs) or crs.to_wkt(), crs, _warnings(crs, _code(crs)))


def _code_by_parameters(crs: CRS) -> str | None:
    """Identify a Gauss-Krüger plane that carries no code by its numbers."""
    operation = crs.coordinate_operation
    if operation is None or operation.method_name not in ("Transverse Mercator", "Gauss-Kruger", "Gauss Kruger"):
        return None
    if crs.ellipsoid is None or abs(crs.ellipsoid.inverse_flattening - _CGCS2000_FLATTENING) > 5e-7:  # noqa: PLR2004
        return None
    values: dict[str, Any] = {parameter.name: parameter.value for parameter in operation.params}
    plain = {
        "Latitude of natural origin": 0.0,
        "Scale factor at natural origin": 1.0,
        "False northing": 0.0,
    }
    metres = all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info)
    if not metres or any(values.get(name) != value for name, value in plain.items()):
        return None
    number = zone_code(float(values.get("Longitude of natural origin", 0.0)), float(values.get("False easting", 0.0)))
    return None if number is None else f"EPSG:{number}"


def zone_code(meridian: float, false_easting: float) -> int | None:
    """Return the EPSG number of the CGCS2000 Gauss-Krüger plane with these numbers.

    >>> zone_code(114.0, 38_500_000.0), zone_code(114.0, 500_000.0), zone_code(111.0, 19_500_000.0)
    (4526, 4547, 4497)
    """
    three, six = meridian / 3, (meridian + 3) / 6
    if three in ZONES_3 and false_easting == three * _PER_ZONE + _FALSE_EASTING:
        return _PREFIXED_3 + int(three)
    if six in ZONES_6 and false_easting == six * _PER_ZONE + _FALSE_EASTING:
        return _PREFIXED_6 + int(six)
    if three in ZONES_3 and false_easting == _FALSE_EASTING:
        return _PLAIN_3 + int(three)
    return None


def zone_3_code(zone: int, *, prefixed: bool) -> str:
    """Return the code of a CGCS2000 3-degree zone, with or without the zone in front of the easting.

    >>> zone_3_code(37, prefixed=True), zone_3_code(37, prefixed=False)
    ('EPSG:4525', 'EPSG:4546')
    """
    return f"EPSG:{(_PREFIXED_3 if prefixed else _PLAIN_3) + zone}"


def zone_6_code(zone: int) -> str:
    """Return the code of a CGCS2000 6-degree zone with the zone in front of the easting."""
    return f"EPSG:{_PREFIXED_6 + zone}"


def _warnings(crs: CRS, code: str | None) -> tuple[Text, ...]:
    if code == "EPSG:3857":
        return (
            Text(
                "坐标为网络墨卡托（EPSG:3857）：仅用于定位，面积和长度一律在椭球面上计算",
                "the coordinates are Web Mercator (EPSG:3857): used for the position only, never measured in",
            ),
        )
    if code is None:
        return (
            Text(
                f"坐标系 “{crs.name}” 没有 EPSG 代码，按文件中的参数读取",
                f"the coordinate system “{crs.name}” has no EPSG code; its own parameters are used",
            ),
        )
    return ()


def label(code: str) -> Text:
    """Name a coordinate system for people.

    >>> label("EPSG:4526").en
    'EPSG:4526 (CGCS2000 3° zone 38, easting with zone)'
    """
    if not code.startswith("EPSG:"):
        name = CRS.from_user_input(code).name
        return Text(name, name)
    number = int(code.removeprefix("EPSG:"))
    if number - _PREFIXED_3 in ZONES_3:
        zone = number - _PREFIXED_3
        zh, en = f"CGCS2000 3° 带第 {zone} 带，Y 带带号", f"CGCS2000 3° zone {zone}, easting with zone"
    elif number - _PLAIN_3 in ZONES_3:
        meridian = 3 * (number - _PLAIN_3)
        zh, en = f"CGCS2000 3° 带，中央经线 {meridian}°，Y 不带带号", f"CGCS2000 3° zone, meridian {meridian}°E"
    elif number - _PREFIXED_6 in ZONES_6:
        zone = number - _PREFIXED_6
        zh, en = f"CGCS2000 6° 带第 {zone} 带，Y 带带号", f"CGCS2000 6° zone {zone}, easting with zone"
    elif number - _PLAIN_6 in ZONES_6:
        meridian = 6 * (number - _PLAIN_6) - 3
        zh, en = f"CGCS2000 6° 带，中央经线 {meridian}°，Y 不带带号", f"CGCS2000 6° zone, meridian {meridian}°E"
    elif code in _LONLAT_NAMES:
        zh, en = _LONLAT_NAMES[code], f"{_LONLAT_NAMES[code].removesuffix(' 经纬度')} longitude and latitude"
    else:
        zh = en = CRS.from_user_input(code).name
    return Text(f"{code}（{zh}）", f"{code} ({en})")


@lru_cache(maxsize=64)
def to_lonlat(code: str) -> Transformer:
    """Return the way from x/east, y/north in `code` to longitude, latitude (CGCS2000 = WGS84)."""
    crs = CRS.from_user_input(code)
    # Staying on the own datum spares the search for a shift that would be zero.
    base = crs.geodetic_crs if _is_common(crs) else None
    return Transformer.from_crs(crs, base or "EPSG:4326", always_xy=True)
