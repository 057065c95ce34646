"""From an old datum to CGCS2000 with parameters: the corresponding planes, the way of the numbers, and its limits."""

from collections.abc import Mapping
from math import cos, radians, sin
from pathlib import Path

import numpy as np
import pytest
import yaml
from pyproj import CRS

import chinese_systems as cs
from both_languages import both
from zoning.errors import ContentError, CRSError
from zoning.sites.crs.conversion import NotConvertibleError
from zoning.sites.crs.datum_shift import DatumShift, corresponding, read_datum_shift
from zoning.sites.crs.extent import Extent
from zoning.sites.crs.identify import identify
from zoning.sites.crs.settling import settle
from zoning.sites.limits import Options
from zoning.sites.raw import Declared, RawFile
from zoning.sites.where import Where
from zoning.texts import Text

HERE = Where("地块.shp")
NAME = Text("甲", "a")
COMMON: Mapping[str, object] = {
    "accuracy_m": 0.5,
    "valid_in": {"west": 112.0, "south": 35.0, "east": 113.0, "north": 36.0},
    "source": "某县控制网",
}
PLANE: Mapping[str, object] = {
    "method": "similarity",
    "from_crs": "EPSG:2383",
    "to_crs": "EPSG:4547",
    "dn_m": 60.0,
    "de_m": -23.0,
    "rotation_arcsec": 1.75,
    "rotation_direction": "clockwise",
    "scale_ppm": -2.5,
    **COMMON,
}
SEVEN = (-12.5, 98.25, 33.75, 0.8, -1.1, 2.3, -3.4)
BURSA: Mapping[str, object] = {
    "method": "bursa_wolf",
    "from_crs": "EPSG:4610",
    "to_crs": "EPSG:4490",
    **dict(zip(("dx_m", "dy_m", "dz_m", "rx_arcsec", "ry_arcsec", "rz_arcsec", "scale_ppm"), SEVEN, strict=True)),
    "rotation_convention": "position_vector",
    **COMMON,
}
# A place in the plane of 114 degrees: 112.3 degrees east, 35.4 degrees north.
PLACE = cs.zone_plane((112.3, 35.4), 114, 5e5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shifts")


def shift(folder: Path, content: Mapping[str, object], **other: object) -> DatumShift:
    path = folder / "参数.yaml"
    path.write_text(yaml.safe_dump({**content, **other}, allow_unicode=True), "utf-8")
    return read_datum_shift(path)


def moved(made: DatumShift, code: str, *points: tuple[float, float]) -> list[list[float]]:
    _, conversion = made.conversion(CRS.from_user_input(code), code, NAME)
    found: list[list[float]] = conversion.move(np.array(points)).tolist()
    return found


# --- The plane with the same numbers ---


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("EPSG:2361", "EPSG:4525"),
        ("EPSG:2362", "EPSG:4526"),
        ("EPSG:2383", "EPSG:4547"),
        ("EPSG:2344", "EPSG:4546"),
        ("EPSG:2333", "EPSG:4497"),
        ("EPSG:2435", "EPSG:4547"),
        ("EPSG:2413", "EPSG:4525"),
        ("EPSG:4610", "EPSG:4490"),
        ("EPSG:4214", "EPSG:4490"),
        # No Gauss-Krüger plane of the country: degrees are left.
        ("EPSG:32649", "EPSG:4490"),
        ("+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=500000 +ellps=krass", "EPSG:4490"),
        ("+proj=tmerc +lat_0=0 +lon_0=114 +k=0.9996 +x_0=500000 +ellps=krass", "EPSG:4490"),
        ("+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=-3000000 +ellps=krass", "EPSG:4490"),
        ("+proj=tmerc +lat_0=35 +lon_0=114 +k=1 +x_0=500000 +ellps=krass", "EPSG:4490"),
        ("+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +ellps=krass +units=km", "EPSG:4490"),
        ("+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +ellps=krass", "EPSG:4547"),
    ],
)
def test_the_plane_with_the_same_numbers(old: str, new: str) -> None:
    assert corresponding(CRS.from_user_input(old)) == new


# --- Four parameters ---


def expected(point: tuple[float, float], *, clockwise: bool = True) -> list[float]:
    """Return N' = dn + k (N cos a - E sin a), E' = de + k (N sin a + E cos a)."""
    east, north = point
    turn, scale = radians(1.75 / 3600) * (1 if clockwise else -1), 1 - 2.5e-6
    return [
        -23.0 + scale * (north * sin(turn) + east * cos(turn)),
        60.0 + scale * (north * cos(turn) - east * sin(turn)),
    ]


