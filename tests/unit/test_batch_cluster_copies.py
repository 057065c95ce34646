"""Files for the workers of a cluster: which they are, how copies are made, and how computers are compared."""

import errno
import os
from pathlib import Path

import pytest

import tiny_workspace
from cluster_world import job_on
from zoning.batch.cluster_content import CHUNK, DIGESTS, Content, Copies, File, pieces, place
from zoning.batch.cluster_environment import Environment, environment
from zoning.batch.cluster_files import decisive_files, holds
from zoning.batch.job import Job
from zoning.errors import ContentError


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_workspace.build(tmp_path_factory.mktemp("workspace"))


def content(folder: Path, files: dict[str, bytes]) -> tuple[Content, dict[str, Path]]:
    """Write files and return what they are."""
    paths = {}
    for name, data in files.items():
        paths[name] = folder / name
        paths[name].parent.mkdir(parents=True, exist_ok=True)
        paths[name].write_bytes(data)
    return DIGESTS.of(paths), paths


def send(copies: Copies, file: File, data: bytes) -> None:
    for start in pieces(file.size):
        copies.receive(file, start, data[start : start + CHUNK], "me")


def test_a_copy_is_made_of_pieces_and_holds_each_content_once(tmp_path: Path) -> None:
    large = os.urandom(CHUNK + 1)
    files = {"workspace/a.bin": large, "workspace/sub/甲.yaml": b"x: 1\n", "workspace/b.bin": large, "empty": b""}
    wanted, _ = content(tmp_path / "here", files)
    copies = Copies(tmp_path / "there")
    assert [file.size for file in copies.missing(wanted)] == [0, CHUNK + 1, 5]
    assert copies.tree(wanted) is None
    for file in copies.missing(wanted):
        send(copies, file, files[file.name])
    tree = copies.tree(wanted)
    assert tree is not None
    assert {path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*") if path.is_file()} == files
    assert sorted(path.name for path in (tmp_path / "there" / "files").iterdir()) == sorted(
        {file.sha256 for file in wanted.files}
    )


def test_a_copy_that_was_damaged_is_never_used(tmp_path: Path) -> None:
    wanted, _ = content(tmp_path / "here", {"workspace/a": b"right", "workspace/b": b"other"})
    copies = Copies(tmp_path / "there")
    for file, data in zip(wanted.files, (b"right", b"other"), strict=True):
        send(copies, file, data)
    tree = copies.tree(wanted)
    assert tree is not None
    (tree / "workspace" / "a").write_bytes(b"wrong!")
    assert copies.tree(wanted) is None
    assert copies.missing(wanted) == (wanted.files[0],)
    send(copies, wanted.files[0], b"right")
    again = copies.tree(wanted)
    assert again is not None
    assert (again / "workspace" / "a").read_bytes() == b"right"


def test_a_file_that_changes_while_it_is_sent_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    wanted, _ = content(tmp_path / "here", {"workspace/a": b"before"})
    with pytest.raises(ContentError, match="workspace/a was changed while it was sent"):
        send(copies, wanted.files[0], b"behind")
    assert list((tmp_path / "files").iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "/etc/passwd",
        "a/../../x",
        "a//b",
        "",
        ".",
        "a\\b",
        "C:x",
        "C:/x",
        "//host/share/x",
        "a\0b",
        "a\nb",
        "a/.",
    ],
)
def test_a_name_that_leads_out_of_the_copy_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ContentError, match="cannot be copied to a worker"):
        place(tmp_path, name)
    with pytest.raises(ContentError, match="cannot be copied to a worker"):
        Copies(tmp_path).tree(Content((File(name, 0, "0" * 64),)))
    assert list(tmp_path.iterdir()) == []


def test_names_are_taken_as_people_write_them(tmp_path: Path) -> None:
    for name in ("workspace/红线　2026（终稿）.gpkg", "workspace/..a/b..", "workspace/\udcff.bin"):
        assert place(tmp_path, name) == tmp_path.joinpath(*name.split("/"))
        assert len(Content((File(name, 0, "0" * 64),)).sha256) == 64


@pytest.mark.parametrize("digest", ["../../x", "A" * 64, "", "0" * 63 + "/"])
def test_a_digest_that_is_none_is_no_file_name(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ContentError, match="is no SHA-256 digest"):
        Copies(tmp_path).receive(File("a", 1, digest), 0, b"x", "me")


