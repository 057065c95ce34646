"""File geodatabases: layers, names, curves, cut tables, links; never a byte written into the folder."""

import os
import shutil
import struct
from collections.abc import Callable
from math import pi
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest

import boundary_writers as bw
from gdal_writers import frame, write_gdb
from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from zoning.errors import CRSError
from zoning.sites import Limits, read_sites

SQUARE_M2 = 1_007_808.376
FIRST = (112.30, 35.40)
SECOND = bw.shifted(bw.SQUARE, 0.05)
TEXTS = {"地块名称": ["东区"], "环境管控单元名称": ["阳城县优先保护单元"], "面积": [1.25]}
ONE = frame([bw.SQUARE, bw.HOLE], columns=TEXTS)
HOLED_M2 = SQUARE_M2 * 0.91


def read(**more: object) -> Read:
    expected: dict[str, Any] = {
        "area_m2": HOLED_M2,
        "area_tolerance_m2": 10.0,
        "first": FIRST,
        "crs": "EPSG:4525",
        "holes": 1,
        **more,
    }
    return Read(**expected)


def gdb(
    *, name: str = "a.gdb", change: Callable[[Path], object] = lambda _: None, **layers: Any
) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = write_gdb(folder / name, layers)
        change(path)
        return path

    return make


def table(path: Path) -> Path:
    """Return the rows of the only feature class."""
    return path / "a00000009.gdbtable"


def cut(path: Path, share: float) -> None:
    bw.write(path, path.read_bytes()[: int(path.stat().st_size * share)])


def damage(path: Path) -> None:
    """Give the third row a length that it has not; the other file holds where each row begins."""
    places = path.with_suffix(".gdbtablx").read_bytes()
    (each,) = struct.unpack_from("<I", places, 12)
    start = int.from_bytes(places[16 + 2 * each : 16 + 3 * each], "little")
    data = bytearray(path.read_bytes())
    data[start : start + 4] = b"\xff\xff\xff\x7f"
    bw.write(path, bytes(data))


def renamed(folder: Path) -> Path:
    path = write_gdb(folder / "b.gdb", {"地块": ONE})
    return path.rename(folder / "数据库")


def circle(folder: Path) -> Path:
    """Write a circle of 100 m radius made of two arcs."""
    x, y = 618_000.0, 3_920_000.0
    arcs = struct.pack("<BII10d", 1, 8, 5, x - 100, y, x, y + 100, x + 100, y, x, y - 100, x - 100, y)
    shape = np.array([struct.pack("<BII", 1, 10, 1) + arcs], dtype=object)
    pyogrio.raw.write(
        folder / "a.gdb", geometry=shape, field_data=[np.array(["x"], dtype=object)], fields=["n"], layer="圆",
        driver="OpenFileGDB", geometry_type="MultiPolygon", crs="EPSG:4546",
    )  # fmt: skip
    return folder / "a.gdb"


def linked(path: Path) -> None:
    table(path).rename(path.parent / "elsewhere")
    table(path).symlink_to(path.parent / "elsewhere")


TWO = {"东区": ONE, "西区": frame([SECOND])}
# The plane of zone 37 is larger than the ellipsoid by 1.000343 there.
CIRCLE = Read(
    pi * 100**2 / 1.000343, (112.2976, 35.4023), area_tolerance_m2=2.0, tolerance_m=100.0, repairs=("curve-to-line",)
)
FITTING = "EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）"
MANY = frame(*([bw.shifted(bw.SQUARE, n * 0.001)] for n in range(50)), columns={"n": [f"D{n}" for n in range(50)]})

CASES = [
    Case(
        "one feature class",
        gdb(地块=ONE),
        read(
            name="东区",
            fields={
                "source": "a.gdb",
                "attributes": {"地块名称": "东区", "环境管控单元名称": "阳城县优先保护单元", "面积": "1.25"},
            },
        ),
    ),
    Case("a folder of another name", renamed, read()),
    Case("a feature class chosen", gdb(**TWO), read(name="东区"), {"layer": "东区"}),
    Case("empty feature classes are not asked about", gdb(东区=ONE, 空=ONE.iloc[:0]), read()),
    Case("degrees", gdb(地块=frame([bw.SQUARE, bw.HOLE], code="EPSG:4490")), read(crs="EPSG:4490")),
    Case(
        "system stated for a class without one",
        gdb(地块=frame([bw.SQUARE, bw.HOLE], code=None)),
        read(),
        {"crs": "EPSG:4525"},
    ),
    Case("arcs", circle, CIRCLE),
    Case("locks lie in the folder", gdb(地块=ONE, change=lambda path: bw.write(path / "_gdb.PC-7.lock", b"")), read()),
]


