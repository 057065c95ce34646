"""Formulas over the bands of a raster: read as a formula and nothing else, never run as a program."""

import ast
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.errors import UsageError
from zoning.mines.formula_language import Fault, Function, Language, NotAFormulaError, names_in
from zoning.texts import Text

Floats = NDArray[np.float64]

_BAND = re.compile(r"b([1-9][0-9]{0,2})")
_LANGUAGE: Final = Language(
    characters=200,
    levels=20,
    two={
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: np.divide,
        ast.Pow: np.power,
    },
    one={ast.UAdd: operator.pos, ast.USub: operator.neg},
    functions={
        "abs": Function(np.abs, 1),
        "sqrt": Function(np.sqrt, 1),
        "min": Function(np.minimum, 2),
        "max": Function(np.maximum, 2),
    },
    is_name=lambda name: _BAND.fullmatch(name) is not None,
    number=np.float64,
)
_FAULTS: Final[Mapping[Fault, Text]] = {
    "long": Text("过长", "too long"),
    "syntax": Text("写法有误", "it is not written as one"),
    "deep": Text("嵌套过深", "nested too deeply"),
    "call": Text("不能用 {word}(…)", "{word}(...) is not known"),
    "name": Text("不认识“{word}”，波段写成 b1、b2", "'{word}' is no band: they are b1, b2 ..."),
    "part": Text("不能用“{word:.30}”", "'{word:.30}' is not allowed"),
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
    _tree: ast.expr = field(compare=False, repr=False)

    def values(self, bands: Mapping[int, Floats]) -> Floats:
        """Return the value of each pixel; NaN or infinite where it has none (0/0, the root of a negative number)."""
        shape = next(iter(bands.values())).shape
        with np.errstate(all="ignore"):
            found = np.asarray(_LANGUAGE.value(self._tree, lambda name: bands[int(name[1:])]), dtype=np.float64)
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
        tree = _LANGUAGE.read(text)
    except NotAFormulaError as error:
        why = _FAULTS[error.fault]
        raise _refused(text, why.zh.format(word=error.word), why.en.format(word=error.word)) from error
    bands = tuple(sorted({int(node.id[1:]) for node in names_in(tree)}))
    if not bands:
        raise _refused(text, "没有用到波段", "it names no band")
    return Formula(text, bands, tree)


def _refused(text: str, zh: str, en: str) -> UsageError:
    return UsageError(
        f"公式“{text[:60]}”：{zh}；可用：b1、b2 等波段，数字，+ - * / **，括号，abs sqrt min max",
        f"formula '{text[:60]}': {en}; allowed: bands b1, b2 ..., numbers, + - * / **, brackets, abs sqrt min max",
    )
