"""All measures of a checkout, in the order in which they are printed."""

from collections.abc import Iterator
from pathlib import Path

from house import amount, contract, lengths, raising, reasons, signatures
from house.measure import Measure, none_of, whole
from house.shapes import LEAST, same_shapes
from house.sources import Source, read_sources
from house.twins import twins


def all_measures(root: Path) -> Iterator[Measure]:
    """Measure a checkout."""
    code, tests, scripts = (read_sources(root, folder) for folder in ("zoning", "tests", "scripts"))
    every = [*code, *tests, *scripts]
    yield from _of_lengths(code, [*tests, *scripts])
    yield from _of_signatures(code)
    yield none_of("exceptions of the contract of imports", contract.exceptions(root))
    yield none_of(f"runs of {LEAST} or more same-shaped lines in two places of zoning/", map(str, same_shapes(code)))
    yield none_of("functions of zoning/ written twice", map("  ".join, twins(code)))
    yield amount.test_lines(root, tests, code)
    marks = f"noqa and type: ignore without a reason, of {reasons.marks(every)}"
    yield none_of(marks, (place for source in every for place in reasons.marks_without_reason(source)))
    skips = (place for source in tests for place in reasons.skips_without_reason(source))
    yield none_of("tests skipped or expected to fail without a reason", skips)


def _of_lengths(code: list[Source], others: list[Source]) -> Iterator[Measure]:
    yield lengths.longest_file(f"longest of {len(code):,} files of zoning/", code)
    yield lengths.longest_file(f"longest of {len(others):,} files of tests/ and scripts/", others)
    yield lengths.longest_function(code)
    yield lengths.median_function(code)
    yield none_of("names of files and folders of zoning/ that say nothing", lengths.vague_names(code))


def _of_signatures(code: list[Source]) -> Iterator[Measure]:
    functions = [function for source in code for function in source.functions]
    yield whole("functions of zoning/ annotated", (p for s in code for p in signatures.unannotated(s)), functions)
    names = [found for source in code for found in signatures.definitions(source) if signatures.needs_docstring(found)]
    missing = (found.place for found in names if signatures.without_docstring(found))
    yield whole("public names of zoning/ with a docstring", missing, names)
    yield from raising.raises_told(code)
