from pathlib import Path
from typing import Any

import pytest

import workbook_files as wf
from ledgers import builtin_kind, write_book
from zoning.errors import ContentError, SiteError, UsageError
from zoning.registers.ledger.rows import Ledger
from zoning.registers.ledger.tables import read_table

PARCELS = builtin_kind("mine-parcels")


def read(folder: Path, rows: list[list[Any]], **more: Any) -> Ledger:
    return read_table(write_book(folder / "a.xlsx", rows, **more), PARCELS)


def cells(ledger: Ledger, row: int = 0) -> dict[str, str]:
    return {name: cell.text for name, cell in ledger.rows[row].cells.items()}


def test_titles_above_and_totals_below_are_no_records(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["阳城县历史遗留矿山图斑台账"],
        ["填报单位：自然资源局", None, None, "2026年1月"],
        ["序号", "图斑编号", "图斑名称", "图斑面积（亩）"],
        [1, "1405220001", "甲", 15],
        [2, "1405220002", "乙", 30],
        [None, "合计", None, 45],
        ["填表人：张三", None, None, "审核人：李四"],
    ]
    ledger = read(tmp_path, rows)
    assert [row.number for row in ledger.rows] == [4, 5]
    assert cells(ledger) == {"id": "1405220001", "TBMC": "甲", "tbmj": "15"}
    assert ledger.rows[0].cells["tbmj"].unit == "亩"
    assert [notice.en.split(": ", 1)[1] for notice in ledger.notices] == [
        "row 6 '合计 45' is no record and was not read",
        "row 7 '填表人：张三 审核人：李四' is no record and was not read",
    ]


def test_merged_groups_stand_over_their_columns(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["图斑编号", "位置", None, "面积", "图斑类型", None],
        [None, "中心点经度", "中心点纬度", "（公顷）", "大类", "细类"],
        [1, 2, 3, 4, 5, 6],
        ["1405220001", 112.4, 35.5, 1.2, 10, 11],
    ]
    ledger = read(tmp_path, rows)
    assert cells(ledger) == {
        "id": "1405220001", "kfx": "112.4", "kfy": "35.5", "tbmj": "1.2", "TBDL": "10", "TBXL": "11",
    }  # fmt: skip
    assert ledger.rows[0].cells["tbmj"].unit == "公顷"
    assert ledger.rows[0].cells["TBXL"].column == "F"


def test_two_rows_of_headings_are_not_data_and_data_are_no_headings(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["图斑编号", "图斑名称", "备注"],
        ["id", "TBMC", "BZ"],
        ["1405220001", "编号", "名称"],
        ["1405220002", "甲", None],
        ["1405220003", None, None],
    ]
    assert [row.number for row in read(tmp_path, rows).rows] == [3, 4, 5]


def test_headers_are_known_by_title_name_alias_in_any_width(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["ＴＢＢＨ*", "矿山图斑 名称", "County", "所在乡镇", "land class of the third survey"],
        ["A", "b", "c", "d", "e"],
    ]
    assert cells(read(tmp_path, rows)) == {"id": "A", "TBMC": "b", "xzx": "c", "XZ": "d", "SDDL": "e"}


def test_unknown_columns_are_said_with_the_field_that_may_be_meant(tmp_path: Path) -> None:
    ledger = read(tmp_path, [["图斑编号", "图斑名称", "开采方试", "电话"], ["1", "a", "b", "c"]])
    assert [notice.en for notice in ledger.notices] == [
        "a.xlsx[台账]: column C '开采方试' is no field of this kind and was not read - did you mean '开采方式'?",
        "a.xlsx[台账]: column D '电话' is no field of this kind and was not read",
    ]


def test_a_table_without_the_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as raised:
        read(tmp_path, [["图斑名称", "备注"], ["甲", "乙"]])
    assert raised.value.text.zh == (
        "a.xlsx[台账]：没有“图斑编号”列（可写：图斑编号、id、TBBH、编号、图斑号、矿山图斑编号、parcel id）；"
        "找到的表头：图斑名称、备注"
    )


