"""Points that are no corners of an outline: sampling points, boreholes, villages, control points, chainages."""

from pathlib import Path

from intake_cases import Case, Read, Refused, cases, check
from point_tables import AREA, CODE, DATUM, FAR, FIRST, area, pasted, plane, text_file

XY = f"{DATUM}，3度带37带\n"
ROWS = [f"{n} {e}" for n, e in plane()]
READ = Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",))
EITHER = "若是单独的点请用 --radius 说明半径（米）或用 --area 说明面积；若是范围，请在坐标前写明“拐点坐标”"
LINE = "若是线状工程请用 --width 说明宽度（米）；若是范围线，请在标题写明“范围”或加 类型 列写“面”"
THREE = "112.3000°,35.4000°", "112.3100°,35.4200°", "112.3500°,35.3900°"
POINTS = Read(0, FIRST, 4, 4, crs=CODE, name="G1", fields={"width_m": 100.0})


def rows(prefix: str, points: list[str] = ROWS, start: int = 1) -> str:
    return "\n".join(f"{prefix}{i} {point}" for i, point in enumerate(points, start))


def named(*names: str) -> str:
    return "\n".join(f"{name} {point}" for name, point in zip(names, ROWS, strict=False))


def separate(place: str, word: str, count: int = 4) -> Refused:
    return Refused(f"{place}：按“{word}”看，{count} 个点是各自单独的点，不是一个面的拐点；{EITHER}")


def mixed(line: int, word: str, others: int, rest: int) -> Refused:
    return Refused(
        f"pasted:{line}：“{word}” 的坐标看来不是界址点（共 {others} 个，其余 {rest} 个点像是界址点）；"
        "请只保留界址点的坐标"
    )


def weak(line: int, names: str) -> str:
    return (
        f"pasted:{line}：点号 {names} 像是监测点或取样点，仍按首尾相连的面读取；若是单独的点，请在坐标前写明“监测点”，"
        "并用 --radius 说明半径"
    )


