"""Layers in GeoJSON, of which GDAL leaves out what it cannot read: told, never left out in silence."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from overlay_world import DAY, catalogue, layer
from zoning.layers.catalogue import Edition
from zoning.layers.reader import Features, Unavailable, read_window

HERE = (112.3, 35.55, 112.5, 35.65)
ZONES = [shapely.box(112.3 + i * 0.01, 35.60, 112.305 + i * 0.01, 35.61) for i in range(4)]
Feature = dict[str, Any]


def features() -> list[Feature]:
    return [
        {
            "type": "Feature",
            "properties": {"zone_id": f"Z{number}", "name": "", "class": "LEVEL-1"},
            "geometry": {"type": "Polygon", "coordinates": [[list(place) for place in zone.exterior.coords]]},
        }
        for number, zone in enumerate(ZONES)
    ]


def geojson(root: Path, listed: list[Feature], *, lines: bool = False) -> None:
    path = root / "layers/data/water.geojson"
    path.parent.mkdir(parents=True)
    whole = json.dumps({"type": "FeatureCollection", "features": listed})
    path.write_text("\n".join(map(json.dumps, listed)) if lines else whole, encoding="utf-8")


def read(root: Path) -> Features | Unavailable:
    editions = {"2020": Edition(file="data/water.geojson", valid_from=date(2020, 1, 1))}
    return read_window(catalogue(root, layer(editions=editions)), "water", on=DAY, bounds=HERE)


def no_number(feature: Feature) -> None:
    feature["geometry"]["coordinates"][0][1][0] = None


def unknown_type(feature: Feature) -> None:
    feature["geometry"]["type"] = "Polygom"


def too_deep(feature: Feature) -> None:
    feature["geometry"]["coordinates"] = [feature["geometry"]["coordinates"]]


def no_feature(feature: Feature) -> None:
    feature["type"] = "feature"


def own_system(feature: Feature) -> None:
    feature["crs"] = {"type": "name", "properties": {"name": "EPSG:4525"}}


WRONG = "的图形有误，会被漏读"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (no_number, WRONG),
        (unknown_type, WRONG),
        (too_deep, WRONG),
        (no_feature, "不是 Feature，会被漏读"),
        (own_system, "自带的坐标系（crs）与文件的不同"),
    ],
)
def test_a_feature_that_gdal_would_leave_out_is_told(
    tmp_path: Path, change: Callable[[Feature], None], said: str
) -> None:
    listed = features()
    change(listed[2])
    geojson(tmp_path, listed)
    expected = f"water.geojson：第 3 个要素{said}，整个图层不能使用；请改正后重新导出"
    found = read(tmp_path)
    assert isinstance(found, Unavailable), found
    assert found.reason.zh == expected


@pytest.mark.parametrize("lines", [False, True])
def test_sound_features_are_read_and_those_without_geometry_left_out(tmp_path: Path, lines: bool) -> None:
    listed = features()
    listed[1]["geometry"] = None
    geojson(tmp_path, listed, lines=lines)
    found = read(tmp_path)
    assert isinstance(found, Features), found
    assert found.ids == ("Z0", "Z2", "Z3")
