from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers import builtin_kind
from zoning.cli.register_formats import CodeStyle
from zoning.cli.register_workbook import code_text
from zoning.registers.ledger.cells import Cell, CellError, is_empty, value_of
from zoning.registers.ledger.units import factor
from zoning.registers.types import FieldSpec
from zoning.sites.tables.grid import Flaw

PARCELS = builtin_kind("mine-parcels").fields


def spec(kind: str, **more: Any) -> FieldSpec:
    return FieldSpec.model_validate({"title": {"zh": "字段", "en": "field"}, "kind": kind, **more})


def value(text: str, field: FieldSpec, unit: str = "", flaw: Flaw | None = None, *, identifies: bool = False) -> Any:
    return value_of(Cell(text, "A", unit, flaw), field, identifies=identifies)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("12.5", "", 12.5),
        ("１２．５", "", 12.5),  # full width
        (" 1,234.5 ", "", 1234.5),
        ("1,234,567", "", 1_234_567.0),
        ("-3e2", "", -300.0),
        ("1.2公顷", "", 12_000.0),
        ("1.2", "公顷", 12_000.0),
        ("3亩", "", 2_000.0),
        ("30", "亩", 20_000.0),
        ("30m²", "亩", 30.0),  # what stands in the cell counts before the heading
        ("0.5 km2", "", 500_000.0),
    ],
)
def test_numbers_come_in_their_unit(text: str, unit: str, expected: float) -> None:
    assert value(text, spec("number", unit="m²"), unit) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("text", ["1.2.3", "12,34", "1,2345", "约3", "3~5", "1e999", "nan(x)", "五"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="is no number") as raised:
        value(text, spec("number", unit="m²", minimum=0))
    assert raised.value.allowed.en == "a number in m², not below 0"
    assert raised.value.allowed.zh == "数字，单位 m²，不小于 0"


def test_units_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(CellError, match="the unit '万元' does not go with m²"):
        value("3万元", spec("number", unit="m²"))
    assert factor("亩", "公顷") == pytest.approx(1 / 15)
    assert factor("万元", "元") == 10_000
    assert factor("m", "m²") is None


def test_limits_belong_to_the_field() -> None:
    field = spec("integer", minimum=1900, maximum=2100)
    assert value("2009年", field) == 2009
    assert value("2009.0", field) == 2009
    for text in ("1899", "2101"):
        with pytest.raises(CellError, match="is out of range") as raised:
            value(text, field)
        assert raised.value.allowed.en == "a whole number, 1900 to 2100"
    with pytest.raises(CellError, match=r"'2009\.5' is no whole number"):
        value("2009.5", field)


def test_angles_may_be_written_with_minutes() -> None:
    assert value("112°24′30″", PARCELS["kfx"]) == pytest.approx(112 + 24 / 60 + 30 / 3600)
    assert value("112.408333", PARCELS["kfx"]) == 112.408333


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05",
        "2026/1/5",
        "2026.1.5",
        "2026年1月5日",
        "２０２６年１月５日",
        "20260105",
        "2026-01-05 00:00:00",
        "46027",
    ],
)
def test_dates_in_all_their_forms(text: str) -> None:
    # 46027 days after 1899-12-30: what Excel shows where the column is no date.
    assert value(text, spec("date")) == date(2026, 1, 5)
    assert value(text, spec("date"), flaw="date") == date(2026, 1, 5)


@pytest.mark.parametrize("text", ["2026-13-05", "2026-02-30", "2026年1月", "26-1-5", "去年", "5/1/2026", "100"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="is no date"):
        value(text, spec("date"))


@pytest.mark.parametrize(("text", "expected"), [("是", True), ("无", False), ("TRUE", True), ("0", False), ("√", True)])
def test_flags(text: str, expected: bool) -> None:
    assert value(text, spec("flag")) is expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("TBDL", "10", "10"),
        ("TBDL", "10.0", "10"),
        ("TBDL", "１０", "10"),
        ("TBDL", "历史遗留矿山", "10"),
        ("TBDL", "10 历史遗留矿山", "10"),
        ("TBDL", "10-历史遗留矿山", "10"),
        ("TBDL", "10、历史遗留矿山", "10"),
        ("KCFS", "A露天", "A"),
        ("TBXL", "21 closed by policy, firm answers", "21"),
        ("KCFS", "a", "A"),
        ("KCFS", "露天开采", "A"),
        ("TBSX", "6 井口/硐口", "6"),
        ("BHDLX", "无", "5"),
        ("SHYQ", "A 国有土地使用权", "A"),
        ("NXFFX", "3", "forest"),
        ("NXFFX", "林地", "forest"),
    ],
)
def test_codes_as_codes_as_words_and_both(name: str, text: str, expected: str) -> None:
    field = PARCELS[name]
    assert not is_empty(Cell(text, "A"), field)
    assert value(text, field) == expected


