"""Files beyond the limits, with impossible numbers, or with something else behind their names."""

import json
from pathlib import Path

import boundary_writers as bw
import hostile_files as hf
from intake_cases import Case, Read, Refused, cases, check
from zoning.sites import Limits

AREA_M2 = 1_007_808.377
"""Of the usual square between its parallels and meridians on the ellipsoid of CGCS2000, by the closed formula."""

FIRST = bw.SQUARE[0]
RAISE = "；请只导出项目范围，或用 --limit {}=… 提高上限"
NESTING = "a.geojson 第 1 个图形：坐标的嵌套层次或数字不符合 Polygon；请重新导出"
FAR = "，有界址点远在工作空间区域之外；请改正写错的点"
DOCTYPE = "XML 带有 DOCTYPE/ENTITY 声明，可能引用外部内容；请重新导出不带声明的"
NOT_PLAIN = "不是普通的表（是视图、虚拟表或含计算列），不予读取；请另存为新的 GeoPackage"
KML_ROOT = "<kml><Document><name>{}</name></Document></kml>"
GML_ROOT = '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml">{}</gml:FeatureCollection>'
FOUR = {"limits": Limits(vertices=4)}


def beyond(name: str, count: str, limit: str) -> Refused:
    return Refused(f"{name}：超过 {count}的上限" + RAISE.format(limit))


def square_as_txt(folder: Path) -> Path:
    return bw.write(folder / "a.txt", bw.txt(bw.txt_rows([bw.SQUARE], "EPSG:4525")))


