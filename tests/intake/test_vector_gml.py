"""GML of every version, written by hand: coordinates, axes, curves, collections, and what is refused."""

from collections.abc import Callable
from math import pi
from pathlib import Path
from typing import Any

import pytest

import boundary_writers as bw
from intake_cases import Case, Read, Refused, cases, check
from zoning.errors import CRSError
from zoning.sites import Limits, read_sites

# 0.01° by 0.01° between geodesics: 909.1 m by about 1109.4 m less the bulge; the hole is 0.003° by 0.003°.
SQUARE_M2 = 1_007_808.376
FIRST = (112.30, 35.40)
GML2, GML31, GML32 = "http://www.opengis.net/gml", "http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"
URN = "urn:ogc:def:crs:EPSG::4490"
SWAPPED = "两列坐标的次序相反（按数值大小和所在区域判定），已对调读取"


def pos_list(ring: bw.Ring, *, north_first: bool = True, height: float | None = None) -> str:
    """Return the numbers of a ring, latitude first or not."""
    third = "" if height is None else f" {height}"
    return " ".join(f"{y!r} {x!r}{third}" if north_first else f"{x!r} {y!r}{third}" for x, y in ring)


def ring(text: str, name: str = "posList", attributes: str = "") -> str:
    return f"<gml:LinearRing><gml:{name}{attributes}>{text}</gml:{name}></gml:LinearRing>"


def polygon(*rings: str, srs: str | None = URN, name: str = "Polygon") -> str:
    """Return a GML 3 polygon of an outer ring and holes."""
    inner = "".join(f"<gml:interior>{hole}</gml:interior>" for hole in rings[1:])
    srs_name = "" if srs is None else f' srsName="{srs}"'
    return f"<gml:{name}{srs_name}><gml:exterior>{rings[0]}</gml:exterior>{inner}</gml:{name}>"


def features(*bodies: str, gml: str = GML32, member: str = "gml:featureMember", declaration: str = "") -> str:
    """Return a collection of parcels; each body stands in the property `geom`."""
    parcels = "".join(
        f'<{member}><app:parcel gml:id="p{n}"><app:名称>地块{n}</app:名称><app:geom>{body}</app:geom></app:parcel>'
        f"</{member}>"
        for n, body in enumerate(bodies, 1)
    )
    return (
        f'{declaration}<gml:FeatureCollection xmlns:gml="{gml}" xmlns:app="http://example.org/app" '
        f'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:xlink="http://www.w3.org/1999/xlink">{parcels}'
        "</gml:FeatureCollection>"
    )


def made(text: str, name: str = "a.gml", encoding: str = "utf-8") -> Callable[[Path], Path]:
    return lambda folder: bw.write(folder / name, text, encoding)


def read(**more: object) -> Read:
    expected: dict[str, Any] = {"area_m2": SQUARE_M2, "first": FIRST, "crs": "EPSG:4490", **more}
    return Read(**expected)


PLAIN = polygon(ring(pos_list(bw.SQUARE)))
EAST = polygon(ring(pos_list(bw.SQUARE, north_first=False)), srs="EPSG:4490")
GML2_RING = "<gml:LinearRing><gml:coordinates{}>{}</gml:coordinates></gml:LinearRing>"
COORDINATES = " ".join(f"{x!r},{y!r}" for x, y in bw.SQUARE)


def gml2(coordinates: str, attributes: str = "", srs: str = "http://www.opengis.net/gml/srs/epsg.xml#4490") -> str:
    outer = GML2_RING.format(attributes, coordinates)
    return f'<gml:Polygon srsName="{srs}"><gml:outerBoundaryIs>{outer}</gml:outerBoundaryIs></gml:Polygon>'


