"""Sections 4 and 6 of a report: what layers and lists answer for an element, and where none can."""

from dataclasses import replace
from typing import Any

import pytest

from report_sections_world import (
    REASON,
    clause,
    finding,
    layer,
    level,
    paragraphs,
    source_of_site,
    table,
    told,
    unit,
)
from zoning.report.content import Element, Part
from zoning.report.document import NOTHING, Section
from zoning.report.four_parts import effect_word, parts_section, protected_section, situation
from zoning.report.source import Source
from zoning.rules.access.words import Dimension
from zoning.texts import Text

LEAD = "以下只写图层、规则和清单能够回答的内容；不能回答的写明“数据缺失，未核查”或“需进一步核实”。"
RED = Text("红线", "red line")
WATER = Element(title=Text("水源保护", "water sources"), layers=("water",))
DUST = Element(title=Text("大气", "air"), note=Text("没有大气图层", "no layer of the air"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Return a site in level 1 of the tiny workspace."""
    return source_of_site(tmp_path_factory.mktemp("report"))


def asked(base: Source, *elements: Element, dimensions: tuple[Dimension, ...] = (), **changes: Any) -> Source:
    """Return the source of a report that asks for one part alone, and for the same elements as protected areas."""
    source = told(base, **changes)
    part = Part(title=RED, elements=elements, dimensions=dimensions)
    content = source.parts.content.model_copy(update={"parts": (part,), "protected": elements})
    return replace(source, parts=replace(source.parts, content=content))


def rows(section: Section) -> list[tuple[str, ...]]:
    return table(section, "part-1")


# --- elements of a part ---------------------------------------------------------------------------------------------


def test_the_section_says_first_what_it_does_not_say(base: Source) -> None:
    section = parts_section(asked(base, WATER))
    assert (section.id, section.number, section.title) == ("parts", "4", "红线、底线、上线、清单四项符合性")
    assert paragraphs(section, "body")[0] == LEAD
    assert paragraphs(section, "heading") == ["4.1 红线"]


def test_parts_are_numbered_in_their_order(base: Source) -> None:
    parts = tuple(Part(title=Text(name, name)) for name in "甲乙丙")
    content = base.parts.content.model_copy(update={"parts": parts})
    section = parts_section(replace(base, parts=replace(base.parts, content=content)))
    assert paragraphs(section, "heading") == ["4.1 甲", "4.2 乙", "4.3 丙"]
    assert [one.id for one in section.tables] == ["part-1", "part-2", "part-3"]


def test_an_element_that_no_layer_answers_is_not_checked_with_its_reason(base: Source) -> None:
    assert rows(parts_section(asked(base, DUST))) == [("大气", NOTHING, "数据缺失，未核查", "没有大气图层", NOTHING)]


def test_an_element_without_a_reason_has_the_plain_one(base: Source) -> None:
    silent = Element(title=Text("噪声", "noise"))
    assert rows(parts_section(asked(base, silent)))[0][3] == "工作空间没有这个图层"


def test_a_layer_that_the_workspace_lacks_is_never_clear(base: Source) -> None:
    forest = Element(title=Text("林地", "forest"), layers=("forest",))
    assert rows(parts_section(asked(base, forest))) == [
        ("林地", "forest", "数据缺失，未核查", "工作空间没有这个图层", NOTHING)
    ]


def test_an_element_of_several_layers_has_its_title_once(base: Source) -> None:
    both = Element(title=Text("水和田", "both"), layers=("water", "farmland", "forest"))
    found = rows(parts_section(asked(base, both)))
    assert [row[:3] for row in found] == [
        ("水和田", "水源", "涉及"),
        ("", "基本农田", "不涉及"),
        ("", "forest", "数据缺失，未核查"),
    ]


def test_the_columns_are_named(base: Source) -> None:
    (one,) = parts_section(asked(base, WATER)).tables
    assert [column.head for column in one.columns] == ["要素", "图层", "是否涉及", "情况", "有关规则"]


# --- what was found of a layer --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"status": "no_data", "reason": REASON}, "图层文件缺失", "the file of the layer is missing"),
        ({"status": "no_data"}, "没有覆盖项目的数据", "no data that cover the site"),
        ({"uncovered_m2": 5.0}, "没有覆盖项目的数据", "no data that cover the site"),
        ({"uncovered_m2": 5.0, "reason": REASON}, "图层文件缺失", "the file of the layer is missing"),
        ({"nearest_m": 120.0}, "最近 120.00 m", "nearest 120.00 m"),
        ({"nearest_m": 0.0}, "最近 0.00 m", "nearest 0.00 m"),
        ({"nearest_m": None, "searched_m": 5_000.0}, "5,000.00 m 范围内无", "none within 5,000.00 m"),
        ({"nearest_m": None, "searched_m": 20_000.0}, "20.00 km 范围内无", "none within 20.00 km"),
        (
            {"status": "affected", "classes": (level(),)},
            "一级区 0.2000 公顷（3.00 亩） 25.00 %",
            "level 1 0.2000 ha (3.00 mu) 25.00 %",
        ),
        (
            {"status": "possible", "classes": (level(certainty="possible", overlap_m2=0.0, share=0.0),)},
            "一级区 0.0000 公顷（0.00 亩） 精度内可能涉及",
            "level 1 0.0000 ha (0.00 mu) possibly affected",
        ),
        (
            {"status": "affected", "classes": (level(overlap_m2=0.0, share=0.0, length_m=12_345.0),)},
            "一级区 12.35 km",
            "level 1 12.35 km",
        ),
        (
            {
                "status": "affected",
                "uncovered_m2": 5.0,
                "classes": (level(), level(title=Text("二级区", "level 2"), share=0.00001)),
            },
            "一级区 0.2000 公顷（3.00 亩） 25.00 %\n二级区 0.2000 公顷（3.00 亩） < 0.01 %",
            "level 1 0.2000 ha (3.00 mu) 25.00 %\nlevel 2 0.2000 ha (3.00 mu) < 0.01 %",
        ),
    ],
)
def test_a_layer_in_a_few_words(base: Source, changes: dict[str, Any], zh: str, en: str) -> None:
    entry = layer(base, **changes)
    assert situation(base, entry) == zh
    assert situation(replace(base, language="en"), entry) == en


# --- rules at a layer -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "禁止"),
        ({"effect": "restrict"}, "限制"),
        ({"effect": "require"}, "要求"),
        ({"outcome": "undetermined"}, "可能禁止"),
        ({"outcome": "undetermined", "effect": "restrict"}, "可能限制"),
        ({"blocked": True}, "受阻"),
        ({"blocked": True, "outcome": "undetermined"}, "受阻"),
    ],
)
def test_what_a_rule_does_or_could_do(base: Source, changes: dict[str, Any], word: str) -> None:
    assert effect_word(base, finding(base, **changes)) == word


def test_rules_that_hold_or_may_hold_are_named_at_their_layer(base: Source) -> None:
    found = (
        finding(base),
        finding(base, rule="R048", effect="restrict", outcome="undetermined"),
        finding(base, rule="R050", outcome="does_not_apply"),
        finding(base, rule="R083", layer="farmland"),
        finding(base, rule="R099", layer=None),
    )
    (row,) = rows(parts_section(asked(base, WATER, findings=found)))
    assert row[4] == "R042（禁止）、R048（可能限制）"


def test_a_layer_without_rules_has_a_dash(base: Source) -> None:
    (row,) = rows(parts_section(asked(base, WATER, findings=())))
    assert row[4] == NOTHING


# --- clauses of a part ----------------------------------------------------------------------------------------------


def test_a_part_without_dimensions_says_nothing_of_lists(base: Source) -> None:
    section = parts_section(asked(base, WATER))
    assert paragraphs(section, "body") == [LEAD]
    assert paragraphs(section, "warning") == []


def test_without_a_clause_the_lists_were_not_checked(base: Source) -> None:
    other = unit(clauses=(clause(dimension="risk-control"),))
    section = parts_section(
        asked(base, WATER, dimensions=("spatial-layout", "resource-efficiency"), access_lists=(other,))
    )
    assert paragraphs(section, "warning") == ["准入清单（空间布局约束、资源开发效率要求）：没有可对照的条款，未核查。"]
    assert paragraphs(section, "body") == [LEAD]


def test_clauses_are_counted_the_gravest_first_over_all_units(base: Source) -> None:
    one = unit(
        clauses=(
            clause(result="complies"),
            clause(result="violates"),
            clause(result="to_verify"),
            clause(dimension="risk-control", result="violates"),
        )
    )
    two = unit(unit="ZH2", clauses=(clause(result="violates"), clause(result="not_concerned")))
    section = parts_section(asked(base, WATER, dimensions=("spatial-layout",), access_lists=(one, two)))
    assert paragraphs(section, "body")[1:] == [
        "准入清单（空间布局约束）共 5 条：不符合 2、需进一步核实 1、符合 1、不涉及 1；逐条见第 5 节。"
    ]
    assert paragraphs(section, "warning") == []


def test_counted_clauses_in_english(base: Source) -> None:
    source = asked(base, WATER, dimensions=("spatial-layout",), access_lists=(unit(clauses=(clause(),)),))
    section = parts_section(replace(source, language="en"))
    assert paragraphs(section, "body")[1] == (
        "Access lists (spatial layout): 1 clauses (to be verified 1); see section 5."
    )


def test_a_level_without_its_list_is_said_beside_the_counts(base: Source) -> None:
    one = unit(clauses=(clause(),), missing_levels=("province", "unit"))
    two = unit(unit=None, name="甲县", missing_levels=("county",))
    three = unit(unit="ZH3", name="")
    section = parts_section(asked(base, WATER, dimensions=("spatial-layout",), access_lists=(one, two, three)))
    assert paragraphs(section, "warning") == ["缺清单，未核查：ZH1 析城山（省级、管控单元）、甲县（县级）。"]


# --- protected areas ------------------------------------------------------------------------------------------------


def test_protected_areas_are_a_section_of_their_own(base: Source) -> None:
    section = protected_section(asked(base, WATER))
    assert (section.id, section.number, section.title) == ("protected", "6", "法定保护区")
    assert [row[0] for row in table(section, "protected")] == ["水源 · 一级区\n下芹", "水源 · 二级区\n下芹"]


def test_a_clear_area_is_not_affected_with_its_distance(base: Source) -> None:
    (row,) = table(protected_section(asked(base, WATER, layers=(layer(base),))), "protected")
    assert row == ("水源", "不涉及", *[NOTHING] * 4, "120.00", NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("element", "why"),
    [
        (DUST, "没有大气图层"),
        (Element(title=Text("大气", "air"), layers=("air",)), "工作空间没有这个图层"),
        (Element(title=Text("大气", "air"), layers=("air",), note=Text("未提供", "not given")), "未提供"),
    ],
)
def test_an_area_without_any_layer_is_not_checked(base: Source, element: Element, why: str) -> None:
    (row,) = table(protected_section(asked(base, element)), "protected")
    assert row == (f"大气\n{why}", "数据缺失，未核查", *[NOTHING] * 7)


def test_where_one_of_several_layers_is_lacking_the_rest_is_not_all(base: Source) -> None:
    both = Element(title=Text("水源保护", "water"), layers=("water", "springs"))
    found = table(protected_section(asked(base, both, layers=(layer(base),))), "protected")
    assert [row[:2] for row in found] == [
        ("水源", "不涉及"),
        ("水源保护\n工作空间没有这个图层", "数据缺失，未核查"),
    ]


def test_rules_on_protected_areas_follow_the_table(base: Source) -> None:
    found = (
        finding(base),
        finding(base, rule="R050", outcome="does_not_apply"),
        finding(base, rule="R083", layer="farmland"),
    )
    section = protected_section(asked(base, WATER, DUST, findings=found))
    assert paragraphs(section, "heading") == ["适用或可能适用的规则"]
    assert paragraphs(section, "item") == ["R042 一级区禁止建设（禁止）"]


def test_no_rule_on_protected_areas_is_said_with_the_exception(base: Source) -> None:
    section = protected_section(asked(base, WATER, findings=()))
    assert paragraphs(section, "body") == ["没有适用或可能适用于上述保护区的规则；数据缺失的保护区除外。"]
    assert paragraphs(section, "item") == []
