"""Whether public functions that raise an error of ours say so in their docstring."""

import ast
from collections.abc import Iterator, Sequence

from house.measure import Measure
from house.signatures import decorators, definitions
from house.sources import Function, Source

GOAL = 1.0
FLOOR = 0.64
"""What was reached, rounded down. It may rise, never fall."""

_COMMANDS = frozenset({"command", "callback", "field_validator", "model_validator"})
_MAKERS = frozenset({"error", "crs_error", "refusal"})
"""Methods that make an error at a place of a file."""
_OURS = "an error of ours"
_ROOT = "ZoningError"


def raises_told(sources: Sequence[Source]) -> Measure:
    """Measure public functions that raise an error of ours themselves or through a function of the same module.

    Commands are left out: their docstrings are their help. What is caught again in the module counts as raised.
    """
    errors = _ours(sources)
    told, silent = 0, []
    for place, docstring in (found for source in sources for found in _public_raising(source, errors)):
        told += "Raises\n" in docstring
        if "Raises\n" not in docstring:
            silent.append(place)
    share = told / (told + len(silent)) if told or silent else GOAL
    limit = f"at least {FLOOR:.0%} (goal {GOAL:.0%})"
    title = f"public functions that raise our errors and say so ({len(silent)} do not)"
    kept = share >= FLOOR
    return Measure(title, f"{share:.1%} of {told + len(silent)}", limit, kept, () if kept else tuple(silent))


def _ours(sources: Sequence[Source]) -> set[str]:
    """Return the names of `ZoningError` and of all classes below it."""
    classes = [node for source in sources for node in source.nodes if isinstance(node, ast.ClassDef)]
    bases = {node.name: {_last_name(base) for base in node.bases} for node in classes}
    found: set[str] = set()
    more = {_ROOT}
    while more:
        found |= more
        more = {name for name, above in bases.items() if name not in found and above & found}
    return found


def _public_raising(source: Source, errors: set[str]) -> Iterator[tuple[str, str]]:
    raising = _raising(source, errors)
    for found in definitions(source):
        node = found.node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name not in raising:
            continue
        if found.public and not node.name.startswith("__") and not decorators(node) & _COMMANDS:
            yield found.place, ast.get_docstring(node) or ""


def _raising(source: Source, errors: set[str]) -> set[str]:
    functions = list(source.functions)
    makers = {function.name for function in functions if _returns(function, errors)} | errors
    raising = {
        function.name for function in functions if any(name in makers or name == _OURS for name in _raised(function))
    }
    if not raising:
        return raising
    called = {function.name: set(_called(function)) for function in functions}
    more = raising
    while more:
        more = {name for name, others in called.items() if name not in raising and others & raising}
        raising |= more
    return raising


def _returns(function: Function, errors: set[str]) -> bool:
    return isinstance(function.returns, ast.Name) and function.returns.id in errors


def _raised(function: Function) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            of_place = isinstance(made, ast.Attribute) and made.attr in _MAKERS
            yield _OURS if of_place else _last_name(made)


def _called(function: Function) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and (isinstance(node.func, ast.Name) or _of_self(node.func)):
            yield _last_name(node.func)


def _of_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
