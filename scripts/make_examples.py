"""Write examples/: six boundary files as they reach a reviewer, in six formats, the same bytes on every run.

The footprints are invented; they lie in the schematic layers of the built-in workspace so that each shows another
answer. Corners are given in metres east and north of a place. Run after a change of the layers, then look at the demo.
"""

import argparse
import json
import struct
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import fiona
import numpy as np
import pyogrio
import shapely
from pyogrio.raw import write
from pyproj import CRS, Transformer

Point = tuple[float, float]
FIXED_TIME = (2026, 11, 22, 0, 0, 0)
TXT_HEAD = """\
[属性描述]
格式版本号=1.01版本
数据产生单位=某测绘有限公司
数据产生日期=2026-5-12
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号={zone}
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A footprint: number, name, planned use, and rings in metres around a place (lon, lat); the first is the outer."""

    number: str
    name: str
    use: str
    place: Point
    rings: tuple[tuple[Point, ...], ...]

    def lonlat(self) -> shapely.Polygon:
        """Return the footprint in degrees, corners rounded to 1e-9."""
        lon, lat = self.place
        local = CRS.from_proj4(f"+proj=tmerc +lon_0={lon} +lat_0={lat} +k=1 +ellps=GRS80")
        back = Transformer.from_crs(local, CRS.from_epsg(4490), always_xy=True)
        rings = [[tuple(round(v, 9) for v in back.transform(x, y)) for x, y in ring] for ring in self.rings]
        return shapely.Polygon(rings[0], rings[1:])

    def plane(self, epsg: int) -> shapely.Polygon:
        """Return the footprint in a Gauss-Krüger zone (x east, y north), corners rounded to 1 mm."""
        forward = Transformer.from_crs(4490, epsg, always_xy=True)
        rings = [
            [tuple(round(v, 3) for v in forward.transform(*point)) for point in ring.coords]
            for ring in (self.lonlat().exterior, *self.lonlat().interiors)
        ]
        return shapely.Polygon(rings[0], rings[1:])


def write_txt(path: Path, parcels: Sequence[Parcel], zone: int, encoding: str) -> None:
    """Write the coordinate TXT of the natural-resources authorities: X is north, Y is east with the zone in front."""
    lines = [TXT_HEAD.format(zone=zone).replace("\n", "\r\n")]
    for parcel in parcels:
        shape = parcel.plane(4488 + zone)
        rings = [shape.exterior, *shape.interiors]
        count = sum(len(ring.coords) for ring in rings)
        lines.append(f"{count},{shape.area / 1e4:.4f},{parcel.number},{parcel.name},面,,{parcel.use},,@\r\n")
        for number, ring in enumerate(rings, start=1):
            corners = len(ring.coords) - 1
            for index, (east, north) in enumerate(ring.coords):
                lines.append(f"J{index % corners + 1},{number},{north:.3f},{east:.3f}\r\n")
    path.write_bytes("".join(lines).encode(encoding))


def write_gbk_zip(path: Path, parcels: Sequence[Parcel], epsg: int) -> None:
    """Write a zipped Shapefile as ArcGIS on a Chinese Windows does: GBK texts and no .cpg."""
    schema = {"geometry": "Polygon", "properties": {"地块编号": "str:20", "项目名称": "str:60", "用途": "str:30"}}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "项目范围.shp"
        with fiona.open(target, "w", "ESRI Shapefile", schema, crs=f"EPSG:{epsg}", encoding="GBK") as file:
            for parcel in parcels:
                values = {"地块编号": parcel.number, "项目名称": parcel.name, "用途": parcel.use}
                file.write({"geometry": shapely.geometry.mapping(parcel.plane(epsg)), "properties": values})
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                if part.suffix != ".cpg":
                    _add(archive, part.name, _undated(part))


