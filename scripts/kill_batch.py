"""Kill `zoning batch` at random moments: nothing finished is lost, and the results are those of an undisturbed run.

    python scripts/kill_batch.py [--kills 50] [--sites 2500] [--seed 1]

Every kill (SIGKILL of the main process) is followed by `--resume`; a run that ends before its kill is begun anew. After
each kill the results are either absent or byte-equal, no finished part has gone, and no process is left behind; at last
no temporary file is. Results in GeoParquet and GeoPackage come from sites in a GeoPackage, those in CSV, with their
geometry, from a CSV with a column of WKT.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import psutil
import shapely

from zoning.batch.folder import folder_of
from zoning.layers.datum import WORLD
from zoning.layers.reader import Unavailable
from zoning.workspace import Workspace, builtin_root, copy_workspace

ON = "2026-06-01"
SUFFIXES = (".parquet", ".gpkg", ".csv")
_PATIENCE_S = 10.0
_EVERY = 100


@dataclass
class Rounds:
    """The runs of one campaign, and what was seen."""

    folder: Path
    sites: Path
    root: Path
    out: Path
    chance: random.Random
    kills: int = 0
    complete: int = 0
    resumed: list[int] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def command(self, out: Path) -> list[str]:
        """Return the command of a run."""
        files = ["--out", str(out), "--jsonl", str(out.with_suffix(".jsonl"))]
        options = ["--workspace", str(self.root), "--on", ON, "--processes", "2", "--resume"]
        if out.suffix == ".csv":
            options.append("--geometry")
        return [sys.executable, "-m", "zoning", "batch", str(self.sites), *files, *options]

    @property
    def environ(self) -> dict[str, str]:
        """Return the environment of a run, with a folder of its own for temporary files."""
        return {**os.environ, "TMPDIR": str(self.temporary)}

    @property
    def temporary(self) -> Path:
        """Return that folder."""
        folder = self.folder / "temporary"
        folder.mkdir(exist_ok=True)
        return folder

    def whole(self, out: Path) -> float:
        """Run undisturbed; return the seconds that it took."""
        started = time.perf_counter()
        done = subprocess.run(self.command(out), capture_output=True, text=True, check=False, env=self.environ)
        if done.returncode != 0:
            raise SystemExit(f"an undisturbed run left with {done.returncode}:\n{done.stderr}")
        return time.perf_counter() - started

    def kill(self, after_s: float) -> None:
        """Start or continue a run and kill it after some seconds."""
        before = self.parts()
        command, quiet = self.command(self.out), subprocess.DEVNULL
        process = subprocess.Popen(command, stdout=quiet, stderr=subprocess.PIPE, env=self.environ)
        time.sleep(after_s)
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(signal.SIGKILL)
        _, told = process.communicate()
        if process.returncode != -signal.SIGKILL:
            # Killed in the last moment of a run: the next one finds that there is nothing to continue.
            if process.returncode and not (self.out.exists() and not before):
                self.troubles.append(f"kill {self.kills}: {told.decode(errors='replace')}")
            self.complete += 1
            self.look(told)
            self.begin_anew()
            return
        self.kills += 1
        self.resumed.append(len(before))
        self.look(told)
        if not self.out.exists() and not before <= self.parts():
            self.troubles.append(f"kill {self.kills}: a finished part has gone")
        _, alive = psutil.wait_procs(family, timeout=_PATIENCE_S)
        if alive:
            self.troubles.append(f"kill {self.kills}: {len(alive)} processes were left behind")

    def begin_anew(self) -> None:
        """Take away the results of a run that has ended."""
        for path in (self.out, self.out.with_suffix(".jsonl")):
            path.unlink(missing_ok=True)

    def look(self, told: bytes) -> None:
        """Compare what is there with the undisturbed results."""
        if b"Traceback" in told:
            self.troubles.append(f"kill {self.kills}: {told.decode(errors='replace')}")
        for path in (self.out, self.out.with_suffix(".jsonl")):
            undisturbed = self.folder / f"undisturbed{path.suffix}"
            if path.exists() and path.read_bytes() != undisturbed.read_bytes():
                self.troubles.append(f"kill {self.kills}: {path.name} is not what an undisturbed run writes")

    def parts(self) -> set[str]:
        """Return the names of the finished parts."""
        folder = folder_of(self.out)
        return {path.name for path in folder.glob("*.arrow")} if folder.is_dir() else set()


def main() -> int:
    """Run all rounds and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--sites", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zoning-kill-") as name:
        folder = Path(name)
        root = folder / "workspace"
        copy_workspace(builtin_root(), root)
        sites = {".gpkg": write_sites(folder / "sites.gpkg", root, options.sites, options.seed)}
        sites[".csv"] = as_csv(sites[".gpkg"])
        chance = random.Random(options.seed)
        troubles = 0
        for suffix in SUFFIXES:
            share = -(-options.kills // len(SUFFIXES))
            rounds = Rounds(folder, sites.get(suffix, sites[".gpkg"]), root, folder / f"r{suffix}", chance)
            troubles += campaign(rounds, share)
        return 1 if troubles else 0


def campaign(rounds: Rounds, kills: int) -> int:
    """Kill runs that write one format; return the number of troubles."""
    suffix = rounds.out.suffix
    undisturbed = rounds.folder / f"undisturbed{suffix}"
    seconds = 0.0
    for _ in range(2):
        for path in (undisturbed, undisturbed.with_suffix(".jsonl")):
            path.unlink(missing_ok=True)
        # The first run prepares the layers and compiles what is not compiled yet.
        seconds = rounds.whole(undisturbed)
    while rounds.kills < kills:
        rounds.kill(rounds.chance.uniform(0, seconds))
    if rounds.out.exists() and not rounds.parts():
        rounds.begin_anew()
    rounds.whole(rounds.out)
    rounds.look(b"")
    left = folder_of(rounds.out).exists()
    rounds.begin_anew()
    litter = [path.name for path in rounds.temporary.iterdir()]
    if litter:
        rounds.troubles.append(f"temporary files are left: {', '.join(litter)}")
    print(
        f"{suffix}: undisturbed {seconds:.1f} s; kills: {rounds.kills}; finished parts found when taken up again: "
        f"{min(rounds.resumed)} to {max(rounds.resumed)}; runs that ended before their kill: {rounds.complete}; "
        f"results {'NOT EQUAL' if rounds.troubles else 'byte-equal'}, work folder {'LEFT' if left else 'gone'}"
    )
    for trouble in rounds.troubles:
        print(f"  {trouble}")
    shutil.rmtree(folder_of(rounds.out), ignore_errors=True)
    return len(rounds.troubles) + left


def write_sites(path: Path, root: Path, count: int, seed: int) -> Path:
    """Write footprints inside the territories, the same on every run; every hundredth has no area."""
    workspace = Workspace.open(root)
    layer = workspace.source().layer(workspace.catalogue.territory_layer, on=_day(), bounds=WORLD)
    if isinstance(layer, Unavailable):
        raise SystemExit(layer.reason.en)
    inside = shapely.union_all(layer.plane.to_lonlat(layer.whole()))
    shapely.prepare(inside)
    chance = np.random.default_rng(seed)
    west, south, east, north = inside.bounds
    shapes: list[shapely.Geometry] = []
    while len(shapes) < count:
        x, y = chance.uniform(west, east), chance.uniform(south, north)
        if shapely.contains_xy(inside, x, y):
            radius = 0.0 if len(shapes) % _EVERY == _EVERY - 1 else chance.uniform(0.0003, 0.002)
            shapes.append(shapely.box(x - radius, y - radius / 2, x + radius, y + radius / 2))
    names = [f"地块 {number}" for number in range(count)]
    geopandas.GeoDataFrame({"name": names}, geometry=shapes, crs=4490).to_file(path, driver="GPKG")
    return path


def as_csv(path: Path) -> Path:
    """Write the same footprints as a table with a column of WKT."""
    frame = geopandas.read_file(path)
    rows = frame.assign(wkt=[f"SRID=4490;{shape.wkt}" for shape in frame.geometry])
    target = path.with_suffix(".csv")
    rows[["name", "wkt"]].to_csv(target, index=False)
    return target


def _day() -> date:
    return date.fromisoformat(ON)


if __name__ == "__main__":
    os.environ["ZONING_LANG"] = "en"
    sys.exit(main())
