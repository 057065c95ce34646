"""Formulas of bills of quantities and of bands: computed as arithmetic says, and nothing but formulas is computed."""

import math
from typing import Any

import numpy as np
import pytest

from both_languages import both
from zoning.errors import UsageError
from zoning.mines import band_formula
from zoning.mines.formulas import parse_formula
from zoning.mistakes import Mistake

INPUTS = {"area_m2": 1200.0, "depth_m": 0.5, "steep_m2": 200.0, "count": 3}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("area_m2", 1200.0),
        ("area_m2 * depth_m", 600.0),
        ("area_m2 - steep_m2 - 100", 900.0),
        ("area_m2 - (steep_m2 - 100)", 1100.0),
        ("2 + 3 * 4", 14.0),
        ("(2 + 3) * 4", 20.0),
        ("8 / 4 / 2", 1.0),
        ("-count + 5", 2.0),
        ("--count", 3.0),
        ("min(area_m2, steep_m2, 300)", 200.0),
        ("max(0, depth_m - 1)", 0.0),
        ("max(count, 2) / 2", 1.5),
        ("1e3", 1000.0),
        ("  count  ", 3.0),
    ],
)
def test_a_formula_has_the_value_of_its_arithmetic(text: str, expected: float) -> None:
    found = parse_formula(text).value(INPUTS)
    assert found == expected
    assert isinstance(found, float)


@pytest.mark.parametrize("inputs", [{}, {"area_m2": None, "depth_m": 1.0}, {"area_m2": 1.0}])
def test_what_is_not_known_makes_no_figure(inputs: dict[str, float | None]) -> None:
    assert parse_formula("area_m2 * depth_m").value(inputs) is None
    # Not even where it would be multiplied by nothing.
    assert parse_formula("0 * area_m2 * depth_m").value(inputs) is None


@pytest.mark.parametrize("text", ["1 / 0", "count / (count - 3)"])
def test_nothing_is_divided_by_nothing(text: str) -> None:
    assert parse_formula(text).value(INPUTS) is None


def test_names_stand_once_in_their_order() -> None:
    formula = parse_formula("max(b, a) + b * c")
    assert formula.names == ("b", "a", "c")
    assert formula.missing({"a": 0.0, "c": None}) == ("b", "c")
    assert formula.missing({"a": 0.0, "b": 1.0, "c": 2.0}) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("area_m2 * depth_m", "1,200 * 0.5"),
        ("max(area_m2, gone) - area_m2", "max(1,200, ?) - 1,200"),
        ("count", "3"),
        ("large", "123,456.78"),
        ("-large", "-123,456.78"),
        ("below", "99,999.9"),
        ("edge", "100,000.00"),
        ("minus", "-123,456.78"),
        ("third", "0.333333"),
        ("2 * 3", "2 * 3"),
        ("a + aa + a", "7 + 8 + 7"),
    ],
)
def test_a_formula_is_shown_with_its_numbers(text: str, expected: str) -> None:
    numbers: dict[str, float | None] = {
        **INPUTS, "gone": None, "large": 123456.784, "minus": -123456.784, "below": 99999.9, "edge": 1e5,
        "third": 1 / 3, "a": 7.0, "aa": 8.0,
    }  # fmt: skip
    assert parse_formula(text).filled(numbers) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "a +", "a ** 2", "a % 2", "a // 2", "+a", "a.b", "a[0]", "f(a)", "abs(a)", "'a'", "True", "a if b else c",
        "a < b", "lambda: 1", "__import__('os')", "面积 * 2", "1e13", "a, b", "a; b", "1j", "min(a=1)", "min(*a)",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text: str) -> None:
    assert both(lambda: parse_formula(text), Mistake) == (
        f"“{text}”不是公式；只用数字、变量名、+ - * /、括号、min()、max()",
        f"'{text}' is no formula; numbers, names, + - * /, brackets, min() and max() only",
    )


