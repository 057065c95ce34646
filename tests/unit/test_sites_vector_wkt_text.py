"""WKT and EWKT read sign by sign: every spelling of a geometry, and the place near which a text goes wrong."""

from pathlib import Path

import pytest
import shapely

from both_languages import both
from zoning.errors import CRSError, SiteError
from zoning.sites.drawing import Drawing, MalformedError
from zoning.sites.limits import Limits, Options, Tally
from zoning.sites.raw import RawFile
from zoning.sites.vector.wkt import one_geometry, read_wkt, stated_srid
from zoning.sites.where import Where

HERE = Where("范围.wkt")


def one(text: str, limits: Limits | None = None) -> list[Drawing]:
    return one_geometry(text, Tally(limits or Limits()), HERE)


def plain(drawings: list[Drawing]) -> list[tuple[str, list[list[list[float]]]]]:
    return [(drawing.kind, [ring.tolist() for ring in drawing.rings]) for drawing in drawings]


def refused(text: str) -> tuple[str, str]:
    with pytest.raises(MalformedError) as caught:
        one(text)
    return caught.value.text.zh, caught.value.text.en


def near(words: str) -> tuple[str, str]:
    return (
        f"WKT 在 “{words}” 处有误或不完整；请重新导出",
        f"the WKT is wrong or cut off near “{words}”; export it again",
    )


@pytest.mark.parametrize(
    ("text", "drawings"),
    [
        ("POINT (1 2)", [("point", [[[1, 2]]])]),
        ("point(1 2)", [("point", [[[1, 2]]])]),
        ("POINT Z (1 2 3)", [("point", [[[1, 2, 3]]])]),
        ("POINTZ(1 2 3)", [("point", [[[1, 2, 3]]])]),
        ("POINT M (1 2 3)", [("point", [[[1, 2, 3]]])]),
        ("POINTM (1 2 3)", [("point", [[[1, 2, 3]]])]),
        ("Point ZM (1 2 3 4)", [("point", [[[1, 2, 3, 4]]])]),
        ("POINTZM (1 2 3 4)", [("point", [[[1, 2, 3, 4]]])]),
        ("MULTIPOINT (1 2, 3 4)", [("point", [[[1, 2]]]), ("point", [[[3, 4]]])]),
        ("MULTIPOINT ((1 2), (3 4))", [("point", [[[1, 2]]]), ("point", [[[3, 4]]])]),
        ("MULTIPOINT ( (1 2) )", [("point", [[[1, 2]]])]),
        ("LINESTRING (0 0, 1 1)", [("line", [[[0, 0], [1, 1]]])]),
        ("LINESTRING(0 0,1 1,2 0)", [("line", [[[0, 0], [1, 1], [2, 0]]])]),
        ("MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))", [("line", [[[0, 0], [1, 1]]]), ("line", [[[2, 2], [3, 3]]])]),
        ("POLYGON ((0 0, 4 0, 4 4, 0 0))", [("polygon", [[[0, 0], [4, 0], [4, 4], [0, 0]]])]),
        (
            "POLYGON((0 0,9 0,9 9,0 0),(5 1,6 1,6 2,5 1))",
            [("polygon", [[[0, 0], [9, 0], [9, 9], [0, 0]], [[5, 1], [6, 1], [6, 2], [5, 1]]])],
        ),
        (
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((5 0, 6 0, 6 1, 5 0)))",
            [("polygon", [[[0, 0], [4, 0], [4, 4], [0, 0]]]), ("polygon", [[[5, 0], [6, 0], [6, 1], [5, 0]]])],
        ),
        (
            "GEOMETRYCOLLECTION (POINT (1 2), GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1)))",
            [("point", [[[1, 2]]]), ("line", [[[0, 0], [1, 1]]])],
        ),
        ("SRID=4490;POINT (1 2)", [("point", [[[1, 2]]])]),
        ("  POINT\n(\t1\n2 ) \n", [("point", [[[1, 2]]])]),
        ("POINT (-1.5e3 +.25)", [("point", [[[-1500, 0.25]]])]),
        ("POINT (1 2);", [("point", [[[1, 2]]])]),
    ],
)
def test_spellings_of_a_geometry(text: str, drawings: list[tuple[str, list[list[list[float]]]]]) -> None:
    assert plain(one(text)) == drawings


