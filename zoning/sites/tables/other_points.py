"""Points that are no corners: sampling points, boreholes, control points, villages; joined they are a false area."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zoning.errors import SiteError
from zoning.sites.limits import Options
from zoning.sites.tables.grid import Track
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.signs import compact
from zoning.sites.where import printable
from zoning.texts import Text

_OTHER = re.compile(
    r"(?:监测|采样|取样|监控|观测)(?:点|井|孔|断面|位置|布|坐标|编号)|布点(?:坐标|位置|图|$)|敏感(?:点|目标|对象)|(?:环境|保护)目标|村庄坐标|居民点"
    r"|钻孔|钻井|探井|探孔|[水泉]井(?![村乡镇沟庄])|井[口位]|号井|主井|副井|风井|泉[点眼]|排气筒|排[放污]口|排口|风机|机位|塔[基位号]|杆塔|基站|站点"
    r"|控制点|(?<![监检])测站|基准点|水准点|已知点|校核点|检查点|gps点|中心[:为是]*$|sampling|monitoring(?:point|well|site)|borehole|(?<![a-z])wells?(?![a-z])"
    r"|controlpoint|outfall|villages?(?![a-z])"
)
# The last word of a line decides: 钻井井场坐标 is an outline, 用地监测点 is not.
_CORNER = re.compile(
    r"拐点|界址|角点|折点|边界点|边界坐标|界桩|四至|红线|范围|[占用征]地|场地|井场|站场|场站|厂区(?!中心)|矿区|地块|宗地|corner|boundary|outline"
    r"|vert(?:ex|ices)"
)
_STRONG_LABEL = re.compile(r"(?:zk|ck|sk|xk|jk|bh|da|dw|mw|gps|gcp|jc|cy|qy)[-_]?[0-9]{1,4}#?")
_WEAK_LABEL = re.compile(r"(?:g|w|n|s|t|sw|gw|dx|tr|zs)[-_]?[0-9]{1,3}#?")
_NAMED = re.compile(r"[\u4e00-\u9fff]{2,12}")
# Most labels, of a hundred thousand points.
_NUMBERED = re.compile(r"[A-Za-z]?[0-9]+")
# 东至 X=..., 南至 X=...: how far it reaches on each side.
_SIDES = re.compile(r"[东南西北]至")
_CHAINAGE = re.compile(r"(?<![a-z])[a-z]{0,2}k[0-9]{1,4}\+[0-9]{1,3}")
# What a corner may be called: 东北角, 第三点, 起点.
_PLAIN = re.compile(
    r"[一二三四五六七八九十甲乙丙丁第号个点位角桩界拐址顶折编序东南西北上下左右中首末起终止至端侧边处线经度纬坐标纵横为及和向沿由到从转回其约米]+"
)
_LONGEST_SHOWN = 20
_FEWEST = 2
_SIDE_COUNT = 4
_NAMED_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of the check.

    Attributes
    ----------
    separate
        Every point is a site of its own.
    """

    separate: bool = False
    warnings: tuple[Text, ...] = ()


def judged(track: Track, options: Options, *, is_closed: bool) -> Judged:
    """Tell corners from other points by what is written beside and above them.

    Parameters
    ----------
    is_closed
        The last point is the first: they are corners, whatever they are called.

    Raises
    ------
    SiteError
        When some of the points are no corners, or all of them and no size is given.
    """
    if len(track) < _FEWEST or any(_said(track, role) for role in (Role.KIND, Role.RADIUS, Role.DIAMETER)):
        return Judged()
    words = _numbered(track) or [_own(track, i) for i in range(len(track))]
    captions = _captions(track)
    if len(words) == _SIDE_COUNT == len({side for word in words for side in _SIDES.findall(word)}):
        raise _only_sides(track)
    others = [i for i in range(len(track)) if _is_other(words[i], captions[i])]
    if others and len(others) < len(track):
        at = others[0]
        raise _mixed(track, others, words[at] if _kind(words[at]) else captions[at])
    if is_closed:
        return Judged()
    word = (words[0] if _kind(words[0]) else captions[0]) if others else _names(words)
    if word:
        if options.radius_m is not None or options.area_m2 is not None:
            return Judged(separate=True)
        raise _all(track, word)
    if all(_WEAK_LABEL.fullmatch(compact(label)) for label in track.labels) and _kind(captions[0]) != "corner":
        return Judged(warnings=(_weak(track),))
    return Judged()


