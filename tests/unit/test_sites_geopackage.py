"""GeoPackages of applicants that contradict themselves, or hold what is no text: told, never read by chance."""

import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pyproj import CRS

import boundary_writers as bw
from gdal_writers import frame, write
from geopackage_edits import Statement, changed_geopackage
from zoning.errors import CRSError
from zoning.sites import Site, read_sites
from zoning.sites.limits import Options
from zoning.sites.streaming import stream_sites

SECOND = bw.shifted(bw.SQUARE, 0.05)


def changed(path: Path, fid: int, change: Callable[[bytes], bytes]) -> Path:
    """Change the geometry of a record as bytes."""
    with closing(sqlite3.connect(path)) as connection:
        (blob,) = connection.execute("SELECT geom FROM 地块 WHERE fid = ?", (fid,)).fetchone()
    return changed_geopackage(path, ("UPDATE 地块 SET geom = ? WHERE fid = ?", (change(bytes(blob)), fid)))


def read(path: Path, crs: str | None = None) -> tuple[Site, ...]:
    return read_sites(path, expected=bw.EXPECTED, crs=crs)


@pytest.fixture
def two(tmp_path: Path) -> Path:
    content = frame([bw.SQUARE], [SECOND], code="EPSG:4526", columns={"地块编号": ["甲", "乙"], "名称": ["东", "西"]})
    return write(tmp_path / "a.gpkg", content, "GPKG", layer="地块")


def known(code: int, definition: str | None = None) -> Statement:
    """Return the statement that makes a system known."""
    system = CRS.from_epsg(code)
    return (
        "INSERT OR REPLACE INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, '')",
        (system.name, code, code, definition or system.to_wkt("WKT1_GDAL")),
    )


def headed(srs_id: int, *, big: bool = False) -> Callable[[bytes], bytes]:
    def change(blob: bytes) -> bytes:
        flags = blob[3] & 0xFE if big else blob[3]
        # The envelope behind is not read: it keeps its order of bytes.
        return blob[:3] + bytes([flags]) + struct.pack(">i" if big else "<i", srs_id) + blob[8:]

    return change


def refusal(path: Path) -> CRSError:
    with pytest.raises(CRSError) as caught:
        read(path)
    return caught.value


ASK = "；请向提供单位问明，统一后重新导出，或用 --crs 说明"
HEADER = (
    "a.gpkg：图层 地块 的坐标系前后矛盾：gpkg_geometry_columns 写的是 srs_id 4526，a.gpkg 第 2 个图形写的是 srs_id 4525"
)


def test_two_tables_that_differ_are_refused(two: Path) -> None:
    changed_geopackage(two, known(4525), ("UPDATE gpkg_contents SET srs_id = 4525", ()))
    assert refusal(two).get("zh") == (
        "a.gpkg：图层 地块 的坐标系前后矛盾：gpkg_geometry_columns 写的是 srs_id 4526，gpkg_contents 写的是 srs_id 4525"
        + ASK
    )


def test_a_geometry_of_another_system_is_refused_by_its_record(two: Path) -> None:
    assert refusal(changed(two, 2, headed(4525))).get("zh") == HEADER + ASK


def test_the_user_may_say_which_system_holds(two: Path) -> None:
    changed(two, 2, headed(4525))
    first, second = read(two, crs="EPSG:4526")
    assert HEADER + "；按用户说明的读取" in [text.zh for text in first.warnings]
    assert (first.crs, second.crs) == ("EPSG:4526", "EPSG:4526")


def test_a_layer_without_a_system_whose_geometries_state_one_is_refused(two: Path) -> None:
    changed_geopackage(
        two, ("UPDATE gpkg_geometry_columns SET srs_id = 0", ()), ("UPDATE gpkg_contents SET srs_id = 0", ())
    )
    assert "gpkg_geometry_columns 写的是 srs_id 0，a.gpkg 第 1 个图形写的是 srs_id 4526" in refusal(two).get("zh")


