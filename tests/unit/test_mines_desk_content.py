"""Register and analyses become cards, themes, charts, and a plan; nothing that is open looks decided."""

import html
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import shapely
from pypdf import PdfReader

import desk_documents
from zoning.errors import ContentError
from zoning.maps.made import Made
from zoning.mines.dashboard.analyses import (
    mode_contribution,
    priority_contribution,
    read_analyses,
    recovery_contribution,
    works_contribution,
)
from zoning.mines.dashboard.content import Dashboard
from zoning.mines.dashboard.gathering import Frame, make_dashboard
from zoning.mines.dashboard.page import render_dashboard
from zoning.mines.dossier import Dossier
from zoning.mines.plan.content import Analyses, plan_of
from zoning.overlay.plane import MeasuringPlane
from zoning.registers.entries import Due, Event, Payment, Problem, Work
from zoning.registers.record import Record, Value
from zoning.registers.types import RegisterType, read_register_types
from zoning.report.document import Number, Table, cell_text
from zoning.report.handout import Handout, handout_docx, handout_html, handout_pdf
from zoning.texts import Text

ON = date(2026, 11, 23)
LAYERS = {"rivers": Text("河流", "rivers")}


@pytest.fixture(scope="module")
def kind(workspace_root: Path) -> RegisterType:
    return read_register_types(workspace_root)["mine-parcels"]


def dossier(number: str, state: str, township: str, *, placed: bool = True) -> Dossier:
    west = 112.4 + 0.01 * int(number)
    shape = shapely.box(west, 35.4, west + 0.001, 35.401) if placed else None
    values: dict[str, Value] = {
        "id": number,
        "XZ": township,
        "TBDL": "10",
        "tbmj": 1000.0,
        "GBND": 2017,
        "HCRY": "王五",
    }
    record = Record(number, f"采坑{number}", "140522", shape, values, state, date(2025, 1, 1))
    moved = Event(
        seq=1,
        at=datetime(2025, 1, 1, tzinfo=UTC),
        actor="李四",
        note="",
        kind="mine-parcels",
        record=number,
        version=2,
        action="move",
        fields={},
        geometry=None,
        details={"from": "found", "to": state, "on": "2025-01-01", "reason": ""},
        hash="",
    )
    return Dossier(record, moves=(moved,))


def dashboard(kind: RegisterType) -> Dashboard:
    due = Due(
        "1", "", "140522", "in-works", "deadline", "d", Text("全部修复", "all restored"), "", date(2026, 11, 20), -3
    )
    first = replace(
        dossier("1", "in-works", "凤城镇"),
        dues=(due,),
        problems=(
            Problem(1, "沟未修", "检查", date(2025, 1, 1), date(2026, 12, 31), "李四", None, "", "", ()),
            Problem(2, "土未覆", "检查", date(2025, 1, 1), None, "李四", date(2025, 5, 1), "李四", "已覆", ()),
        ),
        works=(Work(1, "一期", "采坑回填", "m³", 1234.5, date(2025, 1, 1), None, None, None, None, 1),),
        payments=(
            Payment(1, "中央补助", "planned", Decimal("9.5"), ON, ""),
            Payment(2, "中央补助", "paid", Decimal(3), ON, ""),
        ),
    )
    contributions = (
        priority_contribution(desk_documents.priority(), LAYERS),
        mode_contribution(desk_documents.mode(), LAYERS),
        recovery_contribution(desk_documents.recovery(), LAYERS),
        works_contribution(desk_documents.works(), LAYERS),
    )
    return make_dashboard(
        [first, dossier("2", "found", "北留镇"), dossier("3", "found", "", placed=False)],
        kind,
        Frame(Text("台账", "register"), ON, Text("示意", "schematic"), schematic=True),
        contributions=contributions,
        plane=MeasuringPlane(35.5),
    )


def rows(desk: Dashboard, number: str, title: str) -> dict[str, str]:
    card = next(card for card in desk.cards if card.id == number)
    section = next(section for section in card.sections if section.title.zh == title)
    return {label.zh: value if isinstance(value, str) else value.zh for label, value in section.rows}


