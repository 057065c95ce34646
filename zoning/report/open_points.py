"""Sections 8 to 10: what is missing, what the rules ask for, and the conclusion."""

from zoning.quantities import format_area
from zoning.report.document import NOTHING, Block, Cell, Column, Number, Paragraph, Section, Table, Word
from zoning.report.findings import condition_rows
from zoning.report.overlays import status_of
from zoning.report.source import Source
from zoning.report.wording import NO_DATA, TITLES
from zoning.rules.wording.territories import territories_text
from zoning.texts import Text


def missing_section(source: Source) -> Section:
    """Return section 8."""
    blocks: list[Block] = [
        Paragraph(source.say(Text("8.1 待补充的项目情况", "8.1 Open questions about the project")), "heading"),
        *_questions(source),
        Paragraph(source.say(Text("8.2 缺少或不能确定的数据", "8.2 Data that are missing or not certain")), "heading"),
        *_layers(source),
    ]
    return Section("missing", "8", source.say(TITLES["missing"]), tuple(blocks))


def _questions(source: Source) -> list[Block]:
    items = source.verdict.missing_facts
    if not items:
        none = Text("没有会改变本次结论的待补充事项。", "Nothing is open that could change the decision.")
        return [Paragraph(source.say(none))]
    columns = (
        Column(source.say(Text("序号", "no.")), numeric=True, weight=0.5),
        Column(source.say(Text("问题", "question")), weight=4.0),
        Column(source.say(Text("关系到的规则", "rules that wait for it")), weight=2.4),
    )
    rows = tuple(
        (Number(number, 0), source.say(item.question), source.join(item.why))
        for number, item in enumerate(items, start=1)
    )
    return [Table("questions", columns, rows)]


def _layers(source: Source) -> list[Block]:
    rows: list[tuple[Cell, ...]] = []
    for entry in source.layers:
        status = status_of(entry)
        if status not in ("no_data", "possible"):
            continue
        weighs = entry.layer in source.verdict.missing_layers
        what = NO_DATA if status == "no_data" else Text("界线须实测核实", "boundary to be surveyed")
        reason = NOTHING if entry.reason is None else source.say(entry.reason)
        matters = Text("是", "yes") if weighs else Text("本次结论不取决于它", "the decision does not rest on it")
        rows.append((source.say(entry.title), Word(source.say(what), "no_data"), reason, source.say(matters)))
    for one in source.verdict.access_lists:
        if one.reason is not None:
            title = source.say(Text("准入清单", "access list"))
            word = Word(source.say(Text("缺清单，未核查", "no list, not checked")), "no_data")
            unit = one.unit or source.say(Text("无单元", "no unit"))
            rows.append(
                (f"{title} {unit}", word, source.say(one.reason), source.say(Text("须逐条对照", "to be compared")))
            )
    for element in (e for part in source.parts.content.parts for e in part.elements):
        if not element.layers and element.note is not None:
            word = Word(source.say(NO_DATA), "no_data")
            rows.append(
                (source.say(element.title), word, source.say(element.note), source.say(Text("未评价", "not assessed")))
            )
    if not rows:
        none = Text("各图层均已加载并覆盖项目范围。", "All layers were loaded and cover the site.")
        return [Paragraph(source.say(none))]
    columns = (
        Column(source.say(Text("数据", "data")), weight=1.8),
        Column(source.say(Text("状态", "state")), weight=1.3),
        Column(source.say(Text("原因", "reason")), weight=3.0),
        Column(source.say(Text("是否影响结论", "does the decision rest on it?")), weight=1.4),
    )
    return [Table("gaps", columns, tuple(rows))]


def advice_section(source: Source) -> Section:
    """Return section 9: only what the texts of the rules give."""
    rows = condition_rows(source)
    if not rows:
        none = Text(
            "影响结论的规则没有写明可满足的条件。本报告不另提建议。",
            "The rules that move the decision state no condition that could be met. This report adds none.",
        )
        return Section("advice", "9", source.say(TITLES["advice"]), (Paragraph(source.say(none)),))
    lead = Text(
        "以下条件出自规则（含但书），满足与否由主管部门核定；本报告不另提建议。",
        "These conditions stand in the rules and their provisos; the authority decides whether they are met. This "
        "report adds none.",
    )
    columns = (
        Column(source.say(Text("条件", "condition")), weight=3.4),
        Column(source.say(Text("规则", "rules")), weight=1.2),
        Column(source.say(Text("依据", "source")), weight=2.2),
    )
    return Section(
        "advice",
        "9",
        source.say(TITLES["advice"]),
        (Paragraph(source.say(lead)), Table("advice", columns, tuple(rows))),
    )


def conclusion_section(source: Source, word: str) -> Section:
    """Return section 10; `word` is that of the decision."""
    verdict = source.verdict
    blocks: list[Block] = [
        Paragraph(source.say(Text(f"初步研判：{word}。", f"Preliminary: {word}.")), "answer"),
        Paragraph(source.say(verdict.summary)),
    ]
    if verdict.site.outside_territories_m2 > 0:
        area = format_area(verdict.site.outside_territories_m2)
        text = Text(
            f"项目有 {area.zh}在所有辖区之外，未核查。",
            f"{area.en} of the site lie outside every territory, not checked.",
        )
        blocks.append(Paragraph(source.say(text), "warning"))
    if verdict.site.territories_without_rules:
        names = territories_text(verdict.site.territories_without_rules, source.parts.territories)
        text = Text(
            f"规则库没有收齐 {names.zh} 当日的规则：不能判定通过。",
            f"The rule base does not hold the rules of that day for {names.en}: it cannot be permitted.",
        )
        blocks.append(Paragraph(source.say(text), "warning"))
    scope = Text(
        "本结论只依据第 2 节所列文件和图层版本以及第 1 节所列项目情况；情况有变或数据更新后须重新核查。",
        "The conclusion rests on the documents and editions of section 2 and on what section 1 tells of the project "
        "only; check again when either changes.",
    )
    blocks.extend((Paragraph(source.say(scope)), Paragraph(source.say(verdict.notice), "warning")))
    return Section("conclusion", "10", source.say(TITLES["conclusion"]), tuple(blocks))
