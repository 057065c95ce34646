"""Do the coordinates lie where the workspace's territories lie? If not: why, and what would make them fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import CRSError, ZoningError
from zoning.sites.crs import LONLAT, ZONES_3, ZONES_6, Identified, label, to_lonlat, zone_3_code, zone_6_code
from zoning.sites.raw import RawFile, RawSite
from zoning.sites.where import Where
from zoning.texts import Text

Bounds = tuple[float, float, float, float]
Boxes = NDArray[np.float64]

NEAR_DEGREES = 0.5
_FAR_DEGREES = 5.0
_SWAPPED = [1, 0, 3, 2]
_PER_ZONE = 1_000_000.0
_EARTH: Bounds = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Placement:
    """How the two columns of a file are to be taken."""

    swap: bool = False
    warnings: tuple[Text, ...] = ()


def place(sites: Sequence[RawSite], crs: Identified, expected: Bounds | None, where: Where) -> Placement:
    """Decide the order of the axes by magnitude and territory.

    Raises
    ------
    CRSError
        When the footprints would fit the territories in another coordinate system.
    SiteError
        When they lie outside every territory, or one vertex lies far away.
    """
    boxes = _boxes(sites)
    lonlat = _to_lonlat(boxes, crs.code)
    near = _near(lonlat, expected)
    if near.all():
        _check_strays(sites, lonlat, expected)
        return Placement()
    swapped = boxes[:, _SWAPPED]
    if not near.any() and _disjoint_axes(boxes) and _near(_to_lonlat(swapped, crs.code), expected).all():
        _check_strays(sites, _to_lonlat(swapped, crs.code), expected)
        return Placement(swap=True, warnings=(_swap_warning(where),))
    first = int(np.argmin(near))
    raise _explain(sites[first].where, boxes[first], lonlat[first], crs, expected)


def assume_lonlat(sites: Sequence[RawSite], expected: Bounds | None) -> bool:
    """Tell whether numbers without a coordinate system fit the territories as longitude and latitude."""
    boxes = _boxes(sites)
    if expected is None:
        return False
    return any(bool(_near(_to_lonlat(b, LONLAT), expected).all()) for b in (boxes, boxes[:, _SWAPPED]))


def no_crs(raw: RawFile, expected: Bounds | None, where: Where) -> CRSError:
    """Return the error for a file without coordinate system, with the codes that would fit the territories."""
    box = _boxes(raw.sites)[0]
    fitting = _fitting(box, expected)
    zh = en = "--crs EPSG:4526"
    if fitting:
        zh = "--crs，能落在工作空间区域内的是 " + "、".join(text.zh for text in fitting)
        en = "--crs, these fit the workspace's territories: " + ", ".join(text.en for text in fitting)
    return where.crs_error(
        f"{raw.silence.zh}，坐标系未知；请补上，或用 {zh}",
        f"{raw.silence.en}, so the coordinate system is unknown; add it, or use {en}",
    )


def lonlat_bounds(geometry: BaseGeometry, code: str) -> Bounds:
    """Return west, south, east, north of a geometry whose x is east."""
    west, south, east, north = _to_lonlat(np.array([geometry.bounds]), code)[0].tolist()
    return west, south, east, north


def _boxes(sites: Sequence[RawSite]) -> Boxes:
    return np.asarray(shapely.bounds(np.array([site.geometry for site in sites], dtype=object)), dtype=np.float64)


def _to_lonlat(boxes: Boxes, code: str) -> Boxes:
    """Return boxes of longitude and latitude; infinite where the numbers are impossible in `code`."""
    x = boxes[:, [0, 0, 2, 2]]
    y = boxes[:, [1, 3, 1, 3]]
    lon, lat = to_lonlat(code).transform(x.ravel(), y.ravel())
    lon, lat = np.reshape(lon, x.shape), np.reshape(lat, x.shape)
    return np.column_stack([lon.min(axis=1), lat.min(axis=1), lon.max(axis=1), lat.max(axis=1)])


def _near(lonlat: Boxes, expected: Bounds | None) -> NDArray[np.bool_]:
    """Tell which boxes touch the territories and their surroundings; without territories, which lie on the earth."""
    west, south, east, north = _EARTH
    on_earth = (lonlat[:, 0] >= west) & (lonlat[:, 1] >= south) & (lonlat[:, 2] <= east) & (lonlat[:, 3] <= north)
    if expected is None:
        return on_earth
    west, south, east, north = _grown(expected, NEAR_DEGREES)
    touches = (lonlat[:, 2] >= west) & (lonlat[:, 0] <= east) & (lonlat[:, 3] >= south) & (lonlat[:, 1] <= north)
    return on_earth & touches


def _grown(bounds: Bounds, degrees: float) -> Bounds:
    west, south, east, north = bounds
    return west - degrees, south - degrees, east + degrees, north + degrees


def _disjoint_axes(boxes: Boxes) -> bool:
    x0, y0 = boxes[:, :2].min(axis=0)
    x1, y1 = boxes[:, 2:].max(axis=0)
    return bool(x1 < y0 or y1 < x0)


def _check_strays(sites: Sequence[RawSite], lonlat: Boxes, expected: Bounds | None) -> None:
    if expected is None:
        return
    west, south, east, north = _grown(expected, _FAR_DEGREES)
    for site, (w, s, e, n) in zip(sites, lonlat.tolist(), strict=True):
        if w < west or s < south or e > east or n > north:
            raise site.where.error(
                f"范围从 {_place(w, s).zh} 伸展到 {_place(e, n).zh}，有界址点远在工作空间区域之外；请改正写错的点",
                f"it reaches from {_place(w, s).en} to {_place(e, n).en}, far beyond the workspace's territories; "
                "correct the mistyped point",
            )


def _swap_warning(where: Where) -> Text:
    return where.sentence(
        "两列坐标的次序相反（按数值大小和所在区域判定），已对调读取",
        "the two coordinates are in the opposite order (decided by magnitude and territory); they were exchanged",
    )


def _place(lon: float, lat: float) -> Text:
    return Text(f"经度 {lon:.4f}°、纬度 {lat:.4f}°", f"longitude {lon:.4f}°, latitude {lat:.4f}°")


def _explain(where: Where, box: Boxes, lonlat: Boxes, crs: Identified, expected: Bounds | None) -> ZoningError:
    name = label(crs.code)
    centre = (lonlat[:2] + lonlat[2:]) / 2
    if np.isfinite(centre).all() and _near(lonlat[None, :], None)[0]:
        place = _place(*centre.tolist())
        zh, en = f"按 {name.zh}读取，位于{place.zh}", f"read as {name.en} it lies at {place.en}"
    else:
        numbers = f"({box[0]:.10g}, {box[1]:.10g})"
        zh, en = f"坐标 {numbers} 在 {name.zh}中不可能", f"the coordinates {numbers} are impossible in {name.en}"
    fitting = _fitting(box, expected)
    if fitting:
        return where.crs_error(
            f"{zh}；若为 {'或'.join(text.zh for text in fitting)}，则落在工作空间的区域内，请更正文件，"
            "或用 --crs 说明坐标系",
            f"{en}; it would fit the workspace's territories if it were {' or '.join(text.en for text in fitting)}: "
            "correct the file, or state the system with --crs",
        )
    if expected is None:
        return where.crs_error(f"{zh}；请核对坐标系", f"{en}; check the coordinate system")
    area = f"{expected[0]:.2f}–{expected[2]:.2f}°E, {expected[1]:.2f}–{expected[3]:.2f}°N"
    return where.error(
        f"{zh}，在工作空间的全部区域（{area}）之外；请核对坐标，或换用包含该地的工作空间",
        f"{en}, outside every territory of the workspace ({area}); check the coordinates, or use a workspace "
        "that covers the place",
    )


def _fitting(box: Boxes, expected: Bounds | None) -> list[Text]:
    """Name the coordinate systems in which the centre of a box would lie in the territories."""
    if expected is None:
        return []
    found = []
    for swapped in (False, True):
        x0, y0, x1, y1 = box[_SWAPPED].tolist() if swapped else box.tolist()
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        point = np.array([[x, y, x, y]])
        codes = [code for code in _candidates(x, y, expected) if _near(_to_lonlat(point, code), expected)[0]]
        found += [_exchanged(label(code)) if swapped else label(code) for code in codes]
    return found


def _exchanged(name: Text) -> Text:
    return Text(f"{name.zh}（两列坐标对调）", f"{name.en} with the two coordinates exchanged")


def _candidates(x: float, y: float, expected: Bounds) -> Iterator[str]:
    if abs(x) <= 180 and abs(y) <= 90:  # noqa: PLR2004
        yield LONLAT
        return
    prefix = int(x // _PER_ZONE)
    if prefix in ZONES_3:
        yield zone_3_code(prefix, prefixed=True)
    elif prefix in ZONES_6:
        yield zone_6_code(prefix)
    elif prefix == 0:
        first, last = round(expected[0] / 3), round(expected[2] / 3)
        yield from (zone_3_code(zone, prefixed=False) for zone in range(first, last + 1) if zone in ZONES_3)
        utm = range(int((expected[0] + 180) // 6) + 1, int((expected[2] + 180) // 6) + 2)
        yield from (f"EPSG:{32600 + zone}" for zone in utm)
    if prefix not in (*ZONES_3, 0):
        yield "EPSG:3857"