def test_a_card_holds_the_register_in_words_and_no_persons(kind: RegisterType) -> None:
    desk = dashboard(kind)
    told = rows(desk, "1", "台账")
    assert told["图斑大类"] == "历史遗留矿山"
    assert told["图斑面积"] == "1,000 m²"
    assert told["关闭年度"] == "2017"
    assert "王五" not in render_dashboard(desk, "zh")
    assert rows(desk, "1", "进度") == {"施工中": "2025-01-01，李四"}
    assert rows(desk, "1", "问题清单") == {"1. 沟未修": "未销号，期限 2026-12-31", "2. 土未覆": "已销号 2025-05-01"}
    assert rows(desk, "1", "工程") == {"一期 采坑回填": "计划 1,234.5 m³ (2025-01-01 – …)；完成 —"}
    assert rows(desk, "1", "资金（万元）") == {"中央补助": "计划 9.5，已付 3"}
    assert desk.cards[0].due == "overdue"
    assert desk.cards[0].due_text == Text("全部修复：2026-11-20，已超 3 天", "all restored: 2026-11-20, 3 days over")


def test_areas_are_those_of_the_measuring_plane(kind: RegisterType) -> None:
    desk, plane = dashboard(kind), MeasuringPlane(35.5)
    west = 112.4 + 0.01
    box = shapely.box(west, 35.4, west + 0.001, 35.401)
    assert desk.cards[0].area_m2 == plane.area_m2(box, "EPSG:4490", step_m=10.0)
    assert desk.cards[2].area_m2 is None


def test_what_is_open_is_never_shown_as_allowed(kind: RegisterType) -> None:
    desk = dashboard(kind)
    assert rows(desk, "1", "修复方向（五宜）") == {
        "建议": "宜草",
        "得分": "25–50",
        "法规核查": "判定通过（初步）",
        "宜林": "不允许：基本农田上不得造林（R084）",
    }
    second = rows(desk, "2", "修复方向（五宜）")
    assert second["法规核查"] == "待补充信息"
    assert (second["待回答"], second["数据缺失的图层"]) == ("是否新取地下水？", "河流")
    assert second["无待补充的方向中最好的"] == "宜林"
    assert rows(desk, "3", "修复方向（五宜）")["建议"] == "无可用方向"
    themes = {theme.id: theme for theme in desk.themes}
    assert list(themes) == ["state", "priority", "mode-target", "mode-way", "recovery"]
    assert themes["mode-target"].of == {"1": "grass", "2": "grass?", "3": "none"}
    kinds = {kind.name: kind for kind in themes["mode-target"].kinds}
    assert (kinds["grass"].hollow, kinds["grass?"].hollow) == (False, True)
    assert kinds["grass?"].word.zh == "宜草（待补充信息）"
    assert list(kinds)[-2:] == ["none", "unknown"]


def test_order_recovery_and_works_stand_on_the_card(kind: RegisterType) -> None:
    desk = dashboard(kind)
    assert [card.rank for card in desk.cards] == [1, 2, None]
    assert rows(desk, "1", "优先顺序") == {
        "分期": "第一期",
        "得分": "40–60",
        "名次范围": "1–2",
        "可视面积占比": "可见 50 %",
    }
    assert rows(desk, "3", "优先顺序") == {"不列入排序": "已恢复治理"}
    assert rows(desk, "1", "恢复监测") == {
        "恢复指数（现在）": "0.35",
        "目标": "0.50",
        "每年变化": "+0.004 (p = 0.5, n = 3)",
        "警报 2025-06-01": "没有上升",
    }
    assert desk.cards[0].curves[0].values == (0.2, None, 0.3)
    assert rows(desk, "1", "工程量") == {"回填土石方": "1,234.0 m³", "造价（万元）": "12.34"}
    assert rows(desk, "2", "工程量") == {"回填土石方": "未知", "造价（万元）": "未知"}


@pytest.mark.parametrize(
    ("quantity", "told"), [(0.0, None), (0.04, "0.04 m³"), (0.05, "0.1 m³"), (1234.0, "1,234.0 m³"), (None, "未知")]
)
def test_works_of_nothing_are_not_listed(quantity: float | None, told: str | None) -> None:
    document = desk_documents.works()
    document["parcels"] = [
        {
            "id": "1",
            "cost_yuan": 0.0,
            "items": [{"item": "backfill", "applies": True, "quantity": quantity}],
        }
    ]
    (section,) = works_contribution(document, LAYERS).sections["1"]
    found = {label.zh: value.zh if isinstance(value, Text) else value for label, value in section.rows}
    assert found == {**({} if told is None else {"回填土石方": told}), "造价（万元）": "0.00"}


