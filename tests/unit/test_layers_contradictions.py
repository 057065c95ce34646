"""Layer files that say two things of themselves, or hold a record that cannot be read: told by name."""

import json
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from geopackage_edits import Statement, changed_geopackage
from overlay_world import DAY, catalogue, layer, write_zones
from zoning.errors import LayerError
from zoning.layers.catalogue import Edition
from zoning.layers.reader import Features, Unavailable, read_window
from zoning.texts import Text

HERE = (112.3, 35.55, 112.5, 35.65)
ZONES = [(shapely.box(112.3 + i * 0.01, 35.60, 112.305 + i * 0.01, 35.61), f"区{i}", "LEVEL-1") for i in range(4)]


def read(root: Path, file: str = "water.gpkg", *, crs: str = "EPSG:4490") -> Features | Unavailable:
    editions = {"2020": Edition(file=f"data/{file}", valid_from=date(2020, 1, 1))}
    return read_window(catalogue(root, layer(crs=crs, editions=editions)), "water", on=DAY, bounds=HERE)


def refused(root: Path, file: str = "water.gpkg") -> Text:
    found = read(root, file)
    assert isinstance(found, Unavailable), found
    return found.reason


def blob(path: Path, fid: int) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        return bytes(connection.execute("SELECT geom FROM zones WHERE fid = ?", (fid,)).fetchone()[0])


@pytest.fixture
def water(tmp_path: Path) -> Path:
    return write_zones(tmp_path / "layers/data/water.gpkg", ZONES)


# --- geometries that cannot be made


def opened(wkb: bytes) -> bytes:
    """Return a polygon of five points whose last is not the first."""
    return wkb[:-8] + struct.pack("<d", 35.605)


def short(wkb: bytes) -> bytes:
    """Return a polygon of two points, both the same."""
    return wkb[: -5 * 16 - 4] + struct.pack("<I", 2) + 2 * wkb[-16:]


def test_an_open_ring_is_told_with_its_record(water: Path, tmp_path: Path) -> None:
    changed_geopackage(water, ("UPDATE zones SET geom = ? WHERE fid = 3", (opened(blob(water, 3)),)))
    assert refused(tmp_path) == Text(
        "water.gpkg：记录 fid=3 (zone_id=Z2) 有环没有闭合（首尾点不同），整个图层不能使用；"
        "请在 GIS 软件中修复这些图形（闭合环、补点或删除后重画），重新导出",
        "water.gpkg: record fid=3 (zone_id=Z2) has a ring that does not end where it began, so that the layer cannot "
        "be used; repair it in a GIS program (close the ring, complete it or draw it anew) and export the file again",
    )


def test_several_records_are_all_told(water: Path, tmp_path: Path) -> None:
    changed_geopackage(
        water, *(("UPDATE zones SET geom = ? WHERE fid = ?", (short(blob(water, fid)), fid)) for fid in (2, 4))
    )
    said = refused(tmp_path)
    assert said.zh.startswith(
        "water.gpkg：记录 fid=2 (zone_id=Z1)、fid=4 (zone_id=Z3) 有环或线的点太少，整个图层不能使用"
    )
    assert said.en.startswith(
        "water.gpkg: record fid=2 (zone_id=Z1), fid=4 (zone_id=Z3) has a ring or line with too few"
    )


def test_a_record_of_geoparquet_is_told(tmp_path: Path) -> None:
    import geopandas as gpd
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "layers/data/water.parquet"
    path.parent.mkdir(parents=True)
    columns = {"zone_id": ["A", "B"], "name": ["", ""], "class": ["LEVEL-1", "LEVEL-1"]}
    gpd.GeoDataFrame(columns, geometry=[ZONES[0][0], ZONES[1][0]], crs="EPSG:4490").to_parquet(path)
    table = parquet.read_table(path)
    shapes = table.column("geometry").to_pylist()
    place = table.schema.get_field_index("geometry")
    broken = pa.array([shapes[0], opened(shapes[1])], pa.binary())
    parquet.write_table(table.set_column(place, table.schema.field("geometry"), broken), path)
    assert refused(tmp_path, path.name).zh.startswith("water.parquet：记录 fid=1 (zone_id=B) 有环没有闭合")


