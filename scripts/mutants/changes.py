"""The changes that are tried: each makes one place of a module say something else."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NOT_RUN = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Change:
    """One change: the node of the tree (by its number in `ast.walk`), what is done to it, and its line."""

    number: int
    line: int
    about: str
    apply: Callable[[Any], ast.AST | None]
    """Gives what stands in the node's place; None where the node itself was changed."""


def changes_of(source: str) -> list[Change]:
    """Return all changes of a module in the order of its lines; what stands outside of functions is left alone."""
    tree = ast.parse(source)
    inside = _inside_functions(tree)
    found = [
        change
        for number, node in enumerate(ast.walk(tree))
        if id(node) in inside
        for change in _changes_of_node(number, node)
    ]
    return sorted(found, key=lambda change: change.line)


def changed(source: str, change: Change) -> ast.Module:
    """Return the tree of a module with one change."""
    tree = ast.parse(source)
    node = next(node for number, node in enumerate(ast.walk(tree)) if number == change.number)
    instead = change.apply(node)
    if instead is not None:
        _Replacing(node, instead).visit(tree)
    return ast.fix_missing_locations(tree)


class _Replacing(ast.NodeTransformer):
    def __init__(self, node: ast.AST, instead: ast.AST) -> None:
        self._node = node
        self._instead = ast.copy_location(instead, node)

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._node:
            return self._instead
        return super().generic_visit(node)


def _inside_functions(tree: ast.Module) -> set[int]:
    """Return the nodes of what functions do: no annotations, no defaults, no docstrings, no type hints."""
    found: set[int] = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for statement in function.body:
            if not isinstance(statement, _NOT_RUN):
                found.update(id(node) for node in _without_hints(statement))
    return found


def _without_hints(statement: ast.AST) -> Iterator[ast.AST]:
    yield statement
    hints = ("annotation", "returns")
    for name, value in ast.iter_fields(statement):
        if name in hints or (name == "args" and isinstance(value, ast.arguments)):
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST):
                yield from _without_hints(one)


def _changes_of_node(number: int, node: ast.AST) -> Iterator[Change]:
    line = getattr(node, "lineno", 0)
    for about, apply in _CHANGES.get(type(node), _nothing)(node):
        yield Change(number, line, f"{ast.unparse(node).splitlines()[0][:90]} -> {about}", apply)


Found = Iterator[tuple[str, Callable[[Any], ast.AST | None]]]


def _nothing(node: ast.AST) -> Found:
    del node
    return iter(())


def _of_compare(node: ast.Compare) -> Found:
    for position, sign in enumerate(node.ops):
        opposite = _OPPOSITES[type(sign)]

        def apply(node: ast.Compare, position: int = position, opposite: type[ast.cmpop] = opposite) -> None:
            node.ops[position] = opposite()

        yield opposite.__name__, apply


def _of_operator(node: ast.BinOp) -> Found:
    other = _SUMS.get(type(node.op))
    # Text is put together with + and formatted with %: to take it apart fails everywhere.
    if other is None or any(isinstance(side, ast.JoinedStr) or _is_text(side) for side in (node.left, node.right)):
        return

    def apply(node: ast.BinOp) -> None:
        node.op = other()

    yield other.__name__, apply


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _of_bool(node: ast.BoolOp) -> Found:
    other = ast.Or if isinstance(node.op, ast.And) else ast.And

    def apply(node: ast.BoolOp) -> None:
        node.op = other()

    yield other.__name__, apply


def _of_not(node: ast.UnaryOp) -> Found:
    if isinstance(node.op, ast.Not | ast.USub):
        inner = node.operand
        yield ast.unparse(inner)[:60], lambda _: copy.deepcopy(inner)


def _of_constant(node: ast.Constant) -> Found:
    value = node.value
    if isinstance(value, bool):
        yield str(not value), lambda _: ast.Constant(not value)
    elif isinstance(value, int | float):
        yield str(value + 1), lambda _: ast.Constant(value + 1)


def _of_condition(node: ast.If | ast.IfExp) -> Found:
    del node

    def always(node: ast.If | ast.IfExp) -> None:
        node.test = ast.Constant(value=True)

    def never(node: ast.If | ast.IfExp) -> None:
        node.test = ast.Constant(value=False)

    yield "always", always
    yield "never", never


def _of_return(node: ast.Return) -> Found:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "None", lambda _: ast.Return(ast.Constant(None))


def _of_statement(node: ast.Expr) -> Found:
    if isinstance(node.value, ast.Call):
        yield "nothing", lambda _: ast.Pass()


def _of_raise(node: ast.AST) -> Found:
    del node
    yield "nothing", lambda _: ast.Pass()


def _of_break(node: ast.AST) -> Found:
    other = ast.Continue if isinstance(node, ast.Break) else ast.Break
    yield other.__name__, lambda _: other()


_CHANGES: dict[type[ast.AST], Callable[[Any], Found]] = {
    ast.Compare: _of_compare,
    ast.BinOp: _of_operator,
    ast.BoolOp: _of_bool,
    ast.UnaryOp: _of_not,
    ast.Constant: _of_constant,
    ast.If: _of_condition,
    ast.IfExp: _of_condition,
    ast.Return: _of_return,
    ast.Expr: _of_statement,
    ast.Raise: _of_raise,
    ast.Break: _of_break,
    ast.Continue: _of_break,
}
