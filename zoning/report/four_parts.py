"""Sections 4 and 6: what layers and lists can answer for each part; what they cannot is said, never invented."""

from collections import Counter
from collections.abc import Iterable

from zoning.maps.wording import share_text
from zoning.quantities import format_area, format_length
from zoning.report.content import Element, Part
from zoning.report.document import NOTHING, Block, Cell, Column, Paragraph, Section, Table, Word
from zoning.report.overlays import area_columns, area_rows, status_of
from zoning.report.source import Source
from zoning.report.wording import NO_DATA, TITLES, status_word
from zoning.rules.access.words import DIMENSION_TITLES, LEVEL_TITLES, RESULT_TITLES, Result
from zoning.rules.verdict import Finding, LayerEntry
from zoning.rules.wording.words import COULD, EFFECTS, STATUSES
from zoning.texts import Text

_NO_LAYER = Text("工作空间没有这个图层", "the workspace has no such layer")
_RESULTS: tuple[Result, ...] = ("violates", "to_verify", "complies", "not_concerned")


def parts_section(source: Source) -> Section:
    """Return section 4."""
    lead = Text(
        "以下只写图层、规则和清单能够回答的内容；不能回答的写明“数据缺失，未核查”或“需进一步核实”。",
        "Only what layers, rules and lists can answer is said here; the rest is marked as not checked or "
        "to be verified.",
    )
    blocks: list[Block] = [Paragraph(source.say(lead))]
    for number, part in enumerate(source.parts.content.parts, start=1):
        blocks.append(Paragraph(f"4.{number} {source.say(part.title)}", "heading"))
        blocks.append(_part_table(source, f"part-{number}", part))
        blocks.extend(_clauses_of_part(source, part))
    return Section("parts", "4", source.say(TITLES["parts"]), tuple(blocks))


def _part_table(source: Source, table_id: str, part: Part) -> Table:
    columns = (
        Column(source.say(Text("要素", "element")), weight=1.2),
        Column(source.say(Text("图层", "layer")), weight=1.4),
        Column(source.say(Text("是否涉及", "affected?")), weight=1.2),
        Column(source.say(Text("情况", "what was found")), weight=2.4),
        Column(source.say(Text("有关规则", "rules")), weight=1.8),
    )
    rows = [row for element in part.elements for row in _element_rows(source, element)]
    return Table(table_id, columns, tuple(rows))


def _element_rows(source: Source, element: Element) -> list[tuple[Cell, ...]]:
    title = source.say(element.title)
    if not element.layers:
        why = source.say(element.note or _NO_LAYER)
        return [(title, NOTHING, Word(source.say(NO_DATA), "no_data"), why, NOTHING)]
    rows: list[tuple[Cell, ...]] = []
    for name in element.layers:
        entry = source.layer(name)
        layer = source.parts.catalogue.layers.get(name)
        shown = name if layer is None else source.say(layer.title)
        why = source.say(_NO_LAYER) if entry is None else situation(source, entry)
        rows.append((title, shown, status_word(source, entry), why, _rules_at(source, name)))
        title = ""
    return rows


def situation(source: Source, entry: LayerEntry) -> str:
    """Return in a few words what was found of one layer."""
    status = status_of(entry)
    if status == "no_data":
        return source.say(entry.reason or Text("没有覆盖项目的数据", "no data that cover the site"))
    if entry.classes:
        lines = []
        for found in entry.classes:
            title = source.say(found.title)
            amount = format_length(found.length_m) if found.length_m else source.say(format_area(found.overlap_m2))
            share = share_text(found.share) if found.share else ""
            possible = found.certainty == "possible"
            doubt = source.say(STATUSES["possible"]) if possible else ""
            lines.append(" ".join(text for text in (title, amount, share, doubt) if text))
        return "\n".join(lines)
    if entry.nearest_m is not None:
        return source.say(Text(f"最近 {format_length(entry.nearest_m)}", f"nearest {format_length(entry.nearest_m)}"))
    reach = format_length(entry.searched_m)
    return source.say(Text(f"{reach} 范围内无", f"none within {reach}"))


