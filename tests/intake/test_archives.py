"""Archives of every format: the boundary in them is read as if it stood beside, and its name is said."""

import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import boundary_writers as bw
from gdal_writers import frame, write, write_gdb
from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from wkb_writer import polygon
from zip_writer import Entry, archive, archive_64
from zoning.errors import CRSError, UsageError
from zoning.sites import read_sites

SQUARE_M2 = 1_007_808.376
FIRST = (112.30, 35.40)
SECOND = bw.shifted(bw.SQUARE, 0.05)
ONE = frame([bw.SQUARE])
SHAPE = (".shp", ".shx", ".dbf", ".prj")
Contents = Mapping[str, bytes]


def read(inner: str, archive_name: str = "a.zip", **more: Any) -> Read:
    fields = {"source": f"{archive_name}/{inner}"}
    return Read(**{"area_m2": SQUARE_M2, "first": FIRST, "fields": fields, **more})


def packed(make: Callable[[Path], Contents], name: str = "a.zip") -> Callable[[Path], Path]:
    def zipped(folder: Path) -> Path:
        inside = folder / "inside"
        inside.mkdir()
        return bw.zipped(folder / name, make(inside))

    return zipped


def contents(**more: Contents) -> Callable[[Path], Contents]:
    return lambda _: {name: data for part in more.values() for name, data in part.items()}


def shapefile(folder: Path, stem: str = "范围", ring: bw.Ring = bw.SQUARE) -> Contents:
    shp = bw.write_shapefile(folder / "x.shp", [ring])
    return {f"{stem}{suffix}": shp.with_suffix(suffix).read_bytes() for suffix in SHAPE}


def geodatabase(folder: Path, name: str = "数据/项目.gdb", **layers: Any) -> Contents:
    path = write_gdb(folder / "x.gdb", layers or {"地块": ONE})
    return {f"{name}/{file.name}": file.read_bytes() for file in path.iterdir()}


def geopackage(folder: Path) -> Contents:
    write(folder / "x.gpkg", ONE, "GPKG", layer="东区")
    path = write(folder / "x.gpkg", frame([SECOND]), "GPKG", layer="西区", append=True)
    return {"资料/项目.gpkg": path.read_bytes()}


def flatgeobuf(folder: Path) -> Contents:
    return {"a.fgb": write(folder / "x.fgb", ONE, "FlatGeobuf").read_bytes()}


def parquet(folder: Path) -> Contents:
    ONE.to_parquet(folder / "x.parquet")
    return {"a.parquet": (folder / "x.parquet").read_bytes()}


def txt(ring: bw.Ring = bw.SQUARE, encoding: str = "gbk") -> bytes:
    return bw.txt(bw.txt_rows([ring], "EPSG:4525")).encode(encoding)


KML = bw.kml(bw.placemark([bw.SQUARE])).encode()
GEOJSON = bw.geojson(bw.polygon([bw.SQUARE])).encode()
OTHER = bw.geojson(bw.polygon([SECOND])).encode()
GML = (
    '<gml:Polygon xmlns:gml="http://www.opengis.net/gml" srsName="EPSG:4490"><gml:exterior><gml:LinearRing>'
    "<gml:posList>"
    + " ".join(f"{x!r} {y!r}" for x, y in bw.SQUARE)
    + "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
).encode()
WKT = f"SRID=4490;{bw.wkt([bw.SQUARE])}".encode()
NOTES = {
    "说明.docx": b"x",
    "照片/1.jpg": b"x",
    "成果.pdf": b"x",
    "范围.shp.xml": b"<metadata/>",
    "范围.sbn": b"x",
    "a.qmd": b"x",
}
README = {"readme.txt": "本压缩包含项目范围。\n".encode()}
UNREAD = "a.zip：读取了 范围.geojson，包内其他可能有坐标的文件未读取：点表.csv、总图.dwg"
POINTS = {"点表.csv": b"x,y\n112.3,35.4\n112.4,35.4\n112.4,35.5\n", "总图.dwg": b"AC1018"}


def gbk_named(folder: Path) -> Path:
    """As Chinese Windows packs: names in GBK without the flag for UTF-8."""
    entries = [Entry(name.encode("gbk"), data, deflate=True) for name, data in shapefile(folder, "项目/红线").items()]
    return bw.write(folder / "a.zip", archive(entries))


def utf8_unsaid(folder: Path) -> Path:
    """As macOS packs: names in UTF-8 without the flag, sizes behind the data."""
    data = KML
    sizes = struct.pack("<4s3I", b"PK\7\x08", zlib.crc32(data), len(data), len(data))
    entry = Entry("项目红线.kml".encode(), data, flags=8, behind=sizes, local={"crc": 0, "packed": 0, "size": 0})
    return bw.write(folder / "a.zip", archive([entry]))


