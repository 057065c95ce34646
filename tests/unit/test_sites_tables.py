"""Single steps of reading tables and text: angles, headings, titles, statements, sizes, numbers of points."""

import pytest

from point_tables import DATUM, FAR, SQUARE, metres, plane
from zoning.sites.crs.zones import CGCS2000, XIAN_1980
from zoning.sites.limits import Options
from zoning.sites.tables.angles import parse_angle, parse_packed, written
from zoning.sites.tables.columns import degrees_kind
from zoning.sites.tables.grid import column_letters
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.headings import Notation, heading
from zoning.sites.tables.labels import number_of
from zoning.sites.tables.measures import NotationError, measure
from zoning.sites.tables.prose import read_prose
from zoning.sites.tables.signs import plain
from zoning.sites.tables.sizes import area_of, length_of
from zoning.sites.tables.statements import Statements, line_word, stated_area
from zoning.sites.tables.titles import goes_on, opens_parcel, opens_ring
from zoning.sites.tables.tokens import tokens
from zoning.sites.tables.workbook import cell_text
from zoning.sites.where import Where

YANGCHENG = (112.0, 35.1, 112.95, 35.75)


@pytest.mark.parametrize(
    ("text", "seconds", "unit"),
    [
        ("112°24′30.5″", 404670.5, 0.1),
        ("112º24'30\"", 404670, 1),
        ("112度24分30.50秒", 404670.5, 0.01),
        ("112-24-30.5", 404670.5, 0.1),
        ("112：24：30", 404670, 1),
        ("112 24 30.5", 404670.5, 0.1),
        ("东经112°24′30″.5", 404670.5, 0.1),
        ("112°24.5083′E", 404670.498, 0.006),
        ("W112°24′30″", -404670, 1),
        ("112°", 403200, 3600),
    ],
)
def test_an_angle_and_its_last_digit(text: str, seconds: float, unit: float) -> None:
    found = parse_angle(plain(text))
    assert found is not None
    assert found.degrees * 3600 == pytest.approx(seconds)
    assert found.unit * 3600 == pytest.approx(unit)


@pytest.mark.parametrize(
    "text", ["J1", "2024-11-05", "112.405", "112°124′", "24′30″", "112024'30\"", "112o24'30\"", ""]
)
def test_no_angle(text: str) -> None:
    assert parse_angle(plain(text)) is None


@pytest.mark.parametrize("text", ["112°60′00″", "112°00′60″", "181°", "N112°24′30″E", "112°24′30.5″.5"])
def test_an_angle_that_cannot_be(text: str) -> None:
    with pytest.raises(NotationError):
        parse_angle(plain(text))


def test_packed_angles() -> None:
    assert parse_packed("112.2430") == parse_packed("1122430")
    assert parse_packed("112.6030") is None
    assert parse_packed("112.3060") is None
    assert parse_packed("112") is None


def test_an_angle_is_written_for_a_sentence() -> None:
    assert written(112 + 59 / 60 + 59.999 / 3600) == "113°00′00.00″"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3919746.783", 3919746.783),
        ("3,919,746.783", 3919746.783),
        ("3 919 746.783", 3919746.783),
        ("X=3919746.783", 3919746.783),
        ("Y坐标：37618082.987m", 37618082.987),
        ("3.919746783E+06", 3919746.783),
        ("'37618082.987", 37618082.987),
        ("+112.5", 112.5),
        ("E112.5", 112.5),
        ("112.5W", -112.5),
        ("南纬 35.5", -35.5),
    ],
)
def test_a_number(text: str, value: float) -> None:
    found = measure(plain(text))
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text", ["", "J1", "abc", "12a", "1.2.3", "--3", "3919746.783.1", "9" * 200, "2024-11-05", "nan", "inf"]
)
def test_no_number(text: str) -> None:
    assert measure(text) is None


