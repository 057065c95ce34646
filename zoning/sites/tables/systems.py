"""The coordinate system of a table: from its numbers and from what is written around them, contradictions refused."""

from dataclasses import dataclass
from math import hypot, log10
from typing import cast

import numpy as np
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError

from zoning.errors import ZoningError
from zoning.sites.crs.identify import identify
from zoning.sites.crs.mars import BD09, GCJ02
from zoning.sites.crs.zones import CGCS2000, ZONES_3, Family, label
from zoning.sites.limits import Options
from zoning.sites.raw import Declared
from zoning.sites.tables.axes import Floats, Placed, in_degrees, place_degrees, place_metres, unpacked
from zoning.sites.tables.grid import Track
from zoning.sites.tables.measures import PER_ZONE
from zoning.sites.tables.statements import WGS84, contradiction, one_datum
from zoning.texts import Text

_METRES_PER_DEGREE = 111_320.0
_COARSE_M = 0.5
_AGREE_M = 0.05
_PROOF_M = 0.5
_NO_ZONE = 1_000.0
_SILENT = Text("坐标表没有写坐标系", "the table does not state its coordinate system")


@dataclass(frozen=True, slots=True)
class System:
    """The points of a track, with what is known of their coordinate system.

    Attributes
    ----------
    accuracy_m
        How far rounding may have moved a point, where that is worth saying.
    """

    points: Placed
    degrees: bool
    declared: Declared | None
    silence: Text = _SILENT
    warnings: tuple[Text, ...] = ()
    accuracy_m: float = 0.0


def settle_track(track: Track, options: Options) -> System:
    """Decide axes and coordinate system of the points of a track.

    Raises
    ------
    SiteError, CRSError
        When the numbers contradict each other, or what is written about them.
    """
    kinds = [in_degrees(track, numbers) for numbers in track.numbers]
    if len(kinds) == 2 and kinds[0] == kinds[1]:  # noqa: PLR2004 - of x and y
        names = "、".join(name for numbers in track.numbers for name in numbers.names)
        raise track.place(0).error(
            f"有两组同类的坐标（{names}），分不清该用哪一组；请只保留一组",
            f"there are two sets of coordinates of the same kind ({names}); keep one",
        )
    placed = {
        degrees: place_degrees(track, numbers, options.expected, alone=len(kinds) == 1 or options.crs is not None)
        if degrees
        else place_metres(track, numbers, stated=options.crs is not None)
        for degrees, numbers in zip(kinds, track.numbers, strict=True)
    }
    if len(placed) == 1:
        system = _single(track, placed[kinds[0]], options, degrees=kinds[0])
    else:
        other = unpacked(track.numbers[kinds.index(True)], placed[True])
        system = _both(track, placed[False], [placed[True], *([other] if other else [])], options)
    return _with_rounding(track, system)


def _single(track: Track, points: Placed, options: Options, *, degrees: bool) -> System:
    stated = options.crs is not None
    try:
        declared, silence = _degrees_crs(track) if degrees else _plane_crs(track, points)
    except ZoningError:
        if not stated:
            raise
        declared, silence = None, _SILENT
    return System(points, degrees, declared, silence, points.warnings)


def _degrees_crs(track: Track) -> tuple[Declared | None, Text]:
    datum, _ = one_datum(track.statements, track.where)
    if datum is None:
        return None, _SILENT
    if isinstance(datum, Family):
        return Declared(datum.lonlat_code), _SILENT
    return Declared("EPSG:4326" if datum == WGS84 else datum), _SILENT


def _plane_crs(track: Track, points: Placed) -> tuple[Declared | None, Text]:
    """Return the plane that datum, zone and the numbers themselves make known."""
    datum, line = one_datum(track.statements, track.where)
    utm = track.statements.utm()
    if utm is not None:
        if datum not in (None, WGS84):
            raise contradiction(track.where.at_line(utm[1]), [*track.statements.datums(), Text("UTM", "UTM")])
        return Declared(f"EPSG:{32600 + utm[0]}"), _SILENT
    zone, prefixed = _zone(track, points)
    if datum is None:
        return None, _SILENT
    if isinstance(datum, str):
        name = "GCJ-02" if datum == GCJ02 else "BD-09" if datum == BD09 else datum
        return None, Text(
            f"表中写的是 {name}，坐标却是平面坐标（米），没有写投影",
            f"the table says {name} but its coordinates are metres in a projection that it does not name",
        )
    if zone is None:
        if datum is not CGCS2000:
            identify(datum.lonlat_code, track.where.at_line(line) if line else track.where)
        return None, Text(
            "坐标表没有写带号或中央子午线，Y 坐标也不带带号",
            "neither the table nor Y states the zone",
        )
    return Declared(datum.code(zone, prefixed=prefixed)), _SILENT


