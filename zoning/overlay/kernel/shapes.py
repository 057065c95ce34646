"""Polygons or lines in two flat arrays, as they are mapped from a file and read by the compiled functions."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType
from shapely.geometry.base import BaseGeometry

from zoning.overlay.kernel.layout import (
    AREAL,
    AREAS,
    BOX_STARTS,
    GROVE_BOXES,
    GROVE_STARTS,
    KINDS,
    PART_STARTS,
    RING_ORDER,
    RING_STARTS,
    RUN_BOXES,
    VERTEX_STARTS,
    VERTICES,
    WORDS,
    ZONE_BOXES,
    ZONES,
    Flat,
    Floats,
    Ints,
)
from zoning.overlay.kernel.order import hilbert_order

Geometries = NDArray[np.object_]

_POLYGONS = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)
_LINES = (GeometryType.LINESTRING, GeometryType.MULTILINESTRING)
_SINGLE = (GeometryType.POLYGON, GeometryType.LINESTRING)


class Shapes:
    """Valid polygons, or lines, of the measuring plane.

    Parameters
    ----------
    flat
        As `zoning.overlay.kernel.layout` says; read only.
    """

    def __init__(self, flat: Flat) -> None:
        self.flat = Flat(read_only(flat.floats), read_only(flat.ints))

    @classmethod
    def of(cls, geometries: Sequence[BaseGeometry] | Geometries) -> "Shapes":
        """Lay out geometries (n,): all polygons, or all lines; of one part or of several; empty ones too.

        Raises
        ------
        TypeError
            When there are others, or both.
        """
        from zoning.overlay.kernel.packing import box_groves, pack

        given = np.asarray(geometries, dtype=object)
        kinds = shapely.get_type_id(given).astype(np.int64)
        if not np.isin(kinds, _POLYGONS).all() and not np.isin(kinds, _LINES).all():
            raise TypeError(f"all polygons or all lines are wanted, not {sorted({shape.geom_type for shape in given})}")
        areal = len(kinds) == 0 or int(kinds[0]) in _POLYGONS
        areas = shapely.area(given) if areal else np.empty(0)
        xy, starts = _lists(given, kinds)
        floats, ints = pack(read_only(xy), _read_all(starts), read_only(kinds), read_only(areas))
        if ints[GROVE_BOXES] < len(floats):
            _order_rings(floats, ints)
            box_groves(floats, ints)
        return cls(Flat(floats, ints))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Shapes":
        """Return the shapes whose `arrays` these are; nothing is copied."""
        return cls(Flat(arrays["floats"], arrays["ints"]))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that has to be stored."""
        return {"floats": self.flat.floats, "ints": self.flat.ints}

    @cached_property
    def as_sites(self) -> tuple[Flat, Ints]:
        """The shapes and the cells that they are cut into, once for all layers, as compiled functions take sites."""
        from zoning.overlay.kernel.cutting import cut_sites

        return self.flat, read_only(cut_sites(self.flat))

    def space(self) -> Floats:
        """Return room that a compiled function needs for a slice of these sites."""
        return np.empty(int(self.as_sites[1][WORDS]))

    def __len__(self) -> int:
        return int(self.flat.ints[ZONES])

    @property
    def areal(self) -> bool:
        """Whether the shapes are polygons."""
        return bool(self.flat.ints[AREAL])

    @property
    def boxes(self) -> Floats:
        """Boxes (n, 4): west, south, east, north; of empty shapes infinite and the wrong way round."""
        at = int(self.flat.ints[ZONE_BOXES])
        return self.flat.floats[at : at + 4 * len(self)].reshape(-1, 4)

    @property
    def areas_m2(self) -> Floats:
        """Areas (n,) as GEOS gives them; (0,) for lines."""
        ints = self.flat.ints
        return self.flat.floats[int(ints[AREAS]) : int(ints[GROVE_BOXES])]

    @property
    def xy(self) -> Floats:
        """Coordinates (v, 2)."""
        return self.flat.floats[: 2 * int(self.flat.ints[VERTICES])].reshape(-1, 2)

    def geometry(self, index: int) -> BaseGeometry:
        """Return one shape, equal to what was given to the last bit and of the same type."""
        shape: BaseGeometry = self.geometries(np.asarray([index]))[0]
        return shape

    def geometries(self, indices: Sequence[int] | Ints) -> Geometries:
        """Return shapes (m,), equal to what was given to the last bit and of the same type."""
        wanted = np.asarray(indices, dtype=np.int64)
        kinds = self._list(KINDS)[wanted]
        found = np.empty(len(wanted), dtype=object)
        for kind in np.unique(kinds):
            mine = np.flatnonzero(kinds == kind)
            found[mine] = self._of_kind(GeometryType(kind), wanted[mine])
        return found

    def _of_kind(self, kind: GeometryType, wanted: Ints) -> Geometries:
        parts, part_starts = _spread(self._list(PART_STARTS), wanted)
        rings, ring_starts = _spread(self._list(RING_STARTS), parts)
        vertices, vertex_starts = _spread(self._list(VERTEX_STARTS), rings)
        offsets = [vertex_starts]
        if kind in _POLYGONS:
            offsets.append(ring_starts)
        if kind not in _SINGLE:
            offsets.append(part_starts)
        made: Any = shapely.from_ragged_array(kind, self.xy[vertices], tuple(offsets))
        return np.asarray(made, dtype=object)

    def _list(self, head: int) -> Ints:
        ints = self.flat.ints
        return ints[int(ints[head]) :]


