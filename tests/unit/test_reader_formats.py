"""The same zones in every format that layers come in."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from pyarrow import parquet

from overlay_world import DAY, catalogue, layer, reason_of, write_zones
from zoning.layers.catalogue import Edition
from zoning.layers.digests import file_sha256
from zoning.layers.formats import shapefile_encoding
from zoning.layers.reader import Features, Unavailable, read_window

AROUND = (112.3, 35.3, 112.5, 35.6)
ZONES = [
    (shapely.box(112.40, 35.40, 112.41, 35.41), "下芹水源地", "LEVEL-1"),
    (shapely.box(112.42, 35.42, 112.43, 35.43), "喆镕", "LEVEL-2"),
    (shapely.box(112.80, 35.80, 112.81, 35.81), "远处", "LEVEL-2"),
]


def read(
    root: Path, file: str, *, crs: str = "EPSG:4490", table: str | None = None, encoding: str | None = None
) -> Features | Unavailable:
    editions = {"2020": Edition(file=f"data/{file}", valid_from=DAY, table=table, encoding=encoding)}
    return read_window(catalogue(root, layer(crs=crs, editions=editions)), "water", on=DAY, bounds=AROUND)


def names_of(found: Features | Unavailable) -> tuple[str, ...]:
    assert isinstance(found, Features), found
    order = sorted(range(len(found.ids)), key=lambda index: found.ids[index])
    return tuple(found.names[index] for index in order)


@pytest.mark.parametrize("file", ["w.gpkg", "w.shp", "w.gdb", "w.fgb", "w.geojson"])
def test_every_format_gives_the_same_zones(tmp_path: Path, file: str) -> None:
    write_zones(tmp_path / "layers/data" / file, list(ZONES))
    found = read(tmp_path, file)
    assert names_of(found) == ("下芹水源地", "喆镕")
    assert isinstance(found, Features)
    assert set(found.class_ids) == {"level-1", "level-2"}
    # A FileGDB rounds to its grid of 1e-9 degrees.
    assert shapely.total_bounds(found.geometries) == pytest.approx([112.40, 35.40, 112.43, 35.43], abs=2e-9)


def write_parquet(path: Path, *, geo: dict[str, object] | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table(
        {
            "zone_id": ["Z0", "Z1", "Z2"],
            "name": [name for _, name, _ in ZONES],
            "class": pa.array([1.0, 2.0, None]),
            "shape": [shapely.to_wkb(zone) for zone, _, _ in ZONES],
        }
    )
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Polygon"], **(geo or {})}
    stated = {"version": "1.1.0", "primary_column": "shape", "columns": {"shape": column}}
    parquet.write_table(table.replace_schema_metadata({b"geo": json.dumps(stated).encode()}), path)


def parquet_layer(root: Path) -> Features | Unavailable:
    known = layer(editions={"2020": Edition(file="data/w.parquet", valid_from=DAY)})
    numbered = {
        name: found.model_copy(update={"codes": (code,)})
        for (name, found), code in zip(known.classes.items(), "12", strict=True)
    }
    return read_window(catalogue(root, known.model_copy(update={"classes": numbered})), "water", on=DAY, bounds=AROUND)


def test_geoparquet_is_read_and_numbers_are_codes(tmp_path: Path) -> None:
    write_parquet(tmp_path / "layers/data/w.parquet")
    found = parquet_layer(tmp_path)
    assert names_of(found) == ("下芹水源地", "喆镕")
    assert isinstance(found, Features)
    assert found.class_ids == ("level-1", "level-2")


def test_geoparquet_with_another_encoding_is_unavailable(tmp_path: Path) -> None:
    write_parquet(tmp_path / "layers/data/w.parquet", geo={"encoding": "polygon"})
    assert reason_of(parquet_layer(tmp_path)) == "w.parquet: the geometry must be encoded as WKB"


def test_parquet_without_geometry_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "layers/data/w.parquet"
    write_parquet(path)
    parquet.write_table(parquet.read_table(path).replace_schema_metadata(None), path)
    assert reason_of(parquet_layer(tmp_path)) == "file cannot be read: w.parquet is no intact GeoParquet"


def test_chinese_shapefile_without_cpg_is_read_by_its_bytes(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/w.shp", list(ZONES))
    assert path.with_suffix(".cpg").read_text().strip() == "GBK"
    path.with_suffix(".cpg").unlink()
    assert shapefile_encoding(path) == "GB18030"
    assert names_of(read(tmp_path, "w.shp")) == ("下芹水源地", "喆镕")


@pytest.mark.parametrize("written", ["GBK", "936", "CP936", "OEM", "gb2312"])
def test_all_words_for_the_chinese_code_page_are_understood(tmp_path: Path, written: str) -> None:
    path = write_zones(tmp_path / "layers/data/w.shp", list(ZONES))
    path.with_suffix(".cpg").write_text(written)
    assert names_of(read(tmp_path, "w.shp")) == ("下芹水源地", "喆镕")


def test_utf8_shapefile_is_told_from_a_chinese_one(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/w.shp", list(ZONES))
    records = path.with_suffix(".dbf")
    name = "下芹水源地".encode("gb18030")
    assert name in records.read_bytes()
    wider = "下芹水源".encode()
    records.write_bytes(
        records.read_bytes()
        .replace(name + b"  ", wider)
        .replace("喆镕".encode("gb18030") + b"  ", "喆镕".encode())
        .replace("远处".encode("gb18030") + b"  ", "远处".encode())
    )
    path.with_suffix(".cpg").unlink()
    assert shapefile_encoding(path) == "UTF-8"
    assert names_of(read(tmp_path, "w.shp")) == ("下芹水源", "喆镕")


def test_stated_encoding_wins(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/w.shp", list(ZONES))
    path.with_suffix(".cpg").write_text("UTF-8")
    assert names_of(read(tmp_path, "w.shp", encoding="GBK")) == ("下芹水源地", "喆镕")


def test_file_without_a_system_takes_that_of_the_layer(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/w.shp", list(ZONES))
    path.with_suffix(".prj").unlink()
    assert names_of(read(tmp_path, "w.shp")) == ("下芹水源地", "喆镕")


def test_esri_prj_of_the_same_system_is_no_contradiction(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/w.shp", list(ZONES))
    path.with_suffix(".prj").write_text(
        'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,'
        '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    )
    assert len(names_of(read(tmp_path, "w.shp"))) == 2


def test_one_table_among_several_must_be_named(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/w.gdb", list(ZONES), table="一级")
    shutil.rmtree(path)
    write_zones(tmp_path / "layers/data/w.gpkg", list(ZONES), table="water")
    import pyogrio.raw

    pyogrio.raw.write(
        tmp_path / "layers/data/w.gpkg",
        shapely.to_wkb(np.array([ZONES[0][0]], dtype=object)),
        [np.array(["Z0"], dtype=object)],
        ["zone_id"],
        layer="other",
        driver="GPKG",
        geometry_type="Polygon",
        crs="EPSG:4490",
        append=False,
    )
    assert reason_of(read(tmp_path, "w.gpkg")) == "w.gpkg: say which table with 'table'; the file has: water, other"
    assert names_of(read(tmp_path, "w.gpkg", table="water")) == ("下芹水源地", "喆镕")


def test_missing_table_is_unavailable(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/w.gpkg", list(ZONES))
    assert reason_of(read(tmp_path, "w.gpkg", table="zoness")) == "w.gpkg: there is no table 'zoness'"


def test_digest_of_a_shapefile_covers_its_parts(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "w.shp", list(ZONES))
    before = file_sha256(path)
    path.with_suffix(".dbf").write_bytes(path.with_suffix(".dbf").read_bytes() + b" ")
    assert file_sha256(path) != before


def test_digest_of_a_folder_covers_its_files(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "w.gdb", list(ZONES))
    before = file_sha256(path)
    (path / "x.lock").write_text("")
    assert file_sha256(path) == before
    (path / "x").write_text("")
    assert file_sha256(path) != before
