"""Do the coordinates lie where the workspace's territories lie? If not: why, and what would make them fit."""

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.errors import CRSError, ZoningError
from zoning.sites.crs.causes import Inside, likely_causes
from zoning.sites.crs.identify import Identified, to_lonlat
from zoning.sites.crs.zones import LONLAT, label
from zoning.sites.limits import Bounds
from zoning.sites.raw import RawFile
from zoning.sites.where import Where
from zoning.texts import Text

Boxes = NDArray[np.float64]

NEAR_DEGREES = 0.5
_FAR_DEGREES = 5.0
_GEOD = Geod(ellps="GRS80")
_SIDES = (
    Text("北", "north"),
    Text("东北", "north-east"),
    Text("东", "east"),
    Text("东南", "south-east"),
    Text("南", "south"),
    Text("西南", "south-west"),
    Text("西", "west"),
    Text("西北", "north-west"),
)
_EARTH: Bounds = (-180.0, -90.0, 180.0, 90.0)


def no_crs(raw: RawFile, first: Boxes, expected: Bounds | None, where: Where) -> CRSError:
    """Return the error for a file without coordinate system, with the codes that would fit the territories.

    Parameters
    ----------
    first
        Box (4,) of the first record.
    """
    fitting = _fitting(first, LONLAT, expected, plain_only=True)
    if fitting:
        zh = "、".join(f"--crs {text.zh}" for text in fitting)
        en = ", ".join(f"--crs {text.en}" for text in fitting)
        return where.crs_error(
            f"{raw.silence.zh}，坐标系未知；请向提供单位问明（西安80、北京54 的数值与此相近，看不出来）后说明，"
            f"能落在工作空间区域内的是 {zh}",
            f"{raw.silence.en}, so the coordinate system is unknown; ask whoever made the file (the numbers of Xian "
            f"1980 and Beijing 1954 look alike) and state it; these fit the workspace's territories: {en}",
        )
    if expected is None:
        example = label("EPSG:4526")
        return where.crs_error(
            f"{raw.silence.zh}，坐标系未知；请向提供单位问明后用 --crs 说明，如 --crs {example.zh}",
            f"{raw.silence.en}, so the coordinate system is unknown; ask whoever made the file and state it with "
            f"--crs, for example --crs {example.en}",
        )
    return where.crs_error(
        f"{raw.silence.zh}，坐标系未知，按常用的坐标系也都不落在工作空间的区域内；请核对坐标，"
        "向提供单位问明坐标系后用 --crs 说明",
        f"{raw.silence.en}, so the coordinate system is unknown, and in none of the usual ones does it lie in the "
        "workspace's territories; check the coordinates, ask whoever made the file and state the system with --crs",
    )


def lonlat_bounds(geometry: BaseGeometry, code: str) -> Bounds:
    """Return west, south, east, north of a geometry whose x is east."""
    west, south, east, north = lonlat_boxes(np.array([geometry.bounds]), code)[0].tolist()
    return west, south, east, north


def lonlat_boxes(boxes: Boxes, code: str) -> Boxes:
    """Return boxes of longitude and latitude; infinite where the numbers are impossible in `code`."""
    x = boxes[:, [0, 0, 2, 2]]
    y = boxes[:, [1, 3, 1, 3]]
    lon, lat = to_lonlat(code).transform(x.ravel(), y.ravel())
    lon, lat = np.reshape(lon, x.shape), np.reshape(lat, x.shape)
    return np.column_stack([lon.min(axis=1), lat.min(axis=1), lon.max(axis=1), lat.max(axis=1)])


def near(lonlat: Boxes, expected: Bounds | None) -> NDArray[np.bool_]:
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


def strays(lonlat: Boxes, expected: Bounds | None) -> NDArray[np.bool_]:
    """Tell which boxes reach far beyond the territories."""
    if expected is None:
        return np.zeros(len(lonlat), dtype=np.bool_)
    west, south, east, north = _grown(expected, _FAR_DEGREES)
    w, s, e, n = lonlat.T
    found: NDArray[np.bool_] = (w < west) | (s < south) | (e > east) | (n > north)
    return found


