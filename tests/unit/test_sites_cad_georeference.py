"""What a drawing says about its coordinate system: a .prj beside it, a note of a GIS, GEODATA, a text."""

from pathlib import Path

import pytest

from zoning.sites.cad.contents import Contents
from zoning.sites.cad.georeference import declared, old_datum_text, old_datum_warning, silence
from zoning.sites.cad.tags import Tags, Value
from zoning.sites.where import Where

HERE = Where("地块.dxf")
WKT = 'PROJCS["CGCS2000_3_Degree_GK_Zone_37"]'


def geodata(*pairs: tuple[int, Value], code: str = "4525", alias: str = "EPSG Code") -> Tags:
    """Return a GEODATA whose grid is that of the drawing; further pairs come before its own."""
    xml = (
        f'<Dictionary version="1.0"><Alias id="{code}" type="CoordinateSystem"><ObjectId>x</ObjectId>'
        f"<Namespace>{alias}</Namespace></Alias></Dictionary>"
    )
    usual: list[tuple[int, Value]] = [
        (70, b"2"),
        *[(code, value) for code, value in ((10, b"5"), (20, b"6"), (11, b"5"), (21, b"6"), (40, b"1"))],
        (12, b"0"),
        (22, b"1"),
        (301, xml.encode()),
    ]
    listed = [*pairs, *usual]
    return Tags("GEODATA", 0, [number for number, _ in listed], [value for _, value in listed])


def said(folder: Path, *objects: Tags, wkt: bytes = b"") -> tuple[str | None, list[str]]:
    contents = Contents()
    contents.geodata.extend(objects)
    contents.wkt = wkt
    crs, notes = declared(folder / "地块.dxf", contents, HERE)
    return (None if crs is None else crs.crs), [note.zh for note in notes]


FROM_GEODATA = ["地块.dxf：坐标系取自图中的地理位置（GEODATA）"]


def test_a_drawing_that_says_nothing(tmp_path: Path) -> None:
    assert said(tmp_path) == (None, [])


# --- A file beside it ---


@pytest.mark.parametrize("name", ["地块.prj", "地块.PRJ", "地块.Prj"])
@pytest.mark.parametrize("content", [WKT.encode(), b"\xef\xbb\xbf" + WKT.encode() + b"\r\n\0", f" {WKT} ".encode()])
def test_a_prj_of_the_same_name(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert said(tmp_path, geodata(), wkt=b"x") == (WKT, ["地块.dxf：坐标系取自同名的 地块.prj"])


def test_a_prj_in_the_encoding_of_the_office(tmp_path: Path) -> None:
    (tmp_path / "地块.prj").write_bytes('PROJCS["西安80"]'.encode("gb18030"))
    assert said(tmp_path)[0] == 'PROJCS["西安80"]'


def test_a_prj_of_a_shapefile_belongs_to_that(tmp_path: Path) -> None:
    (tmp_path / "地块.prj").write_text(WKT, "utf-8")
    (tmp_path / "地块.SHP").write_bytes(b"")
    assert said(tmp_path) == (None, [])


@pytest.mark.parametrize("content", [b"", b" \r\n", b"\0", b"\r\n\0"])
def test_an_empty_prj_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "地块.prj").write_bytes(content)
    assert said(tmp_path, geodata()) == ("EPSG:4525", FROM_GEODATA)


def test_a_prj_of_another_name_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "地块2.prj").write_text(WKT, "utf-8")
    assert said(tmp_path) == (None, [])


def test_a_folder_is_no_prj(tmp_path: Path) -> None:
    (tmp_path / "地块.prj").mkdir()
    assert said(tmp_path) == (None, [])


@pytest.mark.parametrize(("size", "read"), [(100_000, True), (100_001, False)])
def test_a_prj_is_short(tmp_path: Path, size: int, *, read: bool) -> None:
    (tmp_path / "地块.prj").write_bytes(b"x" * size)
    assert (said(tmp_path)[0] is not None) is read


def test_a_folder_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert said(tmp_path / "nowhere") == (None, [])


# --- Inside the drawing ---


def test_a_note_of_a_gis_counts_more_than_geodata(tmp_path: Path) -> None:
    assert said(tmp_path, geodata(), wkt=WKT.encode()) == (WKT, ["地块.dxf：坐标系取自 GIS 软件写在图中的定义"])


def test_the_code_of_geodata(tmp_path: Path) -> None:
    assert said(tmp_path, geodata()) == ("EPSG:4525", FROM_GEODATA)
    assert said(tmp_path, geodata(), geodata()) == ("EPSG:4525", FROM_GEODATA)


