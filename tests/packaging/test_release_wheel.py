"""The same sources give the same wheel, to the byte: on another day, in another folder, for another person."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

SMALL = ("zoning/__init__.py", "zoning/version.py", "zoning/py.typed", "zoning/maps/assets", "layers/README.md")
LONG_AGO = 1_000_000_000


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository_root: Path) -> Path:
    """Lay out a small part of the project with everything that decides how its wheel is built."""
    folder = tmp_path_factory.mktemp("project")
    needed = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "zoning.yaml", ".gitignore", "scripts/build_wheel")
    for name in (*needed, *SMALL):
        source, target = repository_root / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    for name in ("rules", "styles", "maps", "plans", "mines", "examples"):
        (folder / name).mkdir()
        (folder / name / "README.md").write_text("示意\n", encoding="utf-8")
    return folder


def lay_out_otherwise(project: Path, folder: Path) -> Path:
    """Copy a project in another order, with other times and rights."""
    paths = sorted((path for path in project.rglob("*") if path.is_file()), reverse=True)
    for number, path in enumerate(paths):
        target = folder / path.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        target.chmod(0o700 if path.name == "build_wheel" else 0o600)
        os.utime(target, (LONG_AGO + number, LONG_AGO + number))
    return folder


def build(project: Path, target: Path, **environ: str) -> Path:
    command = ["bash", str(project / "scripts" / "build_wheel"), str(target), sys.executable]
    env = {"PATH": os.environ["PATH"], "HOME": str(target.parent), **environ}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, umask=int(environ["MASK"], 8))
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl"))


def test_the_bytes_are_the_same(project: Path, tmp_path: Path) -> None:
    other = lay_out_otherwise(project, tmp_path / "elsewhere" / "中文 folder")
    first = build(project, tmp_path / "a", MASK="022", LANG="C.UTF-8", TZ="UTC")
    second = build(
        other,
        tmp_path / "b",
        MASK="077",
        LANG="C",
        LC_ALL="C",
        TZ="Asia/Shanghai",
        SOURCE_DATE_EPOCH=str(int(time.time())),
    )
    assert first.name == second.name
    assert contents(first) == contents(second)
    assert digest(first) == digest(second)


def contents(path: Path) -> list[tuple[str, int, tuple[int, ...], int]]:
    """Return what an archive says of its members, in their order: a difference is told by name."""
    with zipfile.ZipFile(path) as archive:
        return [(one.filename, one.CRC, one.date_time, one.external_attr) for one in archive.infolist()]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
