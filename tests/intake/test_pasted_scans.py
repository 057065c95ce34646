"""Pasted text that was scanned, torn or typed wrongly: lost digits and points are refused at their line, never read."""

from pathlib import Path

from intake_cases import Case, Read, Refused, cases, check
from point_tables import AREA, CODE, DATUM, FAR, FIRST, Point, area, pasted, plane, text_file
from zoning.errors import CRSError

XY = f"{DATUM}，3度带37带\n"
WHOLE = [f"{n} {e}" for n, e in plane()]
N, E = ([row[i] for row in plane()] for i in (0, 1))
READ = Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",))
RING = "若是一圈请删去此处的空行或文字，若是两圈请在每圈末尾重写首点，或用 圈号、地块 列说明"
COMPLETE = "请补全或改正，每个点写 X 和 Y（或经度和纬度）"
OCTAGON: list[Point] = [
    (112.30, 35.40), (112.31, 35.395), (112.32, 35.395), (112.33, 35.40),
    (112.33, 35.41), (112.32, 35.415), (112.31, 35.415), (112.30, 35.41),
]  # fmt: skip
EIGHT = [f"{n} {e}" for n, e in plane(OCTAGON)]


def rows(points: list[str] = WHOLE, start: int = 1, prefix: str = "") -> str:
    return "\n".join(f"{prefix}{i} {point}" for i, point in enumerate(points, start))


def damaged(old: str, new: str) -> str:
    assert old in rows()
    return XY + rows().replace(old, new)


def lonely(line: int, number: str, before: int) -> Refused:
    return Refused(f"pasted:{line}：“{number}” 没有成对的另一个坐标（之前读到 {before} 个点）；{COMPLETE}")


def between(line: int, first: str, second: str, sign: str) -> Refused:
    return Refused(
        f"pasted:{line}：“{first}” 与 “{second}” 之间还有 “{sign}”，不能确定是同一个点；{COMPLETE}，小数点写 “.”"
    )


def two_points(line: int, number: str) -> Refused:
    return Refused(f"pasted:{line}：“{number}” 有两个小数点；度分秒请写成 112°30′45″，米只留一个小数点")


def goes_on(line: int) -> Refused:
    return Refused(f"pasted:{line}：点号在此处断开后接着编（4、5），前一圈没有闭合，分不清是一圈还是两圈；{RING}")


def crossing(first: int, last: int, count: int) -> str:
    return (
        f"pasted：第 {first}–{last} 行的 {count} 个点依次相连后自相交：次序可能有误，也可能是几个地块连在了一起，"
        "或是单独的点；请核对"
    )


