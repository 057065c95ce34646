"""Well-known binary taken apart byte by byte; another library wrote what is read, or it was written by hand."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import shapely

from both_languages import both
from wkb_writer import head, polygon, several
from zoning.errors import CRSError, SiteError
from zoning.sites.drawing import MalformedError
from zoning.sites.limits import Limits, Options, Tally
from zoning.sites.raw import RawFile
from zoning.sites.vector.srids import declared_by
from zoning.sites.vector.wkb import read_wkb
from zoning.sites.vector.wkb_geometry import Taken, take_apart
from zoning.sites.where import Where

Flavor = Literal["iso", "extended"]
HERE = Where("范围.wkb")
SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0))
HOLE = ((2.0, 2.0), (2.0, 4.0), (4.0, 4.0), (2.0, 2.0))
POINT, LINE, POLYGON, MULTIPOINT, MULTILINE, MULTIPOLYGON, COLLECTION = range(1, 8)


def taken(data: bytes, limits: Limits | None = None) -> Taken:
    return take_apart(data, Tally(limits or Limits()), HERE)


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(MalformedError) as caught:
        taken(data)
    return caught.value.text.zh, caught.value.text.en


def broken(position: int) -> tuple[str, str]:
    return (
        f"WKB 在第 {position} 字节处有误或不完整；请重新导出",
        f"the WKB is wrong or cut off at byte {position}; export it again",
    )


def counts(number: int) -> bytes:
    return struct.pack("<I", number)


TEXTS = [
    ("POINT (1 2)", [("point", [[[1, 2]]])]),
    ("LINESTRING (0 0, 1 1, 2 0)", [("line", [[[0, 0], [1, 1], [2, 0]]])]),
    ("POLYGON ((0 0, 4 0, 4 4, 0 0))", [("polygon", [[[0, 0], [4, 0], [4, 4], [0, 0]]])]),
    (
        "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1))",
        [("polygon", [[[0, 0], [9, 0], [9, 9], [0, 0]], [[5, 1], [6, 1], [6, 2], [5, 1]]])],
    ),
    ("MULTIPOINT (1 2, 3 4)", [("point", [[[1, 2]]]), ("point", [[[3, 4]]])]),
    ("MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))", [("line", [[[0, 0], [1, 1]]]), ("line", [[[2, 2], [3, 3]]])]),
    (
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((5 0, 6 0, 6 1, 5 0)))",
        [("polygon", [[[0, 0], [4, 0], [4, 4], [0, 0]]]), ("polygon", [[[5, 0], [6, 0], [6, 1], [5, 0]]])],
    ),
    (
        "GEOMETRYCOLLECTION (POINT (1 2), GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1)))",
        [("point", [[[1, 2]]]), ("line", [[[0, 0], [1, 1]]])],
    ),
    ("MULTIPOLYGON EMPTY", []),
    ("GEOMETRYCOLLECTION EMPTY", []),
    ("LINESTRING EMPTY", [("line", [[]])]),
    ("POLYGON EMPTY", [("polygon", [])]),
    ("POINT EMPTY", [("point", [[]])]),
]


@pytest.mark.parametrize("order", [0, 1], ids=["big", "little"])
@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize(("text", "drawings"), TEXTS)
def test_what_another_library_writes(text: str, drawings: list[tuple[str, object]], flavor: Flavor, order: int) -> None:
    found = taken(shapely.to_wkb(shapely.from_wkt(text), flavor=flavor, byte_order=order))
    assert [(one.kind, [ring.tolist() for ring in one.rings]) for one in found.drawings] == drawings
    assert found.srid == 0


@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("POINT Z (1 2 3)", [[1, 2, 3]]),
        ("POINT M (1 2 3)", [[1, 2, 3]]),
        ("POINT ZM (1 2 3 4)", [[1, 2, 3, 4]]),
        ("LINESTRING Z (1 2 3, 4 5 6)", [[1, 2, 3], [4, 5, 6]]),
        ("LINESTRING ZM (1 2 3 4, 5 6 7 8)", [[1, 2, 3, 4], [5, 6, 7, 8]]),
    ],
)
def test_further_numbers_stay_in_the_row(text: str, rows: list[list[float]], flavor: Flavor) -> None:
    found = taken(shapely.to_wkb(shapely.from_wkt(text), flavor=flavor, output_dimension=4))
    assert found.drawings[0].rings[0].tolist() == rows


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("srid", [4490, 4546, 1])
def test_the_srid_of_postgis(srid: int, order: int) -> None:
    shape = shapely.set_srid(shapely.from_wkt("POLYGON ((0 0, 4 0, 4 4, 0 0))"), srid)
    assert taken(shapely.to_wkb(shape, include_srid=True, byte_order=order)).srid == srid


def test_parts_may_repeat_the_srid_but_not_another() -> None:
    assert taken(several(MULTIPOLYGON, polygon(SQUARE), polygon(HOLE))).srid == 4490
    assert taken(several(MULTIPOLYGON, polygon(SQUARE, srid=4490), srid=None)).srid == 4490
    assert refused(several(MULTIPOLYGON, polygon(SQUARE, srid=4546))) == (
        "各部分的 SRID 不一致；请重新导出",
        "its parts differ in SRID; export it again",
    )


def test_a_point_is_empty_when_both_numbers_are_missing() -> None:
    nan = float("nan")
    assert taken(head(POINT) + struct.pack("<2d", nan, nan)).drawings[0].rings[0].shape == (0, 2)
    kept = taken(head(POINT) + struct.pack("<2d", 1.0, nan)).drawings[0].rings[0]
    assert kept.shape == (1, 2)
    assert np.isnan(kept[0, 1])
    heights = taken(head(1001) + struct.pack("<3d", 1.0, 2.0, nan)).drawings[0].rings[0]
    assert heights.shape == (1, 3)


def test_arrays_are_the_programs_own_and_can_be_written() -> None:
    data = bytearray(polygon(SQUARE))
    ring = taken(bytes(data)).drawings[0].rings[0]
    ring[0, 0] = 7.0
    assert ring.dtype == np.float64
    assert taken(bytes(data)).drawings[0].rings[0][0, 0] == 0.0


# --- refused ---


@pytest.mark.parametrize("end", range(0, 93, 4))
def test_every_cut_is_noticed(end: int) -> None:
    whole = polygon(SQUARE, srid=None)
    assert len(whole) == 1 + 4 + 4 + 4 + 5 * 16
    zh, _ = refused(whole[:end])
    assert zh.startswith("WKB 在第 ")


@pytest.mark.parametrize(
    ("data", "position"),
    [
        (b"", 0),
        (b"\x02\x01\x00\x00\x00", 0),
        (b"\x01\x01\x00", 1),
        (head(POINT) + bytes(15), 5),
        (head(LINE) + counts(1), 5),
        (head(LINE) + counts(2) + bytes(31), 5),
        (head(POLYGON) + counts(1), 5),
        (head(POLYGON) + counts(1) + counts(1) + bytes(15), 9),
        (head(MULTIPOINT) + counts(1) + bytes(4), 5),
        (head(MULTIPOINT) + counts(0xFFFFFFFF), 5),
        (head(0), 5),
        (head(18), 5),
        (head(999), 5),
        (head(4001), 5),
        (head(4000), 5),
        (head(POINT, srid=1)[:7], 5),
    ],
)
def test_the_byte_is_named_at_which_it_goes_wrong(data: bytes, position: int) -> None:
    assert refused(data) == broken(position)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        (MULTIPOINT, head(LINE) + counts(0)),
        (MULTILINE, head(POINT) + bytes(16)),
        (MULTIPOLYGON, head(LINE) + counts(0)),
        (MULTIPOLYGON, several(MULTIPOLYGON, srid=None)),
        (MULTIPOINT, several(COLLECTION, srid=None)),
    ],
)
def test_parts_are_of_the_kind_of_the_whole(outer: int, inner: bytes) -> None:
    assert refused(several(outer, inner, srid=None)) == broken(14)


@pytest.mark.parametrize("more", [1, 7, 100])
def test_bytes_behind_the_geometry(more: int) -> None:
    assert refused(polygon(SQUARE) + bytes(more)) == (
        f"WKB 之后还有 {more} 个多余字节；请重新导出",
        f"{more} bytes follow after the WKB; export it again",
    )


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (8, "CIRCULARSTRING"),
        (9, "COMPOUNDCURVE"),
        (10, "CURVEPOLYGON"),
        (11, "MULTICURVE"),
        (12, "MULTISURFACE"),
        (13, "CURVE"),
        (14, "SURFACE"),
        (15, "POLYHEDRALSURFACE"),
        (16, "TIN"),
        (17, "TRIANGLE"),
        (1010, "CURVEPOLYGON"),
        (3016, "TIN"),
        (0x80000000 | 8, "CIRCULARSTRING"),
    ],
)
def test_types_that_are_no_footprint_are_named(code: int, name: str) -> None:
    assert refused(head(code) + counts(0)) == (
        f"几何类型 {name} 不能读取（曲线请先转为折线）",
        f"the geometry type {name} is not read (convert curves to lines first)",
    )


def nested(depth: int) -> bytes:
    return (
        several(COLLECTION, srid=None)[:5] + counts(0)
        if depth == 0
        else several(COLLECTION, nested(depth - 1), srid=None)
    )


def test_collections_are_thirty_two_deep_at_most() -> None:
    assert taken(nested(32)).drawings == []
    assert refused(nested(33)) == broken(33 * 9 + 5)


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (Limits(vertices=4), "4 vertices"),
        (Limits(rings=1), "1 rings"),
        (Limits(parts=1), "1 parts"),
    ],
)
def test_counts_beyond_the_limits_stop_the_reading(limits: Limits, word: str) -> None:
    data = several(MULTIPOLYGON, polygon(HOLE), polygon(HOLE))
    enough = Limits(vertices=8, rings=2, parts=2)
    assert len(taken(data, enough).drawings) == 2
    with pytest.raises(SiteError, match=f"more than the allowed {word}"):
        taken(data, limits)


# --- the file ---


def read(folder: Path, data: bytes, options: Options | None = None) -> RawFile:
    file = folder / "范围.wkb"
    file.write_bytes(data)
    return read_wkb(file, options or Options())


ONE = polygon(SQUARE)
TWO = polygon(((20.0, 0.0), (21.0, 0.0), (21.0, 1.0), (20.0, 0.0)))


@pytest.mark.parametrize(
    "data",
    [
        ONE,
        ONE.hex().encode(),
        ONE.hex().upper().encode(),
        b"\\x" + ONE.hex().encode(),
        b"0x" + ONE.hex().encode(),
        b"\xef\xbb\xbf" + ONE.hex().encode() + b"\r\n",
        b"\n  " + ONE.hex().encode() + b"  \n\n",
        polygon(SQUARE, order=">"),
    ],
)
def test_bytes_and_digits_are_the_same_file(tmp_path: Path, data: bytes) -> None:
    found = read(tmp_path, data)
    assert [site.geometry.area for site in found.sites] == [100.0]
    assert found.declared is not None
    assert (found.declared.crs, found.declared.implied) == ("EPSG:4490", False)


def test_each_line_is_a_record_and_blank_lines_are_none(tmp_path: Path) -> None:
    found = read(tmp_path, b"\n".join([ONE.hex().encode(), b"", b" ", TWO.hex().encode()]))
    assert [(site.where.record, site.geometry.area) for site in found.sites] == [(1, 100.0), (2, 0.5)]


def test_without_srid_the_silence_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, polygon(SQUARE, srid=None))
    assert found.declared is None
    assert (found.silence.zh, found.silence.en) == ("WKB 没有写 SRID", "the WKB has no SRID")


@pytest.mark.parametrize("text", [b"POLYGON", b"01030", "面".encode(), b"\\x0g", b"0x0x01"])
def test_a_line_that_is_no_digits_is_named(tmp_path: Path, text: bytes) -> None:
    lines = b"\n" + ONE.hex().encode() + b"\n" + text
    assert both(lambda: read(tmp_path, lines), SiteError) == (
        "范围.wkb:3：不是十六进制的 WKB；每行应写一个图形",
        "范围.wkb:3: it is no WKB in hexadecimal digits; write one geometry on each line",
    )


@pytest.mark.parametrize("data", [b"GP\x00\x01" + bytes(40), (b"GP\x00\x01" + bytes(4)).hex().encode()])
def test_a_blob_of_a_geopackage_is_told_apart(tmp_path: Path, data: bytes) -> None:
    assert both(lambda: read(tmp_path, data), SiteError) == (
        "范围.wkb 第 1 个图形：是 GeoPackage 表内的几何块，不是 WKB；请提供 GeoPackage 文件本身",
        "范围.wkb, record 1: it is a geometry blob from inside a GeoPackage, not WKB; give the GeoPackage itself",
    )


def test_what_is_broken_is_named_by_its_record(tmp_path: Path) -> None:
    zh, en = both(lambda: read(tmp_path, ONE.hex().encode() + b"\n" + ONE[:50].hex().encode()), SiteError)
    assert zh == "范围.wkb 第 2 个图形：WKB 在第 13 字节处有误或不完整；请重新导出"
    assert en == "范围.wkb, record 2: the WKB is wrong or cut off at byte 13; export it again"


def test_systems_that_differ_between_lines(tmp_path: Path) -> None:
    other = polygon(SQUARE, srid=4546).hex().encode()
    zh, _ = both(lambda: read(tmp_path, ONE.hex().encode() + b"\n" + other), CRSError)
    assert zh == "范围.wkb：各图形的 SRID 不一致；一个文件只能有一个坐标系"


def test_records_are_counted_before_they_are_taken_apart(tmp_path: Path) -> None:
    two = ONE.hex().encode() + b"\n" + TWO.hex().encode()
    assert len(read(tmp_path, two, Options(limits=Limits(records=2))).sites) == 2
    with pytest.raises(SiteError, match="more than the allowed 1 records"):
        read(tmp_path, two[:-2], Options(limits=Limits(records=1)))


@pytest.mark.parametrize(
    ("srids", "crs"),
    [((), None), ((0,), None), ((None,), None), (("",), None), ((4490,), "EPSG:4490"), (("4546",), "EPSG:4546")],
)
def test_one_number_is_the_system(srids: Sequence[int | str | None], crs: str | None) -> None:
    found = declared_by(set(srids), HERE)
    assert (None if found is None else found.crs) == crs


@pytest.mark.parametrize("srids", [{4490, 4546}, {4490, 0}, {4490, None}])
def test_several_numbers_are_refused(srids: set[int | str | None]) -> None:
    assert both(lambda: declared_by(srids, HERE), CRSError) == (
        "范围.wkb：各图形的 SRID 不一致；一个文件只能有一个坐标系",
        "范围.wkb: its geometries differ in SRID; a file has one system only",
    )
