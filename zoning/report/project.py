"""Section 1: the project, its place, its boundary, and what is known of it."""

import shapely

from zoning.quantities import format_share
from zoning.report.coordinates import Points, point_table, zone_text
from zoning.report.document import Block, Cell, Column, Number, Paragraph, Section, Table
from zoning.report.source import Source
from zoning.report.wording import TITLES
from zoning.rules.facts import parse_facts
from zoning.rules.wording.territories import territories_text
from zoning.rules.wording.values import value_text
from zoning.sites.crs.zones import label
from zoning.texts import Text

_LARGE_DIFFERENCE = 0.01
"""Stated and measured area of a plot may differ by one per cent before reviewers ask."""
_TOLD = Text("申请人说明", "told")


def project_section(source: Source, points: Points) -> Section:
    """Return the section.

    Raises
    ------
    ContentError
        When a fact of the verdict is none of the workspace.
    """
    blocks: list[Block] = [_facts_of_site(source), _areas(source)]
    blocks.extend(_stated_area(source))
    blocks.extend(Paragraph(source.say(text), "warning") for text in source.verdict.site.warnings)
    blocks.extend(_project_facts(source))
    blocks.extend(_coordinates(source, points))
    return Section("project", "1", source.say(TITLES["project"]), tuple(blocks))


def pairs(table_id: str, rows: list[tuple[str, str]]) -> Table:
    """Return a table of names and values."""
    return Table(table_id, (Column("", weight=1.0), Column("", weight=4.0)), tuple(rows), pairs=True)


def place_text(source: Source) -> str:
    """Return territory and township."""
    names = territories_text(source.verdict.site.territories, source.parts.territories)
    zones = [
        zone.name
        for layer in source.parts.content.place_layers
        if (entry := source.layer(layer)) is not None
        for found in entry.classes
        for zone in found.zones
        if zone.name
    ]
    return source.join([source.say(names), *dict.fromkeys(zones)])


def _facts_of_site(source: Source) -> Table:
    site, footprint = source.verdict.site, source.examination.footprint
    lon, lat = site.centre
    degrees = source.say(Text(f"东经 {lon:.6f}°，北纬 {lat:.6f}°", f"{lon:.6f}°E, {lat:.6f}°N"))
    quality = site.quality
    shape = ""
    if quality is not None:
        shape = source.say(
            Text(
                f"{quality.parts} 个部分，{quality.rings} 个圈（内圈 {quality.holes} 个），{quality.vertices} 个界址点",
                f"parts: {quality.parts}, rings: {quality.rings} (holes: {quality.holes}), points: {quality.vertices}",
            )
        )
    decided = footprint.site.crs_decision
    told: list[tuple[Text, str]] = [
        (Text("项目（地块）名称", "project (site)"), site.name or site.id),
        (Text("建设单位", "applicant"), source.applicant or source.say(Text("（未提供）", "(not given)"))),
        (Text("所在地", "place"), place_text(source)),
        (Text("中心点", "centre"), degrees),
        (Text("边界文件", "boundary file"), site.source),
        (Text("坐标系", "coordinate system"), source.say(label(site.crs))),
        (Text("坐标系依据", "decided by"), "" if decided is None else source.say(decided)),
        (Text("坐标转换", "conversion"), "" if site.conversion is None else source.say(site.conversion)),
        (Text("地块精度", "accuracy of the site"), f"{site.accuracy_m:g} m" if site.accuracy_m else ""),
        (Text("图形组成", "shape"), shape),
        (
            Text("线宽或点的直径", "width of the line"),
            f"{width:g} m" if (width := source.verdict.trace.width_m) else "",
        ),
        (Text("图形修复", "repairs"), _repairs(source)),
        (Text("量算方法", "measured"), source.say(site.edge_model)),
    ]
    return pairs("site", [(source.say(name), value) for name, value in told if value])


def _repairs(source: Source) -> str:
    repairs = source.verdict.site.repairs
    if not repairs:
        return source.say(Text("无", "none"))
    change = sum(repair.area_change_m2 for repair in repairs)
    told = source.sentences(repair.text for repair in repairs)
    return told + source.aside(
        source.say(Text(f"面积共改变 {change:,.2f} m²", f"area changed by {change:,.2f} m² in all"))
    )


def _areas(source: Source) -> Table:
    site = source.verdict.site
    columns = (
        Column(source.say(Text("项目范围", "site")), weight=2.0),
        Column(source.say(Text("椭球面积", "area on the ellipsoid")), "m²", numeric=True),
        Column(source.say(Text("折合", "the same")), source.say(Text("公顷", "ha")), numeric=True),
        Column(source.say(Text("折合", "the same")), source.say(Text("亩", "mu")), numeric=True),
    )
    row: tuple[Cell, ...] = (
        site.name or site.id,
        Number(site.area_m2, 2),
        Number(site.area_ha, 4),
        Number(site.area_mu, 2),
    )
    return Table("areas", columns, (row,))


