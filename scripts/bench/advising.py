"""Measure `zoning advise` of the example sites with a reach of 5 km: whole processes."""

import json
import sys
from pathlib import Path

from bench.processes import run
from bench.rows import Row, at_most, show
from zoning.workspace import builtin_root, examples_folder

SECONDS = 5.0
MEMORY_MB = 2_000.0
CODES = frozenset({0, 1, 3})
WIDTHS = {"haul-road": ("--width", "12")}


def measure_advice() -> list[Row]:
    """Advise on every example with its facts; the target is for one footprint, of which one example has two."""
    zoning = str(Path(sys.executable).with_name("zoning"))
    rows = []
    for facts in sorted(examples_folder().glob("*.facts.yaml")):
        stem = facts.name.removesuffix(".facts.yaml")
        (site,) = (path for path in examples_folder().glob(f"{stem}.*") if path != facts)
        call = [zoning, "advise", str(site), "--facts", str(facts), "--reach", "5 km", "-w", str(builtin_root())]
        done = run([*call, "--on", "2026-06-01", "--format", "json", *WIDTHS.get(stem, ())], allowed=CODES)
        advice = json.loads(done.stdout)
        count = len(advice) if isinstance(advice, list) else 1
        title = f"zoning advise, {site.name}, 5 km"
        if count > 1:
            title = f"{title}: each of {count}"
        rows.append(at_most(title, done.seconds / count, SECONDS, unit="s"))
        rows.append(at_most("    peak memory", done.peak_mb, MEMORY_MB, unit="MB", digits=0))
    return rows


def report() -> int:
    """Measure and print."""
    show(measure_advice())
    return 0
