"""Wrong layer files, with the sentence that is read: mistakes in content stop the check, missing data never does."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from overlay_world import DAY, PLANE, catalogue, layer, write_zones
from zoning.errors import CRSError, LayerError
from zoning.layers.catalogue import Edition
from zoning.layers.reader import Features, Unavailable, read_window
from zoning.overlay.plane_layer import PlaneLayer

AROUND = (112.3, 35.3, 112.5, 35.6)
BOX = shapely.Polygon([(112.40, 35.40), (112.41, 35.40), (112.41, 35.41), (112.40, 35.41)])


def read(root: Path, file: str = "water.gpkg", crs: str = "EPSG:4490") -> Features | Unavailable:
    editions = {"2020": Edition(file=f"data/{file}", valid_from=DAY)}
    return read_window(catalogue(root, layer(crs=crs, editions=editions)), "water", on=DAY, bounds=AROUND)


def test_unknown_class(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", [(BOX, "", "LEVEL-1"), (BOX, "", "LEVEL-9")])
    with pytest.raises(LayerError) as caught:
        read(tmp_path)
    assert caught.value.exit_code == 11
    assert str(caught.value) == (
        "water.gpkg: feature Z1: class is 'LEVEL-9', no class of layer water; allowed: LEVEL-1, LEVEL-2; "
        "correct the data or add the code to layers/water.yaml"
    )
    assert caught.value.get("zh") == (
        "water.gpkg：要素 Z1 的字段 class 为“LEVEL-9”，图层 water 没有这个类别；可用：LEVEL-1, LEVEL-2；"
        "请更正数据，或在 layers/water.yaml 中登记"
    )


def test_line_in_a_layer_of_polygons(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", [(BOX, "", "LEVEL-1"), (BOX.exterior, "", "LEVEL-1")])
    with pytest.raises(LayerError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        "water.gpkg: feature Z1 is a LineString, layer water holds polygons; "
        "correct the data or 'geometry' in layers/water.yaml"
    )
    assert caught.value.get("zh") == (
        "water.gpkg：要素 Z1 是 LineString，图层 water 应为面；请更正数据，或更正 layers/water.yaml 的 geometry"
    )


def test_contradicting_coordinate_systems(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", [(BOX, "", "LEVEL-1")])
    with pytest.raises(LayerError) as caught:
        read(tmp_path, crs="EPSG:4525")
    assert str(caught.value) == (
        "water.gpkg: the file's coordinate system is EPSG:4490, layer water states EPSG:4525; correct one of them"
    )
    assert caught.value.get("zh") == "water.gpkg：文件的坐标系为 EPSG:4490，图层 water 登记为 EPSG:4525；请更正其中之一"


def refused(root: Path, *, layer_crs: str, file_crs: str) -> CRSError:
    write_zones(root / "layers/data/water.gpkg", [(BOX, "", "LEVEL-1")], crs=file_crs)
    with pytest.raises(CRSError) as caught:
        read(root, crs=layer_crs)
    return caught.value


def test_an_unknown_coordinate_system_is_told_of_the_layer(tmp_path: Path) -> None:
    error = refused(tmp_path, layer_crs="EPSG:99999", file_crs="EPSG:4490")
    assert (
        error.get("en") == "layer water: unknown coordinate system 'EPSG:99999'; write an EPSG code such as EPSG:4525"
    )
    assert error.get("zh") == "图层 water：不认识的坐标系“EPSG:99999”；请写 EPSG 代码（如 EPSG:4525）"


def test_an_old_coordinate_system_is_told_of_the_layer(tmp_path: Path) -> None:
    error = refused(tmp_path, layer_crs="EPSG:4214", file_crs="EPSG:4214")
    assert error.exit_code == 12
    assert error.get("en") == (
        "layer water: 'Beijing 1954' has no published transformation to CGCS2000, a ballpark shift is wrong by tens of "
        "metres; convert it with the local parameters first"
    )
    assert error.get("zh") == (
        "图层 water：坐标系“Beijing 1954”到 CGCS2000 没有公开的转换参数，粗略平移可差数十至上百米；"
        "请先用当地参数转换到 CGCS2000"
    )


def star(points: int) -> shapely.Polygon:
    """Return a star whose border crosses itself points * (points - 3) / 2 times."""
    angles = np.arange(points) * (points // 2) * 2 * np.pi / points
    return shapely.Polygon(np.column_stack([112.4 + 0.01 * np.cos(angles), 35.4 + 0.01 * np.sin(angles)]))


def test_a_border_that_cannot_be_repaired_is_told_of_the_zone(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", [(BOX, "", "LEVEL-1"), (star(301), "", "LEVEL-1")])
    found = read(tmp_path)
    assert isinstance(found, Features)
    with pytest.raises(LayerError) as caught:
        PlaneLayer.of(found, PLANE)
    assert str(caught.value) == (
        "layer water, zone Z1: the border crosses itself too often to be repaired; correct the order of its vertices "
        "and export it again"
    )
    assert caught.value.get("zh") == ("图层 water 的区 Z1：边界与自身相交过多，无法修复；请更正界址点的次序后重新导出")


def test_a_coverage_that_cannot_be_repaired_is_told(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", [(BOX, "", "LEVEL-1")])
    found = read(tmp_path)
    assert isinstance(found, Features)
    with pytest.raises(LayerError, match=r"^layer water, coverage: the border crosses itself too often to be repaired"):
        PlaneLayer.of(replace(found, coverage=star(301)), PLANE)


def test_wgs84_for_cgcs2000_is_no_contradiction(tmp_path: Path) -> None:
    write_zones(tmp_path / "layers/data/water.gpkg", [(BOX, "", "LEVEL-1")], crs="EPSG:4326")
    assert isinstance(read(tmp_path), Features)


def written(root: Path, file: str, content: bytes) -> Features | Unavailable:
    path = root / "layers/data" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return read(root, file)


CONTENTS = [
    ("water.gpkg", b"SQLite format 3\0 and nothing more", "file cannot be read: water.gpkg is no intact GeoPackage"),
    ("water.gpkg", b"", "file cannot be read: water.gpkg is no intact GeoPackage"),
    ("water.shp", b"not a shapefile", "file cannot be read: water.shp is no intact Shapefile"),
    (
        "water.geojson",
        b'{"type": "FeatureCollection", "features": [',
        "file cannot be read: water.geojson is no intact GeoJSON",
    ),
    ("water.fgb", b"fgb", "file cannot be read: water.fgb is no intact FlatGeobuf"),
    ("water.parquet", b"PAR1", "file cannot be read: water.parquet is no intact GeoParquet"),
    (
        "water.dwg",
        b"AC1027",
        "water.dwg: unknown format; allowed: GeoPackage, GeoParquet, Shapefile, FileGDB, FlatGeobuf, GeoJSON",
    ),
]


@pytest.mark.parametrize(("file", "content", "sentence"), CONTENTS)
def test_broken_file_is_no_data(tmp_path: Path, file: str, content: bytes, sentence: str) -> None:
    found = written(tmp_path, file, content)
    assert isinstance(found, Unavailable)
    assert found.reason.en == sentence
    assert found.edition_id == "2020"


def test_missing_file_is_no_data(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert isinstance(found, Unavailable)
    assert found.reason.zh == "文件不存在：water.gpkg"


def test_missing_field_is_no_data(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/water.geojson", [(BOX, "下芹", "LEVEL-1")])
    path.write_text(path.read_text(encoding="utf-8").replace('"class"', '"klasse"'), encoding="utf-8")
    found = read(tmp_path, "water.geojson")
    assert isinstance(found, Unavailable)
    assert found.reason.en == "water.geojson: the field class is missing; the file has: zone_id, name, klasse"
    assert found.reason.zh == "water.geojson：缺少字段 class；文件中有：zone_id, name, klasse"


def test_truncated_geopackage_is_no_data(tmp_path: Path) -> None:
    path = write_zones(tmp_path / "layers/data/water.gpkg", [(BOX, "下芹", "LEVEL-1")] * 2000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = read(tmp_path)
    assert isinstance(found, Unavailable)
    assert found.reason.en == "file cannot be read: water.gpkg is no intact GeoPackage"
