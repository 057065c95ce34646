"""Compare prepared layers with their files on many random sites: `make soak`. Ends with 1 when one answer differs."""

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from random_world import random_world
from two_forms import both_sources, differences

SITES_PER_WORLD = 50


def one_world(seed: int) -> tuple[int, int, list[str]]:
    """Return how many sites and layers were compared in one world, and what differed."""
    with tempfile.TemporaryDirectory() as folder:
        world = random_world(seed, Path(folder))
        found = differences(world, both_sources(world, Path(folder, ".prepared")), SITES_PER_WORLD)
        lines = [f"world {seed}, site {each.site.id}, {each.plain.layer}: {each.what}" for each in found]
        return SITES_PER_WORLD, len(world.names), lines


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1000, help="number of the first world")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    worlds = range(options.seed, options.seed + -(-options.sites // SITES_PER_WORLD))
    started, sites, measured, wrong = time.monotonic(), 0, 0, 0
    with ProcessPoolExecutor(options.processes) as pool:
        for number, (count, layers, lines) in enumerate(pool.map(one_world, worlds), start=1):
            sites, measured, wrong = sites + count, measured + count * layers, wrong + len(lines)
            for line in lines:
                print(f"  DIFFERENT: {line}", flush=True)
            if number % 20 == 0:
                print(f"  {sites:,} sites, {time.monotonic() - started:.0f} s", flush=True)
    seconds = time.monotonic() - started
    print(f"{sites:,} sites, {measured:,} measurements both ways in {seconds:.0f} s: {wrong} differ")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