def test_charts_count_every_thing_once(kind: RegisterType) -> None:
    desk = dashboard(kind)
    by_town, by_area, by_year = desk.charts
    assert [label if isinstance(label, str) else label.zh for label, _ in by_town.bars] == ["凤城镇", "北留镇", "未填"]
    assert sum(sum(values) for _, values in by_town.bars) == 3
    areas = sum(card.area_m2 or 0.0 for card in desk.cards)
    assert sum(sum(values) for _, values in by_area.bars) == pytest.approx(areas / 1e4)
    assert [(label, sum(values)) for label, values in by_year.bars] == [("2025", 1.0)]


def test_missing_analyses_are_named_and_a_wrong_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "priority.json").write_text(json.dumps(desk_documents.priority()), "utf-8")
    found, missing = read_analyses(tmp_path, LAYERS)
    assert len(found) == 1
    assert [text.zh for text in missing] == [
        "未做修复方向（zoning mines mode）",
        "未做恢复监测（zoning mines recovery）",
        "未做工程量和造价（zoning mines works）",
    ]
    (tmp_path / "mode.json").write_text(json.dumps(desk_documents.priority()), "utf-8")
    with pytest.raises(ContentError, match=r"mode\.json: no JSON written by zoning mines mode: run that command again"):
        read_analyses(tmp_path, LAYERS)


def plan(kind: RegisterType, language: str = "zh") -> Handout:
    analyses = Analyses(desk_documents.priority(), desk_documents.mode(), desk_documents.works(), LAYERS)
    return plan_of(dashboard(kind), analyses, Made("2026-11-23", "0.5.0", "某局"), "zh" if language == "zh" else "en")


def test_the_plan_says_phases_modes_costs_and_what_is_open(kind: RegisterType) -> None:
    made = plan(kind)
    titles = [section.heading for section in made.sections]
    assert titles == [
        "1 位置",
        "2 顺序",
        "3 超期和即将到期",
        "4 法规不允许的方向",
        "5 待补充的信息",
        "6 不列入排序的图斑",
        "7 依据和参数",
    ]
    facts = {cell_text(row[0]): cell_text(row[1]) for row in made.facts.rows}
    assert facts["造价"] == "未知；已知部分 12.34 万元"
    assert facts["进度"] == "已发现 2；施工中 1"
    first, second = (table.rows[0] for table in made.sections[1].tables)
    assert [cell_text(cell) for cell in first[:3]] == ["1", "1\n采坑1", "凤城镇"]
    assert [cell_text(cell) for cell in first[4:]] == ["施工中", "宜草", "12.34", "可见 50 %"]
    assert isinstance(first[3], Number)
    assert [cell_text(cell) for cell in second[4:]] == ["已发现", "宜草（待补充信息）", "未知", "远"]
    forbidden, still_open, left = (made.sections[number].tables[0].rows for number in (3, 4, 5))
    assert forbidden == (("宜林: R084 基本农田上不得造林 (某规划 L1)", "2 个：1、3"),)
    assert still_open == (("图层数据缺失：河流", "1 个：2"), ("是否新取地下水？", "1 个：2"))
    assert left == (("已恢复治理", "1 个：3"),)
    basis = made.sections[-1].tables
    assert [cell_text(cell) for cell in basis[0].rows[1]] == ["资金", "未计", "团队取值"]
    assert basis[1].rows == (("dem.tif", "ab" * 32),)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_plan_is_written_in_every_format_with_the_same_words(
    kind: RegisterType, language: str, workspace_root: Path, cjk_fonts: tuple[str, ...]
) -> None:
    assert cjk_fonts
    made, templates = plan(kind, language), workspace_root / "maps" / "templates"
    page = handout_html(made, templates / "plan.html")
    assert page == handout_html(made, templates / "plan.html")
    word = handout_docx(made, templates / "report.docx")
    assert word == handout_docx(made, templates / "report.docx")
    xml = zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode()
    pdf = PdfReader(io.BytesIO(handout_pdf(made, templates / "plan.html")))
    assert float(pdf.pages[0].mediabox.width) > float(pdf.pages[0].mediabox.height)
    printed = re.sub(r"\s+", "", "".join(one.extract_text() for one in pdf.pages))
    plain = re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", page)))
    written = re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", xml)))
    for section in made.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                for cell in (cell for row in block.rows for cell in row):
                    wanted = re.sub(r"\s+", "", cell_text(cell))
                    assert wanted in plain
                    assert wanted in written
                    assert wanted in printed or "、" in wanted or len(wanted) > 20, wanted
