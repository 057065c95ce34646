"""A made verdict on the terminal: answer, zones, rules, questions and notes, whatever names strangers have given."""

import io
import json
import re
from typing import Any

import pytest
from rich.console import Console

import report_world
from zoning.cli.results import Printer
from zoning.cli.session import Session
from zoning.cli.tables import DECISIONS, folded, print_verdict
from zoning.rules.facts import Fact
from zoning.rules.verdict import ClassEntry, Finding, LayerEntry, MissingFact, RepairEntry, Verdict, ZoneEntry
from zoning.texts import Language, Text


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """Return the verdict on a site in level 1 of the tiny workspace."""
    examination, _ = report_world.examine(tmp_path_factory.mktemp("cli"))
    return examination.verdict


def printed(verdict: Verdict, language: Language = "zh", facts: dict[str, Fact] | None = None) -> list[str]:
    """Return the lines on a terminal of a hundred columns, spaces as one."""
    out = io.StringIO()
    console = Console(file=out, width=100, highlight=False, markup=False, emoji=False)
    print_verdict(console, verdict, language, facts=facts)
    return [re.sub(r" +", " ", line).strip() for line in out.getvalue().splitlines()]


def level(**changes: Any) -> ClassEntry:
    values: dict[str, Any] = {
        "class_": "level-1",
        "title": Text("一级区", "level 1"),
        "assumed": False,
        "zones": (ZoneEntry(id="W1", name="下芹", overlap_m2=2_000.0, length_m=0.0),),
        "overlap_m2": 20_000.0,
        "share": 0.25,
        "length_m": 0.0,
        "certainty": "certain",
        "flips_at_m": None,
    }
    return ClassEntry(**{**values, **changes})


def water(base: Verdict, **changes: Any) -> LayerEntry:
    entry = next(one for one in base.layers if one.layer == "water")
    return entry.model_copy(update={"classes": (level(),), **changes})


def with_layers(base: Verdict, *layers: LayerEntry, **changes: Any) -> Verdict:
    return base.model_copy(update={"layers": layers, "findings": (), **changes})


def finding(base: Verdict, **changes: Any) -> Finding:
    found = next(one for one in base.findings if one.rule == "R042")
    return found.model_copy(update=changes)


def row_of(lines: list[str], begin: str) -> str:
    return next(line for line in lines if line.startswith(begin))


# --- the answer -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "zh", "en"),
    [
        ("prohibited", "× 判定不通过", "× "),
        ("undetermined", "? 待补充信息", "? "),
        ("restricted", "! 受限准入", "! "),
        ("permitted", "✓ 判定通过", "✓ "),
    ],
)
def test_the_answer_comes_first_with_sign_and_word(base: Verdict, decision: str, zh: str, en: str) -> None:
    verdict = base.model_copy(update={"decision": decision})
    assert printed(verdict)[0].startswith(f"{zh} 某某民宿 ")
    assert printed(verdict, "en")[0].startswith(en + DECISIONS[decision][1].en)


def test_a_blocked_verdict_says_so(base: Verdict) -> None:
    assert printed(base.model_copy(update={"blocked": True}))[0].startswith("× 判定不通过（程序受阻） 某某民宿")
    assert " (blocked) " in printed(base.model_copy(update={"blocked": True}), "en")[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("甲" * 22, "甲" * 22), ("甲" * 23, "甲" * 22 + "…"), ("a" * 44, "a" * 44), ("a" * 45, "a" * 44 + "…")],
)
def test_a_name_of_more_than_forty_four_cells_is_cut(base: Verdict, name: str, shown: str) -> None:
    site = base.site.model_copy(update={"name": name})
    assert printed(base.model_copy(update={"site": site}))[0].split(" ")[2] == shown


