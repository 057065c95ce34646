"""Values of parcels and of what they are compared with, by date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.layers.datum import CGCS2000
from zoning.mines.rasters import Scene
from zoning.mines.recovery.settings import RecoverySettings, Reference
from zoning.mines.zonal import Tell, Zonal, zonal_statistics
from zoning.overlay.plane import MeasuringPlane

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

_STEP_M = 85.0
_ARC = 16  # segments per quarter circle


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What the rasters tell of the parcels; every array (dates, parcels).

    Attributes
    ----------
    days
        In order, each once: of several rasters of one day the one that sees most of a parcel counts.
    values
        Mean or median; NaN where too little of the parcel is seen.
    mean, median
        Of what is seen, however little.
    valid, clouded, nodata, outside
        Shares of the parcel.
    reference
        Median of what a parcel is compared with; NaN where too little of that is seen.
    index
        0 = bare, 1 = as green as the reference; NaN where one of the two has no value, or the reference is bare itself.
    digests
        SHA-256 by name of the raster.
    """

    days: tuple[date, ...]
    values: Floats
    mean: Floats
    median: Floats
    valid: Floats
    clouded: Floats
    nodata: Floats
    outside: Floats
    reference: Floats
    index: Floats
    digests: dict[str, str]


def measure_recovery(
    parcels: Sequence[BaseGeometry],
    scenes: Sequence[Scene],
    settings: RecoverySettings,
    plane: MeasuringPlane,
    *,
    reference: BaseGeometry | None = None,
    workers: int = 1,
    kept_in: Path | None = None,
    tell: Tell | None = None,
) -> Measured:
    """Measure parcels (longitude, latitude) and their references on every date.

    Parameters
    ----------
    scenes
        Each with its day.
    reference
        Undisturbed land for all parcels, longitude and latitude; None: the ring around each.
    """
    own = np.asarray(parcels, dtype=object)
    compared = rings_around(own, settings.reference, plane) if reference is None else np.asarray([reference], object)
    found = zonal_statistics(
        scenes, np.concatenate([own, compared]), ("mean", "median"), workers=workers, kept_in=kept_in, tell=tell
    )
    days = tuple(sorted({_day(scene) for scene in scenes}))
    best = _by_day(found, [days.index(_day(scene)) for scene in scenes], len(days))
    count = len(own)
    statistic = best[settings.values.statistic]
    seen = best["valid"] >= settings.values.least_valid_share
    seen &= best["valid"] * best["pixels"] >= settings.values.least_pixels
    values = np.where(seen, statistic, np.nan)[:, :count]
    # The middle of the pixels: a road or a roof in the ring does not matter.
    enough = best["valid"][:, count:] >= settings.reference.least_valid_share
    green = np.broadcast_to(np.where(enough, best["median"][:, count:], np.nan), values.shape)
    return Measured(
        days=days,
        values=values,
        **{name: best[name][:, :count] for name in ("mean", "median", "valid", "clouded", "nodata", "outside")},
        reference=green,
        index=index_of(values, green, settings.reference),
        digests={scene.path.name: digest for scene, digest in zip(scenes, found.digests, strict=True)},
    )


def index_of(values: Floats, reference: Floats, settings: Reference) -> Floats:
    """Return the recovery index: (value - bare) / (reference - bare), NaN where the reference is hardly green.

    All are (dates, parcels).
    """
    contrast = reference - settings.bare
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(contrast >= settings.least_contrast, (values - settings.bare) / contrast, np.nan))


def rings_around(parcels: Geometries, settings: Reference, plane: MeasuringPlane) -> Geometries:
    """Return the ring around each parcel without all other parcels, longitude and latitude, (n,); empty where none is.

    Parcels that are neighbours give way to each other with the same inner distance.
    """
    flat = plane.to_plane(parcels, CGCS2000, step_m=_STEP_M)
    kept_off = shapely.buffer(flat, settings.begins, quad_segs=_ARC)
    rings: Any = shapely.buffer(flat, settings.ends, quad_segs=_ARC)
    tree = shapely.STRtree(kept_off)
    made = []
    for ring in rings:
        near = tree.query(ring, predicate="intersects")
        made.append(shapely.difference(ring, shapely.union_all(kept_off[near])))
    return plane.to_lonlat(np.asarray(made, dtype=object))


def _day(scene: Scene) -> date:
    if scene.on is None:
        raise ValueError(scene.path)
    return scene.on


def _by_day(found: Zonal, rows: list[int], count: int) -> dict[str, Floats]:
    """Return for each day the raster that sees most of each zone: arrays (days, zones)."""
    names = ("pixels", "valid", "clouded", "nodata", "outside")
    arrays = {name: getattr(found, name) for name in names} | dict(found.stats)
    numbers = np.asarray(rows)
    zones = np.arange(found.valid.shape[1])
    best = np.empty((count, len(zones)), dtype=np.int64)
    for day in range(count):
        mine = np.flatnonzero(numbers == day)
        best[day] = mine[np.argmax(found.valid[mine], axis=0)]
    return {name: array[best, zones] for name, array in arrays.items()}
