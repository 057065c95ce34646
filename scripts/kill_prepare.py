"""Kill `zoning layers prepare` at random moments: what is left must be whole, and what comes at last as if undisturbed.

    python scripts/kill_prepare.py [--kills 50] [--seed 1]

The built-in workspace is copied into a temporary folder. Every other kill strikes while a file is being written. After
each of them all prepared files are compared with those of an undisturbed run, byte by byte; a damaged or unknown one
ends the program with code 1.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zoning.overlay.prepared.folder import Folder
from zoning.workspace import builtin_root, copy_workspace

PREPARED = ".prepared"
_WRITING_S = 0.002


def main() -> int:
    """Run all rounds and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zoning-kill-") as folder:
        return _rounds(Path(folder) / "workspace", options.kills, random.Random(options.seed))


def _rounds(root: Path, kills: int, chance: random.Random) -> int:
    copy_workspace(builtin_root(), root)
    _prepare(root)  # compiles what is not compiled yet
    _clear(root)
    started = time.perf_counter()
    _prepare(root)
    whole = time.perf_counter() - started
    undisturbed = _content(root)
    _clear(root)
    print(f"undisturbed: {len(undisturbed)} files, {sum(map(len, undisturbed.values())) / 1e6:.1f} MB, {whole:.1f} s")
    killed = partial = found = 0
    while killed < kills:
        if _content(root).keys() == undisturbed.keys():
            _clear(root)
        if not _killed(root, chance.uniform(0, whole), chance.uniform(0, _WRITING_S) if killed % 2 else None):
            continue
        killed += 1
        partial += _half_written(root)
        left = _content(root)
        found += len(left)
        if any(undisturbed.get(name) != data for name, data in left.items()):
            print(f"kill {killed}: a prepared file is not what an undisturbed run writes")
            return 1
    _prepare(root)
    same = _content(root) == undisturbed
    swept = not _half_written(root)
    print(
        f"kills: {killed}, of them {partial} in the middle of a file; whole files found after kills: {found}, "
        f"all equal; the set at last is {'byte-equal' if same else 'NOT EQUAL'}, "
        f"half-written files {'swept away' if swept else 'LEFT'}"
    )
    return 0 if same and swept else 1


def _command(root: Path) -> list[str]:
    return [sys.executable, "-m", "zoning", "layers", "prepare", "--workspace", str(root)]


def _environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "ZONING_PREPARED"}


def _prepare(root: Path) -> None:
    subprocess.run(_command(root), check=True, capture_output=True, env=_environ())


def _killed(root: Path, seconds: float, writing: float | None) -> bool:
    """Start preparing and kill it after some time; tell whether it was still at work.

    `writing`: strike so many seconds after a file is begun, if that is sooner.
    """
    quiet = subprocess.DEVNULL
    known = _half_written(root)
    with subprocess.Popen(_command(root), stdout=quiet, stderr=quiet, env=_environ()) as process:
        if writing is None:
            time.sleep(seconds)
        else:
            while process.poll() is None and _half_written(root) <= known:
                known = min(known, _half_written(root))
            end = time.perf_counter() + writing
            while time.perf_counter() < end:
                pass
        process.send_signal(signal.SIGKILL)
    return process.returncode == -signal.SIGKILL


def _half_written(root: Path) -> int:
    """Return how many files are being written, or were when their writer was killed."""
    if not (root / PREPARED).is_dir():
        return 0
    return sum(".zones." in path.name and path.name.endswith(".partial") for path in (root / PREPARED).iterdir())


def _content(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Folder(root / PREPARED).files()}


def _clear(root: Path) -> None:
    Folder(root / PREPARED).clear()


if __name__ == "__main__":
    sys.exit(main())
