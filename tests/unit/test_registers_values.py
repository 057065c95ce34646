"""What a field of a register may hold, how it is stored, and what comes back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from both_languages import both
from register_world import pits, text
from zoning.errors import ContentError
from zoning.mistakes import Mistake
from zoning.registers.types import FieldSpec, RegisterType
from zoning.registers.values import decoded, faults, is_plain_text, merged, normalised

CODES = {
    "1": {"title": {"zh": "露天", "en": "open pit"}},
    "2": {"title": {"zh": "井工", "en": "underground"}},
    "10": {"title": {"zh": "其他", "en": "other"}},
}
WRONG = {
    "text": ("应为文字，不含控制字符", "a text without control characters is wanted"),
    "integer": ("应为整数", "a whole number is wanted"),
    "number": ("应为数字", "a number is wanted"),
    "date": ("应为日期，写成 2026-11-22 的形式", "a date is wanted, written like 2026-11-22"),
    "flag": ("应为 是 或 否", "yes or no is wanted"),
    "code": ("应为代码", "a code is wanted"),
    "codes": ("应为代码，多个用逗号", "codes are wanted, with commas between them"),
}
KIND = pits()


def spec(kind: str, **more: Any) -> FieldSpec:
    coded = {"codes": CODES} if kind in {"code", "codes"} else {}
    return FieldSpec.model_validate({"title": text("field"), "kind": kind, **coded, **more})


@pytest.mark.parametrize("kind", sorted(WRONG))
@pytest.mark.parametrize("value", [None, "", ()])
def test_nothing_is_nothing_in_every_kind_of_field(kind: str, value: Any) -> None:
    assert normalised(spec(kind), value) is None


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("text", "阳城县 下芹村", "阳城县 下芹村"),
        ("text", "two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("text", "𠮷", "𠮷"),
        ("flag", True, True),
        ("flag", False, False),
        ("date", date(2024, 2, 29), "2024-02-29"),
        ("date", date(1, 1, 1), "0001-01-01"),
        ("integer", 0, 0),
        ("integer", -7, -7),
        ("integer", 10**20, 10**20),
        ("number", 3, 3.0),
        ("number", 0.1, 0.1),
        ("number", -2.5, -2.5),
        ("code", "10", "10"),
        ("codes", ("2", "1"), ["1", "2"]),
        ("codes", ("2", "10", "2"), ["10", "2"]),
    ],
)
def test_a_value_that_fits_is_stored(kind: str, value: Any, stored: Any) -> None:
    found = normalised(spec(kind), value)
    assert found == stored
    assert type(found) is type(stored)


def test_minus_zero_is_stored_as_zero() -> None:
    # Both are the same number: a change from one to the other must not become an event of the log.
    assert str(normalised(spec("number"), -0.0)) == "0.0"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 5),
        ("text", True),
        ("text", "bell\x07"),
        ("text", "carriage\rreturn"),
        ("text", "half a pair \ud842"),
        ("text", ("1",)),
        ("flag", "是"),
        ("flag", 1),
        ("flag", 0),
        ("date", "2024-02-29"),
        ("date", datetime(2024, 2, 29, tzinfo=UTC)),
        ("date", 20240229),
        ("integer", 3.0),
        ("integer", True),
        ("integer", "3"),
        ("number", "3"),
        ("number", True),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", float("-inf")),
        ("code", 1),
        ("code", ("1",)),
        ("codes", "1"),
        ("codes", ["1"]),
    ],
)
def test_a_value_of_another_kind_is_refused_with_what_is_wanted(kind: str, value: Any) -> None:
    assert both(lambda: normalised(spec(kind), value), Mistake) == WRONG[kind]


@pytest.mark.parametrize(
    ("kind", "limits", "value", "sentence"),
    [
        ("number", {"minimum": 0}, -1e-9, ("-1e-09 小于下限 0", "-1e-09 is below 0")),
        ("number", {"minimum": 0.5}, 0.25, ("0.25 小于下限 0.5", "0.25 is below 0.5")),
        ("number", {"maximum": 100}, 100.5, ("100.5 大于上限 100", "100.5 is above 100")),
        ("integer", {"minimum": 1900}, 1899, ("1899 小于下限 1900", "1899 is below 1900")),
        ("integer", {"maximum": 2100}, 2101, ("2101 大于上限 2100", "2101 is above 2100")),
    ],
)
def test_a_number_outside_its_limits_is_refused(
    kind: str, limits: dict[str, float], value: float, sentence: tuple[str, str]
) -> None:
    assert both(lambda: normalised(spec(kind, **limits), value), Mistake) == sentence


@pytest.mark.parametrize("value", [-3, 0, 4])
def test_the_limits_themselves_are_inside(value: int) -> None:
    assert normalised(spec("integer", minimum=-3, maximum=4), value) == value


def test_an_unknown_code_is_answered_with_the_list() -> None:
    assert both(lambda: normalised(spec("code"), "3"), Mistake) == (
        "没有代码“3”；有：1 露天、2 井工、10 其他",
        "there is no code '3'; there are: 1 open pit, 2 underground, 10 other",
    )
    # Of several codes the one that is none is named.
    assert both(lambda: normalised(spec("codes"), ("1", "11")), Mistake)[1].startswith("there is no code '11'")


@pytest.mark.parametrize(("count", "is_cut"), [(11, False), (12, False), (13, True)])
def test_twelve_codes_are_shown_and_that_there_are_more(count: int, is_cut: bool) -> None:
    many = {f"c{number:02d}": {"title": {"zh": f"甲{number}", "en": f"a{number}"}} for number in range(count)}
    zh, en = both(lambda: normalised(spec("code", codes=many), "x"), Mistake)
    assert (zh.endswith("甲11……"), en.endswith("a11 ...")) == (is_cut, is_cut)
    assert ("c12" in zh, "c12" in en) == (False, False)
    assert zh.count("、") == en.count(", ") == min(count, 12) - 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", True),
        ("矿坑 No. 1", True),
        ("\n", True),
        ("\t", True),
        ("\r", False),
        ("\x00", False),
        ("\x7f", False),
        ("\x85", False),
        ("\udc80", False),
        ("a\u200bb", True),
        ("👷", True),
    ],
)
def test_plain_text_has_no_control_characters_and_no_half_pairs(value: str, expected: bool) -> None:
    assert is_plain_text(value) is expected


def test_a_change_sets_clears_and_leaves() -> None:
    before = {"NO": "P1", "AREA": 2.0, "YEAR": 2019}
    after = merged(KIND, before, {"AREA": None, "YEAR": 2020, "WET": False})
    assert after == {"NO": "P1", "YEAR": 2020, "WET": False}
    assert before == {"NO": "P1", "AREA": 2.0, "YEAR": 2019}


def test_clearing_what_is_not_there_changes_nothing() -> None:
    assert merged(KIND, {"NO": "P1"}, {"AREA": None, "NAME": "", "HARM": ()}) == {"NO": "P1"}


def test_a_field_that_the_type_does_not_have_is_named() -> None:
    with pytest.raises(Mistake) as caught:
        merged(KIND, {}, {"DEPTH": 3})
    assert (caught.value.at, caught.value.text.zh, caught.value.text.en) == (
        ("DEPTH",),
        "没有字段“DEPTH”",
        "there is no field 'DEPTH'",
    )


def test_the_field_of_a_wrong_value_is_named() -> None:
    with pytest.raises(Mistake) as caught:
        merged(KIND, {}, {"NO": "P1", "AREA": 1001})
    assert (caught.value.at, caught.value.text.en) == (("AREA",), "1001 is above 1000")


def test_required_fields_without_value_are_faults() -> None:
    ((name, found),) = faults(KIND, {"NAME": "x"})
    assert (name, found.zh, found.en) == ("NO", "必填，没有值", "it is required and has no value")
    assert faults(KIND, {"NO": "P1"}) == []


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({"CLASS": "A", "SUB": "a1"}, []),
        ({"CLASS": "B", "SUB": "a1"}, ["SUB"]),
        ({"CLASS": "B", "SUB": "x"}, []),  # goes with every class
        ({"SUB": "a1"}, []),  # nobody knows yet whether they agree
        ({"CLASS": "B"}, []),
        ({"CLASS": "B", "SUB": "gone"}, []),  # a code that an earlier type had
    ],
)
def test_a_code_goes_with_its_class(stored: dict[str, Any], expected: list[str]) -> None:
    assert [name for name, _ in faults(KIND, {"NO": "P1", **stored})] == expected


def test_codes_that_do_not_agree_are_explained() -> None:
    ((_, found),) = faults(KIND, {"NO": "P1", "CLASS": "B", "SUB": "a1"})
    assert found.zh == "代码 a1 只用于 CLASS 为 A 的，而它是 B"
    assert found.en == "code a1 goes with CLASS A, which is B"


def of_several() -> RegisterType:
    """Return a type with several codes that go with one or two classes."""
    harms = {
        "1": {"title": text("of A"), "under": ["A"]},
        "2": {"title": text("of A and B"), "under": ["A", "B"]},
        "3": {"title": text("of B"), "under": ["B"]},
    }
    fields = pits().model_dump(by_alias=True)["fields"]
    classes = fields["CLASS"] | {"codes": {c: {"title": text(c)} for c in "ABC"}}
    field = {"title": text("harm"), "kind": "codes", "parent": "CLASS", "codes": harms}
    return pits(fields=fields | {"CLASS": classes, "HARM": field}, deadlines={})


@pytest.mark.parametrize(
    ("above", "codes", "wrong"),
    [
        ("A", ["1", "2"], []),
        ("A", ["1", "2", "3"], ["3"]),
        ("B", ["1", "2", "3"], ["1"]),
        ("C", ["1", "2", "3"], ["1", "2", "3"]),
    ],
)
def test_each_of_several_codes_goes_with_its_class(above: str, codes: list[str], wrong: list[str]) -> None:
    found = faults(of_several(), {"NO": "P1", "CLASS": above, "HARM": codes})
    assert [text.en.split()[1] for _, text in found] == wrong


def test_the_classes_that_a_code_goes_with_are_listed() -> None:
    found = faults(of_several(), {"NO": "P1", "CLASS": "C", "HARM": ["2"]})
    assert [text.zh for _, text in found] == ["代码 2 只用于 CLASS 为 A、B 的，而它是 C"]


def test_several_classes_that_were_stored_once_allow_the_codes_of_each() -> None:
    # The type now wants one class; what was stored under an earlier one is a list.
    assert faults(of_several(), {"NO": "P1", "CLASS": ["A", "C"], "HARM": ["1"]}) == []
    ((_, found),) = faults(of_several(), {"NO": "P1", "CLASS": ["C", "B"], "HARM": ["1"]})
    assert found.en == "code 1 goes with CLASS A, which is B; C"


def test_stored_values_come_back_in_the_order_of_the_type() -> None:
    stored = {"HARM": ["1", "3"], "WET": True, "SEEN": "2024-02-29", "AREA": 3, "NO": "P1", "OLD": "left out"}
    found = decoded(KIND, "P1", stored)
    assert list(found.items()) == [
        ("NO", "P1"),
        ("AREA", 3.0),
        ("SEEN", date(2024, 2, 29)),
        ("WET", True),
        ("HARM", ("1", "3")),
    ]
    assert isinstance(found["AREA"], float)


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("SEEN", "last spring", "date"),
        ("SEEN", 5, "date"),
        ("AREA", "large", "number"),
        ("AREA", ["1"], "number"),
        ("HARM", 5, "codes"),
        ("CLASS", ["A"], "code"),
        ("NAME", ["a", "b"], "text"),
    ],
)
def test_a_stored_value_that_no_longer_fits_is_named(field: str, value: Any, kind: str) -> None:
    assert both(lambda: decoded(KIND, "甲-1", {field: value}), ContentError) == (
        f"甲-1：字段 {field} 中的“{value}”与类型 pits 现在的定义（{kind}）不符",
        f"甲-1: '{value}' in field {field} does not fit to the type pits as it is now ({kind})",
    )
