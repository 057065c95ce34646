"""The boxes of the shapes of a shapefile, from their vertices: what the file states of them may be wrong."""

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from zoning.sites.crs.extent import Boxes
from zoning.sites.streams.sliced import UnclearError
from zoning.sites.vector.hurried_boxes import possible

_HEADER, _PLACE = 100, 8
_AT_ONCE = 1_000
_NULL, _POINT, _MULTIPOINT = 0, 1, 8
_PATHS = (3, 5)
_COUNT_END, _COUNTS_END = 40, 44  # within a record, behind its own header
_NOTHING = (np.nan,) * 4


def shape_boxes(shp: Path, shx: Path) -> Iterator[Boxes]:
    """Yield the boxes (n, 4) of the shapes that the index lists, deleted ones too; not-a-number where there is none.

    Raises
    ------
    UnclearError
        When a shape is not built as its type says.
    """
    with shp.open("rb") as shapes, shx.open("rb") as index:
        index.seek(_HEADER)
        while places := index.read(_AT_ONCE * _PLACE):
            found = []
            for start, words in struct.iter_unpack(">2I", places[: len(places) // _PLACE * _PLACE]):
                shapes.seek(2 * start + _PLACE)
                found.append(_box(shapes.read(2 * words)))
            yield possible(np.array(found, dtype=np.float64).reshape(-1, 4))


@np.errstate(all="ignore")
def _box(record: bytes) -> tuple[float, float, float, float]:
    try:
        return _extent(record)
    except (struct.error, ValueError) as error:
        raise UnclearError from error


def _extent(record: bytes) -> tuple[float, float, float, float]:
    (kind,) = struct.unpack_from("<i", record)
    kind %= 10
    if kind == _NULL:
        return _NOTHING
    if kind == _POINT:
        x, y = struct.unpack_from("<2d", record, 4)
        return x, y, x, y
    if kind in _PATHS:
        parts, points = struct.unpack_from("<2I", record, 36)
        first = _COUNTS_END + 4 * parts
    elif kind == _MULTIPOINT:
        (points,) = struct.unpack_from("<I", record, 36)
        first = _COUNT_END
    else:
        raise UnclearError
    if points == 0:
        return _NOTHING
    xy = np.frombuffer(record, dtype="<f8", count=2 * points, offset=first).reshape(-1, 2)
    west, south = xy.min(axis=0).tolist()
    east, north = xy.max(axis=0).tolist()
    return west, south, east, north
