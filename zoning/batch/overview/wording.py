"""The words of the map of a batch, in both languages."""

from zoning.texts import Text

WORDS: dict[str, Text] = {
    "heading": Text("批量研判", "Batch check"),
    "preliminary": Text("初步研判", "Preliminary check"),
    "sites": Text("{count} 个地块", "{count} footprints"),
    "on": Text("研判日期", "as of"),
    "decisions": Text("结论", "Decisions"),
    "decisions_note": Text("点选以显示或隐藏", "switch on and off"),
    "refused": Text("未研判", "Refused"),
    "find": Text("查找序号、编号或名称", "find a number, id or name"),
    "nothing_found": Text(
        "图上没有找到；没有图形的记录请查结果表",
        "not on the map; records with nothing to draw are in the table of results",
    ),
    "more_found": Text("还有更多，请输入更多文字", "there are more, type on"),
    "layers": Text("涉及的图层", "Layers touched"),
    "unchecked_layers": Text("数据缺失、未核查的图层", "Layers without data, not checked"),
    "rules": Text("决定结论的规则", "Deciding rules"),
    "row": Text("第 {number} 行", "row {number}"),
    "see_table": Text(
        "本页放不下这一行的内容，请查看结果表", "this page has no room for the row; see the table of results"
    ),
    "area": Text("面积", "area"),
    "touched": Text("涉及", "touches"),
    "nothing_touched": Text("不涉及任何图层", "touches no layer"),
    "nothing_known": Text("有数据的图层均不涉及", "touches no layer that has data"),
    "unchecked": Text("数据缺失，未核查", "no data, not checked"),
    "decided_by": Text("依据规则", "decided by"),
    "no_place": Text("{count} 条记录没有可画的图形", "{count} records have nothing to draw"),
    "left_out": Text("{count} 个地块超出本页容量，未画出", "{count} footprints are beyond what this page can hold"),
    "schematic": Text("示意数据，非法定边界", "Schematic data, no legal boundaries"),
    "fit": Text("显示全部", "show all"),
    "zoom_in": Text("放大", "zoom in"),
    "zoom_out": Text("缩小", "zoom out"),
    "close": Text("关闭", "close"),
    "show_map": Text("地图", "map"),
    "no_script": Text("地图需要 JavaScript。", "The map needs JavaScript."),
    "ha": Text("公顷", "ha"),
    "mu": Text("亩", "mu"),
}
