"""GeoJSON as old and new tools write it, its relatives, and the habits of KML writers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boundary_writers as bw
from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from zoning.errors import CRSError
from zoning.sites import Limits

SQUARE_M2 = 1_007_808.376
FIRST = (112.30, 35.40)
SECOND = bw.shifted(bw.SQUARE, 0.05)
SQUARE, HOLED = bw.polygon([bw.SQUARE]), bw.polygon([bw.SQUARE, bw.HOLE])
HOLED_M2 = {"area_m2": SQUARE_M2 * 0.91, "area_tolerance_m2": 10.0, "holes": 1}
TWO = {"area_m2": 2 * SQUARE_M2, "footprints": 2, "parts": 2}


def made(text: str | bytes, name: str = "a.geojson", encoding: str = "utf-8") -> Callable[[Path], Path]:
    return lambda folder: bw.write(folder / name, text, encoding)


def read(**more: Any) -> Read:
    return Read(**{"area_m2": SQUARE_M2, "first": FIRST, **more})


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def lines(*values: object, before: str = "", between: str = "\n") -> str:
    return between.join(before + json.dumps(value, ensure_ascii=False) for value in values)


def esri(*geometries: object, system: object = None, **attributes: object) -> dict[str, object]:
    features = [{"geometry": geometry, "attributes": attributes} for geometry in geometries]
    document: dict[str, object] = {"geometryType": "esriGeometryPolygon", "features": features}
    return document if system is None else {**document, "spatialReference": system}


def rings(*shapes: bw.Ring) -> dict[str, object]:
    return {"rings": [[list(point) for point in ring] for ring in shapes]}


PLANE = {"wkid": 4525}
ESRI_NOTE = "a.json：是 Esri JSON，不是 GeoJSON，已按 Esri 的规格读取"
NAMED = bw.geojson(SQUARE, properties={"名称": "阳城㎡喆"})
GBK_NOTE = "a.geojson：文字是 GBK 编码（标准规定 UTF-8），已按 GBK 读取"
EAST, WEST = feature(SQUARE, 名称="东区"), feature(bw.polygon([SECOND]), 名称="西区")

CASES = [
    Case("GeoJSON in GBK", made(NAMED, encoding="gbk"), read(name="阳城㎡喆", warnings=(GBK_NOTE,))),
    Case("GeoJSON with a mark of UTF-8", made(NAMED, encoding="utf-8-sig"), read(name="阳城㎡喆")),
    Case(
        "GeoJSON in UTF-16",
        made(NAMED, encoding="utf-16"),
        read(name="阳城㎡喆", warnings=("a.geojson：文字是 UTF-16 编码（标准规定 UTF-8），已按 UTF-16 读取",)),
    ),
    Case("one feature on each line", made(lines(EAST, WEST), "a.geojsonl"), read(**TWO, name="东区")),
    Case("sequence with record separators", made(lines(EAST, WEST, before="\x1e"), "a.geojsons"), read(**TWO)),
    Case("one geometry on each line", made(lines(SQUARE, SECOND and bw.polygon([SECOND]))), read(**TWO)),
    Case("a box that says something else", made(bw.geojson(SQUARE, bbox=[0, 0, 1, 1])), read()),
    Case(
        "properties named twice",
        made(bw.geojson(SQUARE).replace('"properties": null', '"properties": {"名称": "甲", "名称": "乙"}')),
        read(name="乙"),
    ),
    Case(
        "Esri JSON, a set of features",
        made(json.dumps(esri(rings(bw.SQUARE, bw.HOLE), system={"wkid": 4490}, DKMC="东区", OBJECTID=7)), "a.json"),
        read(**HOLED_M2, crs="EPSG:4490", name="东区", fields={"id": "7"}, warnings=(ESRI_NOTE,)),
    ),
    Case(
        "Esri JSON, a geometry alone",
        made(json.dumps({**rings(bw.plane("EPSG:4525", bw.SQUARE)), "spatialReference": PLANE}), "a.json"),
        read(crs="EPSG:4525"),
    ),
    Case(
        "Esri JSON, web mercator by Esri's number",
        made(json.dumps(esri(rings(bw.plane("EPSG:3857", bw.SQUARE)), system={"wkid": 102100})), "a.json"),
        read(crs="EPSG:3857"),
    ),
    Case(
        "Esri JSON, newer number beside the older",
        made(
            json.dumps(esri(rings(bw.plane("EPSG:3857", bw.SQUARE)), system={"wkid": 102100, "latestWkid": 3857})),
            "a.json",
        ),
        read(crs="EPSG:3857"),
    ),
    Case(
        "Esri JSON, two outlines in one",
        made(json.dumps(esri(rings(bw.SQUARE, SECOND), system={"wkid": 4490})), "a.json"),
        read(area_m2=2 * SQUARE_M2, parts=2),
    ),
    Case(
        "Esri JSON, a path",
        made(json.dumps(esri({"paths": [[list(point) for point in bw.SQUARE[:2]]]}, system={"wkid": 4490})), "a.json"),
        read(area_m2=0.0),
        {"width_m": 10.0},
    ),
    Case(
        "Esri JSON, a point",
        made(json.dumps(esri({"x": 112.3, "y": 35.4}, system={"wkid": 4490})), "a.json"),
        read(area_m2=0.0),
        {"radius_m": 10.0},
    ),
]


def refused(name: str, text: str, zh: str, file: str = "a.geojson", **more: Any) -> Case:
    options = more.pop("options", {})
    return Case(name, made(text, file), Refused(zh, **more), options)


TEXT_NUMBERS = '{"type": "Polygon", "coordinates": [[["112.3", "35.4"], ["112.31", "35.4"], ["112.31", "35.41"]]]}'
OWN_CRS = {**EAST, "crs": bw.named_crs("EPSG:4525")}
CROSSING = esri(rings(bw.SQUARE, bw.shifted(bw.SQUARE, 0.005)), system={"wkid": 4490})

CASES += [
    refused(
        "coordinates named twice",
        '{"type": "Polygon", "coordinates": [], "coordinates": [[[1, 1]]]}',
        "a.geojson：同一对象里有两个 “coordinates”，不知道以哪个为准；请改正",
    ),
    refused(
        "geometry named twice",
        json.dumps(EAST)[:-1] + ', "geometry": null}',
        "a.geojson：同一对象里有两个 “geometry”，不知道以哪个为准；请改正",
    ),
    refused(
        "coordinates as texts", TEXT_NUMBERS, "a.geojson 第 1 个图形：坐标的嵌套层次或数字不符合 Polygon；请重新导出"
    ),
    refused(
        "a system in one feature",
        lines(EAST, OWN_CRS),
        "a.geojson 第 2 个图形：坐标系（crs）写在单个图形里，与文件的不同；请写在文件顶层，一个文件只用一个坐标系",
        error=CRSError,
    ),
    refused(
        "more brackets than points allowed",
        '{"type": "Polygon", "coordinates": [[' + "[1,1]," * 2_000 + "[1,1]]]}",
        "a.geojson：超过 1000 个点的上限；请只导出项目范围，或用 --limit vertices=… 提高上限",
        options={"limits": Limits(vertices=1_000, rings=5, parts=5, records=5)},
    ),
    refused(
        "a number of five thousand digits",
        f'{{"type": "Point", "coordinates": [{"1" * 5000}, 35]}}',
        "a.geojson：JSON 嵌套过深或数字过长；请重新导出",
    ),
    refused(
        "a sequence with something else",
        lines(EAST, {"type": "FeatureCollection", "features": []}),
        "a.geojson 第 2 个图形：不是 GeoJSON（type 为 'FeatureCollection'）；"
        "应为 FeatureCollection、Feature 或几何图形",
    ),
    refused(
        "a line of a sequence cut off",
        lines(EAST, WEST)[:-9],
        "a.geojson:2：JSON 在第 173 列处不完整或有误；请重新导出",
    ),
    refused(
        "TopoJSON",
        '{"type": "Topology", "objects": {}, "arcs": []}',
        "a.topo：是 TopoJSON，不能读取；请导出为 GeoJSON",
        "a.topo",
    ),
    refused(
        "Esri JSON without a system, metres",
        json.dumps(esri(rings(bw.plane("EPSG:4525", bw.SQUARE)))),
        f"a.json：Esri JSON 没有写 spatialReference，{UNKNOWN_CRS} --crs EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）",
        "a.json",
        error=CRSError,
    ),
    refused(
        "Esri JSON with curves",
        json.dumps(esri({"curveRings": [[[0, 0], {"c": [[1, 1], [2, 2]]}]]}, system=PLANE)),
        "a.json 第 1 个图形：含有曲线（curveRings/curvePaths），不能读取；请先转为折线",
        "a.json",
    ),
    refused(
        "Esri JSON, crossing rings",
        json.dumps(CROSSING),
        "a.json 第 1 个图形：第 1 个环与第 2 个环相交或重复，分不清内外；请改正",
        "a.json",
    ),
    refused("Esri JSON, no features", json.dumps(esri()), "a.json：没有任何图形；请重新导出", "a.json"),
    refused(
        "Esri JSON, empty geometry",
        json.dumps(esri(None, system=PLANE)),
        "a.json 第 1 个图形：没有几何图形或图形为空；请删除该记录或补画图形",
        "a.json",
    ),
]


def kml_ring(points: bw.Ring, comma: str = ",", between: str = " ", height: str = "0") -> str:
    text = between.join(comma.join((repr(x), repr(y), height)) for x, y in points)
    return f"<LinearRing><coordinates>{text}</coordinates></LinearRing>"


def kml_polygon(outer: str, inner: str = "", *, swapped: bool = False) -> str:
    parts = [f"<outerBoundaryIs>{outer}</outerBoundaryIs>", inner and f"<innerBoundaryIs>{inner}</innerBoundaryIs>"]
    return f"<Polygon>{''.join(parts[::-1] if swapped else parts)}</Polygon>"


def placemarks(*bodies: str) -> str:
    return bw.kml(*(f"<Placemark><name>东区</name>{body}</Placemark>" for body in bodies))


OUTER, HOLE = kml_ring(bw.SQUARE), kml_ring(bw.HOLE)
SPACED = "a.kml 第 1 个图形：坐标的逗号后有空格，已按 “经度,纬度,高程” 分组读取"
MIXED = f"<MultiGeometry>{kml_polygon(OUTER)}<Point><coordinates>112.305,35.405</coordinates></Point></MultiGeometry>"
UNGROUPED = "112.3,35.4, 112.31,35.4, 112.31,35.41"


def kml(name: str, text: str, **more: object) -> Case:
    return Case(name, made(text, "a.kml"), read(**{"crs": "EPSG:4326", "name": "东区", **more}))


def kml_refused(name: str, text: str, zh: str) -> Case:
    return Case(name, made(text, "a.kml"), Refused(zh))


CASES += [
    kml("KML, a space after every comma", placemarks(kml_polygon(kml_ring(bw.SQUARE, ", "))), warnings=(SPACED,)),
    kml("KML, a line for every position", placemarks(kml_polygon(kml_ring(bw.SQUARE, between="\n\t\t")))),
    kml("KML, spaces before the commas", placemarks(kml_polygon(kml_ring(bw.SQUARE, " ,")))),
    kml("KML, the hole before the outline", placemarks(kml_polygon(OUTER, HOLE, swapped=True)), **HOLED_M2),
    kml(
        "KML, polygon and label together",
        placemarks(MIXED),
        warnings=("a.kml 第 1 个图形：面内的 1 个线或点（标注）不计入范围",),
    ),
    kml(
        "KML, two parcels in nested collections",
        placemarks(
            f"<MultiGeometry><MultiGeometry>{kml_polygon(OUTER)}</MultiGeometry>{kml_polygon(kml_ring(SECOND))}</MultiGeometry>"
        ),
        area_m2=2 * SQUARE_M2,
        parts=2,
    ),
    kml(
        "KML of the older namespace",
        placemarks(kml_polygon(OUTER)).replace("http://www.opengis.net/kml/2.2", "http://earth.google.com/kml/2.0"),
    ),
    kml_refused(
        "KML, commas between positions",
        placemarks(f"<LinearRing><coordinates>{UNGROUPED}</coordinates></LinearRing>"),
        "a.kml 第 1 个图形：坐标 “112.3,35.4, 112.31,35.4, 112.3” 不是以空格分隔的 经度,纬度；请改正",
    ),
    kml_refused(
        "KML, commas between all numbers",
        placemarks(f"<Point><coordinates>{'112.3,35.4,0,112.31,35.4,0'}</coordinates></Point>"),
        "a.kml 第 1 个图形：坐标 “112.3,35.4,0,112.31,35.4,0” 不是以空格分隔的 经度,纬度；请改正",
    ),
    kml_refused(
        "KML, two outlines in a polygon",
        placemarks(
            kml_polygon(OUTER).replace("</Polygon>", f"<outerBoundaryIs>{kml_ring(SECOND)}</outerBoundaryIs></Polygon>")
        ),
        "a.kml 第 1 个图形：一个 Polygon 有 2 个 outerBoundaryIs，应正好有 1 个；请重新导出",
    ),
    kml_refused(
        "KML, a ring alone",
        placemarks(OUTER),
        "a.kml 第 1 个图形：是首尾相接的线，不是面；若它是范围线请转换为面，若是线状工程请用 --width 说明宽度（米）",
    ),
    kml_refused(
        "KML, a track",
        placemarks("<gx:Track xmlns:gx='http://www.google.com/kml/ext/2.2'/>"),
        "a.kml 第 1 个图形：含有 Track，不是面、线或点；请转换为面",
    ),
    kml_refused(
        "KML, elements in each other", placemarks("<MultiGeometry>" * 300), "a.kml：XML 元素嵌套超过 200 层；请重新导出"
    ),
    Case(
        "KML, more points than allowed",
        made(placemarks(kml_polygon(OUTER)), "a.kml"),
        Refused("a.kml：超过 4 个点的上限；请只导出项目范围，或用 --limit vertices=… 提高上限"),
        {"limits": Limits(vertices=4)},
    ),
]


@cases(CASES)
def test_texts(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