CASES = [
    Case("title-of-monitoring", pasted(f"{XY}监测点位坐标\n{rows('G')}"), separate("pasted:3", "监测点位坐标")),
    Case("monitoring-with-a-radius", pasted(f"{XY}监测点位坐标\n{rows('G')}"), POINTS, {"radius_m": 50.0}),
    Case(
        "monitoring-with-a-width", pasted(f"{XY}取水井\n{rows('')}"), separate("pasted:3", "取水井"), {"width_m": 9.0}
    ),
    Case("corners-are-said", pasted(f"{XY}监测站用地拐点坐标\n{rows('G')}"), READ),
    Case("company-that-monitors", pasted(f"某环境监测有限公司\n{XY}{rows('J')}"), READ),
    Case("well-pad-is-an-outline", pasted(f"{XY}煤层气钻井井场坐标\n{rows('')}"), READ),
    Case("boreholes", pasted(XY + rows("ZK")), separate("pasted:2", "ZK1")),
    Case("closed-is-an-outline", pasted(f"{XY}{rows('ZK')}\nZK1 {ROWS[0]}"), Read(AREA, FIRST, crs=CODE)),
    Case(
        "wells-by-name",
        pasted(XY + "\n".join(f"{i}号井 {p}" for i, p in enumerate(ROWS, 1))),
        separate("pasted:2", "1号井"),
    ),
    Case("shafts", pasted(XY + named("主井", "副井", "风井")), separate("pasted:2", "主井", 3)),
    Case("turbines", pasted(f"{XY}风机坐标\n{rows('F')}"), separate("pasted:3", "风机坐标")),
    Case("towers", pasted(f"{XY}塔号 X Y\n{rows('T')}"), separate("pasted:3", "塔号 X Y")),
    Case(
        "only-numbered-like-samples",
        pasted(XY + rows("S")),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",), warnings=(weak(2, "S1、S2、S3"),)),
    ),
    Case(
        "villages",
        pasted("\n".join(f"{name} {p}" for name, p in zip(("张庄村", "李庄村", "王家庄"), THREE, strict=True))),
        separate("pasted:1", "张庄村、李庄村、王家庄", 3),
    ),
    Case(
        "villages-in-a-table",
        text_file(
            "点位,经度,纬度\n"
            + "".join(f"{name},{p}\n" for name, p in zip(("张庄村", "李庄村", "王家庄"), THREE, strict=True))
        ),
        separate("a.csv:2", "张庄村、李庄村、王家庄", 3),
    ),
    Case(
        "outfalls-by-heading",
        text_file("排放口编号,经度,纬度\n" + "".join(f"DA00{i},{p}\n" for i, p in enumerate(THREE, 1))),
        separate("a.csv:2", "排放口编号 经度 纬度", 3),
    ),
    Case(
        "receptors-by-heading",
        text_file("序号,敏感目标,经度,纬度\n" + "".join(f"{i},某村,{p}\n" for i, p in enumerate(THREE, 1))),
        separate("a.csv:2", "序号 敏感目标 经度 纬度", 3),
    ),
    Case("corners-of-the-compass", pasted(XY + named("西南角", "东南角", "东北角", "西北角")), READ),
    Case(
        "station-before-the-corners",
        pasted(f"{XY}测站坐标：3931000.000 37627300.000\n拐点坐标：\n{rows('J')}"),
        mixed(2, "测站坐标", 1, 4),
    ),
    Case(
        "control-points-before-the-corners",
        pasted(f"{XY}控制点\nA1 {ROWS[0]}\nA2 {ROWS[2]}\n界址点\n{rows('J')}"),
        mixed(3, "控制点", 2, 4),
    ),
    Case(
        "centre-before-the-corners",
        pasted(f"{XY}厂区中心 3931000.000 37627300.000\n{rows('')}"),
        mixed(2, "厂区中心", 1, 4),
    ),
    Case(
        "village-behind-the-corners",
        pasted(f"{XY}{rows('')}\n最近的敏感点张庄村 3932000.000 37627300.000"),
        mixed(6, "最近的敏感点张庄村", 1, 4),
    ),
    Case(
        "how-far-it-reaches",
        pasted(XY + named("东至：", "南至：", "西至：", "北至：")),
        Refused(
            "pasted:2：东至、南至、西至、北至的 4 个坐标是四至，只说明范围伸到哪里，不是依次的拐点；请提供各拐点的坐标"
        ),
    ),
    Case(
        "chainages",
        pasted(XY + named("K0+000", "K0+500", "K1+000")),
        Refused(f"pasted:2：写的是“K0+000～K1+000”，有 3 个点：{LINE}"),
    ),
    Case(
        "chainages-with-a-width",
        pasted(XY + named("K0+000", "K0+500", "K1+000")),
        Read(0, FIRST, crs=CODE, fields={"width_m": 12.0}),
        {"width_m": 12.0},
    ),
    Case(
        "beginning-and-end",
        pasted(XY + named("起点", "中间点", "终点")),
        Refused(f"pasted:2：写的是“起点、终点”，有 3 个点：{LINE}"),
    ),
    Case(
        "boreholes-behind-the-corners",
        text_file(
            f"{DATUM}\n点号,X坐标,Y坐标\n"
            + "".join(f"J{i},{n},{e}\n" for i, (n, e) in enumerate(plane(), 1))
            + "钻孔号,X坐标,Y坐标\n"
            + "".join(f"ZK{i},{n},{e}\n" for i, (n, e) in enumerate(plane(FAR)[:3], 1))
        ),
        Refused(
            "a.csv:8：“钻孔号 X坐标 Y坐标” 的坐标看来不是界址点（共 3 个，其余 4 个点像是界址点）；请只保留界址点的坐标"
        ),
    ),
    Case(
        "two-series-are-two-rings",
        pasted(XY + rows("A") + "\n" + rows("B", [f"{n} {e}" for n, e in plane(FAR)])),
        Read(AREA + area(FAR), FIRST, parts=2, crs=CODE, repairs=("closed-ring",)),
    ),
]


@cases(CASES)
def test_other_points(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