def test_codes_of_land_lose_their_zero_in_spreadsheets() -> None:
    field = PARCELS["SDDL"]
    assert value("103", field) == value("0103", field) == value("103.0", field) == ("0103",)
    assert value("05h1", field) == ("05H1",)
    assert value("0602,1206", field) == ("0602", "1206")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1;3", ("1", "3")),
        ("3，1", ("1", "3")),
        ("土地损毁、植被破坏", ("1", "3")),
        ("1 土地损毁；3 植被破坏", ("1", "3")),
        ("1 1", ("1",)),
        ("2", ("2",)),
    ],
)
def test_several_codes_are_sorted_and_stand_once(text: str, expected: tuple[str, ...]) -> None:
    assert value(text, PARCELS["STWT"]) == expected


def test_a_code_that_is_none_names_what_is_allowed() -> None:
    with pytest.raises(CellError, match="'露夭' is not in the code list") as raised:
        value("露夭", PARCELS["KCFS"])
    assert raised.value.allowed.zh == "A 露天、B 井工、C 联合"
    with pytest.raises(CellError) as raised:
        value("9999", PARCELS["SDDL"])
    assert raised.value.allowed.en.endswith("and 55 more, see the code list")


def test_texts_stay_as_they_are_and_numbers_of_records_do_not() -> None:
    text = spec("text")
    assert value(" （二）“全角”，ＡＢ\r\n第二行 ", text) == "（二）“全角”，ＡＢ\n第二行"
    assert value("１４０５２２０００１", text, identifies=True) == "1405220001"
    assert value("1405220001.0", text, identifies=True) == "1405220001"
    assert value("2026-01-05 00:00:00", text, flaw="date") == "2026-01-05"
    with pytest.raises(CellError, match="shortened: digits are lost"):
        value("1.4052200010001E+15", text, identifies=True)


@pytest.mark.parametrize(("flaw", "sentence"), [("error", "is the error"), ("formula", "is a formula whose result")])
def test_flawed_cells_are_never_taken(flaw: Flaw, sentence: str) -> None:
    for kind in ("text", "number", "date"):
        cell = Cell("" if flaw == "formula" else "#REF!", "A", flaw=flaw)
        assert not is_empty(cell, spec(kind))
        with pytest.raises(CellError, match=sentence):
            value_of(cell, spec(kind))


def test_signs_for_nothing_are_nothing_but_a_word_may_be_a_code() -> None:
    assert is_empty(Cell(" / ", "A"), spec("number"))
    assert is_empty(Cell("无", "A"), spec("number"))
    assert not is_empty(Cell("无", "A"), PARCELS["BHDLX"])
    assert not is_empty(Cell("-", "A"), spec("text"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_comes_back_from_its_text(number: float) -> None:
    assert value(repr(number), spec("number")) == number


@given(st.dates())
def test_every_date_comes_back_from_its_text(day: date) -> None:
    assert value(day.isoformat(), spec("date")) == day


@given(st.sampled_from(sorted(PARCELS)), st.sampled_from(["zh", "en"]), st.sampled_from(CodeStyle), st.data())
def test_every_code_comes_back_from_what_exports_write(name: str, language: Any, style: CodeStyle, data: Any) -> None:
    field = PARCELS[name]
    if not field.codes:
        return
    codes = tuple(sorted(data.draw(st.sets(st.sampled_from(sorted(field.codes)), min_size=1, max_size=3))))
    codes = codes if field.kind == "codes" else codes[:1]
    sign = {"zh": "；", "en": "; "}[language]
    written = sign.join(code_text(code, field, language, style) for code in codes)
    assert value(written, field) == (codes if field.kind == "codes" else codes[0])


@given(st.text(max_size=30), st.sampled_from(sorted(PARCELS)))
def test_any_text_is_a_value_or_a_sentence(text: str, name: str) -> None:
    field, cell = PARCELS[name], Cell(text, "A")
    if is_empty(cell, field):
        return
    try:
        value_of(cell, field, identifies=name == "id")
    except CellError as error:
        assert error.wrong.zh and error.wrong.en and error.allowed.zh and error.allowed.en  # noqa: PT017, PT018 - all four texts are there
