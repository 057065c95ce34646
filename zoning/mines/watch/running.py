"""One run of the watch: rasters, protected land, earlier patches -> what is listed, and what could not be watched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.check import Checker
from zoning.layers.datum import CGCS2000, LonLat, parse_crs
from zoning.layers.digests import file_sha256
from zoning.mines.raster_grid import Grid, brought_into, grid_of, ground_of
from zoning.mines.rasters import Scene, open_dataset
from zoning.mines.watch.change import ChangeFinder, FoundChange, Spread, Tell
from zoning.mines.watch.chips import chip_png
from zoning.mines.watch.days import Day, open_days
from zoning.mines.watch.ground import GRID_M, Ground, NotWatched, not_seen, read_ground
from zoning.mines.watch.memory import Listed, WatchState, remembered
from zoning.mines.watch.pairs import Pair, pairs_of
from zoning.mines.watch.settings import WatchSettings
from zoning.mines.watch.suspects import suspects_of
from zoning.overlay import robust
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.polygons import polygonal

_STEP_M = 85.0


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What one run is asked.

    Attributes
    ----------
    scenes
        Each with its day.
    permitted, parcels
        By id, longitude and latitude.
    """

    scenes: Sequence[Scene]
    territories: tuple[str, ...] = ()
    before: date | None = None
    after: date | None = None
    permitted: Mapping[str, BaseGeometry] = field(default_factory=dict)
    parcels: Mapping[str, BaseGeometry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """The answer of a run.

    Attributes
    ----------
    chips
        PNG by id of the patch.
    sources
        SHA-256 by name of the raster.
    """

    on: date
    settings: WatchSettings
    pairs: tuple[Pair, ...]
    spreads: tuple[Spread, ...]
    ground: Ground
    listed: tuple[Listed, ...]
    gaps: tuple[NotWatched, ...]
    chips: Mapping[str, bytes]
    state: WatchState
    sources: Mapping[str, str]

    @property
    def suspected(self) -> tuple[Listed, ...]:
        """The suspicions of this run."""
        return tuple(one for one in self.listed if one.suspect is not None and not one.suspect.explained)


def run_watch(
    request: WatchRequest,
    settings: WatchSettings,
    checker: Checker,
    state: WatchState,
    *,
    tell: Tell | None = None,
) -> Watch:
    """Watch the protected land of the rasters.

    Raises
    ------
    UsageError
        When nothing can be compared, or the rasters lie in no territory.
    LayerError, CRSError
        When a raster or a layer cannot be read.
    """
    days = [scene.on for scene in request.scenes if scene.on is not None]
    pairs = pairs_of(days, settings.change, before=request.before, after=request.after)
    used = [scene for scene in request.scenes if any(scene.on in (pair.before, pair.after) for pair in pairs)]
    grid = _grid(used, pairs[0].after)
    ways = LonLat()
    shown = ground_of(grid, ways)
    ground = read_ground(checker.source, settings, shown, on=checker.on, territories=request.territories)
    land = _onto(grid, ground.land, ground.plane, ways)
    on_days = [day for pair in pairs for day in (pair.before, pair.after)]
    with open_days(used, on_days, grid) as opened:
        finder = ChangeFinder(grid, opened, pairs, land, settings.change)
        found = finder.find(tell)
        suspects = suspects_of(
            found.patches, ground, checker, settings, permitted=request.permitted, parcels=request.parcels
        )
        gaps = (*ground.gaps, *_gaps(found, shown, ground))
        hidden = robust.union(np.asarray([gap.geometry for gap in gaps], dtype=object), GRID_M) if gaps else _NOTHING
        state, listed = remembered(
            state, suspects, hidden, ground.plane, on=pairs[0].after, same_patch=settings.match.same_patch
        )
        chips = _chips(listed, grid, opened, pairs[0], settings, ways)
    return Watch(
        checker.on,
        settings,
        pairs,
        found.spreads,
        ground,
        listed,
        gaps,
        chips,
        state,
        {scene.path.name: file_sha256(scene.path) for scene in used},
    )


_NOTHING = shapely.Polygon()


def _grid(scenes: Sequence[Scene], newest: date) -> Grid:
    """Return the grid that all is seen on: that of the newest rasters, grown over all of them where they are tiles."""
    grids = []
    for scene in scenes:
        if scene.on == newest:
            with open_dataset(scene.path) as dataset:
                grids.append(grid_of(dataset, scene.path))
    first = grids[0]
    same = [grid for grid in grids if grid.crs == first.crs]
    left, bottom = min(grid.bounds[0] for grid in same), min(grid.bounds[1] for grid in same)
    right, top = max(grid.bounds[2] for grid in same), max(grid.bounds[3] for grid in same)
    # Whole pixels away from the first one, so that its pixels stay where they are.
    columns, rows = round((first.left - left) / first.dx), round((top - first.top) / first.dy)
    left, top = first.left - columns * first.dx, first.top + rows * first.dy
    width, height = round((right - left) / first.dx), round((top - bottom) / first.dy)
    return Grid(first.crs, left, top, first.dx, first.dy, width, height)


def _onto(grid: Grid, land: BaseGeometry, plane: MeasuringPlane, ways: LonLat) -> np.ndarray:
    """Return polygons of the measuring plane in the coordinate system of a grid, (n,)."""
    parts = [part for part in shapely.get_parts(land) if part.geom_type == "Polygon"]
    shapes = np.empty(len(parts), dtype=object)
    shapes[:] = parts
    return brought_into(grid.crs, plane.to_lonlat(shapes), ways)


def _gaps(found: FoundChange, shown: BaseGeometry, ground: Ground) -> tuple[NotWatched, ...]:
    plane = ground.plane
    invalid: BaseGeometry = _NOTHING
    if len(found.invalid):
        invalid = polygonal(robust.union(plane.to_plane(found.invalid, CGCS2000, step_m=_STEP_M), GRID_M))
    return not_seen(ground, invalid, plane.to_plane([shown], CGCS2000, step_m=_STEP_M)[0])


def _chips(
    listed: Sequence[Listed],
    grid: Grid,
    opened: Mapping[date, Day],
    pair: Pair,
    settings: WatchSettings,
    ways: LonLat,
) -> dict[str, bytes]:
    metre = 1 / 111_320 if parse_crs(grid.crs).is_geographic else 1.0
    found = {}
    for one in listed:
        if one.suspect is None:
            continue
        shape = np.empty(1, dtype=object)
        shape[0] = one.suspect.geometry
        place = brought_into(grid.crs, shape, ways)[0]
        before, after = opened[pair.before], opened[pair.after]
        found[one.known.id] = chip_png(place, grid, before, after, settings.chips, metre=metre)
    return found