def _rules_at(source: Source, layer: str) -> str:
    held = [f for f in source.verdict.findings if f.layer == layer and f.outcome != "does_not_apply"]
    return source.join(f"{f.rule}{source.aside(effect_word(source, f))}" for f in held) or NOTHING


def effect_word(source: Source, finding: Finding) -> str:
    """Return what a finding does, or could do."""
    if finding.blocked:
        return source.say(Text("受阻", "blocked"))
    return source.say((COULD if finding.outcome == "undetermined" else EFFECTS)[finding.effect])


def _clauses_of_part(source: Source, part: Part) -> list[Block]:
    if not part.dimensions:
        return []
    counts: Counter[Result] = Counter(
        clause.result
        for entry in source.verdict.access_lists
        for clause in entry.clauses
        if clause.dimension in part.dimensions
    )
    titles = source.join(source.say(DIMENSION_TITLES[name]) for name in part.dimensions)
    told = source.join(f"{source.say(RESULT_TITLES[name])} {counts[name]}" for name in _RESULTS if counts[name])
    if not counts:
        none = Text(
            f"准入清单（{titles}）：没有可对照的条款，未核查。",
            f"Access lists ({titles}): no clause to compare, not checked.",
        )
        return [Paragraph(source.say(none), "warning")]
    text = Text(
        f"准入清单（{titles}）共 {counts.total()} 条：{told}；逐条见第 5 节。",
        f"Access lists ({titles}): {counts.total()} clauses ({told}); see section 5.",
    )
    return [Paragraph(source.say(text)), *_missing_lists(source)]


def _missing_lists(source: Source) -> list[Block]:
    lacking = {
        f"{entry.unit or ''} {entry.name}".strip(): source.join(
            source.say(LEVEL_TITLES[level]) for level in entry.missing_levels
        )
        for entry in source.verdict.access_lists
        if entry.missing_levels
    }
    if not lacking:
        return []
    where = source.join(f"{unit}{source.aside(levels)}" for unit, levels in lacking.items())
    text = Text(f"缺清单，未核查：{where}。", f"No list, not checked: {where}.")
    return [Paragraph(source.say(text), "warning")]


def protected_section(source: Source) -> Section:
    """Return section 6: the areas protected by law, each with its figures or the reason why nothing is known."""
    columns = area_columns(source)
    rows: list[tuple[Cell, ...]] = []
    held: list[str] = []
    for element in source.parts.content.protected:
        rows.extend(_protected_rows(source, element))
        held.extend(element.layers)
    blocks: list[Block] = [Table("protected", columns, tuple(rows)), *_rules_of(source, held)]
    return Section("protected", "6", source.say(TITLES["protected"]), tuple(blocks))


def _protected_rows(source: Source, element: Element) -> list[tuple[Cell, ...]]:
    entries = [(name, source.layer(name)) for name in element.layers]
    found = [row for _, entry in entries if entry is not None for row in area_rows(source, entry)]
    if found and all(entry is not None for _, entry in entries):
        return found
    why = source.say(element.note or _NO_LAYER)
    unknown: tuple[Cell, ...] = (f"{source.say(element.title)}\n{why}", status_word(source, None), *([NOTHING] * 7))
    return [*found, unknown]


def _rules_of(source: Source, layers: Iterable[str]) -> list[Block]:
    wanted = set(layers)
    held = [f for f in source.verdict.findings if f.layer in wanted and f.outcome != "does_not_apply"]
    if not held:
        none = Text(
            "没有适用或可能适用于上述保护区的规则；数据缺失的保护区除外。",
            "No rule on these areas holds or may hold; areas without data excepted.",
        )
        return [Paragraph(source.say(none))]
    items = [Paragraph(f"{f.rule} {source.say(f.title)}{source.aside(effect_word(source, f))}", "item") for f in held]
    lead = Text("适用或可能适用的规则", "Rules that hold or may hold")
    return [Paragraph(source.say(lead), "heading"), *items]
