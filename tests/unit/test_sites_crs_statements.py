"""Coordinate systems as people write them: which code a name means, when it contradicts itself, when two are one."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from zoning.sites.crs.meaning import mean_the_same
from zoning.sites.crs.names import ContradictionError, Spoken, spoken
from zoning.sites.crs.shift_files import BursaWolf, Similarity, Spot, ValidIn
from zoning.sites.where import Where

HERE = Where("范围.shp")


# --- Names ---


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("GCJ-02", "GCJ02"), ("gcj2", "GCJ02"), ("火星坐标系", "GCJ02"), ("国测局加密坐标", "GCJ02"),
        ("高德地图", "GCJ02"), ("腾讯 经纬度", "GCJ02"),
        ("BD-09", "BD09"), ("bd9ll", "BD09"), ("百度地图坐标系统", "BD09"),
        ("WGS 84", "EPSG:4326"), ("wgs1984经纬度", "EPSG:4326"), ("GPS", "EPSG:4326"),
        ("Web Mercator", "EPSG:3857"), ("网络墨卡托投影", "EPSG:3857"),
        ("UTM 1N", "EPSG:32601"), ("UTM zone 49N", "EPSG:32649"), ("UTM 60 北半球", "EPSG:32660"),
        ("WGS84 UTM 第49带 S", "EPSG:32749"), ("utm49南", "EPSG:32749"),
        ("CGCS2000", "EPSG:4490"), ("2000国家大地坐标系", "EPSG:4490"),
        ("天地图", "EPSG:4490"), ("CGCS2000经纬度", "EPSG:4490"),
        ("西安80", "EPSG:4610"), ("1980西安坐标系", "EPSG:4610"), ("80坐标系", "EPSG:4610"), ("北京54", "EPSG:4214"),
        ("1954年北京坐标系", "EPSG:4214"), ("Beijing 1954", "EPSG:4214"),
        ("CGCS2000 中央经线111°", "EPSG:4546"),
        ("CGCS2000 6度带 中央经线111", "EPSG:4508"), ("CGCS2000 CM 75E", "EPSG:4534"),
        ("CGCS2000 L0=135", "EPSG:4554"),
        ("CGCS2000 37带 不带带号", "EPSG:4546"), ("CGCS2000 37带 无带号", "EPSG:4546"),
        ("CGCS2000 中央经线111 带带号", "EPSG:4525"),
    ],
)  # fmt: skip
def test_names_that_leave_nothing_open(name: str, code: str) -> None:
    assert spoken(name) == Spoken(code)


@pytest.mark.parametrize(
    ("name", "code", "plain"),
    [
        ("CGCS2000 3度带 38带", "EPSG:4526", "EPSG:4547"), ("CGCS2000 25带", "EPSG:4513", "EPSG:4534"),
        ("CGCS2000 45带", "EPSG:4533", "EPSG:4554"), ("CGCS2000 13带", "EPSG:4491", "EPSG:4502"),
        ("CGCS2000 六度带第23带", "EPSG:4501", "EPSG:4512"), ("西安80 38带", "EPSG:2362", "EPSG:2383"),
        ("北京54 高斯 38带", "EPSG:2414", "EPSG:2435"),
    ],
)  # fmt: skip
def test_a_zone_leaves_open_whether_the_eastings_begin_with_it(name: str, code: str, plain: str) -> None:
    assert spoken(name) == Spoken(code, plain)


@pytest.mark.parametrize("word", ["带带号", "有带号", "加带号", "含带号"])
def test_a_zone_in_front_of_the_easting_may_be_said(word: str) -> None:
    assert spoken(f"CGCS2000 38带 Y{word}") == Spoken("EPSG:4526")


@pytest.mark.parametrize(
    "name",
    ["", "新北京54", "New Beijing", "EPSG:4526", "CGCS2000 某地", "当地坐标系", "utm", "WGS72", "CGCS2000 38带x"],
)
def test_other_names_mean_nothing_here(name: str) -> None:
    assert spoken(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "CGCS2000 24带", "CGCS2000 46带", "CGCS2000 12带", "CGCS2000 3度带 19带", "CGCS2000 6度带 38带",
        "CGCS2000 3度带",
        "CGCS2000 中央经线112", "CGCS2000 中央经线72", "CGCS2000 中央经线138", "CGCS2000 6度带 中央经线114",
        "CGCS2000 高斯投影",
    ],
)  # fmt: skip
def test_zones_that_do_not_exist_are_refused(name: str) -> None:
    with pytest.raises(ContradictionError) as caught:
        spoken(name)
    assert caught.value.text.zh.startswith(f"“{name}” 的带号或中央经线缺少或不对：3° 带为第 25–45 带")
    assert caught.value.text.en.startswith(f"“{name}” names no zone, or a wrong one: 3° zones are 25 to 45")


@pytest.mark.parametrize("name", ["UTM 0N", "UTM 61N", "UTM 49"])
def test_utm_needs_a_zone_and_a_hemisphere(name: str) -> None:
    with pytest.raises(ContradictionError) as caught:
        spoken(name)
    assert caught.value.text.zh == f"“{name}” 没有写明半球或带号不在 1–60 之内；请写成 UTM 49N"
    assert caught.value.text.en == (
        f"“{name}” does not state the hemisphere, or the zone is not 1 to 60; write UTM 49N"
    )


# --- Two statements ---


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("EPSG:4490", "CGCS2000", True),
        ("EPSG:4547", "CGCS2000 中央经线114", True),
        ("EPSG:4547", "EPSG:4526", False),
        ("EPSG:4490", "EPSG:4326", False),
        ("EPSG:2362", "西安80 38带", True),
        ("EPSG:2362", "EPSG:4526", False),
        ("EPSG:4526", "不存在", False),
        ("不存在", "不存在", True),
        ("不存在", "也不存在", False),
    ],
)
def test_whether_two_statements_mean_the_same(one: str, other: str, *, same: bool) -> None:
    assert mean_the_same(one, other, HERE) is same
    assert mean_the_same(other, one, HERE) is same


# --- Files of parameters ---

BASE = {
    "from_crs": "EPSG:2362",
    "to_crs": "4526",
    "accuracy_m": 0.1,
    "valid_in": {"west": 112.0, "south": 35.0, "east": 113.0, "north": 36.0},
    "source": "某院",
}
PLANE = {
    **BASE, "method": "similarity", "dn_m": 1.0, "de_m": 2.0, "rotation_arcsec": 0.5, "rotation_direction": "clockwise",
    "scale_ppm": 3.0,
}  # fmt: skip
SEVEN = {
    **BASE, "method": "bursa_wolf", "dx_m": 1.0, "dy_m": 2.0, "dz_m": 3.0, "rx_arcsec": 0.1, "ry_arcsec": 0.2,
    "rz_arcsec": 0.3, "scale_ppm": 1.0, "rotation_convention": "position_vector",
}  # fmt: skip


def plane(**changes: Any) -> Similarity:
    return TypeAdapter(Similarity).validate_python({key: v for key, v in {**PLANE, **changes}.items() if v is not None})


def seven(**changes: Any) -> BursaWolf:
    return TypeAdapter(BursaWolf).validate_python({key: v for key, v in {**SEVEN, **changes}.items() if v is not None})


@pytest.mark.parametrize("code", ["EPSG:2362", "epsg 2362", "2362", " EPSG::2362 "])
def test_codes_are_written_in_one_way(code: str) -> None:
    found = plane(from_crs=code)
    assert (found.from_crs, found.to_crs) == ("EPSG:2362", "EPSG:4526")


@pytest.mark.parametrize("code", ["", "236", "1234567", "西安80", "ESRI:2362"])
def test_other_codes_are_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Similarity).validate_python({**PLANE, "from_crs": code})


@pytest.mark.parametrize(
    ("ppm", "factor", "scale"),
    [(3.0, None, 1.000003), (0.0, None, 1.0), (None, 1.000003, 1.000003), (-3.0, None, 0.999997)],
)
def test_the_scale_near_one(ppm: float | None, factor: float | None, scale: float) -> None:
    assert plane(scale_ppm=ppm, scale_factor=factor).scale == pytest.approx(scale, abs=1e-15)


@pytest.mark.parametrize(
    "changes",
    [
        {"scale_factor": 1.0}, {"scale_ppm": None}, {"scale_ppm": None, "scale_factor": 0.9},
        {"scale_ppm": None, "scale_factor": 1.1}, {"accuracy_m": 0}, {"accuracy_m": 100.1}, {"source": ""},
        {"rotation_direction": "left"}, {"dn_m": float("nan")}, {"de_m": float("inf")}, {"extra": 1},
        {"valid_in": {"west": 113.0, "south": 35.0, "east": 112.0, "north": 36.0}}, {"dn_m": None},
    ],
)  # fmt: skip
def test_four_parameters_out_of_their_bounds_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        plane(**changes)


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("dx_m", 2000, 2000.1), ("dy_m", -2000, -2000.1), ("dz_m", 2000, 2001), ("rx_arcsec", 100, 100.1),
        ("ry_arcsec", -100, -100.1), ("rz_arcsec", 100, 101), ("scale_ppm", 1000, 1000.1), ("scale_ppm", -1000, -1001),
        ("accuracy_m", 100, 101), ("rotation_convention", "coordinate_frame", "clockwise"),
    ],
)  # fmt: skip
def test_seven_parameters_and_their_bounds(name: str, allowed: float | str, refused: float | str) -> None:
    assert getattr(seven(**{name: allowed}), name) == allowed
    with pytest.raises(ValidationError):
        seven(**{name: refused})


@pytest.mark.parametrize("box", [(-180, -90, 180, 90), (112.0, 35.0, 112.1, 35.1)])
def test_a_box_of_degrees(box: tuple[float, float, float, float]) -> None:
    found = ValidIn(west=box[0], south=box[1], east=box[2], north=box[3])
    assert (found.west, found.north) == (box[0], box[3])


@pytest.mark.parametrize(
    "box",
    [(112, 35, 112, 36), (113, 35, 112, 36), (112, 36, 113, 36), (-181, 35, 112, 36), (112, -91, 113, 36),
     (112, 35, 181, 36), (112, 35, 113, 91)],
)  # fmt: skip
def test_other_boxes_are_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValidationError):
        ValidIn(west=box[0], south=box[1], east=box[2], north=box[3])


def test_a_point_in_metres_or_in_degrees() -> None:
    metres, degrees = Spot(north=3_919_700, east=612_300), Spot(lon=112.3, lat=35.4)
    assert (metres.in_plane, metres.xy) == (True, (612_300.0, 3_919_700.0))
    assert (degrees.in_plane, degrees.xy) == (False, (112.3, 35.4))
    assert Spot(north=0, east=0).xy == (0.0, 0.0)


@pytest.mark.parametrize(
    "point",
    [{}, {"north": 1}, {"east": 1}, {"lon": 1}, {"north": 1, "lat": 2}, {"north": 1, "east": 2, "lon": 3, "lat": 4}],
)
def test_a_point_has_two_coordinates_of_one_system(point: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Spot(**point)
