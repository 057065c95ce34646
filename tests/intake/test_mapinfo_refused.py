"""MapInfo: what is refused instead of being read in part."""

import struct
from collections.abc import Callable
from pathlib import Path

from boundary_writers import SQUARE, plane, write
from intake_cases import UNKNOWN_CRS, Case, Refused, cases, check
from mapinfo_files import ROW, ZONE_37, mif, points, region, write_mif, write_tab
from zoning.errors import CRSError
from zoning.sites import Limits

SQUARE_37 = plane("EPSG:4525", SQUARE)
ONE = region(SQUARE_37)
AGAIN = "；请重新导出"
XIAN = "坐标属于 1980 西安坐标系，与 2000 国家大地坐标系之间没有公开的转换参数，直接套用会偏差数十至上百米；"
XIAN += "请测绘单位转换为 2000 国家大地坐标系后再提交，或用 --datum-shift 给出转换参数文件"
BEIJING = XIAN.replace("1980 西安坐标系", "1954 北京坐标系")
FITTING = f"{UNKNOWN_CRS} --crs EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）"
SHIFTED = "坐标系的自定义基准带有平移参数，与 2000 国家大地坐标系不一致；请转换为 2000 国家大地坐标系后再提交"
AFFINE = "坐标系带有仿射变换，不能读取；请在 MapInfo 中另存为不带仿射变换的坐标系"
NO_TABLE = "a.tab：不是自带图形的 MapInfo 表（是视图、无缝表或链接表）；请在 MapInfo 中另存为普通表"


def made(text: str, *rows: str) -> Callable[[Path], Path]:
    """Return what writes .mif and .mid."""
    return lambda folder: write_mif(folder, text, *rows)


def of_system(system: str) -> Callable[[Path], Path]:
    """Return what writes a square in zone 37 with another clause."""
    return made(mif(ONE, system=system))


def without(suffix: str) -> Callable[[Path], Path]:
    """Return what writes a table and removes one of its files."""

    def make(folder: Path) -> Path:
        path = write_tab(folder / "a.tab", [SQUARE_37])
        path.with_suffix(suffix).unlink()
        return path

    return make


def lonely_mif(folder: Path) -> Path:
    """Write a .mif without its .mid."""
    path = write_mif(folder, mif(ONE))
    path.with_suffix(".mid").unlink()
    return path


def cut(suffix: str, size: int) -> Callable[[Path], Path]:
    """Return what writes a table of two rows and cuts one of its files."""

    def make(folder: Path) -> Path:
        path = write_tab(folder / "a.tab", [SQUARE_37], [SQUARE_37])
        file = path.with_suffix(suffix)
        file.write_bytes(file.read_bytes()[:size])
        return path

    return make


def patched(offset: int, form: str, *values: float) -> Callable[[Path], Path]:
    """Return what writes a table and other numbers into the head of its .map."""

    def make(folder: Path) -> Path:
        path = write_tab(folder / "a.tab", [SQUARE_37])
        head = bytearray(path.with_suffix(".map").read_bytes())
        struct.pack_into(form, head, offset, *values)
        path.with_suffix(".map").write_bytes(head)
        return path

    return make


def old_table(code: str) -> Callable[[Path], Path]:
    """Return what writes a table in another system."""
    return lambda folder: write_tab(folder / "a.tab", [plane(code, SQUARE)], code=code, bounds=None)


def retyped(old: bytes, new: bytes) -> Callable[[Path], Path]:
    """Return what writes a table with another text in its .tab."""

    def make(folder: Path) -> Path:
        path = write_tab(folder / "a.tab", [SQUARE_37])
        path.write_bytes(path.read_bytes().replace(old, new))
        return path

    return make


def crs_refused(zh: str) -> Refused:
    """Return a refusal of the coordinate system."""
    return Refused(zh, CRSError)


