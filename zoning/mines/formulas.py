"""Formulas of content files: numbers, names, + - * / and brackets, min and max; nothing else is ever computed."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from zoning.mistakes import Mistake
from zoning.texts import Text

_SIGNS: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: Final[Mapping[str, Callable[[list[float]], float]]] = {"min": min, "max": max}
_LONGEST = 300
_LARGEST = 1e12


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the names in it, in the order in which they stand."""

    text: str
    names: tuple[str, ...]

    def value(self, inputs: Mapping[str, float | None]) -> float | None:
        """Return the value; None where a name has none, or something is divided by nothing."""
        if any(inputs.get(name) is None for name in self.names):
            return None
        known = {name: float(value) for name in self.names if (value := inputs[name]) is not None}
        try:
            return _value(ast.parse(self.text, mode="eval").body, known)
        except ZeroDivisionError:
            return None

    def missing(self, inputs: Mapping[str, float | None]) -> tuple[str, ...]:
        """Return the names that have no value."""
        return tuple(name for name in self.names if inputs.get(name) is None)

    def filled(self, inputs: Mapping[str, float | None]) -> str:
        """Return the formula with the numbers in the place of the names, "?" where there is none.

        >>> parse_formula("area_m2 * depth_m").filled({"area_m2": 1200.0, "depth_m": None})
        '1,200 * ?'
        """
        numbers = {name: "?" if (value := inputs.get(name)) is None else f"{value:,.6g}" for name in self.names}
        numbers |= {
            name: f"{value:,.2f}"
            for name in self.names
            if (value := inputs.get(name)) is not None and abs(value) >= 1e5  # noqa: PLR2004 - no powers of ten
        }
        tree = ast.parse(self.text, mode="eval")
        made = self.text
        places = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in _FUNCTIONS]
        for node in sorted(places, key=lambda one: -one.col_offset):
            made = made[: node.col_offset] + numbers[node.id] + made[node.col_offset + len(node.id) :]
        return made


def parse_formula(text: str) -> Formula:
    """Return a formula; a Mistake says what cannot stand in it.

    >>> parse_formula("max(0, area_m2 - 2 * steep_m2)").names
    ('area_m2', 'steep_m2')
    """
    plain = text.strip()
    if len(plain) > _LONGEST or not plain.isascii():
        raise _refused(text)
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError) as error:
        raise _refused(text) from error
    names: list[str] = []
    _check(tree.body, text, names)
    return Formula(plain, tuple(dict.fromkeys(names)))


def _refused(text: str) -> Mistake:
    return Mistake(
        Text(
            f"“{text[:60]}”不是公式；只用数字、变量名、+ - * /、括号、min()、max()",
            f"'{text[:60]}' is no formula; numbers, names, + - * /, brackets, min() and max() only",
        )
    )


def _check(node: ast.expr, text: str, names: list[str]) -> None:
    match node:
        case ast.Constant(value=bool()):
            raise _refused(text)
        case ast.Constant(value=int() | float() as value) if abs(value) <= _LARGEST:
            return
        case ast.Name(id=name):
            names.append(name)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            _check(left, text, names)
            _check(right, text, names)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand, text, names)
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as arguments, keywords=[]) if name in _FUNCTIONS:
            for argument in arguments:
                _check(argument, text, names)
        case _:
            raise _refused(text)


def _value(node: ast.expr, known: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            return known[name]
        case ast.BinOp(left=left, op=sign, right=right):
            return _SIGNS[type(sign)](_value(left, known), _value(right, known))
        case ast.UnaryOp(operand=operand):
            return -_value(operand, known)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _FUNCTIONS[name]([_value(argument, known) for argument in arguments])
        case _:
            raise TypeError(type(node))
