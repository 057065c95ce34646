"""What the head of a coordinate TXT says of datum, zone, meridian and unit, and when it contradicts itself."""

import pytest

from both_languages import both
from zoning.errors import CRSError
from zoning.sites.crs.zones import BEIJING_1954, CGCS2000, XIAN_1980, Family
from zoning.sites.txt.header import Stated, meridian_of, stated_by, width_of
from zoning.sites.txt.sheet import Sheet
from zoning.sites.where import Where

HERE = Where("界址点.txt")


def stated(**entries: str) -> Stated:
    """Return what the entries say; they stand on lines 2, 3 ..."""
    return stated_by(Sheet({name: (value, line) for line, (name, value) in enumerate(entries.items(), 2)}), HERE)


def refused(**entries: str) -> tuple[str, str]:
    return both(lambda: stated(**entries), CRSError)


def test_an_empty_head_states_nothing() -> None:
    assert stated() == Stated(
        datum=None,
        wgs84=False,
        datum_place=HERE,
        width=None,
        width_place=HERE,
        zone=None,
        zone_place=HERE,
        meridian=None,
        meridian_place=HERE,
        degrees=False,
        decimal=False,
    )


def test_everything_is_stated_with_its_line() -> None:
    found = stated(
        坐标系="2000国家大地坐标系", 几度分带="3", 带号="37", 中央子午线="111", 投影类型="高斯克吕格", 计量单位="米"
    )
    assert (found.datum, found.width, found.zone, found.meridian) == (CGCS2000, 3, 37, 111)
    places = (found.datum_place, found.width_place, found.zone_place, found.meridian_place)
    assert [place.line for place in places] == [2, 3, 4, 5]
    assert (found.wgs84, found.degrees, found.decimal) == (False, False, False)


# --- The datum ---


@pytest.mark.parametrize(
    ("name", "datum", "wgs84"),
    [
        ("2000国家大地坐标系", CGCS2000, False),
        ("CGCS2000", CGCS2000, False),
        ("国家2000大地坐标系统", CGCS2000, False),
        ("China Geodetic Coordinate System 2000", CGCS2000, False),
        ("CGCS2000_3_Degree_GK_Zone_37", CGCS2000, False),
        ("CGCS2000 / 3-degree Gauss-Krüger CM 111E", CGCS2000, False),
        ("WGS84", CGCS2000, True),
        ("WGS 1984", CGCS2000, True),
        ("wgs-84经纬度", CGCS2000, True),
        ("WGS_1984", CGCS2000, True),
        ("CGCS2000（WGS84）", CGCS2000, False),
        ("1980西安坐标系", XIAN_1980, False),
        ("西安80", XIAN_1980, False),
        ("80坐标系", XIAN_1980, False),
        ("1980年国家大地坐标系", XIAN_1980, False),
        ("Xi'an 1980", XIAN_1980, False),
        ("xian80", XIAN_1980, False),
        ("1954年北京坐标系", BEIJING_1954, False),
        ("北京54", BEIJING_1954, False),
        ("54坐标系", BEIJING_1954, False),
        ("Beijing 1954", BEIJING_1954, False),
    ],
)
def test_names_of_the_datums(name: str, datum: Family, *, wgs84: bool) -> None:
    found = stated(坐标系=name)
    assert (found.datum, found.wgs84, found.datum_place) == (datum, wgs84, HERE.at_line(2))


@pytest.mark.parametrize(
    "name",
    [
        "太原2000坐标系", "2000独立坐标系", "地方坐标系", "大地坐标系", "2000矿区坐标系", "西安80北京54", "2000 西安80",
        "1180", "18054", "WGS72", "CGCS2000x",
    ],
)  # fmt: skip
def test_other_names_are_refused(name: str) -> None:
    zh, en = refused(坐标系=name)
    assert zh == f"界址点.txt:2：坐标系 “{name}” 不能识别；规定为 2000国家大地坐标系"
    assert en == f"界址点.txt:2: the system “{name}” is unknown; specified is 2000国家大地坐标系 (CGCS2000)"


@pytest.mark.parametrize("name", ["坐标系统", "坐标系名称", "平面坐标系", "平面坐标系统", "大地基准"])
def test_other_names_of_the_entry_of_the_datum(name: str) -> None:
    assert stated(**{name: "CGCS2000"}).datum == CGCS2000


def test_the_specified_entry_comes_before_others_and_an_empty_one_after_them() -> None:
    assert stated(坐标系统="西安80", 坐标系="CGCS2000").datum == CGCS2000
    found = stated(坐标系统="西安80", 坐标系="")
    assert (found.datum, found.datum_place.line) == (XIAN_1980, 2)
    assert stated(坐标系="", 坐标系统="").datum is None


# --- Unit, projection, shift ---


@pytest.mark.parametrize("unit", ["", "米", "公米", "m", "M", "metre", "Metres", "meter", "meters"])
def test_metres(unit: str) -> None:
    found = stated(计量单位=unit)
    assert (found.degrees, found.decimal) == (False, False)