def unicode_path(folder: Path) -> Path:
    """As WinZip packs: a name that is no text, the right one in an extra field."""
    raw, name = b"????.kml", "阳城.kml".encode()
    extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(raw)) + name
    return bw.write(folder / "a.zip", archive([Entry(raw, KML, extra=extra)]))


def in_64_bits(folder: Path) -> Path:
    return bw.write(folder / "a.zip", archive_64([Entry(b"a.geojson", GEOJSON)]))


def with_backslashes(folder: Path) -> Path:
    return bw.write(folder / "a.zip", archive([Entry(b"p\\a.geojson", GEOJSON)]))


TWO = contents(a={"东/范围.geojson": GEOJSON, "西/范围.geojson": OTHER})
TWO_DATABASES = packed(lambda folder: {**geopackage(folder), "b.geojson": OTHER})

CASES = [
    Case("shapefile", packed(shapefile), read("范围.shp", crs="EPSG:4526", name="阳城㎡喆")),
    Case("shapefile among notes", packed(lambda folder: {**shapefile(folder), **NOTES, **README}), read("范围.shp")),
    Case("shapefile in a folder, names in GBK", gbk_named, read("项目/红线.shp")),
    Case("KML, names in UTF-8 that nobody states", utf8_unsaid, read("项目红线.kml")),
    Case("KML, name in an extra field", unicode_path, read("阳城.kml")),
    Case("64 bits", in_64_bits, read("a.geojson")),
    Case("backslashes", with_backslashes, read("p/a.geojson")),
    Case(
        "GeoJSON: the name of the site is that of the file in it",
        packed(contents(a={"项目/阳泰三期.geojson": GEOJSON})),
        read("项目/阳泰三期.geojson", name="阳泰三期"),
    ),
    Case(
        "KMZ with pictures",
        packed(contents(a={"doc.kml": KML, "files/icon.png": b"x"}), "a.kmz"),
        read("doc.kml", "a.kmz", name="矿区"),
    ),
    Case(
        "KMZ with further documents",
        packed(contents(a={"files/b.kml": KML, "doc.kml": KML}), "a.kmz"),
        read("doc.kml", "a.kmz", warnings=("a.kmz：读取了 doc.kml，包内其他可能有坐标的文件未读取：files/b.kml",)),
    ),
    Case("file geodatabase", packed(geodatabase), read("数据/项目.gdb", crs="EPSG:4525", name="项目")),
    Case(
        "file geodatabase, one of its classes",
        packed(lambda folder: geodatabase(folder, 东区=ONE, 西区=frame([SECOND]))),
        read("数据/项目.gdb"),
        {"layer": "数据/项目.gdb/东区"},
    ),
    Case(
        "tables of a geodatabase without a folder",
        packed(lambda folder: {Path(name).name: data for name, data in geodatabase(folder).items()}),
        read("a.gdb", name="a"),
    ),
    Case("GeoPackage, layer by its name alone", packed(geopackage), read("资料/项目.gpkg"), {"layer": "东区"}),
    Case("GeoPackage, file and layer", TWO_DATABASES, read("资料/项目.gpkg"), {"layer": "项目.gpkg/东区"}),
    Case("FlatGeobuf", packed(flatgeobuf), read("a.fgb")),
    Case("GeoParquet", packed(parquet), read("a.parquet")),
    Case("GML", packed(contents(a={"a.gml": GML})), read("a.gml", crs="EPSG:4490")),
    Case("GML named .xml", packed(contents(a={"a.xml": GML, "b.xml": b"<x/>"})), read("a.xml")),
    Case("WKT named .txt", packed(contents(a={"a.txt": WKT})), read("a.txt")),
    Case("WKB", packed(contents(a={"a.wkb": polygon(bw.SQUARE)})), read("a.wkb")),
    Case(
        "coordinate TXT in GBK",
        packed(contents(a={"阳城.txt": txt()}, b=README)),
        read("阳城.txt", crs="EPSG:4525", name="一号地块"),
    ),
    Case(
        "GeoJSON named .json, settings beside it",
        packed(contents(a={"a.json": GEOJSON, "b.json": b'{"x": 1}'})),
        read("a.json"),
    ),
    Case(
        "a table beside a boundary",
        packed(contents(a={"范围.geojson": GEOJSON}, b=POINTS)),
        read("范围.geojson", warnings=(UNREAD,)),
    ),
    Case(
        "one of two, by its path",
        packed(TWO),
        read("西/范围.geojson", first=(112.35, 35.40)),
        {"layer": "西/范围.geojson"},
    ),
    Case(
        "one of two, by its stem",
        packed(contents(a={"东区.geojson": GEOJSON, "西区.geojson": OTHER})),
        read("东区.geojson"),
        {"layer": "东区"},
    ),
    Case(
        "what macOS leaves behind",
        packed(contents(a={"a.geojson": GEOJSON, "__MACOSX/._a.geojson": b"x", ".DS_Store": b"x", "~$a.xlsx": b"x"})),
        read("a.geojson"),
    ),
]


