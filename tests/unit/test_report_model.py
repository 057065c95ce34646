"""What a report says, before any format: sections, words, figures, coordinates."""

from pathlib import Path

import pytest
import shapely

import gauss_krueger
import report_world
from report_world import CLEAR, IN_LEVEL_1, OVER_THE_BORDER
from zoning.quantities import hectares, mu
from zoning.report.composing import report_of
from zoning.report.coordinates import points_of
from zoning.report.digest import short_hash, verdict_digest
from zoning.report.document import Number, Paragraph, Table, Word, cell_text
from zoning.report.verify import figures_of
from zoning.rules.verdict import Verdict
from zoning.texts import Language


def rows_of(table: Table) -> dict[str, tuple[str, ...]]:
    return {cell_text(row[0]).split("\n")[0]: tuple(cell_text(cell) for cell in row[1:]) for row in table.rows}


def test_the_sections_are_those_that_reviewers_expect(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    assert [section.heading for section in found.sections] == [
        "1 项目概况",
        "2 评价依据",
        "3 空间叠加结果",
        "4 红线、底线、上线、清单四项符合性",
        "5 管控要求逐条对照",
        "6 法定保护区",
        "7 规则判定与理由",
        "8 数据缺失与待补充信息",
        "9 规则文本给出的条件",
        "10 初步研判结论",
        "附件一 附图",
        "附件二 判定过程与核对",
    ]


def test_the_first_page_carries_the_answer(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    front = found.front
    assert (front.decision, front.word, front.colour) == ("prohibited", "判定不通过", "#8C1020")
    assert front.sentence.startswith("与一级区（下芹）重叠 ")
    assert front.sentence.endswith("，100.00 %：一级区禁止建设（R042）。")
    assert front.rules == ("R042 一级区禁止建设（甲政发〔2023〕1号 第一章）",)
    assert front.missing == ("没有会改变结论的缺项。",)
    assert front.notice == "初步研判。"
    names = [cell_text(row[0]) for row in front.figures.rows]
    assert names == ["项目面积", "水源 · 一级区", "水源 · 二级区"]


def test_an_open_question_stands_on_the_first_page_and_in_section_8(tmp_path: Path) -> None:
    found = report_world.report(tmp_path, facts={})
    assert found.front.word == "待补充信息"
    assert found.front.missing == ("新建吗？",)
    questions = next(table for table in found.section("missing").tables if table.id == "questions")
    assert [tuple(cell_text(cell) for cell in row) for row in questions.rows] == [("1", "新建吗？", "R042、R048")]


def test_not_affected_is_said_only_of_layers_that_cover_the_site(tmp_path: Path) -> None:
    found = report_world.report(tmp_path, box=OVER_THE_BORDER)
    (overlay,) = found.section("overlay").tables
    told = rows_of(overlay)
    # Both layers end at the county border; the site does not.
    assert told["水源"][0] == told["基本农田"][0] == "数据缺失，未核查"
    assert "不涉及" not in [cell for row in told.values() for cell in row]
    lead = next(block for block in found.section("overlay").blocks if isinstance(block, Paragraph))
    assert "不涉及 0 个，数据缺失、未核查 2 个" in lead.text


def test_not_affected_with_the_distance_that_was_measured(tmp_path: Path) -> None:
    found = report_world.report(tmp_path, box=CLEAR)
    told = rows_of(found.section("overlay").tables[0])
    verdict = Verdict.from_json(found.verdict_json)
    nearest = {entry.layer: entry.nearest_m for entry in verdict.layers}
    assert nearest["water"] is not None
    assert told["水源"] == ("不涉及", "—", "—", "—", "—", f"{nearest['water']:,.2f}", "—", "—")
    assert told["基本农田"][:1] + told["基本农田"][5:6] == ("不涉及", "> 5,000")


def test_what_no_layer_answers_is_missing_and_never_invented(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    parts = {cell_text(row[0]): cell_text(row[2]) for table in found.section("parts").tables for row in table.rows}
    assert parts["水环境"] == parts["大气环境"] == parts["生态保护红线"] == "数据缺失，未核查"
    protected = rows_of(found.section("protected").tables[0])
    assert protected["自然保护区"][0] == "数据缺失，未核查"
    assert protected["重要湿地"][0] == "数据缺失，未核查"


def test_no_report_ever_grants_anything(tmp_path: Path) -> None:
    for box in (CLEAR, IN_LEVEL_1):
        found = report_world.report(tmp_path / str(box[0]), box=box)
        assert not [text for text in report_world.texts(found) if "合法" in text or "同意建设" in text]
        conclusion = [block.text for block in found.section("conclusion").blocks if isinstance(block, Paragraph)]
        assert conclusion[0] == f"初步研判：{found.front.word}。"
        assert conclusion[-1] == "初步研判。"
        assert found.words["preliminary"] == "初步研判结果，不作为审批依据"


def test_every_area_of_the_verdict_stands_in_a_table(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    verdict = Verdict.from_json(found.verdict_json)
    shown = {(table, number.text) for table, _, number in report_world.numbers(found)}
    for _, areas in figures_of(verdict):
        for number in areas:
            assert ("overlay", number.text) in shown or ("areas", number.text) in shown
    water = next(entry for entry in verdict.layers if entry.layer == "water")
    level_1 = next(one for one in water.classes if one.class_ == "level-1")
    row = next(row for row in found.section("overlay").tables[0].rows if cell_text(row[0]).startswith("水源 · 一级区"))
    assert row[2] == Number(level_1.overlap_m2, 2)
    assert row[3] == Number(hectares(level_1.overlap_m2), 4)
    assert row[4] == Number(mu(level_1.overlap_m2), 2)
    assert row[1] == Word("涉及", "affected")


def test_the_rule_that_prohibits_is_not_met_and_the_one_that_restricts_is_to_be_verified(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    rules = next(table for table in found.section("clauses").tables if table.id == "rules")
    told = {cell_text(row[1]).split("\n")[0]: (cell_text(row[0]), cell_text(row[4])) for row in rules.rows}
    assert told == {"R042": ("县级", "不符合"), "R048": ("县级", "须满足条件，需进一步核实")}


def test_boundary_points_agree_with_an_independent_projection(tmp_path: Path) -> None:
    examination, _ = report_world.examine(tmp_path)
    points = points_of(examination.footprint)
    assert points.crs == "EPSG:4525"
    assert len(points.points) == 4
    for point in points.points:
        east, north = gauss_krueger.plane(point.lon, point.lat, 111.0)
        assert point.north == pytest.approx(north, abs=1e-4)
        assert point.east == pytest.approx(37_500_000 + east, abs=1e-4)


def test_the_points_of_a_file_come_back_as_they_were_written(workspace_root: Path) -> None:
    from zoning.overlay.footprint import Footprint
    from zoning.overlay.plane import MeasuringPlane
    from zoning.sites import read_sites

    file = workspace_root / "examples" / "processing-plant.txt"
    (site,) = read_sites(file, expected=None)
    points = points_of(Footprint.of(site, MeasuringPlane(35.5))).points
    written = [line.split(",")[2:4] for line in file.read_text("gb18030").splitlines() if line.startswith("J")][:-1]
    found = {(f"{point.north:.3f}", f"{point.east:.3f}") for point in points}
    assert found == {(north, east) for north, east in written}


def test_many_points_go_to_an_annex_and_holes_bear_ring_numbers(tmp_path: Path) -> None:
    ring = shapely.Point(112.405, 35.505).buffer(0.002, quad_segs=8)
    hole = shapely.Point(112.405, 35.505).buffer(0.0005, quad_segs=2)
    found = report_world.report(tmp_path, geometry=ring.difference(hole))
    assert found.section("annex_points").heading == "附件二 界址点坐标表"
    assert found.section("annex_trace").heading == "附件三 判定过程与核对"
    (table,) = found.section("annex_points").tables
    assert len(table.rows) == 32 + 8
    assert {cell_text(row[0]) for row in table.rows} == {"1-1", "1-2"}
    told = [block.text for block in found.section("project").blocks if isinstance(block, Paragraph)]
    assert "共 40 个界址点，坐标见附件二；范围如下。" in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_code_is_the_hash_of_the_verdict(tmp_path: Path, language: Language) -> None:
    found = report_world.report(tmp_path, language)
    assert found.digest == verdict_digest(found.verdict_json)
    assert found.short == short_hash(found.digest) == "-".join(found.digest[i : i + 4] for i in (0, 4, 8, 12))


def test_the_english_edition_says_the_same(tmp_path: Path) -> None:
    examination, workspace = report_world.examine(tmp_path)
    zh, en = (report_world.reporter(workspace, language).report(examination) for language in ("zh", "en"))
    assert [section.id for section in zh.sections] == [section.id for section in en.sections]
    assert [(t, n) for t, _, n in report_world.numbers(zh)] == [(t, n) for t, _, n in report_world.numbers(en)]
    assert en.front.word == "Prohibited"
    assert en.section("conclusion").heading == "10 Preliminary conclusion"
    assert "Preliminary check, no basis for approval" in en.words.values()


def test_the_same_examination_gives_the_same_report(tmp_path: Path) -> None:
    examination, workspace = report_world.examine(tmp_path)
    maker = report_world.reporter(workspace)
    parts = maker.parts
    assert maker.report(examination) == report_of(examination, parts, language="zh", made=maker.made)


def test_a_possible_overlap_names_the_accuracy_and_what_would_change_it(tmp_path: Path) -> None:
    # 0.0001 degrees west of the border of level 2: about 9 m.
    box = (112.3880, 35.5000, 112.3899, 35.5010)
    found = report_world.report(tmp_path, box=box, accuracy_m=20.0)
    row = rows_of(found.section("overlay").tables[0])["水源 · 二级区"]
    assert row[0] == "精度内可能涉及"
    assert row[6] == "±20 m 内可能"
    verdict = Verdict.from_json(found.verdict_json)
    entry = next(one for one in verdict.layers if one.layer == "water")
    assert row[7] == f"{entry.classes[0].flips_at_m:,.1f}"