@pytest.mark.parametrize("direction", ["clockwise", "counterclockwise"])
def test_four_parameters(folder: Path, direction: str) -> None:
    made = shift(folder, PLANE, rotation_direction=direction)
    (found,) = moved(made, "EPSG:2383", PLACE)
    assert found == pytest.approx(expected(PLACE, clockwise=direction == "clockwise"), abs=1e-6)


def test_a_scale_may_be_a_factor(folder: Path) -> None:
    content = {name: value for name, value in PLANE.items() if name != "scale_ppm"}
    made = shift(folder, {**content, "scale_factor": 1 - 2.5e-6})
    assert moved(made, "EPSG:2383", PLACE)[0] == pytest.approx(expected(PLACE), abs=1e-6)


def test_what_a_conversion_says_of_itself(folder: Path) -> None:
    made = shift(folder, PLANE)
    target, conversion = made.conversion(CRS.from_user_input("EPSG:2383"), "EPSG:2383", NAME)
    assert (target, conversion.near, conversion.accuracy_m, conversion.title) == ("EPSG:4547", "EPSG:2383", 0.5, NAME)
    assert not conversion.bends
    assert conversion.text.zh.startswith("由 甲 按 参数.yaml 的平面四参数转换为 EPSG:4547")
    assert conversion.text.zh.endswith("，界址点逐点转换；参数出处：某县控制网，精度 ±0.5 m")
    assert conversion.text.en.startswith("converted from a to EPSG:4547")
    assert conversion.text.en.endswith(
        "with the 4 parameters in the plane of 参数.yaml, vertex by vertex; source of the parameters: 某县控制网, "
        "accuracy ±0.5 m"
    )


def test_without_a_code_the_definition_stands_for_the_place(folder: Path) -> None:
    crs = CRS.from_user_input("EPSG:2383")
    assert shift(folder, PLANE).conversion(crs, None, NAME)[1].near == crs.to_wkt()


# --- Seven parameters ---


@pytest.mark.parametrize("convention", ["position_vector", "coordinate_frame"])
def test_seven_parameters(folder: Path, convention: str) -> None:
    made = shift(folder, BURSA, rotation_convention=convention)
    (found,) = moved(made, "EPSG:4610", (112.3, 35.4))
    there = cs.bursa_wolf((112.3, 35.4), cs.IAG_1975, SEVEN, convention=convention)
    assert found == pytest.approx(list(there), abs=1e-9)


@pytest.mark.parametrize(
    ("code", "leads"),
    [("EPSG:4610", True), ("EPSG:2362", True), ("EPSG:2383", True), ("EPSG:4214", False), ("EPSG:4490", False)],
)
def test_the_datum_that_parameters_start_from(folder: Path, code: str, *, leads: bool) -> None:
    assert shift(folder, BURSA).leads_from(CRS.from_user_input(code)) is leads


def test_an_ellipsoid_without_a_name_is_no_datum(folder: Path) -> None:
    assert not shift(folder, BURSA).leads_from(CRS.from_user_input("+proj=longlat +a=6378140 +rf=298.257"))


# --- Where they hold ---


@pytest.mark.parametrize(
    ("point", "inside"),
    [
        ((112.01, 35.5), True),
        ((111.99, 35.5), False),
        ((112.98, 35.5), True),
        ((113.01, 35.5), False),
        ((112.5, 35.01), True),
        ((112.5, 34.99), False),
        ((112.5, 35.98), True),
        ((112.5, 36.01), False),
    ],
)
def test_parameters_hold_within_their_box(folder: Path, point: tuple[float, float], *, inside: bool) -> None:
    made = shift(folder, BURSA)
    if inside:
        assert len(moved(made, "EPSG:4610", point)) == 1
        return
    with pytest.raises(NotConvertibleError) as caught:
        moved(made, "EPSG:4610", (112.5, 35.5), point)
    assert caught.value.text.zh == (
        "超出 参数.yaml 的适用范围（112–113°E, 35–36°N）；请使用当地的参数，或由测绘单位转换"
    )
    assert caught.value.text.en.startswith("it lies outside of where 参数.yaml is valid (112–113°E, 35–36°N);")


@pytest.mark.parametrize(("dx", "allowed"), [(700.0, True), (1900.0, False)])
def test_parameters_that_move_by_kilometres_are_wrong(folder: Path, dx: float, *, allowed: bool) -> None:
    made = shift(folder, {**BURSA, **dict.fromkeys(("dy_m", "dz_m"), 0.0)}, dx_m=dx)
    if allowed:
        assert len(moved(made, "EPSG:4610", (112.5, 35.5))) == 1
        return
    with pytest.raises(NotConvertibleError) as caught:
        moved(made, "EPSG:4610", (112.5, 35.5))
    assert "而基准之间只差数十至上百米；请核对参数的符号、单位和 from_crs 是否带带号" in caught.value.text.zh
    assert "while the datums differ by tens of metres to a good hundred" in caught.value.text.en


