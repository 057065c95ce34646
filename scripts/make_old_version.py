"""Make what tests/migration keeps of an earlier version: its workspace, its verdicts on the examples, and a register.

    python scripts/make_old_version.py COMMIT

The code of that commit is laid out in a temporary folder and run with the libraries of this environment. Nothing is
changed in the checkout but `tests/migration/VERSION/`. The data of the layers are left out: they are those of the
built-in workspace (the script refuses others, as the tests would).
"""

import hashlib
import io
import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests" / "migration"
ON = "2026-06-01"
DATA = ("layers/data", "maps/data")
_OPTIONS = {"haul-road": ("--width", "8")}


def main(commit: str) -> None:
    """Make the files of one version."""
    with tempfile.TemporaryDirectory(prefix="zoning-old-") as name:
        folder = Path(name)
        old = folder / "code"
        _lay_out(commit, old)
        version = _version(old)
        run = _Runner(old)
        target = FIXTURES / version
        target.mkdir(parents=True, exist_ok=True)
        workspace = folder / "workspace"
        run("init", str(workspace))
        _demand_same_data(workspace)
        pack(target / "workspace.tar.xz", _members(workspace, without=(*DATA, "rules/cases")))
        verdicts = {path.stem: _verdict(run, path, workspace) for path in _examples(old)}
        pack(target / "verdicts.tar.xz", {f"{name}.json": text for name, text in verdicts.items()})
        if (old / "zoning/registers").is_dir():
            pack(target / "register.tar.xz", _register(old, folder / "register"))
    for path in sorted(target.iterdir()):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


class _Runner:
    """Runs the command of the old code."""

    def __init__(self, old: Path) -> None:
        self._old = old

    def __call__(self, *words: str, codes: tuple[int, ...] = (0,)) -> bytes:
        command = [sys.executable, "-P", "-m", "zoning", *words]
        done = subprocess.run(command, cwd=self._old, env=_environ(self._old), capture_output=True, check=False)
        if done.returncode not in codes:
            sys.exit(f"{words}: {done.returncode}\n{done.stderr.decode()}")
        return done.stdout


def pack(path: Path, members: dict[str, bytes]) -> None:
    """Write an archive whose bytes depend on names and contents only."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in sorted(members.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    path.write_bytes(lzma.compress(buffer.getvalue(), preset=9 | lzma.PRESET_EXTREME))


def _lay_out(commit: str, target: Path) -> None:
    done = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)  # noqa: S607 - git as it is found
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(target, filter="data")


def _version(old: Path) -> str:
    paths = (old / "zoning" / name for name in ("version.py", "__init__.py"))
    texts = "".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())
    return texts.partition('__version__ = "')[2].partition('"')[0]


def _environ(*path: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONUTF8": "1"}


def _demand_same_data(workspace: Path) -> None:
    for path in sorted(path for part in DATA for path in (workspace / part).rglob("*") if path.is_file()):
        name = path.relative_to(workspace)
        if not (ROOT / name).is_file() or _digest(path) != _digest(ROOT / name):
            sys.exit(f"{name} of that version is not that of the built-in workspace: keep it with the fixture")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _members(folder: Path, *, without: tuple[str, ...] = ()) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(without)}


def _examples(old: Path) -> list[Path]:
    return sorted(path for path in (old / "examples").iterdir() if path.suffix != ".yaml")


def _verdict(run: _Runner, path: Path, workspace: Path) -> bytes:
    facts = path.with_name(f"{path.stem}.facts.yaml")
    options = ("--facts", str(facts), "--on", ON, *_OPTIONS.get(path.stem, ()), "--workspace", str(workspace))
    text = run("check", str(path), *options, "--format", "json", codes=(0, 1, 3))
    found = json.loads(text)
    print(f"{path.stem}: {[one['decision'] for one in (found if isinstance(found, list) else [found])]}")
    return text


def _register(old: Path, folder: Path) -> dict[str, bytes]:
    command = [sys.executable, "-P", str(ROOT / "scripts/old_register.py"), str(folder)]
    subprocess.run(command, cwd=old, env=_environ(old, old / "scripts"), check=True)
    with closing(sqlite3.connect(folder / "register.sqlite")) as connection:
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        lines = [f"PRAGMA application_id = {mark};", *connection.iterdump()]
    (folder / "register.sqlite").unlink()
    return {**_members(folder), "register.sql": "\n".join([*lines, ""]).encode()}


if __name__ == "__main__":
    main(*sys.argv[1:])