@pytest.mark.parametrize(
    ("unit", "decimal"),
    [("度", False), ("十进制度", True), ("°", False), ("deg", False), ("Degree", False), ("degrees", False),
     ("经纬度", False)],
)  # fmt: skip
def test_degrees(unit: str, *, decimal: bool) -> None:
    found = stated(坐标单位=unit)
    assert (found.degrees, found.decimal) == (True, decimal)


@pytest.mark.parametrize("unit", ["千米", "厘米", "度分秒", "米制", "km", "英尺"])
def test_other_units_are_refused(unit: str) -> None:
    zh, en = refused(计量单位=unit)
    assert zh == f"界址点.txt:2：计量单位为 “{unit}”，规定为米（也读取十进制的度）"
    assert en == (f"界址点.txt:2: the unit is “{unit}”, specified is 米 (metre); decimal degrees (度) are read as well")


@pytest.mark.parametrize("name", ["高斯克吕格", "高斯-克吕格投影", "Gauss-Kruger", "GAUSS"])
def test_the_projection_is_gauss_krueger(name: str) -> None:
    assert stated(投影类型=name).datum is None


@pytest.mark.parametrize(
    "name", ["UTM", "墨卡托", "抵偿高斯", "高斯任意带", "独立高斯", "地方高斯", "自定义高斯", "工程高斯", "高斯高程面"]
)
def test_other_projections_are_refused(name: str) -> None:
    zh, en = refused(投影方式=name)
    assert zh == f"界址点.txt:2：投影类型为 “{name}”，规定为高斯克吕格"
    assert en == f"界址点.txt:2: the projection is “{name}”, specified is 高斯克吕格"


def test_degrees_have_no_projection() -> None:
    assert stated(计量单位="度", 投影类型="无").degrees


@pytest.mark.parametrize("value", ["", "0,0,0,0,0,0,0", "0.0 0.00", "+0、-0;0e-5", ".0", "0000", "0E+3"])
def test_a_shift_of_zeros_moves_nothing(value: str) -> None:
    assert stated(转换参数=value).zone is None


@pytest.mark.parametrize("value", ["1", "0,0,0.001", "0,0,1e-9", "无", "0..0", "0,x", "1 0"])
def test_any_other_shift_is_refused(value: str) -> None:
    zh, en = refused(转换参数=value)
    assert zh == "界址点.txt:2：转换参数不为零，本工具不做参数转换；请提交转换后的坐标"
    assert en == (
        "界址点.txt:2: the shift parameters (转换参数) are not zero and are not applied; give the converted coordinates"
    )


# --- Width, zone, meridian ---


@pytest.mark.parametrize(
    ("value", "width"),
    [("3", 3), ("6", 6), ("三", 3), ("六度分带", 6), ("3.0", 3), ("3度带", 3), ("3°带", 3), ("6 度 分带", 6),
     ("分带:3", 3), ("", None)],
)  # fmt: skip
def test_the_width_of_the_zones(value: str, width: int | None) -> None:
    assert stated(几度分带=value).width == width


@pytest.mark.parametrize("value", ["1.5", "3.5", "9", "36", "任意", "3x", "1.5度带", "33"])
def test_other_widths_are_refused(value: str) -> None:
    zh, en = refused(分带=value)
    assert zh == f"界址点.txt:2：几度分带为 “{value}”，只读取 3 度带和 6 度带；请换带为 3 度带后导出"
    assert en == (
        f"界址点.txt:2: the zone width is “{value}”, only 3-degree and 6-degree zones are read; convert it to a "
        "3-degree zone"
    )


@pytest.mark.parametrize("name", ["CGCS2000 1.5度带", "CGCS2000 1.50°带", "CGCS2000_1.5_Degree"])
def test_a_width_of_one_and_a_half_in_the_name_is_refused(name: str) -> None:
    assert "几度分带为 “1.5”" in refused(坐标系=name)[0]
    assert "界址点.txt:3" in refused(几度分带="3", 坐标系=name)[0]


@pytest.mark.parametrize("zone", [13, 19, 23, 25, 37, 45])
@pytest.mark.parametrize("written", ["{}", "第{}带", "{}带", "{}度带", "第 {} 号带", "0{}"])
def test_the_zones(zone: int, written: str) -> None:
    found = stated(带号=written.format(zone))
    assert (found.zone, found.zone_place.line) == (zone, 2)


@pytest.mark.parametrize("value", ["12", "24", "46", "0", "137", "x", "37.5", "37,38", "-37"])
def test_numbers_that_are_no_zone_are_refused(value: str) -> None:
    zh, en = refused(投影带号=value)
    assert zh == f"界址点.txt:2：带号 “{value}” 不是 3 度带（25–45）或 6 度带（13–23）的带号"
    assert en == (
        f"界址点.txt:2: the zone “{value}” is neither a 3-degree zone (25 to 45) nor a 6-degree zone (13 to 23)"
    )


