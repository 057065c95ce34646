"""A workspace as it would be: links to all that stays, the changed file, the new data; the real one is not touched."""

import errno
from pathlib import Path

import pytest

import tiny_workspace
from zoning.errors import ContentError, NoRoomError
from zoning.web.editions import staging
from zoning.web.editions.staging import demand_open, stage


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = tmp_path / "w"
    for name in ("layers/data/local", "layers/registers", "rules/plan", "styles", "register", "files", "state", ".git"):
        (found / name).mkdir(parents=True)
    for name in (
        "zoning.yaml",
        "README.md",
        "layers/water.yaml",
        "layers/roads.yaml",
        "layers/data/water.gpkg",
        "layers/data/roads.gpkg",
        "layers/data/local/own.gpkg",
        "layers/registers/cases.yaml",
        "rules/plan/R1.yaml",
        "register/register.sqlite",
    ):
        (found / name).write_bytes(f"old {name}".encode())
    (found / ".prepared").mkdir()
    return found


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def staged(root: Path, changed: dict[str, bytes] | None = None, data: dict[str, Path] | None = None) -> Path:
    return stage(root, root.parent / "staged", changed or {}, data or {})


def test_content_is_linked_and_what_is_no_content_is_left(root: Path) -> None:
    found = staged(root)
    assert sorted(one.name for one in found.iterdir()) == ["layers", "rules", "styles", "zoning.yaml"]
    assert (found / "rules").readlink() == root / "rules"
    assert (found / "zoning.yaml").read_bytes() == b"old zoning.yaml"
    assert (found / "layers").is_dir()
    assert not (found / "layers").is_symlink()
    assert (found / "layers" / "water.yaml").readlink() == root / "layers" / "water.yaml"
    assert (found / "layers" / "data").readlink() == root / "layers" / "data"


def test_a_changed_layer_is_another_file_and_the_real_one_stays(root: Path) -> None:
    before = content(root)
    found = staged(root, {"water.yaml": "标题".encode()})
    assert (found / "layers" / "water.yaml").read_bytes() == "标题".encode()
    assert not (found / "layers" / "water.yaml").is_symlink()
    assert (found / "layers" / "roads.yaml").is_symlink()
    assert content(root) == before


def test_a_layer_that_is_new_is_added(root: Path) -> None:
    found = staged(root, {"new.yaml": b"x"})
    assert {"new.yaml", "water.yaml", "roads.yaml"} <= {one.name for one in (found / "layers").iterdir()}
    assert not (root / "layers" / "new.yaml").exists()


def test_new_data_lie_beside_the_others_and_the_real_folder_gets_none(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_bytes(b"new")
    before = content(root)
    found = staged(root, {}, {"data/water-2026.gpkg": file})
    lying = found / "layers" / "data"
    assert not lying.is_symlink()
    assert sorted(one.name for one in lying.iterdir()) == ["local", "roads.gpkg", "water-2026.gpkg", "water.gpkg"]
    assert (lying / "water-2026.gpkg").readlink() == file
    assert (lying / "water.gpkg").readlink() == root / "layers" / "data" / "water.gpkg"
    assert (lying / "local" / "own.gpkg").read_bytes() == b"old layers/data/local/own.gpkg"
    assert content(root) == before


def test_new_data_of_a_name_that_is_taken_stand_in_its_place_there_alone(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_bytes(b"new")
    found = staged(root, {}, {"data/water.gpkg": file})
    assert (found / "layers" / "data" / "water.gpkg").read_bytes() == b"new"
    assert (root / "layers" / "data" / "water.gpkg").read_bytes() == b"old layers/data/water.gpkg"


def test_data_may_lie_in_a_folder_that_is_new(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_bytes(b"new")
    found = staged(root, {}, {"uploads/water.gpkg": file})
    assert (found / "layers" / "uploads" / "water.gpkg").read_bytes() == b"new"
    assert not (root / "layers" / "uploads").exists()


def test_what_was_staged_before_goes_without_what_it_led_to(root: Path) -> None:
    before = content(root)
    first = staged(root, {"new.yaml": b"x"})
    second = staged(root)
    assert first == second
    assert not (second / "layers" / "new.yaml").exists()
    assert content(root) == before


def test_a_link_in_the_workspace_is_named_as_it_is(root: Path, tmp_path: Path) -> None:
    (root / "layers" / "now.yaml").symlink_to(root / "layers" / "water.yaml")
    found = staged(root)
    assert (found / "layers" / "now.yaml").readlink() == root / "layers" / "now.yaml"
    del tmp_path


def test_a_relative_workspace_is_linked_from_the_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    found = stage(Path("w"), Path("staged"), {}, {})
    assert (found / "zoning.yaml").readlink() == root / "zoning.yaml"


@pytest.mark.parametrize(
    ("number", "kind", "zh"),
    [(errno.ENOSPC, NoRoomError, "磁盘"), (errno.EACCES, ContentError, "没有权限"), (errno.EIO, ContentError, "")],
)
def test_what_cannot_be_staged_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[ContentError], zh: str
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(number, "no", str(target), None, str(source))

    monkeypatch.setattr(staging, "_link", full)
    with pytest.raises(ContentError) as caught:
        staged(root)
    assert type(caught.value) is kind
    assert caught.value.text.zh.startswith("不能准备预览用的工作空间：")
    assert zh in caught.value.text.zh
    assert caught.value.text.en.startswith("the workspace for the preview could not be made: ")


def test_a_workspace_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="the workspace for the preview could not be made"):
        stage(tmp_path / "none", tmp_path / "staged", {}, {})


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_workspace.build(tmp_path_factory.mktemp("tiny") / "w")


def test_a_staged_workspace_opens_as_the_real_one(tiny: Path, tmp_path: Path) -> None:
    found = demand_open(stage(tiny, tmp_path / "staged", {}, {}))
    assert set(found.catalogue.layers) == {"territory", "water", "farmland"}
    assert {rule.id for rule in found.rulebook.rules} == {"R042", "R048", "R083"}


@pytest.mark.parametrize("content_", [b"title: [", b"more: 1\n", b""])
def test_a_mistake_is_named_by_its_file_without_the_folder_of_the_preview(
    tiny: Path, tmp_path: Path, content_: bytes
) -> None:
    folder = stage(tiny, tmp_path / "staged", {"water.yaml": content_}, {})
    with pytest.raises(ContentError) as caught:
        demand_open(folder)
    assert "layers/water.yaml:" in caught.value.text.zh
    for text in (caught.value.text.zh, caught.value.text.en):
        assert str(tmp_path) not in text


def test_a_mistake_of_the_rules_is_found_as_well(tiny: Path, tmp_path: Path) -> None:
    folder = stage(tiny, tmp_path / "staged", {}, {})
    (folder / "rules").unlink()
    (folder / "rules").mkdir()
    for name in ("documents.yaml", "facts.yaml", "plan", "cases"):
        if name != "facts.yaml":
            (folder / "rules" / name).symlink_to(tiny / "rules" / name)
    with pytest.raises(ContentError) as caught:
        demand_open(folder)
    assert "rules/" in caught.value.text.en
    assert str(tmp_path) not in caught.value.text.en
