"""Esri JSON whose `spatialReference` says two things: refused, unless the user says which one holds."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyproj import CRS

import boundary_writers as bw
from zoning.errors import CRSError
from zoning.sites import read_sites

XIAN = CRS.from_epsg(2361).to_wkt("WKT1_ESRI")


def esri(folder: Path, **reference: Any) -> Path:
    rings = [[list(place) for place in bw.plane("EPSG:4525", bw.SQUARE)][::-1]]
    document = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": reference,
        "features": [{"attributes": {}, "geometry": {"rings": rings}}],
    }
    return bw.write(folder / "a.json", json.dumps(document))


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ({"wkid": 4526, "latestWkid": 4525}, "latestWkid 是 EPSG:4525，wkid 却是 EPSG:4526"),
        ({"wkid": 4525, "wkt": XIAN}, f"wkid 是 EPSG:4525，wkt 却是 {XIAN[:60]}…"),
    ],
)
def test_two_systems_are_refused(tmp_path: Path, reference: dict[str, Any], said: str) -> None:
    path = esri(tmp_path, **reference)
    with pytest.raises(CRSError) as caught:
        read_sites(path, expected=bw.EXPECTED)
    assert caught.value.get("zh") == f"a.json：spatialReference 自相矛盾：{said}；请核对后重新导出，或用 --crs 说明"
    assert read_sites(path, expected=bw.EXPECTED, crs="EPSG:4525")[0].crs == "EPSG:4525"


@pytest.mark.parametrize(
    "reference",
    [
        {"wkid": 4525, "latestWkid": 4525},
        {"wkid": 102_100, "latestWkid": 4525},
        {"wkid": 4525, "wkt": CRS.from_epsg(4525).to_wkt("WKT1_ESRI")},
        {"wkt": CRS.from_epsg(4525).to_wkt("WKT1_ESRI")},
    ],
)
def test_one_system_in_several_words_is_read(tmp_path: Path, reference: dict[str, Any]) -> None:
    (site,) = read_sites(esri(tmp_path, **reference), expected=bw.EXPECTED)
    assert site.crs == "EPSG:4525"
