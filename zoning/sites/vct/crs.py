"""Which coordinate system the head of a VCT file states; the zone in front of the easting has to agree with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, isfinite

from zoning.errors import CRSError
from zoning.sites.crs.zones import (
    BEIJING_1954,
    CGCS2000,
    FALSE_EASTING,
    PER_ZONE,
    XIAN_1980,
    ZONES_3,
    ZONES_6,
    Family,
)
from zoning.sites.limits import Bounds
from zoning.sites.raw import Declared
from zoning.sites.vct.head import Head
from zoning.sites.where import Where
from zoning.texts import Text

_NOTHING = Text("", "")

_WGS84 = Family(Text("WGS84", "WGS84"), 4326, 0, 0, 0, 0)  # the registry holds no Gauss-Krüger zones of WGS84
_ELLIPSOIDS = {
    CGCS2000: "+ellps=GRS80",
    _WGS84: "+datum=WGS84",
    XIAN_1980: "+a=6378140 +rf=298.257",
    BEIJING_1954: "+ellps=krass",
}
_NAMES = {
    CGCS2000: ("2000",),
    _WGS84: ("wgs",),
    XIAN_1980: ("西安", "xian", "1980", "1975", "iag", "iugg"),
    BEIJING_1954: ("北京", "beijing", "1954", "krass", "krasov", "克拉索夫斯基"),
}
_AXES = {6_378_137.0: (CGCS2000, _WGS84), 6_378_140.0: (XIAN_1980,), 6_378_245.0: (BEIJING_1954,)}
_FLATTENINGS = {CGCS2000: 298.257222101, _WGS84: 298.257223563, XIAN_1980: 298.257, BEIJING_1954: 298.3}
_GAUSS = ("高斯", "gauss", "transverse", "横轴墨卡托")
_GREENWICH = ("", "greenwich", "格林尼治", "格林威治")
_NORTHINGS = (1_200_000.0, 12_000_000.0)
_MERIDIANS = (60.0, 150.0)


@dataclass(frozen=True, slots=True)
class System:
    """What the head and the coordinates say together; `silence` tells why nothing is declared."""

    declared: Declared | None
    silence: Text = _NOTHING
    may_be_degrees: bool = False
    warnings: tuple[Text, ...] = ()


def system(head: Head, boxes: Iterable[tuple[Where, Bounds]]) -> System:
    """Return the declared coordinate system.

    Parameters
    ----------
    boxes
        Of every record its place and bounds, x first as read.

    Raises
    ------
    CRSError
        When the head contradicts itself or the coordinates.
    """
    kind = head.get("CoordinateSystemType").upper()[:1]
    if kind not in ("D", "P"):
        why = Text("文件头没有写明坐标系类型（D 或 P）", "the head does not state the type of system (D or P)")
        return System(None, why, may_be_degrees=not kind)
    _check_meridian(head)
    datum = _datum(head)
    if datum is None:
        text = head.get("Spheroid")
        return _silent(f"不认识文件头的参考椭球 “{text}”", f"the spheroid “{text}” of the head is unknown")
    found = list(boxes)
    _check_unit(head, found, degrees=kind == "D")
    if kind == "D":
        return System(Declared(datum.lonlat_code))
    projection = head.get("Projection")
    if not any(word in projection.lower() for word in _GAUSS):
        return _silent(
            f"文件头的投影 “{projection}” 不是高斯-克吕格",
            f"the projection “{projection}” of the head is not Gauss-Krüger",
        )
    return _plane(head, datum, _zone(found))


def _silent(zh: str, en: str) -> System:
    return System(None, Text(zh, en))


def _check_meridian(head: Head) -> None:
    text = head.get("PrimeMeridian")
    name = text.lower().split(",")[0].strip()
    if name not in _GREENWICH and _number(name) != 0:
        raise head.place("PrimeMeridian").crs_error(
            f"首子午线是 “{text}”，只读取格林尼治；请改正",
            f"the prime meridian is “{text}”, only Greenwich is read; correct it",
        )


def _datum(head: Head) -> Family | None:
    """Return the datum by the name and the axes of the spheroid; both must mean the same."""
    values = head.values("Spheroid")
    if not values:
        return None
    name = values[0].lower()
    # GRS 1980 is the ellipsoid of CGCS2000 and no Chinese datum of 1980; its numbers decide.
    known = {} if "grs" in name else _NAMES
    named = next((datum for datum, words in known.items() if any(word in name for word in words)), None)
    axis = _number(values[1]) if len(values) > 1 else None
    flattening = _number(values[2]) if len(values) > 2 else None  # noqa: PLR2004 - name, axis, flattening
    if axis is None:
        return named
    meant = next((datums for length, datums in _AXES.items() if abs(axis - length) < 0.5), ())  # noqa: PLR2004 - half a metre tells the ellipsoids apart
    if named is not None and named not in meant:
        other = Text(f"（{meant[0].title.zh}）", f" ({meant[0].title.en})") if meant else _NOTHING
        raise head.place("Spheroid").crs_error(
            f"参考椭球写的是 {values[0]}，长半轴却是 {values[1]}{other.zh}；请核对后改正",
            f"the spheroid is named {values[0]} but its major axis is {values[1]}{other.en}; check and correct it",
        )
    if named is not None or len(meant) == 1:
        found = named or meant[0]
        _check_flattening(head, found, flattening)
        return found
    return next((d for d in meant if flattening and abs(flattening - _FLATTENINGS[d]) < 5e-7), None)  # noqa: PLR2004 - the digits that are printed


def _check_flattening(head: Head, datum: Family, stated: float | None) -> None:
    """Refuse another ellipsoid; what is no inverse flattening at all (the minor axis, the flattening) says nothing."""
    if stated is not None and 250 < stated < 350 and abs(stated - _FLATTENINGS[datum]) > 0.01:  # noqa: PLR2004 - what any ellipsoid could have
        raise head.place("Spheroid").crs_error(
            f"参考椭球是 {datum.title.zh} 的，扁率倒数却是 {stated:g}，应为 {_FLATTENINGS[datum]:g}；请核对后改正",
            f"the spheroid is that of {datum.title.en} but its inverse flattening is {stated:g} and not "
            f"{_FLATTENINGS[datum]:g}; check and correct it",
        )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _check_unit(head: Head, boxes: list[tuple[Where, Bounds]], *, degrees: bool) -> None:
    unit = head.get("XYUnit").upper()[:1]
    if unit not in ("", "D" if degrees else "M"):
        kind = head.get("CoordinateSystemType")
        raise head.place("XYUnit").crs_error(
            f"坐标单位 XYUnit 是 {head.get('XYUnit')}，与坐标系类型 {kind} 不符；D 用度，P 用米，请改正",
            f"the unit XYUnit is {head.get('XYUnit')} and does not fit the type {kind}; D is in degrees, P in metres, "
            "correct it",
        )
    for place, (x, y, east, north) in boxes:
        if (max(abs(x), abs(y), abs(east), abs(north)) <= 180) != degrees:  # noqa: PLR2004 - degrees
            said, is_zh = ("度", "不是度数") if degrees else ("米", "是度数")
            unit_en, is_en = ("degrees", "no degrees") if degrees else ("metres", "degrees")
            raise place.crs_error(
                f"坐标 ({x:g}, {y:g}) {is_zh}，文件头却写明单位是{said}；请改正文件头或重新导出",
                f"the coordinates ({x:g}, {y:g}) are {is_en} but the head states {unit_en}; correct the head or export "
                "it again",
            )


def _zone(boxes: list[tuple[Where, Bounds]]) -> int:
    """Return the zone in front of all eastings, 0 when there is none."""
    found: int | None = None
    for place, (west, south, east, north) in boxes:
        # A file may hold north first whatever its head says; a northing has seven digits.
        low, high = (south, north) if _NORTHINGS[0] <= west < _NORTHINGS[1] else (west, east)
        for value in (low, high):
            zone = max(0, floor(value / PER_ZONE))
            found = zone if found is None else found
            if zone != found:
                raise place.crs_error(
                    f"东坐标的带号不一致（{found or '无'} 和 {zone or '无'}）；请换算到同一带后导出",
                    f"the eastings begin with different zones ({found or 'none'} and {zone or 'none'}); convert them "
                    "to one zone and export again",
                )
    zone = found or 0
    if zone and zone not in ZONES_3 and zone not in ZONES_6:
        raise boxes[0][0].crs_error(
            f"东坐标的带号 {zone} 既不是 3 度带（25–45）也不是 6 度带（13–23）；请核对坐标",
            f"the zone {zone} of the eastings is neither a 3-degree zone (25-45) nor a 6-degree zone (13-23); check "
            "the coordinates",
        )
    return zone


@dataclass(frozen=True, slots=True)
class _Parameters:
    """What the entry Parameters holds; writers differ in the order, so the numbers are told apart by their size."""

    meridian: float | None = None
    easting: float | None = None
    zone: int | None = None
    width: int | None = None
    plain: bool = True


def _parameters(head: Head) -> _Parameters:
    numbers = [_number(text) if text else None for text in head.values("Parameters")]
    if not numbers or numbers[0] is None:
        return _Parameters()
    meridian = _meridian(numbers[0])
    rest = [number for number in numbers[1:] if number is not None]
    large = [number for number in rest if abs(number) >= 1_000]  # noqa: PLR2004 - metres, and no zone
    scales = [number for number in rest if 0.9 < number < 1.1]  # noqa: PLR2004 - a scale
    small = [number for number in rest if number in ZONES_3 or number in ZONES_6]
    widths = [number for number in rest if number in (3.0, 6.0)]
    plain = len(large) <= 1 and all(scale == 1 for scale in scales)
    return _Parameters(
        meridian,
        large[0] if large else None,
        int(small[-1]) if small and small[-1] == rest[-1] else None,
        int(widths[-1]) if widths else None,
        plain,
    )


def _meridian(number: float) -> float | None:
    if number > _MERIDIANS[1]:  # degrees, minutes and seconds in one number: 1113000 is 111.5
        seconds = number % 100
        minutes = number // 100 % 100
        number = number // 10_000 + minutes / 60 + seconds / 3600
    return number if _MERIDIANS[0] <= number <= _MERIDIANS[1] else None


def _plane(head: Head, datum: Family, zone: int) -> System:
    stated = _parameters(head)
    if not stated.plain:
        text = head.get("Parameters")
        return _silent(
            f"文件头的投影参数 Parameters “{text}” 不是高斯-克吕格的分带",
            f"the Parameters “{text}” of the head are no zone of Gauss-Krüger",
        )
    if zone:
        _check_zone(head, stated, zone)
        return System(Declared(_coded(datum, zone, prefixed=True)))
    meridian = _agreed_meridian(head, stated)
    if meridian is None:
        return _silent(
            "文件头的 Parameters 没有中央经线，东坐标也不带带号",
            "the Parameters of the head hold no central meridian and the eastings no zone",
        )
    easting = stated.easting if stated.easting is not None else FALSE_EASTING
    warnings = _prefix_warning(head, easting)
    if warnings:
        easting = FALSE_EASTING
    if easting == FALSE_EASTING and meridian % 3 == 0 and meridian / 3 in ZONES_3 and datum != _WGS84:
        return System(Declared(_coded(datum, int(meridian / 3), prefixed=False)), warnings=warnings)
    return System(Declared(_definition(datum, meridian, easting)), warnings=warnings)


def _prefix_warning(head: Head, easting: float) -> tuple[Text, ...]:
    if easting % PER_ZONE != FALSE_EASTING or easting == FALSE_EASTING:
        return ()
    text = head.place("Parameters").sentence(
        f"文件头的东偏移 {easting:.0f} 带有带号，坐标却不带；按不带带号读取",
        f"the false easting {easting:.0f} of the head holds the zone, the coordinates do not; read without zone",
    )
    return (text,)


def _own_meridian(zone: int) -> float:
    return 3.0 * zone if zone in ZONES_3 else 6.0 * zone - 3


def _check_zone(head: Head, stated: _Parameters, zone: int) -> None:
    """Compare the zone in front of the eastings with everything that Parameters say."""
    own = _own_meridian(zone)
    width = 3 if zone in ZONES_3 else 6
    in_easting = floor((stated.easting or 0) / PER_ZONE)
    for found, right, zh, en in (
        (stated.meridian, own, "中央经线", "central meridian"),
        (in_easting or None, zone, "东偏移的带号", "zone of the false easting"),
        (stated.zone, zone, "带号", "zone"),
        (stated.width, width, "分带", "width of the zones"),
    ):
        if found is not None and found != right:
            raise _contradiction(head, Text(zh, en), found, zone, own)


def _contradiction(head: Head, name: Text, found: float, zone: int, own: float) -> CRSError:
    return head.place("Parameters").crs_error(
        f"文件头 Parameters 的{name.zh}是 {found:g}，东坐标的带号却是 {zone}（中央经线 {own:g}°）；请核对后改正",
        f"the {name.en} in the Parameters is {found:g} but the eastings begin with zone {zone} (meridian {own:g}°); "
        "check and correct one of them",
    )


def _agreed_meridian(head: Head, stated: _Parameters) -> float | None:
    """Return the meridian of eastings without zone; the zones that Parameters name must belong to it."""
    in_easting = floor((stated.easting or 0) / PER_ZONE) or None
    zones = [zone for zone in (in_easting, stated.zone) if zone in ZONES_3 or zone in ZONES_6]
    meridian = stated.meridian
    for zone in zones:
        if zone is None:
            continue
        own = _own_meridian(zone)
        meridian = own if meridian is None else meridian
        if own != meridian:
            raise head.place("Parameters").crs_error(
                f"文件头 Parameters 的中央经线是 {meridian:g}，带号却是 {zone}（中央经线 {own:g}°）；请核对后改正",
                f"the central meridian in the Parameters is {meridian:g} but the zone is {zone} (meridian {own:g}°); "
                "check and correct one of them",
            )
    return meridian


def _coded(datum: Family, zone: int, *, prefixed: bool) -> str:
    if datum == _WGS84:
        return _definition(datum, _own_meridian(zone), zone * PER_ZONE + FALSE_EASTING)
    return datum.code(zone, prefixed=prefixed)


def _definition(datum: Family, meridian: float, easting: float) -> str:
    """Return a plane that the registry does not hold."""
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={meridian!r} +k=1 +x_0={easting!r} +y_0=0 {_ELLIPSOIDS[datum]} +units=m "
        "+no_defs +type=crs"
    )
