"""One wrong workspace per mistake that people make, with the sentence that they read."""

import shutil
from pathlib import Path

import pytest

import tiny_workspace
from zoning.errors import ContentError, UsageError, WorkspaceNotFoundError
from zoning.workspace import Workspace, copy_workspace, find_workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


MISTAKES = [
    (
        "zoning.yaml",
        "latitude: 35.5",
        "latitud: 35.5",
        "zoning.yaml:2: unknown key 'latitud' - did you mean 'latitude'?",
    ),
    (
        "zoning.yaml",
        "latitude: 35.5",
        "latitude: north",
        "zoning.yaml:2: latitude: 'north' is no number; write one such as 35.5",
    ),
    ("zoning.yaml", "search_distance: 5 km", "search_distance: 5 miles", "zoning.yaml:4: search_distance: '5 miles'"),
    ("zoning.yaml", "territory_layer: territory", "territory_layer: county", "there is no layer 'county'"),
    ("layers/water.yaml", "accuracy_m: 0.0", "acuracy_m: 0.0", "unknown key 'acuracy_m' - did you mean 'accuracy_m'?"),
    ("layers/water.yaml", "group: protection", "group: protecton", "'protecton' is not one of"),
    ("layers/water.yaml", "group: protection", "group: protecton", "did you mean 'protection'?"),
    ("layers/water.yaml", "valid_from: 2020-01-01", "valid_from: 2020-13-01", "editions.2020.valid_from: '2020-13-01'"),
    ("layers/water.yaml", 'codes: ["1"]', 'code: ["1"]', "unknown key 'code' - did you mean 'codes'?"),
    ("layers/water.yaml", "class_field: class\n", "", "without 'class_field' there must be exactly one class"),
    ("layers/water.yaml", "crs: EPSG:4490\n", "crs: EPSG:4490\ncrs: EPSG:4326\n", "the key 'crs' stands here twice"),
    ("layers/water.yaml", "title:", "title: [", "water.yaml:1: '[' has no ']': add it at the end of this entry"),
    ("rules/plan/R042.yaml", "effect: prohibit", "effekt: prohibit", "unknown key 'effekt' - did you mean 'effect'?"),
    ("rules/plan/R042.yaml", "effect: prohibit", "effect: allow", "'allow' is not one of"),
    (
        "rules/plan/R042.yaml",
        "construction: new",
        "constuction: new",
        "unknown fact 'constuction' - did you mean 'construction'?",
    ),
    (
        "rules/plan/R042.yaml",
        "construction: new",
        "construction: nwe",
        "unknown value of construction 'nwe' - did you mean 'new'?",
    ),
    ("rules/plan/R042.yaml", "[level-1]", "[level-3]", "layer water has no class 'level-3'; allowed: level-1, level-2"),
    ("rules/plan/R042.yaml", '["140522"]', '["140825"]', "a rule cannot bind outside the territory of its issuer"),
    ("rules/plan/R042.yaml", "classes: [level-1]}", "relation: within}", "'within' needs a distance such as 1 km"),
    ("rules/plan/R042.yaml", "scope: zone\n", "scope: zone\nid: R043\n", "the id must be the name of the file"),
    ("rules/facts.yaml", "kind: yes_no", "kind: yes-no", "'yes-no' is not one of"),
    ("rules/documents.yaml", "  plan:", "  pln:", "documents.yaml has no document 'plan'"),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), MISTAKES)
def test_a_mistake_is_named_with_its_file(root: Path, file: str, old: str, new: str, sentence: str) -> None:
    change(root / file, old, new)
    with pytest.raises(ContentError) as caught:
        _ = Workspace.open(root).rulebook
    message = caught.value.get("en")
    assert sentence in message
    assert Path(file).name in message
    assert "Traceback" not in message
    assert caught.value.exit_code == 10


def test_all_mistakes_come_at_once(root: Path) -> None:
    change(root / "layers" / "water.yaml", "accuracy_m: 0.0", "acuracy_m: 0.0")
    change(root / "layers" / "farmland.yaml", "group: agriculture", "group: farm")
    with pytest.raises(ContentError) as caught:
        Workspace.open(root)
    assert "water.yaml:" in caught.value.get("en")
    assert "farmland.yaml:" in caught.value.get("en")


def test_an_id_used_twice_is_refused(root: Path) -> None:
    shutil.copytree(root / "rules" / "plan", root / "rules" / "other")
    change(root / "rules" / "documents.yaml", "documents:\n", "documents:\n  other: &d\n")
    with pytest.raises(ContentError):
        _ = Workspace.open(root).rulebook


def test_no_workspace_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFoundError) as caught:
        Workspace.open(tmp_path)
    assert caught.value.get("en") == f"{tmp_path} is no workspace (no zoning.yaml); make one with: zoning init"
    assert caught.value.get("zh") == f"{tmp_path}：不是工作空间（没有 zoning.yaml）；用 zoning init 新建一个"
    with pytest.raises(WorkspaceNotFoundError):
        find_workspace(None, {"ZONING_WORKSPACE": str(tmp_path)}, tmp_path)


def test_the_nearest_workspace_is_found(root: Path, tmp_path: Path) -> None:
    inside = root / "layers" / "data"
    assert find_workspace(None, {}, inside) == (root, False)
    assert find_workspace(root, {}, tmp_path) == (root, False)
    assert find_workspace(None, {"ZONING_WORKSPACE": str(root)}, tmp_path) == (root, False)


def test_a_copy_is_complete_and_never_overwrites(root: Path, tmp_path: Path) -> None:
    copy_workspace(root, tmp_path / "copy")
    copied = Workspace.open(tmp_path / "copy")
    assert copied.rulebook.sha256 == Workspace.open(root).rulebook.sha256
    with pytest.raises(UsageError, match="exists and is not empty; choose another folder"):
        copy_workspace(root, tmp_path / "copy")


def test_a_failed_copy_leaves_nothing(root: Path, tmp_path: Path) -> None:
    shutil.rmtree(root / "maps")
    with pytest.raises(ContentError, match="nothing was left"):
        copy_workspace(root, tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["w"]
