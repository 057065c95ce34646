"""Which zone the eastings of a coordinate TXT mean: by their first digits, header and territory."""

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import chinese_systems as cs
from both_languages import both
from zoning.errors import CRSError, SiteError
from zoning.sites.crs.zones import BEIJING_1954, CGCS2000, XIAN_1980, Family
from zoning.sites.limits import Options
from zoning.sites.raw import Declared
from zoning.sites.txt.columns import arrange
from zoning.sites.txt.header import Stated
from zoning.sites.txt.sheet import Sheet
from zoning.sites.txt.zones import Decided, decide
from zoning.sites.where import Where

HERE = Where("界址点.txt")
EXPECTED = (112.0, 35.0, 113.0, 36.0)
N, E37, E = 3_919_700.0, 37_612_300.0, 612_300.0
Rows = Sequence[tuple[float, float]]
STATED: dict[str, Any] = {
    "datum": CGCS2000,
    "wgs84": False,
    "datum_place": HERE.at_line(2),
    "width": None,
    "width_place": HERE.at_line(3),
    "zone": None,
    "zone_place": HERE.at_line(4),
    "meridian": None,
    "meridian_place": HERE.at_line(5),
    "degrees": False,
    "decimal": False,
}


def sheet_of(rows: Rows) -> Sheet:
    """Return a sheet whose rows begin on line 8."""
    first, second = (array("d", column) for column in zip(*rows, strict=True))
    return Sheet(first=first, second=second, lines=array("I", range(8, 8 + len(rows))))


def decided(rows: Rows, options: Options | None = None, **changes: Any) -> Decided:
    sheet = sheet_of(rows)
    taken = Options(expected=EXPECTED) if options is None else options
    return decide(sheet, arrange(sheet, HERE), Stated(**{**STATED, **changes}), taken, HERE)


def code_of(rows: Rows, options: Options | None = None, **changes: Any) -> str | None:
    declared = decided(rows, options, **changes).declared
    return None if declared is None else declared.crs


# --- The zone of metres ---


@pytest.mark.parametrize(
    ("east", "code"),
    [(25_500_000.0, 4513), (37_612_300.0, 4525), (45_500_000.0, 4533), (13_500_000.0, 4491), (23_500_000.0, 4501)],
)
def test_the_digits_before_the_easting_are_the_zone(east: float, code: int) -> None:
    assert decided([(N, east)]) == Decided(Declared(f"EPSG:{code}"), decided([(N, east)]).silence)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"zone": 37}, "EPSG:4546"),
        ({"zone": 19}, "EPSG:4508"),
        ({"meridian": 111}, "EPSG:4546"),
        ({"meridian": 114}, "EPSG:4547"),
        ({"zone": 37, "meridian": 111, "width": 3}, "EPSG:4546"),
    ],
)
def test_six_digits_take_the_zone_of_the_header(changes: dict[str, Any], code: str) -> None:
    found = decided([(N, E)], **changes)
    assert (found.declared, found.warnings) == (Declared(code), ())


@pytest.mark.parametrize(
    "changes", [{"zone": 37}, {"width": 3}, {"meridian": 111}, {"zone": 37, "width": 3, "meridian": 111}]
)
def test_a_header_that_agrees_with_the_digits(changes: dict[str, Any]) -> None:
    assert code_of([(N, E37)], **changes) == "EPSG:4525"


def test_the_zone_of_the_header_is_that_of_the_digits() -> None:
    zh, en = both(lambda: decided([(N, E37)], zone=38), CRSError)
    assert zh == "界址点.txt:4：表头带号为 38，Y 坐标的带号却是 37；请核对后改正其中之一"
    assert en == ("界址点.txt:4: the header states zone 38 but Y begins with zone 37; check and correct one of them")


