"""The words of the dashboard in both languages: the page carries both and switches without a network."""

from zoning.maps.web.words import OF_ALL_MAPS
from zoning.maps.web.words import WORDS as MAP_WORDS
from zoning.texts import Text

WORDS: dict[str, Text] = {
    **{name: MAP_WORDS[name] for name in OF_ALL_MAPS},
    "kicker": Text("修复工作台", "Restoration desk"),
    "count": Text("{count} 个{item}", "{count} {item}"),
    "on": Text("截至", "as of"),
    "overdue": Text("超期", "overdue"),
    "soon": Text("即将到期", "due soon"),
    "overdue_count": Text("{count} 个超期", "{count} overdue"),
    "soon_count": Text("{count} 个即将到期", "{count} due soon"),
    "none_due": Text("没有超期", "nothing overdue"),
    "all": Text("全部", "all"),
    "find": Text("查找编号、名称、乡镇或坐标", "find a number, name, township or place"),
    "search_none": Text("台账中没有“{text}”", "“{text}” is not in the register"),
    "colour_by": Text("地图按此着色", "Colour the map by"),
    "overview": Text("概况", "Overview"),
    "charts": Text("图表", "Charts"),
    "list": Text("清单", "List"),
    "skip_list": Text("跳到清单", "Skip to the list"),
    "group": Text("乡镇", "township"),
    "filter_due": Text("期限", "deadline"),
    "sort": Text("排序", "order"),
    "sort_rank": Text("按优先顺序", "by priority"),
    "sort_area": Text("按面积", "by area"),
    "sort_id": Text("按编号", "by number"),
    "rank": Text("顺序", "rank"),
    "rank_of": Text("优先顺序第 {rank} 位", "priority {rank}"),
    "parcel": Text("编号、名称", "number, name"),
    "area_ha": Text("面积（公顷）", "area (ha)"),
    "area": Text("面积", "area"),
    "no_place": Text("没有位置，图上不显示", "no place: not on the map"),
    "no_place_count": Text("{count} 个没有位置，只在清单中", "{count} without a place, in the list only"),
    "photos_left_out": Text(
        "{count} 张照片超出本页容量；见台账的附件", "{count} pictures are beyond this page; see the register"
    ),
    "map_label": Text(
        "地图。方向键平移，加减键缩放，回车键打开十字所在处的对象。",
        "Map. Arrow keys move it, plus and minus zoom, Enter opens what is under the cross.",
    ),
    "none_at_cross": Text("十字所在处没有对象", "nothing under the cross"),
    "measured": Text("实测", "measured"),
    "reference": Text("参照区", "reference area"),
    "target": Text("目标", "target"),
    "no_value": Text("无有效像元", "no valid pixels"),
    "shapes_note": Text(
        "轮廓为显示而简化（约 2 米）；面积为椭球面积，由引擎算得，不由图形量得。",
        "Outlines are simplified for display (about 2 m); areas are those on the ellipsoid, never measured from what "
        "is drawn.",
    ),
    "fit": Text("显示全部", "show all"),
    "no_script": Text("本页需要 JavaScript。", "This page needs JavaScript."),
    "too_old": Text(
        "浏览器太旧，读不了压缩的内容：请用 2020 年以后的 Chrome、Edge，或 2023 年以后的 Firefox、Safari。",
        "This browser is too old for this page: take Chrome or Edge of 2020, Firefox or Safari of 2023, or later.",
    ),
    "back": Text("返回", "back"),
}
