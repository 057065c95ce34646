"""Which zone the eastings mean: their first two digits, the header, or the one zone that lies in the territories."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from pyproj import Geod

from zoning.errors import ZoningError
from zoning.sites.crs.identify import identify, to_lonlat
from zoning.sites.crs.old_datums import old_datum_refusal
from zoning.sites.crs.zones import CGCS2000, PER_ZONE, ZONES_3, ZONES_6, Family, label
from zoning.sites.drawing import Coordinates
from zoning.sites.limits import Bounds, Options
from zoning.sites.raw import Declared
from zoning.sites.txt.columns import Columns, degrees_refused, unpacked, within
from zoning.sites.txt.header import Stated, meridian_of, width_of
from zoning.sites.txt.sheet import Sheet
from zoning.sites.where import Where
from zoning.texts import Text

# An easting of six digits reaches at most this far from its meridian.
_REACH_DEGREES = 4.5
_GEOD = Geod(ellps="GRS80")


@dataclass(frozen=True, slots=True)
class Decided:
    """What the file states about its coordinate system, and how far that was read between its lines."""

    declared: Declared | None
    silence: Text
    warnings: tuple[Text, ...] = ()


def decide(sheet: Sheet, columns: Columns, stated: Stated, options: Options, where: Where) -> Decided:
    """Name the coordinate system.

    Raises
    ------
    CRSError
        When prefix, header and width contradict each other, the datum is an old one and no parameters are given, or
        two zones fit the territories.
    SiteError
        When the rows are degrees and nothing says so.
    """
    _check_datum(stated, options)
    if columns.degrees:
        return _degrees(sheet, columns, stated, options, where)
    prefix = _prefix(sheet, columns.xy, where)
    _check_prefix(prefix, stated)
    if stated.datum is None:
        silence = Text("[属性描述] 没有写“坐标系”", "[属性描述] does not state 坐标系")
        return Decided(None, silence, _other_zone_warning(stated, options))
    warnings = _wgs84_warning(stated)
    if stated.degrees:
        warnings = (*warnings, _metres_warning(where))
    zone = prefix or stated.zone or _zone_of_meridian(stated)
    if zone:
        return Decided(Declared(stated.datum.code(zone, prefixed=bool(prefix))), Text("", ""), warnings)
    silence = Text("Y 坐标不带带号，[属性描述] 也没有写“带号”", "neither Y nor [属性描述] states the zone (带号)")
    fitting = [] if options.crs else _fitting(columns.xy, stated, options.expected)
    if len(fitting) > 1:
        raise _two_fit(fitting, stated.datum, where)
    if not fitting:
        return Decided(None, silence, warnings)
    (zone,) = fitting
    return Decided(Declared(stated.datum.code(zone, prefixed=False)), silence, (*warnings, _zone_warning(zone, where)))


def _check_datum(stated: Stated, options: Options) -> None:
    if stated.datum not in (None, CGCS2000) and options.datum_shift is None:
        refusal = old_datum_refusal(stated.datum.title)
        raise stated.datum_place.crs_error(refusal.zh, refusal.en)


def _degrees(sheet: Sheet, columns: Columns, stated: Stated, options: Options, where: Where) -> Decided:
    """Take degrees as such when the header says so, or they lie in the territories."""
    if not stated.degrees and options.crs is None and not within(columns.xy, options.expected):
        raise degrees_refused(sheet, where)
    if stated.datum is None:
        return Decided(None, Text("[属性描述] 没有写“坐标系”", "[属性描述] does not state 坐标系"))
    name = stated.datum.title
    why = Text("表头计量单位为度", "the header states degrees as the unit")
    if not stated.degrees:
        why = Text("数值为落在工作空间区域内的度数", "the numbers are degrees within the workspace's territories")
    text = where.sentence(
        f"{why.zh}，坐标按 {name.zh} 的纬度、经度读取（坐标 TXT 规定用米）",
        f"{why.en}; the coordinates are read as latitude and longitude on {name.en} (a coordinate TXT is in metres)",
    )
    code = "EPSG:4326" if stated.wgs84 else stated.datum.lonlat_code
    return Decided(Declared(code), Text("", ""), (text, *_packed_warning(columns.xy, stated, options, where)))


def _packed_warning(xy: Coordinates, stated: Stated, options: Options, where: Where) -> tuple[Text, ...]:
    """Say that the decimals may as well be minutes and seconds: then all of them are below 60, which is no chance."""
    other = None if stated.decimal else unpacked(xy)
    if other is None or not (options.expected is None or within(other, options.expected)):
        return ()
    metres = float(np.max(_GEOD.inv(*xy.T, *other.T)[2]))
    if metres < 1:
        return ()
    return (
        where.sentence(
            f"小数部分也可能是分秒（112.1830 即 112°18′30″），那样位置相差达 {metres / 1000:.1f} km；请核对，"
            "确为十进制的度时把计量单位写成 十进制度",
            "the decimals may as well be minutes and seconds (112.1830 for 112°18′30″), which would move it by up to "
            f"{metres / 1000:.1f} km; check it, and state 计量单位=十进制度 if they are decimal degrees",
        ),
    )


def _prefix(sheet: Sheet, xy: Coordinates, where: Where) -> int:
    """Return the zone in front of all eastings, 0 when there is none."""
    zones = np.floor(xy[:, 0] / PER_ZONE).astype(int)
    same = zones == zones[0]
    if not same.all():
        row = int(np.argmin(same))
        raise _two_zones(where.at_line(sheet.lines[row]), int(zones[0]), int(zones[row]))
    return int(zones[0])


def _two_zones(place: Where, first: int, other: int) -> ZoningError:
    def name(zone: int) -> Text:
        return Text(f"第 {zone} 带", f"zone {zone}") if zone else Text("不带带号", "no zone")

    return place.crs_error(
        f"Y 坐标的带号与前面不一致（前面{name(first).zh}，此处{name(other).zh}）；请换算到同一带",
        f"the zone in Y differs from the points before ({name(first).en}, here {name(other).en}); use one zone",
    )


def _check_prefix(prefix: int, stated: Stated) -> None:
    if not prefix:
        return
    if stated.zone is not None and stated.zone != prefix:
        raise stated.zone_place.crs_error(
            f"表头带号为 {stated.zone}，Y 坐标的带号却是 {prefix}；请核对后改正其中之一",
            f"the header states zone {stated.zone} but Y begins with zone {prefix}; check and correct one of them",
        )
    if stated.width is not None and stated.width != width_of(prefix):
        raise stated.width_place.crs_error(
            f"几度分带为 {stated.width}，Y 坐标的带号 {prefix} 却是 {width_of(prefix)} 度带的；请核对后改正其中之一",
            f"几度分带 is {stated.width} but Y begins with {prefix}, one of the {width_of(prefix)}-degree zones; "
            "check and correct one of them",
        )
    if stated.meridian is not None and stated.meridian != meridian_of(prefix):
        raise stated.meridian_place.crs_error(
            f"中央子午线为 {stated.meridian}°，Y 坐标的带号 {prefix} 的中央子午线却是 {meridian_of(prefix)}°；"
            "请核对后改正其中之一",
            f"the central meridian is {stated.meridian}° but Y begins with zone {prefix}, whose meridian is "
            f"{meridian_of(prefix)}°; check and correct one of them",
        )


def _zone_of_meridian(stated: Stated) -> int | None:
    """Return the zone with the stated meridian; without prefix the numbers of 3 and of 6 degrees are the same."""
    return None if stated.meridian is None else stated.meridian // 3


def _other_zone_warning(stated: Stated, options: Options) -> tuple[Text, ...]:
    """Say that the user's system has another meridian than the header, where the header names no datum."""
    place = stated.zone_place if stated.zone else stated.meridian_place
    meridian = meridian_of(stated.zone) if stated.zone else stated.meridian
    if options.crs is None or options.datum_shift is not None or meridian is None:
        return ()
    operation = identify(options.crs, place).crs.coordinate_operation
    used = [float(each.value) for each in operation.params if "Longitude" in each.name] if operation else []
    if not used or used[0] == meridian:
        return ()
    return (
        place.sentence(
            f"表头的中央子午线为 {meridian}°，按用户说明的 {used[0]:g}° 读取；请核对",
            f"the central meridian in the header is {meridian}°, it was read with {used[0]:g}° as the user stated; "
            "check it",
        ),
    )


