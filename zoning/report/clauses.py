"""Section 5: all requirements on the site clause by clause, from the access lists and from the rules."""

from collections.abc import Iterator

from zoning.citations import EVERYWHERE
from zoning.quantities import format_area
from zoning.report.document import NOTHING, Block, Cell, Column, Paragraph, Section, Table, Word
from zoning.report.source import Source
from zoning.report.wording import TITLES, result_word
from zoning.rules.access.entries import ClauseEntry, UnitComparison
from zoning.rules.access.words import DIMENSION_TITLES, LEVEL_TITLES, Result
from zoning.rules.reasons import share_of
from zoning.rules.verdict import CitationEntry, Finding
from zoning.rules.wording.words import STATUSES, UNVERIFIED
from zoning.texts import Text

_LEVELS: dict[int, Text] = {
    2: Text("省级", "province"),
    4: Text("市级", "city"),
    6: Text("县级", "county"),
}
_COUNTRY = Text("国家", "country")


def clauses_section(source: Source) -> Section:
    """Return the section."""
    blocks: list[Block] = [
        Paragraph(source.say(Text("5.1 生态环境准入清单", "5.1 Access lists")), "heading"),
        *_lists(source),
        Paragraph(
            source.say(Text("5.2 规划、方案、规范性文件和法律", "5.2 Plans, schemes, policies and laws")), "heading"
        ),
        *_rules(source),
    ]
    return Section("clauses", "5", source.say(TITLES["clauses"]), tuple(blocks))


def _lists(source: Source) -> Iterator[Block]:
    if not source.verdict.access_lists:
        none = Text(
            "工作空间没有管控单元图层：准入清单未核查。", "The workspace has no layer of units: no list was checked."
        )
        yield Paragraph(source.say(none), "warning")
    for number, entry in enumerate(source.verdict.access_lists, start=1):
        yield Paragraph(_unit_title(source, entry), "body")
        if entry.reason is not None:
            yield Paragraph(source.say(entry.reason), "warning")
        for text in entry.warnings:
            yield Paragraph(source.say(text), "warning")
        if any(one.schematic for one in entry.lists):
            text = Text(
                "示意清单，不是发布机关的清单，不得作为依据。", "Schematic lists, none that an authority has published."
            )
            yield Paragraph(source.say(text), "note")
        if entry.clauses or entry.missing_levels:
            yield _clause_table(source, f"clauses-{number}", entry)
        if source.language == "en" and entry.clauses:
            yield Paragraph("Clauses are quoted in the language of the list.", "note")


def _unit_title(source: Source, entry: UnitComparison) -> str:
    area = source.say(format_area(entry.overlap_m2))
    share = source.say(share_of(entry.share, of_part=source.verdict.site.in_parts))
    if entry.unit is None:
        return source.say(Text(f"不在已知管控单元内的部分：{area}，{share}", f"Part in no known unit: {area}, {share}"))
    kind = "" if entry.class_title is None else source.aside(source.say(entry.class_title))
    doubt = source.aside(source.say(STATUSES["possible"])) if entry.certainty == "possible" else ""
    name = f"{entry.unit} {entry.name}".strip()
    return source.say(
        Text(f"管控单元 {name}{kind}：{area}，{share}{doubt}", f"Unit {name}{kind}: {area}, {share}{doubt}")
    )


def _clause_table(source: Source, table_id: str, entry: UnitComparison) -> Table:
    columns = (
        Column(source.say(Text("管控维度", "dimension")), weight=1.35),
        Column(source.say(Text("级别", "level")), weight=0.95),
        Column(source.say(Text("条号", "clause")), weight=0.85),
        Column(source.say(Text("管控要求（原文）", "requirement (own words)")), weight=3.0),
        Column(source.say(Text("本项目情况", "this project")), weight=2.4),
        Column(source.say(Text("符合性", "conformity")), weight=1.2),
    )
    rows = [_clause_row(source, clause) for clause in entry.clauses]
    for level in entry.missing_levels:
        nothing = source.say(Text("没有有效的清单", "no list is in force"))
        rows.append((NOTHING, source.say(LEVEL_TITLES[level]), NOTHING, nothing, NOTHING, result_word(source, None)))
    for silent in entry.silent:
        wording = silent.wording or NOTHING
        text = source.say(
            Text(f"单元清单此维度无条款（清单写作“{wording}”）", f"no clause of the unit's list (it says '{wording}')")
        )
        dimension = source.say(DIMENSION_TITLES[silent.dimension])
        rows.append((dimension, source.say(LEVEL_TITLES["unit"]), NOTHING, text, NOTHING, NOTHING))
    return Table(table_id, columns, tuple(rows))


