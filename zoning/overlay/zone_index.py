"""How zones are found: by their boxes, and by the distance of their borders.

Two forms answer the same: `GeosIndex` is made in memory from the zones of a window; prepared layers bring their own
(`zoning.overlay.kernel`), which needs no rebuild.
"""

from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from zoning.overlay.footprint import Footprint
from zoning.overlay.nearest import Borders
from zoning.overlay.plane import Geometries

Box = tuple[float, float, float, float]
Indices = NDArray[np.int64]


class ZoneIndex(Protocol):
    """Finds zones of one layer by number, in the order of the file."""

    def meeting(self, box: Box) -> Indices:
        """Return the zones whose bounding boxes meet a box (west, south, east, north) of the plane, ascending."""
        ...

    def distances_m(self, footprint: Footprint, limit_m: float) -> dict[int, float]:
        """Return class number -> geodesic distance of a footprint to the nearest border of that class's zones.

        Borders inside the footprint are at distance 0; classes whose borders all lie farther than `limit_m` are left
        out. Ordered by class number.
        """
        ...

    def unleveled_m(self, footprint: Footprint, limit_m: float) -> float | None:
        """Return the distance to the nearest border of a zone that bears no class, None when it is beyond `limit_m`."""
        ...


class GeosIndex:
    """The index of zones in memory; borders are indexed when they are first asked for.

    Parameters
    ----------
    geometries
        (n,) zones in the measuring plane.
    class_numbers
        (n,) place of each zone's class in the order of classes.
    assumed
        (n,) whether the zone bears no class.
    """

    def __init__(self, geometries: Geometries, class_numbers: Indices, assumed: NDArray[np.bool_]) -> None:
        self._geometries = geometries
        self._class_numbers = class_numbers
        self._assumed = assumed
        self._tree = STRtree(geometries)
        self._borders: dict[int | None, Borders] = {}

    def meeting(self, box: Box) -> Indices:
        """Return the zones whose bounding boxes meet a box; see `ZoneIndex`."""
        return np.sort(self._tree.query(shapely.box(*box)))

    def distances_m(self, footprint: Footprint, limit_m: float) -> dict[int, float]:
        """Return the distance to the nearest border of each class; see `ZoneIndex`."""
        near = self.meeting(footprint.box(limit_m))
        found: dict[int, float] = {}
        for number in np.unique(self._class_numbers[near]).tolist():
            distance = self._kept(number).distance_m(footprint, limit_m)
            if distance is not None:
                found[number] = distance
        return found

    def unleveled_m(self, footprint: Footprint, limit_m: float) -> float | None:
        """Return the distance to the nearest zone that bears no class; see `ZoneIndex`."""
        return self._kept(None).distance_m(footprint, limit_m)

    def _kept(self, number: int | None) -> Borders:
        """Return the borders of a class, or of all zones that bear none."""
        if number not in self._borders:
            wanted = self._assumed if number is None else self._class_numbers == number
            self._borders[number] = Borders(self._geometries[wanted])
        return self._borders[number]