def refused(name: str, make: Callable[[Path], Path], zh: str, layer: str | None = None, **more: Any) -> Case:
    return Case(name, make, Refused(zh, **more), {} if layer is None else {"layer": layer})


NO_PRJ = f"没有 .prj 文件，{UNKNOWN_CRS} --crs EPSG:4526（CGCS2000 3° 带第 38 带，Y 带带号）"
NAN = bw.kml("<Placemark><Point><coordinates>x</coordinates></Point></Placemark>").encode()

CASES += [
    refused(
        "two of one name",
        packed(TWO),
        "a.zip：压缩包内有 2 个边界文件；请用 --layer 指定一个：东/范围.geojson、西/范围.geojson",
    ),
    refused(
        "two of one stem",
        packed(TWO),
        "a.zip：压缩包内有 2 个边界文件；请用 --layer 指定一个：东/范围.geojson、西/范围.geojson",
        "范围",
    ),
    refused("no such file", packed(TWO), "a.zip：压缩包内没有 南区；可选：东/范围.geojson、西/范围.geojson", "南区"),
    refused(
        "a layer of what has none",
        packed(contents(a={"a.geojson": GEOJSON})),
        "a.zip/a.geojson：GeoJSON 没有图层，不能用 --layer 南区",
        "南区",
        error=UsageError,
    ),
    refused(
        "layers of the only file",
        packed(geopackage),
        "a.zip/资料/项目.gpkg：有 2 个图层；请用 --layer 指定一个：东区、西区",
    ),
    refused(
        "no such layer in it", TWO_DATABASES, "a.zip/资料/项目.gpkg：没有图层 南区；可选：东区、西区", "项目.gpkg/南区"
    ),
    refused(
        "only DWG",
        packed(contents(a={"总图.dwg": b"AC1018"})),
        "a.zip：压缩包内只有 DWG（总图.dwg），不能可靠读取；请在 CAD 中另存为 DXF 后提交",
    ),
    refused(
        "an archive beside the boundary",
        packed(contents(a={"a.geojson": GEOJSON, "b.rar": b"Rar!"})),
        "a.zip：压缩包里还有压缩包 “b.rar”；请先解压外层",
    ),
    refused(
        "nothing but folders",
        packed(contents(a={"a/": b"", "b/": b""})),
        "a.zip：压缩包内没有能读取的边界文件（有：无文件）；请压缩 Shapefile、DXF、KML、坐标 TXT 等边界文件",
    ),
    refused(
        "a record in it",
        packed(contents(a={"项目/a.kml": NAN})),
        "a.zip/项目/a.kml 第 1 个图形：坐标 “x” 不是以空格分隔的 经度,纬度；请改正",
    ),
    refused(
        "shapefile without index",
        packed(lambda folder: {n: d for n, d in shapefile(folder).items() if not n.endswith(".shx")}),
        "a.zip/范围.shp：旁边没有同名的 .shx 索引文件；请提供完整的 Shapefile（.shp、.shx、.dbf、.prj）",
    ),
    refused(
        "shapefile without system",
        packed(lambda folder: {n: d for n, d in shapefile(folder).items() if not n.endswith(".prj")}),
        f"a.zip/范围.shp：{NO_PRJ}",
        error=CRSError,
    ),
    refused(
        "content of another kind",
        packed(contents(a={"a.gpkg": KML})),
        "a.zip/a.gpkg：扩展名是 .gpkg，内容却是 KML；请把扩展名改为 .kml 或重新导出",
    ),
    refused(
        "a GeoPackage that was still open",
        packed(lambda folder: {**geopackage(folder), "资料/项目.gpkg-wal": b"x"}),
        "a.zip/资料/项目.gpkg：旁边的 项目.gpkg-wal 里还有未写入的修改；请先在打开它的软件中保存并关闭，再提交",
    ),
    refused("an empty boundary", packed(contents(a={"a.kml": b""})), "a.zip/a.kml：文件是空的（0 字节）；请重新导出"),
]


@cases(CASES)
def test_archives(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_what_was_unpacked_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    for case in CASES:
        folder = tmp_path / case.name.replace("/", " ")
        folder.mkdir()
        check(case, folder)
    assert list(private.iterdir()) == []


def test_sentences_in_both_languages_name_archive_and_file(tmp_path: Path) -> None:
    path = bw.zipped(tmp_path / "a.zip", {"项目/a.kml": NAN})
    with pytest.raises(Exception, match=r"^a\.zip/项目/a\.kml, record 1: the coordinates “x” are not"):
        read_sites(path, expected=bw.EXPECTED)