def test_edges_on_the_sphere_are_told(tmp_path: Path) -> None:
    """Zones with straight edges are others: by 0.46 km for an edge of two degrees at 36° N."""
    import geopandas as gpd
    from pyarrow import parquet

    path = tmp_path / "layers/data/water.parquet"
    path.parent.mkdir(parents=True)
    columns = {"zone_id": ["A"], "name": [""], "class": ["LEVEL-1"]}
    gpd.GeoDataFrame(columns, geometry=[ZONES[0][0]], crs="EPSG:4490").to_parquet(path)
    assert isinstance(read(tmp_path, path.name), Features)
    table = parquet.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    geo["columns"]["geometry"]["edges"] = "spherical"
    parquet.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), path)
    assert refused(tmp_path, path.name) == Text(
        "water.parquet：元数据写明边是大地线（edges=spherical），按直线读取会偏移，整个图层不能使用；"
        "请在长边上加点后改为平面边（edges=planar），重新导出",
        "water.parquet: its metadata say that edges are geodesics (edges=spherical); straight lines "
        "would lie elsewhere, so that the layer cannot be used: add points along long edges and write it again with "
        "planar edges (edges=planar)",
    )


# --- attributes that are no text


@pytest.mark.parametrize(("fid", "column"), [(1, "name"), (3, "zone_id"), (4, "class")])
def test_an_attribute_that_is_no_text_is_told(water: Path, tmp_path: Path, fid: int, column: str) -> None:
    changed_geopackage(water, (f"UPDATE zones SET {column} = CAST(x'BCD7' AS TEXT) WHERE fid = ?", (fid,)))  # noqa: S608 - of the test
    assert refused(tmp_path) == Text(
        f"water.gpkg：第 {fid} 条记录的字段 {column} 不是 UTF-8 文字，读不出来，整个图层不能使用；"
        "请改正后以 UTF-8 重新导出",
        f"water.gpkg: field {column} of record {fid} is no UTF-8 text and cannot be read, so that the layer cannot be "
        "used; correct it and export the file again as UTF-8",
    )


# --- the coordinate system


def test_a_file_that_agrees_with_itself_is_read(water: Path, tmp_path: Path) -> None:
    found = read(tmp_path)
    assert isinstance(found, Features), found
    assert len(found.ids) == len(ZONES)
    assert water.exists()


def with_srs(code: int, definition: str | None = None) -> Statement:
    """Return the statement that makes another system known."""
    known = CRS.from_epsg(code)
    return (
        "INSERT OR REPLACE INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, '')",
        (known.name, code, code, definition or known.to_wkt("WKT1_GDAL")),
    )


def test_two_tables_that_differ_are_told(water: Path, tmp_path: Path) -> None:
    changed_geopackage(water, with_srs(4525), ("UPDATE gpkg_contents SET srs_id = 4525", ()))
    assert refused(tmp_path) == Text(
        "water.gpkg：坐标系前后矛盾：gpkg_geometry_columns 中是 srs_id 4490，gpkg_contents 中是 srs_id 4525；"
        "请在 GIS 软件中核对，统一后重新导出",
        "water.gpkg: it contradicts itself about the coordinate system: srs_id 4490 in gpkg_geometry_columns, srs_id "
        "4525 in gpkg_contents; check it in a GIS program and export the file again",
    )


def headed(wkb: bytes, srs_id: int, *, big: bool = False) -> bytes:
    flags = wkb[3] & 0xFE if big else wkb[3]
    return wkb[:3] + bytes([flags]) + struct.pack(">i" if big else "<i", srs_id) + wkb[8:]


def test_a_geometry_of_another_system_is_told(water: Path, tmp_path: Path) -> None:
    changed_geopackage(water, ("UPDATE zones SET geom = ? WHERE fid = 2", (headed(blob(water, 2), 4526),)))
    assert refused(tmp_path).en == (
        "water.gpkg: it contradicts itself about the coordinate system: srs_id 4490 in gpkg_geometry_columns, srs_id "
        "4526 in the geometry of record fid=2; check it in a GIS program and export the file again"
    )