def _zone(track: Track, points: Placed) -> tuple[int | None, bool]:
    """Return the zone and whether it stands in front of the easting.

    Raises
    ------
    CRSError
        When points or statements differ.
    """
    zones = np.floor(np.clip(points.east / PER_ZONE, -1, _NO_ZONE)).astype(int)
    if not (zones == zones[0]).all():
        row = int(np.argmax(zones != zones[0]))
        raise track.place(row).crs_error(
            f"东坐标的带号与前面不一致（前面为 {_zone_name(zones[0]).zh}，此处为 "
            f"{_zone_name(zones[row]).zh}）；请换算到同一带",
            f"the zone of the easting differs from the points before ({_zone_name(zones[0]).en}, here "
            f"{_zone_name(zones[row]).en}); use one zone",
        )
    found = int(zones[0])
    said = track.statements.zones()
    meridians = {_meridian(zone): (zone, line) for zone, line in said}
    if len(meridians) > 1:
        place = track.where.at_line(list(meridians.values())[1][1])
        raise contradiction(place, [_zone_name(zone) for zone, _ in meridians.values()])
    local = track.statements.local_meridian()
    if local is not None:
        raise track.where.at_line(local[1]).crs_error(
            f"{local[0]} 不是 3° 带或 6° 带的中央子午线，是地方坐标系；请换算为 2000 国家大地坐标系 3° 带，"
            f"或用 --crs 说明",
            f"{local[0]} is the meridian of no 3- or 6-degree zone, the system is a local one; convert it to a "
            "3-degree zone of CGCS2000, or state it with --crs",
        )
    if not meridians:
        return (found or None), bool(found)
    zone, line = next(iter(meridians.values()))
    if found and _meridian(found) != _meridian(zone):
        raise track.where.at_line(line).crs_error(
            f"表中写的是 {_zone_name(zone).zh}，东坐标的带号却是 {found}；请核对后改正其中之一",
            f"the table says {_zone_name(zone).en} but the easting begins with zone {found}; correct one of them",
        )
    return (found or zone), bool(found)


def _meridian(zone: int) -> int:
    return 3 * zone if zone in ZONES_3 else 6 * zone - 3


def _zone_name(zone: int) -> Text:
    if not zone:
        return Text("不带带号", "no zone")
    width = 3 if zone in ZONES_3 else 6
    return Text(f"{width}° 带第 {zone} 带", f"{width}° zone {zone}")


def _both(track: Track, plane: Placed, readings: list[Placed], options: Options) -> System:
    """Compare metres with degrees of the same points, and go on with the metres.

    Parameters
    ----------
    readings
        The degrees as decimals, and as 度.分秒 where they can be that.
    """
    degrees = readings[0]
    if options.crs is not None:
        lonlat = _is_lonlat(options.crs)
        return _single(track, degrees if lonlat else plane, options, degrees=lonlat)
    datum, _ = one_datum(track.statements, track.where)
    family = datum if isinstance(datum, Family) else CGCS2000
    zone, prefixed = _zone(track, plane)
    codes = [family.code(zone, prefixed=prefixed)] if zone is not None else _near_zones(family, degrees)
    compared = [(_apart(code, plane, reading), code) for reading in readings for code in codes]
    apart, code = min(compared, key=lambda one: float(one[0].max()))
    allowed = max(_AGREE_M, 1.5 * (_rounding_m(degrees, degrees=True) + _rounding_m(plane, degrees=False)))
    if apart.max() > allowed:
        raise _disagree(track, apart, allowed, code)
    name = label(code)
    used = track.where.sentence(
        f"平面坐标与经纬度互相吻合（最大相差 {apart.max():.3f} 米），采用平面坐标，坐标系为 {name.zh}",
        f"metres and degrees agree (largest difference {apart.max():.3f} m); the metres are used, in {name.en}",
    )
    # The ellipsoids of the old datums would show as metres of difference.
    proven = isinstance(datum, Family) or (datum in (None, WGS84) and allowed <= _PROOF_M)
    declared = Declared(code) if proven else None
    return System(plane, degrees=False, declared=declared, warnings=(*plane.warnings, *degrees.warnings, used))