@pytest.mark.parametrize("name", ["甲[red]乙", "甲[/]乙", "甲[/b]", "[bold]", "甲:fire:乙", "a\\[b]", "甲[2023]1号"])
def test_names_that_look_like_styles_are_printed_as_they_stand(
    base: Verdict, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """To Rich `[/]` is the end of a style: the verdict would end in an error."""
    zones = (ZoneEntry(id="W1", name=name, overlap_m2=1.0, length_m=0.0),)
    verdict = with_layers(
        base,
        water(base, classes=(level(zones=zones),)),
        site=base.site.model_copy(update={"name": name}),
        findings=(finding(base, title=Text(name, name)),),
    )
    print_verdict(Session("zh", {}).console(), verdict, "zh")
    out = capsys.readouterr().out
    assert out.count(name) >= 3


# --- layers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({}, "水源 · 一级区 下芹 2.0000 30.00 25.00 确定"),
        ({"title": Text("水源", "water")}, "水源 下芹 2.0000 30.00 25.00 确定"),
        ({"share": 0.00004}, "水源 · 一级区 下芹 2.0000 30.00 < 0.01 确定"),
        ({"share": 0.00006}, "水源 · 一级区 下芹 2.0000 30.00 0.01 确定"),
        ({"share": 0.0, "overlap_m2": 0.0}, "水源 · 一级区 下芹 0.0000 0.00 0.00 确定"),
        ({"share": 1.0, "overlap_m2": 12_345_678.0}, "水源 · 一级区 下芹 1,234.5678 18,518.52 100.00 确定"),
        ({"certainty": "possible"}, "水源 · 一级区 下芹 2.0000 30.00 25.00 ±12.5 m 之内"),
        ({"length_m": 1234.567}, "水源 · 一级区 下芹 1,234.57 m 确定"),
    ],
)
def test_a_class_has_its_figures(base: Verdict, changes: dict[str, Any], row: str) -> None:
    """20,000 m² are 2 ha and 30 mu."""
    site = base.site.model_copy(update={"accuracy_m": 2.5})
    verdict = with_layers(base, water(base, classes=(level(**changes),), accuracy_m=10.0), site=site)
    assert row_of(printed(verdict), "水源") == row


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["甲"], "甲"),
        (["甲", "乙"], "甲、乙"),
        (["甲", "乙", "丙"], "甲、乙 +1"),
        (["甲", "甲", "乙"], "甲、乙"),
        (["", "乙"], "Z0、乙"),
    ],
)
def test_two_zones_are_named_and_the_others_counted(base: Verdict, names: list[str], shown: str) -> None:
    zones = tuple(ZoneEntry(id=f"Z{n}", name=name, overlap_m2=1.0, length_m=0.0) for n, name in enumerate(names))
    lines = printed(with_layers(base, water(base, classes=(level(zones=zones),))))
    assert row_of(lines, "水源").startswith(f"水源 · 一级区 {shown} 2.0000")


def test_layers_without_data_are_never_among_those_not_affected(base: Verdict) -> None:
    clear = water(base, layer="a", title=Text("甲层", "layer a"), status="not_affected", classes=())
    heavy = water(base, layer="b", title=Text("乙层", "layer b"), status="no_data", classes=())
    light = water(base, layer="c", title=Text("丙层", "layer c"), status="no_data", classes=())
    verdict = with_layers(base, clear, heavy, light, missing_layers=("b",))
    lines = printed(verdict)
    assert "不涉及：甲层" in lines
    assert "数据缺失，未核查：乙层" in lines
    assert "数据缺失，未核查（本次结论不取决于它）：丙层" in lines
    assert any(line.endswith("(the decision does not rest on it): layer c") for line in printed(verdict, "en"))


@pytest.mark.parametrize(("told", "shown"), [(False, False), (True, True)])
def test_a_layer_of_the_existing_situation_is_listed_where_a_rule_speaks_of_it(
    base: Verdict, *, told: bool, shown: bool
) -> None:
    findings = (finding(base, decision=None, outcome="does_not_apply"),) if told else ()
    verdict = with_layers(base, water(base, group="base"), findings=findings)
    assert any("下芹" in line and "2.0000" in line for line in printed(verdict)) is shown


