"""Change one thing at a time in a module and say which changes no test notices.

scripts/mutate.py zoning/sites/area.py tests/unit/test_area.py ...
scripts/mutate.py zoning/sites/area.py tests/unit/test_area.py --lines 40-90
scripts/mutate.py zoning/sites/area.py tests/unit/test_area.py --most 60 --seed 2

For each change only the tests that run its line are run, in a process of their own, at most ten times as long as they
take without it. A line that no test runs is said without trying. What tests do in other processes that start anew is
not changed, nor is a line that runs only when the module is imported. The method: DeMillo, Lipton and Sayward, "Hints
on Test Data Selection", IEEE Computer 11(4), 1978. Returns 1 when something goes unnoticed.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from mutants.changes import Change, changes_of
from mutants.trial import Module, Trial

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the changes of a module; return 1 when one of them goes unnoticed."""
    options = _options(arguments)
    module = Module(ROOT, options.module.resolve().relative_to(ROOT))
    trial = Trial(module, [str(path) for path in options.tests])
    if not trial.begin():
        print("without any change the tests do not pass")
        return 2
    chosen = _chosen(changes_of(module.source), options)
    unnoticed = 0
    for change in chosen:
        found = trial.of(change)
        if found != "noticed":
            unnoticed += 1
            print(f"{module.path}:{change.line}: {found}: {change.about}", flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} changes noticed")
    return int(unnoticed > 0)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", type=Path)
    parser.add_argument("tests", type=Path, nargs="+")
    parser.add_argument("--lines", default="", metavar="FROM-TO", help="changes of these lines alone")
    parser.add_argument("--most", type=int, default=0, help="no more changes than this, chosen by chance")
    parser.add_argument("--seed", type=int, default=1, help="what chance begins with")
    return parser.parse_args(arguments)


def _chosen(changes: list[Change], options: argparse.Namespace) -> list[Change]:
    if options.lines:
        first, _, last = options.lines.partition("-")
        changes = [change for change in changes if int(first) <= change.line <= int(last or first)]
    if 0 < options.most < len(changes):
        chance = random.Random(options.seed)
        changes = sorted(chance.sample(changes, options.most), key=lambda change: change.line)
    return changes


if __name__ == "__main__":
    sys.exit(main())