NUMBERS = [
    Case("not a number", hf.with_vertex("NaN"), Refused("a.geojson：含有 NaN，不是有效数字；请改正")),
    Case("minus infinite", hf.with_vertex("-Infinity"), Refused("a.geojson：含有 -Infinity，不是有效数字；请改正")),
    Case(
        "1e308",
        hf.with_vertex("1e308"),
        Refused("a.geojson 第 1 个图形：坐标 (1e+308, 35.41) 不是可能的位置；请改正该点"),
    ),
    Case(
        "1e400 becomes infinite",
        hf.with_vertex("1e400"),
        Refused("a.geojson 第 1 个图形：坐标 (inf, 35.41) 不是可能的位置；请改正该点"),
    ),
    Case("integer of 400 digits", hf.with_vertex("9" * 400), Refused(NESTING)),
    Case(
        "integer of 5000 digits", hf.with_vertex("9" * 5000), Refused("a.geojson：JSON 嵌套过深或数字过长；请重新导出")
    ),
    Case("number as text", hf.with_vertex('"112.31"'), Refused(NESTING)),
    Case("truth value as number", hf.with_vertex("true"), Refused(NESTING)),
    Case(
        "minus zero and the smallest number",
        hf.with_vertex("-0.0", "5e-324"),
        Refused("a.geojson 第 1 个图形：范围从 经度 -0.0000°、纬度 0.0000° 伸展到 经度 112.3100°、纬度 35.4100°" + FAR),
    ),
    Case(
        "one vertex on the other side of the earth",
        hf.with_vertex("-179.9"),
        Refused(
            "a.geojson 第 1 个图形：范围从 经度 -179.9000°、纬度 35.4000° 伸展到 经度 112.3100°、纬度 35.4100°" + FAR
        ),
    ),
    Case(
        "record without geometry",
        hf.text("a.geojson", bw.geojson(None)),
        Refused("a.geojson 第 1 个图形：没有几何图形或图形为空；请删除该记录或补画图形"),
    ),
]
LIMITS = [
    Case("vertices, GeoJSON", hf.geojson(json.dumps([hf.SQUARE])), beyond("a.geojson", "4 个点", "vertices"), FOUR),
    Case("vertices, WKT", hf.text("a.wkt", bw.wkt([bw.SQUARE])), beyond("a.wkt", "4 个点", "vertices"), FOUR),
    Case(
        "vertices, KML",
        hf.text("a.kml", bw.kml(bw.placemark([bw.SQUARE]))),
        beyond("a.kml", "4 个点", "vertices"),
        FOUR,
    ),
    Case("vertices, TXT", square_as_txt, beyond("a.txt", "4 个点", "vertices"), FOUR),
    Case(
        "vertices, Shapefile",
        lambda folder: bw.write_shapefile(folder / "a.shp", [bw.SQUARE]),
        beyond("a.shp", "4 个点", "vertices"),
        FOUR,
    ),
    Case(
        "WKB that states two thousand million vertices",
        hf.wkb_that_states(2**31),
        Refused("a.wkb 第 1 个图形：WKB 在第 13 字节处有误或不完整；请重新导出"),
    ),
    Case("records", hf.many_features(5), beyond("a.geojson", "4 个图形", "records"), {"limits": Limits(records=4)}),
    Case(
        "parts",
        hf.geojson(json.dumps([[hf.SQUARE]] * 3), "MultiPolygon"),
        beyond("a.geojson", "2 个部分", "parts"),
        {"limits": Limits(parts=2)},
    ),
    Case(
        "rings",
        hf.geojson(json.dumps([hf.SQUARE] * 3)),
        beyond("a.geojson", "2 个环", "rings"),
        {"limits": Limits(rings=2)},
    ),
    Case(
        "characters of attributes",
        hf.many_features(2, name="字" * 50),
        beyond("a.geojson", "99 个属性字符", "text"),
        {"limits": Limits(text=99)},
    ),
    Case(
        "number of attributes",
        hf.geojson(json.dumps([hf.SQUARE]), properties=json.dumps({f"f{n}": n for n in range(20)})),
        beyond("a.geojson", "19 个属性值", "fields"),
        {"limits": Limits(fields=19)},
    ),
]
NESTED = [
    Case("20 collections in each other", hf.collections(20), Read(AREA_M2, FIRST)),
    Case(
        "100,000 collections in each other",
        hf.collections(100_000),
        Refused("a.geojson：JSON 嵌套过深或数字过长；请重新导出"),
    ),
    Case("20 collections in each other, WKB", hf.wkb_collections(20), Read(AREA_M2, FIRST)),
    Case(
        "100,000 collections in each other, WKB",
        hf.wkb_collections(100_000),
        Refused("a.wkb 第 1 个图形：WKB 在第 306 字节处有误或不完整；请重新导出"),
    ),
    Case(
        "5,000 brackets, WKT",
        hf.text("a.wkt", "GEOMETRYCOLLECTION(" * 5_000),
        Refused("a.wkt 第 1 个图形：WKT 在 “GEOMETRYCOLLECTION(G” 处有误或不完整；请重新导出"),
    ),
    Case(
        "30,000 vertices in random order",
        hf.random_order(30_000),
        Refused("a.geojson 第 1 个图形：边界与自身相交超过 20000 处，不能作为范围；请检查界址点的次序后重新导出"),
    ),
    Case(
        "640 rings in each other",
        hf.rings_in_each_other(640),
        Refused("a.txt：各环互相重叠或嵌套超过 200000 处，不能作为范围；请删除重复的环后重新导出"),
    ),
]
BEHIND_NAMES = [
    Case(
        "VRT as KML",
        hf.text("a.kml", hf.VRT),
        Refused("a.kml：XML 的根元素是 OGRVRTDataSource，不是 KML；请另存为 KML"),
    ),
    Case(
        "VRT as Shapefile",
        hf.text("a.shp", hf.VRT),
        Refused("a.shp：扩展名是 .shp，内容却是 KML；请把扩展名改为 .kml 或重新导出"),
    ),
    Case("database address", lambda _: Path("PG:dbname=a"), Refused("PG:dbname=a：文件不存在；请检查路径")),
    Case(
        "path into an archive",
        lambda _: Path("/vsizip//tmp/a.zip/a.shp"),
        Refused("a.shp：是网络地址或虚拟路径；只读取本机上的文件"),
    ),
    Case(
        "pipe",
        lambda folder: hf.piped(folder / "a.txt"),
        Refused("a.txt：不是普通文件；请指定边界文件"),
    ),
    Case("endless device", lambda _: Path("/dev/zero"), Refused("zero：不是普通文件；请指定边界文件")),
    Case(
        "file of the system that states no size",
        lambda _: Path("/proc/self/environ"),
        Refused("environ：文件是空的（0 字节）；请重新导出"),
    ),
    Case("zero byte in the path", lambda folder: folder / "a\0.txt", Refused("a .txt：文件打不开；请检查路径和磁盘")),
    Case(
        "pipe in the place of the table",
        hf.shapefile_beside("a.dbf", hf.pipe),
        Refused("a.shp：旁边的 a.dbf 不是普通文件；请把组成它的各文件单独放在一个文件夹中"),
    ),
    Case(
        "endless device in the place of the projection",
        hf.shapefile_beside("a.prj", lambda path: path.symlink_to("/dev/zero")),
        Refused("a.shp：旁边的 a.prj 不是普通文件；请把组成它的各文件单独放在一个文件夹中"),
    ),
    Case(
        "an index that the driver would read",
        hf.shapefile_beside("a.qix", lambda path: path.write_bytes(b"SQT\1" + b"\xff" * 500)),
        Read(AREA_M2, FIRST, area_tolerance_m2=0.01),
    ),
    Case(
        "escape codes and a turn of direction in the name",
        lambda folder: bw.write(folder / "\x1b[2J\u202etxt.\n无.kml", "<kml></kml>"),
        Refused("[2J txt. 无.kml：没有带图形的地标；请重新导出"),
    ),
    Case(
        "ZIP behind the GeoJSON",
        hf.text("a.geojson", bw.geojson(bw.polygon([bw.SQUARE])).encode() + b"PK\x03\x04\xff\xfe"),
        Refused("a.geojson：内容既不是 UTF-8 也不是 GBK 文本；请重新导出为文本文件"),
    ),
    Case(
        "ZIP behind a picture",
        lambda folder: bw.write(
            folder / "a.zip", b"GIF89a" + bw.zipped(folder / "b.zip", {"doc.kml": b"<kml/>"}).read_bytes()
        ),
        Refused("a.zip：扩展名是 .zip，内容却不是这种格式；请重新导出"),
    ),
]
DATABASES = [
    Case("view without end", hf.geopackage(*hf.endless_view()), Refused(f"a.gpkg：图层 v {NOT_PLAIN}")),
    Case(
        "computed column of 900 MB",
        hf.geopackage("ALTER TABLE d ADD COLUMN z GENERATED ALWAYS AS (zeroblob(900000000)) VIRTUAL"),
        Refused(f"a.gpkg：图层 d {NOT_PLAIN}"),
    ),
    Case(
        "list of layers that is a view",
        hf.geopackage("ALTER TABLE gpkg_contents RENAME TO c", "CREATE VIEW gpkg_contents AS SELECT * FROM c"),
        Refused(f"a.gpkg：图层 gpkg_contents {NOT_PLAIN}"),
    ),
    Case(
        "trigger is never run",
        hf.geopackage("CREATE TRIGGER t AFTER INSERT ON d BEGIN SELECT load_extension('/tmp/x.so'); END"),
        Read(AREA_M2, FIRST, area_tolerance_m2=0.01),
    ),
    Case(
        "changes that are not in it yet",
        hf.unsaved,
        Refused("a.gpkg：旁边的 a.gpkg-wal 里还有未写入的修改；请先在打开它的软件中保存并关闭，再提交"),
    ),
]
ENTITIES = [
    Case("laughs, KML", hf.xml("a.kml", KML_ROOT.format("&l11;")), Refused(f"a.kml：{DOCTYPE} KML")),
    Case("laughs, GML", hf.xml("a.gml", GML_ROOT.format("&l11;")), Refused(f"a.gml：{DOCTYPE} GML")),
    Case(
        "file as entity, KML",
        hf.xml("a.kml", KML_ROOT.format("&x;"), external=True),
        Refused(f"a.kml：{DOCTYPE} KML"),
    ),
    Case(
        "file as entity, GML",
        hf.xml("a.gml", GML_ROOT.format("&x;"), external=True),
        Refused(f"a.gml：{DOCTYPE} GML"),
    ),
]
CASES: list[Case] = [*NUMBERS, *LIMITS, *NESTED, *BEHIND_NAMES, *DATABASES, *ENTITIES]


@cases(CASES)
def test_hostile(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.endswith(("-shm", "-lck"))) == []