@pytest.mark.parametrize(("east", "width", "own"), [(E37, 6, 3), (19_612_300.0, 3, 6)])
def test_the_width_of_the_header_is_that_of_the_digits(east: float, width: int, own: int) -> None:
    zh, en = both(lambda: decided([(N, east)], width=width), CRSError)
    zone = int(east // 1e6)
    assert zh == (f"界址点.txt:3：几度分带为 {width}，Y 坐标的带号 {zone} 却是 {own} 度带的；请核对后改正其中之一")
    assert en == (
        f"界址点.txt:3: 几度分带 is {width} but Y begins with {zone}, one of the {own}-degree zones; check and correct "
        "one of them"
    )


def test_the_meridian_of_the_header_is_that_of_the_digits() -> None:
    zh, en = both(lambda: decided([(N, E37)], meridian=114), CRSError)
    assert zh == ("界址点.txt:5：中央子午线为 114°，Y 坐标的带号 37 的中央子午线却是 111°；请核对后改正其中之一")
    assert en == (
        "界址点.txt:5: the central meridian is 114° but Y begins with zone 37, whose meridian is 111°; check and "
        "correct one of them"
    )


@pytest.mark.parametrize(
    ("other", "zh", "en"),
    [
        (E37 + 1e6, "前面第 37 带，此处第 38 带", "zone 37, here zone 38"),
        (E, "前面第 37 带，此处不带带号", "zone 37, here no zone"),
    ],
)
def test_one_zone_holds_for_all_rows(other: float, zh: str, en: str) -> None:
    found = both(lambda: decided([(N, E37), (N, E37), (N, other)]), CRSError)
    assert found == (
        f"界址点.txt:10：Y 坐标的带号与前面不一致（{zh}）；请换算到同一带",
        f"界址点.txt:10: the zone in Y differs from the points before ({en}); use one zone",
    )


def test_without_a_datum_nothing_is_declared() -> None:
    found = decided([(N, E37)], datum=None)
    assert (found.declared, found.warnings) == (None, ())
    assert (found.silence.zh, found.silence.en) == (
        "[属性描述] 没有写“坐标系”",
        "[属性描述] does not state 坐标系",
    )


def test_digits_and_header_are_compared_without_a_datum_as_well() -> None:
    with pytest.raises(CRSError):
        decided([(N, E37)], datum=None, zone=38)


# --- The user's word beside a header without datum ---


@pytest.mark.parametrize(
    ("changes", "line"), [({"zone": 38}, 4), ({"meridian": 114}, 5), ({"zone": 38, "meridian": 114}, 4)]
)
def test_a_meridian_other_than_the_users_is_said(changes: dict[str, Any], line: int) -> None:
    (text,) = decided([(N, E)], Options(crs="EPSG:4546"), datum=None, **changes).warnings
    assert text.zh == f"界址点.txt:{line}：表头的中央子午线为 114°，按用户说明的 111° 读取；请核对"
    assert text.en == (
        f"界址点.txt:{line}: the central meridian in the header is 114°, it was read with 111° as the user stated; "
        "check it"
    )


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        (Options(crs="EPSG:4546"), {"zone": 37}),
        (Options(crs="EPSG:4546"), {"zone": 19}),
        (Options(crs="EPSG:4546"), {}),
        (Options(crs="EPSG:4490"), {"zone": 38}),
        (Options(), {"zone": 38}),
        (Options(crs="EPSG:4546", datum_shift=Path("a.yaml")), {"zone": 38}),
    ],
)
def test_nothing_is_said_where_the_meridians_agree_or_are_unknown(options: Options, changes: dict[str, Any]) -> None:
    assert decided([(N, E)], options, datum=None, **changes).warnings == ()


# --- No zone anywhere: the territories decide ---


def placed(meridian: float, lon: float, lat: float = 35.5) -> tuple[float, float]:
    """Return north and east without zone of a place, on a zone with this meridian."""
    east, north = cs.zone_plane((lon, lat), meridian, 5e5)
    return north, east


