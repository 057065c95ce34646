"""Wrong lines, numbers and elements in boundary files of text; the sentences stand in site_sentences.yaml."""

from pathlib import Path

import pytest

import boundary_writers as bw
from refusals import SENTENCES, Maker, file, refused, rows
from zoning.errors import SiteError

SPECIAL = SENTENCES["special"]


def row_changed(line: int, text: str) -> str:
    """Return a specified TXT in which one line, counted from 1, is another."""
    lines = bw.txt(rows(bw.SQUARE)).splitlines()
    lines[line - 1] = text
    return "\n".join(lines)


def gbk(text: str) -> Maker:
    return file("a.txt", text.encode("gb18030"))


LINES: dict[str, Maker] = {
    "unknown-section": gbk(row_changed(12, "[界址点坐标]")),
    "no-section": gbk(row_changed(1, "属性描述")),
    "no-entry": gbk(row_changed(3, "某测绘公司")),
    "entry-twice": gbk(row_changed(3, "带号=38")),
    "too-many-fields": gbk(row_changed(13, "5,1.0,DK1,甲,面,,,,,一等,,二等,,,@")),
    "too-few-fields": gbk(row_changed(13, "5,1.0,DK1,甲,面,@")),
    "behind-the-sign": gbk(row_changed(13, "5,1.0,DK1,甲,面,,,,@,备注")),
    "unknown-kind": gbk(row_changed(13, "5,1.0,DK1,甲,多边形,,,,@")),
    "no-parcel-line": gbk(row_changed(13, "")),
    "six-fields": gbk(row_changed(14, "J1,1,3919746.783,37618082.987,715.2,0.1")),
    "height": gbk(row_changed(14, "J1,1,3919746.783,37618082.987,38618082.987")),
    "sum-at-the-end": gbk(bw.txt(rows(bw.SQUARE)) + "合计面积：100.8公顷\n"),
    "endless-line": gbk(bw.txt(rows(bw.SQUARE)) + "J1,1," * 2000),
    "ring-number-nought": gbk(row_changed(14, "J1,0,3919746.783,37618082.987")),
    "ring-numbers-in-part": gbk(row_changed(15, "J2,3919757.962,37618990.918")),
    "ring-number": gbk(row_changed(14, "J1,A,3919746.783,37618082.987")),
    "not-a-number": gbk(row_changed(14, "J1,1,nan,37618082.987")),
    "degrees": gbk(row_changed(14, "J1,1,35.40,112.30")),
    "six-digit-north": gbk(row_changed(14, "J1,1,391974.678,37618082.987")),
    "order-changes": gbk(row_changed(16, "J3,1,37618976.872,3920867.637")),
    "two-points": gbk(bw.txt(rows(bw.SQUARE)[:2])),
    "no-points": gbk(bw.txt([])),
    "goes-on-after-closing": gbk(bw.txt(bw.txt_rows([bw.SQUARE, bw.HOLE], "EPSG:4525", numbers=[1, 1])[:7])),
    "first-name-elsewhere": gbk(row_changed(18, "J1,1,3919749.783,37618086.987")),
    "rings-cross": gbk(bw.txt(rows(bw.SQUARE, bw.shifted(bw.SQUARE, 0.004)))),
    "same-ring-twice": gbk(bw.txt(rows(bw.SQUARE, bw.SQUARE))),
    "line": gbk(bw.txt(rows(bw.SQUARE[:3]), parcel="3,,P1,管线,线,,,,@")),
    "point": gbk(bw.txt(rows(bw.SQUARE[:1]), parcel="1,,P1,钻孔,点,,,,@")),
}


@pytest.mark.parametrize("name", SENTENCES["coordinate-txt"])
def test_coordinate_txt(tmp_path: Path, name: str) -> None:
    refused(LINES[name](tmp_path), SiteError, SENTENCES["coordinate-txt"][name])


def test_txt_in_the_wrong_encoding(tmp_path: Path) -> None:
    text = bw.txt(rows(bw.SQUARE))
    refused(gbk(text)(tmp_path), SiteError, SPECIAL["not-utf-8"], encoding="UTF-8")
    refused(bw.write(tmp_path / "a.txt", text.encode("utf-16") + b"\n"), SiteError, SPECIAL["no-text"])
    refused(bw.write(tmp_path / "a.txt", text.encode() + b"\xff\xff\0"), SiteError, SPECIAL["no-text"])


TEXTS: dict[str, Maker] = {
    "json-cut-off": file("a.geojson", '{"type": "Polygon",\n "coordinates": [[[112.3, 35.4], [112.4,'),
    "nan": file("a.geojson", '{"type": "Polygon", "coordinates": [[[112.3, NaN]]]}'),
    "nested-json": file("a.geojson", '{"a":' * 100_000),
    "topojson": file("a.json", '{"type": "Topology", "objects": {}}'),
    "no-features": file("a.geojson", bw.geojson()),
    "no-geometry": file("a.geojson", bw.geojson(bw.polygon([bw.SQUARE]), None)),
    "wrong-nesting": file("a.geojson", bw.geojson({"type": "Polygon", "coordinates": [bw.SQUARE[0]]})),
    "texts-as-numbers": file(
        "a.geojson", bw.geojson({"type": "Polygon", "coordinates": [[["112.3", "35.4"], [112.4, 35.4], [112.4, 35.5]]]})
    ),
    "huge-number": file("a.geojson", bw.geojson(bw.polygon([[*bw.SQUARE[:3], (1e300, 35.4), bw.SQUARE[0]]]))),
    "closed-line": file("a.geojson", bw.geojson({"type": "LineString", "coordinates": bw.SQUARE})),
    "wkt-cut-off": file("a.wkt", "SRID=4490;POLYGON ((112.3 35.4, 112.4 35.4, 112.4"),
    "wkt-curve": file("a.wkt", "SRID=4490;CURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0))"),
    "wkt-empty": file("a.wkt", "SRID=4490;POLYGON EMPTY"),
    "xml-entity": file(
        "a.kml",
        bw.kml(bw.placemark([bw.SQUARE]), declaration='<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
    ),
    "network-link": file(
        "a.kml", bw.kml("<NetworkLink><Link><href>http://example.org/a.kml</href></Link></NetworkLink>")
    ),
    "xml-cut-off": file("a.kml", bw.kml(bw.placemark([bw.SQUARE]))[:-30]),
    "gml-named-kml": file("a.kml", "<gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml'/>"),
    "no-placemark": file("a.kml", bw.kml("<Placemark><name>x</name></Placemark>")),
    "kml-coordinates": file(
        "a.kml", bw.kml("<Placemark><Point><coordinates>112.3；35.4</coordinates></Point></Placemark>")
    ),
    "kml-model": file("a.kml", bw.kml("<Placemark><Model><Link><href>a.dae</href></Link></Model></Placemark>")),
}


@pytest.mark.parametrize("name", SENTENCES["text-formats"])
def test_text_format(tmp_path: Path, name: str) -> None:
    refused(TEXTS[name](tmp_path), SiteError, SENTENCES["text-formats"][name])
