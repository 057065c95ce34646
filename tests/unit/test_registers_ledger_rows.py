"""Rows of a ledger against the register: what is read from cells, what differs, and how it is said."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from register_world import PIT, pits, text
from zoning.registers.ledger.cells import Cell
from zoning.registers.ledger.columns import (
    as_text,
    export_columns,
    flag_word,
    short_column_names,
    table_row,
    with_unit,
    words_of,
)
from zoning.registers.ledger.comparing import UNMOVED_DEGREES, differences, held_values, same_place, same_value
from zoning.registers.ledger.faults import RowFault
from zoning.registers.ledger.rows import Ledger, LedgerRow
from zoning.registers.ledger.values import RowValues, parse_row
from zoning.registers.record import Record, Value
from zoning.texts import Text

KIND = pits()
NOTHING = Text("", "")


def fault(**told: Any) -> RowFault:
    stated = {"file": "a.xlsx", "sheet": "", "row": 7, "column": "", "title": NOTHING, **told}
    return RowFault(wrong=Text("没有代码“9”", "no code '9'"), allowed=Text("10、20", "10, 20"), **stated)


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ({}, "a.xlsx 第 7 行", "a.xlsx row 7"),
        ({"sheet": "图斑"}, "a.xlsx[图斑] 第 7 行", "a.xlsx[图斑] row 7"),
        ({"column": "J"}, "a.xlsx 第 7 行 J 列", "a.xlsx row 7, column J"),
        ({"title": Text("大类", "class")}, "a.xlsx 第 7 行“大类”", "a.xlsx row 7 (class)"),
        (
            {"sheet": "图斑", "column": "J", "title": Text("大类", "class")},
            "a.xlsx[图斑] 第 7 行 J 列“大类”",
            "a.xlsx[图斑] row 7, column J (class)",
        ),
        ({"feature": True}, "a.xlsx 第 7 个图形", "a.xlsx feature 7"),
        ({"feature": True, "column": "KS"}, "a.xlsx 第 7 个图形 KS 属性", "a.xlsx feature 7, attribute KS"),
    ],
)
def test_a_fault_says_where_it_stands(told: dict[str, Any], zh: str, en: str) -> None:
    found = fault(**told).text
    assert found.zh == f"{zh}：没有代码“9”；应为：10、20"
    assert found.en == f"{en}: no code '9'; allowed: 10, 20"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (2.0, 2, True),
        (0.1 + 0.2, 0.3, True),  # the last digit of a double
        (1.0, 1.0 + 9e-13, True),
        (1.0, 1.0 + 2e-12, False),
        (0.0, 1e-300, False),
        (True, True, True),
        (True, False, False),
        (True, 1, False),
        (0, False, False),
        ("a", "a", True),
        ("a", "A", False),
        ("a\r\nb", "a\nb", True),
        ("a\rb", "a\nb", True),
        (" a ", "a", True),
        ("a b", "ab", False),
        ("1", 1, False),
        (None, None, True),
        (None, "", False),
        (("1", "2"), ("1", "2"), True),
        (("1",), ("1", "2"), False),
        (date(2024, 2, 29), date(2024, 2, 29), True),
        (date(2024, 2, 29), date(2024, 3, 1), False),
    ],
)
def test_values_are_the_same_but_for_the_last_digits_and_line_ends(one: Value, other: Value, expected: bool) -> None:
    assert same_value(one, other) is expected
    assert same_value(other, one) is expected


def moved(degrees: float) -> BaseGeometry:
    return translate(PIT, degrees)


RING = list(PIT.exterior.coords)
HOLED = shapely.Polygon(RING, [shapely.box(112.402, 35.482, 112.404, 35.484).exterior.coords])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (PIT, PIT, True),
        (PIT, shapely.Polygon(RING[::-1]), True),  # turns the other way
        (PIT, shapely.Polygon([*RING[2:-1], *RING[:3]]), True),  # begins elsewhere
        (PIT, shapely.MultiPolygon([PIT]), True),
        (PIT, shapely.force_3d(PIT, 800.0), True),
        (PIT, moved(0.5 * UNMOVED_DEGREES), True),
        (PIT, moved(2 * UNMOVED_DEGREES), False),
        (PIT, HOLED, False),
        (PIT, PIT.exterior, False),
        (PIT, shapely.MultiPolygon([PIT, shapely.box(113, 35, 113.1, 35.1)]), False),
        (PIT, None, False),
        (None, None, True),
    ],
)
def test_places_are_the_same_however_their_rings_are_written(
    one: BaseGeometry | None, other: BaseGeometry | None, expected: bool
) -> None:
    assert same_place(one, other) is expected
    assert same_place(other, one) is expected


def record(values: Mapping[str, Value], **told: Any) -> Record:
    stated: dict[str, Any] = {"name": "一号坑", "territory": "140522", "geometry": PIT, "state": "found", **told}
    return Record("P1", values=values, **stated)


def test_only_what_differs_is_to_be_set() -> None:
    before = record({"YEAR": 2019, "AREA": 2.0, "WET": True})
    told: dict[str, Value] = {"NO": "P1", "NAME": "一号坑", "YEAR": 2020, "AREA": 2, "SEEN": date(2024, 1, 1)}
    assert differences(before, told, KIND) == {"YEAR": 2020, "SEEN": date(2024, 1, 1)}


def test_a_field_is_emptied_where_it_holds_something() -> None:
    before = record({"YEAR": 2019})
    assert differences(before, {}, KIND, empty=["YEAR", "AREA"]) == {"YEAR": None}
    assert differences(before, {}, KIND, empty=["NAME"]) == {"NAME": None}


def test_of_a_new_record_everything_is_to_be_set() -> None:
    assert differences(None, {"NO": "P2", "WET": False}, KIND, empty=["AREA"]) == {"NO": "P2", "WET": False}


def test_number_name_and_territory_are_values_where_the_type_has_fields_for_them() -> None:
    assert held_values(record({"YEAR": 1}), KIND) == {"YEAR": 1, "NO": "P1", "NAME": "一号坑", "COUNTY": "140522"}
    assert held_values(record({}, name="", territory=""), KIND) == {"NO": "P1"}
    nameless = pits(name_field=None, territory_field=None, deadlines={})
    assert held_values(record({}), nameless) == {"NO": "P1"}


def test_codes_and_the_state_have_a_column_with_words_behind_them() -> None:
    columns = export_columns(KIND)
    assert [column.name for column in columns] == [
        "NO", "NAME", "COUNTY", "AREA", "YEAR", "SEEN", "WET", "CLASS", "CLASS_MC", "SUB", "SUB_MC", "HARM", "HARM_MC",
        "state", "state_MC", "since",
    ]  # fmt: skip
    assert [column.name for column in columns if column.words] == ["CLASS_MC", "SUB_MC", "HARM_MC", "state_MC"]
    by_name = {column.name: column for column in columns}
    assert by_name["CLASS_MC"].title == Text("class名称", "class in words")
    assert by_name["AREA"].title == Text("area（ha）", "area (ha)")
    assert (by_name["CLASS_MC"].kind, by_name["CLASS"].kind, by_name["CLASS_MC"].field) == ("text", "code", "CLASS")
    assert [(by_name[name].title.zh, by_name[name].kind) for name in ("state", "state_MC", "since")] == [
        ("状态", "text"),
        ("状态名称", "text"),
        ("进入状态日期", "date"),
    ]


def private() -> Any:
    fields = pits().model_dump(by_alias=True)["fields"]
    return pits(fields=fields | {"CLASS": fields["CLASS"] | {"personal": True}}, deadlines={})


def test_what_is_personal_is_left_out_with_its_words() -> None:
    names = {column.name for column in export_columns(private(), personal=False)}
    assert {"CLASS", "CLASS_MC"}.isdisjoint(names)
    assert "SUB" in names
    assert "CLASS" in {column.name for column in export_columns(private())}


def test_names_for_a_shapefile_have_ten_letters_and_are_unlike() -> None:
    long = {name: {"title": text(name)} for name in ("NO", "NAME", "COUNTY", "ATTRIBUTE_ONE", "ATTRIBUTE_TWO")}
    short = short_column_names(pits(fields=long, deadlines={}))
    assert max(map(len, short.values())) <= 10
    assert len(set(short.values())) == len(short)
    assert short["NAME"] == "NAME"


def test_a_title_without_unit_stands_alone() -> None:
    assert with_unit(KIND.fields["YEAR"]) == Text("year", "year")


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (None, "zh", ""),
        ("1", "zh", "harm 1"),
        (("1", "2"), "zh", "harm 1；harm 2"),
        (("1", "2"), "en", "harm 1; harm 2"),
        (("1", "9"), "en", "harm 1; 9"),
        ((), "en", ""),
    ],
)
def test_words_of_codes_stand_with_semicolons(value: Value, language: Any, expected: str) -> None:
    assert words_of(value, KIND.fields["HARM"], language) == expected


def test_flags_have_words() -> None:
    assert [flag_word(value, language) for value in (True, False) for language in ("zh", "en")] == [
        "是", "yes", "否", "no",
    ]  # fmt: skip


def test_a_row_of_a_table_has_a_cell_for_every_column() -> None:
    values: dict[str, Value] = {"AREA": 2.5, "WET": False, "CLASS": "A", "HARM": ("1", "3"), "SEEN": date(2024, 2, 29)}
    columns = export_columns(KIND)
    cells = table_row(record(values, since=date(2026, 1, 5)), KIND, columns, "zh")
    assert dict(zip([column.name for column in columns], cells, strict=True)) == {
        "NO": "P1", "NAME": "一号坑", "COUNTY": "140522", "AREA": 2.5, "YEAR": None, "SEEN": date(2024, 2, 29),
        "WET": "否", "CLASS": "A", "CLASS_MC": "class A", "SUB": None, "SUB_MC": None, "HARM": "1;3",
        "HARM_MC": "harm 1；harm 3", "state": "found", "state_MC": "found态", "since": date(2026, 1, 5),
    }  # fmt: skip


def test_a_state_that_the_type_no_longer_has_stands_as_it_is() -> None:
    columns = [column for column in export_columns(KIND) if column.name in ("state", "state_MC")]
    assert table_row(record({}, state="melted"), KIND, columns, "en") == ["melted", "melted"]


@pytest.mark.parametrize(("value", "expected"), [(None, ""), (date(2024, 2, 29), "2024-02-29"), (0, "0"), (2.5, "2.5")])
def test_a_cell_as_text(value: Value, expected: str) -> None:
    assert as_text(value) == expected


def read(cells: dict[str, str], *, fields: tuple[str, ...] | None = None, **told: Any) -> RowValues:
    """Read a row whose cells stand in the columns A, B, C ..."""
    made = {name: Cell(content, chr(65 + place)) for place, (name, content) in enumerate(cells.items())}
    row = LedgerRow("", 3, made, **told)
    return parse_row(row, Ledger("a.csv", (row,), fields if fields is not None else tuple(cells)), KIND)


def test_a_row_is_read_field_by_field() -> None:
    found = read({"NO": " P1 ", "AREA": "2.5", "WET": "是", "HARM": "3;1", "YEAR": "", "SEEN": "-"})
    assert (found.id, found.faults, found.wrong) == ("P1", [], set())
    assert found.values == {"NO": "P1", "AREA": 2.5, "WET": True, "HARM": ("1", "3")}
    assert found.empty == ["YEAR", "SEEN"]


def test_a_column_without_a_cell_in_this_row_is_empty() -> None:
    found = read({"NO": "P1"}, fields=("NO", "AREA"))
    assert (found.empty, found.faults) == (["AREA"], [])


def test_all_that_is_wrong_with_a_row_is_told_and_the_rest_is_read() -> None:
    found = read({"NO": "P1", "AREA": "large", "CLASS": "Z", "YEAR": "2019"})
    assert (found.id, found.wrong, found.values) == ("P1", {"AREA", "CLASS"}, {"NO": "P1", "YEAR": 2019})
    assert [one.text.en.partition(":")[0] for one in found.faults] == [
        "a.csv row 3, column B (area)",
        "a.csv row 3, column C (class)",
    ]


@pytest.mark.parametrize("cells", [{"NO": "", "YEAR": "1"}, {"YEAR": "1"}])
def test_a_row_without_a_number_belongs_to_nothing(cells: dict[str, str]) -> None:
    found = read(cells)
    assert found.id is None
    (one,) = found.faults
    assert (one.wrong, one.allowed) == (Text("没有编号", "has no number"), Text("填写number", "the number"))


def test_a_number_that_is_wrong_is_told_once() -> None:
    found = read({"NO": "P\n1"})
    assert found.id is None
    (one,) = found.faults
    assert (one.wrong.en, one.allowed.en) == ("holds several lines", "one line")


@pytest.mark.parametrize(("name", "is_wrong"), [("NO", True), ("NAME", True), ("COUNTY", True), ("NOTE", False)])
def test_only_texts_that_name_nothing_may_have_several_lines(name: str, is_wrong: bool) -> None:
    fields: dict[str, Any] = {key: {"title": text(key)} for key in ("NO", "NAME", "COUNTY", "NOTE")}
    row = LedgerRow("", 3, {"NO": Cell("P1", "A")} | {name: Cell("a\nb", "B")})
    found = parse_row(row, Ledger("a.csv", (row,), ("NO", name)), pits(fields=fields, deadlines={}))
    assert (name in found.wrong) is is_wrong


def test_signs_that_cannot_be_seen_are_refused() -> None:
    (one,) = read({"NO": "P1", "NAME": "a\x07b"}).faults
    assert one.text.zh == "a.csv 第 3 行 B 列“name”：含有看不见的控制字符；应为：删去后重新填写"


def test_a_shape_that_cannot_be_read_is_a_fault_of_its_column() -> None:
    wrong = Text("不是 WKT", "is no WKT")
    found = read({"NO": "P1"}, shape_error=wrong, shape_column="G")
    (one,) = found.faults
    assert (one.column, one.title, one.wrong, found.id) == ("G", Text("图形", "shape"), wrong, "P1")
    assert one.allowed.en == "a whole shape (WKT: longitude and latitude, EPSG:4490)"


def test_of_a_feature_without_attributes_only_the_shape_is_told() -> None:
    found = read({}, fields=("NO",), shape_error=Text("坏", "bad"))
    assert [one.wrong.en for one in found.faults] == ["bad"]
    assert found.id is None
