"""A small rule base without any fault, and faults to plant in it: one change, one sentence."""

import shutil
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import tiny_workspace
from zoning.rules.cases import read_cases
from zoning.rules.derivation.industry import CODES
from zoning.rules.lint.examination import examine
from zoning.rules.lint.precedence import read_precedence
from zoning.rules.lint.rule_base import RuleBase
from zoning.workspace import Workspace

TODAY = date(2024, 6, 1)

BUILTIN = Path(__file__).parents[2]
CLEAN = Path(__file__).parents[1] / "unit" / "lint" / "rules"
"""Rules, facts, documents and cases without any fault; the layers are those of the tiny workspace."""


def build(root: Path) -> Path:
    """Write the workspace into `root` and return it."""
    tiny_workspace.build(root)
    shutil.rmtree(root / "rules")
    shutil.copytree(CLEAN, root / "rules")
    shutil.copy(BUILTIN / "rules" / CODES, root / "rules")
    return root


def plant(root: Path, changes: Iterable[Mapping[str, str]]) -> None:
    """Change files of `rules/`: `old` becomes `new` once; without `old` the file is written, without `new` deleted."""
    for change in changes:
        path = root / "rules" / change["file"]
        if "new" not in change:
            path.unlink()
            continue
        text = path.read_text(encoding="utf-8") if "old" in change else ""
        assert change.get("old", "") in text, change
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(change["old"], change["new"], 1) if text else change["new"], encoding="utf-8")


def rule_base(root: Path, on: date = TODAY) -> RuleBase:
    """Return the rule base of the workspace in `root`."""
    workspace = Workspace.open(root)
    rules = root / "rules"
    cases = {file.rule: file for file in read_cases(rules / "cases")}
    precedence = read_precedence(rules / "precedence.yaml")
    return RuleBase(rules, workspace.rulebook, workspace.catalogue.layers, cases, precedence, on)


def faults(root: Path, on: date = TODAY) -> list[dict[str, str]]:
    """Return all faults, each as kind, place and sentence in both languages."""
    return [
        {
            "kind": fault.kind,
            "at": f"{fault.path.relative_to(root / 'rules').as_posix()}:{fault.line}",
            "zh": fault.text.zh,
            "en": fault.text.en,
        }
        for fault in examine(rule_base(root, on))
    ]
