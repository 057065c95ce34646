"""Measure the house rules: scripts/measure_house.py; or look for what stands twice below one folder.

scripts/measure_house.py                                        every measure with its limit; 1 when one is broken
scripts/measure_house.py --shapes zoning/cli --least 6          runs of lines of the same shape
scripts/measure_house.py --shapes zoning/cli --against zoning   ... the other of the two places may be anywhere
scripts/measure_house.py --twins zoning                         functions written twice
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from house.measure import Measure
from house.measures import all_measures
from house.shapes import LEAST, same_shapes
from house.sources import read_sources
from house.start import starts
from house.twins import twins

ROOT = Path(__file__).resolve().parents[1]
SHOWN = 20
"""Places that are listed of one broken limit."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; return 1 when a limit is broken."""
    options = _options(arguments)
    if options.shapes:
        return _say_shapes(options)
    if options.twins:
        return _say_twins(options)
    return _say_measures(starts(ROOT) if options.start else all_measures(ROOT))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", metavar="FOLDER", help="list runs of lines of the same shape below a folder")
    parser.add_argument("--least", type=int, default=LEAST, help="from how many lines on a run counts")
    parser.add_argument("--twins", metavar="FOLDER", help="list functions written twice, one of them below a folder")
    parser.add_argument(
        "--against", metavar="FOLDER", help="where the other place may stand; otherwise the same folder"
    )
    parser.add_argument("--start", action="store_true", help="measure how long a start takes")
    return parser.parse_args(arguments)


def _say_measures(measures: Iterable[Measure]) -> int:
    broken = 0
    for measure in measures:
        print(measure, *measure.places[:SHOWN], sep="\n        ")
        if len(measure.places) > SHOWN:
            print(f"        and {len(measure.places) - SHOWN} more")
        broken += not measure.kept
    return int(broken > 0)


def _say_shapes(options: argparse.Namespace) -> int:
    runs = same_shapes(read_sources(ROOT, options.against or options.shapes), options.least)
    here = [run for run in runs if run.first.startswith(options.shapes) or run.second.startswith(options.shapes)]
    print(*here, f"{len(here)} runs of at least {options.least} lines", sep="\n")
    return int(bool(here))


def _say_twins(options: argparse.Namespace) -> int:
    groups = twins(read_sources(ROOT, options.against or options.twins))
    here = [group for group in groups if any(place.startswith(options.twins) for place in group)]
    print(*("  ".join(group) for group in here), f"{len(here)} functions written twice", sep="\n")
    return int(bool(here))


if __name__ == "__main__":
    sys.exit(main())
