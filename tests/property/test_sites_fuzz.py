"""The short form of `make fuzz`: a few hundred damaged files of every format, the same on every run."""

import subprocess
import sys
from pathlib import Path

from long_runs import times

INPUTS = times(200, 500)
FUZZ = Path(__file__).parents[2] / "scripts" / "fuzz.py"


def run(out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, FUZZ, "--out", out, *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_only_footprints_and_refusals_come_of_damaged_files(tmp_path: Path) -> None:
    done = run(tmp_path / "fuzz", "--inputs", str(INPUTS), "--seed", "4", "--processes", "1")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    total = done.stdout.splitlines()[-2].split()
    assert total[0] == "all"
    assert int(total[1]) >= INPUTS
    assert int(total[2]) > INPUTS / 10, "too few of the damaged files are still read: the readers are not reached"


def test_a_fault_is_kept_and_can_be_repeated(tmp_path: Path) -> None:
    broken = tmp_path / "kept"
    (broken / "files").mkdir(parents=True)
    (broken / "files" / "a.txt").write_bytes(b"\xff\xff")
    (broken / "input.json").write_text(
        '{"label": "x", "main": "a.txt", "options": {"nonsense": 1}, "expected": null}', encoding="utf-8"
    )
    done = run(tmp_path / "fuzz", "--again", str(broken))
    assert done.returncode == 1
    assert "unexpected keyword argument 'nonsense'" in done.stdout