@pytest.mark.parametrize("srs_id", [0, -1])
def test_geometries_that_state_no_system_are_read(water: Path, tmp_path: Path, srs_id: int) -> None:
    changed_geopackage(
        water, *(("UPDATE zones SET geom = ? WHERE fid = ?", (headed(blob(water, n), srs_id), n)) for n in (1, 2))
    )
    assert isinstance(read(tmp_path), Features)


XIAN = CRS.from_epsg(4610).to_wkt("WKT1_GDAL")


def test_a_definition_of_another_system_is_told(water: Path, tmp_path: Path) -> None:
    changed_geopackage(water, with_srs(4490, XIAN))
    assert refused(tmp_path).en == (
        "water.gpkg: the coordinate system is numbered EPSG:4490 and defined as 'Xian 1980', which is another one; "
        "check it in a GIS program and export the file again"
    )


@pytest.mark.parametrize(
    "definition",
    [CRS.from_epsg(4490).to_wkt(way) for way in ("WKT1_GDAL", "WKT1_ESRI", "WKT2_2019")] + ["undefined", ""],
)
def test_a_definition_in_other_words_is_no_contradiction(water: Path, tmp_path: Path, definition: str) -> None:
    changed_geopackage(water, ("UPDATE gpkg_spatial_ref_sys SET definition = ? WHERE srs_id = 4490", (definition,)))
    assert isinstance(read(tmp_path), Features)


@pytest.mark.parametrize("code", [4525, 4547, 32649])
@pytest.mark.parametrize("way", ["WKT1_GDAL", "WKT1_ESRI", "WKT2_2019"])
def test_usual_planes_agree_with_their_definitions(tmp_path: Path, code: int, way: str) -> None:
    from zoning.layers.geopackage import contradiction_in

    path = write_zones(tmp_path / "a.gpkg", [(shapely.box(0, 0, 1, 1), "", None)], crs=f"EPSG:{code}")
    definition = CRS.from_epsg(code).to_wkt(way)
    changed_geopackage(path, ("UPDATE gpkg_spatial_ref_sys SET definition = ? WHERE srs_id = ?", (definition, code)))
    assert contradiction_in(path, "zones", [1]) is None


# --- an index that does not hold all records


def test_a_record_that_the_index_lacks_is_told(water: Path, tmp_path: Path) -> None:
    copied = "INSERT INTO zones (geom, zone_id, name, class) SELECT geom, 'NEW', name, class FROM zones WHERE fid = 1"
    changed_geopackage(water, (copied, ()))
    assert refused(tmp_path) == Text(
        "water.gpkg：空间索引缺少记录 fid=5，按范围读取会漏掉它；请在 GIS 软件中重建空间索引，或重新导出",
        "water.gpkg: its spatial index lacks record fid=5, which would be missed where a window is read; build the "
        "index anew in a GIS program, or export the file again",
    )