def test_the_one_zone_that_fits_the_territories_is_taken_and_said() -> None:
    found = decided([placed(111, 112.4), placed(111, 112.5)], Options(expected=(112.3, 35.0, 112.6, 36.0)))
    assert found.declared == Declared("EPSG:4546")
    (text,) = found.warnings
    assert text.zh == (
        "界址点.txt：Y 坐标不带带号，[属性描述] 也没有写“带号”；只有按第 37 带（中央经线 111°）读取才落在"
        "工作空间区域内，已按此读取；请核对"
    )
    assert text.en == (
        "界址点.txt: neither Y nor [属性描述] states the zone (带号); zone 37 (meridian 111°E) is the only one that "
        "fits the workspace's territories and was taken; check it"
    )


def test_the_stated_width_decides_which_zones_are_tried() -> None:
    rows, options = [placed(111, 112.4)], Options(expected=(112.3, 35.0, 112.6, 36.0))
    assert code_of(rows, options, width=6) == "EPSG:4508"
    assert code_of([placed(114, 112.4)], options, width=6) is None
    assert code_of([placed(114, 112.4)], options, width=3) == "EPSG:4547"


def test_two_zones_that_fit_are_refused() -> None:
    rows, options = [placed(111, 112.5)], Options(expected=(112.0, 35.0, 116.0, 36.0))
    zh, en = both(lambda: decided(rows, options), CRSError)
    assert "按第 37 带 EPSG:4546（CGCS2000 3° 带，中央经线 111°，Y 不带带号）和第 38 带 EPSG:4547" in zh
    assert zh.endswith("都落在工作空间区域内，无法判定；请写明“带号”，或用 --crs 说明坐标系")
    assert "both zone 37 EPSG:4546 (CGCS2000 3° zone, meridian 111°E) and zone 38 EPSG:4547" in en
    assert en.endswith("fit the workspace's territories; state 带号, or the system with --crs")


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(expected=(80.0, 35.0, 81.0, 36.0)),
        Options(expected=(112.0, 35.0, 116.0, 36.0), crs="EPSG:4547"),
    ],
)
def test_without_a_fitting_zone_or_with_the_users_word_nothing_is_declared(options: Options) -> None:
    found = decided([placed(111, 112.5)], options)
    assert (found.declared, found.warnings) == (None, ())
    assert found.silence.zh == "Y 坐标不带带号，[属性描述] 也没有写“带号”"
    assert found.silence.en == "neither Y nor [属性描述] states the zone (带号)"


# --- Old datums, WGS84 ---


@pytest.mark.parametrize(("datum", "code"), [(XIAN_1980, "EPSG:2361"), (BEIJING_1954, "EPSG:2413")])
def test_an_old_datum_needs_parameters(datum: Family, code: str) -> None:
    zh, en = both(lambda: decided([(N, E37)], datum=datum), CRSError)
    assert zh.startswith(f"界址点.txt:2：坐标属于 {datum.title.zh}，与 2000 国家大地坐标系之间没有公开的转换参数")
    assert en.startswith(f"界址点.txt:2: the coordinates are in {datum.title.en}; no public parameters lead from it")
    assert code_of([(N, E37)], Options(datum_shift=Path("a.yaml")), datum=datum) == code


def test_wgs84_is_taken_as_cgcs2000_and_said() -> None:
    found = decided([(N, E37)], wgs84=True)
    assert found.declared == Declared("EPSG:4525")
    (text,) = found.warnings
    assert text.zh == "WGS84 坐标按 2000 国家大地坐标系处理（相差厘米至分米级）"
    assert text.en == "WGS84 coordinates are taken as CGCS2000 (they agree within decimetres)"


def test_metres_that_are_said_to_be_degrees_are_metres() -> None:
    found = decided([(N, E37)], degrees=True)
    assert found.declared == Declared("EPSG:4525")
    (text,) = found.warnings
    assert text.zh == "界址点.txt：计量单位写的是度，坐标却是米（按数值大小判定），已按米读取"
    assert text.en.endswith(
        "the unit is said to be degrees but the coordinates are metres (decided by magnitude); read as metres"
    )


# --- Degrees ---

DEGREES = [(35.478, 112.378), (35.488, 112.388)]
"""Their decimals cannot be minutes and seconds."""