@pytest.mark.parametrize("kind", ["POINT", "LINESTRING", "POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION"])
@pytest.mark.parametrize("ending", [" EMPTY", " Z EMPTY", "ZM EMPTY", " empty "])
def test_an_empty_geometry_has_no_drawings(kind: str, ending: str) -> None:
    assert one(kind + ending) == []


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))",
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((10 0, 14 0, 14 4, 10 0)))",
        "POLYGON Z ((0 0 7, 4 0 7, 4 4 7, 0 0 7))",
    ],
)
def test_what_another_library_writes(text: str) -> None:
    shape = shapely.from_wkt(text)
    drawings = one(shape.wkt)
    assert sum(shapely.Polygon(d.rings[0], d.rings[1:]).area for d in drawings) == shape.area


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("1 2", "1 2"),
        ("POINT", "POINT"),
        ("POINT 1 2", "POINT 1 2"),
        ("POINT (1)", "1)"),
        ("POINT (1 2 3 4 5)", "1 2 3 4 5)"),
        ("POINT ()", ")"),
        ("POINT (1 x)", "1 x)"),
        ("POINT (1 2", "1 2"),
        ("POINT (1,2)", "1,2)"),
        ("LINESTRING (0 0, 1 1 1)", "0 0, 1 1 1)"),
        ("LINESTRING (0 0, )", "0 0, )"),
        ("POLYGON (0 0, 1 1)", "0 0, 1 1)"),
        ("POLYGON ((0 0, 1 1, 1 0, 0 0)", ""),
        ("POLYGON ((0 0, 1 1, 1 0, 0 0) (1 1))", "1 1))"),
        ("MULTIPOLYGON ((0 0, 1 1))", "0 0, 1 1))"),
        ("GEOMETRYCOLLECTION ((0 0))", "(0 0))"),
        ("GEOMETRYCOLLECTION (POINT (1 2)", ""),
        ("SRID=4490 POINT (1 2)", "SRID=4490 POINT (1 2"),
        ("面 (1 2)", "面 (1 2)"),
    ],
)
def test_the_place_is_told_near_which_it_goes_wrong(text: str, words: str) -> None:
    zh, en = refused(text)
    if words and len(words) < 20:
        assert (zh, en) == near(words)
    else:
        assert zh.startswith(f"WKT 在 “{words}")
        assert en.endswith("; export it again")


@pytest.mark.parametrize("word", ["CIRCULARSTRING", "CURVEPOLYGON", "TIN", "TRIANGLE", "BOX", "POINTS"])
def test_other_types_are_named(word: str) -> None:
    assert refused(f"{word.lower()} (1 2)") == (
        f"几何类型 {word} 不能读取（曲线请先转为折线）",
        f"the geometry type {word} is not read (convert curves to lines first)",
    )


@pytest.mark.parametrize(
    ("rest", "words"),
    [("POINT (3 4)", "POINT (3 4)"), ("x", "x"), (")", ")"), ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "POLYGON ((0 0, 1 0,")],
)
def test_a_cell_holds_one_geometry(rest: str, words: str) -> None:
    assert refused(f"POINT (1 2) {rest}") == (
        f"图形之后还有 “{words}”；一格只能有一个图形（几块合成一个的请写成 MULTIPOLYGON）",
        f"“{words}” follows behind the geometry; a cell holds one geometry (write several parts as MULTIPOLYGON)",
    )


def nested(depth: int) -> str:
    return "GEOMETRYCOLLECTION (" * depth + "POINT (1 2)" + ")" * depth


def test_collections_are_thirty_two_deep_at_most() -> None:
    assert plain(one(nested(32))) == [("point", [[[1, 2]]])]
    with pytest.raises(MalformedError):
        one(nested(33))