def refused(name: str, make: Callable[[Path], Path], zh: str, **more: Any) -> Case:
    return Case(name, make, Refused(zh, **more))


CASES += [
    refused("two feature classes", gdb(**TWO), "a.gdb：有 2 个图层；请用 --layer 指定一个：东区、西区"),
    Case("no such class", gdb(**TWO), Refused("a.gdb：没有图层 南区；可选：东区、西区"), {"layer": "南区"}),
    refused("only empty classes", gdb(空=ONE.iloc[:0]), "a.gdb：没有任何图形；请重新导出"),
    refused(
        "without a system",
        gdb(地块=frame([bw.SQUARE], code=None)),
        f"a.gdb：图层 地块 没有坐标系，{UNKNOWN_CRS} --crs {FITTING}",
        error=CRSError,
    ),
    refused(
        "rows cut off",
        gdb(地块=MANY, change=lambda path: cut(table(path), 0.5)),
        "a.gdb：其中的 a00000009.gdbtable 只有 2476 字节，文件不完整；请重新复制整个 .gdb 文件夹",
    ),
    refused(
        "places of rows cut off",
        gdb(地块=MANY, change=lambda path: cut(table(path).with_suffix(".gdbtablx"), 0.5)),
        "a.gdb：其中的 a00000009.gdbtablx 只有 2576 字节，文件不完整；请重新复制整个 .gdb 文件夹",
    ),
    refused(
        "places of rows missing",
        gdb(地块=MANY, change=lambda path: table(path).with_suffix(".gdbtablx").unlink()),
        "a.gdb：其中的 a00000009.gdbtablx 只有 0 字节，文件不完整；请重新复制整个 .gdb 文件夹",
    ),
    refused(
        "a damaged row",
        gdb(地块=MANY, change=lambda path: damage(table(path))),
        "a.gdb：应有 50 个图形，只读到 49 个，文件不完整或损坏；请重新导出",
    ),
    refused(
        "catalog missing",
        gdb(地块=ONE, change=lambda path: (path / "a00000001.gdbtable").unlink()),
        "a.gdb：缺少目录表 a00000001.gdbtable；请提供完整的 .gdb 文件夹",
    ),
    refused(
        "catalog of zeros",
        gdb(地块=ONE, change=lambda path: bw.write(path / "a00000001.gdbtable", bytes(500))),
        "a.gdb：不是有效的 FileGDB 或已损坏；请重新复制",
    ),
    refused(
        "a link in the folder",
        gdb(地块=ONE, change=linked),
        "a.gdb：其中的 a00000009.gdbtable 是链接，不是文件；请提供完整的 .gdb 文件夹",
    ),
    refused(
        "compressed",
        gdb(地块=ONE, change=lambda path: bw.write(path / "a00000009.cdf", b"x")),
        "a.gdb：是压缩的地理数据库（.cdf），不能读取；请在 ArcGIS 中解压缩地理数据库后再提交",
    ),
    Case(
        "too many files",
        gdb(地块=ONE),
        Refused("a.gdb：文件夹内的文件超过 5 个；请只导出项目范围，或用 --limit members=… 提高上限"),
        {"limits": Limits(members=5)},
    ),
    Case(
        "too large as a whole",
        gdb(地块=ONE),
        Refused("a.gdb：文件夹有 0.0 MB，超过上限 0 MB；请只导出项目范围"),
        {"limits": Limits(file_bytes=10_000)},
    ),
]


@cases(CASES)
def test_file_gdb(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_nothing_is_written_into_the_folder(tmp_path: Path) -> None:
    path = write_gdb(tmp_path / "a.gdb", {"地块": ONE})
    before = {file.name: file.read_bytes() for file in path.iterdir()}
    os.chmod(path, 0o500)  # noqa: PTH101 - also refused to those who may
    read_sites(path, expected=bw.EXPECTED)
    assert {file.name: file.read_bytes() for file in path.iterdir()} == before
    shutil.rmtree(path)


def test_private_copies_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    read_sites(write_gdb(tmp_path / "a.gdb", {"地块": ONE}), expected=bw.EXPECTED)
    assert list(private.iterdir()) == []
