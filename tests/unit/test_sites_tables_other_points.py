"""Points that are no corners: what is written beside and above them decides, and joined they would be a false area."""

from collections.abc import Sequence

import pytest

from both_languages import both
from ring_scene import Scene
from zoning.errors import SiteError
from zoning.sites.limits import Options
from zoning.sites.tables.grid import Track
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.other_points import Judged, judged, runs_along

A = "A1 A2 A3 A4"
Lines = Sequence[tuple[int, str]]


def track(labels: str, *, above: Lines = (), words: Sequence[str] = ()) -> Track:
    """Return points with labels between blanks, in rows from 10 on."""
    names = labels.split()
    points = " ".join(f"{'ABCD'[i // 4]}{i % 4 + 1}" for i in range(len(names)))
    made = Scene(points, labels, above=above).track()
    made.words = list(words)
    return made


def judge(labels: str, *, above: Lines = (), words: Sequence[str] = (), is_closed: bool = False) -> Judged:
    return judged(track(labels, above=above, words=words), Options(), is_closed=is_closed)


def refused(labels: str, *, above: Lines = (), words: Sequence[str] = (), is_closed: bool = False) -> tuple[str, str]:
    return both(lambda: judge(labels, above=above, words=words, is_closed=is_closed), SiteError)


def separate(word: str, count: int = 4) -> str:
    return (
        f"a.csv:10：按“{word}”看，{count} 个点是各自单独的点，不是一个面的拐点；"
        "若是单独的点请用 --radius 说明半径（米）"
        "或用 --area 说明面积；若是范围，请在坐标前写明“拐点坐标”"
    )


# --- Corners ---


@pytest.mark.parametrize(
    "labels",
    [
        "1 2 3 4",
        "J1 J2 J3 J4",
        "A B C D",
        "拐点1 拐点2 拐点3 拐点4",
        "界址点1 界址点2 界址点3 界址点4",
        "东北角 东南角 西南角 西北角",
        "第一点 第二点 第三点 第四点",
        "K1 K2 K3 K4",
    ],
)
def test_labels_of_corners(labels: str) -> None:
    assert judge(labels) == Judged()


@pytest.mark.parametrize(
    "title",
    [
        "拐点坐标",
        "用地红线",
        "钻井井场坐标",
        "矿区范围",
        "水井村用地范围",
        "厂区边界坐标",
        "监测站征地界址点",
        "坐标表",
    ],
)
def test_titles_of_corners(title: str) -> None:
    assert judge("1 2 3 4", above=[(5, title)]) == Judged()


def test_one_point_is_never_joined() -> None:
    assert judge("ZK1", above=[(5, "钻孔坐标")]) == Judged()


@pytest.mark.parametrize("role", [Role.KIND, Role.RADIUS, Role.DIAMETER])
def test_where_a_column_says_what_they_are_nothing_is_judged(role: Role) -> None:
    made = track("ZK1 ZK2 ZK3 ZK4")
    made.fields[role] = ["", "", "", ""]
    both(lambda: judged(made, Options(), is_closed=False), SiteError)
    made.fields[role] = ["", "x", "", ""]
    assert judged(made, Options(), is_closed=False) == Judged()


# --- Points of another kind ---


@pytest.mark.parametrize(
    ("labels", "word"),
    [
        ("ZK1 ZK2 ZK3 ZK4", "ZK1"),
        ("zk-1 zk-2 zk-3 zk-4", "zk-1"),
        ("JC01 JC02 JC03 JC04", "JC01"),
        ("GPS1 GPS2 GPS3 GPS4", "GPS1"),
        ("监测点1 监测点2 监测点3 监测点4", "监测点1"),
        ("1号井 2号井 3号井 4号井", "1号井"),
        ("主井 副井 风井 泉眼", "主井"),
        ("well well2 well3 well4", "well"),
    ],
)
def test_labels_of_separate_points(labels: str, word: str) -> None:
    zh, en = refused(labels)
    assert zh == separate(word)
    assert en.startswith(
        f"a.csv:10: “{word}” says that the 4 points are separate ones and not the corners of a polygon;"
    )


