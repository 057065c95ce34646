"""In which order a file has its axes, and whether its records lie where the workspace's territories lie.

A file that is read whole is refused when one record does not fit. Of a file that is read in slices such a record is
refused alone, and the decisions are those of the records that fit; see `place_most`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zoning.errors import ZoningError
from zoning.sites.crs.causes import other_systems
from zoning.sites.crs.extent import Boxes, Extent
from zoning.sites.crs.identify import Identified
from zoning.sites.crs.misfit import explained, inside, lonlat_boxes, near, stray, strays
from zoning.sites.crs.zones import LONLAT
from zoning.sites.limits import Bounds
from zoning.sites.where import Where
from zoning.texts import Text

SWAPPED = [1, 0, 3, 2]


@dataclass(frozen=True, slots=True)
class Placement:
    """How the two columns of a file are to be taken."""

    swap: bool = False
    warnings: tuple[Text, ...] = ()


@dataclass(slots=True)
class _Fit:
    """How many records lie near the territories in one order of the axes.

    Attributes
    ----------
    first
        Number and box of the first that does not.
    apart
        Whether the x of the fitting ones and their y have no number in common.
    """

    count: int = 0
    near: int = 0
    first: tuple[int, Boxes] | None = None
    apart: bool = False


def place(extent: Extent, crs: Identified, expected: Bounds | None, where: Where) -> Placement:
    """Decide the order of the axes by magnitude and territory; every record must fit.

    Raises
    ------
    CRSError
        When the footprints would fit the territories in another coordinate system.
    SiteError
        When they lie outside every territory, or one vertex lies far away.
    """
    fit = _fit(extent, crs.near, expected)
    placement = Placement()
    if fit.first is not None:
        turned = _Fit() if fit.near else _fit(extent, crs.near, expected, swap=True)
        if fit.near or turned.first is not None or not turned.apart:
            raise _misfit(extent, *fit.first, crs, expected)
        placement = _exchanged(where)
    _check_strays(extent, crs, expected, swap=placement.swap)
    return placement


def place_most(extent: Extent, crs: Identified, expected: Bounds | None, where: Where) -> Placement:
    """Decide as `place` does, from the records that fit; `misfits` names the others.

    Nothing is decided by a majority: where one record fits with the axes as they are written, none is exchanged.

    Raises
    ------
    CRSError, SiteError
        Of the first record, when none fits; or when more would fit in another system than in the stated one, so that
        the few that fit may do so by chance.
    """
    fit = _fit(extent, crs.near, expected)
    if fit.first is None:
        return Placement()
    placement = Placement()
    if not fit.near:
        first, fit = fit.first, _fit(extent, crs.near, expected, swap=True)
        if not fit.near or not fit.apart:
            raise _misfit(extent, *first, crs, expected)
        placement = _exchanged(where)
    _refuse_chance(extent, crs, expected, fit.near, swap=placement.swap)
    return placement


def misfits(
    boxes: Boxes, wheres: Sequence[Where], placement: Placement, crs: Identified, expected: Bounds | None
) -> dict[int, ZoningError]:
    """Return why records do not lie in the territories, by their position in `boxes` (n, 4)."""
    placed = lonlat_boxes(_turned(boxes, swap=placement.swap), crs.near)
    fits, far = near(placed, expected), strays(placed, expected)
    found: dict[int, ZoningError] = {}
    for row in np.flatnonzero(~fits | far).tolist():
        if fits[row]:
            found[row] = stray(wheres[row], placed[row])
        else:
            found[row] = explained(wheres[row], boxes[row], lonlat_boxes(boxes[[row]], crs.near)[0], crs, expected)
    return found


def assume_lonlat(extent: Extent, expected: Bounds | None) -> bool:
    """Tell whether numbers without a coordinate system fit the territories as longitude and latitude, every record."""
    if expected is None:
        return False
    return any(_fit(extent, LONLAT, expected, swap=swap).first is None for swap in (False, True))


def _fit(extent: Extent, code: str, expected: Bounds | None, *, swap: bool = False) -> _Fit:
    fit = _Fit()
    reach = np.array([np.inf, np.inf, -np.inf, -np.inf])
    for piece in extent.pieces():
        fits = near(lonlat_boxes(_turned(piece.boxes, swap=swap), code), expected)
        if fit.first is None and not fits.all():
            row = int(np.argmin(fits))
            fit.first = int(piece.numbers[row]), piece.boxes[row]
        fit.count += len(fits)
        fit.near += int(fits.sum())
        if fits.any():
            good = piece.boxes[fits]
            reach = np.array([*np.minimum(reach[:2], good[:, :2].min(axis=0)),
                              *np.maximum(reach[2:], good[:, 2:].max(axis=0))])  # fmt: skip
    fit.apart = bool(reach[2] < reach[1] or reach[3] < reach[0])
    return fit


def _turned(boxes: Boxes, *, swap: bool) -> Boxes:
    return boxes[:, SWAPPED] if swap else boxes


def _misfit(extent: Extent, number: int, box: Boxes, crs: Identified, expected: Bounds | None) -> ZoningError:
    return explained(extent.where_of(number), box, lonlat_boxes(box[None, :], crs.near)[0], crs, expected)


def _check_strays(extent: Extent, crs: Identified, expected: Bounds | None, *, swap: bool) -> None:
    for piece in extent.pieces():
        placed = lonlat_boxes(_turned(piece.boxes, swap=swap), crs.near)
        far = strays(placed, expected)
        if far.any():
            row = int(np.argmax(far))
            raise stray(extent.where_of(int(piece.numbers[row])), placed[row])


def _refuse_chance(extent: Extent, crs: Identified, expected: Bounds | None, fitting: int, *, swap: bool) -> None:
    """Refuse the file when the reading that a misfit suggests suits more records than the stated one."""
    if expected is None:
        return
    asked: set[str] = set()
    for piece in extent.pieces():
        boxes = _turned(piece.boxes, swap=swap)
        fits = near(lonlat_boxes(boxes, crs.near), expected)
        if fits.all():
            continue
        row = int(np.argmin(fits))
        for code in other_systems(boxes[row], crs.near, expected, inside(expected)):
            if code in asked:
                continue
            asked.add(code)
            if _fit(extent, code, expected, swap=swap).near > fitting:
                raise _misfit(extent, int(piece.numbers[row]), piece.boxes[row], crs, expected)


def _exchanged(where: Where) -> Placement:
    text = where.sentence(
        "两列坐标的次序相反（按数值大小和所在区域判定），已对调读取",
        "the two coordinates are in the opposite order (decided by magnitude and territory); they were exchanged",
    )
    return Placement(swap=True, warnings=(text,))
