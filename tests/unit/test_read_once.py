"""What is digested is what was read, and what one run has opened it does not open again."""

from pathlib import Path

import pytest

import tiny_workspace
from zoning.cli.session import Session
from zoning.rules import rulebook
from zoning.rules.verdict import DECISIONS, Verdict, strictest
from zoning.workspace import Workspace
from zoning.yaml_files import YamlFile, load


def test_the_digest_is_that_of_the_bytes_that_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tiny_workspace.build(tmp_path)
    before = Workspace.open(root).rulebook
    changed = []

    def load_and_change(path: Path) -> YamlFile:
        """Somebody saves the file while the rules are being read."""
        file = load(path)
        path.write_bytes(path.read_bytes() + b"\n# changed\n")
        changed.append(path.name)
        return file

    with monkeypatch.context() as patched:
        patched.setattr(rulebook, "load", load_and_change)
        meanwhile = Workspace.open(root).rulebook
    assert {"documents.yaml", "facts.yaml"} < set(changed)
    assert len(changed) == len(set(changed))
    assert meanwhile.sha256 == before.sha256
    assert Workspace.open(root).rulebook.sha256 != before.sha256


def test_verdict_map_and_report_look_at_the_same_layers(tmp_path: Path) -> None:
    root = tiny_workspace.build(tmp_path)
    session = Session("en", environ={})
    one, other = Workspace.open(root), Workspace.open(root)
    assert session.source(one) is session.source(one)
    assert session.source(one) is not session.source(other)


def test_the_strictest_decision() -> None:
    assert strictest(DECISIONS) == "prohibited"
    assert strictest(["permitted", "undetermined", "restricted"]) == "undetermined"
    assert strictest(["permitted"]) == "permitted"


def test_a_verdict_as_values_is_the_verdict(repository_root: Path) -> None:
    text = (repository_root / "tests" / "golden" / "verdict.json").read_text(encoding="utf-8")
    verdict = Verdict.from_json(text)
    assert Verdict.from_plain(verdict.plain()) == verdict
    assert Verdict.from_plain(verdict.plain()).to_json() == text
