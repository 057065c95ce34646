"""Archives that lie: paths, links, sizes, doubled and hidden members, data around them; written byte by byte."""

import stat
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import boundary_writers as bw
from intake_cases import Case, Refused, cases, check
from zip_writer import Entry, archive, archive_64, central, local
from zoning.sites import Limits, read_sites

GEOJSON = bw.geojson(bw.polygon([bw.SQUARE])).encode()
OTHER = bw.geojson(bw.polygon([bw.shifted(bw.SQUARE, 0.05)])).encode()
GOOD = Entry(b"a.geojson", GEOJSON)
DAMAGED = "a.zip：ZIP 压缩包不完整或已损坏；请重新压缩"
CUT = "a.zip：压缩包有密码；请去掉密码后重新压缩"


def made(data: bytes, name: str = "a.zip") -> Callable[[Path], Path]:
    return lambda folder: bw.write(folder / name, data)


def refused(name: str, data: bytes, zh: str, **options: Any) -> Case:
    return Case(name, made(data), Refused(zh), options)


def outside(name: str) -> Case:
    data = archive([Entry(name.encode(), GEOJSON), GOOD])
    return refused(f"path {name}", data, f"a.zip：压缩包内的路径 “{name}” 指向包外；请重新压缩")


def contradicts(name: str, data: bytes, reason: str) -> Case:
    return refused(name, data, f"a.zip：压缩包的目录与内容不一致（{reason}），可能被拼接或改动过；请重新压缩")


def special(name: str, kind: int) -> Case:
    data = archive([Entry(b"b.kml", b"/etc/passwd", mode=kind | 0o777), GOOD])
    return refused(name, data, "a.zip：压缩包内的 “b.kml” 是链接，不是文件；请重新压缩文件本身")


def overlapping() -> bytes:
    """Return an archive of which two entries share the data of one member."""
    body = local(GOOD)
    directory = central(GOOD, 0) + central(GOOD, 0)
    return body + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 2, 2, len(directory), len(body), 0)


def hidden() -> bytes:
    """Return an archive with a member between the members that the directory does not list."""
    first, last = local(GOOD) + local(Entry(b"b.geojson", OTHER)), Entry(b"c.txt", b"x")
    directory = central(GOOD, 0) + central(last, len(first))
    body = first + local(last)
    return body + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 2, 2, len(directory), len(body), 0)


def damaged(data: bytes) -> bytes:
    position = data.index(b"112.3")
    return data[:position] + b"999.9" + data[position + 5 :]


ZEROS = Entry(b"a.geojson", bytes(30_000_000), deflate=True)
SPLICED = "“a.geojson” 在目录和文件头中的记录不同"
AROUND = "目录的位置不对，文件前后可能有别的数据"

