"""`zoning rules lint` as it is run: exit codes, sentences with file and line, JSON, one rule, another day."""

import json
import sys
from pathlib import Path

import pytest

import lint_world
from zoning.cli import _run
from zoning.texts import Language

GAP = [
    {
        "file": "plan/R043.yaml",
        "old": "capacity: {at_least: large}",
        "new": "capacity: {at_least: 5, below: 3}",
    }
]
FORGOTTEN = [{"file": "plan/R043.yaml", "old": "value: 20,", "new": "value: 20, until: 2024-05-31,"}]

UNTIL = "the value 20 of 'large' holds until 2024-05-31 only: look it up, and add the new day and figure"
IDLE = """\
  old:
    title: {zh: 旧法, en: old law}
    issuer: {zh: 某机关, en: some office}
    issued: 2010-01-01
    weight: law
    territories: ["CN"]
    valid_from: 2010-01-01
  law:
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lint_world.build(tmp_path / "w")


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str, language: Language = "zh"
) -> tuple[int, str, str]:
    from zoning.cli.options import SESSION

    monkeypatch.setattr(SESSION, "language", language)
    monkeypatch.setattr(sys, "argv", ["zoning", "rules", "lint", *arguments])
    code = _run(language, {})
    out, err = capsys.readouterr()
    return code, out, err


def test_nothing_to_say(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, capsys, "-w", str(root), "--on", "2024-06-01") == (0, "", "3 条规则，0 个问题，0 个提示\n")


def test_a_fault_is_named_with_file_and_line(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lint_world.plant(root, GAP)
    code, out, err = run(monkeypatch, capsys, "-w", str(root), "--rule", "R043")
    assert (code, err) == (10, "3 条规则，4 个问题，0 个提示\n")
    assert out.splitlines()[2:] == [
        "× rules/plan/R043.yaml:9：条件永远不成立：对 capacity 的要求互相矛盾；请核对界限和用词 [never-holds]",
        "× rules/plan/R043.yaml:13：没有条件用到参数“large”；请在 when 中写它的名称，或删去 [unused-value]",
    ]
    english = run(monkeypatch, capsys, "-w", str(root), "--rule", "R043", language="en")[1]
    assert english.splitlines()[0] == (
        "× rules/cases/R043.yaml:2: a case is missing: exactly on the limit: capacity = 3 [no-limit-case]"
    )


def test_only_the_rule_that_is_asked_for(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lint_world.plant(root, GAP)
    code, out, _ = run(monkeypatch, capsys, "-w", str(root), "--rule", "R042")
    assert (code, out) == (0, "")
    code, out, err = run(monkeypatch, capsys, "-w", str(root), "--rule", "R04")
    assert (code, out) == (2, "")
    assert err == "zoning: 没有规则“R04”；是否想写“R043”？\n"


def test_the_day_decides_what_has_expired(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lint_world.plant(root, FORGOTTEN)
    assert run(monkeypatch, capsys, "-w", str(root), "--on", "2024-05-31")[0] == 0
    assert run(monkeypatch, capsys, "-w", str(root), "--on", "2024-06-01")[0] == 10


def test_as_json(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lint_world.plant(root, FORGOTTEN)
    code, out, _ = run(monkeypatch, capsys, "-w", str(root), "--on", "2024-06-01", "--format", "json")
    assert code == 10
    assert json.loads(out) == {
        "on": "2024-06-01",
        "faults": [
            {
                "kind": "expired-value",
                "level": "fault",
                "rule": "R043",
                "file": "rules/plan/R043.yaml",
                "line": 16,
                "text": {
                    "zh": "参数“large”的值 20 只到 2024-05-31；请核对出处，补上新的起始日和数值",
                    "en": UNTIL,
                },
            }
        ],
    }


def test_a_note_does_not_change_the_exit_code(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lint_world.plant(root, [{"file": "documents.yaml", "old": "  law:\n", "new": IDLE}])
    code, out, err = run(monkeypatch, capsys, "-w", str(root), "--on", "2024-06-01")
    assert (code, err) == (0, "3 条规则，0 个问题，1 个提示\n")
    assert out == "· rules/documents.yaml:10：没有规则引用《旧法》；如有应遵守的条文，请写成规则 [unused-document]\n"


def test_the_built_in_rule_base_has_no_fault(
    workspace_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(monkeypatch, capsys, "-w", str(workspace_root), "--on", "2026-11-22")
    assert [line for line in out.splitlines() if line.startswith("×")] == []
    assert code == 0
