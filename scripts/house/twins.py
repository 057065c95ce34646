"""Functions written twice: the same body, but for the names of arguments and of what is local."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence

from house.sources import Function, Source, is_docstring

SMALLEST = 25
"""Functions with fewer nodes of syntax are too small to be worth a home of their own."""

_Found = tuple[str, Function]


def twins(sources: Sequence[Source], smallest: int = SMALLEST) -> list[list[str]]:
    """Return groups of places (`path:line name`) where the same function stands, largest functions first."""
    alike: dict[tuple[object, ...], list[_Found]] = defaultdict(list)
    for source in sources:
        for function in source.functions:
            alike[_outline(function)].append((f"{source.path}:{function.lineno} {function.name}", function))
    groups: dict[str, list[str]] = defaultdict(list)
    for place, function in (found for same in alike.values() if len(same) > 1 for found in same):
        groups[_body(function, smallest)].append(place)
    return [groups[body] for body in sorted(groups, key=len, reverse=True) if body and len(groups[body]) > 1]


def _outline(function: Function) -> tuple[object, ...]:
    """Return what the same functions have in common at a glance: only such are looked at closely."""
    statements = _statements(function)
    kinds = tuple(type(statement) for statement in statements)
    values = tuple(_called(getattr(statement, "value", None)) for statement in statements)
    return len(function.args.args), kinds, values


def _called(value: object) -> object:
    called = value.func if isinstance(value, ast.Call) else None
    return type(value), called.attr if isinstance(called, ast.Attribute) else type(called)


def _statements(function: Function) -> list[ast.stmt]:
    return [statement for statement in function.body if not is_docstring(statement)]


def _body(function: Function, smallest: int) -> str:
    """Return the syntax of what a function does, its own names numbered; nothing of a function that is too small."""
    nodes = [node for statement in _statements(function) for node in ast.walk(statement)]
    if len(nodes) < smallest:
        return ""
    arguments = [node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    own = {name: f"v{number}" for number, name in enumerate(dict.fromkeys([*arguments, *stored]))}
    return "".join(_parts(_statements(function), own))


def _parts(value: object, own: dict[str, str]) -> Iterator[str]:
    if isinstance(value, ast.Name):
        yield own.get(value.id, value.id)
    elif isinstance(value, ast.AST):
        yield type(value).__name__
        yield "("
        for field in value._fields:
            yield from _parts(getattr(value, field), own)
            yield ","
        yield ")"
    elif isinstance(value, list):
        for part in value:
            yield from _parts(part, own)
    else:
        yield repr(value)