BARE, TWO = points(SQUARE_37), points(SQUARE_37[:2])
CASES = [
    Case("no .mid", lonely_mif, Refused("a.mif：旁边没有同名的 .mid 文件；请同时提供 .mif 和 .mid")),
    Case(
        "more rows than objects",
        made(mif(ONE), ROW, ROW),
        Refused(f"a.mif：.mid 有 2 行属性，.mif 有 1 个图形，不相符{AGAIN}"),
    ),
    Case(
        "fewer rows than objects",
        made(mif(ONE, ONE)),
        Refused(f"a.mif：.mid 有 1 行属性，.mif 有 2 个图形，不相符{AGAIN}"),
    ),
    Case("no objects", made(mif()), Refused(f"a.mif：.mid 有 1 行属性，.mif 有 0 个图形，不相符{AGAIN}")),
    Case("only a label", made(mif('Text "a"\n1 1 2 2\n')), Refused(f"a.mif：没有任何图形{AGAIN}")),
    Case("empty object", made(mif("None\n")), Refused("a.mif:11：没有几何图形或图形为空；请删除该记录或补画图形")),
    Case("no Data", made(mif(ONE).split("Data")[0]), Refused(f"a.mif:8：没有 Data 一行，文件不完整{AGAIN}")),
    Case(
        "more rings stated than there are",
        made(mif(ONE.replace("Region 1", "Region 999999999"))),
        Refused(f"a.mif:18：此处应写明个数，却是 “Pen (1,2,0)”{AGAIN}"),
    ),
    Case(
        "more points stated than there are",
        made(mif(ONE.replace("  5\n", "  999999999\n"))),
        Refused(f"a.mif:18：写明有 999999999 个点，只有 5 个{AGAIN}"),
    ),
    Case("cut in a ring", made(mif(f"Region 1\n  5\n{TWO}")), Refused(f"a.mif:14：写明有 5 个点，只有 2 个{AGAIN}")),
    Case("cut before a ring", made(mif("Region 2\n  5\n" + BARE)), Refused(f"a.mif:17：文件在此处中断{AGAIN}")),
    Case(
        "fewer points stated than there are",
        made(mif(ONE.replace("  5\n", "  4\n"))),
        Refused(f"a.mif:17：“37618097.5751 3919746.7832” 不是 MIF 的图形{AGAIN}"),
    ),
    Case(
        "word for a number",
        made(mif(ONE.replace("37618097.5751", "abc", 1))),
        Refused("a.mif:13：“abc 3919746.7832” 不是坐标；应为 2 个数字，请改正"),
    ),
    Case(
        "not a number",
        made(mif(ONE.replace("37618097.5751", "nan", 1))),
        Refused("a.mif:13：“nan 3919746.7832” 不是坐标；应为 2 个数字，请改正"),
    ),
    Case(
        "huge number",
        made(mif(ONE.replace("37618097.5751", "1e308", 1))),
        Refused("a.mif:13：“1e308 3919746.7832” 不是坐标；应为 2 个数字，请改正"),
    ),
    Case(
        "two points in a line",
        made(mif("Region 1\n  4\n1 1 2 1\n2 2 1 2\n")),
        Refused("a.mif:13：“1 1 2 1” 不是坐标；应为 2 个数字，请改正"),
    ),
    Case(
        "box of three numbers", made(mif("Rect 1 2 3\n")), Refused("a.mif:11：“1 2 3” 不是坐标；应为 4 个数字，请改正")
    ),
    Case("unknown object", made(mif("Sphere 1 2 3\n")), Refused(f"a.mif:11：“Sphere 1 2 3” 不是 MIF 的图形{AGAIN}")),
    Case("endless line", made(mif("9" * 1_000_001)), Refused(f"a.mif:11：这一行超过 1000000 个字符{AGAIN}")),
    Case(
        "limit of objects",
        made(mif(ONE, ONE), ROW, ROW),
        Refused("a.mif：超过 1 个图形的上限；请只导出项目范围，或用 --limit records=… 提高上限"),
        {"limits": Limits(records=1)},
    ),
    Case(
        "limit of vertices",
        made(mif(ONE)),
        Refused("a.mif：超过 4 个点的上限；请只导出项目范围，或用 --limit vertices=… 提高上限"),
        {"limits": Limits(vertices=4)},
    ),
    Case(
        "line",
        made(mif(f"Pline 2\n{TWO}    Pen (1,2,0)\n")),
        Refused("a.mif:11：是线，没有面积；请用 --width 说明宽度（米），或提供面状范围；不属于项目的线请从文件中删去"),
    ),
    Case("Xian 1980", of_system(ZONE_37.replace("104", "1017")), crs_refused(f"a.mif：{XIAN}")),
    Case("Beijing 1954", of_system(ZONE_37.replace("104", "154")), crs_refused(f"a.mif：{BEIJING}")),
    Case("Krassovsky", of_system(ZONE_37.replace("104", "999, 3, 24, -123, -94")), crs_refused(f"a.mif：{BEIJING}")),
    Case(
        "unknown datum",
        of_system(ZONE_37.replace("104", "1999")),
        crs_refused(f"a.mif：不认识坐标系的基准编号 1999，{FITTING}"),
    ),
    Case(
        "NonEarth",
        of_system('CoordSys NonEarth Units "m" Bounds (0, 0) (50000000, 8000000)'),
        crs_refused(f"a.mif：坐标系是 NonEarth（平面坐标），{FITTING}"),
    ),
    Case(
        "unknown clause", of_system("CoordSys Layout"), crs_refused(f"a.mif：不认识坐标系 “CoordSys Layout”，{FITTING}")
    ),
    Case(
        "plane of no datum",
        of_system(ZONE_37.replace("104", "0")),
        crs_refused(f"a.mif：坐标系没有指定基准（0），{FITTING}"),
    ),
    Case("shifted", of_system(ZONE_37.replace("104", "999, 28, 100, 0, 0")), crs_refused(f"a.mif：{SHIFTED}")),
    Case("affine", of_system(ZONE_37.replace("Projection 8", "Projection 1008")), crs_refused(f"a.mif：{AFFINE}")),
    *(
        Case(
            f"table without {suffix}",
            without(suffix),
            Refused(f"a.tab：旁边没有同名的 {suffix} 文件；请提供完整的 MapInfo 表（.tab、.dat、.map、.id）"),
        )
        for suffix in (".dat", ".map", ".id")
    ),
    Case(
        "part of a table",
        lambda folder: without(".tab")(folder).with_suffix(".map"),
        Refused("a.map：只是 .tab 文件的一部分；请指定同名的 .tab 文件"),
    ),
    Case("damaged .map", cut(".map", 300), Refused(f"a.tab：.map 文件损坏{AGAIN}")),
    Case(
        "cut .map",
        cut(".map", 1024),
        Refused(f"a.tab 第 1 个图形：.map 文件不完整，缺少这个图形{AGAIN}"),
    ),
    Case("cut .id", cut(".id", 4), Refused(f"a.tab：属性表（2 行）与 1 个图形不符或文件不完整{AGAIN}")),
    Case("cut .dat", cut(".dat", 140), Refused(f"a.tab：属性表（2 行）与 2 个图形不符或文件不完整{AGAIN}")),
    Case("empty .dat", cut(".dat", 0), Refused(f"a.tab：属性表（0 行）与 2 个图形不符或文件不完整{AGAIN}")),
    Case("linked table", retyped(b"Type NATIVE", b"Type LINKED"), Refused(NO_TABLE)),
    Case(
        "view",
        lambda folder: write(folder / "a.tab", "!table\n!version 100\ncreate view a as\nselect * from b\n"),
        Refused(NO_TABLE),
    ),
    Case("table of Xian 1980", old_table("EPSG:2361"), crs_refused(f"a.tab：{XIAN}")),
    Case("table of Beijing 1954", old_table("EPSG:2413"), crs_refused(f"a.tab：{BEIJING}")),
    Case("table NonEarth", patched(0x16D, "<B", 0), crs_refused(f"a.tab：坐标系是 NonEarth（平面坐标），{FITTING}")),
    Case(
        "table of unknown ellipsoid",
        patched(0x16A, "<hBBB", 1999, 0, 8, 200),
        crs_refused(f"a.tab：不认识坐标系的椭球编号 200，{FITTING}"),
    ),
    Case("shifted table", patched(0x1C0, "<3d", 100.0, 0.0, 0.0), crs_refused(f"a.tab：{SHIFTED}")),
    Case(
        "table too large",
        lambda folder: write_tab(folder / "a.tab", [SQUARE_37]),
        Refused(
            "a.tab：与旁边的同名文件共有 0.0 MB，超过上限 0 MB；请只导出项目范围，或用 --limit file_bytes=… 提高上限"
        ),
        {"limits": Limits(file_bytes=1000)},
    ),
]


@cases(CASES)
def test_mapinfo_refused(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
