"""From 1980 西安 and 1954 北京 with the user's parameters: right against hand-written formulas, refused where wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyproj import Geod

import boundary_writers as bw
import chinese_systems as cs
import gauss_krueger as gk
from crs_parcel import HOME, Point, area, geojson, home_plane, shapefile, wkt
from intake_cases import area_m2, lonlat
from zoning.errors import ContentError, CRSError, ZoningError
from zoning.sites import Site, read_sites

GEOD = Geod(ellps="GRS80")
SEVEN = (-12.5, 98.25, 33.75, 0.8, -1.1, 2.3, -3.4)
"""No real ones: those of a place are not public. About 100 m, as real ones are."""

TURN, SCALE, DN, DE = 1.75, 1 - 2.5e-6, 60.0, -230.0
"""Clockwise seconds, factor, metres: of planes without the zone in front."""

COMMON: Mapping[str, object] = {
    "accuracy_m": 0.5,
    "valid_in": {"west": 111.9, "south": 35.0, "east": 113.0, "north": 35.8},
    "source": "某县控制网 2008 年成果",
}
BURSA: Mapping[str, object] = {
    "method": "bursa_wolf",
    "from_crs": "EPSG:4610",
    "to_crs": "EPSG:4490",
    **dict(zip(("dx_m", "dy_m", "dz_m", "rx_arcsec", "ry_arcsec", "rz_arcsec", "scale_ppm"), SEVEN, strict=True)),
    "rotation_convention": "position_vector",
    **COMMON,
}
PLANE: Mapping[str, object] = {
    "method": "similarity",
    "from_crs": "EPSG:2383",
    "to_crs": "EPSG:4547",
    "dn_m": DN,
    "de_m": DE,
    "rotation_arcsec": TURN,
    "rotation_direction": "clockwise",
    "scale_factor": SCALE,
    **COMMON,
}


def parameters(folder: Path, content: Mapping[str, object], **other: object) -> Path:
    """Write a file of parameters; entries that are None are left out."""
    merged = {name: value for name, value in {**content, **other}.items() if value is not None}
    return bw.write(folder / "shift.yaml", yaml.safe_dump(merged, allow_unicode=True, sort_keys=False))


def old_point(point: Point, convention: str = "position_vector") -> Point:
    """Return the Xian 1980 degrees that the seven parameters lead to a point, by fixed point."""
    lon, lat = point
    for _ in range(8):
        there = cs.bursa_wolf((lon, lat), cs.IAG_1975, SEVEN, convention=convention)
        lon, lat = lon + point[0] - there[0], lat + point[1] - there[1]
    return lon, lat


def old_plane(point: Point, meridian: float = 114, east: float = 5e5) -> Point:
    """Return the Xian 1980 plane that the seven parameters lead to a point."""
    x, y = gk.plane(*old_point(point), meridian, axis_m=cs.IAG_1975[0], flattening=cs.IAG_1975[1])
    return x + east, y


def read(path: Path, shift: Path, **options: Any) -> Site:
    (site,) = read_sites(path, expected=bw.EXPECTED, datum_shift=shift, **options)
    return site


def worst_m(site: Site) -> float:
    return max(float(GEOD.inv(*one, *other)[2]) for one, other in zip(lonlat(site), HOME, strict=True))


def test_seven_parameters_of_degrees(tmp_path: Path) -> None:
    site = read(geojson(HOME, "EPSG:4610", old_point)(tmp_path), parameters(tmp_path, BURSA))
    assert site.crs == "EPSG:4490"
    assert worst_m(site) < 1e-5
    assert area_m2(site) == pytest.approx(area(HOME), rel=1e-6)
    assert max(GEOD.inv(*old_point(p), *p)[2] for p in HOME) > 50


def test_seven_parameters_as_coordinate_frame(tmp_path: Path) -> None:
    shift = parameters(tmp_path, BURSA, rotation_convention="coordinate_frame")
    path = geojson(HOME, "EPSG:4610", lambda point: old_point(point, "coordinate_frame"))(tmp_path)
    assert worst_m(read(path, shift)) < 1e-5


@pytest.mark.parametrize(
    ("code", "meridian", "east", "result"),
    [
        (2362, 114, 38.5e6, "EPSG:4526"),
        (2383, 114, 5e5, "EPSG:4547"),
        (2361, 111, 37.5e6, "EPSG:4525"),
        (2333, 111, 19.5e6, "EPSG:4497"),
        (2344, 111, 5e5, "EPSG:4546"),
    ],
)
def test_seven_parameters_hold_for_every_zone_of_the_datum(
    tmp_path: Path, code: int, meridian: float, east: float, result: str
) -> None:
    path = wkt(HOME, str(code), lambda point: old_plane(point, meridian, east))(tmp_path)
    site = read(path, parameters(tmp_path, BURSA))
    assert site.crs == result
    assert worst_m(site) < 1e-5


def test_seven_parameters_of_beijing(tmp_path: Path) -> None:
    def old(point: Point) -> Point:
        lon, lat = point
        for _ in range(8):
            there = cs.bursa_wolf((lon, lat), cs.KRASSOVSKY, SEVEN)
            lon, lat = lon + point[0] - there[0], lat + point[1] - there[1]
        return lon, lat

    shift = parameters(tmp_path, BURSA, from_crs="EPSG:4214")
    site = read(shapefile(HOME, None, old)(tmp_path), shift, crs="北京54")
    assert {round(x, 9) for x, _ in lonlat(site)} == {round(x, 9) for x, _ in HOME}


def test_four_parameters(tmp_path: Path) -> None:
    # The file holds what the inverse of the similarity makes of the true plane.
    def old(point: Point) -> Point:
        east, north = home_plane(114, 5e5)(point)
        return cs.similarity((east - DE, north - DN), 0, 0, -TURN, 1 / SCALE)

    site = read(geojson(HOME, "EPSG:2383", old)(tmp_path), parameters(tmp_path, PLANE))
    assert site.crs == "EPSG:4547"
    assert worst_m(site) < 1e-5
    assert site.accuracy_m == 0.5
    counter = parameters(tmp_path, PLANE, rotation_arcsec=-TURN, rotation_direction="counterclockwise")
    assert read(tmp_path / "a.geojson", counter).geometry.equals_exact(site.geometry, 1e-9)
    ppm = parameters(tmp_path, PLANE, scale_factor=None, scale_ppm=-2.5)
    assert read(tmp_path / "a.geojson", ppm).geometry.equals_exact(site.geometry, 1e-6)


def test_four_parameters_reach_the_other_zones_of_their_datum(tmp_path: Path) -> None:
    """A file with the zone in its eastings goes through the plane of the parameters first."""

    def old(point: Point) -> Point:
        east, north = home_plane(114, 5e5)(point)
        x, y = cs.similarity((east - DE, north - DN), 0, 0, -TURN, 1 / SCALE)
        return x + 38e6, y

    site = read(geojson(HOME, "EPSG:2362", old)(tmp_path), parameters(tmp_path, PLANE))
    assert site.crs == "EPSG:4547"
    assert worst_m(site) < 1e-5


def test_the_verdict_is_told_everything(tmp_path: Path) -> None:
    lon, lat = HOME[0]
    point = {"from": dict(zip(("lon", "lat"), old_point((lon, lat)), strict=True)), "to": {"lon": lon, "lat": lat}}
    shift = parameters(tmp_path, BURSA, check_points=[point])
    site = read(geojson(HOME, "EPSG:2383", old_plane)(tmp_path), shift)
    assert site.conversion is not None
    assert site.conversion.zh == (
        "由 EPSG:2383（1980 西安坐标系 3° 带，中央经线 114°，Y 不带带号） 按 shift.yaml 的布尔沙七参数转换为 "
        "EPSG:4547（CGCS2000 3° 带，中央经线 114°，Y 不带带号），界址点逐点转换；参数出处：某县控制网 2008 年成果，"
        "精度 ±0.5 m，1 个检核点最大残差 0.000 m"
    )
    assert site.conversion.en == (
        "converted from EPSG:2383 (Xian 1980 3° zone, meridian 114°E) to EPSG:4547 (CGCS2000 3° zone, meridian 114°E) "
        "with the 7 Bursa-Wolf parameters of shift.yaml, vertex by vertex; source of the parameters: "
        "某县控制网 2008 年成果, accuracy ±0.5 m, largest residual at 1 check point 0.000 m"
    )


def refusal(path: Path, shift: Path, **options: str) -> str:
    with pytest.raises(ZoningError) as caught:
        read(path, shift, **options)
    assert caught.value.get("en")
    return caught.value.get("zh").replace(f"{shift.parent.as_posix()}/", "")


NO_OLD = "from_crs：{} 不是 1980 西安或 1954 北京坐标系；请写成例如 EPSG:2362"
NO_PLANE = "from_crs：{} 不是平面或经纬度坐标系；请写成例如 EPSG:2362"
NO_NEW = "to_crs：{} 不是 CGCS2000 坐标系；请写成例如 EPSG:4526 或 EPSG:4490"
NO_PLANES = "from_crs：平面四参数只在两个高斯平面之间成立；请写平面坐标系的代码，例如 EPSG:2362 和 EPSG:4526"
TWO_SCALES = "scale_ppm 和 scale_factor 须写一个，且只写一个（scale_factor 接近 1，scale_ppm 接近 0）"
HERE = {"lon": 112.3, "lat": 35.4}


@pytest.mark.parametrize(
    ("content", "other", "line", "sentence"),
    [
        (BURSA, {"rotation_convention": None}, 1, "缺少“rotation_convention”，请补上"),
        (BURSA, {"accuracy_m": None}, 1, "缺少“accuracy_m”，请补上"),
        (BURSA, {"valid_in": None}, 1, "缺少“valid_in”，请补上"),
        (BURSA, {"source": None}, 1, "缺少“source”，请补上"),
        (BURSA, {"dx_n": 1}, 19, "不认识的键“dx_n”；是否想写“dx_m”？"),
        (BURSA, {"method": "helmert"}, 1, "method："),
        (BURSA, {"method": None}, 1, "缺少“method”，请补上"),
        (BURSA, {"accuracy_m": 0}, 12, "accuracy_m："),
        (BURSA, {"dx_m": "nan"}, 4, "dx_m：不是有限的数，请写成小数"),
        (BURSA, {"rx_arcsec": 1e6}, 7, "rx_arcsec："),
        (BURSA, {"from_crs": "西安80"}, 2, "from_crs：应为 EPSG 代码，例如 EPSG:2362"),
        (BURSA, {"from_crs": "EPSG:4326"}, 2, NO_OLD.format("EPSG:4326")),
        (BURSA, {"from_crs": "99999"}, 2, NO_PLANE.format("EPSG:99999")),
        (BURSA, {"to_crs": "EPSG:4326"}, 3, NO_NEW.format("EPSG:4326")),
        (PLANE, {"from_crs": "EPSG:4610"}, 2, NO_PLANES),
        (PLANE, {"scale_ppm": 1}, 1, TWO_SCALES),
        (PLANE, {"scale_factor": None}, 1, TWO_SCALES),
        (PLANE, {"scale_factor": -2.5}, 8, "scale_factor："),
        (PLANE, {"rotation_direction": None}, 1, "缺少“rotation_direction”，请补上"),
        (PLANE, {"rotation_direction": "left"}, 7, "rotation_direction："),
        (
            BURSA,
            {"valid_in": {"west": 113, "south": 35, "east": 112, "north": 36}},
            13,
            "valid_in：范围应为度：west 小于 east，south 小于 north",
        ),
        (BURSA, {"check_points": [{"from": HERE, "to": dict(HERE)}]}, 20, "第 1 个检核点的残差为 "),
        (
            BURSA,
            {"check_points": [{"from": {"north": 3e6, "east": 5e5}, "to": HERE}]},
            20,
            "第 1 个检核点的 from 应写 lon 和 lat",
        ),
        (
            BURSA,
            {"check_points": [{"from": {"lon": 112.3}, "to": HERE}]},
            20,
            "check_points.0.from：点应写 north 和 east（米），或 lon 和 lat（度）",
        ),
    ],
)
def test_mistakes_of_the_file_are_named(
    tmp_path: Path, content: Mapping[str, object], other: Mapping[str, object], line: int, sentence: str
) -> None:
    path = geojson(HOME, "EPSG:4610", old_point)(tmp_path)
    shift = parameters(tmp_path, content, **other)
    with pytest.raises(ContentError):
        read(path, shift)
    assert refusal(path, shift).startswith(f"shift.yaml:{line}：{sentence}")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    path = geojson(HOME, "EPSG:4610", old_point)(tmp_path)
    assert refusal(path, tmp_path / "none.yaml") == "none.yaml:1：无法读取（不存在）"


def test_parameters_of_another_datum_do_not_lead_on(tmp_path: Path) -> None:
    shift = parameters(tmp_path, BURSA)
    assert refusal(geojson(HOME, "EPSG:4214")(tmp_path), shift) == (
        "a.geojson：坐标属于 1954 北京坐标系，而 shift.yaml 是 1980 西安坐标系 的转换参数；请换用对应的参数文件"
    )


def test_an_ellipsoid_alone_names_no_datum(tmp_path: Path) -> None:
    """Krassovsky's is that of Pulkovo 1942 as well."""
    prj = 'GEOGCS["x",DATUM["x",SPHEROID["Krassovsky",6378245,298.3]],PRIMEM["Greenwich",0],UNIT["Degree",0.01745329]]'
    beijing = parameters(tmp_path, BURSA, from_crs="EPSG:4214")
    assert refusal(shapefile(HOME, prj)(tmp_path), beijing) == (
        "a.shp：从椭球看可能是 1954 北京坐标系，但文件没有写明基准的名称，不能套用 shift.yaml；请在文件中写明坐标系"
    )


