"""Section 2: the documents, access lists and layers that the check rests on, with their dates."""

from collections import defaultdict

from zoning.citations import Document
from zoning.report.document import NOTHING, Block, Cell, Column, Number, Paragraph, Section, Table
from zoning.report.source import Source
from zoning.report.wording import TITLES, UNITS
from zoning.rules.access.entries import ListEntry
from zoning.rules.verdict import Finding
from zoning.rules.wording.words import MISSING, UNVERIFIED, WEIGHTS
from zoning.texts import Text

_WEIGHTIEST = ("law", "regulation", "policy", "scheme", "plan")
_HASH = 12


def basis_section(source: Source) -> Section:
    """Return the section."""
    day = source.verdict.on.isoformat()
    count = len(source.verdict.findings)
    lead = Text(
        f"按 {day} 当日有效的文件、清单和图层版本核查，共 {count} 条规则。",
        f"Checked by the documents, lists and editions in force on {day}: {count} rules.",
    )
    blocks: list[Block] = [
        Paragraph(source.say(lead)),
        Paragraph(source.say(Text("文件", "Documents")), "heading"),
        _documents(source),
        *_lists(source),
        Paragraph(source.say(Text("图层", "Layers")), "heading"),
        _layers(source),
    ]
    return Section("basis", "2", source.say(TITLES["basis"]), tuple(blocks))


def by_document(source: Source) -> dict[str, list[Finding]]:
    """Return the findings by the document that their rule stands in, the weightiest documents first."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in source.verdict.findings:
        found[finding.citation.document].append(finding)

    def rank(name: str) -> tuple[int, str, str]:
        document = source.parts.rulebook.documents[name]
        return _WEIGHTIEST.index(document.weight), document.valid_from.isoformat(), name

    return {name: found[name] for name in sorted(found, key=rank)}


def document_name(source: Source, document: Document) -> str:
    """Return the title of a document as it is cited."""
    title = source.say(document.title)
    return f"《{title.strip('《》')}》" if source.language == "zh" else title


def _documents(source: Source) -> Table:
    columns = (
        Column(source.say(Text("文件", "document")), weight=2.3),
        Column(source.say(Text("文号", "number")), weight=1.4),
        Column(source.say(Text("发布机关", "issuer")), weight=1.9),
        Column(source.say(Text("效力层级", "weight")), weight=1.1),
        Column(source.say(Text("日期", "dates")), weight=1.7),
        Column(source.say(Text("规则", "rules")), source.say(Text("条", "no.")), numeric=True, weight=0.7),
        Column(source.say(Text("适用或待定", "hold or open")), source.say(Text("条", "no.")), numeric=True, weight=0.9),
    )
    rows: list[tuple[Cell, ...]] = []
    for name, findings in by_document(source).items():
        document = source.parts.rulebook.documents[name]
        mark = "" if document.verified else source.aside(source.say(UNVERIFIED))
        rows.append(
            (
                document_name(source, document) + mark,
                document.number or NOTHING,
                source.say(document.issuer),
                source.say(WEIGHTS[document.weight]),
                source.say(_dates(document)),
                Number(len(findings), 0),
                Number(sum(finding.outcome != "does_not_apply" for finding in findings), 0),
            )
        )
    return Table("documents", columns, tuple(rows))


def _dates(document: Document) -> Text:
    issued, valid = document.issued, document.valid_from
    return Text(f"{issued} 发布\n{valid} 施行", f"{issued}\nfrom {valid}")


def _lists(source: Source) -> list[Block]:
    lists: dict[str, ListEntry] = {one.edition: one for entry in source.verdict.access_lists for one in entry.lists}
    heading = Paragraph(source.say(Text("生态环境准入清单", "Access lists")), "heading")
    if not lists:
        none = Text("没有可用的准入清单：清单未核查。", "No access list is to be had: none was checked.")
        return [heading, Paragraph(source.say(none), "warning")]
    columns = (
        Column(source.say(Text("清单", "list")), weight=2.4),
        Column(source.say(Text("文号", "number")), weight=1.4),
        Column(source.say(Text("发布机关", "issuer")), weight=1.8),
        Column(source.say(Text("版本", "edition")), weight=1.2),
        Column(source.say(Text("有效期", "in force")), weight=1.4),
    )
    rows = tuple(_list_row(source, one) for one in lists.values())
    return [heading, Table("lists", columns, rows)]


def _list_row(source: Source, one: ListEntry) -> tuple[Cell, ...]:
    title = source.say(one.title)
    shown = f"《{title}》" if source.language == "zh" else title
    schematic = source.aside(source.say(Text("示意", "schematic"))) if one.schematic and "示意" not in shown else ""
    until = "" if one.valid_to is None else one.valid_to.isoformat()
    since = source.say(Text(f"{one.valid_from} 起", f"from {one.valid_from}"))
    held = f"{one.valid_from} – {until}" if until else since
    return shown + schematic, one.number or NOTHING, source.say(one.issuer), one.edition, held


def _layers(source: Source) -> Table:
    columns = (
        Column(source.say(Text("图层", "layer")), weight=1.8),
        Column(source.say(Text("版本", "edition")), weight=0.8),
        Column(source.say(Text("生效", "valid from")), weight=1.1),
        Column(source.say(Text("数据主管部门", "authority")), weight=1.8),
        Column(source.say(Text("位置精度", "accuracy")), source.say(UNITS["m"]), numeric=True, weight=0.9),
        Column(source.say(Text("性质", "kind")), weight=1.1),
        Column(source.say(Text("数据摘要", "data digest")), weight=1.3),
    )
    rows: list[tuple[Cell, ...]] = []
    for entry in source.layers:
        layer = source.parts.catalogue.layers.get(entry.layer)
        edition = None if layer is None or entry.edition is None else layer.editions.get(entry.edition)
        digest = source.verdict.digests.layers.get(entry.layer)
        kind = Text("示意", "schematic") if entry.schematic else Text("权威数据", "authoritative")
        rows.append(
            (
                source.say(entry.title),
                entry.edition or NOTHING,
                NOTHING if edition is None else edition.valid_from.isoformat(),
                NOTHING if layer is None else source.say(layer.authority),
                Number(entry.accuracy_m, 1),
                source.say(kind) if digest else NOTHING,
                digest[:_HASH] if digest else source.say(MISSING),
            )
        )
    return Table("layers", columns, tuple(rows))
