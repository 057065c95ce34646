"""MapInfo: clauses and heads taken apart, deleted rows, and what the driver gets to see."""

import struct
from pathlib import Path

import pytest

from boundary_writers import EXPECTED, SQUARE, plane, shifted
from mapinfo_files import ZONE_37, mif, patch_tab, region, write_mif, write_tab
from zoning.errors import CRSError
from zoning.sites import read_sites
from zoning.sites.limits import Limits
from zoning.sites.vector.mapinfo_systems import Frame, frame_of, meaning
from zoning.sites.vector.mif_text import plain_copy
from zoning.sites.vector.tab_parts import find_parts, plain_text, read_head
from zoning.sites.where import Where

WHERE = Where("a.tab")
SQUARE_37 = plane("EPSG:4525", SQUARE)
NEXT_37 = plane("EPSG:4525", shifted(SQUARE, 0.01))


@pytest.mark.parametrize(
    ("clause", "frame"),
    [
        (ZONE_37, Frame(8, 104, None)),
        ("CoordSys Earth Projection 1, 104", Frame(1, 104, None)),
        ('coordsys earth projection 8,999,28,1,0,0,"m",111,0,1,500000,0', Frame(8, 999, 28, shifted=True)),
        ('CoordSys Earth Projection 8, 9999, 3, 0, 0, 0, 0, 0, 1, 0, 0, "m", 111', Frame(8, 9999, 3, shifted=True)),
        ('CoordSys Earth Projection 8, 9999, 0, 0, 0, 0, 0, 0, 0, 0, 0, "m", 111', Frame(8, 9999, 0)),
        ('CoordSys Earth Projection 2008, 104, "m", 111, 0, 1, 500000, 0, 1, 2, 3, 4', Frame(8, 104, None)),
        ('CoordSys Earth Projection 3008, 104, "m", 111, 0, 1, 500000, 0', Frame(8, 104, None, affine=True)),
        ('CoordSys Earth Projection 8, 104, "m", 111 Affine Units "m", 1, 0, 0', Frame(8, 104, None, affine=True)),
        ('CoordSys NonEarth Units "m" Bounds (0, 0) (1, 1)', Frame(0, None, None)),
        ("CoordSys Earth Projection x, 104", None),
        ("CoordSys Layout", None),
        ("", None),
    ],
)
def test_a_clause_is_taken_apart(clause: str, frame: Frame | None) -> None:
    assert frame_of(clause) == frame


def test_an_affine_transformation_is_refused() -> None:
    with pytest.raises(CRSError, match="has an affine transformation, which is not read"):
        meaning(Frame(8, 104, 28, affine=True), "", "", WHERE)


def test_the_head_of_a_table_is_read(tmp_path: Path) -> None:
    path = write_tab(tmp_path / "a.tab", [SQUARE_37], bounds="37000000,3000000,38000000,4000000")
    head = read_head(find_parts(path, WHERE), WHERE, Limits())
    assert head.frame == Frame(8, 104, 28)
    assert head.rows == 1
    assert head.resolution == pytest.approx(1_000_000 / 2e9)


def test_an_affine_transformation_in_the_head_of_a_table_is_seen(tmp_path: Path) -> None:
    path = write_tab(tmp_path / "a.tab", [SQUARE_37])
    data = bytearray(path.with_suffix(".map").read_bytes())
    struct.pack_into("<h", data, 0x106, 1024)
    data[0x200] = 1
    path.with_suffix(".map").write_bytes(data)
    assert read_head(find_parts(path, WHERE), WHERE, Limits()).frame.affine


def test_deleted_rows_stay_out(tmp_path: Path) -> None:
    path = write_tab(tmp_path / "a.tab", [SQUARE_37], [NEXT_37])
    table = path.with_suffix(".dat")
    data = bytearray(table.read_bytes())
    first, _ = struct.unpack_from("<HH", data, 8)
    data[first : first + 1] = b"*"
    table.write_bytes(data)
    objects = path.with_suffix(".id")
    objects.write_bytes(bytes(4) + objects.read_bytes()[4:])
    (site,) = read_sites(path, expected=EXPECTED)
    assert site.attributes["TBBH"] == "D2"
    assert site.geometry.bounds[0] == pytest.approx(min(x for x, _ in NEXT_37), abs=0.001)


def test_the_driver_sees_no_letter_that_it_could_quote(tmp_path: Path) -> None:
    path = write_tab(tmp_path / "a.tab", [SQUARE_37])
    patch_tab(path, {"XMMC": "项目名称", "TBBH": "图斑编号"}, "WindowsSimpChinese")
    text, names = plain_text(path.read_bytes())
    assert text.isascii()
    assert b'Charset "Neutral"' in text
    assert b"!charset Neutral" in text
    assert [name.decode("gbk") for name in names] == ["项目名称", "图斑编号"]


def test_the_copy_of_an_exchange_file_is_plain(tmp_path: Path) -> None:
    label = 'Text "一号地块"\n37618500 3920300 37618600 3920400\n'
    path = write_mif(tmp_path, mif(label, region(SQUARE_37)))
    names = plain_copy(path, tmp_path / "b.mif")
    copied = (tmp_path / "b.mif").read_bytes()
    assert copied.isascii()
    assert b"  F1 Char(40)\n  F2 Char(10)\n  F3 Float\n" in copied
    assert [name.decode("gbk") for name in names] == ["名称", "编号", "MJ"]
