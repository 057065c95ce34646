"""Areas and lengths in texts and cells of a table, and words that speak of a line or a centre."""

import pytest

from zoning.sites.tables.headings import heading
from zoning.sites.tables.sizes import area_of, length_of
from zoning.sites.tables.statements import (
    line_word,
    names_centre,
    square_metres,
    stated_area,
)

# --- Areas and sizes ---


@pytest.mark.parametrize(
    ("text", "square_metres"),
    [
        ("面积2公顷", 20_000),
        ("面积 2 ha", 20_000),
        ("面积2hm2", 20_000),
        ("面积：2 HM²", 20_000),
        ("面积300平方米", 300),
        ("面积300m2", 300),
        ("面积300㎡", 300),
        ("面积30亩", 20_000),
        ("面积0.5平方公里", 500_000),
        ("面积0.5km2", 500_000),
        ("面积12,345.5m2", 12_345.5),
        ("面积1,234,567m2", 1_234_567),
        ("面积（公顷）：2.35", 23_500),
        ("面积(亩)=30", 20_000),
        ("面积 公顷 2.35", 23_500),
        ("面积为约合计共2公顷", 20_000),
        ("面积2公顷（30亩），面积20000m2", 20_000),
    ],
)
def test_an_area_in_a_text(text: str, square_metres: float) -> None:
    assert stated_area(text) == pytest.approx(square_metres)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "面积",
        "面积2",
        "2公顷",
        "面积2平方",
        "面积2公顷，面积3公顷",
        "面积按照最新测量结果计算为2公顷",
        "面积；2公顷",
        "面积\n2公顷",
    ],
)
def test_texts_without_one_area(text: str) -> None:
    assert stated_area(text) is None


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("公顷", 1e4),
        ("ha", 1e4),
        ("hm2", 1e4),
        ("平方米", 1.0),
        ("m2", 1.0),
        ("亩", 1e4 / 15),
        ("平方公里", 1e6),
        ("km2", 1e6),
        ("尺", None),
        ("", None),
        ("HA", None),
    ],
)
def test_square_metres_of_a_unit(unit: str, expected: float | None) -> None:
    assert square_metres(unit) == expected


@pytest.mark.parametrize(
    ("text", "head", "area"),
    [
        ("2.35公顷", "面积", 23_500),
        ("2.35 公顷", "面积（亩）", 23_500),
        ("2.35", "面积（公顷）", 23_500),
        ("2.35", "面积（平方公里）", 2_350_000),
        ("2.35", "面积", None),
        ("2.35", None, None),
        ("1,234.5m²", None, 1_234.5),
        ("1,2345", "面积（平方米）", None),
        ("0", "面积（公顷）", None),
        ("0.001", "面积（公顷）", 10),
        ("-1", "面积（公顷）", None),
        ("约2", "面积（公顷）", None),
        ("2尺", "面积（公顷）", None),
        ("", "面积（公顷）", None),
        ("２．５公顷", None, 25_000),
    ],
)
def test_the_area_of_a_cell(text: str, head: str | None, area: float | None) -> None:
    found = area_of(text, None if head is None else heading(head))
    assert found == (None if area is None else pytest.approx(area))


@pytest.mark.parametrize(
    ("text", "head", "metres"),
    [
        ("50", None, 50),
        ("50", "半径", 50),
        ("50", "半径（m）", 50),
        ("0.05", "半径（km）", 50),
        ("0.05", "半径（公里）", 50),
        ("50m", "半径（km）", 50),
        ("50 米", None, 50),
        ("0.05公里", None, 50),
        ("0.05千米", None, 50),
        ("0.05KM", None, 50),
        ("1,050", None, 1_050),
        ("50英尺", None, None),
        ("0", None, None),
        ("-5", None, None),
        ("约50", None, None),
        ("50-60", None, None),
        ("", None, None),
    ],
)
def test_the_length_of_a_cell(text: str, head: str | None, metres: float | None) -> None:
    found = length_of(text, None if head is None else heading(head))
    assert found == (None if metres is None else pytest.approx(metres))


# --- Lines and centres ---


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("输气管线坐标", "管线"),
        ("供水管道", "管道"),
        ("折线拐点", "折线"),
        ("道路中心线", "道路"),
        ("中线桩", "中线"),
        ("10kV 线路", "线路"),
        ("走向图", "走向"),
        ("路由坐标", "路由"),
        ("桩号 K0+000", "桩号"),
        ("Polyline", "polyline"),
        ("LineString", "linestring"),
        ("输电线", "输电线"),
        ("电缆", "电缆"),
        ("光缆", "光缆"),
        ("公路", "公路"),
        ("铁路", "铁路"),
        ("渠道", "渠道"),
        ("line 1", "line"),
        ("", ""),
        ("坐标表", ""),
        ("outline", ""),
        ("lines", ""),
        ("中央子午线", ""),
        ("管线用地", ""),
        ("公路红线", ""),
        ("道路范围", ""),
        ("铁路界址点", ""),
        ("管道地块", ""),
        ("管线宗地", ""),
        ("线路占地", ""),
        ("铁路矿区", ""),
        ("公路四至", ""),
        ("折线面状", ""),
        ("公路边界", ""),
        ("渠道场地", ""),
        ("line polygon", ""),
        ("line of parcel", ""),
    ],
)
def test_what_speaks_of_a_line(text: str, word: str) -> None:
    assert line_word(text) == word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("中心点", True),
        ("中心 坐标", True),
        ("中心位置", True),
        ("几何中心", True),
        ("质心", True),
        ("Center", True),
        ("centre of the mine", True),
        ("Centroid", True),
        ("中心", False),
        ("中心线", False),
        ("J1", False),
        ("", False),
    ],
)
def test_what_announces_a_centre(text: str, *, expected: bool) -> None:
    assert names_centre(text) is expected
