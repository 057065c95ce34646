"""Annotations of all functions; docstrings of all public names."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from house.sources import Function, Source

_NO_DOCSTRING_OF_ITS_OWN = frozenset({"overload", "override", "setter"})


@dataclass(frozen=True, slots=True)
class Definition:
    """A module, class or function, and where it stands.

    Attributes
    ----------
    path
        Its names from the module inwards; the empty string for the module itself.
    owner
        The class that it stands in directly.
    """

    source: Source
    node: ast.Module | ast.ClassDef | Function
    path: tuple[str, ...]
    owner: ast.ClassDef | None = None

    @property
    def place(self) -> str:
        """Where to look for it."""
        return f"{self.source.path}:{getattr(self.node, 'lineno', 1)} {'.'.join(self.path)}".rstrip()

    @property
    def public(self) -> bool:
        """Whether others may use it: no name on the way begins with an underscore, and it is not inside a function."""
        modules = self.source.path.removesuffix(".py").split("/")
        return not any(name.startswith("_") and name not in _OF_PACKAGES for name in (*modules, *self.path))


_OF_PACKAGES = frozenset({"__init__", "__main__"})


def definitions(source: Source) -> Iterator[Definition]:
    """Return the module, its classes and its functions; not what stands inside functions."""
    yield Definition(source, source.tree, ())
    yield from _inside(source, source.tree, (), None)


def _inside(source: Source, holder: ast.AST, path: tuple[str, ...], owner: ast.ClassDef | None) -> Iterator[Definition]:
    for node in ast.iter_child_nodes(holder):
        if isinstance(node, ast.ClassDef):
            yield Definition(source, node, (*path, node.name), owner)
            yield from _inside(source, node, (*path, node.name), node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Definition(source, node, (*path, node.name), owner)
        elif isinstance(node, ast.If | ast.Try):
            yield from _inside(source, node, path, owner)


def unannotated(source: Source) -> list[str]:
    """Return the functions, inner ones too, that leave the type of an argument or of the result open."""
    methods = {id(node) for owner in source.nodes if isinstance(owner, ast.ClassDef) for node in owner.body}
    return [
        f"{source.path}:{function.lineno} {function.name}"
        for function in source.functions
        if not _annotated(function, method=id(function) in methods)
    ]


def _annotated(function: Function, *, method: bool) -> bool:
    given = function.args
    named = [*given.posonlyargs, *given.args]
    if method and "staticmethod" not in decorators(function):
        named = named[1:]
    every = [*named, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    return function.returns is not None and all(argument.annotation for argument in every)


def decorators(node: Function | ast.ClassDef) -> set[str]:
    """Return the last names of the decorators: `command` of `@app.command("x")`."""
    called = (part.func if isinstance(part, ast.Call) else part for part in node.decorator_list)
    return {part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", "") for part in called}


def needs_docstring(found: Definition) -> bool:
    """Whether a docstring has to be there.

    It has not for a package that holds nothing but modules, for methods with two underscores, whose names say what they
    do, and for what only repeats another: overloads, setters, methods marked as overriding.
    """
    if isinstance(found.node, ast.Module):
        return bool(found.node.body)
    if isinstance(found.node, ast.ClassDef):
        return found.public
    magic = found.node.name.startswith("__")
    return found.public and not magic and not decorators(found.node) & _NO_DOCSTRING_OF_ITS_OWN


def without_docstring(found: Definition) -> bool:
    """Whether a docstring is missing."""
    return not ast.get_docstring(found.node, clean=False)
