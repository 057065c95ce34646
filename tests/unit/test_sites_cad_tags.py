"""The tags of a drawing as they stream by, in text and in binary; clips that show a part of a block only."""

import struct
from pathlib import Path

import pytest

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.cad.clips import Clips, handle_of
from zoning.sites.cad.tags import Tags, Value, damaged, read_tags, real
from zoning.sites.where import Where

HERE = Where("地块.dxf")


def tags(*pairs: tuple[int, Value], kind: str = "LINE", line: int = 0) -> Tags:
    return Tags(kind, line, [code for code, _ in pairs], [value for _, value in pairs])


def read(folder: Path, data: bytes) -> list[Tags]:
    path = folder / "地块.dxf"
    path.write_bytes(data)
    return list(read_tags(path, HERE))


def refused(folder: Path, data: bytes) -> tuple[str, str]:
    return both(lambda: read(folder, data), SiteError)


# --- Values ---


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (b"1.5", 1.5),
        (b" -2 \r\n", -2.0),
        (b"1e3", 1000.0),
        (b"+.5", 0.5),
        (7, 7.0),
        (0.25, 0.25),
        (1e15, 1e15),
        (-1e15, -1e15),
        (1e-30, 0.0),
        (1.1e-30, 1.1e-30),
        (-1e-300, 0.0),
        (b"1e-320", 0.0),
    ],
)
def test_numbers(value: Value, number: float) -> None:
    assert real(value) == number


@pytest.mark.parametrize(
    "value", [b"", b"x", b"1,5", b"1_000", b"nan", b"inf", b"1.1e15", 1.1e15, -1.1e15, float("nan"), float("inf")]
)
def test_what_is_no_number_of_a_drawing(value: Value) -> None:
    with pytest.raises(ValueError, match=r".*"):
        real(value)


ENTITY = tags((8, b" L \r\n"), (10, b"1"), (20, b"2"), (30, b"3"), (10, b"4"), (70, b"1.0"), (62, 5), (8, b"M"))


def test_the_first_value_of_a_code() -> None:
    assert (ENTITY.find(8), ENTITY.find(10), ENTITY.find(99)) == (b" L \r\n", b"1", None)


def test_texts_are_without_blanks_and_numbers_are_none() -> None:
    assert (ENTITY.text(8), ENTITY.text(62), ENTITY.text(99)) == (b"L", b"", b"")


def test_numbers_of_codes() -> None:
    assert (ENTITY.real(10), ENTITY.real(99), ENTITY.real(99, 2.5)) == (1.0, 0.0, 2.5)
    assert (ENTITY.whole(70), ENTITY.whole(62), ENTITY.whole(99), ENTITY.whole(99, 3)) == (1, 5, 0, 3)
    assert (ENTITY.reals(10), ENTITY.reals(99)) == ([1.0, 4.0], [])


def test_points() -> None:
    assert ENTITY.point() == (1.0, 2.0, 3.0)
    assert tags((11, b"5"), (21, b"6")).point(11) == (5.0, 6.0, 0.0)


@pytest.mark.parametrize("pairs", [[(10, b"1")], [(20, b"1")], [], [(10, b"1"), (20, b"x")], [(10, b"x"), (20, b"1")]])
def test_points_without_one_of_their_numbers(pairs: list[tuple[int, Value]]) -> None:
    with pytest.raises(ValueError, match=r".*"):
        tags(*pairs).point()


# --- Text ---

TEXT = b"  0\r\nLINE\r\n  8\r\nL\r\n 10\r\n1.5\r\n  0\r\npoint\r\n 10\r\n2\r\n  0\r\nEOF\r\n"


@pytest.mark.parametrize(
    "data", [TEXT, TEXT.replace(b"\r\n", b"\n"), b"\xef\xbb\xbf" + TEXT, TEXT + b"\r\n\r\nrest\r\n"]
)
def test_groups_of_tags(tmp_path: Path, data: bytes) -> None:
    found = read(tmp_path, data)
    assert [(one.kind, one.line) for one in found] == [("LINE", 1), ("POINT", 7), ("EOF", 11)]
    assert (found[0].codes, found[0].text(8), found[0].real(10)) == ([8, 10], b"L", 1.5)
    assert (found[1].codes, found[1].real(10)) == ([10], 2.0)


def test_a_file_without_an_end_is_read_to_where_it_ends(tmp_path: Path) -> None:
    found = read(tmp_path, TEXT.replace(b"  0\r\nEOF\r\n", b""))
    assert [one.kind for one in found] == ["LINE", "POINT"]


