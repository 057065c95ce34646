"""Access lists that cannot be meant, and files that are no list: the sentence that is read, word for word."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook

from access_world import DIMENSIONS, GENERAL, HEADER, KEY, PRIORITY, clause, edition_text, lists, workbook
from zoning.errors import ContentError, UsageError, ZoningError
from zoning.rules.access.editing import EditionFacts, new_edition
from zoning.rules.access.importing import import_table
from zoning.rules.access.sheets import MOST_CHARACTERS, MOST_COLUMNS
from zoning.rules.access.tables import read_table_file
from zoning.rules.access.words import Level

SENTENCES = yaml.safe_load((Path(__file__).parent / "access_sentences.yaml").read_text(encoding="utf-8"))
ROW = (GENERAL, "某单元", "某县", "一般", "禁止甲。", "排放。", "风险。", "节水。")


def refused(action: Callable[[], object], kind: type[ZoningError] = ContentError) -> tuple[str, str]:
    with pytest.raises(ZoningError) as caught:
        action()
    assert isinstance(caught.value, kind)
    return caught.value.get("zh"), caught.value.get("en")


def imported(path: Path, level: Level = "unit", sheet: str | None = None) -> object:
    return import_table(read_table_file(path), level, sheet=sheet)


# --- editions


def wrong(folder: Path, **files: str) -> tuple[str, str]:
    zh, en = refused(lambda: lists(folder, **files))
    return zh.replace(f"{folder.as_posix()}/", ""), en.replace(f"{folder.as_posix()}/", "")


EDITIONS = {
    "class digit of a code": edition_text(clause(), "  - {code: ZH14052240001}\n  - {code: ZH14052230001}\n"),
    "code against class": edition_text(clause(), "  - {code: ZH14052230001, class: key}\n"),
    "unit twice": edition_text(clause(), "  - {code: ZH14052230001}\n  - {code: ZH14052230001}\n"),
    "number twice": edition_text(clause("1-1") + clause("1-2") + clause("1-1")),
    "clause without unit": edition_text(clause(unit=None)),
    "unknown unit": edition_text(clause(unit="ZH14052230002")),
    "unknown fact": edition_text(clause(complies_when="{wel: no}")),
    "unknown word": edition_text(clause(applies_when="{activity: [stele]}")),
    "end before begin": edition_text(clause(), valid_to="2020-12-31"),
    "territory by name": edition_text(clause(), territories='["Yangcheng"]'),
    "unknown successor": edition_text(clause(), superseded_by="owm"),
}


@pytest.mark.parametrize("name", EDITIONS)
def test_editions(tmp_path: Path, name: str) -> None:
    zh, en = wrong(tmp_path, own=EDITIONS[name])
    assert {"zh": zh, "en": en} == SENTENCES["editions"][name]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("dimension: spatial-layout", "dimension: spatial_layout", "spatial-layout"),
        ("level: unit", "level: units", "unit"),
        ("text: ", "txt: ", "text"),
    ],
)
def test_misspelt_words_name_what_was_meant(tmp_path: Path, old: str, new: str, told: str) -> None:
    zh, en = wrong(tmp_path, own=edition_text(clause().replace(old, new, 1)))
    assert zh.startswith("own.yaml:10：")
    assert f"“{told}”" in zh
    assert f"'{told}'" in en


def test_a_file_name_that_is_no_edition(tmp_path: Path) -> None:
    assert wrong(tmp_path, Own=edition_text(clause()))[0] == (
        "Own.yaml:1：“Own”不能作清单版本的名称：只用小写字母、数字和连字符，如 jincheng-2024"
    )


def test_two_editions_at_once(tmp_path: Path) -> None:
    zh, en = wrong(tmp_path, new=edition_text(clause(), valid_from="2024-01-01"), old=edition_text(clause()))
    assert zh == (
        "old.yaml:4：单元 ZH14052230001 的清单同时见于“new”，两个版本在 2024-01-01 都有效；"
        "请在旧版本写 superseded_by 或 valid_to"
    )
    assert en == (
        "old.yaml:4: 'new' holds a list for unit ZH14052230001 as well, and both are in force on 2024-01-01: "
        "give the older one 'superseded_by' or 'valid_to'"
    )


def test_a_successor_that_begins_earlier(tmp_path: Path) -> None:
    old = edition_text(clause(), superseded_by="new")
    assert wrong(tmp_path, new=edition_text(clause(), valid_from="2020-01-01"), old=old)[0].startswith(
        "old.yaml:5：superseded_by：“new”并不晚于本版本生效，不能取代它"
    )


def test_the_mistakes_of_all_files_at_once(tmp_path: Path) -> None:
    zh, _ = wrong(tmp_path, a="title: 1\n", b=edition_text(clause(unit=None)))
    assert "a.yaml:1" in zh
    assert "b.yaml:10" in zh


# --- files that are no list


FILES = {
    "empty": b"",
    "only spaces": b" \r\n ",
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100,
    "web page": "\ufeff<html><table></table></html>".encode(),
    "PDF": b"%PDF-1.7",
    "bytes like UTF-16": b"\xff\xfe\xff\x80abc",
    "no text": b"a,b\x80\xff\n",
    "NUL": b"a,b\0c\n",
    "open quote": '编码,空间布局约束\n"ZH14052210001,禁止甲。\n'.encode(),
    "broken zip": b"PK\x03\x04 no zip",
    "another table": "姓名,电话\n甲,1\n".encode(),
    "header only": f"编码,空间布局约束\n,{GENERAL}\n".encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_no_list(tmp_path: Path, name: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(FILES[name])
    zh, en = refused(lambda: imported(path))
    assert {"zh": zh, "en": en} == SENTENCES["files"][name]


def test_no_such_file_and_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "none.xlsx"
    assert refused(lambda: imported(path)) == (
        f"{path}：无法读取（不存在）",
        f"{path}: cannot be read (No such file or directory)",
    )
    assert refused(lambda: imported(tmp_path))[0] == f"{tmp_path}：无法读取（是文件夹）"


def test_a_wider_list_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("姓名,电话\n", encoding="utf-8")
    assert refused(lambda: imported(path, "city"))[0] == (
        "list.csv：没有找到清单：须有四个维度作列标题，或有“管控维度”和“管控要求”两列，或每行以维度名开头；"
        "第一行是：姓名、电话"
    )


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [HEADER, ROW])
    assert refused(lambda: imported(path, sheet="单元")) == (
        "list.xlsx：没有工作表“单元”；文件中有：清单",
        "list.xlsx: there is no sheet '单元'; the file has: 清单",
    )


def test_a_formula_that_was_never_worked_out(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [HEADER, (*ROW[:4], "=A2", *ROW[5:])])
    assert refused(lambda: imported(path)) == (
        "list.xlsx:2：第 5 列是公式，文件里没有它的结果；请用 Excel 打开并保存一次，再导入",
        "list.xlsx:2: column 5 holds a formula without its result; open the file in Excel, save it, import it again",
    )


def test_codes_and_classes_that_contradict_each_other_are_all_told(tmp_path: Path) -> None:
    rows = [
        HEADER,
        (GENERAL, "甲", "", "优先", "禁止。"),
        (KEY, "乙", "", "重点", "禁止。"),
        (PRIORITY, "丙", "", "一般", "禁止。"),
    ]
    zh, _ = refused(lambda: imported(workbook(tmp_path / "list.xlsx", rows)))
    assert zh == (
        "list.xlsx:2：单元 ZH14052230001 的编码表示一般管控单元，清单却写优先保护单元；请向发布机关核实后改正其一\n"
        "list.xlsx:4：单元 ZH14052210001 的编码表示优先保护单元，清单却写一般管控单元；请向发布机关核实后改正其一"
    )


@pytest.mark.parametrize(
    ("changes", "zh"),
    [
        (
            {"id": "../../etc/passwd"},
            "“../../etc/passwd”不能作清单版本的名称：只用小写字母、数字和连字符，如 jincheng-2024",
        ),
        ({"valid_to": date(2020, 1, 1)}, "失效日 2020-01-01 早于生效日 2024-01-01；请核对两个日期"),
        ({"territories": ("阳城",)}, "“阳城”不是行政区代码；写 14（省）、1405（市）或 140522（县）"),
    ],
)
def test_options_that_cannot_be_meant(tmp_path: Path, changes: dict[str, object], zh: str) -> None:
    told = {
        "id": "own",
        "title": "清单",
        "issuer": "某县",
        "valid_from": date(2024, 1, 1),
        "imported": date(2026, 1, 1),
    }
    facts = EditionFacts(**(told | changes))  # type: ignore[arg-type]  # the changes are wrong on purpose
    table = read_table_file(workbook(tmp_path / "list.xlsx", [HEADER, ROW]))
    assert refused(lambda: new_edition(facts, table, import_table(table, "unit")), UsageError)[0] == zh


# --- files that mean harm

DAMAGED = "list.xlsx：工作簿已损坏或不是 Excel 文件；请用 Excel 或 WPS 打开后另存为 .xlsx"
STRANGE = "list.xlsx：工作簿里有 Excel 不会写的内容（XML 文档类型或其他编码），可能有害，未读取；请用 Excel 另存后再试"


def repacked(folder: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    source = workbook(folder / "good.xlsx", [HEADER, ROW])
    target = folder / "list.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return target


SHEET = "xl/worksheets/sheet1.xml"
BOMB = (
    b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>"""
)