def test_two_columns_for_one_field_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="column A '图斑编号' and column C 'TBBH' both mean 'id'"):
        read(tmp_path, [["图斑编号", "图斑名称", "TBBH"], ["1", "a", "2"]])


def test_another_sheet_that_looks_like_a_ledger_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "a.xlsx",
        [["图斑编号", "图斑名称", "备注"], ["1", "a", "b"]],
        二=[["图斑编号", "备注"], ["2", "x"]],
        说明=[["填表说明"], ["一行一个图斑"]],
        形状=[["图斑编号", "WKT"], ["1", "POINT (112.4 35.5)"]],
    )
    found = read_table(path, PARCELS)
    (told,) = [notice for notice in found.notices if "--layer" in notice.en]
    assert told.en == (
        "a.xlsx[台账]: only this sheet was read; like a ledger too, and not read: '二'; "
        "import these with --layer, one at a time"
    )
    assert told.zh == "a.xlsx[台账]：只读取了这个工作表；二 也像台账，没有读取，请用 --layer 逐个导入"
    # The shapes were taken from their sheet.
    assert found.rows[0].shape is not None
    assert not [notice for notice in read_table(path, PARCELS, sheet="台账").notices if "--layer" in notice.en]


def test_the_sheet_with_most_fields_is_the_ledger(tmp_path: Path) -> None:
    rows = [["图斑编号", "图斑名称", "备注"], ["1", "a", "b"]]
    other = [["图斑编号", "备注"], ["2", "x"]]
    assert cells(read(tmp_path, other, 全部=rows))["id"] == "1"
    path = write_book(tmp_path / "b.xlsx", rows, 二=rows)
    with pytest.raises(UsageError, match=r"several sheets look like the ledger \(台账; 二\); name one with --layer"):
        read_table(path, PARCELS)
    assert read_table(path, PARCELS, sheet="二").rows[0].sheet == "二"
    with pytest.raises(UsageError, match="there is no sheet '三'"):
        read_table(path, PARCELS, sheet="三")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-8"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_in_any_encoding_and_with_any_separator(tmp_path: Path, encoding: str, sign: str) -> None:
    lines = [sign.join(["图斑编号", "图斑名称", "备注"]), sign.join(["1405220001", "甲", '"第一行\n第二行"']),
             sign.join(["1405220002", "乙", "丙"])]  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    ledger = read_table(path, PARCELS)
    assert cells(ledger)["BZ"] == "第一行\n第二行"
    # Lines are counted as an editor counts them.
    assert [row.number for row in ledger.rows] == [3, 4]


def test_old_workbooks_are_read_as_new_ones(tmp_path: Path) -> None:
    rows: list[list[wf.Cell]] = [
        ["图斑编号", "图斑名称", "图斑面积", "核查日期"],
        ["1405220001", "（甲）", 12.5, 46027],
    ]
    wf.write_biff8(tmp_path / "a.xls", ("台账", rows))
    wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("台账", rows))
    for name in ("a.xls", "a.xlsx"):
        ledger = read_table(tmp_path / name, PARCELS)
        assert cells(ledger) == {"id": "1405220001", "TBMC": "（甲）", "tbmj": "12.5", "HCRQ": "46027"}


def test_damaged_files_are_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "b.csv").write_text('图斑编号,备注\n1,"' + "x" * 2_000_000, encoding="utf-8")
    with pytest.raises(SiteError):
        read_table(tmp_path / "a.xlsx", PARCELS)
    with pytest.raises(SiteError, match="this is no whole CSV"):
        read_table(tmp_path / "b.csv", PARCELS)
    with pytest.raises(UsageError, match="there is no such file"):
        read_table(tmp_path / "c.xlsx", PARCELS)
