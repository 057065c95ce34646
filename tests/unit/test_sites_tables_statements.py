"""What titles and notes around the coordinates of a table say: datum and zone."""

import pytest

from both_languages import both
from zoning.errors import CRSError
from zoning.sites.crs.zones import BEIJING_1954, CGCS2000, XIAN_1980
from zoning.sites.tables.statements import (
    Statements,
    contradiction,
    one_datum,
)
from zoning.sites.where import Where
from zoning.texts import Text

HERE = Where("拐点.csv")


def said(*lines: str) -> Statements:
    """Return the statements of lines 1, 2 ..."""
    made = Statements()
    for number, text in enumerate(lines, 1):
        made.add(number, text)
    return made


def zones(*lines: str) -> list[tuple[int, int]]:
    return said(*lines).zones()


def datums(text: str) -> list[object]:
    return [datum for datum, _ in said(text).datums().values()]


# --- Lines ---


def test_lines_are_kept_without_blanks_and_as_people_see_them() -> None:
    made = said("坐标系： CGCS 2000", "", " \t", "Ｘ　坐标")
    assert made.lines == [(1, "坐标系:cgcs2000"), (4, "x坐标")]
    assert made.texts == [(1, "坐标系： CGCS 2000"), (4, "Ｘ 坐标")]


@pytest.mark.parametrize(("length", "titles"), [(60, 1), (61, 0)])
def test_titles_are_short(length: int, titles: int) -> None:
    made = said("甲 " * length)
    assert (len(made.lines), len(made.texts)) == (1, titles)


# --- Datums ---


@pytest.mark.parametrize(
    "text",
    [
        "CGCS2000",
        "cgcs-2000",
        "CGCS_2000",
        "国家2000",
        "国家大地坐标系2000",
        "大地2000",
        "2000国家大地坐标系",
        "2000中国大地",
        "2000大地坐标系",
        "2000坐标系",
        "EPSG:4490",
        "epsg=4490",
        "SRID:4490",
    ],
)
def test_the_national_datum(text: str) -> None:
    assert datums(text) == [CGCS2000]


@pytest.mark.parametrize(
    "text",
    [
        "西安80",
        "西安1980",
        "1980西安坐标系",
        "1980年西安坐标系",
        "80西安",
        "Xian80",
        "XIAN-1980",
        "xian_1980",
        "1980国家坐标系",
        "1980国家大地坐标系",
        "80坐标系",
        "国家80",
        "EPSG:4610",
        "EPSG:2327",
        "EPSG:2349",
        "EPSG:2390",
        "EPSG:2361",
    ],
)
def test_the_datum_of_1980(text: str) -> None:
    assert datums(text) == [XIAN_1980]


@pytest.mark.parametrize(
    "text",
    [
        "北京54",
        "北京1954",
        "1954年北京坐标系",
        "54北京",
        "Beijing 54",
        "BJ54",
        "bj-1954",
        "54坐标系",
        "北京坐标系",
        "EPSG:4214",
        "EPSG:2401",
        "EPSG:2442",
        "EPSG:21413",
        "EPSG:21423",
        "EPSG:21453",
        "EPSG:21463",
    ],
)
def test_the_datum_of_1954(text: str) -> None:
    assert datums(text) == [BEIJING_1954]


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("WGS84", "WGS84"),
        ("WGS-84", "WGS84"),
        ("wgs 1984", "WGS84"),
        ("84坐标", "WGS84"),
        ("GCJ02", "GCJ02"),
        ("gcj-2", "GCJ02"),
        ("火星坐标", "GCJ02"),
        ("高德地图", "GCJ02"),
        ("高德坐标", "GCJ02"),
        ("腾讯地图", "GCJ02"),
        ("BD09", "BD09"),
        ("bd-9", "BD09"),
        ("百度地图", "BD09"),
        ("百度坐标", "BD09"),
    ],
)
def test_datums_of_maps_on_the_net(text: str, datum: str) -> None:
    assert datums(text) == [datum]


@pytest.mark.parametrize(
    "text",
    [
        "1:2000国家基本图",
        "12000国家",
        "2000年",
        "1:2000地形图",
        "1980年",
        "1985国家高程基准",
        "180坐标系",
        "254坐标系",
        "EPSG:44901",
        "EPSG:2326",
        "EPSG:2391",
        "EPSG:46100",
        "EPSG:2400",
        "EPSG:2443",
        "EPSG:21412",
        "EPSG:21424",
        "EPSG:21452",
        "EPSG:21464",
        "184坐标",
        "百度",
        "高德",
        "北京市",
        "西安市",
        "EPSG:4326",
    ],
)
def test_texts_that_name_no_datum(text: str) -> None:
    assert datums(text) == []


