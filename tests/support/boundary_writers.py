"""Boundary files written in code, each writer on its own: nothing here uses the reader that it tests.

Rings are lists of (longitude, latitude), closed, in degrees on CGCS2000.
"""

import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import fiona
from pyproj import Transformer

from zoning.sites import Site

Point = tuple[float, float]
Ring = Sequence[Point]

# Yangcheng and its neighbours; 112.5°E, the border of the zones 37 and 38, runs through it.
EXPECTED = (112.0, 35.1, 112.95, 35.75)
SQUARE: Ring = [(112.30, 35.40), (112.31, 35.40), (112.31, 35.41), (112.30, 35.41), (112.30, 35.40)]
HOLE: Ring = [(112.303, 35.403), (112.303, 35.406), (112.306, 35.406), (112.306, 35.403), (112.303, 35.403)]
HEADER: Mapping[str, str] = {
    "格式版本号": "1.01版本",
    "数据产生单位": "某测绘公司",
    "数据产生日期": "2025-3-1",
    "坐标系": "2000国家大地坐标系",
    "几度分带": "3",
    "投影类型": "高斯克吕格",
    "计量单位": "米",
    "带号": "37",
    "精度": "0.001",
    "转换参数": ",,,,,,",
}


def shape(site: Site) -> Any:
    """Return the geometry with whatever members its type has."""
    return site.geometry


def shifted(ring: Ring, east: float, north: float = 0.0) -> Ring:
    """Return the ring moved by degrees."""
    return [(x + east, y + north) for x, y in ring]


@cache
def _to_plane(code: str) -> Transformer:
    return Transformer.from_crs("EPSG:4490", code, always_xy=True)


def plane(code: str, ring: Ring) -> list[Point]:
    """Return the vertices in a plane, x east, y north."""
    return [_to_plane(code).transform(x, y) for x, y in ring]


def txt_rows(rings: Sequence[Ring], code: str, *, numbers: Sequence[int] = (), decimals: int = 4) -> list[str]:
    """Return the point rows of one parcel, north before east."""
    rows = []
    for position, ring in enumerate(rings):
        number = numbers[position] if numbers else position + 1
        points = plane(code, ring)
        names = [*range(1, len(points)), 1]
        rows += [f"J{n},{number},{y:.{decimals}f},{x:.{decimals}f}" for n, (x, y) in zip(names, points, strict=True)]
    return rows


def txt(rows: Sequence[str], *, parcel: str | None = None, **header: str) -> str:
    """Return a coordinate TXT with one parcel; `parcel` is its line, header entries replace the usual ones."""
    line = parcel or f"{len(rows)},,DK01,一号地块,面,,工业用地,0601,@"
    entries = [f"{name}={value}" for name, value in {**HEADER, **header}.items()]
    return "\n".join(["[属性描述]", *entries, "[地块坐标]", line, *rows]) + "\n"