@pytest.mark.parametrize(
    ("changes", "code"),
    [({}, "EPSG:4490"), ({"wgs84": True}, "EPSG:4326"), ({"zone": 37, "meridian": 111}, "EPSG:4490")],
)
def test_degrees_within_the_territories_are_taken_and_said(changes: dict[str, Any], code: str) -> None:
    found = decided(DEGREES, **changes)
    assert found.declared == Declared(code)
    (text,) = found.warnings
    assert text.zh == (
        "界址点.txt：数值为落在工作空间区域内的度数，坐标按 CGCS2000 的纬度、经度读取（坐标 TXT 规定用米）"
    )
    assert text.en == (
        "界址点.txt: the numbers are degrees within the workspace's territories; the coordinates are read as latitude "
        "and longitude on CGCS2000 (a coordinate TXT is in metres)"
    )


def test_degrees_that_the_header_states_are_taken_anywhere() -> None:
    found = decided([(30.79, 100.77)], degrees=True)
    assert found.declared == Declared("EPSG:4490")
    assert found.warnings[0].zh.startswith("界址点.txt：表头计量单位为度，坐标按 CGCS2000 的纬度、经度读取")
    assert found.warnings[0].en.startswith("界址点.txt: the header states degrees as the unit; the coordinates")


def test_degrees_elsewhere_that_nothing_explains_are_refused() -> None:
    zh, _ = both(lambda: decided([(30.79, 100.77)]), SiteError)
    assert zh.startswith("界址点.txt:8：坐标 (30.79, 100.77) 是度数；坐标 TXT 规定用米")
    assert "是度数" in both(lambda: decided(DEGREES, Options()), SiteError)[0]


def test_the_users_word_explains_degrees() -> None:
    assert code_of([(30.79, 100.77)], Options(expected=EXPECTED, crs="EPSG:4490")) == "EPSG:4490"


def test_degrees_without_a_datum_declare_nothing() -> None:
    found = decided(DEGREES, datum=None)
    assert (found.declared, found.warnings) == (None, ())
    assert found.silence.zh == "[属性描述] 没有写“坐标系”"


def test_degrees_of_an_old_datum_with_parameters() -> None:
    options = Options(expected=EXPECTED, datum_shift=Path("a.yaml"))
    found = decided(DEGREES, options, datum=XIAN_1980)
    assert found.declared == Declared("EPSG:4610")
    assert "坐标按 1980 西安坐标系 的纬度、经度读取" in found.warnings[0].zh


def test_decimals_that_may_be_minutes_and_seconds_are_said() -> None:
    """112.1830 is 112.30833 read so, 11.4 km to the east; 35.2430 is 35.40833, 18.3 km to the north."""
    found = decided([(35.2430, 112.1830)])
    zh, en = found.warnings[1].zh, found.warnings[1].en
    assert zh == (
        "界址点.txt：小数部分也可能是分秒（112.1830 即 112°18′30″），那样位置相差达 21.6 km；请核对，"
        "确为十进制的度时把计量单位写成 十进制度"
    )
    assert en == (
        "界址点.txt: the decimals may as well be minutes and seconds (112.1830 for 112°18′30″), which would move it by "
        "up to 21.6 km; check it, and state 计量单位=十进制度 if they are decimal degrees"
    )


@pytest.mark.parametrize(
    ("rows", "changes", "expected"),
    [
        ([(35.2430, 112.1830)], {"decimal": True, "degrees": True}, EXPECTED),
        ([(35.2460, 112.1830)], {}, EXPECTED),
        ([(35.0, 112.0)], {}, EXPECTED),
        ([(35.2430, 112.1830)], {}, (112.1, 35.2, 112.2, 35.3)),
    ],
)
def test_decimals_that_cannot_be_minutes_and_seconds_say_nothing(
    rows: Rows, changes: dict[str, Any], expected: tuple[float, float, float, float]
) -> None:
    assert len(decided(rows, Options(expected=expected), **changes).warnings) == 1


def test_without_territories_minutes_and_seconds_are_possible_anywhere() -> None:
    assert len(decided([(35.2430, 112.1830)], Options(), degrees=True).warnings) == 2
