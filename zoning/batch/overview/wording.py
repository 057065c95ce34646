"""The words of the map of a batch, in both languages: the page carries both and switches without a network."""

from zoning.maps.web.words import OF_ALL_MAPS
from zoning.maps.web.words import WORDS as MAP_WORDS
from zoning.rules.wording.words import STATUSES
from zoning.texts import Text

WORDS: dict[str, Text] = {
    **{name: MAP_WORDS[name] for name in OF_ALL_MAPS},
    "legend_note": MAP_WORDS["legend_note"],
    "heading": Text("批量研判", "Batch check"),
    "preliminary": Text("初步研判，不作为审批依据", "preliminary, no basis for approval"),
    "sites": Text("{count} 个地块", "{count} footprints"),
    "sites_one": Text("{count} 个地块", "{count} footprint"),
    "on": Text("研判日期", "as of"),
    "decisions": Text("结论", "Decisions"),
    "decisions_note": Text("点选以显示或隐藏", "switch on and off"),
    "refused": Text("未研判", "Refused"),
    "find": Text("查找序号、编号、名称或坐标", "find a number, id, name or place"),
    "search_none": Text(
        "图上没有找到“{text}”；没有图形的记录请查结果表",
        "“{text}” is not on the map; records with nothing to draw are in the table of results",
    ),
    "list": Text("地块清单", "List of footprints"),
    "skip_list": Text("跳到地块清单", "Skip to the list of footprints"),
    "number": Text("序号", "row"),
    "area_ha": Text("面积（公顷）", "area (ha)"),
    "map_label": Text(
        "地图。方向键平移，加减键缩放，回车键显示十字所在处的地块。",
        "Map. Arrow keys move it, plus and minus zoom, Enter shows the footprint under the cross.",
    ),
    "none_at_cross": Text("十字所在处没有地块", "no footprint under the cross"),
    "layers": Text("涉及的图层", "Layers touched"),
    "unchecked_layers": Text("数据缺失、未核查的图层", "Layers without data, not checked"),
    "rules": Text("决定结论的规则", "Deciding rules"),
    "row": Text("第 {number} 行", "row {number}"),
    "see_table": Text(
        "本页放不下这一行的内容，请查看结果表", "this page has no room for the row; see the table of results"
    ),
    "touched": Text("涉及", "touches"),
    "nothing_touched": Text("不涉及任何图层", "touches no layer"),
    "nothing_known": Text("有数据的图层均不涉及", "touches no layer that has data"),
    "unchecked": STATUSES["no_data"],
    "decided_by": Text("依据规则", "decided by"),
    "no_place": Text("{count} 条记录没有可画的图形", "{count} records have nothing to draw"),
    "no_place_one": Text("{count} 条记录没有可画的图形", "{count} record has nothing to draw"),
    "left_out": Text("{count} 个地块超出本页容量，未画出", "{count} footprints are beyond what this page can hold"),
    "left_out_one": Text("{count} 个地块超出本页容量，未画出", "{count} footprint is beyond what this page can hold"),
    "shapes_note": Text(
        "轮廓为显示而简化（约 2 米）；面积为椭球面积，由研判引擎算得，不由图形量得。",
        "Outlines are simplified for display (about 2 m); areas are those on the ellipsoid from the checking engine, "
        "never from what is drawn.",
    ),
    "fit": Text("显示全部", "show all"),
    "no_script": Text("地图需要 JavaScript。", "The map needs JavaScript."),
}
