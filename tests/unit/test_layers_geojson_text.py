"""GeoJSON of a layer, feature by feature: what would be left out without a word is told."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from zoning.layers.geojson_text import unsound_feature

SQUARE = [[[112.0, 35.0], [112.1, 35.0], [112.1, 35.1], [112.0, 35.0]]]
POLYGON = {"type": "Polygon", "coordinates": SQUARE}
LEFT_OUT = "has a wrong geometry and would be left out"


def feature(geometry: Any = POLYGON, **other: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": geometry, **other}


def collection(*features: Any, **other: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **other}


def told(folder: Path, document: Any, *, encoding: str | None = None) -> str | None:
    path = folder / "水源.geojson"
    text = document if isinstance(document, str) else json.dumps(document)
    path.write_text(text, encoding=encoding or "utf-8")
    found = unsound_feature(path, encoding)
    return None if found is None else found.en


SOUND: list[Any] = [
    {"type": "Point", "coordinates": [112, 35]},
    {"type": "Point", "coordinates": [112.0, 35.0, 800.0]},
    {"type": "Point", "coordinates": []},
    {"type": "MultiPoint", "coordinates": [[112.0, 35.0], [113.0, 36.0]]},
    {"type": "LineString", "coordinates": SQUARE[0]},
    {"type": "MultiLineString", "coordinates": SQUARE},
    POLYGON,
    {"type": "MultiPolygon", "coordinates": [SQUARE, SQUARE]},
    {"type": "GeometryCollection", "geometries": [POLYGON, {"type": "Point", "coordinates": [1, 2]}]},
    {"type": "GeometryCollection", "geometries": []},
    None,
]


@pytest.mark.parametrize("geometry", SOUND)
def test_every_kind_of_geometry_is_sound(tmp_path: Path, geometry: Any) -> None:
    assert told(tmp_path, collection(feature(geometry))) is None


WRONG: list[Any] = [
    {"type": "polygon", "coordinates": SQUARE},
    {"type": "Polygon"},
    {"type": "Polygon", "coordinates": None},
    {"type": "Polygon", "coordinates": SQUARE[0]},
    {"type": "Polygon", "coordinates": [SQUARE]},
    {"type": "MultiPolygon", "coordinates": SQUARE},
    {"type": "Polygon", "coordinates": [[[112.0, 35.0], [112.1], [112.1, 35.1], [112.0, 35.0]]]},
    {"type": "Polygon", "coordinates": [[[112.0, "35.0"], [112.1, 35.0], [112.1, 35.1], [112.0, 35.0]]]},
    {"type": "Polygon", "coordinates": [[[112.0, None], [112.1, 35.0], [112.1, 35.1], [112.0, 35.0]]]},
    {"type": "Point", "coordinates": [True, 35]},
    {"type": "Point", "coordinates": [112]},
    {"type": "Point", "coordinates": {"x": 1, "y": 2}},
    {"type": "LineString", "coordinates": [[112.0, 35.0], {"x": 1}]},
    {"type": "GeometryCollection"},
    {"type": "GeometryCollection", "geometries": POLYGON},
    {"type": "GeometryCollection", "geometries": [POLYGON, {"type": "Circle"}]},
    {"type": "GeometryCollection", "geometries": [POLYGON, None]},
    {"coordinates": SQUARE},
    [],
    "POLYGON EMPTY",
    7,
]


@pytest.mark.parametrize("geometry", WRONG)
def test_a_geometry_that_would_be_left_out_is_told_with_its_number(tmp_path: Path, geometry: Any) -> None:
    found = told(tmp_path, collection(feature(), feature(geometry), feature()))
    assert found is not None
    assert found.startswith(f"水源.geojson: feature 2 {LEFT_OUT}, so that the layer cannot be used")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_coordinates_that_are_no_numbers_are_told(tmp_path: Path, number: str) -> None:
    text = json.dumps(collection(feature())).replace("112.1", number, 1)
    assert LEFT_OUT in (told(tmp_path, text) or "")


@pytest.mark.parametrize("item", [POLYGON, None, "feature", 3, [], {"type": "feature", "geometry": POLYGON}])
def test_what_is_no_feature_is_told(tmp_path: Path, item: Any) -> None:
    found = told(tmp_path, collection(item))
    assert found is not None
    assert "feature 1 is no Feature and would be left out" in found


CRS = {"type": "name", "properties": {"name": "EPSG:4525"}}


@pytest.mark.parametrize(
    "document",
    [
        collection(feature(crs=CRS)),
        collection(feature(crs=CRS), crs={"type": "name", "properties": {"name": "EPSG:4526"}}),
        collection(feature({**POLYGON, "crs": CRS})),
    ],
)
def test_a_feature_with_a_system_of_its_own_is_told(tmp_path: Path, document: Any) -> None:
    found = told(tmp_path, document)
    assert found is not None
    assert "feature 1 has a crs of its own, another one than the file" in found


@pytest.mark.parametrize(
    "document", [collection(feature(crs=CRS), crs=CRS), collection(feature(crs=None)), collection(feature(), crs=CRS)]
)
def test_the_system_of_the_file_may_be_repeated(tmp_path: Path, document: Any) -> None:
    assert told(tmp_path, document) is None


def test_the_sentence_is_chinese_as_well(tmp_path: Path) -> None:
    path = tmp_path / "水源.geojson"
    path.write_text(json.dumps(collection(feature({"type": "Point", "coordinates": [1]}))), encoding="utf-8")
    found = unsound_feature(path, None)
    assert found is not None
    assert found.zh == "水源.geojson：第 1 个要素的图形有误，会被漏读，整个图层不能使用；请改正后重新导出"


@pytest.mark.parametrize("document", [feature(), POLYGON, collection(), {"type": "Point", "coordinates": [1, 2]}])
def test_one_feature_or_geometry_alone_is_a_layer_as_well(tmp_path: Path, document: Any) -> None:
    assert told(tmp_path, document) is None


@pytest.mark.parametrize("document", [feature([]), {"type": "Point", "coordinates": [1]}])
def test_one_alone_is_looked_at_as_well(tmp_path: Path, document: Any) -> None:
    assert LEFT_OUT in (told(tmp_path, document) or "")


@pytest.mark.parametrize("separator", ["", "\x1e"])
def test_features_on_lines_of_their_own_are_counted_through(tmp_path: Path, separator: str) -> None:
    lines = [feature(), feature(), feature({"type": "Point", "coordinates": [1]})]
    text = "".join(f"{separator}{json.dumps(line)}\n\n" for line in lines)
    assert (told(tmp_path, text) or "").startswith("水源.geojson: feature 3 ")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", "null", '{"type": "FeatureCollection"}', '{"type": "FeatureCollection", "features": 3}'],
)
def test_what_is_no_geojson_at_all_is_left_to_the_reader(tmp_path: Path, text: str) -> None:
    if text == "":
        # No line at all is a collection of no features.
        assert told(tmp_path, text) is None
        return
    with pytest.raises(ValueError):  # noqa: PT011 - the class is the whole promise
        told(tmp_path, text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_the_encoding_of_the_layer_is_used(tmp_path: Path, encoding: str) -> None:
    document = json.dumps(collection(feature(properties={"名称": "水源地"})), ensure_ascii=False)
    assert told(tmp_path, document, encoding=encoding) is None


def test_a_mark_of_windows_editors_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(collection(feature())).encode())
    assert unsound_feature(path, None) is None


def test_a_file_that_was_changed_is_looked_through_again(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(collection(feature())), encoding="utf-8")
    assert unsound_feature(path, None) is None
    path.write_text(json.dumps(collection(feature([]))), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert unsound_feature(path, None) is not None