@pytest.mark.parametrize(
    ("part", "change", "zh"),
    [
        (SHEET, lambda data: BOMB + data, STRANGE),
        ("xl/workbook.xml", lambda data: BOMB + data, STRANGE),
        (SHEET, lambda data: (BOMB + data).decode().encode("utf-16"), STRANGE),
        (SHEET, lambda data: b"<?xml version='1.0' encoding='cp037'?>" + data, STRANGE),
        (SHEET, lambda data: data[:-20], DAMAGED),
        (SHEET, lambda data: data.replace(b'<row r="2"', b'<row r="99999999999"'), DAMAGED),
        (SHEET, lambda data: data.replace(b'r="A2"', b'r="A"'), DAMAGED),
        ("xl/workbook.xml", lambda data: data.replace(b"rId1", b"rId9"), DAMAGED),
        (
            SHEET,
            lambda data: data.replace(b"</sheetData>", b'<row r="3"><c r="XFD3"><v>1</v></c></row></sheetData>'),
            f"list.xlsx:3：表格超过 100,000 行或 {MOST_COLUMNS} 列，不是准入清单；请只留清单所在的部分",
        ),
    ],
)
def test_workbooks_that_mean_harm(tmp_path: Path, part: str, change: Callable[[bytes], bytes], zh: str) -> None:
    path = repacked(tmp_path, part, change)
    assert refused(lambda: imported(path))[0] == zh


