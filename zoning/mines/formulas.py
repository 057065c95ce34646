"""Formulas of content files: numbers, names, + - * / and brackets, min and max; nothing else is ever computed."""

import ast
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from zoning.mines.formula_language import Function, Language, NotAFormulaError, names_in
from zoning.mistakes import Mistake
from zoning.texts import Text

_LANGUAGE: Final = Language(
    characters=300,
    levels=300,
    two={ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv},
    one={ast.USub: operator.neg},
    functions={
        "min": Function(lambda *values: min(values)),
        "max": Function(lambda *values: max(values)),
    },
    largest=1e12,
    ascii_only=True,
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the names in it, in the order in which they stand."""

    text: str
    names: tuple[str, ...]
    _tree: ast.expr = field(compare=False, repr=False)

    def value(self, inputs: Mapping[str, float | None]) -> float | None:
        """Return the value; None where a name has none, or something is divided by nothing."""
        if any(inputs.get(name) is None for name in self.names):
            return None
        known = {name: float(value) for name in self.names if (value := inputs[name]) is not None}
        try:
            return float(_LANGUAGE.value(self._tree, known.__getitem__))
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
        made = self.text
        for node in sorted(names_in(self._tree), key=lambda one: -one.col_offset):
            made = made[: node.col_offset] + numbers[node.id] + made[node.col_offset + len(node.id) :]
        return made


def parse_formula(text: str) -> Formula:
    """Return a formula; a Mistake says what cannot stand in it.

    >>> parse_formula("max(0, area_m2 - 2 * steep_m2)").names
    ('area_m2', 'steep_m2')
    """
    try:
        tree = _LANGUAGE.read(text)
    except NotAFormulaError as error:
        raise Mistake(
            Text(
                f"“{text[:60]}”不是公式；只用数字、变量名、+ - * /、括号、min()、max()",
                f"'{text[:60]}' is no formula; numbers, names, + - * /, brackets, min() and max() only",
            )
        ) from error
    return Formula(text.strip(), tuple(dict.fromkeys(node.id for node in names_in(tree))), tree)
