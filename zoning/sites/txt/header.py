"""What [属性描述] says about the coordinate system: datum, width of the zones, zone, central meridian, unit."""

import re
from dataclasses import dataclass

from zoning.sites.crs.zones import BEIJING_1954, CGCS2000, XIAN_1980, ZONES_3, ZONES_6, Family
from zoning.sites.txt.entries import CANONICAL
from zoning.sites.txt.sheet import Sheet
from zoning.sites.where import Where
from zoning.texts import Text

_WGS84 = re.compile(r"WGS\s*[-_]?\s*(19)?84", re.IGNORECASE)
_DATUMS = (
    # On WGS84 the planes of CGCS2000 are the same to a tenth of a millimetre.
    (CGCS2000, re.compile(rf"2000|{_WGS84.pattern}", re.IGNORECASE)),
    (XIAN_1980, re.compile(r"(?<!\d)(19)?80(?!\d)|西安|xi'?an", re.IGNORECASE)),
    (BEIJING_1954, re.compile(r"(?<!\d)(19)?54(?!\d)|北京|beijing", re.IGNORECASE)),
)
_METRES = re.compile(r"(公?米|m|metres?|meters?)?", re.IGNORECASE)
_DEGREES = re.compile(r"(十进制)?度|°|deg|degrees?|经纬度", re.IGNORECASE)
_GAUSS = re.compile(r"高斯|gauss", re.IGNORECASE)
_NO_PLAIN_GAUSS = re.compile(r"抵偿|任意|独立|地方|自定义|工程|高程面")
# All words that stand around the name of a datum. What is left over names a place (太原2000坐标系, 2000独立坐标系):
# such systems have an origin or a meridian of their own.
_COMMON_WORDS = re.compile(
    r"中国|国家|全国|大地|坐标|系统?|统一|平面|直角|空间|地理|地心|三维|二维|经纬度?|高斯|克吕格|投影|年|版|高程|基准|黄海|"
    r"中央|子午线|经线|带号?|第|号|[三六度分°]|西安|北京|"
    r"chinese|china|geodetic|coordinates?|system|datum|cgcs|gcs|wgs|gauss|kr[uü]e?ger|zone|degrees?|"
    r"xi'?an|beijing|gk|cm|[end]|[0-9]+|[\W_]",
    re.IGNORECASE,
)
_ZONE_IN_NAME = re.compile(r"(?:zone[\s_]*|第|带号\D?)([0-9]{2})(?![0-9])|(?<![0-9])([0-9]{2})号?带", re.IGNORECASE)
_NARROW_IN_NAME = re.compile(r"(?<![0-9])1\.50?\s*[度°_]", re.IGNORECASE)
_MERIDIAN_IN_NAME = re.compile(r"(?:(?<![a-z])cm|中央经线|中央子午线)[\W_]*([0-9][-0-9.°度分秒:′″'\"]*)", re.IGNORECASE)
_ANGLE = re.compile(
    r"(?:东经|e)?\s*([0-9]{2,3}(?:\.[0-9]*)?)\s*(?:[度°:\-d]\s*(?:([0-9]{1,2})\s*[分′':\-m]?\s*)?"
    r"(?:([0-9]{1,2}(?:\.[0-9]*)?)\s*(?:秒|″|\"|''|s)?)?)?\s*e?(?:带|经线)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"第?\s*([0-9]{1,3})\s*(度?带|号带)?")
_ZONE_NAME, _MERIDIAN_NAME = Text("带号", "the zone"), Text("中央子午线", "the central meridian")
_WIDTHS = {"3": 3, "三": 3, "6": 6, "六": 6}
_WIDTH = re.compile(r"(分带\s*[:=]?\s*)?([36三六])(\.0*)?\s*(度|°)?\s*(分?带)?")


@dataclass(frozen=True, slots=True)
class Stated:
    """The header as far as it says where the points lie.

    Attributes
    ----------
    datum
        None when it is not stated; that of CGCS2000 for WGS84 as well.
    width
        3 or 6 degrees; None when it is not stated.
    zone
        Of the 3° zones or of the 6° zones.
    meridian
        The central meridian of the 3-degree or 6-degree zone that is stated by it.
    degrees, decimal
        The unit is said to be degrees; decimal ones.
    """

    datum: Family | None
    wgs84: bool
    datum_place: Where
    width: int | None
    width_place: Where
    zone: int | None
    zone_place: Where
    meridian: int | None
    meridian_place: Where
    degrees: bool
    decimal: bool


def stated_by(sheet: Sheet, where: Where) -> Stated:
    """Read the header.

    Raises
    ------
    CRSError
        When an entry cannot be understood, or says something that is not read.
    """

    def entry(name: str) -> tuple[str, Where]:
        others = [other for other, canonical in CANONICAL.items() if canonical == name]
        found = [sheet.attributes[key] for key in (name, *others) if key in sheet.attributes]
        value, line = next((each for each in found if each[0]), found[0] if found else ("", 0))
        return value, where.at_line(line) if line else where

    unit, unit_place = entry("计量单位")
    degrees = bool(_DEGREES.fullmatch(unit))
    if not degrees and not _METRES.fullmatch(unit):
        raise unit_place.crs_error(
            f"计量单位为 “{unit}”，规定为米（也读取十进制的度）",
            f"the unit is “{unit}”, specified is 米 (metre); decimal degrees (度) are read as well",
        )
    if not degrees:
        _check_projection(*entry("投影类型"))
    _check_shift(*entry("转换参数"))
    name, name_place = entry("坐标系")
    narrow = _NARROW_IN_NAME.search(name)
    width, width_place = _width("1.5", name_place) if narrow else _width(*entry("几度分带"))
    zone, zone_place = _either(_zone(*entry("带号")), (_zone_in(name), name_place), _ZONE_NAME)
    meridian, meridian_place = _either(_meridian(*entry("中央子午线")), _meridian_in(name, name_place), _MERIDIAN_NAME)
    if zone is not None and width is not None and width_of(zone) != width:
        raise zone_place.crs_error(
            f"带号 {zone} 是 {width_of(zone)} 度带的带号，几度分带却是 {width}；请核对后改正其中之一",
            f"zone {zone} is one of the {width_of(zone)}-degree zones but 几度分带 is {width}; check and correct "
            "one of them",
        )
    if zone is not None and meridian is not None and meridian_of(zone) != meridian:
        raise meridian_place.crs_error(
            f"中央子午线为 {meridian}°，带号 {zone} 的中央子午线却是 {meridian_of(zone)}°；请核对后改正其中之一",
            f"the central meridian is {meridian}° but that of zone {zone} is {meridian_of(zone)}°; check and correct "
            "one of them",
        )
    datum = _datum(name, name_place)
    return Stated(*datum, width, width_place, zone, zone_place, meridian, meridian_place, degrees, "十进制" in unit)


def width_of(zone: int) -> int:
    """Return the width in degrees of the zones that bear such numbers: 13 to 23 and 25 to 45 do not overlap.

    >>> width_of(19), width_of(37)
    (6, 3)
    """
    return 6 if zone in ZONES_6 else 3


def meridian_of(zone: int) -> int:
    """Return the central meridian of a zone in degrees.

    >>> meridian_of(19), meridian_of(37)
    (111, 111)
    """
    return 3 * zone if width_of(zone) == 3 else 6 * zone - 3  # noqa: PLR2004 - three degrees wide


_Found = tuple[int | None, Where]


def _either(entry: _Found, named: _Found, what: Text) -> _Found:
    """Return what an entry of its own states, else the name of the system; they must not contradict each other."""
    if entry[0] is None:
        return named
    if named[0] not in (None, entry[0]):
        raise entry[1].crs_error(
            f"{what.zh}为 {entry[0]}，坐标系里写的却是 {named[0]}；请核对后改正其中之一",
            f"{what.en} is {entry[0]} but the name of the system says {named[0]}; check and correct one of them",
        )
    return entry


def _zone_in(name: str) -> int | None:
    """Return the zone that stands in the name of a system."""
    found = _ZONE_IN_NAME.search(name)
    number = int(found[1] or found[2]) if found else 0
    return number if number in (*ZONES_3, *ZONES_6) else None


def _meridian_in(name: str, place: Where) -> _Found:
    found = _MERIDIAN_IN_NAME.search(name)
    return _meridian(found[1], place) if found else (None, place)


def _meridian(value: str, place: Where) -> _Found:
    if not value:
        return None, place
    match = _ANGLE.fullmatch(value.strip())
    degrees = sum(float(part or 0) / 60**n for n, part in enumerate(match.groups())) if match else 0.0
    # Every meridian of the 6-degree zones is one of the 3-degree zones.
    if degrees / 3 not in ZONES_3:
        raise place.crs_error(
            f"中央子午线 “{value[:20]}” 不是 3 度带或 6 度带的中央子午线（75°–135°，每 3°）；"
            "请换算到标准的 3 度带后导出",
            f"the central meridian “{value[:20]}” is none of the 3-degree or 6-degree zones (75° to 135°, every 3°); "
            "convert it to a standard 3-degree zone",
        )
    return round(degrees), place


def _datum(value: str, place: Where) -> tuple[Family | None, bool, Where]:
    if not value:
        return None, False, place
    found = [datum for datum, sign in _DATUMS if sign.search(value)]
    strange = _COMMON_WORDS.sub("", _MERIDIAN_IN_NAME.sub("", value))
    if len(found) != 1 or strange:
        raise place.crs_error(
            f"坐标系 “{value}” 不能识别；规定为 2000国家大地坐标系",
            f"the system “{value}” is unknown; specified is 2000国家大地坐标系 (CGCS2000)",
        )
    return found[0], "2000" not in value and found[0] is CGCS2000, place


def _check_projection(value: str, place: Where) -> None:
    if value and (not _GAUSS.search(value) or _NO_PLAIN_GAUSS.search(value)):
        raise place.crs_error(
            f"投影类型为 “{value}”，规定为高斯克吕格", f"the projection is “{value}”, specified is 高斯克吕格"
        )


def _check_shift(value: str, place: Where) -> None:
    for text in re.split(r"[,、;\s]+", value):
        if text and not re.fullmatch(r"[+-]?0*(\.0*)?(e[+-]?[0-9]+)?", text, re.IGNORECASE):
            raise place.crs_error(
                "转换参数不为零，本工具不做参数转换；请提交转换后的坐标",
                "the shift parameters (转换参数) are not zero and are not applied; give the converted coordinates",
            )


def _width(value: str, place: Where) -> tuple[int | None, Where]:
    if not value:
        return None, place
    match = _WIDTH.fullmatch(value)
    if match is None:
        raise place.crs_error(
            f"几度分带为 “{value}”，只读取 3 度带和 6 度带；请换带为 3 度带后导出",
            f"the zone width is “{value}”, only 3-degree and 6-degree zones are read; convert it to a 3-degree zone",
        )
    return _WIDTHS[match[2]], place


def _zone(value: str, place: Where) -> tuple[int | None, Where]:
    if not value:
        return None, place
    match = _ZONE.fullmatch(value)
    if match is None or int(match[1]) not in (*ZONES_3, *ZONES_6):
        raise place.crs_error(
            f"带号 “{value}” 不是 3 度带（25–45）或 6 度带（13–23）的带号",
            f"the zone “{value}” is neither a 3-degree zone (25 to 45) nor a 6-degree zone (13 to 23)",
        )
    return int(match[1]), place
