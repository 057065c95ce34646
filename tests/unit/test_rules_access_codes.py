"""Codes of management units, and the ledger of an import that drops nothing without a word."""

import pytest

from zoning.rules.access.ledger import KINDS, Ledger, Remark
from zoning.rules.access.unit_codes import class_in, codes_in, county_in, is_unit_code, normalised
from zoning.texts import Text

A, B = "ZH14052210001", "ZH14052220002"


@pytest.mark.parametrize(
    ("code", "valid", "unit_class", "county"),
    [
        ("ZH14052210001", True, "priority", "140522"),
        ("ZH14052220001", True, "key", "140522"),
        ("ZH14052230001", True, "general", "140522"),
        # The digit of the class is 1, 2 or 3; a digit less or more is another code.
        ("ZH14052200001", False, None, None),
        ("ZH14052240001", False, None, None),
        ("ZH1405221001", False, None, None),
        ("ZH140522100011", False, None, None),
        ("zh14052210001", False, None, None),
        ("140522210001", False, None, None),
        (" ZH14052210001", False, None, None),
        # Digits of another script are no digits of a code.
        ("ZH１４０５２２10001", False, None, None),
        # Marine units: six to twenty signs, of which neither class nor county is read.
        ("HYABC123", True, None, None),
        ("HY12345", False, None, None),
        ("HY" + "1" * 20, True, None, None),
        ("HY" + "1" * 21, False, None, None),
        ("", False, None, None),
    ],
)
def test_what_a_code_says(*, code: str, valid: bool, unit_class: str | None, county: str | None) -> None:
    assert (is_unit_code(code), class_in(code), county_in(code)) == (valid, unit_class, county)


@pytest.mark.parametrize(
    ("text", "code"),
    [(" zh1405221 0001\n", A), ("ｚｈ１４０５２２１０００１", A), ("ZH140522\u300010001", A), ("", "")],
)
def test_a_code_is_compared_in_plain_capitals(text: str, code: str) -> None:
    assert normalised(text) == code


@pytest.mark.parametrize(
    ("cell", "codes", "rest"),
    [
        (A, (A,), ""),
        (f"{A}、{B}", (A, B), ""),
        (f"{B};{A}\n{B}", (B, A), ""),
        (f"{A}（部分）", (A,), "(部分)"),
        (f"甲单元 {A}", (A,), "甲单元"),
        ("ZH1405 2210001", (A,), ""),
        # Part of a longer word is no code.
        (f"X{A}", (), f"X{A}"),
        (f"{A}9", (), f"{A}9"),
        ("合计", (), "合计"),
        ("  多  处 ", (), "多 处"),
        ("", (), ""),
    ],
)
def test_codes_in_a_cell_and_what_else_stands_there(cell: str, codes: tuple[str, ...], rest: str) -> None:
    assert codes_in(cell) == (codes, rest)


@pytest.mark.parametrize(
    ("remark", "zh", "en"),
    [
        (Remark("heading", "总则", "表一", 7), "工作表“表一”第 7 行：总则", "sheet '表一', row 7: 总则"),
        (Remark("heading", "总则", row=7), "第 7 行：总则", "row 7: 总则"),
        (Remark("sheet_not_read", "总则", "表一"), "工作表“表一”：总则", "sheet '表一': 总则"),
        (Remark("heading", "总则"), "总则", "总则"),
        (Remark("empty_clause", "", "表一", 7), "工作表“表一”第 7 行", "sheet '表一', row 7"),
        (Remark("empty_clause", ""), "", ""),
    ],
)
def test_a_remark_says_where_and_what(remark: Remark, zh: str, en: str) -> None:
    assert remark.text == Text(zh, en)


def test_a_ledger_tells_the_gravest_first_and_keeps_the_order_of_the_file_within() -> None:
    ledger = Ledger()
    ledger.note("heading", "三", "s", 3)
    ledger.note("sheet_not_read", "附表")
    ledger.note("row_without_code", "二", "s", 2)
    ledger.note("heading", "一", "s", 1)
    told = [(kind, [remark.what for remark in remarks]) for kind, remarks in ledger.by_kind()]
    assert told == [("sheet_not_read", ["附表"]), ("row_without_code", ["二"]), ("heading", ["三", "一"])]
    assert sum(len(remarks) for _, remarks in ledger.by_kind()) == len(ledger.remarks)


def test_of_an_import_without_remarks_nothing_is_told() -> None:
    assert list(Ledger().by_kind()) == []


def test_every_kind_of_remark_is_told_in_both_languages() -> None:
    ledger = Ledger()
    for kind in KINDS:
        ledger.note(kind, "某")
    assert [kind for kind, _ in ledger.by_kind()] == list(KINDS)
    assert all(text.zh and text.en for text in KINDS.values())
