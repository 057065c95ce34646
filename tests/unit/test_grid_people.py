"""The table of an office with the people of the cells: every mistake with its row, nothing taken over half."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from zoning.errors import ContentError
from zoning.planning.grids.people import CellPerson, read_people

CELLS = ("5km-37-0786-0125", "5km-37-0786-0126")
JOINED = {"5km-37-0787-0125": "5km-37-0786-0125"}


def read(path: Path) -> tuple[CellPerson, ...]:
    return read_people(path, CELLS, JOINED)


def refusal(path: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        read(path)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_with_chinese_heads(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "网格,姓名,职务,单位,电话,备注\n5km-37-0786-0125,张三,网格员,某所,139,甲\n\n5km-37-0786-0125,李四,,,,\n",
        encoding=encoding,
    )
    assert read(path) == (
        CellPerson("5km-37-0786-0125", "张三", "网格员", "某所", "139"),
        CellPerson("5km-37-0786-0125", "李四"),
    )


def test_a_workbook_keeps_telephone_numbers(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Cell", "contact"])
    sheet.append(["张三", CELLS[1], 13900001111.0])
    book.save(tmp_path / "people.xlsx")
    assert read(tmp_path / "people.xlsx") == (CellPerson(CELLS[1], "张三", contact="13900001111"),)


def test_every_wrong_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = [
        "cell,name",
        "5km-37-0786-0125,张三",
        "5km-37-0786-0129,李四",
        ",王五",
        "5km-37-0786-0126,",
        "5km-37-0787-0125,赵六",
        "5km-37-0786-0125,张三",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    error = refusal(path)
    assert str(error).splitlines() == [
        "people.csv row 3: there is no cell '5km-37-0786-0129' - did you mean '5km-37-0786-0126'?",
        "people.csv row 4: the cell is missing",
        "people.csv row 5: the name is missing",
        "people.csv row 6: cell 5km-37-0787-0125 joined 5km-37-0786-0125: write 5km-37-0786-0125",
        "people.csv row 7: the same as row 2: delete one of them",
    ]
    assert error.get("zh").splitlines() == [
        "people.csv 第 3 行：没有网格“5km-37-0786-0129”；是否想写“5km-37-0786-0126”？",
        "people.csv 第 4 行：没有网格编号",
        "people.csv 第 5 行：没有姓名",
        "people.csv 第 6 行：网格 5km-37-0787-0125 已并入 5km-37-0786-0125；请改写为 5km-37-0786-0125",
        "people.csv 第 7 行：与第 2 行重复；请删去一行",
    ]
    assert error.exit_code == 10


def test_many_wrong_rows_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("cell,name\n" + ",x\n" * 30, encoding="utf-8")
    assert str(refusal(path)).splitlines()[-1] == "10 more rows are wrong"
    assert len(str(refusal(path)).splitlines()) == 21


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("p.csv", b"", "the table is empty"),
        ("p.csv", "网格,电话\n".encode(), "p.csv row 1: the column 'name' is missing"),
        ("p.csv", b"\xff\xff\xff", "this is no text in UTF-8 or GB18030"),
        ("p.xlsx", b"PK nothing", "this is no readable XLSX"),
        ("p.xlsx", b"", "this is no readable XLSX"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert sentence in str(refusal(tmp_path / name))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert str(refusal(tmp_path / "no.csv")).endswith("no.csv: cannot be read (No such file or directory)")
