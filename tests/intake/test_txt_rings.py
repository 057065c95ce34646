"""Rings of coordinate TXT: numbered in three habits, closed in four, holes by where they lie; lines and points."""

from pathlib import Path

import pytest
import shapely

import boundary_writers as bw
from intake_cases import YANGCHENG, Case, Read, Refused, cases, check
from txt_cases import BOTH_M2, EAST, FIRST, HOLLOW_M2, ISLAND, SQUARE_M2, area_of, named, rows, txt, whole
from zoning.sites import read_sites

GOOD = Read(SQUARE_M2, FIRST, crs="EPSG:4525")
HOLLOW = Read(HOLLOW_M2, FIRST, holes=1)
BOTH = Read(BOTH_M2, FIRST, parts=2)
EAST_HOLE = bw.shifted(bw.HOLE, 0.02)
TWO_HOLLOW = Read(2 * HOLLOW_M2, FIRST, parts=2, holes=2, area_tolerance_m2=1.0)
RING_ROLES, CLOSED = ("ring-roles",), ("closed-ring",)
NAMES = ["J1", "J2", "J3", "J4"]
PARTS = named(bw.SQUARE, NAMES), named(EAST, NAMES)


def restarted(*rings: bw.Ring) -> list[str]:
    """Return rows of rings that all have the number 1."""
    return rows(*rings, numbers=[1] * len(rings))


def moved(row: str, north: float, name: str = "J1") -> str:
    """Return a row with another name, moved north by metres."""
    _, ring, x, y = row.split(",")
    return f"{name},{ring},{float(x) + north:.4f},{y}"


def without_ring(lines: list[str]) -> list[str]:
    return [f"{name},{x},{y}" for name, _, x, y in (line.split(",") for line in lines)]


def with_height(lines: list[str]) -> list[str]:
    return [f"{line},{700 + n}.25" for n, line in enumerate(lines)]


def named_by_number(lines: list[str]) -> list[str]:
    return [line.removeprefix("J") for line in lines]