@pytest.mark.parametrize("data", [b"", b"\n", b"\n\n\n", b"  8\nL\n"])
def test_a_text_without_any_group(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == []


def test_what_stands_before_the_first_group_belongs_to_none(tmp_path: Path) -> None:
    assert [one.codes for one in read(tmp_path, b"999\nnote\n" + TEXT)] == [[8, 10], [10], []]


@pytest.mark.parametrize(
    ("data", "line", "shown"),
    [
        (b"0\nLINE\nx\n1\n", 3, "x"),
        (b"0\nLINE\n8\nL\n1.5\n1\n", 5, "1.5"),
        (b"0\nLINE\n1072\n1\n", 3, "1072"),
        (b"0\nLINE\n-6\n1\n", 3, "-6"),
        (b"0\nLINE\n8\n", 3, "8"),
        (b"0\nLINE\n\x1b[31m\n1\n", 3, "[31m"),
        (b"0\nLINE\n" + b"y" * 31 + b"\n1\n", 3, "y" * 30),
        (b"0\nLINE\n\n\n8\nL\n", 3, ""),
    ],
)
def test_a_text_out_of_step_is_refused_at_the_line(tmp_path: Path, data: bytes, line: int, shown: str) -> None:
    zh, en = refused(tmp_path, data)
    assert zh == (f"地块.dxf:{line}：此处应为组码（0–1071 的整数），却是 “{shown}”，文件不完整或已损坏；请重新导出 DXF")
    assert en == (
        f"地块.dxf:{line}: a group code (0-1071) is due here, not “{shown}”; the file is cut off or damaged, export "
        "the DXF again"
    )


@pytest.mark.parametrize("code", [1071, -1, -5])
def test_the_codes_at_the_ends_are_read(tmp_path: Path, code: int) -> None:
    (found,) = read(tmp_path, f"0\nLINE\n{code}\nx\n".encode())
    assert found.codes == [code]


def test_blank_lines_at_the_very_end_do_no_harm(tmp_path: Path) -> None:
    (found,) = read(tmp_path, b"0\nLINE\n8\nL\n \n\n\n")
    assert found.codes == [8]


@pytest.mark.parametrize("data", ["0\nEOF\n".encode("utf-16"), b"\xfe\xff\x000"])
def test_utf_16_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path, data) == (
        "地块.dxf：文本是 UTF-16 编码；请在 CAD 中另存为 DXF",
        "地块.dxf: the text is UTF-16; save it as DXF in the CAD program",
    )


# --- Binary ---

HEAD = b"AutoCAD Binary DXF\r\n\x1a\x00"


def wide(*pairs: tuple[int, bytes]) -> bytes:
    """Return a binary drawing with codes of two bytes."""
    return HEAD + b"".join(struct.pack("<H", code) + value for code, value in pairs)


def narrow(*pairs: tuple[int, bytes]) -> bytes:
    """Return a binary drawing with codes of one byte; longer ones stand behind 255."""
    codes = (bytes([code]) if code < 255 else b"\xff" + struct.pack("<H", code) for code, _ in pairs)
    return HEAD + b"".join(code + value for code, (_, value) in zip(codes, pairs, strict=True))


PAIRS = [
    (0, b"SECTION\0"),
    (0, b"Line\0"),
    (8, b"L\0"),
    (10, struct.pack("<d", 1.5)),
    (70, struct.pack("<h", -3)),
    (90, struct.pack("<i", 70_000)),
    (160, struct.pack("<q", 1 << 40)),
    (290, b"\x01"),
    (310, b"\x02ab"),
    (999, b"note\0"),
    (1071, struct.pack("<i", 9)),
    (0, b"EOF\0"),
    (0, b"LINE\0"),
]


@pytest.mark.parametrize("form", ["wide", "narrow"])
def test_binary_tags(tmp_path: Path, form: str) -> None:
    found = read(tmp_path, wide(*PAIRS) if form == "wide" else narrow(*PAIRS))
    assert [(one.kind, one.line) for one in found] == [("SECTION", 0), ("LINE", 0), ("EOF", 0)]
    assert found[1].codes == [8, 10, 70, 90, 160, 290, 310, 1071]
    assert found[1].values == [b"L", 1.5, -3, 70_000, 1 << 40, 1, b"", 9]


def test_a_binary_file_without_an_end(tmp_path: Path) -> None:
    assert [one.kind for one in read(tmp_path, wide(*PAIRS[:4]))] == ["SECTION", "LINE"]


@pytest.mark.parametrize(
    "data",
    [
        HEAD,
        wide(*PAIRS[:3]) + b"\x0a",
        wide(*PAIRS[:3]) + b"\x0a\x00\x01\x02",
        wide(*PAIRS[:2]) + b"\x08\x00L",
        wide(*PAIRS[:2], (1072, b"x\0")),
    ],
)
def test_a_binary_file_that_is_cut_off_or_damaged(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path, data) == (
        "地块.dxf：二进制 DXF 不完整或已损坏；请重新导出，最好存成文本（ASCII）DXF",
        "地块.dxf: the binary DXF is cut off or damaged; export it again, preferably as ASCII DXF",
    )


