"""The repository holds to its own rules: words, pins, version. Sizes are measured by scripts/measure_house.py."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from zoning import __version__
from zoning.citations import Weight
from zoning.layers.catalogue import Group
from zoning.overlay.overlap import Certainty, Status
from zoning.rules.verdict import Decision, Effect, Outcome

# Section 2 of the design: one word per thing, and its Chinese.
WORDS = {
    "workspace": "工作空间",
    "layer": "图层",
    "class": "类/级",
    "edition": "版本",
    "coverage": "覆盖范围",
    "accuracy": "位置精度",
    "management unit": "管控单元",
    "access list": "准入清单",
    "site": "地块/项目范围",
    "fact": "项目事实",
    "overlap": "重叠",
    "rule": "规则",
    "effect": "管控效力",
    "finding": "判定",
    "verdict": "研判结论",
    "trace": "判定过程",
    "parcel": "图斑",
}
VALUES: dict[str, object] = {
    "decision": Decision,
    "outcome": Outcome,
    "effect": Effect,
    "status": Status,
    "certainty": Certainty,
    "group": Group,
    "weight": Weight,
}

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "zoning").rglob("*.py"))


def _rows(document: str) -> list[list[str]]:
    """Return the cells of all rows of all tables of a Markdown text."""
    lines = (line.strip() for line in document.splitlines())
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


@pytest.fixture(scope="module")
def glossary() -> list[list[str]]:
    return _rows((ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("word", "chinese"), WORDS.items())
def test_each_word_of_the_design_stands_in_the_glossary(glossary: list[list[str]], word: str, chinese: str) -> None:
    assert [word, chinese] in [row[:2] for row in glossary]


@pytest.mark.parametrize("kind", VALUES)
def test_each_value_of_the_code_stands_in_the_glossary(glossary: list[list[str]], kind: str) -> None:
    explained = {cell.strip("`") for row in glossary for cell in row[:1]}
    assert set(get_args(VALUES[kind])) - explained == set()


def test_the_glossary_lists_the_layers_and_classes_by_the_names_that_their_files_give() -> None:
    files = sorted((ROOT / "layers").glob("*.yaml"))
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    section = glossary.partition("## 内置图层 / Layers of the built-in workspace\n")[2]
    listed = [line for line in section.splitlines() if line.startswith("| `")]
    assert listed == [_layer_row(file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]


def _layer_row(layer_id: str, layer: dict[str, Any]) -> str:
    classes = ", ".join(f"`{class_id}` {entry['title']['zh']}" for class_id, entry in layer["classes"].items())
    return f"| `{layer_id}` | {layer['title']['zh']} | {layer['title']['en']} | {classes} |"


def test_every_requirement_is_pinned(project: dict[str, Any]) -> None:
    requirements = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    requirements += project["build-system"]["requires"]
    wanted = {_normalised(re.split(r"[<>=!~\[; ]", requirement)[0]) for requirement in requirements}
    assert wanted - _pins().keys() == set()


def test_pins_are_plain_versions_that_name_no_place() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*|#.*", line)] == []
    assert lines[1:] == sorted(lines[1:], key=lambda line: line.partition("==")[0].lower())


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {_normalised(name): version for name, _, version in (line.partition("==") for line in lines) if version}


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_changelog_tells_of_this_version_and_its_rules() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.search(rf"^## \[{re.escape(__version__)}\].*?(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert re.findall(r"^### (\w+)", section[0], re.MULTILINE) == ["Added", "Rules"]


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert declared is not None
    assert re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE) == declared[1].split()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_name_is_hidden_from_the_types(path: Path) -> None:
    """`getattr(value, "name")` without a default is `value.name`, written so that nobody can check it."""
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    hidden = [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id == "getattr"
        and len(call.args) == len(("value", "name"))
        and isinstance(call.args[1], ast.Constant)
    ]
    assert hidden == []
