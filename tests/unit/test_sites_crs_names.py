"""Coordinate systems as people write them."""

import pytest

from zoning.sites.crs.names import ContradictionError, Spoken, spoken

SAID = {
    "CGCS2000 3度带 38带": Spoken("EPSG:4526", "EPSG:4547"),
    "cgcs2000 3°带 第38带": Spoken("EPSG:4526", "EPSG:4547"),
    "CGCS2000 三度分带 带号38": Spoken("EPSG:4526", "EPSG:4547"),
    "２０００国家大地坐标系（３８带）": Spoken("EPSG:4526", "EPSG:4547"),
    "CGCS2000 38带 带带号": Spoken("EPSG:4526"),
    "CGCS2000 38带 不带带号": Spoken("EPSG:4547"),
    "CGCS2000 六度带 19带": Spoken("EPSG:4497", "EPSG:4508"),
    "CGCS2000 6度带 中央子午线117°": Spoken("EPSG:4509"),
    "CGCS2000 / Gauss-Krüger CM 111E": Spoken("EPSG:4546"),
    "CGCS2000 / Gauss-Kruger zone 19": Spoken("EPSG:4497", "EPSG:4508"),
    "中国大地2000坐标系": Spoken("EPSG:4490"),
    "大地2000": Spoken("EPSG:4490"),
    "西安80 38带": Spoken("EPSG:2362", "EPSG:2383"),
    "1980年西安坐标系": Spoken("EPSG:4610"),
    "80坐标系 37带": Spoken("EPSG:2361", "EPSG:2382"),
    "北京54": Spoken("EPSG:4214"),
    "1954北京坐标系 6度带 19带": Spoken("EPSG:21419", "EPSG:21459"),
    "Xian_1980_3_Degree_GK_CM_114E": Spoken("EPSG:2383"),
    "新北京54 38带": None,
    "新1954年北京坐标系": None,
    "UTM Zone 50N": Spoken("EPSG:32650"),
    "UTM 49S": Spoken("EPSG:32749"),
    "GPS": Spoken("EPSG:4326"),
    "GCJ02坐标系": Spoken("GCJ02"),
    "国测局": Spoken("GCJ02"),
    "bd09ll": Spoken("BD09"),
    "BD09MC": None,
    "北京": None,
    "38": None,
    "": None,
    "CGCS2000 38带 112": None,
}


@pytest.mark.parametrize("name", SAID)
def test_what_a_name_means(name: str) -> None:
    assert spoken(name) == SAID[name]


@pytest.mark.parametrize(
    "name",
    [
        "CGCS2000 3度带",
        "CGCS2000 24带",
        "CGCS2000 46带",
        "CGCS2000 6度带 37带",
        "CGCS2000 CM 72E",
        "UTM 61N",
        "utm49",
    ],
)
def test_contradictions_are_said(name: str) -> None:
    with pytest.raises(ContradictionError) as caught:
        spoken(name)
    assert caught.value.text.zh.startswith(f"“{name}” ")
    assert name in caught.value.text.en
