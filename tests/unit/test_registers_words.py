"""What people read of a value: codes by their titles, figures with units and commas, yes and no."""

from datetime import date
from typing import Any

import pytest

from register_world import text
from zoning.registers.record import Value
from zoning.registers.types import FieldSpec
from zoning.registers.words import in_words
from zoning.texts import Text

CODES = {"1": {"title": {"zh": "塌陷", "en": "subsidence"}}, "2": {"title": {"zh": "滑坡", "en": "landslide"}}}


def field(kind: str, **more: Any) -> FieldSpec:
    coded = {"codes": CODES} if kind in {"code", "codes"} else {}
    return FieldSpec.model_validate({"title": text("field"), "kind": kind, **coded, **more})


@pytest.mark.parametrize("kind", ["text", "integer", "number", "date", "flag", "code", "codes"])
@pytest.mark.parametrize("value", [None, ()])
def test_nothing_is_an_empty_text(kind: str, value: Value) -> None:
    assert in_words(field(kind), value) == ""


@pytest.mark.parametrize(
    ("kind", "unit", "value", "expected"),
    [
        ("integer", "", 2019, "2019"),  # a year has no comma
        ("integer", "m", 2019, "2,019 m"),
        ("integer", "户", 0, "0 户"),
        ("number", "", 12345.5, "12345.5"),
        ("number", "ha", 12345.5, "12,345.5 ha"),
        ("number", "ha", 3.0, "3 ha"),
        ("number", "ha", 0.1, "0.1 ha"),
        ("number", "ha", 1234567.125, "1,234,567.125 ha"),
        ("number", "ha", -1200.0, "-1,200 ha"),
    ],
)
def test_figures_stand_with_their_unit(kind: str, unit: str, value: Value, expected: str) -> None:
    assert in_words(field(kind, unit=unit), value) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("flag", True, Text("是", "yes")),
        ("flag", False, Text("否", "no")),
        ("code", "2", Text("滑坡", "landslide")),
        ("code", "9", Text("9", "9")),  # of an earlier type
        ("codes", ("1",), Text("塌陷", "subsidence")),
        ("codes", ("1", "9", "2"), Text("塌陷、9、滑坡", "subsidence, 9, landslide")),
        ("text", "1", "1"),  # only codes have titles
        ("date", date(2026, 3, 1), "2026-03-01"),
    ],
)
def test_words_are_those_of_the_type(kind: str, value: Value, expected: Text | str) -> None:
    assert in_words(field(kind), value) == expected
