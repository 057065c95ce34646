"""Rules written wrongly, as people who do not program write them: the sentences stand in rule_sentences.yaml."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

import tiny_workspace
from long_runs import times
from zoning.cli import _run
from zoning.texts import Language
from zoning.workspace import Workspace
from zoning.yaml_syntax import explain_syntax

SENTENCES = Path(__file__).with_name("rule_sentences.yaml")
MISTAKES: Mapping[str, Mapping[str, str]] = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))["mistakes"]
CHECKED = list(MISTAKES)[:: times(6, 1)]
"""The mistakes that `check` is tried with as well: it opens the workspace as the other commands do."""
RULE = "rules/plan/R042.yaml"
CAPACITY = """\
  capacity:
    title: {zh: 规模, en: capacity}
    question: {zh: 多大？, en: how large?}
    kind: number
    unit: t/h
"""
CASES = """\
rule: R042
cases:
  - {name: 未新建, on: 2023-01-01, facts: {construction: none}, expect: does_not_apply}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tiny_workspace.build(tmp_path / "w")
    with (root / "rules" / "facts.yaml").open("a", encoding="utf-8") as file:
        file.write(CAPACITY)
    (root / "rules" / "cases" / "R042.yaml").write_text(CASES, encoding="utf-8")
    tiny_workspace.site_file(root / "site.geojson", (112.404, 35.504, 112.405, 35.505))
    return root


def spoken(capsys: pytest.CaptureFixture[str], root: Path, *command: str, language: Language) -> tuple[int, str]:
    """Run a command as the program does, and return its exit code with what it says, paths as seen from `root`."""
    sys.argv = ["zoning", *command, "--workspace", str(root)]
    code = _run(language, {})
    return code, capsys.readouterr().err.removeprefix("zoning: ").replace(f"{root.as_posix()}/", "").rstrip("\n")


@pytest.fixture(autouse=True)
def _arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["zoning"])


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_has_its_sentence(root: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    mistake = MISTAKES[name]
    path = root / mistake.get("file", RULE)
    text = path.read_text(encoding="utf-8")
    assert mistake["old"] in text
    path.write_text(text.replace(mistake["old"], mistake["new"], 1), encoding="utf-8")
    assert spoken(capsys, root, "rules", "test", language="zh") == (10, mistake["zh"])
    assert spoken(capsys, root, "rules", "lint", language="en") == (10, mistake["en"])
    if name in CHECKED:
        assert spoken(capsys, root, "check", str(root / "site.geojson"), language="zh") == (10, mistake["zh"])


def test_mistakes_of_all_files_come_at_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("R042", "R048"):
        path = root / "rules" / "plan" / f"{name}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("effect: ", "effect: 严格"), encoding="utf-8")
    code, said = spoken(capsys, root, "rules", "lint", language="zh")
    assert code == 10
    allowed = "prohibit、restrict、require、encourage"
    assert said.splitlines() == [
        f"rules/plan/R042.yaml:9：effect：“严格prohibit”不在可用的词之中：{allowed}；是否想写“prohibit”？",
        f"rules/plan/R048.yaml:9：effect：“严格restrict”不在可用的词之中：{allowed}；是否想写“restrict”？",
    ]


def test_an_id_that_two_documents_use(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = root / "rules" / "documents.yaml"
    own = documents.read_text(encoding="utf-8")
    documents.write_text(own + own.replace("documents:\n", "").replace("  plan:", "  other:"), encoding="utf-8")
    (root / "rules" / "other").mkdir()
    shutil.copy(root / RULE, root / "rules" / "other" / "R042.yaml")
    assert spoken(capsys, root, "rules", "test", language="zh") == (
        10,
        "rules/plan/R042.yaml:1：规则编号 R042 已用于 other；一个编号只用一次，请改文件名或删去其中一个",
    )
    assert spoken(capsys, root, "rules", "lint", language="en") == (
        10,
        "rules/plan/R042.yaml:1: the id R042 is used in other already: rename the file, or delete one of them",
    )


def test_a_folder_that_is_no_document(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "rules" / "plan").rename(root / "rules" / "plans")
    code, said = spoken(capsys, root, "rules", "test", language="zh")
    assert code == 10
    assert said.splitlines()[0] == (
        "rules/plans/R042.yaml:1：documents.yaml 中没有文件“plans”；先在那里登记，或改正文件夹名；是否想写“plan”？"
    )


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_file_in_another_encoding(root: Path, capsys: pytest.CaptureFixture[str], encoding: str) -> None:
    path = root / RULE
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert spoken(capsys, root, "rules", "test", language="zh") == (
        10,
        "rules/plan/R042.yaml:1：无法读取（不是 UTF-8 编码）；请在编辑器中另存为 UTF-8",
    )


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_marks_of_other_editors_do_no_harm(
    root: Path, capsys: pytest.CaptureFixture[str], mark: bytes, end: str
) -> None:
    path = root / RULE
    plain = path.read_text(encoding="utf-8")
    path.write_bytes(mark + plain.replace("\n", end).encode())
    assert [rule.id for rule in Workspace.open(root).rulebook.rules] == ["R042", "R048", "R083"]
    path.write_bytes(mark + plain.replace("\n", end).replace("effect:", "\teffect:").encode())
    assert spoken(capsys, root, "rules", "test", language="zh") == (
        10,
        "rules/plan/R042.yaml:9：第 9 行用了制表符，请改为空格",
    )


SYNTAX = [
    "a:\n\tb: 1\n", "a:\n  b: 1\n\tc: 2\n", "a: 1\nb：2\nc: 3\n", "a：2\nb: 3\n", "a: 1\nb:2\nc: 3\n", "a: {b: x: y}\n",
    "a: {b: x\nc: 1\n", "a: [b, c\nd: 1\n", 'a: {b: "x" c: y}\n', "a: {b: x}}\n", 'a: "x\nb: 1\n', "a: 1\n b: 2\n",
    "a:\n    b: 1\n  c: 2\n", "a:\n- b: 1\n   c: 2\n", "a: >=20\n", "a: {b: >=20}\n", "a: @x\n", "a: %x\n", "a: |x\n",
    "a: - b\n", 'a: "x" y\n', "a: \x01\n", "a: “x: y”\n", "a: ｛b: c｝\n", "a: {b: x， c: y}\n", "a: * b\n",
]  # fmt: skip


@pytest.mark.parametrize("text", SYNTAX)
def test_both_parsers_bring_about_the_same_sentence(text: str) -> None:
    said = set[object]()
    for loader in (getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader):
        with pytest.raises(yaml.YAMLError) as caught:
            list(yaml.parse(text, Loader=loader))
        said.add(explain_syntax(text, caught.value))
    assert len(said) == 1
