"""`zoning plan indicators`: what is printed, written and refused."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from lxml import etree

import indicator_world as world
from zoning.cli.plan_indicators import IndicatorsRequest, run_indicators
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.planning.indicators.entries import indicators_schema
from zoning.texts import Language
from zoning.workspace import builtin_root

SHARE = "    measure: {of: share, part: [{layer: %s}]}\n"
MET = world.entry(
    "forest",
    "    number: '1'\n    kind: binding\n    baseline: {year: 2020, printed: '=69', value: 69}\n"
    "    target: {year: 2025, printed: 不降低, sense: not-lower}\n" + SHARE % "forest",
)
MISSED = world.entry("red", "    target: {year: 2025, printed: '30', sense: at-least, value: 30}\n" + SHARE % "red")
UNKNOWN = world.entry("air", "    target: {year: 2025, sense: handed-down}\n    needs: {zh: 监测, en: monitoring}\n")
PARTIAL = world.entry("some", "    target: {year: 2025, sense: at-least, value: 1}\n" + SHARE % "partial")


def run(root: Path, *, language: Language = "en", as_json: bool = False, **more: Any) -> int:
    request = IndicatorsRequest(on="2024-01-01", workspace=root, **more)
    return run_indicators(Session(language), request, as_json=as_json)


@pytest.mark.parametrize(
    ("entries", "code"), [(MET, 0), (MET + MISSED, 1), (MET + UNKNOWN, 0), (MET + PARTIAL, 3), (MISSED + PARTIAL, 1)]
)
def test_the_exit_code_is_that_of_the_indicators_that_layers_answer(tmp_path: Path, entries: str, code: int) -> None:
    assert run(world.build(tmp_path, entries)) == code


def test_text_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = world.build(tmp_path, MET + MISSED + UNKNOWN + PARTIAL, schematic=True)
    run(root)
    english = capsys.readouterr()
    assert english.err == "measuring: indicators of county A\n"
    for line in (
        "indicators of county A  县140522",
        "1 more indicators that layers cannot answer; see the page of --out",
        "computed from schematic data, no legal boundaries",
        "? some: partial does not cover the territory (100.00 % missing): no figure for the whole",
    ):
        assert line in english.out
    run(root, language="zh")
    chinese = capsys.readouterr().out
    for line in ("甲县规划指标  县140522", "✓ 达到", "× 未达到", "? 不能判断", "由示意数据计算，非法定边界"):
        assert line in chinese


def test_four_files_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, out = world.build(tmp_path / "w", MET + MISSED + UNKNOWN), tmp_path / "out"
    assert run(root, language="zh", as_json=True, out=out) == 1
    printed = json.loads(capsys.readouterr().out)
    stem = out / "indicators-plan"
    assert sorted(path.name for path in out.iterdir()) == [f"{stem.name}.{e}" for e in ("csv", "html", "json", "xlsx")]
    assert json.loads(stem.with_suffix(".json").read_text("utf-8")) == printed
    jsonschema.Draft202012Validator(indicators_schema()).validate(printed)
    values = [one["value"] for one in printed["indicators"]]
    assert values == [pytest.approx(70.0, rel=1e-9), pytest.approx(25.0, rel=1e-9), None]

    rows = list(csv.reader(io.StringIO(stem.with_suffix(".csv").read_text("utf-8-sig"))))
    assert [row[0] for row in rows] == ["指标", "1 指标forest", "指标red"]
    assert [float(row[5]) for row in rows[1:]] == values[:2]
    assert rows[1][3] == "'=69"

    sheet = openpyxl.load_workbook(stem.with_suffix(".xlsx")).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if isinstance(cell.value, float)] == pytest.approx(values[:2], rel=1e-14)
    assert not [cell for cell in cells if cell.data_type == "f"]

    page = stem.with_suffix(".html").read_text("utf-8")
    assert "共 3 项指标，图层可计算 2 项：达到 1，未达到 1，不能判断 0。" in page
    assert "70.00" in page
    assert "://" not in page.replace("http://www.w3.org/2000/svg", "")
    svg = page[page.index("<svg") : page.index("</svg>") + len("</svg>")]
    assert "25.00 %" in "".join(etree.fromstring(svg).itertext())


def test_the_same_files_again(tmp_path: Path) -> None:
    root = world.build(tmp_path / "w", MET + MISSED)
    for name in ("one", "two"):
        run(root, out=tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("plan", "territory", "sentence"),
    [
        ("nothing", None, "there is no plan 'nothing'; allowed: plan"),
        (None, "140825", "there is no plan for '140825'; there are plans for: 140522"),
    ],
)
def test_what_is_not_there(tmp_path: Path, plan: str | None, territory: str | None, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(world.build(tmp_path, MET), plan=plan, territory=territory)
    assert caught.value.text.en == sentence


def test_a_territory_may_be_named(tmp_path: Path) -> None:
    assert run(world.build(tmp_path, MET), territory="县140522") == 0


def test_a_workspace_without_plans(tmp_path: Path) -> None:
    world.build(tmp_path, MET)
    (tmp_path / "plans" / "indicators" / "plan.yaml").unlink()
    with pytest.raises(UsageError, match="the workspace has no indicators"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (
            world.entry("x", SHARE % "red", unit="公顷"),
            "plans/indicators/plan.yaml:9: indicators.x.unit: 'share' gives no '公顷'; allowed: %",
        ),
        (
            world.entry("x", "    measure: {of: share, part: [{layer: red, classes: [three]}]}\n"),
            "plans/indicators/plan.yaml:10: layer red has no class 'three'; allowed: one, two",
        ),
        (
            world.entry("x", SHARE % "red").replace("document: plan,", "document: other,"),
            "plans/indicators/plan.yaml:11: there is no document 'other'",
        ),
        (
            world.entry("x", SHARE % "red" + "    needs: {zh: 甲, en: a}\n"),
            "write either 'measure' (layers answer) or 'needs' (what it takes)",
        ),
        (
            world.entry("x", "    target: {year: 2025, sense: at-least}\n" + SHARE % "red"),
            "at-least and at-most need a 'value', the others none",
        ),
    ],
)
def test_mistakes_of_authors_are_named_with_their_line(tmp_path: Path, entry: str, sentence: str) -> None:
    with pytest.raises(ContentError) as caught:
        run(world.build(tmp_path, entry))
    assert sentence in caught.value.text.en


def test_the_contradiction_of_xinjiang_is_reported_and_not_resolved(capsys: pytest.CaptureFixture[str]) -> None:
    run_indicators(
        Session("zh"), IndicatorsRequest(territory="新绛县", on="2026-11-22", workspace=builtin_root()), as_json=True
    )
    found = json.loads(capsys.readouterr().out)
    (share,) = (one for one in found["indicators"] if one["id"] == "red-line-share")
    assert share["baseline"]["value"] == 4.23
    assert share["value"] == pytest.approx(11.14, abs=0.005)
    said = (
        "2020年现状有两个数：4.23 和 11.14%（xinjiang-2021-22 第一章第一节 发展成效 L87）："
        "正文写红线6649.9公顷、占11.14%；正文中4.23%是生态保护区的占比"
    )
    assert [text["zh"] for text in share["contradictions"]] == [said]
