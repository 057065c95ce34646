"""The nearest displacement of a shape that clears a forbidden area: branch and bound with proof.

The displacements that are forbidden are the Minkowski sum of the forbidden area with the mirrored shape. It is never
built: squares of displacements are taken nearest first, and each is either proved free (the shape in its middle keeps
more distance than half the diagonal), or proved forbidden (the shape shrunk by half the diagonal still meets the area,
or the shape meets the area shrunk by that much), or cut in four. What is too small to be cut was decided by its middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from zoning.advice.obstacles import Forbidden

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_BATCH = 512
_FIRST_SQUARES = 4  # across the radius
_ERODED_MORE = 1.02  # a buffer of 8 segments per quarter circle errs by 0.5 %
_QUAD = 8
_MOST_VERTICES = 400
_RADII = (1 / 16, 1 / 4, 1.0)
_COARSE = 8  # an area to be shrunk is simplified before by this part of it, and shrunk by as much more
_NOTHING = shapely.Polygon()


@dataclass(frozen=True, slots=True)
class Displacement:
    """A displacement in the frame, metres east and north."""

    east_m: float
    north_m: float

    @property
    def distance_m(self) -> float:
        """Its length."""
        return hypot(self.east_m, self.north_m)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search found.

    Attributes
    ----------
    displacement
        None when there is none within the radius.
    resolution_m
        Nothing is nearer by more than this that has a quarter of it to spare on all sides.
    squares
        How many squares of displacements were looked at.
    """

    displacement: Displacement | None
    resolution_m: float
    squares: int


@dataclass(eq=False)
class Search:
    """Searches for free places of a shape.

    Parameters
    ----------
    shape
        Polygon or MultiPolygon of the frame.
    resolution_m
        How exact the distance has to be.
    """

    forbidden: Forbidden
    resolution_m: float
    most_squares: int = 400_000
    excluded: list[tuple[Displacement, float]] = field(default_factory=list)
    _eroded: dict[float, list[tuple[BaseGeometry, ...]]] = field(default_factory=dict)
    _near: dict[float, "Search"] = field(default_factory=dict)

    def nearest(self, shape: BaseGeometry, radius_m: float) -> Outcome:
        """Return the nearest displacement not longer than a radius at which the shape is free."""
        probe = _Probe(self, _simple(shape, self.resolution_m / 4))
        start = Displacement(0.0, 0.0)
        if not self.excludes(np.zeros((1, 2)), 0.0)[0] and not probe.touched(np.zeros((1, 2)))[0]:
            return Outcome(start, self.resolution_m, 1)
        squares = 0
        for part in _RADII:
            found = self._within(probe.shape, radius_m * part)
            squares += found.squares
            if found.displacement is not None or part == 1.0:
                return Outcome(found.displacement, found.resolution_m, squares)
        raise AssertionError

    def _within(self, shape: BaseGeometry, radius_m: float) -> Outcome:
        """Search in a part of the land: what is near is found without the rest."""
        if radius_m not in self._near:
            west, south, east, north = self._reach(shape)
            box = (west - radius_m, south - radius_m, east + radius_m, north + radius_m)
            near = self.forbidden.within(box)
            self._near[radius_m] = Search(near, self.resolution_m, self.most_squares, self.excluded)
        search = self._near[radius_m]
        return _BranchAndBound(search, _Probe(search, shape), radius_m).run()

    @staticmethod
    def _reach(shape: BaseGeometry) -> tuple[float, float, float, float]:
        """Return the box that holds a shape however it is turned about the middle of its area."""
        middle = shape.centroid
        wide = shapely.hausdorff_distance(middle, shapely.convex_hull(shape).boundary) + 10.0
        return middle.x - wide, middle.y - wide, middle.x + wide, middle.y + wide

    def exclude(self, place: Displacement, radius_m: float) -> None:
        """Take displacements within a radius of one out of the search: it did not hold."""
        self.excluded.append((place, radius_m))

    def eroded(self, metres: float) -> list[tuple[BaseGeometry, ...]]:
        """Return the forbidden areas shrunk, by alternative; prepared. An alternative is a combination of areas."""
        if metres not in self._eroded:
            areas = [(self.forbidden.area,), *self.forbidden.combined]
            made = [tuple(_shrunk(area, metres) for area in parts) for parts in areas]
            self._eroded[metres] = made
            for parts in made:
                shapely.prepare(np.asarray([*parts, None], dtype=object)[:-1])
        return self._eroded[metres]

    def excludes(self, centres: Floats, half_diagonal_m: float) -> Flags:
        """Tell around which displacements (n, 2) all within some metres were taken out, (n,)."""
        found = np.zeros(len(centres), dtype=bool)
        for place, radius in self.excluded:
            away = np.hypot(centres[:, 0] - place.east_m, centres[:, 1] - place.north_m)
            found |= away + half_diagonal_m <= radius
        return found


