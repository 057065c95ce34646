"""Points of one square written as tables of points and as running text; nothing here uses the readers."""

from collections.abc import Callable, Sequence
from pathlib import Path

import shapely
from pyproj import Geod

import boundary_writers as bw

Point = tuple[float, float]
Maker = Callable[[Path], Path]

SQUARE: Sequence[Point] = bw.SQUARE[:-1]
HOLE: Sequence[Point] = bw.HOLE[:-1]
FAR: Sequence[Point] = [(x + 0.02, y) for x, y in SQUARE]
DATUM = "2000国家大地坐标系"
CODE = "EPSG:4525"

_GEOD = Geod(ellps="GRS80")


def area(*rings: Sequence[Point]) -> float:
    """Return the area between geodesic edges of rings that do not overlap, m²."""
    return sum(abs(float(_GEOD.geometry_area_perimeter(shapely.Polygon(ring))[0])) for ring in rings)


AREA, HOLE_AREA = area(SQUARE), area(HOLE)
FIRST = SQUARE[0]


def plane(points: Sequence[Point] = SQUARE, code: str = CODE) -> list[tuple[str, str]]:
    """Return (north, east) of points, to the millimetre."""
    return [(f"{y:.3f}", f"{x:.3f}") for x, y in bw.plane(code, points)]


def metres(points: Sequence[Point] = SQUARE, *, start: int = 1, sign: str = ",", ring: str | None = None) -> str:
    """Return rows J1,north,east."""
    middle = "" if ring is None else f"{ring}{sign}"
    return "".join(f"J{i}{sign}{middle}{n}{sign}{e}\n" for i, (n, e) in enumerate(plane(points), start))


def dms(degrees: float, *, decimals: int = 4, signs: str = "°′″") -> str:
    """Write an angle in degrees, minutes and seconds."""
    units = round(degrees * 3600 * 10**decimals)
    seconds, fine = divmod(units, 10**decimals)
    shown = f"{seconds % 60:02d}" + (f".{fine:0{decimals}d}" if decimals else "")
    return f"{seconds // 3600}{signs[0]}{seconds // 60 % 60:02d}{signs[1]}{shown}{signs[2:]}"


def packed(degrees: float, decimals: int = 4) -> str:
    """Write an angle as ddd.mmss and the decimals of the seconds."""
    units = round(degrees * 3600 * 10**decimals)
    seconds, fine = divmod(units, 10**decimals)
    return f"{seconds // 3600}.{seconds // 60 % 60:02d}{seconds % 60:02d}{fine:0{decimals}d}"


def text_file(text: str, name: str = "a.csv", encoding: str = "utf-8") -> Maker:
    """Return what writes a text."""
    return lambda folder: bw.write(folder / name, text, encoding)


def pasted(text: str) -> Maker:
    """Return what writes a text as standard input hands it over."""
    return text_file(text, "pasted")


def degrees(header: str, points: Sequence[Point] = SQUARE, style: str = "{:.9f}") -> str:
    """Return rows number,longitude,latitude in decimals."""
    return header + "".join(f"{i},{style.format(x)},{style.format(y)}\n" for i, (x, y) in enumerate(points, 1))


def angles(header: str, signs: str, sign: str = ",", decimals: int = 4) -> str:
    """Return rows number,longitude,latitude in degrees, minutes and seconds."""
    rows = [(dms(x, signs=signs, decimals=decimals), dms(y, signs=signs, decimals=decimals)) for x, y in SQUARE]
    return header + "".join(f"{i}{sign}{x}{sign}{y}\n" for i, (x, y) in enumerate(rows, 1))


def without_zone(header: str, code: str = "EPSG:4546") -> str:
    """Return rows J1,north,east in a plane whose eastings bear no zone."""
    return header + "".join(f"J{i},{n},{e}\n" for i, (n, e) in enumerate(plane(code=code), 1))


def exchanged(header: str) -> str:
    """Return rows J1,east,north."""
    return header + "".join(f"J{i},{e},{n}\n" for i, (n, e) in enumerate(plane(), 1))


def parts_of(value: float) -> str:
    """Write an angle as three cells."""
    return ",".join(dms(value, signs=",, ").replace(" ", "").split(","))


def both(off: float = 0.0) -> str:
    """Return rows J1,north,east,longitude,latitude; the third longitude is wrong by `off` degrees."""
    rows = [
        f"J{i},{n},{e},{x + (off if i == 3 else 0):.8f},{y:.8f}\n"
        for i, ((n, e), (x, y)) in enumerate(zip(plane(), SQUARE, strict=True), 1)
    ]
    return "点号,X,Y,经度,纬度\n" + "".join(rows)


def three_of(text: str) -> str:
    """Leave the last line out."""
    return "".join(text.splitlines(keepends=True)[:-1])
