"""Compare the verdict diff with a full run of both states on many pairs of workspaces made by chance.

Ends with 1 when one pair does not give the same list to the last byte.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from edition_world import both_ways, make_pair


def main() -> None:
    """Run the pairs and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wrong: list[int] = []
    sites = checked = changed = 0
    started = time.monotonic()
    for seed in range(options.seed, options.seed + options.pairs):
        with tempfile.TemporaryDirectory(prefix="zoning-soak-") as folder:
            pair = make_pair(Path(folder), seed, options.sites)
            diff = both_ways(pair)
        sites, checked, changed = sites + len(pair.sites), checked + diff.checked, changed + len(diff.full)
        if not diff.same:
            wrong.append(seed)
            print(f"  WRONG: seed {seed}: {', '.join(pair.done)}", flush=True)
        if seed % 20 == 0:
            print(f"  {seed - options.seed + 1} pairs, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(f"{options.pairs} pairs, {sites} sites: {checked} checked again, {changed} verdicts changed")
    print(f"{len(wrong)} pairs give another list than the full run; {time.monotonic() - started:.0f} s")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
