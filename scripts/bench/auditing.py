"""Measure `zoning plan audit` of the whole built-in workspace: the process with all its files."""

import sys
import tempfile
from pathlib import Path

from bench.processes import run
from bench.rows import Row, at_most, show
from zoning.workspace import builtin_root

SECONDS = 60.0
MEMORY_MB = 2_000.0
CODES = frozenset({0, 1, 3})


def measure_audit() -> list[Row]:
    """Audit every layer."""
    zoning = str(Path(sys.executable).with_name("zoning"))
    with tempfile.TemporaryDirectory() as folder:
        call = [zoning, "plan", "audit", "-w", str(builtin_root()), "--on", "2026-06-01", "--out", folder]
        done = run(call, allowed=CODES)
    return [
        at_most("zoning plan audit, all layers", done.seconds, SECONDS, unit="s"),
        at_most("    peak memory", done.peak_mb, MEMORY_MB, unit="MB", digits=0),
    ]


def report() -> int:
    """Measure and print."""
    show(measure_audit())
    return 0
