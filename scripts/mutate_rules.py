"""Change one thing at a time in a rule and say which changes none of its cases notices.

scripts/mutate_rules.py                     all rules of this checkout
scripts/mutate_rules.py R046 WPPL-65a       these rules
scripts/mutate_rules.py --count             how many, rule by rule, without naming them
scripts/mutate_rules.py --workspace FOLDER  the rules of another workspace

Changed are: first and last day by one day, territories, scope, effect, classes and words left out or added, relations
and comparisons, figures by a thousandth, all and any, parts of conditions left out, provisos left out or turned round.
A change is noticed when the workspace cannot be opened with it, or when a case of the rule does not come out as
written, as `zoning rules test` would say. Returns 1 when something goes unnoticed.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mutants.rule_trial import RuleTrial

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the changes of the rules; return 1 when one of them goes unnoticed."""
    options = _options(arguments)
    trial = RuleTrial.of(options.workspace)
    tried = missed = 0
    for rule in trial.workspace.rulebook.rules:
        if options.rules and rule.id not in options.rules:
            continue
        unnoticed = trial.unnoticed(rule)
        tried += len(trial.changes(rule))
        missed += len(unnoticed)
        if options.count and unnoticed:
            print(f"{rule.id}: {len(unnoticed)}", flush=True)
        for change in () if options.count else unnoticed:
            print(f"{rule.id}: {change.about}", flush=True)
    print(f"{tried - missed} of {tried} changes noticed")
    return int(missed > 0)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", metavar="RULE", help="ids of rules; left out: all")
    parser.add_argument("--count", action="store_true", help="how many changes, rule by rule")
    parser.add_argument("--workspace", type=Path, default=ROOT, metavar="FOLDER")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
