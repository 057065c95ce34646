"""WKB and EWKB, written number by number: both byte orders, all dimensions, hexadecimal lines, and hostile counts."""

import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import boundary_writers as bw
from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from wkb_writer import Position, head, path, polygon, several
from zoning.errors import CRSError
from zoning.sites import Limits, read_sites

SQUARE_M2 = 1_007_808.376
FIRST = (112.30, 35.40)
SECOND = bw.shifted(bw.SQUARE, 0.05)


def raised(ring: bw.Ring, *more: float) -> list[Position]:
    return [(x, y, *more) for x, y in ring]


def made(data: bytes, name: str = "a.wkb") -> Callable[[Path], Path]:
    return lambda folder: bw.write(folder / name, data)


def read(**more: object) -> Read:
    expected: dict[str, Any] = {"area_m2": SQUARE_M2, "first": FIRST, "crs": "EPSG:4490", **more}
    return Read(**expected)


PLAIN = polygon(bw.SQUARE)
DROPPED = read(repairs=("z-dropped",))
TWO = several(6, polygon(bw.SQUARE, srid=None), polygon(SECOND, srid=None))
LINES = "\n".join(polygon(ring).hex() for ring in (bw.SQUARE, SECOND))
WITHOUT = f"a.wkb：WKB 没有写 SRID，{UNKNOWN_CRS} --crs EPSG:4490（CGCS2000 经纬度）"

CASES = [
    Case("EWKB, little end first", made(PLAIN), read(name="a")),
    Case("EWKB, big end first", made(polygon(bw.SQUARE, order=">")), read()),
    Case("plain WKB with the system stated", made(polygon(bw.SQUARE, srid=None)), read(), {"crs": "EPSG:4490"}),
    Case(
        "a hole",
        made(polygon(bw.SQUARE, bw.HOLE)),
        read(area_m2=SQUARE_M2 * 0.91, area_tolerance_m2=10.0, holes=1),
    ),
    Case("ISO Z", made(polygon(raised(bw.SQUARE, 715.5), kind=1003)), DROPPED),
    Case("ISO ZM", made(polygon(raised(bw.SQUARE, 715.5, 1.0), kind=3003)), DROPPED),
    Case("EWKB Z", made(polygon(raised(bw.SQUARE, 715.5), kind=0x80000003)), DROPPED),
    Case("EWKB M", made(polygon(raised(bw.SQUARE, 7.0), kind=0x40000003)), DROPPED),
    Case("MultiPolygon", made(TWO), read(area_m2=2 * SQUARE_M2, parts=2)),
    Case(
        "collection of a polygon and its label",
        made(several(7, polygon(bw.SQUARE, srid=None), head(1) + struct.pack("<2d", 112.305, 35.405))),
        read(warnings=("a.wkb 第 1 个图形：面内的 1 个线或点（标注）不计入范围",)),
    ),
    Case("an open ring", made(polygon(bw.SQUARE[:-1])), read(repairs=("closed-ring",))),
    Case("hexadecimal", made(PLAIN.hex().encode()), read()),
    Case("hexadecimal in capitals, as .txt", made(PLAIN.hex().upper().encode(), "a.txt"), read()),
    Case("as psql prints it", made(rf"\x{PLAIN.hex()}".encode()), read()),
    Case("two lines", made(LINES.encode()), read(area_m2=2 * SQUARE_M2, footprints=2, parts=2)),
    Case("a plane", made(polygon(bw.plane("EPSG:4525", bw.SQUARE), srid=4525)), read(crs="EPSG:4525")),
    Case("a line", made(head(2, srid=4490) + path(bw.SQUARE[:2])), Read(0.0, FIRST), {"width_m": 20.0}),
]


def refused(name: str, data: bytes, zh: str, **more: Any) -> Case:
    return Case(name, made(data), Refused(zh, **more))


def broken(position: int) -> str:
    return f"a.wkb 第 1 个图形：WKB 在第 {position} 字节处有误或不完整；请重新导出"


# 9 bytes before the count of rings, 4 for it, then the count of points.
HUGE_RINGS = head(3, srid=4490) + struct.pack("<I", 0xFFFFFFFF)
HUGE_POINTS = head(3, srid=4490) + struct.pack("<2I", 1, 0xFFFFFFFF) + bytes(64)
DEEP = several(7, srid=4490)[:9] + b"".join(struct.pack("<IBI", 1, 1, 7) for _ in range(100_000))
BLOB = b"GP\0\1" + struct.pack("<i", 4490) + polygon(bw.SQUARE, srid=None)

CASES += [
    refused("without SRID", polygon(bw.SQUARE, srid=None), WITHOUT, error=CRSError),
    refused("cut off", PLAIN[:-1], broken(13)),
    refused("bytes behind it", PLAIN + b"\0\0", "a.wkb 第 1 个图形：WKB 之后还有 2 个多余字节；请重新导出"),
    refused("four thousand million rings", HUGE_RINGS, broken(9)),
    refused("four thousand million points", HUGE_POINTS, broken(13)),
    refused("a hundred thousand collections in each other", DEEP, broken(9 + 33 * 9)),
    refused(
        "curve",
        several(10, head(8) + path(bw.SQUARE)),
        "a.wkb 第 1 个图形：几何类型 CURVEPOLYGON 不能读取（曲线请先转为折线）",
    ),
    refused("a line as part of a MultiPolygon", several(6, head(2) + path(bw.SQUARE)), broken(18)),
    refused(
        "empty point",
        head(1, srid=4490) + struct.pack("<2d", float("nan"), float("nan")),
        "a.wkb 第 1 个图形：没有几何图形或图形为空；请删除该记录或补画图形",
    ),
    refused(
        "not a number in a ring",
        polygon([*bw.SQUARE[:2], (float("nan"), 35.4), bw.SQUARE[0]]),
        "a.wkb 第 1 个图形：坐标 (nan, 35.4) 不是可能的位置；请改正该点",
    ),
    refused(
        "a blob out of a GeoPackage",
        BLOB,
        "a.wkb 第 1 个图形：是 GeoPackage 表内的几何块，不是 WKB；请提供 GeoPackage 文件本身",
    ),
    refused(
        "two SRID",
        f"{LINES}\n{polygon(bw.SQUARE, srid=4326).hex()}".encode(),
        "a.wkb：各图形的 SRID 不一致；一个文件只能有一个坐标系",
        error=CRSError,
    ),
    refused(
        "half a digit pair", f"{LINES}\n{PLAIN.hex()[:-1]}".encode(), "a.wkb:3：不是十六进制的 WKB；每行应写一个图形"
    ),
]


@cases(CASES)
def test_wkb(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.parametrize(("word", "most"), [("rings", 1), ("vertices", 9), ("parts", 1), ("records", 1)])
def test_limits(tmp_path: Path, word: str, most: int) -> None:
    shapes = {"rings": polygon(bw.SQUARE, bw.HOLE), "vertices": polygon(bw.SQUARE, bw.HOLE), "parts": TWO}
    data = shapes[word] if word in shapes else LINES.encode()
    file = bw.write(tmp_path / "a.wkb", data)
    with pytest.raises(Exception, match=f"more than the allowed . {word}"):
        read_sites(file, expected=bw.EXPECTED, limits=replace(Limits(), **{word: most}))