def write(path: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    """Write text or bytes and return the path."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def polygon(rings: Sequence[Ring]) -> dict[str, object]:
    """Return a GeoJSON polygon."""
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring] for ring in rings]}


def geojson(*geometries: object, properties: Mapping[str, object] | None = None, **members: object) -> str:
    """Return a FeatureCollection; `members` stand beside its features."""
    features = [{"type": "Feature", "properties": properties, "geometry": geometry} for geometry in geometries]
    return json.dumps({"type": "FeatureCollection", **members, "features": features}, ensure_ascii=False)


def named_crs(name: str) -> dict[str, object]:
    """Return the crs member of older GeoJSON."""
    return {"type": "name", "properties": {"name": name}}


def kml(*placemarks: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    """Return a KML document."""
    body = "".join(placemarks)
    return f'{declaration}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'


def placemark(rings: Sequence[Ring], name: str = "矿区", more: str = "") -> str:
    """Return a placemark with one polygon."""
    outer, *inner = [" ".join(f"{x!r},{y!r},0" for x, y in ring) for ring in rings]
    edge = "<LinearRing><coordinates>{}</coordinates></LinearRing>"
    holes = "".join(f"<innerBoundaryIs>{edge.format(text)}</innerBoundaryIs>" for text in inner)
    shape = f"<Polygon><outerBoundaryIs>{edge.format(outer)}</outerBoundaryIs>{holes}</Polygon>"
    return f"<Placemark><name>{name}</name>{more}{shape}</Placemark>"


def wkt(rings: Sequence[Ring]) -> str:
    """Return a WKT polygon."""
    texts = ["(" + ", ".join(f"{x!r} {y!r}" for x, y in ring) + ")" for ring in rings]
    return f"POLYGON ({', '.join(texts)})"


def write_gpkg(path: Path, rings: Sequence[Ring], *, code: str = "EPSG:4525", layer: str = "地块") -> Path:
    """Add a layer with one polygon to a GeoPackage."""
    schema = {"geometry": "Polygon", "properties": {"name": "str"}}
    geometry = polygon([plane(code, ring) for ring in rings])
    with fiona.open(path, "w", driver="GPKG", crs=code, layer=layer, schema=schema) as target:
        target.write({"geometry": geometry, "properties": {"name": layer}})
    return path


def write_shapefile(
    path: Path, *polygons: Sequence[Ring], code: str = "EPSG:4526", encoding: str = "GBK", name: str = "阳城㎡喆"
) -> Path:
    """Write a shapefile with .prj, .dbf and .cpg."""
    schema = {"geometry": "Polygon", "properties": {"名称": "str:80", "编号": "str:10", "面积": "float"}}
    with fiona.open(path, "w", driver="ESRI Shapefile", crs=code, encoding=encoding, schema=schema) as target:
        for number, rings in enumerate(polygons, 1):
            geometry = polygon([plane(code, ring) for ring in rings])
            properties = {"名称": name, "编号": f"D{number}", "面积": 1.5}
            target.write({"geometry": geometry, "properties": properties})
    return path


def write_bare_shapefile(path: Path, *records: Sequence[Sequence[Point]], kind: int = 5) -> Path:
    """Write .shp and .shx byte by byte: rings in any direction, closed or not, without table and .prj."""
    body, index = b"", b""
    for number, rings in enumerate(records, 1):
        points = [point for ring in rings for point in ring]
        starts = [sum(map(len, rings[:i])) for i in range(len(rings))]
        content = struct.pack("<i4d2i", kind, *_box(points), len(rings), len(points))
        content += struct.pack(f"<{len(starts)}i", *starts) + b"".join(struct.pack("<2d", *point) for point in points)
        index += struct.pack(">2i", (100 + len(body)) // 2, len(content) // 2)
        body += struct.pack(">2i", number, len(content) // 2) + content
    box = _box([point for rings in records for ring in rings for point in ring])
    for file, data in ((path, body), (path.with_suffix(".shx"), index)):
        head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(data)) // 2)
        file.write_bytes(head + struct.pack("<2i8d", 1000, kind, *box, 0, 0, 0, 0) + data)
    return path


def _box(points: Sequence[Point]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def write_dbf(path: Path, field: bytes, width: int, *values: bytes) -> Path:
    """Write a table with one text field, byte by byte."""
    head = struct.pack("<4BIHH20x", 3, 125, 3, 1, len(values), 32 + 32 + 1, 1 + width)
    head += struct.pack("<11sc4xBB14x", field, b"C", width, 0) + b"\r"
    path.write_bytes(head + b"".join(b" " + value.ljust(width) for value in values) + b"\x1a")
    return path


def zipped(path: Path, members: Mapping[str, Path | bytes]) -> Path:
    """Pack files under the names given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content if isinstance(content, bytes) else content.read_bytes())
    return path


def zipped_shapefile(
    path: Path, shp: Path, stem: str, *, suffixes: Sequence[str] = (".shp", ".shx", ".dbf", ".prj")
) -> Path:
    """Pack the parts of a shapefile under another name."""
    return zipped(path, {f"{stem}{suffix}": shp.with_suffix(suffix) for suffix in suffixes})
