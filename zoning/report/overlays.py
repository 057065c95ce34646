"""Section 3: every layer against the site; also the rows that other sections show of a layer."""

from collections.abc import Iterable, Iterator

from zoning.layers.catalogue import GROUPS
from zoning.layers.responsible import NOT_RECORDED
from zoning.quantities import hectares, mu
from zoning.report.document import NOTHING, Block, Cell, Column, Number, Paragraph, Section, Table, Word
from zoning.report.source import Source
from zoning.report.wording import HEADS, TITLES, UNITS, status_word
from zoning.rules.verdict import ClassEntry, LayerEntry, answering
from zoning.rules.wording.words import STATUSES
from zoning.texts import Text

_SMALL = 0.00005
"""A share below this would be printed as 0.00 %."""


def overlay_section(source: Source) -> Section:
    """Return the section."""
    areas = [entry for entry in source.layers if not source.is_line(entry.layer)]
    lines = [entry for entry in source.layers if source.is_line(entry.layer)]
    blocks: list[Block] = [Paragraph(source.say(scope_text(source)))]
    blocks.append(area_table(source, "overlay", areas, grouped=True))
    if lines:
        heading = Text("线状要素", "Linear features")
        blocks.extend((Paragraph(source.say(heading), "heading"), _line_table(source, lines)))
    blocks.extend(_responsible(source))
    blocks.extend(_remarks(source))
    return Section("overlay", "3", source.say(TITLES["overlay"]), tuple(blocks))


def _responsible(source: Source) -> Iterator[Block]:
    """Yield who answers for the zones touched, where the layers say so."""
    rows = [
        (
            source.say(entry.title),
            zone.name or zone.id,
            source.say(zone.responsible.title),
            zone.responsible.name or source.say(NOT_RECORDED),
            zone.responsible.office or NOTHING,
            zone.responsible.contact or NOTHING,
        )
        for entry, zone in answering(source.layers)
    ]
    if not rows:
        return
    titles = (
        *(Text("图层", "Layer"), Text("分区", "Zone"), Text("职务", "Role")),
        *(Text("责任人", "Person"), Text("单位", "Office"), Text("联系方式", "Contact")),
    )
    yield Paragraph(source.say(Text("分区责任人", "Responsible persons")), "heading")
    yield Table("responsible", tuple(Column(source.say(title)) for title in titles), tuple(rows))


def scope_text(source: Source) -> Text:
    """Return how many layers were looked at, and what came out."""
    counts = {name: sum(status_of(entry) == name for entry in source.layers) for name in STATUSES}
    touched, possible = counts["affected"], counts["possible"]
    clear, missing = counts["not_affected"], counts["no_data"]
    return Text(
        f"共核对 {len(source.layers)} 个图层：涉及 {touched} 个，精度内可能涉及 {possible} 个，不涉及 {clear} 个，"
        f"数据缺失、未核查 {missing} 个。“不涉及”只用于已加载且覆盖项目范围的图层；数据缺失不等于不涉及。",
        f"{len(source.layers)} layers: {touched} affected, {possible} possibly affected, {clear} not affected, "
        f"{missing} without data and not checked. 'Not affected' is said only of layers that were loaded and cover the "
        "site; no data does not mean not affected.",
    )


def status_of(entry: LayerEntry) -> str:
    """Return the status as the report counts it: a layer that leaves a part of the site open is not `not_affected`."""
    return "no_data" if entry.status == "not_affected" and entry.uncovered_m2 > 0 else entry.status


def area_columns(source: Source) -> tuple[Column, ...]:
    """Return the columns of a table of areas."""
    say, metres = source.say, UNITS["m"]
    return (
        Column(say(HEADS["layer"]), weight=2.3),
        Column(say(HEADS["status"]), weight=1.45),
        Column(say(HEADS["area"]), say(UNITS["m2"]), numeric=True, weight=1.4),
        Column(say(HEADS["area"]), say(UNITS["ha"]), numeric=True, weight=1.15),
        Column(say(HEADS["area"]), say(UNITS["mu"]), numeric=True, weight=1.15),
        Column(say(HEADS["share"]), "%", numeric=True, weight=1.0),
        Column(say(HEADS["nearest"]), say(metres), numeric=True, weight=1.2),
        Column(say(HEADS["certainty"]), weight=1.2),
        Column(say(HEADS["flips"]), say(metres), numeric=True, weight=1.1),
    )


def area_table(source: Source, table_id: str, entries: Iterable[LayerEntry], *, grouped: bool = False) -> Table:
    """Return one row per touched class, and one per layer that is not touched; touched ones first in each group."""
    listed = list(entries)
    rows: list[tuple[Cell, ...]] = []
    if grouped:
        for group, title in GROUPS.items():
            members = sorted((e for e in listed if e.group == group), key=_rank)
            if members:
                rows.append((Word(source.say(title), "strong"), *([""] * 8)))
                rows.extend(row for entry in members for row in area_rows(source, entry))
    else:
        rows.extend(row for entry in listed for row in area_rows(source, entry))
    return Table(table_id, area_columns(source), tuple(rows))


def _rank(entry: LayerEntry) -> int:
    return ("affected", "possible", "no_data", "not_affected").index(status_of(entry))