def _undated(part: Path) -> bytes:
    data = bytearray(part.read_bytes())
    if part.suffix == ".dbf":
        # Bytes 1-3 hold the day of writing.
        data[1:4] = struct.pack("3B", FIXED_TIME[0] - 1900, FIXED_TIME[1], FIXED_TIME[2])
    return bytes(data)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def write_kml(path: Path, name: str, place: Point, line: tuple[Point, ...]) -> None:
    """Write a line as Google Earth does."""
    shape = Parcel("1", name, "", place, ((*line, line[0]),)).lonlat().exterior.coords[:-1]
    corners = " ".join(f"{lon:.9f},{lat:.9f},0" for lon, lat in shape)
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
        f"<Placemark><name>{name}</name><LineString><coordinates>{corners}</coordinates></LineString></Placemark>\n"
        "</Document></kml>\n",
        encoding="utf-8",
    )


def write_geojson(path: Path, parcels: Sequence[Parcel]) -> None:
    """Write GeoJSON in longitude and latitude."""
    features = [
        {
            "type": "Feature",
            "properties": {"编号": parcel.number, "项目名称": parcel.name, "用途": parcel.use},
            "geometry": json.loads(shapely.to_geojson(parcel.lonlat())),
        }
        for parcel in parcels
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def write_gpkg(path: Path, parcels: Sequence[Parcel], epsg: int) -> None:
    """Write a GeoPackage in a Gauss-Krüger zone."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-11-22T00:00:00.000Z"})
    columns = {
        "编号": [parcel.number for parcel in parcels],
        "项目名称": [parcel.name for parcel in parcels],
        "用途": [parcel.use for parcel in parcels],
    }
    write(
        path,
        geometry=np.array([shapely.to_wkb(parcel.plane(epsg)) for parcel in parcels], dtype=object),
        field_data=[np.array(values, dtype=object) for values in columns.values()],
        fields=list(columns),
        layer="项目范围",
        driver="GPKG",
        geometry_type="Polygon",
        crs=f"EPSG:{epsg}",
        dataset_options={"VERSION": "1.2"},
    )


PLANT = Parcel(
    "01", "连翘茶加工厂", "工业用地", (112.4341, 35.3177),
    (((-62, -48), (20, -71), (74, -30), (88, 41), (31, 66), (-12, 39), (-58, 52), (-79, 4)),),
)  # fmt: skip
PLATFORM = Parcel(
    "A-1", "东岭观景平台及停车场", "旅游设施", (112.5000, 35.53695),
    (((-34, -9), (-13, -21), (15, -17), (36, -4), (31, 13), (7, 19), (-17, 12)),),
)  # fmt: skip
LODGE = Parcel(
    "XM-2026-07", "云岭民宿（二期）", "住宿", (112.4350, 35.5669),
    (((-35, -30), (28, -36), (41, 9), (12, 34), (-30, 26)),),
)  # fmt: skip
SCHOOL = Parcel(
    "S1", "凤城第三小学", "教育用地", (112.4024, 35.4891),
    (
        ((-70, -55), (64, -60), (72, 48), (8, 63), (-66, 51)),
        ((-22, -18), (-20, 12), (14, 15), (16, -16)),
        ((34, 20), (33, 33), (48, 34), (50, 22)),
    ),
)  # fmt: skip
PANELS = (
    Parcel("2201", "2201 工作面", "采煤", (112.4927, 35.5136), (((-160, -70), (150, -82), (156, 71), (-151, 78)),)),
    Parcel("2203", "2203 工作面", "采煤", (112.5769, 35.4290), (((-150, -60), (148, -66), (151, 62), (-147, 70)),)),
)
ROAD = ((-300.0, -40.0), (-120.0, 10.0), (30.0, -15.0), (210.0, 55.0), (330.0, 48.0))


def main() -> None:
    """Write all examples."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "examples")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    write_txt(folder / "processing-plant.txt", [PLANT], 37, "gb18030")
    write_txt(folder / "viewing-platform.txt", [PLATFORM], 38, "utf-8-sig")
    write_gbk_zip(folder / "lodge.zip", [LODGE], 4525)
    write_kml(folder / "haul-road.kml", "采场运输道路", (112.4441, 35.3800), ROAD)
    write_geojson(folder / "school.geojson", [SCHOOL])
    write_gpkg(folder / "coal-panels.gpkg", PANELS, 4526)


if __name__ == "__main__":
    main()
