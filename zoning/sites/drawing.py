"""What every format is taken apart into: polygons, lines and points as arrays, before anything is judged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zoning.sites.where import PlacelessError

Coordinates = NDArray[np.float64]
Kind = Literal["polygon", "line", "point"]

# Kind and how many lists stand around one ring, path or point.
_KINDS: dict[str, tuple[Kind, int]] = {
    "Point": ("point", 0),
    "MultiPoint": ("point", 1),
    "LineString": ("line", 0),
    "MultiLineString": ("line", 1),
    "Polygon": ("polygon", 0),
    "MultiPolygon": ("polygon", 1),
}
GEOMETRY_TYPES = frozenset(_KINDS)
_MOST_DIMENSIONS = 4  # x, y, z, m


class MalformedError(PlacelessError, ValueError):
    """A geometry that cannot be meant; the reader adds file and record."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One polygon (shell, then holes), one line, or one point.

    Attributes
    ----------
    rings
        Arrays of shape (n, 2 to 4): x, y and what else the file holds. A line or point has exactly one.
    """

    kind: Kind
    rings: tuple[Coordinates, ...]


def drawings_of(geometry_type: str, coordinates: Any) -> list[Drawing]:
    """Take the nested lists of a GeoJSON-like geometry apart.

    Raises
    ------
    MalformedError
        When the type is unknown, or the nesting or a number is wrong.
    """
    if geometry_type not in _KINDS:
        raise MalformedError(
            f"几何类型 {geometry_type!r} 不能作为项目范围；请转换为面、线或点",
            f"the geometry type {geometry_type!r} cannot be a footprint; convert it to polygons, lines or points",
        )
    kind, wrapped = _KINDS[geometry_type]
    parts = _sequence(coordinates, geometry_type) if wrapped else [coordinates]
    return [Drawing(kind, tuple(_rings(kind, part, geometry_type))) for part in parts]


def _rings(kind: Kind, part: Any, geometry_type: str) -> Iterator[Coordinates]:
    if kind == "polygon":
        for ring in _sequence(part, geometry_type):
            yield _positions(_sequence(ring, geometry_type), geometry_type)
    elif kind == "line":
        yield _positions(_sequence(part, geometry_type), geometry_type)
    else:
        position = _sequence(part, geometry_type)
        yield _positions([position] if position else [], geometry_type)


def _sequence(value: Any, geometry_type: str) -> Sequence[Any]:
    if isinstance(value, list | tuple):
        return value
    raise _misnested(geometry_type)


def _misnested(geometry_type: str) -> MalformedError:
    return MalformedError(
        f"坐标的嵌套层次或数字不符合 {geometry_type}；请重新导出",
        f"the nesting or a number of the coordinates is wrong for {geometry_type}; export the file again",
    )


def _positions(positions: Sequence[Any], geometry_type: str) -> Coordinates:
    if not positions:
        return np.empty((0, 2))
    if not all(isinstance(position, list | tuple) for position in positions):
        raise _misnested(geometry_type)
    # Text and truth values would be turned into numbers silently.
    if not set(map(type, chain.from_iterable(positions))) <= {int, float}:
        raise _misnested(geometry_type)
    shortest = min(map(len, positions))
    if shortest < 2:  # noqa: PLR2004 - x and y
        raise _misnested(geometry_type)
    if shortest != max(map(len, positions)):
        positions = [position[:shortest] for position in positions]
    return _array(positions, geometry_type)[:, :_MOST_DIMENSIONS]


def _array(positions: Iterable[Any], geometry_type: str) -> Coordinates:
    try:
        return np.array(positions, dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise _misnested(geometry_type) from error