def test_a_full_disk_on_the_worker_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    wanted, _ = content(tmp_path / "here", {"a": b"x"})
    with pytest.raises(ContentError, match=r"the copy cannot be written .No space left.*--local-directory"):
        send(Copies(tmp_path), wanted.files[0], b"x")
    assert list((tmp_path / "files").iterdir()) == []


def test_a_place_where_no_folder_can_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("no folder can be made here", encoding="utf-8")
    with pytest.raises(ContentError, match=r"the copy cannot be written .*--local-directory"):
        send(Copies(tmp_path), File("a", 1, "0" * 64), b"x")


def test_copies_that_no_run_has_used_for_a_month_are_removed(tmp_path: Path) -> None:
    copies, files = Copies(tmp_path / "there"), tmp_path / "there" / "files"
    old, new = (content(tmp_path / "here", {"workspace/a": text})[0] for text in (b"old", b"new"))
    for wanted, text in ((old, b"old"), (new, b"new")):
        send(copies, wanted.files[0], text)
    kept = copies.tree(old)
    assert kept is not None
    for path in (kept, files / old.files[0].sha256):
        long_ago = path.stat().st_mtime - 40 * 86_400
        os.utime(path, (long_ago, long_ago))
    assert copies.tree(new) is not None
    assert not kept.exists()
    assert [path.name for path in files.iterdir()] == [new.files[0].sha256]


def test_the_files_of_a_job_are_settings_rules_definitions_and_the_editions_of_the_day(root: Path) -> None:
    (root / ".git").mkdir(exist_ok=True)
    (root / ".git" / "index").write_bytes(b"not content")
    (root / "layers" / "data" / "unused.gpkg").write_bytes(b"named by no layer")
    names = set(decisive_files(job_on(root)))
    assert names == {
        "workspace/zoning.yaml",
        *(f"workspace/layers/{name}.yaml" for name in ("territory", "water", "farmland")),
        *(f"workspace/layers/data/{name}.geojson" for name in ("territory", "water", "farmland")),
        "workspace/rules/documents.yaml",
        "workspace/rules/facts.yaml",
        *(f"workspace/rules/plan/{name}.yaml" for name in ("R042", "R048", "R083")),
    }


def test_a_folder_holds_a_content_only_when_no_file_is_more_less_or_other(tmp_path: Path) -> None:
    here = tiny_workspace.build(tmp_path / "w")
    job = job_on(here)
    wanted = DIGESTS.of(decisive_files(job))
    assert holds(job, wanted)
    extra = here / "rules" / "plan" / "R900.yaml"
    extra.write_bytes((here / "rules" / "plan" / "R042.yaml").read_bytes())
    assert not holds(job, wanted)
    extra.unlink()
    assert holds(job, wanted)
    (here / "layers" / "data" / "water.geojson").write_bytes(b"{}")
    assert not holds(job, wanted)


def test_a_job_whose_digests_are_not_those_of_its_files_is_held_by_none(root: Path) -> None:
    job = job_on(root)
    changed = Job(root, None, job.on, job.told, {**job.identity, "rules": "0" * 64})
    assert not holds(changed, DIGESTS.of(decisive_files(changed)))


def test_a_layer_file_outside_of_the_workspace_cannot_be_copied(tmp_path: Path) -> None:
    here = tiny_workspace.build(tmp_path / "w")
    (tmp_path / "far.geojson").write_bytes((here / "layers" / "data" / "water.geojson").read_bytes())
    definition = here / "layers" / "water.yaml"
    definition.write_text(definition.read_text("utf-8").replace("data/water.geojson", "../../far.geojson"), "utf-8")
    wanted = DIGESTS.of(decisive_files(job_on(here)))
    with pytest.raises(ContentError, match=r"far\.geojson' cannot be copied .* under the same path"):
        Copies(tmp_path / "there").tree(wanted)


def test_an_environment_is_the_same_twice_and_names_what_differs() -> None:
    here = environment()
    environment.cache_clear()
    assert environment() == here
    entries = dict(here.entries)
    for name in entries:
        other = Environment(tuple({**entries, name: "0.0.0"}.items()))
        (found,) = here.differences(other)
        assert "0.0.0" in found.en
        assert "0.0.0" in found.zh
    assert here.differences(Environment(()))  # what is not told at all differs
