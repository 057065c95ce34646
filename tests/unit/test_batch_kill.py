"""Killed at any moment, and taken up again: the bytes of an undisturbed run."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import batch_world
from long_runs import times
from zoning.batch.folder import folder_of

KILLS = times(3, 5)
TASK = 2
PAUSE_S = 0.05
SITES = times(36, 60)


def start(world: batch_world.World, out: Path) -> "subprocess.Popen[bytes]":
    script = Path(batch_world.__file__)
    command = [sys.executable, str(script), str(world.root), str(world.file), str(out), str(TASK), str(PAUSE_S)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def finished(out: Path) -> int:
    folder = folder_of(out)
    return len(list(folder.glob("*.arrow"))) if folder.is_dir() else 0


def test_kills_lose_nothing_and_move_no_byte(tmp_path: Path) -> None:
    world = batch_world.make_world(tmp_path, SITES)
    undisturbed, out = tmp_path / "undisturbed.parquet", tmp_path / "r.parquet"
    world.run(undisturbed, task=TASK)
    chance = random.Random(7)  # noqa: S311 - the same moments on every run
    total = SITES // TASK
    for number in range(1, KILLS + 1):
        before = finished(out)
        # The last kills meet the merge as well.
        wanted = min(total, before + chance.randint(1, total // KILLS + 2))
        process = start(world, out)
        while process.poll() is None and finished(out) < wanted:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, PAUSE_S))
        process.send_signal(signal.SIGKILL)
        _, told = process.communicate()
        assert b"Traceback" not in told, told.decode()
        assert finished(out) >= before or out.exists(), number
        if out.exists():
            break
    process = start(world, out)
    _, told = process.communicate()
    assert (process.returncode, told) == (0, b"")
    assert out.read_bytes() == undisturbed.read_bytes()
    assert not folder_of(out).exists()
