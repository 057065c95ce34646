"""One parcel, written in every format and coordinate system that is read; nothing here uses a reader.

The parcel lies in 阳城 near 112.5°E, has a hole, and a vertex every 40 m or less: an edge that is straight in one plane
is then straight in all others to a thousandth of a millimetre.
"""

import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fiona
import geopandas
import openpyxl
import shapely
from pyproj import CRS, Transformer

import boundary_writers as bw

Ring = Sequence[bw.Point]
_CORNERS = [(112.4210, 35.4801), (112.4252, 35.4798), (112.4259, 35.4829), (112.4231, 35.4842), (112.4207, 35.4826)]
_HOLE = [(112.4226, 35.4812), (112.4224, 35.4822), (112.4238, 35.4824), (112.4241, 35.4813)]
_STEP = 0.0004


def _dense(corners: Ring) -> Ring:
    line = shapely.segmentize(shapely.LinearRing(corners), _STEP)
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]


RINGS: tuple[Ring, Ring] = (_dense(_CORNERS), _dense(_HOLE))
"""Outline and hole, closed, in degrees on CGCS2000."""


@dataclass(frozen=True)
class Written:
    """One way to hand the parcel in.

    `tolerance_m`: 1 mm, or 5 mm where the format rounds its numbers.
    """

    name: str
    make: Callable[[Path], Path]
    options: Mapping[str, Any] = field(default_factory=dict)
    tolerance_m: float = 0.001


def in_plane(code: str) -> list[list[bw.Point]]:
    """Return the rings with x east, y north in `code`."""
    way = Transformer.from_crs("EPSG:4490", code, always_xy=True)
    return [[way.transform(*point) for point in ring] for ring in RINGS]


def polygon(code: str) -> shapely.Polygon:
    """Return the parcel in `code`."""
    shell, hole = in_plane(code)
    return shapely.Polygon(shell, [hole])


def geojson(code: str | None) -> Callable[[Path], Path]:
    """Return a writer of GeoJSON with a named system, or without one in degrees."""

    def make(folder: Path) -> Path:
        rings = RINGS if code is None else in_plane(code)
        members = {} if code is None else {"crs": bw.named_crs(f"urn:ogc:def:crs:EPSG::{code[5:]}")}
        return bw.write(folder / "地块.geojson", bw.geojson(bw.polygon(rings), **members))

    return make


def wkt(code: str) -> Callable[[Path], Path]:
    """Return a writer of EWKT."""
    return lambda folder: bw.write(folder / "a.wkt", f"SRID={code[5:]};{bw.wkt(in_plane(code))}")


def wkb(code: str, *, as_hex: bool) -> Callable[[Path], Path]:
    """Return a writer of EWKB, big-endian, byte by byte."""

    def make(folder: Path) -> Path:
        rings = in_plane(code)
        data = b"\0" + struct.pack(">III", 3 | 0x20000000, int(code[5:]), len(rings))
        for ring in rings:
            data += struct.pack(">I", len(ring)) + b"".join(struct.pack(">2d", *point) for point in ring)
        return bw.write(folder / "a.wkb", data.hex() if as_hex else data)

    return make


def txt(code: str, *, swapped: bool = False, encoding: str = "gb18030", **header: str) -> Callable[[Path], Path]:
    """Return a writer of the coordinate TXT, millimetres."""

    def make(folder: Path) -> Path:
        rows = []
        for number, ring in enumerate(in_plane(code), 1):
            for place, (x, y) in enumerate(ring):
                first, second = (x, y) if swapped else (y, x)
                rows.append(f"J{place % (len(ring) - 1) + 1},{number},{first:.3f},{second:.3f}")
        return bw.write(folder / "a.txt", bw.txt(rows, **header), encoding)

    return make


def _frame(code: str) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"name": ["地块"]}, geometry=[polygon(code)], crs=code)


def ogr(name: str, driver: str, code: str, **creation: str) -> Callable[[Path], Path]:
    """Return a writer through GDAL."""

    def make(folder: Path) -> Path:
        path = folder / name
        _frame(code).to_file(path, driver=driver, engine="pyogrio", **creation)
        return path

    return make


def parquet(code: str) -> Callable[[Path], Path]:
    """Return a writer of GeoParquet."""

    def make(folder: Path) -> Path:
        path = folder / "a.parquet"
        _frame(code).to_parquet(path)
        return path

    return make