def _is_lonlat(stated: str) -> bool:
    from zoning.sites.crs.names import ContradictionError, spoken

    try:
        named = spoken(stated)
        code = named.code if named else stated
        return code in (GCJ02, BD09) or CRS.from_user_input(int(code) if code.isdecimal() else code).is_geographic
    except (ProjError, ContradictionError):
        return False


def _near_zones(family: Family, degrees: Placed) -> list[str]:
    middle = round(float(np.median(degrees.east)) / 3)
    return [family.code(zone, prefixed=False) for zone in range(middle - 1, middle + 2) if zone in ZONES_3]


def _apart(code: str, plane: Placed, degrees: Placed) -> Floats:
    """Return how far metres and degrees of each point lie apart, on the datum that both are in."""
    crs = CRS.from_user_input(code)
    way = Transformer.from_crs(crs, crs.geodetic_crs or crs, always_xy=True)
    lon, lat = way.transform(plane.east, plane.north)
    bad = ~(np.isfinite(lon) & np.isfinite(lat))
    lon, lat = np.where(bad, 0.0, lon), np.where(bad, 0.0, lat)
    distance = Geod(ellps="GRS80").inv(lon, lat, degrees.east, degrees.north)[2]
    return cast("Floats", np.where(bad, np.inf, distance))


def _disagree(track: Track, apart: Floats, allowed: float, code: str) -> ZoningError:
    row = int(np.argmax(apart > allowed))
    name = label(code)
    point = track.labels[row] or str(row + 1)
    return track.place(row).crs_error(
        f"点 {point} 的平面坐标（按 {name.zh}）与经纬度相差 {apart[row]:.2f} 米（按位数应不超过 {allowed:.2f} 米）；"
        "请核对，或删去其中一组",
        f"point {point}: metres (as {name.en}) and degrees differ by {apart[row]:.2f} m (their digits allow "
        f"{allowed:.2f} m); check them, or remove one set",
    )


def _rounding_m(points: Placed, *, degrees: bool) -> float:
    """Return how far rounding to the last written digit may have moved a point."""
    east, north = (unit / 2 for unit in points.units)
    if not degrees:
        return hypot(east, north)
    shrink = float(np.cos(np.radians(np.median(points.north))))
    return hypot(east * shrink, north) * _METRES_PER_DEGREE


def _with_rounding(track: Track, system: System) -> System:
    moved = _rounding_m(system.points, degrees=system.degrees)
    coarsest = max(system.points.units) * (_METRES_PER_DEGREE if system.degrees else 1.0)
    if coarsest / 2 <= _COARSE_M or (not system.degrees and coarsest <= 1.0):
        return system
    warning = track.where.sentence(
        f"坐标只写到 {_digit(max(system.points.units), degrees=system.degrees).zh}，取整使点位最多偏 {moved:.1f} 米；"
        "核对红线请提供更精确的坐标",
        f"the coordinates are written to {_digit(max(system.points.units), degrees=system.degrees).en} only, which "
        f"moves points by up to {moved:.1f} m; for a check at a boundary give finer ones",
    )
    return System(
        system.points,
        system.degrees,
        system.declared,
        system.silence,
        (*system.warnings, warning),
        moved,
    )


def _digit(unit: float, *, degrees: bool) -> Text:
    """Name the last written digit: 1″, 0.001′, 0.0001°, 10 m."""
    if not degrees:
        return Text(f"{unit:g} 米", f"{unit:g} m")
    for parts, sign in ((3600, "″"), (60, "′")):
        power = log10(unit * parts)
        if abs(power - round(power)) < 1e-6:  # noqa: PLR2004 - as far as a float tells
            shown = f"{unit * parts:.10g}{sign}"
            return Text(shown, shown)
    shown = f"{unit:.12f}".rstrip("0") + "°"
    return Text(shown, shown)