CASES = [
    outside("../a.kml"),
    outside("x/../../a.kml"),
    outside("/etc/a.kml"),
    outside("C:/a.kml"),
    outside("a.kml:hidden"),
    special("a symbolic link", stat.S_IFLNK),
    special("a device", stat.S_IFCHR),
    special("a pipe", stat.S_IFIFO),
    refused(
        "name of a device",
        archive([Entry(b"x/con.kml", GEOJSON)]),
        "a.zip：压缩包内的 “x/con.kml” 是系统保留的设备名；请改名后重新压缩",
    ),
    refused(
        "one name twice", archive([GOOD, Entry(b"A.GEOJSON", OTHER)]), "a.zip：压缩包内有两个 “A.GEOJSON”；请重新压缩"
    ),
    refused("a password", archive([Entry(b"a.geojson", GEOJSON, flags=1)]), CUT),
    refused(
        "a password, the newer way",
        archive([Entry(b"a.geojson", GEOJSON, local={"method": 99}, central={"method": 99})]),
        CUT,
    ),
    refused(
        "an unusual way of packing",
        archive([Entry(b"a.geojson", GEOJSON, local={"method": 14}, central={"method": 14})]),
        "a.zip：“a.geojson” 的压缩方法（14）不能读取；请用普通 ZIP 方式（Deflate）重新压缩",
    ),
    refused(
        "thirty megabytes of zeros",
        archive([ZEROS]),
        "a.zip：压缩包解压后有 30 MB（上限 400 MB，压缩比上限 200），不予解压；请只压缩项目范围",
    ),
    refused(
        "larger than allowed",
        archive([GOOD]),
        "a.zip：压缩包解压后有 0 MB（上限 0 MB，压缩比上限 200），不予解压；请只压缩项目范围",
        limits=Limits(unpacked_bytes=100),
    ),
    refused(
        "more members than allowed",
        archive([Entry(b"%d.txt" % n, b"x") for n in range(9)]),
        "a.zip：压缩包内有 9 个文件，上限 8 个；请只压缩项目范围，或用 --limit members=… 提高上限",
        limits=Limits(members=8),
    ),
    refused(
        "more members than can be, in 64 bits",
        archive_64([GOOD], count=1 << 62),
        f"a.zip：压缩包内有 {1 << 62} 个文件，上限 1000 个；请只压缩项目范围，或用 --limit members=… 提高上限",
    ),
    contradicts(
        "fewer members than in the directory", archive([GOOD, Entry(b"b.kml", b"x")], count=1), "目录的文件数不对"
    ),
    refused("more members than in the directory", archive([GOOD], count=2), DAMAGED),
    contradicts("data in front", archive([GOOD], before=b"PK\3\4" + bytes(60)), AROUND),
    contradicts("data behind", archive([GOOD], after=b"<html>"), "结尾之后还有别的数据"),
    contradicts("two archives in one file", archive([GOOD]) + archive([Entry(b"b.geojson", OTHER)]), AROUND),
    contradicts("directory elsewhere, in 64 bits", archive_64([GOOD], offset=4), AROUND),
    contradicts("a volume of several", archive([GOOD], disk=1), "是分卷压缩包"),
    contradicts(
        "another name in the member", archive([Entry(b"a.geojson", GEOJSON, local={"name": b"b.geojson"})]), SPLICED
    ),
    contradicts("another size in the member", archive([Entry(b"a.geojson", GEOJSON, local={"packed": 5})]), SPLICED),
    contradicts("another sum in the member", archive([Entry(b"a.geojson", GEOJSON, local={"crc": 5})]), SPLICED),
    refused(
        "a name that is not what its flag says",
        archive([Entry(b"\xcf\xee.kml", GEOJSON, local={"flags": 0x800})]),
        DAMAGED,
    ),
    contradicts("members that share their data", overlapping(), "“a.geojson” 与后面的文件重叠"),
    contradicts("a hidden member", hidden(), "“a.geojson” 之后有目录未列出的数据"),
    contradicts(
        "a member that reaches into the directory",
        archive([Entry(b"a.geojson", GEOJSON, central={"packed": 9_999, "size": 9_999}, local={"packed": 9_999})]),
        "“a.geojson” 与后面的文件重叠",
    ),
    refused("content changed", damaged(archive([GOOD])), DAMAGED),
    refused(
        "unpacks to less than it states",
        archive([Entry(b"a.geojson", GEOJSON, deflate=True, central={"size": 100_000}, local={"size": 100_000})]),
        DAMAGED,
    ),
    refused(
        "unpacks to more than it states",
        archive([Entry(b"a.geojson", GEOJSON, deflate=True, central={"size": 50}, local={"size": 50})]),
        DAMAGED,
    ),
    refused("cut off in the directory", archive([GOOD])[:-30], DAMAGED),
    refused(
        "an empty archive",
        archive([]),
        "a.zip：压缩包内没有能读取的边界文件（有：无文件）；请压缩 Shapefile、DXF、KML、坐标 TXT 等边界文件",
    ),
]


@cases(CASES)
def test_hostile_archives(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_a_million_entries_are_not_read(tmp_path: Path) -> None:
    """The directory states 5 members and holds a million: the walk stops where it says."""
    entry = central(GOOD, 0)
    directory = entry * 1_000_000
    body = local(GOOD)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 5, 5, len(directory), len(body), 0)
    path = bw.write(tmp_path / "a.zip", body + directory + end)
    with pytest.raises(Exception, match="its directory holds another number of files than stated"):
        read_sites(path, expected=None)


def test_the_file_itself_decides_before_anything_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    for case in CASES:
        check(case, tmp_path)
    assert list(private.iterdir()) == []
