"""The footer of a Parquet file, written byte by byte; and which axis comes first in the names that a GML states."""

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from zoning.sites.drawing import Drawing
from zoning.sites.vector.gml_systems import System, east_first, system
from zoning.sites.vector.parquet_footer import Chunk, Footer, FooterError, read_footer

# Types of Thrift's compact protocol.
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
Field = tuple[int, int, bytes]


def varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def whole(number: int) -> bytes:
    """Return a signed number: 0, -1, 1, -2 are written as 0, 1, 2, 3."""
    return varint(2 * number if number >= 0 else -2 * number - 1)


def text(word: str) -> bytes:
    return varint(len(word.encode())) + word.encode()


def fields(*of_struct: Field) -> bytes:
    """Return a struct; numbers of fields are written as the step from the one before."""
    made, last = b"", 0
    for number, kind, content in of_struct:
        step = number - last
        made += (bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + whole(number)) + content
        last = number
    return made + b"\0"


def several(kind: int, items: Sequence[bytes]) -> bytes:
    count = len(items)
    head = bytes([count << 4 | kind]) if count < 15 else bytes([0xF0 | kind]) + varint(count)
    return head + b"".join(items)


def chunk(name: str = "geometry", values: int = 3, unpacked: int = 100) -> bytes:
    path = several(BINARY, [text(name), text("list")])
    about = fields((3, LIST, path), (5, I64, whole(values)), (6, I64, whole(unpacked)))
    return fields((2, I64, whole(4)), (3, STRUCT, about))


def group(*chunks: bytes) -> bytes:
    return fields((1, LIST, several(STRUCT, chunks)), (2, I64, whole(7)))


def footer(rows: int, *groups: bytes, more: Sequence[Field] = ()) -> bytes:
    known = [(1, I32, whole(2)), (3, I64, whole(rows)), (4, LIST, several(STRUCT, groups))]
    return fields(*sorted([*known, *more]))


def written(folder: Path, content: bytes, *, length: int | None = None, magic: bytes = b"PAR1") -> Path:
    path = folder / "范围.parquet"
    stated = len(content) if length is None else length
    path.write_bytes(b"PAR1" + content + struct.pack("<I4s", stated, magic))
    return path


def read(folder: Path, content: bytes) -> Footer:
    return read_footer(written(folder, content))


# --- what it states ---


def test_chunks_stand_in_their_groups(tmp_path: Path) -> None:
    content = footer(5, group(chunk("面积", 3, 100), chunk("geometry", 3, 2_000)), group(chunk("geometry", 2, 128)))
    assert read(tmp_path, content) == Footer(
        5, (Chunk("面积", 0, 3, 100), Chunk("geometry", 0, 3, 2_000), Chunk("geometry", 1, 2, 128))
    )


def test_a_file_without_groups(tmp_path: Path) -> None:
    assert read(tmp_path, footer(0)) == Footer(0, ())


@pytest.mark.parametrize("number", [0, 1, 63, 64, 8_191, 8_192, 2**31, 2**62])
def test_numbers_of_every_length(tmp_path: Path, number: int) -> None:
    found = read(tmp_path, footer(number, group(chunk(values=number, unpacked=number))))
    assert (found.rows, found.chunks[0].values, found.chunks[0].unpacked_bytes) == (number, number, number)


@pytest.mark.parametrize("count", [14, 15, 16, 300])
def test_short_and_long_lists(tmp_path: Path, count: int) -> None:
    content = footer(count, *(group(chunk(values=number)) for number in range(count)))
    assert [one.values for one in read(tmp_path, content).chunks] == list(range(count))
    assert [one.group for one in read(tmp_path, content).chunks] == list(range(count))


@pytest.mark.parametrize(
    "more",
    [
        (7, TRUE, b""),
        (7, FALSE, b""),
        (7, BYTE, b"\xff"),
        (7, I16, whole(-5)),
        (7, DOUBLE, bytes(8)),
        (7, BINARY, text("说明")),
        (7, LIST, several(TRUE, [b"\1", b"\2"])),
        (7, SET, several(I32, [whole(1), whole(-1)])),
        (7, MAP, b"\0"),
        (7, MAP, varint(1) + bytes([BINARY << 4 | I32]) + text("a") + whole(1)),
        (7, STRUCT, fields((1, I32, whole(1)))),
        (40, I32, whole(1)),
        (2, LIST, several(STRUCT, [fields((4, BINARY, text("schema")))])),
    ],
)
def test_other_fields_are_stepped_over(tmp_path: Path, more: Field) -> None:
    assert read(tmp_path, footer(5, group(chunk()), more=[more])) == Footer(5, (Chunk("geometry", 0, 3, 100),))


def nested(depth: int) -> bytes:
    return several(LIST, [nested(depth - 1)]) if depth else several(I32, [])


def test_sixteen_lists_in_each_other_at_most(tmp_path: Path) -> None:
    assert read(tmp_path, footer(1, more=[(7, LIST, nested(16))])).rows == 1
    with pytest.raises(FooterError):
        read(tmp_path, footer(1, more=[(7, LIST, nested(17))]))