@pytest.mark.parametrize("text", ["3.92E+06", "1e999", "3919746,783", "3.919.746,783", "1.12E+02"])
def test_a_number_that_lost_its_digits(text: str) -> None:
    with pytest.raises(NotationError):
        measure(text)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("点号", Role.POINT),
        ("界址点\n编号", Role.POINT),
        ("圈 号", Role.RING),
        ("地块编号", Role.PARCEL),
        ("项目名称", Role.NAME),
        ("建设单位", Role.NAME),
        ("名称", Role.LABEL),
        ("X坐标（m）", Role.PLANE),
        ("纵坐标X", Role.PLANE),
        ("Easting", Role.PLANE),
        ("Ｎ", Role.PLANE),
        ("东经(°′″)", Role.GEOGRAPHIC),
        ("lng", Role.GEOGRAPHIC),
        ("Latitude(N)", Role.GEOGRAPHIC),
        ("B", Role.GEOGRAPHIC),
        ("拐点坐标", Role.PAIR),
        ("经纬度", Role.PAIR),
        ("面积（公顷）", Role.AREA),
        ("用地面积（m²）", Role.AREA),
        ("面积亩", Role.AREA),
        ("半径(m)", Role.RADIUS),
        ("宽度", Role.WIDTH),
        ("度", Role.DEGREES),
        ("经度分", Role.MINUTES),
        ("高程", Role.HEIGHT),
        ("边长", Role.OTHER),
        ("坐标单位", Role.NONE),
        ("甲", Role.NONE),
        ("", Role.NONE),
    ],
)
def test_a_heading(text: str, role: Role) -> None:
    assert heading(text).role is role


def test_units_and_notations_of_headings() -> None:
    assert heading("面积（公顷）").factor == 10_000
    assert heading("面积").factor is None
    assert heading("X（km）").foreign_unit == "km"
    assert heading("宽度（mm）").foreign_unit == "mm"
    assert heading("经度（度）").notation is Notation.DECIMAL
    assert heading("经度（度.分秒）").notation is Notation.PACKED
    assert heading("经度(ddd.mmss)").notation is Notation.PACKED
    assert heading("longitude").notation is Notation.DECIMAL
    assert heading("经度").notation is Notation.SILENT
    assert heading("Y（东）").axis == "east"


@pytest.mark.parametrize("text", ["地块一", "1号地块 J1-J12", "B地块：", "Parcel 2", "图斑编号：12", "第二区块"])
def test_a_title_of_a_parcel(text: str) -> None:
    assert opens_parcel(text)


@pytest.mark.parametrize(
    "text", ["地块坐标表", "拟建场地四至范围", "单位：米", "第2页", "续表", "J1", "", "地块" * 40 + "一"]
)
def test_no_title_of_a_parcel(text: str) -> None:
    assert not opens_parcel(text)


def test_rings_and_tables_that_go_on() -> None:
    assert opens_ring("内环")
    assert opens_ring("其中扣除：")
    assert goes_on("（续）")
    assert goes_on("- 3 -")
    assert not goes_on("地块二")


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("3度带37带", [37]),
        ("带号：37", [37]),
        ("第 38 带", [38]),
        ("2000国家大地坐标系37带", [37]),
        ("6度带19带", [19]),
        ("中央子午线111°", [37]),
        ("中央子午线为东经114度00分", [38]),
        ("6°带，中央经线111°", [19]),
        ("CM=111", [37]),
        ("3度带", []),
        ("中央子午线112.5°", []),
        ("安全带12带", []),
        ("37618082.987带", []),
    ],
)
def test_zones_that_are_stated(text: str, zones: list[int]) -> None:
    statements = Statements()
    statements.add(1, text)
    assert [zone for zone, _ in statements.zones()] == zones


@pytest.mark.parametrize(
    ("text", "datums"),
    [
        ("坐标系：2000国家大地坐标系", [CGCS2000]),
        ("CGCS2000", [CGCS2000]),
        ("国家2000坐标", [CGCS2000]),
        ("1:2000地形图", []),
        ("1980西安坐标系", [XIAN_1980]),
        ("西安80", [XIAN_1980]),
        ("80坐标系", [XIAN_1980]),
        ("1985国家高程基准", []),
        ("WGS-84坐标系", ["WGS84"]),
        ("高德地图坐标", ["GCJ02"]),
        ("百度坐标", ["BD09"]),
        ("西安80转2000国家大地坐标系", [CGCS2000, XIAN_1980]),
    ],
)
def test_datums_that_are_stated(text: str, datums: list[object]) -> None:
    statements = Statements()
    statements.add(1, text)
    assert [datum for datum, _ in statements.datums().values()] == datums


