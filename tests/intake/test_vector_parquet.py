"""GeoParquet with metadata written by hand: every encoding and version, systems, and what is refused."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyproj import CRS

import boundary_writers as bw
from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from wkb_writer import polygon
from zoning.errors import CRSError
from zoning.sites import Limits, read_sites

SQUARE_M2 = 1_007_808.376
FIRST = (112.30, 35.40)
SECOND = bw.shifted(bw.SQUARE, 0.05)
CGCS2000 = CRS.from_epsg(4490).to_json_dict()
SHAPES = [polygon(bw.SQUARE, bw.HOLE, srid=None), polygon(SECOND, srid=None)]
BOTH = {"area_m2": SQUARE_M2 * 1.91, "area_tolerance_m2": 10.0, "footprints": 2, "parts": 2, "holes": 1}


def column(**more: Any) -> dict[str, Any]:
    return {"encoding": "WKB", "crs": CGCS2000, "geometry_types": ["Polygon"], **more}


def table(geometry: pa.Array, geo: object, **columns: Any) -> pa.Table:
    """Return a table with the metadata `geo`; None: without."""
    made = pa.table({"geometry": geometry, **columns})
    return made if geo is None else made.replace_schema_metadata({"geo": json.dumps(geo)})


def geo(described: Mapping[str, Any], **others: Mapping[str, Any]) -> dict[str, Any]:
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": described, **others}}


def made(content: pa.Table, **options: Any) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        pq.write_table(content, folder / "a.parquet", **options)
        return folder / "a.parquet"

    return make


def wkb(*shapes: bytes | None) -> pa.Array:
    return pa.array(shapes, type=pa.binary())


def native(*polygons: list[bw.Ring]) -> pa.Array:
    position = pa.struct([("x", pa.float64()), ("y", pa.float64())])
    shapes = [[[{"x": x, "y": y} for x, y in ring] for ring in rings] for rings in polygons]
    return pa.array(shapes, type=pa.list_(pa.list_(position)))


def read(**more: object) -> Read:
    expected: dict[str, Any] = {"first": FIRST, "crs": "EPSG:4490", **BOTH, **more}
    return Read(**expected)


TEXTS = {
    "地块名称": ["东区", "西区"],
    "面积": [1.25, None],
    "bbox": pa.array([{"xmin": 1.0}, {"xmin": 2.0}]),
}
NATIVE = native([bw.SQUARE, bw.HOLE], [SECOND])
LON_LAT = {"encoding": "WKB", "geometry_types": []}
OLD = {"encoding": "WKB", "crs": CRS.from_epsg(4490).to_wkt()}
PLANE = wkb(
    *(
        polygon(*(bw.plane("EPSG:4525", ring) for ring in rings), srid=None)
        for rings in ([bw.SQUARE, bw.HOLE], [SECOND])
    )
)
PRIMARY = "a.parquet：有 2 个几何列，读取主列 geometry，未读取：label"

CASES = [
    Case(
        "WKB with PROJJSON",
        made(table(wkb(*SHAPES), geo(column()), **TEXTS)),
        read(name="东区", fields={"attributes": {"地块名称": "东区", "面积": "1.25"}}),
    ),
    Case("no crs: longitude and latitude WGS84", made(table(wkb(*SHAPES), geo(LON_LAT))), read(crs="EPSG:4326")),
    Case("version 0.3 with the system as WKT", made(table(wkb(*SHAPES), geo(OLD))), read()),
    Case("a plane", made(table(PLANE, geo(column(crs=CRS.from_epsg(4525).to_json_dict())))), read(crs="EPSG:4525")),
    Case("native polygons", made(table(NATIVE, geo(column(encoding="polygon")))), read()),
    Case(
        "native multipolygons",
        made(
            table(
                pa.array([[shape] for shape in NATIVE.to_pylist()], type=pa.list_(NATIVE.type)),
                geo(column(encoding="multipolygon")),
            )
        ),
        read(),
    ),
    Case(
        "native lines",
        made(
            table(pa.array([NATIVE.to_pylist()[1][0]], type=NATIVE.type.value_type), geo(column(encoding="linestring")))
        ),
        Read(0.0, (112.35, 35.40)),
        {"width_m": 5.0},
    ),
    Case(
        "native points",
        made(table(pa.array([{"x": 112.3, "y": 35.4}]), geo(column(encoding="point")))),
        Read(0.0, FIRST),
        {"radius_m": 5.0},
    ),
    Case(
        "native multipoints",
        made(
            table(
                pa.array([NATIVE.to_pylist()[1][0][:2]], type=NATIVE.type.value_type),
                geo(column(encoding="multipoint")),
            )
        ),
        Read(0.0, (112.35, 35.40), parts=2),
        {"radius_m": 5.0},
    ),
    Case(
        "native lines in several parts",
        made(table(NATIVE, geo(column(encoding="multilinestring")))),
        Read(0.0, FIRST, footprints=2, parts=3),
        {"width_m": 5.0},
    ),
    Case(
        "many row groups, zstd", made(table(wkb(*SHAPES), geo(column())), row_group_size=1, compression="zstd"), read()
    ),
    Case(
        "two geometry columns",
        made(table(wkb(*SHAPES), geo(column(), label=column()), label=wkb(b"x", b"y"))),
        read(warnings=(PRIMARY,)),
    ),
    Case(
        "crs null, degrees in the territory",
        made(table(wkb(*SHAPES), geo(column(crs=None)))),
        read(
            warnings=("a.parquet：GeoParquet 的 crs 为 null，坐标是落在工作空间区域内的经纬度，按 CGCS2000 经纬度读取",)
        ),
    ),
    Case("edges that are said to be planar", made(table(wkb(*SHAPES), geo(column(edges="planar")))), read()),
]


def refused(name: str, content: pa.Table, zh: str, **more: Any) -> Case:
    return Case(name, made(content), Refused(zh, **more))


def patched(name: str, change: Callable[[bytes], bytes], zh: str) -> Case:
    def make(folder: Path) -> Path:
        path = made(table(wkb(*SHAPES), geo(column())))(folder)
        return bw.write(path, change(path.read_bytes()))

    return Case(name, make, Refused(zh))


DAMAGED = "a.parquet：文件损坏或不是有效的 Parquet；请重新导出"
METADATA = "a.parquet：GeoParquet 元数据（geo）不完整或有误；请重新导出"
FITTING = "EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）"

CASES += [
    refused(
        "a table without geometry",
        table(wkb(*SHAPES), None),
        "a.parquet：是 Parquet 表，但没有 GeoParquet 元数据（geo），不知道哪一列是图形；请导出为 GeoParquet",
    ),
    refused("metadata without columns", table(wkb(*SHAPES), {"primary_column": "geometry"}), METADATA),
    refused("metadata that are a list", table(wkb(*SHAPES), ["geometry"]), METADATA),
    refused(
        "a column that is not there",
        table(wkb(*SHAPES), {"primary_column": "g", "columns": {"g": column()}}),
        "a.parquet：没有几何列 g；请重新导出",
    ),
    refused(
        "unknown encoding",
        table(wkb(*SHAPES), geo(column(encoding="TWKB"))),
        "a.parquet：几何列的编码 TWKB 不能读取；请以 WKB 编码导出",
    ),
    refused("native encoding of a column that is WKB", table(wkb(*SHAPES), geo(column(encoding="polygon"))), DAMAGED),
    refused("no rows", table(wkb(), geo(column())), "a.parquet：没有任何图形；请重新导出"),
    refused(
        "a row without a geometry",
        table(wkb(SHAPES[0], None), geo(column())),
        "a.parquet 第 2 个图形：没有几何图形或图形为空；请删除该记录或补画图形",
    ),
    refused(
        "wrong bytes in a row",
        table(wkb(SHAPES[0], SHAPES[1][:30]), geo(column())),
        "a.parquet 第 2 个图形：WKB 在第 9 字节处有误或不完整；请重新导出",
    ),
    refused(
        "edges on the sphere",
        table(wkb(*SHAPES), geo(column(edges="spherical"))),
        "a.parquet：元数据写明边是大地线（edges=spherical），按直线读取会偏移；"
        "请在长边上加点后改为平面边（edges=planar），重新导出",
    ),
    refused(
        "edges of another kind",
        table(wkb(*SHAPES), geo(column(edges="vincenty"))),
        "a.parquet：元数据写明边是大地线（edges=vincenty），按直线读取会偏移；"
        "请在长边上加点后改为平面边（edges=planar），重新导出",
    ),
    refused(
        "crs null, metres",
        table(PLANE, geo(column(crs=None))),
        f"a.parquet：GeoParquet 的 crs 为 null，{UNKNOWN_CRS} --crs {FITTING}",
        error=CRSError,
    ),
    patched("cut off", lambda data: data[:-20], DAMAGED),
    patched("damaged in the middle", lambda data: data[:20] + b"\xff" * 60 + data[80:], DAMAGED),
]


@cases(CASES)
def test_geoparquet(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_a_value_repeated_ten_thousand_times_is_stored_and_counted_once(tmp_path: Path) -> None:
    """One large polygon, ten thousand rows: small on disk, 160 MB unpacked, beyond the limit of vertices."""
    large = polygon([(112.3 + n * 1e-6, 35.4 + n * n * 1e-9) for n in range(1_000)], srid=None)
    path = made(table(wkb(*[large] * 10_000), geo(column())))(tmp_path)
    assert path.stat().st_size < 100_000
    with pytest.raises(Exception, match="more than the allowed 4000000 vertices"):
        read_sites(path, expected=bw.EXPECTED)


def test_limits_are_compared_with_the_metadata_first(tmp_path: Path) -> None:
    path = made(table(wkb(*SHAPES), geo(column())), compression="none", use_dictionary=False)(tmp_path)
    with pytest.raises(Exception, match="more than the allowed 1 records"):
        read_sites(path, expected=bw.EXPECTED, limits=Limits(records=1))
    with pytest.raises(Exception, match="it unpacks to 0 MB, more than the allowed 0 MB"):
        read_sites(path, expected=bw.EXPECTED, limits=Limits(unpacked_bytes=200))
