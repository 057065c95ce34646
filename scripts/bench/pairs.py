"""The checkout against an earlier commit: the same commands in turn, so that a drift of the machine falls on both.

The earlier commit is laid out in a folder of its own; both run with the libraries that are installed here. What counts
is the median of the ratios of the pairs: a ratio above `SLOWER` is named.
"""

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np

import zoning
from bench import comparing, history, whole, zonal
from bench.machine import description, load_average
from bench.rows import Row, show

SLOWER = 1.05
ON = "2026-06-01"
COUNTY = "140522"
POLYGONS = 10_000
SITES = 1_000
RASTERS = 4
_FILE = Path(__file__).parent / "history" / "pairs.jsonl"
_CODES = frozenset({0, 1, 3})
_CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Trial:
    """A command that both sides run: what it is called, its arguments of Python.

    `{out}` stands for a fresh folder, `{tree}` for the files of the side that runs.
    """

    name: str
    arguments: tuple[str, ...]
    times: int = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """What was measured of a command: medians in seconds and MB, and the medians of the ratios now / then."""

    name: str
    then_s: float
    now_s: float
    ratio: float
    cpu_ratio: float
    then_mb: float
    now_mb: float


def trials(folder: Path, root: Path) -> list[Trial]:
    """Return the commands; their input is written into a folder.

    Parameters
    ----------
    root
        A workspace that both sides can read.
    """
    many = folder / "sites.gpkg"
    whole.write_sites(many, root, SITES)
    chance = np.random.default_rng(20260101)
    shapes = comparing.fields(POLYGONS, chance)
    one, other = folder / "before.gpkg", folder / "after.gpkg"
    comparing.write(one, shapes, np.arange(len(shapes)))
    comparing.write(other, *comparing.later(shapes, chance))
    rasters = folder / "rasters"
    rasters.mkdir()
    zonal.draw(rasters, RASTERS)
    site, facts = str(root / "examples" / "school.geojson"), str(root / "examples" / "school.facts.yaml")
    here = ("--workspace", str(root), "--on", ON)
    told = (site, "--facts", facts, *here)
    command = ("-m", "zoning")
    return [
        Trial("import zoning", ("-c", "import zoning"), 15),
        Trial("zoning --help", (*command, "--help"), 15),
        Trial("zoning check, one site", (*command, "check", *told, "--format", "json"), 21),
        Trial(f"zoning check, {SITES:,} sites", (*command, "check", str(many), *here, "--format", "json"), 3),
        Trial(f"zoning batch, {SITES:,} sites", (*command, "batch", str(many), "--out", "{out}/all.parquet", *here), 3),
        Trial("zoning rules test", (*command, "rules", "test", "--workspace", str(root)), 3),
        Trial("zoning map", (*command, "map", *told, "--out", "{out}")),
        Trial("zoning report, PDF", (*command, "report", *told, "--out", "{out}/report.pdf"), 3),
        Trial("zoning advise, 5 km", (*command, "advise", *told, "--reach", "5 km")),
        Trial("zoning plan units", (*command, "plan", "units", "-t", COUNTY, *here, "--out", "{out}"), 3),
        Trial("zoning plan audit", (*command, "plan", "audit", *here, "--out", "{out}"), 7),
        Trial(
            f"zoning compare, {POLYGONS:,} polygons",
            (*command, "compare", str(one), str(other), "--layer", comparing.LAYER, *here[:2], "--out", "{out}"),
            3,
        ),
        Trial("lines of sight, 1,000 x 1,000 cells", ("{tree}/scripts/bench", "sight", "--side", "1000"), 3),
        Trial(
            f"zonal statistics, {zonal.PARCELS:,} parcels x {RASTERS} rasters",
            ("{tree}/scripts/bench", "zonal-once", str(rasters)),
            11,
        ),
    ]


def lay_out(revision: str, folder: Path) -> Path:
    """Write the files of a commit into a folder and return it.

    Raises
    ------
    SystemExit
        When there is no such commit.
    """
    made = subprocess.run(["git", "-C", str(_CHECKOUT), "archive", revision], capture_output=True, check=False)  # noqa: S607 - git of the path
    if made.returncode:
        raise SystemExit(made.stderr.decode(errors="replace"))
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _run(trial: Trial, tree: Path, folder: Path) -> tuple[float, float, float]:
    """Run a command with the package of a tree; return seconds, processor seconds, MB."""
    with tempfile.TemporaryDirectory(dir=folder) as out, tempfile.TemporaryFile() as said:
        command = [
            sys.executable,
            *(part.replace("{out}", out).replace("{tree}", str(tree)) for part in trial.arguments),
        ]
        environ = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": ""}
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=out, env=environ, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in _CODES:
            said.seek(0)
            raise SystemExit(f"{tree}: {' '.join(command)} ended with {process.returncode}:\n{said.read().decode()}")
        return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(trial: Trial, then: Path, now: Path, folder: Path) -> Pair:
    """Run both sides in turn; a first pair, not counted, compiles and warms the caches."""
    runs = [(_run(trial, then, folder), _run(trial, now, folder)) for _ in range(trial.times + 1)][1:]
    return Pair(
        trial.name,
        median(one[0] for one, _ in runs),
        median(other[0] for _, other in runs),
        median(other[0] / one[0] for one, other in runs),
        median(other[1] / one[1] for one, other in runs),
        median(one[2] for one, _ in runs),
        median(other[2] for _, other in runs),
    )


def report(revision: str, only: Sequence[str], *, keep: bool) -> int:
    """Measure and print; the run joins the history."""
    with tempfile.TemporaryDirectory(prefix="zoning-pairs-") as name:
        folder = Path(name)
        then = lay_out(revision, folder / "then")
        commit = subprocess.run(
            ["git", "-C", str(_CHECKOUT), "rev-parse", "--short", revision],  # noqa: S607 - git of the path
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        load = load_average()
        print(f"{_CHECKOUT.name} against {commit}, in turn, {os.cpu_count()} cores, load {load}", flush=True)
        found = []
        for trial in trials(folder, then):
            if only and not any(word in trial.name for word in only):
                continue
            found.append(measure(trial, then, _CHECKOUT, folder))
            show([_row(found[-1])])
    if keep:
        record = {
            "when": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
            "version": zoning.__version__,
            "against": commit,
            "machine": {**description(), "load": load},
            "pairs": [asdict(pair) for pair in found],
        }
        history.append(json.loads(json.dumps(record)), _FILE)
    return 0


def _row(pair: Pair) -> Row:
    figure = f"{pair.ratio:.2f} x"
    more = f"{pair.then_s:.2f} -> {pair.now_s:.2f} s, CPU {pair.cpu_ratio:.2f} x, {pair.now_mb:,.0f} MB"
    return Row(f"{pair.name}: {more}", figure, f"<= {SLOWER:g} x", pair.ratio <= SLOWER)
