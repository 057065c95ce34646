"""The ledger of an import: everything that was not understood, changed or left out. Nothing is dropped silently."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from zoning.sites.where import printable
from zoning.texts import Text

Kind = Literal[
    "sheet_not_read",
    "above_header",
    "column_not_read",
    "column_guessed",
    "row_without_code",
    "row_not_read",
    "row_hidden",
    "beside_code",
    "code_from_above",
    "unit_again",
    "class_unclear",
    "foreign_county",
    "empty_dimension",
    "says_none",
    "ditto",
    "empty_clause",
    "heading",
    "header_again",
    "formula",
    "condition_lost",
]

KINDS: dict[Kind, Text] = {
    "sheet_not_read": Text("未读入的工作表", "sheets that were not read"),
    "condition_lost": Text(
        "未能对应的人工条件（已不在新文件中）", "conditions written by hand that fit no clause any more"
    ),
    "row_without_code": Text("没有有效单元编码、未导入的行", "rows without a valid unit code, not imported"),
    "row_not_read": Text("未看懂、未导入的行", "rows that were not understood, not imported"),
    "column_not_read": Text("未导入的列", "columns that are not imported"),
    "column_guessed": Text("靠推断认出的列", "columns whose meaning was inferred"),
    "class_unclear": Text("未看懂的单元分类", "classes that were not understood"),
    "foreign_county": Text(
        "编码中的县级代码不在辖区之内（可能是更名前的代码）", "county codes outside the territories"
    ),
    "unit_again": Text("重复出现的单元（条款已合并）", "units that stand there again (clauses put together)"),
    "beside_code": Text("编码旁的其他文字", "words beside a unit code"),
    "code_from_above": Text("编码取自上一行的行", "rows whose code was taken from above"),
    "empty_dimension": Text("空白的维度", "empty dimensions"),
    "says_none": Text("写明“无”的维度", "dimensions that say that there is nothing"),
    "ditto": Text("写“同上”的单元格（原样保留，须人工展开）", "cells that say 'as above' (kept as they are)"),
    "empty_clause": Text("只有编号、没有文字的条款", "numbers without words"),
    "heading": Text("作为小标题略去的文字", "headings that are no clauses"),
    "header_again": Text("再次出现的表头", "headers that stand there again"),
    "formula": Text("公式单元格（取最近一次计算的结果）", "cells with a formula (the stored result was taken)"),
    "row_hidden": Text("隐藏的行（照常读入）", "hidden rows (read like the others)"),
    "above_header": Text("表头以上的文字（视为标题）", "text above the header (taken for a title)"),
}
"""Gravest first."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One entry of the ledger.

    Attributes
    ----------
    row
        Row in the file, from 1.
    what
        What stands there: the list's own words, a code, a name.
    """

    kind: Kind
    what: str
    sheet: str = ""
    row: int | None = None

    @property
    def place(self) -> Text:
        """Where it stands."""
        sheet_zh = f"工作表“{self.sheet}”" if self.sheet else ""
        sheet_en = f"sheet '{self.sheet}'" if self.sheet else ""
        if self.row is None:
            return Text(sheet_zh, sheet_en)
        return Text(f"{sheet_zh}第 {self.row} 行", f"{sheet_en}{', ' if sheet_en else ''}row {self.row}")

    @property
    def text(self) -> Text:
        """The place and what stands there, on one line."""
        place = self.place
        what = printable(self.what)
        zh = f"{place.zh}：{what}" if place.zh and what else place.zh or what
        en = f"{place.en}: {what}" if place.en and what else place.en or what
        return Text(zh, en)


@dataclass(slots=True)
class Ledger:
    """The remarks of one import, in the order of the file."""

    remarks: list[Remark] = field(default_factory=list)

    def note(self, kind: Kind, what: str, sheet: str = "", row: int | None = None) -> None:
        """Add a remark."""
        self.remarks.append(Remark(kind, what, sheet, row))

    def by_kind(self) -> Iterator[tuple[Kind, list[Remark]]]:
        """Yield each kind that occurs with its remarks, gravest first."""
        for kind in KINDS:
            found = [remark for remark in self.remarks if remark.kind == kind]
            if found:
                yield kind, found
