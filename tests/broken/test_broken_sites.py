"""One wrong boundary file per mistake that people make; the sentences stand in site_sentences.yaml."""

import struct
import zipfile
from pathlib import Path

import pytest
from pyproj import CRS

import boundary_writers as bw
from refusals import SENTENCES, Maker, file, refused, rows
from zoning.errors import CRSError, SiteError, UsageError
from zoning.sites import read_sites

SPECIAL = SENTENCES["special"]


def test_exit_codes() -> None:
    assert (UsageError.exit_code, SiteError.exit_code, CRSError.exit_code) == (2, 10, 12)


FILES: dict[str, Maker] = {
    "no-such-file": lambda folder: folder / "无.kml",
    "file-as-folder": lambda folder: bw.write(folder / "a.kml", "x") / "b.kml",
    "empty-file": file("a.geojson", b""),
    "unread-format": file("a.dwg", b"AC1018"),
    "part-of-a-shapefile": file("a.dbf", b"\x03"),
    "zip-named-shp": file("a.shp", b"PK\x03\x04rest"),
    "text-named-gpkg": file("a.gpkg", b"not a database"),
    "picture": file("a.boundary", b"\x89PNG"),
    "text-without-coordinates": file("a.txt", "项目红线另附"),
    "crs-as-wkt": file("a.wkt", CRS.from_epsg(4525).to_wkt("WKT1_GDAL")),
    "virtual-path": lambda _: Path("/vsicurl/http://example.org/a.shp"),
    "web-address": lambda _: Path("https://example.org/a.kml"),
}


@pytest.mark.parametrize("name", SENTENCES["files"])
def test_file(tmp_path: Path, name: str) -> None:
    refused(FILES[name](tmp_path), SiteError, SENTENCES["files"][name])


def test_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a.gdb"
    folder.mkdir()
    refused(folder, SiteError, SPECIAL["folder"])


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = bw.write(tmp_path / "a.kml", "<kml/>")
    monkeypatch.setattr(Path, "open", denied)  # whoever runs the tests as root may open anything
    refused(path, SiteError, SPECIAL["no-permission"])


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    with path.open("wb") as stream:
        stream.truncate(250_000_000)
    refused(path, SiteError, SPECIAL["too-large"])


def test_options(tmp_path: Path) -> None:
    path = bw.write(tmp_path / "a.kml", bw.kml(bw.placemark([bw.SQUARE])))
    refused(path, UsageError, SPECIAL["negative-width"], width_m=-1.0)
    refused(path, UsageError, SPECIAL["layer-of-a-kml"], layer="x")
    path = bw.write(tmp_path / "a.txt", bw.txt(rows(bw.SQUARE)))
    refused(path, UsageError, SPECIAL["unknown-encoding"], encoding="klingon")


def shapefile(code: str, prj: str | None) -> Maker:
    def make(folder: Path) -> Path:
        shp = bw.write_bare_shapefile(folder / "a.shp", [bw.plane(code, bw.SQUARE)[::-1]])
        if prj is not None:
            shp.with_suffix(".prj").write_text(prj, encoding="utf-8")
        return shp

    return make


SYSTEMS: dict[str, Maker] = {
    "no-prj": shapefile("EPSG:4526", None),
    "empty-prj": shapefile("EPSG:4547", ""),
    "no-prj-far-away": shapefile("EPSG:2056", None),
    "damaged-prj": shapefile("EPSG:4526", "PROJCS[nonsense"),
    "prj-of-xian-1980": shapefile("EPSG:4526", CRS.from_epsg(2362).to_wkt("WKT1_ESRI")),
    "prj-of-beijing-1954": shapefile("EPSG:4526", CRS.from_epsg(2414).to_wkt("WKT1_ESRI")),
    "prj-of-the-other-zone": shapefile("EPSG:4525", CRS.from_epsg(4526).to_wkt("WKT1_ESRI")),
    "metres-in-geojson": file("a.geojson", bw.geojson(bw.polygon([bw.plane("EPSG:4525", bw.SQUARE)]))),
    "crs-member-without-name": file("a.geojson", bw.geojson(bw.polygon([bw.SQUARE]), crs={"type": "link"})),
    "wkt-without-srid": file("a.wkt", bw.wkt([bw.SQUARE])),
    "zone-against-header": file("a.txt", bw.txt(rows(bw.SQUARE, code="EPSG:4526"))),
    "txt-in-xian-1980": file("a.txt", bw.txt(rows(bw.SQUARE), 坐标系="1980西安坐标系")),
    "txt-in-beijing-1954": file("a.txt", bw.txt(rows(bw.SQUARE), 坐标系="1954年北京坐标系")),
    "txt-in-a-local-system": file("a.txt", bw.txt(rows(bw.SQUARE), 坐标系="地方坐标系")),
    "txt-without-system": file("a.txt", bw.txt(rows(bw.SQUARE), 坐标系="")),
    "txt-without-zone": file("a.txt", bw.txt(rows(bw.shifted(bw.SQUARE, 1.0), code="EPSG:4546"), 带号="")),
    "header-of-the-other-zone": file("a.txt", bw.txt(rows(bw.SQUARE, code="EPSG:4547"))),
    "six-degree-easting": file("a.txt", bw.txt(rows(bw.SQUARE, code="EPSG:4497"), 带号="")),
    "six-degree-header": file("a.txt", bw.txt(rows(bw.SQUARE), 几度分带="6")),
    "meridian-as-zone": file("a.txt", bw.txt(rows(bw.SQUARE), 带号="111")),
    "unit": file("a.txt", bw.txt(rows(bw.SQUARE), 计量单位="千米")),
    "projection": file("a.txt", bw.txt(rows(bw.SQUARE), 投影类型="兰勃特")),
    "shift-parameters": file("a.txt", bw.txt(rows(bw.SQUARE), 转换参数="12.3,0,0,0,0,0,0")),
    "two-zones": file("a.txt", bw.txt([*rows(bw.SQUARE)[:-1], "J5,1,3919746.7830,38345760.0000"])),
}