WHOLE_N, FRACTION = N[1].split(".")
SIGNS = [
    Case(
        f"decimals-behind-{name}",
        pasted(damaged(N[1], f"{WHOLE_N}{sign}{FRACTION}")),
        between(3, WHOLE_N, E[1], FRACTION),
    )
    for name, sign in (("comma", ","), ("wide-comma", "，"), ("full-stop", "。"), ("dot", "·"), ("dash", "-"))
]
SCANS = [
    *SIGNS,
    Case(
        "blank-before-the-point",
        pasted(damaged(N[1], f"{WHOLE_N} .{FRACTION}")),
        two_points(3, f"{WHOLE_N} .{FRACTION}"),
    ),
    Case(
        "blank-behind-the-point", pasted(damaged(N[1], f"{WHOLE_N}. {FRACTION}")), between(3, WHOLE_N, E[1], FRACTION)
    ),
    Case(
        "two-points-running", pasted(damaged(N[1], f"{WHOLE_N}..{FRACTION}")), two_points(3, f"{WHOLE_N}..{FRACTION}")
    ),
    Case(
        "point-in-the-decimals",
        pasted(damaged(N[1], f"{N[1][:-2]}.{N[1][-2:]}")),
        two_points(3, f"{N[1][:-2]}.{N[1][-2:]}"),
    ),
    Case(
        "comma-at-the-end-of-a-row",
        pasted(damaged(E[1], E[1].replace(".", "，"))),
        Refused(f"pasted:3：“{E[1].split('.')[0]}” 后面的 “{E[1].split('.')[1]}” 看来是小数；请把小数点写成 “.”"),
    ),
    Case("letter-o", pasted(damaged(N[1], N[1][:3] + "O" + N[1][4:])), lonely(3, E[1], 1)),
    Case("letter-l", pasted(damaged(N[1], N[1][:4] + "l" + N[1][5:])), lonely(3, E[1], 1)),
    Case("blank-inside", pasted(damaged(N[1], N[1][:5] + " " + N[1][5:])), lonely(3, E[1], 1)),
    Case("torn-over-two-lines", pasted(damaged(N[1], N[1][:5] + "\n" + N[1][5:])), lonely(4, E[1], 1)),
    Case(
        "two-losses-that-would-fit-together",
        pasted(XY + f"1 {WHOLE[0]}\n2 {N[1]}\n3 {E[2]}\n4 {WHOLE[3]}\n5 {WHOLE[2]}"),
        between(3, N[1], E[2], "3"),
    ),
    Case(
        "two-losses-that-would-fit-together-with-names",
        pasted(XY + f"J1 {WHOLE[0]}\nJ2 {N[1]}\nJ3 {E[2]}\nJ4 {WHOLE[3]}\nJ5 {WHOLE[2]}"),
        between(3, N[1], E[2], "J3"),
    ),
    Case(
        "first-and-last-number-lost",
        pasted(XY + "\n".join([E[0], f"{N[1]} {E[1]}", f"{N[2]} {E[2]}", N[3]])),
        Refused(
            f"pasted:2：“{E[0]}” 与下一行的 “{N[1]}” 配成了一对，首尾可能各缺一个数；"
            "请每行写全一个点的 X 和 Y（或经度和纬度）"
        ),
    ),
    Case("one-point-exchanged", pasted(damaged(WHOLE[1], f"{E[1]} {N[1]}")), lonely(3, E[1], 1)),
    Case(
        "angles-with-points",
        pasted("1 112.30.45 35.30.12\n2 112.31.45 35.30.12\n3 112.31.45 35.31.12"),
        two_points(1, "112.30.45"),
    ),
    Case("listed-without-a-blank", pasted(XY + "\n".join(f"{i}.{p}" for i, p in enumerate(WHOLE, 1))), READ),
    Case(
        "page-number-between",
        pasted(XY + rows(EIGHT[:4]) + "\n12\n" + rows(EIGHT[4:], 5)),
        Read(area(OCTAGON), FIRST, crs=CODE, repairs=("closed-ring",)),
    ),
    Case("page-header-between", pasted(XY + rows(EIGHT[:4]) + "\n某公司报告书\n" + rows(EIGHT[4:], 5)), goes_on(6)),
    Case(
        "page-header-between-closed",
        pasted(XY + rows(EIGHT[:4]) + "\n某公司报告书\n" + rows([*EIGHT[4:], EIGHT[0]], 5)),
        Read(area(OCTAGON), FIRST, crs=CODE),
    ),
    Case(
        "number-left-out",
        pasted(XY + rows(EIGHT[:3]) + "\n" + rows(EIGHT[4:], 5)),
        Read(
            area([*OCTAGON[:3], *OCTAGON[4:]]),
            FIRST,
            crs=CODE,
            repairs=("closed-ring",),
            warnings=("pasted:5：点号不连续（3 之后是 5），可能缺点；请核对",),
        ),
    ),
    Case(
        "parcels-under-their-names",
        pasted(f"{XY}主厂区\n{rows()}\n渣场\n" + rows([f"{n} {e}" for n, e in plane(FAR)])),
        Read(AREA + area(FAR), FIRST, 2, 2, crs=CODE, repairs=("closed-ring",), name="主厂区"),
    ),
    Case(
        "parcels-under-names-counted-on",
        pasted(f"{XY}东区：\n{rows()}\n西区：\n" + rows([f"{n} {e}" for n, e in plane(FAR)], 5)),
        goes_on(7),
    ),
    Case(
        "parcels-run-together",
        pasted(XY + rows() + "\n" + rows([f"{n} {e}" for n, e in plane(FAR)], 5)),
        Read(
            AREA + area(FAR),
            FIRST,
            crs=CODE,
            repairs=("closed-ring",),
            area_tolerance_m2=2e6,
            warnings=(crossing(2, 9, 8),),
        ),
    ),
    Case(
        "money-like-coordinates",
        pasted(f"{XY}投资额：3500000\n产值：500000\n{rows()}"),
        Refused(
            "pasted:4：东坐标的带号与前面不一致（前面为 不带带号，此处为 3° 带第 37 带）；请换算到同一带", CRSError
        ),
    ),
    Case(
        "telephones-and-dates",
        pasted(f"日期：2024.3.5 电话0356-4223456 手机13935612345\n{XY}{rows()}\n有效期2020.3.1至2030.3.1"),
        READ,
    ),
]
HEAD = f"{DATUM}\n点号,X坐标,Y坐标\n"
CELLS = [f"{n},{e}" for n, e in plane(OCTAGON)]


def table(cells: list[str], start: int = 1) -> str:
    return "".join(f"J{i},{cell}\n" for i, cell in enumerate(cells, start))


TABLES = [
    Case(
        "row-without-coordinates",
        text_file(HEAD + table([*CELLS[:3], ",", *CELLS[4:]])),
        Refused("a.csv:6：第 2 列没有填写坐标，缺点 J4；请补全，或删去这个点号"),
    ),
    Case(
        "row-with-words",
        text_file(HEAD + table([*CELLS[:3], "见附图,", *CELLS[4:]])),
        Refused("a.csv:6：第 2 列没有填写坐标，缺点 J4；请补全，或删去这个点号"),
    ),
    Case(
        "form-with-empty-rows-at-the-end",
        text_file(HEAD + table([*CELLS, ",", ","])),
        Read(area(OCTAGON), FIRST, crs=CODE, repairs=("closed-ring",)),
    ),
    Case(
        "name-beside-the-middle",
        text_file(
            f"{DATUM}\n地块,点号,X,Y\n"
            + "".join(
                f"{'甲' if i == 0 else '乙' if i == 10 else ''},J{i % 8 + 1},{cell}\n"
                for i, cell in enumerate([*CELLS, *(f"{n},{e}" for n, e in plane([(x + 0.1, y) for x, y in OCTAGON]))])
            )
        ),
        Refused("a.csv:13：“乙” 写在点 J3 旁，点号却接着前一行的 J2 编；请把名称写在该地块第一点的行"),
    ),
    Case(
        "name-beside-the-middle-of-the-first",
        text_file(
            f"{DATUM}\n地块,点号,X,Y\n"
            + "".join(f"{'甲' if i == 3 else ''},J{i + 1},{cell}\n" for i, cell in enumerate(CELLS))
        ),
        Refused("a.csv:6：“甲” 写在点 J4 旁，点号却接着前一行的 J3 编；请把名称写在该地块第一点的行"),
    ),
]

CASES = [*SCANS, *TABLES]


@cases(CASES)
def test_pasted_scans(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
