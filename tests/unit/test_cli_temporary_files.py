"""Nothing stays behind in the folder of temporary files: not after a run, not after an interrupt, not after a kill."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import boundary_writers as bw
from zoning.batch.lock import take
from zoning.cli.temporary_files import LOCK, PREFIX, sweep, temporary_files_of_this_run

PROGRAM = """
import sys, tempfile, time
import zoning.cli.app
from pathlib import Path

def app(**_):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "unpacked.shp").write_bytes(b"x" * 1000)
        print("ready", flush=True)
        time.sleep(60)

zoning.cli.app.app = app
import zoning.cli
zoning.cli.main()
"""


def environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(folder), "ZONING_LANG": "en"}


def test_after_a_run(tmp_path: Path) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    pasted = bw.txt(bw.txt_rows([bw.SQUARE], "EPSG:4525")).encode()
    done = subprocess.run(
        [sys.executable, "-m", "zoning", "check", "-"],
        input=pasted,
        env=environ(temporary),
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1, 3, 10), done.stderr
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_after_an_interrupt(tmp_path: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], env=environ(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    assert len(list(tmp_path.rglob("unpacked.shp"))) == 1
    time.sleep(0.1)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, b"zoning: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_without_a_place_for_temporary_files_help_still_works(tmp_path: Path) -> None:
    # Python looks in several places; one that is a file is none of them, and the others may work.
    nowhere = bw.write(tmp_path / "nowhere", b"")
    done = subprocess.run(
        [sys.executable, "-m", "zoning", "--help"], env=environ(nowhere), capture_output=True, check=False
    )
    assert done.returncode == 0


SANDBOX = """
import sys
import zoning.cli.app
import zoning.sites.sandbox as sandbox
from pathlib import Path
from zoning.sites.limits import Options

def app(**_):
    sandbox._WORKER = "hanging_worker"
    sandbox.read_sites_sandboxed(Path(sys.argv[1]), Options())

zoning.cli.app.app = app
import zoning.cli
zoning.cli.main()
"""
HANGING = """
import os, sys, time
from pathlib import Path

Path(os.environ["TMPDIR"], "unpacked.shp").write_bytes(b"x" * 1000)
Path(sys.path[-1], "worker.pid.partial").write_text(str(os.getpid()))
Path(sys.path[-1], "worker.pid.partial").rename(Path(sys.path[-1], "worker.pid"))
time.sleep(60)
"""


def help_of(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zoning", "--help"], env=environ(folder), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def start(folder: Path, program: str = PROGRAM, *arguments: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, env=environ(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_what_a_kill_leaves_behind_goes_with_the_next_run(tmp_path: Path) -> None:
    killed, living = start(tmp_path), start(tmp_path)
    try:
        for process in (killed, living):
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
        killed.kill()
        killed.communicate(timeout=30)
        assert len(list(tmp_path.rglob("unpacked.shp"))) == 2
        help_of(tmp_path)
        (left,) = tmp_path.iterdir()
        assert len(list(left.rglob("unpacked.shp"))) == 1
    finally:
        living.kill()
        living.communicate(timeout=30)
    help_of(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
@pytest.mark.parametrize("whom", ["reader", "run"])
def test_a_kill_while_a_strangers_file_is_read(tmp_path: Path, whom: str) -> None:
    temporary, modules = tmp_path / "t", tmp_path / "m"
    temporary.mkdir()
    modules.mkdir()
    bw.write(modules / "hanging_worker.py", HANGING.encode())
    file = bw.write(tmp_path / "a.geojson", b"{}")
    run = start(temporary, f"import sys; sys.path.append({str(modules)!r})" + SANDBOX, str(file))
    while not (modules / "worker.pid").exists():
        assert run.poll() is None, run.communicate()
        time.sleep(0.01)
    reader = int((modules / "worker.pid").read_text())
    assert len(list(temporary.rglob("unpacked.shp"))) == 1
    os.kill(run.pid if whom == "run" else reader, signal.SIGKILL)
    _, said = run.communicate(timeout=30)
    if whom == "reader":
        assert b"code -9" in said
    else:
        os.kill(reader, signal.SIGKILL)
        help_of(temporary)
    assert list(temporary.iterdir()) == []


def left_behind(parent: Path, name: str = "a1b2c3d4") -> Path:
    folder = parent / f"{PREFIX}{name}"
    folder.mkdir()
    bw.write(folder / LOCK, b"\0")
    (folder / "zoning-x").mkdir()
    bw.write(folder / "zoning-x" / "unpacked.shp", b"x")
    return folder


def test_only_the_folders_of_dead_runs_go(tmp_path: Path) -> None:
    dead = left_behind(tmp_path)
    held = left_behind(tmp_path, "heldheld")
    others = [left_behind(tmp_path, name) for name in ("CAPITALS", "short", "much_too_long")]
    (tmp_path / "e").mkdir()
    elsewhere = left_behind(tmp_path / "e")
    link = tmp_path / f"{PREFIX}linklink"
    link.symlink_to(elsewhere, target_is_directory=True)
    file = bw.write(tmp_path / f"{PREFIX}filefile", b"mine")
    with (held / LOCK).open("r+b") as lock:
        take(lock)
        assert sweep(tmp_path) == 1
        assert not dead.exists()
        assert sweep(tmp_path) == 0
    for kept in (held, *others, elsewhere):
        assert (kept / "zoning-x" / "unpacked.shp").exists()
    assert link.is_symlink()
    assert file.read_bytes() == b"mine"
    assert sweep(tmp_path) == 1
    assert not held.exists()
    assert sweep(tmp_path / "nowhere") == 0


def test_links_in_a_folder_and_in_the_place_of_its_lock_are_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    kept = bw.write(precious / "kept", b"x")
    within = left_behind(tmp_path, "withlink")
    (within / "there").symlink_to(precious, target_is_directory=True)
    locked = left_behind(tmp_path, "locklink")
    (locked / LOCK).unlink()
    (locked / LOCK).symlink_to(kept)
    assert sweep(tmp_path) == 1
    assert not within.exists()
    assert locked.exists()
    assert kept.read_bytes() == b"x"


def test_the_folder_of_another_user_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = left_behind(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert sweep(tmp_path) == 0
    assert folder.exists()


@pytest.mark.parametrize(("days", "content", "goes"), [(6, "", False), (8, "", True), (8, "x", False), (8, "p", True)])
def test_a_folder_without_a_lock(tmp_path: Path, days: int, content: str, *, goes: bool) -> None:
    folder = tmp_path / f"{PREFIX}a1b2c3d4"
    folder.mkdir()
    if content:
        bw.write(folder / (content if content == "x" else f"{LOCK}.partial"), b"")
    before = time.time() - days * 24 * 3600
    os.utime(folder, (before, before))
    assert sweep(tmp_path) == goes
    assert folder.exists() != goes


def test_a_run_holds_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with temporary_files_of_this_run() as folder:
        assert folder is not None
        assert folder.parent == tmp_path
        assert [path.name for path in folder.iterdir()] == [LOCK]
        assert sweep(tmp_path) == 0
        assert folder.exists()
    assert list(tmp_path.iterdir()) == []