def stray(where: Where, lonlat: Boxes) -> ZoningError:
    """Return the error about one of `strays`, a box (4,)."""
    w, s, e, n = lonlat.tolist()
    return where.error(
        f"范围从 {_place(w, s).zh} 伸展到 {_place(e, n).zh}，有界址点远在工作空间区域之外；请改正写错的点",
        f"it reaches from {_place(w, s).en} to {_place(e, n).en}, far beyond the workspace's territories; "
        "correct the mistyped point",
    )


def _place(lon: float, lat: float) -> Text:
    return Text(f"经度 {lon:.4f}°、纬度 {lat:.4f}°", f"longitude {lon:.4f}°, latitude {lat:.4f}°")


def explained(where: Where, box: Boxes, lonlat: Boxes, crs: Identified, expected: Bounds | None) -> ZoningError:
    """Return the error about a record that does not fit: where it would lie, and what would make it fit.

    Parameters
    ----------
    box, lonlat
        (4,) as the file has it, and in degrees with the axes in this order.
    """
    name = crs.title
    centre = (lonlat[:2] + lonlat[2:]) / 2
    if np.isfinite(centre).all() and near(lonlat[None, :], None)[0]:
        place, away = _place(*centre.tolist()), _away(centre, expected)
        zh, en = f"按 {name.zh}读取，位于{place.zh}{away.zh}", f"read as {name.en} it lies at {place.en}{away.en}"
    else:
        numbers = f"({box[0]:.10g}, {box[1]:.10g})"
        zh, en = f"坐标 {numbers} 在 {name.zh}中不可能", f"the coordinates {numbers} are impossible in {name.en}"
    fitting = _fitting(box, crs.near, expected)
    if fitting:
        return where.crs_error(
            f"{zh}；若为 {' 或 '.join(text.zh for text in fitting)}，则落在工作空间的区域内，请更正文件，"
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


def _fitting(box: Boxes, stated: str, expected: Bounds | None, *, plain_only: bool = False) -> list[Text]:
    """Name what the centre of a box would have to be to lie in the territories, else near them."""
    if expected is None or not np.isfinite(box).all():
        return []
    west, south, east, north = box.tolist()
    for margin, systems_only in ((0.0, plain_only), (NEAR_DEGREES, True)):
        found = likely_causes(
            (west, south, east, north), stated, expected, inside(_grown(expected, margin)), plain_only=systems_only
        )
        if found:
            return found
    return []


def inside(bounds: Bounds) -> Inside:
    """Return what tells which longitudes and latitudes (n, 2) lie in a box."""
    west, south, east, north = bounds

    def contains(lonlat: Boxes) -> NDArray[np.bool_]:
        x, y = lonlat.T
        found: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        return found

    return contains


def _away(centre: Boxes, expected: Bounds | None) -> Text:
    """Say how far a place lies outside the box of the territories, and on which side; empty inside."""
    if expected is None:
        return Text("", "")
    west, south, east, north = expected
    lon, lat = centre.tolist()
    nearest = (min(max(lon, west), east), min(max(lat, south), north))
    if nearest == (lon, lat):
        return Text("", "")
    text = bearing(nearest, (lon, lat))
    return Text(f"（工作空间区域{text.zh}）", f" ({text.en} of the workspace's territories)")


def bearing(start: tuple[float, float], end: tuple[float, float]) -> Text:
    """Say how far and on which side one place lies of another.

    >>> bearing((112.0, 35.5), (111.0, 35.5)).en, bearing((112.0, 35.5), (112.0, 35.51)).zh
    ('about 91 km west', '以北约 1.1 km')
    """
    azimuth, _, distance = _GEOD.inv(*start, *end)
    side = _SIDES[round(azimuth / 45) % 8]
    digits = 1 if distance < 10_000 else 0  # noqa: PLR2004 - ten kilometres
    length = f"{distance:.0f} m" if distance < 1000 else f"{distance / 1000:.{digits}f} km"  # noqa: PLR2004 - one kilometre
    return Text(f"以{side.zh}约 {length}", f"about {length} {side.en}")
