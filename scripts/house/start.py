"""How long a start takes: medians of many runs, with what else the machine was doing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from house.measure import Measure

TIMES = 10
HELP_S = 0.3
IMPORT_S = 0.2

_COMMANDS: tuple[tuple[str, Sequence[str], float], ...] = (
    ("python -c pass", ("-c", "pass"), IMPORT_S),
    ("import zoning", ("-c", "import zoning"), IMPORT_S),
    ("zoning --help", ("-m", "zoning", "--help"), HELP_S),
    ("zoning --version", ("-m", "zoning", "--version"), HELP_S),
)


def starts(root: Path, times: int = TIMES) -> Iterator[Measure]:
    """Measure starts in seconds of the wall clock; the first run of each is not counted, it warms the file cache.

    Beside each stand the seconds of the processor, which say more on a machine that is busy, and the load.
    """
    for title, arguments, limit in _COMMANDS:
        _run(root, arguments)
        taken = [_run(root, arguments) for _ in range(times)]
        wall, processor = (median(column) for column in zip(*taken, strict=True))
        told = f"under {limit:g} s (processor {processor:.2f} s, load {os.getloadavg()[0]:.1f})"
        yield Measure(f"{title}, median of {times}", f"{wall:.2f} s", told, wall < limit)


def _run(root: Path, arguments: Sequence[str]) -> tuple[float, float]:
    before, begun = os.times(), time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=root, check=True, capture_output=True)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - begun, spent