@pytest.mark.parametrize("name", SENTENCES["systems"])
def test_coordinate_system(tmp_path: Path, name: str) -> None:
    refused(SYSTEMS[name](tmp_path), CRSError, SENTENCES["systems"][name])


def test_unknown_code_from_the_user(tmp_path: Path) -> None:
    refused(SYSTEMS["no-prj"](tmp_path), CRSError, SPECIAL["unknown-code"], crs="EPSG:1")


def test_the_user_cannot_relabel_an_old_datum(tmp_path: Path) -> None:
    name = "prj-of-xian-1980"
    refused(SYSTEMS[name](tmp_path), CRSError, SENTENCES["systems"][name], crs="EPSG:4526")


PLACES: dict[str, Maker] = {
    "outside-every-territory": file("a.geojson", bw.geojson(bw.polygon([bw.shifted(bw.SQUARE, 4.0, 4.5)]))),
    "one-vertex-far-away": file("a.geojson", bw.geojson(bw.polygon([[*bw.SQUARE[:2], (0.0, 0.0), *bw.SQUARE[3:]]]))),
}


@pytest.mark.parametrize("name", SENTENCES["places"])
def test_place(tmp_path: Path, name: str) -> None:
    refused(PLACES[name](tmp_path), SiteError, SENTENCES["places"][name])


def test_shapefile_in_pieces(tmp_path: Path) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE])
    whole = shp.read_bytes()
    refused(bw.write(shp, whole[:-10]), SiteError, SPECIAL["shp-cut-off"])
    bw.write(shp, whole)
    dbf = shp.with_suffix(".dbf").read_bytes()
    bw.write(shp.with_suffix(".dbf"), dbf[:4] + struct.pack("<I", 3) + dbf[8:])
    refused(shp, SiteError, SPECIAL["dbf-of-another-file"])
    shp.with_suffix(".shx").unlink()
    refused(shp, SiteError, SPECIAL["no-shx"])


def test_shapefile_of_bodies(tmp_path: Path) -> None:
    refused(bw.write_bare_shapefile(tmp_path / "a.shp", [bw.SQUARE], kind=31), SiteError, SPECIAL["multipatch"])


def test_geopackage_cut_off(tmp_path: Path) -> None:
    data = bw.write_gpkg(tmp_path / "whole.gpkg", [bw.SQUARE]).read_bytes()
    refused(bw.write(tmp_path / "a.gpkg", data[:20_000]), SiteError, SPECIAL["gpkg-cut-off"])


def test_geopackage_with_two_layers(tmp_path: Path) -> None:
    bw.write_gpkg(tmp_path / "a.gpkg", [bw.SQUARE], layer="东区")
    path = bw.write_gpkg(tmp_path / "a.gpkg", [bw.SQUARE], layer="西区")
    refused(path, SiteError, SPECIAL["two-layers"])


def cut_zip(folder: Path) -> Path:
    shp = bw.write_shapefile(folder / "a.shp", [bw.SQUARE])
    data = bw.zipped_shapefile(folder / "whole.zip", shp, "a").read_bytes()
    return bw.write(folder / "a.zip", data[:-40])


def locked_zip(folder: Path) -> Path:
    data = bw.zipped(folder / "whole.zip", {"a.shp": b"x"}).read_bytes()
    # Bit 0 of the flags says that a member is encrypted.
    local, central = data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8
    changed = bytearray(data)
    changed[local] |= 1
    changed[central] |= 1
    return bw.write(folder / "a.zip", bytes(changed))


def crowded_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for number in range(1001):
            archive.writestr(f"{number}.txt", "")
    return folder / "a.zip"


ARCHIVES: dict[str, Maker] = {
    "truncated-zip": cut_zip,
    "zip-with-password": locked_zip,
    "crowded-zip": crowded_zip,
    "zip-bomb": lambda folder: bw.zipped(folder / "a.zip", {"a.shp": bytes(50_000_000)}),
    "path-out-of-the-zip": lambda folder: bw.zipped(folder / "a.zip", {"../a.shp": b"x"}),
    "zip-in-zip": lambda folder: bw.zipped(folder / "a.zip", {"a.zip": b"PK\x03\x04"}),
    "zip-without-boundary": lambda folder: bw.zipped(folder / "a.zip", {"说明.docx": b"x", "红线.txt": b"x"}),
    "two-boundaries": lambda folder: bw.zipped(folder / "a.zip", {"东.shp": b"x", "西.shp": b"x"}),
    "entity-in-kmz": lambda folder: bw.zipped(folder / "a.kmz", {"a.kml": b"<!DOCTYPE x><kml/>"}),
}


@pytest.mark.parametrize("name", SENTENCES["archives"])
def test_archive(tmp_path: Path, name: str) -> None:
    refused(ARCHIVES[name](tmp_path), SiteError, SENTENCES["archives"][name])


def test_a_refused_archive_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    with pytest.raises(SiteError):
        read_sites(locked_zip(tmp_path), expected=None)
    assert list(private.iterdir()) == []
