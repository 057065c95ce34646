"""`zoning compare` of two editions with 100,000 polygons each, as a whole process: the usual one, and the worst.

In the usual one 5 % of the fields were redrawn, 1 % are gone, 1 % are new; in the worst the whole edition was shifted,
so that nothing is the same on both sides.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import shapely

from bench.processes import run
from bench.rows import Row, at_most, show
from zoning.workspace import builtin_root

LAYER = "permanent-basic-farmland"
TARGET_S, TARGET_MB = 60.0, 2_000.0
CODES = frozenset({0, 1, 3})
_WEST, _SOUTH, _STEP = 112.1, 35.3, 0.0011  # degrees: about 100 m
_EDGE = 3


def fields(count: int, chance: np.random.Generator) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Return about `count` fields of twelve corners, side by side; neighbours share their edges."""
    side = round(count**0.5)
    corners = np.arange(side * _EDGE + 1) * (_STEP / _EDGE)
    x, y = np.meshgrid(_WEST + corners, _SOUTH + corners)
    x = x + chance.uniform(-0.1, 0.1, x.shape) * _STEP
    y = y + chance.uniform(-0.1, 0.1, y.shape) * _STEP
    rings = []
    for row in range(0, side * _EDGE, _EDGE):
        for column in range(0, side * _EDGE, _EDGE):
            rows, columns = _around(row, column)
            rings.append(np.column_stack([x[rows, columns], y[rows, columns]]))
    return np.asarray(shapely.polygons(np.asarray(rings)), dtype=object)


def _around(row: int, column: int) -> tuple[list[int], list[int]]:
    way = range(_EDGE)
    rows = [*(row for _ in way), *(row + n for n in way), *(row + _EDGE for _ in way), *(row + _EDGE - n for n in way)]
    columns = [
        *(column + n for n in way),
        *(column + _EDGE for _ in way),
        *(column + _EDGE - n for n in way),
        *(column for _ in way),
    ]
    return rows, columns


def later(
    shapes: "np.ndarray[tuple[int], np.dtype[np.object_]]", chance: np.random.Generator
) -> "tuple[object, object]":
    """Return the fields of the later edition, and the numbers in their ids."""
    found, ids = shapes.copy(), np.arange(len(shapes))
    drawn = chance.choice(len(shapes), len(shapes) // 20, replace=False)
    for number in drawn.tolist():
        points = shapely.get_coordinates(found[number])
        points[1] += chance.uniform(-0.2, 0.2, 2) * _STEP / _EDGE
        moved = shapely.Polygon(points)
        found[number] = moved if moved.is_valid else moved.convex_hull
    kept = np.ones(len(found), dtype=bool)
    kept[chance.choice(len(found), len(found) // 100, replace=False)] = False
    new = shapely.transform(shapes[: len(shapes) // 100], lambda xy: xy - np.array([0.0, 0.05]))
    return np.concatenate([found[kept], new]), np.concatenate([ids[kept], 10_000_000 + np.arange(len(new))])


def write(path: Path, shapes: object, ids: object) -> None:
    """Write fields as an edition of the layer."""
    import geopandas

    names = [f"F{number}" for number in np.asarray(ids).tolist()]
    columns = {"zone_id": names, "name": names, "class": ["field"] * len(names)}
    columns |= {name: ["" for _ in names] for name in ("township", "area_mu")}
    geopandas.GeoDataFrame(columns, geometry=np.asarray(shapes), crs=4490).to_file(path, driver="GPKG", layer=LAYER)


def measure(count: int) -> list[Row]:
    """Draw the editions, compare them."""
    chance = np.random.default_rng(20260101)
    shapes = fields(count, chance)
    zoning = str(Path(sys.executable).with_name("zoning"))
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="zoning-bench-") as folder:
        one, other, shifted = (Path(folder, f"{name}.gpkg") for name in ("before", "after", "shifted"))
        write(one, shapes, np.arange(len(shapes)))
        write(other, *later(shapes, chance))
        write(shifted, shapely.transform(shapes, lambda xy: xy + np.array([2e-5, 1e-5])), np.arange(len(shapes)))
        for name, path in (("7 % changed", other), ("all of it shifted", shifted)):
            command = [zoning, "compare", str(one), str(path), "--layer", LAYER, "--workspace", str(builtin_root())]
            done = run([*command, "--out", str(Path(folder, "out"))], allowed=CODES)
            made = json.loads(Path(folder, "out", "comparison.json").read_text(encoding="utf-8"))["layers"][0]
            if not made["compared"] or not made["pieces"]:
                raise SystemExit(f"nothing was compared: {made}")
            what = f"zoning compare, {len(shapes):,} polygons, {name}"
            found.append(at_most(what, done.seconds, TARGET_S, unit="s", digits=1))
            found.append(at_most("    peak memory", done.peak_mb, TARGET_MB, unit="MB", digits=0))
    return found


def report(count: int) -> int:
    """Measure and print."""
    print(f"Comparison of two editions, {count:,} polygons each")
    show(measure(count))
    return 0
