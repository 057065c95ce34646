"""Measure `zoning plan units` of 阳城县: the whole process with all its files, from the layers as they are."""

import sys
import tempfile
from pathlib import Path

from bench.processes import run
from bench.rows import Row, at_most, show
from zoning.workspace import builtin_root

COUNTY = "140522"
SECONDS = 60.0
MEMORY_MB = 2_000.0
CODES = frozenset({0, 3})


def measure_units() -> list[Row]:
    """Build units and land zones of the county."""
    zoning = str(Path(sys.executable).with_name("zoning"))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("units", "zones"):
            call = [zoning, "plan", kind, "-t", COUNTY, "-w", str(builtin_root()), "--on", "2026-06-01"]
            done = run([*call, "--out", folder], allowed=CODES)
            rows.append(at_most(f"zoning plan {kind} -t {COUNTY}", done.seconds, SECONDS, unit="s"))
            rows.append(at_most("    peak memory", done.peak_mb, MEMORY_MB, unit="MB", digits=0))
    return rows


def report() -> int:
    """Measure and print."""
    show(measure_units())
    return 0
