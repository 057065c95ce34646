"""`zoning rules diff`: what differs between two workspaces, in words, and what follows for decisions."""

import json
from datetime import date
from pathlib import Path

import pytest

import rule_shelf
from zoning.cli.rule_diff import diff_rules
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.rules.cases import read_cases
from zoning.rules.proofreading.diff import Difference, RuleBase, compare
from zoning.rules.wording.territories import read_territories
from zoning.texts import Language, Text
from zoning.workspace import Workspace


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    return rule_shelf.build(tmp_path / "a"), rule_shelf.build(tmp_path / "b")


def difference(before: Path, after: Path) -> Difference:
    return compare(base(before), base(after))


def base(root: Path) -> RuleBase:
    workspace = Workspace.open(root)
    cases = {file.rule: file for file in read_cases(root / "rules" / "cases")}
    return RuleBase(workspace.rulebook, workspace.catalogue, cases, read_territories(root / "rules"))


def printed(capsys: pytest.CaptureFixture[str], sides: tuple[Path, Path], language: Language = "zh") -> str:
    assert diff_rules(Session(language), *sides, as_json=False) == 1
    return capsys.readouterr().out


def test_nothing_differs(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    # Remarks, the order of words and a group written out change nothing.
    rule_shelf.edit(sides[1], "plan/R101", "note:", "# a remark\nnote:")
    rule_shelf.edit(sides[1], "plan/R101", "construction: [new, expand]", "construction: [expand, new]")
    rule_shelf.edit(sides[1], "plan/R101", "activity: [industry]", "activity: [cement, coking]")
    assert diff_rules(Session("zh"), *sides, as_json=False) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "两个工作空间的规则没有差别\n")
    assert diff_rules(Session("zh"), *sides, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["equal"] is True


def test_a_changed_figure_with_its_cases(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    rule_shelf.edit(sides[1], "plan/R101", "value: 200 m", "value: 280 m")
    assert (
        printed(capsys, sides)
        == """\
规则：新增 0 条，删除 0 条，修改 1 条
  ~ R101  水源两百米内限制工业
      参数、取值：
        - 距水源 = 200 m（自 2023-01-01 起，L10）；距水源 = 300 m（自 2025-01-01 起，L11）
        + 距水源 = 280 m（自 2023-01-01 起，L10）；距水源 = 300 m（自 2025-01-01 起，L11）
      影响：甲县（140522）；自 2023-01-01 起；结论可能更严或更宽
      结果不同的案例 1 个
        二百五十米处的焦化：不适用 → 适用，限制
"""
    )


def test_a_removed_rule_an_added_one_and_a_milder_effect(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (sides[1] / "rules" / "plan" / "R101.yaml").unlink()
    rule_shelf.edit(sides[1], "law/LAW-6", "overrides", "# overrides")
    rule_shelf.edit(sides[1], "law/LAW-6", "effect: prohibit", "effect: restrict")
    rule_shelf.write(sides[1], "plan/R102", rule_shelf.BANK)
    assert (
        printed(capsys, sides, "en")
        == """\
rules: 1 added, 1 removed, 1 changed
  ~ LAW-6  nothing new in level 1
      effect:
        - prohibits
        + restricts
      goes before:
        - R101: water zones follow this law (第七条)
      impact: whole country; from 2024-01-01; decisions may turn stricter or milder
  - R101  industry near water limited
      impact: county A (140522); from 2023-01-01; decisions may turn milder
      cases that come out differently: 1
        一百米处的焦化: applies, restricts → there is no such rule
  + R102  industry near water limited
      impact: county A (140522); from 2023-01-01; decisions may turn stricter
"""
    )


OWN_LIST = "title: {zh: 名单, en: list}\nneeds: {zh: 请填写, en: fill it in}\n"


def test_documents_facts_and_other_files(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    rule_shelf.edit(sides[1], "documents", "甲政发〔2023〕1号", "甲政发〔2023〕2号")
    rule_shelf.edit(sides[1], "facts", "zh: 项目是否排放水污染物？", "zh: 项目是否向水体排污？")
    rule_shelf.edit(sides[1], "territories", "甲县", "甲区")
    (sides[1] / "rules" / "lists").mkdir()
    rule_shelf.write(sides[1], "lists/own", OWN_LIST)
    files = printed(capsys, sides)
    assert (
        files
        == """\
依据文件
  ~ plan  甲县规划
      文号：
        - 甲政发〔2023〕1号
        + 甲政发〔2023〕2号
项目事实
  ~ discharges  排放水污染物
      问题：
        - 项目是否排放水污染物？
        + 项目是否向水体排污？
      涉及规则：R101
其他文件
  + rules/lists/own.yaml
  ~ rules/territories.yaml
"""
    )


def test_what_only_one_language_says_is_shown_in_it(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    rule_shelf.edit(sides[1], "plan/R101", "起算点未定", "起算点不明")
    text = printed(capsys, sides, "en")
    assert "        - 起算点未定。\n        + 起算点不明。\n" in text
    assert "no decision changes" in text


@pytest.mark.parametrize(
    ("name", "before", "after", "turns"),
    [
        ("plan/R101", "effect: restrict", "effect: prohibit", {"stricter"}),
        ("plan/R101", "effect: restrict", "effect: require", {"milder"}),
        ("plan/R101", "{from: 2023-01-01}", "{from: 2023-01-01, to: 2026-12-31}", {"milder"}),
        ("law/LAW-5", "{from: 2010-01-01, to: 2023-12-31}", "{from: 2011-01-01, to: 2023-12-31}", {"milder"}),
        ("law/LAW-5", "{from: 2010-01-01, to: 2023-12-31}", "{from: 2010-01-01}", {"stricter"}),
        (
            "law/LAW-5",
            "{from: 2010-01-01, to: 2023-12-31}",
            "{from: 2011-01-01, to: 2024-12-31}",
            {"stricter", "milder"},
        ),
        ("law/LAW-5", '["CN"]', '["14"]', {"milder"}),
        ("law/LAW-5", "classes: [level-1]", "classes: [level-1, level-2]", {"stricter", "milder"}),
        ("law/LAW-5", "where: {layer", "where:\n  - {layer: farmland}\n  - {layer", {"stricter"}),
        ("law/LAW-5", "effect: prohibit", "effect: prohibit\ncurable: {zh: 补, en: cure}", {"milder"}),
        ("law/LAW-5", "scope: zone", "scope: baseline", {"milder"}),
        ("law/LAW-5", "scope: zone", "scope: attribute", {"stricter", "milder"}),
        ("law/LAW-5", "section: 第五条", "section: 第五条, verified: false", {"stricter", "milder"}),
        ("law/LAW-5", "section: 第五条", "section: 第五条之一", set()),
        ("law/LAW-5", "effect: prohibit", "effect: prohibit\nnote: {zh: 注, en: note}", set()),
        ("law/LAW-6", "overrides", "# overrides", {"stricter"}),
        ("law/LAW-6", "construction: [new]", "construction: [new, expand]", {"stricter", "milder"}),
    ],
)
def test_how_decisions_may_turn(sides: tuple[Path, Path], name: str, before: str, after: str, turns: set[str]) -> None:
    rule_shelf.edit(sides[1], name, before, after)
    (change,) = difference(*sides).rules
    assert change.impact.may_turn == turns
    (back,) = difference(sides[1], sides[0]).rules
    opposite = {"stricter": "milder", "milder": "stricter"}
    assert back.impact.may_turn == {opposite[turn] for turn in turns}


def test_a_note_for_the_whole_territory_changes_no_decision(sides: tuple[Path, Path]) -> None:
    for side in sides:
        rule_shelf.edit(side, "plan/R101", "scope: zone", "scope: baseline")
    rule_shelf.edit(sides[1], "plan/R101", "effect: restrict", "effect: prohibit")
    (change,) = difference(*sides).rules
    assert change.impact.may_turn == set()


@pytest.mark.parametrize(
    ("name", "before", "after", "since", "until"),
    [
        ("plan/R101", "value: 300 m", "value: 350 m", date(2025, 1, 1), None),
        ("plan/R101", "value: 200 m", "value: 250 m", date(2023, 1, 1), None),
        ("law/LAW-5", "to: 2023-12-31", "to: 2022-06-30", date(2022, 7, 1), date(2023, 12, 31)),
        ("law/LAW-5", "from: 2010-01-01", "from: 2015-01-01", date(2010, 1, 1), date(2023, 12, 31)),
        ("law/LAW-5", "effect: prohibit", "effect: restrict", date(2010, 1, 1), date(2023, 12, 31)),
    ],
)
def test_from_which_day_it_matters(
    sides: tuple[Path, Path], name: str, before: str, after: str, since: date, until: date | None
) -> None:
    rule_shelf.edit(sides[1], name, before, after)
    (change,) = difference(*sides).rules
    assert (change.impact.since, change.impact.until) == (since, until)


def test_cases_of_both_sides_are_run(sides: tuple[Path, Path]) -> None:
    rule_shelf.edit(sides[1], "plan/R101", "effect: restrict", "effect: encourage")
    rule_shelf.edit(sides[1], "cases/R101", "一百米处的焦化", "甲例")
    (change,) = difference(*sides).rules
    names = [case.case for case in change.impact.cases]
    assert names == ["一百米处的焦化", "甲例"]
    assert change.impact.cases[1].after == Text("适用，鼓励", "applies, encourages")


def test_cases_of_unchanged_rules_tell_of_changed_facts(sides: tuple[Path, Path]) -> None:
    rule_shelf.edit(sides[1], "facts", "coking: {zh: 焦化, en: coking}", "coke: {zh: 炼焦, en: making coke}")
    rule_shelf.edit(sides[1], "facts", "words: [coking, cement]", "words: [coke, cement]")
    found = difference(*sides)
    (change,) = found.rules
    assert [field.field for field in change.change.fields] == ["when"]
    assert change.impact.cases[0].after.zh.startswith("无法运行：")
    (fact,) = found.facts
    assert (fact.id, fact.rules) == ("activity", ("R101",))
    assert [field.label.zh for field in fact.fields] == ["参数、取值", "词组"]


def test_a_case_that_comes_out_differently_though_its_rule_reads_alike(sides: tuple[Path, Path]) -> None:
    layer = sides[1] / "layers" / "water.yaml"
    layer.write_text(layer.read_text(encoding="utf-8").replace("accuracy_m: 0.0", "accuracy_m: 150"), encoding="utf-8")
    found = difference(*sides)
    assert (found.rules, [case.case for case in found.cases]) == ((), ["一百米处的焦化", "二百五十米处的焦化"])
    assert found.cases[0].after == Text(
        "无法判定，可能限制（待明确：水源）", "undetermined, may restrict (asks for: water)"
    )


def test_a_folder_that_is_no_workspace_is_refused(sides: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        diff_rules(Session("en"), sides[0], tmp_path, as_json=False)
    assert refusal.value.get("en") == f"{tmp_path} is no workspace (it has no zoning.yaml)"


def test_the_difference_as_json(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    rule_shelf.edit(sides[1], "law/LAW-5", "effect: prohibit", "effect: restrict")
    assert diff_rules(Session("zh"), *sides, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    (rule,) = told["rules"]
    assert (rule["id"], rule["kind"]) == ("LAW-5", "changed")
    assert rule["fields"][0]["before"] == {"zh": "禁止", "en": "prohibits"}
    assert rule["impact"] == {
        "territories": ["CN"],
        "since": "2010-01-01",
        "until": "2023-12-31",
        "may_turn": ["milder"],
        "cases": [],
    }
