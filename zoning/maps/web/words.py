"""The words of the zoning page, in both languages: the page carries both and switches without a network."""

from zoning.layers.catalogue import Group
from zoning.maps.wording import WORDS as SITE_WORDS
from zoning.texts import Text

GROUPS: dict[Group, Text] = {
    "protection": Text("保护", "Protection"),
    "agriculture": Text("农业", "Farmland"),
    "town": Text("城镇", "Towns"),
    "control": Text("管控", "Control units"),
    "risk": Text("风险", "Risks"),
    "base": Text("现状", "Existing situation"),
}

WORDS: dict[str, Text] = {
    **{
        name: SITE_WORDS[name]
        for name in (
            "schematic",
            "layers",
            "legend",
            "legend_note",
            "neutral_style",
            "about",
            "zone_id",
            "layer",
            "citation",
            "background",
            "relief",
            "zoom_in",
            "zoom_out",
            "print",
            "zone",
            "no_script",
            "edition",
            "accuracy",
        )
    },
    "not_drawn": Text("有分区，本图未画出", "has zones, not drawn on this map"),
    "busy": Text("正在绘制……尚未画完，空白处不代表没有分区", "Drawing … not complete yet: blank land is not free land"),
    "whole": Text("回到全图", "whole map"),
    "none_on": Text("当前视图内没有打开的图层内容。", "Nothing that is switched on lies in this view."),
    "hectares": Text("面积（公顷）", "area (ha)"),
    "skip": Text("跳到地图", "Skip to the map"),
    "skip_list": Text("跳到分区清单", "Skip to the list of zones"),
    "map_label": Text(
        "地图。方向键平移，加减键缩放，回车键列出十字所在处的分区。",
        "Map. Arrow keys move it, plus and minus zoom, Enter lists the zones under the cross.",
    ),
    "preliminary": Text("仅供查阅，不作为审批依据", "for information, no basis for approval"),
    "as_of": Text("版本截至", "editions of"),
    "area": Text("面积", "area"),
    "strip_area": Text("图示沿岸范围 {area}", "strip shown: {area}"),
    "search": Text("搜索分区名称、单元编码、图斑编号或经纬度", "Find a zone, a unit code, a parcel number or a place"),
    "search_short": Text("搜索名称、编码、图斑或坐标", "Find a name, code, parcel, place"),
    "search_none": Text("没有找到“{text}”。", "Nothing found for “{text}”."),
    "search_more": Text("还有 {count} 条，请输入更多字。", "{count} more: type more letters."),
    "results": Text("搜索结果", "results"),
    "place": Text("位置", "place"),
    "zones": Text("分区清单", "List of zones"),
    "zones_of": Text("图层", "layer"),
    "name": Text("名称", "name"),
    "class": Text("类别", "class"),
    "more": Text("再显示 {count} 条", "{count} more"),
    "shown_of": Text("显示 {shown} / {count}", "{shown} of {count} shown"),
    "count": Text("{count} 处", "{count} zones"),
    "opacity": Text("不透明度", "opacity"),
    "here": Text("此处的分区", "Zones at this place"),
    "close": Text("关闭", "Close"),
    "nothing_here": Text(
        "已打开的图层在此处没有分区。这不等于没有限制：请看下面未打开和未核查的图层。",
        "No layer that is switched on has a zone here. That does not mean that nothing holds: see what is switched off "
        "or not checked below.",
    ),
    "outside": Text(
        "此处在{name}之外：本图不说明这里的分区。", "This place lies outside {name}: the map does not tell of it."
    ),
    "unchecked_here": Text("数据缺失，未核查", "no data, not checked"),
    "unchecked_intro": Text(
        "以下图层在此处没有数据，不得视为不涉及：",
        "These layers have no data here; do not read them as “not affected”:",
    ),
    "off_here": Text(
        "未打开的图层在此处还有 {count} 个分区：", "Layers that are switched off have {count} more zones here:"
    ),
    "off_or_scale_here": Text(
        "未打开或在当前比例尺下不画的图层在此处还有 {count} 个分区：",
        "Layers that are switched off, or not drawn at this scale, have {count} more zones here:",
    ),
    "scale_from": Text(
        "当前约 1:{now}，本图层放大到 1:{coarsest} 起才画出",
        "not drawn at about 1:{now}: zoom in to 1:{coarsest}",
    ),
    "scale_to": Text(
        "当前约 1:{now}，本图层缩小到 1:{finest} 起才画出",
        "not drawn at about 1:{now}: zoom out to 1:{finest}",
    ),
    "scale_between": Text(
        "当前约 1:{now}，本图层只在 1:{finest} 至 1:{coarsest} 画出",
        "not drawn at about 1:{now}: only from 1:{finest} to 1:{coarsest}",
    ),
    "none_here": Text("已加载，此处没有分区：", "Loaded, no zone here: "),
    "doubtful": Text("位于边界精度之内，可能涉及", "within the accuracy of the boundary, possibly affected"),
    "line_near": Text("距此处约 {metres} 米", "about {metres} m from this place"),
    "zone_area": Text("整个分区面积", "area of the whole zone"),
    "line_zone": Text("线状，无面积", "a line, no area"),
    "rules": Text("引用这一类别的规则", "Rules that name this class"),
    "rules_note": Text(
        "是否适用取决于项目，以 zoning check 的研判为准。",
        "Whether one applies depends on the project: zoning check tells.",
    ),
    "no_rules": Text("规则库中没有引用这一类别的规则。", "No rule of the rule base names this class."),
    "unverified": Text("待核实", "not verified"),
    "access": Text("准入清单", "Access list"),
    "no_list": Text("该单元没有自己的清单，未核查。", "This unit has no list of its own: not checked."),
    "list_schematic": Text("示意清单，非发布文件", "schematic list, not published"),
    "no_data": Text("数据缺失，未核查", "no data, not checked"),
    "empty": Text("已加载，本区没有", "loaded, none here"),
    "partly_uncovered": Text("部分范围无数据，未核查", "no data for a part, not checked"),
    "uncovered": Text("图层未覆盖，未核查", "not covered by the layer, not checked"),
    "dot": Text("很小的分区（放大后显示形状）", "very small zone (its shape when enlarged)"),
    "frame": Text("本图范围", "land of this map"),
    "measure_distance": Text("量距离", "Measure a distance"),
    "measure_area": Text("量面积", "Measure an area"),
    "measure_hint": Text(
        "点击加点；双击或回车结束；退格删去一点；Esc 取消",
        "Click to add points; double-click or Enter ends; Backspace takes one back; Esc cancels",
    ),
    "measured_distance": Text("椭球面长度", "length on the ellipsoid"),
    "measured_area": Text("椭球面积", "area on the ellipsoid"),
    "measured_perimeter": Text("周长", "perimeter"),
    "measure_clear": Text("清除", "Clear"),
    "language": Text("EN", "中文"),
    "language_label": Text("EN: switch to English", "中文：切换到中文"),
    "link": Text("复制本视图的链接", "Copy a link to this view"),
    "link_done": Text("链接已复制", "link copied"),
    "all_on": Text("全部打开", "all on"),
    "all_off": Text("全部关闭", "all off"),
    "fallback": Text(
        "本机浏览器没有显卡加速（WebGL），大图层已改用普通绘图：内容完整，移动可能较慢。",
        "This browser has no hardware WebGL: large layers are drawn without it, complete but perhaps slower.",
    ),
    "old_browser": Text(
        "浏览器太旧，不能解开图层“{layer}”：它没有画出，未核查。请换用较新的浏览器。",
        "This browser is too old to unpack the layer “{layer}”: it is not drawn, not checked. Use a newer one.",
    ),
    "shapes_note": Text(
        "边界为显示而简化，偏移约 {metres} 米以内；面积为整个分区的椭球面积，由研判引擎算得，不由图形量得。",
        "Borders are simplified for display by about {metres} m at most; areas are those of the whole zones on the "
        "ellipsoid, from the checking engine, never from what is drawn.",
    ),
    "clipped_note": Text("分区画到本图范围为止。", "Zones are drawn up to the border of the land of this map."),
    "crs_note": Text(
        "坐标：2000国家大地坐标系（CGCS2000），高斯—克吕格3度带。",
        "Coordinates: CGCS2000, Gauss-Krüger in 3-degree zones.",
    ),
    "data": Text("数据", "Data"),
    "source": Text("来源", "source"),
    "authority": Text("主管部门", "authority"),
    "maker": Text("制图", "made by"),
    "made_on": Text("制图日期", "made on"),
    "program": Text("程序", "program"),
    "on_map": Text("在图上看", "show on the map"),
    "in_land": Text("区内合计", "total in the area"),
    "tools": Text("地图工具", "map tools"),
    "hectare": Text("公顷", "ha"),
    "mu": Text("亩", "mu"),
    "contacts": Text("责任人", "People in charge"),
    "contacts_more": Text("另有 {count} 处，点选图上的分区查看", "{count} more: click a zone on the map"),
}