# --- rules ----------------------------------------------------------------------------------------------------------


def test_rules_that_move_the_decision_stand_strictest_and_largest_first(base: Verdict) -> None:
    listed = (
        finding(base, rule="RULE5", outcome="undetermined", decision="undetermined"),
        finding(base, rule="RULE4", effect="restrict", decision="restricted", overlap_m2=9e9),
        finding(base, rule="RULE3", overlap_m2=None),
        finding(base, rule="RULE2", overlap_m2=1.0),
        finding(base, rule="RULE1", overlap_m2=5.0),
        finding(base, rule="RULE0", overlap_m2=5.0),
    )
    lines = printed(with_layers(base, findings=listed))
    assert [line[:5] for line in lines if line.startswith("RULE")] == [f"RULE{n}" for n in range(6)]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "禁止"),
        ({"effect": "restrict"}, "限制"),
        ({"outcome": "undetermined"}, "可能禁止"),
        ({"blocked": True}, "受阻"),
        ({"blocked": True, "outcome": "undetermined"}, "受阻"),
    ],
)
def test_the_effect_of_a_rule_in_a_word(base: Verdict, changes: dict[str, Any], word: str) -> None:
    line = row_of(printed(with_layers(base, findings=(finding(base, **changes),))), "R042")
    assert line.split(" ")[1] == word


def test_conditions_and_reasons_stand_below_the_title(base: Verdict) -> None:
    one = finding(
        base,
        reasons=(Text("位于区内", "in the zone"), Text("新建", "new")),
        conditions=(Text("依法报批", "approved"),),
    )
    text = "\n".join(printed(with_layers(base, findings=(one,))))
    assert "位于区内；新建" in text
    assert "→ 依法报批" in text


def test_other_rules_that_apply_are_counted_by_effect_and_named(base: Verdict) -> None:
    listed = (
        finding(base, rule="R1", effect="encourage", decision=None),
        finding(base, rule="R2", effect="require", decision=None),
        finding(base, rule="R3", effect="require", decision=None),
        finding(base, rule="R4", effect="require", decision=None, outcome="does_not_apply"),
        finding(base, rule="R5", effect="require", decision=None, outcome="undetermined"),
    )
    text = "".join(printed(with_layers(base, findings=listed)))
    assert "另有 3 条普遍适用、不影响本次结论的规则（要求 2、鼓励 1；" in text
    assert "R1、R2、R3" in text
    assert "R4" not in text
    assert "R5" not in text


# --- questions and notes --------------------------------------------------------------------------------------------


def question(number: int, why: int = 1) -> MissingFact:
    rules = tuple(f"R{n}" for n in range(why))
    return MissingFact(fact=f"fact{number}", question=Text(f"问{number}？", f"question {number}?"), why=rules)


@pytest.mark.parametrize(("count", "rest"), [(1, None), (8, None), (9, "… 另有 1 项"), (20, "… 另有 12 项")])
def test_eight_questions_are_printed_and_the_others_counted(base: Verdict, count: int, rest: str | None) -> None:
    asked = tuple(question(number) for number in range(count))
    lines = printed(base.model_copy(update={"missing_facts": asked}))
    assert f"待补充 {count} 项：" in lines
    assert sum(bool(re.match(r"[0-9]+\. 问", line)) for line in lines) == min(count, 8)
    assert next((line for line in lines if line.startswith("… 另有")), None) == rest


@pytest.mark.parametrize(("count", "en"), [(1, "1 question open:"), (2, "2 questions open:")])
def test_one_question_and_several_in_english(base: Verdict, count: int, en: str) -> None:
    asked = tuple(question(number) for number in range(count))
    assert en in printed(base.model_copy(update={"missing_facts": asked}), "en")