SQUARE_ROWS = rows(bw.SQUARE)
CASES = [
    Case("names without J", txt(named_by_number(SQUARE_ROWS)), GOOD),
    Case("no names", txt([line.partition(",")[1] + line.partition(",")[2] for line in SQUARE_ROWS]), GOOD),
    Case("all names alike", txt([f"界{line[2:]}" for line in SQUARE_ROWS]), GOOD),
    Case("no ring numbers", txt(without_ring(SQUARE_ROWS)), GOOD),
    Case("ring number left empty", txt([line.replace(",1,", ",,", 1) for line in SQUARE_ROWS]), GOOD),
    Case("comma at the end of every row", txt([f"{line}," for line in SQUARE_ROWS]), GOOD),
    Case("heights behind", txt(with_height(SQUARE_ROWS)), Read(SQUARE_M2, FIRST, repairs=("z-dropped",))),
    Case("heights of 0 say nothing", txt([f"{line},0.000" for line in SQUARE_ROWS]), GOOD),
    Case("heights without ring numbers", txt(with_height(without_ring(SQUARE_ROWS))), Read(
        SQUARE_M2, FIRST, repairs=("z-dropped",)
    )),
    Case("height of the first points", txt([*with_height(SQUARE_ROWS[:2]), *SQUARE_ROWS[2:]]), Read(
        SQUARE_M2, FIRST, repairs=("z-dropped",)
    )),
    Case("height of the last points", txt([*SQUARE_ROWS[:2], *with_height(SQUARE_ROWS[2:])]), Read(
        SQUARE_M2, FIRST, repairs=("z-dropped",)
    )),
    Case("not closed", txt(SQUARE_ROWS[:-1]), Read(SQUARE_M2, FIRST, repairs=CLOSED)),
    Case("closed with a number of its own", txt(named(bw.SQUARE, [*NAMES, "J5"])), GOOD),
    Case("closed half a millimetre away", txt([*SQUARE_ROWS[:-1], moved(SQUARE_ROWS[0], 0.0005)]), GOOD),
    Case("closed twelve millimetres away", txt([*SQUARE_ROWS[:-1], moved(SQUARE_ROWS[0], 0.012)]), Read(
        SQUARE_M2, FIRST, repairs=CLOSED, area_tolerance_m2=20,
        warnings=("地块.txt:18：闭合点 J1 与首点相差 0.012 米，作为单独的点保留",),
    )),
    Case("closed at another place", txt([*SQUARE_ROWS[:-1], moved(SQUARE_ROWS[0], 10.0)]), Refused(
        "地块.txt:18：点号 J1 与第 14 行相同，位置却相差 10.000 米；请改正其中之一"
    )),
    Case("closed twice", txt([*SQUARE_ROWS, SQUARE_ROWS[0]]), GOOD),
    Case("numbered through: outline and hole", txt(rows(bw.SQUARE, bw.HOLE)), HOLLOW),
    Case("numbered through: hole first", txt(rows(bw.HOLE, bw.SQUARE)), Read(
        HOLLOW_M2, FIRST, holes=1, repairs=RING_ROLES
    )),
    Case("numbered through: two parts", txt(rows(bw.SQUARE, EAST)), Read(BOTH_M2, FIRST, parts=2, repairs=RING_ROLES)),
    Case("numbered through: two parts with holes", txt(rows(bw.SQUARE, bw.HOLE, EAST, EAST_HOLE)), Read(
        2 * HOLLOW_M2, FIRST, parts=2, holes=2, repairs=RING_ROLES, area_tolerance_m2=1.0
    )),
    Case("restarting: two parts, both 1", txt(restarted(bw.SQUARE, EAST)), BOTH),
    Case("restarting: two parts with holes", txt(
        rows(bw.SQUARE, bw.HOLE, EAST, EAST_HOLE, numbers=[1, 2, 1, 2])
    ), TWO_HOLLOW),
    Case("always 1: outline and hole", txt(restarted(bw.SQUARE, bw.HOLE)), Read(
        HOLLOW_M2, FIRST, holes=1, repairs=RING_ROLES
    )),
    Case("no ring numbers: outline and hole", txt(without_ring(rows(bw.SQUARE, bw.HOLE))), Read(
        HOLLOW_M2, FIRST, holes=1, repairs=RING_ROLES
    )),
    Case("names go on over the rings", txt([
        *named(bw.SQUARE, [*NAMES, "J1"]), *named(bw.HOLE, ["J5", "J6", "J7", "J8", "J5"], "2")
    ]), HOLLOW),
    Case("island in the hole", txt(rows(bw.SQUARE, bw.HOLE, ISLAND)), Read(
        HOLLOW_M2 + area_of(ISLAND), FIRST, parts=2, holes=1, repairs=RING_ROLES
    )),
    Case("open rings, numbers change", txt([*PARTS[0], *named(EAST, NAMES, "2")]), Read(
        BOTH_M2, FIRST, parts=2, repairs=("closed-ring", *RING_ROLES)
    )),
    Case("open rings, only the names begin again", txt([*PARTS[0], *PARTS[1]]), Read(
        BOTH_M2, FIRST, parts=2, repairs=CLOSED,
        warnings=("地块.txt:18：点号 J1 再次出现而位置不同，前面的点未闭合；由此起按另一圈读取，请核对",),
    )),
    Case("loops that meet in the first point", txt(named(
        [*bw.SQUARE, (112.30, 35.39), (112.29, 35.39), (112.30, 35.40)], [*NAMES, "J1", "J5", "J6", "J1"]
    )), Read(
        SQUARE_M2 + area_of([FIRST, (112.30, 35.39), (112.29, 35.39), FIRST]), FIRST, parts=2, repairs=CLOSED
    )),
    Case("two points behind a closed ring", txt([*SQUARE_ROWS, *PARTS[1][:2]]), Refused(
        "地块.txt:18：圈号 1 在此处已闭合，其后还有 2 个点，围不成一圈；请补全或删去"
    )),
    Case("two points behind a closed ring without number", txt(without_ring([*SQUARE_ROWS, *PARTS[1][:2]])), Refused(
        "地块.txt:18：这一圈在此处已闭合，其后还有 2 个点，围不成一圈；请补全或删去"
    )),
    Case("rings that cross", txt(rows(bw.SQUARE, bw.shifted(bw.SQUARE, 0.004))), Refused(
        "地块.txt 第 1 个图形：第 14–18 行的圈与第 19–23 行的圈相交，分不清内外；请改正"
    )),
    Case("the same ring twice", txt(restarted(bw.SQUARE, bw.SQUARE)), Refused(
        "地块.txt 第 1 个图形：第 14–18 行的圈与第 19–23 行的圈重复；请删去一个"
    )),
    Case("two points", txt(SQUARE_ROWS[:2]), Refused(
        "地块.txt 第 1 个图形：有一个环的不同界址点少于 3 个，围不成面；请补全界址点"
    )),
    Case("line with its width", txt(SQUARE_ROWS[:3], parcel="3,,G1,管线,线,,,,@"), Read(
        0.0, FIRST, name="管线", fields={"width_m": 12.0, "stated_points": 3}
    ), {"width_m": 12.0}),
    Case("line that comes back to its start", txt(SQUARE_ROWS, parcel="5,,G1,环路,线,,,,@"), Read(
        0.0, FIRST
    ), {"width_m": 8.0}),
    Case("line without width", txt(SQUARE_ROWS[:3], parcel="3,,G1,管线,线,,,,@"), Refused(
        "地块.txt 第 1 个图形：是线，没有面积；请用 --width 说明宽度（米），或提供面状范围；"
        "不属于项目的线请从文件中删去"
    )),
    Case("line in two pieces", txt(rows(bw.SQUARE[:3], EAST[:3]), parcel="6,,G1,管线,线,,,,@"), Read(
        0.0, FIRST, parts=2
    ), {"width_m": 12.0}),
    Case("points with a radius", txt(SQUARE_ROWS[:3], parcel="3,,Z1,钻孔,点,,,,@"), Read(
        0.0, FIRST, parts=3, fields={"width_m": 10.0}
    ), {"radius_m": 5.0}),
    Case("point without a size", txt(SQUARE_ROWS[:1], parcel="1,,Z1,钻孔,点,,,,@"), Refused(
        "地块.txt 第 1 个图形：是点，没有面积；请用 --radius 说明半径（米），或用 --area 说明面积（如 2公顷），"
        "或提供面状范围；不属于项目的点请从文件中删去"
    )),
    Case("parcel line without rows", whole(bw.txt([]) + "5,,B,,面,,,,@\n"), Refused(
        "地块.txt:13：没有界址点坐标；请重新导出"
    )),
]  # fmt: skip


