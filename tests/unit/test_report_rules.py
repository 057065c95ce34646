"""What a report says of rules and access lists: how they come out, what moves the decision."""

from dataclasses import replace
from typing import Any

import pytest

from report_sections_world import clause, finding, paragraphs, source_of_site, table, told, unit
from zoning.citations import EVERYWHERE
from zoning.report.clauses import cited, clauses_section, conformity
from zoning.report.document import NOTHING, Word
from zoning.report.findings import condition_rows, conditions, findings_section, moving
from zoning.report.open_points import advice_section
from zoning.report.source import Source
from zoning.rules.access.entries import FactEntry, ListEntry, SilentDimension
from zoning.rules.finding import UNVERIFIED as NEVER_ALONE
from zoning.texts import Language, Text


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Return a site in level 1 of the tiny workspace."""
    return source_of_site(tmp_path_factory.mktemp("report"))


# --- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "zh", "tone"),
    [
        ({}, "不符合", "prohibited"),
        ({"outcome": "does_not_apply", "decision": None}, "不涉及", "quiet"),
        ({"outcome": "undetermined", "decision": "undetermined"}, "需进一步核实", "undetermined"),
        ({"decision": None, "scope": "baseline"}, "需进一步核实", "undetermined"),
        ({"effect": "restrict", "decision": "restricted"}, "须满足条件，需进一步核实", "restricted"),
        ({"effect": "require", "decision": None}, "需进一步核实", "undetermined"),
        ({"effect": "encourage", "decision": None}, "鼓励事项", "quiet"),
        ({"effect": "encourage", "decision": None, "outcome": "undetermined"}, "需进一步核实", "undetermined"),
        ({"effect": "encourage", "decision": None, "outcome": "does_not_apply"}, "不涉及", "quiet"),
    ],
)
def test_only_a_prohibition_that_decides_here_is_not_complied_with(
    base: Source, changes: dict[str, Any], zh: str, tone: Any
) -> None:
    assert conformity(base, finding(base, **changes)) == Word(zh, tone)


def test_what_moves_the_decision_strictest_and_largest_first(base: Source) -> None:
    listed = (
        finding(base, rule="open", outcome="undetermined", decision="undetermined"),
        finding(base, rule="duty", effect="require", decision=None),
        finding(base, rule="limit", effect="restrict", decision="restricted", overlap_m2=9e9),
        finding(base, rule="small", overlap_m2=1.0),
        finding(base, rule="none", overlap_m2=None),
        finding(base, rule="large", overlap_m2=5.0),
        finding(base, rule="also-large", overlap_m2=5.0),
    )
    assert [one.rule for one in moving(told(base, findings=listed))] == [
        "also-large",
        "large",
        "small",
        "none",
        "limit",
        "open",
    ]


def test_a_condition_is_named_once_with_all_rules_that_state_it(base: Source) -> None:
    one, other = Text("补划", "replaced"), Text("报批", "approved")
    listed = (
        finding(base, rule="R1", conditions=(one,)),
        finding(base, rule="R2", conditions=(other, one, NEVER_ALONE)),
        finding(base, rule="R3", conditions=(Text("别处", "elsewhere"),), decision=None),
    )
    source = told(base, findings=listed)
    assert [(text.zh, [f.rule for f in found]) for text, found in conditions(source)] == [
        ("补划", ["R1", "R2"]),
        ("报批", ["R2"]),
    ]
    assert condition_rows(source)[0] == ("补划", "R1、R2", "甲政发〔2023〕1号 第一章")


def test_without_conditions_the_report_adds_no_advice(base: Source) -> None:
    section = advice_section(told(base, findings=(finding(base, conditions=()),)))
    assert section.tables == ()
    assert paragraphs(section, "body") == ["影响结论的规则没有写明可满足的条件。本报告不另提建议。"]


@pytest.mark.parametrize(
    ("changes", "language", "text"),
    [
        ({}, "zh", "甲政发〔2023〕1号 第一章"),
        ({"number": ""}, "zh", "《甲县规划》 第一章"),
        ({"number": ""}, "en", "plan of county A 第一章"),
        ({"number": "", "title": Text("中华人民共和国水法", "Water Law")}, "zh", "《水法》 第一章"),
        ({"verified": False}, "zh", "甲政发〔2023〕1号 第一章（待核实）"),
        ({"verified": False, "section": "第一章（待核实）"}, "zh", "甲政发〔2023〕1号 第一章（待核实）"),
    ],
)
def test_how_a_source_is_cited(base: Source, changes: dict[str, Any], language: Language, text: str) -> None:
    citation = finding(base).citation.model_copy(update=changes)
    assert cited(told(base, language), citation) == text


def test_a_finding_is_written_with_reasons_distance_and_conditions(base: Source) -> None:
    one = finding(
        base,
        reasons=(Text("与该区相距近", "near"), Text("新建", "new")),
        distance_m=640.0,
        conditions=(Text("报批", "approved"),),
    )
    (row,) = table(findings_section(told(base, findings=(one,))), "findings")
    assert row[0] == "R042"
    assert row[2].splitlines()[1:] == ["与该区相距近；新建", "距离：640.00 m", "→ 报批"]
    assert row[3] == "《甲县规划》 甲政发〔2023〕1号 第一章"


def test_without_a_moving_finding_that_is_said_and_all_rules_are_listed(base: Source) -> None:
    listed = (
        finding(base, rule="R1", outcome="does_not_apply", decision=None),
        finding(base, rule="R2", effect="require", decision=None),
        finding(base, rule="R3", outcome="does_not_apply", decision=None),
    )
    section = findings_section(told(base, findings=listed))
    assert paragraphs(section, "body") == ["没有影响结论的规则命中。"]
    assert table(section, "others") == [("《甲县规划》", "R2", "R1、R3")]


# --- access lists -----------------------------------------------------------------------------------------------------


def test_a_workspace_without_units_has_checked_no_list(base: Source) -> None:
    section = clauses_section(told(base, access_lists=()))
    assert paragraphs(section, "warning") == ["工作空间没有管控单元图层：准入清单未核查。"]


@pytest.mark.parametrize(
    ("changes", "begins", "ends"),
    [
        ({}, "管控单元 ZH1 析城山（优先保护单元）：1.0000 公顷（15.00 亩）", "50.00 %"),
        ({"name": ""}, "管控单元 ZH1（优先保护单元）：", "50.00 %"),
        ({"certainty": "possible"}, "管控单元 ZH1 析城山", "（精度内可能涉及）"),
        ({"class_title": None}, "管控单元 ZH1 析城山：1.0000 公顷", "50.00 %"),
        ({"unit": None}, "不在已知管控单元内的部分：1.0000 公顷", "50.00 %"),
    ],
)
def test_a_unit_is_named_with_its_part_of_the_site(
    base: Source, changes: dict[str, Any], begins: str, ends: str
) -> None:
    section = clauses_section(told(base, access_lists=(unit(**changes),)))
    line = paragraphs(section, "body")[0]
    assert line.startswith(begins)
    assert line.endswith(ends)


def test_a_unit_without_a_list_says_why_and_shows_no_table(base: Source) -> None:
    one = unit(status="no_list", reason=Text("没有清单", "no list"), warnings=(Text("注意", "mind"),))
    section = clauses_section(told(base, access_lists=(one,)))
    assert paragraphs(section, "warning") == ["没有清单", "注意"]
    assert [found.id for found in section.tables] == ["rules"]


def test_clauses_missing_levels_and_silent_dimensions_are_rows(base: Source) -> None:
    fact = FactEntry(fact="construction", title=Text("建设性质", "kind"), value=Text("新建", "new"), known=True)
    one = unit(
        clauses=(
            clause(facts=(fact,), reasons=(Text("须对照", "compare"),)),
            clause(level="province", dimension="risk-control", printed="", number="3-2", result="violates"),
        ),
        missing_levels=("city",),
        silent=(SilentDimension(dimension="resource-efficiency", wording="/"),),
    )
    rows = table(clauses_section(told(base, access_lists=(one,))), "clauses-1")
    assert rows == [
        ("空间布局约束", "管控单元", "1-1.", "禁止新建。", "建设性质：新建\n须对照", "需进一步核实"),
        ("环境风险防控", "省级", "3-2", "禁止新建。", NOTHING, "不符合"),
        (NOTHING, "市级", NOTHING, "没有有效的清单", NOTHING, "缺清单，未核查"),
        (
            "资源开发效率要求",
            "管控单元",
            NOTHING,
            "单元清单此维度无条款（清单写作“/”）",
            NOTHING,
            NOTHING,
        ),
    ]


def test_a_schematic_list_is_no_basis(base: Source) -> None:
    listed = ListEntry(
        edition="2023",
        title=Text("清单", "list"),
        issuer=Text("局", "office"),
        number="",
        valid_from=base.verdict.on,
        valid_to=None,
        schematic=True,
    )
    section = clauses_section(told(base, access_lists=(unit(lists=(listed,)),)))
    assert "示意清单，不是发布机关的清单，不得作为依据。" in paragraphs(section, "note")


@pytest.mark.parametrize(
    ("territories", "level"),
    [
        ((EVERYWHERE,), "国家"),
        (("14",), "省级"),
        (("1405",), "市级"),
        (("140522",), "县级"),
        (("140522", "14"), "省级"),
        ((), "国家"),
        (("140522103",), "国家"),
    ],
)
def test_the_level_of_a_rule_is_that_of_its_document(base: Source, territories: tuple[str, ...], level: str) -> None:
    rulebook = base.parts.rulebook
    plan = rulebook.documents["plan"].model_copy(update={"territories": territories})
    parts = replace(base.parts, rulebook=replace(rulebook, documents={**rulebook.documents, "plan": plan}))
    source = replace(told(base, findings=(finding(base),)), parts=parts)
    (row,) = table(clauses_section(source), "rules")
    assert row[0] == level


def test_rules_that_do_not_apply_are_not_compared(base: Source) -> None:
    listed = (finding(base), finding(base, rule="R9", outcome="does_not_apply", decision=None))
    rows = table(clauses_section(told(base, findings=listed)), "rules")
    assert [row[1].splitlines()[0] for row in rows] == ["R042"]
    none = clauses_section(told(base, findings=listed[1:]))
    assert "rules" not in [found.id for found in none.tables]
