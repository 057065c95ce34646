"""Well-known binary taken apart: every count is compared with the bytes that are there before anything is made.

Read are the forms of OGC (ISO 19125: 2D), ISO 13249 (1000 Z, 2000 M, 3000 ZM) and PostGIS (flags and SRID).
"""

import struct
from dataclasses import dataclass

import numpy as np

from zoning.sites.drawing import Coordinates, Drawing, MalformedError
from zoning.sites.limits import Tally
from zoning.sites.where import Where

_Z, _M, _SRID = 0x80000000, 0x40000000, 0x20000000
_DEEPEST = 32
_LARGEST_CODE = 4000
_POINT, _LINE, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON, _COLLECTION = range(1, 8)
# What a part may be; a collection holds anything.
_PARTS = {_MULTIPOINT: (_POINT,), _MULTILINE: (_LINE,), _MULTIPOLYGON: (_POLYGON,), _COLLECTION: tuple(range(1, 8))}
_OTHERS = {
    8: "CIRCULARSTRING", 9: "COMPOUNDCURVE", 10: "CURVEPOLYGON", 11: "MULTICURVE", 12: "MULTISURFACE", 13: "CURVE",
    14: "SURFACE", 15: "POLYHEDRALSURFACE", 16: "TIN", 17: "TRIANGLE",
}  # fmt: skip
_SMALLEST_PART = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """What one piece of well-known binary holds.

    Attributes
    ----------
    srid
        0 where it states none.
    """

    drawings: list[Drawing]
    srid: int


def take_apart(data: bytes, tally: Tally, where: Where) -> Taken:
    """Read the one geometry that `data` holds.

    Parameters
    ----------
    tally
        Of the reader alone: what `raw_site` counts later is counted here before it is made.

    Raises
    ------
    MalformedError
        When it is cut off or goes on, is of a type that is no footprint, is nested too deeply, or a count is higher
        than the bytes allow.
    SiteError
        When the limits are reached.
    """
    walk = _Walk(memoryview(data), tally, where)
    walk.geometry(_PARTS[_COLLECTION], 0)
    more = len(data) - walk.position
    if more:
        raise MalformedError(
            f"WKB 之后还有 {more} 个多余字节；请重新导出", f"{more} bytes follow after the WKB; export it again"
        )
    return Taken(walk.drawings, walk.srid)


class _Walk:
    def __init__(self, data: memoryview, tally: Tally, where: Where) -> None:
        self.data = data
        self.tally = tally
        self.where = where
        self.position = 0
        self.srid = 0
        self.drawings: list[Drawing] = []

    def geometry(self, allowed: tuple[int, ...], depth: int) -> None:
        order = self._order()
        code = self._count(order)
        dimensions, kind = _dimensions(code)
        if code & _SRID:
            srid = self._count(order)
            if self.srid not in (0, srid):
                raise MalformedError("各部分的 SRID 不一致；请重新导出", "its parts differ in SRID; export it again")
            self.srid = srid
        if kind in _OTHERS:
            name = _OTHERS[kind]
            raise MalformedError(
                f"几何类型 {name} 不能读取（曲线请先转为折线）",
                f"the geometry type {name} is not read (convert curves to lines first)",
            )
        if kind not in allowed or depth > _DEEPEST:
            raise _broken(self.position)
        if kind == _POINT:
            point = self._positions(1, order, dimensions)
            # Points have no count: an empty one is written as not-a-number.
            self.drawings.append(Drawing("point", (point[:0] if np.isnan(point[0, :2]).all() else point,)))
        elif kind == _LINE:
            self.drawings.append(Drawing("line", (self._path(order, dimensions),)))
        elif kind == _POLYGON:
            rings = self._bounded(order, 4, "rings")
            self.drawings.append(Drawing("polygon", tuple(self._path(order, dimensions) for _ in range(rings))))
        else:
            for _ in range(self._bounded(order, _SMALLEST_PART, "parts")):
                self.geometry(_PARTS[kind], depth + 1)

    def _order(self) -> str:
        if self.position >= len(self.data) or self.data[self.position] > 1:
            raise _broken(self.position)
        self.position += 1
        return "<" if self.data[self.position - 1] else ">"

    def _count(self, order: str) -> int:
        if self.position + 4 > len(self.data):
            raise _broken(self.position)
        (number,) = struct.unpack_from(f"{order}I", self.data, self.position)
        self.position += 4
        return int(number)

    def _bounded(self, order: str, smallest: int, what: str) -> int:
        """Return a count of things of which each takes at least `smallest` bytes."""
        count = self._count(order)
        if count * smallest > len(self.data) - self.position:
            raise _broken(self.position - 4)
        self.tally.count(what, count, self.where)
        return count

    def _path(self, order: str, dimensions: int) -> Coordinates:
        return self._positions(self._bounded(order, 8 * dimensions, "vertices"), order, dimensions)

    def _positions(self, count: int, order: str, dimensions: int) -> Coordinates:
        size = 8 * dimensions * count
        if size > len(self.data) - self.position:
            raise _broken(self.position)
        numbers = np.frombuffer(self.data, dtype=f"{order}f8", count=count * dimensions, offset=self.position)
        self.position += size
        return numbers.reshape(count, dimensions).astype(np.float64)


def _dimensions(code: int) -> tuple[int, int]:
    """Return how many numbers a position has, and the type."""
    plain = code & 0x0FFFFFFF
    if plain >= _LARGEST_CODE:
        return 2, 0
    iso = plain // 1000
    has_z = bool(code & _Z) or iso in (1, 3)
    has_m = bool(code & _M) or iso in (2, 3)
    return 2 + has_z + has_m, plain % 1000


def _broken(position: int) -> MalformedError:
    return MalformedError(
        f"WKB 在第 {position} 字节处有误或不完整；请重新导出",
        f"the WKB is wrong or cut off at byte {position}; export it again",
    )
