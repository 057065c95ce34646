"""The words of the map page, in both languages, and its figures with their units."""

from zoning.layers.catalogue import GROUPS
from zoning.quantities import format_length, hectares, mu
from zoning.rules.wording.words import DECISIONS, STATUSES
from zoning.texts import Language, Text

THEMES: dict[str, Text] = {"advice": Text("建议", "Advice"), **{str(name): title for name, title in GROUPS.items()}}
"""Headings of the layer tree, in their order."""
SECTIONS: dict[str, Text] = {
    "prohibited": Text("禁止", "Prohibiting"),
    "undetermined": Text(DECISIONS["undetermined"].zh, "Undetermined"),
    "restricted": Text("限制", "Restricting"),
    "duties": Text("要求与鼓励（不改变结论）", "Duties and encouragement (the decision stays)"),
    "open": Text("未定（不改变结论）", "Open, without weight for the decision"),
    "clear": Text("不适用", "Does not apply"),
}
# All of them are handed to the templates of workspaces, those of earlier versions too: they stay.
WORDS: dict[str, Text] = {
    "schematic": Text("示意数据，非法定边界", "Schematic data, no legal boundaries"),
    "preliminary": Text("初步研判", "Preliminary check"),
    "findings": Text("判定", "Findings"),
    "questions": Text("待回答的问题", "Questions to answer"),
    "more_questions": Text("另有 {count} 个问题", "{count} more questions"),
    "missing_layers": Text("待补齐的图层", "Layers to complete"),
    "layers": Text("图层", "Layers"),
    "legend": Text("图例", "Legend"),
    "legend_note": Text("只列当前图面上绘出的内容", "lists what is drawn in this view"),
    "neutral_style": Text("灰色虚线：该类没有自己的样式", "grey, dashed: the class has no style of its own"),
    "about": Text("说明", "About"),
    "site": Text("项目范围", "site"),
    "conflict": Text("冲突部分", "part in conflict"),
    "area": Text("面积", "area"),
    "on": Text("研判日期", "as of"),
    "territory": Text("辖区", "territory"),
    "zones": Text("{count} 处", "{count} zones"),
    "whole_site": Text("整个范围", "whole site"),
    "outside_zone": Text("区外部分", "part outside the zone"),
    "distance": Text("距离", "distance"),
    "conditions": Text("条件", "Conditions"),
    "reasons": Text("理由", "Why"),
    "missing": Text("尚缺", "Still unknown"),
    "citation": Text("依据", "Basis"),
    "superseded": Text("已被取代：", "superseded by "),
    "zone_area": Text("分区面积", "area of the zone"),
    "in_site": Text("与项目重叠", "overlap with the site"),
    "share": Text("占项目", "share of the site"),
    "zone_id": Text("编号", "id"),
    "zone_name": Text("名称", "name"),
    "layer": Text("图层", "layer"),
    "accuracy": Text("位置精度", "accuracy of the boundary"),
    "possibly": STATUSES["possible"],
    "nearest": Text("最近", "nearest"),
    "none_within": Text("范围内无", "none within"),
    "nothing_here": Text(
        "已打开的图层在此处没有分区。这不等于没有限制：请看未打开和未核查的图层。",
        "No zone of the layers that are switched on lies here. That does not mean that nothing holds: see what is "
        "switched off or not checked.",
    ),
    "off_sheet": Text("此处在图幅之外，未绘制分区。", "This place lies beyond the sheet: no zones are drawn here."),
    "uncovered": Text("图层未覆盖，未核查", "not covered by the layer, not checked"),
    "partly_uncovered": Text("图上划线部分数据缺失，未核查", "no data for the hatched part of the map, not checked"),
    "unchecked_here": Text("此处数据缺失，未核查：", "No data here, not checked: "),
    "not_drawn": Text("图幅内没有可绘内容", "nothing to draw on this sheet"),
    "relief": Text("地形晕渲", "shaded relief"),
    "background": Text("底图", "Background"),
    "zone": Text("CGCS2000 3° {zone}带", "CGCS2000 GK zone {zone}"),
    "fit": Text("回到项目", "back to the site"),
    "zoom_in": Text("放大", "zoom in"),
    "zoom_out": Text("缩小", "zoom out"),
    "print": Text("打印", "print"),
    "edition": Text("版本", "edition"),
    "rules_count": Text("条规则", "rules"),
    "repairs": Text("图形修复", "repairs"),
    "warnings": Text("提示", "remarks"),
    "data_state": Text("数据与程序", "Data and program"),
    "source": Text("边界文件", "boundary file"),
    "crs": Text("坐标系", "coordinate system"),
    "measuring": Text("量算", "measured in"),
    "digest": Text("摘要", "digest"),
    "sheet_note": Text(
        "图幅之外未绘制；形状仅供显示，面积以研判结果为准。",
        "Nothing is drawn beyond the sheet; shapes are for display, areas come from the verdict.",
    ),
    "no_script": Text(
        "此页的地图需要启用浏览器脚本；判定与图层列表不受影响。",
        "The map of this page needs scripts; findings and layers can be read without.",
    ),
    "show_map": Text("地图", "Map"),
}


def area_text(area_m2: float, language: Language) -> str:
    """Return an area as people hand it in.

    >>> area_text(12345.0, "en")
    '1.2345 ha (18.52 mu)'
    """
    ha, land = ("公顷", "亩") if language == "zh" else ("ha", "mu")
    return f"{hectares(area_m2):,.4f} {ha} ({mu(area_m2):,.2f} {land})"


def share_text(share: float) -> str:
    """Return a share of one in per cent; what is there never reads as 0.00 %.

    >>> share_text(0.23104), share_text(0.00001)
    ('23.10 %', '< 0.01 %')
    """
    percent = share * 100
    return "< 0.01 %" if 0 < percent < 0.005 else f"{percent:.2f} %"  # noqa: PLR2004 - what rounds to 0.01


def amount_text(area_m2: float | None, length_m: float | None, language: Language) -> str:
    """Return the area, or the length where there is no area."""
    if area_m2:
        return area_text(area_m2, language)
    return format_length(length_m) if length_m else ""
