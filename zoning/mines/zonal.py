"""Statistics of many parcels over many rasters, with the exact part of every pixel (exactextract).

Parcels are brought into each raster's coordinate system with their edges kept. Rasters are read tile by tile, so that
memory does not grow with them; several are computed at once in processes of their own; what is finished is kept in a
folder and not computed again as long as raster, parcels and settings stay the same.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.atomic_write import write_whole
from zoning.errors import LayerError, UsageError
from zoning.layers.datum import LonLat
from zoning.layers.digests import content_sha256, file_sha256
from zoning.mines.rasters import CLOUD, TILE, OpenScene, Scene, open_scene
from zoning.worker_processes import end_pool, start_pool

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]
Tell = Callable[[int, int], None]
"""Told how many rasters are done, and of how many."""

STATISTICS = ("mean", "median", "min", "max", "sum", "stdev", "variance", "majority", "minority", "variety")
"""What can be asked for; besides `quantile(q=0.25)` and the like."""

EXACT = 1e-6
"""Relative error of shares and sums: parts of pixels are kept as 32-bit numbers by the library."""

_VERSION = 1  # of what is kept
_SHARES = ("valid", "clouded", "nodata", "outside")
_WRONG = 1e-5
# Pixels. Where an edge runs through the very corner of pixels, exactextract 0.3.0 can lose a whole pixel: parcels are
# seen in pixels, where that is rare, what it counted is compared with the area, and a parcel that differs is moved by
# less than a millionth of a pixel.
_NUDGES = ((0.0, 0.0), (3.1e-7, 1.7e-7), (-2.3e-7, 4.1e-7), (7.9e-7, -5.3e-7))
_MOST_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Zonal:
    """Statistics by raster (rows) and parcel (columns).

    Attributes
    ----------
    stats
        By name, each (rasters, parcels); NaN where a parcel has no valid pixel.
    pixels
        Size of the parcel in pixels of the raster, parts counted exactly.
    valid, clouded, nodata, outside
        Shares of the parcel, 0..1, together 1: with a value; under a cloud; without a value; beyond the raster.
    digests
        SHA-256 of each raster file.
    """

    stats: Mapping[str, Floats]
    pixels: Floats
    valid: Floats
    clouded: Floats
    nodata: Floats
    outside: Floats
    digests: tuple[str, ...]


def zonal_statistics(
    scenes: Sequence[Scene],
    zones: Sequence[BaseGeometry] | Geometries,
    stats: Sequence[str] = ("mean", "median"),
    *,
    workers: int = 1,
    kept_in: Path | None = None,
    tell: Tell | None = None,
) -> Zonal:
    """Return statistics of each parcel over each raster.

    Parameters
    ----------
    zones
        (n,) polygons in longitude and latitude (EPSG:4490).
    stats
        Of `STATISTICS`, or `quantile(q=0.9)`. Pixels count by the part of them that lies in the parcel.
    workers
        Processes; one raster each at a time.
    kept_in
        Folder where finished rasters are kept and found again.

    Raises
    ------
    LayerError, CRSError, UsageError
        When a raster cannot be read, has no exact way to CGCS2000, or a statistic is unknown.

    Notes
    -----
    A pixel of a raster in degrees is taken to be as large as its neighbours: within a parcel of 1 km the error is below
    0.02 %. The median is that of the library: weighted by the parts of the pixels.
    """
    shapes = np.asarray(zones, dtype=object)
    _known(stats)
    task = _Task(tuple(shapely.to_wkb(shapes).tolist()), tuple(stats), kept_in)
    rows: list[_Row | None] = [None] * len(scenes)
    for done, (number, row) in enumerate(_rows(task, scenes, workers), start=1):
        rows[number] = row
        if tell is not None:
            tell(done, len(scenes))
    return _zonal([row for row in rows if row is not None], stats, (len(scenes), len(shapes)))


def _zonal(rows: Sequence["_Row"], stats: Sequence[str], shape: tuple[int, int]) -> Zonal:
    def stacked(name: str) -> Floats:
        return np.stack([row.columns[name] for row in rows]) if rows else np.empty(shape)

    return Zonal(
        stats={name: stacked(name) for name in stats},
        pixels=stacked("pixels"),
        valid=stacked("valid"),
        clouded=stacked("clouded"),
        nodata=stacked("nodata"),
        outside=stacked("outside"),
        digests=tuple(row.digest for row in rows),
    )


@dataclass(frozen=True, slots=True)
class _Task:
    """What all rasters are asked."""

    zones: tuple[bytes, ...]
    stats: tuple[str, ...]
    kept_in: Path | None


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """The answers of one raster: one number for each parcel in every column."""

    digest: str
    columns: dict[str, Floats]


def _known(stats: Sequence[str]) -> None:
    for name in stats:
        if name not in STATISTICS and not name.startswith("quantile(q="):
            listed = ", ".join(STATISTICS)
            raise UsageError(
                f"没有统计量“{name}”；可用：{listed}、quantile(q=0.9)",
                f"there is no statistic '{name}'; allowed: {listed}, quantile(q=0.9)",
            )


class _Worker:
    """Computes rasters: what depends on the parcels only is done once."""

    def __init__(self, task: _Task) -> None:
        self._task = task
        self._zones = np.asarray(shapely.from_wkb(list(task.zones)), dtype=object)
        self._ways = LonLat()
        self._moved: dict[str, Geometries] = {}
        self._key = content_sha256(
            {"version": _VERSION, "zones": content_sha256({"wkb": [zone.hex() for zone in task.zones]})}
        )

    def row(self, scene: Scene) -> _Row:
        """Return the answers of a raster, kept ones where there are any."""
        digest = file_sha256(scene.path)
        if self._task.kept_in is None:
            return _Row(digest, self._columns(scene))
        kept = self._task.kept_in / f"zonal-{self._scene_key(scene, digest)[:32]}.npz"
        names = (*self._task.stats, "pixels", *_SHARES)
        columns = _kept(kept, names, len(self._zones))
        if columns is None:
            columns = self._columns(scene)
            memory = io.BytesIO()
            np.savez_compressed(memory, allow_pickle=False, **{f"c{i}": columns[n] for i, n in enumerate(names)})
            write_whole(kept, memory.getvalue())
        return _Row(digest, columns)

    def _scene_key(self, scene: Scene, digest: str) -> str:
        cloud = scene.cloud
        beside = None if cloud is None or cloud.path is None else file_sha256(cloud.path)
        return content_sha256(
            {
                "zones": self._key,
                "stats": list(self._task.stats),
                "raster": digest,
                "pixels": [scene.band, scene.formula, scene.scale, scene.offset, scene.nodata, scene.valid],
                "cloud": None if cloud is None else [beside, cloud.band, cloud.codes, cloud.bits],
            }
        )

    def _columns(self, scene: Scene) -> dict[str, Floats]:
        with open_scene(scene) as opened:
            grid = opened.grid
            if grid.crs not in self._moved:
                self._moved[grid.crs] = grid.brought(self._zones, self._ways)
            moved = grid.in_pixels(self._moved[grid.crs])
            whole = np.maximum(shapely.area(moved), np.finfo(float).tiny)
            inside = shapely.area(shapely.intersection(moved, shapely.box(0, 0, grid.width, grid.height)))
            found = _extracted(opened, moved, (*self._task.stats, "count"), only=None)
            valid = np.clip(found.pop("count"), 0.0, whole)
            clouded = np.zeros(len(whole))
            if scene.cloud is not None:
                clouded = np.nan_to_num(_extracted(opened, moved, ("sum",), only=CLOUD)["sum"])
            outside = np.clip(whole - inside, 0.0, whole)
            # A part in a million is what the library rounds.
            rest = whole - valid - clouded - outside
            nodata = np.where(rest > whole * EXACT, rest, 0.0)
        shares = (valid, clouded, nodata, outside)
        return found | {"pixels": whole} | {n: s / whole for n, s in zip(_SHARES, shares, strict=True)}


def _kept(path: Path, names: tuple[str, ...], count: int) -> dict[str, Floats] | None:
    if not path.is_file():
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
            columns = {name: held[f"c{i}"] for i, name in enumerate(names)}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        # Somebody else's file, or a damaged one: it is computed again.
        return None
    return columns if all(column.shape == (count,) for column in columns.values()) else None


def _extracted(opened: OpenScene, moved: Geometries, ops: Sequence[str], *, only: int | None) -> dict[str, Any]:
    """Return the answers of the library by statistic, each (n,); with `only` over 1 where a pixel is that, else 0.

    Raises
    ------
    LayerError
        When the parts of the pixels of a parcel do not add up to its area.
    """
    columns: dict[str, Any] = {op: np.full(len(moved), np.nan) for op in ops}
    todo = _in_order(moved, opened)
    frame = shapely.box(0, 0, opened.grid.width, opened.grid.height)
    areas = shapely.area(shapely.intersection(moved[todo], frame))
    for nudge in _NUDGES:
        shapes: Any = shapely.transform(moved[todo], partial(np.add, nudge))
        counted = _asked(opened, shapes, todo, ops, columns, only=only)
        wrong = np.abs(counted - areas) > _WRONG * np.maximum(areas, 1.0)
        if not wrong.any():
            return columns
        todo, areas = todo[wrong], areas[wrong]
    name = opened.scene.path.name
    raise LayerError(
        f"{name}：第 {todo[0] + 1} 个图斑的像元份额之和与其面积不符",
        f"{name}: the parts of the pixels of parcel {todo[0] + 1} do not add up to its area",
    )


def _asked(
    opened: OpenScene,
    shapes: Geometries,
    numbers: NDArray[np.int64],
    ops: Sequence[str],
    columns: dict[str, Any],
    *,
    only: int | None,
) -> Floats:
    """Ask the library about some parcels; return how many pixels each has inside the raster, whatever they are."""
    from exactextract import exact_extract

    from zoning.mines.exact_pixels import Parcels, Pixels

    names = tuple(f"s{i}" for i in range(len(ops)))
    asked = [*(f"{name}={op}" for name, op in zip(names, ops, strict=True)), "all=count(default_value=0)"]
    # Not `raster-sequential`: in exactextract 0.3.0 it counts masked pixels.
    found = exact_extract(
        Pixels(opened, only),
        Parcels(shapely.to_wkb(shapes).tolist()),
        asked,
        include_cols=["id"],
        max_cells_in_memory=_MOST_CELLS,
        output="geojson",
    )
    counted = np.zeros(len(shapes))
    for feature in found:
        number = feature["id"]
        for name, value in feature["properties"].items():
            if name == "all":
                counted[number] = value
            elif value is not None:
                # The library adds to the name of a quantile which it is: s0_90.
                columns[ops[names.index(name.partition("_")[0])]][numbers[number]] = value
    return counted


def _in_order(moved: Geometries, opened: OpenScene) -> NDArray[np.int64]:
    """Return the parcels that meet the raster, tile by tile, so that each tile is read about once."""
    grid = opened.grid
    boxes = shapely.bounds(moved)
    with np.errstate(invalid="ignore"):
        meets = (boxes[:, 0] < grid.width) & (boxes[:, 2] > 0) & (boxes[:, 1] < grid.height) & (boxes[:, 3] > 0)
    near = np.flatnonzero(meets)
    columns = boxes[near, 0] // TILE
    rows = (grid.height - boxes[near, 3]) // TILE
    return near[np.lexsort((near, columns, rows))]


_WORKERS: list[_Worker] = []
"""The worker of this process: thousands of parcels are sent once, not with every raster."""


def _keep(task: _Task) -> None:
    _WORKERS[:] = [_Worker(task)]


def _run_here(scene: Scene) -> _Row:
    return _WORKERS[0].row(scene)


def _rows(task: _Task, scenes: Sequence[Scene], workers: int) -> Iterator[tuple[int, _Row]]:
    """Yield number and answers of each raster as they are done."""
    count = min(workers, len(scenes))
    if count <= 1:
        worker = _Worker(task)
        for number, scene in enumerate(scenes):
            yield number, worker.row(scene)
        return
    pool = start_pool(count, _keep, task)
    try:
        running = {pool.submit(_run_here, scene): number for number, scene in enumerate(scenes)}
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        end_pool(pool)
