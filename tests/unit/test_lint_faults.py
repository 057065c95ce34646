"""Every kind of fault is planted in a clean rule base and brings about its sentence; what is right stays silent.

The faults and their sentences stand in lint/faults.yaml, the clean rule base beside it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import lint_world
from zoning.rules.cases import read_cases, run_cases
from zoning.rules.lint.kinds import KINDS
from zoning.workspace import Workspace

PLANTED: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    (lint_world.CLEAN.parent / "faults.yaml").read_text(encoding="utf-8")
)
FAULTS, SILENT = PLANTED["faults"], PLANTED["silent"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lint_world.build(tmp_path / "w")


def found(root: Path, planted: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the faults after a change, without those of the kinds that the change brings along."""
    lint_world.plant(root, planted["changes"])
    told = lint_world.faults(root)
    beside = planted.get("beside", [])
    assert {fault["kind"] for fault in told} >= set(beside)
    return [fault for fault in told if fault["kind"] not in beside]


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_has_its_sentence(root: Path, name: str) -> None:
    assert found(root, FAULTS[name]) == FAULTS[name]["faults"]


@pytest.mark.parametrize("name", SILENT)
def test_what_is_right_stays_silent(root: Path, name: str) -> None:
    assert found(root, SILENT[name]) == []


def test_every_kind_is_planted() -> None:
    planted = {fault["kind"] for entry in FAULTS.values() for fault in entry["faults"]}
    assert planted == set(KINDS)


def test_the_cases_of_the_clean_rule_base_come_out(root: Path) -> None:
    workspace = Workspace.open(root)
    files = read_cases(root / "rules" / "cases")
    results = [result for file in files for result in run_cases(file, workspace.rulebook, workspace.catalogue)]
    assert [result.mistake for result in results] == [None] * 14


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_one_sentence_in_both_languages(kind: str) -> None:
    text = KINDS[kind].text
    assert text.zh
    assert text.en
    assert not text.zh.endswith("。")
    assert kind == kind.lower()
