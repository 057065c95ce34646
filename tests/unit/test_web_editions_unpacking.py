"""Uploaded layer files are laid out under names of our own, one layer at a time."""

import zipfile
from pathlib import Path

import pytest

from zoning.errors import LayerError, SiteError
from zoning.web.editions.unpacking import laid_out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "laid"
    found.mkdir()
    return found


def names(folder: Path) -> list[str]:
    return sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())


def plain(tmp_path: Path, content: bytes = b"data") -> Path:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return path


def packed(tmp_path: Path, *members: str) -> Path:
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w") as archive:
        for name in members:
            archive.writestr(name, name.encode())
    return path


@pytest.mark.parametrize(
    ("name", "laid"),
    [
        ("水源地.gpkg", "layer.gpkg"),
        ("A.GeoJSON", "layer.geojson"),
        ("a.b.parquet", "layer.parquet"),
        ("../../etc/passwd.gpkg", "layer.gpkg"),
        ("a b;c.fgb", "layer.fgb"),
    ],
)
def test_a_file_keeps_only_the_end_of_its_name(tmp_path: Path, folder: Path, name: str, laid: str) -> None:
    found = laid_out(plain(tmp_path), name, folder)
    assert found == folder / laid
    assert (names(folder), found.read_bytes()) == ([laid], b"data")


@pytest.mark.parametrize("name", ["a.shp", "a.SHP", "a.gdb"])
def test_a_part_of_several_files_is_asked_for_as_a_zip(tmp_path: Path, folder: Path, name: str) -> None:
    with pytest.raises(LayerError) as refused:
        laid_out(plain(tmp_path), name, folder)
    assert refused.value.text.zh == f"{name}：Shapefile 和 FileGDB 由几个文件组成；请把它们压缩成一个 ZIP 再上传"
    assert names(folder) == []


@pytest.mark.parametrize("name", ["a.exe", "a", "", "a.gpkg.bak", "gpkg", ".gpkg"])
def test_a_format_that_is_not_read_is_refused_with_those_that_are(tmp_path: Path, folder: Path, name: str) -> None:
    with pytest.raises(LayerError) as refused:
        laid_out(plain(tmp_path), name, folder)
    said = refused.value.text
    assert said.en.startswith(f"{name}: this format is not read; allowed: ")
    assert "GeoPackage" in said.en
    assert said.zh.endswith("、ZIP（Shapefile、FileGDB）")
    assert names(folder) == []


@pytest.mark.parametrize(
    ("members", "laid", "files"),
    [
        (["a.gpkg"], "layer.gpkg", ["layer.gpkg"]),
        (["水源/保护区.geojson", "readme.pdf"], "layer.geojson", ["layer.geojson"]),
        (
            ["d/A.shp", "d/a.DBF", "d/a.shx", "d/a.prj", "d/a.cpg", "d/a.sbn", "b.dbf", "a.prj"],
            "layer.shp",
            ["layer.cpg", "layer.dbf", "layer.prj", "layer.shp", "layer.shx"],
        ),
        (["a.shp"], "layer.shp", ["layer.shp"]),
        (
            ["x/W.gdb/a01.gdbtable", "x/W.gdb/gdb", "x/W.gdb/a.lock", "x/W.gdb/deeper/b.gdbtable"],
            "layer.gdb",
            ["layer.gdb/a01.gdbtable", "layer.gdb/gdb"],
        ),
        (["w.gdb/a.gdbtable", "w.gdb/表.gdbtable"], "layer.gdb", ["layer.gdb/a.gdbtable", "layer.gdb/part1"]),
        (["w.gdb/inner.gpkg", "w.gdb/a.gdbtable"], "layer.gdb", ["layer.gdb/a.gdbtable", "layer.gdb/inner.gpkg"]),
    ],
)
def test_the_one_layer_of_an_archive_is_unpacked(
    tmp_path: Path, folder: Path, members: list[str], laid: str, files: list[str]
) -> None:
    assert laid_out(packed(tmp_path, *members), "a.zip", folder) == folder / laid
    assert names(folder) == files


def test_the_parts_of_a_shapefile_are_its_own(tmp_path: Path, folder: Path) -> None:
    laid_out(packed(tmp_path, "d/a.shp", "d/a.dbf", "e/a.dbf", "d/ab.dbf"), "A.ZIP", folder)
    assert (folder / "layer.dbf").read_bytes() == b"d/a.dbf"


@pytest.mark.parametrize(
    ("members", "listed"),
    [
        ([], "-"),
        (["readme.txt", "a.dbf"], "-"),
        (["b.gpkg", "a.gpkg"], "a.gpkg, b.gpkg"),
        (["a.shp", "a.dbf", "b.geojson"], "a.shp, b.geojson"),
        (["v.gdb/a", "w.gdb/a"], "v.gdb, w.gdb"),
        ([f"{n}.gpkg" for n in range(7)], "0.gpkg, 1.gpkg, 2.gpkg, 3.gpkg, 4.gpkg"),
    ],
)
def test_no_layer_or_several_are_refused_by_name(tmp_path: Path, folder: Path, members: list[str], listed: str) -> None:
    with pytest.raises(LayerError) as refused:
        laid_out(packed(tmp_path, *members), "层.zip", folder)
    assert refused.value.text.en.startswith("层.zip: the archive has to hold exactly one layer file (shapefile, ")
    assert refused.value.text.en.endswith(f"it holds: {listed}")
    assert refused.value.text.zh.endswith(f"其中有：{listed}")
    assert names(folder) == []


@pytest.mark.parametrize("member", ["../a.gpkg", "/etc/a.gpkg", "d/../../a.gpkg"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, folder: Path, member: str) -> None:
    with pytest.raises(SiteError):
        laid_out(packed(tmp_path, member), "a.zip", folder)
    assert names(tmp_path) == ["upload"]


def test_what_is_no_archive_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(SiteError, match=r"a\.zip"):
        laid_out(plain(tmp_path, b"no archive"), "a.zip", folder)
    assert names(folder) == []
