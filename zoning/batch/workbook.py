"""The results of a batch as an Excel workbook: summary, layers, rules, what is missing, every site.

Figures are numbers, units stand in the heads, and no name of a stranger becomes a formula.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from zoning.batch.columns import LayerColumns
from zoning.batch.tally import Tally
from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.maps.made import Made
from zoning.quantities import hectares, mu
from zoning.report.document import Cell, Number, Word, cell_text
from zoning.report.spreadsheet import TONES, apart, put_cell, put_head, put_text, set_height, set_print, set_widths
from zoning.report.zips import with_fixed_dates
from zoning.rules.rulebook import Rulebook
from zoning.rules.wording.words import DECISIONS, STATUSES
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_ROWS = 20_000
"""Workbooks of more rows open on no office computer; GeoParquet and CSV hold any number."""

_COLUMNS = (
    "number",
    "id",
    "name",
    "decision",
    "area_m2",
    "area_ha",
    "area_mu",
    "longitude",
    "latitude",
    "territories",
    "deciding_rules",
    "missing_facts",
    "missing_layers",
    "verdict_sha256",
)
_BUTTON = 3.0
_NONE = Text("无", "none")
_REFUSED = Text("未研判", "refused")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a workbook is about.

    Attributes
    ----------
    title
        Name of the boundary file.
    on
        Day of the check, ISO 8601.
    """

    title: str
    on: str
    notice: Text
    schematic: bool
    catalogue: Catalogue
    rulebook: Rulebook
    territories: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; numeric ones stand to the right."""

    title: Text
    width: float
    numeric: bool = False


def render_workbook(
    tables: Iterable[pa.Table], tally: Tally, subject: Subject, *, language: Language, made: Made
) -> bytes:
    """Return the workbook: the same results give the same bytes.

    Raises
    ------
    ContentError
        When there are more sites than a workbook can hold for anybody to open it.
    """
    if tally.sites > MOST_ROWS:
        raise ContentError(
            f"地块 {tally.sites:,} 个，超过工作簿上限 {MOST_ROWS:,}；请用 .parquet 或 .csv",
            f"{tally.sites:,} sites are more than a workbook holds ({MOST_ROWS:,}); take .parquet or .csv",
        )
    return with_fixed_dates(_Writer(subject, language, made).write(tables, tally), made.on)


@dataclass(frozen=True, slots=True)
class _Writer:
    subject: Subject
    language: Language
    made: Made

    def say(self, text: Text) -> str:
        return text.get(self.language)

    def join(self, names: Iterable[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(names)

    def fact(self, name: str) -> str:
        known = self.subject.rulebook.vocabulary.facts
        return self.say(known[name].title) if name in known else name

    def write(self, tables: Iterable[pa.Table], tally: Tally) -> bytes:
        from openpyxl import Workbook

        workbook = Workbook()
        first = workbook.active
        if first is not None:
            workbook.remove(first)
        workbook.properties.title = self.subject.title
        workbook.properties.creator = self.made.maker or "zoning"
        self._summary(workbook, tally)
        self._sheet(workbook, Text("图层", "layers"), _LAYER_HEADS, self._layer_rows(tally))
        self._sheet(workbook, Text("规则", "rules"), _RULE_HEADS, self._rule_rows(tally))
        self._sheet(workbook, Text("待补充", "missing"), _MISSING_HEADS, self._missing_rows(tally))
        touched: list[tuple[Cell, ...]] = []
        sites = self._site_rows(tables, [count.columns for count in tally.layers], touched)
        self._sheet(workbook, Text("地块", "sites"), _SITE_HEADS, sites)
        self._sheet(workbook, Text("地块与图层", "sites and layers"), _TOUCHED_HEADS, touched)
        made = io.BytesIO()
        workbook.save(made)
        return made.getvalue()

    def _sheet(
        self, workbook: "Workbook", title: Text, heads: Sequence[Head], rows: Iterable[tuple[Cell, ...]]
    ) -> None:
        sheet = workbook.create_sheet(self.say(title))
        titles = [self.say(head.title) for head in heads]
        widths = [head.width for head in heads]
        numeric = [head.numeric for head in heads]
        put_head(sheet, 1, titles, numeric)
        # The button of the filter stands beside the title.
        set_height(sheet, 1, titles, [width - _BUTTON for width in widths])
        count = 1
        for count, row in enumerate(rows, start=2):
            for column, (cell, right, far) in enumerate(zip(row, numeric, apart(numeric), strict=True), start=1):
                put_cell(sheet, count, column, cell, right=right, apart=far)
            set_height(sheet, count, [cell_text(cell) for cell in row], widths)
        set_widths(sheet, widths)
        sheet.freeze_panes = "A2"
        if count == 1:
            # An empty sheet would look like one that was forgotten.
            put_text(sheet, 2, 1, self.say(_NONE), colour=TONES["quiet"])
        else:
            sheet.auto_filter.ref = f"A1:{sheet.cell(count, len(heads)).coordinate}"
        set_print(sheet, self.say(self.subject.notice), head_row=1)

    def _summary(self, workbook: "Workbook", tally: Tally) -> None:
        sheet = workbook.create_sheet(self.say(Text("摘要", "summary")))
        rows: list[tuple[Text, Cell]] = [
            (Text("边界文件", "boundary file"), self.subject.title),
            (Text("研判日期", "checked as of"), self.subject.on),
            (Text("编制", "made"), "  ".join(text for text in (self.made.maker, self.made.on) if text)),
            (Text("地块数", "sites"), Number(tally.sites, 0)),
            (Text("面积合计 / 公顷", "area in all / ha"), Number(hectares(tally.area_m2), 4)),
            (Text("面积合计 / 亩", "area in all / mu"), Number(mu(tally.area_m2), 2)),
        ]
        each = Text("{0} / 个", "{0} / no.")
        for name, word in DECISIONS.items():
            title = Text(each.zh.format(word.zh), each.en.format(word.en))
            rows.append((title, Number(tally.decisions[name], 0)))
        rows.append((Text(each.zh.format(_REFUSED.zh), each.en.format(_REFUSED.en)), Number(tally.refused, 0)))
        for count, (title, cell) in enumerate(rows, start=1):
            put_text(sheet, count, 1, self.say(title), bold=True)
            put_cell(sheet, count, 2, cell)
        schematic = Text("示意数据，非法定边界。", "Schematic data, no legal boundaries. ")
        notice = (self.say(schematic) if self.subject.schematic else "") + self.say(self.subject.notice)
        put_text(sheet, len(rows) + 2, 1, notice, bold=True)
        sheet.merge_cells(start_row=len(rows) + 2, start_column=1, end_row=len(rows) + 2, end_column=2)
        sheet.row_dimensions[len(rows) + 2].height = 32
        set_widths(sheet, (34, 44))
        set_print(sheet, self.say(self.subject.notice))

    def _layer_rows(self, tally: Tally) -> Iterator[tuple[Cell, ...]]:
        for count in tally.layers:
            layer = self.subject.catalogue[count.columns.layer]
            if layer.id == self.subject.catalogue.territory_layer:
                continue
            statuses = [Number(count.statuses[name], 0) for name in STATUSES]
            touched = count.statuses["affected"] + count.statuses["possible"]
            # Of what was not checked nobody knows how much it is.
            area = count.amount if touched and not count.columns.line else None
            length = Number(count.amount, 2) if touched and count.columns.line else "—"
            figures = ("—",) * 3 if area is None else (Number(area), Number(hectares(area), 4), Number(mu(area)))
            yield (self.say(layer.title), *statuses, *figures, length)

    def _rule_rows(self, tally: Tally) -> Iterator[tuple[Cell, ...]]:
        documents = self.subject.rulebook.documents
        for name, count in tally.top(tally.rules, len(tally.rules)):
            rule = self.subject.rulebook.get(name)
            if rule is None:
                yield name, "", "", "", Number(count, 0)
                continue
            document = documents[rule.citation.document]
            source = f"{self.say(document.title)} {document.number}".strip()
            yield name, self.say(rule.title), source, rule.citation.section, Number(count, 0)

    def _missing_rows(self, tally: Tally) -> Iterator[tuple[Cell, ...]]:
        facts = self.subject.rulebook.vocabulary.facts
        kinds = self.say(Text("项目情况", "fact")), self.say(Text("图层", "layer"))
        for name, count in tally.top(tally.facts, len(tally.facts)):
            question = self.say(facts[name].question) if name in facts else ""
            yield kinds[0], name, question, Number(count, 0)
        for name, count in tally.top(tally.missing_layers, len(tally.missing_layers)):
            layer = self.subject.catalogue.layers.get(name)
            yield kinds[1], name, "" if layer is None else self.say(layer.title), Number(count, 0)

    def _site_rows(
        self, tables: Iterable[pa.Table], layers: Sequence[LayerColumns], touched: list[tuple[Cell, ...]]
    ) -> Iterator[tuple[Cell, ...]]:
        """Yield one row per record, and note on the way which layers it touches."""
        summary, error = f"summary_{self.language}", f"error_{self.language}"
        wanted = [*_COLUMNS, summary, error]
        for columns in layers:
            wanted += [columns.status, columns.classes, columns.amount, columns.nearest]
        for table in tables:
            for row in table.select(wanted).to_pylist():
                touched.extend(self._touched(row, layers))
                yield self._site_row(row, row[summary] or row[error] or "")

    def _site_row(self, row: Mapping[str, Any], sentence: str) -> tuple[Cell, ...]:
        decision = row["decision"]
        word = (
            Word(self.say(_REFUSED), "no_data") if decision is None else Word(self.say(DECISIONS[decision]), decision)
        )
        names = self.subject.territories
        places = [self.say(names[code]) if code in names else code for code in row["territories"] or []]
        layers = [
            self.say(self.subject.catalogue[name].title) if name in self.subject.catalogue.layers else name
            for name in row["missing_layers"] or []
        ]
        return (
            Number(row["number"], 0),
            row["id"] or "",
            row["name"] or "",
            word,
            sentence,
            _number(row["area_m2"], 2),
            _number(row["area_ha"], 4),
            _number(row["area_mu"], 2),
            _number(row["longitude"], 6),
            _number(row["latitude"], 6),
            self.join(places),
            self.join(row["deciding_rules"] or []),
            self.join(self.fact(name) for name in row["missing_facts"] or []),
            self.join(layers),
            (row["verdict_sha256"] or "")[:16],
        )

    def _touched(self, row: Mapping[str, Any], layers: Sequence[LayerColumns]) -> Iterator[tuple[Cell, ...]]:
        for columns in layers:
            status = row[columns.status]
            if status not in _TONES or columns.layer == self.subject.catalogue.territory_layer:
                continue
            layer = self.subject.catalogue[columns.layer]
            titles = [self.say(layer.classes[name].title) for name in row[columns.classes] or []]
            amount = row[columns.amount]
            area = None if columns.line else amount
            yield (
                Number(row["number"], 0),
                row["name"] or "",
                self.say(layer.title),
                self.join(titles),
                Word(self.say(STATUSES[status]), _TONES[status]),
                _number(area, 2),
                _number(None if area is None else hectares(area), 4),
                _number(None if area is None else mu(area), 2),
                _number(amount if columns.line else None, 2),
                _number(row[columns.nearest], 2),
            )


_TONES: Mapping[str, Any] = {"affected": "affected", "possible": "possible", "no_data": "no_data"}


def _number(value: float | None, decimals: int) -> Cell:
    return "—" if value is None else Number(value, decimals)


_COUNT = Head(Text("地块 / 个", "sites / no."), 11, numeric=True)
_AREAS = (
    Head(Text("面积 / m²", "area / m²"), 16, numeric=True),
    Head(Text("面积 / 公顷", "area / ha"), 13, numeric=True),
    Head(Text("面积 / 亩", "area / mu"), 13, numeric=True),
)
_LENGTH = Head(Text("长度 / m", "length / m"), 13, numeric=True)
_LAYER_HEADS = (
    Head(Text("图层", "layer"), 30),
    *(Head(Text(f"{STATUSES[s].zh} / 个", f"{STATUSES[s].en} / no."), 14, numeric=True) for s in STATUSES),
    *_AREAS,
    _LENGTH,
)
_RULE_HEADS = (
    Head(Text("决定结论的规则", "deciding rule"), 16),
    Head(Text("内容", "what it says"), 50),
    Head(Text("依据", "document"), 50),
    Head(Text("条款", "section"), 26),
    _COUNT,
)
_MISSING_HEADS = (
    Head(Text("类别", "kind"), 12),
    Head(Text("代号", "id"), 28),
    Head(Text("问题或名称", "question or title"), 70),
    _COUNT,
)
_SITE_HEADS = (
    Head(Text("序号", "no."), 8, numeric=True),
    Head(Text("编号", "id"), 14),
    Head(Text("名称", "name"), 26),
    Head(Text("结论", "decision"), 14),
    Head(Text("说明", "sentence"), 60),
    *_AREAS,
    Head(Text("经度 / °", "longitude / °"), 13, numeric=True),
    Head(Text("纬度 / °", "latitude / °"), 13, numeric=True),
    Head(Text("辖区", "territory"), 16),
    Head(Text("决定结论的规则", "deciding rules"), 22),
    Head(Text("待补充的事项", "missing facts"), 36),
    Head(Text("待补齐的图层", "missing layers"), 22),
    Head(Text("结论 SHA-256（前 16 位）", "SHA-256 of the verdict (first 16)"), 20),
)
_TOUCHED_HEADS = (
    Head(Text("序号", "no."), 8, numeric=True),
    Head(Text("名称", "name"), 26),
    Head(Text("图层", "layer"), 26),
    Head(Text("类别", "class"), 30),
    Head(Text("是否涉及", "affected?"), 18),
    *_AREAS,
    _LENGTH,
    Head(Text("最近距离 / m", "nearest / m"), 13, numeric=True),
)
