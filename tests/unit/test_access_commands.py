"""`zoning rules import-list` and `zoning rules access-list` as plain functions; the comparison as it is printed."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import tiny_workspace
from access_world import (
    GENERAL,
    HEADER,
    KEY,
    PRIORITY,
    VOCABULARY,
    class_overlap,
    clause,
    edition_text,
    inside,
    lists,
    overlap,
    situation,
    workbook,
    zone,
)
from zoning.cli.access import ImportRequest, import_access_list, show_access_list
from zoning.cli.comparison import print_comparison
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.rules.access.compare import compare
from zoning.rules.access.entries import UnitComparison
from zoning.texts import Language

ROWS = [
    HEADER,
    (GENERAL, "某单元", "阳城县", "一般", "1.禁止甲。2.限制乙。", "排放。", "/", ""),
    ("", "", "", "", "没有编码的要求。"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return workbook(tmp_path / "list.xlsx", ROWS)


def request(file: Path, root: Path | None, **options: Any) -> ImportRequest:
    told = ImportRequest(file, "county-2024", "某县清单", "某县", "2024-01-01", workspace=root)
    return replace(told, **options)


def session(language: Language = "zh") -> Session:
    return Session(language, environ={})


def test_import_and_show(root: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_access_list(session(), request(file, root)) == 0
    target = root / "rules" / "access-lists" / "county-2024.yaml"
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"已写入 {target}：1 个单元，3 条条款；辖区 140522"
    assert lines[1:] == [
        "没有有效单元编码、未导入的行：1",
        "  · 工作表“清单”第 3 行：没有编码的要求。",
        "空白的维度：1",
        f"  · 工作表“清单”第 2 行：{GENERAL} 资源开发效率要求",
        "写明“无”的维度：1",
        f"  · 工作表“清单”第 2 行：{GENERAL} 环境风险防控 /",
    ]
    assert show_access_list(session(), root, None, "2026-06-01", as_json=True) == 0
    (edition,) = json.loads(capsys.readouterr().out)
    assert (edition["edition"], edition["in_force"], edition["units"], edition["clauses"]) == (
        "county-2024",
        True,
        1,
        3,
    )
    assert show_access_list(session(), root, GENERAL.lower(), "2026-06-01", as_json=True) == 0
    clauses = json.loads(capsys.readouterr().out)
    assert [(c["number"], c["printed"], c["text"], c["decidable"]) for c in clauses] == [
        ("1-1", "1.", "禁止甲。", False),
        ("1-2", "2.", "限制乙。", False),
        ("2-1", "", "排放。", False),
    ]


def test_text_of_the_editions_and_of_a_unit(root: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_access_list(session(), request(file, root, number="某发〔2024〕1号"))
    capsys.readouterr()
    assert show_access_list(session(), root, None, "2026-06-01", as_json=False) == 0
    shown = capsys.readouterr()
    assert "county-2024" in shown.out
    assert "某县 某发〔2024〕1号" in shown.out
    assert shown.err == "2026-06-01 有效 1 个版本\n"
    assert show_access_list(session("en"), root, GENERAL, "2026-06-01", as_json=False) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(f"{GENERAL} 某单元\n")
    assert "unit · spatial layout" in shown.out
    assert "1. 禁止甲。" in shown.out
    assert shown.err == ""


def test_a_unit_that_no_list_knows(root: Path, file: Path) -> None:
    import_access_list(session(), request(file, root))
    with pytest.raises(UsageError) as caught:
        show_access_list(session(), root, "ZH14052230009", "2026-06-01", as_json=False)
    assert caught.value.get("zh") == ("2026-06-01 没有适用于单元“ZH14052230009”的准入清单；是否想写“ZH14052230001”？")


def test_an_edition_is_replaced_only_when_asked(root: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_access_list(session(), request(file, root))
    target = root / "rules" / "access-lists" / "county-2024.yaml"
    before = target.read_bytes()
    with pytest.raises(UsageError) as caught:
        import_access_list(session(), request(file, root))
    assert caught.value.get("zh") == (
        f"{target} 已存在；要用新文件重新导入这一版本，请加 --replace（手写的条件会保留）"
    )
    target.write_text(
        before.decode().replace("  text: 限制乙。\n", "  text: 限制乙。\n  complies_when: {supply: no}\n")
    )
    capsys.readouterr()
    assert import_access_list(session(), request(file, root, replace=True)) == 0
    assert "保留手写条件 1 条" in capsys.readouterr().out
    assert "  complies_when:\n    supply: no\n" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("valid_from", "remedy"),
    [
        ("2026-01-01", "请先在 county-2024.yaml 写 valid_to: 2025-12-31；"),
        ("2024-01-01", ""),
    ],
)
def test_a_second_list_for_the_same_day_is_refused(root: Path, file: Path, valid_from: str, remedy: str) -> None:
    import_access_list(session(), request(file, root))
    later = request(file, root, id="county-2026", valid_from=valid_from)
    with pytest.raises(ContentError) as caught:
        import_access_list(session(), later)
    assert str(caught.value.text.zh) == (
        f"没有导入：单元 {GENERAL} 的清单已见于“county-2024”，两个版本会同时有效；{remedy}"
        "如是同一版本的更正，改用 --id county-2024 --replace"
    )
    folder = root / "rules" / "access-lists"
    assert sorted(path.name for path in folder.iterdir()) == ["county-2024.yaml"]
    older = folder / "county-2024.yaml"
    text = older.read_text(encoding="utf-8")
    older.write_text(text.replace("valid_from:", "valid_to: 2025-12-31\nvalid_from:", 1), encoding="utf-8")
    assert import_access_list(session(), request(file, root, id="county-2026", valid_from="2026-01-01")) == 0


def test_a_title_and_an_issuer_are_needed(root: Path, file: Path) -> None:
    with pytest.raises(UsageError) as caught:
        import_access_list(session(), request(file, root, issuer=" "))
    assert caught.value.text.zh == "--issuer 不能空着；照清单写"


def test_nothing_is_written_when_the_import_fails(root: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("姓名\n", encoding="utf-8")
    with pytest.raises(ContentError):
        import_access_list(session(), request(bad, root))
    assert not (root / "rules" / "access-lists").exists()


@pytest.mark.parametrize(
    ("options", "zh"),
    [
        (
            {"id": "../elsewhere"},
            "--id：“../elsewhere”不能作清单版本的名称；只用小写字母、数字和连字符，如 jincheng-2024",
        ),
        ({"valid_from": "2024年"}, "--from：“2024年”不是日期；写成 2026-11-22 的形式"),
        ({"valid_to": "no"}, "--to：“no”不是日期；写成 2026-11-22 的形式"),
        ({"level": "省"}, "--level：“省”不可用；可用：province, city, county, unit"),
    ],
)
def test_options_that_cannot_be_meant(root: Path, file: Path, options: dict[str, object], zh: str) -> None:
    with pytest.raises(UsageError) as caught:
        import_access_list(session(), request(file, root, **options))
    assert caught.value.get("zh") == zh


def test_the_built_in_workspace_is_never_written(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        import_access_list(session(), request(file, None))
    assert caught.value.get("zh") == (
        "没有工作空间可写入；先用 zoning init 新建一个，再用 --workspace 指明，或用 --out 写到别的文件夹"
    )
    assert import_access_list(session(), request(file, None, out=tmp_path / "out")) == 0
    assert (tmp_path / "out" / "county-2024.yaml").is_file()
    assert capsys.readouterr().out.startswith(f"已写入 {tmp_path / 'out' / 'county-2024.yaml'}：")


def test_a_wider_list(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "city.csv"
    path.write_bytes("管控维度,管控要求\n空间布局约束,1.甲。2.乙。\n".encode("gbk"))
    options: dict[str, object] = {"id": "city", "level": "city", "territories": ("1405",)}
    assert import_access_list(session("en"), request(path, root, **options)) == 0
    target = root / "rules" / "access-lists" / "city.yaml"
    assert capsys.readouterr().out == f"written to {target}: 0 units, 2 clauses; territories 1405\n"
    show_access_list(session(), root, KEY, "2026-06-01", as_json=False)
    assert capsys.readouterr().err == f"单元 {KEY} 当日没有自己的清单\n"


# --- the comparison on the terminal


def printed(entries: tuple[UnitComparison, ...], language: Language) -> str:
    out = StringIO()
    print_comparison(Console(file=out, width=100, highlight=False), entries, language)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip() + "\n"


def test_a_comparison_as_it_is_printed(tmp_path: Path) -> None:
    text = clause("1-1", complies_when="{activity: [hotel]}", printed="1.", text="只允许宾馆。") + clause(
        "2-1", dimension="pollutant-discharge", text="排放要求。"
    )
    found = lists(tmp_path, own=edition_text(text, schematic="true"))
    units = inside(name="某单元")
    entries = compare(found, situation(units, {"activity": ("steel",)}), VOCABULARY)
    assert printed(entries, "zh") == (
        "准入清单逐条对照\n"
        "    示意清单，不是发布机关的清单，不得作为依据\n"
        "\n"
        "  ZH14052230001  某单元  一般管控单元  1.0000 公顷（15.00 亩）  确定\n"
        "    《某县清单》 某县\n"
        "    没有有效的省级、市级清单，未核查\n"
        "    × 不符合 1   ? 需进一步核实 1\n"
        "  级别 · 维度     条号  要求             本项目情况            结果\n"
        "  管控单元        1-1   1. 只允许宾馆。  活动类别：钢铁        × 不符合\n"
        "  空间布局约束\n"
        "  管控单元        2-1   排放要求。       本条没有机器条件，须  ? 需进一步核实\n"
        "  污染物排放管控                         人工对照\n"
        "    环境风险防控：单元清单没有内容\n"
        "    资源开发效率要求：单元清单没有内容\n"
    )


def test_units_without_a_list_are_printed_too(tmp_path: Path) -> None:
    units = overlap(
        class_overlap("priority", zone(PRIORITY, 0.0), certainty="possible"), uncovered_m2=10_000.0, covered_m2=0.0
    )
    shown = printed(compare(lists(tmp_path), situation(units), VOCABULARY), "en")
    assert "ZH14052210001  priority  0.0000 ha (0.00 mu)  possibly affected\n" in shown
    assert "no list, not checked: the workspace has no access list for unit ZH14052210001;" in shown
    assert "the units of 1.0000 ha (15.00 mu) are not known" in shown
    assert max(len(line) for line in shown.splitlines()) <= 100


def test_nothing_is_printed_where_there_is_nothing_to_compare() -> None:
    assert printed((), "zh") == "\n"
