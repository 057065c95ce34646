"""Who looks after which cell: heads, rows that cannot be meant, and the models of the grid."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from pydantic import ValidationError

from overlay_world import layer
from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.planning.grids.lattice import Lattice
from zoning.planning.grids.people import CellPerson, read_people
from zoning.planning.grids.scheme import GridScheme
from zoning.texts import Text

CELLS = ("5km-37-0786-0125", "5km-37-0786-0126")
ONE, TWO = CELLS
JOINED = {"5km-37-0786-0127": ONE}


def csv_file(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "人员.csv"
    path.write_bytes(text.encode(encoding))
    return path


def people(path: Path) -> tuple[CellPerson, ...]:
    return read_people(path, CELLS, JOINED)


def refusal(path: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        people(path)
    return caught.value


@pytest.mark.parametrize(
    "head",
    [
        "cell,name,role,office,contact",
        "网格,姓名,职务,单位,电话",
        "网格编号,责任人,角色,部门,联系方式",
        "网格编码,姓名,职务,单位,联系电话",
        " CELL , Name ,ROLE,Office,CONTACT",
    ],
)
def test_heads_are_understood_in_either_language(tmp_path: Path, head: str) -> None:
    path = csv_file(tmp_path, f"{head}\n{ONE},张三,队长,某局,0356\n")
    assert people(path) == (CellPerson(ONE, "张三", "队长", "某局", "0356"),)


def test_columns_may_stand_in_any_order_and_among_others(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"备注,电话,姓名,网格\nx,0356,张三,{ONE}\n")
    assert people(path) == (CellPerson(ONE, "张三", contact="0356"),)


def test_cells_are_trimmed_and_what_is_not_told_is_empty(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"cell,name,role\n {ONE} , 张三 \n{TWO},李四,  \n")
    assert people(path) == (CellPerson(ONE, "张三"), CellPerson(TWO, "李四"))


def test_empty_rows_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"cell,name\n,\n\n{ONE},张三\n , \n{ONE},\n")
    error = refusal(path)
    assert error.get("zh") == "人员.csv 第 6 行：没有姓名"
    assert error.get("en") == "人员.csv row 6: the name is missing"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, end: str, encoding: str) -> None:
    path = csv_file(tmp_path, end.join(["网格,姓名", f"{ONE},张三", ""]), encoding=encoding)
    assert people(path) == (CellPerson(ONE, "张三"),)


@pytest.mark.parametrize(
    ("row", "zh", "en"),
    [
        (",张三", "没有网格编号", "the cell is missing"),
        (f"{ONE},", "没有姓名", "the name is missing"),
        (
            "5km-37-0786-0127,张三",
            f"网格 5km-37-0786-0127 已并入 {ONE}；请改写为 {ONE}",
            f"cell 5km-37-0786-0127 joined {ONE}: write {ONE}",
        ),
        ("X,张三", "没有网格“X”", "there is no cell 'X'"),
    ],
)
def test_a_row_that_cannot_be_meant(tmp_path: Path, row: str, zh: str, en: str) -> None:
    error = refusal(csv_file(tmp_path, f"cell,name\n{row}\n"))
    assert error.get("zh") == f"人员.csv 第 2 行：{zh}"
    assert error.get("en") == f"人员.csv row 2: {en}"


def test_a_cell_that_is_written_nearly_right_is_guessed(tmp_path: Path) -> None:
    error = refusal(csv_file(tmp_path, "cell,name\n5km-37-786-0125,张三\n"))
    assert ONE in error.get("zh")
    assert ONE in error.get("en")


def test_a_person_twice_in_one_cell_is_refused_and_in_two_cells_not(tmp_path: Path) -> None:
    rows = f"{ONE},张三,队长\n{TWO},张三,队长\n{ONE},张三,队员\n{ONE},张三,队长\n"
    error = refusal(csv_file(tmp_path, f"cell,name,role\n{rows}"))
    assert error.get("zh") == "人员.csv 第 5 行：与第 2 行重复；请删去一行"
    assert error.get("en") == "人员.csv row 5: the same as row 2: delete one of them"


@pytest.mark.parametrize(("wrong", "more"), [(20, 0), (21, 1), (30, 10)])
def test_the_first_twenty_mistakes_are_told_and_the_others_counted(tmp_path: Path, wrong: int, more: int) -> None:
    error = refusal(csv_file(tmp_path, "cell,name\n" + "X,张三\n" * wrong))
    lines = error.get("en").splitlines()
    assert len(lines) == 20 + (more > 0)
    assert (f"{more} more rows are wrong" in lines) is (more > 0)
    assert (f"另有 {more} 行有误" in error.get("zh")) is (more > 0)


@pytest.mark.parametrize(
    ("head", "zh", "en"),
    [
        ("姓名,电话", "缺少列“网格”（可写 cell、网格、网格编号、网格编码）", "the column 'cell' is missing"),
        ("网格,电话", "缺少列“姓名”（可写 name、姓名、责任人）", "the column 'name' is missing"),
    ],
)
def test_a_column_that_is_needed_is_named(tmp_path: Path, head: str, zh: str, en: str) -> None:
    error = refusal(csv_file(tmp_path, f"{head}\na,b\n"))
    assert error.get("zh") == f"人员.csv 第 1 行：{zh}"
    assert error.get("en") == f"人员.csv row 1: {en}"


def test_a_table_of_heads_alone_names_nobody(tmp_path: Path) -> None:
    assert people(csv_file(tmp_path, "cell,name\n")) == ()


@pytest.mark.parametrize(
    ("content", "en"),
    [
        (b"", "the table is empty"),
        (b"\x81\xff\n", "this is no text in UTF-8 or GB18030"),
        (b"cell,name\n" + b"x" * 140_000, "no readable CSV (field larger than field limit (131072))"),
        (b"x" * ((16 << 20) + 1), "larger than 16 MB: this is no table of people"),
    ],
    ids=["empty", "no text", "a long field", "too large"],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, en: str) -> None:
    path = tmp_path / "人员.csv"
    path.write_bytes(content)
    assert refusal(path).get("en") == f"{path}: {en}"


def workbook(folder: Path, *rows: list[Any]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    path = folder / "人员.XLSX"
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize(
    ("value", "text"),
    [(13935600000, "13935600000"), (13935600000.0, "13935600000"), (1.5, "1.5"), (None, ""), ("0356", "0356")],
)
def test_a_number_of_a_workbook_is_a_text(tmp_path: Path, value: object, text: str) -> None:
    path = workbook(tmp_path, ["网格", "姓名", "电话"], [ONE, "张三", value])
    assert people(path) == (CellPerson(ONE, "张三", contact=text),)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "人员.xlsx"
    path.write_bytes(content)
    assert refusal(path).get("en") == f"{path}: this is no readable XLSX"


@pytest.mark.parametrize(
    ("side_m", "row", "column", "code"),
    [
        (5000.0, 786, 125, "5km-37-0786-0125"),
        (1000.0, 0, 0, "1km-37-0000-0000"),
        (999.0, 12345, 9, "999m-37-12345-0009"),
        (2500.0, 1, 1, "2.5km-37-0001-0001"),
        (100.0, -1, -12, "100m-37-S0001-S0012"),
    ],
)
def test_codes_of_cells(side_m: float, row: int, column: int, code: str) -> None:
    assert Lattice("EPSG:4525", side_m, "37", 37e6).code(row, column) == code


def scheme(**values: Any) -> GridScheme:
    return GridScheme.model_validate({"id": "grid", "title": {"zh": "网格", "en": "grid"}, "cell": "5 km", **values})


@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        ({"cell": "100 m"}, True), ({"cell": "99.9 m"}, False), ({"cell": "100 km"}, True), ({"cell": "101 km"}, False),
        ({"officers": 1}, True), ({"officers": 0}, False),
        ({"slivers": "join"}, True), ({"slivers": "name"}, True), ({"slivers": "drop"}, False),
        ({"sliver": "join"}, False),
    ],
)  # fmt: skip
def test_what_a_grid_may_be(values: dict[str, Any], allowed: bool) -> None:
    if allowed:
        scheme(**values)
        return
    with pytest.raises(ValidationError):
        scheme(**values)


def test_a_class_that_a_layer_does_not_have_is_a_mistake_and_a_layer_that_is_not_there_none() -> None:
    made = Catalogue(Path(), {"water": layer("water")}, "territory")
    listed = [{"layer": "water", "classes": ["level-1", "level-9"]}, {"layer": "gone", "classes": ["x"]}]
    wrong = Text(
        "plans/enforcement-grid.yaml：图层 water 没有类别“level-9”；可用：level-1, level-2",
        "plans/enforcement-grid.yaml: layer water has no class 'level-9'; allowed: level-1, level-2",
    )
    assert scheme(zones=listed).mistakes(made) == [wrong]
    assert scheme(registers=listed, zones=listed).mistakes(made) == [wrong, wrong]
    assert scheme(zones=[{"layer": "water"}]).mistakes(made) == []
