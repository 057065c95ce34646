"""The rules as a table to proof-read: one row per rule, in one language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from zoning.rules.wording.card import RuleCard, proviso_text, value_texts, when_lines
from zoning.rules.wording.words import UNVERIFIED, WEIGHTS
from zoning.texts import Language, Text, joined


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `width` in characters of a spreadsheet."""

    title: Text
    width: int
    text: Callable[["Entry"], Text | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule of the table with the number of its worked cases."""

    card: RuleCard
    cases: int


@dataclass(frozen=True, slots=True)
class Table:
    """Titles and rows, ready to be written."""

    titles: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """The rules of one document."""

    id: str
    title: str
    table: Table


def rule_table(entries: Iterable[Entry], language: Language) -> Table:
    """Return the table of rules."""
    return _table(COLUMNS, entries, language)


def tables_by_document(entries: Sequence[Entry], language: Language) -> tuple[DocumentTable, ...]:
    """Return one table per document, in the order of the documents' ids."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.card.rule.citation.document, []).append(entry)
    return tuple(
        DocumentTable(name, of_it[0].card.document.title.get(language), rule_table(of_it, language))
        for name, of_it in sorted(found.items())
    )


def overview(entries: Sequence[Entry], territories: Mapping[str, Text], language: Language) -> Table:
    """Return the table of documents: one row per document, with the number of its rules.

    Parameters
    ----------
    territories
        Document id -> its territories in words.
    """
    counts: dict[str, list[Entry]] = {}
    for entry in entries:
        counts.setdefault(entry.card.rule.citation.document, []).append(entry)
    rows = tuple(
        tuple("" if text is None else text.get(language) for text in _document_row(name, of_it, territories[name]))
        for name, of_it in sorted(counts.items())
    )
    return Table(tuple(title.get(language) for title, _ in _OVERVIEW), tuple(width for _, width in _OVERVIEW), rows)


def _document_row(name: str, entries: Sequence[Entry], territories: Text) -> tuple[Text | None, ...]:
    document = entries[0].card.document
    return (
        _same(name),
        document.title,
        _same(document.number),
        document.issuer,
        WEIGHTS[document.weight],
        territories,
        _same(document.valid_from.isoformat()),
        None if document.valid_to is None else _same(document.valid_to.isoformat()),
        None if document.superseded_by is None else _same(document.superseded_by),
        None if document.verified else UNVERIFIED,
        _same(str(len(entries))),
        _same(str(sum(not entry.card.verified for entry in entries))),
        _same(str(sum(entry.cases for entry in entries))),
        document.note,
    )


_OVERVIEW: tuple[tuple[Text, int], ...] = (
    (Text("编号", "id"), 26),
    (Text("文件", "document"), 40),
    (Text("文号", "number"), 22),
    (Text("发文机关", "issuer"), 24),
    (Text("效力级别", "weight"), 12),
    (Text("辖区", "territory"), 22),
    (Text("生效日", "valid from"), 12),
    (Text("失效日", "valid to"), 12),
    (Text("被取代", "superseded by"), 26),
    (UNVERIFIED, 10),
    (Text("规则数", "rules"), 9),
    (Text("其中待核实", "of these not verified"), 11),
    (Text("案例数", "cases"), 9),
    (Text("说明", "note"), 60),
)


def _table(columns: Sequence[Column], entries: Iterable[Entry], language: Language) -> Table:
    rows = tuple(
        tuple("" if (text := column.text(entry)) is None else text.get(language) for column in columns)
        for entry in entries
    )
    return Table(tuple(column.title.get(language) for column in columns), tuple(c.width for c in columns), rows)


def _same(text: str) -> Text:
    return Text(text, text)


def _lines(texts: Iterable[Text]) -> Text | None:
    listed = list(texts)
    return joined(listed, "\n", "\n") if listed else None


def _values(card: RuleCard) -> Text | None:
    return _lines(value_texts(card, Text("；", "; ")))


def _precedence(card: RuleCard) -> Text | None:
    return _lines(
        [
            *(Text(f"优先于 {name}：{why.zh}", f"goes before {name}: {why.en}") for name, why in card.overrides),
            *(Text(f"让位于 {name}：{why.zh}", f"steps back for {name}: {why.en}") for name, why in card.overridden_by),
        ]
    )


COLUMNS: tuple[Column, ...] = (
    Column(Text("规则", "rule"), 12, lambda e: _same(e.card.rule.id)),
    Column(Text("名称", "title"), 28, lambda e: e.card.rule.title),
    Column(Text("内容", "says"), 40, lambda e: e.card.rule.says),
    Column(Text("效力", "effect"), 9, lambda e: e.card.effect),
    Column(Text("地点", "where"), 30, lambda e: e.card.where),
    Column(Text("条件", "when"), 44, lambda e: when_lines(e.card)),
    Column(Text("要求", "what is asked"), 32, lambda e: e.card.rule.condition),
    Column(Text("但书", "provisos"), 36, lambda e: _lines(map(proviso_text, e.card.provisos))),
    Column(Text("参数", "values"), 28, lambda e: _values(e.card)),
    Column(Text("可补正", "can be cured"), 22, lambda e: e.card.rule.curable),
    Column(Text("文件", "document"), 30, lambda e: e.card.document.title),
    Column(Text("文号", "number"), 20, lambda e: _same(e.card.document.number)),
    Column(Text("发文机关", "issuer"), 20, lambda e: e.card.document.issuer),
    Column(Text("效力级别", "weight"), 11, lambda e: WEIGHTS[e.card.document.weight]),
    Column(Text("章节、条款", "section"), 22, lambda e: _same(e.card.rule.citation.section)),
    Column(Text("行", "lines"), 11, lambda e: _same(e.card.rule.citation.lines)),
    Column(Text("行内文字", "anchor"), 20, lambda e: _same(e.card.rule.citation.anchor)),
    Column(UNVERIFIED, 9, lambda e: None if e.card.verified else UNVERIFIED),
    Column(Text("另见", "see also"), 30, lambda e: _lines(citation.text for citation in e.card.citations[1:])),
    Column(Text("辖区", "territory"), 18, lambda e: e.card.territories),
    Column(Text("生效日", "from"), 12, lambda e: _same(e.card.rule.in_force.from_.isoformat())),
    Column(Text("失效日", "to"), 12, lambda e: None if (last := e.card.rule.in_force.to) is None else _same(str(last))),
    Column(Text("被取代", "superseded by"), 12, lambda e: _same(e.card.rule.superseded_by or "")),
    Column(Text("优先关系", "precedence"), 24, lambda e: _precedence(e.card)),
    Column(Text("范围", "scope"), 16, lambda e: e.card.scope),
    Column(Text("说明", "note"), 44, lambda e: e.card.rule.note),
    Column(Text("案例数", "cases"), 8, lambda e: _same(str(e.cases))),
)
