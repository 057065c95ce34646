"""Tables of points as CSV: headings, separators, encodings, notations, axes, coordinate systems."""

from pathlib import Path

from intake_cases import Case, Read, cases, check
from point_tables import (
    AREA,
    CODE,
    DATUM,
    FIRST,
    SQUARE,
    angles,
    both,
    degrees,
    dms,
    exchanged,
    metres,
    packed,
    parts_of,
    plane,
    text_file,
    without_zone,
)

HEAD = f"{DATUM}\n点号,X坐标,Y坐标\n"
AGREE = (
    "a.csv：平面坐标与经纬度互相吻合（最大相差 0.000 米），采用平面坐标，"
    "坐标系为 EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）"
)
DEGREES = "a.csv：坐标表没有写坐标系，坐标是落在工作空间区域内的经纬度，按 CGCS2000 经纬度读取"
SQUARE_READ = Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",))


def lonlat(*warnings: str, tolerance_m: float = 0.001) -> Read:
    return Read(
        AREA, FIRST, crs="EPSG:4490", repairs=("closed-ring",), tolerance_m=tolerance_m,
        area_tolerance_m2=3000 * tolerance_m, warnings=warnings,
    )  # fmt: skip


CASES = [
    Case("comma", text_file(HEAD + metres()), SQUARE_READ),
    Case(
        "tab-gbk",
        text_file(HEAD.replace(",", "\t") + metres(sign="\t"), "a.txt", "gbk"),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",), fields={"encoding": "gb18030", "format": "CSV"}),
    ),
    Case("heading-that-looks-like-wkt", text_file("Point,Northing,Easting\n" + metres()), SQUARE_READ, {"crs": CODE}),
    Case("title-that-looks-like-a-coordinate-txt", text_file(f"地块坐标,,\n{HEAD}{metres()}"), SQUARE_READ),
    Case("row-of-units", text_file(f"{HEAD},(m),(m)\n{metres()}"), SQUARE_READ),
    Case(
        "range-behind-the-table",
        text_file(f"{HEAD}{metres()}东经112°18′00″～112°18′36″，北纬35°24′00″～35°24′36″\n"),
        SQUARE_READ,
    ),
    Case("semicolon", text_file(HEAD.replace(",", ";") + metres(sign=";")), SQUARE_READ),
    Case("full-width-comma", text_file(HEAD.replace(",", "，") + metres(sign="，")), SQUARE_READ),
    Case("blanks", text_file(HEAD.replace(",", "  ") + metres(sign="   "), "a.txt"), SQUARE_READ),
    Case("tsv", text_file(HEAD.replace(",", "\t") + metres(sign="\t"), "a.tsv"), SQUARE_READ),
    Case("utf-8-bom", text_file(HEAD + metres(), encoding="utf-8-sig"), SQUARE_READ),
    Case("utf-16", text_file(HEAD.replace(",", "\t") + metres(sign="\t"), "a.txt", "utf-16"), SQUARE_READ),
    Case("crlf", text_file((HEAD + metres()).replace("\n", "\r\n")), SQUARE_READ),
    Case("closed", text_file(HEAD + metres([*SQUARE, SQUARE[0]])), Read(AREA, FIRST, crs=CODE)),
    Case(
        "thousands-in-quotes",
        text_file(
            f"{DATUM}\n点号,X,Y\n"
            + "".join(f'J{i},"{float(n):,.3f}","{float(e):,.3f}"\n' for i, (n, e) in enumerate(plane(), 1))
        ),
        SQUARE_READ,
    ),
    Case(
        "full-width-digits",
        text_file(HEAD + metres().translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))),
        SQUARE_READ,
    ),
    Case("headings-in-english", text_file("CGCS2000\nPoint,Northing,Easting\n" + metres()), SQUARE_READ),
    Case("headings-in-one-letter", text_file("CGCS2000\nNo.,N,E\n" + metres()), SQUARE_READ),
    Case(
        "headings-in-two-rows",
        text_file(f"点号,{DATUM},,备注\n,纵坐标,横坐标,\n" + metres().replace("\n", ",\n")),
        SQUARE_READ,
    ),
    Case(
        "heading-with-unit-and-newline",
        text_file(f'{DATUM}\n点号,"X坐标\n（m）","Y坐标\n（m）"\n' + metres()),
        SQUARE_READ,
    ),
    Case(
        "title-rows-and-notes",
        text_file(
            f"某某项目界址点成果表,,\n坐标系：{DATUM}　3度带37带,,\n单位："
            f"米,,\n点号,X,Y\n{metres()}合计面积（公顷）,100.7,\n制表：张三,审核：李四,\n"
        ),
        SQUARE_READ,
    ),
    Case(
        "x-is-east",
        text_file(exchanged("CGCS2000\nid,x,y\n")),
        Read(
            AREA,
            FIRST,
            crs=CODE,
            repairs=("closed-ring",),
            warnings=("a.csv:3：“x”是东坐标、“y”是北坐标（按数值大小判定）",),
        ),
    ),
    Case(
        "headings-against-the-numbers",
        text_file(exchanged(f"{DATUM}\n点号,北坐标,东坐标\n")),
        Read(
            AREA,
            FIRST,
            crs=CODE,
            repairs=("closed-ring",),
            warnings=("a.csv:3：“北坐标”与“东坐标”两列的内容与名称相反（按数值大小判定），已对调读取",),
        ),
    ),
    Case("no-headings", text_file(f"{DATUM}\n{metres()}"), SQUARE_READ),
    Case("no-headings-exchanged", text_file(exchanged(f"{DATUM}\n")), SQUARE_READ),
    Case("no-statement-but-crs", text_file(metres()), SQUARE_READ, {"crs": CODE}),
    Case(
        "meridian-without-zone",
        text_file(without_zone("CGCS2000坐标系 中央子午线111°\n点号,X,Y\n")),
        Read(AREA, FIRST, crs="EPSG:4546", repairs=("closed-ring",)),
    ),
    Case(
        "meridian-of-the-neighbour",
        text_file(without_zone("CGCS2000，中央经线：114度00分\n点号,X,Y\n", "EPSG:4547")),
        Read(AREA, FIRST, crs="EPSG:4547", repairs=("closed-ring",)),
    ),
    Case(
        "six-degree-zone",
        text_file(
            f"{DATUM} 6度带\n点号,X,Y\n"
            + "".join(f"J{i},{n},{e}\n" for i, (n, e) in enumerate(plane(code="EPSG:4497"), 1))
        ),
        Read(AREA, FIRST, crs="EPSG:4497", repairs=("closed-ring",)),
    ),
    Case(
        "utm",
        text_file(
            "WGS84 UTM 49N\n点号,N,E\n"
            + "".join(f"J{i},{n},{e}\n" for i, (n, e) in enumerate(plane(code="EPSG:32649"), 1))
        ),
        Read(AREA, FIRST, crs="EPSG:32649", repairs=("closed-ring",)),
    ),
    Case("system-in-a-column", text_file("点号,X,Y,坐标系\n" + metres().replace("\n", ",CGCS2000\n")), SQUARE_READ),
    Case("decimal-degrees", text_file(degrees("点号,经度,纬度\n")), lonlat(DEGREES)),
    Case("latitude-first", text_file("lat,lng\n" + "".join(f"{y!r},{x!r}\n" for x, y in SQUARE)), lonlat(DEGREES)),
    Case("degrees-under-x-y", text_file(degrees("id,x,y\n")), lonlat(DEGREES)),
    Case(
        "degrees-under-wrong-names",
        text_file("点号,经度,纬度\n" + "".join(f"{i},{y:.9f},{x:.9f}\n" for i, (x, y) in enumerate(SQUARE))),
        lonlat("a.csv:2：“经度”与“纬度”两列的内容与名称相反（按数值大小判定），已对调读取"),
    ),
    Case(
        "wgs84-stated",
        text_file(degrees("WGS84\n点号,经度,纬度\n")),
        Read(AREA, FIRST, crs="EPSG:4326", repairs=("closed-ring",)),
    ),
    Case("degree-signs", text_file(angles("点号,经度,纬度\n", "°′″")), lonlat(DEGREES)),
    Case("degree-signs-of-ocr", text_file(angles("点号,经度,纬度\n", "º'\"").replace('"', "''")), lonlat(DEGREES)),
    Case("chinese-signs", text_file(angles("点号,经度,纬度\n", "度分秒")), lonlat(DEGREES)),
    Case("dashes", text_file(angles("点号,经度,纬度\n", "-- ")), lonlat(DEGREES)),
    Case("colons", text_file(angles("点号,经度,纬度\n", ":: ")), lonlat(DEGREES)),
    Case("blanks-in-angles", text_file(angles("点号,经度,纬度\n", "   ")), lonlat(DEGREES)),
    Case(
        "packed-under-its-heading",
        text_file(
            "点号,经度（度.分秒）,纬度（度.分秒）\n"
            + "".join(f"{i},{packed(x)},{packed(y)}\n" for i, (x, y) in enumerate(SQUARE))
        ),
        lonlat(DEGREES),
    ),
    Case(
        "packed-under-signs",
        text_file(
            "点号,东经（°′″）,北纬（°′″）\n"
            + "".join(f"{i},{packed(x)},{packed(y)}\n" for i, (x, y) in enumerate(SQUARE))
        ),
        lonlat(DEGREES),
    ),
    Case(
        "parts-in-columns",
        text_file(
            "点号,经度,,,纬度,,\n,度,分,秒,度,分,秒\n"
            + "".join(f"{i},{parts_of(x)},{parts_of(y)}\n" for i, (x, y) in enumerate(SQUARE))
        ),
        lonlat(DEGREES),
    ),
    Case(
        "minutes-with-decimals",
        text_file(
            "点号,经度,纬度\n"
            + "".join(f"{i},{int(x)}°{x % 1 * 60:.6f}′,{int(y)}°{y % 1 * 60:.6f}′\n" for i, (x, y) in enumerate(SQUARE))
        ),
        lonlat(DEGREES),
    ),
    Case(
        "both-in-one-cell",
        text_file("点号\t坐标\n" + "".join(f"{i}\tE{dms(x)} N{dms(y)}\n" for i, (x, y) in enumerate(SQUARE)), "a.txt"),
        lonlat(DEGREES.replace("csv", "txt")),
    ),
    Case(
        "whole-seconds",
        text_file(angles("点号,经度,纬度\n", "°′″", decimals=0)),
        lonlat(DEGREES, "a.csv：坐标只写到 1″，取整使点位最多偏 19.9 米；核对红线请提供更精确的坐标", tolerance_m=20),
    ),
    Case(
        "metres-and-degrees-agree",
        text_file(both()),
        Read(
            AREA,
            FIRST,
            crs=CODE,
            repairs=("closed-ring",),
            warnings=(AGREE,),
        ),
    ),
    Case(
        "web-mercator-as-stated",
        text_file("点号,X,Y\n" + "".join(f"{i},{e},{n}\n" for i, (n, e) in enumerate(plane(code="EPSG:3857"), 1))),
        Read(AREA, FIRST, crs="EPSG:3857", repairs=("closed-ring",)),
        {"crs": "EPSG:3857"},
    ),
]


@cases(CASES)
def test_table(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
