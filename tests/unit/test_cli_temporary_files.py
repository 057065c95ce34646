"""Nothing stays behind in the folder of temporary files: not after a run, not after an interrupt."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import boundary_writers as bw

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