@pytest.mark.parametrize(
    ("text", "name", "needed"),
    [
        ("MULTIPOINT (1 2, 3 4, 5 6)", "vertices", 3),
        ("POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))", "vertices", 8),
        ("POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))", "rings", 2),
        ("GEOMETRYCOLLECTION (POINT (1 2), POINT (3 4))", "parts", 3),
    ],
)
def test_counts_beyond_the_limits_stop_the_reading(text: str, name: str, needed: int) -> None:
    assert one(text, Limits(**{name: needed}))
    with pytest.raises(SiteError, match=f"more than the allowed {needed - 1} {name}"):
        one(text, Limits(**{name: needed - 1}))


def test_many_points_are_one_path() -> None:
    count = 50_001
    ring = one(f"LINESTRING ({','.join(f'{n} 1' for n in range(count))})")[0].rings[0]
    assert ring.shape == (count, 2)
    assert ring[[0, 50_000], 0].tolist() == [0.0, 50_000.0]


@pytest.mark.parametrize(
    ("text", "srid"),
    [
        ("SRID=4490;POINT (1 2)", "4490"),
        (" srid = 4546 ; POINT (1 2)", "4546"),
        ("SRID=0;POINT (1 2)", "0"),
        ("POINT (1 2)", ""),
        ("SRID=x;POINT (1 2)", ""),
        ("SRID=-1;POINT (1 2)", ""),
        ("POINT (1 2) SRID=4490;", ""),
        ("", ""),
    ],
)
def test_the_srid_in_front(text: str, srid: str) -> None:
    assert stated_srid(text) == srid


# --- the file ---

SQUARE = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"
TRIANGLE = "POLYGON ((20 0, 21 0, 21 1, 20 0))"


def read(folder: Path, text: str, encoding: str = "utf-8", options: Options | None = None) -> RawFile:
    path = folder / "范围.wkt"
    path.write_bytes(text.encode(encoding))
    return read_wkt(path, options or Options())


@pytest.mark.parametrize("between", ["\n", ";\n", " ; ; ", "", "\r\n\r\n"])
def test_geometries_stand_behind_each_other(tmp_path: Path, between: str) -> None:
    found = read(tmp_path, SQUARE + between + TRIANGLE + "\n")
    assert [(site.where.record, site.geometry.area) for site in found.sites] == [(1, 100.0), (2, 0.5)]
    assert found.declared is None
    assert (found.silence.zh, found.silence.en) == ("WKT 没有写 SRID", "the WKT has no SRID")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_srid_is_that_of_every_geometry(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path, f"SRID=4490;{SQUARE}\nSRID=4490;{TRIANGLE}", encoding)
    assert found.declared is not None
    assert found.declared.crs == "EPSG:4490"


@pytest.mark.parametrize("second", [f"SRID=4546;{TRIANGLE}", TRIANGLE])
def test_systems_that_differ(tmp_path: Path, second: str) -> None:
    zh, _ = both(lambda: read(tmp_path, f"SRID=4490;{SQUARE}\n{second}"), CRSError)
    assert zh == "范围.wkt：各图形的 SRID 不一致；一个文件只能有一个坐标系"


def test_what_is_wrong_is_named_by_its_record(tmp_path: Path) -> None:
    assert both(lambda: read(tmp_path, f"{SQUARE}\n{TRIANGLE}\nPOLYGON ((0 0"), SiteError) == (
        "范围.wkt 第 3 个图形：WKT 在 “0 0” 处有误或不完整；请重新导出",
        "范围.wkt, record 3: the WKT is wrong or cut off near “0 0”; export it again",
    )


def test_the_counts_of_a_file_go_on_from_record_to_record(tmp_path: Path) -> None:
    text = f"{SQUARE}\n{TRIANGLE}"
    assert len(read(tmp_path, text, options=Options(limits=Limits(vertices=9))).sites) == 2
    with pytest.raises(SiteError, match="more than the allowed 8 vertices"):
        read(tmp_path, text, options=Options(limits=Limits(vertices=8)))


def test_a_file_without_geometries_has_no_sites(tmp_path: Path) -> None:
    found = read(tmp_path, " ;\n")
    assert (found.sites, found.declared) == ((), None)