@pytest.mark.parametrize(
    "title",
    [
        "监测点坐标",
        "采样点位",
        "取样断面",
        "布点图",
        "环境敏感点",
        "环境保护目标",
        "居民点",
        "钻孔一览",
        "水井坐标",
        "井口坐标",
        "排气筒",
        "排污口",
        "风机坐标",
        "塔基坐标",
        "杆塔",
        "基站",
        "站点表",
        "控制点成果",
        "水准点",
        "检查点",
        "用地监测点",
        "Sampling plan",
        "Monitoring wells",
        "borehole log",
        "control point list",
        "outfalls",
        "villages",
    ],
)
def test_titles_of_separate_points(title: str) -> None:
    assert refused("1 2 3 4", above=[(5, title)])[0] == separate(title)


@pytest.mark.parametrize("options", [Options(radius_m=5), Options(area_m2=50)])
def test_with_a_size_they_are_sites_of_their_own(options: Options) -> None:
    assert judged(track("ZK1 ZK2 ZK3"), options, is_closed=False) == Judged(separate=True)
    assert judged(track("1 2 3"), options, is_closed=False) == Judged()


def test_what_comes_back_to_its_first_point_is_an_outline_whatever_it_is_called() -> None:
    assert judge("1 2 3 4", above=[(5, "监测点坐标")], is_closed=True) == Judged()


def test_the_nearest_telling_line_above_counts() -> None:
    assert judge("1 2 3 4", above=[(3, "监测点坐标"), (5, "拐点坐标"), (7, "单位：米")]) == Judged()
    assert refused("1 2 3 4", above=[(3, "拐点坐标"), (5, "监测点坐标")])[0] == separate("监测点坐标")


def test_what_is_written_beside_a_point_counts_more_than_what_is_above() -> None:
    assert judge("拐点1 拐点2 拐点3 拐点4", above=[(5, "监测点坐标")]) == Judged()


def test_words_of_running_text_are_those_of_their_point() -> None:
    words = ["1#监测点位于", "2#监测点位于", "3#监测点位于", "4#监测点位于"]
    assert refused("1 2 3 4", words=words)[0] == separate("1#监测点位于")


def test_a_long_word_is_cut_in_the_sentence() -> None:
    assert refused("1 2 3 4", above=[(5, f"监测点{'甲' * 30}")])[0] == separate(f"监测点{'甲' * 17}")


def with_column(*values: str) -> Track:
    """Return points 1, 2, 3 with a column 编号 beside them."""
    made = track("1 2 3")
    made.fields[Role.LABEL] = list(values)
    return made


def test_numbers_of_boreholes_in_a_column_of_their_own() -> None:
    zh, _ = both(lambda: judged(with_column("ZK1", "ZK2", "zk-3"), Options(), is_closed=False), SiteError)
    assert zh == separate("ZK1", 3)
    assert judged(with_column("ZK1", "ZK2", "ZK3"), Options(radius_m=5), is_closed=False) == Judged(separate=True)


@pytest.mark.parametrize("values", [("QY1", "QY1", "QY1"), ("J1", "J2", "J3"), ("QY1", "", "")])
def test_a_column_that_names_parcels_or_corners(values: tuple[str, ...]) -> None:
    assert judged(with_column(*values), Options(), is_closed=False) == Judged()


def test_words_in_a_column_of_their_own() -> None:
    made = with_column("监测点1", "监测点2", "监测点3")
    zh, _ = both(lambda: judged(made, Options(), is_closed=False), SiteError)
    assert zh == separate("1 监测点1", 3)


# --- Some of them ---


@pytest.mark.parametrize("is_closed", [False, True])
def test_some_among_corners_are_refused(*, is_closed: bool) -> None:
    zh, en = refused("J1 J2 控制点1 J3 控制点2", is_closed=is_closed)
    assert zh == ("a.csv:12：“控制点1” 的坐标看来不是界址点（共 2 个，其余 3 个点像是界址点）；请只保留界址点的坐标")
    assert en == (
        "a.csv:12: “控制点1” seems to be no corner (2 such points, 3 others seem to be corners); keep only the "
        "coordinates of the corners"
    )