def runs_along(track: Track) -> str:
    """Return what makes the points of a track follow a line: chainages, or a beginning and an end; else empty."""
    if len(track) < _FEWEST:
        return ""
    first, last = compact(_own(track, 0)), compact(_own(track, len(track) - 1))
    chainage, end = _CHAINAGE.search(first), _CHAINAGE.search(last)
    if chainage and end:
        return f"{chainage[0]}～{end[0]}".upper()
    return "起点、终点" if "起点" in first and "终点" in last else ""


def _said(track: Track, role: Role) -> bool:
    return any(track.fields.get(role) or ())


def _numbered(track: Track) -> list[str]:
    """Return the numbers of a column such as 编号 where all are those of boreholes and the like, each another one."""
    values = track.fields.get(Role.LABEL) or []
    if len(set(values)) == len(values) and all(_STRONG_LABEL.fullmatch(compact(value)) for value in values):
        return list(values)
    return []


def _own(track: Track, index: int) -> str:
    """Return what is written beside a point."""
    if index < len(track.words) and track.words[index].strip():
        return track.words[index].strip()
    columns = [track.labels, track.fields.get(Role.LABEL) or []]
    return " ".join(values[index] for values in columns if values and values[index])


def _captions(track: Track) -> list[str]:
    """Return for every point the nearest line above that tells what points follow, empty where none does."""
    rows = set(track.rows)
    telling = [(line, text) for line, text in track.statements.texts if line not in rows and _kind(text)]
    found, position, last = [], 0, ""
    for row in track.rows:
        while position < len(telling) and telling[position][0] < row:
            last = telling[position][1]
            position += 1
        found.append(last)
    return found


def _kind(text: str) -> Literal["other", "corner", ""]:
    """Tell what a text speaks of: its last word decides."""
    if not text or _NUMBERED.fullmatch(text):
        return ""
    word = compact(text)
    other, corner = (max((match.end() for match in one.finditer(word)), default=0) for one in (_OTHER, _CORNER))
    if other > corner or _STRONG_LABEL.fullmatch(word):
        return "other"
    return "corner" if corner else ""


def _is_other(own: str, caption: str) -> bool:
    return (_kind(own) or _kind(caption)) == "other"


def _names(words: Sequence[str]) -> str:
    """Return the names of points that all bear names of their own, such as those of villages."""
    if len(words) < _NAMED_FEWEST or not all(_name(word) for word in words):
        return ""
    names = [_name(word) for word in words]
    if len(set(names)) < len(names):
        return ""
    return "、".join(names[:_NAMED_FEWEST])


def _name(word: str) -> str:
    if _kind(word) == "corner":
        return ""
    found = [text for text in _NAMED.findall(compact(word)) if len(_PLAIN.sub("", text)) > 1]
    return found[0] if len(found) == 1 else ""


def _mixed(track: Track, others: list[int], word: str) -> SiteError:
    shown, rest = _shown(word), len(track) - len(others)
    return track.place(others[0]).error(
        f"“{shown}” 的坐标看来不是界址点（共 {len(others)} 个，其余 {rest} 个点像是界址点）；请只保留界址点的坐标",
        f"“{shown}” seems to be no corner ({len(others)} such points, {rest} others seem to be corners); keep only the "
        "coordinates of the corners",
    )


def _shown(word: str) -> str:
    return printable(word)[:_LONGEST_SHOWN].strip(" :：,，、")


def _only_sides(track: Track) -> SiteError:
    return track.place(0).error(
        "东至、南至、西至、北至的 4 个坐标是四至，只说明范围伸到哪里，不是依次的拐点；请提供各拐点的坐标",
        "the 4 coordinates say how far it reaches east, south, west and north, not its corners in their order; give "
        "the coordinates of every corner",
    )


def _all(track: Track, word: str) -> SiteError:
    shown = _shown(word)
    return track.place(0).error(
        f"按“{shown}”看，{len(track)} 个点是各自单独的点，不是一个面的拐点；若是单独的点请用 --radius 说明半径（米）"
        "或用 --area 说明面积；若是范围，请在坐标前写明“拐点坐标”",
        f"“{shown}” says that the {len(track)} points are separate ones and not the corners of a polygon; for separate "
        "points give their radius in metres with --radius or their area with --area; for an outline write 拐点坐标 "
        "(corners) above them",
    )


def _weak(track: Track) -> Text:
    names = track.labels[:_NAMED_FEWEST]
    return track.place(0).sentence(
        f"点号 {'、'.join(names)} 像是监测点或取样点，仍按首尾相连的面读取；若是单独的点，请在坐标前写明“监测点”，"
        "并用 --radius 说明半径",
        f"the points {', '.join(names)} are numbered like sampling points, but were joined to a polygon; if they are "
        "separate, write 监测点 (monitoring points) above them and give --radius",
    )
