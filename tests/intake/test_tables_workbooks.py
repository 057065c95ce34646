"""Excel workbooks of points: .xlsx and .xls, sheets, hidden rows, formulas, dates, hostile parts."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import workbook_files as wf
from intake_cases import Case, Read, Refused, cases, check
from point_tables import AREA, CODE, DATUM, FAR, FIRST, SQUARE, Maker, Point, area, dms, plane
from zoning.sites.tables import package

TITLE = [DATUM]
HEAD = ["点号", "X坐标\n（m）", "Y坐标\n（m）"]
SQUARE_READ = Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",), fields={"format": "Excel"})
DAMAGED = "工作簿已损坏或不是 Excel 写的；请用 Excel 打开后另存"
CUT_OFF = "工作簿的 XML 含有文档类型或实体定义，Excel 不会这样写；不予读取，请用 Excel 另存"


def points_of(points: Sequence[Point] = SQUARE, start: int = 1) -> list[tuple[str, float, float]]:
    return [(f"J{i}", float(n), float(e)) for i, (n, e) in enumerate(plane(points), start)]


def rows(points: Sequence[Point] = SQUARE) -> list[Sequence[wf.Cell]]:
    return [*points_of(points)]


TABLE: list[Sequence[wf.Cell]] = [TITLE, HEAD, *rows()]


def book(*sheets: wf.Sheet, name: str = "a.xlsx") -> Maker:
    return lambda folder: wf.write_xlsx(folder / name, *sheets)


def table(*lines: Sequence[wf.Cell], name: str = "a.xlsx") -> Maker:
    return lambda folder: wf.write_rows(folder / name, *lines)


def changed(change: Callable[[dict[str, str]], object], *sheets: wf.Sheet) -> Maker:
    def make(folder: Path) -> Path:
        made = wf.parts(*(sheets or (wf.Sheet("S", TABLE),)))
        change(made)
        return wf.write_parts(folder / "a.xlsx", made)

    return make


def replaced(part: str, old: str, new: str) -> Maker:
    def change(made: dict[str, str]) -> None:
        assert old in made[part]
        made[part] = made[part].replace(old, new, 1)

    return changed(change)


def cut_in_half(folder: Path) -> Path:
    path = wf.write_rows(folder / "a.xlsx", *TABLE)
    path.write_bytes(path.read_bytes()[:900])
    return path


def web_page(folder: Path) -> Path:
    (folder / "a.xls").write_text("<html><body><table><tr><td>J1</td></tr></table></body></html>", encoding="utf-8")
    return folder / "a.xls"


def broken_biff(folder: Path) -> Path:
    path = wf.write_biff8(folder / "a.xls", ("S", TABLE))
    content = bytearray(path.read_bytes())
    content[1540:2100] = b"\xff" * 560
    path.write_bytes(bytes(content))
    return path


SHEET = "xl/worksheets/sheet1.xml"
READ = [
    Case("numbers", table(*TABLE), SQUARE_READ),
    Case("macro-workbook", table(*TABLE, name="a.xlsm"), SQUARE_READ),
    Case("texts-in-the-cells", table([wf.Inline(DATUM)], [wf.Inline(str(c)) for c in HEAD], *rows()), SQUARE_READ),
    Case("numbers-as-text", table(TITLE, HEAD, *[[a, f"{b:,.3f}", f"'{c}"] for a, b, c in points_of()]), SQUARE_READ),
    Case(
        "formulas-with-results",
        table(TITLE, HEAD, *[(a, wf.Formula("A1", b), c) for a, b, c in points_of()]),
        SQUARE_READ,
    ),
    Case("size-that-lies", book(wf.Sheet("S", TABLE, dimension="A1:XFD1048576")), SQUARE_READ),
    Case("merged-title", book(wf.Sheet("S", TABLE, merged=("A1:C1",))), SQUARE_READ),
    Case(
        "merged-parcels",
        table(
            TITLE,
            ["地块名称", *HEAD],
            *[[("东区", "西区")[i // 4] if i % 4 == 0 else None, *row] for i, row in enumerate([*rows(), *rows(FAR)])],
        ),
        Read(AREA + area(FAR), FIRST, 2, 2, crs=CODE, repairs=("closed-ring",), name="东区"),
    ),
    Case(
        "hidden-row",
        book(wf.Sheet("S", TABLE, hidden_rows=(5,))),
        Read(
            AREA,
            FIRST,
            crs=CODE,
            repairs=("closed-ring",),
            warnings=("a.xlsx[S]：有 1 行被隐藏（第 5 行），同样读取；请核对",),
        ),
    ),
    Case(
        "sheet-by-name",
        book(wf.Sheet("东", [TITLE, HEAD, *rows(FAR)]), wf.Sheet("西", TABLE)),
        SQUARE_READ,
        {"layer": "西"},
    ),
    Case(
        "other-sheets-hold-no-points",
        book(wf.Sheet("说明", [["本表单位：米"], ["编制日期", 2024]]), wf.Sheet("坐标", TABLE), wf.Sheet("空", [])),
        SQUARE_READ,
    ),
    Case(
        "hidden-sheet-with-the-points",
        book(wf.Sheet("说明", [["说明"]]), wf.Sheet("坐标", TABLE, state="hidden")),
        Read(
            AREA,
            FIRST,
            crs=CODE,
            repairs=("closed-ring",),
            warnings=("a.xlsx：坐标在隐藏的工作表 坐标 里，已读取；请核对",),
        ),
    ),
    Case(
        "hidden-copy",
        book(wf.Sheet("坐标", TABLE), wf.Sheet("旧", [TITLE, HEAD, *rows(FAR)], state="veryHidden")),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",), warnings=("a.xlsx：隐藏的工作表也有坐标，没有读取：旧",)),
    ),
    Case("sheet-name-says-the-datum", book(wf.Sheet("CGCS2000坐标", [HEAD, *rows()])), SQUARE_READ),
    Case(
        "angles",
        table(["点号", "经度", "纬度"], *[(i, dms(x), dms(y)) for i, (x, y) in enumerate(SQUARE)]),
        Read(AREA, FIRST, crs="EPSG:4490", repairs=("closed-ring",), area_tolerance_m2=5),
    ),
    Case(
        "decimal-degrees",
        table(["点号", "经度", "纬度"], *[[i, x, y] for i, (x, y) in enumerate(SQUARE)]),
        Read(AREA, FIRST, crs="EPSG:4490", repairs=("closed-ring",)),
    ),
    Case("sentences-in-cells", table(TITLE, *[[f"{a}：X={b:.3f}，Y={c:.3f}"] for a, b, c in points_of()]), SQUARE_READ),
    Case(
        "styles-that-openpyxl-refuses",
        replaced("xl/styles.xml", '<fill><patternFill patternType="none"/></fill>', "<fill/>"),
        SQUARE_READ,
    ),
    Case("excel-97", lambda folder: wf.write_biff8(folder / "a.xls", ("界址点", TABLE)), SQUARE_READ),
    Case(
        "excel-97-with-hidden-sheet",
        lambda folder: wf.write_biff8(folder / "a.xls", ("界址点", TABLE), ("旧", TABLE), hidden=(1,)),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",), warnings=("a.xls：隐藏的工作表也有坐标，没有读取：旧",)),
    ),
    Case("excel-2", lambda folder: wf.write_biff2(folder / "a.xls", TABLE), SQUARE_READ),
]

REFUSED = [
    Case(
        "two-sheets",
        book(wf.Sheet("东", TABLE), wf.Sheet("西", TABLE)),
        Refused("a.xlsx：有 2 个工作表有坐标；请用 --layer 指定一个：东、西"),
    ),
    Case("no-such-sheet", table(*TABLE), Refused("a.xlsx：没有工作表 东；可选：Sheet1"), {"layer": "东"}),
    Case(
        "formula-without-result",
        table(TITLE, HEAD, ["J1", wf.Formula("B9+1"), 37618082.987]),
        Refused("a.xlsx[Sheet1]:3：B3 单元格是公式，文件里没有它的计算结果；请用 Excel 打开、保存后再提交"),
    ),
    Case(
        "angle-turned-into-a-date",
        table(["点号", "经度", "纬度"], [1, wf.Date(41233), "35-24-30"]),
        Refused(
            "a.xlsx[Sheet1]:2：B2 单元格被 Excel 当成了日期（2012-11-20 00:00:00），原来写的数字已丢失；"
            "请把该列设为“文本”后重新填写"
        ),
    ),
    Case(
        "error-cell",
        table(TITLE, HEAD, ["J1", wf.Fault("#REF!"), 37618082.987]),
        Refused("a.xlsx[Sheet1]:3：B3 单元格是错误值 #REF!；请改正公式后保存"),
    ),
    Case(
        "no-coordinate",
        table(TITLE, HEAD, ["J1", "39197O6.783", 37618082.987]),
        Refused("a.xlsx[Sheet1]:3：B3 单元格“39197O6.783” 不是坐标；请改正"),
    ),
    Case(
        "half-a-point",
        table(TITLE, HEAD, ["J1", 3919746.783]),
        Refused("a.xlsx[Sheet1]:3：C3 单元格是空的，这个点缺坐标；请补全"),
    ),
    Case(
        "no-points",
        table(["项目", "投资"], ["某项目", 3200]),
        Refused("a.xlsx：没有一个工作表有坐标；请加上表头（如 点号、X坐标、Y坐标），每行一个点"),
    ),
    Case("empty", table(), Refused("a.xlsx：工作簿是空的；请检查文件")),
    Case(
        "password",
        lambda folder: wf.encrypted(folder / "a.xlsx"),
        Refused("a.xlsx：工作簿有打开密码；请去掉密码后另存"),
    ),
    Case(
        "old-excel-with-new-suffix",
        lambda folder: wf.write_biff8(folder / "a.xlsx", ("S", TABLE)),
        Refused("a.xlsx：扩展名是 .xlsx，内容却是旧版 Excel（.xls）；请把扩展名改为 .xls，或用 Excel 另存"),
    ),
    Case(
        "web-page-as-workbook",
        web_page,
        Refused("a.xls：是网页表格，只是扩展名写成了 Excel；请用 Excel 打开后另存为 .xlsx"),
    ),
    Case("cut-off", cut_in_half, Refused("a.xlsx：ZIP 压缩包不完整或已损坏；请重新压缩")),
    Case("damaged-old-excel", broken_biff, Refused(f"a.xls：{DAMAGED}")),
    Case("part-missing", changed(lambda made: made.pop(SHEET)), Refused(f"a.xlsx：{DAMAGED}")),
    Case("workbook-part-damaged", replaced("xl/workbook.xml", "</workbook>", ""), Refused(f"a.xlsx：{DAMAGED}")),
    Case(
        "document-type-in-texts",
        replaced("xl/sharedStrings.xml", "<sst", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst'),
        Refused(f"a.xlsx：{CUT_OFF}"),
    ),
    Case(
        "document-type-in-the-sheet",
        replaced(SHEET, "<worksheet", '<!DOCTYPE a [<!ENTITY x "y">]><worksheet'),
        Refused(f"a.xlsx：{CUT_OFF}"),
    ),
    Case("row-beyond-the-end", replaced(SHEET, '<row r="3"', '<row r="300000000"'), Refused(f"a.xlsx[S]：{DAMAGED}")),
    Case("rows-in-disorder", replaced(SHEET, '<row r="4"', '<row r="2"'), Refused(f"a.xlsx[S]：{DAMAGED}")),
    Case("column-beyond-the-end", replaced(SHEET, '<c r="B3"', '<c r="ZZZ3"'), Refused(f"a.xlsx[S]：{DAMAGED}")),
    Case("text-that-is-not-there", replaced(SHEET, 't="s"><v>0<', 't="s"><v>999<'), Refused(f"a.xlsx[S]：{DAMAGED}")),
    Case(
        "binary-workbook",
        lambda folder: wf.write_parts(folder / "a.xlsx", {"xl/workbook.bin": "x"}),
        Refused("a.xlsx：是二进制工作簿（.xlsb）；请用 Excel 另存为 .xlsx"),
    ),
]


CASES = [*READ, *REFUSED]


@cases(CASES)
def test_workbook(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_a_workbook_that_unpacks_to_far_more_than_it_is(tmp_path: Path) -> None:
    made = wf.parts(wf.Sheet("S", TABLE))
    made[SHEET] = made[SHEET].replace("<sheetData>", "<sheetData>" + " " * 60_000_000)
    path = wf.write_parts(tmp_path / "a.xlsx", made)
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo(SHEET).file_size > 200 * archive.getinfo(SHEET).compress_size
    bomb = "a.xlsx：压缩包解压后有 60 MB（上限 400 MB，压缩比上限 200），不予解压；请只压缩项目范围"
    check(Case("bomb", lambda _: path, Refused(bomb)), tmp_path)


def test_a_part_that_would_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "_PART_BYTES", 100)
    part = "a.xlsx：其中的 xl/workbook.xml 有 0 MB，超过上限 0 MB；请只保留坐标，另存为新的工作簿"
    made = {name: text for name, text in wf.parts(wf.Sheet("S", TABLE)).items() if name == "xl/workbook.xml"}
    check(Case("part", lambda folder: wf.write_parts(folder / "a.xlsx", made), Refused(part)), tmp_path)


def test_more_cells_than_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_CELLS", 10)
    cells = "a.xlsx[Sheet1]：表格超过 10 个单元格；请只保留坐标各列，或改用 Shapefile、GeoPackage"
    check(Case("cells", table(*TABLE), Refused(cells)), tmp_path)
