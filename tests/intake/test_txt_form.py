"""Headers, parcel lines, signs and encodings of coordinate TXT, as the programs in use write them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import boundary_writers as bw
from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from txt_cases import BOTH_M2, EAST, FIRST, SQUARE_M2, header, line_changed, parcel, rows, txt, whole
from zoning.errors import CRSError, SiteError
from zoning.sites import Limits
from zoning.sites.txt.lines import read_sheet
from zoning.sites.where import Where

GOOD = Read(SQUARE_M2, FIRST, crs="EPSG:4525", name="一号地块")
WIDE = "地块.txt:{}：此行起共 {} 行用了全角符号，或以空白代替逗号，已按规定格式的半角逗号读取"
SPECIFIED = bw.txt(rows(bw.SQUARE))
PARCEL = "5,100.8157,DK01,一号地块,面,,工业用地,0601"


def loose(line: int, count: int, **more: Any) -> Read:
    return Read(SQUARE_M2, FIRST, crs="EPSG:4525", warnings=(WIDE.format(line, count),), **more)


def wide_rows() -> str:
    lines = SPECIFIED.splitlines()
    table = {ord(","): "，", ord("."): "．", **{ord(str(n)): chr(0xFF10 + n) for n in range(10)}}
    return "\n".join([*lines[:13], *(line.translate(table) for line in lines[13:])])


def sections(left: str, right: str) -> str:
    return SPECIFIED.replace("[", left).replace("]", right)


CASES = [
    Case("specified form, GBK, CRLF", whole(SPECIFIED.replace("\n", "\r\n")), GOOD),
    Case("UTF-8 without mark", whole(SPECIFIED, "utf-8"), Read(SQUARE_M2, FIRST, fields={"encoding": "utf-8-sig"})),
    Case("UTF-8 with mark", whole(SPECIFIED, "utf-8-sig"), GOOD),
    Case("UTF-16 with mark", whole(SPECIFIED, "utf-16"), Read(SQUARE_M2, FIRST, fields={"encoding": "utf-16"})),
    Case("UTF-16, the other end first", whole("\ufeff" + SPECIFIED, "utf-16-be"), GOOD),
    Case("GB18030 of four bytes", txt(parcel=f"{PARCEL.replace('一号', '㎡喆䶮𠮷')},@"), Read(
        SQUARE_M2, FIRST, name="㎡喆䶮𠮷地块", fields={"encoding": "gb18030", "stated_points": 4}
    )),
    Case("old Macintosh line ends", whole(SPECIFIED.replace("\n", "\r")), GOOD),
    Case("end of file of DOS", whole(SPECIFIED + "\x1a"), GOOD),
    Case("blank lines, tabs and blanks around", whole(
        SPECIFIED.replace("\n", "\n\n").replace("J", "\t J").replace(",1,", " , 1 ,\t")
    ), GOOD),
    Case("project section before", whole("[项目信息]\n项目名称=某矿,,@\nJ1,1,2,3\n" + SPECIFIED), GOOD),
    Case("extension section behind", whole(SPECIFIED + "[扩展信息]\n备注：无\n1,2,3\n"), GOOD),
    Case("round brackets of a Chinese keyboard", whole(sections("【", "】")), loose(1, 2)),
    Case("full-width brackets", whole(sections("［", "］")), loose(1, 2)),
    Case("full-width equal signs and colon", whole(
        SPECIFIED.replace("坐标系=", "坐标系＝").replace("带号=", "带号：").replace("1.01版本", "1．01版本")
    ), loose(5, 2)),
    Case("full-width rows", whole(wide_rows()), loose(14, 5)),
    Case("full-width parcel line", txt(parcel="５，，DK01，一号地块，面，，工业用地，0601，＠"), loose(13, 1)),
    Case("full-width comma in a name stays", txt(parcel="5,,DK01,甲，乙,面,,,,@"), Read(
        SQUARE_M2, FIRST, name="甲，乙"
    )),
    Case("rows with tabs instead of commas", whole(
        "\n".join(line.replace(",", "\t") if n > 12 else line for n, line in enumerate(SPECIFIED.splitlines()))
    ), loose(14, 5)),
    Case("rows with blanks instead of commas", whole(
        "\n".join(line.replace(",", "  ") if n > 12 else line for n, line in enumerate(SPECIFIED.splitlines()))
    ), loose(14, 5)),
    Case("thirteen fields of farmland and @", txt(parcel=f"{PARCEL},旱地,0103,8等,7等,二期,@"), Read(
        SQUARE_M2, FIRST, fields={"attributes": {
            "界址点数": "5", "地块面积": "100.8157", "地块编号": "DK01", "地块名称": "一号地块", "记录图形属性": "面",
            "地块用途": "工业用地", "地类编码": "0601", "图斑类型": "旱地", "地类": "0103", "等别前": "8等",
            "等别后": "7等", "备注": "二期",
        }}
    )),
    Case("twelve fields and @", txt(parcel=f"{PARCEL},旱地,0103,8等,二期,@"), GOOD),
    Case("eleven fields and @", txt(parcel=f"{PARCEL},旱地,0103,二期,@"), GOOD),
    Case("@ glued to the last field", txt(parcel=f"{PARCEL}@"), GOOD),
    Case("@ in place of the last field", txt(parcel="5,,DK01,一号地块,面,,工业用地,@"), GOOD),
    Case("@ with blanks behind", txt(parcel=f"{PARCEL},@  \t"), GOOD),
    Case("@ forgotten", txt(parcel=PARCEL), GOOD),
    Case("@ forgotten, its comma not", txt(parcel=f"{PARCEL},"), GOOD),
    Case("no section for the coordinates", whole(SPECIFIED.replace("[地块坐标]\n", "")), GOOD),
    Case("no name for the first section", whole(SPECIFIED.replace("[属性描述]\n", "")), GOOD),
    Case("nothing but parcel lines, system from the user", whole(parcel("DK01", rows(bw.SQUARE))), Read(
        SQUARE_M2, FIRST, crs="EPSG:4525", name="DK01号地块"
    ), {"crs": "EPSG:4525"}),
    Case("nothing but parcel lines", whole(parcel("DK01", rows(bw.SQUARE))), Refused(
        f"地块.txt：[属性描述] 没有写“坐标系”，{UNKNOWN_CRS} --crs EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）",
        CRSError,
    )),
    Case("several parcels", whole(header() + parcel("A", rows(bw.SQUARE)) + parcel("B", rows(EAST))), Read(
        BOTH_M2, FIRST, footprints=2, parts=2, name="A号地块"
    )),
    Case("files put together, each with its header", whole(
        header() + parcel("A", rows(bw.SQUARE)) + "\ufeff" + header(数据产生日期="2025-4-1") + parcel("B", rows(EAST)),
        "utf-8",
    ), Read(BOTH_M2, FIRST, footprints=2, parts=2)),
    Case("files put together in two zones", whole(
        header() + parcel("A", rows(bw.SQUARE)) + header(带号="38") + parcel("B", rows(EAST))
    ), Refused("地块.txt:27：“带号” 出现两次且不一致；请只保留一个")),
    Case("one header line per part", whole(header() + parcel("A", rows(bw.SQUARE)) + parcel("A", rows(EAST))), Read(
        BOTH_M2, FIRST, footprints=2, parts=2, fields={"id": "A"}
    )),
    Case("a point line has become two", line_changed(15, "J2,1,3919757.9625"), Refused(
        "地块.txt:15：“J2,1,3919757.9625” 少一个坐标：规定为 点号,圈号,X坐标,Y坐标；请补全"
    )),
    Case("number with an exponent", line_changed(15, "J2,1,3.91975E+06,37618990.9184"), Refused(
        "地块.txt:15：坐标 “3.91975E+06” 不是数字；请改正"
    )),
    Case("text behind the rows", line_changed(18, "制图：张三"), Refused(
        "地块.txt:18：“制图:张三” 不是界址点行（1 项）：规定为 点号,圈号,X坐标,Y坐标；请改正或删去此行"
    )),
    Case("more records than allowed", whole(header() + parcel("A", rows(bw.SQUARE)) * 3), Refused(
        "地块.txt：超过 2 个图形的上限；请只导出项目范围，或用 --limit records=… 提高上限"
    ), {"limits": Limits(records=2)}),
    Case("more points than allowed", txt(), Refused(
        "地块.txt：超过 4 个点的上限；请只导出项目范围，或用 --limit vertices=… 提高上限"
    ), {"limits": Limits(vertices=4)}),
    Case("more blank lines than allowed", whole(SPECIFIED + "\n" * 40), Refused(
        "地块.txt：空行和附加信息超过 30 行；请只保留坐标后重新导出"
    ), {"limits": Limits(vertices=30)}),
    Case("more further information than allowed", whole(SPECIFIED + "[扩展信息]\n" + "附注\n" * 40), Refused(
        "地块.txt：空行和附加信息超过 30 行；请只保留坐标后重新导出"
    ), {"limits": Limits(vertices=30)}),
    Case("more rings than allowed", txt(rows(bw.SQUARE, EAST)), Refused(
        "地块.txt：超过 1 个环的上限；请只导出项目范围，或用 --limit rings=… 提高上限"
    ), {"limits": Limits(rings=1)}),
]  # fmt: skip


@cases(CASES)
def test_form(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_too_many_points_are_noticed_while_reading() -> None:
    """Not one line beyond the limit is taken, however many there are."""
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        yield from header().splitlines()
        yield "5,,A,,面,,,,@"
        while True:
            taken += 1
            yield f"J{taken},1,3919757.9625,37618990.9184"

    with pytest.raises(SiteError, match="1000 vertices"):
        read_sheet(endless(), Where("a.txt"), Limits(vertices=1000))
    assert taken == 1001
