"""The native encodings of GeoParquet 1.1: lists of lists of {x, y}, taken apart through their offsets."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoning.sites.drawing import Coordinates, Drawing, Kind
from zoning.sites.limits import Tally
from zoning.sites.where import Where

# Kind, and how many lists stand around a position.
ENCODINGS: dict[str, tuple[Kind, int]] = {
    "point": ("point", 0),
    "linestring": ("line", 1),
    "polygon": ("polygon", 2),
    "multipoint": ("point", 1),
    "multilinestring": ("line", 2),
    "multipolygon": ("polygon", 3),
}
_AXES = ("x", "y", "z", "m")
Offsets = NDArray[np.int64]


def native_drawings(array: Any, encoding: str, tally: Tally, where: Where) -> Iterator[list[Drawing]]:
    """Yield the drawings of every row of a batch.

    Raises
    ------
    SiteError
        When the limits are reached.
    Exception
        Of pyarrow, when the column is built otherwise than its encoding says.
    """
    kind, depth = ENCODINGS[encoding]
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    levels: list[Offsets] = []
    inner = array
    for _ in range(depth):
        levels.append(inner.offsets.to_numpy().astype(np.int64))
        inner = inner.values
    tally.count("vertices", len(inner), where)
    for offsets in levels[1:]:
        tally.count("rings", len(offsets), where)
    points = _points(inner)
    for row in range(len(array)):
        yield _row(kind, levels, points, row) if valid[row] else []


def _points(array: Any) -> Coordinates:
    """Return the positions, shape (n, 2 to 4)."""
    names = [field.name for field in array.type]
    columns = [array.field(name).to_numpy(zero_copy_only=False) for name in _AXES if name in names]
    return np.column_stack(columns).astype(np.float64)


def _row(kind: Kind, levels: list[Offsets], points: Coordinates, row: int) -> list[Drawing]:
    if not levels:
        point = points[row : row + 1]
        # An empty point is written as not-a-number.
        return [Drawing("point", (point[:0] if np.isnan(point[0, :2]).all() else point,))]
    if kind == "point":
        return [Drawing("point", (point[None, :],)) for point in points[slice(*_range(levels[0], row))]]
    parts = range(row, row + 1) if _is_single(kind, levels) else range(*_range(levels[0], row))
    inner = levels if _is_single(kind, levels) else levels[1:]
    if kind == "line":
        return [Drawing("line", (points[slice(*_range(inner[0], part))],)) for part in parts]
    return [
        Drawing("polygon", tuple(points[slice(*_range(inner[1], ring))] for ring in range(*_range(inner[0], part))))
        for part in parts
    ]


def _is_single(kind: Kind, levels: list[Offsets]) -> bool:
    return len(levels) == (1 if kind == "line" else 2)


def _range(offsets: Offsets, number: int) -> tuple[int, int]:
    return int(offsets[number]), int(offsets[number + 1])
