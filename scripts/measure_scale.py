"""Measure what docs/scale.md is reckoned from, and keep it in docs/scale.json.

    scripts/measure_scale.py [FIELDS ...]     all figures, for these numbers of fields; then run scripts/write_scale.py
    scripts/measure_scale.py --cluster        only print what two workers on this computer bring
    scripts/measure_scale.py 1000 --cluster --sites 40 240 --rounds 1     the same in little, to try the program

For each number of fields a workspace is made of the synthetic province (scripts/bench/province): nine layers, a rule on
each, sites of all kinds. The built-in workspace has all its rules and small layers. What one more site costs is the
difference of a long and a short run, so that the start is left out; medians of several rounds. In one process it is the
time of the processor, which does not depend on what else the computer does; on a cluster it is that of the clock.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench.province.files import SEED, Province, default_cache, once
from bench.province.layers import Size
from bench.province.writing import write_geopackage
from scale_province import make_workspace, sites_file

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "scale.json"
FIELDS = (10_000, 100_000, 1_000_000)
FEW, MANY = 250, 1_250
ROUNDS = 3
"""Of a short and a long run each; `--sites` and `--rounds` take others, to try the program."""
ON = "2026-11-22"
TOO_BUSY = "a long run took no longer than a short one: the computer is too busy, or the runs differ by too few sites"
_AROUND = (112.05, 35.25, 112.60, 35.65)  # where the built-in workspace has most of its zones


@dataclass(frozen=True, slots=True)
class Course:
    """Runs of a batch on one workspace, from which the cost of a site follows.

    Attributes
    ----------
    few, many
        Files with that many sites.
    rounds
        How often both are run.
    """

    workspace: Path
    few: Path
    many: Path
    rounds: int = ROUNDS

    def costs(self, *options: str, clock: str = "cpu_s") -> dict[str, float]:
        """Return what one more site costs, what the start costs, the memory of a worker and the size of the parts.

        Parameters
        ----------
        clock
            `cpu_s` or `seconds`.
        """
        run_batch(self.workspace, self.few, options)  # compiles and prepares what is missing
        rounds = [self._round(options, clock) for _ in range(self.rounds)]
        return {name: float(np.median([one[name] for one in rounds])) for name in rounds[0]}

    def _round(self, options: tuple[str, ...], clock: str) -> dict[str, float]:
        short, long_ = (run_batch(self.workspace, sites, options) for sites in (self.few, self.many))
        cost = (long_[clock] - short[clock]) / (long_["sites"] - short["sites"])
        return {
            "site_ms": round(cost * 1000, 2),
            "start_s": round(max(short[clock] - cost * short["sites"], 0.0), 1),
            "worker_mb": round(long_["worker_mb"]),
            "part_kb": round(long_["parts"] / long_["sites"] / 1000, 2),
        }


def run_batch(workspace: Path, sites: Path, options: tuple[str, ...]) -> dict[str, float]:
    """Run `zoning batch`; return its figures."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "results.parquet"
        words = ["batch", str(sites), "--workspace", str(workspace), "--on", ON, "--out", str(out), "--keep-parts"]
        said, used = zoning(*words, "--format", "json", *options)
        parts = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file() and path != out)
    found: dict[str, Any] = json.loads(said)
    return {
        "cpu_s": used.ru_utime + used.ru_stime,
        "seconds": found["run"]["seconds"],
        "sites": found["sites"],
        "worker_mb": found["run"]["peak_mb"]["workers"],
        "parts": parts,
    }


def zoning(*words: str) -> tuple[str, resource.struct_rusage]:
    """Run the command; return what it printed and what it used."""
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as talked:
        process = subprocess.Popen([sys.executable, "-m", "zoning", *words], stdout=said, stderr=talked)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        talked.seek(0)
        if process.returncode:
            raise SystemExit(talked.read())
        return said.read(), used


def prepare(workspace: Path) -> dict[str, float]:
    """Prepare all layers anew; return the seconds of processor time and the memory."""
    shutil.rmtree(workspace / ".prepared", ignore_errors=True)
    _, used = zoning("layers", "prepare", "--workspace", str(workspace))
    seconds = used.ru_utime + used.ru_stime
    return {"prepare_s": round(seconds, 1), "prepare_peak_mb": round(used.ru_maxrss * 1024 / 1e6)}