def _stated_area(source: Source) -> list[Paragraph]:
    site = source.verdict.site
    if not site.stated_area_m2:
        return []
    difference = site.area_m2 - site.stated_area_m2
    share = format_share(abs(difference) / site.stated_area_m2)
    large = abs(difference) > _LARGE_DIFFERENCE * site.stated_area_m2
    note = Text("，超过 1 %，请核对", ", more than 1 %: compare them") if large else Text("", "")
    text = Text(
        f"边界文件所写面积 {site.stated_area_m2:,.2f} m²，与量算面积相差 {difference:+,.2f} m²（{share}）{note.zh}。",
        f"The file states {site.stated_area_m2:,.2f} m²; the measured area differs by {difference:+,.2f} m² "
        f"({share}){note.en}.",
    )
    return [Paragraph(source.say(text), "warning" if large else "note")]


def _project_facts(source: Source) -> list[Block]:
    vocabulary = source.parts.rulebook.vocabulary
    told = {name: value for name, value in source.verdict.trace.facts.items() if name in vocabulary.facts}
    sheet = parse_facts(vocabulary, told, "trace.facts")
    rows: list[tuple[Cell, ...]] = [
        (
            source.say(vocabulary.facts[name].title),
            source.say(value_text(vocabulary.facts[name], value)),
            source.say(source.facts_from.get(name, _TOLD)),
        )
        for name, value in sheet.values.items()
    ]
    for one in source.verdict.trace.derived:
        fact = vocabulary.facts.get(one.fact)
        if fact is not None:
            words = [fact.values.get(word, Text(word, word)) for word in one.value]
            because = source.say(Text("推得：", "follows from: ")) + source.say(one.basis)
            rows.append((source.say(fact.title), source.join(source.say(_yes_no(text)) for text in words), because))
    heading = Paragraph(source.say(Text("项目情况", "What is known of the project")), "heading")
    if not rows:
        none = Text("没有提供项目情况。", "Nothing was told of the project.")
        return [heading, Paragraph(source.say(none), "warning")]
    columns = (
        Column(source.say(Text("事项", "fact")), weight=1.4),
        Column(source.say(Text("内容", "answer")), weight=1.4),
        Column(source.say(Text("来源", "source")), weight=1.6),
    )
    open_ = source.say(Text("未列出的事项均为不详。", "What is not listed is not known."))
    return [heading, Table("facts", columns, tuple(rows)), Paragraph(open_, "note")]


def _yes_no(text: Text) -> Text:
    return {"yes": Text("是", "yes"), "no": Text("否", "no")}.get(text.en, text)


def _coordinates(source: Source, points: Points) -> list[Block]:
    drawn_thin = source.verdict.trace.width_m is not None
    title = Text("中心线或点位坐标", "Points of the line") if drawn_thin else Text("界址点坐标", "Boundary points")
    heading = Paragraph(source.say(title), "heading")
    system = Paragraph(
        source.say(zone_text(points.crs)) + source.say(Text("；经纬度为 CGCS2000。", "; degrees on CGCS2000.")), "note"
    )
    if len(points.points) <= source.parts.content.points:
        return [heading, system, point_table(source, points, table_id="points")]
    count = len(points.points)
    more = Text(
        f"共 {count} 个界址点，坐标见附件二；范围如下。", f"{count} points, listed in annex B; the extent is this."
    )
    return [heading, system, Paragraph(source.say(more)), _extent(source, points)]


def _extent(source: Source, points: Points) -> Table:
    columns = (
        Column("", weight=1.0),
        Column(source.say(Text("X（北）", "X (north)")), "m", numeric=True),
        Column(source.say(Text("Y（东，含带号）", "Y (east, with zone)")), "m", numeric=True),
        Column(source.say(Text("经度", "longitude")), "°", numeric=True),
        Column(source.say(Text("纬度", "latitude")), "°", numeric=True),
    )
    west, south, east, north = shapely.MultiPoint([(p.east, p.north) for p in points.points]).bounds
    left, low, right, high = shapely.MultiPoint([(p.lon, p.lat) for p in points.points]).bounds
    least, most = source.say(Text("最小", "least")), source.say(Text("最大", "most"))
    rows: tuple[tuple[Cell, ...], ...] = (
        (least, Number(south, 3), Number(west, 3), Number(left, 7), Number(low, 7)),
        (most, Number(north, 3), Number(east, 3), Number(right, 7), Number(high, 7)),
    )
    return Table("extent", columns, rows)
