"""The wheel: one import package with the built-in workspace inside, nothing forgotten, nothing slipped in."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest

from zoning import __version__

CONTENT = ("layers", "rules", "styles", "maps", "examples")

# Files that a developer's folder may hold and that .gitignore names; each stands in a folder that ships.
SLIPS = (
    "layers/data/local/real-boundaries.gpkg",
    "rules/__pycache__/notes.pyc",
    "styles/.DS_Store",
    "maps/draft.local.yaml",
    "examples/.idea/workspace.xml",
    ".prepared/water.0123456789ab.zones",
    "layers/.prepared/water.0123456789ab.zones",
    "zoning/cli/__pycache__/app.cpython-311.pyc",
    "zoning/maps/page.html~",
)


def _project_files(root: Path) -> list[Path]:
    """Return the files of the project, relative: those that git knows or would take."""
    if (root / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
        return [Path(name) for name in listed.split("\0") if name and (root / name).is_file()]
    ignored = {".venv", ".git", "out", "dist", "build", "__pycache__"}
    found = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return [path for path in found if not ignored & set(path.parts) and not path.parts[0].endswith("_cache")]


def _build(project: Path, target: Path, *what: str) -> Path:
    command = [sys.executable, "-m", "build", "--no-isolation", *what, "--outdir", str(target), str(project)]
    done = subprocess.run(command, cwd=target.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository_root: Path) -> Iterator[Path]:
    """Copy the project into a folder with files that must not ship."""
    copy = tmp_path_factory.mktemp("project")
    for path in _project_files(repository_root):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(repository_root / path, copy / path)
    for name in SLIPS:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("not for the wheel", encoding="utf-8")
    yield copy
    shutil.rmtree(copy)


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(project, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="module")
def names(wheel: Path) -> frozenset[str]:
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Unpack the wheel the way an installer does."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    yield folder
    shutil.rmtree(folder)


def test_every_file_of_the_workspace_is_in_it_byte_for_byte(wheel: Path, project: Path, repository_root: Path) -> None:
    paths = [path for path in _project_files(repository_root) if path.parts[0] in (*CONTENT, "zoning.yaml")]
    assert {path.parts[0] for path in paths} == {*CONTENT, "zoning.yaml"}
    with zipfile.ZipFile(wheel) as archive:
        differing = [
            path.as_posix()
            for path in paths
            if archive.read(f"zoning/builtin/{path.as_posix()}") != (project / path).read_bytes()
        ]
    assert differing == []


def test_every_file_of_the_package_is_in_it(names: frozenset[str], repository_root: Path) -> None:
    package = {path.as_posix() for path in _project_files(repository_root) if path.parts[0] == "zoning"}
    assert "zoning/py.typed" in package
    assert package - names == set()


def test_no_ignored_file_is_in_it(names: frozenset[str]) -> None:
    shipped = {f"zoning/builtin/{name}" if not name.startswith("zoning/") else name for name in SLIPS}
    assert names & shipped == set()


def test_it_installs_one_package_and_nothing_beside_it(names: frozenset[str]) -> None:
    assert {name.split("/")[0] for name in names} == {"zoning", f"zoning_check-{__version__}.dist-info"}


def test_by_way_of_the_source_distribution_it_is_the_same(
    project: Path, names: frozenset[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    target = tmp_path_factory.mktemp("by-sdist")
    with zipfile.ZipFile(_build(project, target)) as archive:
        assert frozenset(archive.namelist()) == names


def test_its_metadata_name_the_command_the_licence_and_the_oldest_python(unpacked: Path) -> None:
    info = unpacked / f"zoning_check-{__version__}.dist-info"
    metadata = Parser().parsestr((info / "METADATA").read_text(encoding="utf-8"))
    told = {key: metadata[key] for key in ("Name", "Version", "Requires-Python", "License-Expression")}
    assert told == {
        "Name": "zoning-check",
        "Version": __version__,
        "Requires-Python": ">=3.11",
        "License-Expression": "Apache-2.0",
    }
    assert "zoning = zoning.cli:main" in (info / "entry_points.txt").read_text(encoding="utf-8")
    assert "Apache License" in (info / "licenses" / "LICENSE").read_text(encoding="utf-8")


def _run(unpacked: Path, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run Python on the unpacked wheel from another folder; the path given first wins over the checkout."""
    environ = {name: value for name, value in os.environ.items() if name != "ZONING_WORKSPACE"}
    environ |= {"PYTHONPATH": str(unpacked), "PYTHONUTF8": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def test_its_workspace_is_found_from_any_folder(unpacked: Path, tmp_path: Path) -> None:
    program = (
        "from zoning.workspace import Workspace, builtin_root; root = builtin_root(); print(root); "
        "workspace = Workspace.open(root); assert workspace.catalogue.layers and workspace.rulebook.rules"
    )
    done = _run(unpacked, tmp_path, "-c", program)
    assert (done.stderr, done.returncode) == ("", 0)
    assert Path(done.stdout.strip()) == unpacked / "zoning" / "builtin"


def test_its_command_answers_for_its_own_example(unpacked: Path, tmp_path: Path) -> None:
    site = next(iter(sorted((unpacked / "zoning" / "builtin" / "examples").glob("*.geojson"))))
    done = _run(unpacked, tmp_path, "-m", "zoning", "check", str(site), "--format", "json")
    assert done.returncode in {0, 1, 3}, done.stderr
    assert '"schema": "zoning.verdict/1"' in done.stdout
