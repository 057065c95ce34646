"""How long files and functions are."""

from collections.abc import Mapping, Sequence
from statistics import median

from house.measure import Measure
from house.sources import Function, Source, span

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MEDIAN_FUNCTION = 12
"""Half of the functions are shorter than this."""

LONG_FILES: Mapping[str, str] = {}
"""Files that may be longer: path and reason."""

LONG_FUNCTIONS: Mapping[str, str] = {}
"""Functions that may be longer: `path name` and reason."""

VAGUE_NAMES = frozenset({"utils", "helpers", "common", "manager", "data", "core", "misc"})


def longest_file(title: str, sources: Sequence[Source]) -> Measure:
    """Measure files: all lines count, blank ones and comments too."""
    long = [
        f"{s.path} {len(s.lines)} lines" for s in sources if len(s.lines) > LONGEST_FILE and s.path not in LONG_FILES
    ]
    longest = max((len(source.lines) for source in sources), default=0)
    return Measure(title, f"{longest} lines", f"at most {LONGEST_FILE}{_but(LONG_FILES)}", not long, tuple(long))


def longest_function(sources: Sequence[Source]) -> Measure:
    """Measure functions from `def` to their last line, with their docstrings, without their decorators."""
    lengths = {f"{s.path} {function.name}": lines_of(function) for s in sources for function in s.functions}
    long = [f"{name} {lines} lines" for name, lines in lengths.items() if lines > LONGEST_FUNCTION]
    long = [place for place in long if place.rsplit(" ", 2)[0] not in LONG_FUNCTIONS]
    figure, limit = max(lengths.values(), default=0), f"at most {LONGEST_FUNCTION}{_but(LONG_FUNCTIONS)}"
    return Measure("longest function of zoning/", f"{figure} lines", limit, not long, tuple(long))


def median_function(sources: Sequence[Source]) -> Measure:
    """Measure the function that half of the others are longer than, counted in the same way."""
    lengths = [lines_of(function) for source in sources for function in source.functions]
    figure = median(lengths) if lengths else 0
    title = f"median of {len(lengths):,} functions of zoning/"
    return Measure(title, f"{figure:g} lines", f"under {MEDIAN_FUNCTION}", figure < MEDIAN_FUNCTION)


def vague_names(sources: Sequence[Source]) -> list[str]:
    """Return files and folders whose names say nothing about what they hold."""
    return [s.path for s in sources if VAGUE_NAMES & {part.removesuffix(".py") for part in s.path.split("/")}]


def lines_of(function: Function) -> int:
    """Return how many lines a function has."""
    return len(span(function))


def _but(exceptions: Mapping[str, str]) -> str:
    return "".join(f"; but {name}: {reason}" for name, reason in exceptions.items())