def _spread(starts: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Return what belongs to the wanted entries of a list of starts, one after the other, and where each begins."""
    first = starts[wanted]
    counts = starts[wanted + 1] - first
    begins = np.concatenate([[0], np.cumsum(counts)])
    return np.arange(begins[-1]) + np.repeat(first - begins[:-1], counts), begins


def _lists(given: Geometries, kinds: Ints) -> tuple[Floats, tuple[Ints, Ints, Ints]]:
    """Return coordinates (v, 2) and the starts of rings, parts and zones."""
    if len(given) and bool((kinds == GeometryType.POLYGON).all()) and not shapely.get_num_interior_rings(given).any():
        counts = shapely.get_num_coordinates(given)
        if counts.all():
            # Most fields: one ring each.
            ones = np.arange(len(given) + 1)
            return shapely.get_coordinates(given), (np.concatenate([[0], np.cumsum(counts)]), ones, ones)
    if not len(given):
        nothing = np.zeros(1, dtype=np.int64)
        return np.empty((0, 2)), (nothing, nothing, nothing)
    kind, xy, found = shapely.to_ragged_array(given)
    offsets = [np.asarray(starts, dtype=np.int64) for starts in found]
    vertex_starts, ring_starts = offsets[0], offsets[1] if kind in _POLYGONS else np.arange(len(offsets[0]))
    part_starts = np.arange(len(given) + 1) if kind in _SINGLE else offsets[-1]
    return xy[:, :2], (vertex_starts, ring_starts, part_starts)


def _order_rings(floats: Floats, ints: Ints) -> None:
    """Bring the rings of zones that have many into an order in which neighbours lie beside each other."""
    groves = ints[ints[GROVE_STARTS] :][: ints[ZONES] + 1]
    rings = ints[ints[RING_STARTS] :]
    ends = ints[ints[BOX_STARTS] :]
    boxes = floats[ints[RUN_BOXES] : ints[ZONE_BOXES]].reshape(-1, 4)
    for zone in np.flatnonzero(np.diff(groves)):
        first, last = rings[ints[ints[PART_STARTS] + zone]], rings[ints[ints[PART_STARTS] + zone + 1]]
        order = ints[ints[RING_ORDER] + first : ints[RING_ORDER] + last]
        order[:] = order[hilbert_order(boxes[ends[first + 1 : last + 1] - 1])]


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view that may not be written: compiled functions take no others, since mapped arrays are such."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def _read_all(arrays: tuple[Ints, Ints, Ints]) -> tuple[Any, Any, Any]:
    one, two, three = arrays
    return read_only(one), read_only(two), read_only(three)
