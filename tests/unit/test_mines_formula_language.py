"""One reader of formulas, two languages: what one allows and the other refuses, and what both say of it."""

import ast
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import zoning
from zoning.errors import UsageError
from zoning.mines import band_formula, formulas
from zoning.mines.formula_language import Function, Language, NotAFormulaError, names_in
from zoning.mistakes import Mistake

TOY = Language(
    characters=12,
    levels=2,
    two={ast.Add: lambda a, b: a + b},
    one={ast.USub: lambda a: -a},
    functions={"most": Function(lambda *values: max(values)), "twice": Function(lambda a: 2 * a, 1)},
    is_name=lambda name: name in {"a", "b"},
    largest=10,
    ascii_only=True,
)


def test_one_place_reads_formulas() -> None:
    folder = Path(zoning.__file__).parent
    readers = [path.name for path in folder.rglob("*.py") if "ast.parse(" in path.read_text(encoding="utf-8")]
    assert readers == ["formula_language.py"]


@pytest.mark.parametrize(
    ("text", "fault", "word"),
    [
        ("a+b+a+b+a+b+a", "long", ""),
        ("a+é", "letters", ""),
        ("a+", "syntax", ""),
        ("a+(a+(a+a))", "deep", ""),
        ("least(a)", "call", "least"),
        ("most()", "call", "most"),
        ("twice(a,b)", "call", "twice"),
        ("c+1", "name", "c"),
        ("a-b", "part", "a-b"),
        ("+a", "part", "+a"),
        ("a+11", "part", "11"),
        ("a+True", "part", "True"),
        ("a+1j", "part", "1j"),
        ("twice(x=a)", "part", "twice(x=a)"),
        ("most(*a)", "part", "*a"),
    ],
)
def test_what_is_wrong_is_named(text: str, fault: str, word: str) -> None:
    with pytest.raises(NotAFormulaError) as caught:
        TOY.read(text)
    assert (caught.value.fault, caught.value.word) == (fault, word)


def test_a_formula_has_its_value_and_its_names_in_order() -> None:
    tree = TOY.read(" -b+most(a,3) ")
    assert TOY.value(tree, {"a": 5, "b": 4}.__getitem__) == -4 + 5
    assert [node.id for node in names_in(tree)] == ["b", "a"]
    assert TOY.value(TOY.read("twice(10)"), {"a": 0}.__getitem__) == 20.0


@pytest.mark.parametrize(
    ("text", "in_content", "of_bands"),
    [
        ("b1 + 1", True, True),
        ("b1 ** 2", False, True),
        ("+b1", False, True),
        ("min(b1, b2, b3)", True, False),
        ("area * 2", True, False),
        ("b1 * 1e13", False, True),
        ("sqrt(b1)", False, True),
        ("b1.x", False, False),
    ],
)
def test_each_language_keeps_to_its_own(text: str, in_content: bool, of_bands: bool) -> None:
    assert reads(lambda: formulas.parse_formula(text)) == in_content
    assert reads(lambda: band_formula.parse_formula(text)) == of_bands


@given(b1=st.floats(-100, 100), b2=st.floats(1, 100))
def test_what_both_can_say_both_mean_alike(b1: float, b2: float) -> None:
    text = "max(b1, b2) - min(b1, 2) / b2 * 3"
    single = formulas.parse_formula(text).value({"b1": b1, "b2": b2})
    (many,) = band_formula.parse_formula(text).values({1: np.array([b1]), 2: np.array([b2])})
    assert single == many


def reads(read: Callable[[], object]) -> bool:
    try:
        read()
    except (Mistake, UsageError):
        return False
    return True
