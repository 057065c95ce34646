"""The index of a prepared layer: zones by box and by distance, for one footprint at a time."""

import sys

import numpy as np
import shapely

from zoning.overlay.footprint import Footprint
from zoning.overlay.kernel.layout import GROUP_MASKS, GROUPS, LOOSE, LOOSE_MASKS, Ints
from zoning.overlay.kernel.plain_search import Box
from zoning.overlay.kernel.shapes import Geometries, Shapes
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.nearest import TOUCH_M, exact_m, skew_of
from zoning.overlay.zone_index import GeosIndex

_ROUNDING = 1 + 1e-9  # distances of the kernel against those of GEOS
_ROUNDING_M = 1e-8

_COMPILED = "zoning.overlay.kernel.tree"
_SEARCH, _DISTANCE = 1, 50  # what one of each takes longer without compiled functions, times 50 µs
_WORTH = 8_000  # as long as it takes to load them


class _Patience:
    """Whether it is worth the time to load the compiled functions: for a few sites it is not."""

    def __init__(self) -> None:
        self._spent = 0

    def ended(self, price: int) -> bool:
        """Tell whether to use compiled functions; when not, the plain form will cost a price."""
        if _COMPILED in sys.modules:
            return True
        self._spent += price
        return self._spent > _WORTH


_patience = _Patience()


class PackedIndex:
    """Finds zones of a prepared layer; gives what `zoning.overlay.zone_index.GeosIndex` gives, to the last digit.

    Parameters
    ----------
    zones
        Of the measuring plane.
    """

    def __init__(self, zones: PackedZones) -> None:
        self._zones = zones

    def meeting(self, box: Box) -> Ints:
        """Return the zones whose bounding boxes meet a box (west, south, east, north) of the plane, ascending."""
        if _patience.ended(_SEARCH):
            return self._zones.meeting_compiled(box)
        return self._zones.meeting(box)

    def distances_m(self, footprint: Footprint, limit_m: float) -> dict[int, float]:
        """Return class number -> geodesic distance to the nearest border of that class's zones.

        Borders inside the footprint are at distance 0; classes whose borders all lie farther than `limit_m` are left
        out. Ordered by class number.
        """
        if _patience.ended(_DISTANCE):
            return self._near(footprint, limit_m, (self._zones.classes, GROUPS, GROUP_MASKS))
        return self._plain(footprint, limit_m).distances_m(footprint, limit_m)

    def unleveled_m(self, footprint: Footprint, limit_m: float) -> float | None:
        """Return the distance to the nearest border of a zone that bears no class, None when it is beyond `limit_m`."""
        if _patience.ended(_DISTANCE):
            return self._near(footprint, limit_m, (1, LOOSE, LOOSE_MASKS)).get(0)
        return self._plain(footprint, limit_m).unleveled_m(footprint, limit_m)

    def _plain(self, footprint: Footprint, limit_m: float) -> GeosIndex:
        """Return the plain index of the zones around a footprint."""
        near = self._zones.meeting(footprint.box(limit_m))
        return GeosIndex(self._zones.geometries(near), *self._zones.kinds(near))

    def _near(self, footprint: Footprint, limit_m: float, goal: tuple[int, int, int]) -> dict[int, float]:
        from zoning.overlay.kernel.nearing import near_runs, nearest_places

        if not len(self._zones):
            return {}
        skew = skew_of(footprint, limit_m)
        reach = (limit_m * skew + TOUCH_M) * _ROUNDING + _ROUNDING_M
        site, layer = _shapes(footprint), self._zones.layer
        places, rough = nearest_places(site.as_sites, layer, site.space(), (*goal, 0), reach, (0, 1))
        apart = (places >= 0) & (rough >= TOUCH_M)
        limits = np.where(apart, rough * skew * skew * _ROUNDING + _ROUNDING_M, -1.0)
        runs = _once(near_runs(site.as_sites, layer, site.space(), goal[1:], limits))
        lines = self._lines(runs)
        found: dict[int, float] = {}
        for group in np.flatnonzero(places >= 0).tolist():
            distance = exact_m(footprint, lines[runs[:, 0] == group]) if apart[group] else 0.0
            if distance <= limit_m:
                found[group] = distance
        return found

    def _lines(self, runs: Ints) -> Geometries:
        """Return runs as lines, (k,)."""
        counts = runs[:, 3] - runs[:, 2] + 1
        begins = np.cumsum(counts) - counts
        vertices = np.arange(counts.sum()) + np.repeat(runs[:, 2] - begins, counts)
        xy = self._zones.shapes.xy[vertices]
        return np.asarray(shapely.linestrings(xy, indices=np.repeat(np.arange(len(runs)), counts)), dtype=object)


def _once(runs: Ints) -> Ints:
    """Return each run once, in the order of the file: cells share edges, and a run can be near to several."""
    _, first = np.unique(runs[:, 2], return_index=True)
    kept = runs[first]
    return kept[np.argsort(kept[:, 1], kind="stable")]


def _shapes(footprint: Footprint) -> Shapes:
    key = ("shapes",)
    shapes = footprint.kept(key)
    if shapes is None:
        shapes = Shapes.of([footprint.geometry])
        footprint.keep(key, shapes)
    kept: Shapes = shapes
    return kept
