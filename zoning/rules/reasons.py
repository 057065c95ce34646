"""The sentences that say why a place answers as it does: amounts, names of zones and classes, missing data."""

from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import ClassOverlap, LayerOverlap
from zoning.quantities import format_area, format_length, format_share
from zoning.rules.truth import Place, Truth
from zoning.texts import Text


def share_of(share: float, *, of_part: bool) -> Text:
    """Return a share, and of what, where it is only of the part of a site that lies in one territory.

    >>> share_of(1.0, of_part=True).en
    '100.00 % of the part inside the territory'
    """
    percent = format_share(share)
    if not of_part:
        return Text(percent, percent)
    return Text(f"占辖区内部分的 {percent}", f"{percent} of the part inside the territory")


def amount_of(layer: Layer, found: ClassOverlap, *, of_part: bool = False) -> Text:
    """Return the size of an overlap: area and share, or the length of lines; `of_part`: see `share_of`."""
    if layer.geometry == "line":
        length = format_length(found.length_m)
        return Text(length, length)
    area, share = format_area(found.overlap_m2), share_of(found.share, of_part=of_part)
    return Text(f"{area.zh}，{share.zh}", f"{area.en}, {share.en}")


def zone_name(layer: Layer, found: ClassOverlap) -> Text:
    """Return class and names of the zones, at most three."""
    title = layer.classes[found.class_id].title
    names = "、".join(dict.fromkeys(zone.name for zone in found.zones[:3] if zone.name))
    more = " …" if len(found.zones) > 3 else ""  # noqa: PLR2004 - three zones are named
    if not names:
        return title
    return Text(f"{title.zh}（{names}{more}）", f"{title.en} ({names}{more})")


def overlap_reason(layer: Layer, found: ClassOverlap, *, of_part: bool = False) -> Text:
    """Say what is overlapped, and by how much; `of_part`: see `share_of`."""
    name = zone_name(layer, found)
    amount = amount_of(layer, found, of_part=of_part)
    text = Text(f"与{name.zh}重叠 {amount.zh}", f"overlaps {name.en} by {amount.en}")
    if not found.assumed:
        return text
    return Text(
        f"{text.zh}；该区未注明级别，按最严级别处理", f"{text.en}; the zone bears no class: the strictest is assumed"
    )


def possible_reason(layer: Layer, found: ClassOverlap, accuracy: Text) -> Text:
    """Say that the accuracy leaves it open."""
    name = zone_name(layer, found)
    return Text(
        f"在{accuracy.zh}之内可能涉及{name.zh}，需实测界线",
        f"may touch {name.en} within the {accuracy.en}: survey the boundary",
    )


def unleveled_reason(layer: Layer, wanted: tuple[str, ...]) -> Text:
    """Say that a zone without a class leaves it open."""
    names_zh, names_en = class_names(layer, wanted)
    return Text(
        f"{layer.title.zh}中有未注明级别的区，不能判断是否属于{names_zh}",
        f"{layer.title.en}: a zone bears no class, whether it is {names_en} cannot be told",
    )


def level_reason(layer: Layer, class_id: str, wanted: tuple[str, ...]) -> Text:
    """Say that the edition tells a coarser class only."""
    title = layer.classes[class_id].title
    names_zh, names_en = class_names(layer, wanted)
    return Text(
        f"现行版本图层只标注“{title.zh}”，不能判断是否属于{names_zh}",
        f"the edition says only '{title.en}': whether it is {names_en} cannot be told",
    )


def class_names(layer: Layer, wanted: tuple[str, ...]) -> tuple[str, str]:
    """Return the names of classes, of the layer when all are meant."""
    if set(wanted) == set(layer.classes):
        return layer.title.zh, layer.title.en
    titles = [layer.classes[name].title for name in wanted if name in layer.classes]
    return "、".join(title.zh for title in titles), ", ".join(title.en for title in titles)


def no_data(layer: Layer, overlap: LayerOverlap) -> Place:
    """Return the answer where the layer has no data."""
    reason = overlap.reason or Text("部分范围不在图层覆盖之内", "a part lies outside the layer's coverage")
    text = Text(
        f"{layer.title.zh}数据缺失，未核查：{reason.zh}", f"{layer.title.en}: no data, not checked: {reason.en}"
    )
    return Place(Truth.UNKNOWN, text, layer.id, missing_layer=layer.id)


def beyond_coverage(layer: Layer, overlap: LayerOverlap, limit: str) -> Place:
    """Return the answer where the layer ends before the distance of the rule."""
    if overlap.status == "no_data" or overlap.uncovered_m2 > 0:
        return no_data(layer, overlap)
    reach = format_length(overlap.covered_reach_m)
    text = Text(
        f"{layer.title.zh}只覆盖到地块周围 {reach}，不足规定的 {limit}，不能排除",
        f"{layer.title.en} has data only {reach} around the site, less than the {limit} of the rule",
    )
    return Place(Truth.UNKNOWN, text, layer.id, missing_layer=layer.id)


def limit_reason(reason: Text, amount_shown: str, *, within: bool) -> Text:
    """Return a reason with what the limit of the rule makes of the amount."""
    if within:
        return Text(
            f"{reason.zh}；{amount_shown} 与规定的界限之差在位置精度之内，需实测",
            f"{reason.en}; the limit of the rule lies within the positional accuracy: survey the boundary",
        )
    return Text(f"{reason.zh}；未达到规定的界限", f"{reason.en}; the limit of the rule is not reached")
