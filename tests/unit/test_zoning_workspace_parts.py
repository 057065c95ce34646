"""A workspace: where it is found, what it holds, what is copied, what is refused."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import tiny_workspace
from both_languages import both
from zoning.check import Examination
from zoning.errors import ContentError, LayerError, UsageError, WorkspaceNotFoundError
from zoning.rules.facts import FactSheet
from zoning.settings import Settings, settings_digest
from zoning.sites import read_sites
from zoning.sites.site import Site
from zoning.texts import Text
from zoning.workspace import MARKER, Workspace, builtin_root, copy_workspace, examples_folder, find_workspace

ON = date(2026, 6, 1)
LEVEL_2 = (112.412, 35.512, 112.414, 35.514)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_workspace.build(tmp_path_factory.mktemp("w"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "own")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    path = tiny_workspace.site_file(tmp_path_factory.mktemp("s") / "a.geojson", LEVEL_2)
    (found,) = read_sites(path, expected=None)
    return found


def changed(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- where it is ----------------------------------------------------------------------------------------------------


def marked(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("", encoding="utf-8")
    return folder


def test_the_folder_that_is_named_wins_over_all_others(tmp_path: Path) -> None:
    one, two, three = (marked(tmp_path / name) for name in "abc")
    assert find_workspace(one, {"ZONING_WORKSPACE": str(two)}, three) == (one.resolve(), False)
    assert find_workspace(None, {"ZONING_WORKSPACE": str(two)}, three) == (two.resolve(), False)
    assert find_workspace(None, {}, three) == (three, False)
    assert find_workspace(None, {"ZONING_WORKSPACE": ""}, three) == (three, False)


def test_a_link_is_followed_to_the_workspace(tmp_path: Path) -> None:
    real = marked(tmp_path / "real")
    (tmp_path / "link").symlink_to(real)
    assert find_workspace(tmp_path / "link", {}, tmp_path) == (real.resolve(), False)


def test_the_nearest_folder_above_is_taken(tmp_path: Path) -> None:
    marked(tmp_path / "a")
    inner = marked(tmp_path / "a" / "b")
    deep = tmp_path / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    assert find_workspace(None, {}, deep) == (inner, False)
    assert find_workspace(None, {}, tmp_path / "a") == (tmp_path / "a", False)


def test_for_want_of_another_the_built_in_one_is_taken_and_said(tmp_path: Path) -> None:
    assert find_workspace(None, {}, tmp_path) == (builtin_root(), True)


@pytest.mark.parametrize("how", ["named", "variable"])
def test_a_named_folder_that_is_no_workspace_is_never_replaced_by_another(tmp_path: Path, how: str) -> None:
    here = marked(tmp_path / "here")
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    explicit: Path | None = wrong if how == "named" else None
    environ: Mapping[str, str] = {"ZONING_WORKSPACE": str(wrong)} if how == "variable" else {}
    zh, en = both(lambda: find_workspace(explicit, environ, here), WorkspaceNotFoundError)
    assert zh == f"{wrong}：不是工作空间（没有 zoning.yaml）；用 zoning init 新建一个"
    assert en == f"{wrong} is no workspace (no zoning.yaml); make one with: zoning init"


def test_a_folder_called_like_the_file_makes_no_workspace(tmp_path: Path) -> None:
    (tmp_path / MARKER).mkdir()
    with pytest.raises(WorkspaceNotFoundError):
        Workspace.open(tmp_path)


def test_examples_lie_in_the_built_in_workspace() -> None:
    assert examples_folder() == builtin_root() / "examples"


def test_a_file_of_its_own_wins_over_the_built_in_one(own: Path) -> None:
    w = Workspace.open(own)
    assert w.own_or_builtin("maps/report.yaml") == builtin_root() / "maps" / "report.yaml"
    (own / "maps" / "report.yaml").write_text("x", encoding="utf-8")
    assert w.own_or_builtin("maps/report.yaml") == own / "maps" / "report.yaml"


# --- what it says ---------------------------------------------------------------------------------------------------


def test_settings_are_those_of_the_file(root: Path) -> None:
    w = Workspace.open(root)
    assert w.settings == Settings("tiny workspace", 35.5, 5_000.0, 1.0, Text("初步研判。", "Preliminary check."))
    assert list(w.catalogue.layers) == ["farmland", "territory", "water"]
    assert w.catalogue.territory_layer == "territory"
    assert w.file.relief == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("latitude: 35.5", "latitude: 36"),
        ("search_distance: 5 km", "search_distance: 6 km"),
        ("tolerance: 1 m2", "tolerance: 2 m2"),
        ("en: Preliminary check.", "en: Checked."),
        ("en: tiny workspace", "en: other"),
    ],
)
def test_the_digest_of_settings_changes_with_each_of_them(own: Path, old: str, new: str) -> None:
    before = Workspace.open(own)
    changed(own, MARKER, old, new)
    after = Workspace.open(own)
    one, other = (settings_digest(w.settings, w.catalogue) for w in (before, after))
    assert one != other
    assert settings_digest(Workspace.open(own).settings, after.catalogue) == other


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("latitude: 35.5", "latitude: 80", None),
        ("latitude: 35.5", "latitude: -80", None),
        ("latitude: 35.5", "latitude: 80.1", "zoning.yaml:2: latitude: '80.1' is out of range: at most 80"),
        ("latitude: 35.5", "latitude: -80.1", "zoning.yaml:2: latitude: '-80.1' is out of range: at least -80"),
        ("search_distance: 5 km", "search_distance: 5", "zoning.yaml:4: search_distance: '5' is no length"),
        ("tolerance: 1 m2\n", "", "'tolerance' is missing: add it"),
        ("territory_layer: territory", "territory_layer: county", "zoning.yaml:1: there is no layer 'county'"),
    ],
)
def test_what_zoning_yaml_may_say(own: Path, old: str, new: str, sentence: str | None) -> None:
    changed(own, MARKER, old, new)
    if sentence is None:
        Workspace.open(own)
    else:
        _, en = both(lambda: Workspace.open(own), ContentError)
        assert sentence in en


def test_mistakes_of_all_layers_come_at_once(own: Path) -> None:
    for name in ("water", "farmland"):
        changed(own, f"layers/{name}.yaml", "schematic: false", "schematic: vielleicht")
    _, en = both(lambda: Workspace.open(own), ContentError)
    assert [line.split("/layers/")[1] for line in en.splitlines()] == [
        "farmland.yaml:6: schematic: 'vielleicht': write yes or no",
        "water.yaml:6: schematic: 'vielleicht': write yes or no",
    ]


def test_a_workspace_without_layers_is_none(own: Path) -> None:
    for path in (own / "layers").glob("*.yaml"):
        path.unlink()
    zh, en = both(lambda: Workspace.open(own), ContentError)
    assert (zh, en) == (f"{own / 'layers'}：没有图层定义", f"{own / 'layers'}: there are no layer files")


def test_a_class_that_its_layer_does_not_have_is_named_with_its_line(own: Path) -> None:
    changed(own, "rules/plan/R042.yaml", "classes: [level-1]", "classes: [level-9]")
    w = Workspace.open(own)
    zh, en = both(lambda: w.rulebook, ContentError)
    assert zh == "rules/plan/R042.yaml:7：图层 water 没有类别“level-9”；可用：level-1, level-2"
    assert en == "rules/plan/R042.yaml:7: layer water has no class 'level-9'; allowed: level-1, level-2"


def test_a_rule_may_speak_of_a_layer_that_the_workspace_lacks(own: Path) -> None:
    (own / "layers" / "farmland.yaml").unlink()
    assert Workspace.open(own).rulebook.get("R083") is not None


# --- what it does ---------------------------------------------------------------------------------------------------


def test_answers_may_be_told_by_the_names_of_facts_or_as_a_sheet(root: Path, site: Site) -> None:
    w = Workspace.open(root)
    told = w.check(site, {"construction": "new"}, on=ON)
    sheet = w.check(site, FactSheet({"construction": ("new",)}), on=ON)
    assert told.verdict == sheet.verdict
    assert told.verdict.decision == "restricted"


@pytest.mark.parametrize("facts", [None, {}])
def test_what_is_not_told_is_not_known(root: Path, site: Site, facts: Mapping[str, object] | None) -> None:
    verdict = Workspace.open(root).check(site, facts, on=ON).verdict
    assert [fact.fact for fact in verdict.missing_facts] == ["construction"]
    assert verdict.decision != "permitted"


def test_the_explanation_has_a_tree_for_each_rule_of_each_territory(root: Path, site: Site) -> None:
    w = Workspace.open(root)
    found: Examination = w.check(site, {"construction": "new"}, on=ON)
    trees = w.explain(found)
    assert {code: len(listed) for code, listed in trees.items()} == {"140522": 3}


def test_a_verdict_is_run_again_with_the_same_outcome(root: Path, site: Site) -> None:
    w = Workspace.open(root)
    verdict = w.check(site, {"construction": "new"}, on=ON).verdict
    assert w.replay(verdict).same


def test_footprints_are_expected_where_the_territories_lie(root: Path) -> None:
    assert Workspace.open(root).extent(ON) == pytest.approx((112.3, 35.4, 112.7, 35.6), abs=1e-9)


def test_without_its_territories_a_workspace_expects_nothing(own: Path) -> None:
    (own / "layers" / "data" / "territory.geojson").unlink()
    with pytest.raises(LayerError):
        Workspace.open(own).extent(ON)


@pytest.mark.parametrize("folder", [None, "none"])
def test_without_prepared_layers_windows_of_the_files_are_read(root: Path, tmp_path: Path, folder: str | None) -> None:
    source = Workspace.open(root).source(None if folder is None else tmp_path / folder)
    assert source.territories(ON).ids == ("140522", "140825")


# --- copies ---------------------------------------------------------------------------------------------------------


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_copy_holds_the_content_and_nothing_else(own: Path, tmp_path: Path) -> None:
    (own / "notes.txt").write_text("x")
    (own / "rules" / "__pycache__").mkdir()
    (own / "rules" / "__pycache__" / "a.pyc").write_bytes(b"x")
    (own / "plans").mkdir()
    (own / "plans" / "a.yaml").write_text("x")
    before = names(own)
    copy_workspace(own, tmp_path / "new" / "copy")
    assert names(tmp_path / "new" / "copy") == before - {"notes.txt", "rules/__pycache__/a.pyc"}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["copy"]
    assert list(Workspace.open(tmp_path / "new" / "copy").catalogue.layers) == ["farmland", "territory", "water"]


def test_a_copy_may_take_an_empty_folder(own: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    copy_workspace(own, tmp_path / "empty")
    assert (tmp_path / "empty" / MARKER).is_file()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_copy_never_takes_the_place_of_something_else(own: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "there"
    if kind == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "a.txt").write_text("mine")
    assert both(lambda: copy_workspace(own, target), UsageError) == (
        f"{target} 已存在且不为空；请换一个文件夹",
        f"{target} exists and is not empty; choose another folder",
    )
    kept = target if kind == "file" else target / "a.txt"
    assert kept.read_text() == "mine"


@pytest.mark.parametrize("lacking", ["styles", "rules"])
def test_a_workspace_that_is_not_whole_is_not_copied_in_part(own: Path, tmp_path: Path, lacking: str) -> None:
    (own / lacking).rename(tmp_path / "aside")
    target = tmp_path / "copy"
    zh, en = both(lambda: copy_workspace(own, target), ContentError)
    assert zh == f"{target}：写入失败（不存在），未留下任何文件"
    assert en == f"{target}: cannot be written (No such file or directory); nothing was left"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aside", "own"]


def test_what_a_copy_left_that_was_killed_is_removed(own: Path, tmp_path: Path) -> None:
    left = tmp_path / ".copy.partial"
    left.mkdir()
    (left / "junk").write_text("x")
    copy_workspace(own, tmp_path / "copy")
    assert "junk" not in names(tmp_path / "copy")
    assert not left.exists()
