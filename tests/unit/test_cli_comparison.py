"""The comparison with access lists on the terminal: units, clauses, results and what was not compared."""

import io
import re
from datetime import date
from typing import Any

import pytest
from rich.console import Console

from report_sections_world import clause, unit
from zoning.cli.comparison import print_comparison
from zoning.rules.access.entries import FactEntry, ListEntry, SilentDimension, UnitComparison
from zoning.texts import Language, Text


def compared(*entries: UnitComparison, language: Language = "zh") -> list[str]:
    out = io.StringIO()
    print_comparison(Console(file=out, width=100, highlight=False, markup=False, emoji=False), entries, language)
    return [re.sub(r" +", " ", line).strip() for line in out.getvalue().splitlines()]


def test_without_units_nothing_is_printed() -> None:
    assert compared() == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "ZH1 析城山 优先保护单元 1.0000 公顷（15.00 亩） 确定"),
        ({"name": "", "class_title": None}, "ZH1 1.0000 公顷（15.00 亩） 确定"),
        ({"certainty": "possible"}, "ZH1 析城山 优先保护单元 1.0000 公顷（15.00 亩） 精度内可能涉及"),
    ],
)
def test_a_unit_with_its_part_of_the_site(changes: dict[str, Any], line: str) -> None:
    assert line in compared(unit(**changes))


def test_why_a_list_was_not_compared_is_said() -> None:
    lines = compared(
        unit(
            reason=Text("该单元没有清单", "no list"), warnings=(Text("注意", "mind"),), missing_levels=("city", "unit")
        ),
        unit(unit=None, reason=Text("不在任何单元", "in no unit"), missing_levels=("city",)),
    )
    assert lines[2:] == [
        "ZH1 析城山 优先保护单元 1.0000 公顷（15.00 亩） 确定",
        "该单元没有清单",
        "注意",
        "没有有效的市级清单，未核查",
        "不在任何单元",
        "",
    ]


def test_a_schematic_list_is_marked_before_its_clauses() -> None:
    entry: dict[str, Any] = {"edition": "e", "title": Text("清单", "list"), "issuer": Text("局", "office")}
    one = ListEntry(**entry, number="1号", valid_from=date(2023, 1, 1), valid_to=None, schematic=True)
    lines = compared(unit(lists=(one,)))
    assert lines[:2] == ["准入清单逐条对照", "示意清单，不是发布机关的清单，不得作为依据"]
    assert "《清单》 局 1号" in lines


def test_results_are_counted_gravest_first() -> None:
    clauses = [clause(result=result) for result in ("complies", "violates", "to_verify", "violates")]
    assert "× 不符合 2 ? 需进一步核实 1 ✓ 符合 1" in compared(unit(clauses=tuple(clauses)))


@pytest.mark.parametrize(
    ("changes", "said", "left_out"),
    [
        ({"reasons": (Text("须对照", "compare"),)}, "须对照", "新建"),
        ({"reasons": (Text("不详", "unknown"), Text("须对照", "compare")), "missing_facts": ("a",)}, "须对照", "不详"),
        ({"known": True, "result": "violates", "reasons": (Text("违反", "violates"),)}, "性质：新建", "违反"),
        ({"known": True, "reasons": (Text("须对照", "compare"),)}, "须对照", "违反"),
    ],
)
def test_what_is_known_of_the_project(changes: dict[str, Any], said: str, left_out: str) -> None:
    known = changes.pop("known", False)
    told = FactEntry(fact="c", title=Text("性质", "kind"), value=Text("新建", "new"), known=True)
    text = "".join(compared(unit(clauses=(clause(text="", facts=(told,) if known else (), **changes),))))
    assert said in text
    assert left_out not in text


@pytest.mark.parametrize(
    ("wording", "line"), [("/", "环境风险防控：单元清单写“/”"), ("", "环境风险防控：单元清单没有内容")]
)
def test_a_dimension_without_clauses_is_said(wording: str, line: str) -> None:
    assert line in compared(unit(silent=(SilentDimension(dimension="risk-control", wording=wording),)))
