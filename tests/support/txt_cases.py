"""Coordinate TXT written by hand for the corpus: rows from degrees, headers entry by entry, any line replaced."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pyproj import Geod

import boundary_writers as bw

_GEOD = Geod(ellps="GRS80")
Make = Callable[[Path], Path]
ZONE_37, ZONE_38 = "EPSG:4525", "EPSG:4526"
PLAIN_37, PLAIN_38 = "EPSG:4546", "EPSG:4547"
SIX_19, PLAIN_SIX_19 = "EPSG:4497", "EPSG:4508"
FIRST = bw.SQUARE[0]
EAST = bw.shifted(bw.SQUARE, 0.02)
ISLAND: bw.Ring = [(112.304, 35.404), (112.305, 35.404), (112.305, 35.405), (112.304, 35.405), (112.304, 35.404)]


def area_of(*rings: bw.Ring) -> float:
    """Return the area of the first ring without the others, m² on the ellipsoid between geodesics."""
    sizes = [abs(_GEOD.polygon_area_perimeter([x for x, _ in ring], [y for _, y in ring])[0]) for ring in rings]
    return sizes[0] - sum(sizes[1:])


SQUARE_M2 = area_of(bw.SQUARE)
HOLLOW_M2 = area_of(bw.SQUARE, bw.HOLE)
BOTH_M2 = SQUARE_M2 + area_of(EAST)


def rows(*rings: bw.Ring, code: str = ZONE_37, numbers: Sequence[int] = ()) -> list[str]:
    """Return the usual rows J1..J1 of one parcel."""
    return bw.txt_rows(rings, code, numbers=numbers)


def named(ring: bw.Ring, names: Sequence[str], number: str = "1", code: str = ZONE_37) -> list[str]:
    """Return rows with names of their own; as many points of the ring as there are names."""
    points = bw.plane(code, ring)
    return [f"{name},{number},{y:.4f},{x:.4f}" for name, (x, y) in zip(names, points, strict=False)]


def txt(
    lines: Sequence[str] | None = None, *, encoding: str = "gb18030", parcel: str | None = None, **header: str
) -> Make:
    """Return a writer of the specified form with one parcel."""
    return whole(bw.txt(rows(bw.SQUARE) if lines is None else lines, parcel=parcel, **header), encoding)


def whole(text: str, encoding: str = "gb18030") -> Make:
    """Return a writer of exactly this text."""
    return lambda folder: bw.write(folder / "地块.txt", text, encoding)


def line_changed(number: int, line: str) -> Make:
    """Return a writer of the specified form in which one line, counted from 1, is another."""
    lines = bw.txt(rows(bw.SQUARE)).splitlines()
    lines[number - 1] = line
    return whole("\n".join(lines) + "\n")


def parcel(name: str, lines: Sequence[str], kind: str = "面") -> str:
    """Return a parcel line and its rows."""
    return "\n".join([f"{len(lines)},,{name},{name}号地块,{kind},,,,@", *lines]) + "\n"


def header(**entries: str) -> str:
    """Return the text before the first parcel; an entry of None is left out."""
    lines = [f"{name}={value}" for name, value in {**bw.HEADER, **entries}.items()]
    return "\n".join(["[属性描述]", *lines, "[地块坐标]"]) + "\n"
