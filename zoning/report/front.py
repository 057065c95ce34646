"""The first page: it alone carries the answer."""

from collections.abc import Sequence

from zoning.quantities import hectares, mu
from zoning.report.clauses import cited
from zoning.report.document import Cell, Column, Front, Number, Table
from zoning.report.findings import moving
from zoning.report.overlays import class_title, scope_text, share_cell, status_of
from zoning.report.project import pairs, place_text
from zoning.report.source import Source
from zoning.report.wording import UNITS
from zoning.rules.verdict import ClassEntry, LayerEntry
from zoning.texts import Text

_MOST_FIGURES = 5
_MOST_MISSING = 4
_MOST_RULES = 3
"""So many, in English and over two lines each, fit on the page together."""


def front_of(source: Source) -> Front:
    """Return the first page."""
    verdict = source.verdict
    style = source.parts.outcomes.decisions[verdict.decision]
    word = source.say(style.word)
    if verdict.blocked:
        word += source.aside(source.say(Text("程序受阻", "blocked")))
    return Front(
        decision=verdict.decision,
        word=word,
        colour=style.colour,
        badge=style.badge,
        sign=style.sign,
        sentence=source.say(verdict.summary),
        facts=_facts(source),
        figures=_figures(source),
        rules_title=source.say(Text("结论所依据的规则", "The rules that it rests on")),
        rules=_rules(source),
        missing_title=source.say(Text("尚缺的信息和数据", "Still missing")),
        missing=_missing(source),
        scope=source.say(scope_text(source)),
        notice=source.say(verdict.notice),
    )


def _facts(source: Source) -> Table:
    site, made = source.verdict.site, source.made
    told = [
        (Text("项目", "project"), site.name or site.id),
        (Text("建设单位", "applicant"), source.applicant),
        (Text("所在地", "place"), place_text(source)),
        (Text("研判日期", "checked as of"), source.verdict.on.isoformat()),
        (Text("编制", "made"), "  ".join(text for text in (made.maker, made.on) if text)),
    ]
    return pairs("front-facts", [(source.say(name), value) for name, value in told if value])


def _figures(source: Source) -> Table:
    site = source.verdict.site
    columns = (
        Column(source.say(Text("主要数据", "key figures")), weight=4.0),
        Column(source.say(Text("面积", "area")), source.say(UNITS["m2"]), numeric=True, weight=1.4),
        Column(source.say(Text("面积", "area")), source.say(UNITS["ha"]), numeric=True, weight=1.1),
        Column(source.say(Text("面积", "area")), source.say(UNITS["mu"]), numeric=True, weight=1.1),
        Column(source.say(Text("占比", "share")), "%", numeric=True, weight=0.9),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            source.say(Text("项目面积", "area of the site")),
            Number(site.area_m2, 2),
            Number(site.area_ha, 4),
            Number(site.area_mu, 2),
            Number(100.0, 2),
        )
    ]
    for entry, found in _weighty(source)[:_MOST_FIGURES]:
        rows.append(
            (
                class_title(source, entry, found).split("\n")[0],
                Number(found.overlap_m2, 2),
                Number(hectares(found.overlap_m2), 4),
                Number(mu(found.overlap_m2), 2),
                share_cell(found.share),
            )
        )
    return Table("front-figures", columns, tuple(rows))


def _weighty(source: Source) -> list[tuple[LayerEntry, ClassEntry]]:
    """Return the classes that findings which move the decision rest on, the gravest first; lines have no area."""
    found: dict[tuple[str, str], tuple[LayerEntry, ClassEntry]] = {}
    for finding in moving(source):
        entry = source.layer(finding.layer or "")
        if entry is None or source.is_line(entry.layer):
            continue
        for one in entry.classes:
            if one.class_ == finding.class_:
                found.setdefault((entry.layer, one.class_), (entry, one))
    return list(found.values())


def _rules(source: Source) -> tuple[str, ...]:
    decision = source.verdict.decision
    listed = [
        f"{finding.rule} {source.say(finding.title)}{source.aside(cited(source, finding.citation))}"
        for finding in moving(source)
        if finding.decision == decision and (finding.blocked or not source.verdict.blocked)
    ]
    left = len(listed) - _MOST_RULES
    return _first(source, listed, _MOST_RULES, Text(f"另有 {left} 条，见第 7 节", f"{left} more, see section 7"))


def _missing(source: Source) -> tuple[str, ...]:
    verdict = source.verdict
    titles = {entry.layer: source.say(entry.title) for entry in verdict.layers}
    listed = [source.say(item.question) for item in verdict.missing_facts]
    layers = [titles.get(name, name) for name in verdict.missing_layers]
    if layers:
        named = source.join(layers)
        listed.insert(0, source.say(Text(f"图层须补齐或核实：{named}", f"layers to supply or verify: {named}")))
    else:
        listed.extend(_without_weight(source))
    if not listed:
        return (source.say(Text("没有会改变结论的缺项。", "Nothing is missing that could change the decision.")),)
    left = len(listed) - _MOST_MISSING
    return _first(source, listed, _MOST_MISSING, Text(f"另有 {left} 项，见第 8 节", f"{left} more, see section 8"))


def _first(source: Source, listed: Sequence[str], most: int, more: Text) -> tuple[str, ...]:
    """Return the first of a list, and where they are not all, where the others stand."""
    return tuple(listed) if len(listed) <= most else (*listed[:most], source.say(more))


def _without_weight(source: Source) -> list[str]:
    """Return what was not checked although the decision does not rest on it: it must not be taken for free."""
    layers = [source.say(entry.title) for entry in source.layers if status_of(entry) == "no_data"]
    found = []
    if layers:
        named = source.join(layers)
        found.append(
            source.say(
                Text(
                    f"数据缺失，未核查（本次结论不取决于它）：{named}",
                    f"no data, not checked (the decision does not rest on it): {named}",
                )
            )
        )
    lists = [one.unit for one in source.verdict.access_lists if one.status != "compared" and one.unit is not None]
    if lists:
        named = source.join(lists)
        found.append(source.say(Text(f"管控单元缺准入清单，未核查：{named}", f"no access list, not checked: {named}")))
    return found
