"""Whether public functions that errors of ours leave say so in their docstring, and name them."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from house.measure import Measure, none_of, whole
from house.raised import UNKNOWN, Errors, raised_in
from house.signatures import decorators, definitions
from house.sources import Source

_COMMANDS = frozenset({"command", "callback", "field_validator", "model_validator"})
_SECTION = re.compile(r"^Raises\n------\n(.*?)(?=^\w[^\n]*\n-{4,}$|\Z)", re.MULTILINE | re.DOTALL)
_NAMES = re.compile(r"^\w+(?:, \w+)*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Raising:
    """A public function that errors of ours leave.

    Attributes
    ----------
    says
        Whether its docstring has a section "Raises".
    unnamed
        The errors of which this section names neither the class nor one above it.
    """

    place: str
    says: bool
    unnamed: tuple[str, ...]


def raises_told(sources: Sequence[Source]) -> Iterator[Measure]:
    """Measure public functions that raise an error of ours themselves or through a function of the same module.

    What is caught on the way does not count. Commands are left out: their docstrings are their help.
    """
    found = list(_public_raising(sources))
    silent = (one.place for one in found if not one.says)
    yield whole("public functions of zoning/ that raise our errors and say so", silent, found)
    unnamed = (f"{one.place} {name}" for one in found for name in one.unnamed)
    yield none_of('errors of ours that a section "Raises" of zoning/ does not name', unnamed)


def _public_raising(sources: Sequence[Source]) -> Iterator[_Raising]:
    errors = Errors(sources)
    for source in sources:
        raised = raised_in(source, errors)
        for found in definitions(source):
            node = found.node
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not found.public:
                continue
            left = raised[found.owner.name if found.owner else "", node.name]
            if left and not node.name.startswith("__") and not decorators(node) & _COMMANDS:
                section = _SECTION.search(ast.get_docstring(node) or "")
                yield _Raising(found.place, section is not None, _unnamed(section, left, errors))


def _unnamed(section: re.Match[str] | None, left: frozenset[str], errors: Errors) -> tuple[str, ...]:
    if section is None:
        return ()
    named = {name for line in _NAMES.findall(section[1]) for name in line.split(", ")}
    return tuple(name for name in sorted(left - {UNKNOWN}) if not errors.above[name] & named)
