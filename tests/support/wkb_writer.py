"""Well-known binary written number by number."""

import struct
from collections.abc import Sequence

Position = Sequence[float]


def head(kind: int, order: str = "<", srid: int | None = None) -> bytes:
    """Return byte order, type and SRID."""
    code = kind if srid is None else kind | 0x20000000
    return struct.pack(f"{order}BI", order == "<", code) + (b"" if srid is None else struct.pack(f"{order}I", srid))


def path(points: Sequence[Position], order: str = "<") -> bytes:
    """Return a count and its positions."""
    numbers = b"".join(struct.pack(f"{order}{len(point)}d", *point) for point in points)
    return struct.pack(f"{order}I", len(points)) + numbers


def polygon(*rings: Sequence[Position], kind: int = 3, order: str = "<", srid: int | None = 4490) -> bytes:
    """Return a polygon of an outer ring and holes."""
    body = b"".join(path(ring, order) for ring in rings)
    return head(kind, order, srid) + struct.pack(f"{order}I", len(rings)) + body


def several(kind: int, *parts: bytes, srid: int | None = 4490) -> bytes:
    """Return a geometry of parts."""
    return head(kind, srid=srid) + struct.pack("<I", len(parts)) + b"".join(parts)
