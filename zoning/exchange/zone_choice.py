"""The 3° zone that footprints are written in: that of the largest part of their area."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.quantities import format_area
from zoning.sites.crs.zones import ZONES_3
from zoning.texts import Text

_WIDTH = 3.0
_FURTHEST = 3.5
"""Degrees from the central meridian: the projection is exact further out, nobody writes such files."""

_WORLD = 90.0


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """The zone, and what is to be said about it."""

    zone: int
    notes: tuple[Text, ...] = ()


def zone_at(longitude: float) -> int:
    """Return the 3° zone of a longitude in degrees; on the border of two the eastern one.

    >>> zone_at(112.49), zone_at(112.51), zone_at(112.5)
    (37, 38, 38)
    """
    return floor((longitude + _WIDTH / 2) / _WIDTH)


def choose_zone(footprints: Sequence[tuple[BaseGeometry, float]], stated: int | None) -> ZoneChoice:
    """Choose the zone.

    Parameters
    ----------
    footprints
        Longitude and latitude of every footprint with its area in m²; points and lines as they cover the ground.
    stated
        What the user wants.

    Raises
    ------
    UsageError
        When the zone that the user wants is none, or lies too far away; when the footprints lie in none.
    """
    areas: Counter[int] = Counter()
    for lonlat, area_m2 in footprints:
        for zone, share in _shares(lonlat).items():
            areas[zone] += round(share * area_m2 * 1e4)
    west, east = _extent(footprints)
    if stated is not None:
        _check_stated(stated, west, east)
        return ZoneChoice(stated)
    zone = max(areas, key=lambda found: (areas[found], -found))
    if zone not in ZONES_3:
        raise UsageError(
            f"地块在经度 {west:.4f}°，不在 3 度带第 25–45 带之内；请用 --to-crs 说明坐标系",
            f"the footprint lies at longitude {west:.4f}°, in none of the 3° zones 25 to 45; state the system with "
            "--to-crs",
        )
    return ZoneChoice(zone, _straddles(zone, areas) if len(areas) > 1 else ())


def _straddles(zone: int, areas: Counter[int]) -> tuple[Text, ...]:
    listed = sorted(areas.items())
    zh = "、".join(f"第 {found} 带 {format_area(size / 1e4).zh}" for found, size in listed)
    en = ", ".join(f"zone {found} {format_area(size / 1e4).en}" for found, size in listed)
    return (
        Text(
            f"地块跨 3 度带分界（{zh}），整个文件按面积较大的第 {zone} 带写出；需要另一带时用 --zone",
            f"the footprints lie across the border of 3° zones ({en}); the whole file is written in zone {zone}, which "
            "holds most of them; ask for another one with --zone",
        ),
    )


def _shares(lonlat: BaseGeometry) -> dict[int, float]:
    """Return the share of a footprint in each zone; within one footprint degrees serve to compare."""
    west, _, east, _ = shapely.bounds(lonlat).tolist()
    first, last = zone_at(west), zone_at(east)
    if first == last or lonlat.area == 0:
        return {zone_at((west + east) / 2): 1.0}
    pieces = {}
    for zone in range(first, last + 1):
        left = _WIDTH * zone - _WIDTH / 2
        piece = shapely.area(shapely.clip_by_rect(lonlat, left, -_WORLD, left + _WIDTH, _WORLD)) / lonlat.area
        if piece > 0:
            pieces[zone] = float(piece)
    return pieces


def _extent(footprints: Sequence[tuple[BaseGeometry, float]]) -> tuple[float, float]:
    boxes = [shapely.bounds(lonlat).tolist() for lonlat, _ in footprints]
    return min(box[0] for box in boxes), max(box[2] for box in boxes)


def _check_stated(zone: int, west: float, east: float) -> None:
    if zone not in ZONES_3:
        raise UsageError(
            f"--zone：{zone} 不是 3 度带的带号（25–45）；写 auto 则自动选择",
            f"--zone: {zone} is no 3° zone (25 to 45); write auto to have it chosen",
        )
    if max(abs(west - _WIDTH * zone), abs(east - _WIDTH * zone)) > _FURTHEST:
        raise UsageError(
            f"--zone：第 {zone} 带的中央经线是 {_WIDTH * zone:.0f}°，地块在经度 {west:.4f}°–{east:.4f}°，相距太远；"
            "写 auto 则自动选择",
            f"--zone: the meridian of zone {zone} is {_WIDTH * zone:.0f}°E, the footprints lie at "
            f"{west:.4f}–{east:.4f}°E, too far away; write auto to have it chosen",
        )
