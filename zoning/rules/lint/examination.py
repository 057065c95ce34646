"""The examination of a whole rule base: every kind of fault, in the order of files and lines."""

from collections.abc import Callable, Iterable

from zoning.rules.lint.bands import examine_bands
from zoning.rules.lint.citing import examine_citations
from zoning.rules.lint.contrary import examine_pairs
from zoning.rules.lint.dates import examine_dates
from zoning.rules.lint.examples import examine_cases
from zoning.rules.lint.rows import examine_rows
from zoning.rules.lint.rule_base import Fault, RuleBase
from zoning.rules.lint.texts import examine_texts
from zoning.rules.lint.unused import examine_names

_EXAMINATIONS: tuple[Callable[[RuleBase], Iterable[Fault]], ...] = (
    examine_rows,
    examine_bands,
    examine_pairs,
    examine_citations,
    examine_cases,
    examine_names,
    examine_dates,
    examine_texts,
)


def examine(base: RuleBase) -> tuple[Fault, ...]:
    """Return everything that is wrong with a rule base."""
    found = {fault: None for examination in _EXAMINATIONS for fault in examination(base)}
    return tuple(sorted(found, key=lambda fault: (fault.path.as_posix(), fault.line, fault.kind, fault.text.en)))
