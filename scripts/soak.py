"""Measure many random sites three ways: `make soak`. Ends with 1 when one answer differs.

The file form and the prepared form have to be the same to the last bit; the slow oracle takes other roads to the same
figures (`tests/support/three_ways.py` tells what is accepted, how often is printed).
"""

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from random_world import random_world
from three_ways import Ledger, three_ways
from two_forms import both_sources

SITES_PER_WORLD = 48
"""All kinds of sites, four times."""


def one_world(seed: int, sites: int) -> tuple[int, Ledger, list[str]]:
    """Return how many layers were compared in one world, what was compared, and what differed."""
    with tempfile.TemporaryDirectory() as folder:
        world, ledger = random_world(seed, Path(folder)), Ledger()
        found = three_ways(world, both_sources(world, Path(folder, ".prepared")), sites, ledger)
        lines = [f"world {seed}, site {each.site.id}, {each.layer}: {each.what}" for each in found]
        return len(world.names), ledger, lines


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1000, help="number of the first world")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    counts = [min(SITES_PER_WORLD, options.sites - start) for start in range(0, options.sites, SITES_PER_WORLD)]
    seeds = range(options.seed, options.seed + len(counts))
    started, sites, measured, wrong, ledger = time.monotonic(), 0, 0, 0, Ledger()
    with ProcessPoolExecutor(options.processes) as pool:
        for number, (layers, found, lines) in enumerate(pool.map(one_world, seeds, counts), start=1):
            count = counts[number - 1]
            sites, measured, wrong = sites + count, measured + count * layers, wrong + len(lines)
            ledger.add(found)
            for line in lines:
                print(f"  DIFFERENT: {line}", flush=True)
            if number % 20 == 0:
                print(f"  {sites:,} sites, {time.monotonic() - started:.0f} s", flush=True)
    print_ledger(ledger)
    seconds = time.monotonic() - started
    print(f"{sites:,} sites, {measured:,} measurements three ways in {seconds:.0f} s: {wrong} differ")
    raise SystemExit(1 if wrong else 0)


def print_ledger(ledger: Ledger) -> None:
    """Print how many figures of each kind were compared, and how many passed by a tolerance."""
    print(f"  compared: {sum(ledger.compared.values()):,} figures and decisions")
    for what, count in sorted(ledger.compared.items()):
        print(f"    {what}: {count:,}")
    for what, apart in ledger.apart.items():
        print(f"  areas {what} are apart by at most {apart:.1e}" + (" of themselves" if "above" in what else " m²"))
    print(f"  accepted as rounding: {sum(ledger.tolerated.values()):,}")
    for what, count in sorted((+ledger.tolerated).items()):
        print(f"    {what}: {count:,}")


if __name__ == "__main__":
    main()
