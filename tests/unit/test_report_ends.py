"""The end of a report: open points, conclusion, boundary points, maps and trace."""

from dataclasses import replace
from typing import Any

import pytest
import shapely
from pyproj import Transformer

from report_sections_world import REASON, finding, layer, level, paragraphs, source_of_site, table, told, unit
from zoning.overlay.footprint import Footprint
from zoning.report.annexes import maps_section, points_section, trace_section
from zoning.report.coordinates import Point, Points, point_table, points_of
from zoning.report.document import NOTHING, Number, Picture, Table, cell_text
from zoning.report.open_points import advice_section, conclusion_section, missing_section
from zoning.report.overlays import (
    area_rows,
    area_table,
)
from zoning.report.source import Source
from zoning.rules.verdict import (
    MissingFact,
)
from zoning.sites.site import Site
from zoning.texts import Text


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Return a site in level 1 of the tiny workspace."""
    return source_of_site(tmp_path_factory.mktemp("report"))


# --- open points and conclusion ---------------------------------------------------------------------------------------


def test_questions_are_numbered_with_the_rules_that_wait(base: Source) -> None:
    asked = (
        MissingFact(fact="a", question=Text("新建吗？", "new?"), why=("R1", "R2")),
        MissingFact(fact="b", question=Text("供水吗？", "supply?"), why=("R3",)),
    )
    rows = table(missing_section(told(base, missing_facts=asked)), "questions")
    assert rows == [("1", "新建吗？", "R1、R2"), ("2", "供水吗？", "R3")]


def test_nothing_open_is_said(base: Source) -> None:
    assert "没有会改变本次结论的待补充事项。" in paragraphs(missing_section(told(base, missing_facts=())), "body")


@pytest.mark.parametrize(
    ("changes", "missing", "row"),
    [
        ({"status": "no_data", "reason": REASON}, ("water",), ("数据缺失，未核查", "图层文件缺失", "是")),
        ({"status": "no_data"}, (), ("数据缺失，未核查", NOTHING, "本次结论不取决于它")),
        ({"uncovered_m2": 4.0}, ("water",), ("数据缺失，未核查", NOTHING, "是")),
        ({"status": "possible", "reason": REASON}, (), ("界线须实测核实", "图层文件缺失", "本次结论不取决于它")),
    ],
)
def test_a_layer_without_data_says_whether_the_decision_rests_on_it(
    base: Source, changes: dict[str, Any], missing: tuple[str, ...], row: tuple[str, ...]
) -> None:
    section = missing_section(told(base, layers=(layer(base, **changes),), missing_layers=missing))
    assert table(section, "gaps")[0] == ("水源", *row)


def test_a_unit_without_a_list_is_a_gap(base: Source) -> None:
    one = (unit(reason=REASON), unit(unit=None, reason=REASON))
    rows = table(missing_section(told(base, layers=(), access_lists=one)), "gaps")
    assert [row[:2] for row in rows[:2]] == [
        ("准入清单 ZH1", "缺清单，未核查"),
        ("准入清单 无单元", "缺清单，未核查"),
    ]


def test_only_with_all_layers_and_no_open_element_is_everything_covered(base: Source) -> None:
    content = base.parts.content.model_copy(update={"parts": ()})
    source = replace(told(base, layers=(layer(base),), access_lists=()), parts=replace(base.parts, content=content))
    assert "各图层均已加载并覆盖项目范围。" in paragraphs(missing_section(source), "body")


def test_the_conclusion_is_the_word_and_the_summary(base: Source) -> None:
    section = conclusion_section(base, "判定不通过")
    assert paragraphs(section, "answer") == ["初步研判：判定不通过。"]
    assert base.verdict.summary.zh in paragraphs(section, "body")
    assert paragraphs(section, "warning") == ["初步研判。"]


def test_land_outside_of_every_territory_and_without_rules_is_said(base: Source) -> None:
    site = base.verdict.site.model_copy(
        update={"outside_territories_m2": 5_000.0, "territories_without_rules": ("140825",)}
    )
    said = paragraphs(conclusion_section(told(base, site=site), "待补充信息"), "warning")
    assert said[0] == "项目有 0.5000 公顷（7.50 亩）在所有辖区之外，未核查。"
    assert "140825" in said[1]
    assert said[1].endswith("当日的规则：不能判定通过。")


def test_conditions_of_rules_are_the_only_advice(base: Source) -> None:
    one = finding(base, conditions=(Text("依法报批", "approved"),))
    section = advice_section(told(base, findings=(one,)))
    assert table(section, "advice") == [("依法报批", "R042", "甲政发〔2023〕1号 第一章")]
    assert section.heading == "9 规则文本给出的条件"


# --- annexes ----------------------------------------------------------------------------------------------------------


def points(count: int, *, rings: int = 1) -> Points:
    listed = [
        Point(1, ring + 1, number + 1, 3_920_000.1234, 37_620_000.9876, 112.123_456_78, 35.4)
        for ring in range(rings)
        for number in range(count)
    ]
    return Points("EPSG:4525", tuple(listed))


@pytest.mark.parametrize(("count", "annex"), [(15, False), (16, False), (17, True)])
def test_more_points_than_the_first_section_holds_go_to_an_annex(base: Source, count: int, *, annex: bool) -> None:
    section = points_section(base, points(count))
    assert (section is not None) is annex
    if section is not None:
        assert len(section.tables[0].rows) == count
        assert paragraphs(section, "note") == ["CGCS2000 高斯-克吕格 3° 带第 37 带（中央经线 111°），EPSG:4525"]


@pytest.mark.parametrize(("count", "warned"), [(2_000, []), (2_001, ["共 2001 个界址点，此处列出前 2000 个"])])
def test_a_table_of_too_many_points_says_that_it_is_cut(base: Source, count: int, warned: list[str]) -> None:
    section = points_section(base, points(count))
    assert section is not None
    assert [text.split("；")[0] for text in paragraphs(section, "warning")] == warned
    assert len(section.tables[0].rows) == 2_000


def test_points_are_x_north_and_y_east_as_surveyors_write_them(base: Source) -> None:
    one = point_table(base, points(1), table_id="p")
    assert [column.title for column in one.columns] == ["点号", "X（北）", "Y（东，含带号）", "经度", "纬度"]
    assert [cell_text(cell) for cell in one.rows[0]] == [
        "J1",
        "3,920,000.123",
        "37,620,000.988",
        "112.1234568",
        "35.4000000",
    ]


def test_of_several_rings_each_point_says_which(base: Source) -> None:
    two = point_table(base, points(2, rings=2), table_id="p", most=3)
    assert two.columns[0].title == "部分-圈"
    assert [cell_text(row[0]) for row in two.rows] == ["1-1", "1-1", "1-2"]


def test_maps_are_listed_and_without_any_the_reader_learns_where_they_are_had(base: Source) -> None:
    assert paragraphs(maps_section(base), "note") == ["本报告未附图；离线地图可用 zoning map 生成。"]
    pictures = (Picture("a", b"", "位置图"), Picture("b", b"", "冲突图"))
    section = maps_section(replace(base, maps=pictures))
    assert paragraphs(section, "item") == ["附图 1　位置图", "附图 2　冲突图"]
    assert [block for block in section.blocks if isinstance(block, Picture)] == list(pictures)


def test_figures_are_not_rounded_before_they_are_printed(base: Source) -> None:
    entry = layer(base, status="affected", classes=(level(overlap_m2=1.23456789),))
    (row,) = area_rows(base, entry)
    assert row[2] == Number(1.23456789, 2)
    assert isinstance(area_table(base, "t", [entry]), Table)


def test_boundary_points_stand_once_ring_by_ring(base: Source) -> None:
    """A square with a hole and a second part: four points each, none of them twice."""
    ring = [(112.30, 35.40), (112.31, 35.40), (112.31, 35.41), (112.30, 35.41)]
    hole = [(112.303, 35.403), (112.303, 35.406), (112.306, 35.406), (112.306, 35.403)]
    far = shapely.box(112.33, 35.40, 112.34, 35.41)
    site = Site("1", "甲", shapely.MultiPolygon([shapely.Polygon(ring, [hole]), far]), "EPSG:4490", "a.geojson")
    found = points_of(Footprint.of(site, base.examination.plane))
    assert (found.crs, found.system.zh) == ("EPSG:4525", "EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）")
    assert [(one.part, one.ring, one.number) for one in found.points] == [
        *((1, 1, number) for number in (1, 2, 3, 4)),
        *((1, 2, number) for number in (5, 6, 7, 8)),
        *((2, 1, number) for number in (1, 2, 3, 4)),
    ]
    first = found.points[0]
    assert {(round(one.lon, 9), round(one.lat, 9)) for one in found.points[:4]} == set(ring)
    east, north = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True).transform(first.lon, first.lat)
    assert (first.east, first.north) == pytest.approx((east, north), abs=1e-6)


def test_the_trace_says_how_to_verify_and_with_which_hashes(base: Source) -> None:
    section = trace_section(base, "ab" * 32, b"png", place=1)
    rows = table(section, "digests")
    assert section.heading == "附件二 判定过程与核对"
    assert rows[0] == ("研判结论（JSON）SHA-256", "ab" * 32)
    assert [value for _, value in rows[1:4]] == [
        base.verdict.digests.site,
        base.verdict.digests.rules,
        base.verdict.digests.workspace,
    ]
    assert paragraphs(section, "item") == [step.zh for step in base.verdict.trace.steps]