def megabytes(folder: Path, pattern: str) -> float:
    """Return the size of files in a folder."""
    return round(sum(path.stat().st_size for path in folder.rglob(pattern)) / 1e6, 1)


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Run a scheduler and workers with one thread each on this computer; yield the address."""
    from distributed import LocalCluster

    with tempfile.TemporaryDirectory() as folder:
        options: dict[str, Any] = {"local_directory": folder, "dashboard_address": "127.0.0.1:0", "silence_logs": 60}
        with LocalCluster(  # type: ignore[no-untyped-call]  # Dask ships no types
            processes=True, n_workers=workers, threads_per_worker=1, **options
        ) as made:
            yield str(made.scheduler_address)


def of_cluster(course: Course) -> dict[str, float]:
    """Return what a site costs in one process, on one worker and on two, and what the second brings."""
    found = {"serial_ms": course.costs("--processes", "1", clock="seconds")["site_ms"]}
    for name, workers in (("one_ms", 1), ("two_ms", 2)):
        with cluster(workers) as address:
            found[name] = course.costs("--scheduler", address, clock="seconds")["site_ms"]
    if min(found.values()) <= 0:
        sys.exit(f"{TOO_BUSY}: {found}")
    found["speed_up"] = round(found["serial_ms"] / found["two_ms"], 2)
    return found


def of_province(cache: Path, fields: int, counts: tuple[int, int] = (FEW, MANY), rounds: int = ROUNDS) -> Course:
    """Return the course on the province with so many fields, with so many sites in a short and a long run."""
    province = Province(cache, Size(fields))
    once(province.root / "workspace", lambda partial: make_workspace(partial, province))
    files = []
    for count in counts:
        files.append(province.root / f"sites-{count}.gpkg")
        once(files[-1], lambda partial, count=count: sites_file(partial, province, count))  # type: ignore[misc]  # a default holds the value of this turn
    return Course(province.root / "workspace", files[0], files[1], rounds)


def of_builtin(cache: Path) -> Course:
    """Return the course on the built-in workspace: plots of 0.3 to 10 hectares."""
    chance = np.random.default_rng(SEED)
    west, south, east, north = _AROUND
    files = []
    for count in (FEW, MANY):
        centres = np.column_stack([chance.uniform(west, east, count), chance.uniform(south, north, count)])
        shapes = shapely.buffer(shapely.points(centres), chance.uniform(0.0003, 0.0018, count), quad_segs=6)
        files.append(cache / f"builtin-sites-{count}.gpkg")
        files[-1].unlink(missing_ok=True)
        write_geopackage(files[-1], shapes, np.full(count, "1"), "sites", crs="EPSG:4490")
    return Course(ROOT, files[0], files[1])


def growth(cache: Path, fields: int) -> dict[str, float]:
    """Return the figures of the province with so many fields."""
    course = of_province(cache, fields)
    prepared = prepare(course.workspace)
    return {
        "fields": fields,
        "source_mb": megabytes(course.workspace / "layers" / "data", "*.gpkg"),
        "prepared_mb": megabytes(course.workspace / ".prepared", "*.zones"),
        **prepared,
        **course.costs("--processes", "1"),
    }


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description="measure what docs/scale.md is reckoned from")
    parser.add_argument("fields", type=int, nargs="*", default=list(FIELDS))
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--cluster", action="store_true", help="only print what two workers bring")
    parser.add_argument("--sites", type=int, nargs=2, default=[FEW, MANY], help="with --cluster: of both runs")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="with --cluster: how often both are run")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    if asked.cluster:
        course = of_province(asked.cache, asked.fields[0], tuple(asked.sites), asked.rounds)
        print(json.dumps(of_cluster(course), indent=2))
        return
    figures: dict[str, Any] = {"cores": os.cpu_count(), "processor": platform.machine(), "growth": []}
    for fields in asked.fields:
        figures["growth"].append(growth(asked.cache, fields))
        print(json.dumps(figures["growth"][-1]), flush=True)
    figures["builtin"] = of_builtin(asked.cache).costs("--processes", "1")
    print(json.dumps(figures["builtin"]), flush=True)
    figures["cluster"] = of_cluster(of_province(asked.cache, asked.fields[-1]))
    asked.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