def test_empty_and_missing_geometries_stand_in_no_index(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", [*ZONES, (shapely.Polygon(), "", None), (None, "", None)])
    assert isinstance(read(tmp_path), Features)


def cut_index(path: Path) -> None:
    """Take the last record out of a .shx and out of what it says of its length."""
    index = path.with_suffix(".shx")
    content = index.read_bytes()[:-8]
    index.write_bytes(content[:24] + struct.pack(">i", len(content) // 2) + content[28:])


def test_a_shapefile_whose_index_lacks_a_zone_is_told(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/water.shp", ZONES)
    assert isinstance(read(tmp_path, "water.shp"), Features)
    cut_index(path)
    assert refused(tmp_path, "water.shp") == Text(
        "water.shp：索引 water.shx 没有列出其中的全部图形，会漏读；请重新导出完整的 Shapefile",
        "water.shp: its index water.shx does not list all of its shapes, which would be missed; export the whole "
        "shapefile again",
    )


def doubled(path: Path) -> None:
    """Let the second record of a .shx point to the shape of the first."""
    index = path.with_suffix(".shx")
    content = index.read_bytes()
    index.write_bytes(content[:108] + content[100:108] + content[116:])


def short_table(path: Path) -> None:
    """Let a .dbf say that it has two records."""
    table = path.with_suffix(".dbf")
    content = table.read_bytes()
    table.write_bytes(content[:4] + struct.pack("<I", 2) + content[8:])


@pytest.mark.parametrize(("change", "part"), [(doubled, "索引 water.shx"), (short_table, "属性表 water.dbf")])
def test_a_shapefile_whose_parts_lack_a_zone_is_told(tmp_path: Path, change: Callable[[Path], None], part: str) -> None:
    change(write_zones(tmp_path / "layers/data/water.shp", ZONES))
    assert refused(tmp_path, "water.shp").zh == (
        f"water.shp：{part} 没有列出其中的全部图形，会漏读；请重新导出完整的 Shapefile"
    )


# --- coordinates that are no numbers, or of another zone


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_coordinate_that_is_no_number_is_told(water: Path, tmp_path: Path, value: float) -> None:
    stored = blob(water, 2)
    second = len(stored) - 4 * 16
    changed_geopackage(
        water,
        (
            "UPDATE zones SET geom = ? WHERE fid = 2",
            (stored[:second] + struct.pack("<d", value) + stored[second + 8 :],),
        ),
    )
    assert refused(tmp_path).en.startswith(
        "water.gpkg: record fid=2 (zone_id=Z1) has a coordinate that is no number (NaN or infinite), so that the layer"
    )


def test_a_zone_of_the_next_belt_among_the_others_is_refused(tmp_path: Path) -> None:
    boxes = [(37_627_000, 3_940_000, 37_628_000, 3_941_000), (38_360_000, 3_940_000, 38_361_000, 3_941_000)]
    write_zones(tmp_path / "layers/data/water.gpkg", [(shapely.box(*box), "", None) for box in boxes], crs="EPSG:4525")
    with pytest.raises(LayerError, match=r"water\.gpkg: its coordinates \(3\.7627e\+07, .* cannot be of EPSG:4525"):
        read(tmp_path, crs="EPSG:4525")


# --- formats that are no layer


@pytest.mark.parametrize("name", ["water.zip", "water.rar", "water.kmz"])
def test_an_archive_is_no_layer_and_the_sentence_says_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / "layers/data").mkdir(parents=True)
    (tmp_path / "layers/data" / name).write_bytes(b"PK\3\4")
    assert refused(tmp_path, name).en == (
        f"{name}: an archive is not read as a layer; unpack it and name the .shp in it (with its .shx, .dbf, .prj and "
        ".cpg beside it), or another layer file"
    )


# --- zones of another place


def planes(code: str) -> list[tuple[shapely.Polygon, str, str | None]]:
    """Return the zones in a plane without a number before the easting."""
    way = Transformer.from_crs("EPSG:4490", code, always_xy=True)
    return [
        (shapely.transform(zone, lambda xy: np.column_stack(way.transform(*xy.T))), name, code_)
        for zone, name, code_ in ZONES
    ]


def without_system(path: Path) -> None:
    for suffix in (".prj", ".cpg"):
        path.with_suffix(suffix).unlink(missing_ok=True)


def test_a_layer_of_another_meridian_is_no_answer(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/water.shp", planes("EPSG:4546"), crs="EPSG:4546")
    without_system(path)
    assert isinstance(read(tmp_path, "water.shp", crs="EPSG:4546"), Features)
    found = read(tmp_path, "water.shp", crs="EPSG:4547")
    assert isinstance(found, Unavailable), found
    assert found.reason == Text(
        "water.shp：全部图斑位于 115.30–115.34°E, 35.60–35.61°N，离辖区（112.00–113.00°E, 35.00–36.00°N）100 公里以上；"
        "请检查图层 water 的 crs（带号、中央经线）。辖区内若确实没有图斑，请换用只含辖区的数据（可以是空表）",
        "water.shp: all zones lie at 115.30–115.34°E, 35.60–35.61°N, more than 100 km from the territories "
        "(112.00–113.00°E, 35.00–36.00°N); check the crs of layer water (zone, central meridian). If there is no zone "
        "in the territories, give data of the territories alone (the table may be empty)",
    )


def test_a_layer_with_zones_beside_the_territories_is_read(tmp_path: Path) -> None:
    beside = [(shapely.box(113.3, 35.6, 113.4, 35.7), "", "LEVEL-1")]
    write_zones(tmp_path / "layers/data/water.gpkg", beside)
    found = read(tmp_path)
    assert isinstance(found, Features)
    assert found.ids == ()
