"""What was typed that cannot be: the field and what was expected, in both languages; a form never tells its values."""

from datetime import date
from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zoning.web.wrong_values import wrong_values


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Typed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    whole: int = 0
    figure: float = 0.0
    finite: float = Field(0.0, allow_inf_nan=False)
    day: date = date(2026, 1, 1)
    flag: bool = False
    word: str = Field("abc", min_length=2, max_length=4, pattern="^[a-z]+$")
    low: int = Field(5, ge=5)
    above: int = Field(6, gt=5)
    high: int = Field(9, le=9)
    below: float = Field(1.0, lt=1.5)
    choice: Literal["a", "b"] = "a"
    colour: Colour = Colour.RED


def found(place: str, **values: Any) -> list[dict[str, Any]]:
    """Return the errors of Pydantic as FastAPI tells them: the place before the field."""
    try:
        Typed(**values)
    except ValidationError as error:
        return [{**one, "loc": (place, *one["loc"])} for one in error.errors()]
    raise AssertionError


@pytest.mark.parametrize(
    ("field", "value", "zh", "en"),
    [
        ("whole", "x", "应为整数", "has to be a whole number"),
        ("whole", "1.5", "应为整数", "has to be a whole number"),
        ("whole", 1.5, "应为整数", "has to be a whole number"),
        ("whole", "9" * 5000, "应为整数", "has to be a whole number"),
        ("whole", [1], "应为整数", "has to be a whole number"),
        ("figure", "x", "应为数字", "has to be a number"),
        ("figure", [1], "应为数字", "has to be a number"),
        ("finite", "nan", "应为数字", "has to be a number"),
        ("finite", "inf", "应为数字", "has to be a number"),
        ("day", "x", "应为日期，如 2026-11-22", "has to be a date such as 2026-11-22"),
        ("day", "2026-02-30", "应为日期，如 2026-11-22", "has to be a date such as 2026-11-22"),
        ("day", "2026-02-03T04:05", "应为日期，如 2026-11-22", "has to be a date such as 2026-11-22"),
        ("day", [1], "应为日期，如 2026-11-22", "has to be a date such as 2026-11-22"),
        ("flag", "maybe", "应为 true 或 false", "has to be true or false"),
        ("flag", [1], "应为 true 或 false", "has to be true or false"),
        ("word", 5, "应为文字", "has to be a text"),
        ("word", "a", "至少 2 个字符", "has to have 2 characters at least"),
        ("word", "abcde", "最多 4 个字符", "has to have 4 characters at most"),
        ("word", "AB", "写法不对", "is not written as it has to be"),
        ("low", 4, "不得小于 5", "has to be 5 or more"),
        ("above", 5, "应大于 5", "has to be more than 5"),
        ("high", 10, "不得大于 9", "has to be 9 or less"),
        ("below", 1.5, "应小于 1.5", "has to be less than 1.5"),
        ("choice", "c", "应为以下之一：'a' or 'b'", "has to be one of: 'a' or 'b'"),
        ("colour", "green", "应为以下之一：'red' or 'blue'", "has to be one of: 'red' or 'blue'"),
        ("more", 1, "没有这一项", "is not known here"),
    ],
)
def test_each_mistake_is_said_as_what_was_expected(field: str, value: Any, zh: str, en: str) -> None:
    told = wrong_values(found("body", **{field: value}))
    assert told.zh == f"填写有误：表单的“{field}”{zh}；请改正后重试"
    assert told.en == f"wrong values: '{field}' of the form {en}; correct it and try again"


@pytest.mark.parametrize("place", ["query", "path"])
def test_what_stands_in_an_address_is_told_with_it(place: str) -> None:
    told = wrong_values(found(place, whole="阳城"))
    assert told.zh == "填写有误：地址中的“whole”（阳城）应为整数；请改正后重试"
    assert told.en == "wrong values: 'whole' in the address ('阳城') has to be a whole number; correct it and try again"


@pytest.mark.parametrize("place", ["body", "cookie", "header"])
def test_what_stands_in_a_form_is_not_told(place: str) -> None:
    told = wrong_values(found(place, whole="my password"))
    assert "my password" not in told.zh + told.en
    assert "'whole' of the form" in told.en


@pytest.mark.parametrize(("given", "told"), [("x" * 40, "x" * 40), ("x" * 41, "x" * 40), ("字" * 90, "字" * 40)])
def test_of_a_long_value_the_beginning_is_told(given: str, told: str) -> None:
    assert f"（{told}）" in wrong_values(found("query", whole=given)).zh


@pytest.mark.parametrize(
    "error",
    [
        {"type": "int_parsing", "loc": ("query", "on")},
        {"type": "int_parsing", "loc": ("query", "on"), "input": ""},
        {"type": "int_parsing", "loc": ("query", "on"), "input": None},
    ],
)
def test_no_value_leaves_no_brackets(error: dict[str, Any]) -> None:
    assert wrong_values([error]).zh == "填写有误：地址中的“on”应为整数；请改正后重试"


def test_what_is_missing_is_told_without_what_came_instead() -> None:
    error = {"type": "missing", "loc": ("query", "on"), "input": {"other": "secret"}}
    assert wrong_values([error]).en == "wrong values: 'on' in the address is missing; correct it and try again"
    form = wrong_values([{**error, "loc": ("body", "name")}])
    assert form.zh == "填写有误：表单的“name”没有填写；请改正后重试"


@pytest.mark.parametrize(
    ("loc", "field"), [(("body",), "-"), (("body", "a"), "a"), (("body", "a", 0, "b"), "a.0.b"), (("body", 3), "3")]
)
def test_the_field_is_told_with_its_way(loc: tuple[Any, ...], field: str) -> None:
    assert f"'{field}' of the form" in wrong_values([{"type": "int_type", "loc": loc}]).en


@pytest.mark.parametrize(
    "error",
    [
        {"type": "uuid_parsing"},
        {"type": "string_too_long", "ctx": {}},
        {"type": "enum"},
        {"type": "x", "ctx": {"ge": 1}},
    ],
)
def test_a_mistake_without_words_is_said_all_the_same(error: dict[str, Any]) -> None:
    told = wrong_values([{"loc": ("body", "a"), **error}])
    assert told.zh == "填写有误：表单的“a”不是可用的值；请改正后重试"
    assert told.en == "wrong values: 'a' of the form is none of the values that can be used; correct it and try again"


@pytest.mark.parametrize(("count", "told"), [(2, 2), (10, 10), (11, 10), (50, 10)])
def test_ten_mistakes_are_told_in_their_order(count: int, told: int) -> None:
    errors = [{"type": "int_type", "loc": ("body", f"field{n}")} for n in range(count)]
    said = wrong_values(errors)
    names = [f"'field{n}' of the form has to be a whole number" for n in range(told)]
    assert said.en == f"wrong values: {'; '.join(names)}; correct it and try again"
    assert said.zh.count("；") == told
