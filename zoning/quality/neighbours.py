"""Footprints of one file that overlap each other, or are the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import TangledError
from zoning.overlay import beside
from zoning.overlay.near_pairs import touching_pairs
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.repair import repair_polygons
from zoning.quality.faults import DEFAULTS, MOST_LISTED, Fault, Parameters, Place, Spot, placed
from zoning.quality.kinds import KINDS
from zoning.quality.outline import is_geographic, metres_per_unit
from zoning.sites.site import Site
from zoning.texts import Text

_SAME = 1e-6
_STEP_M = 10.0
_MOST_WARNINGS = 5


@dataclass(frozen=True, slots=True)
class Overlapping:
    """Two footprints of one file with land in common.

    Attributes
    ----------
    first, second
        Their numbers in the file, from 0.
    kind
        `parcels-identical`, `parcels-overlap`, or `parcels-sliver` where they are only two renderings of one border.
    piece
        What they have in common, in the coordinate system of the file.
    """

    first: int
    second: int
    kind: str
    area_m2: float
    piece: BaseGeometry
    text: Text

    place: Place

    @property
    def fault(self) -> Fault:
        """The overlap as a fault of the file."""
        return Fault(self.kind, KINDS[self.kind].severity, self.text, (self.place,), round(self.area_m2, 4))


@dataclass(frozen=True, slots=True)
class Overlaps:
    """The pairs that are listed, largest first, and how many there are.

    Attributes
    ----------
    counts
        By kind.
    complete
        False where so many footprints lie on each other that the count was given up.
    """

    pairs: tuple[Overlapping, ...]
    counts: dict[str, int]
    complete: bool = True


def overlaps_of(sites: Sequence[Site], parameters: Parameters = DEFAULTS) -> Overlaps:
    """Compare all footprints of a file that have an area; points and lines with a width are not compared."""
    numbers = [n for n, site in enumerate(sites) if site.width_m is None and not site.geometry.is_empty]
    if len(numbers) < 2 or len({sites[n].crs for n in numbers}) > 1:  # noqa: PLR2004 - two sites make a pair
        return Overlaps((), {})
    shapes = np.array([*(_valid(sites[n].geometry) for n in numbers), None], dtype=object)[:-1]
    pairs, complete = touching_pairs(shapes)
    if len(pairs) == 0:
        return Overlaps((), {})
    metres = metres_per_unit(shapely.box(*shapely.total_bounds(shapes)), sites[numbers[0]].crs)
    return _compared(sites, np.array(numbers), shapes, pairs, float(metres.prod()), parameters, complete=complete)


def _valid(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.is_valid:
        return geometry
    try:
        return repair_polygons(geometry, lambda _: 0.0).geometry
    except TangledError:
        # It is refused by itself when it is measured.
        return shapely.Polygon()


def _compared(
    sites: Sequence[Site],
    numbers: NDArray[np.int64],
    shapes: NDArray[np.object_],
    pairs: NDArray[np.int64],
    unit_m2: float,
    parameters: Parameters,
    *,
    complete: bool,
) -> Overlaps:
    met = beside.common(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    areas = shapely.area(met) * unit_m2
    sizes = shapely.area(shapes)[pairs] * unit_m2
    kinds = _kinds(areas, sizes, shapely.length(met) * unit_m2**0.5, parameters)
    counts = {kind: int((kinds == kind).sum()) for kind in KINDS if (kinds == kind).any()}
    order = sorted(np.flatnonzero(kinds != "").tolist(), key=lambda row: (kinds[row] == "parcels-sliver", -areas[row]))
    listed = [
        _overlapping(sites, numbers[pairs[row]].tolist(), str(kinds[row]), met[row], sizes[row])
        for row in order[:MOST_LISTED]
    ]
    return Overlaps(tuple(listed), counts, complete)


def _kinds(
    areas: NDArray[np.float64], sizes: NDArray[np.float64], borders: NDArray[np.float64], parameters: Parameters
) -> NDArray[np.str_]:
    same = (areas >= (1 - _SAME) * sizes.max(axis=1)) & (areas > 0)
    widths = 2 * areas / np.maximum(borders, _SAME)
    large = (areas >= parameters.overlap_m2) & (widths >= parameters.overlap_width_m)
    seen = areas >= parameters.least_overlap_m2
    return np.select([same, large & seen, seen], ["parcels-identical", "parcels-overlap", "parcels-sliver"], default="")


def _overlapping(
    sites: Sequence[Site], pair: list[int], kind: str, piece: BaseGeometry, sizes: NDArray[np.float64]
) -> Overlapping:
    one, other = (sites[n] for n in pair)
    area = MeasuringPlane(0.0).area_m2(piece, one.crs, step_m=_STEP_M)
    share = area / float(sizes.min())
    names = (
        f"“{one.name}”（{one.id}）与“{other.name}”（{other.id}）",
        f"'{one.name}' ({one.id}) and '{other.name}' ({other.id})",
    )
    texts = {
        "parcels-identical": Text(f"地块{names[0]}是同一范围", f"footprints {names[1]} are the same"),
        "parcels-overlap": Text(
            f"地块{names[0]}重叠 {area:,.2f} 平方米（占较小者的 {share:.1%}）",
            f"footprints {names[1]} overlap by {area:,.2f} m² ({share:.1%} of the smaller)",
        ),
        "parcels-sliver": Text(
            f"地块{names[0]}的公共边界不完全一致，重叠 {area:,.2f} 平方米的窄缝",
            f"the common border of footprints {names[1]} differs; slivers of {area:,.2f} m² overlap",
        ),
    }
    x, y = shapely.point_on_surface(piece).coords[0][:2]
    (place,) = placed([Spot(x, y)], one.crs, geographic=is_geographic(one.crs))
    return Overlapping(pair[0], pair[1], kind, area, piece, texts[kind], place)


def with_overlap_warnings(sites: tuple[Site, ...]) -> tuple[Site, ...]:
    """Return the footprints of one file; those that overlap another one say so in their warnings."""
    told: dict[int, list[Text]] = {}
    for pair in overlaps_of(sites).pairs:
        if pair.kind != "parcels-sliver":
            for number in (pair.first, pair.second):
                told.setdefault(number, []).append(pair.text)
    if not told:
        return sites
    return tuple(
        replace(site, warnings=(*site.warnings, *_shortened(told[number]))) if number in told else site
        for number, site in enumerate(sites)
    )


def _shortened(texts: list[Text]) -> list[Text]:
    more = len(texts) - _MOST_WARNINGS
    if more <= 0:
        return texts
    return [
        *texts[:_MOST_WARNINGS],
        Text(f"另与 {more} 个地块重叠", f"it overlaps {more} more footprints of the file"),
    ]
