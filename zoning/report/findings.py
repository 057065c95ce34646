"""Section 7: the findings that move the decision, with source and reason; then every other rule by its number."""

from zoning.quantities import format_length
from zoning.report.basis import by_document, document_name
from zoning.report.clauses import cited
from zoning.report.document import NOTHING, Block, Cell, Column, Paragraph, Section, Table, Word
from zoning.report.four_parts import effect_word
from zoning.report.source import Source
from zoning.report.wording import TITLES
from zoning.rules.finding import UNVERIFIED as NEVER_ALONE
from zoning.rules.verdict import Finding
from zoning.rules.wording.words import UNVERIFIED
from zoning.texts import Text

_ORDER = {"prohibit": 0, "restrict": 1, "require": 2, "encourage": 3}


def moving(source: Source) -> list[Finding]:
    """Return the findings that move the decision: what applies before what may, the strictest first."""
    found = [finding for finding in source.verdict.findings if finding.decision is not None]
    return sorted(found, key=lambda f: (f.outcome != "applies", _ORDER[f.effect], -(f.overlap_m2 or 0.0), f.rule))


def findings_section(source: Source) -> Section:
    """Return the section."""
    found = moving(source)
    blocks: list[Block] = [
        Paragraph(source.say(Text("7.1 影响结论的规则", "7.1 Rules that move the decision")), "heading")
    ]
    if found:
        columns = (
            Column(source.say(Text("规则", "rule")), weight=1.0),
            Column(source.say(Text("效力", "effect")), weight=0.9),
            Column(source.say(Text("规则内容与判定理由", "what it says, and why it holds")), weight=4.0),
            Column(source.say(Text("依据（文件、条款）", "source (document, section)")), weight=2.2),
        )
        blocks.append(Table("findings", columns, tuple(_row(source, finding) for finding in found)))
    else:
        none = Text("没有影响结论的规则命中。", "No rule that moves the decision is hit.")
        blocks.append(Paragraph(source.say(none)))
    blocks.extend(_others(source))
    return Section("findings", "7", source.say(TITLES["findings"]), tuple(blocks))


def _row(source: Source, finding: Finding) -> tuple[Cell, ...]:
    tone = finding.decision or "plain"
    lines = [source.say(finding.title), source.sentences(finding.reasons)]
    if finding.distance_m is not None:
        lines.append(source.label(source.say(Text("距离", "distance")), format_length(finding.distance_m)))
    lines.extend(f"→ {source.say(text)}" for text in finding.conditions)
    citations = [finding.citation, *finding.also]
    return (
        finding.rule,
        Word(effect_word(source, finding), tone),
        "\n".join(line for line in lines if line),
        "\n".join(dict.fromkeys(_full(source, finding, index) for index in range(len(citations)))),
    )


def _full(source: Source, finding: Finding, index: int) -> str:
    citation = (finding.citation, *finding.also)[index]
    document = source.parts.rulebook.documents[citation.document]
    number = f" {citation.number}" if citation.number else ""
    mark = "" if citation.verified or "待核实" in citation.section else source.aside(source.say(UNVERIFIED))
    return f"{document_name(source, document)}{number} {citation.section}{mark}"


def _others(source: Source) -> list[Block]:
    rows: list[tuple[Cell, ...]] = []
    for name, findings in by_document(source).items():
        document = source.parts.rulebook.documents[name]
        without = [f.rule for f in findings if f.decision is None and f.outcome != "does_not_apply"]
        clear = [f.rule for f in findings if f.outcome == "does_not_apply"]
        if without or clear:
            rows.append(
                (document_name(source, document), source.join(without) or NOTHING, source.join(clear) or NOTHING)
            )
    columns = (
        Column(source.say(Text("文件", "document")), weight=1.8),
        Column(
            source.say(Text("适用或待定、不影响结论（见 5.2）", "hold or open, without weight (see 5.2)")), weight=1.8
        ),
        Column(source.say(Text("已核查，不适用", "checked, do not apply")), weight=2.8),
    )
    heading = Text("7.2 其余规则", "7.2 All other rules")
    return [Paragraph(source.say(heading), "heading"), Table("others", columns, tuple(rows))]


def conditions(source: Source) -> list[tuple[Text, list[Finding]]]:
    """Return the conditions that the rules themselves state, each with the findings that state it."""
    found: dict[Text, list[Finding]] = {}
    for finding in moving(source):
        for text in finding.conditions:
            if text != NEVER_ALONE:
                found.setdefault(text, []).append(finding)
    return list(found.items())


def condition_rows(source: Source) -> list[tuple[Cell, ...]]:
    """Return one row per condition."""
    return [
        (
            source.say(text),
            source.join(finding.rule for finding in findings),
            "\n".join(dict.fromkeys(cited(source, finding.citation) for finding in findings)),
        )
        for text, findings in conditions(source)
    ]