def _clause_row(source: Source, clause: ClauseEntry) -> tuple[Cell, ...]:
    facts = [source.label(source.say(fact.title), source.say(fact.value)) for fact in clause.facts]
    reasons = [source.say(text) for text in clause.reasons]
    return (
        source.say(DIMENSION_TITLES[clause.dimension]),
        source.say(LEVEL_TITLES[clause.level]),
        clause.printed or clause.number,
        clause.text,
        "\n".join([*facts, *reasons]) or NOTHING,
        result_word(source, clause.result),
    )


def _rules(source: Source) -> Iterator[Block]:
    lead = Text(
        "列出在本项目适用或可能适用的规则；要求一栏是规则内容的转述，引用时以所列文件原文为准。其余规则见第 7 节。",
        "Rules that hold or may hold for this project; requirements are retold, the text of the document counts. "
        "For all others see section 7.",
    )
    yield Paragraph(source.say(lead))
    held = [f for f in source.verdict.findings if f.outcome != "does_not_apply"]
    held.sort(key=lambda f: (_depth(source, f), f.citation.document, f.rule))
    columns = (
        Column(source.say(Text("级别", "level")), weight=0.85),
        Column(source.say(Text("规则与依据", "rule and source")), weight=1.9),
        Column(source.say(Text("管控要求", "requirement")), weight=2.7),
        Column(source.say(Text("本项目情况", "this project")), weight=2.3),
        Column(source.say(Text("符合性", "conformity")), weight=1.2),
    )
    if held:
        yield Table("rules", columns, tuple(_rule_row(source, finding) for finding in held))


def _depth(source: Source, finding: Finding) -> int:
    codes = source.parts.rulebook.documents[finding.citation.document].territories
    return min((0 if code == EVERYWHERE else len(code) for code in codes), default=0)


def _rule_row(source: Source, finding: Finding) -> tuple[Cell, ...]:
    rule = source.parts.rulebook.get(finding.rule)
    depth = _depth(source, finding)
    level = _COUNTRY if depth == 0 else _LEVELS.get(depth, _COUNTRY)
    says = finding.title if rule is None else rule.says
    return (
        source.say(level),
        f"{finding.rule}\n{cited(source, finding.citation)}",
        source.say(says),
        source.sentences(finding.reasons) or NOTHING,
        conformity(source, finding),
    )


def cited(source: Source, citation: CitationEntry) -> str:
    """Return number (or title) and section; laws bear no number that anybody would know them by."""
    name = citation.number or source.say(citation.title).removeprefix("中华人民共和国")
    shown = name if citation.number or source.language == "en" else f"《{name}》"
    mark = "" if citation.verified or "待核实" in citation.section else source.aside(source.say(UNVERIFIED))
    return f"{shown} {citation.section}{mark}"


def conformity(source: Source, finding: Finding) -> Word:
    """Return how a rule comes out for the site; only a prohibition that decides here is `不符合`."""
    result: Result = "to_verify"
    if finding.outcome == "does_not_apply":
        result = "not_concerned"
    elif finding.outcome == "applies" and finding.effect == "encourage":
        return Word(source.say(Text("鼓励事项", "encouraged")), "quiet")
    elif finding.outcome == "applies" and finding.decision == "prohibited":
        # What is forbidden everywhere (a baseline) says nothing of what this project does.
        result = "violates"
    word = result_word(source, result)
    if finding.outcome == "applies" and finding.decision == "restricted":
        return Word(source.say(Text("须满足条件，需进一步核实", "conditions to be met, to be verified")), "restricted")
    return word