def test_a_line_between_the_points_counts_for_those_below() -> None:
    made = track("1 2 3 4", above=[(5, "拐点坐标")])
    for index in (2, 3):
        made.rows[index] += 10
    made.statements.add(15, "监测点坐标")
    zh, _ = both(lambda: judged(made, Options(), is_closed=False), SiteError)
    assert zh.startswith("a.csv:22：“监测点坐标” 的坐标看来不是界址点（共 2 个，其余 2 个点像是界址点）")


# --- Names ---


@pytest.mark.parametrize(
    ("labels", "word"),
    [("上孔村 下孔村 白桑乡", "上孔村、下孔村、白桑乡"), ("演礼小学 县医院 润城镇 北留镇", "演礼小学、县医院、润城镇")],
)
def test_points_that_all_bear_names_of_their_own(labels: str, word: str) -> None:
    assert refused(labels)[0] == separate(word, len(labels.split()))


@pytest.mark.parametrize(
    "labels",
    [
        "上孔村 下孔村",  # two are too few
        "上孔村 下孔村 3",
        "上孔村 上孔村 下孔村",
        "东北 东南 西南",
        "起点 中点 终点",
        "拐点一 拐点二 拐点三",
    ],
)
def test_names_that_do_not_make_separate_points(labels: str) -> None:
    assert judge(labels) == Judged()


# --- Sides ---


def test_how_far_it_reaches_on_four_sides_is_no_outline() -> None:
    zh, en = refused("东至 南至 西至 北至")
    assert zh == (
        "a.csv:10：东至、南至、西至、北至的 4 个坐标是四至，只说明范围伸到哪里，不是依次的拐点；请提供各拐点的坐标"
    )
    assert en.startswith("a.csv:10: the 4 coordinates say how far it reaches east, south, west and north,")
    assert refused("东至 南至 西至 北至", is_closed=True)[0] == zh


@pytest.mark.parametrize("labels", ["东至 南至 西至 西至", "东至 南至 西至", "东至 南至 西至 北至 1"])
def test_other_numbers_of_sides(labels: str) -> None:
    assert judge(labels) == Judged()


# --- Weak signs ---


@pytest.mark.parametrize("labels", ["G1 G2 G3", "w-1 w-2 w-3", "N1 N2 N3 N4", "SW1 SW2", "T1 S1", "TR01# TR02#"])
def test_labels_like_those_of_samples_are_said(labels: str) -> None:
    (warning,) = judge(labels).warnings
    shown = "、".join(labels.split()[:3])
    assert warning.zh == (
        f"a.csv:10：点号 {shown} 像是监测点或取样点，仍按首尾相连的面读取；若是单独的点，请在坐标前写明“监测点”，"
        "并用 --radius 说明半径"
    )
    assert warning.en.startswith(
        f"a.csv:10: the points {', '.join(labels.split()[:3])} are numbered like sampling points"
    )


def test_under_a_title_of_corners_or_closed_they_are_corners() -> None:
    assert judge("G1 G2 G3", above=[(5, "拐点坐标")]) == Judged()
    assert judge("G1 G2 G3", is_closed=True) == Judged()
    assert judge("G1 G2 J3") == Judged()


# --- Along a line ---


@pytest.mark.parametrize(
    ("labels", "word"),
    [
        ("K0+000 K1+200 K2+500", "K0+000～K2+500"),
        ("k0+000 k2+500", "K0+000～K2+500"),
        ("AK12+5 x AK13+55", "AK12+5～AK13+55"),
        ("起点 1 2 终点", "起点、终点"),
        ("管线起点 管线终点", "起点、终点"),
        ("K0+000", ""),
        ("K0+000 2", ""),
        ("1 K0+000", ""),
        ("起点 2", ""),
        ("终点 起点", ""),
        ("1 2 3", ""),
        ("XXXK0+000 XXXK1+000", ""),
    ],
)
def test_points_that_follow_a_line(labels: str, word: str) -> None:
    assert runs_along(track(labels)) == word