@pytest.mark.parametrize(("why", "shown"), [(6, "[R0, R1, R2, R3, R4, R5]"), (7, "[R0, R1, R2, R3, R4, R5 …]")])
def test_six_rules_that_wait_are_named(base: Verdict, why: int, shown: str) -> None:
    lines = printed(base.model_copy(update={"missing_facts": (question(0, why),)}))
    assert row_of(lines, "1. ").endswith(shown)


def fact(kind: str, **more: Any) -> Fact:
    title = Text("甲", "a")
    return Fact.model_validate({"title": title, "question": title, "kind": kind, **more})


def values(count: int) -> dict[str, Text]:
    return {f"v{number}": Text("甲", "a") for number in range(count)}


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        (None, "…"),
        (fact("yes_no"), "yes|no"),
        (fact("choice", values=values(2)), "v0|v1"),
        (fact("choices", values=values(6)), "v0|v1|v2|v3|v4|v5"),
        (fact("choice", values=values(7)), "v0|v1|v2|v3|v4|v5|…"),
        (fact("number", unit="m3"), "…(m3)"),
        (fact("code", pattern="[A-T][0-9]{4}", examples=("C1310", "C1320")), "…(C1310)"),
    ],
)
def test_a_question_says_how_it_can_be_answered(base: Verdict, known: Fact | None, shown: str) -> None:
    facts = {} if known is None else {"fact0": known}
    lines = printed(base.model_copy(update={"missing_facts": (question(0),)}), facts=facts)
    assert f"--set fact0={shown} " in row_of(lines, "1. ")


def test_repairs_warnings_and_the_system_are_said_at_the_end(base: Verdict) -> None:
    repair = RepairEntry(kind="x", count=1, area_change_m2=0.0, text=Text("自相交已修复", "repaired"))
    site = base.site.model_copy(
        update={
            "repairs": (repair,),
            "warnings": (Text("面积不符", "areas differ"),),
            "conversion": Text("由 GCJ02 换算", "from GCJ02"),
        }
    )
    lines = printed(base.model_copy(update={"site": site}))
    assert [line for line in lines if line.startswith("· ")] == ["· 由 GCJ02 换算", "· 面积不符", "· 自相交已修复"]
    assert [line for line in lines if line][-2:] == ["坐标系：EPSG:4490（CGCS2000 经纬度）", "初步研判。"]


# --- lines ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("甲乙丙", 6, ["甲乙丙"]),
        ("甲乙丙", 5, ["甲乙", "丙"]),
        ("甲乙\n丙", 10, ["甲乙", "丙"]),
        ("面积 1,234.5 公顷", 6, ["面积", "1,234.5 公顷"]),
        ("ab cd", 3, ["ab", "cd"]),
        ("R042 R043", 5, ["R042", "R043"]),
        ("甲乙，丙", 4, ["甲乙，", "丙"]),
    ],
)
def test_where_a_line_breaks(text: str, width: int, lines: list[str]) -> None:
    assert folded(text, width).split("\n") == lines


# --- several verdicts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("total", "array"), [(1, False), (2, True), (0, True)])
def test_as_json_one_footprint_is_an_object_and_several_an_array(
    base: Verdict, capsys: pytest.CaptureFixture[str], total: int, *, array: bool
) -> None:
    printer = Printer(Session("zh", {}), total, as_json=True)
    for _ in range(total):
        printer.show(base)
    printer.close()
    told = json.loads(capsys.readouterr().out)
    shown = told if array else [told]
    assert len(shown) == total
    assert all(Verdict.model_validate_json(json.dumps(one)) == base for one in shown)


def test_as_text_verdicts_follow_each_other(base: Verdict, capsys: pytest.CaptureFixture[str]) -> None:
    printer = Printer(Session("zh", {}), 2, as_json=False)
    printer.show(base)
    printer.show(base)
    printer.close()
    assert capsys.readouterr().out.count("× 判定不通过") == 2
