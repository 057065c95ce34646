"""Coordinate TXT that once was read silently wrong: rings closed badly, files put together, systems of a town."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import shapely

import boundary_writers as bw
from intake_cases import YANGCHENG, Case, Read, Refused, cases, check
from txt_cases import (
    BOTH_M2,
    EAST,
    FIRST,
    HOLLOW_M2,
    PLAIN_37,
    SIX_19,
    SQUARE_M2,
    ZONE_37,
    Make,
    header,
    named,
    parcel,
    rows,
    txt,
    whole,
)
from zoning.errors import CRSError
from zoning.sites import read_sites

NAMES = ["J1", "J2", "J3", "J4", "J1"]
RUNNING = ["1", "2", "3", "4", "5"]
SHANXI = (110.2, 34.5, 114.6, 40.8)
GOOD = Read(SQUARE_M2, FIRST)
TWO = Read(BOTH_M2, FIRST, footprints=2, parts=2)
LOCAL = "地块.txt:5：坐标系 “{}” 不能识别；规定为 2000国家大地坐标系"
NO_PARCEL_LINE = "地块.txt:{}：界址点前没有以 @ 结尾的地块行；请按规定格式导出"
ONLY_ONE = "地块.txt:{}：此处的 [属性描述] 与前面的只有一处写了“{}”；请在各处写明同样的内容，或分成不同的文件"
NO_MERIDIAN = (
    "地块.txt:{}：中央子午线 “{}” 不是 3 度带或 6 度带的中央子午线（75°–135°，每 3°）；请换算到标准的 3 度带后导出"
)


def badly_closed(ring: bw.Ring, names: Sequence[str], north_m: float) -> list[str]:
    """Return rows of which the last lies north of the first; all have the ring number 1."""
    lines = named(ring, names)
    name, number, x, y = lines[-1].split(",")
    return [*lines[:-1], f"{name},{number},{float(x) + north_m:.4f},{y}"]


def off(north_m: float, second: bw.Ring, names: Sequence[str], more: Sequence[str]) -> Make:
    return txt([*badly_closed(bw.SQUARE, names, north_m), *badly_closed(second, more, north_m)])


def open_rings(kinds: tuple[str, ...], *warnings: str, holes: int = 0) -> Read:
    area = HOLLOW_M2 if holes else BOTH_M2
    parts = 1 if holes else 2
    return Read(area, FIRST, parts=parts, holes=holes, repairs=kinds, warnings=warnings, area_tolerance_m2=500.0)


def kept(line: int, metres: str) -> str:
    return f"地块.txt:{line}：闭合点 J1 与首点相差 {metres} 米，作为单独的点保留"


def bridged(outline: list[str], hole: list[str]) -> list[str]:
    """Return an outline, the way to a hole, the hole, and the way back to the first point of the outline."""
    return [*outline, *hole, outline[0]]


def with_entry(entry: str, **more: str) -> Make:
    """Return a file without the entry 带号 but with another one in its place."""
    text = bw.txt(rows(bw.SQUARE, code=PLAIN_37), **more)
    return whole(text.replace("带号=37", entry))


AGAIN = [*named(bw.SQUARE[:4], NAMES), *named(EAST[:4], NAMES)]
CORNER: bw.Ring = [(112.30, 35.40), (112.29, 35.40), (112.29, 35.39), (112.30, 35.39)]
CLOSED, ROLES = "closed-ring", "ring-roles"
CASES = [
    Case("one in the last decimal off, names restart", off(0.001, EAST, NAMES, NAMES), Read(
        BOTH_M2, FIRST, parts=2
    )),
    Case("12 mm off, another part behind", off(0.012, EAST, NAMES, NAMES), open_rings(
        (CLOSED,), kept(18, "0.012"), kept(23, "0.012")
    )),
    Case("0.9 m off, another part behind", off(0.9, EAST, NAMES, NAMES), open_rings((CLOSED,), kept(18, "0.900"))),
    Case("12 mm off, a hole behind", off(0.012, bw.HOLE, NAMES, ["J5", "J6", "J7", "J8", "J5"]), open_rings(
        (CLOSED, ROLES), kept(18, "0.012"), holes=1
    )),
    Case("12 mm off, names run on", off(0.012, bw.HOLE, RUNNING, ["6", "7", "8", "9", "10"]), open_rings(
        (CLOSED, ROLES),
        "地块.txt:18：此点与第 14 行的首点只差 0.012 米，按闭合点读取，其后按另一圈读取，请核对",
        holes=1,
    )),
    Case("5 m off, another part behind", off(5.0, EAST, NAMES, NAMES), Refused(
        "地块.txt:18：点号 J1 与第 14 行相同，位置却相差 5.000 米；请改正其中之一"
    )),
    Case("a name twice in an open ring", txt([
        *named(bw.SQUARE[:3], NAMES), *named([(112.305, 35.405), (112.302, 35.412), bw.SQUARE[3]], ["J1", "J5", "J6"])
    ]), Refused("地块.txt:17：点号 J1 与第 14 行相同，位置却相差 717.082 米；请改正其中之一")),
    Case("open parts that begin in the same point", txt([*named(bw.SQUARE[:4], NAMES), *named(CORNER, NAMES)]), Read(
        2 * SQUARE_M2, FIRST, parts=2, repairs=(CLOSED,), area_tolerance_m2=200.0,
        warnings=("地块.txt:18：点号 J1 再次出现，其后点号从头编起；由此起按另一圈读取，请核对",),
    )),
    Case("a hole on a bridge from the first point", txt(
        bridged(rows(bw.SQUARE), named(bw.HOLE, ["J5", "J6", "J7", "J8", "J5"]))
    ), Read(HOLLOW_M2, FIRST, holes=1, repairs=(ROLES,))),
    Case("extension section between parcels", whole(
        header() + parcel("A", rows(bw.SQUARE)) + "[扩展信息]\n备注=无\n" + parcel("B", rows(EAST))
    ), TWO),
    Case("project section between parcels", whole(
        header() + parcel("A", rows(bw.SQUARE)) + "[项目信息]\n邮箱=a@b.cn\n" + parcel("B", rows(EAST))
    ), TWO),
    Case("points in the extension section", whole(
        header() + parcel("A", rows(bw.SQUARE)) + "[扩展信息]\n" + "\n".join(rows(EAST)) + "\n"
    ), Refused(
        "地块.txt:20：[扩展信息] 里有界址点行，此段不读取；请把它移到 [地块坐标] 的地块行之后，或删去"
    )),
    Case("second file without parcel line", whole(
        header() + parcel("A", rows(bw.SQUARE)) + header() + "\n".join(rows(EAST)) + "\n"
    ), Refused(NO_PARCEL_LINE.format(31))),
    Case("section between parcel line and rows", whole(
        header() + parcel("A", rows(bw.SQUARE)).replace("@\n", "@\n[地块坐标]\n")
    ), GOOD),
    Case("only the second file states the zone", whole(
        header().replace("带号=37\n", "") + parcel("A", rows(bw.SQUARE, code=PLAIN_37))
        + header() + parcel("B", rows(EAST, code=PLAIN_37))
    ), Refused(ONLY_ONE.format(18, "带号")), expected=SHANXI),
    Case("only the first file states the system", whole(
        header() + parcel("A", rows(bw.SQUARE)) + header(坐标系="") .replace("坐标系=\n", "") + parcel("B", rows(EAST))
    ), Refused(ONLY_ONE.format(19, "坐标系"))),
    Case("comma before the kind", txt(parcel="5,,D1,甲,点,面,,,,@"), Refused(
        "地块.txt:13：第 5、6 项是 “点” 和 “面”，分不清哪个是记录图形属性；地块名称里的逗号请改用全角"
    ), {"width_m": 5.0}),
    Case("a mark that nobody sees before the zone", whole(
        bw.txt(rows(bw.SQUARE, code=PLAIN_37)).replace("带号", "带号\u200b"), "utf-8"
    ), Read(SQUARE_M2, FIRST, crs=PLAIN_37)),
    *(
        Case(f"system of a town: {name}", txt(坐标系=name), Refused(LOCAL.format(name), CRSError))
        for name in ("晋城2000坐标系", "太原2000", "2000独立坐标系", "CGCS2000地方坐标系", "WGS84 UTM 49N")
    ),
    *(
        Case(f"common name: {name}", txt(坐标系=name), Read(SQUARE_M2, FIRST, crs=ZONE_37))
        for name in (
            "国家2000大地坐标系", "CGCS_2000", "GCS_China_Geodetic_Coordinate_System_2000", "D_China_2000",
            "CGCS2000_3_Degree_GK_Zone_37", "2000国家大地坐标系（3度带，中央子午线111°，1985国家高程基准）",
        )
    ),
    Case("zone in the name of the system", txt(
        rows(bw.SQUARE, code=PLAIN_37), 坐标系="CGCS2000_3_Degree_GK_Zone_37", 带号="", 几度分带=""
    ), Read(SQUARE_M2, FIRST, crs=PLAIN_37)),
    Case("meridian in the name of the system", txt(
        rows(bw.SQUARE, code=PLAIN_37), 坐标系="CGCS2000_3_Degree_GK_CM_111E", 带号=""
    ), Read(SQUARE_M2, FIRST, crs=PLAIN_37)),
    Case("other zone in the name of the system", txt(坐标系="2000国家大地坐标系38带"), Refused(
        "地块.txt:9：带号为 37，坐标系里写的却是 38；请核对后改正其中之一", CRSError
    )),
    Case("zones of 1.5 degrees in the name of the system", txt(坐标系="CGCS2000 1.5度带"), Refused(
        "地块.txt:5：几度分带为 “1.5”，只读取 3 度带和 6 度带；请换带为 3 度带后导出", CRSError
    )),
    Case("meridian instead of the zone", with_entry("中央子午线=111°00′00″"), Read(SQUARE_M2, FIRST, crs=PLAIN_37)),
    Case("meridian of 6 degrees", txt(rows(bw.SQUARE, code=SIX_19), 带号="", 几度分带="6", 中央经线="111"), Read(
        SQUARE_M2, FIRST, crs=SIX_19
    )),
    Case("meridian of the place", with_entry("中央子午线=112.5"), Refused(
        NO_MERIDIAN.format(9, "112.5"), CRSError
    )),
    Case("meridian of the place in the name of the system", with_entry("带号=", 坐标系="CGCS2000 中央经线：112°30′"), (
        Refused(NO_MERIDIAN.format(5, "112°30′"), CRSError)
    )),
    Case("meridian and zone disagree", txt(中央经线="114"), Refused(
        "地块.txt:12：中央子午线为 114°，带号 37 的中央子午线却是 111°；请核对后改正其中之一", CRSError
    )),
    Case("meridian and prefix disagree", txt(带号="", 中央经线="114"), Refused(
        "地块.txt:12：中央子午线为 114°，Y 坐标的带号 37 的中央子午线却是 111°；请核对后改正其中之一", CRSError
    )),
    Case("another name for the zone", with_entry("投影带号=37"), Read(SQUARE_M2, FIRST, crs=PLAIN_37)),
    Case("plane of a town", txt(投影类型="高斯克吕格(抵偿高程面)"), Refused(
        "地块.txt:7：投影类型为 “高斯克吕格(抵偿高程面)”，规定为高斯克吕格", CRSError
    )),
    Case("plane at a height", txt(投影面高程="800米"), Refused(
        "地块.txt:12：“投影面高程” 为 “800米”，坐标不在标准的高斯投影带内，不能读取；"
        "请换算到 2000 国家大地坐标系的标准 3 度带后导出", CRSError
    )),
    Case("numbers taken off the eastings", txt(rows(bw.SQUARE, code=PLAIN_37), Y加常数="-30000"), Refused(
        "地块.txt:12：“Y加常数” 为 “-30000”，坐标不在标准的高斯投影带内，不能读取；"
        "请换算到 2000 国家大地坐标系的标准 3 度带后导出", CRSError
    )),
    Case("the usual constants", txt(Y加常数="500km", X加常数="0", 投影面高程="0米", 比例尺="1:500"), GOOD),
    Case("the user's zone is not the header's", txt(rows(bw.SQUARE, code=PLAIN_37), 坐标系="", 带号="38"), Read(
        SQUARE_M2, FIRST, crs=PLAIN_37,
        warnings=("地块.txt:9：表头的中央子午线为 114°，按用户说明的 111° 读取；请核对",),
    ), {"crs": PLAIN_37}),
]  # fmt: skip


@cases(CASES)
def test_traps(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_open_parts_do_not_take_points_of_each_other(tmp_path: Path) -> None:
    """The first point of a part stands in the other part as well, in the middle of its rows."""
    second = [*CORNER[2:], *CORNER[:2]]
    (site,) = read_sites(txt([*named(bw.SQUARE[:4], NAMES), *named(second, NAMES)])(tmp_path), expected=YANGCHENG)
    counts = [int(shapely.get_num_coordinates(part)) for part in shapely.get_parts(site.geometry)]
    assert counts == [5, 5]


PACKED = (
    "地块.txt：小数部分也可能是分秒（112.1830 即 112°18′30″），那样位置相差达 {} km；请核对，"
    "确为十进制的度时把计量单位写成 十进制度"
)


@pytest.mark.parametrize(
    ("unit", "latitude", "said"),
    [("度", "35.2345", True), ("米", "35.2345", True), ("十进制度", "35.2345", False), ("度", "35.2375", False)],
    ids=["degrees", "metres", "decimal degrees", "75 seconds"],
)
def test_degrees_that_may_be_minutes_and_seconds(tmp_path: Path, unit: str, latitude: str, said: bool) -> None:
    lines = [f"J1,1,{latitude},112.1830", "J2,1,35.2355,112.1830", "J3,1,35.2355,112.1845"]
    (site,) = read_sites(txt(lines, 计量单位=unit, 投影类型="", 带号="")(tmp_path), expected=YANGCHENG)
    packed = [text.zh for text in site.warnings if "分秒" in text.zh]
    # 112.1845 is 112°18′45″ = 112.3125°; 35.2355 is 35°23′55″ = 35.39861°: 11.7 km east and 18.1 km north.
    assert packed == ([PACKED.format("21.5")] if said else [])


def test_a_narrow_neck_is_no_closing(tmp_path: Path) -> None:
    """A border that passes its first point 3 cm away and comes back to it in the end is one ring."""
    corners = [(0, 0), (0, 100), (100, 100), (100, 0), (0.03, 0), (0.03, -50), (-50, -50), (-50, 0), (0, 0)]
    lines = [f"J{n},1,{3_919_746 + y:.3f},{37_618_082 + x:.3f}" for n, (x, y) in enumerate(corners, 1)]
    (site,) = read_sites(txt(lines)(tmp_path), expected=YANGCHENG)
    assert shapely.get_coordinates(site.geometry).tolist() == [[37_618_082 + x, 3_919_746 + y] for x, y in corners]
    assert [text.zh for text in site.warnings] == []


def test_points_closer_than_rounding_are_one_ring(tmp_path: Path) -> None:
    """An arc with a vertex each centimetre begins and ends near its first point without closing there."""
    arc = [(n / 100, 0.0) for n in range(200)]
    corners = [*arc, (2, 5), (-2, 5), (-2, 0), *((-0.5 + n / 100, 0.0) for n in range(49))]
    lines = [f"{n},1,{3_919_746 + y:.3f},{37_618_082 + x:.3f}" for n, (x, y) in enumerate(corners, 1)]
    (site,) = read_sites(txt(lines)(tmp_path), expected=YANGCHENG)
    assert site.geometry.geom_type == "Polygon"
    assert site.geometry.area == pytest.approx(20, abs=0.1)