def test_what_speaks_of_a_line() -> None:
    assert line_word("天然气管线走向") == "管线"
    assert line_word("用地红线坐标") == ""
    assert line_word("公路服务区用地范围") == ""
    assert line_word("经纬度坐标") == ""


def test_stated_areas() -> None:
    assert stated_area("总面积2.35公顷") == 23_500
    assert stated_area("面积为 1,200.5 m²") == 1200.5
    assert stated_area("面积2公顷，其中林地面积1公顷") is None
    assert stated_area("面积（公顷）：2.35") == 23_500
    assert stated_area("面积未知") is None


def test_sizes() -> None:
    assert area_of("15亩", None) == pytest.approx(10_000)
    assert area_of("15", heading("面积（亩）")) == pytest.approx(10_000)
    assert area_of("15", heading("面积")) is None
    assert area_of("0公顷", None) is None
    assert length_of("8", heading("宽度")) == 8
    assert length_of("0.008", heading("宽度（km）")) == 8
    assert length_of("8 英尺", None) is None


def test_numbers_of_points() -> None:
    assert [number_of(label) for label in ("J1", "拐点12号", "K0+100", "A", "")] == [1, 12, 100, None, None]


def test_letters_of_columns() -> None:
    assert [column_letters(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_texts_of_cells() -> None:
    assert cell_text(37618082.987) == ("37618082.987", None)
    assert cell_text(3919746.0) == ("3919746", None)
    assert cell_text(True) == ("TRUE", None)  # noqa: FBT003 - a cell may hold it
    assert cell_text("#N/A") == ("#N/A", "error")
    assert cell_text("#1点") == ("#1点", None)


def test_longitude_and_latitude_by_territory() -> None:
    assert degrees_kind(112.3, YANGCHENG) == "lon"
    assert degrees_kind(35.4, YANGCHENG) == "lat"
    assert degrees_kind(12.5, YANGCHENG) == "lat"  # elsewhere in the country
    assert degrees_kind(2.35, None) == ""
    assert degrees_kind(170.0, None) == ""


def test_numbers_that_are_no_coordinates() -> None:
    text = plain(
        "总面积2.35公顷，投资3200.5万元，电话0356-4222222、13800138000，2024-11-05，比例尺1:2000，"
        "3度带37带，中央子午线111°，距离1.2km"
    )
    assert [token.text for token in tokens(text, YANGCHENG) if token.kind != "number"] == []
    assert [token.text for token in tokens(text, YANGCHENG) if "." in token.text] == []


def test_two_panels_pasted_row_by_row() -> None:
    rows = metres().splitlines()
    text = plain(f"{DATUM}\n{rows[0]} {rows[2]}\n{rows[1]} {rows[3]}")
    track = read_prose(text, Where("pasted"), Options(YANGCHENG))
    assert track is not None
    assert track.labels == ["J1", "J2", "J3", "J4"]
    assert [f"{north:.3f}" for north in track.numbers[0].first] == [north for north, _ in plane()]
    assert [text.en for text in track.warnings] == [
        "pasted:2: the table has panels side by side; its points were put into the order of their numbers, check it"
    ]


def test_two_panels_with_the_closing_row() -> None:
    points = [*SQUARE, *FAR[2:3], SQUARE[0]]
    rows = [f"{number} {n} {e}" for number, (n, e) in zip((1, 2, 3, 4, 5, 1), plane(points), strict=True)]
    text = f"{DATUM}\n{rows[0]} {rows[3]}\n{rows[1]} {rows[4]}\n{rows[2]} {rows[5]}"
    track = read_prose(plain(text), Where("pasted"), Options(YANGCHENG))
    assert track is not None
    assert track.labels == ["1", "2", "3", "4", "5", "1"]


def test_longer_text_than_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoning.sites.tables.prose.MOST_SIGNS", 10)
    with pytest.raises(Exception, match="too many to search"):
        read_prose("112.3 35.4 112.31", Where("pasted"), Options(YANGCHENG))