def test_a_definition_of_another_system_is_refused(two: Path) -> None:
    changed_geopackage(two, known(4526, CRS.from_epsg(2362).to_wkt("WKT1_GDAL")))
    assert refusal(two).get("zh") == (
        "a.gpkg：图层 地块 的坐标系编号是 EPSG:4526，定义写的却是“Xian 1980 / 3-degree Gauss-Kruger zone 38”，"
        "两者不是一回事" + ASK
    )


@pytest.mark.parametrize("way", ["WKT1_GDAL", "WKT1_ESRI", "WKT2_2019"])
@pytest.mark.parametrize("code", [4490, 4526, 4547, 32649])
def test_a_definition_in_other_words_is_no_contradiction(tmp_path: Path, code: int, way: str) -> None:
    path = write(tmp_path / "a.gpkg", frame([bw.SQUARE], code=f"EPSG:{code}"), "GPKG", layer="地块")
    changed_geopackage(path, known(code, CRS.from_epsg(code).to_wkt(way)))
    (site,) = read(path)
    assert site.crs == f"EPSG:{code}"


@pytest.mark.parametrize("definition", ["undefined", "", "no text of a system"])
def test_a_definition_that_says_nothing_is_no_contradiction(two: Path, definition: str) -> None:
    changed_geopackage(two, ("UPDATE gpkg_spatial_ref_sys SET definition = ? WHERE srs_id = 4526", (definition,)))
    assert [site.crs for site in read(two)] == ["EPSG:4526", "EPSG:4526"]


@pytest.mark.parametrize("srs_id", [0, -1, 4526])
@pytest.mark.parametrize("big", [False, True])
def test_geometries_that_state_nothing_or_the_same_are_read(two: Path, srs_id: int, big: bool) -> None:
    assert len(read(changed(two, 2, headed(srs_id, big=big)))) == 2


def test_an_open_ring_of_one_record_is_closed_there(two: Path) -> None:
    changed(two, 2, lambda blob: blob[:-8] + struct.pack("<d", struct.unpack("<d", blob[-8:])[0] + 30.0))
    first, second = read(two)
    assert [repair.kind for repair in first.repairs] == []
    assert [repair.kind for repair in second.repairs] == ["closed-ring"]


def in_gbk(path: Path) -> Path:
    """Write the ids as GBK bytes, and the name of the second record."""
    change = "UPDATE 地块 SET 地块编号 = CAST(? AS TEXT) WHERE 地块编号 = ?"
    ids = [(change, (name.encode("gbk"), name)) for name in ("甲", "乙")]
    return changed_geopackage(path, *ids, ("UPDATE 地块 SET 名称 = CAST(x'61CEF7' AS TEXT) WHERE fid = 2", ()))


def no_text(record: int, field: str, written: str) -> str:
    return (
        f"a.gpkg 第 {record} 个图形：字段 {field} 的值不是 UTF-8 文字，读不出来，按字节写作 {written}；请核对后重新导出"
    )


def test_values_that_are_no_text_are_told_and_ids_stay_apart(two: Path) -> None:
    first, second = read(in_gbk(two))
    assert [(site.id, site.name) for site in (first, second)] == [("\\xbc\\xd7", "东"), ("\\xd2\\xd2", "a\\xce\\xf7")]
    assert [text.zh for text in first.warnings] == [no_text(1, "地块编号", "\\xbc\\xd7")]
    assert [text.zh for text in second.warnings] == [
        no_text(2, "地块编号", "\\xd2\\xd2"),
        no_text(2, "名称", "a\\xce\\xf7"),
    ]


def test_in_slices_the_same_is_told(two: Path) -> None:
    options = Options(bw.EXPECTED)
    (slice_,) = stream_sites(in_gbk(two), options)
    assert tuple(row.site for row in slice_) == read(two)
