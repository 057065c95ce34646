"""Formulas that content files and users write: read as a formula and nothing else, never run as a program.

One reader and one evaluator; what a formula may say is a `Language`: its signs, functions, names and bounds.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Fault = Literal["long", "letters", "syntax", "deep", "call", "name", "part"]


class NotAFormulaError(Exception):
    """What cannot stand in a formula; the caller has the sentence.

    Attributes
    ----------
    fault
        long: too many characters; letters: a sign that is no ASCII; syntax: not written as a formula; deep: nested too
        deeply; call: a function that is not known, or with other arguments; name: a name that is not known; part:
        anything else.
    word
        The function, the name or the part.
    """

    def __init__(self, fault: Fault, word: str = "") -> None:
        super().__init__(fault, word)
        self.fault: Fault = fault
        self.word = word


@dataclass(frozen=True, slots=True)
class Function:
    """A function and how many arguments it takes; None: one or more."""

    call: Callable[..., Any]
    arguments: int | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """What a formula may say.

    Attributes
    ----------
    characters, levels
        How long it may be and how deeply nested.
    two, one
        Signs between two values and before one.
    is_name
        Whether a name may stand in it.
    largest
        Of its numbers, by size.
    number
        Makes the value of a number that stands in it.
    """

    characters: int
    levels: int
    two: Mapping[type[ast.operator], Callable[[Any, Any], Any]]
    one: Mapping[type[ast.unaryop], Callable[[Any], Any]]
    functions: Mapping[str, Function]
    is_name: Callable[[str], bool] = field(default=lambda _: True)
    largest: float = float("inf")
    number: Callable[[float], Any] = float
    ascii_only: bool = False

    def read(self, text: str) -> ast.expr:
        """Return a formula as a tree in which nothing stands that this language does not know.

        Raises
        ------
        NotAFormulaError
            With what is wrong.
        """
        plain = text.strip()
        if len(plain) > self.characters:
            raise NotAFormulaError("long")
        if self.ascii_only and not plain.isascii():
            raise NotAFormulaError("letters")
        try:
            tree = ast.parse(plain, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise NotAFormulaError("syntax") from error
        self._check(plain, tree, 0)
        return tree

    def _check(self, text: str, node: ast.expr, level: int) -> None:
        if level > self.levels:
            raise NotAFormulaError("deep")
        for part in self._parts(text, node):
            self._check(text, part, level + 1)

    def _parts(self, text: str, node: ast.expr) -> tuple[ast.expr, ...]:
        """Return what a part of a formula consists of; refuse what no formula needs."""
        match node:
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in self.two:
                return (left, right)
            case ast.UnaryOp(op=sign, operand=operand) if type(sign) in self.one:
                return (operand,)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                if not self._takes(name, len(arguments)):
                    raise NotAFormulaError("call", name)
                return tuple(arguments)
            case ast.Name(id=name):
                if not self.is_name(name):
                    raise NotAFormulaError("name", name)
                return ()
            case ast.Constant(value=int() | float() as number) if self._is_number(number):
                return ()
        raise NotAFormulaError("part", ast.get_source_segment(text, node) or text)

    def _is_number(self, number: float) -> bool:
        return not isinstance(number, bool) and abs(number) <= self.largest

    def _takes(self, name: str, count: int) -> bool:
        function = self.functions.get(name)
        return function is not None and (count > 0 if function.arguments is None else count == function.arguments)

    def value(self, tree: ast.expr, named: Callable[[str], Any]) -> Any:
        """Return the value of a tree that `read` returned; `named` returns that of a name."""
        match tree:
            case ast.BinOp(left=left, op=sign, right=right):
                return self.two[type(sign)](self.value(left, named), self.value(right, named))
            case ast.UnaryOp(op=sign, operand=operand):
                return self.one[type(sign)](self.value(operand, named))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.functions[name].call(*(self.value(argument, named) for argument in arguments))
            case ast.Name(id=name):
                return named(name)
            case ast.Constant(value=int() | float() as number):
                return self.number(number)
        raise AssertionError(tree)  # refused when it was read


def names_in(tree: ast.expr) -> Iterator[ast.Name]:
    """Yield the names of a tree in the order in which they stand; functions are none."""
    match tree:
        case ast.Name():
            yield tree
        case ast.Call(args=arguments):
            for argument in arguments:
                yield from names_in(argument)
        case _:
            for child in ast.iter_child_nodes(tree):
                if isinstance(child, ast.expr):
                    yield from names_in(child)