@pytest.mark.parametrize(("length", "is_taken"), [(300, True), (301, False)])
def test_a_formula_has_at_most_300_signs(length: int, is_taken: bool) -> None:
    text = "1" + "+1" * 149 + "0" * (length - 299)
    assert len(text) == length
    if is_taken:
        # 148 ones and 1, then the last one with a zero behind it: 10.
        assert parse_formula(text).value({}) == 159.0
        return
    zh, en = both(lambda: parse_formula(text), Mistake)
    # Only its begin is repeated.
    assert (text[:60] in zh, text[:61] in zh, text[:60] in en, text[:61] in en) == (True, False, True, False)


def test_the_same_text_is_the_same_formula() -> None:
    assert parse_formula(" a * 2 ") == parse_formula("a * 2")
    assert parse_formula("a * 2") != parse_formula("a * 3")


BANDS = {1: np.array([[1.0, 4.0]]), 2: np.array([[2.0, -9.0]]), 3: np.array([[0.0, 0.5]])}


@pytest.mark.parametrize(
    ("text", "bands", "expected"),
    [
        ("b1", (1,), [1.0, 4.0]),
        ("(b2-b1)/(b2+b1)", (1, 2), [1 / 3, 13 / 5]),
        ("b1**2 - b2", (1, 2), [-1.0, 25.0]),
        ("+b1 - -b3", (1, 3), [1.0, 4.5]),
        ("abs(b2)", (2,), [2.0, 9.0]),
        ("sqrt(b1)", (1,), [1.0, 2.0]),
        ("min(b1, b2)", (1, 2), [1.0, -9.0]),
        ("max(b1, 2)", (1,), [2.0, 4.0]),
        ("2.5 * b3 + 1e3", (3,), [1000.0, 1001.25]),
        ("1 / b3", (3,), [math.inf, 2.0]),
        ("sqrt(b2)", (2,), [math.sqrt(2.0), math.nan]),
        ("b3 / b3", (3,), [math.nan, 1.0]),
    ],
)
def test_a_formula_of_bands_is_computed_pixel_by_pixel(text: str, bands: Any, expected: list[float]) -> None:
    formula = band_formula.parse_formula(text)
    assert formula.bands == bands
    np.testing.assert_allclose(formula.values(BANDS), [expected], rtol=1e-15)
    assert BANDS[1].tolist() == [[1.0, 4.0]]  # what went in stays as it is


def test_a_result_can_be_written_into() -> None:
    made = band_formula.parse_formula("b1").values(BANDS)
    made[0, 0] = 99.0
    assert BANDS[1][0, 0] == 1.0


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("1 + 2", "没有用到波段", "it names no band"),
        ("b1 +", "写法有误", "it is not written as one"),
        ("b1 + " * 40 + "b1", "过长", "too long"),
        ("log(b1)", "不能用 log(…)", "log(...) is not known"),
        ("sqrt(b1, b2)", "不能用 sqrt(…)", "sqrt(...) is not known"),
        ("min(b1)", "不能用 min(…)", "min(...) is not known"),
        ("b0", "不认识“b0”，波段写成 b1、b2", "'b0' is no band: they are b1, b2 ..."),
        ("b1000", "不认识“b1000”，波段写成 b1、b2", "'b1000' is no band: they are b1, b2 ..."),
        ("nir - b1", "不认识“nir”，波段写成 b1、b2", "'nir' is no band: they are b1, b2 ..."),
        ("1 + " + "-" * 30 + "b2", "嵌套过深", "nested too deeply"),
    ],
)
def test_what_is_no_formula_of_bands_is_refused(text: str, zh: str, en: str) -> None:
    allowed_zh = "可用：b1、b2 等波段，数字，+ - * / **，括号，abs sqrt min max"
    allowed_en = "allowed: bands b1, b2 ..., numbers, + - * / **, brackets, abs sqrt min max"
    assert both(lambda: band_formula.parse_formula(text), UsageError) == (
        f"公式“{text[:60]}”：{zh}；{allowed_zh}",
        f"formula '{text[:60]}': {en}; {allowed_en}",
    )
