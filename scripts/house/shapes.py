"""The same logic in two places: runs of logical lines that have the same shape.

A logical line is a simple statement, or the head of one that holds others (`if`, `for`, `while`, `with`, `try`,
`except`, `else`, `finally`, `match`, `case`), or the signature of a function. It is one line however many it is written
on: so a literal, a call with many arguments, a text in two languages and the options of a command count once each.

Only what runs counts, and that is what functions hold. Left out are docstrings, comments, blank lines, imports, `pass`,
`global`, decorators, and all that stands in a class or a module outside of functions: fields, members, tables,
`__all__`.

The shape of a line is its syntax without names, strings and numbers: `a.b = f(x, y=2)` and `c.d = g("z", e=k)` are one
shape. They are not compared at all, so that renaming hides nothing.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from house.sources import Source, is_docstring

LEAST = 8
"""From how many lines on a run counts."""

_LEFT_OUT = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal)
_HELD = frozenset({"body", "orelse", "finalbody", "handlers", "cases", "decorator_list", "name", "type_params"})
_HOLDERS = (ast.stmt, ast.ExceptHandler, ast.match_case)

_Line = tuple[str, int, int]
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of the same shape in two places, as long as they stay the same."""

    length: int
    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.length} lines: {self.first}  {self.second}"


def same_shapes(sources: Sequence[Source], least: int = LEAST) -> list[Run]:
    """Return the runs of at least `least` lines that stand in two places, longest first.

    A run that stands in three places is three runs: one for each pair. Two places in one file do not share lines.
    """
    files = [(source.path, list(logical_lines(source.tree))) for source in sources]
    lines = [(path, [line[0] for line in found], found) for path, found in files]
    windows: dict[tuple[str, ...], list[_Place]] = defaultdict(list)
    for number, (_, shapes, _) in enumerate(lines):
        for start in range(len(shapes) - least + 1):
            windows[tuple(shapes[start : start + least])].append((number, start))
    shapes_of = [shapes for _, shapes, _ in lines]
    found = [
        (_length(shapes_of, one, other, least), one, other)
        for places in windows.values()
        for one, other in _beginnings(shapes_of, places, least)
    ]
    runs = [Run(length, _where(lines, one, length), _where(lines, other, length)) for length, one, other in found]
    return sorted(runs, key=lambda run: (-run.length, run.first, run.second))


def _beginnings(shapes: list[list[str]], places: list[_Place], least: int) -> Iterator[tuple[_Place, _Place]]:
    """Return pairs of places where a run begins: the lines before them differ."""
    for index, (file, start) in enumerate(places):
        for other, begin in places[index + 1 :]:
            gap = begin - start if file == other else least + 1
            if gap >= least and (gap == least or not _same_before(shapes, (file, start), (other, begin))):
                yield (file, start), (other, begin)


def _same_before(shapes: list[list[str]], one: _Place, other: _Place) -> bool:
    return min(one[1], other[1]) > 0 and shapes[one[0]][one[1] - 1] == shapes[other[0]][other[1] - 1]


def _length(shapes: list[list[str]], one: _Place, other: _Place, least: int) -> int:
    first, second = shapes[one[0]][one[1] :], shapes[other[0]][other[1] :]
    longest = other[1] - one[1] if one[0] == other[0] else len(first)
    length = least
    while length < min(longest, len(second)) and first[length] == second[length]:
        length += 1
    return length


def _where(lines: list[tuple[str, list[str], list[_Line]]], place: _Place, length: int) -> str:
    path, _, found = lines[place[0]]
    return f"{path}:{found[place[1]][1]}-{found[place[1] + length - 1][2]}"


def logical_lines(tree: ast.Module) -> Iterator[_Line]:
    """Return shape, first and last line of each logical line of the functions of a module."""
    return _of_statements(tree.body, inside=False)


def _of_statements(statements: Iterable[ast.stmt], *, inside: bool) -> Iterator[_Line]:
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"def {_shape(statement.args)}", statement.lineno, statement.lineno
            yield from _of_statements(statement.body, inside=True)
        elif isinstance(statement, ast.ClassDef):
            yield from _of_statements(statement.body, inside=False)
        elif inside and not isinstance(statement, _LEFT_OUT) and not is_docstring(statement):
            yield from _of_statement(statement)


def _of_statement(statement: ast.stmt) -> Iterator[_Line]:
    held = [part for part in ast.iter_child_nodes(statement) if isinstance(part, _HOLDERS)]
    last = held[0].lineno - 1 if held and isinstance(held[0], ast.stmt) else statement.end_lineno
    yield _shape(statement), statement.lineno, max(statement.lineno, last or 0)
    yield from _of_statements(getattr(statement, "body", ()), inside=True)
    for case in getattr(statement, "cases", ()):
        yield f"case {_shape(case.pattern)} {_shape(case.guard)}", case.pattern.lineno, case.pattern.lineno
        yield from _of_statements(case.body, inside=True)
    for handler in getattr(statement, "handlers", ()):
        yield f"except {_shape(handler.type)}", handler.lineno, handler.lineno
        yield from _of_statements(handler.body, inside=True)
    yield from _of_other_branch("else", getattr(statement, "orelse", []))
    yield from _of_other_branch("finally", getattr(statement, "finalbody", []))


def _of_other_branch(word: str, statements: list[ast.stmt]) -> Iterator[_Line]:
    if statements and not (len(statements) == 1 and isinstance(statements[0], ast.If)):
        yield word, statements[0].lineno, statements[0].lineno
    yield from _of_statements(statements, inside=True)


def _shape(node: ast.AST | None) -> str:
    parts: list[str] = []
    if node is not None:
        _collect(node, parts)
    return "".join(parts)


def _collect(node: ast.AST, parts: list[str]) -> None:
    """Append the syntax of a node, without what it holds as further lines."""
    if isinstance(node, ast.Name | ast.Constant):
        parts.append("v")
        return
    parts.append(type(node).__name__ + "(")
    left_out = _HELD if isinstance(node, _HOLDERS) else ()
    for field in node._fields:
        value = None if field == "ctx" or field in left_out else getattr(node, field)
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, ast.AST):
                _collect(part, parts)
        parts.append(",")
    parts.append(")")