def test_outside_of_where_they_hold_they_are_refused(tmp_path: Path) -> None:
    shift = parameters(tmp_path, BURSA, valid_in={"west": 112.31, "south": 35, "east": 113, "north": 36})
    assert refusal(geojson(HOME, "EPSG:4610", old_point)(tmp_path), shift) == (
        "a.geojson 第 1 个图形：超出 shift.yaml 的适用范围（112.31–113°E, 35–36°N）；请使用当地的参数，或由测绘单位转换"
    )


def test_parameters_of_the_plane_without_zone_on_the_plane_with_zone(tmp_path: Path) -> None:
    """The classical slip: turned around an origin 38 000 km away."""
    shift = parameters(tmp_path, PLANE, from_crs="EPSG:2362", to_crs="EPSG:4526", rotation_arcsec=20)
    path = geojson(HOME, "EPSG:2362", lambda point: old_plane(point, 114, 38.5e6))(tmp_path)
    sentence = refusal(path, shift)
    assert sentence.startswith("a.geojson 第 1 个图形：按 shift.yaml 转换后位置移动了 3,")
    assert sentence.endswith("请核对参数的符号、单位和 from_crs 是否带带号")


def test_a_file_that_needs_none_is_read_and_says_so(tmp_path: Path) -> None:
    site = read(geojson(HOME, "EPSG:4490")(tmp_path), parameters(tmp_path, BURSA))
    assert site.conversion is None
    assert "a.geojson：坐标系是 EPSG:4490（CGCS2000 经纬度），不需要基准转换，没有使用 shift.yaml" in [
        warning.zh for warning in site.warnings
    ]


def test_the_user_cannot_relabel_an_old_datum_with_parameters_either(tmp_path: Path) -> None:
    path = geojson(HOME, "EPSG:2383", old_plane)(tmp_path)
    with pytest.raises(CRSError, match="numbers of an old datum cannot be renamed"):
        read(path, parameters(tmp_path, BURSA), crs="EPSG:4547")


def test_a_misfit_names_the_zones_of_the_same_datum(tmp_path: Path) -> None:
    path = geojson(HOME, "EPSG:2382", old_plane)(tmp_path)
    assert "若为 EPSG:2383（1980 西安坐标系 3° 带，中央经线 114°，Y 不带带号），" in refusal(
        path, parameters(tmp_path, BURSA)
    )