class _Probe:
    """One shape, asked at many displacements."""

    def __init__(self, search: Search, shape: BaseGeometry) -> None:
        self._search = search
        self.shape = shape
        self._shrunk: dict[float, BaseGeometry] = {}

    def touched(self, centres: Floats) -> Flags:
        """Tell where the shape is forbidden, (n,)."""
        return self._search.forbidden.touched(moved(self.shape, centres)) | self._search.excludes(centres, 0.0)

    def all_free(self, centres: Floats, metres: float) -> Flags:
        """Tell where every displacement within some metres is free, (n,)."""
        shapes = moved(self.shape, centres)
        near = np.asarray(shapely.dwithin(self._search.forbidden.area, shapes, metres), dtype=bool)
        for areas in self._search.forbidden.combined:
            near |= np.logical_and.reduce([shapely.dwithin(area, shapes, metres) for area in areas])
        for place, radius in self._search.excluded:
            away = np.hypot(centres[:, 0] - place.east_m, centres[:, 1] - place.north_m)
            near |= away <= radius + metres
        return ~near

    def all_forbidden(self, centres: Floats, metres: float) -> Flags:
        """Tell where every displacement within some metres is forbidden, (n,); may miss some."""
        found = self._search.excludes(centres, metres)
        small = self._small(metres)
        if not small.is_empty:
            shapes = moved(small, centres)
            found |= np.asarray(shapely.intersects(self._search.forbidden.area, shapes), dtype=bool)
            for areas in self._search.forbidden.combined:
                found |= np.logical_and.reduce([shapely.intersects(area, shapes) for area in areas])
        rest = np.flatnonzero(~found)
        if len(rest) and (small.is_empty or small.area < self.shape.area / 4):
            shapes = moved(self.shape, centres[rest])
            for areas in self._search.eroded(metres):
                if not any(area.is_empty for area in areas):
                    found[rest] |= np.logical_and.reduce([shapely.intersects(area, shapes) for area in areas])
        return found

    def _small(self, metres: float) -> BaseGeometry:
        if metres not in self._shrunk:
            self._shrunk[metres] = _shrunk(self.shape, metres)
        return self._shrunk[metres]


class _BranchAndBound:
    """Squares of displacements, nearest first."""

    def __init__(self, search: Search, probe: _Probe, radius_m: float) -> None:
        self._search = search
        self._probe = probe
        self._best: Displacement | None = None
        self._best_m = radius_m
        self._resolution_m = search.resolution_m
        self._looked = 0
        self._radius_m = radius_m

    def run(self) -> Outcome:
        side = 2 * self._radius_m / (2 * _FIRST_SQUARES)
        steps = (np.arange(2 * _FIRST_SQUARES) + 0.5) * side - self._radius_m
        centres = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
        waiting = [(side, self._in_reach(centres, side))]
        while waiting:
            waiting = self._round(waiting)
        if self._best is None:
            return Outcome(None, self._resolution_m, self._looked)
        return Outcome(self._closer(self._best), self._resolution_m, self._looked)

    def _round(self, waiting: list[tuple[float, Floats]]) -> list[tuple[float, Floats]]:
        """Look at a batch of the nearest squares; return what is left, by size."""
        waiting = [(side, kept) for side, centres in waiting if len(kept := self._in_reach(centres, side))]
        if not waiting:
            return []
        side, centres = min(waiting, key=lambda item: float(_least(item[1], item[0]).min()))
        order = np.argsort(_least(centres, side), kind="stable")
        batch, rest = centres[order[:_BATCH]], centres[order[_BATCH:]]
        others = {size: kept for size, kept in waiting if size != side}
        if len(rest):
            others[side] = rest
        divided = self._look(batch, side)
        if len(divided):
            half = side / 2
            others[half] = np.concatenate([others[half], divided]) if half in others else divided
        return sorted(others.items())

    def _look(self, centres: Floats, side: float) -> Floats:
        """Return the quarters of the squares that are neither all free nor all forbidden."""
        self._looked += len(centres)
        if self._looked > self._search.most_squares * (self._resolution_m / self._search.resolution_m):
            # Too fine for the time there is: coarser from here on, and the answer says so.
            self._resolution_m *= 2
        half_diagonal = side * sqrt(0.5)
        touched = self._probe.touched(centres)
        if not touched.all():
            self._take(centres[~touched])
        free = ~touched
        if free.any():
            sure = np.zeros(len(centres), dtype=bool)
            sure[free] = self._probe.all_free(centres[free], half_diagonal)
            if sure.any():
                self._take(_nearest_in(centres[sure], side))
            free = sure
        if half_diagonal <= self._resolution_m / 4:
            return np.empty((0, 2))
        open_ = np.flatnonzero(~free)
        if len(open_):
            lost = self._probe.all_forbidden(centres[open_], half_diagonal)
            # The middle of such a square is forbidden itself.
            open_ = open_[~lost]
        quarter = side / 4
        offsets = np.array([(-quarter, -quarter), (quarter, -quarter), (-quarter, quarter), (quarter, quarter)])
        return np.asarray((centres[open_][:, None, :] + offsets).reshape(-1, 2))

    def _take(self, places: Floats) -> None:
        away = np.hypot(places[:, 0], places[:, 1])
        nearest = int(np.argmin(away))
        if away[nearest] <= self._best_m:
            self._best = Displacement(float(places[nearest, 0]), float(places[nearest, 1]))
            self._best_m = float(away[nearest])

    def _in_reach(self, centres: Floats, side: float) -> Floats:
        spare = self._resolution_m / 2 if self._best is not None else 0.0
        found: Floats = centres[_least(centres, side) < self._best_m - spare]
        return found

    def _closer(self, place: Displacement) -> Displacement:
        """Return the place drawn towards the start as long as it stays free."""
        low, high = 0.0, 1.0
        for _ in range(24):
            middle = (low + high) / 2
            at = np.array([[place.east_m * middle, place.north_m * middle]])
            low, high = (middle, high) if self._probe.touched(at)[0] else (low, middle)
        return Displacement(place.east_m * high, place.north_m * high)


