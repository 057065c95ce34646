"""In which unit a drawing is drawn: judged by where its numbers would lie, and by what its header says."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoning.errors import ZoningError
from zoning.sites.cad.curves import Array
from zoning.sites.crs.causes import likely_causes
from zoning.sites.crs.identify import LONLAT, identify, to_lonlat
from zoning.sites.limits import Bounds
from zoning.sites.where import Where
from zoning.texts import Text

_NEAR_DEGREES = 0.5
_METRES_PER_DEGREE = 111_320.0
_SAMPLE = 40
_EARTH: Bounds = (-180.0, -90.0, 180.0, 90.0)
_LOCAL_M = 100_000.0
_CHINA: Bounds = (70.0, 3.0, 140.0, 55.0)

# $INSUNITS of the DXF reference: metres per unit.
_UNITS: dict[int, tuple[float, Text]] = {
    1: (0.0254, Text("英寸", "inches")),
    2: (0.3048, Text("英尺", "feet")),
    4: (0.001, Text("毫米", "millimetres")),
    5: (0.01, Text("厘米", "centimetres")),
    6: (1.0, Text("米", "metres")),
    7: (1000.0, Text("千米", "kilometres")),
    10: (0.9144, Text("码", "yards")),
    13: (1e-6, Text("微米", "microns")),
    14: (0.1, Text("分米", "decimetres")),
    15: (10.0, Text("十米", "decametres")),
    16: (100.0, Text("百米", "hectometres")),
    21: (1200 / 3937, Text("美国测量英尺", "US survey feet")),
}
_UNSAID = (4, 5, 7)
"""Units that are tried where the header does not name the one that fits."""

Fits = Callable[[float, float], bool]


@dataclass(frozen=True, slots=True)
class Unit:
    """How the numbers of the drawing are taken.

    Attributes
    ----------
    factor
        Applied to all of them; 1 unless the header says so and the result fits.
    metre
        How many units, after that, are one metre: 1, or the share of a degree.
    fits
        Whether anything lies in the territories.
    """

    factor: float
    metre: float
    fits: bool
    warnings: tuple[Text, ...] = ()


def fitting(expected: Bounds | None, stated: str | None, where: Where) -> Fits | None:
    """Return the function that tells whether a point may lie in the territories; None where nothing can be told.

    Parameters
    ----------
    stated
        The coordinate system that the user or the file states.
    """
    code = _near_code(stated, where)
    if expected is None and code is None:
        return None
    west, south, east, north = _EARTH if expected is None else expected
    margin = 0.0 if expected is None else _NEAR_DEGREES

    def inside(lonlat: Array) -> NDArray[np.bool_]:
        lon, lat = lonlat.T
        found: NDArray[np.bool_] = (
            (lon >= west - margin) & (lon <= east + margin) & (lat >= south - margin) & (lat <= north + margin)
        )
        return found

    def fits(x: float, y: float) -> bool:
        if code is not None:
            places = np.array([to_lonlat(code).transform(*point) for point in ((x, y), (y, x))])
            if bool(inside(np.where(np.isfinite(places), places, 1e9)).any()):
                return True
        return expected is not None and bool(likely_causes((x, y, x, y), LONLAT, expected, inside, plain_only=True))

    return fits


def _near_code(stated: str | None, where: Where) -> str | None:
    if stated is None:
        return None
    try:
        return identify(stated, where).near
    except ZoningError:
        return None  # said later, where the system is settled


def decide(points: Array, header: int, fits: Fits | None, where: Where) -> Unit:
    """Decide the unit.

    Parameters
    ----------
    points
        Shape (n, 2): places of the drawing.
    header
        $INSUNITS, 0 where it says nothing.

    Raises
    ------
    SiteError
        When the numbers fit only in a unit that the header does not name.
    """
    step = max(1, len(points) // _SAMPLE)
    sample = points[::step].tolist()
    stated = _UNITS.get(header)
    if fits is None:
        return Unit(1.0, _metre(sample, fits=None), fits=False)
    if any(fits(x, y) for x, y in sample):
        metre = _metre(sample, fits)
        note = () if stated is None or stated[0] == 1 or metre != 1 else (_not_scaled(where, stated[1]),)
        return Unit(1.0, metre, fits=True, warnings=note)
    if stated is not None and stated[0] != 1 and any(fits(x * stated[0], y * stated[0]) for x, y in sample):
        return Unit(stated[0], 1.0, fits=True, warnings=(_scaled(where, stated[1]),))
    for number in _UNSAID:
        factor, name = _UNITS[number]
        if number != header and any(max(x, y) > 1000 and fits(x * factor, y * factor) for x, y in sample):  # noqa: PLR2004 - metres, not degrees
            said = stated[1] if stated else Text("无单位", "no unit")
            raise where.error(
                f"坐标像是以{name.zh}为单位（文件头写的是{said.zh}），换算为米后才落在工作空间的区域内；"
                "请在 CAD 中缩放为米（SCALE），或把图形单位（UNITS）改为实际单位后重新导出",
                f"the coordinates seem to be in {name.en} (the header says {said.en}), only then they lie in the "
                "workspace's territories; scale the drawing to metres (SCALE), or set its unit (UNITS) and export it "
                "again",
            )
    return Unit(1.0, _metre(sample, fits=None), fits=False)


def _metre(sample: list[list[float]], fits: Fits | None) -> float:
    """Return the share of a degree that is a metre where the numbers are degrees, else 1."""
    small = [abs(x) <= 180 and abs(y) <= 180 for x, y in sample]  # noqa: PLR2004 - degrees
    if not sample or sum(small) * 2 < len(sample):
        return 1.0
    degrees = all(small) if fits is None else any(ok and fits(x, y) for ok, (x, y) in zip(small, sample, strict=True))
    return 1 / _METRES_PER_DEGREE if degrees else 1.0


def _scaled(where: Where, unit: Text) -> Text:
    return where.sentence(
        f"文件头的单位是{unit.zh}，坐标已换算为米读取",
        f"the header states {unit.en}; the coordinates were converted to metres",
    )


def _not_scaled(where: Where, unit: Text) -> Text:
    return where.sentence(
        f"文件头的单位是{unit.zh}，但坐标按米才落在工作空间的区域内，已按米读取",
        f"the header states {unit.en}, but the coordinates lie in the workspace's territories as metres and were read "
        "as metres",
    )


def check_local(points: Array, where: Where) -> None:
    """Refuse the small numbers of an assumed system, which no coordinate system explains.

    Raises
    ------
    CRSError
    """
    low, high = points.min(axis=0), points.max(axis=0)
    if max(np.abs(low).max(), np.abs(high).max()) >= _LOCAL_M or _is_degrees(low, high):
        return
    box = f"({low[0]:.10g}, {low[1]:.10g})", f"({high[0]:.10g}, {high[1]:.10g})"
    raise where.crs_error(
        f"坐标在 {box[0]} 与 {box[1]} 之间，是独立（假定）坐标，不知道地块在哪里；"
        "请测绘单位转换为 2000 国家大地坐标系后重新导出",
        f"the coordinates run from {box[0]} to {box[1]}: a local (assumed) system that does not tell where the site "
        "lies; have the surveyor convert the drawing to CGCS2000",
    )


def _is_degrees(low: Array, high: Array) -> bool:
    west, south, east, north = _CHINA
    return any(west <= low[i] and high[i] <= east and south <= low[1 - i] and high[1 - i] <= north for i in (0, 1))