def area_rows(source: Source, entry: LayerEntry) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of one layer."""
    if not entry.classes:
        yield (
            source.say(entry.title),
            status_word(source, entry),
            NOTHING,
            NOTHING,
            NOTHING,
            NOTHING,
            nearest_cell(entry),
            NOTHING,
            NOTHING,
        )
    for found in entry.classes:
        yield (
            class_title(source, entry, found),
            class_status(source, entry, found),
            Number(found.overlap_m2, 2),
            Number(hectares(found.overlap_m2), 4),
            Number(mu(found.overlap_m2), 2),
            share_cell(found.share),
            nearest_cell(entry),
            certainty_text(source, entry, found),
            NOTHING if found.flips_at_m is None else Number(found.flips_at_m, 1),
        )


def class_title(source: Source, entry: LayerEntry, found: ClassEntry) -> str:
    """Return layer and class with the names of the zones."""
    title, name = source.say(entry.title), source.say(found.title)
    names = list(dict.fromkeys(zone.name for zone in found.zones if zone.name))
    shown = source.join(names[:3]) + (f" +{len(names) - 3}" if len(names) > 3 else "")  # noqa: PLR2004 - three names are shown
    both = title if title == name else f"{title} · {name}"
    assumed = source.aside(source.say(Text("类别按最严取", "class assumed: the strictest"))) if found.assumed else ""
    return f"{both}{assumed}" + (f"\n{shown}" if shown and shown not in both else "")


def class_status(source: Source, entry: LayerEntry, found: ClassEntry) -> Word:
    """Return the word for one class of a layer."""
    if found.certainty == "possible":
        return status_word(source, entry.model_copy(update={"status": "possible"}))
    return status_word(source, entry)


def certainty_text(source: Source, entry: LayerEntry, found: ClassEntry) -> str:
    """Return whether an overlap holds wherever the borders lie within their accuracy."""
    if found.certainty == "certain":
        return source.say(Text("确定", "certain"))
    accuracy = entry.accuracy_m + source.verdict.site.accuracy_m
    return source.say(Text(f"±{accuracy:g} m 内可能", f"within ±{accuracy:g} m"))


def share_cell(share: float) -> Cell:
    """Return a share in per cent; what is there never reads as 0.00."""
    return "< 0.01" if 0 < share < _SMALL else Number(share * 100, 2)


def nearest_cell(entry: LayerEntry) -> Cell:
    """Return the distance to the nearest zone, or beyond which distance nothing was looked for."""
    if entry.nearest_m is not None:
        return Number(entry.nearest_m, 2)
    return NOTHING if status_of(entry) == "no_data" else f"> {entry.searched_m:,.0f}"


def _line_table(source: Source, entries: list[LayerEntry]) -> Table:
    columns = (
        Column(source.say(HEADS["layer"]), weight=2.6),
        Column(source.say(HEADS["status"]), weight=1.25),
        Column(source.say(HEADS["length"]), source.say(UNITS["m"]), numeric=True, weight=1.5),
        Column(source.say(HEADS["nearest"]), source.say(UNITS["m"]), numeric=True, weight=1.5),
        Column(source.say(HEADS["certainty"]), weight=1.5),
    )
    rows: list[tuple[Cell, ...]] = []
    for entry in entries:
        if not entry.classes:
            rows.append((source.say(entry.title), status_word(source, entry), NOTHING, nearest_cell(entry), NOTHING))
        rows.extend(
            (
                class_title(source, entry, found),
                class_status(source, entry, found),
                Number(found.length_m, 2),
                nearest_cell(entry),
                certainty_text(source, entry, found),
            )
            for found in entry.classes
        )
    return Table("lines", columns, tuple(rows))


def _remarks(source: Source) -> Iterator[Paragraph]:
    note = Text(
        "临界误差：图层与地块的位置误差之和达到此值时，该行的“确定”或“可能”会改变。占比为占项目面积的百分比；"
        "同一类别的多个分区合并计算，不重复计面积。",
        "Critical error: where the errors of layer and site together reach it, 'certain' or 'possible' of the row "
        "would change. Shares are of the area of the site; zones of one class are united, nothing is counted twice.",
    )
    yield Paragraph(source.say(note), "note")
    for entry in source.layers:
        title = source.say(entry.title)
        if status_of(entry) == "no_data" and entry.reason is not None:
            yield Paragraph(source.label(title, source.say(entry.reason)), "warning")
        elif entry.uncovered_m2 > 0:
            ha = f"{hectares(entry.uncovered_m2):,.4f}"
            text = Text(
                f"项目有 {ha} 公顷在图层覆盖范围之外，未核查",
                f"{ha} ha of the site lie outside its coverage and were not checked",
            )
            yield Paragraph(source.label(title, source.say(text)), "warning")
        elif entry.status == "possible" and entry.reason is not None:
            yield Paragraph(source.label(title, source.say(entry.reason)), "warning")
        if entry.slivers.count:
            text = Text(
                f"小于容差的碎片 {entry.slivers.count} 处，合计 {entry.slivers.sum_m2:,.2f} m²",
                f"{entry.slivers.count} sliver(s) below the tolerance, {entry.slivers.sum_m2:,.2f} m² in all",
            )
            yield Paragraph(source.label(title, source.say(text)), "note")
