"""How much test there is for how much code."""

from collections.abc import Sequence
from pathlib import Path

from house.measure import Measure
from house.sources import Source

LEAST = 1.5

_CASES = (("rules", "cases"), ("tests",))


def test_lines(root: Path, tests: Sequence[Source], code: Sequence[Source]) -> Measure:
    """Measure lines of test for each line of code.

    Code: lines of zoning/**/*.py that are not blank, not a comment alone and not a docstring. Test: the same of
    tests/**/*.py, and the lines of rules/cases/**/*.yaml and tests/**/*.yaml that are neither blank nor a comment: each
    of those files is run as tests.
    """
    of_code = sum(source.code_lines for source in code)
    of_tests = sum(source.code_lines for source in tests)
    of_cases = sum(_lines(path) for folder in _CASES for path in sorted(root.joinpath(*folder).rglob("*.yaml")))
    share = (of_tests + of_cases) / of_code if of_code else LEAST
    title = f"test lines ({of_tests:,} + {of_cases:,} of cases) for each of {of_code:,} code lines"
    return Measure(title, f"{share:.3f}", f"at least {LEAST:g}", share >= LEAST)


def _lines(path: Path) -> int:
    stripped = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return sum(1 for line in stripped if line and line[0] != "#")