def test_a_zip_that_swells(tmp_path: Path) -> None:
    path = repacked(tmp_path, "docProps/app.xml", lambda _: b" " * (20 << 20))
    assert refused(lambda: imported(path))[0] == (
        "list.xlsx：工作簿展开后过大（20 MB），不像准入清单；请把清单复制到新的工作簿再导入"
    )


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../evil.csv", "编码")
    (tmp_path / "list.xlsx").write_bytes(buffer.getvalue())
    assert refused(lambda: imported(tmp_path / "list.xlsx"))[0] == (
        "list.xlsx：压缩包里没有 Excel 工作簿（.xlsb、.ods、.zip 不能直接导入）；请另存为 .xlsx"
    )
    assert not (tmp_path.parent / "evil.csv").exists()


def test_ranges_without_end_are_read_like_any_other(tmp_path: Path) -> None:
    ranges = b'<mergeCells><mergeCell ref="A5:XFD1048576"/></mergeCells>'
    path = repacked(
        tmp_path,
        SHEET,
        lambda data: data.replace(b"</sheetData>", b"</sheetData>" + ranges).replace(
            b'<dimension ref="A1:H2" />', b'<dimension ref="A1:XFD1048576" />'
        ),
    )
    found = import_table(read_table_file(path), "unit")
    assert [c.text for c in found.clauses] == ["禁止甲。", "排放。", "风险。", "节水。"]


def test_a_cell_without_end(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"编码,空间布局约束\n{GENERAL},{'长' * (MOST_CHARACTERS + 1)}\n", encoding="utf-8")
    assert refused(lambda: imported(path))[0] == "list.csv:2：一个单元格有 100,001 个字符（上限 100,000），不是清单条款"


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"编码,空间布局约束\n{GENERAL},\"=cmd|' /C calc'!A0\"\n", encoding="utf-8")
    found = import_table(read_table_file(path), "unit")
    assert [c.text for c in found.clauses] == ["=cmd|' /C calc'!A0"]


def test_escape_signs_never_reach_the_terminal(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["\u202e名\u200b", "电话"])
    book.save(tmp_path / "list.xlsx")
    zh, en = refused(lambda: imported(tmp_path / "list.xlsx"))
    assert zh.isprintable()
    assert en.isprintable()


def test_a_list_too_large_for_one_file(tmp_path: Path) -> None:
    rows = [("编码", *DIMENSIONS), *((f"ZH140522{3}{n:04d}", *(["长" * 4000] * 4)) for n in range(1, 100))]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    table = read_table_file(path)
    facts = EditionFacts("own", "清单", "某县", date(2024, 1, 1), date(2026, 1, 1))
    assert refused(lambda: new_edition(facts, table, import_table(table, "unit")))[0] == (
        "list.csv：清单写成内容文件有 4 MB，超过 4 MB；请按市或县分成几个文件，各作一个版本导入"
    )