@pytest.mark.parametrize(
    ("value", "meridian"),
    [
        ("75", 75), ("111", 111), ("135", 135), ("111.0", 111), ("111°", 111), ("111度", 111), ("东经111度", 111),
        ("111°00′00″", 111), ("111:00:00", 111), ("111-00-00", 111), ("E111", 111), ("111E", 111), ("111带", 111),
        ("110°60′", 111), ("", None),
    ],
)  # fmt: skip
def test_the_central_meridian(value: str, meridian: int | None) -> None:
    assert stated(中央经线=value).meridian == meridian


@pytest.mark.parametrize("value", ["112", "72", "138", "111.5", "111°30′", "111°00′01″", "西经111", "x", "37"])
def test_other_meridians_are_refused(value: str) -> None:
    zh, en = refused(中央子午线=value)
    assert zh == (
        f"界址点.txt:2：中央子午线 “{value}” 不是 3 度带或 6 度带的中央子午线（75°–135°，每 3°）；"
        "请换算到标准的 3 度带后导出"
    )
    assert en == (
        f"界址点.txt:2: the central meridian “{value}” is none of the 3-degree or 6-degree zones (75° to 135°, "
        "every 3°); convert it to a standard 3-degree zone"
    )


@pytest.mark.parametrize(
    ("name", "zone", "meridian"),
    [
        ("CGCS2000_3_Degree_GK_Zone_37", 37, None),
        ("CGCS2000 第37带", 37, None),
        ("CGCS2000 37带", 37, None),
        ("CGCS2000 37号带", 37, None),
        ("CGCS2000带号:19", 19, None),
        ("CGCS2000 3度带", None, None),
        ("CGCS2000 第24带", None, None),
        ("CGCS2000_3_Degree_GK_CM_111E", None, 111),
        ("CGCS2000 中央经线111°", None, 111),
        ("CGCS2000 中央子午线 111度00分", None, 111),
        ("CGCS2000", None, None),
    ],
)
def test_zone_and_meridian_in_the_name_of_the_system(name: str, zone: int | None, meridian: int | None) -> None:
    found = stated(坐标系=name)
    assert (found.datum, found.zone, found.meridian) == (CGCS2000, zone, meridian)


def test_an_odd_meridian_in_the_name_is_refused() -> None:
    assert "中央子午线 “112°" in refused(坐标系="CGCS2000 中央经线112°30′")[0]


# --- Contradictions ---


def test_an_entry_of_its_own_comes_before_the_name() -> None:
    found = stated(坐标系="CGCS2000 37带 中央经线111", 带号="37", 中央子午线="111")
    assert (found.zone, found.zone_place.line) == (37, 3)
    assert (found.meridian, found.meridian_place.line) == (111, 4)


def test_the_zone_in_the_name_is_that_of_the_entry() -> None:
    zh, en = refused(坐标系="CGCS2000 38带", 带号="37")
    assert zh == "界址点.txt:3：带号为 37，坐标系里写的却是 38；请核对后改正其中之一"
    assert en == ("界址点.txt:3: the zone is 37 but the name of the system says 38; check and correct one of them")


def test_the_meridian_in_the_name_is_that_of_the_entry() -> None:
    zh, en = refused(坐标系="CGCS2000 中央经线114", 中央子午线="111")
    assert zh == "界址点.txt:3：中央子午线为 111，坐标系里写的却是 114；请核对后改正其中之一"
    assert en.startswith("界址点.txt:3: the central meridian is 111 but the name of the system says 114;")


@pytest.mark.parametrize(("zone", "width", "own"), [("37", "6", 3), ("19", "3", 6), ("25", "6", 3), ("23", "3", 6)])
def test_the_zone_has_the_width_that_is_stated(zone: str, width: str, own: int) -> None:
    zh, en = refused(几度分带=width, 带号=zone)
    assert zh == f"界址点.txt:3：带号 {zone} 是 {own} 度带的带号，几度分带却是 {width}；请核对后改正其中之一"
    assert en == (
        f"界址点.txt:3: zone {zone} is one of the {own}-degree zones but 几度分带 is {width}; check and correct one of "
        "them"
    )


@pytest.mark.parametrize(("zone", "own"), [("38", 114), ("20", 117)])
def test_the_zone_has_the_meridian_that_is_stated(zone: str, own: int) -> None:
    zh, en = refused(带号=zone, 中央子午线="111")
    assert zh == f"界址点.txt:3：中央子午线为 111°，带号 {zone} 的中央子午线却是 {own}°；请核对后改正其中之一"
    assert en == (
        f"界址点.txt:3: the central meridian is 111° but that of zone {zone} is {own}°; check and correct one of them"
    )


@pytest.mark.parametrize("zone", ["37", "19"])
def test_both_zones_of_a_meridian_agree_with_it(zone: str) -> None:
    assert stated(带号=zone, 中央子午线="111").zone == int(zone)


@pytest.mark.parametrize(
    ("zone", "width", "meridian"), [(13, 6, 75), (23, 6, 135), (25, 3, 75), (45, 3, 135), (38, 3, 114), (20, 6, 117)]
)
def test_width_and_meridian_of_a_zone(zone: int, width: int, meridian: int) -> None:
    assert (width_of(zone), meridian_of(zone)) == (width, meridian)
