"""The first page of a report and its first section: the answer, its figures, and what is known of the site."""

from dataclasses import replace
from typing import Any

import pytest

from report_sections_world import finding, layer, level, paragraphs, source_of_site, table, told, unit
from zoning.maps.made import Made
from zoning.report.coordinates import Point, Points, points_of
from zoning.report.document import Number, Table, cell_text
from zoning.report.front import front_of
from zoning.report.project import pairs, place_text, project_section
from zoning.report.source import Source
from zoning.rules.derivation.derive import Derivation
from zoning.rules.verdict import MissingFact, QualityEntry, RepairEntry, ZoneEntry
from zoning.texts import Text


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Return a site in level 1 of the tiny workspace."""
    return source_of_site(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def points(base: Source) -> Points:
    return points_of(base.examination.footprint)


def site(base: Source, **changes: Any) -> Source:
    """Return a source whose footprint is told of otherwise."""
    return told(base, site=base.verdict.site.model_copy(update=changes))


def trace(base: Source, **changes: Any) -> Source:
    return told(base, trace=base.verdict.trace.model_copy(update=changes))


def cells(found: Table) -> list[tuple[str, ...]]:
    return [tuple(cell_text(cell) for cell in row) for row in found.rows]


def asked(count: int) -> tuple[MissingFact, ...]:
    return tuple(MissingFact(fact=f"f{n}", question=Text(f"问{n}？", f"q{n}?"), why=()) for n in range(count))


# --- the answer -----------------------------------------------------------------------------------------------------


def test_the_word_of_the_decision_stands_with_its_sign(base: Source) -> None:
    front = front_of(base)
    style = base.parts.outcomes.decisions["prohibited"]
    assert (front.decision, front.word) == ("prohibited", style.word.zh)
    assert (front.colour, front.badge, front.sign) == (style.colour, style.badge, style.sign)
    assert front.sentence == base.verdict.summary.zh
    assert front.notice == "初步研判。"


def test_a_blocked_procedure_is_said_beside_the_word(base: Source) -> None:
    blocked = told(base, blocked=True)
    assert front_of(blocked).word.endswith("（程序受阻）")
    assert front_of(replace(blocked, language="en")).word.endswith(" (blocked)")


def test_who_where_and_when(base: Source) -> None:
    source = replace(base, applicant="某公司", made=Made("2026-06-02", "1", "某局"))
    assert cells(front_of(source).facts) == [
        ("项目", "某某民宿"),
        ("建设单位", "某公司"),
        ("所在地", place_text(source)),
        ("研判日期", "2026-06-01"),
        ("编制", "某局  2026-06-02"),
    ]


def test_what_nobody_told_is_left_out(base: Source) -> None:
    nobody = replace(site(base, name="", id="DK9"), applicant="", made=Made("2026-06-02", "1", ""))
    rows = {row[0]: row[1] for row in cells(front_of(nobody).facts)}
    assert (rows["项目"], rows["编制"]) == ("DK9", "2026-06-02")
    assert "建设单位" not in rows


# --- key figures ----------------------------------------------------------------------------------------------------


def test_the_area_of_the_site_stands_first_in_three_units(base: Source) -> None:
    source = told(site(base, area_m2=15_890.9934, area_ha=1.58909934, area_mu=23.8364901), findings=())
    assert cells(front_of(source).figures) == [("项目面积", "15,890.99", "1.5891", "23.84", "100.00")]


def test_classes_that_moving_findings_rest_on_follow(base: Source) -> None:
    water = layer(base, status="affected", classes=(level(), level(class_="level-2", title=Text("二级区", "level 2"))))
    found = (finding(base), finding(base, rule="R048", class_="level-2", decision=None))
    rows = cells(front_of(told(base, layers=(water,), findings=found)).figures)
    assert rows[1:] == [("水源 · 一级区", "2,000.00", "0.2000", "3.00", "25.00")]


def test_the_gravest_comes_first_and_no_class_twice(base: Source) -> None:
    two = level(class_="level-2", title=Text("二级区", "level 2"))
    water = layer(base, status="affected", classes=(level(), two))
    found = (
        finding(base, rule="R048", class_="level-2", effect="restrict", decision="restricted"),
        finding(base, rule="R049", class_="level-2", effect="restrict", decision="restricted"),
        finding(base),
    )
    rows = cells(front_of(told(base, layers=(water,), findings=found)).figures)
    assert [row[0] for row in rows[1:]] == ["水源 · 一级区", "水源 · 二级区"]


def test_no_more_than_five_classes_fit_on_the_page(base: Source) -> None:
    classes = tuple(level(class_=f"c{n}", title=Text(f"类{n}", f"c{n}")) for n in range(6))
    found = tuple(finding(base, rule=f"R{n}", class_=f"c{n}") for n in range(6))
    source = told(base, layers=(layer(base, status="affected", classes=classes),), findings=found)
    assert len(front_of(source).figures.rows) == 1 + 5


@pytest.mark.parametrize("changes", [{"layer": None}, {"layer": "forest"}, {"class_": "level-2"}, {"class_": None}])
def test_a_finding_that_rests_on_no_class_adds_no_figure(base: Source, changes: dict[str, Any]) -> None:
    water = layer(base, status="affected", classes=(level(),))
    source = told(base, layers=(water,), findings=(finding(base, **changes),))
    assert len(front_of(source).figures.rows) == 1


def test_a_class_of_lines_has_no_area_to_show(base: Source) -> None:
    catalogue = base.parts.catalogue
    line = catalogue["water"].model_copy(update={"geometry": "line"})
    lines = replace(catalogue, layers={**catalogue.layers, "water": line})
    source = replace(base, parts=replace(base.parts, catalogue=lines))
    assert len(front_of(source).figures.rows) == 1


def test_a_share_that_is_hardly_there_is_not_nothing(base: Source) -> None:
    water = layer(base, status="affected", classes=(level(share=0.00001),))
    rows = cells(front_of(told(base, layers=(water,), findings=(finding(base),))).figures)
    assert rows[1][4] == "< 0.01"


# --- rules and what is missing --------------------------------------------------------------------------------------


def test_the_rules_of_the_decision_are_named_with_their_source(base: Source) -> None:
    found = (finding(base), finding(base, rule="R048", effect="restrict", decision="restricted"))
    assert front_of(told(base, findings=found)).rules == ("R042 一级区禁止建设（甲政发〔2023〕1号 第一章）",)


@pytest.mark.parametrize(
    ("count", "shown"), [(0, []), (3, ["R0", "R1", "R2"]), (4, ["R0", "R1", "R2", "另有 1 条，见第 7 节"])]
)
def test_three_rules_fit_and_the_others_are_counted(base: Source, count: int, shown: list[str]) -> None:
    found = tuple(finding(base, rule=f"R{n}") for n in range(count))
    rules = front_of(told(base, findings=found)).rules
    assert [rule.split(" ")[0] if rule.startswith("R") else rule for rule in rules] == shown


def test_of_a_blocked_verdict_only_what_blocks_is_its_reason(base: Source) -> None:
    found = (finding(base, rule="R1"), finding(base, rule="R2", blocked=True))
    assert [rule[:2] for rule in front_of(told(base, blocked=True, findings=found)).rules] == ["R2"]
    assert [rule[:2] for rule in front_of(told(base, blocked=False, findings=found)).rules] == ["R1", "R2"]


def test_nothing_missing_is_said(base: Source) -> None:
    source = told(base, missing_facts=(), missing_layers=(), layers=(layer(base),), access_lists=())
    assert front_of(source).missing == ("没有会改变结论的缺项。",)
    assert front_of(replace(source, language="en")).missing == ("Nothing is missing that could change the decision.",)


def test_layers_that_the_decision_needs_come_before_the_questions(base: Source) -> None:
    source = told(base, missing_facts=asked(2), missing_layers=("water", "forest"))
    assert front_of(source).missing == ("图层须补齐或核实：水源、forest", "问0？", "问1？")


def test_a_gap_that_does_not_decide_is_still_no_clearance(base: Source) -> None:
    source = told(
        base,
        missing_facts=asked(1),
        missing_layers=(),
        layers=(layer(base, status="no_data"),),
        access_lists=(unit(status="no_list"), unit(unit=None, status="no_list"), unit(unit="ZH2")),
    )
    assert front_of(source).missing == (
        "问0？",
        "数据缺失，未核查（本次结论不取决于它）：水源",
        "管控单元缺准入清单，未核查：ZH1",
    )


def test_a_layer_that_leaves_a_part_open_is_a_gap_as_well(base: Source) -> None:
    source = told(base, missing_facts=(), missing_layers=(), layers=(layer(base, uncovered_m2=1.0),), access_lists=())
    assert front_of(source).missing == ("数据缺失，未核查（本次结论不取决于它）：水源",)


@pytest.mark.parametrize(("count", "last"), [(4, "问3？"), (5, "另有 1 项，见第 8 节"), (9, "另有 5 项，见第 8 节")])
def test_four_gaps_fit_and_the_others_are_counted(base: Source, count: int, last: str) -> None:
    source = told(base, missing_facts=asked(count), missing_layers=(), layers=(layer(base),), access_lists=())
    missing = front_of(source).missing
    assert (len(missing), missing[-1]) == (min(count, 5), last)


# --- the project ----------------------------------------------------------------------------------------------------


def rows_of_site(source: Source, points: Points) -> dict[str, str]:
    return {row[0]: row[1] for row in table(project_section(source, points), "site")}


def test_the_site_is_told_with_centre_file_and_method(base: Source, points: Points) -> None:
    rows = rows_of_site(site(base, centre=(112.4020001, 35.5017504)), points)
    assert rows["项目（地块）名称"] == "某某民宿"
    assert rows["建设单位"] == "（未提供）"
    assert rows["中心点"] == "东经 112.402000°，北纬 35.501750°"
    assert rows["边界文件"] == "site.geojson"
    assert rows["图形修复"] == "无"
    assert rows["量算方法"] == base.verdict.site.edge_model.zh


@pytest.mark.parametrize("name", ["坐标转换", "地块精度", "线宽或点的直径", "坐标系依据"])
def test_what_is_not_so_has_no_row(base: Source, points: Points, name: str) -> None:
    assert name not in rows_of_site(base, points)


def test_a_conversion_and_its_accuracy_are_told(base: Source, points: Points) -> None:
    moved = site(base, conversion=Text("由 GCJ-02 换算", "from GCJ-02"), accuracy_m=2.5)
    rows = rows_of_site(moved, points)
    assert (rows["坐标转换"], rows["地块精度"]) == ("由 GCJ-02 换算", "2.5 m")
    assert rows_of_site(trace(base, width_m=8.0), points)["线宽或点的直径"] == "8 m"


def test_the_shape_is_counted(base: Source, points: Points) -> None:
    quality = QualityEntry(parts=2, rings=5, holes=3, vertices=40, area_before_m2=1.0, counts={}, faults=())
    assert rows_of_site(site(base, quality=quality), points)["图形组成"] == "2 个部分，5 个圈（内圈 3 个），40 个界址点"
    assert "图形组成" not in rows_of_site(site(base, quality=None), points)


def test_repairs_are_told_with_the_area_that_they_changed(base: Source, points: Points) -> None:
    repairs = (
        RepairEntry(kind="a", count=1, area_change_m2=-1_500.0, text=Text("自相交 1 处", "1 crossing")),
        RepairEntry(kind="b", count=2, area_change_m2=250.5, text=Text("重复点 2 个", "2 points")),
    )
    repaired = site(base, repairs=repairs)
    assert rows_of_site(repaired, points)["图形修复"] == "自相交 1 处；重复点 2 个（面积共改变 -1,249.50 m²）"
    english = rows_of_site(replace(repaired, language="en"), points)
    assert english["repairs"] == "1 crossing; 2 points (area changed by -1,249.50 m² in all)"


@pytest.mark.parametrize(
    ("stated", "kind", "sentence"),
    [
        (10_000.0, "note", "边界文件所写面积 10,000.00 m²，与量算面积相差 +0.00 m²（0.00 %）。"),
        (9_902.0, "note", "边界文件所写面积 9,902.00 m²，与量算面积相差 +98.00 m²（0.99 %）。"),
        (9_900.0, "warning", "边界文件所写面积 9,900.00 m²，与量算面积相差 +100.00 m²（1.01 %），超过 1 %，请核对。"),
        (10_200.0, "warning", "边界文件所写面积 10,200.00 m²，与量算面积相差 -200.00 m²（1.96 %），超过 1 %，请核对。"),
    ],
)
def test_a_stated_area_is_compared_with_the_measured_one(
    base: Source, points: Points, stated: float, kind: str, sentence: str
) -> None:
    section = project_section(site(base, area_m2=10_000.0, stated_area_m2=stated), points)
    assert sentence in paragraphs(section, kind)


@pytest.mark.parametrize("stated", [None, 0.0])
def test_without_a_stated_area_nothing_is_compared(base: Source, points: Points, stated: float | None) -> None:
    section = project_section(site(base, stated_area_m2=stated), points)
    assert not [text for kind in ("note", "warning") for text in paragraphs(section, kind) if "边界文件所写" in text]


def test_warnings_of_the_footprint_stand_in_the_section(base: Source, points: Points) -> None:
    section = project_section(site(base, warnings=(Text("一", "one"), Text("二", "two"))), points)
    assert paragraphs(section, "warning") == ["一", "二"]


def test_areas_are_those_of_the_ellipsoid_in_three_units(base: Source, points: Points) -> None:
    source = site(base, area_m2=15_890.99, area_ha=1.589099, area_mu=23.836485)
    assert table(project_section(source, points), "areas") == [("某某民宿", "15,890.99", "1.5891", "23.84")]


# --- place ----------------------------------------------------------------------------------------------------------


def test_a_place_is_territory_and_township_each_once(base: Source) -> None:
    zones = tuple(
        ZoneEntry(id=str(n), name=name, overlap_m2=1.0, length_m=0.0)
        for n, name in enumerate(["北留镇", "", "北留镇", "润城镇"])
    )
    towns = layer(base, layer="towns", status="affected", classes=(level(zones=zones),))
    content = base.parts.content.model_copy(update={"place_layers": ("towns", "villages")})
    parts = replace(base.parts, content=content, territories={"140522": Text("阳城县", "Yangcheng")})
    source = replace(told(base, layers=(towns,)), parts=parts)
    assert place_text(source) == "阳城县（140522）、北留镇、润城镇"
    assert place_text(replace(source, language="en")) == "Yangcheng (140522), 北留镇, 润城镇"


def test_pairs_are_a_table_without_a_head() -> None:
    made = pairs("x", [("a", "b")])
    assert (made.id, made.rows, made.pairs) == ("x", (("a", "b"),), True)


# --- facts ----------------------------------------------------------------------------------------------------------


def test_nothing_told_of_the_project_is_a_warning(base: Source, points: Points) -> None:
    section = project_section(trace(base, facts={}, derived=()), points)
    assert paragraphs(section, "warning") == ["没有提供项目情况。"]
    assert "facts" not in [one.id for one in section.tables]


def test_facts_are_told_with_where_they_come_from(base: Source, points: Points) -> None:
    source = trace(base, facts={"construction": ["new"], "supply": False, "lost": ["x"]}, derived=())
    source = replace(source, facts_from={"supply": Text("由问答推得", "from the interview")})
    section = project_section(source, points)
    assert table(section, "facts") == [("建设性质", "新建", "申请人说明"), ("供水", "否", "由问答推得")]
    assert "未列出的事项均为不详。" in paragraphs(section, "note")


def test_what_follows_from_others_says_from_what(base: Source, points: Points) -> None:
    told_of = (
        ("construction", ("new", "rebuilt"), Text("行业代码 D44", "industry code D44")),
        ("supply", ("yes",), Text("名录", "a list")),
        ("lost", ("x",), Text("名录", "a list")),
    )
    derived = tuple(
        Derivation.model_validate({"fact": fact, "value": value, "from": "industry", "because": (), "basis": basis})
        for fact, value, basis in told_of
    )
    section = project_section(trace(base, facts={}, derived=derived), points)
    assert table(section, "facts") == [
        ("建设性质", "新建、rebuilt", "推得：行业代码 D44"),
        ("供水", "是", "推得：名录"),
    ]


# --- coordinates ----------------------------------------------------------------------------------------------------


def plotted(count: int) -> Points:
    return Points(
        "EPSG:4525",
        tuple(
            Point(1, 1, n + 1, 3_930_000.0 + n, 37_530_000.0 - n, 112.4 + n / 1000, 35.5 - n / 1000)
            for n in range(count)
        ),
    )


def test_points_stand_in_the_section_as_long_as_they_are_few(base: Source) -> None:
    most = base.parts.content.points
    tables = [one.id for one in project_section(base, plotted(most)).tables]
    assert ("points" in tables, "extent" in tables) == (True, False)
    section = project_section(base, plotted(most + 1))
    tables = [one.id for one in section.tables]
    assert ("points" in tables, "extent" in tables) == (False, True)
    assert f"共 {most + 1} 个界址点，坐标见附件二；范围如下。" in paragraphs(section, "body")


def test_the_extent_is_least_and_most_of_each_coordinate(base: Source) -> None:
    most = base.parts.content.points
    found = next(one for one in project_section(base, plotted(most + 1)).tables if one.id == "extent")
    assert found.rows == (
        (
            "最小",
            Number(3_930_000.0, 3),
            Number(37_530_000.0 - most, 3),
            Number(112.4, 7),
            Number(35.5 - most / 1000, 7),
        ),
        (
            "最大",
            Number(3_930_000.0 + most, 3),
            Number(37_530_000.0, 3),
            Number(112.4 + most / 1000, 7),
            Number(35.5, 7),
        ),
    )


@pytest.mark.parametrize(("width_m", "title"), [(None, "界址点坐标"), (8.0, "中心线或点位坐标")])
def test_points_of_a_line_are_no_boundary(base: Source, points: Points, width_m: float | None, title: str) -> None:
    section = project_section(trace(base, width_m=width_m), points)
    assert paragraphs(section, "heading")[-1] == title
