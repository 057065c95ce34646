"""`zoning batch` on the province: rate, and memory at 10,000 sites against that at ten times as many."""

import json
import sys
import tempfile
from pathlib import Path

from bench.processes import Run, run
from bench.province.files import Province
from bench.province.workspace import sites_file, workspace
from bench.rows import Row, at_most
from bench.starting import DAY

TARGET = 1.2
PROMISED_FROM = 10_000
"""Promised is that ten times as many sites than this need no more memory."""


def measure(province: Province, counts: tuple[int, ...]) -> tuple[list[Row], dict[str, float]]:
    """Return the table, and the figures for the history."""
    zoning = str(Path(sys.executable).with_name("zoning"))
    root = workspace(province, "prepared")
    run([zoning, "layers", "prepare", "--workspace", str(root)])
    runs: dict[int, Run] = {}
    with tempfile.TemporaryDirectory(prefix="zoning-bench-batch-") as folder:
        for count in counts:
            command = [
                zoning,
                "batch",
                str(sites_file(province, count)),
                "--out",
                str(Path(folder, f"{count}.parquet")),
            ]
            runs[count] = run([*command, "--workspace", str(root), "--on", DAY], watch=True)
    found = []
    for count, done in runs.items():
        what = f"zoning batch, {count:,} sites, nine layers"
        found.append(Row(what, f"{count / done.seconds:.1f} sites/s", f"{done.tree_mb:,.0f} MB with children"))
    figures = {
        f"{count}.{name}": getattr(done, name) for count, done in runs.items() for name in ("seconds", "tree_mb")
    }
    if len(counts) > 1:
        ratio = runs[counts[-1]].tree_mb / runs[counts[0]].tree_mb
        what = f"memory at {counts[-1]:,} sites against {counts[0]:,}"
        promised = counts[0] >= PROMISED_FROM
        found.append(at_most(what, ratio, TARGET, unit="x") if promised else Row(what, f"{ratio:.2f} x"))
    return found, figures


def measure_cluster(fields: int) -> Row:
    """Return the speed-up that two local workers of a cluster give: `scripts/measure_scale.py` measures it."""
    program = Path(__file__).resolve().parents[1] / "measure_scale.py"
    told = json.loads(run([sys.executable, str(program), "--cluster", str(fields)]).stdout)
    return Row("zoning batch on Dask, two workers against one process", f"{told['speed_up']:.2f} x")