# --- what is none ---


@pytest.mark.parametrize(
    "content",
    [
        b"\0",
        fields((3, I64, whole(1))),
        fields((4, LIST, several(STRUCT, []))),
        fields((3, BINARY, text("x")), (4, LIST, several(STRUCT, []))),
        fields((3, I64, whole(1)), (4, I64, whole(1))),
        footer(1, group(chunk(values=-1))),
        footer(1, group(chunk(unpacked=-1))),
        footer(1, group(fields((2, I64, whole(4))))),
        footer(1, b"\0"),
        footer(1)[:-1],
        footer(1, group(chunk()))[:-20],
        footer(1, more=[(7, LIST, b"\xf5" + varint(10_000))]),
        footer(1, more=[(7, BINARY, varint(10_000))]),
        footer(1, more=[(7, MAP, varint(10_000))]),
        footer(1, more=[(7, I64, b"\x80" * 10 + b"\1")]),
        footer(1, more=[(7, 13, b"")]),
        footer(1, group(fields((3, STRUCT, fields((3, LIST, several(BINARY, [])), (5, I64, b"\2"), (6, I64, b"\2")))))),
        footer(
            1, group(fields((3, STRUCT, fields((3, LIST, several(I32, [b"\2"])), (5, I64, b"\2"), (6, I64, b"\2")))))
        ),
    ],
)
def test_a_footer_that_lacks_or_contradicts(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FooterError):
        read(tmp_path, content)


@pytest.mark.parametrize("change", [-1, 1, 4, 1_000])
def test_a_length_that_does_not_fit(tmp_path: Path, change: int) -> None:
    content = footer(5, group(chunk()))
    with pytest.raises(FooterError):
        read_footer(written(tmp_path, content, length=len(content) + change))


@pytest.mark.parametrize("length", [0, 4_000_001, 0xFFFFFFFF])
def test_a_footer_is_no_longer_than_four_million_bytes(tmp_path: Path, length: int) -> None:
    with pytest.raises(FooterError):
        read_footer(written(tmp_path, footer(5), length=length))


@pytest.mark.parametrize("magic", [b"PARE", b"PAR2", b"\0\0\0\0"])
def test_encrypted_and_other_files(tmp_path: Path, magic: bytes) -> None:
    with pytest.raises(FooterError):
        read_footer(written(tmp_path, footer(5), magic=magic))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"1234567", b"PAR1PAR1"])
def test_a_file_too_short_for_a_footer(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "范围.parquet"
    path.write_bytes(content)
    with pytest.raises(FooterError):
        read_footer(path)


# --- names of systems in GML ---


@pytest.mark.parametrize(
    ("name", "crs", "north"),
    [
        ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490", True),
        ("urn:x-ogc:def:crs:EPSG::4490", "EPSG:4490", True),
        ("URN:OGC:DEF:CRS:EPSG:9.8:4326", "EPSG:4326", True),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", "EPSG:4490", True),
        ("https://www.opengis.net/def/crs/EPSG/9.9.1/4525", "EPSG:4525", True),
        ("urn:ogc:def:crs:EPSG::32649", "EPSG:32649", False),
        ("urn:ogc:def:crs:EPSG::3857", "EPSG:3857", False),
        ("urn:ogc:def:crs:EPSG::999999", "EPSG:999999", False),
        ("EPSG:4490", "EPSG:4490", False),
        ("EPSG::4490", "EPSG:4490", False),
        ("epsg:4525", "EPSG:4525", False),
        ("http://www.opengis.net/gml/srs/epsg.xml#4490", "EPSG:4490", False),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", False),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84", False),
        ("CRS:84", "OGC:CRS84", False),
        ("OGC:CRS84", "OGC:CRS84", False),
        ("CGCS2000", "CGCS2000", False),
        ("", "", False),
        ("EPSG:4490 ", "EPSG:4490 ", False),
        ("XEPSG:4490", "XEPSG:4490", False),
        ("CRS842", "CRS842", False),
    ],
)
def test_what_a_name_means_and_which_axis_is_first(name: str, crs: str, *, north: bool) -> None:
    assert system(name) == System(crs, north_first=north)


def test_east_first_exchanges_two_numbers_and_keeps_the_rest() -> None:
    shell, hole = np.array([[35.0, 112.0, 7.0], [36.0, 113.0, 8.0]]), np.array([[1.0, 2.0]])
    found = east_first([Drawing("polygon", (shell, hole)), Drawing("point", (np.empty((0, 2)),))])
    assert [drawing.kind for drawing in found] == ["polygon", "point"]
    assert found[0].rings[0].tolist() == [[112.0, 35.0, 7.0], [113.0, 36.0, 8.0]]
    assert found[0].rings[1].tolist() == [[2.0, 1.0]]
    assert shell[0].tolist() == [35.0, 112.0, 7.0]
    assert east_first([]) == []
