"""Formulas over the bands of a raster: read as a formula and nothing else, never run as a program."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoning.errors import UsageError

Floats = NDArray[np.float64]

_MOST_CHARACTERS = 200
_MOST_LEVELS = 20
_BAND = re.compile(r"b([1-9][0-9]{0,2})")
_TWO: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_ONE: dict[type[ast.unaryop], Callable[[Any], Any]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_CALLS: dict[str, tuple[int, Callable[..., Any]]] = {
    "abs": (1, np.abs),
    "sqrt": (1, np.sqrt),
    "min": (2, np.minimum),
    "max": (2, np.maximum),
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read.

    Attributes
    ----------
    bands
        The bands that it asks for, from 1, in order.
    """

    text: str
    bands: tuple[int, ...]
    _tree: ast.expr

    def values(self, bands: Mapping[int, Floats]) -> Floats:
        """Return the value of each pixel; NaN or infinite where it has none (0/0, the root of a negative number)."""
        shape = next(iter(bands.values())).shape
        with np.errstate(all="ignore"):
            found = np.asarray(_value(self._tree, bands), dtype=np.float64)
        return np.array(np.broadcast_to(found, shape))


def parse_formula(text: str) -> Formula:
    """Read a formula: bands b1, b2 ..., numbers, + - * / **, brackets, abs, sqrt, min(a, b), max(a, b).

    Raises
    ------
    UsageError
        When it is no such formula, or names no band.

    Examples
    --------
    >>> parse_formula("(b4-b3)/(b4+b3)").bands
    (3, 4)
    """
    try:
        if len(text) > _MOST_CHARACTERS:
            raise _refused(text, "过长", "too long")
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refused(text, "写法有误", "it is not written as one") from error
    _check(text, tree, 0)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(_CALLS)
    bands = tuple(sorted(int(name[1:]) for name in names))
    if not bands:
        raise _refused(text, "没有用到波段", "it names no band")
    return Formula(text, bands, tree)


def _check(text: str, node: ast.expr, level: int) -> None:
    if level > _MOST_LEVELS:
        raise _refused(text, "嵌套过深", "nested too deeply")
    for part in _parts(text, node):
        _check(text, part, level + 1)


def _parts(text: str, node: ast.expr) -> tuple[ast.expr, ...]:
    """Return what a part of a formula consists of; refuse what no formula needs."""
    if isinstance(node, ast.BinOp) and type(node.op) in _TWO:
        return (node.left, node.right)
    if isinstance(node, ast.UnaryOp) and type(node.op) in _ONE:
        return (node.operand,)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        name = node.func.id
        if name in _CALLS and _CALLS[name][0] == len(node.args):
            return tuple(node.args)
        raise _refused(text, f"不能用 {name}(…)", f"{name}(...) is not known")
    if isinstance(node, ast.Name):
        if _BAND.fullmatch(node.id):
            return ()
        raise _refused(text, f"不认识“{node.id}”，波段写成 b1、b2", f"'{node.id}' is no band: they are b1, b2 ...")
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return ()
    part = ast.get_source_segment(text.strip(), node) or text
    raise _refused(text, f"不能用“{part[:30]}”", f"'{part[:30]}' is not allowed")


def _value(node: ast.expr, bands: Mapping[int, Floats]) -> Any:
    match node:
        case ast.BinOp():
            return _TWO[type(node.op)](_value(node.left, bands), _value(node.right, bands))
        case ast.UnaryOp():
            return _ONE[type(node.op)](_value(node.operand, bands))
        case ast.Call(func=ast.Name(id=name)):
            return _CALLS[name][1](*(_value(part, bands) for part in node.args))
        case ast.Name():
            return bands[int(node.id[1:])]
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)
    raise AssertionError(node)  # refused when it was read


def _refused(text: str, zh: str, en: str) -> UsageError:
    return UsageError(
        f"公式“{text[:60]}”：{zh}；可用：b1、b2 等波段，数字，+ - * / **，括号，abs sqrt min max",
        f"formula '{text[:60]}': {en}; allowed: bands b1, b2 ..., numbers, + - * / **, brackets, abs sqrt min max",
    )