def test_every_datum_comes_with_its_first_line() -> None:
    made = said("界址点", "西安80", "1980西安坐标系", "CGCS2000 西安80")
    assert [(datum, line) for datum, line in made.datums().values()] == [(XIAN_1980, 2), (CGCS2000, 4)]


def test_the_one_datum_of_a_file() -> None:
    assert one_datum(said("界址点", "西安80"), HERE) == (XIAN_1980, 2)
    assert one_datum(said("界址点"), HERE) == (None, 0)
    assert one_datum(said(), HERE) == (None, 0)


def test_two_datums_are_refused_at_the_line_of_the_second() -> None:
    zh, en = both(lambda: one_datum(said("CGCS2000", "甲", "西安80"), HERE), CRSError)
    assert zh.startswith("拐点.csv:3：文件里写了几种坐标系（2000 国家大地坐标系、1980 西安坐标系），")
    assert en.startswith("拐点.csv:3: the file names several coordinate systems (CGCS2000, Xian 1980) and ")


def test_the_sentence_about_a_contradiction() -> None:
    text = contradiction(HERE, (Text(name, name.lower()) for name in ("A", "B", "C"))).text
    assert text.zh == ("拐点.csv：文件里写了几种坐标系（A、B、C），分不清坐标属于哪一种；请删去无关的，或用 --crs 说明")
    assert text.en == (
        "拐点.csv: the file names several coordinate systems (a, b, c) and it is not clear which one the coordinates "
        "are in; remove the others, or state it with --crs"
    )


# --- Zones ---


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("带号37", 37),
        ("带号：37", 37),
        ("带号为第37", 37),
        ("带号是 37", 37),
        ("带号=38", 38),
        ("37带", 37),
        ("37号带", 37),
        ("第37度带", 37),
        ("37°带", 37),
        ("带号25", 25),
        ("带号45", 45),
        ("带号13", 13),
        ("带号23", 23),
        ("中央子午线111", 37),
        ("中央子午线：111°", 37),
        ("中央子午线为东经111°", 37),
        ("中央子午线经度 E114", 38),
        ("中央经线=114°00′", 38),
        ("L0=111", 37),
        ("CM:135", 45),
        ("中央子午线75", 25),
        ("6度带 中央子午线111", 19),
        ("六度带中央子午线117°", 20),
        ("三度带中央子午线111", 37),
    ],
)
def test_a_zone_by_its_number_or_its_meridian(text: str, zone: int) -> None:
    assert zones(text) == [(zone, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "带号24",
        "带号12",
        "带号46",
        "带号371",
        "137带",
        "37带宽",
        "带37",
        "中央子午线112.5",
        "中央子午线72",
        "中央子午线138",
        "中央子午线111°30′",
        "6度带中央子午线114",
        "3度带",
        "6°分带",
    ],
)
def test_texts_that_name_no_zone(text: str) -> None:
    assert zones(text) == []


def test_all_zones_with_their_lines() -> None:
    assert zones("带号37，中央子午线111°", "甲", "38带") == [(37, 1), (37, 1), (38, 3)]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("中央子午线112.5",), ("中央子午线112.5", 1)),
        (("带号37", "中央子午线111°30′"), ("中央子午线111°30", 2)),
        (("6度带中央子午线114",), ("中央子午线114", 1)),
        (("中央子午线111，另中央子午线112°",), ("中央子午线112°", 1)),
        (("中央子午线111",), None),
        (("6度带中央子午线111",), None),
        (("中央子午线未知",), None),
        ((), None),
    ],
)
def test_a_meridian_of_no_zone(lines: tuple[str, ...], found: tuple[str, int] | None) -> None:
    assert said(*lines).local_meridian() == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("UTM 49N",), (49, 1)),
        (("甲", "UTM zone 49"), (49, 2)),
        (("utm/wgs84 49",), None),  # digits between
        (("UTM 1",), (1, 1)),
        (("UTM 09",), (9, 1)),
        (("UTM 60",), (60, 1)),
        (("UTM 61",), None),
        (("UTM 0",), None),
        (("UTM 490",), None),
        (("UTM" + "-" * 12 + "49",), (49, 1)),
        (("UTM" + "-" * 13 + "49",), None),
        (("UTM",), None),
    ],
)
def test_a_zone_of_utm(lines: tuple[str, ...], found: tuple[int, int] | None) -> None:
    assert said(*lines).utm() == found