def test_two_codes_are_none(tmp_path: Path) -> None:
    assert said(tmp_path, geodata(), geodata(code="4526")) == (None, [])


def test_one_that_cannot_be_used_does_not_matter(tmp_path: Path) -> None:
    assert said(tmp_path, geodata((40, b"2"), code="4526"), geodata()) == ("EPSG:4525", FROM_GEODATA)


@pytest.mark.parametrize(
    ("pairs", "used"),
    [
        ([(70, b"1")], True),
        ([(70, b"3")], False),
        ([(70, b"0")], False),
        # The drawing is shifted against the grid.
        ([(10, b"0")], False),
        ([(20, b"0")], False),
        ([(11, b"5.001")], False),
        # Another unit, another north.
        ([(40, b"0.001")], False),
        ([(22, b"-1")], False),
        ([(12, b"0.1")], False),
        ([(12, b"0.0"), (22, b"1.0")], True),
        # Numbers that are none.
        ([(10, b"x")], False),
        ([(40, b"nan")], False),
    ],
)
def test_numbers_of_the_drawing_that_are_those_of_the_grid(
    tmp_path: Path, pairs: list[tuple[int, Value]], *, used: bool
) -> None:
    assert said(tmp_path, geodata(*pairs))[0] == ("EPSG:4525" if used else None)


@pytest.mark.parametrize(
    ("code", "alias", "found"),
    [
        ("4525", " EPSG Code ", "EPSG:4525"),
        ("900913", "EPSG Code", "EPSG:900913"),
        ("452", "EPSG Code", None),
        ("4525000", "EPSG Code", None),
        ("CGCS2000", "EPSG Code", None),
        ("4525", "Autodesk Code", None),
    ],
)
def test_the_alias_that_is_a_code(tmp_path: Path, code: str, alias: str, found: str | None) -> None:
    assert said(tmp_path, geodata(code=code, alias=alias))[0] == found


def test_a_definition_in_several_pieces(tmp_path: Path) -> None:
    whole = geodata()
    index = whole.codes.index(301)
    text = whole.values[index]
    assert isinstance(text, bytes)
    whole.codes[index : index + 1] = [303, 303, 301]
    whole.values[index : index + 1] = [text[:50] + b"\r\n", text[50:90] + b"\n", text[90:]]
    assert said(tmp_path, whole)[0] == "EPSG:4525"


def test_the_alias_of_one_system_ends_with_it(tmp_path: Path) -> None:
    tags = geodata(alias="Other")
    index = tags.codes.index(301)
    text = tags.values[index]
    assert isinstance(text, bytes)
    tags.values[index] = text + b'<Alias id="x"><Namespace>EPSG Code</Namespace></Alias>'
    assert said(tmp_path, tags)[0] is None


# --- Texts ---


def named(*texts: str) -> str | None:
    return old_datum_text([text.encode() for text in texts], bytes.decode)


@pytest.mark.parametrize(
    "text",
    [
        "西安80",
        "西安 1980坐标系",
        "80年西安",
        "1980西安坐标系",
        "北京54",
        "1954年北京坐标系",
        "54 北京",
        "80坐标系",
        "1954国家大地坐标系",
        "Xian 1980",
        "Xi'an_80",
        "BEIJING-54",
        "bj54",
    ],
)
def test_texts_that_name_an_old_datum(text: str) -> None:
    assert named("图名", text) == text


@pytest.mark.parametrize(
    "text", ["", "2000国家大地坐标系", "1985国家高程基准", "西安市", "北京", "180坐标系", "1:54", "54号点"]
)
def test_texts_that_name_none(text: str) -> None:
    assert named(text) is None


def test_of_several_texts_the_first_in_order_is_quoted_and_cut() -> None:
    assert named("西安80 b", "西安80 a") == "西安80 a"
    assert named(f"西安80{'x' * 40}") == f"西安80{'x' * 36}"


def test_the_sentences_about_them() -> None:
    assert silence(None).zh == "DXF 没有坐标系"
    assert silence(None).en == "a DXF states no coordinate system"
    assert silence("西安80").zh == "DXF 没有坐标系（图中文字写有“西安80”）"
    assert silence("西安80").en == "a DXF states no coordinate system (a text in it reads “西安80”)"
    text = old_datum_warning(HERE, "西安80")
    assert text.zh == "地块.dxf：图中文字写有“西安80”：坐标若属旧坐标系，会偏差数十至上百米；请向测绘单位核实"
    assert text.en == (
        "地块.dxf: a text in the drawing reads “西安80”: coordinates of an old datum are off by tens of metres or "
        "more; ask the surveyor"
    )