def shapefile(code: str, *, prj: str | None = None, pack: str | None = None) -> Callable[[Path], Path]:
    """Return a writer of a shapefile; `prj` replaces its text, `pack` is the stem in a zip."""

    def make(folder: Path) -> Path:
        shp = folder / "a.shp"
        schema = {"geometry": "Polygon", "properties": {"名称": "str:80"}}
        with fiona.open(shp, "w", driver="ESRI Shapefile", crs=code, encoding="GBK", schema=schema) as target:
            target.write({"geometry": bw.polygon(in_plane(code)), "properties": {"名称": "地块"}})
        if prj is not None:
            shp.with_suffix(".prj").write_text(prj, encoding="utf-8")
        return shp if pack is None else bw.zipped_shapefile(folder / "b.zip", shp, pack)

    return make


def esri_prj(name: str, meridian: int, false_easting: int) -> str:
    """Return a .prj as ArcGIS writes it: no code inside."""
    return (
        f'PROJCS["{name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
        'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
        f'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{false_easting}.0],PARAMETER["False_Northing",0.0],'
        f'PARAMETER["Central_Meridian",{meridian}.0],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


def packed(make: Callable[[Path], Path], member: str, name: str = "b.zip") -> Callable[[Path], Path]:
    """Return a writer that packs what `make` writes, a file or a folder."""

    def pack(folder: Path) -> Path:
        source = make(folder)
        with zipfile.ZipFile(folder / name, "w") as archive:
            for file in [source] if source.is_file() else sorted(source.iterdir()):
                archive.write(file, member if source.is_file() else f"{member}/{file.name}")
        return folder / name

    return pack


def kml(folder: Path) -> Path:
    """Write KML."""
    return bw.write(folder / "a.kml", bw.kml(bw.placemark(RINGS)))


def gml(code: str, *, urn: bool) -> Callable[[Path], Path]:
    """Return a writer of GML 3.2; a URN has the axis order of the authority."""

    def make(folder: Path) -> Path:
        northing_first = urn and CRS.from_user_input(code).axis_info[0].direction == "north"
        name = f"urn:ogc:def:crs:EPSG::{code[5:]}" if urn else code
        lists = [" ".join(f"{b!r} {a!r}" if northing_first else f"{a!r} {b!r}" for a, b in r) for r in in_plane(code)]
        ring = "<gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing>"
        body = (
            f"<gml:exterior>{ring.format(lists[0])}</gml:exterior><gml:interior>{ring.format(lists[1])}</gml:interior>"
        )
        return bw.write(
            folder / "a.gml",
            '<?xml version="1.0" encoding="UTF-8"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" '
            'xmlns:z="urn:z"><gml:featureMember><z:parcel gml:id="p1"><z:name>地块</z:name><z:geom>'
            f'<gml:Polygon gml:id="g1" srsName="{name}">{body}</gml:Polygon></z:geom></z:parcel></gml:featureMember>'
            "</gml:FeatureCollection>",
        )

    return make


def dxf(code: str) -> Callable[[Path], Path]:
    """Return a writer of DXF R2000: two closed polylines on one layer."""

    def make(folder: Path) -> Path:
        pairs: list[tuple[int, object]] = [(0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1015"), (0, "ENDSEC")]
        pairs += [(0, "SECTION"), (2, "ENTITIES")]
        for ring in in_plane(code):
            pairs += [(0, "LWPOLYLINE"), (100, "AcDbEntity"), (8, "JZX"), (100, "AcDbPolyline")]
            pairs += [(90, len(ring) - 1), (70, 1)]
            for x, y in ring[:-1]:
                pairs += [(10, repr(x)), (20, repr(y))]
        pairs += [(0, "ENDSEC"), (0, "EOF")]
        return bw.write(folder / "a.dxf", "".join(f"{group:>3}\n{value}\n" for group, value in pairs))

    return make


def mif(code: str, system: str) -> Callable[[Path], Path]:
    """Return a writer of MapInfo MIF/MID in GBK."""

    def make(folder: Path) -> Path:
        rings = in_plane(code)
        head = (
            f'Version 300\nCharset "WindowsSimpChinese"\nDelimiter ","\n{system}\nColumns 1\n  名称 Char(20)\nData\n\n'
        )
        body = f"Region {len(rings)}\n"
        for ring in rings:
            body += f"  {len(ring)}\n" + "".join(f"{x!r} {y!r}\n" for x, y in ring)
        bw.write(folder / "a.mid", '"地块"\n', "gbk")
        return bw.write(folder / "a.mif", head + body, "gbk")

    return make


def vct(code: str, head: Mapping[str, str]) -> Callable[[Path], Path]:
    """Return a writer of VCT 3.0: outline and hole are one line object each."""

    def make(folder: Path) -> Path:
        rings = in_plane(code)
        entries = {
            "DataMark": "LANDUSE-VCT", "Version": "GB/T 17798-2007", "CoordinateSystemType": "P", "Dim": "2",
            "XAxisDirection": "E", "YAxisDirection": "N", "XYUnit": "M", "Separator": ",",
            "Spheroid": "CGCS2000,6378137,298.257222101", "PrimeMeridian": "Greenwich", **head,
        }  # fmt: skip
        text = "HeadBegin\n" + "".join(f"{k}:{v}\n" for k, v in entries.items()) + "HeadEnd\n\n"
        text += "FeatureCodeBegin\n1000000000,界线,Line,0\n2001010100,地块,Polygon,DK\nFeatureCodeEnd\n\n"
        text += "TableStructureBegin\nDK,1\nDKMC,Char,60\n0\nTableStructureEnd\n\nPointBegin\nPointEnd\n\nLineBegin\n"
        for number, ring in enumerate(rings, 1):
            text += (
                f"{number}\n1000000000\n0\n1\n1\n11\n{len(ring)}\n" + "".join(f"{x!r},{y!r}\n" for x, y in ring) + "0\n"
            )
        x, y = rings[0][0]
        text += f"LineEnd\n\nPolygonBegin\n10\n2001010100\n0\n100\n{x!r},{y!r}\n21\n3\n1,0,-2\n0\nPolygonEnd\n\n"
        text += "AttributeBegin\nDK\n10,地块\nTableEnd\nAttributeEnd\n"
        return bw.write(folder / "a.vct", text.replace("\n", "\r\n"), "gbk")

    return make


def _angle(degrees: float, decimals: int) -> str:
    total = round(degrees * 3600, decimals)
    whole, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{int(whole)}°{int(minutes):02d}′{seconds:0{decimals + 3}.{decimals}f}″"


def rows(code: str | None, *, angles: bool = False) -> list[list[object]]:
    """Return a table of vertices with a header: north before east, latitude after longitude."""
    named = ["经度", "纬度"] if code is None else ["X坐标", "Y坐标"]
    table: list[list[object]] = [["点号", "圈号", *named]]
    for number, ring in enumerate(RINGS if code is None else in_plane(code), 1):
        for place, (x, y) in enumerate(ring):
            point = [x, y] if code is None else [round(y, 3), round(x, 3)]
            texts: list[object] = [_angle(v, 5) for v in point] if angles else list(point)
            table.append([f"J{place % (len(ring) - 1) + 1}", number, *texts])
    return table


def csv(table: list[list[object]], encoding: str = "gb18030", separator: str = ",") -> Callable[[Path], Path]:
    """Return a writer of a text table."""
    text = "\n".join(separator.join(str(cell) for cell in row) for row in table) + "\n"
    return lambda folder: bw.write(folder / "a.csv", text, encoding)


def pasted(table: list[list[object]]) -> Callable[[Path], Path]:
    """Return a writer of what is pasted from a Word table: tabs, no suffix."""
    text = "\n".join("\t".join(str(cell) for cell in row) for row in table)
    return lambda folder: bw.write(folder / "pasted", text)


def xlsx(table: list[list[object]]) -> Callable[[Path], Path]:
    """Return a writer of a workbook."""

    def make(folder: Path) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in table:
            sheet.append(row)
        book.save(folder / "a.xlsx")
        return folder / "a.xlsx"

    return make


def shifted_rings(move: Callable[[float, float], tuple[float, float]]) -> list[Ring]:
    """Return the rings in degrees, each vertex moved."""
    return [[move(*point) for point in ring] for ring in RINGS]


def moved_geojson(rings: Sequence[Ring], crs: str | None = None) -> Callable[[Path], Path]:
    """Return a writer of GeoJSON with these rings as they are."""
    members = {} if crs is None else {"crs": bw.named_crs(crs)}
    return lambda folder: bw.write(folder / "a.geojson", bw.geojson(bw.polygon(rings), **members))
