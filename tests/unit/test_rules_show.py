"""`zoning rules show` and `list`: what a reader sees of one rule, word for word."""

import json
from pathlib import Path

import pytest

import rule_shelf
from long_runs import times
from zoning.cli.rule_show import show_rule
from zoning.cli.rules import list_rules
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Language

GRADED_ZH = """\
R101  水源两百米内限制工业
  内容：水源两百米内建工业项目要论证。
  效力：限制；分区规则（看地点）
  地点：距水源不足 200 m（恰好等于不算）
  条件：活动类别包括工业生产，并且建设性质为新建或扩建
  须满足：先论证。
  但书：排放水污染物的，改为禁止
  但书：活动类别仅限于宾馆住宿的，本条不适用
  参数：距水源 = 200 m（自 2023-01-01 起；L10）
  参数：距水源 = 300 m（自 2025-01-01 起；L11）（当日不用）
  辖区：甲县（140522）
  有效期：自 2023-01-01 起（2024-06-01 有效）
  依据：甲县人民政府 甲政发〔2023〕1号 《甲县规划》（规划）第二章 L10-12「两百米」
  让位：LAW-6 适用时，本条让位：水源区按本法（第七条）
  说明：起算点未定。
  案例：2 个，1 个不符
    ✓ 一百米处的焦化  2024-01-01
      情形：距水源（一级区） 100 m；建设性质：新建；活动类别：焦化；不排放水污染物
      结果：适用，限制
    × 二百五十米处的焦化  2024-01-01
      情形：距水源（一级区） 250 m；建设性质：新建；活动类别：焦化；不排放水污染物
      结果：不适用
      应为：适用
  文件：rules/plan/R101.yaml
"""
ARTICLE_EN = """\
LAW-6  nothing new in level 1 (not verified)
  says: Nothing new in level 1.
  effect: prohibits; zone rule: the place decides
  where: the site overlaps water (level-1)
  when: kind of construction is new
  territory: whole country
  dates: from 2024-01-01 (not yet in force on 2023-06-01)
  source: Standing Committee: Some Law (law), 第六条 (not verified)
  not verified: the article was not compared with the official text: it never decides alone
  goes before: where it applies, R101 steps back: water zones follow this law (第七条)
  history:
    before: LAW-5 no building in level 1 (2010-01-01 to 2023-12-31; in force on 2023-06-01)
  cases: 0, 0 came out differently
  file: rules/law/LAW-6.yaml
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = rule_shelf.build(tmp_path / "w")
    monkeypatch.chdir(root)
    return root


def shown(
    capsys: pytest.CaptureFixture[str],
    root: Path,
    rule: str,
    on: str,
    language: Language = "zh",
    *,
    as_json: bool = False,
) -> str:
    assert show_rule(Session(language), root, rule, on, as_json=as_json) == 0
    return capsys.readouterr().out


def test_a_rule_with_all_that_it_has(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, root, "R101", "2024-06-01") == GRADED_ZH


def test_an_article_with_its_history_in_english(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, root, "LAW-6", "2023-06-01", "en") == ARTICLE_EN


def test_what_is_shown_as_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(shown(capsys, root, "LAW-5", "2024-01-01", as_json=True))
    assert (told["id"], told["verified"], told["weight"], told["in_force_on_day"]) == ("LAW-5", True, "law", False)
    assert told["texts"]["where"] == {"zh": "与水源（一级区）重叠", "en": "the site overlaps water (level-1)"}
    assert told["texts"]["when"] is None
    assert told["texts"]["state"]["zh"] == "2024-01-01 已失效"
    assert [entry["rule"] for entry in told["history"]] == ["LAW-6"]
    assert told["file"] == "rules/law/LAW-5.yaml"
    cases = json.loads(shown(capsys, root, "R101", "2024-01-01", as_json=True))["cases"]
    assert [case["as_expected"] for case in cases] == [True, False]
    assert cases[1]["outcome"] == {"zh": "不适用", "en": "does not apply"}


def test_the_file_is_named_whole_from_elsewhere(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert f"文件：{root}/rules/plan/R101.yaml" in shown(capsys, root, "R101", "2024-01-01").replace("\n    ", "")


def test_long_conditions_are_numbered(workspace_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, workspace_root, "R176", "2024-01-01").splitlines()
    start = lines.index("  条件：符合下列任一项")
    assert lines[start + 1].startswith("    1. ")
    # The path of the file is one word, as long as it is.
    assert all(len(line) <= 100 for line in lines if "/rules/" not in line)


def test_every_built_in_rule_can_be_shown_in_both_languages(
    workspace_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, rule in enumerate(("R001", "R119", "ECO-319a", "WPPL-65a", "YRPL-26b")):
        languages: tuple[Language, ...] = ("zh", "en")
        # Each opens the workspace anew: each rule in one language, in both in the long form.
        for language in languages[number % 2 :: 2] if times(1, 0) else languages:
            text = shown(capsys, workspace_root, rule, "2026-11-22", language)
            assert text.startswith(f"{rule}  ")
            assert "×" not in text


def test_an_unknown_rule_is_refused_with_the_nearest(root: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        show_rule(Session("zh"), root, "R11", None, as_json=False)
    assert refusal.value.get("zh") == "没有规则“R11”；是否想写“R101”？"


@pytest.mark.parametrize(
    ("on", "territory", "rules"),
    [
        ("2023-06-01", None, ["LAW-5", "R101"]),
        ("2024-06-01", "140522", ["LAW-6", "R101"]),
        # What holds in the whole country holds in every county.
        ("2024-06-01", "140825", ["LAW-6"]),
    ],
)
def test_the_list_knows_territories_and_days(
    root: Path, on: str, territory: str | None, rules: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert list_rules(Session("zh"), root, on, territory, as_json=True) == 0
    assert [rule["id"] for rule in json.loads(capsys.readouterr().out)] == rules


def test_the_list_marks_what_is_not_verified(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list_rules(Session("zh"), root, "2024-06-01", None, as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if line.startswith("LAW-6")).split()[-3:] == ["某法", "第六条", "[待核实]"]
    assert next(line for line in lines if line.startswith("R101")).split()[-1] == "第二章"