# --- Check points ---


def check_point(off_m: float) -> dict[str, object]:
    """Return a check point of which the second place is this far too far north."""
    east, north = expected(PLACE)
    return {"from": {"north": PLACE[1], "east": PLACE[0]}, "to": {"north": north + off_m, "east": east}}


def test_the_largest_residual_is_kept(folder: Path) -> None:
    made = shift(folder, PLANE, check_points=[check_point(0.2), check_point(-0.75), check_point(0.0)])
    assert made.residual_m == pytest.approx(0.75, rel=1e-3)
    _, conversion = made.conversion(CRS.from_user_input("EPSG:2383"), "EPSG:2383", NAME)
    assert conversion.text.zh.endswith("，3 个检核点最大残差 0.750 m")
    assert conversion.text.en.endswith(", largest residual at 3 check points 0.750 m")


def test_without_check_points_there_is_no_residual(folder: Path) -> None:
    assert shift(folder, PLANE).residual_m is None
    assert shift(folder, PLANE, check_points=[check_point(0.0)]).residual_m == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("off", "allowed"), [(1.49, True), (1.51, False), (-1.51, False)])
def test_three_times_the_accuracy_is_too_much(folder: Path, off: float, *, allowed: bool) -> None:
    points = [check_point(0.1), check_point(off)]
    if allowed:
        assert shift(folder, PLANE, check_points=points).residual_m is not None
        return
    zh, en = both(lambda: shift(folder, PLANE, check_points=points), ContentError)
    assert "第 2 个检核点的残差为 1.510 m，超过精度 0.5 m 的 3 倍；请核对参数、旋转方向和坐标系代码" in zh
    assert "check point 2 is off by 1.510 m, more than 3 times the accuracy of 0.5 m" in en


# --- Whether they are used ---


def identified(folder: Path, code: str, content: Mapping[str, object] = BURSA) -> str:
    found = identify(code, HERE, shift(folder, content))
    assert found.conversion is None or found.near == found.conversion.near
    return found.code


@pytest.mark.parametrize(
    ("code", "target"),
    [("EPSG:4610", "EPSG:4490"), ("EPSG:2362", "EPSG:4526"), ("EPSG:4526", "EPSG:4526"), ("EPSG:4326", "EPSG:4326")],
)
def test_parameters_lead_on_from_their_datum_only(folder: Path, code: str, target: str) -> None:
    assert identified(folder, code) == target


def test_another_old_datum_is_refused_with_the_name_of_the_file(folder: Path) -> None:
    zh, en = both(lambda: identified(folder, "EPSG:4214"), CRSError)
    assert zh.startswith("地块.shp：坐标属于 1954 北京坐标系，而 参数.yaml 是 1980 西安坐标系 的转换参数；")
    assert en.startswith("地块.shp: the coordinates are in Beijing 1954, 参数.yaml leads from Xian 1980;")


def settled(folder: Path, declared: str | None, stated: str | None) -> tuple[str, list[str]]:
    shift(folder, BURSA)
    options = Options(crs=stated, datum_shift=folder / "参数.yaml")
    raw = RawFile((), None if declared is None else Declared(declared))
    found, notes = settle(raw, Extent.of(()), options, HERE)
    return found.code, [note.zh for note in notes]


def test_parameters_that_are_used_are_nothing_to_say_here(folder: Path) -> None:
    assert settled(folder, "EPSG:4610", None) == ("EPSG:4490", [])
    assert settled(folder, None, "EPSG:2362") == ("EPSG:4526", [])


def test_parameters_that_are_not_needed_are_said(folder: Path) -> None:
    code, (note,) = settled(folder, "EPSG:4526", None)
    assert code == "EPSG:4526"
    assert note.startswith("地块.shp：坐标系是 EPSG:4526")
    assert note.endswith("，不需要基准转换，没有使用 参数.yaml")


def test_the_numbers_of_an_old_datum_are_not_renamed(folder: Path) -> None:
    zh, en = both(lambda: settled(folder, "EPSG:4610", "EPSG:4490"), CRSError)
    assert zh.endswith("：旧坐标系的坐标不能直接改称；请去掉 --crs，按参数文件转换")
    assert en.endswith("numbers of an old datum cannot be renamed; leave --crs out and let the parameters convert them")


def test_another_plane_of_the_same_old_datum_may_be_stated(folder: Path) -> None:
    code, notes = settled(folder, "EPSG:2361", "EPSG:2362")
    assert (code, len(notes)) == ("EPSG:4526", 1)
