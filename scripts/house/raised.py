"""Which errors of ours leave the functions of a module: raised there, or in a function of the module that they call."""

import ast
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from house.sources import Function, Source

ROOT = "ZoningError"
UNKNOWN = "an error of ours"
"""Of which class is not to be seen."""
_ALL = frozenset({ROOT, "Exception", "BaseException", ""})
_SEVERAL = 2
_CATCHING_WITH = "suppress"

Key = tuple[str, str]
"""Class (empty for a function of the module) and name."""
Handler = tuple[frozenset[str], bool]
"""What it takes, and whether it keeps it: else it may raise the same again."""
Caught = tuple[tuple[Handler, ...], ...]
"""The handlers of each `try` around a step, from outside inwards."""
Imported = dict[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class _Step:
    """An error that is raised, or a function that is called, and what is caught around it."""

    raised: frozenset[str]
    called: Key | None
    caught: Caught


class Errors:
    """The errors of ours, and the functions that make one.

    Attributes
    ----------
    above
        Each class with all that it inherits from among ours, itself too.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        classes = [node for source in sources for node in source.nodes if isinstance(node, ast.ClassDef)]
        bases = {node.name: {last_name(base) for base in node.bases} for node in classes}
        self.above: dict[str, frozenset[str]] = {ROOT: frozenset({ROOT})}
        more = True
        while more:
            found = {name: own & self.above.keys() for name, own in bases.items() if name not in self.above}
            fresh = {name: own for name, own in found.items() if own}
            for name, own in fresh.items():
                self.above[name] = frozenset({name}).union(*(self.above[base] for base in own))
            more = bool(fresh)
        self._methods: dict[str, set[str]] = defaultdict(set)
        self._functions: dict[tuple[str, str], str] = {}
        for source in sources:
            for (owner, name), function in functions_of(source):
                made = _made(function, self.above)
                if made and owner:
                    self._methods[name].add(made)
                elif made:
                    self._functions[source.path, name] = made

    def of(self, made: ast.expr, path: str, names: Imported) -> frozenset[str]:
        """Return the classes of what a module raises; empty when it is none of ours.

        Parameters
        ----------
        path, names
            Of the module, and what it imports.
        """
        call = made.func if isinstance(made, ast.Call) else made
        name = last_name(call)
        if name in self.above:
            return frozenset({name})
        if call is made:
            return frozenset()
        if isinstance(call, ast.Attribute):
            found = self._methods.get(name, set())
            return frozenset(found if len(found) < _SEVERAL else {UNKNOWN})
        places = ((path, name), *names.get(name, ()))
        known = next((self._functions[place] for place in places if place in self._functions), None)
        return frozenset({known} if known else ())

    def left(self, raised: Iterable[str], caught: Caught) -> frozenset[str]:
        """Return those of the errors that no handler around them keeps."""
        return frozenset(name for name in raised if not any(self._kept(handlers, name) for handlers in caught))

    def _kept(self, handlers: tuple[Handler, ...], name: str) -> bool:
        kinds = _ALL | self.above.get(name, frozenset())
        return next((keeps for taken, keeps in handlers if taken & kinds), False)


def _made(function: Function, known: Container[str]) -> str:
    """Return the class of the error that a function makes; empty when it makes none."""
    name = function.returns.id if isinstance(function.returns, ast.Name) else ""
    if name not in known:
        return ""
    return UNKNOWN if name == ROOT else name


def functions_of(source: Source) -> list[tuple[Key, Function]]:
    """Return the functions of a module, those inside functions too; several can have one name."""
    methods = {id(node): owner.name for owner in source.nodes if isinstance(owner, ast.ClassDef) for node in owner.body}
    return [((methods.get(id(function), ""), function.name), function) for function in source.functions]


def imported(source: Source) -> Imported:
    """Return where the names of other modules come from: the files in which they may stand, and their names there."""
    found = {}
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            folder = node.module.replace(".", "/")
            for alias in node.names:
                files = (f"{folder}.py", f"{folder}/__init__.py")
                found[alias.asname or alias.name] = tuple((file, alias.name) for file in files)
    return found


def raised_in(source: Source, errors: Errors) -> dict[Key, frozenset[str]]:
    """Return what leaves each function of a module."""
    functions, known = functions_of(source), imported(source)
    names = defaultdict(list)
    for key in dict(functions):
        names[key[1]].append(key)
    steps: dict[Key, list[_Step]] = defaultdict(list)
    for key, function in functions:
        steps[key].extend(_Walk(errors, source.path, known, names, key[0]).of(function))
    found: dict[Key, frozenset[str]] = dict.fromkeys(steps, frozenset())
    more = True
    while more:
        before = found
        found = {key: frozenset().union(*(_left(step, before, errors) for step in own)) for key, own in steps.items()}
        more = found != before
    return found


def _left(step: _Step, known: Mapping[Key, frozenset[str]], errors: Errors) -> frozenset[str]:
    return errors.left(step.raised if step.called is None else known[step.called], step.caught)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Goes through one function."""

    errors: Errors
    path: str
    imported: Imported
    names: dict[str, list[Key]]
    owner: str

    def of(self, function: Function) -> Iterator[_Step]:
        for statement in function.body:
            yield from self._inside(statement, ())

    def _inside(self, node: ast.AST, caught: Caught) -> Iterator[_Step]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return  # nothing of it leaves the function around it unless it is called there
        if isinstance(node, ast.Try):
            yield from self._try(node, caught)
            return
        if isinstance(node, ast.With):
            quiet = frozenset(name for item in node.items for name in _suppressed(item.context_expr))
            caught = (*caught, ((quiet, True),))
        if isinstance(node, ast.Raise) and node.exc is not None:
            yield _Step(self.errors.of(node.exc, self.path, self.imported), None, caught)
        if isinstance(node, ast.Call):
            for called in self._called(node.func):
                yield _Step(frozenset(), called, caught)
        for child in ast.iter_child_nodes(node):
            yield from self._inside(child, caught)

    def _try(self, node: ast.Try, caught: Caught) -> Iterator[_Step]:
        handlers = tuple((frozenset(_types(handler.type)), not _goes_on(handler)) for handler in node.handlers)
        for statement in node.body:
            yield from self._inside(statement, (*caught, handlers))
        for part in (*node.handlers, *node.orelse, *node.finalbody):
            yield from self._inside(part, caught)

    def _called(self, function: ast.expr) -> list[Key]:
        if isinstance(function, ast.Name):
            return [key for key in self.names.get(function.id, []) if not key[0]]
        if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
            return []
        holder, keys = function.value.id, self.names.get(function.attr, [])
        if holder in {"self", "cls"}:
            return [key for key in keys if key[0] == self.owner] or [key for key in keys if key[0]]
        return [key for key in keys if key[0] == holder]


def _goes_on(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


def _types(kinds: ast.expr | None) -> Iterator[str]:
    if isinstance(kinds, ast.Tuple):
        yield from (last_name(kind) for kind in kinds.elts)
    else:
        yield "" if kinds is None else last_name(kinds)


def _suppressed(context: ast.expr) -> Iterator[str]:
    if isinstance(context, ast.Call) and last_name(context.func) == _CATCHING_WITH:
        yield from (last_name(kind) for kind in context.args)


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name; empty of anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