def circle_points(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    return [(x - radius, y), (x, y + radius), (x + radius, y), (x, y - radius), (x - radius, y)]


def curve_ring(segments: str) -> str:
    curve = f"<gml:Curve><gml:segments>{segments}</gml:segments></gml:Curve>"
    return f"<gml:Ring><gml:curveMember>{curve}</gml:curveMember></gml:Ring>"


def curved(segment: str, count: int) -> str:
    """Return a circle of 100 m radius in the plane of zone 37, easting first, made of arcs."""
    x, y = 618_000.0, 3_920_000.0
    points = " ".join(f"{a} {b}" for a, b in circle_points(x, y, 100.0)[:count])
    arcs = f"<gml:{segment}><gml:posList>{points}</gml:posList></gml:{segment}>"
    return polygon(curve_ring(arcs), srs="EPSG:4546")


# The plane of zone 37 is larger than the ellipsoid by 1 + (Y - 500 km)² / R² = 1 + (118/6371)² = 1.000343 there.
CIRCLE_M2 = pi * 100**2 / 1.000343
CIRCLE = Read(
    CIRCLE_M2,
    (112.2976, 35.4023),
    area_tolerance_m2=2.0,
    tolerance_m=100.0,
    repairs=("curve-to-line",),
    crs="EPSG:4546",
)
JOINED = "".join(
    f"<gml:curveMember><gml:LineString><gml:posList>{pos_list(part)}</gml:posList></gml:LineString></gml:curveMember>"
    for part in (bw.SQUARE[:3], bw.SQUARE[2:])
)
PATCHES = (
    f'<gml:Surface srsName="{URN}"><gml:patches><gml:PolygonPatch><gml:exterior>{ring(pos_list(bw.SQUARE))}'
    "</gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>"
)
EACH_POS = "".join(f"<gml:pos>{y!r} {x!r}</gml:pos>" for x, y in bw.SQUARE)
SECOND = bw.shifted(bw.SQUARE, 0.05)
TWO_SURFACES = "".join(
    f"<gml:surfaceMember>{polygon(ring(pos_list(part)), srs=None)}</gml:surfaceMember>" for part in (bw.SQUARE, SECOND)
)
BOX = (
    '<gml:boundedBy><gml:Envelope srsName="{}"><gml:lowerCorner>35 112</gml:lowerCorner></gml:Envelope></gml:boundedBy>'
)
WFS = (
    '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" '
    f'xmlns:app="http://example.org/app">{BOX.format(URN)}<wfs:member><app:dk gml:id="dk.7"><app:DKMC>东区</app:DKMC>'
    f"<app:shape>{polygon(ring(pos_list(bw.SQUARE)), srs=None)}</app:shape></app:dk></wfs:member>"
    "</wfs:FeatureCollection>"
)
GBK = features(PLAIN, declaration='<?xml version="1.0" encoding="GB2312"?>')
BARE = PLAIN.replace("<gml:Polygon", f'<gml:Polygon xmlns:gml="{GML31}"', 1)

CASES = [
    Case("GML 3.2, urn, latitude first", made(features(PLAIN)), read(name="地块1", fields={"id": "p1"})),
    Case("GML 3.1 with pos elements", made(features(polygon(ring(pos_list(bw.SQUARE))), gml=GML31)), read()),
    Case("one pos for each vertex", made(features(polygon(f"<gml:LinearRing>{EACH_POS}</gml:LinearRing>"))), read()),
    Case("EPSG code, longitude first", made(features(EAST)), read()),
    Case(
        "http name of the authority, latitude first",
        made(features(PLAIN.replace(URN, "http://www.opengis.net/def/crs/EPSG/0/4490"))),
        read(),
    ),
    Case(
        "urn, but longitude first against the authority",
        made(features(EAST.replace("EPSG:4490", URN))),
        read(warnings=(f"a.gml：{SWAPPED}",)),
    ),
    Case(
        "EPSG code, but latitude first against convention",
        made(features(PLAIN.replace(URN, "EPSG:4490"))),
        read(warnings=(f"a.gml：{SWAPPED}",)),
    ),
    Case(
        "urn of a plane: northing first",
        made(features(polygon(ring(pos_list(bw.plane("EPSG:4525", bw.SQUARE))), srs="urn:ogc:def:crs:EPSG::4525"))),
        read(crs="EPSG:4525", warnings=()),
    ),
    Case("CRS84", made(features(EAST.replace("EPSG:4490", "urn:ogc:def:crs:OGC:1.3:CRS84"))), read(crs="EPSG:4326")),
    Case(
        "a hole",
        made(features(polygon(ring(pos_list(bw.SQUARE)), ring(pos_list(bw.HOLE))))),
        read(area_m2=SQUARE_M2 * (1 - 0.09), area_tolerance_m2=10.0, holes=1),
    ),
    Case("GML 2", made(features(gml2(COORDINATES), gml=GML2)), read()),
    Case(
        "GML 2 with its own signs between numbers",
        made(
            features(
                gml2(
                    ";".join(f"{x!r} {y!r}".replace(".", ",") for x, y in bw.SQUARE),
                    ' decimal="," cs=" " ts=";"',
                ),
                gml=GML2,
            )
        ),
        read(),
    ),
    Case(
        "GML 2 with spaces after the commas",
        made(features(gml2(COORDINATES.replace(",", ", ")), gml=GML2)),
        read(warnings=("a.gml 第 1 个图形：坐标的逗号后有空格，已按 “经度,纬度,高程” 分组读取",)),
    ),
    Case(
        "GML 2 with coord elements",
        made(
            features(
                '<gml:Polygon srsName="EPSG:4490"><gml:outerBoundaryIs><gml:LinearRing>'
                + "".join(f"<gml:coord><gml:X>{x!r}</gml:X><gml:Y>{y!r}</gml:Y></gml:coord>" for x, y in bw.SQUARE)
                + "</gml:LinearRing></gml:outerBoundaryIs></gml:Polygon>",
                gml=GML2,
            )
        ),
        read(),
    ),
    Case(
        "heights by srsDimension",
        made(features(polygon(ring(pos_list(bw.SQUARE, height=715.5), attributes=' srsDimension="3"')))),
        read(repairs=("z-dropped",)),
    ),
    Case(
        "heights without srsDimension",
        made(features(polygon(ring(pos_list(bw.SQUARE, height=715.5))))),
        read(repairs=("z-dropped",)),
    ),
    Case(
        "MultiSurface",
        made(features(f'<gml:MultiSurface srsName="{URN}">{TWO_SURFACES}</gml:MultiSurface>')),
        read(area_m2=2 * SQUARE_M2, parts=2),
    ),
    Case("Surface of patches", made(features(PATCHES)), read()),
    Case("ring of curve members", made(features(polygon(f"<gml:Ring>{JOINED}</gml:Ring>"))), read()),
    Case("ArcString", made(features(curved("ArcString", 5))), CIRCLE),
    Case("Circle through three points", made(features(curved("Circle", 3))), CIRCLE),
    Case("answer of a WFS, system of the box", made(WFS), read(name="东区", fields={"id": "dk.7"})),
    Case("a geometry alone", made(BARE), read(name="a")),
    Case(
        "two parcels",
        made(features(PLAIN, polygon(ring(pos_list(SECOND))))),
        read(area_m2=2 * SQUARE_M2, footprints=2, parts=2),
    ),
    Case("GBK declared", made(GBK, encoding="gbk"), read(name="地块1")),
    Case("suffix .xml", made(features(PLAIN), "a.xml"), read()),
    Case(
        "a line with a width",
        made(
            features(
                f'<gml:LineString srsName="{URN}"><gml:posList>{pos_list(bw.SQUARE[:2])}</gml:posList></gml:LineString>'
            )
        ),
        Read(0.0, FIRST, fields={"width_m": 20.0}),
        {"width_m": 20.0},
    ),
    Case(
        "without srsName, degrees in the territory",
        made(features(PLAIN.replace(f' srsName="{URN}"', ""))),
        read(warnings=(f"a.gml：{SWAPPED}",)),
    ),
]


def refused(name: str, text: str, zh: str, error: type[Exception] | None = None) -> Case:
    expect = Refused(zh) if error is None else Refused(zh, error)  # type: ignore[arg-type]  # fields of what is expected
    return Case(name, made(text), expect)


CENTER = '<gml:ArcByCenterPoint><gml:pos>1 1</gml:pos><gml:radius uom="m">1</gml:radius></gml:ArcByCenterPoint>'
LINKED = (
    f'<gml:MultiSurface srsName="{URN}"><gml:surfaceMember xlink:href="http://example.org/x.gml#a"/></gml:MultiSurface>'
)
TWO_GEOMETRIES = features(PLAIN).replace("</app:geom>", f"</app:geom><app:旧范围>{PLAIN}</app:旧范围>")
DEEP = "<gml:MultiGeometry>" * 300
CITY = '<CityModel xmlns="http://www.opengis.net/citygml/2.0" xmlns:gml="http://www.opengis.net/gml"/>'
WRONG = "有误（数字或个数不对）；请重新导出"

CASES += [
    refused(
        "two systems",
        features(PLAIN, EAST),
        f"a.gml：各图形的 srsName 不一致（{URN}、EPSG:4490）；一个文件只能有一个坐标系",
        CRSError,
    ),
    refused(
        "unknown system",
        features(PLAIN.replace(URN, "urn:local:grid")),
        "a.gml：无法识别坐标系 “urn:local:grid”；请写成 EPSG 代码，例如 EPSG:4526（CGCS2000 3° 带第 38 带）",
        CRSError,
    ),
    refused(
        "entity",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + features(PLAIN),
        "a.gml：XML 带有 DOCTYPE/ENTITY 声明，可能引用外部内容；请重新导出不带声明的 GML",
    ),
    refused(
        "linked geometry", features(LINKED), "a.gml 第 1 个图形：几何内容在别处（xlink:href）；请导出包含图形本身的 GML"
    ),
    refused(
        "linked property",
        features("").replace("<app:geom></app:geom>", '<app:geom xlink:href="#g1"/>'),
        "a.gml：几何内容在别处（xlink:href）；请导出包含图形本身的 GML",
    ),
    refused(
        "arc by its centre",
        features(polygon(curve_ring(CENTER))),
        "a.gml 第 1 个图形：几何类型 ArcByCenterPoint 不能读取（曲线请先转为折线，体请转为面）",
    ),
    refused("CityGML", CITY, "a.gml：是 CityGML 三维城市模型，不是项目范围；请导出平面范围（如 GML 面、Shapefile）"),
    refused("no features", features(), "a.gml：没有任何图形；请重新导出"),
    refused(
        "a feature without a geometry",
        features(PLAIN, ""),
        "a.gml 第 2 个图形：没有几何图形或图形为空；请删除该记录或补画图形",
    ),
    refused(
        "two outlines to choose from",
        TWO_GEOMETRIES,
        "a.gml 第 1 个图形：有 2 个面状几何属性（geom、旧范围），不知道哪一个是项目范围；请只导出一个",
    ),
    refused(
        "odd number of numbers",
        features(PLAIN.replace("35.4 112.3 ", "35.4 ", 1)),
        f"a.gml 第 1 个图形：坐标 “35.4 35.4 112.31 35.41 112.31” {WRONG}",
    ),
    refused(
        "not a number",
        features(PLAIN.replace("35.4 112.3 ", "nan 112.3 ", 1)),
        f"a.gml 第 1 个图形：坐标 “nan 112.3 35.4 112.31 35.41 11” {WRONG}",
    ),
    refused(
        "segments apart",
        features(polygon(f"<gml:Ring>{JOINED.replace('112.31 35.41 112.3', '112.311 35.41 112.3')}</gml:Ring>")),
        "a.gml 第 1 个图形：曲线的各段首尾不相接；请重新导出",
    ),
    refused("nested too deeply", features(DEEP), "a.gml：XML 元素嵌套超过 200 层；请重新导出"),
    refused("cut off", features(PLAIN)[:-40], "a.gml:1：XML 在此处不完整或有误；请重新导出"),
    refused(
        "two outer rings",
        features(
            PLAIN.replace("</gml:Polygon>", f"<gml:exterior>{ring(pos_list(SECOND))}</gml:exterior></gml:Polygon>")
        ),
        "a.gml 第 1 个图形：一个 Polygon 有 2 个外环，应正好有 1 个；请重新导出",
    ),
]


@cases(CASES)
def test_gml(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_kinds_of_features_are_layers(tmp_path: Path) -> None:
    text = features(PLAIN, polygon(ring(pos_list(SECOND))))
    text = text.replace("<app:parcel", "<app:道路", 1).replace("</app:parcel>", "</app:道路>", 1)
    path = bw.write(tmp_path / "a.gml", text)
    with pytest.raises(Exception, match="it holds 2 layers; choose one with --layer: 道路, parcel"):
        read_sites(path, expected=bw.EXPECTED)
    (site,) = read_sites(path, expected=bw.EXPECTED, layer="parcel")
    assert site.name == "地块2"


def test_points_of_arcs_are_counted_before_they_are_made(tmp_path: Path) -> None:
    path = bw.write(tmp_path / "a.gml", features(curved("ArcString", 5)))
    with pytest.raises(Exception, match="more than the allowed 5000 vertices"):
        read_sites(path, expected=bw.EXPECTED, limits=Limits(vertices=5_000))