def _fitting(xy: Coordinates, stated: Stated, expected: Bounds | None) -> list[int]:
    """Return the zones in which the box of all points would touch the territories, without any room beyond."""
    if expected is None:
        return []
    west, _, east, _ = expected
    low, high = west - _REACH_DEGREES, east + _REACH_DEGREES
    if stated.width == 6:  # noqa: PLR2004 - six degrees wide
        zones = [zone for zone in ZONES_6 if low <= 6 * zone - 3 <= high]
    else:
        zones = [zone for zone in range(ceil(low / 3), floor(high / 3) + 1) if zone in ZONES_3]
    (x0, y0), (x1, y1) = xy.min(axis=0), xy.max(axis=0)
    corners = np.array([x0, x1, x0, x1]), np.array([y0, y0, y1, y1])
    # The datum moves the box by metres: which zone fits does not depend on it.
    boxes = {zone: to_lonlat(CGCS2000.code(zone, prefixed=False)).transform(*corners) for zone in zones}
    return [zone for zone, box in boxes.items() if within(np.column_stack(box), expected)]


def _two_fit(zones: list[int], datum: Family, where: Where) -> ZoningError:
    names = [label(datum.code(zone, prefixed=False)) for zone in zones]
    zh = "和".join(f"第 {zone} 带 {name.zh}" for zone, name in zip(zones, names, strict=True))
    en = " and ".join(f"zone {zone} {name.en}" for zone, name in zip(zones, names, strict=True))
    return where.crs_error(
        f"Y 坐标不带带号，[属性描述] 也没有写“带号”，按{zh}读取都落在工作空间区域内，无法判定；"
        "请写明“带号”，或用 --crs 说明坐标系",
        f"neither Y nor [属性描述] states the zone (带号), and both {en} fit the workspace's territories; state 带号, "
        "or the system with --crs",
    )


def _zone_warning(zone: int, where: Where) -> Text:
    return where.sentence(
        f"Y 坐标不带带号，[属性描述] 也没有写“带号”；只有按第 {zone} 带（中央经线 {meridian_of(zone)}°）读取才落在"
        "工作空间区域内，已按此读取；请核对",
        f"neither Y nor [属性描述] states the zone (带号); zone {zone} (meridian {meridian_of(zone)}°E) is the only "
        "one that fits the workspace's territories and was taken; check it",
    )


def _metres_warning(where: Where) -> Text:
    return where.sentence(
        "计量单位写的是度，坐标却是米（按数值大小判定），已按米读取",
        "the unit is said to be degrees but the coordinates are metres (decided by magnitude); read as metres",
    )


def _wgs84_warning(stated: Stated) -> tuple[Text, ...]:
    if not stated.wgs84:
        return ()
    return (
        Text(
            "WGS84 坐标按 2000 国家大地坐标系处理（相差厘米至分米级）",
            "WGS84 coordinates are taken as CGCS2000 (they agree within decimetres)",
        ),
    )
