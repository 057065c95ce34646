"""The cells of a table, their names and flaws, and columns of numbers."""

import pytest

from zoning.sites.tables.grid import Grid, Numbers, Row, Track, column_letters
from zoning.sites.tables.measures import Measure
from zoning.sites.where import Where

# --- Cells ---


@pytest.mark.parametrize(
    ("column", "letters"),
    [(0, "A"), (1, "B"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")],
)
def test_letters_of_columns(column: int, letters: str) -> None:
    assert column_letters(column) == letters


def test_a_cell_behind_the_end_of_its_row_is_empty() -> None:
    row = Row(3, ["甲", "", "乙"])
    assert [row.cell(i) for i in range(4)] == ["甲", "", "乙", ""]
    assert row.filled == [0, 2]
    assert row.flaws == {}


@pytest.mark.parametrize(("lettered", "zh", "en"), [(True, "AB7 单元格", "cell AB7"), (False, "第 28 列", "column 28")])
def test_the_name_of_a_cell(*, lettered: bool, zh: str, en: str) -> None:
    name = Grid(Where("a"), [], lettered=lettered).cell_name(Row(7, []), 27)
    assert (name.zh, name.en) == (zh, en)


def test_a_sentence_about_a_cell() -> None:
    grid, row = Grid(Where("a.csv"), []), Row(7, [])
    text = grid.cell_error(row, 0, "是空的", "is empty").text
    assert (text.zh, text.en) == ("a.csv:7：第 1 列是空的", "a.csv:7: column 1 is empty")
    assert grid.cell_error(row, 0, "：错", ": wrong").text.en == "a.csv:7: column 1: wrong"


def test_sentences_about_flawed_cells() -> None:
    grid = Grid(Where("a.xlsx[甲]"), [], lettered=True)
    row = Row(7, ["2024-01-02", "#REF!", ""], {0: "date", 1: "error", 2: "formula"})
    date, error, formula = (grid.flaw_error(row, column).text for column in range(3))
    assert date.zh == (
        "a.xlsx[甲]:7：A7 单元格被 Excel 当成了日期（2024-01-02），原来写的数字已丢失；请把该列设为“文本”后重新填写"
    )
    assert date.en == (
        "a.xlsx[甲]:7: cell A7 was turned into a date by Excel (2024-01-02), what was written is lost; format the "
        "column as text and write it again"
    )
    assert error.zh == "a.xlsx[甲]:7：B7 单元格是错误值 #REF!；请改正公式后保存"
    assert error.en == "a.xlsx[甲]:7: cell B7 is the error #REF!; correct the formula and save the file"
    assert formula.zh == "a.xlsx[甲]:7：C7 单元格是公式，文件里没有它的计算结果；请用 Excel 打开、保存后再提交"
    assert formula.en == (
        "a.xlsx[甲]:7: cell C7 is a formula and the file does not hold its result; open it in Excel, save it and give "
        "that"
    )


def test_columns_of_numbers_take_points_down() -> None:
    numbers = Numbers(("X", "Y"))
    numbers.add(Measure(35.4, 0.1, axis="north", packed=35.6), Measure(112.3, 0.01, packed=112.5))
    numbers.add(Measure(35.25, 0.01, axis="east", packed=35.4), Measure(112.0, 1.0, axis="east", packed=112.0))
    assert (list(numbers.first), list(numbers.second)) == ([35.4, 35.25], [112.3, 112.0])
    assert (numbers.units, numbers.axes, numbers.any_angle) == ((0.01, 0.01), ("north", "east"), False)
    assert numbers.packed is not None
    assert (list(numbers.packed[0]), list(numbers.packed[1])) == ([35.6, 35.4], [112.5, 112.0])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Measure(1, 1), Measure(2, 1, packed=2.0)),
        (Measure(1, 1, packed=1.0), Measure(2, 1)),
        (Measure(1, 1), Measure(2, 1)),
    ],
)
def test_one_number_that_cannot_be_packed_ends_that_reading(first: Measure, second: Measure) -> None:
    numbers = Numbers(("X", "Y"))
    numbers.add(first, second)
    numbers.add(Measure(1, 1, packed=1.0), Measure(2, 1, packed=2.0))
    assert numbers.packed is None
    assert len(numbers.first) == 2


@pytest.mark.parametrize(("one", "other"), [(True, False), (False, True)])
def test_one_angle_in_either_column_is_enough(*, one: bool, other: bool) -> None:
    numbers = Numbers(("X", "Y"))
    numbers.add(Measure(1, 1, is_angle=one), Measure(2, 1, is_angle=other))
    numbers.add(Measure(1, 1), Measure(2, 1))
    assert numbers.any_angle


def test_a_point_has_the_line_of_its_row() -> None:
    track = Track(Where("拐点.csv"))
    track.rows.extend([5, 6, 7])
    assert (len(track), track.place(2)) == (3, Where("拐点.csv", None, 7))