def moved(shape: BaseGeometry, displacements: Floats) -> NDArray[np.object_]:
    """Return a shape at many displacements (n, 2), (n,)."""
    count = len(displacements)
    coordinates = shapely.get_coordinates(shape)
    made = np.repeat(np.asarray([shape], dtype=object), count)
    every = (coordinates[None, :, :] + displacements[:, None, :]).reshape(-1, 2)
    return np.asarray(shapely.set_coordinates(made, every), dtype=object)


def turned(shape: BaseGeometry, degrees: float) -> BaseGeometry:
    """Return a shape turned counter-clockwise about the middle of its area."""
    return affinity.rotate(shape, degrees, origin=shape.centroid) if degrees else shape


def _least(centres: Floats, side: float) -> Floats:
    """Return how near to the start the displacements of squares come, (n,)."""
    nearest = _nearest_in(centres, side)
    return np.asarray(np.hypot(nearest[:, 0], nearest[:, 1]))


def _nearest_in(centres: Floats, side: float) -> Floats:
    return np.asarray(np.clip(0.0, centres - side / 2, centres + side / 2))


def _shrunk(area: BaseGeometry, metres: float) -> BaseGeometry:
    """Return what of an area is certainly deeper inside than some metres."""
    west, south, east, north = area.bounds if not area.is_empty else (0.0, 0.0, 0.0, 0.0)
    if min(east - west, north - south) < 2 * metres:
        return _NOTHING
    rough = shapely.simplify(area, metres / _COARSE)
    found: BaseGeometry = rough.buffer(-metres * (_ERODED_MORE + 1 / _COARSE), quad_segs=_QUAD)
    return found


def _simple(shape: BaseGeometry, metres: float) -> BaseGeometry:
    """Return a shape that holds the other with fewer vertices and nowhere reaches metres beyond it.

    Only where it has very many. A corner of a buffer with 2 segments per quarter circle is short by 8 %.
    """
    if shapely.get_num_coordinates(shape) <= _MOST_VERTICES:
        return shape
    step = 0.23 * metres
    for _ in range(2):
        shape = shapely.simplify(shape, step).buffer(1.1 * step, quad_segs=2)
    return shape


def bearing_deg(displacement: Displacement) -> float:
    """Return the direction of a displacement, degrees clockwise from north.

    >>> bearing_deg(Displacement(1.0, 0.0)), bearing_deg(Displacement(0.0, -1.0))
    (90.0, 180.0)
    """
    return float(np.degrees(np.arctan2(displacement.east_m, displacement.north_m)) % 360)


def all_directions(step_deg: float) -> Sequence[float]:
    """Return the turns to try, small ones first, none left out and none twice.

    >>> all_directions(90)
    [90.0, -90.0, 180.0]
    """
    steps = int(180 // step_deg)
    turns = [sign * step_deg * n for n in range(1, steps + 1) for sign in (1.0, -1.0)]
    return [float(turn) for turn in turns if turn != -180.0]  # noqa: PLR2004 - the same as 180