# --- Sentences ---


@pytest.mark.parametrize(
    ("line", "handle", "zh", "en"),
    [
        (7, "2F", "地块.dxf:7：LINE（句柄 2F）缺少坐标", "地块.dxf:7: the LINE (handle 2F) lacks coordinates"),
        (0, "2F", "地块.dxf：LINE（句柄 2F）缺少坐标", "地块.dxf: the LINE (handle 2F) lacks coordinates"),
        (7, "", "地块.dxf:7：LINE缺少坐标", "地块.dxf:7: the LINE lacks coordinates"),
    ],
)
def test_an_entity_that_cannot_be_read(line: int, handle: str, zh: str, en: str) -> None:
    text = damaged(HERE, tags(line=line), handle).text
    assert text.zh == f"{zh}、数字有误或不完整；请在 CAD 中检查（AUDIT）后重新导出"
    assert text.en == f"{en} or holds wrong numbers; check it in the CAD program (AUDIT) and export it again"


# --- Clips ---


@pytest.mark.parametrize(
    ("value", "handle"),
    [(b"2f", "2F"), (b" 002F\r\n", "2F"), (b"0", ""), (b"", ""), (None, ""), (5, ""), (b"10", "10")],
)
def test_handles_are_compared_in_capitals(value: Value | None, handle: str) -> None:
    assert handle_of(value) == handle


def dictionary(own: bytes, *pairs: tuple[int, Value]) -> Tags:
    return tags((5, own), *pairs, kind="DICTIONARY")


def clip(own: bytes, owner: bytes = b"0") -> Tags:
    return tags((5, own), (330, owner), kind="SPATIAL_FILTER")


def clipped(*objects: Tags) -> frozenset[str]:
    clips = Clips()
    for one in objects:
        clips.take(one)
    return clips.clipped()


EXTENSION = dictionary(b"E1", (330, b"A1"), (3, b"ACAD_FILTER"), (360, b"F1"))
FILTER = dictionary(b"F1", (330, b"E1"), (3, b"SPATIAL"), (360, b"C1"))


def test_everything_above_a_clip() -> None:
    assert clipped(EXTENSION, FILTER, clip(b"C1", b"F1")) == {"A1", "E1", "F1"}
    assert clipped(clip(b"c1", b"f1"), FILTER, EXTENSION) == {"A1", "E1", "F1"}


def test_the_way_may_be_known_from_either_end() -> None:
    without_owners = [
        dictionary(b"E1", (330, b"A1"), (3, b"acad_filter "), (350, b"F1")),
        dictionary(b"F1", (3, b" Spatial"), (350, b"C1")),
        tags((5, b"C1"), kind="SPATIAL_FILTER"),
    ]
    assert clipped(*without_owners) == {"A1", "E1", "F1"}


def test_several_clips() -> None:
    other = [
        dictionary(b"E2", (330, b"A2"), (3, b"ACAD_FILTER"), (360, b"F2")),
        dictionary(b"F2", (330, b"E2"), (3, b"SPATIAL"), (360, b"C2")),
        clip(b"C2", b"F2"),
    ]
    assert {"A1", "A2"} <= clipped(EXTENSION, FILTER, clip(b"C1", b"F1"), *other)


@pytest.mark.parametrize(
    "objects",
    [
        (EXTENSION, FILTER),  # no clip
        (dictionary(b"E1", (330, b"A1"), (3, b"ACAD_GROUP"), (360, b"C1")), clip(b"C1")),
        (dictionary(b"E1", (330, b"A1"), (360, b"C1")), clip(b"C1")),
        (tags((5, b"E1"), (330, b"A1"), (3, b"SPATIAL"), (360, b"C1"), kind="XRECORD"), clip(b"C1")),
        (clip(b"C1"),),
        (),
    ],
)
def test_what_is_not_clipped(objects: tuple[Tags, ...]) -> None:
    assert clipped(*objects) == frozenset()


def test_other_members_of_a_dictionary_are_not_clips() -> None:
    mixed = dictionary(b"E1", (330, b"A1"), (3, b"OTHER"), (360, b"C1"), (3, b"SPATIAL"), (360, b"X1"))
    assert clipped(mixed, clip(b"C1")) == frozenset()


def test_objects_that_own_each_other_come_to_an_end() -> None:
    one = dictionary(b"F1", (330, b"E1"), (3, b"SPATIAL"), (360, b"C1"))
    other = dictionary(b"E1", (330, b"F1"), (3, b"ACAD_FILTER"), (360, b"F1"))
    assert clipped(one, other, clip(b"C1", b"F1")) == {"E1", "F1"}