@cases(CASES)
def test_rings(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_numbers_to_the_last_digit(tmp_path: Path) -> None:
    lines = ["J1,1,3919746.7831,37618082.9871", "J2,1,3919746.7831,37618182.98765", "J3,1,3919846.123456,37618182.9"]
    (site,) = read_sites(txt(lines)(tmp_path), expected=YANGCHENG)
    assert shapely.get_coordinates(site.geometry).tolist() == [
        [37618082.9871, 3919746.7831],
        [37618182.98765, 3919746.7831],
        [37618182.9, 3919846.123456],
        [37618082.9871, 3919746.7831],
    ]


@pytest.mark.parametrize("parts", [3_000])
def test_many_parts_with_one_number(tmp_path: Path, parts: int) -> None:
    """The rows of all parts stand in one run; the time must not grow with its square."""
    lines = []
    for n in range(parts):
        x, y = 3_919_746 + 20 * (n // 60), 37_618_082 + 20 * (n % 60)
        lines += [f"J{i},1,{x + 10 * a},{y + 10 * b}" for i, (a, b) in enumerate([(0, 0), (0, 1), (1, 1), (0, 0)], 1)]
    (site,) = read_sites(txt(lines)(tmp_path), expected=YANGCHENG)
    assert len(shapely.get_parts(site.geometry)) == parts
    assert site.geometry.area == pytest.approx(50 * parts)
