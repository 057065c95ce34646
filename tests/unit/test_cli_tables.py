"""Lines of the terminal: where they break, and how a source is named."""

import io
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from zoning.cli.check import CheckRequest, run_check
from zoning.cli.session import Session
from zoning.cli.tables import folded, print_reasons, source_of
from zoning.rules.verdict import CitationEntry, Verdict
from zoning.texts import Language, Text

SITE = "examples/processing-plant.txt"

LAW = CitationEntry(
    document="law",
    title=Text("中华人民共和国水污染防治法", "Water Pollution Law"),
    number="",
    issuer=Text("全国人大常委会", "NPC"),
    section="第六十五条",
    lines="",
    anchor="",
    weight="law",
    verified=True,
    in_force_from=date(2018, 1, 1),
)


def test_no_line_begins_with_a_sign_and_one_sign_may_hang_over() -> None:
    assert folded("规则编号可查看）：R001", 14) == "规则编号可查\n看）：R001"
    assert folded("规则编号可查看：R001", 14) == "规则编号可查看：\nR001"


@pytest.mark.parametrize("width", [8, 12, 19, 30])
def test_nothing_is_lost_and_no_line_is_wider_than_it_may_be(width: int) -> None:
    text = "禁止建设（含改建）；须“核实”），（甲）、乙）））；重叠 9.0624 公顷。"
    lines = folded(text, width).split("\n")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(cell_len(line) for line in lines[:-1]) <= max(width, cell_len("9.0624 公顷")) + 2


@pytest.mark.parametrize(
    ("change", "language", "expected"),
    [
        ({}, "zh", "水污染防治法 第六十五条"),
        ({}, "en", "Water Pollution Law 第六十五条"),
        ({"number": "国务院令第1号"}, "zh", "国务院令第1号 第六十五条"),
        ({"verified": False}, "zh", "水污染防治法 第六十五条 （待核实）"),
        ({"verified": False}, "en", "Water Pollution Law 第六十五条 (not verified)"),
        ({"verified": False, "section": "条号待核实"}, "zh", "水污染防治法 条号待核实"),
    ],
)
def test_a_law_without_a_number_is_named(change: dict[str, object], language: Language, expected: str) -> None:
    assert source_of(LAW.model_copy(update=change), language) == expected


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [70, 80, 100])
def test_a_narrow_terminal_cuts_no_rule_short(
    workspace_root: Path, capsys: pytest.CaptureFixture[str], width: int, language: Language
) -> None:
    facts = workspace_root / "examples" / "processing-plant.facts.yaml"
    request = CheckRequest(workspace_root / SITE, facts, (), "2026-08-15", workspace_root)
    run_check(Session("zh", {}), request, as_json=True)
    verdict = Verdict.model_validate_json(capsys.readouterr().out)
    out = io.StringIO()
    print_reasons(Console(file=out, width=width, highlight=False), verdict, language, facts={})
    lines = out.getvalue().splitlines()
    moving = {finding.rule for finding in verdict.findings if finding.decision is not None}
    assert moving
    assert moving == {line.split(" ")[0] for line in lines} & {finding.rule for finding in verdict.findings}
    assert "…" not in out.getvalue().replace("… 另有", "").replace("=…", "")
    assert max(cell_len(line) for line in lines) <= width
